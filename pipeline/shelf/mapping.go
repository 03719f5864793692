package shelf

import (
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// Mapping says what the folders and names of a shelf mean. It is read by Parse; shelf.yaml
// beside this file says what each part is and has those that come with hoso.
type Mapping struct {
	Separators Separators
	After      After
	Settle     time.Duration // how long a file must be unchanged before it is taken
	Unfinished time.Duration // how long one that lacks its end is waited for

	from        []From
	missing     Missing
	twice       Twice
	files       map[string]bool // endings
	kinds       phrases[pipeline.Kind]
	otherwise   pipeline.Kind // "" holds
	pages       pages
	sides       phrases[side]
	order       Order // of the backs of a folder
	lists       map[string]bool
	match       []Match
	several     Several
	unlisted    Unlisted
	unread      Unread
	columns     map[string]column // by heading, see plainHeading
	by          By
	system      globs
	temporary   globs
	report      globs
	kindPhrases map[pipeline.Kind][]said
	sidePhrases map[side][]said
}

// pages says which loose images are pages of one paper.
type pages struct {
	endings map[string]bool
	join    Join
	plain   map[string]bool // words that say nothing of a paper
	loose   Loose
	most    int
}

// Separators is what becomes of the sheets between papers, for the step that sees pages.
type Separators struct {
	Page  SeparatorPage
	Texts []string // a code that begins so is a separator's
}

// After is what becomes of a file once its paper has a receipt.
type After struct {
	Do     AfterDo
	Folder string // where Move puts it, below the root of the shelf
}

// From is where a dossier's number may stand.
type From string

// Missing is what becomes of a paper for which no name says a number.
type Missing string

// Twice is what becomes of two folders with one number.
type Twice string

// Join is which loose images of a folder are pages of one paper.
type Join string

// Loose is what becomes of images outside of any dossier whose names say nothing.
type Loose string

// Order is the order of the backs in a folder of theirs.
type Order string

// SeparatorPage is what becomes of the sheet itself.
type SeparatorPage string

// Match is a way of telling which row of an inventory is for which paper.
type Match string

// Several is what becomes of a dossier with rows of which nobody knows whose they are.
type Several string

// Unlisted is what becomes of a paper that an inventory should name and does not.
type Unlisted string

// Unread is what becomes of the papers beside an inventory that cannot be read, and that no
// other one names.
type Unread string

// By is what orders the papers of a folder.
type By string

// AfterDo is what is done with a source after the receipt.
type AfterDo string

// What a mapping may say.
const (
	FromFolder From = "folder"
	FromFile   From = "file"
	FromList   From = "list"

	ReadMissing Missing = "read"
	HoldMissing Missing = "hold"

	HoldTwice  Twice = "hold"
	MergeTwice Twice = "merge"

	JoinSeries Join = "series"
	JoinFolder Join = "folder"
	JoinNone   Join = "each"

	HoldLoose Loose = "hold"
	JoinLoose Loose = "join"
	EachLoose Loose = "each"

	Same    Order = "same"
	Reverse Order = "reverse"

	DropSeparator    SeparatorPage = "drop"
	KeepSeparator    SeparatorPage = "keep"
	IgnoreSeparators SeparatorPage = "ignore"

	ByFile   Match = "file"
	ByTitle  Match = "title"
	ByNumber Match = "number"
	ByOrder  Match = "order"

	HoldSeveral   Several = "hold"
	CommonSeveral Several = "common"

	TakeUnlisted Unlisted = "take"
	HoldUnlisted Unlisted = "hold"

	HoldUnread Unread = "hold"
	TakeUnread Unread = "take"

	ByName By = "name"
	ByTime By = "time"

	Leave  AfterDo = "leave"
	Move   AfterDo = "move"
	Delete AfterDo = "delete"
)

// side is which side of its sheet an image shows.
type side byte

const (
	unsaid side = iota
	front
	back
)

// column is what a column of an inventory is: a field, or one of those below.
type column string

const (
	colNumber column = "number"
	colFile   column = "file"
	colFolder column = "folder"
	colKind   column = "kind"
	colOrder  column = "order"
)

// InventoryFile reports whether a file, by its name, is an inventory, which the caller
// is to read and hand to Plan with the tree.
func (m *Mapping) InventoryFile(file string) bool {
	base := path.Base(file)
	_, ending := stem(base)
	return m.lists[ending] && m.ignored(base, file) == ""
}

// ignored gives why a file or folder is no paper by its name, "" if it may be one.
func (m *Mapping) ignored(base, whole string) Why {
	plain := strings.ToLower(norm.NFC.String(base))
	switch {
	case m.temporary.match(plain):
		return Temporary
	case m.system.match(plain):
		return System
	case m.report.match(plain):
		return Report
	case m.After.Do == Move && whole == base && plain == strings.ToLower(m.After.Folder):
		return Done
	}
	return ""
}

// globs are patterns of names, in which * stands for any text.
type globs struct {
	exact map[string]bool
	parts [][]string // of each pattern, between its stars
}

func (g *globs) add(pattern string) {
	parts := strings.Split(strings.ToLower(norm.NFC.String(pattern)), "*")
	if len(parts) > 1 {
		g.parts = append(g.parts, parts)
		return
	}
	if g.exact == nil {
		g.exact = map[string]bool{}
	}
	g.exact[parts[0]] = true
}

func (g *globs) match(s string) bool {
	return g.exact[s] || slices.ContainsFunc(g.parts, func(parts []string) bool { return like(parts, s) })
}

// like matches in time that grows with the two lengths alone.
func like(parts []string, s string) bool {
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(s, part)
		if at < 0 {
			return false
		}
		s = s[at+len(part):]
	}
	return strings.HasSuffix(s, last)
}
