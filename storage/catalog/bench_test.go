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
	numbers := sample(b, c, g)
	number := func(r *rand.Rand) string { return numbers[r.IntN(len(numbers))] }
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
	b.Run("balance", func(b *testing.B) {
		latency(b, func(*rand.Rand) error {
			_, err := c.Balance(context.Background())
			return err
		})
	})
}

// sample gives some of the numbers in the catalog.
func sample(b *testing.B, c *catalog.Catalog, g *catalogtest.Generator) []string {
	b.Helper()
	var numbers []string
	again := catalogtest.NewGenerator(1, *benchLength)
	for i := range 2000 {
		p, _ := again.Paper(i)
		numbers = append(numbers, p.Dossier.String())
	}
	if f, err := c.Find(b.Context(), pipeline.Query{Number: numbers[0]}); err != nil || f.Total == 0 {
		b.Fatalf("the catalog holds other papers than these: %v", err)
	}
	return numbers
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
