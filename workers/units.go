package workers

import (
	"context"
	"fmt"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

// doubt says why a number is not to be taken without asking: the list of agencies does
// not have its unit, or not on its day. The zero Reason is none.
func doubt(ctx context.Context, units Units, n pipeline.DossierNumber) (pipeline.Reason, error) {
	if units == nil {
		return pipeline.Reason{}, nil
	}
	u, err := units.Unit(ctx, n.Unit(), pipeline.DayOf(n.Day()))
	if err != nil {
		return pipeline.Reason{}, fmt.Errorf("looking up the unit of a number: %w", err)
	}
	return u.Doubt(), nil
}

// named adds which agency of the list issued the paper.
func (s *Steps) named(ctx context.Context, fields []pipeline.Field) ([]pipeline.Field, error) {
	if s.Names == nil {
		return fields, nil
	}
	lookup, err := s.Names.Agencies(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking up the issuer: %w", err)
	}
	return extract.Resolve(fields, lookup), nil
}

// settled reports whether people have said that the paper's number is right and that a
// stamp of secrecy on it is none. One does not answer for the other.
func settled(p pipeline.Paper) bool { return p.NotSecret && numberSettled(p) }

// numberSettled reports whether a person has said that the paper's number is right.
func numberSettled(p pipeline.Paper) bool {
	for _, f := range p.Fields {
		if f.Name != pipeline.FieldDossier || f.Source != pipeline.ByPerson {
			continue
		}
		if n, err := pipeline.ParseDossierNumber(f.Value); err == nil && n.Key() == p.Dossier.Key() {
			return true
		}
	}
	return false
}

// bind gives p the number, unless the list of agencies speaks against it: then it says
// why a person must decide, if none has yet.
func (s *Steps) bind(ctx context.Context, p pipeline.Paper, n pipeline.DossierNumber) (pipeline.Paper, pipeline.Reason, error) {
	if numberSettled(p) {
		return p, pipeline.Reason{}, nil
	}
	why, err := doubt(ctx, s.Units, n)
	if err == nil && why.IsZero() && p.Dossier.IsZero() {
		p.Dossier, p.Unit = n, n.Unit()
	}
	return p, why, err
}

// doubted leaves a paper waiting after a person gave a number that the list of agencies
// speaks against, says so on it, and gives the refusal. Nothing of the number is kept
// but the event.
func (o *Office) doubted(ctx context.Context, p pipeline.Paper, given numberGiven, why pipeline.Reason) error {
	e := pipeline.Event{
		Paper: p.ID, Time: o.Now(), Actor: given.actor, What: "number doubted", From: p.State, To: p.State, Reason: why,
		Detail: detail(map[string]string{"number": given.number.String()}),
	}
	p = asking(p, append(unanswered(p, answers{number: true}), why))
	if _, err := o.Papers.Commit(ctx, pipeline.Move{Paper: p, Event: e}); err != nil {
		return fmt.Errorf("noting a doubt: %w", err)
	}
	return pipeline.Refuse(why, nil)
}
