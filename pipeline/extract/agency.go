package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"hoso/pipeline"
)

// agencyHead begins the name of an agency.
var agencyHead = regexp.MustCompile(`^(?:UY BAN|UBND|HOI DONG|HDND|SO|BO|CUC|CHI CUC|TONG CUC|VAN PHONG|TRUNG TAM|TRUONG|BAN|CONG AN|TOA AN|VIEN|PHONG|CONG TY|TONG CONG TY|BAO HIEM|KHO BAC|THUE|THANH TRA|DAI HOC|HOC VIEN|BENH VIEN|QUY|NGAN HANG|LIEN DOAN|DOAN|TO|HOI|MAT TRAN|TINH UY|HUYEN UY|DANG BO|CHINH PHU|QUOC HOI)\b`)

// agencies finds the agencies at the left of the head (box 2): the capitals above its
// number. The last one issues the paper; the one above it is its superior.
func agencies(s sheet) []pipeline.Field {
	names := grouped(agencyLines(s))
	if !numberedHead(s) { // then it may be something else in capitals
		names = slices.DeleteFunc(names, func(n []line) bool { return !agencyHead.MatchString(n[0].folded) })
	}
	var out []pipeline.Field
	if n := len(names); n > 0 {
		out = append(out, s.agency(pipeline.FieldIssuer, names[n-1]))
		if n > 1 {
			out = append(out, s.agency(pipeline.FieldParent, names[n-2]))
		}
	}
	return out
}

func (s sheet) agency(name pipeline.FieldName, lines []line) pipeline.Field {
	return s.field(name, joined(lines), lines, likely)
}

// grouped parts the lines of the head into names. A name begins with a word for an
// agency; without one, behind a name that ends with its place.
func grouped(lines []line) [][]line {
	var names [][]line
	for i, l := range lines {
		switch {
		case i == 0, len(l.words) > 1 && agencyHead.MatchString(l.folded) && !leftOpen(lines[i-1].folded), placed(names[len(names)-1]) && len(l.words) > 2 && !isPlace(l.folded):
			names = append(names, []line{l})
		default:
			names[len(names)-1] = append(names[len(names)-1], l)
		}
	}
	return names
}

// leftOpen reports whether a name goes on: it ends with a word that wants another.
func leftOpen(folded string) bool {
	for _, w := range []string{" VA", ",", " CUA", " VE", " TRUONG", " -"} {
		if strings.HasSuffix(folded, w) {
			return true
		}
	}
	return false
}

func numberedHead(s sheet) bool {
	return slices.ContainsFunc(s.above(0.35), func(l line) bool { return symbolLine.MatchString(l.folded) && strings.Contains(l.folded, "/") })
}

// placed reports whether a name has its place.
func placed(name []line) bool {
	return slices.ContainsFunc(name, func(l line) bool {
		return isPlace(l.folded) || strings.Contains(l.folded, " TINH ") || strings.Contains(l.folded, " THANH PHO ")
	})
}

// agencyLines gives the capitals on the left above the number or, without one, above the
// date or the title; a page that has neither these nor the national title has no head.
func agencyLines(s sheet) []line {
	const most = 6
	var names []line
	head := false
	pieces := s.pieces
	bottom := headEnd(s, pieces)
	for _, l := range pieces {
		if nationalTitle(l.folded) {
			head = true
			continue
		}
		if l.box.Y0 >= bottom || 100*l.middle() > 56*s.page.Width || len(names) == most {
			continue
		}
		if mostlyCapitals(l.text) && letters(l.text) >= 2 {
			names = append(names, l.clean())
		}
	}
	if !head && bottom == noHead {
		return nil
	}
	return names
}

const noHead = 1 << 30

// headEnd is where the left of the head ends.
func headEnd(s sheet, pieces []line) int {
	for _, l := range pieces {
		if 100*l.box.Y0 > 35*s.page.Height && s.page.Height > 0 {
			break
		}
		if symbolLine.MatchString(l.folded) || strings.HasPrefix(l.folded, "SO:") || dateLine.MatchString(l.folded) && placeDate.MatchString(l.folded) || titleOf(l) != "" {
			return l.box.Y0
		}
	}
	return noHead
}

// signedBy finds the agency of a certificate that names it above the signature and not at
// its head.
func signedBy(sheets []sheet) (pipeline.Field, bool) {
	for _, s := range slices.Backward(sheets) {
		column := rightHalf(s)
		for i, l := range column {
			if i == 0 || !dateLine.MatchString(column[i-1].folded) || !agencyHead.MatchString(l.folded) || !mostlyCapitals(l.text) {
				continue
			}
			lines := []line{l}
			for _, next := range column[i+1:] {
				if !near(lines[len(lines)-1], next) || !mostlyCapitals(next.text) || opens(next) {
					break
				}
				lines = append(lines, next)
			}
			return s.field(pipeline.FieldIssuer, joined(lines), lines, possible), true
		}
	}
	return pipeline.Field{}, false
}

// isPlace reports whether a line is the place that belongs to the name above it, as
// in ỦY BAN NHÂN DÂN over TỈNH NINH BÌNH.
func isPlace(folded string) bool {
	for _, word := range []string{"TINH ", "THANH PHO ", "TP ", "TP.", "HUYEN ", "QUAN ", "THI XA ", "THI TRAN ", "XA ", "PHUONG ", "DAC KHU "} {
		if strings.HasPrefix(folded, word) {
			return true
		}
	}
	return false
}

// clean drops what is no word at both ends of a line: strokes, specks, pieces of a seal.
func (l line) clean() line {
	noise := func(w pipeline.Word) bool {
		n := letters(w.Text)
		other := utf8.RuneCountInString(strings.Trim(w.Text, "&0123456789")) - n
		return n == 0 && other > 0 || n <= 2 && len(w.Text) == n && w.Confidence < 40 || other > n // a letter with a mark is of a word
	}
	from, to := 0, len(l.words)
	for from < to && noise(l.words[from]) {
		from++
	}
	for to > from && noise(l.words[to-1]) {
		to--
	}
	if from == 0 && to == len(l.words) {
		return l
	}
	return lineOf(l.words[from:to], l.paragraph)
}
