package extract

import (
	"strings"

	"hoso/pipeline"
)

// Secrecy gives the stamp of secrecy (dấu chỉ độ mật, Decree 30/2020, box 10a) that a paper
// bears: TUYỆT MẬT, TỐI MẬT or MẬT, "" for none. It stands by itself in capitals in the
// upper part of a page, on its left half. A mark that was lost is forgiven, since a secret
// paper let through is worse than a question; words that differ by another mark (MẶT, MẮT)
// are not it.
func Secrecy(pages []pipeline.Page) string {
	for _, s := range sheetsOf(pages) {
		for _, l := range s.above(0.45) {
			for _, run := range capitalsOf(l) {
				if level := secrecyOf(run.text); level != "" && 2*run.box.X0 < s.page.Width {
					return level
				}
			}
		}
	}
	return ""
}

func secrecyOf(text string) string {
	text = strings.Trim(text, " _|-—–.,;:'\"`~*=“”[](){}")
	last := text[strings.LastIndexByte(text, ' ')+1:]
	switch last {
	case "MẬT", "MÂT", "MẠT", "MAT":
	default:
		return ""
	}
	switch fold(text) {
	case "MAT":
		return "MẬT"
	case "TOI MAT":
		return "TỐI MẬT"
	case "TUYET MAT":
		return "TUYỆT MẬT"
	}
	return ""
}
