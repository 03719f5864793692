package pipeline

import (
	"errors"
	"fmt"
	"strings"

	"hoso/pipeline/grammar"
)

// Procedure (thủ tục hành chính) is one entry of the list of procedures: what is asked
// for, by whom, with which papers, and what comes out, from one day to another.
type Procedure struct {
	Code      string `json:"code"` // mã TTHC, such as 1.005129
	Name      string `json:"name"`
	Field     string `json:"field,omitempty"` // mã lĩnh vực, such as G03-GD10
	FieldName string `json:"field_name,omitempty"`
	Level     Level  `json:"level,omitempty"`
	Owner     string `json:"owner,omitempty"` // the unit in charge, "" for every one of the level
	Validity
	Successor  string          `json:"successor,omitempty"` // the procedure in its place
	Result     string          `json:"result,omitempty"`    // mã kết quả, such as KQ.G07.000122
	ResultName string          `json:"result_name,omitempty"`
	Components []ComponentSpec `json:"components,omitempty"`
}

// ComponentSpec (thành phần hồ sơ) is one paper that a procedure asks for.
type ComponentSpec struct {
	Code     string `json:"code,omitempty"` // mã thành phần, such as 000.00.00.G09-KQ002269
	Name     string `json:"name"`
	Class    string `json:"class,omitempty"` // what is printed as its title, such as GIẤY KHAI SINH
	Required bool   `json:"required"`
	When     string `json:"when,omitempty"` // the case in which one that is not required is needed
}

// Level is where a procedure is carried out.
type Level string

// The levels. Districts are no more since 01/07/2025; their procedures stay listed.
const (
	Ministry Level = "ministry"
	Province Level = "province"
	District Level = "district"
	Commune  Level = "commune"
)

// ErrProcedure is returned for text that is not the code of a procedure.
var ErrProcedure = errors.New("not a procedure code")

// ParseProcedure reads the code of a procedure, with or without the province and the
// service behind it: 1.005129, 2.000815.000.00.00.H42.
func ParseProcedure(s string) (string, error) {
	rules := grammar.Default()
	m, err := rules.Parse(grammar.Procedure, s)
	if err != nil {
		return "", fmt.Errorf("%w: %w", err, ErrProcedure)
	}
	return m.Value, nil
}

// NationalProcedure gives the code of a procedure in the national list, without the
// province and the service that may follow it.
func NationalProcedure(code string) string {
	parts := strings.SplitN(code, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// StandingProcedure finds the entry among those of one code that was valid on a day; no
// day asks for the latest.
func StandingProcedure(day Day, entries []Procedure) (found Procedure, valid bool) {
	for _, p := range entries {
		if p.On(day) && (!valid || p.From > found.From) {
			found, valid = p, true
		}
	}
	return found, valid
}

// TypeCode is the code of a type of paper as the list of procedures states it, with
// what such papers are titled.
type TypeCode struct {
	Title  string
	Code   string // "" where the procedure states none for a component
	Result bool   // a result, by its code in the national list; else a component
}

// TypeCodes gives the codes of all procedures that stand on a day.
func TypeCodes(day Day, procedures []Procedure) []TypeCode {
	var all []TypeCode
	for _, p := range procedures {
		if !p.On(day) {
			continue
		}
		if p.Result != "" && p.ResultName != "" {
			all = append(all, TypeCode{Title: p.ResultName, Code: p.Result, Result: true})
		}
		for _, s := range p.Components {
			if s.Class != "" {
				all = append(all, TypeCode{Title: s.Class, Code: s.Code})
			}
		}
	}
	return all
}
