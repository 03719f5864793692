package syllable

import "strings"

// listed grades a syllable that is spelled right; padded is its canonical form between
// spaces.
//
// The lists of this file and the next are written from memory of the language of
// offices: for every onset first the syllables that fill official papers and the
// names of people and places, then, behind the bar, others that exist. They stand in
// the old placement. A doubtful one is rather in than out: being listed says that a
// word may well be right, not being listed says little.
func listed(onset, padded string) Grade {
	row := lexicon(onset)
	i := strings.Index(row, padded)
	switch {
	case i < 0:
		return Possible
	case i < strings.IndexByte(row, '|'):
		return Common
	}
	return Attested
}

// lexicon gives the list of an onset.
//
//nolint:gocyclo // a table of the onsets
func lexicon(onset string) string {
	switch onset {
	case "":
		return bareWords
	case "b":
		return bWords
	case "c":
		return cWords
	case "ch":
		return chWords
	case "d":
		return dWords
	case "đ":
		return strokeWords
	case "g", "gh":
		return gWords
	case "gi":
		return giWords
	case "h":
		return hWords
	case "k":
		return kWords
	case "kh":
		return khWords
	case "l":
		return lWords
	case "m":
		return mWords
	}
	return lateLexicon(onset)
}

const bareWords = " ai an anh ao em im in inh oan oanh u ung uy uyên y yên yêu yết yếu yểm á ác án ánh áo áp át âm ân âu én éo ép" +
	" êm êu ích ít ô ông út úy ý ăn ơn ưng ưu ương ước ạ ảnh ấn ấp ẩm ẩn ẩu ắng ốm ổn ở ục ủng ủy ứ ứng ừ" +
	" | a am ang au e eng eo i ia iu o oa oai oang oe oi om on ong oàng oành oách oái oán oăm oạch oạnh oải oản oắt" +
	" oằn oẳn oặt ua ui um uynh uyển uôm uông uất uẩn uế uể uốn uống uổng uỵch yêng yếm yến yểng yểu à ào ách ái ám" +
	" áng âng ã è èo é éc ém ét ê ênh ì ìm ìn ìu í ím ò òa òi òm ó óc ói óng óp ôi ôm ôn õng ù ùa ùi ùm ùn ùng ú úa" +
	" úi úm ún úng úp ăm ăng ơ ơi ơm ưa ươi ươm ươn ướm ướng ướp ướt ườn ưởng ưỡn ượt ạch ả ải ảm ảo ấc ấm ất ấy ầm" +
	" ầng ầy ẩng ẩy ẫn ẫy ậc ậm ập ắc ắm ắp ắt ẳm ẳng ẵm ẵng ặm ặp ẹ ẹo ẹp ẹt ẻ ẻo ẽo ế ếch ếm ếp ề ềm ềnh ể ễ ễnh" +
	" ỉ ỉa ỉm ỉu ị ịa ịch ịt ọ ọc ọe ọp ỏ ỏm ỏn ỏng ố ốc ối ốn ống ốp ồ ồi ồm ồn ổ ổi ổng ộc ộn ộp ớ ới ớn ớp ớt ờ" +
	" ời ỡ ỡm ợ ợm ợt ụ ụa ụi ụp ụt ủ ủa ủi ủn ứa ức ửng ựa ực ỷ "

