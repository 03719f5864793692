package pipeline

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the length of a safe file name in bytes: what file systems take, less
// room for the endings that programs add.
const maxName = 200

// noName stands for a file whose name says nothing.
const noName = "giay-to"

// SafeName makes a stranger's file name safe to show, to log beside a paper and to
// offer for saving: no folders, no control characters, no marks that turn the
// direction of text, valid UTF-8, at most 200 bytes with its ending kept. Vietnamese
// letters stay. A name that nothing is left of becomes "giay-to".
func SafeName(s string) string {
	s = strings.ToValidUTF8(s, "")
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(harmless, s)
	s = strings.Join(strings.Fields(s), " ")
	s = strings.TrimLeft(strings.TrimRight(s, ". "), ".- ")
	if s == "" {
		return noName
	}
	return shortName(s)
}

// harmless drops what cannot be seen and replaces what some systems forbid.
func harmless(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsGraphic(r): // control characters, direction marks, unassigned
		return -1
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	}
	return r
}

// shortName cuts the middle out of a long name, between letters.
func shortName(s string) string {
	if len(s) <= maxName {
		return s
	}
	ending := path.Ext(s)
	if len(ending) > 12 {
		ending = ""
	}
	stem := s[:maxName-len(ending)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, ". ") + ending
}
