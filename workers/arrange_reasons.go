package workers

import (
	"errors"
	"fmt"

	"hoso/pipeline"
)

// ReasonMerged is the code of papers whose pages another paper took in.
const ReasonMerged = "merged"

func mergedInto(id pipeline.PaperID) pipeline.Reason {
	return pipeline.Reason{
		Code: ReasonMerged, English: "its pages are in the paper " + string(id),
		Vietnamese: "Đã ghép vào giấy tờ " + string(id) + ".",
	}
}

func signedWhole() pipeline.Reason {
	return pipeline.Reason{
		Code: "signed-whole", English: "the file came with signatures of its own and is kept whole",
		Vietnamese: "Tệp này đã có chữ ký số khi nộp nên phải giữ nguyên vẹn, không tách, ghép, xoay hay bỏ trang được.",
	}
}

func unreadStill() pipeline.Reason {
	return pipeline.Reason{
		Code: "not-read", English: "the paper has not been read yet",
		Vietnamese: "Giấy tờ này chưa đọc xong nên chưa biết có những trang nào. Hãy thử lại sau ít phút.",
	}
}

func officerSigned() pipeline.Reason {
	return pipeline.Reason{
		Code: "officer-has-signed", English: "an officer has signed this paper",
		Vietnamese: "Cán bộ đã ký giấy tờ này, hệ thống đang hoàn tất. Hãy chờ lưu kho xong rồi sửa.",
	}
}

func leavesWrong(err error, pages int) pipeline.Reason {
	if !errors.Is(err, pipeline.ErrLeaves) {
		err = pipeline.ErrLeaves
	}
	return pipeline.Reason{
		Code: "leaves", English: err.Error(),
		Vietnamese: fmt.Sprintf("Danh sách trang không đúng: phải còn ít nhất một trang, mỗi trang của tệp gốc (1–%d) chỉ dùng một lần, góc xoay là 90, 180, 270 hoặc 360 độ.", pages),
	}
}

func cutWrong(pages int) pipeline.Reason {
	if pages < 2 {
		return pipeline.Reason{
			Code: "one-page", English: "the paper has one page",
			Vietnamese: "Giấy tờ chỉ có một trang nên không tách được.",
		}
	}
	return pipeline.Reason{
		Code: "cut", English: fmt.Sprintf("want places to cut from 2 to %d", pages),
		Vietnamese: fmt.Sprintf("Hãy chọn trang bắt đầu giấy tờ mới, từ trang 2 đến trang %d.", pages),
	}
}

func mergeWrong(english, vietnamese string) error {
	return pipeline.Refuse(pipeline.Reason{Code: "merge", English: english, Vietnamese: vietnamese}, nil)
}
