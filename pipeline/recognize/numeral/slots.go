package numeral

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// asDigit gives the digit that a character is, or looks like.
func asDigit(r rune) (digit rune, ok bool) {
	switch r {
	case 'O', 'o', 'Q', 'D', 'Đ':
		return '0', true
	case 'I', 'i', 'l', '|', '!', ']':
		return '1', true
	case 'Z', 'z':
		return '2', true
	case 'S', 's':
		return '5', true
	case 'ó', 'Ó':
		return '6', true
	case 'B':
		return '8', true
	}
	return r, r >= '0' && r <= '9'
}

// asLetter gives the capital that a character is, or looks like.
func asLetter(r rune) rune {
	switch r {
	case '0':
		return 'O'
	case '1', 'l', '|', '!':
		return 'I'
	case '2':
		return 'Z'
	case '5':
		return 'S'
	case '8':
		return 'B'
	}
	return unicode.ToUpper(r)
}

// IsDigitLike reports whether a character is a digit or looks like one.
func IsDigitLike(r rune) bool {
	_, ok := asDigit(r)
	return ok
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// digits puts digits for all that looks like one; other characters stay.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		d, _ := asDigit(r)
		return d
	}, s)
}

// letters puts capitals for all characters.
func letters(s string) string { return strings.Map(asLetter, s) }

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
