package paper

import (
	"image"
	"math/rand/v2"
	"strings"

	"hoso/pipeline"
)

// Depth is how many colours the scanner keeps.
type Depth int

// The depths.
const (
	Colour Depth = iota
	Grey
	BlackWhite
)

// Class is a named way in which scans are bad, or good: what a careful person still
// reads easily. Its strength varies from seed to seed within the class.
type Class struct {
	Name    string
	Quality int // of the JPEG, 1 to 100; a black and white scan is a Group 4 TIFF
	Depth   Depth
	vary    func(l *Look, between func(low, high float64) float64)
}

// between gives numbers of a range by chance.
func between(r *rand.Rand) func(low, high float64) float64 {
	return func(low, high float64) float64 { return low + (high-low)*r.Float64() }
}

// Look gives the look of one page of the class. What all desk scanners do, a little
// noise and a little skew, is in it.
func (c Class) Look(seed uint64) Look {
	r := rand.New(rand.NewPCG(seed, 0xc1a55))
	in := between(r)
	l := Look{DPI: 200, Noise: in(0.5, 1.5), Skew: in(-0.3, 0.3), Seed: r.Uint64()}
	c.vary(&l, in)
	l.Bilevel = c.Depth == BlackWhite
	return l
}

// File encodes a scan as the class's scanner does, and says how its name ends.
func (c Class) File(scan *image.RGBA, dpi int) (b []byte, ext string, err error) {
	switch c.Depth {
	case Colour:
	case BlackWhite:
		b, err = TIFF([]image.Image{Bilevel(scan)}, dpi)
		return b, ".tif", err
	case Grey:
		b, err = JPEG(Gray(scan), dpi, c.Quality)
		return b, ".jpg", err
	}
	b, err = JPEG(scan, dpi, c.Quality)
	return b, ".jpg", err
}

// either gives skew to either side.
func either(in func(low, high float64) float64) float64 {
	if in(-1, 1) < 0 {
		return -1
	}
	return 1
}

type vary = func(l *Look, in func(low, high float64) float64)

// scanners are the classes of devices and settings.
func scanners() []Class {
	dots := func(dpi int) vary { return func(l *Look, _ func(_, _ float64) float64) { l.DPI = dpi } }
	turned := func(quarters int) vary { return func(l *Look, _ func(_, _ float64) float64) { l.Turn = quarters } }
	skewed := func(low, high float64) vary {
		return func(l *Look, in func(low, high float64) float64) { l.Skew = in(low, high) * either(in) }
	}
	return []Class{
		{"clean200", 85, Colour, dots(200)},
		{"clean300", 80, Colour, dots(300)},
		{"clean400", 75, Grey, dots(400)},
		{"gray150", 75, Grey, dots(150)},
		{"gray240", 75, Grey, dots(240)},
		{"jpeg30", 30, Colour, dots(200)},
		{"jpeg50", 50, Colour, dots(240)},
		{"skew2", 75, Colour, skewed(1.2, 2.8)},
		{"skew5", 75, Colour, skewed(3.8, 5.5)},
		{"skew8", 75, Colour, skewed(6.5, 8)},
		{"turn90", 75, Colour, turned(1)},
		{"turn180", 75, Colour, turned(2)},
		{"turn270", 75, Colour, turned(3)},
		{"fax200", 0, BlackWhite, func(l *Look, in func(_, _ float64) float64) { l.Noise, l.Optics.Specks = in(8, 16), in(0, 0.4) }},
		{"fax300", 0, BlackWhite, func(l *Look, in func(_, _ float64) float64) {
			l.DPI, l.Noise, l.Optics.Specks = 300, in(10, 20), in(0, 0.4)
		}},
		{"noise", 80, Colour, func(l *Look, in func(_, _ float64) float64) { l.Noise = in(9, 18) }},
		{"specks", 80, Grey, func(l *Look, in func(_, _ float64) float64) { l.Optics.Specks = in(1.5, 6) }},
		{"blur", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Optics.Blur = in(0.3, 0.5) }},
		{"motion", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Optics.Motion = in(0.9, 1.4) * either(in) }},
		{"illum", 75, Colour, func(l *Look, in func(_, _ float64) float64) {
			l.Optics.Light, l.Optics.Spot = in(0.3, 0.5), in(0.15, 0.4)
		}},
		{"shadow", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Shadow = in(0.35, 0.6) }},
		{"border", 75, Colour, func(l *Look, in func(_, _ float64) float64) {
			l.Optics.Border, l.Skew = in(6, 16), in(-1, 1)
		}},
		{"phone", 70, Colour, func(l *Look, in func(_, _ float64) float64) {
			l.DPI, l.Skew, l.Noise = 240, 0, in(1.5, 4)
			l.Optics = Optics{Camera: in(0.4, 1), Light: in(0.2, 0.4), Spot: in(0, 0.3), Blur: in(0.16, 0.26)}
		}},
		{"oblique", 75, Colour, func(l *Look, in func(_, _ float64) float64) {
			l.DPI, l.Skew, l.Noise = 280, 0, in(1.5, 4)
			l.Optics = Optics{Camera: in(2, 4), Light: in(0.2, 0.4), Blur: in(0.16, 0.26)}
		}},
	}
}

