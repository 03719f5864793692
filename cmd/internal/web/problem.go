package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// problem is an error as its reader sees it. The sentence is for people; the cause is
// for the log, and its text for programs where it holds nothing of ours.
type problem struct {
	status int
	code   string
	say    string // Vietnamese
	detail string // English
	after  time.Duration
	cause  error
}

// Error gives the code and the cause.
func (p *problem) Error() string {
	if p.cause == nil {
		return p.code
	}
	return p.code + ": " + p.cause.Error()
}

// Unwrap gives the cause.
func (p *problem) Unwrap() error { return p.cause }

// problemOf decides what the reader of an error sees.
func problemOf(err error) *problem {
	var (
		known     *problem
		refusal   *pipeline.Refusal
		missing   *pipeline.Unavailable
		throttled *gate.Throttled
		large     *http.MaxBytesError
	)
	if p := misfitting(err); p != nil {
		return p
	}
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &large):
		return &problem{status: 413, code: "too-large", say: fmt.Sprintf("Tệp lớn hơn mức cho phép (%s).", sayBytes(large.Limit)), detail: fmt.Sprintf("limit is %d bytes", large.Limit), cause: err}
	case errors.As(err, &refusal):
		return &problem{status: 422, code: refusal.Reason.Code, say: refusal.Reason.Vietnamese, detail: refusal.Reason.English, cause: err}
	case errors.As(err, &missing):
		return lacking(missing, err)
	case errors.As(err, &throttled):
		return &problem{status: 429, code: "throttled", say: fmt.Sprintf("Thử sai quá nhiều lần. Hãy đợi %s rồi thử lại.", sayDuration(throttled.After)), after: throttled.After, cause: err}
	}
	return plainProblem(err)
}

// lacking is what the reader sees of a part that is missing. A disk that fills up does not
// mend by itself, so that is told by its name.
func lacking(missing *pipeline.Unavailable, err error) *problem {
	p := &problem{status: 503, code: "unavailable", say: "Hệ thống đang tạm gián đoạn. Hãy thử lại sau ít phút.", detail: missing.What + " is unavailable", after: max(missing.After, 5*time.Second), cause: err}
	if missing.What == receivingDisk {
		p.say, p.detail = "Ổ đĩa của máy chủ sắp đầy nên chưa nhận thêm được. Hãy báo người quản trị dọn chỗ trống; có chỗ là hệ thống nhận tiếp.", receivingDisk+" is unavailable: it is full, or fails"
	}
	return p
}

// receivingDisk is what receiving says it lacks when there is no room.
const receivingDisk = "the receiving disk"

func plainProblem(err error) *problem {
	p := &problem{status: 500, code: "internal", say: "Có lỗi bên trong hệ thống. Hãy thử lại; nếu vẫn lỗi, hãy báo quản trị.", cause: err}
	for _, known := range []struct {
		is error
		as problem
	}{
		{errLogin, problem{status: 401, code: "login", say: "Phiên làm việc đã hết. Hãy đăng nhập lại."}},
		{errSecret, problem{status: 403, code: "change-secret", say: "Hãy đổi mật khẩu lần đầu trước khi tiếp tục."}},
		{errForbid, problem{status: 403, code: "forbidden", say: "Tài khoản này không có quyền làm việc đó."}},
		{ErrInWork, problem{status: 503, code: "in-work", say: "Bản xem nhanh đang được tạo. Hãy mở lại sau ít phút.", detail: "the access copy is being made; ask again", after: 10 * time.Second}},
		{errReports, problem{status: 503, code: "in-work", say: "Báo cáo của một lô khác đang được lập. Hãy mở lại sau ít phút.", detail: "another report is being made; ask again", after: 15 * time.Second}},
		{fs.ErrNotExist, problem{status: 404, code: "not-found", say: "Không tìm thấy."}},
		{pipeline.ErrList, problem{status: 404, code: "not-found", say: "Không có danh mục này.", detail: "want agencies or procedures"}},
		{pipeline.ErrPaperID, problem{status: 404, code: "not-found", say: "Không tìm thấy."}},
		{pipeline.ErrStale, problem{status: 409, code: "stale", say: "Giấy tờ vừa thay đổi. Hãy xem trạng thái mới rồi làm lại."}},
		{pipeline.ErrRunLives, problem{status: 409, code: "run-lives", say: "Lô này đang được một lượt khác xử lý. Hãy đợi lượt đó xong hoặc dừng nó rồi chạy lại.", detail: "another run is going through this batch"}},
		{pipeline.ErrShelfTaken, problem{status: 409, code: "batch-taken", say: "Tên lô này đã dùng cho một thư mục khác. Hãy đặt tên lô khác.", detail: "the label belongs to another folder"}},
		{pipeline.ErrShelfFile, problem{status: 422, code: "shelf-file", say: "Thông tin về tệp trong lô không đúng mẫu.", detail: "a file of the batch cannot be written down; at most 1000 at a time"}},
		{pipeline.ErrDossierNumber, problem{status: 422, code: "dossier-number", say: "Mã số hồ sơ không đúng mẫu, ví dụ đúng: H42.15-221011-0001.", detail: "not a dossier number"}},
		{gate.ErrDenied, problem{status: 401, code: "denied", say: "Tên đăng nhập hoặc mật khẩu không đúng."}},
		{gate.ErrSecret, problem{status: 422, code: "secret", say: "Mật khẩu mới phải có từ 10 ký tự, không chứa tên đăng nhập và khác mật khẩu cũ."}},
		{gate.ErrAccount, problem{status: 422, code: "account", say: "Tên đăng nhập đã có hoặc không hợp lệ (chữ thường không dấu, số, dấu chấm, gạch)."}},
		{gate.ErrNotReady, problem{status: 422, code: "not-ready", say: "Tài khoản phải đang mở và đã đổi mật khẩu lần đầu."}},
		{context.Canceled, problem{status: 499, code: "cancelled", say: "Yêu cầu đã bị ngắt."}},
	} {
		if errors.Is(err, known.is) {
			*p = known.as
			p.cause = err
			return p
		}
	}
	return p
}

