package intake_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake"
	"hoso/pipeline/intake/raster"
	"hoso/pipeline/intake/tiff"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	img := letter(200, 283)
	whole, pngs := jpegBytes(t, img), pngBytes(t, img)
	var docx bytes.Buffer
	z := zip.NewWriter(&docx)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, object := rgbScan(t)
	pdf := onePage(useImage, fullPage, object)
	path := save(t, "in.pdf", pdf)
	tool(t, "qpdf", "--encrypt", "user", "owner", "256", "--", path, path+".enc")
	noEnd := bytes.TrimSuffix(whole, []byte{0xff, 0xd9})
	for _, c := range []struct {
		name string
		b    []byte
		code string
		says string // in Vietnamese
	}{
		{"empty", nil, "empty-file", "rỗng"},
		{"docx", docx.Bytes(), "unsupported-format", "DOCX"},
		{"zip", []byte("PK\x03\x04\x14\x00 something else entirely"), "unsupported-format", "ZIP"},
		{"html", []byte("<!DOCTYPE html><html><body>x</body></html>"), "unsupported-format", "HTML"},
		{"text", []byte("Kính gửi: Ủy ban nhân dân\n"), "unsupported-format", "TXT"},
		{"gif", []byte("GIF89a\x01\x00\x01\x00"), "unsupported-format", "GIF"},
		{"webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "unsupported-format", "WebP"},
		{"bmp", append([]byte("BM"), make([]byte, 60)...), "unsupported-format", "BMP"},
		{"noise", []byte{1, 2, 3, 0, 255, 254}, "unknown-format", "Không nhận ra"},
		{"zeroes", make([]byte, 5000), "unknown-format", "Không nhận ra"},
		{"jpeg without its end", noEnd, "truncated", "cắt cụt"},
		{"jpeg cut in half", whole[:len(whole)/2], "truncated", "cắt cụt"},
		{"jpeg with rows missing", append(whole[:len(whole)*2/3:len(whole)*2/3], 0xff, 0xd9), "truncated", "cắt cụt"},
		{"jpeg of headers", whole[:30], "truncated", "cắt cụt"},
		{"png cut in half", pngs[:len(pngs)/2], "truncated", "cắt cụt"},
		{"png of headers", pngs[:40], "truncated", "cắt cụt"},
		{"png with a wrong byte", flipped(pngs, len(pngs)/2), "damaged", "hỏng"},
		{"png of no width", pngHeader(0, 10), "bad-page-size", "Kích thước"},
		{"tiff cut in half", tiffBytes(t, img)[:20000], "truncated", "cắt cụt"},
		{"tiff of headers", tiffBytes(t, img)[:8], "truncated", "cắt cụt"},
		{"tiff loop", tiffLoop(t), "damaged", "hỏng"},
		{"pdf cut", pdf[:len(pdf)*3/4], "truncated", "cắt cụt"},
		{"pdf of nothing", []byte("%PDF-1.4\nstartxref\n0\n%%EOF"), "damaged", "hỏng"},
		{"pdf without pages", document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"), "no-pages", "không có trang"},
		{"password", load(t, path+".enc"), "needs-password", "mật khẩu"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := take(t, save(t, "scan.pdf", c.b), intake.Limits{})
			r, ok := pipeline.AsRefusal(err)
			if !ok || r.Reason.Code != c.code || !strings.Contains(r.Reason.Vietnamese, c.says) || r.Reason.English == "" {
				t.Errorf("%v, want %q with %q", err, c.code, c.says)
			}
		})
	}
}

// take opens a file and takes out all pages.
func take(tb testing.TB, path string, limits intake.Limits) error {
	tb.Helper()
	scratch := tb.TempDir()
	d, err := intake.Open(tb.Context(), path, intake.Options{Scratch: scratch, Limits: limits})
	if err == nil {
		for n := 1; n <= d.Pages() && err == nil; n++ {
			_, err = d.Page(tb.Context(), n)
		}
		if err := d.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	}
	if left, readErr := os.ReadDir(scratch); readErr != nil || len(left) > 0 {
		tb.Errorf("left in scratch: %v, %v", left, readErr)
	}
	return err
}

func flipped(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at] ^= 0x55
	return out
}

func pngHeader(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	b = binary.BigEndian.AppendUint32(b, w)
	b = binary.BigEndian.AppendUint32(b, h)
	return withSum(append(b, 8, 0, 0, 0, 0), 12)
}

// tiffLoop is a TIFF whose directory names itself as the next.
func tiffLoop(t *testing.T) []byte {
	t.Helper()
	b := tiffBytes(t, gray(letter(20, 28)))
	binary.LittleEndian.PutUint32(b[8+2+9*12:], 8)
	return b
}

func TestLimits(t *testing.T) {
	t.Parallel()
	many, _ := manyPages(t, 12)
	big := pngBytes(t, gray(letter(1000, 1414)))
	for _, c := range []struct {
		name   string
		b      []byte
		limits intake.Limits
		code   string
	}{
		{"pages", many, intake.Limits{Pages: 10}, "too-many-pages"},
		{"pixels", big, intake.Limits{Pixels: 1_000_000}, "too-many-pixels"},
		{"bytes", big, intake.Limits{FileBytes: 1000}, "file-too-big"},
		{"decoded bytes", big, intake.Limits{DecodedBytes: 1_000_000}, "too-much-data"},
		{"content", onePage("/MediaBox[0 0 99 99]", strings.Repeat("0 0 5 5 re f\n", 6<<20)), intake.Limits{}, "too-much-data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, ok := pipeline.AsRefusal(take(t, save(t, "in", c.b), c.limits))
			if !ok || r.Reason.Code != c.code {
				t.Errorf("%v, want %s", r, c.code)
			}
		})
	}
}

