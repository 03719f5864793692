package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/testdata/judge"
	"hoso/testdata/paper"
)

// perPage is what a page of an access copy may weigh, in bytes.
const perPage = 60_000

// lightIsHonest holds an access copy against its record: strangers find it sound, it
// has the record's text, it says what it is, and it carries no signature.
func lightIsHonest(t *testing.T, light, record string, pages int) {
	t.Helper()
	if v := judge.VeraPDF(t, light); !v.Compliant {
		t.Errorf("veraPDF: %+v", v)
	}
	if said := judge.QPDF(t, light); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	if got, want := judge.PDFToText(t, light), judge.PDFToText(t, record); got != want {
		t.Errorf("the copy's text is\n%s\nwant the record's\n%s", got, want)
	}
	b := loaded(t, light)
	if len(b) > pages*perPage {
		t.Errorf("%d pages weigh %d bytes", pages, len(b))
	}
	for _, part := range []string{"urn:sha256:" + pipeline.Sum(loaded(t, record)).String(), "access copy", "không có giá trị pháp lý"} {
		if !bytes.Contains(b, []byte(part)) {
			t.Errorf("the metadata do not say %q", part)
		}
	}
	if found := judge.PDFSig(t, light); len(found) != 0 {
		t.Errorf("a copy carries signatures: %+v", found)
	}
}

// TestConvertAccessCopy makes one of a scan, a fax, a document of an office program
// and a photograph turned on its side, joined.
func TestConvertAccessCopy(t *testing.T) {
	t.Parallel()
	s := letter(t)
	light := filepath.Join(t.TempDir(), "xem nhanh.pdf")
	c := convert(t, "--json", "--access-copy", light,
		saved(t, "a.jpg", s.jpeg), saved(t, "b.tif", s.tiff(t)), saved(t, "c.pdf", s.typeset(t)),
		saved(t, "d.jpg", must(t)(s.lying(1, 1))))
	if c.code != 0 {
		t.Fatalf("exit %d: %s", c.code, c.said)
	}
	var told struct {
		Light struct {
			File   string          `json:"file"`
			Digest pipeline.Digest `json:"sha256"`
			Bytes  int             `json:"bytes"`
			Words  int             `json:"words"`
			Differ []int           `json:"differ"`
		} `json:"access_copy"`
	}
	if err := json.Unmarshal([]byte(c.out), &told); err != nil {
		t.Fatal(err)
	}
	b := loaded(t, light)
	if l := told.Light; l.File != light || l.Digest != pipeline.Sum(b) || l.Bytes != len(b) || l.Words == 0 || len(l.Differ) > 0 {
		t.Errorf("told %+v of a copy of %d bytes", told.Light, len(b))
	}
	lightIsHonest(t, light, c.record, 4)
	for _, page := range []string{"1", "2", "4"} {
		// Poppler makes stencils paler when it draws them this small: drawn larger, the
		// copy must look like the record at least as much as the sheet does.
		stem := filepath.Join(t.TempDir(), "page")
		made(t, "pdftoppm", "-r", "96", "-gray", "-png", "-singlefile", "-f", page, "-l", page, light, stem)
		made(t, "convert", stem+".png", "-filter", "box", "-resize", "25%", stem+".png")
		got, _, err := image.Decode(bytes.NewReader(loaded(t, stem+".png")))
		if err != nil {
			t.Fatal(err)
		}
		if r := likeness(got, withBand(s.scan)); r < 0.8 {
			t.Errorf("page %s of the copy looks like the sheet by %.2f", page, r)
		}
	}
}

// withBand is a sheet with the band below it that says what a copy is.
func withBand(img *image.RGBA) image.Image {
	out := image.NewGray(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()*(842+16)/842))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	gray := paper.Gray(img)
	copy(out.Pix, gray.Pix)
	return out
}

