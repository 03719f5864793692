package paper

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Style is a cut of a typeface.
type Style int

// The cuts that every typeface has.
const (
	Regular Style = iota
	Bold
	Italic
	BoldItalic
)

// em is the size at which outlines and widths are read.
const em = 1000

// Fonts is the typeface of a paper, and the way to the others that are installed.
// It is not safe for concurrent use.
type Fonts struct {
	face  face
	cuts  [4]*sfnt.Font
	bytes [4][]byte
	drawn [4]map[rune]shape
	buf   sfnt.Buffer
	read  map[string]*Fonts // the typefaces read so far, by name; nil for one that is missing
}

// ErrFonts is returned where no Liberation Serif with all Vietnamese letters is
// installed: those of version 1 lack most of them.
var ErrFonts = errors.New("no Liberation Serif 2: install fonts-liberation2 (Debian 12) or fonts-liberation (Debian 13)")

// LoadFonts reads Liberation Serif from where distributions install it. Other
// typefaces are read when a paper first asks for them.
func LoadFonts() (*Fonts, error) {
	f, err := load(faces()[0])
	if err != nil {
		return nil, err
	}
	if f == nil || f.glyph(Regular, 'ệ') == 0 {
		return nil, ErrFonts
	}
	f.read = map[string]*Fonts{f.face.name: f}
	return f, nil
}

// load reads the four cuts of a face from the first folder that has them; nil where
// none has.
func load(from face) (*Fonts, error) {
	for _, dir := range from.dirs {
		f := &Fonts{face: from}
		err := f.loadFrom(dir)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, nil //nolint:nilnil // A typeface may well not be installed.
}

func (f *Fonts) loadFrom(dir string) error {
	for i, file := range f.face.files {
		b, err := os.ReadFile(filepath.Join(dir, file+".ttf"))
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.face.name, err)
		}
		parsed, err := sfnt.Parse(b)
		if err != nil {
			return fmt.Errorf("parsing %s: %w", f.face.name, err)
		}
		f.cuts[i], f.bytes[i], f.drawn[i] = parsed, b, map[rune]shape{}
	}
	return nil
}

// in gives another typeface; Liberation Serif stands in for one that is not
// installed.
func (f *Fonts) in(other face) *Fonts {
	known, asked := f.read[other.name]
	if !asked {
		known, _ = load(other) // A typeface that cannot be read is as good as missing.
		if known != nil {
			known.read = f.read
		}
		f.read[other.name] = known
	}
	if known == nil {
		return f.read[faces()[0].name]
	}
	return known
}

// Name is the name of the typeface.
func (f *Fonts) Name() string { return f.face.name }

// Missing gives the Debian packages of the typefaces that are not installed. Papers
// that should be set in them are set in Liberation Serif, so that what is measured
// on them cannot be compared with other machines.
func (f *Fonts) Missing() []string {
	var packages []string
	for _, other := range faces() {
		if f.in(other).Name() != other.name && !slices.Contains(packages, other.debian) {
			packages = append(packages, other.debian)
		}
	}
	return packages
}

// postscript is the name of a cut inside files: LiberationSerif-BoldItalic.
func (f *Fonts) postscript(style Style) string {
	cut := [...]string{"", "-Bold", "-Italic", "-BoldItalic"}[style]
	return strings.ReplaceAll(f.face.name, " ", "") + cut
}

// outline gives the shape of r in thousandths of the size.
func (f *Fonts) outline(style Style, r rune) shape {
	if s, ok := f.drawn[style][r]; ok {
		return s
	}
	segments, err := f.cuts[style].LoadGlyph(&f.buf, f.glyph(style, r), fixed.I(em), nil)
	if err != nil {
		segments = nil
	}
	s := slices.Clone(shape(segments))
	f.drawn[style][r] = s
	return s
}

// glyph gives the number of r in a cut; 0 is the missing glyph.
func (f *Fonts) glyph(style Style, r rune) sfnt.GlyphIndex {
	g, err := f.cuts[style].GlyphIndex(&f.buf, r)
	if err != nil {
		return 0
	}
	return g
}

// advance gives a glyph's width in thousandths of the size.
func (f *Fonts) advance(style Style, g sfnt.GlyphIndex) float64 {
	a, err := f.cuts[style].GlyphAdvance(&f.buf, g, fixed.I(em), font.HintingNone)
	if err != nil {
		return 0
	}
	return float64(a) / 64
}

// width gives the width of s in points at a size in points.
func (f *Fonts) width(style Style, size float64, s string) float64 {
	w := 0.0
	for _, r := range s {
		w += f.advance(style, f.glyph(style, r))
	}
	return w * size / em
}
