package extract_test

import (
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/testdata/paper"
)

// BenchmarkFields reads the fields off a page of each layout in turn.
func BenchmarkFields(b *testing.B) {
	fonts, err := paper.LoadFonts()
	if err != nil {
		b.Fatal(err)
	}
	var pages [][]pipeline.Page
	for _, layout := range paper.Layouts() {
		pages = append(pages, []pipeline.Page{set(&paper.Vary(fonts, layout, 1).Sheets[0])})
	}
	for i := 0; b.Loop(); i++ {
		extract.Fields(pages[i%len(pages)], today())
	}
}
