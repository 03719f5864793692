package workers

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/separator"
	"hoso/workers/document"
)

// part parts a stack at the separator sheets that were read in it, in a move of its own:
// the first paper keeps the stack's name, the others begin with the same move, and all are
// read on their own, from the pages that are known by then. It is false where there are no
// sheets. A stack is parted once: whatever people make of its pages stays.
func (s *Steps) part(ctx context.Context, folder document.Folder, p pipeline.Paper) (pipeline.Move, bool, error) {
	none := pipeline.Move{}
	if !untouched(p) {
		return none, false, nil
	}
	pages, err := stackOf(folder, p.Pages)
	if err != nil || pages == nil {
		return none, false, err
	}
	m := parted(p, separator.Split(pages))
	if len(m.Paper.Leaves) == 0 { // nothing but sheets
		return none, false, nil
	}
	for i := range m.Born {
		m.Born[i].Paper.Updated = s.Now()
		m.Born[i].Event.Time = s.Now()
	}
	if err := noteOthers(ctx, s.Papers, s.Objects, m); err != nil {
		return none, false, err
	}
	if err := ctx.Err(); err != nil { // the paper may be somebody else's by now
		return none, false, context.Cause(ctx)
	}
	return m, true, keepNote(ctx, s.Objects, m.Paper)
}

// untouched reports whether nobody has chosen the pages of p yet, and they are in order.
func untouched(p pipeline.Paper) bool {
	if p.Signed || p.Parted != "" || len(p.Parts) > 0 || len(p.Merged) > 0 || len(p.Former) > 0 {
		return false
	}
	return (len(p.Leaves) == 0) == (p.Collate == "") // what was collated has leaves
}

// stackOf tells what the pages of a stack are; nil if none is a separator sheet.
func stackOf(folder document.Folder, total int) ([]separator.Page, error) {
	var pages []separator.Page
	sheets := 0
	for p, err := range folder.All(total) {
		if err != nil {
			return nil, err
		}
		one := separator.Page{Blank: p.Outcome == pipeline.PageBlank}
		if one.Says, one.Sheet = separator.Of(codesOf(p)); one.Sheet {
			sheets++
		}
		pages = append(pages, one)
	}
	if sheets == 0 {
		return nil, nil
	}
	return pages, nil
}

// codesOf gives the codes of a page. A sheet that was never printed is typeset; nobody looks
// for pictures of codes on it, and what they say stands below them in letters. So it does on
// a sheet whose codes dirt on the scanner's glass has spoiled.
func codesOf(p pipeline.Page) []pipeline.Code {
	if p.Origin != pipeline.Digital {
		return withWritten(p)
	}
	codes := slices.Clone(p.Codes)
	for _, line := range p.Lines {
		for _, w := range line.Words {
			if _, err := pipeline.ParseSeparator(w.Text); err == nil {
				codes = append(codes, pipeline.Code{Kind: pipeline.QR, Text: w.Text, Box: w.Box})
			}
		}
	}
	return codes
}

// withWritten gives the codes of a scanned page, and what a sheet among them that could not
// be read says in letters.
func withWritten(p pipeline.Page) []pipeline.Code {
	if _, read := separator.Of(p.Codes); read {
		return p.Codes
	}
	says, box, ok := separator.Written(p)
	if !ok {
		return p.Codes
	}
	return append(slices.Clone(p.Codes), pipeline.Code{Kind: pipeline.QR, Text: says.String(), Box: box})
}

// isSheet reports whether a page is a separator sheet of ours, which has no room for
// anything else.
func isSheet(p pipeline.Page) bool {
	return slices.ContainsFunc(codesOf(p), func(c pipeline.Code) bool {
		_, err := pipeline.ParseSeparator(c.Text)
		return err == nil
	})
}

// withoutSheets gives the pages that tell what a paper is: not the sheet that is kept
// before it, unless there is nothing else.
func withoutSheets(pages []pipeline.Page) []pipeline.Page {
	rest := slices.DeleteFunc(slices.Clone(pages), isSheet)
	if len(rest) == 0 {
		return pages
	}
	return rest
}

// unreadSheet reports whether a page plainly is a separator sheet that says nothing to us.
func unreadSheet(p pipeline.Page) bool {
	_, read := separator.Of(codesOf(p))
	return !read && separator.Seems(p)
}

// sheetDoubted asks what becomes of pages of p that are separator sheets which could not be
// read: nobody knows where the papers of the stack begin. The zero Reason if there are none,
// or p is read again only because a person has answered all that was asked of it. Who
// confirmed the number alone has said nothing of them.
func sheetDoubted(p pipeline.Paper, unread []int) pipeline.Reason {
	if len(unread) == 0 || settled(p) {
		return pipeline.Reason{}
	}
	return sheetUnreadable(unread)
}

// parting is what the history says of a stack that was parted.
type parting struct {
	Pages   string     `json:"pages"` // of the original, that the paper keeps
	Parts   []partTold `json:"parts,omitempty"`
	Dropped string     `json:"dropped,omitempty"` // pages that are in no paper: sheets and their backs
	Alone   []string   `json:"alone,omitempty"`   // dossiers of sheets without a paper behind them
}

type partTold struct {
	Paper pipeline.PaperID `json:"paper"`
	Pages string           `json:"pages"`
}

