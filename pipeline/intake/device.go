package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mostDevice is how many letters are kept of what made a file.
const mostDevice = 60

// deviceOf names what made a file: maker and model of the device or, if the file says
// neither, the program. Strangers wrote them, so that they are made safe to show in one
// line. A name that somebody gave to a device of his own is left out: it tells of him.
func deviceOf(maker, model, program string) string {
	maker, model = shown(maker), shown(model)
	switch {
	case maker == "" && model == "":
		return cut(shown(program))
	case maker == "" || hasPrefixFold(model, maker):
		return cut(model)
	case model == "":
		return cut(maker)
	}
	return cut(maker + " " + model)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// shown gives the text without what is not to be seen, in one line, or "" if it is none
// or names an owner.
func shown(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r): // controls, marks of direction, unassigned
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	lower := strings.ToLower(s)
	for _, owner := range []string{" của ", "'s ", "’s ", "@"} {
		if strings.Contains(lower, owner) {
			return ""
		}
	}
	if !strings.ContainsFunc(s, unicode.IsLetter) {
		return ""
	}
	return s
}

func cut(s string) string {
	if r := []rune(s); len(r) > mostDevice {
		return strings.TrimSpace(string(r[:mostDevice]))
	}
	return s
}
