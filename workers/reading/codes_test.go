package reading_test

import (
	"image"
	"image/draw"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"hoso/pipeline"
	"hoso/pipeline/pagetest"
	"hoso/workers/reading"
)

// stuck puts a code into a place of a sheet.
func stuck(t *testing.T, s *pagetest.Sheet, text string, box image.Rectangle) *pagetest.Sheet {
	t.Helper()
	c, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = barcode.Scale(c, box.Dx(), box.Dy()); err != nil {
		t.Fatal(err)
	}
	draw.Draw(s.Image, box, c, image.Point{}, draw.Src)
	return s
}

// TestCodesStandOnTheUprightPage: however the file and the letters turn the page, the box
// of a code is its place on the upright one.
func TestCodesStandOnTheUprightPage(t *testing.T) {
	t.Parallel()
	const text = "H98.15-260305-0042"
	box := image.Rect(180, 1900, 300, 2020)
	for _, c := range []struct{ lies, said, turn int }{{0, 0, 0}, {1, 3, 3}, {2, 0, 2}, {1, 1, 3}, {3, 0, 1}} {
		s := stuck(t, sheet(t), text, box)
		engine := &scripted{answers: list(says("giấy", 90))}
		page, err := reading.New(engine, reading.Options{}).Read(t.Context(), leaf(s.Turned(c.lies), c.said), 1)
		if err != nil || page.Turn != c.turn || len(page.Codes) != 1 {
			t.Fatalf("%+v: turned by %d, codes %+v, %v", c, page.Turn, page.Codes, err)
		}
		got := page.Codes[0]
		if got.Kind != pipeline.QR || got.Text != text {
			t.Errorf("%+v: read %+v", c, got)
		}
		if b := image.Rect(got.Box.X0, got.Box.Y0, got.Box.X1, got.Box.Y1); !b.In(box.Inset(-10)) || !box.Inset(15).In(b) {
			t.Errorf("%+v: stands at %v, found at %v", c, box, b)
		}
	}
}

// TestCodeAlone: a sheet that bears nothing but a code is not blank, and a reader that was
// told so does not look for any.
func TestCodeAlone(t *testing.T) {
	t.Parallel()
	s := sheet(t)
	for i := range s.Image.Pix {
		s.Image.Pix[i] = 255
	}
	s = stuck(t, s, "H98.15-260305-0042", image.Rect(700, 300, 820, 420))
	page, err := reading.New(&scripted{answers: list(says("~", 10))}, reading.Options{}).Read(t.Context(), leaf(s, 0), 1)
	if err != nil || page.Outcome != pipeline.PageNoText || len(page.Codes) != 1 {
		t.Errorf("outcome %s, codes %v, %v; want no text and the code", page.Outcome, page.Codes, err)
	}
	page, err = reading.New(&scripted{answers: list(says("~", 10))}, reading.Options{NoCodes: true}).Read(t.Context(), leaf(s, 0), 1)
	if err != nil || len(page.Codes) != 0 {
		t.Errorf("codes %v, %v; want none looked for", page.Codes, err)
	}
}
