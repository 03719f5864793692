package grammar

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Find gives the identifiers of one kind in a text, in order. Letters are taken for
// digits where the grammar has a digit, at most MostRepairs and no more than there are
// digits. What is cut out of something longer, or runs over more than one end of a line,
// is none.
func (r *Rules) Find(kind Kind, text string) []Match {
	v := look(text)
	var found []Match
	for _, f := range forms() {
		if f.kind == kind {
			found = append(found, r.find(f, v)...)
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return a.Start - b.Start })
	return found
}

// FindAll gives the identifiers of all kinds in a text, in order, of which no two
// overlap: those with a label before others, then by the order of the kinds.
func (r *Rules) FindAll(text string) []Match {
	v := look(text)
	var all, chosen []Match
	for _, f := range forms() {
		all = append(all, r.find(f, v)...)
	}
	slices.SortStableFunc(all, func(a, b Match) int {
		switch {
		case a.Labelled == b.Labelled:
			return 0
		case a.Labelled:
			return -1
		}
		return 1
	})
	taken := make([]bool, len(text))
	for _, m := range all {
		if span := taken[m.Start:m.End]; !slices.Contains(span, true) {
			chosen = append(chosen, m)
			for i := range span {
				span[i] = true
			}
		}
	}
	slices.SortFunc(chosen, func(a, b Match) int { return a.Start - b.Start })
	return chosen
}

// Parse reads a text that is one identifier and nothing else. Case, spaces and the many
// dashes of office software are forgiven, misreadings are not.
func (r *Rules) Parse(kind Kind, text string) (Match, error) {
	m, err := r.Mend(kind, text)
	if err == nil && len(m.Repairs) > 0 {
		return Match{}, &parseError{kind, text, ErrForm}
	}
	return m, err
}

// Mend is Parse for text from a recognizer: it repairs as Find does.
func (r *Rules) Mend(kind Kind, text string) (Match, error) {
	v := look(text).trimmed()
	err := ErrForm
	for _, f := range forms() {
		if f.kind != kind {
			continue
		}
		var m Match
		if m, err = r.whole(f, v); err == nil {
			return m, nil
		}
	}
	return Match{}, &parseError{kind, text, err}
}

// parseError is what could not be read; most are never printed.
type parseError struct {
	kind Kind
	text string
	err  error
}

func (e *parseError) Error() string {
	return fmt.Sprintf("reading %.60q as %s: %v", e.text, e.kind, e.err)
}

func (e *parseError) Unwrap() error { return e.err }

// Valid reports whether a text is an identifier, written as it is printed.
func (r *Rules) Valid(kind Kind, text string) bool {
	if !may(kind, text) {
		return false
	}
	m, err := r.Parse(kind, text)
	return err == nil && m.Printed == text
}

// may tells most texts that cannot be of a kind at a glance: Valid is asked of every
// word of a page.
func may(kind Kind, text string) bool {
	chars, least, most := "0123456789", 0, len(text)
	switch kind {
	case Dossier, Procedure, Result, Component:
		chars, least = "0123456789.-ABCDEFGHIJKLMNOPQRSTUVWXYZ", 8
	case Citizen:
		least, most = 12, 12
	case Tax:
		chars, least, most = "0123456789-", 10, 14
	case Phone:
		chars, least = "0123456789 .-+()", 8
	case Money:
		chars, least = "0123456789., đồngVNĐD", 5
	default:
		return true
	}
	return len(text) >= least && len(text) <= most && strings.Trim(text, chars) == ""
}

func (r *Rules) whole(f form, v view) (Match, error) {
	if !f.more.spaced {
		v = v.solid()
	}
	like := f.like
	if f.more.whole != nil {
		like = f.more.whole
	}
	at := like.FindStringSubmatchIndex(v.text)
	if at == nil || at[0] != 0 || at[1] != len(v.text) {
		return Match{}, ErrForm
	}
	return r.match(f, v, at)
}

func (r *Rules) find(f form, v view) []Match {
	var found []Match
	for from := 0; from < len(v.text); {
		at := f.like.FindStringSubmatchIndex(v.text[from:])
		if at == nil {
			break
		}
		for i := range at {
			if at[i] >= 0 {
				at[i] += from
			}
		}
		if m, ok := r.inText(f, v, at); ok {
			found = append(found, m)
			from = at[1]
			continue
		}
		from = next(v.text, at[0])
	}
	return found
}

// next gives the first place behind another at which an identifier can begin: not within
// a word or number.
func next(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		at += size
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
	}
	return at
}

