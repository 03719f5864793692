package pipeline

import (
	"errors"
	"fmt"
	"strings"

	"hoso/pipeline/grammar"
)

// Agency (cơ quan, đơn vị) is one entry of the list of agencies: what a unit code stood
// for from one day to another. A code that changes its name or its place has several
// entries, none of which overlap; an agency that was merged away keeps its entry, closed,
// with the codes of those that took over, since its papers stay.
type Agency struct {
	Code    string   `json:"code"` // canonical, such as H42.15
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"` // other names that are printed, such as short ones
	Parent  string   `json:"parent,omitempty"`  // the code of the agency above
	Validity
	Successors []string `json:"successors,omitempty"` // codes of those that took over
}

// ErrUnit is returned for text that is not a unit code.
var ErrUnit = errors.New("not a unit code")

// ParseUnit reads a unit code in either form and gives the canonical one: both
// 000.00.15.H42 and h42.15 are H42.15.
func ParseUnit(s string) (string, error) {
	code, err := grammar.Unit(s)
	if err != nil {
		return "", fmt.Errorf("%w: %w", err, ErrUnit)
	}
	return code, nil
}

// Under reports whether unit is code or one whose code lies below it.
func Under(unit, code string) bool {
	return unit == code || strings.HasPrefix(unit, code+".")
}

// Standing is what the list of agencies says of a code on a day.
type Standing string

// The standings of a code.
const (
	Unlisted Standing = "unlisted"  // there is no list: nothing can be said, everything goes
	Valid    Standing = "valid"     // the agency was there on that day
	Unknown  Standing = "unknown"   // the list does not have the code
	NotThen  Standing = "not-valid" // the list has the code, but not on that day
)

// Unit is a unit code looked up for a day.
type Unit struct {
	Code     string   `json:"code"`
	Day      Day      `json:"day,omitempty"`
	Standing Standing `json:"standing"`
	// Agency is the entry of that day; of a code that was not valid then, the last one
	// before the day, or the first one after it.
	Agency Agency `json:"agency,omitzero"`
}

// Stand finds what the entries of one code say of a day. listed tells whether there is
// a list at all.
func Stand(code string, day Day, entries []Agency, listed bool) Unit {
	u := Unit{Code: code, Day: day, Standing: Unknown}
	switch {
	case !listed:
		u.Standing = Unlisted
	case len(entries) > 0:
		u.Standing, u.Agency = NotThen, entries[0]
		for _, a := range entries[1:] {
			if a.nearer(u.Agency, day) {
				u.Agency = a
			}
		}
		if u.Agency.On(day) {
			u.Standing = Valid
		}
	}
	return u
}

// nearer reports whether a says more of a day than b: it was valid then, or came to an
// end before it, or is to begin.
func (a Agency) nearer(b Agency, day Day) bool {
	if now := a.On(day); now != b.On(day) {
		return now
	}
	if begun := day == "" || a.From <= day; begun != (day == "" || b.From <= day) {
		return begun
	}
	if day != "" && a.From > day {
		return a.From < b.From
	}
	return a.From > b.From
}

// Accepts reports whether a dossier number of this unit and day can be taken without
// asking anybody.
func (u Unit) Accepts() bool { return u.Standing == Unlisted || u.Standing == Valid }

// Codes of the reasons why a number's unit is doubted.
const (
	ReasonUnitUnknown = "unit-unknown"
	ReasonUnitNotThen = "unit-not-valid"
)

// Doubt says why a number of this unit is not taken without asking; the zero Reason if
// it is.
func (u Unit) Doubt() Reason {
	switch u.Standing {
	case Unknown:
		return Reason{
			Code: ReasonUnitUnknown, English: "unit " + u.Code + " is not in the list of agencies",
			Vietnamese: fmt.Sprintf("Mã đơn vị %s không có trong danh mục cơ quan. Hãy kiểm tra lại mã số hồ sơ; nếu mã số đúng, hãy xác nhận vẫn dùng.", u.Code),
		}
	case NotThen:
		return Reason{
			Code: ReasonUnitNotThen, English: fmt.Sprintf("unit %s was not valid on %s", u.Code, string(u.Day)),
			Vietnamese: fmt.Sprintf("Đơn vị %s (%s) không có hiệu lực vào ngày %s%s. Hãy kiểm tra lại mã số hồ sơ; nếu mã số đúng, hãy xác nhận vẫn dùng.",
				u.Code, u.Agency.Name, u.Day, u.Agency.when()),
		}
	case Unlisted, Valid:
	}
	return Reason{}
}

// when tells, in brackets, when an agency was there and who came after it.
func (a Agency) when() string {
	var parts []string
	if a.From != "" {
		parts = append(parts, "từ "+a.From.String())
	}
	if a.To != "" {
		parts = append(parts, "đến "+a.To.String())
	}
	if len(a.Successors) > 0 {
		parts = append(parts, "đơn vị kế thừa: "+strings.Join(a.Successors, ", "))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
