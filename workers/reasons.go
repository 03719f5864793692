package workers

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/revocation"
)

// The two kinds of failure that are tried again.
const (
	waiting   = "unavailable"
	inTrouble = "step-failed"
)

func stopped() pipeline.Reason {
	return pipeline.Reason{
		Code: "interrupted", English: "the worker was stopped in the middle of the step",
		Vietnamese: "Hệ thống đang khởi động lại; giấy tờ sẽ được xử lý tiếp ngay sau đó.",
	}
}

// waits is the code of papers that wait for the surroundings.
const waits = "unavailable"

// Lacking is what a paper says that waits for the surroundings.
func Lacking(u *pipeline.Unavailable) pipeline.Reason {
	english, vietnamese := u.What+" does not answer", inVietnamese(u.What)
	if say, cause := unfit(u); cause != nil {
		english, vietnamese = u.What+" cannot be used: "+cause.Error(), say
	}
	return pipeline.Reason{
		Code: waits, English: english + "; the paper waits",
		Vietnamese: fmt.Sprintf("Đang chờ %s. Giấy tờ đã được lưu an toàn và sẽ tự xử lý tiếp, không cần gửi lại.", vietnamese),
	}
}

// unfit gives what people wait for where something is known to be wrong with a certificate,
// and what that is; nil if it is something else.
func unfit(err error) (string, error) {
	switch {
	case errors.Is(err, sign.ErrNoRoot): // before ErrNoSource, which it may have led to
		return "chứng thư số ký được nối tới chứng thư gốc tin cậy (người quản trị cần khai báo tệp chứng thư gốc của tổ chức cấp ở HOSO_TRUST rồi khởi động lại)", sign.ErrNoRoot
	case errors.Is(err, sign.ErrRevoked):
		return "chứng thư số ký khác: chứng thư đang dùng đã bị thu hồi nên không được ký (người quản trị cần liên hệ tổ chức cấp và thay khóa ký)", sign.ErrRevoked
	case errors.Is(err, revocation.ErrNoSource):
		return "chứng thư số ký có địa chỉ kiểm tra thu hồi (người quản trị cần thay chứng thư, hoặc đặt HOSO_REVOCATION=off rồi khởi động lại)", revocation.ErrNoSource
	}
	return "", nil
}

// inVietnamese names the parts of the surroundings that can be missing.
func inVietnamese(part string) string {
	switch part {
	case "timestamp authority":
		return "máy chủ cấp dấu thời gian hoạt động trở lại"
	case "revocation data":
		return "tổ chức cấp chứng thư số cho biết chứng thư ký chưa bị thu hồi (máy chủ OCSP, CRL chưa trả lời; người quản trị cần kiểm tra đường mạng ra ngoài)"
	case "signing key":
		return "khóa ký số dùng được (người quản trị cần kiểm tra thiết bị ký, dịch vụ ký hoặc tệp khóa ký, và hạn của chứng thư số)"
	case "object storage":
		return "kho lưu trữ tệp hoạt động trở lại"
	case "catalog":
		return "cơ sở dữ liệu hoạt động trở lại"
	case "the recognizer":
		return "chương trình nhận dạng chữ khởi động lại được (người quản trị cần kiểm tra ngôn ngữ và mô hình nhận dạng)"
	case "the receiving disk", "the work disk":
		return "ổ đĩa của máy chủ có chỗ trống và hoạt động trở lại"
	}
	return "một dịch vụ của hệ thống hoạt động trở lại"
}

func troubled(state pipeline.State) pipeline.Reason {
	return pipeline.Reason{
		Code: inTrouble, English: fmt.Sprintf("the step after %q failed; the cause is in the event log", state),
		Vietnamese: "Xử lý chưa thành công, hệ thống sẽ thử lại. Nếu lỗi lặp lại, hãy báo người quản trị xem nhật ký của giấy tờ này.",
	}
}

// asking leaves p waiting for a person if anything is asked, with one reason that says
// all of it; else p stays in its state.
func asking(p pipeline.Paper, asked []pipeline.Reason) pipeline.Paper {
	p.Asked, p.Reason = nil, pipeline.Reason{}
	for i, r := range asked {
		if i == 0 {
			p.State, p.Reason = pipeline.Confirming, r
			continue
		}
		p.Asked = asked
		p.Reason.English += "; " + r.English
		p.Reason.Vietnamese += " " + r.Vietnamese
	}
	return p
}

// those gives the reasons that say something.
func those(all ...pipeline.Reason) []pipeline.Reason {
	return slices.DeleteFunc(all, pipeline.Reason.IsZero)
}

// asks reports whether p waits for an answer to the question of that code.
func asks(p pipeline.Paper, code string) bool {
	return slices.ContainsFunc(p.Questions(), func(r pipeline.Reason) bool { return r.Code == code })
}

// answers are what a person has settled of a paper.
type answers struct{ number, secret, accept, sheet, rest bool }

// unanswered gives what p still asks after these answers. Fields are asked anew.
func unanswered(p pipeline.Paper, a answers) []pipeline.Reason {
	var left []pipeline.Reason
	for _, r := range p.Questions() {
		done := a.rest
		switch r.Code {
		case fieldsCode:
			done = true
		case secretStamp:
			done = a.secret
		case pipeline.ReasonSignatures:
			done = a.accept
		case pipeline.ReasonSheetUnreadable:
			done = a.sheet || a.rest
		case numberMissingCode, numberUnsureCode, numberContradictsCode, pipeline.ReasonUnitUnknown, pipeline.ReasonUnitNotThen:
			done = a.number
		}
		if !done {
			left = append(left, r)
		}
	}
	return left
}

