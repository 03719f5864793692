package catalog_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// A catalog worth measuring takes minutes to fill; -kept names one that is filled
// once and stays.
var (
	benchPapers = flag.Int("papers", 20_000, "papers in the catalog that is measured")
	benchLength = flag.Int("syllables", 300, "syllables in the text of a paper")
	benchKept   = flag.String("kept", "", "catalog to fill, if it is empty, and to keep")
)

// fill fills an empty catalog.
func fill(b *testing.B, c *catalog.Catalog, g *catalogtest.Generator) {
	b.Helper()
	balance, err := c.Balance(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if balance.Received > 0 {
		return
	}
	start := time.Now()
	const batch = 500
	for i := 0; i < *benchPapers; i += batch {
		all := make([]catalog.Loaded, 0, batch)
		for j := i; j < min(i+batch, *benchPapers); j++ {
			p, text := g.Paper(j)
			all = append(all, catalog.Loaded{Paper: p, Text: text})
		}
		if err := c.Load(b.Context(), all); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("filled with %d papers in %v", *benchPapers, time.Since(start).Round(time.Second))
}

// latency runs one many times and reports the middle and the worst of a hundred, by
// the clock and by the processor: on a machine that others use too, only the latter
// says something of the catalog. SQLite works in the calling thread and is counted,
// a server is not.
func latency(b *testing.B, one func(r *rand.Rand) error) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r := rand.New(rand.NewPCG(7, 7))
	var took, busy []time.Duration
	for b.Loop() {
		start, worked := time.Now(), processor(b)
		if err := one(r); err != nil {
			b.Fatal(err)
		}
		busy = append(busy, processor(b)-worked)
		took = append(took, time.Since(start))
	}
	report(b, took, "")
	report(b, busy, "cpu-")
	b.ReportMetric(0, "ns/op")
}

// processor gives the processor time of this thread.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var spec unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &spec); err != nil {
		b.Fatal(err)
	}
	return time.Duration(spec.Nano())
}

func report(b *testing.B, all []time.Duration, what string) {
	b.Helper()
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), what+"p50-µs")
	b.ReportMetric(float64(all[min(len(all)-1, len(all)*99/100)].Microseconds()), what+"p99-µs")
}

func BenchmarkSQLite(b *testing.B) {
	dsn := *benchKept
	if dsn == "" {
		dsn = liteFile(b)
	}
	measure(b, open(b, dsn))
}

func BenchmarkPostgres(b *testing.B) {
	dsn := *benchKept
	if dsn == "" {
		dsn = catalogtest.StartPostgres(b).Database(b, "")
	}
	measure(b, open(b, dsn))
}

func measure(b *testing.B, c *catalog.Catalog) {
	b.Helper()
	g := catalogtest.NewGenerator(1, *benchLength)
	fill(b, c, g)
	if err := c.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	find := func(name string, query func(r *rand.Rand) pipeline.Query) {
		b.Run(name, func(b *testing.B) {
			latency(b, func(r *rand.Rand) error {
				_, err := c.Find(context.Background(), query(r))
				return err
			})
		})
	}
	some := sampled(b, c, g)
	number := func(r *rand.Rand) string { return some[r.IntN(len(some))].Dossier.String() }
	common := func(r *rand.Rand) string { return g.Word(r.IntN(5)) }
	middle := func(r *rand.Rand) string { return g.Word(50 + r.IntN(200)) }
	rare := func(r *rand.Rand) string { return g.Word(g.Words() - 1 - r.IntN(400)) }
	find("number/whole", func(r *rand.Rand) pipeline.Query { return pipeline.Query{Number: number(r)} })
	find("number/whole+unit", func(r *rand.Rand) pipeline.Query { return pipeline.Query{Number: number(r), Unit: "H42"} })
	for _, cut := range []int{3, 6, 9, 11, 13, 17} {
		find(fmt.Sprintf("number/beginning of %d", cut), func(r *rand.Rand) pipeline.Query {
			return pipeline.Query{Number: number(r)[:cut], Unit: "H42"}
		})
	}
	find("list/all", func(*rand.Rand) pipeline.Query { return pipeline.Query{} })
	find("list/unit", func(r *rand.Rand) pipeline.Query { return pipeline.Query{Unit: fmt.Sprintf("H42.%02d", r.IntN(100))} })
	find("list/state", func(*rand.Rand) pipeline.Query { return pipeline.Query{State: pipeline.Filed} })
	for _, order := range []pipeline.Order{pipeline.Newest, pipeline.Ranked} {
		name := "words/" + string(order) + "/"
		find(name+"rare", func(r *rand.Rand) pipeline.Query { return pipeline.Query{Text: rare(r), Order: order} })
		find(name+"middle", func(r *rand.Rand) pipeline.Query { return pipeline.Query{Text: middle(r), Order: order} })
		find(name+"common", func(r *rand.Rand) pipeline.Query { return pipeline.Query{Text: common(r), Order: order} })
		find(name+"three", func(r *rand.Rand) pipeline.Query {
			return pipeline.Query{Text: middle(r) + " " + middle(r) + " " + common(r), Order: order}
		})
		find(name+"phrase", func(r *rand.Rand) pipeline.Query {
			return pipeline.Query{Text: `"` + common(r) + " " + common(r) + `"`, Order: order}
		})
		find(name+"common+unit", func(r *rand.Rand) pipeline.Query {
			return pipeline.Query{Text: common(r) + " " + common(r), Unit: fmt.Sprintf("H42.%02d", r.IntN(100)), Order: order}
		})
		find(name+"number in words", func(r *rand.Rand) pipeline.Query { return pipeline.Query{Text: number(r), Order: order} })
	}
	measureBox(find, sampled(b, c, g), g)
	b.Run("balance", func(b *testing.B) {
		latency(b, func(*rand.Rand) error {
			_, err := c.Balance(context.Background())
			return err
		})
	})
}

