package pipeline

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Leaf is a page of a paper as a person or a separator sheet chose it: which page of the
// original it is, and how it is to be turned. Originals are never altered; a paper that
// is split, put in order or turned is other leaves of the same original.
type Leaf struct {
	Page int `json:"page"` // of the original, from 1
	// Turn is by how many degrees clockwise the stored image is to be turned to be upright:
	// 90, 180, 270, or 360 for not at all; 0 leaves it to recognition.
	Turn int `json:"turn,omitempty"`
}

// Collation is how the fronts and the backs of sheets, which came as two files of one
// paper, are put together.
type Collation string

// The collations. The zero one is of papers that are in order as they are.
const (
	CollateSame    Collation = "same"    // the backs in the order of the fronts
	CollateReverse Collation = "reverse" // the last back first, as a turned stack gives them
)

// ReasonMerged is the code of why a paper is rejected whose pages a person put into
// another one.
const ReasonMerged = "merged"

// Forced gives the quarter turns clockwise, 0 to 3, that the leaf states; ok is false where
// it leaves them to recognition.
func (l Leaf) Forced() (quarters int, ok bool) { return l.Turn / 90 % 4, l.Turn != 0 }

// ErrLeaves is returned for leaves that cannot be those of a paper.
var ErrLeaves = errors.New("not the pages of a paper")

// CheckLeaves errs unless leaves can be a paper of an original with so many pages: there is
// at least one, every page exists, none comes twice, and turns are quarter turns.
func CheckLeaves(leaves []Leaf, pages int) error {
	if len(leaves) == 0 || len(leaves) > pages {
		return fmt.Errorf("%d pages of %d: %w", len(leaves), pages, ErrLeaves)
	}
	seen := make(map[int]bool, len(leaves))
	for _, l := range leaves {
		switch {
		case l.Page < 1 || l.Page > pages:
			return fmt.Errorf("page %d of %d: %w", l.Page, pages, ErrLeaves)
		case seen[l.Page]:
			return fmt.Errorf("page %d comes twice: %w", l.Page, ErrLeaves)
		case l.Turn < 0 || l.Turn > 360 || l.Turn%90 != 0:
			return fmt.Errorf("page %d turned by %d degrees: %w", l.Page, l.Turn, ErrLeaves)
		}
		seen[l.Page] = true
	}
	return nil
}

// EachLeaf gives as many leaves as an original has pages, in their order.
func EachLeaf(pages int) []Leaf {
	leaves := make([]Leaf, pages)
	for i := range leaves {
		leaves[i].Page = i + 1
	}
	return leaves
}

// LeafOf gives page number of a paper with these leaves; none are all of the original.
func LeafOf(leaves []Leaf, number int) Leaf {
	if len(leaves) == 0 {
		return Leaf{Page: number}
	}
	if number < 1 || number > len(leaves) {
		return Leaf{}
	}
	return leaves[number-1]
}

// Leaf gives page number of the paper, from 1, as one of its original.
func (p Paper) Leaf(number int) Leaf { return LeafOf(p.Leaves, number) }

// AllLeaves gives the paper's leaves also where they are all of its original. It is empty
// for a paper that was never read.
func (p Paper) AllLeaves() []Leaf {
	if len(p.Leaves) == 0 {
		return EachLeaf(p.Sheets())
	}
	return slices.Clone(p.Leaves)
}

// bound gives the paper with the leaves that one of its records has; none for all of so many
// pages. What people said of words goes with their pages.
func (p Paper) bound(pages int, leaves []Leaf) Paper {
	if !slices.Equal(p.Leaves, leaves) {
		to := leaves
		if len(to) == 0 {
			to = EachLeaf(pages)
		}
		p.Corrections = Remapped(p.Corrections, p.Leaves, to)
	}
	p.Pages, p.Leaves = pages, leaves
	return p
}

// Sheets is how many pages the paper's original has; 0 while nobody knows.
func (p Paper) Sheets() int {
	if p.Of == 0 && len(p.Leaves) == 0 {
		return p.Pages
	}
	return p.Of
}

// ParseCollation reads a collation; the empty string is none.
func ParseCollation(s string) (Collation, error) {
	switch c := Collation(s); c {
	case "", CollateSame, CollateReverse:
		return c, nil
	}
	return "", fmt.Errorf("reading collation %.40q: want same or reverse", s)
}

// ErrCollation is returned for files that are not the fronts and the backs of sheets.
var ErrCollation = errors.New("not as many backs as fronts")

// Collated puts together fronts and backs; files are the pages of each file.
func (c Collation) Collated(files []int) ([]Leaf, error) {
	if len(files) != 2 || files[0] != files[1] {
		return nil, fmt.Errorf("collating files of %d pages: %w", files, ErrCollation)
	}
	sheets := files[0]
	leaves := make([]Leaf, 0, 2*sheets)
	for i := 1; i <= sheets; i++ {
		back := sheets + i
		if c == CollateReverse {
			back = 2*sheets + 1 - i
		}
		leaves = append(leaves, Leaf{Page: i}, Leaf{Page: back})
	}
	return leaves, nil
}

// Part names the paper that takes leaves away from the paper id, which has given away so
// many papers before; page is the first one of them. The same parting gives the same names.
func (id PaperID) Part(before, page int) PaperID {
	return id.derived(fmt.Sprintf("part %s %d %d", id, before, page))
}

// MergedID names the paper that these become. The same papers in the same order give the
// same name.
func MergedID(ids []PaperID) PaperID {
	return ids[0].derived(fmt.Sprintf("merged %v", ids))
}

// derived gives an ID of the moment of id. Only who knows id can tell the rest.
func (id PaperID) derived(from string) PaperID {
	const moment = 10 // letters
	sum := sha256.Sum256([]byte(from))
	b := []byte(id[:min(moment, len(id))])
	for _, octet := range sum[:16] {
		b = append(b, crockford[octet&31])
	}
	return PaperID(b)
}

// Remapped gives corrections made on a paper with leaves from as they are to be made on one
// with leaves to. Those of pages that it does not have are left out.
func Remapped(all []Correction, from, to []Leaf) []Correction {
	at := make(map[int]int, len(to))
	for i, l := range to {
		at[l.Page] = i + 1
	}
	var out []Correction
	for _, c := range all {
		if number := at[LeafOf(from, c.Page).Page]; number > 0 {
			c.Page = number
			out = append(out, c)
		}
	}
	return out
}

// OnPage gives a reason that is about a page of an original as one about a page of a paper.
func (r Reason) OnPage(number int) Reason {
	if r.Page == 0 || r.Page == number {
		return r
	}
	was := regexp.MustCompile(fmt.Sprintf(`\b([Tt]rang|page) %d\b`, r.Page))
	as := fmt.Sprintf("${1} %d", number)
	r.English, r.Vietnamese = was.ReplaceAllString(r.English, as), was.ReplaceAllString(r.Vietnamese, as)
	r.Page = number
	return r
}