const bWords = " ba ban bang bao bay bia biên biến biết biển biểu biện biệt buôn buổi bà bài bàn bàng bào bày bác bái bán bánh" +
	" báo bãi bé bên bì bìa bình bí bích bính bó bón bóng bông bù bùi bút bơi bưng bưu bước bưởi bạch bạn bản bảng" +
	" bảo bảy bất bầu bậc bậu bắc bắt bằng bến bếp bền bệnh bị bọc bọn bỏ bố bốn bồ bồi bồn bồng bổ bổng bộ bội bớt" +
	" bờ bởi bức bừng bửu bữa" +
	" | bai banh be beo bi bin binh biêng biếc biếm biếng biếu biền bo bon bong bu bua bung buông buýt buốc buốt buồm" +
	" buồn buồng buộc buột bàm bành bàu bá bách bám báng báp bát báu bâng bâu bây bã bè bèo bén béo bép bét bê bênh" +
	" bêu bìm bím bít bíu bò bòi bòm bòn bòng bóc bói bóp bót bô bôi bôm bôn bõ bõm bõng bùa bùm bùn bùng bú búa" +
	" búi bún búng búp băm băn băng bĩ bĩnh bĩu bơ bơm bưa bươi bươm bươn bương bướm bướng bướu bưởng bượp bạ bạc" +
	" bại bạng bạnh bạt bạu bạy bả bảnh bấm bấp bấu bấy bầm bần bầy bẩm bẩn bẩy bẫm bẫy bậm bận bập bật bậy bắn" +
	" bắng bắp bẳn bẵng bặm bặp bặt bẹ bẹn bẹo bẹp bẹt bẻ bẻm bẻo bẽ bế bết bề bềnh bể bễ bệ bệch bện bệt bỉm bỉnh" +
	" bịa bịch bịn bịp bịt bọ bọng bọp bọt bỏng bốc bối bống bốp bốt bồm bổi bổn bộc bộn bộng bộp bột bới bờm bở" +
	" bỡn bợ bợm bợn bợt bụ bục bụi bụm bụng bụp bụt bủ bủa bủn bủng bứa bứt bừa bửng bựa bực "

const cWords = " ca cam can canh cao cau co con cong cung cuối cuốn cuộc cuội cuộn càng cày các cách cái cán cáo cát cân câu" +
	" cây cò còn có cô công cù cùng cúc cúng căn cũ cũng cơ cơm cư cưa cương cước cưới cường cưỡng cạn cạnh cải cảm" +
	" cản cảng cảnh cấm cấp cầm cần cầu cẩm cẩn cập cậy cắm cắt cọc cố cốc cối cốt cồn cổ cội cộng cột cờ cở cụ cục" +
	" cụm củ của củng cứ cứu cử cửa cửu cữ cự cực cựu" +
	" | cai cang cay coi com coong cu cua cui cum cuông cuốc cuống cuồn cuồng cuỗm cuộng cà cài càn cào càu cá" +
	" cám cáng cáp cáu cáy câng cãi còi còm còng cóc cói cóm cóng cóp cót côi côm côn cõi cõm cõng cùa cùi cùm cùn" +
	" cú cúa cúi cúm cún cúp cút căm căng cũi cũn cơi cơn cưng cưu cươi cươm cướp cười cườm cưởi cưỡi cượp cạ cạc" +
	" cạch cạm cạo cạp cạt cạy cả cảo cảu cấc cất cấu cấy cầy cẩng cẩu cẩy cẫng cậm cận cật cậu cắc cắn cắp cằm cằn" +
	" cẳm cẳn cẳng cặc cặm cặn cặp cọ cọng cọp cọt cỏ cỏi cỏn cỏng cốm cống cốp cồ cồi cồng cổn cổng cỗ cỗi cộ cộc" +
	" cộm cộn cộp cớ cớn cời cởi cỡ cỡi cỡn cợ cợm cợn cợt cụi cụng cụp cụt củi cứa cức cứng cứt cừ cừng cừu cửi" +
	" cửng cựa "

