package document_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/appearance"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
	"hoso/workers/document"
)

// leaf is a page of a PDF: of this size as it is shown, whatever its boxes and its
// rotation, with black bars for lines of text and a square for a code.
type leaf struct {
	name          string
	width, height float64
	rotate        int
	left, bottom  float64 // of the media box
	crop          float64 // by how much the crop box is smaller on each side
	unit          float64 // 0 is 1
	bars          []pipeline.Frame
	code          pipeline.Frame
	hidden        bool // the bars are not among the words
}

// letter is how the bars of a usual paper stand.
func letter(width, height float64) []pipeline.Frame {
	var bars []pipeline.Frame
	for y := 57.0; y < height-57; y += 18 {
		bars = append(bars, pipeline.Frame{X0: 85, Y0: y, X1: width - 50, Y1: y + 9})
	}
	return bars
}

func (l leaf) pdf() []byte {
	unit := max(l.unit, 1)
	if l.unit > 0 {
		unit = l.unit
	}
	w, h := l.width/unit, l.height/unit
	if l.rotate%180 != 0 {
		w, h = h, w
	}
	x0, y0 := l.left+l.crop, l.bottom+l.crop
	matrix := map[int]string{ // from the page as shown, points from the top left
		0:   fmt.Sprintf("%g 0 0 %g %g %g", 1/unit, -1/unit, x0, y0+h),
		90:  fmt.Sprintf("0 %g %g 0 %g %g", 1/unit, 1/unit, x0, y0),
		180: fmt.Sprintf("%g 0 0 %g %g %g", -1/unit, 1/unit, x0+w, y0),
		270: fmt.Sprintf("0 %g %g 0 %g %g", -1/unit, -1/unit, x0+w, y0+h),
	}[l.rotate]
	var content strings.Builder
	fmt.Fprintf(&content, "q %s cm\n", matrix)
	for _, f := range append(l.bars, l.code) {
		fmt.Fprintf(&content, "%g %g %g %g re f\n", f.X0, f.Y0, f.X1-f.X0, f.Y1-f.Y0)
	}
	content.WriteString("Q\n")
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object(fmt.Sprintf("<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate %d /MediaBox [%g %g %g %g] >>", // inherited
		l.rotate, l.left, l.bottom, l.left+w+2*l.crop, l.bottom+h+2*l.crop))
	object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /CropBox [%g %g %g %g] /UserUnit %g /Resources << >> /Contents 4 0 R >>",
		x0+w, y0+h, x0, y0, unit)) // corners the other way round
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", content.Len(), content.String()))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// sight is what a reader would tell of the page: a picture by poppler, and the words.
func (l leaf) sight(picture image.Image) func(context.Context) (document.Sight, error) {
	b := picture.Bounds()
	p := &pipeline.Page{Number: 1, Width: b.Dx(), Height: b.Dy(), WidthPt: l.width, HeightPt: l.height}
	x, y := float64(b.Dx())/l.width, float64(b.Dy())/l.height
	box := func(f pipeline.Frame) pipeline.Box {
		return pipeline.Box{X0: int(f.X0 * x), Y0: int(f.Y0 * y), X1: int(math.Ceil(f.X1 * x)), Y1: int(math.Ceil(f.Y1 * y))}
	}
	if !l.hidden {
		for _, bar := range l.bars {
			p.Lines = append(p.Lines, pipeline.Line{Words: []pipeline.Word{{Text: "x", Box: box(bar)}}})
		}
	}
	if l.code != (pipeline.Frame{}) {
		p.Codes = []pipeline.Code{{Kind: pipeline.QR, Box: box(l.code)}}
	}
	return func(context.Context) (document.Sight, error) { return document.Sight{Page: p, Picture: picture}, nil }
}

const shownDPI = 72

// rendered is the brightness of page 1 as poppler shows it.
func rendered(t *testing.T, path string, dpi int) *image.Gray {
	t.Helper()
	m := renderedColour(t, path, dpi)
	g := image.NewGray(m.Bounds())
	draw.Draw(g, g.Rect, m, image.Point{}, draw.Src)
	return g
}

