package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// Arranger chooses which pages of their originals papers are made of, as a person saw them
// in generation gen: ErrStale if they have changed since.
type Arranger interface {
	Arrange(ctx context.Context, id pipeline.PaperID, gen int64, leaves []pipeline.Leaf, actor string) (pipeline.Paper, error)
	// Split cuts before these pages of the paper, from 2, and gives the new papers, too.
	Split(ctx context.Context, id pipeline.PaperID, gen int64, before []int, actor string) (pipeline.Paper, []pipeline.Paper, error)
	// Merge makes one paper of several, in this order.
	Merge(ctx context.Context, seen []pipeline.Seen, actor string) (pipeline.Paper, error)
}

func (s *Site) apiArrange(v *visit) error {
	var in struct {
		seen
		Leaves []pipeline.Leaf `json:"leaves"`
	}
	return s.apiSettle(v, &in, func(id pipeline.PaperID, actor string) (pipeline.Paper, error) {
		gen, err := in.generation()
		if err != nil {
			return pipeline.Paper{}, err
		}
		p, err := s.Catalog.Paper(v.r.Context(), id)
		if err == nil && p.Gen == gen { // else it is not what was seen
			err = s.mayTake(v, p, in.Leaves)
		}
		if err != nil {
			return pipeline.Paper{}, err
		}
		return s.Office.Arrange(v.r.Context(), id, gen, in.Leaves, actor)
	})
}

// splitJSON is a paper that was split, and those that were made of its other pages.
type splitJSON struct {
	Paper paperJSON   `json:"paper"`
	Parts []paperJSON `json:"parts"`
}

func (s *Site) apiSplit(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	var in struct {
		seen
		Before []int `json:"before"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	gen, err := in.generation()
	if err != nil {
		return err
	}
	moved, parts, err := s.Office.Split(v.r.Context(), p.ID, gen, in.Before, v.session.Who.Account)
	if err != nil {
		return err
	}
	out := splitJSON{paperJSON{moved, sayStanding(moved, Progress{})}, []paperJSON{}}
	for _, one := range parts {
		out.Parts = append(out.Parts, paperJSON{one, sayStanding(one, Progress{})})
	}
	s.writeJSON(v, http.StatusOK, out)
	return nil
}

// mostTogether bounds how many papers a request may name.
const mostTogether = 1000

func (s *Site) apiMerge(v *visit) error {
	var in struct {
		Papers []string `json:"papers"`
		Gens   []int64  `json:"gens"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	if len(in.Papers) > mostTogether {
		return badRequest("papers", "too many papers at once", nil)
	}
	if len(in.Gens) != len(in.Papers) {
		return badRequest("gens", "name the generation of each paper that was seen", nil)
	}
	all := make([]pipeline.Seen, 0, len(in.Papers))
	for i, name := range in.Papers {
		id, err := pipeline.ParsePaperID(name)
		if err != nil {
			return err
		}
		p, _, err := s.look(v.r.Context(), id)
		if err == nil && !gate.May(v.session.Who, v.route.act, thing(p)) {
			err = fs.ErrNotExist
		}
		if err != nil {
			return err
		}
		all = append(all, pipeline.Seen{ID: id, Gen: in.Gens[i]})
	}
	moved, err := s.Office.Merge(v.r.Context(), all, v.session.Who.Account)
	if errors.Is(err, pipeline.ErrStale) {
		say := s.movedOn(v, err, func(id pipeline.PaperID) int { return slices.Index(in.Papers, string(id)) + 1 })
		return &problem{status: http.StatusConflict, code: "stale", say: say.vietnamese + ". Hãy xem trạng thái mới rồi làm lại.", detail: say.english, cause: err}
	}
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, paperJSON{moved, sayStanding(moved, Progress{})})
	return nil
}

// movedOn says which paper is not as it was seen, and what it is now: by the name of its
// file and by its place among several, 0 for none, as who acts sees them. Of what he may
// not see, or if the error does not tell which one, it says nothing more.
func (s *Site) movedOn(v *visit, err error, place func(pipeline.PaperID) int) (say struct{ vietnamese, english string }) {
	say.vietnamese, say.english = "Giấy tờ vừa thay đổi", "a paper has changed since it was seen"
	stale, named := errors.AsType[*pipeline.StalePaper](err)
	if !named {
		return say
	}
	p, err := s.Catalog.Paper(v.r.Context(), stale.ID)
	if err != nil || !gate.May(v.session.Who, v.route.act, thing(p)) {
		return say
	}
	name, state := orElse(p.FileName, string(p.ID)), string(p.State)
	if p.Into != "" {
		state = "merged into another one"
	}
	vietnamese, english := "", ""
	if n := place(p.ID); n > 0 {
		vietnamese, english = fmt.Sprintf(" (số thứ tự %d)", n), fmt.Sprintf(" (number %d)", n)
	}
	say.vietnamese = fmt.Sprintf("Giấy tờ %s%s vừa thay đổi, nay là %s", quoted(name), vietnamese, quoted(sayStanding(p, Progress{}).Label))
	say.english = fmt.Sprintf("the paper %q%s has changed since it was seen and is %s now", name, english, state)
	return say
}

// pagesTold is what events tell of pages: those of the original, such as 1-3,7,9@180.
type pagesTold struct {
	Pages   string           `json:"pages"`
	From    pipeline.PaperID `json:"from"`
	Into    pipeline.PaperID `json:"into"`
	Before  string           `json:"before"`
	After   string           `json:"after"`
	Dropped string           `json:"dropped"`
	Alone   []string         `json:"alone"`
	Parts   []struct {
		Paper pipeline.PaperID `json:"paper"`
		Pages string           `json:"pages"`
	} `json:"parts"`
	Of []struct {
		Paper pipeline.PaperID `json:"paper"`
		Pages string           `json:"pages"`
	} `json:"of"`
}

// sayPages tells what became of the pages of a paper, a sentence for each.
func sayPages(e pipeline.Event) []string {
	var told pagesTold
	if err := json.Unmarshal([]byte(e.Detail), &told); err != nil {
		return nil
	}
	var all []string
	say := func(format, what string, more ...any) {
		if what != "" {
			all = append(all, fmt.Sprintf(format, append([]any{what}, more...)...))
		}
	}
	switch {
	case told.From != "":
		say("Tách từ giấy tờ %s, trang %s của tệp gốc.", string(told.From), told.Pages)
	case told.Into != "":
		say("Các trang nay ở giấy tờ %s.", string(told.Into))
	default:
		say("Gồm các trang %s của tệp gốc.", told.Pages)
	}
	say("Trước: trang %s → nay: trang %s.", told.Before, told.After)
	for _, part := range told.Parts {
		say("Giấy tờ mới %s: trang %s.", string(part.Paper), part.Pages)
	}
	for _, part := range told.Of {
		say("Từ giấy tờ %s: trang %s.", string(part.Paper), part.Pages)
	}
	say("Tờ phân cách để ngoài: trang %s.", told.Dropped)
	say("Có tờ phân cách không kèm giấy tờ nào, hãy xem lại: %s.", strings.Join(told.Alone, ", "))
	return all
}
