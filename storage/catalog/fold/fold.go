// Package fold gives Vietnamese text the form in which it is searched. People type
// with tone marks, without them, and with the mark on either vowel (hòa, hoà); old
// keyboards and text recognizers write a letter and its marks as separate
// characters. All of these must find each other, in every database engine alike, so
// the text is folded here, in Go, and the engines are left nothing to interpret.
//
// There are two strengths. Text drops every mark: what is indexed and looked for.
// Tone keeps the letters ă â ê ô ơ ư đ and the tone, but not the place where the
// tone mark was written: what tells an exact match from a folded one.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text gives s in lower case, without marks over or under Latin letters, đ as d, and
// in NFC. It is idempotent, and the same for all canonically equivalent ways of
// writing s.
func Text(s string) string {
	if folded, ok := usual(s); ok {
		return folded
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFC.String(s) {
		if f := letter(r); f >= 0 {
			b.WriteRune(f)
		}
	}
	// What stood apart only because of a mark may compose now.
	return norm.NFC.String(b.String())
}

// usual folds text of nothing but ASCII and composed Vietnamese letters, which is
// nearly all there is, without asking Unicode's tables; ok is false for other text.
func usual(s string) (folded string, ok bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r >= utf8.RuneSelf {
			r = vietnamese(r)
		}
		if r >= utf8.RuneSelf {
			return "", false
		}
		b = utf8.AppendRune(b, lower(r))
	}
	return string(b), true
}

// vietnamese gives the letter below the marks of a composed Vietnamese letter, in
// lower case, and every other character as it is.
func vietnamese(r rune) rune {
	switch r {
	case 'à', 'á', 'ả', 'ã', 'ạ', 'ă', 'ằ', 'ắ', 'ẳ', 'ẵ', 'ặ', 'â', 'ầ', 'ấ', 'ẩ', 'ẫ', 'ậ',
		'À', 'Á', 'Ả', 'Ã', 'Ạ', 'Ă', 'Ằ', 'Ắ', 'Ẳ', 'Ẵ', 'Ặ', 'Â', 'Ầ', 'Ấ', 'Ẩ', 'Ẫ', 'Ậ':
		return 'a'
	case 'è', 'é', 'ẻ', 'ẽ', 'ẹ', 'ê', 'ề', 'ế', 'ể', 'ễ', 'ệ', 'È', 'É', 'Ẻ', 'Ẽ', 'Ẹ', 'Ê',
		'Ề', 'Ế', 'Ể', 'Ễ', 'Ệ':
		return 'e'
	case 'ì', 'í', 'ỉ', 'ĩ', 'ị', 'Ì', 'Í', 'Ỉ', 'Ĩ', 'Ị':
		return 'i'
	case 'ò', 'ó', 'ỏ', 'õ', 'ọ', 'ô', 'ồ', 'ố', 'ổ', 'ỗ', 'ộ', 'ơ', 'ờ', 'ớ', 'ở', 'ỡ', 'ợ',
		'Ò', 'Ó', 'Ỏ', 'Õ', 'Ọ', 'Ô', 'Ồ', 'Ố', 'Ổ', 'Ỗ', 'Ộ', 'Ơ', 'Ờ', 'Ớ', 'Ở', 'Ỡ', 'Ợ':
		return 'o'
	case 'ù', 'ú', 'ủ', 'ũ', 'ụ', 'ư', 'ừ', 'ứ', 'ử', 'ữ', 'ự', 'Ù', 'Ú', 'Ủ', 'Ũ', 'Ụ', 'Ư',
		'Ừ', 'Ứ', 'Ử', 'Ữ', 'Ự':
		return 'u'
	case 'ỳ', 'ý', 'ỷ', 'ỹ', 'ỵ', 'Ỳ', 'Ý', 'Ỷ', 'Ỹ', 'Ỵ':
		return 'y'
	case 'đ', 'Đ':
		return 'd'
	}
	return r
}

// letter folds one character of NFC text, or gives -1 where nothing is left of it.
func letter(r rune) rune {
	if r < unicode.MaxASCII {
		return lower(r)
	}
	if mark(r) {
		return -1
	}
	if r == 'đ' || r == 'Đ' {
		return 'd'
	}
	if !unicode.Is(unicode.Latin, r) {
		return lower(r)
	}
	return lower(base(r))
}

// lower is unicode.ToLower, faster for ASCII.
func lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	if r < unicode.MaxASCII {
		return r
	}
	return unicode.ToLower(r)
}

// mark reports whether r is a combining mark as Latin letters carry them.
func mark(r rune) bool { return r >= 0x0300 && r <= 0x036F }

// base gives the letter below the marks of r.
func base(r rune) rune {
	var buf [16]byte
	d := norm.NFD.AppendString(buf[:0], string(r))
	for _, first := range string(d) {
		return first
	}
	return r
}

// Tone gives the tone key of one word: letters in lower case with the marks that
// make another letter of them, the tone as a digit at the end. Both spellings of a
// tone mark's place have one key: hòa and hoà give hoa1. A word without tone has no
// digit.
func Tone(word string) string {
	var b strings.Builder
	tone := byte(0)
	for _, r := range norm.NFD.String(word) {
		if t := toneOf(r); t != 0 {
			tone = t
			continue
		}
		b.WriteRune(lower(r))
	}
	if tone != 0 {
		b.WriteByte(tone)
	}
	return norm.NFC.String(b.String())
}

// toneOf gives the digit of a tone mark: huyền, sắc, hỏi, ngã, nặng; 0 for others.
func toneOf(r rune) byte {
	switch r {
	case 0x0300:
		return '1'
	case 0x0301:
		return '2'
	case 0x0309:
		return '3'
	case 0x0303:
		return '4'
	case 0x0323:
		return '5'
	}
	return 0
}
