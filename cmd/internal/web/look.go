package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"hoso/pipeline"
)

// place is where words of a question stand side by side.
type place struct {
	Page  int
	Boxes []placeBox
	At    int // of the places that one goes to, from 1; 0 for one that is only marked

	parts []int // of the question, each once
	last  int   // word of the page
}

// placeBox is a box on the picture of a page.
type placeBox struct {
	pipeline.Box

	Near bool // a letter is wrong
}

// Width of the box.
func (b placeBox) Width() int { return b.X1 - b.X0 }

// Height of the box.
func (b placeBox) Height() int { return b.Y1 - b.Y0 }

// placesOf joins what stands side by side. Of a question of several words single ones
// stand everywhere: one goes only to places with at least half as many of its words as the
// fullest place has. The fullest is where to begin.
func placesOf(all []hit) (places []place, stops int, fullest int) {
	slices.SortStableFunc(all, func(a, b hit) int {
		if a.page != b.page {
			return a.page - b.page
		}
		return a.First - b.First
	})
	for _, h := range all {
		if n := len(places); n == 0 || places[n-1].Page != h.page || h.First > places[n-1].last+1 {
			places = append(places, place{Page: h.page, last: h.First - 1})
		}
		places[len(places)-1].take(h)
	}
	most := 0
	for _, p := range places {
		most = max(most, len(p.parts))
	}
	for i, p := range places {
		if 2*len(p.parts) < most {
			continue
		}
		stops++
		places[i].At = stops
		if len(p.parts) == most && fullest == 0 {
			fullest = stops
		}
	}
	return places, stops, fullest
}

// take adds the words of a hit that are not there yet.
func (p *place) take(h hit) {
	if !slices.Contains(p.parts, h.Part) {
		p.parts = append(p.parts, h.Part)
	}
	for i, w := range h.words {
		if h.First+i > p.last {
			p.add(placeBox{w.Box, h.Near})
			p.last = h.First + i
		}
	}
}

// add joins boxes of one line, unless it runs so askew that the box of both would lie on
// the lines beside it.
func (p *place) add(b placeBox) {
	if n := len(p.Boxes); n > 0 {
		last := &p.Boxes[n-1]
		both := last.Union(b.Box)
		if last.Near == b.Near && b.X0 > last.X0 && 2*(both.Y1-both.Y0) <= 3*max(last.Height(), b.Height()) {
			last.Box = both
			return
		}
	}
	p.Boxes = append(p.Boxes, b)
}

// leaf is a page of a paper as a picture, with the words of a question marked on it.
type leaf struct {
	ID            pipeline.PaperID
	Number, Of    int
	Width, Height int // of which boxes speak; 0 if there is no picture
	From          string
	Places        []place // on this page
	At, Total     int     // of the places that one goes to
	Here          int     // of them on this page
	More          bool    // there are places on pages that were not searched
	Counts        []pageCount
	Base          string // address of whatever shows it
}

// pageCount is how many places are on a page.
type pageCount struct{ Page, Count int }

// Parameters of the addresses that show a leaf.
const (
	questionKey = "q"
	pageKey     = "page"
	placeKey    = "m"
)

// To is the address of another page.
func (l leaf) To(page int) string { return l.address(pageKey, page) }

// Go is the address of a place; behind the last follows the first.
func (l leaf) Go(step int) string {
	if l.Total == 0 {
		return l.To(l.Number)
	}
	return l.address(placeKey, (l.At-1+step+l.Total)%l.Total+1)
}

// Page is the address of a page before or behind.
func (l leaf) Page(step int) string { return l.To(l.Number + step) }

// Next is the address of the place behind the one shown, or the first after this page.
func (l leaf) Next() string { return l.Go(1) }

// Previous likewise. A page without places has the one before it behind it.
func (l leaf) Previous() string {
	if l.Here == 0 {
		return l.Go(0)
	}
	return l.Go(-1)
}

// Look is the address of the page by itself.
func (l leaf) Look() string {
	l.Base = "/papers/" + string(l.ID) + "/look"
	return l.Go(0)
}

// Paper is the address of the paper, at the place shown.
func (l leaf) Paper() string {
	l.Base = "/papers/" + string(l.ID)
	return l.Go(0)
}

func (l leaf) address(key string, n int) string {
	query := url.Values{key: {strconv.Itoa(n)}}
	if l.From != "" {
		query.Set(questionKey, l.From)
	}
	return l.Base + "?" + query.Encode() + "#place"
}

// Near reports whether something on the page has a letter wrong.
func (l leaf) Near() bool {
	return slices.ContainsFunc(l.Places, func(p place) bool {
		return slices.ContainsFunc(p.Boxes, func(b placeBox) bool { return b.Near })
	})
}

// lookBody is a page to look at.
type lookBody struct {
	shown
	Leaf leaf
}

// lookPage shows a page as a picture: the one asked for, or where the words of a question
// stand.
func (s *Site) lookPage(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if !p.Drawn() {
		return fs.ErrNotExist
	}
	q, _ := s.asked.find(v.r.URL.Query().Get(questionKey), s.owner(v))
	l, err := s.leaf(v, p, q)
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, p.ID, "pages"); err != nil {
		return err
	}
	l.Base += "/look"
	s.render(v, http.StatusOK, "look", p.FileName, lookBody{p, l})
	return nil
}