// fail answers with an error, and logs those that are ours.
func (s *Site) fail(v *visit, err error) {
	p := problemOf(err)
	if p.status >= 500 {
		s.Log.LogAttrs(v.r.Context(), slog.LevelError, "answering with an error",
			slog.String("route", v.r.Pattern), slog.Int("status", p.status), slog.String("code", p.code), slog.Any("error", p.cause))
	}
	h := v.w.Header()
	if p.after > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.after.Seconds()))))
	}
	// What was set for a good answer does not fit a bad one.
	for _, name := range []string{"Content-Disposition", "Content-Length", "ETag", "Accept-Ranges"} {
		h.Del(name)
	}
	if v.route.face == upload && v.route.act != gate.Look && p.status == http.StatusServiceUnavailable {
		if missing, ok := errors.AsType[*pipeline.Unavailable](p.cause); ok && missing.What == receivingDisk {
			p.say = "Giấy tờ này chưa được nhận. " + p.say
		} else {
			p.say = "Hệ thống đang tạm gián đoạn, giấy tờ này chưa được nhận. Hãy gửi lại sau ít phút."
		}
	}
	if v.route.face != page && v.route.face != dropped {
		s.failJSON(v, p)
		return
	}
	s.failPage(v, p)
}

type problemBody struct {
	Code    string            `json:"code"`
	Message string            `json:"message"` // Vietnamese
	Detail  string            `json:"detail"`  // English
	Receipt *pipeline.Receipt `json:"receipt,omitempty"`
	Misfits pipeline.Misfits  `json:"misfits,omitempty"` // of a list that was not imported
}

func (s *Site) failJSON(v *visit, p *problem) {
	if p.status == http.StatusUnauthorized {
		v.w.Header().Set("WWW-Authenticate", `Bearer realm="hoso"`)
	}
	misfits, _ := errors.AsType[pipeline.Misfits](p)
	s.writeJSON(v, p.status, problemBody{Code: p.code, Message: p.say, Detail: p.detail, Misfits: misfits})
}

func (s *Site) failPage(v *visit, p *problem) {
	get := v.r.Method == http.MethodGet
	switch {
	case errors.Is(p, errLogin):
		http.Redirect(v.w, v.r, "/login", http.StatusSeeOther)
	case errors.Is(p, errSecret) && get:
		http.Redirect(v.w, v.r, "/secret", http.StatusSeeOther)
	default:
		s.render(v, p.status, "problem", "Không thực hiện được", problemBody{Code: p.code, Message: p.say})
	}
}

// writeJSON answers with a value. The connection may be gone: nobody is left to tell.
func (s *Site) writeJSON(v *visit, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		s.Log.LogAttrs(v.r.Context(), slog.LevelError, "encoding an answer", slog.Any("error", err))
		status, body = http.StatusInternalServerError, []byte(`{"code":"internal","message":"","detail":""}`)
	}
	v.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(append(body, '\n'))
}