func renderedColour(t *testing.T, path string, dpi int) image.Image {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page")
	cmd := exec.CommandContext(t.Context(), "pdftoppm", "-cropbox", "-r", fmt.Sprint(dpi), "-f", "1", "-l", "1", "-singlefile", "-png", path, out)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("rendering: %v: %s", err, said)
	}
	f, err := os.Open(out + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var signedAt = time.Date(2022, 10, 11, 2, 30, 5, 0, time.UTC)

const agency = "Ủy ban nhân dân phường Hoa Lư"

const longAgency = "Trung tâm Phục vụ hành chính công phường Hoa Lư, Ủy ban nhân dân phường Hoa Lư, Ninh Bình"

func look(t *testing.T, name string) document.Look {
	t.Helper()
	all, err := appearance.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := all.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return document.Look{Profile: p, Facts: appearance.Facts{Signer: "Nguyễn Thị Hường", Agency: agency, Form: "SAO Y"}}
}

// office is a signer.
type office struct {
	*signtest.Authority
	id sign.Identity
	at time.Time
}

func newOffice(t *testing.T) office {
	t.Helper()
	a := signtest.New(t, signedAt)
	return office{a, a.Identity(t, signtest.Key(t), nil), signedAt}
}

// show signs the file at from as a look has it.
func (o office) show(t *testing.T, from, to string, look document.Look, see func(context.Context) (document.Sight, error)) pipeline.Shown {
	t.Helper()
	q := sign.Request{Identity: o.id, Timestamper: o.Stamper(), Time: o.at, Further: true}
	q, err := document.Show(t.Context(), from, q, look, see)
	if err != nil {
		t.Fatal(err)
	}
	s, err := document.Sign(t.Context(), from, to, q)
	if err != nil {
		t.Fatal(err)
	}
	return *s.Shown
}

func leaves() []leaf {
	a4w, a4h := 595.276, 841.89
	all := []leaf{
		{name: "a4", width: a4w, height: a4h, bars: letter(a4w, a4h)},
		{name: "a5", width: 419.5, height: 595.3, bars: letter(419.5, 595.3)},
		{name: "a3", width: 841.89, height: 1190.55, bars: letter(841.89, 1190.55)},
		{name: "a0", width: 2383.9, height: 3370.4, bars: letter(2383.9, 3370.4)},
		{name: "landscape", width: a4h, height: a4w, bars: letter(a4h, a4w)},
		{name: "crop", width: a4w, height: a4h, crop: 40, bars: letter(a4w, a4h)},
		{name: "offset", width: a4w, height: a4h, left: -300, bottom: 1000, crop: 15, bars: letter(a4w, a4h)},
		{name: "unit", width: a4w, height: a4h, unit: 2.5, left: 7, bars: letter(a4w, a4h)},
		{name: "code", width: a4w, height: a4h, bars: letter(a4w, a4h), code: pipeline.Frame{X0: 14, Y0: 14, X1: 71, Y1: 71}},
		{name: "drawing", width: a4w, height: a4h, hidden: true, bars: []pipeline.Frame{
			{X0: 10, Y0: 20, X1: 585, Y1: 21}, {X0: 10, Y0: 70, X1: 585, Y1: 71}, {X0: 200, Y0: 120, X1: 400, Y1: 260},
		}},
		{name: "full", width: a4w, height: a4h, bars: fullOfText(a4w, a4h)},
	}
	for _, turn := range []int{90, 180, 270} {
		all = append(all, leaf{name: fmt.Sprint("turned ", turn), width: a4w, height: a4h, rotate: turn, bars: letter(a4w, a4h)})
		all = append(all, leaf{name: fmt.Sprint("landscape turned ", turn), width: a4h, height: a4w, rotate: turn, left: 50, bottom: -80, crop: 12, bars: letter(a4h, a4w)})
	}
	return all
}

// fullOfText leaves no place at the top, and one at the foot of the page.
func fullOfText(width, height float64) []pipeline.Frame {
	var bars []pipeline.Frame
	for y := 4.0; y < height-80; y += 14 {
		bars = append(bars, pipeline.Frame{X0: 4, Y0: y, X1: width - 4, Y1: y + 9})
	}
	return bars
}

// TestShow has an officer and an agency sign pages of every shape: each signature changes
// the page in its own frame alone, where there was nothing, and reads as the page does.
func TestShow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, l := range leaves() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			plain, once, twice := filepath.Join(dir, "plain.pdf"), filepath.Join(dir, "once.pdf"), filepath.Join(dir, "twice.pdf")
			if err := os.WriteFile(plain, l.pdf(), 0o600); err != nil {
				t.Fatal(err)
			}
			dpi := int(shownDPI * max(l.unit, 1)) // poppler takes every unit for a point
			before := rendered(t, plain, dpi)
			first := o.show(t, plain, once, look(t, "officer"), l.sight(before))
			between := rendered(t, once, dpi)
			second := o.show(t, once, twice, look(t, "copy"), l.sight(before))
			after := rendered(t, twice, dpi)
			t.Logf("officer %+v, agency %+v", first, second)
			onlyIn(t, before, between, first)
			onlyIn(t, between, after, second)
			if mid := l.width / 2; l.name != "full" && (middle(first.Frame) > mid || middle(second.Frame) < mid) {
				t.Errorf("the officer's is at %v, the agency's at %v, want left and right", first.Frame, second.Frame)
			}
			if l.name != "full" && (first.Frame.Y0 > l.height/3 || second.Frame.Y0 > l.height/3) {
				t.Errorf("the officer's is at %v, the agency's at %v, want them above", first.Frame, second.Frame)
			}
			readable(t, twice)
			said := judge.PDFSig(t, twice)
			if len(said) != 2 || !said[0].Valid || !said[1].Valid {
				t.Errorf("pdfsig says %+v", said)
			}
			if trouble := judge.QPDF(t, twice); trouble != "" {
				t.Errorf("qpdf says %s", trouble)
			}
		})
	}
}

