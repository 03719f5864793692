package appearance

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// face measures text and remembers what it has measured, for the subset.
type face struct {
	font *sfnt.Font
	buf  sfnt.Buffer
	em   fixed.Int26_6
	seen map[rune]Glyph
}

func newFace() (*face, error) {
	f, err := sfnt.Parse(liberationserifregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the font of appearances: %w", err)
	}
	return &face{font: f, em: fixed.I(int(f.UnitsPerEm())), seen: map[rune]Glyph{}}, nil
}

// glyph gives the glyph of a letter; what the font lacks is shown as a question mark,
// since a missing glyph may not be shown at all (ISO 19005-2, 6.2.11.8).
func (f *face) glyph(r rune) (Glyph, error) {
	if g, ok := f.seen[r]; ok {
		return g, nil
	}
	id, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return Glyph{}, fmt.Errorf("looking for the glyph of %q: %w", r, err)
	}
	if id == 0 && r != '?' {
		return f.glyph('?')
	}
	advance, err := f.font.GlyphAdvance(&f.buf, id, f.em, font.HintingNone)
	if err != nil {
		return Glyph{}, fmt.Errorf("measuring %q: %w", r, err)
	}
	g := Glyph{ID: uint16(id), Width: int(math.Round(1000 * float64(advance) / float64(f.em))), Text: r}
	f.seen[r] = g
	return g, nil
}

// width gives the width of a text in thousandths of the em, and its codes.
func (f *face) width(text string) (int, []byte, error) {
	total, codes := 0, []byte(nil)
	for _, r := range text {
		g, err := f.glyph(r)
		if err != nil {
			return 0, nil, err
		}
		total += g.Width
		codes = binary.BigEndian.AppendUint16(codes, g.ID)
	}
	return total, codes, nil
}

// plain gives a text in NFC, its spaces as single ones and nothing in it that does not
// show.
func plain(text string) string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, norm.NFC.String(text))
	return strings.Join(strings.Fields(shown), " ")
}

// embed gives the font with the glyphs of these texts. The same texts give the same bytes.
func (f *face) embed(texts []string) (Font, error) {
	used := map[int]Glyph{}
	for _, text := range texts {
		for _, r := range text {
			g, err := f.glyph(r)
			if err != nil {
				return Font{}, err
			}
			used[int(g.ID)] = g
		}
	}
	ids := slices.Sorted(maps.Keys(used))
	t, err := parseTrueType(liberationserifregular.TTF)
	if err != nil {
		return Font{}, err
	}
	out := Font{Ascent: 891, Descent: -216, Capital: 662}
	if out.File, err = t.subset(ids); err != nil {
		return Font{}, err
	}
	for _, id := range ids {
		out.Glyphs = append(out.Glyphs, used[id])
	}
	out.Name = tag(out.File) + "+LiberationSerif"
	head := t.tables["head"]
	for i := range out.Box {
		v := int(int16(binary.BigEndian.Uint16(head[36+2*i:]))) //nolint:gosec // a sign is meant
		out.Box[i] = v * 1000 / f.em.Floor()
	}
	return out, nil
}

// tag names a subset (ISO 32000-1, 9.6.4).
func tag(file []byte) string {
	sum := sha256.Sum256(file)
	name := make([]byte, 6)
	for i := range name {
		name[i] = 'A' + sum[i]%26
	}
	return string(name)
}
