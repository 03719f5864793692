package syllable

// pairs are words and joints of phrases that official papers repeat, written from
// memory of their language, in the order of their bytes.
//
//nolint:dupword // neighbours in the list share words
const pairs = "|an ninh|an toàn|anh chị|ba bản|ba mươi|ban giám|ban hành|ban ngành|ban quản|bao gồm|biên bản|biến đổi|" +
	"biến động|biểu mẫu|biện pháp|bàn giao|báo chí|báo cáo|bãi bỏ|bê tông|bí thư|bưu chính|bản chính|bản lưu|" +
	"bản sao|bản thuyết|bản vẽ|bản án|bản đồ|bảo hiểm|bảo hành|bảo quản|bảo trì|bảo vệ|bảo đảm|bảy mươi|bầu cử|" +
	"bằng chữ|bằng khen|bệnh viện|bốn mươi|bồi dưỡng|bồi thường|bổ nhiệm|bổ sung|bộ giáo|bộ nội|bộ phận|bộ trưởng|" +
	"bộ tài|bộ tư|bộ xây|bộ y|cam kết|cam đoan|cao tuổi|cha mẹ|chi cục|chi tiết|chiến binh|chiếu sáng|cho phép|" +
	"cho thuê|chu kỳ|chuyên môn|chuyên viên|chuyển mục|chuyển nhượng|chuyển đổi|chánh văn|chín mươi|chính phủ|" +
	"chính quyền|chính sách|chính thức|chương mục|chương trình|chấp thuận|chất lượng|chế độ|chỉ đạo|chịu trách|" +
	"chủ nghĩa|chủ trì|chủ tịch|chủ đầu|chủ động|chức danh|chức năng|chức vụ|chứng minh|chứng nhận|chứng thực|" +
	"chứng từ|chữ ký|chữ số|chữa cháy|con cái|con dấu|cuối năm|cuộc họp|cá nhân|các bản|các cấp|các ngành|các điều|" +
	"cách mạng|cán bộ|có công|có hiệu|có thể|có trách|công an|công chức|công chứng|công dân|công khai|công nghiệp|" +
	"công nghệ|công nhận|công thương|công trình|công ty|công tác|công tố|công việc|công văn|công đoàn|cùng cấp|" +
	"căn cước|căn cứ|cơ quan|cơ sở|cư trú|cải cách|cải thiện|cảm nhận|cảm ơn|cấp lại|cấp mới|cấp nước|cấp phép|" +
	"cấp đổi|cầu đường|cận nghèo|cốt thép|cổ phần|cổng thông|cộng hòa|cụ thể|cục quản|cục thuế|cục trưởng|của bộ|" +
	"của chính|của chủ|của luật|của quý|của ủy|cử tri|cựu chiến|danh hiệu|danh mục|danh sách|diện tích|" +
	"doanh nghiệp|du lịch|dân cư|dân sự|dân tộc|dưới đây|dịch vụ|dụng đất|dữ liệu|dự toán|dự án|ghi chú|ghi rõ|" +
	"gia hạn|gia đình|giao dịch|giao thông|giao đất|giá trị|giám hiệu|giám sát|giám đốc|gián tiếp|giáo dục|" +
	"giáo viên|giải pháp|giải phóng|giải quyết|giảng viên|giấy chứng|giấy khai|giấy khen|giấy phép|giấy tờ|" +
	"giới tính|góp ý|gương mẫu|gắn liền|gồm có|hai bản|hai mươi|hiến pháp|hiểm xã|hiện hành|hiện trạng|hiện tại|" +
	"hiệu lực|hiệu quả|hiệu trưởng|hoàn thiện|hoàn thành|huy chương|huyện ủy|huân chương|hàng hóa|hàng năm|" +
	"hàng tháng|hành chính|hình sự|hình thức|hóa đơn|hưu trí|hướng dẫn|hạ tầng|hạn chế|hạng mục|hạnh phúc|hải quan|" +
	"hằng năm|hằng tháng|hẹn trả|hết hạn|hệ thống|họ tên|học kỳ|học phần|học sinh|học tập|họp báo|hồ sơ|hỗ trợ|" +
	"hộ chiếu|hộ gia|hộ khẩu|hộ kinh|hộ nghèo|hộ tịch|hội chủ|hội nghị|hội thi|hội thảo|hội đồng|hợp lệ|hợp pháp|" +
	"hợp thửa|hợp tác|hợp đồng|hữu hạn|khai sinh|khai tử|khen thưởng|khiếu nại|kho bạc|khoa học|khoáng sản|" +
	"khoản điều|khu dân|khu vực|khuyết tật|khí hậu|khó khăn|không được|khối lượng|kinh doanh|kinh phí|kiến nghị|" +
	"kiểm lâm|kiểm soát|kiểm sát|kiểm toán|kiểm tra|kèm theo|kính gửi|kính đề|ký kết|ký thay|ký tên|kế hoạch|" +
	"kế toán|kết hôn|kết quả|kể cả|kể từ|kịp thời|kỳ họp|kỳ thi|kỷ luật|kỹ năng|kỹ thuật|lao động|liên quan|" +
	"liên thông|liệt sĩ|luật sư|ly hôn|làm đơn|lâm nghiệp|lâu dài|lâu năm|lãnh đạo|lý do|lưu trữ|lấy ý|lần thứ|" +
	"lần đầu|lệ phí|lời khai|minh bạch|miễn nhiệm|máy tính|mã số|môi trường|mươi nghìn|mươi triệu|mười triệu|" +
	"mầm non|mặt bằng|mặt trận|mỗi bản|mỗi năm|một bản|một cửa|mục tiêu|mục đích|mức thu|nghiên cứu|nghiệm thu|" +
	"nghiệp vụ|nghìn đồng|nghề nghiệp|nghị quyết|nghị định|ngoại giao|nguyên nhân|nguyện vọng|nguồn gốc|ngành nghề|" +
	"ngày sinh|ngày tháng|ngân hàng|ngân sách|người cao|người dân|người ký|người làm|người nhận|người nộp|" +
	"người yêu|người được|người đại|nhiệm kỳ|nhiệm vụ|nhu cầu|nhà nước|nhà thầu|nhà trường|nhà đất|nhà ở|nhân danh|" +
	"nhân dân|nhân sự|nhân viên|như sau|như trên|nhận được|nhật ký|nhằm tạo|nâng cao|nói trên|nông dân|nông nghiệp|" +
	"nông thôn|năm học|năm mươi|năm nay|năm sinh|nơi nhận|nơi sinh|nội dung|nội vụ|nộp thuế|nộp tiền|phán quyết|" +
	"pháp luật|pháp lý|pháp lệnh|phát hiện|phát hành|phát triển|phân công|phân cấp|phê duyệt|phòng cháy|phòng kinh|" +
	"phòng nội|phòng quản|phòng tài|phòng tư|phó chủ|phó giám|phó hiệu|phó trưởng|phương pháp|phương tiện|" +
	"phương án|phường xã|phạm vi|phản ánh|phối hợp|phổ biến|phổ thông|phụ cấp|phụ lục|phụ nữ|phục vụ|qua phòng|" +
	"quan hệ|quan tâm|quy chuẩn|quy chế|quy hoạch|quy mô|quy trình|quy định|quyết số|quyết toán|quyết định|" +
	"quyền hạn|quyền sử|quá hạn|quân sự|quê quán|quý cơ|quý sở|quý trung|quản lý|quận huyện|quốc gia|quốc hội|" +
	"quốc phòng|quốc tế|quốc tịch|quỹ đất|ranh giới|rà soát|sao y|sau khi|sau đây|sinh học|sinh viên|sáng kiến|" +
	"sáu mươi|sản phẩm|sản xuất|số hóa|số liệu|số lượng|số thuế|số thứ|sổ bộ|sổ hồng|sổ đỏ|sở giáo|sở hữu|sở nội|" +
	"sở thông|sở tài|sở tư|sở tại|sở xây|sở y|sử dụng|sửa đổi|sự thật|tham gia|tham mưu|thanh niên|thanh toán|" +
	"thanh tra|thay mặt|thay thế|theo dõi|theo hướng|theo mẫu|theo quy|theo thẩm|thi công|thi hành|thi hộ|" +
	"thi tuyển|thi đua|thiết bị|thiết kế|thoát nước|thu chi|thu hồi|thuyết minh|thuê đất|thuế suất|thuộc tỉnh|" +
	"thành lập|thành phần|thành phố|thành viên|thành ủy|tháng năm|thân nhân|thông báo|thông qua|thông tin|thông tư|" +
	"thương binh|thương mại|thường trú|thường trực|thường vụ|thẩm quyền|thẩm định|thế chấp|thể thao|thị trường|" +
	"thị trấn|thị xã|thống kê|thống nhất|thời gian|thời hạn|thời kỳ|thời điểm|thủ quỹ|thủ tướng|thủ tục|thủy lợi|" +
	"thủy sản|thứ ba|thứ hai|thứ trưởng|thứ tự|thừa kế|thừa lệnh|thửa đất|thực hiện|thực phẩm|tiêu chuẩn|tiêu dùng|" +
	"tiếp nhận|tiếp tục|tiền lương|tiền sử|tiểu học|toàn bộ|toàn tỉnh|trang thông|triển khai|triệu đồng|trong khi|" +
	"trong thời|trung học|trung tâm|truyền thông|trách nhiệm|trân trọng|trên địa|trích lục|trích đo|trăm triệu|" +
	"trước khi|trước ngày|trưởng phòng|trạm trưởng|trạm y|trả kết|trật tự|trẻ em|trọng cảm|trợ cấp|trực thuộc|" +
	"trực tiếp|trực tuyến|tuyên truyền|tuyển dụng|tài chính|tài khoản|tài liệu|tài nguyên|tài sản|tách thửa|" +
	"tái định|tám mươi|tòa án|tôn giáo|tùy thân|tăng cường|tư pháp|tư vấn|tại tờ|tại điều|tạm thời|tạm trú|tạm ứng|" +
	"tạo điều|tất cả|tập huấn|tập trung|tặng cho|tỉnh thành|tỉnh ủy|tọa độ|tố cáo|tốt nghiệp|tồn tại|tổ chức|" +
	"tổ quốc|tổ trưởng|tổng giám|tổng hợp|tờ bản|tờ khai|tờ trình|từ chối|từ ngày|từng bước|tự do|tự luận|" +
	"tự nguyện|tự nhiên|tự túc|tỷ đồng|vi phạm|viên chức|viễn thông|việc ban|việc cấp|việc phê|việc thành|" +
	"việc triển|việc tổ|việc xây|việc đăng|vào cơ|vào sổ|văn bản|văn hóa|văn phòng|văn thư|vướng mắc|vận tải|" +
	"vận động|vật liệu|vật tư|về việc|vệ sinh|vị trí|vốn điều|vợ chồng|vụ trưởng|xem xét|xin lỗi|xuất bản|xuất sắc|" +
	"xác minh|xác nhận|xây dựng|xã hội|xét duyệt|xét hồ|xét đề|xử lý|xử phạt|y tế|yêu cầu|áp dụng|ý kiến|đa dạng|" +
	"điều chỉnh|điều hành|điều khoản|điều kiện|điều lệ|điện thoại|điện tử|đo đạc|đoàn thể|đào tạo|đánh giá|đã ký|" +
	"đính chính|đô thị|đúng hạn|đúng quy|đúng sự|đăng ký|đơn giá|đơn vị|đơn xin|đơn đề|đường bộ|được cấp|được phép|" +
	"đại biểu|đại diện|đại học|đại hội|đạt được|đảm bảo|đảng ủy|đất trồng|đất đai|đất ở|đấu thầu|đầu năm|đầu tư|" +
	"đầy đủ|đẩy mạnh|đến hết|đến ngày|đến năm|đề nghị|đề thi|đề tài|đề xuất|đề án|để biết|để báo|để thực|để tổng|" +
	"để xem|để được|địa bàn|địa chỉ|địa phương|định cư|định kỳ|đối tượng|đồng chí|đồng chẵn|đồng thời|đồng ý|" +
	"độc lập|đội trưởng|đột xuất|ưu tú|ủy ban|ủy quyền|ủy viên|ứng cử|"

// names are the pairs that are written with two capitals.
const names = "|an giang|bà rịa|bình dương|bình phước|bình thuận|bình định|bạc liêu|bắc giang|bắc ninh|bến tre|cao bằng|" +
	"chí minh|cà mau|cần thơ|gia lai|hà giang|hà nam|hà nội|hà tĩnh|hòa bình|hưng yên|hải dương|hải phòng|" +
	"hậu giang|khánh hòa|kiên giang|lai châu|long an|lào cai|lâm đồng|lạng sơn|nam định|nghệ an|ninh bình|" +
	"ninh thuận|phú thọ|phú yên|quảng bình|quảng nam|quảng ngãi|quảng ninh|quảng trị|sóc trăng|sơn la|thanh hóa|" +
	"thái bình|thái nguyên|thừa thiên|tiền giang|trung ương|trà vinh|tuyên quang|tây ninh|việt nam|vĩnh long|" +
	"vĩnh phúc|vũng tàu|yên bái|điện biên|đà nẵng|đồng nai|đồng tháp|"
