package invent

import "strconv"

// Subject makes up what a document is about, as the end of a sentence that begins
// with "về việc".
func (v *Voice) Subject() string {
	switch v.r.IntN(3) {
	case 0:
		return v.Pick(actions()...) + " " + v.Pick(things()...)
	case 1:
		return v.Pick(actions()...) + " " + v.Pick(things()...) + " " + v.Pick(scopes()...)
	}
	return v.Pick(actions()...) + " " + v.Pick(things()...) + " tại " + v.Place().String()
}

func actions() []string {
	return words("cấp, cấp lại, cấp đổi, gia hạn, điều chỉnh, thẩm định, phê duyệt, thu hồi, đính chính, chuyển đổi, công nhận, xác nhận, rà soát, kiểm tra, tổ chức, triển khai, bổ sung, hủy bỏ, chấm dứt, tạm dừng, nghiệm thu, bàn giao, quyết toán, hỗ trợ, khắc phục, giải quyết, chấn chỉnh, đẩy mạnh, ủy quyền, lấy ý kiến về")
}

func things() []string {
	return words("giấy phép xây dựng nhà ở riêng lẻ, giấy chứng nhận quyền sử dụng đất, hồ sơ đăng ký khai sinh quá hạn, chế độ trợ cấp xã hội hằng tháng, danh sách hộ nghèo và hộ cận nghèo, phương án bồi thường giải phóng mặt bằng, quy hoạch chi tiết khu dân cư, mức thu phí vệ sinh môi trường, kế hoạch phòng chống thiên tai, hoạt động hộ kinh doanh ăn uống, thủ tục hành chính liên thông, kho lưu trữ tài liệu giấy, tuyến đường liên thôn, hệ thống tiêu thoát nước thải, công trình thủy lợi nhỏ, kinh phí sửa chữa trường mẫu giáo, quyền sở hữu nhà ở, mã số vùng trồng cây vải, lễ hội đình làng truyền thống, dữ liệu hộ tịch điện tử, phần mềm một cửa, giấy đủ điều kiện an toàn thực phẩm, việc nuôi con nuôi trong nước, thẻ bảo hiểm y tế cho trẻ dưới 6 tuổi, hợp đồng thuê mặt nước nuôi ngao, chứng chỉ hành nghề khoan giếng, biển hiệu quảng cáo ngoài trời, điểm đỗ xe tĩnh, diện tích thửa đất ghi trên sổ, tiền hỗ trợ mai táng phí")
}

func scopes() []string {
	return words("trên địa bàn tỉnh, năm học tới, trong quý III, giai đoạn 2026 - 2030, theo cơ chế một cửa, đối với người khuyết tật nặng, cho các hộ bị ảnh hưởng, thuộc phạm vi quản lý, sau khi sắp xếp đơn vị hành chính, bằng nguồn ngân sách xã, đợt 2, theo kết luận thanh tra, khi Nhà nước thu hồi đất, qua dịch vụ bưu chính công ích")
}

// Sentence makes up a sentence of an office, with a full stop: one of a number of
// turns whose parts are filled in.
func (v *Voice) Sentence() string {
	switch v.r.IntN(6) {
	case 0, 1:
		return v.Pick(openings()...) + ", " + v.Agency() + " " + v.Pick(duties()...) + " " + v.Pick(objects()...) + "."
	case 2:
		return v.Agency() + " " + v.Pick(duties()...) + " " + v.Pick(objects()...) + "; " + v.Pick(riders()...) + "."
	case 3:
		return v.figures()
	case 4:
		return v.Pick(fixed()...)
	}
	return v.Pick(openings()...) + ", " + v.Pick(riders()...) + "."
}

// Words makes up sentences until they have at least n words.
func (v *Voice) Words(n int) string {
	text := v.Sentence()
	for count := countWords(text); count < n; {
		next := v.Sentence()
		count += countWords(next)
		text += " " + next
	}
	return text
}

func countWords(s string) int {
	n := 1
	for _, r := range s {
		if r == ' ' {
			n++
		}
	}
	return n
}