// measureBox types into the one box, as the page asks it: with facets where it says so.
func measureBox(find func(string, func(*rand.Rand) pipeline.Query), some []pipeline.Paper, g *catalogtest.Generator) {
	typed := func(name string, box func(r *rand.Rand, p pipeline.Paper) string) {
		find("box/"+name, func(r *rand.Rand) pipeline.Query { return pipeline.Query{Box: box(r, some[r.IntN(len(some))])} })
		find("facets/"+name, func(r *rand.Rand) pipeline.Query {
			return pipeline.Query{Box: box(r, some[r.IntN(len(some))]), Facets: true}
		})
	}
	number := func(p pipeline.Paper) string { return p.Dossier.String() }
	said := func(p pipeline.Paper, at int) string { return p.Fields[at].Value }
	typed("number", func(_ *rand.Rand, p pipeline.Paper) string { return number(p) })
	typed("number tail of 4", func(_ *rand.Rand, p pipeline.Paper) string { return number(p)[len(number(p))-4:] })
	typed("number tail of 3", func(_ *rand.Rand, p pipeline.Paper) string { return number(p)[len(number(p))-3:] })
	typed("number tail with day", func(_ *rand.Rand, p pipeline.Paper) string { return number(p)[len("H42.00-"):] })
	typed("number middle day", func(_ *rand.Rand, p pipeline.Paper) string { return number(p)[len("H42.00-"):][:6] })
	typed("number a digit wrong", func(r *rand.Rand, p pipeline.Paper) string {
		return fmt.Sprintf("%s%07d", number(p)[:14], 20000+r.IntN(9000))
	})
	typed("owner", func(_ *rand.Rand, p pipeline.Paper) string { return said(p, 0) })
	typed("owner beginning of 8", func(_ *rand.Rand, p pipeline.Paper) string { return said(p, 0)[:8] })
	typed("owner last six", func(_ *rand.Rand, p pipeline.Paper) string { return said(p, 0)[6:] })
	typed("owner name", func(_ *rand.Rand, p pipeline.Paper) string { return said(p, 1) })
	typed("document", func(_ *rand.Rand, p pipeline.Paper) string { return said(p, 2) })
	typed("symbol", func(*rand.Rand, pipeline.Paper) string { return "QĐ-UBND" })
	typed("agency", func(_ *rand.Rand, p pipeline.Paper) string { return said(p, 4) })
	typed("a letter wrong", func(*rand.Rand, pipeline.Paper) string { return g.Damaged() })
	typed("a letter wrong of two", func(r *rand.Rand, _ pipeline.Paper) string { return g.Word(50+r.IntN(200)) + " " + g.Damaged() })
	typed("a letter wrong in a phrase", func(r *rand.Rand, _ pipeline.Paper) string { return `"` + g.Word(r.IntN(50)) + " " + g.Damaged() + `"` })
	typed("common", func(r *rand.Rand, _ pipeline.Paper) string { return g.Word(r.IntN(5)) })
	filtered := func(name string, q pipeline.Query) {
		find("facets/"+name, func(r *rand.Rand) pipeline.Query {
			q := q
			q.Facets = true
			if q.Box != "" {
				q.Box = g.Word(r.IntN(5))
			}
			return q
		})
	}
	filtered("all", pipeline.Query{})
	filtered("class", pipeline.Query{Class: "khai-sinh"})
	filtered("batch", pipeline.Query{Batch: some[0].Batch})
	filtered("common+class+year", pipeline.Query{Box: "?", Class: "khai-sinh", Issued: "2019"})
	filtered("common+state", pipeline.Query{Box: "?", State: pipeline.Confirming})
	filtered("common+no such state", pipeline.Query{Box: "?", State: pipeline.Signing})
}

