package workers

import (
	"context"
	"encoding/json"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/pipeline/likeness"
	"hoso/pipeline/policy"
	"hoso/workers/document"
)

// identify takes the fields off the pages and learns whose the paper is. One that came
// without a dossier number gets the one it carries, if there is exactly one and it is
// sure; otherwise it waits for a person. A number, carried or handed in, of a unit that
// the list of agencies does not have for that day waits likewise, and so does a paper
// that is stamped secret, until a person says that it is right, and one with fields
// that the policy wants looked at first, or with separator sheets among its pages that
// could not be read, whose numbers are given. All of that is asked at once.
//
// A paper with a published record was let through before, and is not held again.
func (s *Steps) identify(ctx context.Context, folder document.Folder, p pipeline.Paper, sheets []int) (pipeline.Paper, error) {
	pages, err := folder.Telling(p.Pages)
	if err != nil {
		return pipeline.Paper{}, err
	}
	pages = withoutSheets(pages)
	if p.Fields, err = s.named(ctx, s.fields(pages, p)); err != nil {
		return pipeline.Paper{}, err
	}
	p.State = pipeline.Recognized
	if len(p.Former) > 0 {
		return p, nil
	}
	asked := those(sheetDoubted(p, sheets)) // first: the others are asked of its parts anew
	if !settled(p) {
		if level := extract.Secrecy(pages); level != "" {
			asked = append(asked, secret(level))
		}
		var why pipeline.Reason
		if p, why, err = s.number(ctx, p, pages); err != nil {
			return pipeline.Paper{}, err
		}
		asked = append(asked, those(why)...)
	}
	why, err := s.arrivalDoubted(ctx, p)
	if err != nil {
		return pipeline.Paper{}, err
	}
	asked = append(asked, those(fieldsDoubted(s.Policy, p), collationDoubted(p), why)...)
	return asking(p, asked), nil
}

// number gives p the dossier number it carries, or says why a person must.
func (s *Steps) number(ctx context.Context, p pipeline.Paper, pages []pipeline.Page) (pipeline.Paper, pipeline.Reason, error) {
	if !p.Dossier.IsZero() && !numberListed(p) {
		return s.bind(ctx, p, p.Dossier)
	}
	found, candidates := extract.Bound(extract.FindDossierNumbers(pages, s.Now()), func(n pipeline.DossierNumber) float32 {
		q := p
		q.Unit = n.Unit()
		return demands(s.Policy, q)[pipeline.FieldDossier].Sure
	})
	switch {
	case !p.Dossier.IsZero() && !found.IsZero() && found.Key() != p.Dossier.Key():
		return p, numberContradicts(found), nil
	case !p.Dossier.IsZero():
		return s.bind(ctx, p, p.Dossier)
	case !found.IsZero():
		return s.bind(ctx, p, found)
	}
	why := numberMissing()
	if candidates > 0 {
		why = numberUnsure(candidates)
	}
	return p, tellUnreadable(why, pages), nil
}

// fields gives what stands on the pages, but keeps what a person or a list said before: it
// still is true when a paper is read again.
func (s *Steps) fields(pages []pipeline.Page, p pipeline.Paper) []pipeline.Field {
	first := ofFirst(pages, p.Pieces)
	all := extract.FindDossierNumbers(pages, s.Now())
	for _, f := range pipeline.WithField(extract.Fields(first, s.Now()), extract.Counted(p.Pages)) {
		if f.Name != pipeline.FieldDossier {
			all = append(all, f)
		}
	}
	if class, ok := s.Classes.Field(first); ok {
		all = append(all, class)
	}
	all = withListed(all, p.Fields, demands(s.Policy, p))
	for _, f := range p.Fields {
		if f.Source == pipeline.ByPerson {
			all = pipeline.WithField(all, f)
		}
	}
	return all
}

