package syllable

// lateLexicon is lexicon for the onsets from n on.
//
//nolint:gocyclo // a table of the onsets
func lateLexicon(onset string) string {
	switch onset {
	case "n":
		return nWords
	case "ng", "ngh":
		return ngWords
	case "nh":
		return nhWords
	case "p":
		return pWords
	case "ph":
		return phWords
	case "qu":
		return quWords
	case "r":
		return rWords
	case "s":
		return sWords
	case "t":
		return tWords
	case "th":
		return thWords
	case "tr":
		return trWords
	case "v":
		return vWords
	case "x":
		return xWords
	}
	return "|"
}

const nWords = " na nam nan nay neo ni ninh niêm niên niềm niệm no nung nuôi nào này nâng nâu não né nép nét nên nêu nín nòng" +
	" nó nóc nói nóng nôi nông núi nút năm năng nơ nơi nương nước nướng nạn nấu nắm nắng nặng nếp nếu nề nền nệ nỉ" +
	" nọ nọc nối nốt nồng nổ nổi nỗ nỗi nộ nội nộp nới nở nợ nức nứt nửa nữ nữa" +
	" | nai nang nanh nao nau nem nen nia niu niết niếu niền niễng niệt niệu noa noi nom non nong noãn nu nua nui num" +
	" nuy nuông nuối nuốt nuộc nuộm nuột nà nài nàm nàn nàng nành nàu ná nác nách nái nán náng náo nát náu náy nâm" +
	" nây nãi nãy nè nèm nèn ném nén néo nê nêm nì nìa nìu ní ních nính níp nít níu nò nòi nòm nòn nóm nóp nót nô" +
	" nôm nôn nõ nõi nõm nõn nõng nù nùi nùm nùn nùng nú núc núm nún núng núp năn nũa nũng nơm nưa nưng nưới nườm" +
	" nường nượp nạ nạc nại nạng nạnh nạo nạp nạt nạy nả nải nản nảo nảy nấc nấm nấn nấng nấp nất nầm nần nầy nẩn" +
	" nẩu nẩy nẫm nẫn nẫu nẫy nậc nậm nậng nập nậu nậy nắc nắn nắp nằm nằn nằng nẵng nặc nặn nẹn nẹp nẹt nẻ nẻo nẽo" +
	" nế nếch nếm nến nết nể nệch nệm nện nệt nỉnh nị nịch nịn nịnh nịt nịu nọa nọng nỏ nỏn nố nốc nống nồ nồi nồm" +
	" nỗm nỗn nộm nộng nớ nớm nớp nờm nỡ nỡm nỡn nợn nợp nụ nục nụt nủi nủng nứa nừ nự nựa nực nựng "

