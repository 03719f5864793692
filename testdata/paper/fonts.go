package paper

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Style is a cut of the typeface.
type Style int

// The cuts of Liberation Serif, whose letters are as wide as those that Decree
// 30/2020 prescribes.
const (
	Regular Style = iota
	Bold
	Italic
	BoldItalic
)

// em is the size at which outlines and widths are read.
const em = 1000

// Fonts is the typeface of all papers. It is not safe for concurrent use.
type Fonts struct {
	cuts  [4]*sfnt.Font
	bytes [4][]byte
	buf   sfnt.Buffer
}

// ErrFonts is returned where no Liberation Serif with all Vietnamese letters is
// installed: those of version 1 lack most of them.
var ErrFonts = errors.New("no Liberation Serif 2: install fonts-liberation2 (Debian 12) or fonts-liberation (Debian 13)")

// LoadFonts reads Liberation Serif from where distributions install it.
func LoadFonts() (*Fonts, error) {
	for _, dir := range []string{
		"/usr/share/fonts/truetype/liberation2",
		"/usr/share/fonts/truetype/liberation",
		"/usr/share/fonts/liberation-serif",
		"/usr/share/fonts/liberation-serif-fonts",
		"/usr/share/fonts/liberation",
	} {
		f, err := loadFrom(dir)
		if err == nil && f.glyph(Regular, 'ệ') != 0 {
			return f, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, ErrFonts
}

func loadFrom(dir string) (*Fonts, error) {
	f := &Fonts{}
	for i, cut := range []string{"Regular", "Bold", "Italic", "BoldItalic"} {
		b, err := os.ReadFile(filepath.Join(dir, "LiberationSerif-"+cut+".ttf"))
		if err != nil {
			return nil, fmt.Errorf("reading Liberation Serif %s: %w", cut, err)
		}
		parsed, err := sfnt.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("parsing Liberation Serif %s: %w", cut, err)
		}
		f.cuts[i], f.bytes[i] = parsed, b
	}
	return f, nil
}

// Name is the name of the typeface.
func (f *Fonts) Name() string { return "Liberation Serif" }

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