func openings() []string {
	return []string{
		"Căn cứ kết quả kiểm tra thực tế", "Thực hiện ý kiến chỉ đạo của cấp trên", "Sau khi đối chiếu với hồ sơ lưu", "Trong thời hạn 05 ngày làm việc",
		"Trước khi ký kết hợp đồng", "Để bảo đảm quyền lợi chính đáng của công dân", "Theo phản ánh của cử tri", "Nếu phát hiện có sai sót",
		"Đối với những trường hợp vướng mắc", "Kể từ ngày nhận đủ hồ sơ hợp lệ", "Tại buổi làm việc hôm trước", "Nhằm tháo gỡ khó khăn cho cơ sở",
		"Khi bão đổ bộ vào đất liền", "Dưới sự chứng kiến của đại diện hai họ", "Ngoài các giấy tờ nêu trên", "Qua rà soát sổ bộ cũ",
		"Mỗi khi nước lũ dâng quá mức báo động", "Với tinh thần cầu thị", "Bởi lẽ đó", "Đến hết quý này", "Giữa kỳ họp thường lệ", "Riêng phần mộ phải di dời",
	}
}

func duties() []string {
	return []string{
		"có trách nhiệm hướng dẫn", "chủ trì, phối hợp kiểm tra", "khẩn trương rà soát", "đã tiếp nhận và xử lý", "đề nghị bổ sung", "tổng hợp, báo cáo",
		"chỉ đạo tháo dỡ", "lập biên bản đối với", "cử cán bộ theo dõi", "niêm yết công khai", "thống nhất chủ trương về", "không chấp thuận",
		"hoàn thiện và trình duyệt", "lưu giữ nguyên vẹn", "bàn giao đầy đủ", "gửi trả", "xem xét, giải quyết dứt điểm", "thẩm tra lại", "đôn đốc việc nộp", "tuyên truyền rộng rãi về",
	}
}

func objects() []string {
	return []string{
		"hồ sơ của các hộ gia đình nằm trong vùng sạt lở", "bản vẽ hoàn công kèm thuyết minh kỹ thuật", "danh sách người đủ điều kiện hưởng trợ cấp", "những khoản thu trái quy định",
		"giấy tờ có dấu hiệu tẩy xóa, sửa chữa", "mốc giới, ranh giới giữa hai thửa đất liền kề", "sổ đăng ký kết hôn quyển số 02", "vỉa hè bị lấn chiếm làm nơi để xe",
		"đường ống dẫn nước sạch đến từng ngõ xóm", "số liệu về dân số, lao động và việc làm", "kết quả bình xét hộ nghèo", "việc chi trả chế độ cho người có công",
		"cây xanh gãy đổ sau cơn bão số 3", "phương tiện chở vật liệu rơi vãi", "chứng từ quyết toán còn thiếu chữ ký", "quỹ đất dành cho trường học và trạm y tế",
		"toàn bộ tài liệu hết giá trị bảo quản", "thiết bị phòng cháy, chữa cháy đã hỏng", "mẫu chữ ký và con dấu của đơn vị", "lịch tiếp công dân hằng tuần",
		"nguồn gốc thửa ruộng do ông bà để lại", "giếng khoan nhiễm mặn, nhiễm phèn", "hợp đồng chuyển nhượng viết tay", "lễ vật và đồ thờ tự của ngôi đền cổ",
		"khẩu phần ăn bán trú của trẻ mẫu giáo", "đàn lợn mắc bệnh phải tiêu hủy", "kẽ nứt trên thân đập chính", "những ý kiến trái chiều nảy sinh tại cuộc họp",
	}
}