// ofFirst gives the pages of the first paper of a stack: what the others say of
// themselves is not true of it. Their dossier numbers are asked for apart from that.
func ofFirst(pages []pipeline.Page, pieces []pipeline.Piece) []pipeline.Page {
	if len(pieces) == 0 {
		return pages
	}
	return slices.DeleteFunc(slices.Clone(pages), func(p pipeline.Page) bool { return p.Number > pieces[0].To })
}

// surveyed is what all pages of a paper say together.
type surveyed struct {
	pieces []pipeline.Piece // the papers that it seems to be made of
	sketch pipeline.Sketch  // by which it is known when it comes again
	scan   pipeline.ScanTally
	sheets []int // pages that are separator sheets which could not be read
}

// survey looks at all pages one by one, and marks those in the folder that stand in the
// paper before. A person decides what becomes of them.
func (s *Steps) survey(folder document.Folder, pages int) (surveyed, error) {
	stack := extract.NewStack(s.Classes, s.Now())
	var sketcher likeness.Sketcher
	var repeats likeness.Repeats
	var seen surveyed
	for p, err := range folder.All(pages) {
		if err != nil {
			return surveyed{}, err
		}
		if pages == 1 || !isSheet(p) {
			stack.Add(p)
		}
		if unreadSheet(p) {
			seen.sheets = append(seen.sheets, p.Number)
		}
		sketcher.Add(p)
		if p, err = markRepeat(folder, p, &repeats); err != nil {
			return surveyed{}, err
		}
		seen.scan.Add(p)
	}
	seen.pieces, seen.sketch = stack.Pieces(), sketcher.Sketch()
	return seen, nil
}

// markRepeat marks a page that repeats an earlier one, and takes the mark off one that no
// longer does. Separator sheets are all alike.
func markRepeat(folder document.Folder, p pipeline.Page, repeats *likeness.Repeats) (pipeline.Page, error) {
	of := 0
	if !isSheet(p) && !unreadSheet(p) {
		var err error
		if of, err = repeats.Add(p, folder.Page); err != nil {
			return pipeline.Page{}, err
		}
	}
	if of == p.Repeats {
		return p, nil
	}
	p = p.Repeating(of)
	return p, folder.SavePage(p)
}

// likenesses tells, for the history, which papers there are already that look like p.
// Nothing is done about them: a person decides.
func (s *Steps) likenesses(ctx context.Context, p pipeline.Paper, sketch pipeline.Sketch) (string, error) {
	if s.Known == nil {
		return "", nil
	}
	found, err := s.Known.Like(ctx, p, sketch)
	if err != nil || len(found) == 0 {
		return "", err
	}
	var told struct {
		Like []pipeline.Likeness `json:"looks_like"`
	}
	for _, f := range found {
		told.Like = append(told.Like, pipeline.Likeness{Paper: f.Paper.ID, Kind: f.Kind, Score: f.Score})
	}
	b, err := json.Marshal(told)
	return string(b), err
}

// demands is what the policy asks of a paper's fields.
func demands(rules policy.Policy, p pipeline.Paper) policy.Demands {
	class, _ := pipeline.FieldOf(p.Fields, pipeline.FieldClass)
	return rules.For(p.Unit, class.Value)
}

// fieldsDoubted says that fields of p must be looked at before it is filed; the zero
// Reason if none must. The dossier number has reasons of its own.
func fieldsDoubted(rules policy.Policy, p pipeline.Paper) pipeline.Reason {
	var held, differ []pipeline.FieldName
	for _, d := range policy.Holding(demands(rules, p).Doubts(p.Fields)) {
		switch {
		case d.Why == policy.Contradicted:
			differ = append(differ, d.Name)
		case d.Name != pipeline.FieldDossier:
			held = append(held, d.Name)
		}
	}
	switch {
	case len(differ) > 0:
		return listDiffers(differ)
	case len(held) == 0:
		return pipeline.Reason{}
	}
	return fieldsUnsure(held)
}
