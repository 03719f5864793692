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

	"hoso/pipeline"
)

// What was done, as addresses say it.
const (
	deedFields = "fields"
	deedPages  = "pages"
	deedSplit  = "split"
	deedMerge  = "merge"
	deedRetry  = "retry"
	deedReject = "reject"
	deedWhole  = "whole"
	deedGood   = "good"
	deedBad    = "bad"
	deedDrawn  = "drawn"
	deedSigned = "signed"
	deedUnit   = "unit"
)

// workAct does what a person decided on the table, and leads on to the next paper.
func (s *Site) workAct(v *visit) error {
	shelf, err := s.shelf(v)
	if err != nil {
		return err
	}
	p, err := s.inBatch(v, shelf)
	if err != nil {
		return err
	}
	why := v.r.PostFormValue("why")
	if len(why) > longestWhy { // none of ours
		why = ""
	}
	next, err := s.nextInQueue(v, shelf, p.ID, why)
	if err != nil {
		return err
	}
	deed, err := s.decide(v, p)
	s.touched(v.r.Context(), shelf.Label, append(mergeNames(v), p.ID)...)
	problem := problemOf(err)
	switch {
	case err == nil:
		http.Redirect(v.w, v.r, addressWith(next, "why", why, "did", deed, "was", string(s.became(v.r.Context(), p.ID))), http.StatusSeeOther)
		return nil
	case problem.status == http.StatusConflict:
		say := s.movedOn(v, err, func(id pipeline.PaperID) int {
			place, _ := number(v, "at."+string(id), 0)
			return place
		})
		problem.say = say.vietnamese + " (người khác hoặc hệ thống vừa làm tiếp) nên việc vừa rồi chưa được thực hiện. Dưới đây là tình trạng mới; hãy xem lại."
		return s.showWork(v, problem.status, why, problem)
	case problem.status == http.StatusUnprocessableEntity:
		return s.showWork(v, problem.status, why, problem)
	}
	return err
}

// became gives the paper that has the pages of another one now: itself, unless it was merged.
func (s *Site) became(ctx context.Context, id pipeline.PaperID) pipeline.PaperID {
	p, err := s.Catalog.Paper(ctx, id)
	if err != nil || p.Into == "" {
		return id
	}
	return p.Into
}

// nextInQueue is where one goes after a paper is dealt with: what follows it and is not
// about to be merged with it, or else the list.
func (s *Site) nextInQueue(v *visit, shelf pipeline.Shelf, id pipeline.PaperID, why string) (string, error) {
	list := "/batches/" + shelf.Label + "/exceptions"
	q, err := s.exceptions(v, shelf)
	if err != nil {
		return "", err
	}
	merged := mergeNames(v)
	all := slices.DeleteFunc(q.papers(why), func(e exception) bool { return e.ID != id && slices.Contains(merged, e.ID) })
	at := slices.IndexFunc(all, func(e exception) bool { return e.ID == id })
	switch {
	case at >= 0 && at+1 < len(all):
		return list + "/" + string(all[at+1].ID), nil
	case at > 0: // the last one: what was put off stands before it
		return list + "/" + string(all[0].ID), nil
	}
	return list, nil
}

// decide does one act to a paper that is as it was seen.
func (s *Site) decide(v *visit, p shown) (string, error) {
	ctx, actor := v.r.Context(), v.session.Who.Account
	gen, err := strconv.ParseInt(v.r.PostFormValue("gen"), 10, 64)
	if err != nil {
		return "", badRequest("gen", "gen is the generation of the paper that was seen", err)
	}
	if gen != p.Gen {
		return "", pipeline.StaleOf(p.ID, fmt.Errorf("acting on generation %d of a paper in %d: %w", gen, p.Gen, pipeline.ErrStale))
	}
	switch deed := v.r.PostFormValue("act"); deed {
	case deedFields:
		edits, err := s.edits(v, p)
		if err == nil {
			_, err = s.Office.Correct(ctx, p.ID, gen, edits, actor)
		}
		return deed, err
	case deedPages:
		return s.putInOrder(v, p)
	case deedMerge:
		return deed, s.merge(v, p)
	case deedRetry:
		_, err := s.Office.Retry(ctx, p.ID, actor)
		return deed, err
	case deedReject:
		reason, err := personReason(v.r.PostFormValue("reason"))
		if err == nil {
			_, err = s.Office.Reject(ctx, p.ID, reason, actor)
		}
		return deed, err
	case deedWhole:
		_, err := s.Office.Correct(ctx, p.ID, gen, pipeline.Edits{Whole: true}, actor)
		return deed, err
	}
	return "", badRequest("act", "there is no such act", nil)
}