// sheets are the classes of worn sheets and of what people put on them.
func sheets() []Class {
	return []Class{
		{"faint", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Fade = in(0.5, 0.75) }},
		{"yellow", 75, Colour, func(l *Look, in func(_, _ float64) float64) {
			l.Sheet.Yellow, l.Fade = in(0.5, 1), in(0.1, 0.25)
		}},
		{"bleed", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Sheet.Bleed = in(0.35, 0.8) }},
		{"fold", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Sheet.Fold = in(0.5, 1) }},
		{"holes", 75, Colour, func(l *Look, in func(_, _ float64) float64) {
			l.Sheet.Holes, l.Sheet.Dirt = 2, in(0.1, 0.3)
		}},
		{"dirt", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Sheet.Dirt = in(0.4, 1) }},
		{"thin", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Sheet.Weight = -in(0.08, 0.15) }},
		{"bold", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Sheet.Weight = in(0.12, 0.25) }},
		{"seal", 75, Colour, sealed},
		{"sealtwin", 75, Colour, sealed},
		{"signature", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Marks.Signature = in(0.5, 1) }},
		{"handwriting", 75, Colour, func(l *Look, _ func(_, _ float64) float64) { l.Marks.Hand = true }},
		{"stamp", 75, Colour, func(l *Look, in func(_, _ float64) float64) { l.Marks.Stamps = int(in(1, 3)) }},
		{"strokes", 75, Colour, func(l *Look, in func(_, _ float64) float64) {
			l.Marks.Strokes, l.Marks.Marker = int(in(3, 8)), int(in(1, 5))
		}},
		{"mixed", 60, Colour, mixed},
	}
}

// sealed sets one more seal, over text.
func sealed(l *Look, in func(low, high float64) float64) {
	l.Marks.Seals = []Seals{SealOverTitle, SealOverBody, SealOverSigner}[int(in(0, 2.999))]
	l.Marks.SealInk = in(0.45, 1)
}

// mixed is what comes out of an archive's box: a little of much.
func mixed(l *Look, in func(low, high float64) float64) {
	l.Skew, l.Noise = in(0.5, 2)*either(in), in(2, 6)
	l.Sheet = Wear{Yellow: in(0.1, 0.5), Bleed: in(0, 0.4), Fold: in(0, 0.5), Holes: 2, Dirt: in(0.05, 0.3), Weight: in(-0.05, 0.12)}
	l.Optics = Optics{Blur: in(0, 0.25), Light: in(0, 0.2), Specks: in(0, 0.6)}
	l.Marks = Marks{Strokes: int(in(0, 3)), Stamps: int(in(0, 1.6)), Signature: in(0, 1)}
}

// Classes gives all classes.
func Classes() []Class { return append(scanners(), sheets()...) }

// Twin gives the same page without any seal, for classes that set seals over text
// to measure what they cost.
func (c Class) Twin(l Look) (Look, bool) {
	if c.Name != "sealtwin" {
		return l, false
	}
	l.Marks.Seals = NoSeals
	return l, true
}

// Truth is what is known of one scanned page.
type Truth struct {
	Facts

	Layout  Layout   `json:"layout"`
	Class   string   `json:"class"`
	File    string   `json:"file"`
	DPI     int      `json:"dpi"`
	Face    string   `json:"face"`
	Numbers []Number `json:"numbers"`                 // as printed, spaces instead of line ends
	Stamps  []string `json:"stamps,omitempty"`        // text of rectangular stamps, in no other field
	Under   []string `json:"under_seal,omitempty"`    // words under seals and stamps
	At      []int    `json:"under_seal_at,omitempty"` // their places among the words of the text, from 0

	Regions []pipeline.Region `json:"regions"` // what people put onto the print, in pixels of the upright page
	Codes   []pipeline.Code   `json:"codes"`   // QR codes and barcodes, likewise
}

// Truth tells what is known of a sheet scanned with a look.
func (p *Paper) Truth(sheet int, look Look) Truth {
	s := &p.Sheets[sheet]
	t := Truth{Facts: p.Facts, Layout: p.Layout, DPI: look.Dots(), Face: p.fonts.Name(), Numbers: p.Numbers(), Stamps: s.Stamps(look)}
	words := strings.Fields(s.Text())
	for _, at := range s.Under(look) {
		t.At = append(t.At, at)
		t.Under = append(t.Under, words[at])
	}
	return t
}
