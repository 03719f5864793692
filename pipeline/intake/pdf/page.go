package pdf

import (
	"context"
	"errors"
	"fmt"
	"math"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/pdf/content"
	"hoso/pipeline/intake/pdf/object"
	"hoso/pipeline/intake/raster"
)

// Leaf is a page taken out: a carried image, a drawing, or a drawing with words.
type Leaf struct {
	Picture           *raster.Picture
	WidthPt, HeightPt float64         // upright
	Lines             []pipeline.Line // of a born-digital page
	Digital           bool
	Coarse            bool // drawn from an image below 200 dpi
}

// page is a page of the run in use.
type page struct {
	run    *run
	index  int // in the run, from 1
	dict   object.Dict
	box    content.Rect // what viewers show, in points of the page
	unit   float64      // UserUnit
	rotate int          // quarter turns clockwise
	marks  content.Marks
}

// run is some consecutive pages of a file, cut out of it.
type run struct {
	*object.Set
	dir, path   string
	first, last int
	pages       []object.Dict
}

func (r *run) page(n int) (*page, error) {
	p := &page{run: r, index: n - r.first + 1, dict: r.pages[n-r.first]}
	p.unit = r.Number(p.dict["UserUnit"], 1)
	if !(p.unit >= 0.01 && p.unit <= 10_000) {
		p.unit = 1
	}
	p.rotate = (int(math.Mod(r.Number(p.dict["Rotate"], 0), 360))/90 + 4) % 4
	media, ok := r.box(p.dict["MediaBox"])
	if !ok {
		media = content.Span(0, 0, 612, 792) // what viewers take
	}
	p.box = media
	if crop, ok := r.box(p.dict["CropBox"]); ok && crop.And(media).Area() > 0 {
		p.box = crop.And(media)
	}
	if w, h := p.box.Width()*p.unit, p.box.Height()*p.unit; w < leastPt || h < leastPt {
		return nil, fault.SizeBad(fmt.Sprintf("%.4g × %.4g pt", w, h))
	}
	p.marks = content.Look(r.Set, p.dict, p.box)
	return p, nil
}

// The sides that PDF/A-2 allows a page (ISO 19005-2, 6.1.13), in points.
const (
	leastPt = 3
	mostPt  = 14400
)

func (r *run) box(v any) (content.Rect, bool) {
	n := r.Numbers(v)
	if len(n) != 4 {
		return content.Rect{}, false
	}
	b := content.Span(n[0], n[1], n[2], n[3])
	return b, b.Area() > 0 && b.Within(content.Span(-1e7, -1e7, 1e7, 1e7), 0)
}

// size is that of the upright page in points, kept to what PDF/A allows.
func (p *page) size() (w, h float64) {
	w, h = p.box.Width()*p.unit, p.box.Height()*p.unit
	if p.rotate%2 == 1 {
		w, h = h, w
	}
	scale := math.Min(1, mostPt/math.Max(w, h))
	return math.Max(w*scale, leastPt), math.Max(h*scale, leastPt)
}

const (
	// A page of which images cover so much is a scan with something stamped on it
	// unless it has many letters of its own.
	mostlyImage = 0.7
	stampText   = 600
	// An image that covers less than this stands on a page that has a meaning of
	// its own, such as an identity card in the middle of a sheet.
	leastCover = 0.5
)

// Page takes out page n, counted from 1. With a Refusal the Leaf may still hold a
// drawing of what can be seen.
func (f *File) Page(ctx context.Context, n int) (Leaf, error) {
	p, err := f.page(ctx, n)
	if err != nil {
		return Leaf{}, err
	}
	var reason error
	if scan, ok := p.scan(); ok {
		leaf, err := p.carry(ctx, scan, f.opt)
		if err == nil {
			return leaf, nil
		}
		if ctx.Err() != nil || !drawable(err) {
			return Leaf{}, err
		}
		if fault.Refused(err) {
			reason = err // what is left of it is drawn, and refused all the same
		}
	}
	src := drawing{path: p.run.path, number: p.index, opt: f.opt}
	if p.marks.Layers { // which of them are shown, only the whole file knows
		src.path, src.number = f.path, n
	}
	leaf, err := p.draw(ctx, src)
	if err != nil {
		return Leaf{}, errors.Join(reason, err)
	}
	return leaf, reason
}

// drawable reports whether a page of which the image cannot be carried can be drawn:
// not one that is too large for that, too.
func drawable(err error) bool {
	if r, ok := pipeline.AsRefusal(err); ok {
		return r.Reason.Code == fault.Truncated || r.Reason.Code == fault.Damaged
	}
	return errors.Is(err, errNotPDFA)
}

// scan gives the only image of a page that shows nothing else.
func (p *page) scan() (content.Placed, bool) {
	m := p.marks
	if len(m.Images) != 1 || m.Glyphs > 0 || m.Paths > 0 || m.Layers || m.Odd || p.stamped() {
		return content.Placed{}, false
	}
	i := m.Images[0]
	return i, i.Simple && i.Image != nil && i.Box.Area() >= leastCover*p.box.Area()
}

// stamped reports whether annotations can be seen on the page: a stamp, a
// signature, a filled field.
func (p *page) stamped() bool {
	r := p.run
	for _, a := range r.Array(p.dict["Annots"]) {
		d := r.Dict(a)
		const hidden, noView = 2, 32
		if flags := int(r.Number(d["F"], 0)); flags&(hidden|noView) != 0 {
			continue
		}
		if kind := r.Name(d["Subtype"]); kind == "Popup" || kind == "Link" {
			continue
		}
		if box, ok := r.box(d["Rect"]); ok && box.And(p.box).Area() > 0 && r.appears(d) {
			return true
		}
	}
	return false
}

// appearanceBytes are more than any stamp needs.
const appearanceBytes = 16 << 20

// appears reports whether an annotation has an appearance with something in it.
func (r *run) appears(annotation object.Dict) bool {
	switch n := r.Resolve(r.Dict(annotation["AP"])["N"]).(type) {
	case *object.Stream:
		b, err := r.Data(n, -1, appearanceBytes)
		return err != nil || len(b) > 2
	case object.Dict:
		s, ok := r.Resolve(n[r.Name(annotation["AS"])]).(*object.Stream)
		if !ok {
			return false
		}
		b, err := r.Data(s, -1, appearanceBytes)
		return err != nil || len(b) > 2
	}
	return false
}

// digital reports whether the words of the page are those of the file.
func (p *page) digital() bool {
	m := p.marks
	if m.Glyphs == 0 || m.Unknown*10 > m.Glyphs || m.Hidden > m.Glyphs {
		return false
	}
	return m.Glyphs >= stampText || p.covered() < mostlyImage
}

// covered is the part of the page that images cover, at least.
func (p *page) covered() float64 {
	sum := 0.0
	for _, i := range p.marks.Images {
		sum += i.Box.Area()
	}
	return math.Min(1, sum/p.box.Area())
}
