package web_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// judging is a bench at which files of an authority are judged.
type judging struct {
	*bench
	*person

	a             *signtest.Authority
	signed, plain []byte
}

func newJudging(t *testing.T, change ...func(*web.Options)) judging {
	t.Helper()
	b, lan := clerk(t, change...)
	a := signtest.New(t, b.clock())
	plain := signtest.Plain("GIAY PHEP SO 12")
	signed := a.Signed(t, plain, a.Identity(t, signtest.Key(t), nil), a.Stamper())
	b.trust = sign.Trust{Roots: a.Roots(), Now: b.clock(), Status: a.Status()}
	return judging{b, lan, a, a.Prolonged(t, signed, a.Stamper()), plain}
}

// form is a form with a token and a file, as a browser without script sends it.
func form(t *testing.T, token, name string, file []byte) (body *bytes.Buffer, media string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	part, err := w.CreateFormField("token")
	if err == nil {
		_, err = part.Write([]byte(token))
	}
	if err != nil {
		t.Fatal(err)
	}
	if part, err = w.CreateFormFile("file", name); err == nil {
		_, err = part.Write(file)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

func (j judging) drop(t *testing.T, token, name string, file []byte) answer {
	t.Helper()
	body, media := form(t, token, name, file)
	return j.do("POST", "/verify", body, "Content-Type", media)
}

// TestDropAFile: a form without script gets the whole report, a file that was changed or
// is no PDF is told as that, and the log has the digest alone.
func TestDropAFile(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	if got := j.get("/verify"); !strings.Contains(got.body, `enctype="multipart/form-data"`) || !strings.Contains(got.body, "xóa ngay") {
		t.Errorf("the page = %d %s", got.code, got.body)
	}
	for _, c := range []struct {
		name string
		file []byte
		says []string
	}{
		{"signed", j.signed, []string{"hợp lệ, nội dung đã ký không thay đổi", "Nguyễn Văn Thử", "UBND xã Thử", "TEST ISSUING AUTHORITY", "CÓ: còn thời hạn", "PAdES B-LTA", "TEST TIMESTAMPS", "Toàn bộ tệp", "is valid, and what it covers", pipeline.Sum(j.signed).String()}},
		{"changed", signtest.Rewritten(j.signed, "GIAY PHEP SO 99"), []string{"bị thay đổi sau khi", "không phải nội dung đã ký", "đúng tệp lúc ký"}},
		{"unsigned", j.plain, []string{"không có chữ ký số", "bản có ký số"}},
		{"a picture", []byte("\x89PNG\r\n\x1a\n"), []string{"không phải PDF"}},
	} {
		got := j.drop(t, j.form, "Đơn của ông Bình.pdf", c.file)
		if got.code != http.StatusOK {
			t.Errorf("%s = %d", c.name, got.code)
		}
		for _, want := range append(c.says, "Đơn của ông Bình.pdf") {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s: the page lacks %q", c.name, want)
			}
		}
		log := j.log()
		last := log[len(log)-1]
		if last.Act != "verified" || last.Account != "lan" || last.Paper != "" || last.Detail != pipeline.Sum(c.file).String() {
			t.Errorf("%s is logged as %+v", c.name, last)
		}
	}
	if len(j.papers) != 0 {
		t.Errorf("%d papers were made of files that were only judged", len(j.papers))
	}
}

// TestDropNeedsItsToken: another site cannot have files judged in somebody's name, and a
// look that cannot be logged is not given.
func TestDropNeedsItsToken(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	for _, token := range []string{"", "0123"} {
		if got := j.drop(t, token, "a.pdf", j.signed); got.code != http.StatusForbidden || strings.Contains(got.body, "Nguyễn Văn Thử") {
			t.Errorf("with token %q = %d", token, got.code)
		}
	}
	if got := j.do("POST", "/verify", strings.NewReader("x"), "Content-Type", "text/plain"); got.code != http.StatusBadRequest {
		t.Errorf("no form = %d", got.code)
	}
	if got := j.drop(t, j.form, "", nil); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Chưa chọn tệp") {
		t.Errorf("no file = %d %s", got.code, got.body)
	}
	j.breakLog()
	if got := j.drop(t, j.form, "a.pdf", j.signed); got.code != http.StatusServiceUnavailable || strings.Contains(got.body, "Nguyễn Văn Thử") {
		t.Errorf("without a log = %d", got.code)
	}
}

