package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"hoso/pipeline"
)

// unitGroup is one unit that the list of agencies does not have, or not of that day, and the
// papers of a batch that wait for no other question about their number: whether the unit is
// right is one answer for all of them.
type unitGroup struct {
	Code    string
	Why     string        // the trouble, pipeline.ReasonUnitUnknown or ReasonUnitNotThen
	Papers  []string      // each with the generation that was seen
	Numbers []numberCount // their dossier numbers, the first ones
	More    int           // dossier numbers that are not named
	Count   int           // papers, also those for the next time
	Now     string        // the agency, where the list has come to have it since
}

// listedSince joins the groups of units that the list has come to have since; no papers
// unless there are several such.
func listedSince(all []unitGroup) unitGroup {
	joined, units := unitGroup{}, 0
	for _, g := range all {
		if g.Now == "" {
			continue
		}
		units++
		joined.Why = g.Why
		joined.Count += g.Count
		joined.Papers = append(joined.Papers, g.Papers[:min(len(g.Papers), mostOfUnit-len(joined.Papers))]...)
	}
	if units < 2 {
		return unitGroup{}
	}
	joined.Code = fmt.Sprintf("%d mã", units)
	return joined
}

// numberCount is how many papers have a dossier number.
type numberCount struct {
	Number string
	Count  int
}

// A unit is answered for so many papers at a time, and so many of their numbers are named.
const (
	mostOfUnit   = 200
	namedNumbers = 6
)

// doubtedUnit is the number of a paper where its unit is all that is asked of the number. That
// of a stack nobody knows the papers of is none: it would be taken for all of them.
func doubtedUnit(p pipeline.Paper) (pipeline.DossierNumber, bool) {
	asked := false
	for _, q := range p.Questions() {
		switch q.Code {
		case pipeline.ReasonUnitUnknown, pipeline.ReasonUnitNotThen:
			asked = true
		case "number-not-found", "number-unsure", numberContradicts, pipeline.ReasonSheetUnreadable:
			return pipeline.DossierNumber{}, false
		}
	}
	if !asked || p.State != pipeline.Confirming {
		return pipeline.DossierNumber{}, false
	}
	n, err := pipeline.ParseDossierNumber(shown{Paper: p}.Suggested())
	return n, err == nil
}

// units gathers the papers of a queue by the unit that is asked of them, the largest first.
func (s *Site) units(ctx context.Context, q queue, why string) ([]unitGroup, error) {
	if why != pipeline.ReasonUnitUnknown && why != pipeline.ReasonUnitNotThen {
		return nil, nil
	}
	by := map[string]*unitGroup{}
	days := map[string][]pipeline.DossierNumber{}
	for _, e := range q.of(why) {
		if e.Asked.IsZero() {
			continue
		}
		code := e.Asked.Unit()
		g := by[code]
		if g == nil {
			g = &unitGroup{Code: code, Why: why}
			by[code] = g
		}
		g.Count++
		if len(g.Papers) < mostOfUnit {
			g.Papers = append(g.Papers, fmt.Sprintf("%s.%d", e.ID, e.Gen))
		}
		if g.counts(e.Asked.String()) {
			days[code] = append(days[code], e.Asked)
		}
	}
	var all []unitGroup
	for code, g := range by {
		now, err := s.listedNow(ctx, days[code])
		if err != nil {
			return nil, err
		}
		g.Now, g.More = now, max(0, len(g.Numbers)-namedNumbers)
		g.Numbers = g.Numbers[:len(g.Numbers)-g.More]
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b unitGroup) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Code, b.Code)) })
	return all, nil
}

// counts takes a number in, and reports whether it is new.
func (g *unitGroup) counts(number string) bool {
	at := slices.IndexFunc(g.Numbers, func(n numberCount) bool { return n.Number == number })
	if at >= 0 {
		g.Numbers[at].Count++
		return false
	}
	g.Numbers = append(g.Numbers, numberCount{number, 1})
	return true
}

// listedNow is the agency of these numbers of one unit, "" unless the list has it on all of
// their days.
func (s *Site) listedNow(ctx context.Context, numbers []pipeline.DossierNumber) (string, error) {
	name := ""
	for _, n := range numbers {
		if s.Lists == nil {
			return "", nil
		}
		u, err := s.Lists.Unit(ctx, n.Unit(), pipeline.DayOf(n.Day()))
		if err != nil {
			return "", fmt.Errorf("looking up the unit of a number: %w", err)
		}
		if !u.Accepts() {
			return "", nil
		}
		name = cmp.Or(u.Agency.Name, u.Code)
	}
	return name, nil
}

