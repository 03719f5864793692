package catalog_test

import (
	"bytes"
	"fmt"
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
	"hoso/storage/register"
)

// manyAgencies is as many as all communes of the country, before and after they were
// merged.
const manyAgencies = 10_000

// agenciesOf makes up a list: provinces and their communes.
func agenciesOf(n int) []pipeline.Agency {
	g := catalogtest.NewGenerator(5, 1)
	var all []pipeline.Agency
	for i := range n {
		province := fmt.Sprintf("H%02d", 1+i/300)
		a := pipeline.Agency{Code: province, Name: "Tỉnh " + g.Word(i%g.Words()) + " " + g.Word(i/7%g.Words())}
		if i%300 > 0 {
			a = pipeline.Agency{
				Code: fmt.Sprintf("%s.%03d", province, i%300), Parent: province,
				Name: "Xã " + g.Word(i%g.Words()) + " " + g.Word(i*31%g.Words()),
			}
		}
		all = append(all, a)
	}
	return all
}

// BenchmarkImportAgencies takes a file of 10,000 agencies over into an empty catalog.
func BenchmarkImportAgencies(b *testing.B) {
	for _, format := range []string{"csv", "xlsx", "json"} {
		var file bytes.Buffer
		if err := register.WriteAgencies(&file, format, agenciesOf(manyAgencies)); err != nil {
			b.Fatal(err)
		}
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				c := open(b, liteFile(b))
				b.StartTimer()
				takeOver(b, c, "a."+format, file.Bytes())
			}
			b.ReportMetric(manyAgencies*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func takeOver(b *testing.B, c *catalog.Catalog, name string, data []byte) {
	b.Helper()
	list, err := register.Agencies(name, data)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.ImportAgencies(b.Context(), pipeline.Importing{File: name}, list.Entries); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLists looks agencies up among 10,000.
func BenchmarkLists(b *testing.B) {
	c := open(b, liteFile(b))
	all := agenciesOf(manyAgencies)
	var file bytes.Buffer
	if err := register.WriteAgencies(&file, "json", all); err != nil {
		b.Fatal(err)
	}
	takeOver(b, c, "a.json", file.Bytes())
	i := 0
	b.Run("code", func(b *testing.B) {
		for b.Loop() {
			if u, err := c.Unit(b.Context(), all[i%len(all)].Code, "2026-01-01"); err != nil || u.Standing != pipeline.Valid {
				b.Fatal(u, err)
			}
			i++
		}
	})
	r, err := c.Register(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for name, spoil := range map[string]string{"name": "", "name with a letter off": "n"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if len(r.Named("UBND "+all[i%len(all)].Name+spoil, "2026-01-01")) == 0 {
					b.Fatal("not found: ", all[i%len(all)].Name)
				}
				i++
			}
		})
	}
	b.Run("register", func(b *testing.B) {
		for b.Loop() {
			register.New(all)
		}
	})
	b.Run("under", func(b *testing.B) {
		for b.Loop() {
			r.Under("H01")
		}
	})
}
