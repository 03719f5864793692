package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/testdata/hostile"
	"hoso/testdata/judge"
	"hoso/testdata/paper"
	"hoso/workers/bench"
)

// keysFolder is shared by all conversions, as on a user's machine: the first makes
// the demonstration keys, several at once may want to.
var keysFolder = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "hoso-keys-*") })

// conversion is how one run of convert ended.
type conversion struct {
	record string
	out    string
	said   string
	code   int
}

// convert runs convert into a new record and makes sure that nothing is left behind.
func convert(t *testing.T, args ...string) conversion {
	t.Helper()
	keys, err := keysFolder()
	if err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	c := conversion{record: filepath.Join(t.TempDir(), "bản ghi.pdf")}
	line := []string{"convert", "--data", keys}
	if !slices.Contains(args, "-o") {
		line = append(line, "-o", c.record)
	}
	cmd := exec.CommandContext(t.Context(), binary(t), append(line, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+scratch)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	c.out, c.said, c.code = out.String(), said.String(), cmd.ProcessState.ExitCode()
	left, err := os.ReadDir(scratch)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	return c
}

// converted is convert where it must go well; strangers judge the record.
func converted(t *testing.T, args ...string) (string, compose.Facts) {
	t.Helper()
	c := convert(t, args...)
	if c.code != 0 {
		t.Fatalf("exit %d: %s", c.code, c.said)
	}
	if v := judge.VeraPDF(t, c.record); !v.Compliant {
		t.Errorf("veraPDF: %+v", v)
	}
	if said := judge.QPDF(t, c.record); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	if !slices.Contains(args, "--no-sign") {
		if found := judge.PDFSig(t, c.record); len(found) != 2 || len(judge.People(found)) != 1 || !found[0].Valid || !found[1].Whole {
			t.Errorf("pdfsig: %+v; want a valid signature, and a timestamp over the whole file", found)
		}
	}
	return c.record, inspected(t, c.record)
}

func inspected(t *testing.T, path string) compose.Facts {
	t.Helper()
	b := loaded(t, path)
	f, err := compose.Inspect(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// upright holds a page of a record against the sheet as it ought to lie: drawn by a
// stranger, dark must be where dark was. What the signature shows was not on the sheet and
// is left out.
func upright(t *testing.T, record string, page string, want image.Image) {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "page")
	made(t, "pdftoppm", "-r", "24", "-gray", "-hide-annotations", "-png", "-singlefile", "-f", page, "-l", page, record, stem)
	got, _, err := image.Decode(bytes.NewReader(loaded(t, stem+".png")))
	if err != nil {
		t.Fatal(err)
	}
	if r := likeness(got, want); r < 0.8 {
		t.Errorf("page %s looks like the sheet by %.2f, want it upright and whole", page, r)
	}
}

// likeness is the correlation of two pictures' brightness, on the grid of the first.
func likeness(got, want image.Image) float64 {
	g, w := got.Bounds(), want.Bounds()
	var n, a, b, aa, bb, ab float64
	for y := range g.Dy() {
		for x := range g.Dx() {
			one := brightness(got, image.Rect(x, y, x+1, y+1))
			other := brightness(want, image.Rect(x*w.Dx()/g.Dx(), y*w.Dy()/g.Dy(), (x+1)*w.Dx()/g.Dx(), (y+1)*w.Dy()/g.Dy()))
			n, a, b = n+1, a+one, b+other
			aa, bb, ab = aa+one*one, bb+other*other, ab+one*other
		}
	}
	return (ab - a*b/n) / math.Sqrt((aa-a*a/n)*(bb-b*b/n))
}

func brightness(img image.Image, r image.Rectangle) float64 {
	var sum float64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			red, green, blue, _ := img.At(x, y).RGBA()
			sum += float64(red + green + blue)
		}
	}
	return sum / float64(r.Dx()*r.Dy())
}