const chWords = " cha che chi chia chim chinh chiêm chiêu chiếc chiếm chiến chiếu chiều chiểu cho chu chung chuyên chuyến" +
	" chuyển chuyện chuông chuẩn chuỗi chuộc chuộng chào chánh châm chân châu chè chép chí chích chín chính chòm" +
	" chó chùa chú chúc chúng chăm chăn chơi chưa chương chạy chả chấm chấp chất chẩn chậm chậu chắc chắn chẵn chặn" +
	" chặt chẽ chế chết chỉ chỉnh chị chịu chọn chối chống chốt chồng chớ chờ chở chợ chủ chủng chứ chứa chức chứng" +
	" chừng chửa chữ chữa" +
	" | chai chan chang chanh chao chau chay chen cheng cheo chiu chiên chiêng chiếng chiết chiền chiện chiệu choai" +
	" choang choe choi chon chong choàng choán choáng choèn choạng choảng choắt choẹt chua chui chum chun" +
	" chuôi chuôm chuếch chuệch chuốc chuối chuốt chuồi chuồn chuồng chuội chuột chà chài chàm chàng chành chàu" +
	" chày chá chái chán cháo cháp chát cháu cháy chèm chèn chèo ché chém chén chéo chét chê chêm chênh chìa chìm" +
	" chình chíp chít chíu chòe chòi chòn chòng chóa chóc chóe chói chóm chóng chóp chót chôi chôm chôn chông chõ" +
	" chõng chù chùi chùm chùn chùng chúa chúi chúm chúp chút chăng chĩa chĩnh chĩu chũi chũm chũng chơm chơn chư" +
	" chưng chươm chước chướng chườm chường chưởng chượng chạ chạm chạn chạng chạnh chạo chạp chạt chải chảng chảnh" +
	" chảo chảy chấu chấy chầm chần chầu chầy chẩu chẫm chẫn chậc chập chật chậy chắp chắt chằm chằn chằng chẳn" +
	" chẳng chặng chặp chẹ chẹn chẹp chẹt chẻ chẽn chếch chếnh chềnh chểnh chễ chễm chệ chệch chệnh chệt chịa chịm" +
	" chịt chọc chọi chọt chỏ chỏi chỏm chỏn chốc chốn chồ chồi chồm chồn chổ chổi chổng chỗ chộc chộn chộp chột" +
	" chớm chớn chớp chớt chờn chởm chợn chợp chợt chụm chụp chụt chủa chủi chủn chứt chừ chừa chửi chửng chững" +
	" chực chựng "

const dWords = " da danh dao di dinh diêm diễm diễn diện diệp diệt diệu do doanh dong dung duy duyên duyệt duệ dài dàn dàng" +
	" dành dày dân dâu dây dã dãy dè dì dính dò dòng dông dõi dùng dĩ dũng dơ dư dưa dương dưới dưỡng dược dượng dạ" +
	" dại dạng dạo dạy dải dấu dần dầu dẫn dậy dặn dẻ dễ dị dịch dọn dốc dối dồi dồn dời dỡ dục dụng dứt dừa dừng" +
	" dữ dự dựa dựng" +
	" | dai dan dang den dim diếc diếp diềm diềng diều diễu doan doi dom doãn doãng doạng du dua dun duôi duềnh duối" +
	" duỗi duộc dàm dào dàu dá dái dám dáng dánh dáo dát dáy dâm dâng dãn dé dép dê dênh dìa dìm dìu dích dín díp" +
	" dít díu dòm dó dóc dói dóm dôi dõng dù dùa dùi dùm dùn dú dúa dúi dúm dún dúng dăm dăng dĩa dĩnh dũi dơi dơm" +
	" dưng dướn dười dường dượi dượt dạc dạm dạn dạt dạu dảm dảy dấm dấn dấp dấy dầm dầy dẩy dẫm dẫu dậm dận dập" +
	" dật dắng dắt dằm dằn dằng dẵm dẵng dặc dặm dặt dẹo dẹp dẹt dẻo dẽ dế dền dềnh dện dệp dệt dỉ dỉa dịa dịp dịt" +
	" dịu dọ dọa dọc dọng dỏi dỏm dốt dồng dổn dỗ dỗi dộc dội dộng dộp dột dớp dở dởm dỡn dợ dợm dợn dợt dụ dụi dụm" +
	" dụt dủn dứ dứa dức dừ dử dửa dửng dữa dực "

