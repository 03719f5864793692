package reader

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"

	"hoso/pipeline"
)

// reasonCode names why a page or file was set aside.
type reasonCode string

const (
	reasonSlow   reasonCode = "page-timed-out"
	reasonMemory reasonCode = "page-too-big"
	reasonCrash  reasonCode = "page-crashed-reader"
	reasonDrawn  reasonCode = "page-not-drawn"
	reasonLost   reasonCode = "page-lost"
)

func setAside(dead *crash, page int) pipeline.Reason {
	switch dead.cause {
	case causeSpent, causeHung, causeStarved, causeLate:
		return pipeline.Reason{
			Code: string(reasonSlow), Page: page,
			English:    "the page could not be read within its time limit, twice",
			Vietnamese: fmt.Sprintf("Trang %d: đọc chữ quá thời gian cho phép sau hai lần thử. Ảnh trang vẫn được lưu; hãy quét lại trang nếu cần tra cứu theo nội dung.", page),
		}
	case causeMemory:
		return pipeline.Reason{
			Code: string(reasonMemory), Page: page,
			English:    "reading the page took more memory than a reader may use, twice",
			Vietnamese: fmt.Sprintf("Trang %d: ảnh quá lớn để đọc chữ. Hãy quét lại ở độ phân giải 200–300 dpi.", page),
		}
	case causeExit:
	}
	return pipeline.Reason{
		Code: string(reasonCrash), Page: page,
		English:    "the reader crashed on the page, twice",
		Vietnamese: fmt.Sprintf("Trang %d: không đọc được chữ vì dữ liệu ảnh bất thường. Hãy quét lại trang này.", page),
	}
}

// undrawn is why a page was given up before there was an image of it.
func undrawn(page int) pipeline.Reason {
	return pipeline.Reason{
		Code: string(reasonDrawn), Page: page,
		English:    "the page's image could not be taken out of the file within the time limit",
		Vietnamese: fmt.Sprintf("Trang %d: không dựng được ảnh trang trong thời gian cho phép, bản số hóa để trống trang này. Hãy quét lại trang này.", page),
	}
}

// lost is why a page that broke its reader has no image either.
func lost(why pipeline.Reason) pipeline.Reason {
	return pipeline.Reason{
		Code: string(reasonLost), Page: why.Page,
		English:    why.English + "; nor could its image be taken",
		Vietnamese: fmt.Sprintf("Trang %d: dữ liệu bất thường, không lấy được cả ảnh trang nên bản số hóa để trống trang này. Hãy quét lại trang này.", why.Page),
	}
}

func breaksReaders(dead *crash) pipeline.Reason {
	return pipeline.Reason{
		Code:       "breaks-readers",
		English:    fmt.Sprintf("opening the file failed twice: the reader %s", dead.cause),
		Vietnamese: "Tệp bất thường: không mở được trong giới hạn thời gian và bộ nhớ cho phép. Hãy quét lại giấy tờ và gửi tệp mới.",
	}
}

// Missing stands in for a page of which not even the image could be taken: an empty
// A4 page that says nothing untrue, with the reason beside it. Its image stream is
// written to carrier.
func Missing(number int, why pipeline.Reason, carrier string) (pipeline.Page, error) {
	const width, height = 8, 11
	var stream bytes.Buffer
	z := zlib.NewWriter(&stream)
	if _, err := z.Write(bytes.Repeat([]byte{0xff}, height)); err != nil {
		return pipeline.Page{}, fmt.Errorf("drawing an empty page: %w", err)
	}
	if err := z.Close(); err != nil {
		return pipeline.Page{}, fmt.Errorf("drawing an empty page: %w", err)
	}
	if err := os.WriteFile(carrier, stream.Bytes(), 0o600); err != nil {
		return pipeline.Page{}, fmt.Errorf("putting down page %d: %w", number, err)
	}
	return pipeline.Page{
		Number: number, Origin: pipeline.Scan, Outcome: pipeline.PageFailed, Reason: why, Attempts: attempts,
		Width: width, Height: height, WidthPt: 595.28, HeightPt: 841.89,
		Image: pipeline.Image{
			Filter: pipeline.Flate, Width: width, Height: height, Bits: 1, Color: pipeline.Gray,
			Digest: pipeline.Sum(stream.Bytes()), Size: int64(stream.Len()),
		},
	}, nil
}