func riders() []string {
	return []string{
		"nếu quá thời hạn trên thì không xem xét nữa", "người nộp hồ sơ không phải trả thêm bất kỳ khoản lệ phí nào", "chữ ký và con dấu phải rõ ràng, đúng thẩm quyền",
		"bản sao chỉ có giá trị khi được đối chiếu với bản chính", "mọi khiếu nại gửi về bộ phận một cửa để được trả lời bằng văn bản", "kết quả được trả qua bưu chính hoặc trên cổng dịch vụ",
		"các bên đã đọc lại, hiểu rõ và cùng ký tên", "việc chậm trễ sẽ bị nhắc nhở, phê bình trước toàn thể", "số tiền thừa được hoàn trả vào tài khoản của người nộp",
		"ai cố tình né tránh sẽ bị xử lý nghiêm", "phần diện tích chênh lệch do sai số đo đạc trước đây", "thửa đất không có tranh chấp, không bị kê biên",
		"cháu bé được bà ngoại nuôi dưỡng từ nhỏ", "gỗ, củi và phế liệu phải dọn sạch trước mùa mưa", "cán bộ trực tuyệt đối không tự ý bỏ vị trí",
		"những chỗ gạch xóa đều có chữ ký xác nhận bên lề", "chủ hộ tự nguyện hiến đất mở rộng ngõ", "mẫu đơn được phát miễn phí tại quầy số 3",
		"quyết định cũ hết hiệu lực thi hành", "tỷ lệ giải quyết đúng hạn phải vượt mức năm ngoái", "khoảng lùi và chiều cao tầng giữ nguyên như giấy phép",
	}
}

func fixed() []string {
	return []string{
		"Quỹ đất ở nông thôn ngày càng thu hẹp, trong khi nhu cầu tách thửa vẫn tăng nhanh.",
		"Đường vào xóm nhỏ hẹp, lầy lội, xe cứu thương khó lòng vào được khi có người ốm nặng.",
		"Những giấy tờ viết tay trước năm 1993 cũng được xem xét như một căn cứ để xác định nguồn gốc.",
		"Trẻ mồ côi, người già neo đơn và hộ có người khuyết tật đặc biệt nặng được ưu tiên giải quyết trước.",
		"Cả hai bên đều thừa nhận ranh giới cũ là hàng rào dâm bụt, nay đã bị phá bỏ.",
		"Phiếu này được lập thành hai liên, liên thứ nhất giao người nộp, liên thứ hai lưu tại sổ.",
		"Việc sửa đổi, bổ sung chỉ thực hiện một lần duy nhất và nêu đầy đủ lý do bằng văn bản.",
		"Nước thải từ xưởng nhuộm chảy thẳng ra mương, bốc mùi hôi, ảnh hưởng đến sức khỏe người dân.",
		"Lãnh đạo đơn vị đã trực tiếp xin lỗi công dân và cam kết rút kinh nghiệm sâu sắc.",
		"Nghề dệt chiếu, đan lưới và làm muối vẫn giữ được nếp xưa dù nhiều thợ giỏi đã nghỉ.",
		"Sổ hộ khẩu giấy không còn giá trị sử dụng, thông tin cư trú được tra cứu trên cơ sở dữ liệu.",
		"Ủy viên thư ký ghi đầy đủ diễn biến, những ý kiến bảo lưu cũng được đưa vào biên bản.",
		"Hễ có mưa lớn kéo dài, khu vực cổng chợ lại ngập quá đầu gối, hàng hóa ướt sũng.",
		"Bể chứa xây bằng gạch chỉ, vữa xi măng mác 75, nắp đậy bằng tấm đan bê tông.",
		"Chủ phương tiện phải xuất trình giấy đăng ký và giấy chứng nhận kiểm định còn hiệu lực.",
		"Nhà văn hóa thôn vừa được lợp lại mái ngói, sơn sửa cửa và lắp thêm quạt trần.",
		"Kỳ thi tuyển viên chức ngành giáo dục sẽ diễn ra đúng lịch, thí sinh mang theo thẻ dự thi.",
		"Dẫu đã nhiều lần nhắc nhở, hộ bà Ẻn vẫn chưa tháo dỡ mái vẩy bằng tôn cũ kỹ.",
		"Bãi tắm phía bắc có dòng chảy xiết, đã cắm biển cấm và bố trí người trực cứu hộ.",
		"Mỗi học sinh được cấp một bộ sách giáo khoa, vở viết và đồng phục theo mẫu thống nhất.",
	}
}

