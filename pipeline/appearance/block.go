package appearance

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Measures of a block of text, in points or as a share of the size of letters.
const (
	leading    = 1.1
	ascent     = 0.891
	padding    = 1.0
	noticeSize = 7.0
	sealGap    = 6.0
)

// block is a signature laid out, from its top left corner.
type block struct {
	width, height float64
	lines         []placed
	seal          *Image
	sealX, sealY  float64 // of its lower left corner, from the bottom
}

// placed is a line of text and where its baseline begins, from the bottom left corner.
type placed struct {
	text string
	size float64
	x, y float64
}

// paragraph is a text that begins on a line of its own.
type paragraph struct {
	text string
	size float64
}

// shapes lays a signature out in every way it may have on a page with room for lines of
// most points: line by line at the widths of the profile, then all in one, as wide as may
// be and narrower.
func (t *face) shapes(p Profile, f Facts, most float64) ([]block, error) {
	lines := p.lines(f)
	var blocks []block
	add := func(lines []string, width float64) error {
		b, err := t.compose(p, f, lines, width)
		if !slices.ContainsFunc(blocks, b.alike) {
			blocks = append(blocks, b)
		}
		return err
	}
	for _, width := range p.Widths {
		if err := add(lines, width); err != nil {
			return nil, err
		}
	}
	if p.Seal && f.Seal != nil || len(lines) < 2 {
		return blocks, nil // a seal is higher than any line
	}
	joined := []string{strings.Join(lines, "; ")}
	for _, width := range slices.Backward(slices.Sorted(slices.Values(append(slices.Clone(p.Widths), most)))) {
		if width > most {
			continue
		}
		if err := add(joined, width); err != nil {
			return nil, err
		}
	}
	return blocks, nil
}

// alike reports whether blocks take the same room.
func (b block) alike(c block) bool { return b.width == c.width && b.height == c.height }

// compose lays a signature out with text of at most this width. What cannot be broken may
// be wider.
func (t *face) compose(p Profile, f Facts, lines []string, width float64) (block, error) {
	var b block
	side := 0.0 // to the left of the text, for the seal
	if p.Seal && f.Seal != nil {
		b.seal = f.Seal
		if width >= p.Widths[0] {
			side = f.Seal.WidthPt + sealGap
		}
	}
	var all []paragraph
	for _, line := range lines {
		all = append(all, paragraph{line, p.Size})
	}
	if notice := plain(f.Notice); notice != "" {
		all = append(all, paragraph{notice, min(noticeSize, p.Size)})
	}
	y, widest := 0.0, 0.0
	for _, para := range all {
		lines, err := t.wrap(para.text, para.size, width)
		if err != nil {
			return b, err
		}
		for _, line := range lines {
			b.lines = append(b.lines, placed{line.text, para.size, side, y + ascent*para.size})
			y += leading * para.size
			widest = max(widest, line.width)
		}
	}
	b.fit(widest, y, side)
	return b, nil
}

// fit gives the block its size and turns its measures from the top into those from the
// bottom.
func (b *block) fit(widest, height, side float64) {
	shift := 0.0
	b.width, b.height = side+widest, height
	if b.seal != nil {
		b.sealY = b.seal.HeightPt
		if side > 0 {
			b.height = max(height, b.seal.HeightPt)
			shift = (b.height - height) / 2
		} else {
			shift = b.seal.HeightPt + sealGap
			b.height += shift
			b.width = max(b.width, b.seal.WidthPt)
		}
	}
	b.width, b.height = up(b.width+2*padding), up(b.height+2*padding)
	for i := range b.lines {
		b.lines[i].x += padding
		b.lines[i].y = b.height - padding - shift - b.lines[i].y
	}
	b.sealX, b.sealY = padding, b.height-padding-b.sealY
}

func up(v float64) float64 { return math.Ceil(v*10) / 10 }

// measured is a line and its width in points.
type measured struct {
	text  string
	width float64
}

// wrap breaks a text at its spaces. The lines of what needs several are made about equally
// long, so that none holds a single word.
func (t *face) wrap(text string, size, width float64) ([]measured, error) {
	lines, err := t.fill(text, size, width)
	if err != nil || len(lines) < 2 {
		return lines, err
	}
	low, high := 0.0, width
	for range 12 {
		middle := (low + high) / 2
		tried, err := t.fill(text, size, middle)
		if err != nil {
			return nil, err
		}
		if len(tried) > len(lines) {
			low = middle
		} else {
			high = middle
		}
	}
	return t.fill(text, size, high)
}

func (t *face) fill(text string, size, width float64) ([]measured, error) {
	var lines []measured
	for word := range strings.FieldsSeq(text) {
		last := len(lines) - 1
		joined := word
		if last >= 0 {
			joined = lines[last].text + " " + word
		}
		units, _, err := t.width(joined)
		if err != nil {
			return nil, err
		}
		w := float64(units) * size / 1000
		if last >= 0 && w <= width {
			lines[last] = measured{joined, w}
			continue
		}
		if units, _, err = t.width(word); err != nil {
			return nil, err
		}
		lines = append(lines, measured{word, float64(units) * size / 1000})
	}
	return lines, nil
}

// draw writes a block as PDF operators.
func (t *face) draw(b block) (Drawing, error) {
	var out strings.Builder
	d := Drawing{Width: b.width, Height: b.height, Image: b.seal}
	if b.seal != nil {
		fmt.Fprintf(&out, "q\n%s 0 0 %s %s %s cm\n/Im1 Do\nQ\n",
			number(b.seal.WidthPt), number(b.seal.HeightPt), number(b.sealX), number(b.sealY))
	}
	out.WriteString("BT\n0 g\n")
	size := 0.0
	var texts []string
	for _, line := range b.lines {
		if line.size != size {
			size = line.size
			fmt.Fprintf(&out, "/F1 %s Tf\n", number(size))
		}
		_, codes, err := t.width(line.text)
		if err != nil {
			return d, err
		}
		fmt.Fprintf(&out, "1 0 0 1 %s %s Tm\n<%X> Tj\n", number(line.x), number(line.y), codes)
		texts = append(texts, line.text)
	}
	out.WriteString("ET\n")
	d.Content = []byte(out.String())
	var err error
	d.Font, err = t.embed(texts)
	return d, err
}

func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
}
