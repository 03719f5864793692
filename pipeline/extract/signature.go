package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"hoso/pipeline"
)

// authority begins a signature (box 7a): the power to sign for somebody, or an office.
var authority = regexp.MustCompile(`^(?:(?:TM|KT|TL|TUQ|Q)\s?[.,]|(?:PHO )?(?:CHU TICH|GIAM DOC|TONG GIAM DOC|CUC TRUONG|VU TRUONG|BO TRUONG|THU TRUONG|HIEU TRUONG|CHANH VAN PHONG|TRUONG PHONG|VIEN TRUONG|CHI CUC TRUONG|TRUONG BAN|CONG CHUNG VIEN)(?:\s|$))`)

// signer finds the name below the signature (box 7b): the last line of a few
// capitalized words under the signer's office, on the right half of the last page
// that has one.
func signer(sheets []sheet) (pipeline.Field, bool) {
	for _, s := range slices.Backward(sheets) {
		if f, ok := signerOn(s); ok {
			return f, true
		}
	}
	return pipeline.Field{}, false
}

func signerOn(s sheet) (pipeline.Field, bool) {
	column := rightHalf(s)
	office := -1
	for i, l := range column {
		if authority.MatchString(l.folded) && mostlyCapitals(l.text) && 3*l.box.Y0 > s.page.Height {
			office = i
		}
	}
	if office < 0 {
		return pipeline.Field{}, false
	}
	for _, l := range slices.Backward(column[office+1:]) {
		if name := nameOf(l.text); name != "" {
			return s.field(pipeline.FieldSigner, name, []line{l}, likely), true
		}
	}
	return pipeline.Field{}, false
}

// rightHalf gives what stands right of the middle, from top to bottom: beside the
// signature stands the list of recipients.
func rightHalf(s sheet) []line {
	var column []line
	for _, l := range s.lines {
		from := slices.IndexFunc(l.words, func(w pipeline.Word) bool { return 100*w.Box.X0 >= 42*s.page.Width })
		if from >= 0 {
			column = append(column, lineOf(l.words[from:], l.paragraph))
		}
	}
	slices.SortStableFunc(column, func(a, b line) int { return a.box.Y0 - b.box.Y0 })
	return column
}

// nameOf gives the person's name that a line is, without degrees and ranks, or "".
func nameOf(text string) string {
	words := strings.Fields(strings.Trim(text, " _|-—–.,;:'\"`~*="))
	for len(words) > 0 && strings.HasSuffix(words[0], ".") {
		words = words[1:]
	}
	if len(words) < 2 || len(words) > 6 {
		return ""
	}
	for _, w := range words {
		if !isNamePart(w) {
			return ""
		}
	}
	return strings.Join(words, " ")
}

// isNamePart reports whether w is a capital followed by small letters.
func isNamePart(w string) bool {
	for i, r := range []rune(w) {
		switch {
		case !unicode.IsLetter(r):
			return false
		case i == 0 && !unicode.IsUpper(r), i > 0 && !unicode.IsLower(r):
			return false
		}
	}
	return w != ""
}
