package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

// Repository (kho dữ liệu điện tử của tổ chức, cá nhân) is what people can do with papers
// that are kept already: see what a dossier lacks, what its owner has, and use that
// again instead of scanning it once more.
type Repository struct {
	Papers     Papers
	Objects    Notes
	Holdings   Holdings
	Procedures Procedures
	Classes    extract.Classes
	Now        func() time.Time

	titles titles
}

func (r *Repository) classOf(title string) string { return r.titles.of(r.Classes, title) }

// mostOffers is how many papers of an owner are looked at.
const mostOffers = 200

// Sheet tells how a dossier stands: what its procedure asks for, what is there, and what
// of the rest its owner has already.
func (r *Repository) Sheet(ctx context.Context, a pipeline.DossierAsked) (pipeline.DossierSheet, error) {
	s := pipeline.DossierSheet{Number: a.Dossier}
	var err error
	if s.Papers, err = r.Holdings.Dossier(ctx, a.Dossier); err != nil {
		return s, err
	}
	reuses, err := r.Holdings.Reuses(ctx, a.Dossier)
	if err != nil {
		return s, err
	}
	if s.Procedure = pipeline.ProcedureOf(s.Papers, reuses); a.Procedure != "" {
		s.Procedure = pipeline.Field{Name: pipeline.FieldProcedure, Value: a.Procedure, Confidence: 100, Source: pipeline.ByPerson}
	}
	if s.Entry, err = standingProcedure(ctx, r.Procedures, s.Procedure.Value, pipeline.DayOf(a.Dossier.Day())); err != nil {
		return s, err
	}
	s.Needs = pipeline.Checklist(s.Entry.Components, s.Papers, reuses, r.classOf)
	for _, one := range reuses {
		kept, err := r.Papers.Paper(ctx, one.Paper)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s, err
		}
		s.Reuses = append(s.Reuses, pipeline.Reused{Reuse: one, Kept: kept})
	}
	if s.Owner = identity(a.Owner); s.Owner == "" {
		s.Owner = ownerOf(s.Papers)
	}
	s.Offers, err = r.offers(ctx, s)
	return s, err
}

// ownerOf gives the owner whom most papers of a dossier name for sure.
func ownerOf(papers []pipeline.Paper) string {
	named := map[string]int{}
	best := ""
	for _, p := range papers {
		f := p.Field(pipeline.FieldOwnerID)
		if id := identity(f.Value); id != "" && f.Confidence >= sureOwner && p.State != pipeline.Rejected {
			if named[id]++; best == "" || named[id] > named[best] {
				best = id
			}
		}
	}
	return best
}

// offers gives what the owner has that the dossier does not use yet and that is valid
// today: first what is missing, then what the procedure asks for, then the rest.
func (r *Repository) offers(ctx context.Context, s pipeline.DossierSheet) ([]pipeline.Offer, error) {
	if s.Owner == "" {
		return nil, nil
	}
	owned, err := r.Holdings.Owned(ctx, s.Owner, mostOffers)
	if err != nil {
		return nil, err
	}
	var all []pipeline.Offer
	for _, p := range owned {
		if !s.Uses(p) && r.unfit(p) == nil {
			all = append(all, r.offer(p, s.Needs))
		}
	}
	slices.SortStableFunc(all, func(a, b pipeline.Offer) int { return b.Rank() - a.Rank() })
	return all, nil
}

// offer says what a paper would be in a dossier: first of all something that it lacks.
func (r *Repository) offer(p pipeline.Paper, needs []pipeline.Need) pipeline.Offer {
	o := pipeline.Offer{Paper: p}
	for _, n := range needs {
		if n.Spec.Fits(p, r.classOf) && !o.Missing {
			o.Component, o.Missing = n.Spec.Name, n.State == pipeline.NeedMissing || n.State == pipeline.NeedSpare
		}
	}
	return o
}

