package grammar

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// view is a text as the grammars look at it: NFC, all dashes hyphens, all spaces but
// ends of lines plain. Each of its bytes knows the bytes it came from; without places it
// is the text itself.
type view struct {
	text     string
	from, to []int
}

// look gives the view of a text.
func look(s string) view {
	switch {
	case norm.NFC.QuickSpanString(s) < len(s):
		return compose(s)
	case !strings.ContainsFunc(s, func(r rune) bool { return plainSign(r) != r || r == utf8.RuneError }):
		return view{text: s}
	}
	var v view
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		v.put(&b, plainSign(r), i, i+size)
	}
	v.text = b.String()
	return v
}

// compose gives the view of a text that is not NFC.
func compose(s string) view {
	var v view
	var b strings.Builder
	var it norm.Iter
	it.InitString(norm.NFC, s)
	for !it.Done() {
		start := it.Pos()
		piece := string(it.Next())
		same := piece == s[start:it.Pos()]
		for i, r := range piece {
			from, to := start, it.Pos()
			if _, size := utf8.DecodeRuneInString(piece[i:]); same {
				from, to = start+i, start+i+size
			}
			v.put(&b, plainSign(r), from, to)
		}
	}
	v.text = b.String()
	return v
}

// put writes a character made from s[from:to].
func (v *view) put(b *strings.Builder, r rune, from, to int) {
	n := b.Len()
	b.WriteRune(r)
	for range b.Len() - n {
		v.from, v.to = append(v.from, from), append(v.to, to)
	}
}

// plainSign gives the sign that stands for a dash or a space.
func plainSign(r rune) rune {
	switch {
	case r > ' ' && r < 0x7f || r == '\n':
		return r
	case isDash(r):
		return '-'
	case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}

func isDash(r rune) bool { return strings.ContainsRune("-‐‑‒–—―−", r) }

// span gives the bytes of the original from which text[from:to] was made.
func (v view) span(from, to int) (start, end int) {
	if v.from == nil || from >= to {
		return from, to
	}
	return v.from[from], v.to[to-1]
}

// solid gives the view without spaces.
func (v view) solid() view {
	if !strings.ContainsFunc(v.text, unicode.IsSpace) {
		return v
	}
	var out view
	var b strings.Builder
	for i := range len(v.text) {
		if c := v.text[i]; c != ' ' && c != '\n' {
			b.WriteByte(c)
			start, end := v.span(i, i+1)
			out.from, out.to = append(out.from, start), append(out.to, end)
		}
	}
	out.text = b.String()
	if out.from == nil {
		return view{}
	}
	return out
}

// trimmed gives the view without spaces at its ends.
func (v view) trimmed() view {
	if strings.TrimSpace(v.text) == v.text {
		return v
	}
	t := strings.TrimLeftFunc(v.text, unicode.IsSpace)
	from := len(v.text) - len(t)
	t = strings.TrimRightFunc(t, unicode.IsSpace)
	out := view{text: t}
	for i := from; i < from+len(t); i++ {
		start, end := v.span(i, i+1)
		out.from, out.to = append(out.from, start), append(out.to, end)
	}
	return out
}

// fold gives NFC text in capitals without marks.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ' || r == 'Ð' || r == 'ð':
			return 'D'
		}
		return unicode.ToUpper(r)
	}, norm.NFD.String(s))
}
