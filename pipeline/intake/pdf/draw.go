package pdf

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/helper"
	"hoso/pipeline/intake/raster"
)

const (
	drawDPI    = 300
	drawMost   = 600        // where a page is made of black-and-white images
	drawPixels = 60_000_000 // a sheet of A2; larger ones are drawn with fewer dots
)

// drawing says what poppler is to draw.
type drawing struct {
	path   string
	number int
	opt    Options
}

// dpi is the resolution to draw at: poppler takes a unit of the page for a point,
// whatever UserUnit says.
func (p *page) dpi() float64 {
	dpi := drawDPI * p.unit
	if fine, bilevel := p.finest(); bilevel && !p.digital() {
		dpi = math.Max(dpi, math.Min(fine, drawMost)*p.unit)
	}
	inches := p.box.Area() / (72 * 72)
	dpi = math.Min(dpi, math.Sqrt(drawPixels/inches))
	return math.Max(1, dpi)
}

// finest is the highest resolution of the images, and whether all are of one bit.
func (p *page) finest() (dpi float64, bilevel bool) {
	bilevel = len(p.marks.Images) > 0
	for _, i := range p.marks.Images {
		bilevel = bilevel && i.Bits == 1
		if wide := math.Hypot(i.At[0], i.At[1]) * p.unit; wide > 1 {
			dpi = math.Max(dpi, float64(i.Width)*72/wide)
		}
	}
	return dpi, bilevel
}

// draw makes an image of the page, and takes its words out if they are good.
func (p *page) draw(ctx context.Context, src drawing) (Leaf, error) {
	leaf := Leaf{}
	if err := p.marks.Vast; err != nil {
		return leaf, err //nolint:wrapcheck // a refusal says all
	}
	leaf.WidthPt, leaf.HeightPt = p.size()
	dpi := p.dpi()
	if p.digital() {
		lines, err := p.words(ctx, src, dpi)
		if err != nil {
			return Leaf{}, err
		}
		leaf.Lines, leaf.Digital = lines, lines != nil
	}
	canvas, err := p.render(ctx, src, dpi)
	if err != nil {
		return Leaf{}, err
	}
	if leaf.Picture, err = raster.Redraw(canvas); err != nil {
		return Leaf{}, fmt.Errorf("coding page: %w", err)
	}
	f := canvas.Shape
	img := &leaf.Picture.Image
	img.DPIX, img.DPIY = float64(f.Width)*72/leaf.WidthPt, float64(f.Height)*72/leaf.HeightPt
	if leaf.Digital {
		clamp(leaf.Lines, f.Width, f.Height)
	} else if fine, _ := p.finest(); fine > 0 && fine < 199 && p.covered() >= leastCover {
		leaf.Coarse = true
	}
	return leaf, nil
}

// render has poppler draw the page.
func (p *page) render(ctx context.Context, src drawing, dpi float64) (*raster.Memory, error) {
	page := strconv.Itoa(src.number)
	job := helper.Job{
		Name: "pdftoppm", Dir: p.run.dir, Limit: 4*drawPixels + 1<<20, Time: src.opt.Time,
		Args: []string{"-q", "-cropbox", "-r", strconv.FormatFloat(dpi, 'f', 4, 64), "-f", page, "-l", page, src.path},
	}
	var canvas *raster.Memory
	err := helper.Stream(ctx, job, func(out io.Reader) error {
		var err error
		canvas, err = readPPM(bufio.NewReaderSize(out, 1<<16))
		return err
	})
	if helper.Code(err) != 0 || errors.Is(err, errPPM) {
		return nil, fault.Broken("PDF", err)
	}
	return canvas, err //nolint:wrapcheck // it says all
}

var errPPM = errors.New("the page was not drawn")

func readPPM(r *bufio.Reader) (*raster.Memory, error) {
	var w, h, top int
	if _, err := fmt.Fscanf(r, "P6\n%d %d\n%d\n", &w, &h, &top); err != nil || top != 255 {
		return nil, errors.Join(errPPM, err)
	}
	if w <= 0 || h <= 0 || int64(w)*int64(h) > drawPixels*5/4 {
		return nil, errPPM
	}
	m := &raster.Memory{Shape: raster.Form{Width: w, Height: h, Bits: 8, Channels: 3}, Pix: make([]byte, 3*w*h)}
	if _, err := io.ReadFull(r, m.Pix); err != nil {
		return nil, errors.Join(errPPM, err)
	}
	return m, nil
}