const strokeWords = " đan đa đai đang đe đem đen đi đinh điêu điếm điền điều điểm điển điện điệp điệu đo đoan đoàn đoái đoán đoạn đoạt" +
	" đuôi đuổi đà đài đàm đàn đào đá đán đáng đánh đáo đáp đáy đâu đây đã đèn đèo đê đêm đì đình đích đính đò đòi" +
	" đòn đó đón đóng đô đôi đôn đông đúc đúng đăng đĩ đĩa đĩnh đơn đưa đương đường được đượng đạc đại đạn đạo đạt" +
	" đảm đảng đảo đất đấu đấy đầm đầu đầy đẩy đậm đậu đắc đắp đằng đẳng đặc đặng đặt đẹp đế đến đề đền đều để đệ" +
	" đệm đỉnh địa địch định đọc đỏ đốc đối đống đốt đồ đồi đồn đồng đổ đổi đỗ độ độc đội động đột đới đời đỡ đợi" +
	" đợt đục đụng đủ đứa đức đứng đừng đựng" +
	" | đanh đao đau đay đeo điên điếc điến điếng điếu điềm điểu điệm điệng đom đong đoài đoành đoác đoản đoảng" +
	" đu đua đui đun đung đuông đuề đuềnh đuểnh đuốc đuối đuỗn đàng đành đày đác đách đái đám đáu đâm đâng đãi đãng" +
	" đè đé đém đéo đét đên đìa đìu đít đíu đòm đòng đói đóm đóp đót đôm đõng đù đùa đùi đùm đùn đùng đú đúa đúm" +
	" đúp đút đăm đũa đũng đơ đơm đưng đươi đướng đười đưỡn đạ đạm đạng đạp đả đản đảnh đảy đấm đấng đấp đần đẫm" +
	" đẫn đẫy đận đập đật đậy đắm đắn đắng đắt đằm đằn đẵn đẵng đặm đặn đặp đẹn đẹo đẻ đẽ đẽo đếch đếm đềm đềnh" +
	" đểnh đểu đệch đệp đỉa địt đọ đọa đọi đọn đọng đọt đỏi đỏm đỏng đố đốm đốn đốp đồm đổm đổn đổng đỗi độn độp đớ" +
	" đớn đớp đớt đờ đờm đờn đởi đợ đụ đụi đụm đụn đụp đụt đủn đủng đứ đứt đừ đừa đửng đựa đực "

const gWords = " ga ghi ghé ghép ghẽ ghế ghềnh gà gái gân gây gò góc gói góp găng gương gạch gạo gấm gấp gấu gần gắn gắng" +
	" gặp gặt gọi gốc gối gốm gồ gồm gỗ gờ gởi gỡ gửi" +
	" | gai gan gang ganh gay ghe ghen ghim ghiêng ghiếc ghiền ghiểng ghè ghèn ghém ghét ghê ghì ghìm ghít ghẹ ghẹo" +
	" ghẻ ghẻo ghếch ghệ gom gon gong gu guốc guồng guộc gài gàn gàng gành gào gàu gá gác gán gáng gánh gáo gáy gâm" +
	" gâu gã gãi gãy gòi gòn gòng gó góa góng gót gôi gôn gông gõ gù gùi gùn gú gút găm gơ gươm gướng gườm gưỡng" +
	" gượm gượng gạ gạc gại gạn gạnh gạt gạy gả gảy gấc gấy gầm gầu gầy gẩy gẫm gẫn gẫu gẫy gậm gập gật gậy gắp gắt" +
	" gằm gằn gẵn gặc gặm gặng gọ gọn gọng gọt gỏi gỏm gốp gốt gồi gồng gộ gộc gội gộng gộp gột gớm gớt gờm gở gợ" +
	" gợi gợn gợt gụ gục gụi gừ gừng gửng "

