package jbig2_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"hoso/pipeline/intake/jbig2"
	"hoso/testdata/paper"
)

// bitmap is rows of one bit, 1 being white.
type bitmap struct {
	width, height int
	rows          []byte
}

func (b bitmap) stride() int { return (b.width + 7) / 8 }

func blank(width, height int) bitmap {
	b := bitmap{width: width, height: height}
	b.rows = bytes.Repeat([]byte{0xff}, b.stride()*height)
	return b
}

func (b bitmap) encode() []byte {
	e := jbig2.NewEncoder(b.width, b.height)
	for i := 0; i < len(b.rows); i += b.stride() {
		e.Row(b.rows[i : i+b.stride()])
	}
	return e.Bytes()
}

// black is the image with 1 for black and nothing behind the last pixel, as a PBM
// file has it.
func (b bitmap) black() []byte {
	out := make([]byte, len(b.rows))
	for i := range out {
		out[i] = ^b.rows[i]
		if i%b.stride() == b.stride()-1 {
			out[i] &= 0xff << ((8 - b.width%8) % 8)
		}
	}
	return out
}

func run(tb testing.TB, name string, args ...string) {
	tb.Helper()
	if out, err := exec.CommandContext(tb.Context(), name, args...).CombinedOutput(); err != nil {
		tb.Fatalf("%s %q: %v: %s", name, args, err, out)
	}
}

// pbm reads the pixels of a PBM file, 1 for black.
func pbm(tb testing.TB, path string) bitmap {
	tb.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	var m bitmap
	text := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAll(b[:min(len(b), 200)], nil)
	if _, err := fmt.Fscanf(bytes.NewReader(text), "P4\n%d %d\n", &m.width, &m.height); err != nil {
		tb.Fatalf("reading %s: %v", path, err)
	}
	m.rows = b[len(b)-m.stride()*m.height:]
	return m
}

// decoded has jbig2dec read the stream as a file of its own.
func decoded(tb testing.TB, stream []byte) bitmap {
	tb.Helper()
	dir := tb.TempDir()
	file := append([]byte("\x97JB2\r\n\x1a\n\x01\x00\x00\x00\x01"), stream...)
	file = append(file, 0, 0, 0, 2, 49, 0, 1, 0, 0, 0, 0) // end of page
	file = append(file, 0, 0, 0, 3, 51, 0, 0, 0, 0, 0, 0) // end of file
	in, out := filepath.Join(dir, "in.jb2"), filepath.Join(dir, "out.pbm")
	if err := os.WriteFile(in, file, 0o600); err != nil {
		tb.Fatal(err)
	}
	run(tb, "jbig2dec", "-q", "-t", "pbm", "-o", out, in)
	return pbm(tb, out)
}

func exact(t *testing.T, what string, got, want bitmap) {
	t.Helper()
	if got.width != want.width || got.height != want.height || !bytes.Equal(got.rows, want.black()) {
		t.Errorf("%s: %d × %d decoded differs from %d × %d encoded", what, got.width, got.height, want.width, want.height)
	}
}

// TestRandomImages has jbig2dec read images of every width and kind.
func TestRandomImages(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		b := blank(1+rng.IntN(200), 1+rng.IntN(40))
		dense, repeated := rng.IntN(6), rng.IntN(4)
		for i := range b.rows {
			v := byte(rng.Uint32())
			for range dense {
				v |= byte(rng.Uint32())
			}
			b.rows[i] = v
			if i >= b.stride() && repeated > 0 && i/b.stride()%4 < repeated {
				b.rows[i] = b.rows[i-b.stride()]
			}
		}
		if rng.IntN(5) == 0 {
			for i := range b.rows {
				b.rows[i] ^= 0xff
			}
		}
		exact(t, "random", decoded(t, b.encode()), b)
	}
}

