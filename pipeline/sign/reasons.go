package sign

import (
	"errors"
	"fmt"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/pdf"
)

// refusals of Prepare.
func alreadySigned() error {
	return pipeline.Refuse(pipeline.Reason{
		Code:       "already-signed",
		English:    "the file already carries a signature",
		Vietnamese: "Tệp đã có chữ ký số. Hệ thống giữ nguyên tệp, không ký chồng lên; muốn ký thêm phải yêu cầu rõ ràng.",
	}, nil)
}

func lockedFile() error {
	return pipeline.Refuse(pipeline.Reason{
		Code:       "locked-pdf",
		English:    "a signature in the file permits no further changes, not even signatures (DocMDP, P=1)",
		Vietnamese: "Tệp đã được ký khóa (chứng nhận, không cho phép thay đổi) nên không thể ký thêm mà không làm hỏng chữ ký đó. Hãy lưu nguyên tệp, hoặc ký trên một bản chưa khóa.",
	}, nil)
}

func encrypted() error {
	return pipeline.Refuse(pipeline.Reason{
		Code:       "encrypted-pdf",
		English:    "an encrypted file cannot be signed as an archival record",
		Vietnamese: "Tệp PDF đang đặt mật khẩu hoặc mã hóa nên không thể ký để lưu trữ. Hãy bỏ mã hóa rồi gửi lại.",
	}, nil)
}

// broken turns damage in the file into a refusal and passes errors of reading on.
func broken(err error) error {
	if !errors.Is(err, pdf.ErrBroken) {
		return fmt.Errorf("reading the file to sign: %w", err)
	}
	return pipeline.Refuse(pipeline.Reason{
		Code:       "unreadable-pdf",
		English:    "the structure of the PDF cannot be read",
		Vietnamese: "Không đọc được cấu trúc tệp PDF, có thể tệp bị hỏng hoặc bị cắt cụt. Hãy quét hoặc xuất lại tệp.",
	}, err)
}

// badKey says that the signing key or certificate, not the paper, is at fault.
func badKey(format string, args ...any) error {
	return &pipeline.Unavailable{What: keyAway, Err: fmt.Errorf(format, args...)}
}

// keyAway is what is unavailable when a key or its certificate is at fault.
const keyAway = "signing key"