const giWords = " gia giai gian giang giao gieo già giàn giành giàu giá giác giám gián giáng giáo giáp giây giêng giòng gió" +
	" giúp giơ giường giả giải giảm giản giảng giấu giấy giận giặt giếng giết giọng giỏi giống giồng giới giờ giở" +
	" giục giữ giữa gì gìn" +
	" | gin gioi giong gioăng giun giuộc giàm giàng giày giát giã giãi giãn giãy gié giêm giò giòi giòn gióc gióng" +
	" giôn giông giõi giùi giùm giú giúi giăng giũ giũa giơi giương giạ giạm giạn giạng giạo giạt giảo giảy giấm" +
	" giấp giầm giần giầu giầy giẫm giậm giập giật giậu giắng giắt giằm giằn giằng giẵm giặc giặm giẹp giẻ giếm" +
	" giền giềng giễu giọ giọc giọi giọt giỏ giỏng giối giồi giỗ giội giộp giời giởn giỡn giợn giụa giụi giụm giừ "

const hWords = " ha hai hang hay hi him hiên hiếm hiến hiếp hiếu hiền hiểm hiển hiểu hiện hiệp hiệu ho hoa hoan hoang hoài" +
	" hoàn hoàng hoành hoán hoãn hoạch hoạt hoảng hoặc huy huynh huyết huyền huyện huân huấn huệ huống huỳnh hy hà" +
	" hài hàm hàn hàng hành hào hán hát hân hãng hãy hè hình hò hòa hóa hóc hót hôm hôn hông hùng hút húy hăng hĩ" +
	" hơi hơn hư hưng hưu hương hướng hường hưởng hạ hạch hại hạn hạng hạnh hạp hạt hải hảo hầu hận hậu hằng hẳn" +
	" hẹn hẹp hết hệ họ họa học họp hỏa hỏi hỏng hối hồ hồi hồng hổ hỗ hỗn hộ hộc hội hộp hớn hợi hợp hủy hứa hứng" +
	" hừng hữu hỷ" +
	" | hanh hao hau he hem hen heo hia hin hinh hiu hiêng hiếc hiếng hiềm hiềng hoai hoay hoe hoen hoi hom hon hong" +
	" hoàm hoác hoáy hoét hoạc hoại hoạn hoạnh hoải hoản hoảnh hoắc hoắm hoắng hoắt hoằn hoằng hoẳn hoẵm hoẵng hoẹt" +
	" hoẻn hu hua hum hun hung huyên huyễn huyệt huênh huých huýt huơ huần huầy huế huếch huề huỵch hàu há" +
	" hách hái hám háo háp háu hâm hâu hây hãi hãm hèm hèn hèo hé héo hét hê hên hì hìa hí hích híp hít híu hòe hòi" +
	" hòm hòn hòng hó hói hóm hóng hóp hô hôi hõ hõm hõng hù hùa hùi hùm hùn hú húa húc húi húng húp hăm hăn hĩm" +
	" hĩnh hũ hũng hũy hơ hưa hươi hươu hườm hưởi hượm hạc hạm hạo hả hấm hấp hất hấu hấy hầm hầng hầy hẩm hẩng hẩu" +
	" hẩy hẫm hẫng hẫy hậm hập hật hắc hắn hắng hắt hằm hằn hẵng hặc hặt hẹ hẹt hẻ hẻm hẻo hếch hến hếu hề hềnh hể" +
	" hểnh hễ hệch hệt hỉ hỉnh hị hịch hịu họi họng họt hỏ hỏm hỏn hố hốc hốn hống hốp hốt hồm hồn hổi hổn hổng" +
	" hỗng hột hớ hớm hớp hớt hờ hời hờm hờn hở hởi hỡ hỡi hợm hợn hụ hục hụi hụm hụng hụp hụt hủ hủi hứ hức hừ hừm" +
	" hử hửng hự hực "

const kWords = " kem keo kia kim kinh kiêm kiên kiếm kiến kiếp kiềng kiều kiểm kiểu kiệm kiện kiệt kiệu ky kèm kém kéo kê kênh" +
	" kìm kí kích kín kính ký kẹp kẻ kế kết kể kịch kịp kỳ kỵ kỷ kỹ" +
	" | ke ken keng ki kin kiêng kiêu kiếc kiếng kiết kiếu kiềm kiền kiểng kiễng kè kèn kèo ké kéc kén kép két kên" +
	" kêu kì kìa kìn kình kía kíp kít kíu kĩ kĩa kĩnh kĩu kẹc kẹn kẹo kẹt kẻm kẻng kẻo kẽ kẽm kẽo kếch kếp kếu kề" +
	" kềm kền kềnh kều kễ kễnh kệ kệch kệnh kỉ kỉnh kị kịt kịu "