func TestExtremes(t *testing.T) {
	t.Parallel()
	wide := blank(100_003, 5)
	wide.rows[3*wide.stride()+wide.stride()-1] = 0
	high := blank(3, 70_001)
	high.rows[69_000] = 0
	dots := blank(20_000, 3000)
	for i := 17; i < len(dots.rows); i += 9973 {
		dots.rows[i] &^= 8
	}
	dark := blank(333, 200)
	clear(dark.rows)
	for name, b := range map[string]bitmap{
		"one white pixel": blank(1, 1), "one black pixel": {1, 1, []byte{0}}, "black": dark,
		"white": blank(2480, 3508), "wide": wide, "high": high, "huge with dots": dots,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stream := b.encode()
			exact(t, name, decoded(t, stream), b)
			if name == "white" && len(stream) > 120 {
				t.Errorf("a white page takes %d bytes", len(stream))
			}
		})
	}
}

// scanned is a page of text as a black-and-white scanner delivers it.
func scanned(tb testing.TB, dpi int, noise float64) bitmap {
	tb.Helper()
	fonts, err := paper.LoadFonts()
	if err != nil {
		tb.Fatal(err)
	}
	p := paper.New(fonts, paper.Decision, 7)
	img := paper.Bilevel(p.Scan(0, paper.Look{DPI: dpi, Skew: 0.4, Noise: noise, Bilevel: true, Seed: 3}))
	return packed(img)
}

func packed(img *image.Paletted) bitmap {
	b := blank(img.Rect.Dx(), img.Rect.Dy())
	for y := range b.height {
		for x := range b.width {
			if img.Pix[y*img.Stride+x] == 0 {
				b.rows[y*b.stride()+x/8] &^= 0x80 >> (x % 8)
			}
		}
	}
	return b
}

// TestReadersAgree puts a scanned page into a PDF and has each program that people
// use decode it.
func TestReadersAgree(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]bitmap{"clean": scanned(t, 200, 0), "noisy": scanned(t, 150, 60)} {
		dir := t.TempDir()
		path := filepath.Join(dir, "page.pdf")
		stream := b.encode()
		exact(t, name+": jbig2dec", decoded(t, stream), b)
		if err := os.WriteFile(path, pdf(b, stream), 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, "pdfimages", path, filepath.Join(dir, "poppler"))
		run(t, "mutool", "draw", "-q", "-r", "72", "-c", "mono", "-A", "0", "-F", "pbm", "-o", filepath.Join(dir, "mupdf.pbm"), path)
		run(t, "gs", "-q", "-dBATCH", "-dNOPAUSE", "-r72", "-sDEVICE=pbmraw", "-sOutputFile="+filepath.Join(dir, "gs.pbm"), path)
		exact(t, name+": poppler", pbm(t, filepath.Join(dir, "poppler-000.pbm")), b)
		exact(t, name+": mupdf", pbm(t, filepath.Join(dir, "mupdf.pbm")), b)
		exact(t, name+": gs", pbm(t, filepath.Join(dir, "gs.pbm")), b)
	}
}

// pdf shows the image with a pixel for each point.
func pdf(b bitmap, stream []byte) []byte {
	content := fmt.Sprintf("%d 0 0 %d 0 0 cm /I Do", b.width, b.height)
	return paper.Assemble([]string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>", b.width, b.height),
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode/Length %d>>stream\n%s\nendstream",
			b.width, b.height, len(stream), stream),
	}, "")
}

// TestSegments: each segment is as long as its head says.
func TestSegments(t *testing.T) {
	t.Parallel()
	s := blank(77, 50).encode()
	var kinds []byte
	for len(s) > 0 {
		kinds = append(kinds, s[4])
		s = s[11+binary.BigEndian.Uint32(s[7:]):]
	}
	if !bytes.Equal(kinds, []byte{48, 39}) {
		t.Errorf("the segments are of types %v, want page information and a lossless generic region", kinds)
	}
}

func BenchmarkPage(b *testing.B) {
	for name, m := range map[string]bitmap{"text": scanned(b, 300, 0), "noise": scanned(b, 300, 60)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(len(m.encode())), "bytes")
			}
		})
	}
}
