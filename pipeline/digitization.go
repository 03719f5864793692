package pipeline

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// DigitizationCode (mã kết quả số hóa) is the code under which a digitized paper is kept
// for its owner (Circular 01/2023/TT-VPCP, Article 10). It is given once the paper's
// type and owner are known, is unique, and is never given to another paper.
type DigitizationCode struct {
	Value  string `json:"value"`
	Stem   string `json:"stem"`   // what it shares with others, # in place of the serial
	Serial int    `json:"serial"` // from 1 within the stem
}

// IsZero reports whether there is no code.
func (c DigitizationCode) IsZero() bool { return c.Value == "" }

// CodeFacts are what a digitization code is made of.
type CodeFacts struct {
	Owner   string // mã định danh of a person or an organization; "" if there is none
	Type    string // mã loại giấy tờ: of a result, its code in the national list
	Dossier string // mã số hồ sơ
	Unit    string // the agency that keeps the paper
	Year    int    // of receipt
}

// CodeTemplate says how digitization codes are written. The Circular leaves the layout
// to the list of codes in force, so that it is a setting: literal text, {owner},
// {type}, {dossier}, {unit}, {year} and {serial}, the last of which may have a number
// of digits, {serial:4}, and may stand in brackets with what parts it from the rest:
// these are left out of the first code of a stem.
type CodeTemplate struct {
	text  string
	parts []codePart
}

// codePart is a piece of a template: literal text, or a slot.
type codePart struct {
	literal string
	slot    string
	digits  int
	spare   bool // left out where the serial is 1
}

// UsualCode is the layout that stands while none is set.
const UsualCode = "{owner}.{type}[.{serial}]"

// LongestCode is how many letters the column of the national system takes.
const LongestCode = 200

// ErrCodeTemplate is returned for a template that cannot be used.
var ErrCodeTemplate = errors.New("not a template of digitization codes")

var codePiece = regexp.MustCompile(`^(?:\[|\]|\{(\w+)(?::(\d))?\}|[A-Za-z0-9._/-]+)`)

// ParseCodeTemplate reads a template. Without {serial} no code could be unique, which
// is an error too.
func ParseCodeTemplate(text string) (CodeTemplate, error) {
	t := CodeTemplate{text: text}
	spare, rest := false, text
	for rest != "" {
		m := codePiece.FindStringSubmatch(rest)
		if m == nil {
			return CodeTemplate{}, t.misfit(fmt.Sprintf("%.20q is neither a slot nor letters, digits, . _ / -", rest))
		}
		rest = rest[len(m[0]):]
		if m[0] == "[" || m[0] == "]" {
			if spare == (m[0] == "[") {
				return CodeTemplate{}, t.misfit("brackets come in pairs and not within each other")
			}
			spare = !spare
			continue
		}
		p, why := pieceOf(m, spare)
		if why == "" && p.slot == "serial" && t.Uses("serial") {
			why = "{serial} stands in it once"
		}
		if why != "" {
			return CodeTemplate{}, t.misfit(why)
		}
		t.parts = append(t.parts, p)
	}
	if spare || !t.Uses("serial") {
		return CodeTemplate{}, t.misfit("{serial} must stand in it, and brackets be closed")
	}
	return t, nil
}

func (t CodeTemplate) misfit(why string) error {
	return fmt.Errorf("reading %.200q: %s: %w", t.text, why, ErrCodeTemplate)
}

// pieceOf makes a part of a match of codePiece, or says why it cannot be one.
func pieceOf(m []string, spare bool) (p codePart, why string) {
	switch {
	case m[1] == "":
		return codePart{literal: m[0], spare: spare}, ""
	case !slices.Contains([]string{"owner", "type", "dossier", "unit", "year", "serial"}, m[1]):
		return p, "there is no {" + m[1] + "}"
	case m[1] != "serial" && (spare || m[2] != ""):
		return p, "only {serial} may stand in brackets and have a number of digits"
	}
	digits, _ := strconv.Atoi(m[2]) // "" or one digit
	return codePart{slot: m[1], digits: digits, spare: spare}, ""
}

// String gives the template as it was written.
func (t CodeTemplate) String() string { return t.text }

// Uses reports whether a slot stands in the template.
func (t CodeTemplate) Uses(slot string) bool {
	for _, p := range t.parts {
		if p.slot == slot {
			return true
		}
	}
	return false
}

// Code writes the code with a serial. A blank owner leaves its separators, so that the
// parts can be told apart.
func (t CodeTemplate) Code(f CodeFacts, serial int) DigitizationCode {
	return DigitizationCode{Value: t.write(f, strconv.Itoa(serial), serial > 1), Stem: t.Stem(f), Serial: serial}
}

// Stem gives what all codes of the same facts share.
func (t CodeTemplate) Stem(f CodeFacts) string { return t.write(f, "#", true) }

func (t CodeTemplate) write(f CodeFacts, serial string, spare bool) string {
	var b strings.Builder
	for _, p := range t.parts {
		switch {
		case p.spare && !spare:
		case p.slot == "":
			b.WriteString(p.literal)
		case p.slot == "serial":
			if serial != "#" && len(serial) < p.digits {
				b.WriteString(strings.Repeat("0", p.digits-len(serial)))
			}
			b.WriteString(serial)
		default:
			b.WriteString(f.slot(p.slot))
		}
	}
	return b.String()
}

func (f CodeFacts) slot(name string) string {
	switch name {
	case "owner":
		return f.Owner
	case "type":
		return f.Type
	case "dossier":
		return f.Dossier
	case "unit":
		return f.Unit
	case "year":
		return strconv.Itoa(f.Year)
	}
	return ""
}