const ngWords = " nga ngang ngay nghe nghi nghinh nghiêm nghiên nghiêng nghiêu nghiệm nghiện nghiệp nghiệt nghèo nghén nghê" +
	" nghìn nghĩ nghĩa nghẽn nghề nghệ nghỉ nghị nghịch ngoan ngon ngoài ngoãn ngoại ngoạt nguy nguyên nguyễn" +
	" nguyện nguyệt nguồn ngài ngàn ngành ngày ngân ngã ngãi ngói ngô ngôi ngôn ngõ ngăn ngũ ngư người ngược ngạch" +
	" ngại ngầm ngập ngắm ngắn ngọ ngọc ngọn ngọt ngồi ngộ ngụ ngục ngủ ngừng ngữ ngự" +
	" | ngai ngan ngao ngau nghiến nghiền nghiễm nghè nghé nghét nghênh nghêu nghì nghía nghít nghẹn nghẹo nghẹt" +
	" nghẻo nghẽ nghế nghếch nghền nghều nghể nghển nghễ nghễnh nghễu nghệch nghịt nghịu ngo ngoa ngoao ngoay ngoe" +
	" ngoen ngoi ngom ngong ngoàm ngoác ngoách ngoái ngoáy ngoém ngoéo ngoạc ngoạch ngoạm ngoạn ngoải" +
	" ngoảnh ngoắc ngoắt ngoằn ngoằng ngoẵng ngoặc ngoặt ngoẹo ngoẹt ngoẻo ngu ngung nguyền nguyển nguây nguôi" +
	" nguýt nguầy nguẩy nguậy nguếch nguều nguệch nguốc nguồi nguỗng nguộc nguội ngà ngào ngác ngách ngái ngán" +
	" ngáng ngáo ngáp ngát ngáy ngâm ngâu ngây ngò ngòi ngòm ngòng ngó ngóc ngóm ngón ngóng ngóp ngót ngông ngõa" +
	" ngõm ngù ngùi ngùn ngùng ngùy ngú ngúc ngúm ngún ngúng ngúp ngút ngăm ngăng ngơ ngơi ngơm ngưa ngưng ngưu" +
	" ngươi ngước ngường ngưỡng ngượi ngượng ngượt ngạ ngạc ngạn ngạnh ngạo ngạt ngả ngải ngảnh ngấc ngấm ngấn ngấp" +
	" ngất ngấu ngấy ngần ngầu ngầy ngẩm ngẩn ngẩng ngẫm ngẫn ngẫu ngậm ngận ngật ngậu ngậy ngắc ngắt ngằn ngẳm" +
	" ngẳn ngẳng ngặc ngặt ngọa ngọng ngỏ ngỏng ngố ngốc ngốn ngốt ngồ ngồn ngồng ngổi ngổn ngổng ngỗ ngỗng ngộc" +
	" ngộn ngộp ngột ngớ ngớp ngớt ngờ ngời ngờm ngỡ ngợi ngợm ngợn ngợp ngụa ngụm ngụn ngụp ngụt ngụy ngủi ngủn" +
	" ngủng ngủy ngứ ngứa ngức ngừ ngừa ngử ngửa ngửi ngửng ngữa ngựa ngực "

const nhWords = " nha nhai nhan nhanh nhau nhi nhiên nhiếp nhiều nhiễm nhiễu nhiệm nhiệp nhiệt nho nhu nhung nhuyễn nhuần nhuận" +
	" nhuệ nhà nhài nhàn nhánh nháp nhâm nhân nhãn nhé nhì nhìn nhóm nhôm nhĩ nhũ nhơ nhơn như nhưng nhường nhược" +
	" nhượng nhạc nhạn nhạt nhạy nhảy nhất nhẫn nhậm nhận nhập nhật nhắc nhắm nhằm nhằng nhẹ nhỉ nhị nhịn nhịp nhọn" +
	" nhỏ nhộng nhớ nhờ nhỡ nhức nhứt những nhựa" +
	" | nhang nhao nhay nhe nhem nhen nheo nhinh nhiêu nhiếc nhiễn nhoai nhoang nhoay nhoe nhoen nhoi nhom nhon nhong" +
	" nhoài nhoàng nhoáng nhoáy nhoèn nhoét nhoẹt nhoẻn nhui nhum nhuy nhuế nhuốc nhuốm nhuộm nhàm nhàng nhành" +
	" nhào nhàu nhá nhác nhách nhái nhám nhán nháng nháo nhát nháy nhâng nhâu nhã nhãng nhão nhè nhèm nhèo nhém" +
	" nhén nhéo nhép nhét nhích nhím nhín nhíp nhít nhíu nhò nhòa nhòe nhòi nhòm nhòn nhó nhóc nhói nhón nhóng nhóp" +
	" nhót nhô nhông nhõng nhùi nhùm nhùn nhùng nhú nhúc nhúi nhúm nhún nhúng nhút nhăm nhăn nhăng nhũn nhũng nhơi" +
	" nhơm nhưa nhươm nhướn nhướng nhướu nhạ nhại nhạng nhạo nhả nhải nhảm nhảng nhảnh nhảu nhấc nhấm nhấn nhấp" +
	" nhấy nhầm nhầu nhầy nhẩm nhẩn nhẩu nhẩy nhẫy nhậng nhậu nhậy nhắn nhắng nhắp nhắt nhằn nhẳng nhẵn nhẵng nhặc" +
	" nhặng nhặt nhẹm nhẹn nhẹp nhẹt nhẻ nhẻm nhẻo nhẽ nhẽo nhếch nhề nhể nhểu nhễ nhễu nhệ nhệch nhện nhệu nhỉnh" +
	" nhịt nhịu nhọ nhọc nhọt nhỏm nhỏn nhố nhối nhốn nhốt nhồi nhồn nhồng nhổ nhổng nhỗ nhộn nhột nhớn nhớp nhớt" +
	" nhời nhờm nhờn nhở nhởi nhởm nhởn nhợ nhợn nhợt nhụ nhục nhụn nhụng nhụt nhụy nhủ nhủi nhủn nhủng nhứa nhừ" +
	" nhừa nhừng nhử nhửng nhựt "

