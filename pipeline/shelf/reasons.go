package shelf

import (
	"fmt"
	"path"
	"strings"

	"hoso/pipeline"
)

// why makes a reason. The English sentence goes into logs and holds no name or number.
func why(code, english, vietnamese string) pipeline.Reason {
	return pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}
}

func garbledNumber() pipeline.Reason {
	return why("number-garbled", "a name holds something like a dossier number that no grammar accepts",
		"Tên thư mục hoặc tên tệp có mã số trông như mã số hồ sơ nhưng sai mẫu (sai ngày, thiếu nhóm số, chữ thay cho số). Hãy sửa tên cho đúng mã số in trên hồ sơ.")
}

func twoNumbers() pipeline.Reason {
	return why("number-double", "a name holds two dossier numbers",
		"Tên thư mục hoặc tên tệp có hai mã số hồ sơ. Hãy để lại một mã số, hoặc tách giấy tờ của từng hồ sơ ra thư mục riêng.")
}

func inFuture(n pipeline.DossierNumber) pipeline.Reason {
	return why("number-future", "the dossier number states a day that has not come",
		fmt.Sprintf("Mã số %s ghi ngày %s, là ngày chưa đến. Hãy sửa tên cho đúng mã số in trên hồ sơ.", n, n.Day().Format("02/01/2006")))
}

func numbersDisagree(a, b pipeline.DossierNumber) pipeline.Reason {
	return why("numbers-disagree", "folder, file and inventory state different dossier numbers",
		fmt.Sprintf("Hai nơi ghi hai mã số hồ sơ khác nhau: %s và %s. Hãy sửa tên thư mục, tên tệp hoặc bảng kê.", a, b))
}

func noNumber() pipeline.Reason {
	return why("number-missing", "no name states a dossier number",
		"Không có mã số hồ sơ trong tên thư mục, tên tệp hay bảng kê. Hãy đặt tệp vào thư mục mang mã số hồ sơ.")
}

func twoFolders(n pipeline.DossierNumber) pipeline.Reason {
	return why("two-folders", "two folders have the same dossier number",
		fmt.Sprintf("Có từ hai thư mục cùng mã số hồ sơ %s. Hãy gộp lại thành một, hoặc sửa mã số bị ghi nhầm.", n))
}

func kindUnknown() pipeline.Reason {
	return why("kind-unknown", "no name tells the kind of the paper",
		"Không biết đây là thành phần hồ sơ, giấy tờ phát sinh hay kết quả. Hãy đặt tệp vào thư mục “Thành phần”, “Phát sinh” hoặc “Kết quả”.")
}

func kindsSeveral() pipeline.Reason {
	return why("kinds-several", "one name tells several kinds of paper",
		"Tên tệp hoặc thư mục chỉ ra hai loại giấy tờ cùng lúc. Hãy đổi tên để chỉ còn một loại: thành phần, phát sinh hoặc kết quả.")
}

func unknownFormat(ending string) pipeline.Reason {
	if ending == "" {
		ending = "không có đuôi"
	}
	return why("format-unknown", "the ending of the file's name is none of a scan",
		fmt.Sprintf("Tệp loại “%s” không phải bản quét. Hãy lưu lại thành PDF, hoặc bỏ ra khỏi tủ nếu không thuộc hồ sơ.", pipeline.ShownPath(ending)))
}

func emptyFile() pipeline.Reason {
	return why("empty-file", "a file has no bytes", "Tệp rỗng (0 byte). Hãy quét lại trang này.")
}

func unreadable() pipeline.Reason {
	return why("unreadable", "the file or folder cannot be opened",
		"Không mở được tệp hoặc thư mục. Hãy kiểm tra quyền đọc và kết nối tới ổ chia sẻ.")
}

func isLink() pipeline.Reason {
	return why("link", "a link is not followed",
		"Đây là lối tắt (liên kết), không phải tệp thật. Hãy chép tệp thật vào thư mục của hồ sơ.")
}

func stillChanging() pipeline.Reason {
	return why("still-changing", "the file was changed a moment ago and may still be being written",
		"Tệp vừa được ghi, có thể máy quét chưa ghi xong. Hệ thống sẽ tự nhận khi tệp không đổi nữa.")
}

func loosePages(n int) pipeline.Reason {
	return why("loose-pages", "images whose names say neither the dossier nor the paper",
		fmt.Sprintf("%d ảnh nằm ngoài mọi thư mục hồ sơ và chỉ có tên của máy quét hoặc điện thoại. Hãy chuyển vào thư mục mang mã số hồ sơ.", n))
}

