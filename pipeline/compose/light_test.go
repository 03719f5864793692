package compose_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png" // what poppler draws
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/testdata/judge"
)

// lightMeta is that of the copy of some record.
func lightMeta() compose.Meta {
	m := meta()
	m.Copy = compose.CopyOf{Record: pipeline.Sum([]byte("record")), Signed: true}
	return m
}

// layered is a page of a picture and a mask over its middle, with their streams.
func layered(t *testing.T, s sheet) (pipeline.Light, []byte) {
	t.Helper()
	mask := pipeline.Image{Filter: pipeline.Flate, Width: 16, Height: 2, Bits: 1, Color: pipeline.Gray, Mask: true}
	stream := deflate(t, []byte{0x00, 0x00, 0x00, 0xff})
	mask.Digest, mask.Size = pipeline.Sum(stream), int64(len(stream))
	return pipeline.Light{Layers: []pipeline.Layer{
		{Image: s.page.Image, Place: pipeline.Place{X1: 1, Y1: 1}},
		{Image: mask, Ink: [3]uint8{200, 0, 0}, Place: pipeline.Place{X0: 0.25, Y0: 0.25, X1: 0.75, Y1: 0.5}},
	}}, append(bytes.Clone(s.data), stream...)
}

// TestAccessCopy: strangers find it sound; it has the text of its pages and no more,
// says what it is, and shows a band below each page.
func TestAccessCopy(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 800, 1130)
	s.page.Lines = words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	var out bytes.Buffer
	w, err := compose.NewWriter(&out, lightMeta())
	if err != nil {
		t.Fatal(err)
	}
	light, streams := layered(t, s)
	for page := range 3 {
		light.Differs = nil
		if page == 1 {
			light.Differs = []pipeline.Box{{X0: 10, Y0: 10, X1: 99, Y1: 99}}
		}
		if err := w.AddLight(s.page, light, bytes.NewReader(streams)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := save(t, out.Bytes())
	accepted(t, path)
	if text := strings.TrimSpace(judge.PDFToText(t, path, "-f", "1", "-l", "1")); text != "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" {
		t.Errorf("the text of a page is %q", text)
	}
	for _, says := range []string{"urn:sha256:" + pipeline.Sum([]byte("record")).String(), "ở trang: 2.", "It differs from the record on pages: 2."} {
		if !bytes.Contains(out.Bytes(), []byte(says)) {
			t.Errorf("the metadata do not say %q", says)
		}
	}
	plain, framed := pageInk(t, path, 1), pageInk(t, path, 2)
	if plain.band == 0 || framed.band <= plain.band || framed.red <= plain.red || plain.red == 0 {
		t.Errorf("page 1 shows %+v, page 2, which differs, %+v", plain, framed)
	}
}

// inkOf counts pixels of a page: dark ones in the band below it, red ones on it.
type inkOf struct{ band, red int }

func pageInk(t *testing.T, path string, page int) (n inkOf) {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "page")
	number := fmt.Sprint(page)
	if out, err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "72", "-png", "-singlefile", "-f", number, "-l", number, path, stem).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	file, err := os.ReadFile(stem + ".png")
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, blue, _ := img.At(x, y).RGBA()
			switch {
			case y > b.Dy()-16 && r < 0xb000:
				n.band++
			case y < b.Dy()-16 && r > 0xa000 && g < 0x5000 && blue < 0x5000:
				n.red++
			}
		}
	}
	return n
}

// TestCopiesAndRecordsDoNotMix: no page of the one goes into the other.
func TestCopiesAndRecordsDoNotMix(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 20, 20)
	light, streams := layered(t, s)
	record, err := compose.NewWriter(&bytes.Buffer{}, meta())
	if err != nil {
		t.Fatal(err)
	}
	if record.AddLight(s.page, light, bytes.NewReader(streams)) == nil {
		t.Error("a record took a page of a copy")
	}
	for name, spoil := range map[string]func(*pipeline.Light){
		"outside":        func(l *pipeline.Light) { l.Layers[1].Place.X1 = 1.5 },
		"of no size":     func(l *pipeline.Light) { l.Layers[1].Place.X1 = l.Layers[1].Place.X0 },
		"not the stream": func(l *pipeline.Light) { l.Layers[1].Image.Digest = pipeline.Sum(nil) },
		"cut":            func(l *pipeline.Light) { l.Layers[1].Image.Size += 9 },
	} {
		w, err := compose.NewWriter(&bytes.Buffer{}, lightMeta())
		if err != nil {
			t.Fatal(err)
		}
		bad, streams := layered(t, s)
		spoil(&bad)
		if w.AddLight(s.page, bad, bytes.NewReader(streams)) == nil {
			t.Errorf("a layer %s was taken", name)
		}
		if w.AddPage(s.page, bytes.NewReader(s.data)) == nil {
			t.Error("a copy took a page of a record")
		}
	}
}