// legible holds the text that two strangers find in a record against the sheet's.
func legible(t *testing.T, record string, copies int) {
	t.Helper()
	truth := strings.Repeat(letter(t).paper.Text()+"\n", copies)
	for name, text := range map[string]string{"pdftotext": judge.PDFToText(t, record), "mutool": judge.MuText(t, record)} {
		if got := bench.Score(truth, text); got.CER > 0.04 {
			t.Errorf("%s: %.1f %% of the letters are wrong", name, 100*got.CER)
		}
	}
}

// TestConvertImages takes in every form of picture. Where the form can stand in a
// PDF/A its stream goes into the record byte for byte.
func TestConvertImages(t *testing.T) {
	t.Parallel()
	s := letter(t)
	for _, c := range []struct {
		name   string
		bytes  func() ([]byte, error)
		stream func(file []byte) []byte // nil where the form has to be written anew
	}{
		{"colour.jpg", func() ([]byte, error) { return s.jpeg, nil }, bytes.Clone},
		{"grey.jpg", func() ([]byte, error) { return paper.JPEG(paper.Gray(s.scan), sheetDPI, 60) }, bytes.Clone},
		{"cmyk.jpg", func() ([]byte, error) { return paper.CMYK(t.Context(), s.jpeg) }, nil},
		{"half-turned.jpg", func() ([]byte, error) { return s.lying(2, 3) }, bytes.Clone},
		{"turned-left.jpg", func() ([]byte, error) { return s.lying(3, 6) }, bytes.Clone},
		{"turned-right.jpg", func() ([]byte, error) { return s.lying(1, 8) }, bytes.Clone},
		{"transparent.png", func() ([]byte, error) { return paper.PNG(paper.Transparent(s.scan), sheetDPI) }, nil},
		{"1-bit.png", func() ([]byte, error) { return paper.PNG(paper.Bilevel(s.scan), sheetDPI) }, nil},
		{"16-bit.png", func() ([]byte, error) { return paper.PNG(paper.Deep(s.scan), sheetDPI) }, nil},
		{"phone.heic", func() ([]byte, error) { return paper.HEIC(t.Context(), s.jpeg) }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := must(t)(c.bytes())
			record, facts := converted(t, saved(t, c.name, file))
			if facts.Pages != 1 || facts.Err() != nil {
				t.Fatalf("%d pages, %v", facts.Pages, facts.Err())
			}
			if c.stream != nil && facts.Images[0] != pipeline.Sum(c.stream(file)) {
				t.Error("the record does not hold the very bytes of the picture")
			}
			upright(t, record, "1", s.scan)
			legible(t, record, 1)
		})
	}
}

// TestConvertScannedPDF carries the streams of scanners byte for byte.
func TestConvertScannedPDF(t *testing.T) {
	t.Parallel()
	s := letter(t)
	fax := "/BitsPerComponent 1/ColorSpace/DeviceGray"
	columns := strings.NewReplacer("W", strconv.Itoa(s.scan.Rect.Dx()), "H", strconv.Itoa(s.scan.Rect.Dy()))
	for _, c := range []struct {
		name    string
		stream  []byte
		entries string
	}{
		{"DCT", s.jpeg, "/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode"},
		{"CCITT", s.group4(t), fax + columns.Replace("/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns W/Rows H>>")},
		{"JBIG2", s.jbig2(t), fax + "/Filter/JBIG2Decode"},
		{"JPX", s.jpx(t), "/Filter/JPXDecode"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			record, facts := converted(t, saved(t, "scan.pdf", s.scanned(c.stream, c.entries)))
			if len(facts.Images) != 1 || facts.Images[0] != pipeline.Sum(c.stream) {
				t.Error("the record does not hold the scanner's very stream")
			}
			upright(t, record, "1", s.scan)
			legible(t, record, 1)
		})
	}
}

func TestConvertTIFF(t *testing.T) {
	t.Parallel()
	s := letter(t)
	file := s.tiff(t)
	record, facts := converted(t, saved(t, "fax.tif", file))
	if facts.Pages != 4 {
		t.Fatalf("%d pages, want 4", facts.Pages)
	}
	for i, strip := range strips(t, file)[:2] { // fax code stands as it is; the others are written anew
		if facts.Images[i] != pipeline.Sum(strip) {
			t.Errorf("page %d does not hold the very fax code of the TIFF", i+1)
		}
	}
	for _, page := range []string{"1", "2", "3", "4"} {
		upright(t, record, page, s.scan)
	}
	legible(t, record, 4)
}

