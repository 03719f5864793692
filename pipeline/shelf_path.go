package pipeline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bytes that are no text stand in a path as characters for private use, U+EF00 and the
// byte's value.
const (
	byteRunes = 0xEF00
	firstByte = byteRunes + 0x80
	lastByte  = byteRunes + 0xFF
)

// PathText writes the name of a file, which to its file system is any bytes, as text that
// every database and JSON keep: a byte that is not part of a character in UTF-8 becomes
// one of the characters U+EF80 to U+EFFF. Should a name have such a character, its own
// three bytes become three of them, so that no two names are written alike. Almost all
// names stay as they are. PathName is the way back.
func PathText(name string) string {
	if plainPath(name) {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		if r == utf8.RuneError && size == 1 || byteRune(r) {
			for _, c := range []byte(name[i : i+size]) {
				b.WriteRune(byteRunes + rune(c))
			}
		} else {
			b.WriteString(name[i : i+size])
		}
		i += size
	}
	return b.String()
}

// PathName gives the name that PathText wrote.
func PathName(text string) string {
	if plainPath(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if byteRune(r) {
			b.WriteByte(byte(r - byteRunes))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// ShownPath is a path as text that is safe to show: what cannot be seen, such as control
// characters and marks that turn the direction of text, shows as U+FFFD.
func ShownPath(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func byteRune(r rune) bool { return r >= firstByte && r <= lastByte }

func plainPath(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, byteRune) }