// putInOrder turns, orders and drops pages as the form says, and cuts the paper where it
// says so.
func (s *Site) putInOrder(v *visit, p shown) (string, error) {
	ctx, actor := v.r.Context(), v.session.Who.Account
	was, turned, err := s.leavesOf(ctx, p)
	if err != nil {
		return "", err
	}
	back, err := s.takenBack(v, p)
	if err != nil {
		return "", err
	}
	wish, err := readArrangement(v, was, turned, back)
	if err != nil {
		return "", err
	}
	changed := !slices.Equal(wish.leaves, was)
	if !changed && len(wish.cuts) == 0 {
		return "", &problem{status: 422, code: "nothing", say: "Chưa có thay đổi nào ở các trang.", detail: "the pages are as they were"}
	}
	seen := p.Paper
	if changed {
		if seen, err = s.Office.Arrange(ctx, p.ID, p.Gen, wish.leaves, actor); err != nil {
			return "", err
		}
	}
	if len(wish.cuts) == 0 {
		return deedPages, nil
	}
	if err := s.cut(ctx, seen, wish, actor); err != nil {
		return "", err
	}
	return deedSplit, nil
}

// cut splits a paper. Between the order of its pages and the cuts a worker may have taken
// it up: while its pages are those that the person chose it is what the person saw.
func (s *Site) cut(ctx context.Context, p pipeline.Paper, wish arrangement, actor string) error {
	const tries = 3
	for try := 1; ; try++ {
		_, _, err := s.Office.Split(ctx, p.ID, p.Gen, wish.cuts, actor)
		if !errors.Is(err, pipeline.ErrStale) {
			return err
		}
		now, lost := s.Catalog.Paper(ctx, p.ID)
		if lost != nil {
			return lost
		}
		if try == tries || !slices.Equal(now.AllLeaves(), wish.leaves) {
			return err
		}
		p = now
	}
}

// leavesOf gives the leaves of a paper, and by how many degrees each is turned as it is
// shown.
func (s *Site) leavesOf(ctx context.Context, p shown) (leaves []pipeline.Leaf, turned []int, err error) {
	if p.Words.IsZero() {
		return nil, nil, fmt.Errorf("ordering the pages of a paper that was not read: %w", pipeline.ErrStale)
	}
	leaves = p.AllLeaves()
	turned = make([]int, len(leaves))
	err = readPages(ctx, s.Shelf, p.ID, func(read pipeline.Page) bool {
		if n := read.Number; n >= 1 && n <= len(turned) {
			turned[n-1] = read.Turn * 90
		}
		return true
	})
	return leaves, turned, err
}

// arrangement is what a person made of the pages.
type arrangement struct {
	leaves []pipeline.Leaf
	cuts   []int // pages of the new order before which it is cut, from 2
}

// dealt is a page and where it goes.
type dealt struct {
	pipeline.Leaf

	at, from int
	cut      bool
}

// readArrangement reads the form of the pages: of each where it goes (o), by how many degrees it
// is turned from how it is shown (t), whether it is left out (x), and whether a paper begins
// there (c). Pages that come back stand where they stand in the original.
func readArrangement(v *visit, was []pipeline.Leaf, turned []int, back []pipeline.Leaf) (arrangement, error) {
	var kept []dealt
	for i, l := range was {
		n := strconv.Itoa(i + 1)
		if v.r.PostFormValue("x"+n) != "" {
			continue
		}
		at, err := number(v, "o"+n, i+1)
		if err != nil {
			return arrangement{}, err
		}
		by, err := number(v, "t"+n, 0)
		if err != nil {
			return arrangement{}, err
		}
		if by%90 != 0 || by > 270 {
			return arrangement{}, badRequest("turn", "pages are turned by 90, 180 or 270 degrees", nil)
		}
		if by > 0 {
			l.Turn = cmp.Or((turned[i]+by)%360, 360)
		}
		kept = append(kept, dealt{l, at, i, v.r.PostFormValue("c"+n) != ""})
	}
	slices.SortStableFunc(kept, func(a, b dealt) int { return cmp.Or(a.at-b.at, a.from-b.from) })
	for _, l := range back {
		at := slices.IndexFunc(kept, func(k dealt) bool { return k.Page > l.Page })
		if at < 0 {
			at = len(kept)
		}
		kept = slices.Insert(kept, at, dealt{Leaf: l})
	}
	return arranged(kept)
}