const khWords = " khai khan khang khanh khao khe khen khi khiêm khiếm khiến khiết khiếu khiển khoa khoai khoan khoang khoanh" +
	" khoe khoi khoác khoán khoáng khoản khoảng khoảnh khu khung khuya khuyên khuyến khuyết khuê khuôn khuất" +
	" khuẩn khá khác khách khái khám khán kháng khánh khát khâu khéo khép khê khí khó khóa khóc khói khô khôi khôn" +
	" không khúc khăn khơi khương khước khả khải khảm khảo khấu khẩn khẩu khập khắc khắp khẳng khỏe khỏi khốc khối" +
	" khống khổ khớp khởi khủng khứ khử" +
	" | kha khau khay khem kheo khin khinh khiên khiêng khiêu khiếp khiền khiễng khiệp kho khoen khoeo khom khong" +
	" khoái khoát khoáy khoèn khoèo khoét khoạc khoạt khoải khoắm khoắn khoắng khoắt khoằm khoẹt khoẻn khua khui" +
	" khum khun khuy khuynh khuyển khuân khuây khuông khuých khuơ khuấy khuếch khuỳnh khuỵu khủy khuỷu khà khài" +
	" khàn kháo kháp kháu kháy khâm khân khâng khè khé khét khênh khêu khì khìn khía khích khín khít khò khòm khóm" +
	" khôm khõ khù khùa khùng khú khúm khăm khăng khơ khơm khư khưng khưu khươi khươm khướt khượt khạ khạc khạng" +
	" khạo khạp khạt khảng khảnh khảy khấc khấm khấn khấp khất khần khầy khẩm khẩy khật khắm khắng khắt khằn khằng" +
	" khẳm khẳn khẵng khặc khặt khẹc khẹt khẻ khẽ khế khếch khề khền khều khểnh khệ khệnh khỉ khỉa khỉnh khị khịa" +
	" khịch khịt khọm khọt khỏm khỏng khố khốn khổng khộ khộng khộp khớ khớm khờ khụ khụa khụm khụng khụt khụy khủi" +
	" khứa khứng khứu khừ khựng "

