package pipeline

import (
	"errors"
	"fmt"
	"time"
)

// List (danh mục) is one of the official lists that numbers and papers are held against.
type List string

// The lists.
const (
	Agencies   List = "agencies"
	Procedures List = "procedures"
)

// ErrList is returned for the name of a list that there is not.
var ErrList = errors.New("no such list: want agencies or procedures")

// ParseList reads the name of a list.
func ParseList(s string) (List, error) {
	if l := List(s); l == Agencies || l == Procedures {
		return l, nil
	}
	return "", fmt.Errorf("reading %.40q: %w", s, ErrList)
}

// Listed is an entry of a list with where it stands in the file it came from.
type Listed[T Agency | Procedure] struct {
	Entry T
	Spot  Spot
}

// Spot is where something stands in a file. Sheet is "" where a file has none; Line
// begins at 1.
type Spot struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"` // as it is headed
}

// Misfit is one thing that keeps a file from being imported.
type Misfit struct {
	Spot
	English    string `json:"english"`
	Vietnamese string `json:"vietnamese"`
}

// String is the misfit in Vietnamese with its place.
func (m Misfit) String() string {
	s := m.File
	if m.Sheet != "" {
		s += ", trang tính “" + m.Sheet + "”"
	}
	if m.Line > 0 {
		s += fmt.Sprintf(", dòng %d", m.Line)
	}
	if m.Column != "" {
		s += ", cột “" + m.Column + "”"
	}
	return s + ": " + m.Vietnamese
}

// Misfits are all that keep a file from being imported. Nothing of the file was.
type Misfits []Misfit

// Error counts them and gives the first.
func (m Misfits) Error() string {
	if len(m) == 0 {
		return "nothing amiss"
	}
	return fmt.Sprintf("%d rows do not fit; the first: line %d: %s", len(m), m[0].Line, m[0].English)
}

// Importing is what somebody wants to import, and how.
type Importing struct {
	Actor    string
	File     string
	Digest   Digest
	Complete bool // the file is the whole list: what is not in it is closed
	Dry      bool // count, and change nothing
}

// Import is one row of the log of imports: who changed a list, when, with which file,
// and how many entries that touched.
type Import struct {
	ID        int64     `json:"id"`
	Time      time.Time `json:"time"`
	Actor     string    `json:"actor"`
	List      List      `json:"list"`
	File      string    `json:"file"`
	Digest    Digest    `json:"sha256,omitzero"`
	Complete  bool      `json:"complete,omitempty"`
	Dry       bool      `json:"dry_run,omitempty"` // counted only, and not in the log
	Rows      int       `json:"rows"`              // entries in the file
	New       int       `json:"new"`
	Changed   int       `json:"changed"`
	Unchanged int       `json:"unchanged"`
	Retired   int       `json:"retired"`           // closed because the whole list does not have them
	Skipped   []string  `json:"skipped,omitempty"` // sheets without a heading row
}
