package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// manyFiles is as many as a district digitizes in a summer.
const manyFiles = 100_000

const benchLabel = "dem-1"

// aShelf is a shelf of so many files, each a paper of its own, of which every tenth waits
// and some were parted in two. Its papers begin with the first.
type aShelf struct {
	label        string
	files, first int
	parted       int // every so many
}

// largeShelf is what is measured.
func largeShelf() aShelf { return aShelf{label: benchLabel, files: manyFiles, parted: 100} }

// fill fills a catalog with the shelf.
func (s aShelf) fill(t testing.TB, c *catalog.Catalog) pipeline.Run {
	t.Helper()
	ctx := t.Context()
	if s, err := c.Shelf(ctx, s.label); err == nil {
		return s.Run // it was kept
	}
	if _, err := c.OpenShelf(ctx, pipeline.Shelf{Label: s.label, Root: "/kho", By: "canbo"}); err != nil {
		t.Fatal(err)
	}
	run, err := c.BeginRun(ctx, s.label, time.Time{}, time.Now(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	g := catalogtest.NewGenerator(7, 1)
	for i := 0; i < s.files; i += 1000 {
		var papers []catalog.Loaded
		var files []pipeline.ShelfFile
		for j := i; j < min(i+1000, s.files); j++ {
			made := s.papers(g, j)
			papers = append(papers, made...)
			files = append(files, pipeline.ShelfFile{
				Path: fmt.Sprintf("Hộp %d/Hồ sơ %d/Giấy tờ số %d.pdf", j/1000, j/20, j), Size: 1000, Changed: time.Now(), Walk: 1,
				State: pipeline.FileReceived, Paper: made[0].Paper.ID, Digest: pipeline.Sum(fmt.Append(nil, j)), Part: 1, Parts: 1, Taken: time.Now(),
			})
		}
		if err := c.Load(ctx, papers); err != nil {
			t.Fatal(err)
		}
		if err := c.TickFiles(ctx, s.label, run.N, files); err != nil {
			t.Fatal(err)
		}
	}
	return run
}

// papers makes the j-th paper and the one parted from it.
func (s aShelf) papers(g *catalogtest.Generator, j int) []catalog.Loaded {
	p, _ := g.Paper(s.first + j)
	p.Batch, p.Pages = s.label, 3
	if j%10 == 0 {
		p.State = pipeline.Confirming
	}
	if j%s.parted != 0 {
		return []catalog.Loaded{{Paper: p}}
	}
	part, _ := g.Paper(s.first + s.files + j)
	part.Batch, part.Parted = s.label, p.ID
	return []catalog.Loaded{{Paper: p}, {Paper: part}}
}

// BenchmarkShelf asks what is asked of a shelf of 100,000 files.
func BenchmarkShelf(b *testing.B) {
	if *benchKept != "" {
		benchShelf(b, open(b, *benchKept))
		return
	}
	b.Run("SQLite", func(b *testing.B) { benchShelf(b, open(b, liteFile(b))) })
	b.Run("PostgreSQL", func(b *testing.B) {
		c := open(b, catalogtest.StartPostgres(b).Database(b, ""))
		largeShelf().fill(b, c)
		exec(b, c, "ANALYZE") // as the server does by itself before long
		benchShelf(b, c)
	})
}

func benchShelf(b *testing.B, c *catalog.Catalog) {
	b.Helper()
	run := largeShelf().fill(b, c)
	b.Run("balance", func(b *testing.B) {
		latency(b, func(*rand.Rand) error {
			s, err := c.ShelfBalance(b.Context(), benchLabel)
			if err == nil && (!s.Even() || s.Found != manyFiles) {
				err = fmt.Errorf("the balance is %+v", s)
			}
			return err
		})
	})
	b.Run("all files", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for after := int64(0); n == 0 || after != 0; {
				files, next, err := c.ShelfFiles(b.Context(), benchLabel, nil, after, 0)
				if err != nil {
					b.Fatal(err)
				}
				n, after = n+len(files), next
			}
			if n != manyFiles {
				b.Fatal(n)
			}
		}
	})
	b.Run("all papers", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for after := int64(0); n == 0 || after != 0; {
				papers, next, err := c.ShelfPapers(b.Context(), benchLabel, nil, after, 200) // as the report has them
				if err != nil {
					b.Fatal(err)
				}
				n, after = n+len(papers), next
			}
			if n != manyFiles+manyFiles/100 {
				b.Fatal(n)
			}
		}
	})
	b.Run("tick 1000", func(b *testing.B) {
		files, _, err := c.ShelfFiles(b.Context(), benchLabel, nil, manyFiles/2, 1000)
		for b.Loop() {
			if err != nil {
				b.Fatal(err)
			}
			err = c.TickFiles(b.Context(), benchLabel, run.N, files)
		}
	})
	b.Run("waiting papers", func(b *testing.B) {
		for b.Loop() {
			papers, _, err := c.ShelfPapers(b.Context(), benchLabel, []pipeline.State{pipeline.Confirming, pipeline.Signing}, 0, 50)
			if err != nil || len(papers) != 50 {
				b.Fatal(len(papers), err)
			}
		}
	})
	b.Run("draw", func(b *testing.B) {
		share := 0.01
		for b.Loop() {
			if _, err := c.DrawChecks(b.Context(), benchLabel, share, time.Now()); err != nil {
				b.Fatal(err)
			}
			share = min(1, share+0.001)
		}
	})
	b.Run("walk", func(b *testing.B) {
		for walk := 1; b.Loop(); walk++ {
			if _, err := c.Walked(b.Context(), benchLabel, run.N, pipeline.Walk{N: walk, Found: manyFiles}, time.Now()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
