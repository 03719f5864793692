package pipeline

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"hoso/pipeline/grammar"
)

// DossierNumber (mã số hồ sơ) is the official number of a dossier, as printed. It
// is issued by the procedure system of the agency; hoso never mints one and never
// rewrites one. Two ways of writing the same number have the same Key.
//
// How it is written is told by package grammar: by Circular 01/2018, Article 19
// (000.00.15.H42-221011-0001), or with the unit codes that followed Decision 20/2020
// (H42.15-221011-0001, G09.20-20260609-0092637).
type DossierNumber struct {
	printed string
	key     string
}

// ErrDossierNumber is returned for text that is not a dossier number.
var ErrDossierNumber = errors.New("not a dossier number")

// ParseDossierNumber reads one whole number. Case, spaces and the many dashes of
// office software are forgiven; the date must be a day of the calendar from 2018
// on, and the counter not zero. That the day is not in the future is for the
// caller, who has a clock, to ask of Day.
func ParseDossierNumber(s string) (DossierNumber, error) {
	rules := grammar.Default()
	m, err := rules.Parse(grammar.Dossier, s)
	if err != nil {
		return DossierNumber{}, fmt.Errorf("%w: %w", err, ErrDossierNumber)
	}
	return DossierNumber{printed: m.Printed, key: m.Value}, nil
}

// CanonicalUnit gives the left-to-right form of a unit code: 000.00.15.H42 becomes
// H42.15. Codes already in that form are returned as they are.
func CanonicalUnit(code string) string { return grammar.CanonicalUnit(code) }

// String gives the number as printed, "" for none.
func (n DossierNumber) String() string { return n.printed }

// IsZero reports whether there is no number.
func (n DossierNumber) IsZero() bool { return n.printed == "" }

// Key is the same for all ways of writing one number: unit left to right, date in
// eight digits, counter in seven, such as H42.15-20221011-0000001.
func (n DossierNumber) Key() string { return n.key }

// Unit is the canonical unit code, such as H42.15.
func (n DossierNumber) Unit() string {
	unit, _, _ := strings.Cut(n.key, "-")
	return unit
}

// Day is the day of receipt that the number states, at midnight UTC.
func (n DossierNumber) Day() time.Time {
	parts := strings.Split(n.key, "-")
	if len(parts) != 3 {
		return time.Time{}
	}
	day, err := time.Parse("20060102", parts[1])
	if err != nil {
		return time.Time{}
	}
	return day
}

// MarshalText gives the printed form.
func (n DossierNumber) MarshalText() ([]byte, error) { return []byte(n.printed), nil }

// UnmarshalText takes the printed form; empty text is no number.
func (n *DossierNumber) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = DossierNumber{}
		return nil
	}
	parsed, err := ParseDossierNumber(string(text))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

// NumberPrefixes gives the beginnings of Key that the beginning s of a number, in any
// form, can stand for: "000.00.15.H42-22" gives H42.15-2022, and a six-digit and an
// eight-digit reading where both are possible. It gives nothing for text that cannot
// begin a number.
func NumberPrefixes(s string) []string { return grammar.Prefixes(s) }
