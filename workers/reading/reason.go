package reading

import (
	"fmt"

	"hoso/pipeline"
)

// failed gives the page that could not be read. A refused image is the page's own
// fault and no error; everything else is worth another try and is returned.
func failed(page pipeline.Page, err error) (pipeline.Page, error) {
	page.Outcome = pipeline.PageFailed
	if refusal, ok := pipeline.AsRefusal(err); ok {
		page.Reason = refusal.Reason
		page.Reason.Page = page.Number
		return page, nil
	}
	page.Reason = pipeline.Reason{
		Code: "page-unread", English: "the page could not be read", Page: page.Number,
		Vietnamese: fmt.Sprintf("Trang %d chưa đọc được chữ; ảnh quét vẫn được lưu nguyên vẹn.", page.Number),
	}
	return page, fmt.Errorf("reading page %d: %w", page.Number, err)
}

// partly says of a page with words why there are not more.
func partly(number int) pipeline.Reason {
	return pipeline.Reason{
		Code: "page-read-in-part", English: "there is more text on the page than is read of one page", Page: number,
		Vietnamese: fmt.Sprintf("Trang %d có quá nhiều chữ nên chỉ được đọc một phần; ảnh quét vẫn được lưu nguyên vẹn.", number),
	}
}

func tooSlow(number int) pipeline.Reason {
	return pipeline.Reason{
		Code: "page-too-slow", English: "recognition did not end in time", Page: number,
		Vietnamese: fmt.Sprintf("Trang %d đọc quá lâu nên được bỏ qua phần nhận dạng chữ; ảnh quét vẫn được lưu nguyên vẹn.", number),
	}
}
