package compose_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
)

// samples gives the drawing as rows of samples of so many bits, rows padded to whole
// bytes.
func samples(m *image.RGBA, bits int, components func(color.RGBA) []uint16) [][]byte {
	rows := make([][]byte, m.Rect.Dy())
	for y := range rows {
		var row []byte
		var acc, have uint32
		for x := range m.Rect.Dx() {
			for _, v := range components(m.RGBAAt(x, y)) {
				acc = acc<<bits | uint32(v>>(16-bits))
				for have += uint32(bits); have >= 8; have -= 8 {
					row = append(row, byte(acc>>(have-8)))
				}
			}
		}
		if have > 0 {
			row = append(row, byte(acc<<(8-have)))
		}
		rows[y] = row
	}
	return rows
}

func asGray(c color.RGBA) []uint16 { return []uint16{color.Gray16Model.Convert(c).(color.Gray16).Y} }

func asRGB(c color.RGBA) []uint16 {
	return []uint16{uint16(c.R) * 257, uint16(c.G) * 257, uint16(c.B) * 257}
}

// asBit is white for all but the dark quarter.
func asBit(c color.RGBA) []uint16 {
	if c.R < 30 && c.B < 30 {
		return []uint16{0}
	}
	return []uint16{0xFFFF}
}

// asIndex numbers the quarters 0 to 3.
func asIndex(bits int) func(color.RGBA) []uint16 {
	return func(c color.RGBA) []uint16 {
		i := uint16(3)
		switch {
		case c.R < 30 && c.B < 30:
			i = 0
		case c.R > 150 && c.B < 100:
			i = 1
		case c.R > 230:
			i = 2
		}
		return []uint16{i << (16 - bits)}
	}
}

