package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/report"
	"hoso/pipeline/sign/signtest"
)

// onFiles is `hoso verify` on files in a folder, without any service.
type onFiles struct {
	t         *testing.T
	dir, root string
	spent     *time.Duration // on the processor, by the last run
}

func (o onFiles) file(name string, content []byte) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), content, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o onFiles) verify(args ...string) (out, errs string, code int) {
	o.t.Helper()
	cmd := exec.CommandContext(o.t.Context(), binary(o.t), append([]string{"verify", "--data", filepath.Join(o.dir, "data")}, args...)...) //nolint:gosec // the binary under test
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), "HOSO_TRUST="+o.root, "HOSO_REVOCATION=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		o.t.Fatal(err)
	}
	*o.spent = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return stdout.String(), stderr.String(), code
}

// TestVerifyFiles: several files are told one after the other, in either language; what
// is no whole PDF is told as that and does not stop the others.
func TestVerifyFiles(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, time.Now().Truncate(time.Second))
	o := onFiles{t, t.TempDir(), a.RootFile(t), new(time.Duration)}
	plain := signtest.Plain("GIAY PHEP SO 12")
	signed := a.Signed(t, plain, a.Identity(t, signtest.Key(t), nil), a.Stamper())
	lasting := a.Prolonged(t, signed, a.Stamper())
	o.file("lasting.pdf", lasting)
	o.file("changed.pdf", signtest.Rewritten(lasting, "GIAY PHEP SO 99"))
	o.file("unsigned.pdf", plain)
	o.file("cut.pdf", lasting[:len(lasting)-3000])
	o.file("empty.pdf", nil)
	o.file("letter.docx", []byte("PK\x03\x04 and so on"))

	out, errs, code := o.verify("nowhere.pdf", ".", "cut.pdf", "empty.pdf", "letter.docx", "unsigned.pdf", "changed.pdf", "lasting.pdf")
	for _, want := range []string{
		"ends in the middle", "has no bytes", "Office document", "no digital signature", "After Nguyễn Văn Thử signed, the file was changed",
		"The signature of Nguyễn Văn Thử is valid", "YES: in its period", "PAdES B-LTA", "1 good, 5 BAD",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("it does not say %q: %s", want, out)
		}
	}
	if code != 1 || !strings.Contains(errs, "nowhere.pdf: it is neither a file nor the ID of a paper") || !strings.Contains(errs, "verifying .: it is a folder") {
		t.Errorf("exit %d, %s", code, errs)
	}
	out, _, _ = o.verify("--lang", "vi", "changed.pdf")
	if !strings.Contains(strings.Join(strings.Fields(out), " "), "Tệp đã bị thay đổi sau khi Nguyễn Văn Thử ký") || strings.Contains(out, "signature") {
		t.Errorf("in Vietnamese: %s", out)
	}
	for _, wrong := range [][]string{{"--lang", "fr", "cut.pdf"}, {}} {
		if _, _, code := o.verify(wrong...); code != 2 {
			t.Errorf("%q: exit %d", wrong, code)
		}
	}
	if _, _, code := o.verify("nowhere.pdf"); code != 4 {
		t.Errorf("no such file: exit %d", code)
	}
	o.tellsPrograms()
}

// tellsPrograms: with --json, each file has one line with the whole report.
func (o onFiles) tellsPrograms() {
	o.t.Helper()
	out, _, code := o.verify("--json", "nowhere.pdf", "lasting.pdf", "changed.pdf")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 || code != 1 {
		o.t.Fatalf("%d lines, exit %d: %s", len(lines), code, out)
	}
	var got [3]struct {
		File, Error, SHA256 string
		Passed              bool
		Report              report.Report
	}
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &got[i]); err != nil {
			o.t.Fatal(err)
		}
	}
	if got[0].Error == "" || got[0].File != "nowhere.pdf" || got[1].Error != "" {
		o.t.Errorf("errors: %s", out)
	}
	r := got[1].Report
	if r.Verdict != "valid" || len(r.Signatures) != 2 || r.Signatures[0].Signer != "Nguyễn Văn Thử" || r.Signatures[0].Headline.Vietnamese == "" || r.File.Digest.String() != got[1].SHA256 {
		o.t.Errorf("the report is %+v", r)
	}
	if r := got[2].Report; r.Verdict != "changed" || r.Signatures[0].Findings[0].Code != "changed-later" {
		o.t.Errorf("the report of a changed file is %+v", r)
	}
}

// TestVerifyAllGoesOn: of all papers one that the service cannot judge is told, and the
// next one judged.
func TestVerifyAllGoesOn(t *testing.T) {
	t.Parallel()
	const lame, sound = "01J00000000000000000000001", "01J00000000000000000000002"
	answers := map[string]string{
		"/api/v1/find":                        `{"hits":[{"paper":{"id":"` + lame + `"}},{"paper":{"id":"` + sound + `"}}]}`,
		"/api/v1/papers/" + lame:              `{"id":"` + lame + `","state":"filed"}`,
		"/api/v1/papers/" + sound:             `{"id":"` + sound + `","state":"filed"}`,
		"/api/v1/papers/" + sound + "/verify": `{"passed":true,"checks":[],"trusted":true}`,
	}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusInternalServerError)
			body = `{"code":"internal","message":"Hệ thống gặp lỗi.","detail":"it broke"}`
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(service.Close)
	o := onFiles{t, t.TempDir(), "", new(time.Duration)}
	out, errs, code := o.verify("--all", "--server", service.URL, "--token", "x")
	if code != 1 || !strings.Contains(out, "good  "+sound) || !strings.Contains(errs, "verifying "+lame) {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

// TestVerifyHugeFiles: a gigabyte that is no PDF, and one that begins and ends as one, are
// told after seconds of work.
func TestVerifyHugeFiles(t *testing.T) {
	t.Parallel()
	o := onFiles{t, t.TempDir(), signtest.New(t, time.Now()).RootFile(t), new(time.Duration)}
	for name, at := range map[string]int64{"zeros.pdf": -1, "hollow.pdf": 1 << 30} {
		file, err := os.Create(filepath.Join(o.dir, name)) //nolint:gosec // in the test's own folder
		if err != nil {
			t.Fatal(err)
		}
		if err = file.Truncate(1 << 30); err == nil && at > 0 {
			_, err = file.WriteAt([]byte("%PDF-1.7\n"), 0)
		}
		if err == nil && at > 0 {
			_, err = file.WriteAt([]byte("\nstartxref\n12\n%%EOF\n"), at)
		}
		if err := errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	out, _, code := o.verify("zeros.pdf", "hollow.pdf")
	out = strings.Join(strings.Fields(out), " ")
	if code != 1 || !strings.Contains(out, "not a PDF") || !strings.Contains(out, "structure of the PDF is damaged") {
		t.Errorf("exit %d: %s", code, out)
	}
	if *o.spent > 40*time.Second {
		t.Errorf("it took %s of the processor", *o.spent)
	}
}