// inText judges a match within a text.
func (r *Rules) inText(f form, v view, at []int) (Match, bool) {
	if !f.more.inner && !standsAlone(v.text, at[0], at[1]) || strings.Count(v.text[at[0]:at[1]], "\n") > 1 {
		return Match{}, false
	}
	bare := f.alone == nil || f.alone(v.text[at[0]:at[1]])
	said := f.label != "" && endsWith(before(v.text, at[0]), f.label)
	if !bare && !said {
		return Match{}, false
	}
	if f.more.inner {
		at[0], at[1] = at[2], at[len(at)-1]
	}
	m, err := r.match(f, v, at)
	m.Labelled = said
	return m, err == nil
}

// before gives what stands before a place, in capitals without marks.
func before(text string, at int) string {
	const reach = 80
	from := max(0, at-reach)
	for from < at && !utf8.RuneStart(text[from]) {
		from++
	}
	return strings.Join(strings.Fields(fold(text[from:at])), " ")
}

// endsWith reports whether a text ends with one of the words, behind which may stand
// another that says no more, and a sign.
func endsWith(text, words string) bool {
	text = strings.TrimRight(text, " :.;,")
	for word := range strings.SplitSeq(words, "|") {
		for _, more := range [...]string{"", " SO", " TTHC", " DIEN TU", " LA"} {
			start, ok := strings.CutSuffix(text, word+more)
			if last, _ := utf8.DecodeLastRuneInString(start); ok && !unicode.IsLetter(last) {
				return true
			}
		}
	}
	return false
}

// standsAlone reports whether text[from:to] is not cut out of something longer.
func standsAlone(text string, from, to int) bool {
	last, _ := utf8.DecodeLastRuneInString(text[:from])
	if from > 0 && (unicode.IsLetter(last) || unicode.IsDigit(last) || strings.ContainsRune(".-/", last)) {
		return false
	}
	if to >= len(text) {
		return true
	}
	next, size := utf8.DecodeRuneInString(text[to:])
	if strings.ContainsRune("-./", next) {
		next, _ = utf8.DecodeRuneInString(text[to+size:])
		return !unicode.IsDigit(next)
	}
	return !unicode.IsLetter(next) && !unicode.IsDigit(next)
}

// match mends the groups of a match, lays them between its signs, and checks the outcome.
func (r *Rules) match(f form, v view, at []int) (Match, error) {
	p := printer{view: v, spaced: f.more.spaced}
	groups := make([]string, len(f.slots))
	end := at[0]
	for i := range f.slots {
		from, to := at[2+2*i], at[3+2*i]
		if from < 0 {
			continue
		}
		p.signs(end, from)
		n := p.out.Len()
		p.slot(r, slot(f.slots[i]), from, to)
		groups[i] = p.out.String()[n:]
		end = to
	}
	p.signs(end, at[1])
	m := Match{Kind: f.kind, Printed: p.out.String(), Repairs: p.repairs}
	m.Start, m.End = v.span(at[0], at[1])
	if n := m.Misread(); n > 0 && (n > r.MostRepairs || n > p.digits) {
		return Match{}, wrong("too much is misread")
	}
	var err error
	m.Value, m.Facts, err = f.check(r, groups)
	if err != nil {
		return Match{}, err
	}
	return m, nil
}

// printer writes an identifier as it must have been printed, and keeps account.
type printer struct {
	view    view
	spaced  bool
	out     strings.Builder
	repairs []Repair
	digits  int // that were read as such
}

// slot writes a group mended for its slot.
func (p *printer) slot(r *Rules, s slot, from, to int) {
	was := []rune(p.view.text[from:to])
	is := r.mend(s, was)
	at := from
	for i, c := range was {
		size := utf8.RuneLen(c)
		if unicode.IsSpace(c) {
			p.space()
		} else {
			p.put(at, c, is[i])
		}
		at += size
	}
}

// signs writes what stands between groups.
func (p *printer) signs(from, to int) {
	last := rune(0)
	for i, c := range p.view.text[from:to] {
		switch {
		case unicode.IsSpace(c):
			p.space()
			continue
		case c == '-' && last == '-':
			p.note(from+i, "-", "")
		case !p.spaced && c != '.' && isPoint(c):
			p.put(from+i, c, '.')
		default:
			p.out.WriteRune(c)
		}
		last = c
	}
}

func (p *printer) space() {
	if s := p.out.String(); p.spaced && s != "" && !strings.HasSuffix(s, " ") {
		p.out.WriteByte(' ')
	}
}

// put writes one character in the place of another.
func (p *printer) put(at int, was, is rune) {
	p.out.WriteRune(is)
	switch {
	case was != is && unicode.ToUpper(was) != is:
		p.note(at, string(was), string(is))
	case was >= '0' && was <= '9':
		p.digits++
	}
}

func (p *printer) note(at int, was, is string) {
	start, _ := p.view.span(at, at+1)
	p.repairs = append(p.repairs, Repair{At: start, Was: was, Is: is})
}