const pWords = " pa pin" +
	" | pan pao pe pi pom pu pà páo pát péc pê pò póm pô pông pú pắc pằng pết pỉn pốp "

const phWords = " pha phai phan phao phi phim phin phiên phiêu phiến phiếu phiền phiện phong phu phun phà phàm phàn phá phác" +
	" phách phái phán pháo pháp phát phân phép phê phí phía phích phòm phòng phó phóng phôi phông phù phùng phú" +
	" phúc phút phơi phơn phương phước phướn phường phượng phạm phạt phải phản phấn phấu phần phẩm phẩn phẩu phẫu" +
	" phận phật phẳng phế phết phỉ phỏng phố phối phốt phồn phồng phổ phổi phụ phục phụng phủ phủi phức" +
	" | phang phanh phau phay phe phen phinh phoi phom phua phui phung phuy phuông phuộc phàng phành pháu phây phè" +
	" phèn phèng phé phét phì phình phím phính phíp phít phò phóc phói phót phùn phúi phún phúng phúp phăm phăn" +
	" phăng phĩ phũ phũng phơ phơm phưa phưng phưởng phưỡn phưỡng phượt phạ phạng phạy phả phảng phảy phấp phất" +
	" phầm phầy phẩy phẫn phậm phập phắc phắt phặt phẹ phẹt phếch phềnh phều phễn phễu phệ phệt phỉa phỉnh phỉu phị" +
	" phịa phịch phịu phọc phọng phọt phỏm phốc phốp phồ phổn phổng phỗi phỗng phộc phộp phớ phới phớn phớt phờ phở" +
	" phởn phụt phứt phừng phựa phực "

const quWords = " qua quai quan quang quanh quay quen quy quyên quyến quyết quyền quyển quà quá quách quái quán quát quân quây" +
	" quãng quét quê quên quít quý quýt quăng quạt quả quản quảng quất quấy quần quầy quẩn quận quắc quặng quẹt quế" +
	" quốc quỳ quỳnh quỷ quỹ" +
	" | quao que qui quyn quynh quyện quyệt quài quàn quàng quành quào quàu quày quác quáng quánh quáo quáp quáy què" +
	" quèn quèo quén quì quí quính quých quýnh quăm quăn quĩ quơ quạ quạc quạch quạng quạnh quạo quạu quạy quải" +
	" quảnh quảy quấn quầng quẩng quẩy quẫn quẫy quật quậy quắm quắn quắp quắt quằm quằn quằng quẳng quặc quặn quặp" +
	" quặt quẹ quẹn quẹo quẻ quẻo quẽo quến quết quềnh quều quể quệ quệch quện quệnh quệt quỉ quị quịt quớ quới quờ" +
	" quở quởn quỵ quỵt "