type judgedJSON struct {
	Passed bool
	Report struct {
		Verdict, Tone string
		File          struct{ Name string }
		Headline      struct{ English, Vietnamese string }
		Signatures    []struct {
			Signer, Level, Proof string
			Revocation           struct{ Source, Kind string }
		}
	}
}

// TestJudgeByProgram: a body, or a form, is judged and answered in JSON.
func TestJudgeByProgram(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	got := decode[judgedJSON](t, j.do("POST", "/api/v1/verify", bytes.NewReader(j.signed), "Hoso-Token", j.form, "Hoso-File-Name", url.PathEscape("Giấy phép.pdf")))
	if !got.Passed || got.Report.Verdict != "valid" || got.Report.Tone != "good" || got.Report.File.Name != "Giấy phép.pdf" || len(got.Report.Signatures) != 2 {
		t.Errorf("judged as %+v", got)
	}
	if s := got.Report.Signatures[0]; s.Signer != "Nguyễn Văn Thử" || s.Level != "B-LTA" || s.Proof != "timestamp" || s.Revocation.Source != "file" {
		t.Errorf("signature %+v", s)
	}
	body, media := form(t, "", "a.pdf", j.plain)
	if got := decode[judgedJSON](t, j.do("POST", "/api/v1/verify", body, "Content-Type", media, "Hoso-Token", j.form)); got.Report.Verdict != "unsigned" || got.Report.Headline.English == "" {
		t.Errorf("a form is judged as %+v", got)
	}
	if got := j.do("POST", "/api/v1/verify", bytes.NewReader(j.signed)); got.code != http.StatusForbidden {
		t.Errorf("without the token = %d", got.code)
	}
}

// TestJudgeIsBounded: what is too large is refused, a line that breaks off or a disk that
// is full is told, and nothing of the file is in the program's log.
func TestJudgeIsBounded(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	j := newJudging(t, func(o *web.Options) {
		o.MaxUpload, o.Log = 64<<10, slog.New(slog.NewTextHandler(&log, nil))
	})
	large := bytes.Repeat([]byte("x"), 100<<10)
	if got := j.drop(t, j.form, "Bình.pdf", large); got.code != http.StatusRequestEntityTooLarge || !strings.Contains(got.body, "Tệp lớn hơn mức cho phép") {
		t.Errorf("too large = %d", got.code)
	}
	if got := decode[problemJSON](t, j.do("POST", "/api/v1/verify", bytes.NewReader(large), "Hoso-Token", j.form)); got.Code != "too-large" {
		t.Errorf("too large for the API: %+v", got)
	}
	body, media := form(t, j.form, "Bình.pdf", j.plain)
	if got := j.do("POST", "/verify", bytes.NewReader(body.Bytes()[:body.Len()-100]), "Content-Type", media); got.code != http.StatusBadRequest && got.code != http.StatusInternalServerError {
		t.Errorf("cut off = %d", got.code)
	}
	j.breakMoves(&pipeline.Unavailable{What: "the receiving disk", After: time.Minute, Err: errors.New("no space left")})
	full := j.do("POST", "/api/v1/verify", bytes.NewReader(j.plain), "Hoso-Token", j.form)
	if p := decode[problemJSON](t, full); full.code != http.StatusServiceUnavailable || strings.Contains(p.Message, "chưa được nhận") || full.header.Get("Retry-After") != "60" {
		t.Errorf("disk full = %d %+v", full.code, p)
	}
	if strings.Contains(log.String(), "Bình") || strings.Contains(log.String(), "GIAY") {
		t.Errorf("the log tells of the file: %s", log.String())
	}
}

// TestFewAreJudgedAtOnce: when all places are taken one is told to come again, and a
// sender that falls silent holds none for long.
func TestFewAreJudgedAtOnce(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	until := make(chan struct{})
	j.slowDown(until)
	ask := func() answer { return j.do("POST", "/api/v1/verify", bytes.NewReader(j.plain), "Hoso-Token", j.form) }
	const places = 4
	answers := make(chan answer, places+1)
	for range places + 1 {
		go func() { answers <- ask() }()
	}
	first := <-answers
	if p := decode[problemJSON](t, first); first.code != http.StatusServiceUnavailable || p.Code != "busy" || first.header.Get("Retry-After") == "" {
		t.Errorf("one too many = %d %+v", first.code, p)
	}
	close(until)
	for range places {
		if got := <-answers; got.code != http.StatusOK {
			t.Errorf("one of the others = %d %s", got.code, got.body)
		}
	}
	j.slowDown(nil)
	silent, says := io.Pipe()
	t.Cleanup(func() { _ = says.Close() })
	go func() { _, _ = says.Write([]byte("%PDF-1.7")) }() // and nothing more
	if got := decode[problemJSON](t, j.do("POST", "/api/v1/verify", silent, "Hoso-Token", j.form)); got.Code != "cut-upload" || strings.Contains(got.Message, "bản trùng") {
		t.Errorf("a silent sender: %+v", got)
	}
	if got := ask(); got.code != http.StatusOK {
		t.Errorf("after the silent one = %d", got.code)
	}
}

