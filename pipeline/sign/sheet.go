package sign

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/pdf"
)

// Sheet is a page as readers show it: cut to its crop box, turned, and in points, which
// user units may not be (ISO 32000-1, 14.11.2 and table 30).
type Sheet struct {
	Number        int
	Width, Height float64          // points
	Taken         []pipeline.Frame // where annotations show, signatures above all

	box  [4]float64 // what is shown, in user space
	turn int        // quarter turns clockwise
	unit float64    // points of a unit of user space
}

// Look gives a page of a file, counted from 1. It reads no more than it has to.
func Look(in io.ReaderAt, size int64, number int) (Sheet, error) {
	f, err := pdf.Open(in, size)
	if err != nil {
		return Sheet{}, broken(err)
	}
	_, catalog, err := f.Catalog()
	if err != nil {
		return Sheet{}, broken(err)
	}
	page, err := f.Page(catalog, number)
	if err != nil {
		return Sheet{}, broken(err)
	}
	s := Sheet{Number: number, unit: 1}
	if err := s.measure(f, page); err != nil {
		return Sheet{}, broken(err)
	}
	if s.Taken, err = s.taken(f, page); err != nil {
		return Sheet{}, broken(err)
	}
	return s, nil
}

// measure reads what a page says of its size.
func (s *Sheet) measure(f *pdf.File, page pdf.Page) error {
	box, err := shownBox(f, page)
	if err != nil {
		return err
	}
	rotate, err := f.Resolve(page.Get("Rotate"))
	if err != nil {
		return err
	}
	if degrees, ok := rotate.Int(); ok && degrees%90 == 0 {
		s.turn = quarter(int(degrees / 90 % 4))
	}
	unit, err := f.Resolve(page.Dict.Get("UserUnit"))
	if err != nil {
		return err
	}
	if v, err := strconv.ParseFloat(string(unit.Raw), 64); err == nil && v > 0 && v <= 1e4 {
		s.unit = v
	}
	s.box = box
	s.Width, s.Height = (box[2]-box[0])*s.unit, (box[3]-box[1])*s.unit
	if s.turn%2 == 1 {
		s.Width, s.Height = s.Height, s.Width
	}
	return nil
}

// shownBox is what readers show of a page: what the crop box leaves of the media box.
func shownBox(f *pdf.File, page pdf.Page) ([4]float64, error) {
	media, err := rectangle(f, page.Get("MediaBox"))
	if err != nil {
		return [4]float64{}, err
	}
	if media == nil {
		return [4]float64{}, fmt.Errorf("measuring a page without a size: %w", pdf.ErrBroken)
	}
	crop, err := rectangle(f, page.Get("CropBox"))
	if err != nil || crop == nil {
		return *media, err
	}
	cut := [4]float64{max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])}
	if cut[2] > cut[0] && cut[3] > cut[1] {
		return cut, nil
	}
	return *media, nil
}

// rectangle reads a rectangle, whichever of its corners it names; nil if v is none.
func rectangle(f *pdf.File, v pdf.Value) (*[4]float64, error) {
	v, err := f.Resolve(v)
	if err != nil {
		return nil, err
	}
	list, err := v.Array()
	if err != nil || len(list) != 4 {
		return nil, nil //nolint:nilerr // no rectangle, that is the answer
	}
	var n [4]float64
	for i := range n {
		one, err := f.Resolve(list[i])
		if err != nil {
			return nil, err
		}
		if n[i], err = strconv.ParseFloat(string(one.Raw), 64); err != nil || math.Abs(n[i]) > 1e6 {
			return nil, nil //nolint:nilerr // likewise
		}
	}
	r := [4]float64{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}
	if !(r[2] > r[0] && r[3] > r[1]) {
		return nil, nil
	}
	return &r, nil
}

// maxAnnotations bounds the annotations of a page that are looked at.
const maxAnnotations = 1000

// taken gives where annotations show.
func (s *Sheet) taken(f *pdf.File, page pdf.Page) ([]pipeline.Frame, error) {
	all, err := f.Array(page.Dict.Get("Annots"))
	if err != nil {
		return nil, err
	}
	var frames []pipeline.Frame
	for _, v := range all[:min(len(all), maxAnnotations)] {
		annotation, err := f.Dict(v)
		if err != nil {
			return nil, err
		}
		r, err := rectangle(f, annotation.Get("Rect"))
		if err != nil {
			return nil, err
		}
		if r != nil {
			frames = append(frames, s.frame(*r))
		}
	}
	return frames, nil
}

// At begins an appearance that fills a frame of the page and reads as the page does.
func (s Sheet) At(f pipeline.Frame) *Appearance {
	x0, y0 := s.point(f.X0, f.Y0)
	x1, y1 := s.point(f.X1, f.Y1)
	return &Appearance{
		Page: s.Number, Turn: s.turn, Width: f.X1 - f.X0, Height: f.Y1 - f.Y0,
		Rect: [4]float64{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)},
	}
}

// point gives the place in user space of one on the page as shown.
func (s Sheet) point(x, y float64) (float64, float64) {
	x, y = x/s.unit, y/s.unit
	switch s.turn {
	case 1:
		return s.box[0] + y, s.box[1] + x
	case 2:
		return s.box[2] - x, s.box[1] + y
	case 3:
		return s.box[2] - y, s.box[3] - x
	}
	return s.box[0] + x, s.box[3] - y
}

// frame is the reverse of point, for a rectangle.
func (s Sheet) frame(r [4]float64) pipeline.Frame {
	l, b, t, e := r[0]-s.box[0], r[1]-s.box[1], s.box[3]-r[3], s.box[2]-r[2]
	w, h := r[2]-r[0], r[3]-r[1]
	var x, y float64
	switch s.turn {
	case 0:
		x, y = l, t
	case 1:
		x, y, w, h = b, l, h, w
	case 2:
		x, y = e, b
	default:
		x, y, w, h = t, e, h, w
	}
	return pipeline.Frame{X0: x * s.unit, Y0: y * s.unit, X1: (x + w) * s.unit, Y1: (y + h) * s.unit}
}