func tooManyPages(n, most int) pipeline.Reason {
	return why("too-many-pages", "more loose pages than one paper can have",
		fmt.Sprintf("%d ảnh trong một giấy tờ, nhiều hơn %d. Hãy chia ảnh vào thư mục của từng hồ sơ.", n, most))
}

func pageTwice() pipeline.Reason {
	return why("page-twice", "two images have the same page number",
		"Hai ảnh cùng một số trang (ví dụ “1.jpg” và “01.jpg”). Hãy xóa ảnh thừa hoặc đánh số lại.")
}

func sidesDiffer(fronts, backs int) pipeline.Reason {
	return why("sides-differ", "the numbers of fronts and backs do not agree",
		fmt.Sprintf("Có %d mặt trước và %d mặt sau. Hãy quét bổ sung mặt còn thiếu hoặc bỏ ảnh thừa.", fronts, backs))
}

func sidesUnpaired() pipeline.Reason {
	return why("sides-unpaired", "the numbers of fronts and backs are not the same ones",
		"Số thứ tự của mặt trước và mặt sau không khớp nhau từng đôi. Hãy đánh số lại.")
}

func listUnread() pipeline.Reason {
	return why("list-unread", "the inventory was not read", "Bảng kê chưa được đọc. Hãy chạy lại; nếu vẫn vậy, hãy mở tệp và lưu lại thành .xlsx.")
}

func listUnknown() pipeline.Reason {
	return why("list-unknown", "no row of the inventory has headings that are known",
		"Không tìm thấy dòng tiêu đề trong bảng kê. Hãy đặt tên cột là “Mã hồ sơ” hoặc “Tên tệp” trong 25 dòng đầu, hoặc khai báo tên cột khác ở mục inventory.")
}

func listBeside(file string) pipeline.Reason {
	return why("list-beside", "the inventory beside it cannot be read, so that nobody knows what it says of the paper",
		fmt.Sprintf("Chưa đọc được bảng kê %s nên chưa biết nó ghi gì về giấy tờ này. Hãy sửa bảng kê, hoặc chuyển nó ra khỏi thư mục nếu không dùng; giấy tờ sẽ được nhận ở lượt sau.", pipeline.ShownPath(path.Base(file))))
}

func rowsDiffer(rows, papers int) pipeline.Reason {
	return why("list-rows-differ", "the inventory has several rows for the dossier and nothing tells which is for which paper",
		fmt.Sprintf("Bảng kê có %d dòng cho hồ sơ này nhưng không biết dòng nào của giấy tờ nào (có %d giấy tờ). Hãy thêm cột “Tên tệp” vào bảng kê.", rows, papers))
}

func rowsDisagree() pipeline.Reason {
	return why("list-disagrees", "rows of inventories contradict each other",
		"Các dòng bảng kê của giấy tờ này ghi khác nhau. Hãy sửa bảng kê cho thống nhất.")
}

func notListed() pipeline.Reason {
	return why("list-lacks", "the inventory does not name the paper", "Bảng kê không có dòng nào cho giấy tờ này. Hãy bổ sung vào bảng kê.")
}

func rowNumberGarbled(line int) pipeline.Reason {
	return why("list-number", "the number in a row of an inventory is no dossier number",
		fmt.Sprintf("Mã số hồ sơ ở dòng %d của bảng kê sai mẫu. Hãy sửa theo mã số in trên hồ sơ.", line))
}

func rowWithoutFile() pipeline.Reason {
	return why("row-without-file", "no file is for this row", "Không có bản quét nào cho dòng này. Hãy quét giấy tờ còn thiếu, hoặc sửa tên tệp, mã số trong bảng kê.")
}

func rowAmbiguous(n int) pipeline.Reason {
	return why("row-ambiguous", "several files have the name in this row",
		fmt.Sprintf("Có %d tệp trùng tên ghi ở dòng này. Hãy ghi cả thư mục, ví dụ “Hộp 01/tệp.pdf”.", n))
}

func rowOfNobody() pipeline.Reason {
	return why("row-unplaced", "nothing tells which paper this row is for", "Không biết dòng này của giấy tờ nào trong hồ sơ. Hãy thêm cột “Tên tệp”.")
}

func cellUnread(c badCell) pipeline.Reason {
	heading := pipeline.ShownPath(strings.Join(strings.Fields(c.heading), " "))
	if long := []rune(heading); len(long) > 60 {
		heading = string(long[:60]) + "…"
	}
	return why("cell-unread", "a cell does not have the form of its column: "+string(c.column),
		fmt.Sprintf("Ô ở cột “%s” không đúng dạng (ngày cần ghi như 05/03/2024; số định danh không được để Excel làm tròn), nên không được dùng.", heading))
}
