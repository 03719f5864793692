package shelf

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// name is the name of a file or folder as people mean it: pieces of letters and of
// digits. Tones, capitals, the forms of Unicode, full-width letters and the signs between
// pieces do not count.
type name struct {
	text   string // NFC
	plain  string // the pieces, one behind the other
	pieces []piece
}

// piece is a run of letters or of digits.
type piece struct {
	from, to   int  // bytes of text
	start, end int  // bytes of plain
	digits     bool // 0 to 9; else letters
	glued      bool // nothing stands before it but another piece
}

func (n name) of(p piece) string { return n.plain[p.start:p.end] }

// gap is what stands in the text before the piece i.
func (n name) gap(i int) string {
	if i == 0 {
		return n.text[:n.pieces[0].from]
	}
	return n.text[n.pieces[i-1].to:n.pieces[i].from]
}

// class is what a letter of a name counts as.
type class byte

const (
	gap class = iota
	mark
	lower
	upper
	figure
)

// nameOf cuts a name into its pieces. "GiayKhaiSinh" is three of them. Bytes that are no
// UTF-8 part pieces, like any sign.
func nameOf(s string) name {
	n := name{text: norm.NFC.String(s)}
	var room [24]piece
	pieces, plain := room[:0], make([]byte, 0, len(s))
	last := gap
	for i := 0; i < len(n.text); {
		r, size := rune(n.text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(n.text[i:])
		}
		before := len(plain)
		var c class
		plain, c = appendPlain(plain, r, size)
		switch {
		case c == mark:
			c = last
		case c == gap:
		case last == gap || (c == figure) != (last == figure) || c == upper && last == lower:
			pieces = append(pieces, piece{from: i, start: before, digits: c == figure, glued: last != gap})
		}
		if c != gap && len(pieces) > 0 {
			p := &pieces[len(pieces)-1]
			p.to, p.end = i+size, len(plain)
		}
		last, i = c, i+size
	}
	n.plain, n.pieces = string(plain), slices.Clone(pieces)
	return n
}

// appendPlain adds a letter without its marks, in lower case.
func appendPlain(to []byte, r rune, size int) ([]byte, class) {
	switch {
	case r >= 'a' && r <= 'z':
		return append(to, byte(r)), lower
	case r >= '0' && r <= '9':
		return append(to, byte(r)), figure
	case r >= 'A' && r <= 'Z':
		return append(to, byte(r)+'a'-'A'), upper
	case r < utf8.RuneSelf, r == utf8.RuneError && size == 1:
		return to, gap
	case r == 'đ':
		return append(to, 'd'), lower
	case r == 'Đ', r == 'Ð': // the second is the letter eth, which old keyboards give
		return append(to, 'd'), upper
	case unicode.Is(unicode.Mn, r):
		return to, mark
	}
	return appendOdd(to, r)
}

// appendOdd adds a letter that is none of ASCII.
func appendOdd(to []byte, r rune) ([]byte, class) {
	var buf [utf8.UTFMax]byte
	d := norm.NFKD.Properties(buf[:utf8.EncodeRune(buf[:], r)]).Decomposition()
	if first, size := utf8.DecodeRune(d); len(d) > 0 && first != r {
		out, c := appendPlain(to, first, size)
		for _, more := range string(d[size:]) {
			if more < utf8.RuneSelf || !unicode.Is(unicode.Mn, more) {
				out, _ = appendPlain(out, more, utf8.RuneLen(more))
			}
		}
		return out, c
	}
	switch {
	case unicode.IsUpper(r):
		return utf8.AppendRune(to, unicode.ToLower(r)), upper
	case unicode.IsLetter(r):
		return utf8.AppendRune(to, r), lower
	}
	return to, gap
}

// tidied is a file's name without what stands behind its ending by mistake and is hardly
// seen: blanks and points, as of "a.pdf " or "a.pdf.".
func tidied(file string) string {
	return strings.TrimRightFunc(file, func(r rune) bool { return r == '.' || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}

// stem gives a file's name without its ending, and the ending in lower case without its
// point. What is longer than any ending is none. Whether a file is what its ending says is
// for those to find who read its bytes.
func stem(file string) (base, ending string) {
	file = tidied(file)
	at := strings.LastIndexByte(file, '.')
	if at <= 0 || len(file)-at > 12 || strings.ContainsAny(file[at:], " ") {
		return file, ""
	}
	return file[:at], strings.ToLower(file[at+1:])
}

// natural orders names as people do: 2 before 10, without regard to tones and capitals.
func (n name) natural(m name) int {
	for i := range min(len(n.pieces), len(m.pieces)) {
		p, q := n.pieces[i], m.pieces[i]
		switch {
		case p.digits && q.digits:
			if c := byNumber(n.of(p), m.of(q)); c != 0 {
				return c
			}
		case p.digits != q.digits:
			if p.digits {
				return -1
			}
			return 1
		default:
			if c := cmp.Compare(n.of(p), m.of(q)); c != 0 {
				return c
			}
		}
	}
	return cmp.Or(cmp.Compare(len(n.pieces), len(m.pieces)), cmp.Compare(n.text, m.text))
}

// byNumber compares digits of any length.
func byNumber(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// phrases are words that are looked for in names, each with what it tells.
type phrases[T comparable] struct {
	by      map[string][]phrase[T] // by the first piece
	longest int                    // pieces
}

type phrase[T comparable] struct {
	pieces []string
	letter int // how many letters
	tells  T
}

// add takes a phrase in, as it is and with its words written as one.
func (ps *phrases[T]) add(text string, tells T) bool {
	n := nameOf(text)
	if len(n.pieces) == 0 {
		return false
	}
	p := phrase[T]{tells: tells, letter: len(n.plain)}
	for _, one := range n.pieces {
		p.pieces = append(p.pieces, n.of(one))
	}
	ps.put(p)
	if len(p.pieces) > 1 {
		ps.put(phrase[T]{pieces: []string{n.plain}, letter: p.letter, tells: tells})
	}
	return true
}

func (ps *phrases[T]) put(p phrase[T]) {
	if ps.by == nil {
		ps.by = map[string][]phrase[T]{}
	}
	ps.by[p.pieces[0]] = append(ps.by[p.pieces[0]], p)
	ps.longest = max(ps.longest, len(p.pieces))
}

// at gives the longest phrase that begins with the piece i.
func (ps *phrases[T]) at(n name, i int) (best phrase[T], found bool) {
	for _, p := range ps.by[n.of(n.pieces[i])] {
		if (!found || p.letter > best.letter) && p.stands(n, i) {
			best, found = p, true
		}
	}
	return best, found
}

func (p phrase[T]) stands(n name, i int) bool {
	if i+len(p.pieces) > len(n.pieces) {
		return false
	}
	for j, want := range p.pieces {
		if n.of(n.pieces[i+j]) != want {
			return false
		}
	}
	return true
}

// tell gives what the phrases in a name tell. Of phrases that share a piece the longer one
// is meant; several reports that others tell different things.
func (ps *phrases[T]) tell(n name, used func(int) bool) (tells T, several bool) {
	var last phrase[T] // that is meant for now
	end := 0           // the first piece behind it
	told := false
	settle := func() {
		if end == 0 {
			return
		}
		if told && last.tells != tells {
			several = true
			return
		}
		tells, told = last.tells, true
	}
	for i := range n.pieces {
		if used != nil && used(i) {
			continue
		}
		p, found := ps.at(n, i)
		if !found || i < end && p.letter <= last.letter {
			continue
		}
		if i >= end {
			settle()
		}
		last, end = p, i+len(p.pieces)
	}
	settle()
	return tells, several
}
