package raster_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/intake/raster"
)

func opener(m *raster.Memory) func() (raster.Rows, error) {
	return func() (raster.Rows, error) { return &raster.Memory{Shape: m.Shape, Pix: m.Pix}, nil }
}

// painted draws an image whose pixels have the given colours in turn.
func painted(form raster.Form, colours ...[]byte) *raster.Memory {
	m := &raster.Memory{Shape: form}
	for i := range form.Width * form.Height {
		m.Pix = append(m.Pix, colours[(i+i/97)%len(colours)]...)
	}
	return m
}

// rgb gives the pixels of rows as 8-bit RGB.
func rgb(t *testing.T, r raster.Rows) []byte {
	t.Helper()
	m, err := raster.Whole(raster.Plain(r))
	if err != nil {
		t.Fatal(err)
	}
	if m.Shape.Channels == 3 {
		return m.Pix
	}
	var out []byte
	for _, v := range m.Pix {
		out = append(out, v, v, v)
	}
	return out
}

func many(n int, of func(i byte) []byte) [][]byte {
	var all [][]byte
	for i := range n {
		all = append(all, of(byte(i)))
	}
	return all
}

// TestSimplest: the form has as few bits as the image's colours allow, and every
// pixel keeps its colour.
func TestSimplest(t *testing.T) {
	t.Parallel()
	colour := raster.Form{Width: 61, Height: 47, Bits: 8, Channels: 3}
	gray := raster.Form{Width: 61, Height: 47, Bits: 8, Channels: 1}
	level := func(i byte) []byte { return []byte{i * 5} }
	grays := func(i byte) []byte { return []byte{i, i, i} }
	hues := func(i byte) []byte { return []byte{i, 255 - i, i / 2} }
	for _, c := range []struct {
		name  string
		m     *raster.Memory
		bits  int
		color pipeline.ColorSpace
	}{
		{"black and white in RGB", painted(colour, []byte{0, 0, 0}, []byte{255, 255, 255}), 1, pipeline.Gray},
		{"white alone", painted(colour, []byte{255, 255, 255}), 1, pipeline.Gray},
		{"black and white in gray", painted(gray, []byte{0}, []byte{255}), 1, pipeline.Gray},
		{"two grays", painted(gray, []byte{1}, []byte{255}), 1, pipeline.Indexed},
		{"red and cream", painted(colour, []byte{200, 0, 0}, []byte{250, 250, 230}), 1, pipeline.Indexed},
		{"sixteen grays", painted(gray, many(16, level)...), 4, pipeline.Indexed},
		{"seventeen grays", painted(gray, many(17, level)...), 8, pipeline.Gray},
		{"gray in RGB", painted(colour, many(200, grays)...), 8, pipeline.Gray},
		{"three colours", painted(colour, many(3, hues)...), 2, pipeline.Indexed},
		{"many colours", painted(colour, many(256, hues)...), 8, pipeline.Indexed},
		{"all colours", painted(colour, append(many(256, hues), []byte{9, 9, 9})...), 8, pipeline.RGB},
		{"white first", &raster.Memory{
			Shape: raster.Form{Width: 8, Height: 2, Bits: 1, Channels: 1, Palette: []byte{255, 255, 255, 0, 0, 0}},
			Pix:   []byte{0xaa, 0x0f},
		}, 1, pipeline.Gray},
		{"four bits of gray", &raster.Memory{Shape: raster.Form{Width: 10, Height: 1, Bits: 4, Channels: 1}, Pix: []byte{0x12, 0x34, 0x56, 0x78, 0x9a}}, 4, pipeline.Gray},
	} {
		open, err := raster.Simplest(opener(c.m))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got, err := open()
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if f := got.Form(); f.Bits != c.bits || f.Color() != c.color {
			t.Errorf("%s: %d bits in %s, want %d in %s", c.name, f.Bits, f.Color(), c.bits, c.color)
		}
		first, _ := opener(c.m)()
		if !bytes.Equal(rgb(t, got), rgb(t, first)) {
			t.Errorf("%s: the pixels differ", c.name)
		}
	}
}

// TestFlateChoosesByTheRows: a page that is noise at its head and smooth below is as
// small as the better predictor makes either, and comes back whole.
func TestFlateChoosesByTheRows(t *testing.T) {
	t.Parallel()
	form := raster.Form{Width: 300, Height: 700, Bits: 8, Channels: 1}
	m := &raster.Memory{Shape: form}
	rng := rand.New(rand.NewPCG(3, 4))
	for y := range form.Height {
		for x := range form.Width {
			v := byte(x*y/400 + x) // smooth, and new in every row
			if y < 256 {
				v = byte(250 + rng.IntN(2)*5)
			}
			m.Pix = append(m.Pix, v)
		}
	}
	b, err := raster.Flate(&raster.Memory{Shape: form, Pix: m.Pix})
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 25_000 {
		t.Errorf("%d bytes; noise of one bit takes 9,600, what is smooth next to nothing", len(b))
	}
	p, err := raster.OpenPNG(bytes.NewReader(raster.PNGFile(form, b)), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := raster.Whole(p)
	if err != nil || !bytes.Equal(got.Pix, m.Pix) {
		t.Errorf("the rows read are not those written: %v", err)
	}
}
