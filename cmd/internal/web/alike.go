package web

import (
	"context"
	"net/http"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// Known knows papers again; fs.ErrNotExist for those that are not there.
type Known interface {
	Alike(ctx context.Context, id pipeline.PaperID) (pipeline.Likenesses, error)
}

// alikeBody are the papers that look like one, as far as who asks may know.
type alikeBody struct {
	pipeline.Quality

	Alike  []alikeRow `json:"alike"`
	Hidden int        `json:"hidden"` // others like it, which are not for who asks
}

// alikeRow is a paper that looks like another.
type alikeRow struct {
	Paper    pipeline.PaperID       `json:"paper"`
	Dossier  pipeline.DossierNumber `json:"dossier"`
	FileName string                 `json:"file_name"`
	State    pipeline.State         `json:"state"`
	Received time.Time              `json:"received"`
	Kind     pipeline.LikenessKind  `json:"kind"`
	Score    float32                `json:"score"`
	Better   pipeline.PaperID       `json:"better,omitempty"` // the one of the two whose scan plainly is
	Earlier  bool                   `json:"-"`
	pipeline.Quality
}

// Earlier reports whether one of the papers was there before.
func (b alikeBody) Earlier() bool {
	for _, r := range b.Alike {
		if r.Earlier {
			return true
		}
	}
	return false
}

// alike gives the papers that look like p. Of those that are not for who asks it says no
// more than that there are some.
func (s *Site) alike(v *visit, p pipeline.Paper) (alikeBody, error) {
	body := alikeBody{Alike: []alikeRow{}}
	if s.Known == nil {
		return body, nil
	}
	found, err := s.Known.Alike(v.r.Context(), p.ID)
	if err != nil {
		return body, err
	}
	body.Quality = found.Quality
	for _, a := range found.Alike {
		may, err := s.mayLook(v, a.Paper)
		if err != nil {
			return body, err
		}
		if !may {
			body.Hidden++
			continue
		}
		body.Alike = append(body.Alike, rowOf(p, found.Quality, a))
	}
	return body, nil
}

func (s *Site) mayLook(v *visit, p pipeline.Paper) (bool, error) {
	if gate.May(v.session.Who, gate.Look, thing(p)) {
		return true, nil
	}
	return s.lent(v.r.Context(), v.session.Who, gate.Look, p.ID)
}

func rowOf(p pipeline.Paper, own pipeline.Quality, a pipeline.Alike) alikeRow {
	row := alikeRow{
		Paper: a.Paper.ID, Dossier: a.Paper.Dossier, FileName: a.Paper.FileName, State: a.Paper.State, Received: a.Paper.Received,
		Kind: a.Kind, Score: a.Score, Quality: a.Quality, Earlier: a.Paper.Received.Before(p.Received),
	}
	switch {
	case own.Better(a.Quality):
		row.Better = p.ID
	case a.Better(own):
		row.Better = a.Paper.ID
	}
	return row
}

func (s *Site) apiAlike(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, p.ID, "alike"); err != nil {
		return err
	}
	body, err := s.alike(v, p.Paper)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, body)
	return nil
}

// sayLikeness tells in which way a paper is like the one that is shown.
func sayLikeness(r alikeRow) string {
	switch {
	case r.Kind == pipeline.LikePart:
		return "một bản chứa nội dung của bản kia"
	case r.Kind == pipeline.LikeCopy:
		return "cùng giấy tờ, ở hồ sơ khác"
	case r.Earlier:
		return "có vẻ là lần quét trước"
	}
	return "có vẻ là lần quét sau"
}
