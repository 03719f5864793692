package compose_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/testdata/judge"
)

// accepted fails unless the independent programs find a record in order.
func accepted(t *testing.T, path string) {
	t.Helper()
	if verdict := judge.VeraPDF(t, path); !verdict.Compliant {
		t.Errorf("veraPDF 2u: %+v", verdict.Failures)
	}
	if complaint := judge.QPDF(t, path); complaint != "" {
		t.Errorf("qpdf --check: %s", complaint)
	}
}

func TestRecordIsPDFA(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 800, 1130)
	s.page.Lines = words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
	pdf := makeRecord(t, meta(), s, colorSheet(t, 100, 60))
	path := save(t, pdf)
	accepted(t, path)
	want := []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"}
	for reader, text := range readers(t, path) {
		if diff := cmp.Diff(want, linesOf(text)); diff != "" {
			t.Errorf("%s reads (-want +got):\n%s", reader, diff)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 300, 400)
	s.page.Lines = words("một hai ba")
	first, second := makeRecord(t, meta(), s), makeRecord(t, meta(), s)
	if !bytes.Equal(first, second) {
		t.Error("two runs over the same input gave different bytes")
	}
	other := meta()
	other.ID = "another"
	if bytes.Equal(first, makeRecord(t, other, s)) {
		t.Error("records of different IDs are the same bytes")
	}
}

func TestManyPagesMakeABalancedTree(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 16, 16)
	for _, n := range []int{1, 32, 33, 1024, 1025, 2100} {
		sheets := make([]sheet, n)
		for i := range sheets {
			sheets[i] = s
		}
		path := save(t, makeRecord(t, meta(), sheets...))
		if complaint := judge.QPDF(t, path); complaint != "" {
			t.Errorf("%d pages: qpdf --check: %s", n, complaint)
		}
	}
}

func TestWrongBytesAreRefused(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 100, 60)
	for name, spoil := range map[string]func(*sheet){
		"short":      func(s *sheet) { s.data = s.data[:len(s.data)-1] },
		"long":       func(s *sheet) { s.data = append(bytes.Clone(s.data), 0) },
		"altered":    func(s *sheet) { s.data = bytes.Clone(s.data); s.data[len(s.data)/2]++ },
		"gray":       func(s *sheet) { s.page.Image.Color = pipeline.Gray },
		"wider":      func(s *sheet) { s.page.Image.Width++ },
		"other file": func(s *sheet) { s.data = []byte("x"); *s = asPage(s.page.Image, s.data) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := s
			spoil(&s)
			w, err := compose.NewWriter(io.Discard, meta())
			if err != nil {
				t.Fatal(err)
			}
			err = w.AddPage(s.page, bytes.NewReader(s.data))
			if !errors.Is(err, compose.ErrMismatch) {
				t.Errorf("AddPage = %v, want ErrMismatch", err)
			}
			if err := w.Close(); !errors.Is(err, compose.ErrMismatch) {
				t.Errorf("Close after an error = %v, want the same error", err)
			}
		})
	}
}

func TestImagesOutsidePDFAAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*pipeline.Image){
		"CMYK":           func(im *pipeline.Image) { im.Color = "DeviceCMYK" },
		"12-bit JPEG":    func(im *pipeline.Image) { im.Bits = 12 },
		"LZW":            func(im *pipeline.Image) { im.Filter = "LZWDecode" },
		"no size":        func(im *pipeline.Image) { im.Width = 0 },
		"no digest":      func(im *pipeline.Image) { im.Digest = pipeline.Digest{} },
		"JPEG mask":      func(im *pipeline.Image) { im.Mask = true },
		"indexed JPEG":   func(im *pipeline.Image) { im.Color = pipeline.Indexed; im.Palette = make([]byte, 6) },
		"short Decode":   func(im *pipeline.Image) { im.Decode = []float64{0, 1} },
		"colour fax":     func(im *pipeline.Image) { im.Filter, im.Bits = pipeline.CCITT, 1 },
		"no palette":     func(im *pipeline.Image) { im.Filter, im.Color = pipeline.Flate, pipeline.Indexed },
		"3 bits":         func(im *pipeline.Image) { im.Filter, im.Bits = pipeline.Flate, 3 },
		"JPX name alone": func(im *pipeline.Image) { im.Color = pipeline.JPXColor },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := colorSheet(t, 20, 20)
			change(&s.page.Image)
			w, err := compose.NewWriter(io.Discard, meta())
			if err != nil {
				t.Fatal(err)
			}
			if err := w.AddPage(s.page, bytes.NewReader(s.data)); !errors.Is(err, compose.ErrImage) {
				t.Errorf("AddPage = %v, want ErrImage", err)
			}
		})
	}
}

