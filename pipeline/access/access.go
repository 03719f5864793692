// Package access makes the pages of access copies (bản xem nhanh): light pictures of
// a record for slow lines, which stand beside it and never in its place.
//
// A scan is large because of its paper: noise that nobody reads. So the ink is taken
// out as masks, one bit a pixel at the resolution of the scan and painted in the
// ink's own colour, black, red and blue apart; and the paper below them is kept at a
// quarter of the resolution. What separates ink from paper can err, above all at
// tone marks and under stamps, and a copy that shows "ú" for "ủ" is worse than none.
// So each page is put together again from its own encoded layers and compared with
// the scan, word by word and then wherever there is ink: where a stroke is missing
// or has appeared, a piece of the scan itself is laid over the place, and where that
// does not fit, the place is named, for the page to say so.
//
// The stage gets pixels and gives encoded images; it decodes nothing that a stranger
// sent. The encoder of masks is handed in, since it belongs to intake and stages do
// not know each other; JPEG is the standard library's.
package access

import (
	"context"
	"errors"
	"fmt"

	"hoso/pipeline"
)

// Sheet is a page as it was scanned, upright.
type Sheet struct {
	Pix           []byte // rows from top to bottom; red, green, blue
	Width, Height int
	DPI           float64 // 200 is taken if it is below 50 or above 1,200
}

// Bits encodes an image of one bit a pixel without loss, as JBIG2. Rows have
// (width+7)/8 bytes, a bit 1 is white.
type Bits interface {
	Row(row []byte)
	Bytes() []byte
}

// Options of Make.
type Options struct {
	Masks func(width, height int) Bits
	// Budget is what a page may weigh, in bytes; 0 stands for 60,000 for A4, and for
	// as much more as a sheet is larger.
	Budget int
}

// A page of A4 may weigh as much as this, everything that stands in a file of one
// page included.
const (
	budget   = 60_000
	fileSize = 16_000 // of a file without any layer or word, with what two signatures show
	wordSize = 22     // of a word in the text over the page
)

// room is what is left for layers.
func (o Options) room(s Sheet, words int) int {
	whole := o.Budget
	if whole <= 0 {
		whole = int(budget * max(1, float64(s.Width)*float64(s.Height)/(s.DPI*s.DPI*96.7))) // square inches of A4
	}
	return max(whole-fileSize-wordSize*words, whole/4)
}

var (
	// ErrSheet is returned for a sheet whose pixels are not there.
	ErrSheet = errors.New("the sheet has no pixels")
	errBits  = errors.New("no encoder for masks")
)

// Copy is a page of an access copy.
type Copy struct {
	pipeline.Light
	Streams [][]byte // of Light.Layers, one each
}

// attempt is one way to make a page, from the most faithful to the lightest.
type attempt struct {
	masks   float64 // dots per inch at most; 0 for no masks at all
	dpi     float64 // of pictures
	quality int     // of the JPEGs
}

// leastMasks is how coarse masks may be, in dots per inch: below, hooks over letters
// become dots.
const leastMasks = 200

// attempts end with the page as one coarse picture, for noise in which no ink can be
// told from paper.
func attempts() []attempt {
	return []attempt{{420, 100, 35}, {300, 75, 25}, {240, 75, 25}, {leastMasks, 75, 25}, {0, 90, 30}, {0, 60, 20}, {0, 40, 15}}
}

// Make makes the page. Boxes of lines are in pixels of an upright page of the given
// width; their places in the Light are so, too. It takes about a second of processor
// time for A4 at 300 dpi and eight bytes of memory a pixel, and looks at ctx between
// its steps.
func Make(ctx context.Context, s Sheet, page pipeline.Page, opt Options) (Copy, error) {
	if s.Width < 1 || s.Height < 1 || len(s.Pix) < 3*s.Width*s.Height {
		return Copy{}, fmt.Errorf("making an access copy of %d × %d: %w", s.Width, s.Height, ErrSheet)
	}
	if opt.Masks == nil {
		return Copy{}, fmt.Errorf("making an access copy: %w", errBits)
	}
	if !(s.DPI >= 50 && s.DPI <= 1200) {
		s.DPI = 200
	}
	m := &maker{sheet: s, opt: opt, words: scaled(page, s)}
	m.opt.Budget = opt.room(s, len(m.words))
	m.paper = estimate(s)
	m.seen = m.paper.measure(s)
	m.limits = m.seen.limits(m.words, s.DPI)
	m.ink = m.separate()
	best, err := m.best(ctx)
	if err != nil {
		return Copy{}, err
	}
	return m.copy(best, page), nil
}

// best makes drafts until one fits and is faithful.
func (m *maker) best(ctx context.Context) (*draft, error) {
	var best *draft
	for _, a := range attempts() {
		if err := context.Cause(ctx); err != nil {
			return nil, fmt.Errorf("making an access copy: %w", err)
		}
		d, err := m.draft(a)
		if err != nil {
			return nil, err
		}
		if best == nil || d.better(best, m.opt.Budget) {
			best = d
		}
		if best.size() <= m.opt.Budget && (len(best.differs) == 0 || a.masks <= leastMasks) {
			break
		}
	}
	return best, nil
}

// maker holds what is known of a page while copies of it are tried.
type maker struct {
	sheet  Sheet
	opt    Options
	words  []area
	paper  *paper
	seen   *planes
	limits *limits
	hue    []hue // by square
	ink    *ink
}

// area is a rectangle of the sheet in pixels, x1 and y1 outside.
type area struct{ x0, y0, x1, y1 int }

func (a area) empty() bool { return a.x0 >= a.x1 || a.y0 >= a.y1 }

func (a area) pixels() int { return (a.x1 - a.x0) * (a.y1 - a.y0) }

// grown is a with n pixels more on each side, as far as the sheet goes.
func (a area) grown(n, width, height int) area {
	return area{max(0, a.x0-n), max(0, a.y0-n), min(width, a.x1+n), min(height, a.y1+n)}
}

func (a area) union(b area) area {
	return area{min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1)}
}

func (a area) meets(b area) bool {
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

// crowded is how many times over words may cover a sheet before the rest of them are
// no longer looked at one by one: a file may claim any boxes.
const crowded = 4

// scaled gives the boxes of all words in pixels of the sheet.
func scaled(page pipeline.Page, s Sheet) []area {
	if page.Width < 1 || page.Height < 1 {
		return nil
	}
	fx, fy := float64(s.Width)/float64(page.Width), float64(s.Height)/float64(page.Height)
	var all []area
	left := crowded * s.Width * s.Height
	for _, l := range page.Lines {
		for _, w := range l.Words {
			b := w.Box
			a := area{int(float64(b.X0) * fx), int(float64(b.Y0) * fy), int(float64(b.X1)*fx) + 1, int(float64(b.Y1)*fy) + 1}
			a = a.grown(2, s.Width, s.Height)
			if w.Box.IsZero() || a.empty() {
				continue
			}
			if left -= a.pixels(); left < 0 {
				return all
			}
			all = append(all, a)
		}
	}
	return all
}