// copySignature is what the demonstration's signature shows.
var copySignature = regexp.MustCompile(`^SAO Y;? .+ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00 CHỮ KÝ DÙNG THỬ, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ$`)

// beside gives the words that stand in a text beside those that are wanted, and reports
// whether all of these are there, in order.
func beside(got, want []string) (left string, whole bool) {
	var others []string
	for _, word := range got {
		if len(want) > 0 && word == want[0] {
			want = want[1:]
		} else {
			others = append(others, word)
		}
	}
	return strings.Join(others, " "), len(want) == 0
}

// TestConvertOfficePDF keeps the text that a file states itself to the letter, page
// by page, and recognizes only what was scanned.
func TestConvertOfficePDF(t *testing.T) {
	t.Parallel()
	s := letter(t)
	source := saved(t, "mixed.pdf", s.office(t))
	words := filepath.Join(t.TempDir(), "words.json")
	record, facts := converted(t, source, "--words", words)
	if facts.Pages != 3 || facts.Images[1] != pipeline.Sum(s.jpeg) {
		t.Errorf("%d pages, want 3 with the scan's stream on the second", facts.Pages)
	}
	for _, page := range []string{"1", "3"} {
		own, got := judge.PDFToText(t, source, "-f", page, "-l", page), judge.PDFToText(t, record, "-f", page, "-l", page)
		left, whole := beside(strings.Fields(got), strings.Fields(own))
		if !whole {
			t.Errorf("page %s says\n%s\nits source said\n%s", page, got, own)
		}
		if shown := page == "1"; shown != copySignature.MatchString(left) || !shown && left != "" {
			t.Errorf("beside its text page %s says %q", page, left)
		}
	}
	for _, page := range []string{"1", "2", "3"} {
		upright(t, record, page, s.scan)
	}
	var pages []pipeline.Page
	if err := json.Unmarshal(loaded(t, words), &pages); err != nil {
		t.Fatal(err)
	}
	for i, origin := range []pipeline.Origin{pipeline.Digital, pipeline.Scan, pipeline.Digital} {
		if recognized := pages[i].Engine != ""; pages[i].Origin != origin || recognized != (origin == pipeline.Scan) {
			t.Errorf("page %d: %s, read by %q; want %s", i+1, pages[i].Origin, pages[i].Engine, origin)
		}
	}
}

// TestConvertOutputs joins several files and asks for everything that convert can
// write.
func TestConvertOutputs(t *testing.T) {
	t.Parallel()
	s := letter(t)
	dir := t.TempDir()
	text, words := filepath.Join(dir, "chữ.txt"), filepath.Join(dir, "words.json")
	c := convert(t, "--json", "--no-sign", "--text", text, "--words", words,
		saved(t, "a.jpg", s.jpeg), saved(t, "b.pdf", s.typeset(t)))
	var told struct {
		File   string          `json:"file"`
		Digest pipeline.Digest `json:"sha256"`
		Bytes  int             `json:"bytes"`
		Pages  int             `json:"pages"`
		Signed bool            `json:"signed"`
	}
	if err := json.Unmarshal([]byte(c.out), &told); err != nil || c.code != 0 {
		t.Fatalf("exit %d: %s: %q: %v", c.code, c.said, c.out, err)
	}
	record := loaded(t, c.record)
	if told.File != c.record || told.Digest != pipeline.Sum(record) || told.Bytes != len(record) || told.Pages != 2 || told.Signed {
		t.Errorf("told %+v", told)
	}
	if found := judge.PDFSig(t, c.record); len(found) != 0 {
		t.Errorf("signed though it was not to be: %+v", found)
	}
	var pages []pipeline.Page
	if err := json.Unmarshal(loaded(t, words), &pages); err != nil || len(pages) != 2 || pages[1].Number != 2 {
		t.Fatalf("%d pages of words, %v", len(pages), err)
	}
	for _, p := range pages {
		for _, l := range p.Lines {
			for _, w := range l.Words {
				if b := w.Box; b.X0 < 0 || b.Y0 < 0 || b.X1 > p.Width || b.Y1 > p.Height || b.X0 >= b.X1 || w.Confidence < 0 || w.Confidence > 100 {
					t.Fatalf("page %d of %d × %d: %+v", p.Number, p.Width, p.Height, w)
				}
			}
		}
	}
	if got := string(loaded(t, text)); got != pages[0].Text()+"\f"+pages[1].Text()+"\n" {
		t.Errorf("the text is not that of the words: %q", got)
	}
}

