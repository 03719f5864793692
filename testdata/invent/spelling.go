package invent

import (
	"strings"
	"unicode"
)

// Spelling is one of the two customs of placing the tone in oa, oe and uy.
type Spelling int

// The spellings: hòa or hoà, thúy or thuý.
const (
	OldStyle Spelling = iota
	NewStyle
)

// Spell puts the tones of open syllables in oa, oe and uy where a custom wants them.
func (s Spelling) Spell(text string) string {
	if s == OldStyle {
		return text
	}
	const from, to = "òaóaỏaõaọaòeóeỏeõeọeùyúyủyũyụy", "oàoáoảoãoạoèoéoẻoẽoẹuỳuýuỷuỹuỵ"
	a, b := []rune(from+strings.ToUpper(from)), []rune(to+strings.ToUpper(to))
	out := []rune(text)
	for i := 0; i+1 < len(out); i++ {
		if i+2 < len(out) && unicode.IsLetter(out[i+2]) || i > 0 && (out[i-1] == 'q' || out[i-1] == 'Q') {
			continue
		}
		for j := 0; j < len(a); j += 2 {
			if out[i] == a[j] && unicode.ToLower(out[i+1]) == unicode.ToLower(a[j+1]) {
				upper := unicode.IsUpper(out[i+1])
				out[i], out[i+1] = b[j], unicode.ToLower(b[j+1])
				if upper {
					out[i+1] = unicode.ToUpper(out[i+1])
				}
				break
			}
		}
	}
	return string(out)
}