// Codes of the questions about a paper's number and fields.
const (
	numberMissingCode = "number-not-found"
	numberUnsureCode  = "number-unsure"
	fieldsCode        = "fields-unsure"

	numberContradictsCode = "number-contradicts"
)

// fieldsUnsure holds a paper with fields that the policy wants looked at.
func fieldsUnsure(names []pipeline.FieldName) pipeline.Reason {
	return pipeline.Reason{
		Code: fieldsCode, English: fmt.Sprintf("fields that the policy wants looked at: %v", names),
		Vietnamese: fmt.Sprintf("Có %d trường thông tin cần cán bộ xem lại và xác nhận.", len(names)),
	}
}

func numberMissing() pipeline.Reason {
	return pipeline.Reason{
		Code: numberMissingCode, English: "no dossier number was given and none was found on the paper",
		Vietnamese: "Không tìm thấy mã số hồ sơ trên giấy tờ. Hãy nhập mã số hồ sơ để tiếp tục.",
	}
}

// rejectedForGood says that a rejected paper is not worked on again, and what to do: hand
// it in again, or go on with the paper that has its pages. What is handed in again as the same
// bytes is the stack that it was of, as long as that has other papers.
func rejectedForGood(p pipeline.Paper) pipeline.Reason {
	r := pipeline.Reason{
		Code: "rejected", English: "a rejected paper is not worked on again; hand it in again, and it becomes a new paper",
		Vietnamese: "Giấy tờ này đã bị từ chối nên không được xử lý lại. Hãy gửi lại tệp, hệ thống sẽ nhận như một giấy tờ mới.",
	}
	switch {
	case p.Into != "":
		r.English = "the paper was merged and is not worked on again; its pages are in the paper " + string(p.Into) + ", go on with that one"
		r.Vietnamese = "Giấy tờ này đã được ghép nên không được xử lý lại. Các trang của nó nay ở giấy tờ " + string(p.Into) + ", hãy làm tiếp ở giấy tờ đó."
	case p.Parted != "" || len(p.Parts) > 0:
		r.English = "a rejected paper is not worked on again; it is a part of a stack: scan its pages anew and hand them in"
		r.Vietnamese = "Giấy tờ này đã bị từ chối nên không được xử lý lại. Nó là một phần của một tệp nhiều giấy tờ: hãy quét lại các trang của nó rồi gửi như một giấy tờ mới."
	}
	return r
}

// secretStamp is the code of papers whose text nobody may search for.
const secretStamp = pipeline.ReasonSecret

// secret holds a paper that bears a stamp of secrecy: papers of state secrets are out of
// scope (Circular 01/2023/TT-VPCP).
func secret(level string) pipeline.Reason {
	return pipeline.Reason{
		Code: secretStamp, English: "the paper bears a stamp of secrecy: " + level,
		Vietnamese: "Giấy tờ có dấu chỉ độ " + level + ": tài liệu bí mật nhà nước không thuộc phạm vi số hóa. Hãy từ chối giấy tờ này; nếu hệ thống đọc nhầm, hãy xác nhận mã số hồ sơ để tiếp tục.",
	}
}

// tellUnreadable adds to what a person is asked the pages whose text cannot be trusted:
// a better scan may be had while the citizen is still there.
func tellUnreadable(r pipeline.Reason, pages []pipeline.Page) pipeline.Reason {
	var numbers []int
	for _, p := range pages {
		if p.Verdict == pipeline.VerdictUnreadable {
			numbers = append(numbers, p.Number)
		}
	}
	if len(numbers) == 0 {
		return r
	}
	which := someOf(numbers)
	r.English += "; unreadable pages: " + which
	r.Vietnamese += " Chữ không đọc rõ ở trang " + which + "; nên quét lại nếu còn bản giấy."
	return r
}

// someOf lists numbers of pages, of many the first.
func someOf(pages []int) string {
	const listed = 5
	var numbers []string
	for _, n := range pages[:min(len(pages), listed)] {
		numbers = append(numbers, strconv.Itoa(n))
	}
	if len(pages) > listed {
		numbers = append(numbers, "…")
	}
	return strings.Join(numbers, ", ")
}

// sheetUnreadable holds a stack that cannot be parted at all of its separator sheets.
func sheetUnreadable(pages []int) pipeline.Reason {
	which := someOf(pages)
	return pipeline.Reason{
		Code: pipeline.ReasonSheetUnreadable, Page: pages[0], English: "pages that look like separator sheets and cannot be read: " + which,
		Vietnamese: "Trang " + which + " giống tờ phân cách nhưng không đọc được mã, nên chưa tách được giấy tờ ở đó. Hãy xem các trang, tách giấy tờ tại tờ phân cách và bỏ tờ đó ra; nếu không cần tách, hãy bấm Đúng là một giấy tờ hoặc xác nhận mã số hồ sơ. Nếu trang có sọc, cần lau kính máy quét.",
	}
}

func numberUnsure(candidates int) pipeline.Reason {
	return pipeline.Reason{
		Code: numberUnsureCode, English: fmt.Sprintf("%d dossier numbers were found, none of them for sure", candidates),
		Vietnamese: fmt.Sprintf("Tìm thấy %d mã số hồ sơ nhưng chưa chắc chắn. Hãy chọn hoặc nhập mã số đúng.", candidates),
	}
}