const rWords = " ra ranh rau ren ri riêng rà ràng rành rào rác ráp rèn rìa rò rót rõ rùa rút rũ rơi rước rượi rượu rạ rạch" +
	" rạng rạp rảnh rất rầm rẫy rậm rập rắn rằng rẻ rẽ rế rền rể rễ rối rồi rồng rỗi rỗng rộng rớt rời rụng rụt rủi" +
	" rừng rựa" +
	" | rai ram ran rang rao ray re rem reng reo ria rim rin rinh riu riết riềng riệt roi rom rong ru rua rui rum run" +
	" rung ruy ruông ruốc ruồi ruồng ruổi ruỗng ruộc ruộng ruột rài ràm ràn ràu rày rá rách rái rám rán ráng ráo" +
	" rát ráu ráy râm rân râu rây rã rãy rè rèm rèo ré réc rém rén réo rét rê rên rênh rêu rì rìm rình rìu rí rích" +
	" rít ríu ròi ròm ròn ròng ró róc rói rón róng róp rô rôi rôm rông rù rùi rùm rùn rùng rú rúa rúc rúi rúm rún" +
	" rúng rúp răm răn răng rĩ rĩa rũi rơ rơm rưng rươi rương rưới rướm rướn rướt rười rườm rườn rường rưởi rưỡi" +
	" rượng rượt rạc rạm rạn rạnh rạo rạt rả rải rảng rảo rảy rấm rấn rấp rấy rần rầu rầy rẩm rẩn rẩy rận rật rậu" +
	" rắc rắm rắp rắt rằm rằn rẳng rặc rặm rặn rặng rặp rặt rẹ rẹo rẹt rẻng rẻo rếch rến rết rề rềnh rều rểnh rệ" +
	" rệch rện rệp rệt rệu rỉ rỉa rỉm rị rịa rịch rịn rịt rọ rọc rọi rọn rọng rọt rỏ rỏi rỏng rố rốc rốm rốn rống" +
	" rốp rốt rồ rồn rổ rổi rổn rổng rỗ rộ rộc rội rộm rộn rộp rột rớ rới rớm rờ rờm rờn rở rởi rởm rởn rợ rợm rợn" +
	" rợp rụ rục rụi rụm rụn rụp rủ rủa rủn rủng rứa rức rứt rừ rử rửa rửng rữa rự rực rựng "

const sWords = " sa sai san sang sanh sao sau sen si sim sinh siêu siết so song sung suy suất suối suốt sàn sàng sá sách sáng" +
	" sánh sáo sát sáu sâm sân sâu sính sò sóc sóng sót sôi sông sùng súc súng săn sĩ sơ sơn sư sưu sương sướng" +
	" sườn sưởi sưởng sạch sạn sản sảng sảnh sấy sậm sập sắc sắm sắn sắp sắt sẵn sẽ sếp sọc số sối sống sốt sổ sớm" +
	" sở sợ sợi sụt sứ sức sứt sử sửa sữa sự sỹ" +
	" | sam say se seng sin siêng siểm siểng siễn soi son soong soài soàn soái soán soát soóc soạn soạng soạt soảng" +
	" su sua sui sum sun suyển suyễn suê suôn suông súy suýt suế suồng sà sài sàm sành sào sàu sác sái sám sán sáp" +
	" sáy sâng sây sã sè sèm séc sém séo sét sê sên sì sìn sình sí sít sòi sòm sòn sòng sói són sóp sõi sõn sõng sù" +
	" sùa sùi sùm sùn sú súa súm sún súp sút săm săng sĩnh sĩu sũng sơm sưng sươm sước sướt sường sượn sượng sượt" +
	" sạ sạc sạm sạng sạnh sạo sạp sạt sạy sả sải sảm sảo sảy sấm sấn sấp sất sấu sầm sần sầu sầy sẩm sẩn sẩy sẫm" +
	" sật sậu sậy sắng sằm sẵm sẵng sặc sặm sặt sẹ sẹo sẹt sẻ sẻn sẻo sếch sến sết sề sền sều sể sễ sệ sệch sện" +
	" sệnh sệt sệu sỉ sỉa sị sịa sịch sịn sịnh sịt sọ sọm sọp sọt sỏ sỏi sỏng sốc sốn sốp sồ sồi sồn sồng sổi sổng" +
	" sỗ sỗi sộ sộc sội sộn sộp sớ sớn sớt sờ sờm sờn sởn sỡ sợn sục sụi sụm sụn sụng sụp sủ sủa sủi sủng sủy sứa" +
	" sừ sừng sửng sửu sững sựa sực sựng "

