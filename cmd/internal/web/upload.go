package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// apiReceive takes in one paper. The body goes straight through to the office and is
// held in memory nowhere.
func (s *Site) apiReceive(v *visit) error {
	line := &uplink{body: v.r.Body, ctl: http.NewResponseController(v.w), patience: s.patience}
	if v.r.ContentLength > s.MaxUpload+(1<<20) {
		return &http.MaxBytesError{Limit: s.MaxUpload}
	}
	receipt, err := s.receive(v, line)
	if err != nil && line.err != nil {
		err = cutLine(line.err)
	}
	// The answer has its own time: the upload may have used up what there was.
	_ = http.NewResponseController(v.w).SetWriteDeadline(time.Now().Add(writeDeadline))
	if _, more := errors.AsType[*oneFileOnly](err); more {
		s.writeJSON(v, http.StatusBadRequest, problemBody{
			Code: "one-file-only", Receipt: &receipt, Detail: "only the first file was received",
			Message: "Mỗi lần gửi chỉ một tệp. Chỉ tệp đầu tiên đã được nhận.",
		})
		return nil
	}
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if receipt.Again {
		status = http.StatusOK
	}
	v.w.Header().Set("Location", "/api/v1/papers/"+string(receipt.ID))
	s.writeJSON(v, status, receipt)
	return nil
}

func cutLine(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return &problem{status: http.StatusBadRequest, code: "cut-upload", say: "Đường truyền bị ngắt, tệp chưa được nhận. Hãy gửi lại; hệ thống không tạo bản trùng.", detail: "the upload broke off; nothing was received; send again", cause: err}
}

// uplink is the sender's line. It remembers its own failure, so that it is not taken
// for one of ours, and lets a slow line live as long as something comes.
type uplink struct {
	body     io.ReadCloser
	ctl      *http.ResponseController
	patience time.Duration
	err      error
}

// Read reads from the line. A deadline that outlived a whole body would end the request,
// since the server goes on reading to see whether the sender leaves; after a failure it
// stays, so that nobody waits for the rest.
func (u *uplink) Read(b []byte) (int, error) {
	_ = u.ctl.SetReadDeadline(time.Now().Add(u.patience)) // a test's recorder has no deadlines
	n, err := u.body.Read(b)
	switch {
	case errors.Is(err, io.EOF):
		_ = u.ctl.SetReadDeadline(time.Time{})
	case err != nil:
		u.err = err
	}
	return n, err
}

// Close closes the line.
func (u *uplink) Close() error { return u.body.Close() }

func (s *Site) receive(v *visit, line *uplink) (pipeline.Receipt, error) {
	media, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err == nil && media == "multipart/form-data" {
		return s.receiveForm(v, multipart.NewReader(line, params["boundary"]))
	}
	h := v.r.Header
	head := deposit{number: h.Get("Hoso-Dossier"), kind: h.Get("Hoso-Kind"), lane: h.Get("Hoso-Lane"), batch: h.Get("Hoso-Batch"), collate: h.Get("Hoso-Collate"), size: v.r.ContentLength}
	if head.name, err = url.PathUnescape(h.Get("Hoso-File-Name")); err != nil {
		return pipeline.Receipt{}, badRequest("file-name", "Hoso-File-Name is not percent-encoded", err)
	}
	if head.known, err = listedFields(h.Get("Hoso-Fields")); err != nil {
		return pipeline.Receipt{}, badRequest("fields", "Hoso-Fields is not a JSON list of fields with names and values, percent-encoded", err)
	}
	line.body = http.MaxBytesReader(v.w, v.r.Body, s.MaxUpload)
	return s.deposit(v, head, line)
}

func badRequest(code, detail string, err error) error {
	return &problem{status: http.StatusBadRequest, code: code, say: "Yêu cầu gửi lên không đúng mẫu.", detail: detail, cause: err}
}

// maxParts bounds how many parts stand before the file in a form.
const maxParts = 16

// receiveForm reads a form whose fields stand before its one file, since the file is
// not kept waiting anywhere until they come.
func (s *Site) receiveForm(v *visit, form *multipart.Reader) (pipeline.Receipt, error) {
	head := deposit{size: -1}
	for range maxParts {
		part, err := form.NextPart()
		if err != nil {
			return pipeline.Receipt{}, badRequest("form", "reading the form: a part named \"file\" is needed", err)
		}
		if part.FormName() == "file" {
			head.name = part.FileName()
			receipt, err := s.deposit(v, head, http.MaxBytesReader(v.w, part, s.MaxUpload))
			if err != nil {
				return receipt, err
			}
			if _, err := form.NextPart(); !errors.Is(err, io.EOF) {
				return receipt, &oneFileOnly{}
			}
			return receipt, nil
		}
		value, err := io.ReadAll(io.LimitReader(part, 1024))
		if err != nil {
			return pipeline.Receipt{}, fmt.Errorf("reading a form field: %w", err)
		}
		head.set(part.FormName(), string(value))
	}
	return pipeline.Receipt{}, badRequest("form", "too many parts before the file", nil)
}

// oneFileOnly says that a form went on after its file.
type oneFileOnly struct{}

// Error says so.
func (*oneFileOnly) Error() string { return "the form holds more than one file" }

// deposit is what a sender says of a paper.
type deposit struct {
	name, number, kind, lane, batch, collate string
	size                                     int64
	known                                    []pipeline.Field
}

func (d *deposit) set(name, value string) {
	switch name {
	case "dossier":
		d.number = value
	case "kind":
		d.kind = value
	case "lane":
		d.lane = value
	case "batch":
		d.batch = value
	case "collate":
		d.collate = value
	}
}

func (s *Site) deposit(v *visit, d deposit, body io.Reader) (pipeline.Receipt, error) {
	who := v.session.Who
	h := Handed{
		FileName: pipeline.SafeName(norm.NFC.String(d.name)), Sender: who.Account, Unit: who.Unit,
		Lane: pipeline.Desk, Known: d.known, Size: d.size, Body: body,
	}
	var err error
	if h.Kind, err = pipeline.ParseKind(d.kind); err != nil {
		return pipeline.Receipt{}, badRequest("kind", "kind is component, output or result", err)
	}
	if h.Batch, err = pipeline.ParseBatch(d.batch); err != nil {
		return pipeline.Receipt{}, badRequest("batch", pipeline.ErrBatch.Error(), err)
	}
	if h.Collate, err = pipeline.ParseCollation(d.collate); err != nil {
		return pipeline.Receipt{}, badRequest("collate", "collate is same or reverse", err)
	}
	if d.lane == string(pipeline.Batch) {
		h.Lane = pipeline.Batch
	}
	if strings.TrimSpace(d.number) != "" {
		if h.Dossier, err = s.parseNumber(d.number); err != nil {
			return pipeline.Receipt{}, err
		}
	}
	receipt, err := s.Office.Receive(v.r.Context(), h)
	if err == nil {
		s.news.arrived(who.Account, receipt.ID)
	}
	return receipt, err
}
