package catalog_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// BenchmarkAlike looks for papers like one among papers of a single form, half of whose
// numbers are those of the form.
func BenchmarkAlike(b *testing.B) {
	c := open(b, "sqlite:"+filepath.Join(b.TempDir(), "catalog.db"))
	const batch = 500
	for i := 0; i < *benchPapers; i += batch {
		var all []catalog.Loaded
		for j := i; j < min(i+batch, *benchPapers); j++ {
			all = append(all, catalog.Loaded{Paper: catalogtest.Paper(j), Sketch: ofOneForm(uint64(j))})
		}
		if err := c.Load(b.Context(), all); err != nil {
			b.Fatal(err)
		}
	}
	latency(b, func(r *rand.Rand) error {
		_, err := c.Alike(b.Context(), catalogtest.ID(r.IntN(*benchPapers)))
		return err
	})
}

func ofOneForm(seed uint64) *pipeline.Sketch {
	form, own := rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(2, seed))
	var s pipeline.Sketch
	for range 8 {
		s.Numbers = append(s.Numbers, pipeline.NumberHash(12, form.Uint32()), pipeline.NumberHash(12, own.Uint32()))
	}
	for range 20 {
		s.Words = append(s.Words, form.Uint32(), own.Uint32())
	}
	slices.Sort(s.Numbers)
	slices.Sort(s.Words)
	return &s
}
