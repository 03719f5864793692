package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"hoso/pipeline"
)

// keep keeps the question that the address names under the name typed.
func (s *Site) keep(v *visit) error {
	q, ok := s.asked.find(v.r.PathValue("question"), s.owner(v))
	if !ok || s.Searches == nil {
		return fs.ErrNotExist
	}
	if _, err := s.keepAsking(v, v.r.PostFormValue("name"), q.asked); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/lookup/"+q.id, http.StatusSeeOther)
	return nil
}

func (s *Site) keepAsking(v *visit, name string, a asking) (pipeline.Kept, error) {
	doc, err := json.Marshal(a)
	if err != nil {
		return pipeline.Kept{}, fmt.Errorf("writing a search as JSON: %w", err)
	}
	k := pipeline.Kept{ID: randomName(), Name: name, Time: s.Now(), Asked: string(doc)}
	return k, s.Searches.Keep(v.r.Context(), v.session.Who.Account, k)
}

// kept gives the search of who asks that the address names.
func (s *Site) kept(v *visit) (asking, error) {
	var a asking
	if s.Searches == nil {
		return a, fs.ErrNotExist
	}
	all, err := s.Searches.Kept(v.r.Context(), v.session.Who.Account)
	if err != nil {
		return a, err
	}
	for _, k := range all {
		if k.ID != v.r.PathValue("id") {
			continue
		}
		if err := json.Unmarshal([]byte(k.Asked), &a); err != nil {
			return a, fmt.Errorf("reading a kept search: %w", err)
		}
		return a, nil
	}
	return a, fs.ErrNotExist
}

// runKept asks a kept search again.
func (s *Site) runKept(v *visit) error {
	a, err := s.kept(v)
	if err != nil {
		return err
	}
	return s.lead(v, a)
}

func (s *Site) renameKept(v *visit) error {
	return s.shownAgain(v, s.rename(v, v.r.PostFormValue("name")))
}

func (s *Site) dropKept(v *visit) error { return s.shownAgain(v, s.drop(v)) }

// shownAgain shows the lookup after a change, unless it failed.
func (s *Site) shownAgain(v *visit, err error) error {
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/lookup", http.StatusSeeOther)
	return nil
}

// rename gives the kept search that the address names another name.
func (s *Site) rename(v *visit, name string) error {
	if s.Searches == nil {
		return fs.ErrNotExist
	}
	return s.Searches.RenameKept(v.r.Context(), v.session.Who.Account, v.r.PathValue("id"), name)
}

// drop forgets the kept search that the address names.
func (s *Site) drop(v *visit) error {
	if s.Searches == nil {
		return fs.ErrNotExist
	}
	return s.Searches.DropKept(v.r.Context(), v.session.Who.Account, v.r.PathValue("id"))
}

// keptJSON is a kept search.
type keptJSON struct {
	ID    string          `json:"id"`
	Name  string          `json:"name"`
	Time  time.Time       `json:"time"`
	Asked json.RawMessage `json:"asked"`
}

func (s *Site) apiKept(v *visit) error {
	out := []keptJSON{}
	if s.Searches != nil {
		all, err := s.Searches.Kept(v.r.Context(), v.session.Who.Account)
		if err != nil {
			return err
		}
		for _, k := range all {
			out = append(out, keptJSON{k.ID, k.Name, k.Time, json.RawMessage(k.Asked)})
		}
	}
	s.writeJSON(v, http.StatusOK, struct {
		Searches []keptJSON `json:"searches"`
	}{out})
	return nil
}

func (s *Site) apiKeep(v *visit) error {
	var in struct {
		Name  string `json:"name"`
		Asked asking `json:"asked"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	if s.Searches == nil {
		return fs.ErrNotExist
	}
	if _, err := in.Asked.query(); err != nil {
		return err
	}
	k, err := s.keepAsking(v, in.Name, in.Asked)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusCreated, keptJSON{k.ID, k.Name, k.Time, json.RawMessage(k.Asked)})
	return nil
}

func (s *Site) apiRunKept(v *visit) error {
	a, err := s.kept(v)
	if err != nil {
		return err
	}
	var in findJSON
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	in.asking, in.Number, in.Text = a, "", ""
	return s.apiFound(v, in)
}

func (s *Site) apiRenameKept(v *visit) error {
	var in struct {
		Name string `json:"name"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	if err := s.rename(v, in.Name); err != nil {
		return err
	}
	return s.apiKept(v)
}

func (s *Site) apiDropKept(v *visit) error {
	if err := s.drop(v); err != nil {
		return err
	}
	return s.apiKept(v)
}