func arranged(kept []dealt) (arrangement, error) {
	if len(kept) == 0 {
		return arrangement{}, &problem{status: 422, code: "no-pages", say: "Phải giữ ít nhất một trang. Nếu không trang nào dùng được, hãy từ chối giấy tờ.", detail: "a paper has at least one page"}
	}
	var o arrangement
	for i, k := range kept {
		o.leaves = append(o.leaves, k.Leaf)
		if k.cut && i > 0 {
			o.cuts = append(o.cuts, i+1)
		}
	}
	return o, nil
}

// number reads a whole number of a form, another one where there is none.
func number(v *visit, name string, other int) (int, error) {
	text := strings.TrimSpace(v.r.PostFormValue(name))
	if text == "" {
		return other, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0, &problem{status: 422, code: "order", say: "Thứ tự trang phải là số.", detail: name + " is not a number", cause: err}
	}
	return n, nil
}

// takenBack are pages that were left out before and are wanted again.
func (s *Site) takenBack(v *visit, p shown) ([]pipeline.Leaf, error) {
	if len(v.r.PostForm["back"]) == 0 {
		return nil, nil
	}
	out, err := s.leftOut(v, p.Paper)
	if err != nil {
		return nil, err
	}
	var all []pipeline.Leaf
	for _, text := range v.r.PostForm["back"] {
		n, err := strconv.Atoi(text)
		if err != nil || !slices.Contains(out, n) || slices.Contains(all, pipeline.Leaf{Page: n}) {
			return nil, badRequest("back", "there is no such page to take back", err)
		}
		all = append(all, pipeline.Leaf{Page: n})
	}
	return all, nil
}

// mergeNames are the papers that a form wants merged, as far as they can be read.
func mergeNames(v *visit) []pipeline.PaperID {
	var ids []pipeline.PaperID
	for _, text := range v.r.PostForm["with"] {
		name, _, _ := strings.Cut(text, ".")
		if id, err := pipeline.ParsePaperID(name); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// merge makes one paper of p and those that the form names, in the order that it gives them
// (at.ID), or else that of the form.
func (s *Site) merge(v *visit, p shown) error {
	const most = 50
	named := v.r.PostForm["with"]
	var all []pipeline.Seen
	places := map[pipeline.PaperID]int{}
	for i, text := range named {
		other, n, err := seenAs(text)
		if err != nil {
			return err
		}
		if len(all) >= most || holds(all, other) {
			return badRequest("with", "want papers and their generations, each once", nil)
		}
		if other != p.ID {
			if err := s.mayMerge(v.r.Context(), v, p.Batch, other, n); err != nil {
				return err
			}
		}
		if places[other], err = number(v, "at."+string(other), i+1); err != nil {
			return err
		}
		all = append(all, pipeline.Seen{ID: other, Gen: n})
	}
	if !holds(all, p.ID) {
		all = slices.Insert(all, 0, pipeline.Seen{ID: p.ID, Gen: p.Gen})
	}
	if len(all) < 2 {
		return &problem{status: 422, code: "alone", say: "Hãy chọn ít nhất một giấy tờ để ghép cùng.", detail: "merging takes two papers"}
	}
	slices.SortStableFunc(all, func(a, b pipeline.Seen) int { return places[a.ID] - places[b.ID] })
	_, err := s.Office.Merge(v.r.Context(), all, v.session.Who.Account)
	return err
}

func holds(all []pipeline.Seen, id pipeline.PaperID) bool {
	return slices.ContainsFunc(all, func(s pipeline.Seen) bool { return s.ID == id })
}