// leafWithin is the leaf for the page of a paper that was found by words, nil if none of
// them stands on it or another view is asked for. Where it cannot be had, the record is
// shown all the same.
func (s *Site) leafWithin(v *visit, p shown) *leaf {
	query := v.r.URL.Query()
	q, ok := s.asked.find(query.Get(questionKey), s.owner(v))
	if !ok || q.asked.Box == "" || query.Has("record") || !p.Drawn() {
		return nil
	}
	l, err := s.leaf(v, p, q)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.Log.LogAttrs(v.r.Context(), slog.LevelWarn, "looking for words", slog.String("paper", string(p.ID)), slog.Any("error", err))
	}
	if err != nil || l.Total == 0 {
		return nil
	}
	return &l
}

// leaf gives the page that an address asks for.
func (s *Site) leaf(v *visit, p shown, q question) (leaf, error) {
	l := leaf{ID: p.ID, Base: "/papers/" + string(p.ID), Of: p.Shelved().Pages, From: q.id}
	var err error
	if l.Number, err = l.asked(v.r.URL.Query()); err != nil {
		return l, err
	}
	var found hits
	if q.asked.Box != "" {
		if found, err = s.hits(v.r.Context(), p.ID, pipeline.Query{Box: q.asked.Box}); err != nil {
			return l, err
		}
	}
	l.More = found.more
	places, stops, fullest := placesOf(found.all)
	l.Total = stops
	l.choose(places, fullest, v.r.URL.Query().Get(placeKey))
	size, err := s.sizeOf(v, p.ID, l.Number, found.pages)
	l.Width, l.Height = size.Width, size.Height
	return l, err
}

// asked reads the number of a page, 0 if none is asked for.
func (l *leaf) asked(query url.Values) (int, error) {
	if !query.Has(pageKey) {
		return 0, nil
	}
	n, err := strconv.Atoi(query.Get(pageKey))
	if err != nil || n < 1 || n > l.Of {
		return 0, fs.ErrNotExist
	}
	return n, nil
}

// choose settles which place is shown, and with it the page: the one asked for, the first
// of the page asked for, or the fullest. What a place was may have changed since.
func (l *leaf) choose(places []place, fullest int, asked string) {
	if n, err := strconv.Atoi(asked); err == nil && l.Total > 0 && l.Number == 0 {
		l.At = min(max(n, 1), l.Total)
	} else if l.Number == 0 {
		l.At = fullest
	}
	for _, p := range places {
		if l.Number == 0 && p.At > 0 && p.At == l.At {
			l.Number = p.Page
		}
	}
	l.Number = max(l.Number, 1)
	for _, p := range places {
		if p.At > 0 {
			l.count(p.Page)
		}
		if p.Page == l.Number {
			l.Places = append(l.Places, p)
		}
	}
	l.Here = l.onPage()
}

func (l *leaf) count(page int) {
	if n := len(l.Counts); n > 0 && l.Counts[n-1].Page == page {
		l.Counts[n-1].Count++
		return
	}
	l.Counts = append(l.Counts, pageCount{page, 1})
}

// onPage counts the places of the page, and goes to its first if none was asked for. On
// a page without any the one before is where one goes on from.
func (l *leaf) onPage() (here int) {
	before := 0
	for _, c := range l.Counts {
		if c.Page == l.Number {
			here = c.Count
		}
		if c.Page < l.Number {
			before += c.Count
		}
	}
	if l.At == 0 && l.Total > 0 {
		l.At = before + min(here, 1)
	}
	return here
}

// sizeOf gives the size of a page, of those known or as it was read.
func (s *Site) sizeOf(v *visit, id pipeline.PaperID, number int, known []pageSize) (pageSize, error) {
	is := func(p pageSize) bool { return p.Page == number }
	if i := slices.IndexFunc(known, is); i >= 0 {
		return known[i], nil
	}
	p, err := s.readPage(v, id, number)
	return pageSize{p.Number, p.Width, p.Height}, err
}

// sheetPicture shows a page of the original that a paper leaves out, to who may take it back.
func (s *Site) sheetPicture(v *visit) error {
	return s.picture(v, Pictures.Sheet, func(p pipeline.Paper, number int) error {
		free, err := s.leftOut(v, p)
		if err == nil && !slices.Contains(free, number) {
			err = fs.ErrNotExist
		}
		return err
	})
}

// pagePicture is the picture of a whole page.
func (s *Site) pagePicture(v *visit) error {
	return s.picture(v, Pictures.Whole, func(pipeline.Paper, int) error { return nil })
}

// picture sends a picture that belongs to a paper, if it may be had, and notes that it was
// looked at.
func (s *Site) picture(v *visit, draw func(Pictures, context.Context, pipeline.Paper, int) (Picture, error), may func(pipeline.Paper, int) error) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || s.Pictures == nil {
		return fs.ErrNotExist
	}
	if err := may(p.Paper, number); err != nil {
		return err
	}
	if err := s.noteOnce(v, p.ID, "pages"); err != nil {
		return err
	}
	drawn, err := draw(s.Pictures, v.r.Context(), p.Paper, number)
	if err != nil {
		return err
	}
	sendJPEG(v, drawn.JPEG)
	return nil
}
