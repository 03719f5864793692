package main_test

import (
	"bytes"
	endian "encoding/binary" // binary is the program under test
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"hoso/testdata/paper"
)

// sheet is the one letter that goes through hoso in every form: drawn once, at the
// resolution of a desk scanner.
type sheet struct {
	paper *paper.Paper
	scan  *image.RGBA
	jpeg  []byte
}

const sheetDPI = 200

var drawSheet = sync.OnceValues(func() (*sheet, error) {
	fonts, err := paper.LoadFonts()
	if err != nil {
		return nil, err
	}
	s := &sheet{paper: paper.New(fonts, paper.Letter, 21)}
	s.scan = s.paper.Scan(0, paper.Look{DPI: sheetDPI, Noise: 1, Skew: 0.3, Seed: 21})
	s.jpeg, err = paper.JPEG(s.scan, sheetDPI, 60)
	return s, err
})

func letter(t *testing.T) *sheet {
	t.Helper()
	s, err := drawSheet()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// must takes the error off a maker of bytes.
func must(t *testing.T) func([]byte, error) []byte {
	t.Helper()
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// saved puts bytes into a file of its own folder.
func saved(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func loaded(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path) //nolint:gosec // the test's own
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// made runs a program that is not ours to make input.
func made(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("making input with %s: %v\n%s", name, err, out)
	}
}

// lying is the sheet as it comes out of a scanner in which it lay wrong by so many
// quarter turns, with the EXIF orientation that says so.
func (s *sheet) lying(turns int, orientation uint16) ([]byte, error) {
	scan := s.paper.Scan(0, paper.Look{DPI: sheetDPI, Turn: turns})
	b, err := paper.JPEG(scan, sheetDPI, 60)
	if err != nil {
		return nil, err
	}
	return paper.WithOrientation(b, orientation), nil
}

// group4 is the sheet in CCITT Group 4: the one strip of a TIFF (TIFF 6.0, section 2).
func (s *sheet) group4(t *testing.T) []byte {
	t.Helper()
	file := must(t)(paper.TIFF([]image.Image{paper.Bilevel(s.scan)}, sheetDPI))
	return strips(t, file)[0]
}

// strips gives the first strip of every page of a little-endian TIFF.
func strips(t *testing.T, file []byte) [][]byte {
	t.Helper()
	const offsets, counts, short = 273, 279, 3
	le := endian.LittleEndian
	var all [][]byte
	for at := le.Uint32(file[4:]); at != 0; {
		var start, size uint32
		n := uint32(le.Uint16(file[at:]))
		for i := range n {
			entry := file[at+2+12*i:]
			value := le.Uint32(entry[8:])
			if le.Uint16(entry[2:]) == short {
				value = uint32(le.Uint16(entry[8:]))
			}
			switch le.Uint16(entry) {
			case offsets:
				start = value
			case counts:
				size = value
			}
		}
		all = append(all, file[start:start+size])
		at = le.Uint32(file[at+2+12*n:])
	}
	return all
}

// jbig2 wraps Group 4 code into an embedded JBIG2 stream: a page, and on it a generic
// region in MMR code (ITU-T T.88, 7.4.6 and 7.4.8).
func (s *sheet) jbig2(t *testing.T) []byte {
	t.Helper()
	size := endian.BigEndian.AppendUint32(nil, uint32(s.scan.Rect.Dx()))
	size = endian.BigEndian.AppendUint32(size, uint32(s.scan.Rect.Dy()))
	segment := func(number, kind byte, data []byte) []byte {
		head := endian.BigEndian.AppendUint32([]byte{0, 0, 0, number, kind, 0, 1}, uint32(len(data)))
		return append(head, data...)
	}
	page := append(bytes.Clone(size), make([]byte, 11)...)
	region := append(append(bytes.Clone(size), make([]byte, 8)...), 0, 1)
	return append(segment(0, 48, page), segment(1, 38, append(region, s.group4(t)...))...)
}

// jpx is the sheet in JPEG 2000, as archive scanners write it.
func (s *sheet) jpx(t *testing.T) []byte {
	t.Helper()
	in := saved(t, "in.jpg", s.jpeg)
	made(t, "convert", in, "-colorspace", "Gray", "-quality", "40", in+".jp2")
	return loaded(t, in+".jp2")
}

// scanned is a PDF of one page that is covered by an image.
func (s *sheet) scanned(stream []byte, entries string) []byte {
	image := fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d%s/Length %d>>\nstream\n%s\nendstream",
		s.scan.Rect.Dx(), s.scan.Rect.Dy(), entries, len(stream), stream)
	const content = "q 595 0 0 842 0 0 cm /Im0 Do Q"
	return paper.Assemble([]string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</Im0 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content), image,
	}, "")
}

// office is a PDF whose pages are typeset, but for a scan in their middle.
func (s *sheet) office(t *testing.T) []byte {
	t.Helper()
	p := paper.NewPDF(s.paper)
	p.AddDigital(0)
	p.AddScan(s.jpeg, s.scan.Rect.Size(), 0)
	p.AddDigital(0)
	return must(t)(p.Bytes())
}

func (s *sheet) typeset(t *testing.T) []byte {
	t.Helper()
	p := paper.NewPDF(s.paper)
	p.AddDigital(0)
	return must(t)(p.Bytes())
}

// tiff is a TIFF of four pages, each in another code.
func (s *sheet) tiff(t *testing.T) []byte {
	t.Helper()
	fax := saved(t, "fax.tif", must(t)(paper.TIFF([]image.Image{paper.Bilevel(s.scan)}, sheetDPI)))
	grey := saved(t, "grey.tif", must(t)(paper.TIFF([]image.Image{paper.Gray(s.scan)}, sheetDPI)))
	args := []string{}
	for code, from := range map[string]string{"g3:1d": fax, "lzw": grey, "jpeg": grey} {
		made(t, "tiffcp", "-c", code, "-r", "10000", from, from+"."+code)
	}
	all := fax + ".all"
	args = append(args, fax+".g3:1d", fax, grey+".lzw", grey+".jpeg", all)
	made(t, "tiffcp", args...)
	return loaded(t, all)
}
