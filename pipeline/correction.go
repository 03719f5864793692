package pipeline

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Edits is what a person says of a paper, in one go.
type Edits struct {
	Fields    []Edit
	Anyway    bool // take a dossier number although the list of agencies speaks against it
	NotSecret bool // the stamp of secrecy that was found is none
	Accept    bool // take the paper although the signatures it came with are not in order
	Whole     bool // it is one paper although it seems to be made of several
}

// Edit is what a person says of one field. The same value again confirms it; no value
// says that the paper does not have the field.
type Edit struct {
	Name  FieldName `json:"name"`
	Value string    `json:"value"`
}

// WordEdit is what a person puts in the place of words of one line: Before is what
// stands in Box, After what is to stand there, "" for nothing.
type WordEdit struct {
	Page   int    `json:"page"`
	Box    Box    `json:"box"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Correction is a WordEdit that was taken. It is kept for ever, and made again whenever
// the page is read again.
type Correction struct {
	WordEdit
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Lost bool      `json:"lost,omitzero"` // its place could not be found in the last reading
}

// Changes is the detail of an event that says what a person changed.
type Changes struct {
	Fields    []Change    `json:"fields,omitempty"`
	Confirmed []FieldName `json:"confirmed,omitempty"` // said to be right as they were
	Words     []Change    `json:"words,omitempty"`
	Accepted  string      `json:"accepted_signatures,omitempty"` // the verdict in spite of which the paper is taken
	Whole     bool        `json:"whole,omitzero"`                // said to be one paper although it seemed to be made of several
}

// Change is what stood there before, and what after; "" is nothing.
type Change struct {
	Name   FieldName `json:"name,omitempty"`
	Page   int       `json:"page,omitzero"`
	Before string    `json:"before"`
	After  string    `json:"after"`
}

// Edition is a record of a paper that a newer one has followed.
type Edition struct {
	Record Digest    `json:"record"`
	Size   int64     `json:"size"`
	Words  Digest    `json:"words"`
	Sealed Signature `json:"signature,omitzero"`
	Filed  time.Time `json:"filed,omitzero"`
	Grown  []Stored  `json:"grown,omitempty"`  // see Paper.Grown
	Wraps  Digest    `json:"wraps,omitzero"`   // see Paper.Wraps
	Pages  int       `json:"pages,omitzero"`   // 0 of those filed before papers had leaves, which never changed
	Leaves []Leaf    `json:"leaves,omitempty"` // see Paper.Leaves

	Scan ScanQuality `json:"scan,omitzero"` // see Paper.Scan
}

// Corrected gives the page with corrections of it made, in their order, and tells which
// of all found no place; those of other pages are none of its business. Made twice they
// leave the page as made once.
func (p Page) Corrected(all []Correction) (out Page, lost []int) {
	out = p
	out.Lines = slices.Clone(p.Lines)
	for i, c := range all {
		if c.Page == p.Number && !out.correct(c.WordEdit) {
			lost = append(lost, i)
		}
	}
	return out, lost
}

// place is a run of words of a line.
type place struct{ line, from, to int }

// correct makes one correction and tells whether its place was found.
func (p *Page) correct(e WordEdit) bool {
	at, near, found := p.find(e)
	if e.After == "" && (!near || !p.Says(e)) {
		return true // what was to go is gone; the same elsewhere, or another reading there, is not it
	}
	if !found {
		return false
	}
	words := p.Lines[at.line].Words
	run := words[at.from:at.to]
	if joined(run) == e.After {
		return true // the reading agrees, or the correction was made before
	}
	line := &p.Lines[at.line]
	line.Words = slices.Concat(words[:at.from], put(e, run), words[at.to:])
	return true
}

// find looks for the place of an edit: the run of words whose box is most like the
// edit's, near to it; or, where readings differ in where words stand, the only run on the
// page that says what stood there.
func (p Page) find(e WordEdit) (at place, near, found bool) {
	const (
		alike   = 0.5 // of the area that the two boxes cover together
		longest = 30  // words of a run
	)
	var best place
	most := alike
	var said []place
	for l, line := range p.Lines {
		for from := range line.Words {
			var box Box
			for to := from + 1; to <= min(len(line.Words), from+longest); to++ {
				box = box.Union(line.Words[to-1].Box)
				if s := shared(box, e.Box); s > most {
					best, most = place{l, from, to}, s
				}
				if joined(line.Words[from:to]) == e.Before {
					said = append(said, place{l, from, to})
				}
			}
		}
	}
	if most > alike {
		return best, true, true
	}
	if len(said) == 1 {
		return said[0], false, true
	}
	return place{}, false, false
}

// Says reports whether the words that an edit is about stand on the page.
func (p Page) Says(e WordEdit) bool {
	at, _, found := p.find(e)
	return found && joined(p.Lines[at.line].Words[at.from:at.to]) == e.Before
}

// shared is the part that two boxes have in common of what they cover together.
func shared(a, b Box) float64 {
	w, h := min(a.X1, b.X1)-max(a.X0, b.X0), min(a.Y1, b.Y1)-max(a.Y0, b.Y0)
	if w <= 0 || h <= 0 {
		return 0
	}
	area := func(c Box) float64 { return float64(c.X1-c.X0) * float64(c.Y1-c.Y0) }
	both := float64(w) * float64(h)
	return both / (area(a) + area(b) - both)
}

func joined(words []Word) string {
	var all []string
	for _, w := range words {
		all = append(all, w.Text)
	}
	return strings.Join(all, " ")
}

// put gives the words that a person put in the place of a run, each with its share of
// the edit's box.
func put(e WordEdit, run []Word) []Word {
	was := joined(run)
	if at := slices.IndexFunc(run, func(w Word) bool { return w.Source == ByPerson }); at >= 0 {
		was = run[at].Was // what the recognizer saw, not what was corrected before
	}
	var box Box
	for _, w := range run {
		box = box.Union(w.Box)
	}
	texts := strings.Fields(e.After)
	total, done := utf8.RuneCountInString(e.After), 0
	words := make([]Word, 0, len(texts))
	for _, text := range texts {
		n := utf8.RuneCountInString(text)
		part := box
		part.X0 = box.X0 + (box.X1-box.X0)*done/total
		part.X1 = box.X0 + (box.X1-box.X0)*(done+n)/total
		part.X1 = max(part.X1, part.X0+1)
		done += n + 1
		words = append(words, Word{Text: text, Box: part, Confidence: 100, Was: was, Source: ByPerson})
	}
	return words
}
