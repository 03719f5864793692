package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/text/unicode/norm"

	"hoso/cmd/internal/report"
	"hoso/pipeline"
)

const (
	// judgeTime is how long a file may take to arrive and be judged.
	judgeTime = 15 * time.Minute
	// judgeWait is how long somebody waits for others' files to be done with.
	judgeWait = 20 * time.Second
)

// verdictSheet is a report in one language, as a sheet of paper shows it.
type verdictSheet struct {
	*report.Report
	Lang report.Language
}

// Say gives a text in the language of the sheet.
func (s verdictSheet) Say(t report.Text) string { return t.In(s.Lang) }

// Word chooses one of two words.
func (s verdictSheet) Word(vietnamese, english string) string {
	return s.Say(report.Text{English: english, Vietnamese: vietnamese})
}

// sheetsOf are the sheets of a report: Vietnamese, then English.
func sheetsOf(r *report.Report) []verdictSheet {
	if r == nil {
		return nil
	}
	return []verdictSheet{{r, report.Vietnamese}, {r, report.English}}
}

// verifyBody is the page on which anybody may have a file judged.
type verifyBody struct {
	Max    int64
	Sheets []verdictSheet // of the file just judged
	Inner  []verdictSheet // of the signed file that it wraps
	Checks []Check        // of it
}

// Own are the checks that a report does not tell of.
func (b verifyBody) Own() []Check {
	var out []Check
	for _, c := range b.Checks {
		if told := c.Name == "signature" || c.Name == "inner" && c.Passed; !told {
			out = append(out, c)
		}
	}
	return out
}

func (s *Site) verifyPage(v *visit) error {
	s.render(v, http.StatusOK, "verify", "Kiểm tra chữ ký", verifyBody{Max: s.MaxUpload})
	return nil
}

// verifyForm judges the file of a form. It is read as it comes and kept nowhere.
func (s *Site) verifyForm(v *visit) error {
	verdict, err := s.judge(v, s.droppedFile)
	if err != nil {
		return err
	}
	s.render(v, http.StatusOK, "verify", "Kiểm tra chữ ký", verifyBody{s.MaxUpload, sheetsOf(verdict.Report), sheetsOf(verdict.Attached), verdict.Checks})
	return nil
}

// apiJudge judges the body of a request, or the file of a form.
func (s *Site) apiJudge(v *visit) error {
	verdict, err := s.judge(v, func(v *visit, line *uplink) (string, io.Reader, error) {
		if media, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type")); err == nil && media == "multipart/form-data" {
			return s.droppedFile(v, line)
		}
		name, err := url.PathUnescape(v.r.Header.Get("Hoso-File-Name"))
		if err != nil {
			return "", nil, badRequest("file-name", "Hoso-File-Name is not percent-encoded", err)
		}
		return name, line, nil
	})
	if err != nil {
		return err
	}
	verdict.Checks = orEmpty(verdict.Checks)
	s.writeJSON(v, http.StatusOK, verdict)
	return nil
}

// judge has a file judged that comes over the line, when a place for that is free. Of
// the file only its digest is logged.
func (s *Site) judge(v *visit, find func(*visit, *uplink) (string, io.Reader, error)) (Verdict, error) {
	ctx, end := context.WithTimeout(v.r.Context(), judgeTime)
	defer end()
	defer func() { // the answer has its own time: the upload may have used up what there was
		_ = http.NewResponseController(v.w).SetWriteDeadline(s.deadline(writeDeadline))
	}()
	if v.r.ContentLength > s.MaxUpload+(1<<20) {
		return Verdict{}, &http.MaxBytesError{Limit: s.MaxUpload}
	}
	leave, err := s.judges.take(ctx, v.session.Who.Account, s.turn)
	if err != nil {
		return Verdict{}, err
	}
	defer leave()
	line := &uplink{body: v.r.Body, ctl: http.NewResponseController(v.w), patience: s.patience}
	name, body, err := find(v, line)
	if err != nil {
		return Verdict{}, lineTrouble(line, err)
	}
	limited := http.MaxBytesReader(v.w, io.NopCloser(body), s.MaxUpload)
	verdict, err := s.Shelf.Judge(ctx, pipeline.SafeName(norm.NFC.String(name)), limited)
	if err != nil {
		return Verdict{}, lineTrouble(line, err)
	}
	return verdict, s.note(v, "verified", "", verdict.Report.File.Digest.String())
}

// lineTrouble says what became of a file whose line failed, or that took too long.
func lineTrouble(line *uplink, err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{status: http.StatusServiceUnavailable, code: "too-slow", say: "Việc kiểm tra mất quá nhiều thời gian nên đã dừng. Hãy thử lại, hoặc báo quản trị nếu vẫn vậy.", detail: "judging the file took too long", cause: err}
	case line.err != nil:
		return &problem{status: http.StatusBadRequest, code: "cut-upload", say: "Đường truyền bị ngắt giữa chừng, tệp chưa được kiểm tra. Hãy gửi lại.", detail: "the upload broke off; nothing was judged", cause: err}
	}
	return err
}

// droppedFile reads a form up to its file. The form's token must have come before, unless
// the request carries one itself.
func (s *Site) droppedFile(v *visit, line *uplink) (string, io.Reader, error) {
	_, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return "", nil, badRequest("form", "a form with a part named \"file\" is needed", err)
	}
	form := multipart.NewReader(line, params["boundary"])
	token := v.r.Header.Get("Hoso-Token")
	for range maxParts {
		part, err := form.NextPart()
		if err != nil {
			return "", nil, badRequest("form", "reading the form: a part named \"file\" is needed", err)
		}
		switch part.FormName() {
		case "token":
			value, err := io.ReadAll(io.LimitReader(part, 1024))
			if err != nil {
				return "", nil, fmt.Errorf("reading a form field: %w", err)
			}
			token = cmp.Or(token, string(value))
		case "file":
			if part.FileName() == "" {
				return "", nil, &problem{status: http.StatusUnprocessableEntity, code: "no-file", say: "Chưa chọn tệp nào. Hãy chọn một tệp PDF rồi bấm Kiểm tra.", detail: "no file was chosen"}
			}
			return part.FileName(), part, v.holds(token)
		}
	}
	return "", nil, badRequest("form", "too many parts before the file", nil)
}