// TestHostile: whatever these files say, the work ends soon, in a page or a refusal.
func TestHostile(t *testing.T) {
	t.Parallel()
	bomb := deflated(make([]byte, 70<<20))
	image1 := "/Type/XObject/Subtype/Image/Width 50000/Height 50000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode"
	deep := strings.Repeat("[", 100_000)
	var nested []string
	for i := range 30 { // each form draws the next one twice: a thousand million in all
		body := fmt.Sprintf("/F%d Do /F%d Do", i, i)
		nested = append(nested, stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F%d %d 0 R>>>>", i, i+6), []byte(body)))
	}
	nested = append(nested, stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", nil))
	for name, b := range map[string][]byte{
		"content bomb":     document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 99 99]>>", "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", stream("/Filter/FlateDecode", bomb)),
		"image bomb":       onePage(useImage, fullPage, stream(image1, bomb)),
		"page tree loop":   document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/MediaBox[0 0 99 99]>>", "<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"),
		"form loop":        onePage("/Resources<</XObject<</I 5 0 R>>>>/MediaBox[0 0 99 99]", "/I Do", stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]"+useImage, []byte("/I Do /I Do"))),
		"form tree":        onePage("/Resources<</XObject<</F 5 0 R>>>>/MediaBox[0 0 99 99]", "/F Do", nested...),
		"deep arrays":      onePage("/MediaBox[0 0 99 99]", deep),
		"deep object":      onePage("/MediaBox[0 0 99 99]/X "+deep, ""),
		"huge page":        onePage("/MediaBox[0 0 1e9 1e9]", "0 0 5 5 re f"),
		"page of no size":  onePage("/MediaBox[0 0 0 0]", "0 0 5 5 re f"),
		"page of a point":  onePage("/MediaBox[0 0 1 1]", "0 0 5 5 re f"),
		"strange numbers":  onePage("/MediaBox[nan inf 1e400 -1e400]/Rotate 1e300/UserUnit -7", "1e999 0 0 1e-999 nan 0 cm 0 0 5 5 re f"),
		"endless q":        onePage("/MediaBox[0 0 99 99]", strings.Repeat("q ", 100_000)),
		"huge png":         pngHeader(1<<24, 1<<24),
		"huge tiff":        hugeTIFF(t),
		"huge jpeg":        hugeJPEG(t),
		"jpeg of segments": append([]byte{0xff, 0xd8}, bytes.Repeat([]byte{0xff, 0xfe, 0, 2}, 500_000)...),
		"launch action":    bytes.Replace(onePage("/MediaBox[0 0 99 99]", "0 0 5 5 re f"), []byte("/AcroForm<<"), []byte("/OpenAction<</S/Launch/F(/bin/true)>>/AcroForm<<"), 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			err := take(t, save(t, "in", b), intake.Limits{ProgramTime: 5 * time.Second})
			if _, ok := pipeline.AsRefusal(err); err != nil && !ok {
				t.Errorf("%v, want a page or a refusal", err)
			}
			if d := time.Since(start); d > 40*time.Second {
				t.Errorf("took %v", d)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("a message of %d bytes", len(err.Error()))
			}
		})
	}
}

func hugeTIFF(t *testing.T) []byte {
	t.Helper()
	b := tiffBytes(t, gray(letter(20, 28)))
	binary.LittleEndian.PutUint32(b[10+8:], 1<<23)
	binary.LittleEndian.PutUint32(b[10+12+8:], 1<<23)
	return b
}

func hugeJPEG(t *testing.T) []byte {
	t.Helper()
	b := jpegBytes(t, gray(letter(20, 28)))
	i := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint32(b[i+5:], 0xffffffff)
	return b
}

// TestEnormousButHonest: a sheet at a thousand dots per inch is taken in; the
// recognizer gets a smaller one.
func TestEnormousButHonest(t *testing.T) {
	t.Parallel()
	const width, height = 8800, 8000
	form := raster.Form{Width: width, Height: height, Bits: 1, Channels: 1}
	white := bytes.Repeat([]byte{0xff}, form.Stride())
	same := bytes.Repeat([]byte{0xff}, height/8) // in T.6 a 1 says that a white row follows a white one
	g4 := pipeline.Image{Width: width, Height: height, Fax: pipeline.FaxParms{K: -1}}
	rows := bytes.Repeat(append([]byte{0}, white...), height)
	for name, b := range map[string][]byte{"g4": tiff.FaxFile(g4, same), "png": raster.PNGFile(form, deflated(rows))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := leaf(t, open(t, save(t, "in", b)), 1)
			if l.Image.Width != 8800 || l.Image.Size > 2000 {
				t.Errorf("%d wide, %d bytes", l.Image.Width, l.Image.Size)
			}
			if c := decodePNM(t, l.Readable); c != "4400 4000" {
				t.Errorf("the readable image is %s, want half the size", c)
			}
		})
	}
}

func decodePNM(t *testing.T, b []byte) string {
	t.Helper()
	lines := bytes.SplitN(b, []byte("\n"), 3)
	if len(lines) < 3 {
		t.Fatalf("no PNM: %.20q", b)
	}
	return string(lines[1])
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	if _, err := intake.Open(t.Context(), "/nowhere/at/all", intake.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open of no file: %v, want fs.ErrNotExist", err)
	}
	path := save(t, "in.png", pngBytes(t, letter(20, 28)))
	var u *pipeline.Unavailable
	if _, err := intake.Open(t.Context(), path, intake.Options{Scratch: "/nowhere/at/all"}); !errors.As(err, &u) {
		t.Errorf("Open without scratch space: %v, want Unavailable", err)
	}
}
