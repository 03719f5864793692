package extract

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"hoso/pipeline"
)

// Stack tells where papers begin in a stack that was scanned in one go. Each page is
// added once, in order, and nothing of it is kept but its signs, so that a stack may
// have any number of pages.
//
// What counts: the national title, the title of a class, the line of number and symbol,
// a printed page number, another dossier number, and whether the page before ended its
// paper with recipients or a signature. A page with a printed number above 1, an annex
// and a blank page never begin one.
type Stack struct {
	classes Classes
	today   time.Time
	pieces  []pipeline.Piece
	dossier string // the last one seen
	ended   bool   // the last page with words ended its paper
}

// NewStack makes an empty stack.
func NewStack(classes Classes, today time.Time) *Stack { return &Stack{classes: classes, today: today} }

// The weights of signs, and how many make a beginning.
const (
	byNation  = 3
	byDossier = 3
	byTitle   = 2
	byEnd     = 2 // of the page before
	bySymbol  = 1
	byFirst   = 1 // a printed number 1
	beginning = 3
)

// Add adds the next page.
func (k *Stack) Add(p pipeline.Page) {
	sheets := sheetsOf([]pipeline.Page{p})
	if len(sheets) == 0 {
		k.goOn(p.Number)
		return
	}
	s := sheets[0]
	class, _ := k.classes.Field([]pipeline.Page{p})
	signs, dossier := k.signs(s, class.Value)
	switch {
	case len(k.pieces) == 0:
		k.begin(p.Number, class.Value, certainly)
	case signs >= beginning:
		k.begin(p.Number, class.Value, likelihood(signs))
	default:
		k.goOn(p.Number)
	}
	if dossier != "" {
		k.dossier = dossier
	}
	k.ended = ends(s)
}

// likelihood is how often so many signs are right, in percent.
func likelihood(signs int) float32 { return float32(min(70+10*(signs-beginning), 98)) }

func (k *Stack) begin(page int, class string, sure float32) {
	k.pieces = append(k.pieces, pipeline.Piece{From: page, To: page, Class: class, Confidence: sure})
}

// goOn gives a page to the paper before it.
func (k *Stack) goOn(page int) {
	if len(k.pieces) == 0 {
		k.begin(page, "", certainly)
		return
	}
	k.pieces[len(k.pieces)-1].To = page
}

// Pieces gives the papers that the stack seems to be made of, nil if it is one.
func (k *Stack) Pieces() []pipeline.Piece {
	if len(k.pieces) < 2 {
		return nil
	}
	return slices.Clone(k.pieces)
}

// signs counts what speaks for a beginning, and gives the dossier number in the page's
// head.
func (k *Stack) signs(s sheet, class string) (signs int, dossier string) {
	dossier = headNumber(s, k.today)
	printed := printedNumber(s)
	head := s.upper(0.4)
	nation := slices.ContainsFunc(head, func(l line) bool { return nationalTitle(l.folded) })
	if printed > 1 || !nation && annex(s) {
		return 0, dossier
	}
	for _, sign := range []struct {
		holds  bool
		weight int
	}{
		{nation, byNation},
		{slices.ContainsFunc(head, func(l line) bool { return symbolLine.MatchString(l.folded) }), bySymbol},
		{class != "" && headed(s), byTitle},
		{printed == 1, byFirst},
		{k.ended, byEnd},
		{dossier != "" && k.dossier != "" && dossier != k.dossier, byDossier},
	} {
		if sign.holds {
			signs += sign.weight
		}
	}
	return signs, dossier
}

// headed reports whether a heading stands in the upper half of a page.
func headed(s sheet) bool {
	return slices.ContainsFunc(headings(s), func(h heading) bool { return 2*h.lines[0].box.Y0 < s.page.Height })
}

var pageNumber = regexp.MustCompile(`^\W*(?:TRANG\s*)?(\d{1,3})(?:\s*[/|]\s*\d{1,3})?\W*$`)

// printedNumber gives the page number that stands alone in a margin, 0 for none.
func printedNumber(s sheet) int {
	margin := s.page.Height / 12
	for _, l := range s.lines {
		m := pageNumber.FindStringSubmatch(l.folded)
		if m == nil || l.box.Y0 > margin && l.box.Y1 < s.page.Height-margin {
			continue
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			return n
		}
	}
	return 0
}

var annexHead = regexp.MustCompile(`^\W*(?:PHU LUC|(?:BAN HANH )?KEM THEO)\b`)

// annex reports whether a page is an annex to what stands before it.
func annex(s sheet) bool {
	return slices.ContainsFunc(s.upper(0.35), func(l line) bool { return annexHead.MatchString(l.folded) })
}

// ends reports whether a page ends its paper: with recipients, or with a signature.
func ends(s sheet) bool {
	for _, l := range s.pieces {
		if 10*l.box.Y0 > 4*s.page.Height && copies.MatchString(l.folded) {
			return true
		}
	}
	_, ok := signatureIn(s, rightHalf(s))
	return ok
}

// headNumber gives the key of the only dossier number in codes or in the upper half of a
// page.
func headNumber(s sheet, today time.Time) string {
	found := ""
	for _, f := range FindDossierNumbers([]pipeline.Page{s.page}, today) {
		n, err := pipeline.ParseDossierNumber(f.Value)
		if err != nil || f.Source != pipeline.ByQR && 2*f.Box.Y0 > s.page.Height {
			continue
		}
		if found != "" && found != n.Key() {
			return ""
		}
		found = n.Key()
	}
	return found
}