const tWords = " ta tai tam tan tang tanh tao tay tem ten ti tin tinh tiêm tiên tiêu tiếc tiến tiếng tiếp tiết tiếu tiềm tiền" +
	" tiểu tiễn tiệc tiệm tiện to toàn toán toản tu tung tuy tuyn tuyên tuyến tuyết tuyền tuyển tuyệt tuân tuýp" +
	" tuấn tuất tuần tuế tuệ tuổi ty tài tàn tàng tào tàu tá tác tách tái tám tán táng táo tát tâm tân tây téo tên" +
	" tì tình tí tích tín tính tít tòa tòng tót tô tôi tôn tông tù tùng tùy tú túc túi túng tý tăng tĩnh tơ tư tươi" +
	" tương tước tưới tướng tường tưởng tượng tạ tại tạm tạng tạo tạp tạt tải tản tảng tấm tấn tấp tất tầm tần tầng" +
	" tẩm tẩu tẩy tận tập tật tắc tắm tắt tặng tế tết tệ tỉ tỉnh tịch tọa tỏa tỏi tố tốc tối tốn tống tốt tồi tồn" +
	" tổ tổn tổng tộc tội tới tờ tụ tục tụi tụng tứ tức từ từng tử tự tựu tỷ" +
	" | tau te teng teo tia tim tiu tiếm tiều tiễng tiễu tiệp tiệt tiệu toa toan toang toe toen tom ton tong toài" +
	" toàng toác toách toái toáng toát toáy toèn toét toạc toạch toại toạt toải toẹt toẻn tua tui tum tun tuynh" +
	" tuôn tuông tuýt tuẫn tuếch tuềnh tuệch tuốt tuồi tuồn tuồng tuộc tuột tà tàm tành tày tánh táp táu táy tâng" +
	" tâu tã tãi tãng tão tè tèm tèn tèng té tém tén tép tét tê tênh tìa tìm tìn tìu tía tím típ tíu tò tòi tòm tòn" +
	" tó tóc tóe tói tóm tón tóp tôm tõm tõn tõng tùa tùi tùm tùn túa túm tún túp tút túy tăm tăn tĩ tĩu tũ tũm" +
	" tũng tũy tơi tơn tưa tưng tưu tươm tươn tướp tướt tười tượt tạc tạch tạnh tạy tả tảm tảnh tảo tảy tấc tấng" +
	" tấu tấy tầu tầy tẩn tẩng tẫn tẫu tậc tậu tắng tắp tằm tằn tằng tẳn tặc tặt tẹ tẹo tẹp tẹt tẻ tẻn tẻo tẽ tếch" +
	" tếp tếu tề tều tể tễ tệch tện tệp tệt tỉa tị tịa tịnh tịt tịu tọc tọi tọng tọp tọt tỏ tỏm tỏng tốm tốp tồ" +
	" tồng tộ tộm tộng tộp tột tớ tớp tớt tời tở tởm tởn tợ tợn tợp tụa tụm tụp tụt tụy tủ tủa tủi tủm tủn tủng tủy" +
	" tứa tứu từa tửa tửng tửu tựa tực "