// TestConvertSigned keeps a file that somebody signed to the byte.
func TestConvertSigned(t *testing.T) {
	t.Parallel()
	s := letter(t)
	first := convert(t, saved(t, "a.pdf", s.typeset(t)))
	second := convert(t, first.record)
	if second.code != 0 || !sameBytes(t, first.record, second.record) {
		t.Errorf("exit %d: a signed file was not copied as it is", second.code)
	}
	if !strings.Contains(second.said, "signed already") {
		t.Errorf("nothing said about the signature: %q", second.said)
	}
	if joined := convert(t, first.record, saved(t, "b.jpg", s.jpeg)); joined.code != 3 || !strings.Contains(joined.said, "signed-among-others") {
		t.Errorf("joined with another: exit %d: %s", joined.code, joined.said)
	}
}

// TestConvertRefuses ends with the code of the table and a reason in two languages,
// and writes nothing.
func TestConvertRefuses(t *testing.T) {
	t.Parallel()
	s := letter(t)
	pdf := s.typeset(t)
	itself := saved(t, "itself.jpg", s.jpeg)
	twin := filepath.Join(t.TempDir(), "twin.jpg")
	if err := os.Symlink(itself, twin); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"password", []string{saved(t, "a.pdf", must(t)(hostile.Encrypted(t.Context(), "bí mật", "chủ")))}, 3, []string{"needs-password: ", "mật khẩu"}},
		{"half a PDF", []string{saved(t, "a.pdf", pdf[:len(pdf)/2])}, 3, []string{"truncated: ", "cắt cụt"}},
		{"half a JPEG", []string{saved(t, "a.jpg", s.jpeg[:len(s.jpeg)/2])}, 3, []string{"truncated: ", "cắt cụt"}},
		{"no bytes", []string{saved(t, "a.pdf", nil)}, 3, []string{"empty-file: ", "rỗng"}},
		{"good and bad", []string{itself, saved(t, "a.pdf", []byte("chữ"))}, 3, []string{"format: ", "hệ thống"}},
		{"no such file", []string{filepath.Join(t.TempDir(), "nowhere.pdf")}, 4, nil},
		{"no input", nil, 2, nil},
		{"over itself", []string{itself, "-o", itself}, 2, []string{"never written over"}},
		{"over itself by another name", []string{itself, "-o", twin}, 2, []string{"never written over"}},
		{"text over the input", []string{itself, "--text", itself}, 2, []string{"never written over"}},
		{"two outputs in one", []string{itself, "-o", twin + ".pdf", "--words", twin + ".pdf"}, 2, nil},
		{"into no folder", []string{itself, "-o", filepath.Join(t.TempDir(), "no", "such.pdf")}, 2, nil},
		{"unknown flag", []string{itself, "--colour"}, 2, nil},
		{"unknown language", []string{itself, "--lang", "xxx"}, 5, []string{"xxx"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := convert(t, c.args...)
			if got.code != c.code {
				t.Errorf("exit %d, want %d: %s", got.code, c.code, got.said)
			}
			for _, says := range c.says {
				if !strings.Contains(strings.ToLower(got.said), says) {
					t.Errorf("said %q, want %q in it", got.said, says)
				}
			}
			if _, err := os.Stat(got.record); err == nil {
				t.Error("wrote a record")
			}
			if pipeline.Sum(loaded(t, itself)) != pipeline.Sum(s.jpeg) {
				t.Fatal("the original was changed")
			}
		})
	}
}