func middle(f pipeline.Frame) float64 { return (f.X0 + f.X1) / 2 }

// readable wants the words of both signatures, in order.
func readable(t *testing.T, path string) {
	t.Helper()
	text := strings.Join(strings.Fields(judge.PDFToText(t, path, "-raw")), " ")
	for _, want := range []string{
		"Người số hóa: Nguyễn Thị Hường", "Thời gian sao chụp: 2022-10-11T09:30:05+07:00", "SAO Y", agency, "2022-10-11T09:30:05+07:00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in %q", want, text)
		}
	}
}

// onlyIn wants two pictures to differ within the frame, much, and nowhere else, and the
// frame to have been bare.
func onlyIn(t *testing.T, before, after *image.Gray, s pipeline.Shown) {
	t.Helper()
	if s.Why != "" {
		t.Fatalf("nothing shows: %s", s.Why)
	}
	b := before.Rect
	frame := image.Rect(int(s.Frame.X0), int(s.Frame.Y0), int(math.Ceil(s.Frame.X1)), int(math.Ceil(s.Frame.Y1))) // a pixel is a point
	if !frame.In(b) {
		t.Fatalf("%v is not on the page %v", frame, b)
	}
	inside := 0
	for v := range b.Dy() {
		for u := range b.Dx() {
			differ := before.GrayAt(u, v) != after.GrayAt(u, v)
			switch in := (image.Point{X: u, Y: v}).In(frame); {
			case differ && !in:
				t.Fatalf("something changed at %d,%d, outside of %v", u, v, frame)
			case differ:
				inside++
			}
			if (image.Point{X: u, Y: v}).In(frame) && before.GrayAt(u, v) != (color.Gray{Y: 255}) {
				t.Fatalf("%v covers what stands at %d,%d", frame, u, v)
			}
		}
	}
	if inside < 200 {
		t.Errorf("%d pixels changed in %v, want a text", inside, frame)
	}
}
