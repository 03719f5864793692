package workers

import (
	"context"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/workers/document"
)

// surely is the confidence from which a dossier number is taken without asking.
const surely = 80

// identify takes the fields off the pages and learns whose the paper is. One that came
// without a dossier number gets the one it carries, if there is exactly one and it is
// sure; otherwise it waits for a person. A number, carried or handed in, of a unit that
// the list of agencies does not have for that day waits likewise, and so does a paper
// that is stamped secret, until a person says that it is right.
func (s *Steps) identify(ctx context.Context, folder document.Folder, p pipeline.Paper) (pipeline.Paper, error) {
	pages, err := folder.Telling(p.Pages)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if p.Fields, err = s.named(ctx, s.fields(pages, p.Fields)); err != nil {
		return pipeline.Paper{}, err
	}
	p.State = pipeline.Recognized
	if settled(p) {
		return p, nil
	}
	if level := extract.Secrecy(pages); level != "" {
		p.State, p.Reason = pipeline.Confirming, secret(level)
		return p, nil
	}
	if !p.Dossier.IsZero() {
		return s.bind(ctx, p, p.Dossier)
	}
	found, candidates := carried(extract.FindDossierNumbers(pages, s.Now()))
	if !found.IsZero() {
		return s.bind(ctx, p, found)
	}
	p.State, p.Reason = pipeline.Confirming, numberMissing()
	if candidates > 0 {
		p.Reason = numberUnsure(candidates)
	}
	p.Reason = tellUnreadable(p.Reason, pages)
	return p, nil
}

// fields gives what stands on the pages, but keeps what a person said before: it still is
// true when a paper is read again.
func (s *Steps) fields(pages []pipeline.Page, known []pipeline.Field) []pipeline.Field {
	all := extract.Fields(pages, s.Now())
	if class, ok := s.Classes.Field(pages); ok {
		all = append(all, class)
	}
	for _, f := range known {
		if f.Source == pipeline.ByPerson {
			all = pipeline.WithField(all, f)
		}
	}
	return all
}

// carried gives the one number that a paper carries for sure, and how many different ones
// there are. What codes state goes before what was read.
func carried(found []pipeline.Field) (n pipeline.DossierNumber, different int) {
	if stated := inCodes(found); len(stated) > 0 {
		found = stated
	}
	keys := map[string]pipeline.DossierNumber{}
	for _, f := range found {
		if n, err := pipeline.ParseDossierNumber(f.Value); err == nil {
			keys[n.Key()] = n
		}
	}
	if len(keys) == 1 && found[0].Confidence >= surely {
		for _, n := range keys {
			return n, 1
		}
	}
	return pipeline.DossierNumber{}, len(keys)
}

// inCodes gives the fields that codes on the paper state.
func inCodes(fields []pipeline.Field) []pipeline.Field {
	var stated []pipeline.Field
	for _, f := range fields {
		if f.Source == pipeline.ByQR {
			stated = append(stated, f)
		}
	}
	return stated
}