func deflate(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// upFilter applies PNG's filter "up" to every row.
func upFilter(rows [][]byte) []byte {
	var out []byte
	above := make([]byte, len(rows[0]))
	for _, row := range rows {
		out = append(out, 2)
		for i, c := range row {
			out = append(out, c-above[i])
		}
		above = row
	}
	return out
}

// program runs a program over bytes in a file and gives the bytes of its output file.
func program(t testing.TB, in, out string, data []byte, cmd func(in, out string) *exec.Cmd) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out = filepath.Join(dir, in), filepath.Join(dir, out)
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	c := cmd(in, out)
	if msg, err := c.CombinedOutput(); err != nil {
		t.Fatalf("running %s: %v: %s", c.Path, err, msg)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fax encodes one-bit rows through libtiff: scheme is that of tiffcp -c.
func fax(t testing.TB, rows [][]byte, width int, scheme string) []byte {
	t.Helper()
	data := bytes.Join(rows, nil)
	var b bytes.Buffer
	le := binary.LittleEndian
	b.WriteString("II*\x00")
	_ = binary.Write(&b, le, uint32(8+len(data)))
	b.Write(data)
	tags := [][2]uint32{
		{256, uint32(width)},
		{257, uint32(len(rows))},
		{258, 1},
		{259, 1},
		{262, 1},
		{273, 8},
		{277, 1},
		{278, uint32(len(rows))},
		{279, uint32(len(data))},
	}
	_ = binary.Write(&b, le, uint16(len(tags)))
	for _, tag := range tags {
		_ = binary.Write(&b, le, []uint16{uint16(tag[0]), 4})
		_ = binary.Write(&b, le, []uint32{1, tag[1]})
	}
	b.Write(make([]byte, 4))
	tiff := program(t, "a.tif", "b.tif", append(b.Bytes()[:4:4], fixOffset(b.Bytes(), len(data))...), func(in, out string) *exec.Cmd {
		return exec.CommandContext(t.Context(), "tiffcp", "-c", scheme, "-r", "100000", "-f", "msb2lsb", in, out)
	})
	offset, length := tagOf(t, tiff, 273), tagOf(t, tiff, 279)
	return tiff[offset : offset+length]
}

// fixOffset gives the file after its first four bytes, with the offset of the
// directory.
func fixOffset(b []byte, data int) []byte {
	rest := bytes.Clone(b[4:])
	binary.LittleEndian.PutUint32(rest, uint32(8+data))
	return rest
}

func tagOf(t testing.TB, tiff []byte, id uint16) int {
	t.Helper()
	le := binary.LittleEndian
	dir := tiff[le.Uint32(tiff[4:]):]
	for i := range int(le.Uint16(dir)) {
		e := dir[2+12*i:]
		if le.Uint16(e) == id {
			if le.Uint16(e[2:]) == 3 {
				return int(le.Uint16(e[8:]))
			}
			return int(le.Uint32(e[8:]))
		}
	}
	t.Fatalf("TIFF has no tag %d", id)
	return 0
}

// jbig2 wraps Group 4 data as a generic region of an embedded JBIG2 stream (ITU-T
// T.88), which may be coded so; globals holds a comment segment.
func jbig2(mmr []byte, w, h int) (data, globals []byte) {
	be := binary.BigEndian
	segment := func(num uint32, kind, page byte, body []byte) []byte {
		b := be.AppendUint32(nil, num)
		b = append(b, kind, 0, page)
		return append(be.AppendUint32(b, uint32(len(body))), body...)
	}
	size := be.AppendUint32(be.AppendUint32(nil, uint32(w)), uint32(h))
	pageInfo := append(bytes.Clone(size), make([]byte, 8+1+2)...)
	region := append(bytes.Clone(size), make([]byte, 8+1)...)
	region = append(append(region, 1), mmr...) // coded by MMR
	data = append(segment(1, 48, 1, pageInfo), segment(2, 38, 1, region)...)
	comment := append(be.AppendUint32(nil, 0x20000000), "hoso\x00\x00\x00"...)
	return data, segment(0, 62, 0, comment)
}

// jpx encodes the drawing through OpenJPEG. The number is that of the portable map
// format: 5 for gray, 6 for colour.
func jpx(t testing.TB, m *image.RGBA, number int) []byte {
	t.Helper()
	conv := asRGB
	if number == 5 {
		conv = asGray
	}
	data := fmt.Appendf(nil, "P%d\n%d %d\n255\n", number, m.Rect.Dx(), m.Rect.Dy())
	data = append(data, bytes.Join(samples(m, 8, conv), nil)...)
	return program(t, "a.pnm", "b.jp2", data, func(in, out string) *exec.Cmd {
		return exec.CommandContext(t.Context(), "opj_compress", "-i", in, "-o", out)
	})
}

// kind makes the sheet of a drawing in one of the ways that an image may be stored.
type kind func(t testing.TB, m *image.RGBA) sheet

func flateKind(bits int, cs pipeline.ColorSpace, conv func(color.RGBA) []uint16, change func(*pipeline.Image)) kind {
	return func(t testing.TB, m *image.RGBA) sheet {
		t.Helper()
		im := pipeline.Image{Filter: pipeline.Flate, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: bits, Color: cs}
		if cs == pipeline.Indexed {
			im.Palette = []byte{20, 20, 20, 200, 30, 30, 240, 240, 240, 30, 30, 200}
		}
		if change != nil {
			change(&im)
		}
		rows := samples(m, bits, conv)
		data := bytes.Join(rows, nil)
		if im.Predictor.Predictor > 0 {
			im.Predictor.Bits, im.Predictor.Columns = bits, im.Width
			data = upFilter(rows)
		}
		return asPage(im, deflate(t, data))
	}
}

func faxKind(scheme string, change func(*pipeline.Image)) kind {
	return func(t testing.TB, m *image.RGBA) sheet {
		t.Helper()
		im := pipeline.Image{Filter: pipeline.CCITT, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: 1, Color: pipeline.Gray}
		im.Fax = pipeline.FaxParms{Columns: im.Width, Rows: im.Height}
		change(&im)
		rows := samples(m, 1, asBit)
		return asPage(im, fax(t, rows, im.Width, scheme))
	}
}

func kinds() map[string]kind {
	invert := func(c color.RGBA) []uint16 { return []uint16{^asBit(c)[0]} }
	jbig := func(change func(*pipeline.Image, []byte)) kind {
		return func(t testing.TB, m *image.RGBA) sheet {
			t.Helper()
			w, h := m.Rect.Dx(), m.Rect.Dy()
			// Ones are black in a JBIG2 page, and libtiff codes zeros as Group 4's white.
			data, globals := jbig2(fax(t, samples(m, 1, invert), w, "g4"), w, h)
			im := pipeline.Image{Filter: pipeline.JBIG2, Width: w, Height: h, Bits: 1, Color: pipeline.Gray}
			change(&im, globals)
			return asPage(im, data)
		}
	}
	return map[string]kind{
		"JPEG": func(t testing.TB, m *image.RGBA) sheet {
			t.Helper()
			return asPage(pipeline.Image{Filter: pipeline.DCT, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: 8, Color: pipeline.RGB}, jpegBytes(t, m))
		},
		"JPEG with ColorTransform": func(t testing.TB, m *image.RGBA) sheet {
			t.Helper()
			one := 1
			return asPage(pipeline.Image{Filter: pipeline.DCT, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: 8, Color: pipeline.RGB, Transform: &one}, jpegBytes(t, m))
		},
		"gray JPEG": func(t testing.TB, m *image.RGBA) sheet {
			t.Helper()
			g := image.NewGray(m.Rect)
			for i := range g.Pix {
				g.Pix[i] = byte(asGray(m.RGBAAt(i%m.Rect.Dx(), i/m.Rect.Dx()))[0] >> 8)
			}
			var b bytes.Buffer
			if err := jpeg.Encode(&b, g, nil); err != nil {
				t.Fatal(err)
			}
			return asPage(pipeline.Image{Filter: pipeline.DCT, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: 8, Color: pipeline.Gray}, b.Bytes())
		},
		"gray 1": flateKind(1, pipeline.Gray, asBit, nil), "gray 2": flateKind(2, pipeline.Gray, asGray, nil),
		"gray 4": flateKind(4, pipeline.Gray, asGray, nil), "gray 8": flateKind(8, pipeline.Gray, asGray, nil),
		"gray 16": flateKind(16, pipeline.Gray, asGray, nil),
		"RGB 8":   flateKind(8, pipeline.RGB, asRGB, nil), "RGB 16": flateKind(16, pipeline.RGB, asRGB, nil),
		"RGB 4":     flateKind(4, pipeline.RGB, asRGB, nil),
		"indexed 2": flateKind(2, pipeline.Indexed, asIndex(2), nil), "indexed 8": flateKind(8, pipeline.Indexed, asIndex(8), nil),
		"predicted": flateKind(8, pipeline.RGB, asRGB, func(im *pipeline.Image) {
			im.Predictor = pipeline.PredictorParms{Predictor: 15, Colors: 3}
		}),
		"inverted": flateKind(1, pipeline.Gray, invert, func(im *pipeline.Image) { im.Decode = []float64{1, 0} }),
		"mask":     flateKind(1, pipeline.Gray, asBit, func(im *pipeline.Image) { im.Mask = true; im.Color = "" }),
		"inverted mask": flateKind(1, pipeline.Gray, invert, func(im *pipeline.Image) {
			im.Mask, im.Decode = true, []float64{1, 0}
		}),
		// libtiff codes zeros as white runs, and zeros are black in these files.
		"G4":              faxKind("g4", func(im *pipeline.Image) { im.Fax.K, im.Fax.BlackIs1 = -1, true; im.Decode = []float64{0, 1} }),
		"G3":              faxKind("g3:1d", func(im *pipeline.Image) { im.Fax.EndOfLine, im.Fax.BlackIs1 = true, true }),
		"G3 2D":           faxKind("g3:2d", func(im *pipeline.Image) { im.Fax.K, im.Fax.EndOfLine, im.Fax.BlackIs1 = 4, true, true }),
		"G4 mask":         faxKind("g4", func(im *pipeline.Image) { im.Fax.K, im.Fax.BlackIs1, im.Mask = -1, true, true }),
		"JBIG2":           jbig(func(im *pipeline.Image, _ []byte) { im.Globals = nil }),
		"JBIG2 + globals": jbig(func(im *pipeline.Image, globals []byte) { im.Globals = globals }),
		"JPX": func(t testing.TB, m *image.RGBA) sheet {
			t.Helper()
			return asPage(pipeline.Image{Filter: pipeline.JPX, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: 8, Color: pipeline.JPXColor}, jpx(t, m, 6))
		},
		"gray JPX": func(t testing.TB, m *image.RGBA) sheet {
			t.Helper()
			return asPage(pipeline.Image{Filter: pipeline.JPX, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Bits: 8, Color: pipeline.Gray}, jpx(t, m, 5))
		},
	}
}

// turned stores the drawing so that turn quarter turns clockwise make it upright.
func turned(m *image.RGBA, turn int) *image.RGBA {
	for range turn { // each a quarter turn the other way
		w, h := m.Rect.Dx(), m.Rect.Dy()
		out := image.NewRGBA(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.SetRGBA(y, w-1-x, m.RGBAAt(x, y))
			}
		}
		m = out
	}
	return m
}

// upright is how the drawing may look, depending on the depth of the image.
var upright = []string{
	"dark, other, light, other", "dark, other, light, dark",
	"dark" + strings.Repeat(", light", 3),
}

// Every way of storing an image, in every turn, is PDF/A-2u to veraPDF, carried byte
// for byte, and shown upright by two renderers.
func TestImageKinds(t *testing.T) {
	t.Parallel()
	for name, store := range kinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sheets []sheet
			for turn := range 4 {
				m := turned(drawing(120, 170), turn)
				s := store(t, m)
				s.page.Turn = turn
				s.page.Width, s.page.Height = 120, 170
				s.page.Lines = []pipeline.Line{{Words: []pipeline.Word{{Text: "chữ", Box: pipeline.Box{X0: 10, Y0: 10, X1: 60, Y1: 30}}}}}
				sheets = append(sheets, s)
			}
			pdf := makeRecord(t, meta(), sheets...)
			path := save(t, pdf)
			accepted(t, path)
			facts := inspect(t, pdf)
			if err := facts.Err(); err != nil {
				t.Error(err)
			}
			for i, s := range sheets {
				if facts.Images[i] != s.page.Image.Digest {
					t.Errorf("page %d: the image stream is not the one handed in", i+1)
				}
			}
			for renderer, pages := range renderings(t, path) {
				for i, page := range pages {
					if got := quarters(page); !slices.Contains(upright, got) {
						t.Errorf("%s page %d shows %s", renderer, i+1, got)
					}
				}
			}
		})
	}
}