// parted gives the move that makes papers of the spans of p.
func parted(p pipeline.Paper, spans []separator.Span) pipeline.Move {
	var told parting
	var dropped []pipeline.Leaf
	first := true
	m := pipeline.Move{Paper: p}
	for _, span := range spans {
		dropped = append(dropped, leavesAt(p, span.Left)...)
		leaves := leavesAt(p, span.Pages)
		switch {
		case span.Empty():
			if n := span.Says.Dossier; !n.IsZero() {
				told.Alone = append(told.Alone, n.String())
			}
		case first:
			m.Paper, first = sheeted(inLeaves(p, leaves), span.Says), false
			told.Pages = spell(leaves)
		default:
			one := sheeted(partOf(p, leaves), span.Says)
			m.Paper.Parts = append(m.Paper.Parts, one.ID)
			m.Born = append(m.Born, birthOf(p, one, byItself))
			told.Parts = append(told.Parts, partTold{one.ID, spell(leaves)})
		}
	}
	told.Dropped = spell(dropped)
	m.Event = pipeline.Event{What: "parted", Detail: detail(told)}
	return m
}

// leavesAt gives the leaves of p at places that count from 0.
func leavesAt(p pipeline.Paper, places []int) []pipeline.Leaf {
	leaves := make([]pipeline.Leaf, 0, len(places))
	for _, at := range places {
		leaves = append(leaves, p.Leaf(at+1))
	}
	return leaves
}

// sheeted gives p what the sheet before it says, unless a person has said otherwise.
func sheeted(p pipeline.Paper, says pipeline.Separator) pipeline.Paper {
	if says.Kind != "" {
		p.Kind = says.Kind
	}
	if !says.Dossier.IsZero() && !numberSettled(p) {
		p.Dossier, p.Unit, p.OnSheet = says.Dossier, says.Dossier.Unit(), true
	}
	return p
}

// inLeaves gives p as it is to be read anew with other pages of its original. What people
// said of it stays.
func inLeaves(p pipeline.Paper, leaves []pipeline.Leaf) pipeline.Paper {
	next := p
	if p.State == pipeline.Filed {
		next = p.Reopened()
	}
	next.Of = p.Sheets()
	next.Corrections = pipeline.Remapped(p.Corrections, p.Leaves, leaves)
	next.Fields = said(p.Fields)
	next.Leaves, next.Pages, next.Collate, next.Pieces = leaves, len(leaves), "", nil
	next.Parts = slices.Clip(p.Parts)
	return begun(next)
}

// begun gives p as it stands before it is read.
func begun(p pipeline.Paper) pipeline.Paper {
	p.State, p.Words, p.Composed, p.Revise = pipeline.Received, pipeline.Digest{}, pipeline.Digest{}, false
	p.Reason, p.Asked, p.Tries = pipeline.Reason{}, nil, 0
	p.RetryAt = time.Time{}
	return p
}

// said gives the fields that people said; where they stand is found anew.
func said(fields []pipeline.Field) []pipeline.Field {
	var out []pipeline.Field
	for _, f := range fields {
		if f.Source == pipeline.ByPerson {
			f.Page, f.Box = 0, pipeline.Box{}
			out = append(out, f)
		}
	}
	return out
}

// partOf gives the new paper that takes leaves away from p. It has the dossier number of p
// if that was given for all of its pages.
func partOf(p pipeline.Paper, leaves []pipeline.Leaf) pipeline.Paper {
	born := pipeline.Paper{
		ID: p.ID.Part(len(p.Parts), leaves[0].Page), Kind: p.Kind, Unit: p.Unit, FileName: p.FileName, Media: p.Media,
		Original: p.Original, Size: p.Size, Lane: p.Lane, Sender: p.Sender, Batch: p.Batch, Received: p.Received,
		State: pipeline.Received, Gen: 1, Leaves: leaves, Parted: p.ID, Of: p.Sheets(),
		Corrections: pipeline.Remapped(p.Corrections, p.Leaves, leaves),
	}
	if numberGivenTo(p) {
		born.Dossier, born.OnSheet, born.Handed = p.Dossier, p.OnSheet, p.Handed
		if f, ok := pipeline.FieldOf(p.Fields, pipeline.FieldDossier); ok {
			born.Fields = said([]pipeline.Field{f})
		}
	}
	return born
}

// numberGivenTo reports whether p's number was said by its sender, a sheet or a person, and
// not found on its pages.
func numberGivenTo(p pipeline.Paper) bool {
	if p.Dossier.IsZero() {
		return false
	}
	if p.OnSheet || numberSettled(p) || p.Handed.Key() == p.Dossier.Key() {
		return true
	}
	f, found := pipeline.FieldOf(p.Fields, pipeline.FieldDossier)
	return !found || f.Value != p.Dossier.String()
}

// birthOf is the beginning of a part of p.
func birthOf(p, part pipeline.Paper, actor string) pipeline.Birth {
	return pipeline.Birth{Paper: part, Event: pipeline.Event{
		Paper: part.ID, Actor: actor, What: "parted", To: pipeline.Received,
		Detail: detail(map[string]any{"from": p.ID, "pages": spell(part.Leaves)}),
	}}
}

// noteOthers writes what a rebuild needs of the papers that a move begins or ends beside its
// own, before the note or manifest of the moved paper, which decides whether it counts.
func noteOthers(ctx context.Context, papers Papers, objects Notes, m pipeline.Move) error {
	for _, b := range m.Born {
		_, err := papers.Paper(ctx, b.Paper.ID)
		if err == nil { // of an earlier try, and people may have said something of it
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := keepNote(ctx, objects, b.Paper); err != nil {
			return err
		}
	}
	for _, w := range m.With {
		if err := keepNote(ctx, objects, w.Paper); err != nil {
			return err
		}
	}
	return nil
}
