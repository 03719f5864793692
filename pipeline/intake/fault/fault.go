// Package fault says in two languages why a file cannot be taken in. Every
// sentence names what is wrong and what the person who sent the file can do, since
// a refusal is read at a desk by somebody who did not write the program.
package fault

import (
	"errors"
	"fmt"
	"io"

	"hoso/pipeline"
)

// The codes of the refusals of intake. They are stable: programs compare them.
const (
	Empty         = "empty-file"
	Unknown       = "unknown-format"
	Unsupported   = "unsupported-format"
	Truncated     = "truncated"
	Damaged       = "damaged"
	NeedsPassword = "needs-password"
	TooBig        = "file-too-big"
	TooManyPages  = "too-many-pages"
	TooManyPixels = "too-many-pixels"
	TooMuchData   = "too-much-data"
	TooSlow       = "too-slow"
	NoPages       = "no-pages"
	BadSize       = "bad-page-size"
	SignedMember  = "signed-member"
)

func refuse(code, english, vietnamese string, err error) error {
	return pipeline.Refuse(pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}, err)
}

// Refused reports whether err is a refusal already, and so says all that there is to
// say.
func Refused(err error) bool {
	_, ok := pipeline.AsRefusal(err)
	return ok
}

// EmptyFile refuses a file of zero bytes.
func EmptyFile() error {
	return refuse(Empty, "the file has no bytes",
		"Tệp rỗng (0 byte). Hãy kiểm tra lại máy quét hoặc nơi lưu tệp rồi gửi lại.", nil)
}

// UnknownFormat refuses bytes that are nothing known.
func UnknownFormat() error {
	return refuse(Unknown, "the content is none of PDF, TIFF, JPEG, PNG, HEIC",
		"Không nhận ra định dạng của tệp. Hệ thống nhận PDF, TIFF, JPEG, PNG và HEIC; hãy quét lại hoặc lưu lại tệp ở một trong các định dạng này.", nil)
}

// UnsupportedFormat refuses a format that was recognized but is not taken. Kind is
// its name, such as "Word (DOCX)"; advice is a whole Vietnamese sentence.
func UnsupportedFormat(kind, advice string) error {
	return refuse(Unsupported, "the file is "+kind+"; accepted are PDF, TIFF, JPEG, PNG, HEIC",
		"Tệp thuộc loại "+kind+", hệ thống không nhận. "+advice, nil)
}

// Feature refuses a file of a known format that uses a form of it which cannot be
// read, such as "JPEG with arithmetic coding".
func Feature(what string, err error) error {
	return refuse(Unsupported, "not readable: "+what,
		"Tệp dùng một dạng không đọc được ("+what+"). Hãy quét lại hoặc lưu lại thành PDF, JPEG hay TIFF thông thường.", err)
}

// Cut refuses an image or file that ends too early. What names the format.
func Cut(what string, err error) error {
	if errors.Is(err, io.EOF) { // which would be taken for a good end
		err = io.ErrUnexpectedEOF
	}
	return refuse(Truncated, what+" ends before its data is complete",
		"Dữ liệu "+what+" bị cắt cụt, thiếu phần cuối (thường do sao chép hoặc quét dở dang). Hãy sao chép lại tệp gốc hoặc quét lại.", err)
}

// Broken refuses a file whose structure contradicts itself. What names the format.
func Broken(what string, err error) error {
	return refuse(Damaged, what+" is damaged",
		"Dữ liệu "+what+" bị hỏng, không đọc được. Hãy sao chép lại tệp gốc hoặc quét lại.", err)
}

// Unread says what an error of reading data that must be there means: that they are
// cut off, or broken. A refusal stays as it is. What names the format.
func Unread(what string, err error) error {
	switch {
	case Refused(err):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Cut(what, err)
	}
	return Broken(what, err)
}

// Locked refuses a file that does not open without a password.
func Locked() error {
	return refuse(NeedsPassword, "the PDF does not open without a password",
		"Tệp PDF có mật khẩu mở tệp. Hãy gỡ mật khẩu rồi gửi lại, hoặc đề nghị người nộp cung cấp bản không có mật khẩu.", nil)
}

// FileTooBig refuses a file of more than limit bytes.
func FileTooBig(size, limit int64) error {
	return refuse(TooBig, fmt.Sprintf("%d bytes, %d are allowed", size, limit),
		fmt.Sprintf("Tệp quá lớn (%d MB, tối đa %d MB). Hãy tách thành nhiều tệp nhỏ hơn.", size>>20, limit>>20), nil)
}

// PagesTooMany refuses a file of more than limit pages.
func PagesTooMany(pages, limit int) error {
	return refuse(TooManyPages, fmt.Sprintf("%d pages, %d are allowed", pages, limit),
		fmt.Sprintf("Tệp có %d trang, tối đa %d trang. Hãy tách thành nhiều tệp nhỏ hơn.", pages, limit), nil)
}

// PixelsTooMany refuses an image of more than limit pixels.
func PixelsTooMany(width, height int, limit int64) error {
	return refuse(TooManyPixels, fmt.Sprintf("%d × %d pixels, %d million are allowed", width, height, limit/1_000_000),
		fmt.Sprintf("Ảnh quá lớn (%d × %d điểm ảnh, tối đa %d triệu điểm). Hãy quét lại ở 200 đến 300 dpi.", width, height, limit/1_000_000), nil)
}

// DataTooMuch refuses data that unpacks to more than limit bytes.
func DataTooMuch(what string, limit int64) error {
	return refuse(TooMuchData, fmt.Sprintf("%s is larger than %d bytes", what, limit),
		fmt.Sprintf("Dữ liệu %s bung ra quá lớn (hơn %d MB), có thể là tệp độc hại. Hãy quét lại giấy tờ.", what, limit>>20), nil)
}

// Slow refuses a file that takes too long to take apart.
func Slow(what string, err error) error {
	return refuse(TooSlow, what+" took too long",
		"Tệp quá phức tạp, xử lý quá lâu nên bị dừng. Hãy in ra rồi quét lại, hoặc lưu lại tệp đơn giản hơn.", err)
}

// PagesNone refuses a file without a page.
func PagesNone(what string) error {
	return refuse(NoPages, what+" has no page",
		"Tệp "+what+" không có trang nào. Hãy kiểm tra lại tệp gốc hoặc quét lại.", nil)
}

// SizeBad refuses a page or an image whose size is nothing a page can have.
func SizeBad(what string) error {
	return refuse(BadSize, "impossible page size: "+what,
		"Kích thước trang không hợp lệ ("+what+"). Hãy quét lại hoặc lưu lại tệp.", nil)
}

// SignedInBundle refuses files that are to be one paper, of which one carries signatures:
// they are worth something as long as that file stays by itself. Member counts from 1.
func SignedInBundle(member int) error {
	return refuse(SignedMember, fmt.Sprintf("file %d of the bundle carries signatures, which hold for that file alone", member),
		fmt.Sprintf("Tệp thứ %d đã có chữ ký số nên không thể ghép chung với tệp khác. Hãy nộp riêng tệp đó.", member), nil)
}
