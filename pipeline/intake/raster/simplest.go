package raster

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// maxColours is what a palette may hold.
const maxColours = 256

// bilevel reports whether rows of this form are black and white, one bit a pixel.
func (f Form) bilevel() bool { return f.Bits == 1 && f.Channels == 1 && f.Palette == nil }

// depth is the number of bits of a pixel.
func (f Form) depth() int { return f.Bits * f.Channels }

// Simplest gives the rows in the form of fewest bits that shows the same pixels:
// colour that has none becomes gray, gray that has only black and white becomes one
// bit, few colours become indices. It looks at the rows only until there is nothing
// left to be gained, which in a scan is soon.
func Simplest(open func() (Rows, error)) (func() (Rows, error), error) {
	rows, err := open()
	if err != nil {
		return nil, err
	}
	from := rows.Form()
	if from.Bits > 8 || from.bilevel() {
		return open, nil
	}
	s := newSurvey(from)
	if err := Each(Plain(rows), s.look); err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	to := s.form()
	if to.depth() > from.depth() || to.depth() == from.depth() && (from.Palette == nil || to.Palette != nil) {
		return open, nil
	}
	return func() (Rows, error) {
		rows, err := open()
		if err != nil {
			return nil, err
		}
		plain := Plain(rows)
		return &fewer{src: plain, in: make([]byte, plain.Form().Stride()), form: to, index: s.colours}, nil
	}, nil
}

// BlackAndWhite reports whether all pixels are black or white, whatever their form.
func BlackAndWhite(open func() (Rows, error)) (bool, error) {
	rows, err := open()
	if err != nil || rows.Form().Bits > 8 {
		return false, err
	}
	plain := Plain(rows)
	channels := plain.Form().Channels
	err = Each(plain, func(row []byte) error {
		for i, v := range row {
			if v != 0 && v != 255 || channels == 3 && v != row[i-i%3] {
				return errEnough
			}
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return false, nil
	}
	return err == nil, err
}

// errEnough ends a survey that can find nothing more.
var errEnough = errors.New("enough was seen")

// survey collects what colours an image has.
type survey struct {
	plain   Form // of the rows looked at
	gray    bool
	colours map[[3]byte]byte // nil once there are too many
	last    [3]byte
	above   []byte // the row before
}

func newSurvey(f Form) *survey {
	return &survey{plain: Plain(&Memory{Shape: f}).Form(), gray: true, colours: map[[3]byte]byte{}}
}

// pixel is the colour at place x of a plain row.
func pixel(row []byte, x, channels int) [3]byte {
	if channels == 1 {
		return [3]byte{row[x], row[x], row[x]}
	}
	return [3]byte(row[3*x : 3*x+3])
}

func (s *survey) look(row []byte) error {
	if bytes.Equal(row, s.above) {
		return nil
	}
	s.above = append(s.above[:0], row...)
	for x := s.next(row, 0); x < s.plain.Width; x = s.next(row, x+1) {
		c := pixel(row, x, s.plain.Channels)
		s.last = c
		s.gray = s.gray && c[0] == c[1] && c[0] == c[2]
		if s.colours != nil {
			s.count(c)
		}
		if s.colours == nil && (!s.gray || s.plain.Channels == 1) {
			return errEnough
		}
	}
	return nil
}

// next is the place from x on of a pixel that is not of the last colour.
func (s *survey) next(row []byte, x int) int {
	if len(s.colours) == 0 {
		return x
	}
	if s.plain.Channels == 1 {
		return x + same(row[x:], s.last[0])
	}
	for x < s.plain.Width && pixel(row, x, s.plain.Channels) == s.last {
		x++
	}
	return x
}

// same is how many bytes at the beginning of row are v.
func same(row []byte, v byte) int {
	n, eight := 0, uint64(v)*0x0101010101010101
	for n+8 <= len(row) && binary.NativeEndian.Uint64(row[n:]) == eight {
		n += 8
	}
	for n < len(row) && row[n] == v {
		n++
	}
	return n
}

// count takes note of a colour, unless there are more than a palette is good for.
func (s *survey) count(c [3]byte) {
	s.colours[c] = 0
	most := maxColours
	if s.plain.Channels == 1 {
		most = 16
	}
	if len(s.colours) > most {
		s.colours = nil
	}
}

// form gives the form of fewest bits, and numbers the colours if it has a palette.
func (s *survey) form() Form {
	f := s.plain
	if s.gray {
		f.Channels = 1
	}
	if s.gray && s.blackAndWhite() {
		f.Bits, s.colours = 1, nil
		return f
	}
	if s.colours == nil {
		return f
	}
	bits := 1
	for 1<<bits < len(s.colours) {
		bits *= 2
	}
	if bits >= f.depth() {
		s.colours = nil
		return f
	}
	f.Bits, f.Channels = bits, 1
	for i, c := range slices.SortedFunc(maps.Keys(s.colours), darker) {
		s.colours[c] = byte(i)
		f.Palette = append(f.Palette, c[:]...)
	}
	return f
}

// darker orders colours, so that the same image always gets the same palette.
func darker(a, b [3]byte) int {
	sum := func(c [3]byte) int { return 2*int(c[0]) + 5*int(c[1]) + int(c[2]) }
	return cmp.Or(cmp.Compare(sum(a), sum(b)), slices.Compare(a[:], b[:]))
}

func (s *survey) blackAndWhite() bool {
	for c := range s.colours {
		if c[0] != 0 && c[0] != 255 {
			return false
		}
	}
	return s.colours != nil
}

// fewer gives plain rows in a form of fewer bits.
type fewer struct {
	src   Rows
	in    []byte
	form  Form
	index map[[3]byte]byte // nil for gray, and for black and white
}

func (r *fewer) Form() Form { return r.form }

func (r *fewer) Next(row []byte) error {
	if err := r.src.Next(r.in); err != nil {
		return err //nolint:wrapcheck // io.EOF must stay itself
	}
	channels, bits := r.src.Form().Channels, r.form.Bits
	if bits == 1 && channels == 1 && r.index == nil {
		pack(row, r.in)
		return nil
	}
	clear(row)
	var last [3]byte
	value := r.value(last)
	for x := range r.form.Width {
		if c := pixel(r.in, x, channels); c != last {
			last, value = c, r.value(c)
		}
		at := x * bits
		row[at/8] |= value << (8 - bits - at%8)
	}
	return nil
}

// pack gives the highest bit of every byte, eight of them in one.
func pack(row, levels []byte) {
	// Each bit is moved to its place in the highest byte, and none meets another there.
	const highest, gather = 0x8080808080808080, 0x0102040810204080
	whole := len(levels) / 8
	for i := range whole {
		row[i] = byte(binary.BigEndian.Uint64(levels[8*i:]) & highest >> 7 * gather >> 56)
	}
	if whole < len(row) {
		var rest [8]byte
		copy(rest[:], levels[8*whole:])
		pack(row[whole:], rest[:])
	}
}

// value is what stands for a colour.
func (r *fewer) value(c [3]byte) byte {
	switch {
	case r.index != nil:
		return r.index[c]
	case r.form.Bits == 1:
		return c[0] >> 7
	}
	return c[0]
}
