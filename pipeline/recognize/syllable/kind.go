package syllable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a word of a page is, by the look of its signs.
type Kind uint8

// The kinds of words.
const (
	Punctuation  Kind = iota // signs alone: - ./. …
	Number                   // mostly digits, or led by them: 1.250.000, 12/QĐ-UBND, 30c, iv
	Abbreviation             // UBND, QĐ-UBND, TTr, D600, km, V/v, a single letter
	Native                   // a syllable of Vietnamese, or several joined by signs: Khoa/Bộ, P.Trưởng
	Foreign                  // has letters and is none of these: Email, vỉêc
)

// Core parts a word from what stands at its ends and belongs to no word: "“Về" is “
// and Về, "định," is định and a comma. A core that is empty leaves all in prefix.
func Core(word string) (prefix, core, suffix string) {
	start := strings.IndexFunc(word, inWord)
	if start < 0 {
		return word, "", ""
	}
	end := strings.LastIndexFunc(word, inWord)
	_, size := utf8.DecodeRuneInString(word[end:])
	end += size
	return word[:start], word[start:end], word[end:]
}

// inWord reports whether a rune is part of a word rather than beside it.
func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// joins reports whether a sign stands between two words that need no space: hyphen,
// stroke, full stop. Quotes and the like inside a word are misread marks.
func joins(r rune) bool {
	switch r {
	case '-', '/', '.', ',', ':', ';', '(', ')', '&', '+', '_', '–', '—', '‐', '‑', '−', '…', '\\':
		return true
	}
	return false
}

// Parts gives the words that a core joins by signs (Khoa/Bộ, TL.CHỦ), in order; each
// is a piece of core.
func Parts(core string) []string { return strings.FieldsFunc(core, joins) }

// KindOf tells the kind of a word, whatever punctuation is attached to it.
func KindOf(word string) Kind {
	_, core, _ := Core(word)
	switch {
	case core == "":
		return Punctuation
	case isAddress(core):
		return Foreign
	case isNumber(core):
		return Number
	}
	kind := Punctuation
	for part := range strings.FieldsFuncSeq(core, joins) {
		kind = max(kind, kindOf(part))
	}
	return kind
}

// kindOf is KindOf for a word without signs.
func kindOf(part string) Kind {
	if _, ok := Parse(part); ok {
		return Native
	}
	switch {
	case strings.Trim(part, "0123456789") == "" || isNumber(part):
		return Number
	case isAbbreviation(part) || isUnit(part):
		return Abbreviation
	}
	return Foreign
}

// isAddress reports whether a word is an address of mail or of the web.
func isAddress(core string) bool {
	return strings.Contains(core, "@") || strings.Contains(core, "://") || strings.HasPrefix(core, "www.")
}

// isNumber reports whether digits lead a word or prevail in it, and no small word
// stands in it.
func isNumber(core string) bool {
	switch core {
	case "ii", "iii", "iv", "vii", "viii", "ix", "xii", "xiii":
		return true
	}
	digits, capitals, signs := 0, 0, 0
	small := false
	for _, r := range core {
		after := small
		small = unicode.IsLower(r)
		switch {
		case isDigit(r):
			digits++
		case unicode.IsUpper(r):
			capitals++
		case !small:
			signs++
		case after || marked(r) && r != 'đ':
			return false
		}
	}
	return digits > 0 && (isDigit(rune(core[0])) || digits >= capitals && signs > 0)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isAbbreviation reports whether a word without signs is made of initials: capitals,
// of which some stand for a digraph (TTr, ThS, Ph), and digits at one end.
func isAbbreviation(part string) bool {
	if utf8.RuneCountInString(part) == 1 {
		return true
	}
	var last rune
	letters, vowels := 0, 0
	for _, r := range part {
		switch {
		case isDigit(r):
		case isInitial(r) && (letters == 0 || !isDigit(last)):
			if letters++; isVowel(lower(r)) {
				vowels++
			}
		case !endsDigraph(last, r):
			return false
		}
		last = r
	}
	return letters > 0 && (letters <= 3 || 3*vowels <= letters)
}

// endsDigraph reports whether a small letter is the end of an onset whose first letter
// is an initial.
func endsDigraph(initial, r rune) bool {
	return strings.Contains("Ch Gh Kh Ng Nh Ph Th Tr", string([]rune{initial, r}))
}

// isInitial reports whether a letter is a capital that abbreviations are made of.
func isInitial(r rune) bool { return r >= 'A' && r <= 'Z' || strings.ContainsRune("ĐÐƯ", r) }

// isUnit reports whether a word is a unit of measure or a common sign of text that
// is written small.
func isUnit(part string) bool {
	switch part {
	case "km", "kg", "cm", "mm", "dm", "ml", "mg", "kv", "kV", "kW", "kWh", "ha", "đ", "tr", "tp", "Tp", "tx", "vv", "Tr",
		"m²", "m³", "km²", "cm²", "cm³", "m2", "m3", "km2", "cm2", "dpi", "v", "x", "PGs", "Ths", "Gs", "Bs":
		return true
	}
	return false
}