// figures makes up a sentence with numbers in it.
func (v *Voice) figures() string {
	d := v.Today()
	switch v.r.IntN(9) {
	case 0:
		return "Tổng kinh phí thực hiện là " + v.Money() + ", trong đó ngân sách cấp " + v.Money() + ", phần còn lại do nhân dân đóng góp."
	case 1:
		return "Hồ sơ số " + v.Dossier(d) + " nộp " + v.LongDay(d) + " đã được trả kết quả trước hạn."
	case 2:
		return "Ông (bà) " + v.Person() + ", số định danh cá nhân " + v.Identity(v.Upto(1950, 2006)) + ", thường trú tại " + v.Address() + "."
	case 3:
		return "Tỷ lệ hồ sơ giải quyết đúng hạn đạt " + v.Percent() + ", tăng " + v.Percent() + " so với cùng kỳ; còn " + strconv.Itoa(v.Upto(2, 90)) + " hồ sơ quá hạn."
	case 4:
		return "Mọi vướng mắc xin liên hệ ông (bà) " + v.Person() + ", điện thoại " + v.Phone() + "."
	case 5:
		return v.Business() + ", mã số thuế " + v.Tax() + ", đã nộp " + v.Money() + " vào ngày " + v.Day(d) + "."
	case 6:
		return "Thủ tục có mã số " + v.Procedure() + " được thực hiện theo quy định tại " + v.Pick("Nghị định số ", "Thông tư số ", "văn bản số ") + v.Law() + "."
	case 7:
		return "Thửa đất số " + strconv.Itoa(v.Upto(1, 900)) + ", tờ bản đồ số " + strconv.Itoa(v.Upto(1, 60)) + ", diện tích " + v.Area() + ", thời hạn sử dụng đến " + v.LongDay(d.AddDate(v.Upto(5, 50), 0, 0)) + "."
	}
	return "Thời gian thực hiện từ ngày " + v.Day(d) + " đến hết ngày " + v.Day(d.AddDate(0, v.Upto(1, 9), v.Upto(0, 20))) + "."
}

// Percent makes up a share in a hundred.
func (v *Voice) Percent() string {
	if v.Chance(3) {
		return strconv.Itoa(v.Upto(2, 100)) + "%"
	}
	return strconv.Itoa(v.Upto(1, 99)) + "," + strconv.Itoa(v.Upto(1, 9)) + "%"
}

// Area makes up a surface.
func (v *Voice) Area() string {
	return strconv.Itoa(v.Upto(40, 1400)) + "," + strconv.Itoa(v.Upto(0, 9)) + " m²"
}

// Basis makes up a legal ground, as decisions begin with them.
func (v *Voice) Basis() string {
	switch v.r.IntN(4) {
	case 0:
		return "Căn cứ Luật " + v.Pick("Tổ chức chính quyền địa phương", "Đất đai", "Hộ tịch", "Xây dựng", "Lưu trữ", "Giao dịch điện tử", "Căn cước", "Ngân sách nhà nước", "Trợ giúp pháp lý") + " " + v.LongDay(v.Today()) + ";"
	case 1:
		return "Căn cứ Nghị định số " + v.Law() + " của Chính phủ " + v.Pick("quy định chi tiết một số điều của luật", "về thực hiện thủ tục hành chính theo cơ chế một cửa", "về công tác văn thư", "về định danh và xác thực điện tử") + ";"
	case 2:
		return "Căn cứ Quyết định số " + v.Symbol("QĐ-UBND") + " " + v.LongDay(v.Today()) + " của Ủy ban nhân dân tỉnh về việc " + v.Subject() + ";"
	}
	return "Theo đề nghị của " + v.Agency() + " tại Tờ trình số " + v.Symbol("TTr-"+v.Pick("STP", "SXD", "SNV", "KTHT", "VPĐK", "VHXH")) + " " + v.LongDay(v.Today()) + "."
}