const thWords = " tha thai tham than thang thanh thao thau thay theo thi thiên thiêu thiến thiếp thiết thiếu thiền thiều thiểu" +
	" thiện thiệp thiệt thoa thoi thoáng thoát thoại thoải thoảng thu thung thuyên thuyết thuyền thuê thuần thuẫn" +
	" thuận thuật thuế thuốc thuộc thuở thành thác thách thái thám thán tháng thánh tháo tháp thâm thân thâu" +
	" thép thêm thêu thì thìn thình thí thích thính thô thôi thôn thông thùng thùy thú thúc thúy thăm thăng thơ" +
	" thơm thư thưa thương thước thường thưởng thượng thạch thạnh thạo thả thải thảm thản thảo thấm thấp thất thấu" +
	" thấy thần thầu thầy thẩm thận thập thật thắc thắng thắt thẳng thẻ thế thề thềm thể thệ thỉ thỉnh thị thịnh" +
	" thịt thọ thỏ thỏa thốn thống thổ thổi thới thờ thời thở thợ thụ thục thụy thủ thủy thứ thức thừa thử thửa" +
	" thực" +
	" | the them then thia thim thin thinh thiu thiêm thiêng thiếc thiềm thiềng thiển thiểng thiệu tho thoai thoan" +
	" thoang thoen thom thon thong thoàn thoàng thoái thoán thoăn thoạt thoắn thoắng thoắt thua thui" +
	" thum thun thuyễn thuân thuôn thuông thuấn thuống thuốt thuồn thuồng thuổng thuỗn thuột thà thài thàm" +
	" thàn thàng thào thày thá tháu tháy thâng thây thãn thè thèm thèn thèo thé thén thét thê thên thênh thìa thím" +
	" thíp thít thíu thò thòi thòm thòng thó thóc thói thóp thót thôm thõ thõa thõng thù thùa thùi thùm thùn thúa" +
	" thúi thúm thúng thúp thút thăn thũ thũng thũy thơi thơn thưng thươm thướng thướt thướu thườn thưởi thưỡn" +
	" thượt thạ thạc thạng thạp thạt thảng thảy thấc thầm thẩn thẩu thẩy thẫm thẫn thậm thắm thắn thắp thằn thằng" +
	" thẳm thẳn thẵm thặng thẹn thẹo thẹt thẻo thẽ thếch thến thết thền thều thểnh thểu thệch thỉa thỉu thịch thịn" +
	" thịu thọc thọt thỏi thỏm thỏn thỏng thố thốc thối thốp thốt thồ thồi thồn thồng thổn thỗ thỗi thỗng thộ thộc" +
	" thội thộn thộp thớ thớm thớn thớt thờn thợt thụi thụng thụp thụt thủa thủi thủm thủn thủng thứa thừ thừng" +
	" thừu thửng thữ thững thự thựa thựng "

const trWords = " tra trai trang tranh trao tri trinh triêm triêu triết triền triều triển triện triệt triệu trong trung truy" +
	" truyết truyền truyển truyện truông trà tràm tràng trào trách trái trám tráng tránh trát trên trì trình trìu" +
	" trí trích trò tròn tròng trông trù trùng trú trúc trúng trăm trăng trĩ trĩu trơn trưa trưng trương trước" +
	" trường trưởng trượng trượt trạch trại trạm trạng trạo trả trải trấn trấp trầm trần trẫm trận trật trắc trắng" +
	" trẻ trễ trệ trệt trị trịnh trọ trọn trọng trống trồi trồng trộ trội trộm trộn trời trở trợ trụ trục trụi trụy" +
	" trứ trứng trừ trừng trừu trữ trực" +
	" | trau tre treo tria trim triêng triềng triệng troi trom tron tru trua trui trum trun truân truất truốc truốt" +
	" truồng truỗng truột tràn trành tràu trá trác trán tráo tráp tráy trân trâu trây trã trãi trè trèo tré" +
	" trém trén tréo trét trê trêu trìa trìm trít tríu tròi tròm tró tróc trói tróng trót trô trôi trôm trôn trõ" +
	" trõm trõn trõng trùa trùi trùm trùn trùy trúi trúm trút trúy trăn trĩm trũi trũm trũn trũng trơ trơi trươi" +
	" trướng trướp trướt trười trườn trạ trạc trạnh trạt trạy trảo trảy trấu trấy trầu trầy trẩm trẩn trẩu trẩy" +
	" trậm trập trắm trắt trằm trằn trằng trẳng trặc trặm trẹ trẹo trẹt trẻo trẽn trế trếch trếu trề trều trển trểu" +
	" trệch trện trệu trỉ trỉm trịa trịch trịt trịu trọc trọi trọm trọt trỏ trỏi trố trốc trối trốn trốt trồ trồm" +
	" trổ trổi trổm trổng trỗ trỗi trỗng trộc trộng trớ trớn trớp trớt trờ trờn trởm trợm trợn trợt trụm trụn trụt" +
	" trủ trủng trứa trức trừa trửa trững "