// A JPEG 2000 codestream needs its boxes, of one or three channels, one colour.
func TestJPEG2000OutsidePDFAIsRefused(t *testing.T) {
	t.Parallel()
	good := jpx(t, drawing(80, 60), 6)
	at := func(what string) int { return bytes.Index(good, []byte(what)) }
	with := func(offset int, b byte) []byte {
		out := bytes.Clone(good)
		out[offset] = b
		return out
	}
	for name, test := range map[string]struct {
		data []byte
		want error
	}{
		"good":          {good, nil},
		"bare":          {good[at("\xFF\x4F\xFF\x51"):], compose.ErrImage},
		"four channels": {with(at("ihdr")+4+9, 4), compose.ErrImage},
		"CMYK":          {with(at("colr")+4+6, 12), compose.ErrImage},
		"wider":         {with(at("ihdr")+4+7, 81), compose.ErrMismatch},
		"no header":     {with(at("jp2h"), 'x'), compose.ErrImage},
		"no size":       {with(at("ihdr"), 'x'), compose.ErrImage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := compose.NewWriter(io.Discard, meta())
			if err != nil {
				t.Fatal(err)
			}
			s := asPage(pipeline.Image{Filter: pipeline.JPX, Width: 80, Height: 60, Color: pipeline.JPXColor}, test.data)
			if err := w.AddPage(s.page, bytes.NewReader(s.data)); !errors.Is(err, test.want) {
				t.Errorf("AddPage = %v, want %v", err, test.want)
			}
		})
	}
}

func TestNoPages(t *testing.T) {
	t.Parallel()
	w, err := compose.NewWriter(io.Discard, meta())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.Is(err, compose.ErrNoPages) {
		t.Errorf("Close = %v, want ErrNoPages", err)
	}
}

// fullDisk takes so many bytes and no more.
type fullDisk struct{ left int }

var errFull = errors.New("disk full")

func (d *fullDisk) Write(b []byte) (int, error) {
	if len(b) > d.left {
		return 0, errFull
	}
	d.left -= len(b)
	return len(b), nil
}

func TestErrorsOfTheOutputComeBack(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 400, 400)
	for _, left := range []int{0, 1 << 17, 1 << 18} {
		w, err := compose.NewWriter(&fullDisk{left}, meta())
		for range 200 {
			if err == nil {
				err = w.AddPage(s.page, bytes.NewReader(s.data))
			}
		}
		if err == nil {
			err = w.Close()
		}
		if !errors.Is(err, errFull) {
			t.Errorf("writing to a disk with %d bytes = %v, want %v", left, err, errFull)
		}
	}
}

func TestPageSizes(t *testing.T) {
	t.Parallel()
	for name, size := range map[string][2]float64{
		"A5": {419.53, 595.28}, "A4": {595.276, 841.89}, "A0": {2383.94, 3370.39},
		"stamp": {1, 2}, "ribbon": {0.5, 20000}, "banner": {90000, 30}, "unknown": {0, 0},
	} {
		for turn := range 4 {
			t.Run(fmt.Sprintf("%s/%d", name, turn), func(t *testing.T) {
				t.Parallel()
				s := colorSheet(t, 300, 420)
				s.page.WidthPt, s.page.HeightPt, s.page.Turn = size[0], size[1], turn
				if turn%2 == 1 {
					s.page.Width, s.page.Height = s.page.Height, s.page.Width
				}
				s.page.Skew = float64(turn) - 1.5
				s.page.Lines = words("Hà Nội", "ngày")
				path := save(t, makeRecord(t, meta(), s))
				accepted(t, path)
				if name == "ribbon" || name == "banner" {
					return // letters a hundred times wider than high are no text to anybody
				}
				if diff := cmp.Diff([]string{"Hà", "Nội", "ngày"}, strings.Fields(judge.PDFToText(t, path, "-raw"))); diff != "" {
					t.Errorf("words (-want +got):\n%s", diff)
				}
			})
		}
	}
}