// takeUnit answers for all papers of a unit, as they were seen, that the unit is right, or for
// papers of units that the list of agencies has come to have. Each is a person's answer of its own, in the log of its paper. What has changed since waits on.
func (s *Site) takeUnit(v *visit) error {
	shelf, err := s.shelf(v)
	if err != nil {
		return err
	}
	code, why := v.r.PostFormValue("unit"), v.r.PostFormValue("why")
	named := v.r.PostForm["with"]
	if len(named) == 0 || len(named) > mostOfUnit {
		return badRequest("with", "want some papers and their generations", nil)
	}
	if v.r.PostFormValue("sure") == "" {
		return badRequest("sure", "a person says that they compared the unit with the papers", nil)
	}
	told, err := s.takeNumbers(v, shelf.Label, code, named)
	if err != nil {
		return err
	}
	if len(why) > longestWhy {
		why = ""
	}
	to := addressWith("/batches/"+shelf.Label+"/exceptions", "why", why, "did", deedUnit,
		"done", strconv.Itoa(told.done), "left", strconv.Itoa(told.left), "stale", strconv.Itoa(told.stale))
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// takeNumbers confirms the numbers of papers of a unit, some at a time: each is written to
// the bucket before the catalog has it.
func (s *Site) takeNumbers(v *visit, label, code string, named []string) (told taken, err error) {
	const atOnce = 8
	var mu sync.Mutex
	var ids []pipeline.PaperID
	var work errgroup.Group
	work.SetLimit(atOnce)
	for _, text := range named {
		id, gen, err := seenAs(text)
		if err != nil {
			return told, errors.Join(err, work.Wait())
		}
		work.Go(func() error {
			moved, err := s.takeNumber(v, label, id, gen, code)
			mu.Lock()
			defer mu.Unlock()
			switch problem := problemOf(err); {
			case err == nil:
				told.done++
				if moved.State == pipeline.Confirming {
					told.left++
				}
				ids = append(ids, id)
			case problem.status == http.StatusConflict, problem.status == http.StatusNotFound, problem.status == http.StatusUnprocessableEntity:
				told.stale++
			default:
				return err
			}
			return nil
		})
	}
	err = work.Wait()
	s.touched(v.r.Context(), label, ids...)
	return told, err
}

// seenAs reads a paper and the generation that was seen of it.
func seenAs(text string) (pipeline.PaperID, int64, error) {
	name, gen, _ := strings.Cut(text, ".")
	id, err := pipeline.ParsePaperID(name)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.ParseInt(gen, 10, 64)
	if err != nil {
		return "", 0, badRequest("with", "want papers and their generations", err)
	}
	return id, n, nil
}

// takeNumber confirms the number of a paper of a unit, whatever the list of agencies says of
// that; of any unit that the list has, if it is "".
func (s *Site) takeNumber(v *visit, label string, id pipeline.PaperID, gen int64, code string) (pipeline.Paper, error) {
	ctx := v.r.Context()
	if err := s.mayMerge(ctx, v, label, id, gen); err != nil {
		return pipeline.Paper{}, err
	}
	p, err := s.Catalog.Paper(ctx, id)
	if err != nil {
		return pipeline.Paper{}, err
	}
	n, asked := doubtedUnit(p)
	if !asked || code != "" && n.Unit() != code {
		return pipeline.Paper{}, fmt.Errorf("taking unit %q for paper %s: %w", code, id, pipeline.ErrStale)
	}
	edits := pipeline.Edits{Fields: []pipeline.Edit{{Name: pipeline.FieldDossier, Value: n.String()}}, Anyway: code != ""}
	return s.Office.Correct(ctx, id, gen, edits, v.session.Who.Account)
}

// taken is what came of an answer for many papers.
type taken struct{ done, left, stale int }

func (t taken) String() string {
	say := fmt.Sprintf("Đã nhận mã đơn vị cho %s giấy tờ.", sayCount(int64(t.done)))
	if t.left > 0 {
		say += fmt.Sprintf(" Trong đó %s giấy tờ còn câu hỏi khác.", sayCount(int64(t.left)))
	}
	if t.stale > 0 {
		say += fmt.Sprintf(" %s giấy tờ vừa thay đổi nên chưa nhận, hãy xem lại.", sayCount(int64(t.stale)))
	}
	return say
}

// takenOf reads it from an address.
func takenOf(v *visit) taken {
	number := func(name string) int {
		n, err := strconv.Atoi(v.r.URL.Query().Get(name))
		if err != nil || n < 0 || n > mostOfUnit {
			return 0
		}
		return n
	}
	return taken{number("done"), number("left"), number("stale")}
}