// sampled gives some of the papers in the catalog.
func sampled(b *testing.B, c *catalog.Catalog, g *catalogtest.Generator) []pipeline.Paper {
	b.Helper()
	var some []pipeline.Paper
	again := catalogtest.NewGenerator(1, *benchLength)
	for i := range 2000 {
		p, _ := again.Paper(i)
		some = append(some, p)
	}
	if f, err := c.Find(b.Context(), pipeline.Query{Number: some[0].Dossier.String()}); err != nil || f.Total == 0 {
		b.Fatalf("the catalog holds other papers than these: %v", err)
	}
	return some
}

func BenchmarkMoves(b *testing.B) {
	c := open(b, liteFile(b))
	g := catalogtest.NewGenerator(1, *benchLength)
	i := 0
	b.Run("receive", func(b *testing.B) {
		latency(b, func(*rand.Rand) error {
			p, _ := g.Paper(i)
			p.State, p.Gen = pipeline.Received, 1
			i++
			_, _, err := c.Receive(context.Background(), p, pipeline.Event{Actor: "hoso", What: "received"})
			return err
		})
	})
	j := 0
	b.Run("claim+commit with text", func(b *testing.B) {
		latency(b, func(*rand.Rand) error {
			_, text := g.Paper(0)
			p, err := c.Claim(context.Background(), catalogtest.ID(j), 1, "a", time.Now().Add(time.Hour))
			j++
			if err != nil {
				return nil //nolint:nilerr // the papers may run out before the time does
			}
			p.State = pipeline.Recognized
			_, err = c.Commit(context.Background(), catalog.Move{Paper: p, Owner: "a", Text: &text})
			return err
		})
	})
}

var (
	benchRows     = flag.Int("rows", 20_000, "papers without texts in the catalog of BenchmarkRows")
	benchRowsKept = flag.String("rows-kept", "", "SQLite catalog to fill with them, if it is empty, and to keep")
)

// BenchmarkRows looks numbers up among as many papers as a province has in ten years.
func BenchmarkRows(b *testing.B) {
	dsn := *benchRowsKept
	if dsn == "" {
		dsn = liteFile(b)
	}
	c := open(b, dsn)
	fillRows(b, c)
	find := func(name string, box func(unit, day, counter, owner string) string) {
		b.Run(name, func(b *testing.B) {
			latency(b, func(r *rand.Rand) error {
				i := r.IntN(*benchRows)
				day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/4000).Format("20060102")
				unit, counter, owner := fmt.Sprintf("H42.%02d", i*7919%100), fmt.Sprintf("%07d", i%4000+1), fmt.Sprintf("037%09d", i*31%1_000_000_000)
				f, err := c.Find(context.Background(), pipeline.Query{Box: box(unit, day, counter, owner)})
				if err == nil && f.Total == 0 {
					return fmt.Errorf("%s %s %s is not found", unit, day, counter)
				}
				return err
			})
		})
	}
	find("whole", func(unit, day, counter, _ string) string { return unit + "-" + day + "-" + counter })
	find("beginning", func(unit, day, _, _ string) string { return unit + "-" + day })
	find("tail with day", func(_, day, counter, _ string) string { return day + "-" + counter })
	find("tail of 4", func(_, _, counter, _ string) string { return counter[3:] })
	find("tail of 3", func(_, _, counter, _ string) string { return counter[4:] })
	find("owner", func(_, _, _, owner string) string { return owner })
}

// fillRows writes the rows of papers, and nothing else, into an empty SQLite catalog.
func fillRows(b *testing.B, c *catalog.Catalog) {
	b.Helper()
	if balance, err := c.Balance(b.Context()); err != nil || balance.Received > 0 {
		return
	}
	const chunk = 250_000
	for from := 0; from < *benchRows; from += chunk {
		_, err := c.Writer().ExecContext(b.Context(), `WITH RECURSIVE seq (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM seq WHERE i + 1 < $2),
			parts AS (SELECT i, printf('H42.%02d', i * 7919 % 100) AS unit, strftime('%Y%m%d', '2020-01-01', '+' || (i / 4000) || ' days') AS day,
				printf('%07d', i % 4000 + 1) AS counter, printf('01JZ%022d', i) AS id, printf('037%09d', i * 31 % 1000000000) AS owner FROM seq)
			INSERT INTO papers (id, gen, state, lane, kind, unit, number, retry_at, updated, doc, n, handed, original, sender, counter, holder)
			SELECT id, 6, 'filed', 'desk', 'result', unit, unit || '-' || day || '-' || counter, 0, 0,
				'{"id":"' || id || '","dossier":"' || unit || '-' || day || '-' || counter || '","kind":"result","unit":"' || unit || '","state":"filed"}',
				10000000000000 + i * 16, '', id, 'lan',
				substr(counter,7,1)||substr(counter,6,1)||substr(counter,5,1)||substr(counter,4,1)||substr(counter,3,1)||substr(counter,2,1)||substr(counter,1,1), owner
			FROM parts`, from, min(from+chunk, *benchRows))
		if err != nil {
			b.Fatal(err)
		}
	}
}