// unfit says why a paper cannot be used again; nil if it can.
func (r *Repository) unfit(p pipeline.Paper) error {
	var why pipeline.Reason
	until, _ := pipeline.ParseDay(p.Field(pipeline.FieldValidUntil).Value) // what is no day says nothing
	switch {
	case p.Shelved().State != pipeline.Filed:
		why = pipeline.Reason{
			Code: "reuse-not-filed", English: "only a filed paper can be used again",
			Vietnamese: "Giấy tờ này chưa được lưu hồ sơ nên chưa dùng lại được.",
		}
	case until != "" && until < pipeline.DayOf(r.Now()):
		why = pipeline.Reason{
			Code: "reuse-ended", English: "the paper was valid until " + string(until),
			Vietnamese: "Giấy tờ này đã hết hiệu lực ngày " + until.String() + ".",
		}
	default:
		return nil
	}
	return pipeline.Refuse(why, nil)
}

// Reuse makes a dossier use a paper that is kept already. Nothing is copied. Asking again
// gives the reuse that stands. The paper must be filed and valid, and no paper of that
// dossier.
func (r *Repository) Reuse(ctx context.Context, a pipeline.Reusing) (pipeline.Reuse, error) {
	p, err := r.Papers.Paper(ctx, a.Paper)
	if err != nil {
		return pipeline.Reuse{}, err
	}
	if err := r.unfit(p); err != nil {
		return pipeline.Reuse{}, err
	}
	if p.Dossier.Key() == a.Dossier.Key() {
		return pipeline.Reuse{}, pipeline.Refuse(pipeline.Reason{
			Code: "reuse-own", English: "the paper belongs to that dossier", Vietnamese: "Giấy tờ này đã ở trong chính hồ sơ đó.",
		}, nil)
	}
	earlier, err := r.Holdings.Reuses(ctx, a.Dossier)
	if err != nil {
		return pipeline.Reuse{}, err
	}
	nth := 0
	for _, e := range earlier {
		if e.Paper != a.Paper {
			continue
		}
		if e.Standing() {
			return e, nil
		}
		nth++
	}
	return r.keep(ctx, pipeline.Reuse{
		ID: pipeline.ReuseID(a.Dossier, a.Paper, nth), Dossier: a.Dossier, Paper: a.Paper, Component: a.Component,
		Procedure: a.Procedure, Unit: a.Dossier.Unit(), Source: pipeline.OwnRepository, Replaces: p.Code.Value,
		Actor: a.Actor, Time: r.Now(),
	})
}

// keep writes a reuse beside the papers first, so that it survives the catalog; one that
// was cut off behind that is found there when somebody asks again, and counts.
func (r *Repository) keep(ctx context.Context, one pipeline.Reuse) (pipeline.Reuse, error) {
	body, err := json.Marshal(one)
	if err != nil {
		return one, fmt.Errorf("writing a reuse: %w", err)
	}
	err = r.Objects.PutOnce(ctx, pipeline.ReuseKey(one.ID), body)
	if errors.Is(err, fs.ErrExist) {
		one, err = loadReuse(ctx, r.Objects, pipeline.ReuseKey(one.ID))
	}
	if err != nil {
		return one, fmt.Errorf("keeping a reuse: %w", err)
	}
	return one, r.Holdings.PutReuse(ctx, one)
}

func loadReuse(ctx context.Context, objects Notes, key string) (pipeline.Reuse, error) {
	return load[pipeline.Reuse](ctx, objects, key, "reading a reuse")
}

// Withdraw ends a reuse that was a mistake. Ending it again is no error.
func (r *Repository) Withdraw(ctx context.Context, id, actor string) (pipeline.Reuse, error) {
	one, err := r.Holdings.Reuse(ctx, id)
	if err != nil || !one.Standing() {
		return one, err
	}
	one.Ended, one.EndedBy = r.Now(), actor
	body, err := json.Marshal(one)
	if err != nil {
		return one, fmt.Errorf("writing a reuse: %w", err)
	}
	if err := r.Objects.PutKey(ctx, pipeline.ReuseKey(id), body); err != nil {
		return one, fmt.Errorf("ending a reuse: %w", err)
	}
	return one, r.Holdings.PutReuse(ctx, one)
}