// TestConvertAccessCopyOfSigned reads a file that somebody signed, and leaves it as it
// is.
func TestConvertAccessCopyOfSigned(t *testing.T) {
	t.Parallel()
	first := convert(t, saved(t, "a.jpg", letter(t).jpeg))
	light := filepath.Join(t.TempDir(), "light.pdf")
	second := convert(t, "--access-copy", light, first.record)
	if second.code != 0 || !sameBytes(t, first.record, second.record) {
		t.Fatalf("exit %d: %s", second.code, second.said)
	}
	if b := loaded(t, light); !bytes.Contains(b, []byte("urn:sha256:"+pipeline.Sum(loaded(t, first.record)).String())) {
		t.Error("the copy does not name the signed file")
	}
	if said := judge.QPDF(t, light); said != "" {
		t.Errorf("qpdf: %s", said)
	}
}

// TestServiceAccessCopy: with the setting, a filed paper's copy is there some time
// later, and again after it was lost; without, there is none.
func TestServiceAccessCopy(t *testing.T) {
	s := newService(t, "HOSO_ACCESS_COPY=yes")
	papers, code := s.submitted(filepath.Join(scans, "quyet-dinh.jpg"))
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed {
		t.Fatalf("exit %d, %+v; want it filed", code, papers)
	}
	id := string(papers[0].ID)
	dir := t.TempDir()
	record, light := filepath.Join(dir, "record.pdf"), filepath.Join(dir, "light.pdf")
	if out, code := s.hoso("get", id, "-o", record); code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	if out, code := s.hoso("get", "--light", "--wait", "0s", id, "-o", light); code == 5 {
		if _, err := os.Stat(light); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file although there is no copy yet: %v", err)
		}
	} else if code != 0 {
		t.Errorf("exit %d: %s", code, out)
	}
	s.getsLight(id, light)
	lightIsHonest(t, light, record, 1)
	named := filepath.Join(s.data, "objects")
	err := filepath.WalkDir(named, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, "/light/") {
			return err
		}
		return os.Remove(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(dir, "again.pdf")
	s.getsLight(id, again)
	if !sameBytes(t, light, again) {
		t.Error("made anew it is another file")
	}
	if _, code := s.hoso("verify", id); code != 0 {
		t.Errorf("verify: exit %d", code)
	}
	s.stop()
	s.env = nil
	s.start()
	if _, code := s.hoso("get", "--light", id, "-o", filepath.Join(dir, "third.pdf")); code != 0 {
		t.Errorf("exit %d: a copy that is there is given without the setting, too", code)
	}
}

// getsLight asks for an access copy, which is there at last.
func (s *service) getsLight(id, path string) {
	s.t.Helper()
	out, code := s.hoso("get", "--light", id, "-o", path)
	if code != 0 {
		s.t.Fatalf("exit %d: %s", code, out)
	}
}

// TestWhatIsNotThere: who asks for a version or a copy that there is not is told that.
func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newService(t)
	papers, code := s.submitted("--dossier", "H42.15-221012-0009", filepath.Join(scans, "quyet-dinh.jpg"))
	if code != 0 || len(papers) != 1 {
		t.Fatalf("exit %d, %+v", code, papers)
	}
	for flag, want := range map[string]string{"--version=2": "version 2 of the record: it has 1", "--light": "there is no access copy of it (see HOSO_ACCESS_COPY)"} {
		cmd := exec.CommandContext(t.Context(), binary(t), "get", "--data", s.data, string(papers[0].ID), flag, "-o", filepath.Join(t.TempDir(), "out.pdf")) //nolint:gosec // the binary under test
		out, _ := cmd.CombinedOutput()                                                                                                                       // the exit code is looked at below
		if code := cmd.ProcessState.ExitCode(); code != 4 || !strings.Contains(string(out), want) || strings.Contains(string(out), ":  (") {
			t.Errorf("get %s: exit %d: %s", flag, code, out)
		}
	}
}