const lWords = " la lai lam lan lang lao linh liêm liên liêu liền liễn liễu liệt liệu lo loan long loài loại loạn lui luyện" +
	" luân luôn luận luật luồng ly là làm làn làng lành lào lá lái lát lâm lân lâu lãi lãm lãng lãnh lão lê lên lí" +
	" lính lít lò lòng lô lõi lùi lúa lún lý lăng lĩnh lũ lũy lưng lưu lương lưới lưỡi lưỡng lược lượng lượt lạ lạc" +
	" lạch lại lạng lạnh lạt lấy lầm lần lầu lẫn lận lập lậy lắm lắng lắp lắt lặp lẻ lẽ lễ lệ lệch lệnh lỉnh lị" +
	" lịch lịm lọ lọc lọt lỏng lốc lối lỗ lỗi lộ lộc lội lộn lớn lớp lời lở lỡ lợi lợn lợp lụa lục lụt lụy lứa lửa" +
	" lửng lữ lựa lực lựu lỳ" +
	" | lau lay le lem len leng leo li lia lim lin liu liếc liếm liến liếng liếp liếu liềm liều liểng liễm liệm" +
	" liệng loa loang loanh loay loe loen loi lom lon loàn loàng loác loáng loát loáy loãng loét loăng loạc" +
	" loạng loạt loảng loắt loằn loằng loẹt loẻn lu lum lun lung luyến luôm luông luấn luẩn luẫn luốc luống luốt" +
	" luồn luổng luỗng luộc luộm làu lác láng lánh láo láp láu láy lâng lây lã lè lèm lèn lèo lé lém lén léo lép" +
	" lét lênh lêu lì lìa lìm lìn lình lìu lích líp líu lòa lòe lòi lòm lòn ló lóa lóc lóe lói lóm lóng lóp lót lôi" +
	" lôm lôn lông lõ lõa lõm lõng lù lùa lùm lùn lùng lú lúc lúi lúm lúng lúp lút lúy lăm lăn lũa lũi lũm lũng lơ" +
	" lơi lơn lư lưa lươi lươm lươn lướng lướt lười lườm lườn lường lưởng lưỡn lượm lượn lượp lạo lạp lạy lả lảng" +
	" lảnh lảo lảu lảy lấm lấn lấp lất lấu lầng lầy lẩm lẩn lẩng lẩu lẩy lẫm lẫng lẫu lẫy lậm lật lậu lắc lằm lằn" +
	" lằng lẳm lẳn lẳng lẵm lẵng lặc lặm lặn lặng lặt lẹ lẹm lẹn lẹo lẹp lẹt lẻm lẻn lẻng lẻo lẽo lế lếch lết lếu" +
	" lề lềnh lều lểu lễnh lện lệp lệt lỉ lịa lịnh lịt lịu lọi lọm lọn lọng lỏ lố lốm lốn lống lốp lốt lồ lồi lồm" +
	" lồn lồng lổ lổm lổn lổng lỗng lộm lộng lộp lột lớ lới lớt lờ lờm lờn lởm lởn lợ lợm lợt lụ lụi lụm lụn lụng" +
	" lụp lủ lủi lủn lủng lức lứt lừ lừa lừng lừu lử lững lự lựng lỵ "

const mWords = " mềm ma mai man mang mao mau may me men minh miêu miếng miếu miền miễn miện miệng mong mua mui my mà màn màng mào" +
	" màu má mái máu máy mây mã mãi mãn mình mít mòn món móng mô môi môn mông mõi mù mùa múa măng mũ mũi mơ mưa mưu" +
	" mươi mương mười mường mượn mạ mạc mạch mạng mạnh mạo mảng mảnh mất mấu mấy mẫn mẫu mật mậu mắc mắm mắt mặc" +
	" mặn mặt mẹ mẻ mến mệnh mệt mịn mọc mọi mỏ mốc mối mốt mồ mồng mổ mỗi mộ mộc mộng một mới mờ mời mở mỡ mợ mục" +
	" mủ mức mứt mừng mực mỹ" +
	" | manh meo mi min miên miếc miến miết miểu miễu miệt moi mom mon moong mu mum mun mung muôi muôn muông muối" +
	" muốn muống muốt muồi muỗi muỗm muỗng muội muộn mài mành mày mác mách máng mánh mát mâm mân mâu mãng mão mè" +
	" mèm mèo mé mém mén méo mép mét mê mên mênh mì mìa mìm mìn mí mía mích mím míu mò mòi mòm mòng mó móc mói móm" +
	" móp mót môm mõ mõm mõng mùm mùn mùng mú múc múm mún múng múp mút măm mĩ mĩm mũm mơi mơm mơn mưng mươn mưới" +
	" mướn mướng mướp mướt mưởi mưởng mưỡu mượp mượt mại mạt mả mải mảo mảu mảy mấm mấp mầm mần mầu mầy mẩm mẩn mẩu" +
	" mẩy mẫy mậm mận mập mậy mắn mắng mằm mằn mằng mẳn mẵn mẹn mẹo mẹp mẹt mẻm mẻo mẽ mẽn mế mếch mếu mề mền mễ mệ" +
	" mệu mỉ mỉa mỉm mỉnh mị mịa mịch mịm mịnh mịt mọ mọn mọng mọp mọt mỏi mỏm mỏn mỏng mố mống mốp mồi mồm mồn mổi" +
	" mổng mỗ mỗm mội mộm mộn mớ mớm mớn mớt mờn mởm mởn mợp mụ mụn mụng mụp mụt mủm mủn mủng mứa mừ mửa mự mựa "