const vWords = " va vai vang vay ven vi vinh viêm viên viếng viết viễn việc viện việt vong vu vui vy và vài vàm vàn vàng vành" +
	" vào vày ván váng váy vân vâng vây vãi vãn vãng vè vét vên vì ví vía vò vòng vót vô vôi võ võng vùng vú văn" +
	" văng vĩ vĩnh vũ vơ vưu vương vướng vườn vượng vượt vạ vạch vạn vả vải vấn vất vấy vần vẫn vận vật vậy vắc vắn" +
	" vắng vẳng vẹn vẻ vẽ vết về vệ vệt vỉa vị vịnh vịt vọ vọng vọt vỏ vốn vồ vỗ vội với vời vở vỡ vợ vụ vừa vững" +
	" vực" +
	" | van vanh vao ve vem veo via vim vin viêng viếc viền việng voan voi vom von voọc vua vun vung vuông vuốc vuống" +
	" vuốt vuột vàu vá vác vách vái vám váp vát váu vã vèn vèo vé véc vén véo vê vênh vêu vìa vìu vích vín vít víu" +
	" vòi vòm vòn vó vóc vói vón vóng vóp vôn vông vù vùa vùi vùn vúa vúi vún vúng vút văm vũng vơi vưa vưng vươn" +
	" vướt vường vưởng vưỡn vược vượi vượn vạc vại vạm vạng vạnh vạt vạy vảng vảnh vảo vảy vấp vấu vầu vầy vẩn vẩu" +
	" vẩy vẫm vẫu vẫy vập vắt vằm vằn vằng vẳm vặc vặn vặt vẹ vẹo vẹt vẻm vẻn vẻo vẽo vế vếch vến vếu vền vều vểnh" +
	" vểu vễnh vễu vệch vện vịa vịch vịm vịn vọc vọn vọp vỏm vỏn vố vốc vối vống vồi vồn vồng vổ vổi vổn vổng vộ" +
	" vộc vớ vớn vớt vờ vờn vởi vỡn vợi vợn vợt vục vụi vụn vụng vụt vủa vứa vức vứt vừng vửng vữa vựa vựng "

const xWords = " xa xanh xe xem xen xi xin xinh xiêm xiên xiết xoa xoay xong xoài xoắn xung xuyên xuyến xuân xuôi xuất xuống" +
	" xuồng xá xác xâm xây xã xén xét xì xí xích xó xóa xóm xô xôi xúc xúi xăm xăng xơ xưa xưng xương xướng xưởng" +
	" xảy xấu xắp xắt xế xếp xỉ xỏ xốc xốp xổ xới xứ xứng xử" +
	" | xai xam xan xang xao xay xeng xeo xiu xiêng xiêu xiếc xiếu xiềng xiển xiểng xo xoan xoang xoe xoen xoi xom" +
	" xon xoong xoàn xoàng xoành xoác xoái xoáy xoèn xoèo xoét xoăn xoăng xoạc xoạch xoải xoảng xoắt xoẹt xu" +
	" xua xui xum xun xuy xuya xuê xuông xuýp xuýt xuế xuề xuềnh xuể xuệch xuổi xuỗng xuộc xuỵt xà xài xàm xàng xào" +
	" xàu xách xái xám xán xáng xáo xáp xát xáy xân xâu xè xèm xèo xé xém xéo xép xê xên xênh xìa xìn xình xìu xía" +
	" xính xít xíu xò xòa xòe xòi xòm xòng xóc xói xóng xóp xót xôm xông xõa xù xùa xùi xùm xùng xú xúa xúm xúng" +
	" xúp xút xúy xăn xũ xơi xơm xước xướt xường xược xượt xạ xạm xạo xạp xạu xả xảng xảnh xảo xảu xấc xấn xấp xấy" +
	" xầm xần xầu xẩm xẩn xẩy xẫm xập xắc xắm xắn xắng xằm xằng xẳng xẵng xặc xẹ xẹo xẹp xẹt xẻ xẻn xẻng xẻo xẽ" +
	" xếch xề xềm xềnh xều xể xệ xệch xệp xỉa xỉnh xỉu xịch xịm xịn xịt xịu xọ xọc xọp xọt xỏm xố xối xốn xống xốt" +
	" xồ xồi xồm xồn xồng xổi xổm xổn xổng xộc xộn xộp xột xớ xớn xớt xờ xởi xởn xợ xợt xụ xục xụm xụp xụt xủi xủng" +
	" xứa xức xứt xừ xửa "