// TestVerdictSheet: the page of a paper shows all that is known of its record's signatures,
// and the API gives it.
func TestVerdictSheet(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	id := j.send("a.pdf", "H42.15-221011-0001", "%PDF-1.7 x").ID
	record := j.put(j.signed)
	j.move(id, "filed", func(p *pipeline.Paper) { p.State, p.Record, p.RecSize = pipeline.Filed, record, int64(len(j.signed)) })
	page := j.get("/papers/" + string(id) + "/verdict").body
	for _, want := range []string{"Phiếu kiểm tra chữ ký số", "Chữ ký hợp lệ, tệp còn nguyên vẹn.", "Nguyễn Văn Thử", "Đơn vị quản lý", "Tổ chức cấp chứng thư số", "English", "In phiếu"} {
		if !strings.Contains(page, want) {
			t.Errorf("the sheet lacks %q", want)
		}
	}
	got := decode[judgedJSON](t, j.get("/api/v1/papers/"+string(id)+"/verify"))
	if got.Report.Verdict != "valid" || len(got.Report.Signatures) != 2 {
		t.Errorf("the API says %+v", got)
	}
	j.trust.Roots = x509.NewCertPool()
	page = j.get("/papers/" + string(id) + "/verdict").body
	if strings.Contains(page, "Chữ ký hợp lệ") || !strings.Contains(page, "Tệp được lưu còn nguyên vẹn.") {
		t.Error("whose signer nobody knows is told to be validly signed")
	}
}

// TestVerdictSheetOfAWrapper: it tells of the signatures in the file that the record wraps,
// too, and among the checks if they do not hold.
func TestVerdictSheetOfAWrapper(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	record := j.put(j.signed)
	for inner, c := range map[string]struct {
		file  []byte
		among bool
	}{"valid": {j.signed, false}, "changed": {signtest.Rewritten(j.signed, "GIAY PHEP SO 99"), true}} {
		id := j.send("a.pdf", "H42.15-221011-0001", "%PDF-1.7 "+inner).ID
		wraps := j.put(c.file)
		j.move(id, "filed", func(p *pipeline.Paper) {
			p.State, p.Record, p.RecSize, p.Wraps = pipeline.Filed, record, int64(len(j.signed)), wraps
		})
		page := j.get("/papers/" + string(id) + "/verdict").body
		if n := strings.Count(page, `class="verdict-sheet"`); n != 4 || !strings.Contains(page, "Chữ ký trong tệp gốc đính kèm") {
			t.Errorf("%s: %d sheets", inner, n)
		}
		if strings.Contains(page, "Tệp gốc đính kèm: xem bên dưới.") != c.among {
			t.Errorf("%s: among the checks: %t, want %t", inner, !c.among, c.among)
		}
		got := decode[struct{ Attached struct{ Verdict string } }](t, j.get("/api/v1/papers/"+string(id)+"/verify"))
		if got.Attached.Verdict != inner {
			t.Errorf("the API says %+v, want %s", got, inner)
		}
	}
}

// TestReadersMayJudge: it takes the right to look and no more.
func TestReadersMayJudge(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	j.account(t, "doc", gate.Reader, "")
	doc := j.enter(t, "doc")
	body, media := form(t, doc.form, "a.pdf", j.signed)
	if got := doc.do("POST", "/verify", body, "Content-Type", media); got.code != http.StatusOK || !strings.Contains(got.body, "hợp lệ") {
		t.Errorf("a reader gets %d", got.code)
	}
	if !slices.ContainsFunc(j.log(), func(v web.View) bool { return v.Account == "doc" && v.Act == "verified" }) {
		t.Error("a reader's look is not logged")
	}
}
