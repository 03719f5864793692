package numeral

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline/grammar"
)

// IsDigitLike reports whether a character is a digit or looks like one.
func IsDigitLike(r rune) bool {
	_, ok := grammar.Digit(r)
	return ok
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// digits puts digits for all that looks like one; other characters stay.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		d, _ := grammar.Digit(r)
		return d
	}, s)
}

// letters puts capitals for all characters.
func letters(s string) string { return strings.Map(grammar.Letter, s) }

// allDigits reports whether s is from least to most digits.
func allDigits(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// alikes reports whether s is from least to most characters that are digits or look
// like them.
func alikes(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	return n >= least && n <= most && !strings.ContainsFunc(s, func(r rune) bool { return !IsDigitLike(r) })
}

// squeezed maps all dashes to one and drops spaces.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("‐‑‒–—―−", r):
			return '-'
		case unicode.IsSpace(r):
			return -1
		}
		return r
	}, s)
}

// plain gives text in capitals without any mark, for comparing labels.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ':
			return 'D'
		}
		return unicode.ToUpper(r)
	}, norm.NFD.String(s))
}
