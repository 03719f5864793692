package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// sketchOf makes the sketch of a paper with numbers of its own and the words that all
// papers have.
func sketchOf(own ...int) *pipeline.Sketch {
	s := &pipeline.Sketch{Quality: pipeline.Quality{Confidence: 90, DPI: 200}}
	for _, n := range own {
		for i := range 6 {
			s.Numbers = append(s.Numbers, pipeline.NumberHash(12, uint32(n*1000+i*4)))
		}
	}
	for i := range uint32(40) {
		s.Words = append(s.Words, i)
	}
	slices.Sort(s.Numbers)
	return s
}

// read moves p to Recognized with a sketch.
func read(t testing.TB, c *catalog.Catalog, p pipeline.Paper, s *pipeline.Sketch) pipeline.Paper {
	t.Helper()
	p.State = pipeline.Recognized
	return commit(t, c, catalog.Move{Paper: p, Event: Event("read", p.Received.Add(time.Second)), Sketch: s})
}

// likes expects the papers that look like the i-th.
func likes(t testing.TB, c *catalog.Catalog, i int, want ...string) {
	t.Helper()
	found, err := c.Alike(t.Context(), ID(i))
	must(t, err)
	var got []string
	for _, a := range found.Alike {
		got = append(got, fmt.Sprint(a.Paper.ID, " ", a.Kind))
	}
	same(t, want, got)
}

func testAlike(t *testing.T, open Open) {
	t.Helper()
	t.Run("kinds", func(t *testing.T) { testAlikeKinds(t, open) })
	t.Run("restored", func(t *testing.T) { testAlikeRestored(t, open) })
	t.Run("joined", func(t *testing.T) { testAlikeJoined(t, open) })
	t.Run("in a crowd", func(t *testing.T) { testAlikeCrowd(t, open) })
}

// A paper is not like those that it was made of.
func testAlikeJoined(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	half := read(t, c, receive(t, c, Paper(1)), sketchOf(1))
	read(t, c, receive(t, c, Paper(2)), sketchOf(1))
	if found, err := c.Alike(t.Context(), ID(2)); err != nil || len(found.Alike) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	half.State, half.Into = pipeline.Rejected, ID(2)
	commit(t, c, catalog.Move{Paper: half, Event: Event("merged", Start())})
	likes(t, c, 1)
	likes(t, c, 2)
}

func testAlikeKinds(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	const here, there = "H42.15-261128-0001", "H42.15-261128-0002"
	var papers []pipeline.Paper
	for i, number := range []string{here, here, there, "", there} {
		p := Paper(i)
		if number != "" {
			p = Numbered(t, p, number)
		}
		papers = append(papers, receive(t, c, p))
	}
	if _, err := c.Alike(t.Context(), ID(77)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("papers like one that is not: %v", err)
	}
	likes(t, c, 0) // not read yet
	papers[0] = read(t, c, papers[0], sketchOf(1))
	likes(t, c, 0)
	read(t, c, papers[1], sketchOf(1))
	read(t, c, papers[2], sketchOf(1))
	read(t, c, papers[3], sketchOf(1))
	read(t, c, papers[4], sketchOf(2)) // the same form, somebody else's
	rescan, other, copied := string(ID(1))+" rescan", string(ID(3))+" rescan", string(ID(2))+" copy"
	likes(t, c, 0, other, copied, rescan)
	likes(t, c, 4)

	// A move without a sketch leaves it, a new one takes the place of the first, and the
	// zero one forgets it.
	papers[0] = read(t, c, papers[0], nil)
	likes(t, c, 0, other, copied, rescan)
	papers[0] = read(t, c, papers[0], sketchOf(2))
	likes(t, c, 0, string(ID(4))+" copy")
	likes(t, c, 1, other, copied)
	read(t, c, papers[0], &pipeline.Sketch{})
	likes(t, c, 0)
	likes(t, c, 4)
}

// testAlikeRestored: a rebuild brings the sketches back, however often it is run.
func testAlikeRestored(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	for range 2 {
		for i := range 2 {
			p := Paper(i)
			p.State, p.Gen = pipeline.Filed, 5
			must(t, c.Restore(t.Context(), p, nil, ""))
			must(t, c.PutSketch(t.Context(), p.ID, *sketchOf(7)))
		}
		likes(t, c, 0, string(ID(1))+" rescan")
	}
	if err := c.PutSketch(t.Context(), ID(9), *sketchOf(7)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a sketch of no paper: %v", err)
	}
}

// testAlikeCrowd: a paper is known again among many that share numbers of their form and
// are newer.
func testAlikeCrowd(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	read(t, c, receive(t, c, Paper(0)), sketchOf(0, 1))
	const crowd = 90
	for i := 1; i <= crowd; i++ {
		read(t, c, receive(t, c, Paper(i)), sketchOf(0, 1+i))
	}
	read(t, c, receive(t, c, Paper(crowd+1)), sketchOf(0, 1))
	found, err := c.Alike(t.Context(), ID(crowd+1))
	must(t, err)
	if len(found.Alike) == 0 || found.Alike[0].Paper.ID != ID(0) {
		t.Errorf("among %d papers of one form the same one is not known: %d others are", crowd, len(found.Alike))
	}
	if found.Quality != (pipeline.Quality{Confidence: 90, DPI: 200}) {
		t.Errorf("the quality of its scan is %+v", found.Quality)
	}
}
