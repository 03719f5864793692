package batch

import (
	"fmt"

	"hoso/pipeline"
)

func because(code, english, vietnamese string) pipeline.Reason {
	return pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}
}

func changing() pipeline.Reason {
	return because("still-changing", "the file was changed a moment ago and may still be being written",
		"Tệp vừa được ghi hoặc vừa được thay, có thể máy quét chưa ghi xong. Hệ thống sẽ tự nhận khi tệp không đổi nữa.")
}

func unfinished() pipeline.Reason {
	return because("unfinished", "the end of the file is not there yet",
		"Tệp chưa có phần cuối, có thể máy quét hoặc việc sao chép chưa xong. Hệ thống sẽ tự nhận khi tệp đầy đủ; nếu việc sao chép đã dừng, hãy chép lại tệp.")
}

func lockedNow() pipeline.Reason {
	return because("locked", "another program keeps the file locked",
		"Tệp đang bị chương trình khác khóa. Hệ thống sẽ tự nhận khi tệp được đóng lại.")
}

func unopened() pipeline.Reason {
	return because("unreadable", "the file or folder cannot be opened",
		"Không mở được tệp hoặc thư mục. Hãy kiểm tra quyền đọc và kết nối tới ổ chia sẻ.")
}

func notTaken() pipeline.Reason {
	return because("hand-in-failed", "the service gave an error that says neither that the paper is refused nor that it is away",
		"Chưa gửi được giấy tờ vì hệ thống báo lỗi. Hệ thống sẽ tự gửi lại; nếu vẫn lỗi, hãy báo người quản trị xem nhật ký.")
}

func receiptDiffers() pipeline.Reason {
	return because("receipt-differs", "the receipt is for other bytes than were handed in",
		"Giấy biên nhận không khớp với nội dung tệp đã gửi, có thể đường truyền bị lỗi. Tệp gốc được giữ nguyên và sẽ được gửi lại; hãy báo người quản trị.")
}

func renamed(from string) pipeline.Reason {
	return because("renamed", "the file was received under another name", fmt.Sprintf("Tệp này đã được nhận với tên cũ “%s”; không nhận lại lần nữa.", from))
}

func renumbered(before, now pipeline.DossierNumber) pipeline.Reason {
	return because("moved-dossier", "the file was received for another dossier number than its folder says now",
		fmt.Sprintf("Tệp đã được nhận cho hồ sơ %s, nay nằm trong thư mục của hồ sơ %s. Nếu trước đây nhầm, hãy sửa mã số hồ sơ của giấy tờ.", before, now))
}

func movedAway() pipeline.Reason {
	return because("renamed-away", "the file lies under another name now", "Tệp đã được nhận, sau đó đổi tên hoặc chuyển sang thư mục khác.")
}

func twice(other string) pipeline.Reason {
	return because("twice", "the same bytes lie in the dossier under another name",
		fmt.Sprintf("Nội dung giống hệt tệp “%s” của cùng hồ sơ; chỉ là một giấy tờ.", other))
}

func replaced() pipeline.Reason {
	return because("replaced", "the content was replaced after an earlier one had been received",
		"Nội dung tệp đã thay đổi sau khi nhận. Nội dung mới được nhận thành một giấy tờ nữa; hãy từ chối bản không dùng.")
}

func regrouped() pipeline.Reason {
	return because("pages-added", "some of the pages had been received as another paper",
		"Một số trang đã được nhận trong giấy tờ khác trước khi có đủ các trang. Cả bộ được nhận thành một giấy tờ mới; hãy từ chối bản thiếu.")
}

func pagesSkipped(n int) pipeline.Reason {
	return because("pages-skipped", "numbers are skipped among the names of the pages",
		fmt.Sprintf("Số trang trong tên tệp bị thiếu %d số. Hãy kiểm tra xem có trang nào chưa quét.", n))
}

func unlisted() pipeline.Reason {
	return because("list-lacks", "the inventory does not name the paper", "Bảng kê không có dòng nào cho giấy tờ này.")
}

func listedLate(number pipeline.DossierNumber) pipeline.Reason {
	of := ""
	if !number.IsZero() {
		of = fmt.Sprintf(", mã số hồ sơ %s", number)
	}
	return because("list-late", "the inventory came to name the paper after its receipt",
		fmt.Sprintf("Bảng kê nay đã có dòng cho giấy tờ này%s, nhưng giấy tờ được nhận trước đó nên chưa có thông tin của dòng ấy. Hãy mở giấy tờ và nhập theo bảng kê.", of))
}

func listBroken() pipeline.Reason {
	return because("list-unread", "the inventory cannot be read", "Không đọc được bảng kê. Hãy mở tệp và lưu lại thành .xlsx.")
}

func rowNote(line int32, r pipeline.Reason) pipeline.Reason {
	r.Vietnamese = fmt.Sprintf("Dòng %d: %s", line, r.Vietnamese)
	return r
}

func notPutAway() pipeline.Reason {
	return because("not-put-away", "the file could not be moved or deleted after its receipt",
		"Giấy tờ đã được nhận nhưng chưa chuyển hoặc xóa được tệp gốc (thư mục không cho ghi, hoặc tệp đã đổi). Tệp vẫn nằm nguyên chỗ cũ.")
}

func rowsMore(n int) pipeline.Reason {
	return because("rows-more", "more rows of the inventory need a look", fmt.Sprintf("Còn %d dòng khác của bảng kê cần xem lại.", n))
}
