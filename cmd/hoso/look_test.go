package main_test

import (
	"fmt"
	"image"
	"image/jpeg"
	"path/filepath"
	"strings"
	"testing"

	"hoso/pipeline"
)

// TestMarksLieOnTheWords holds the boxes of all words against the ink of the pictures on
// which they are marked: of pages that are upside down, askew, typeset and behind others.
// Of a page of text nearly all ink is words, with rules or an ornament more than half of it;
// under boxes that lie elsewhere, as those of the same page upside down, hardly any is.
func TestMarksLieOnTheWords(t *testing.T) {
	s := newService(t)
	typeset := saved(t, "soạn trên máy.pdf", letter(t).office(t))
	for _, file := range []string{"don-lat-nguoc.jpg", "giay-tiep-nhan-nghieng.jpg", "danh-sach-2-trang.tif", "ho-so-3-trang.pdf", typeset} {
		if !filepath.IsAbs(file) {
			file = filepath.Join(scans, file)
		}
		papers, _ := s.submitted(file)
		if len(papers) != 1 || papers[0].Words.IsZero() {
			t.Fatalf("%s: %+v", file, papers)
		}
		id := papers[0].ID
		for _, page := range objects[pipeline.Page](t, s.page("/api/v1/papers/"+string(id)+"/words")) {
			drawn, err := jpeg.Decode(strings.NewReader(s.page(fmt.Sprintf("/papers/%s/pages/%d", id, page.Number))))
			if err != nil {
				t.Fatal(err)
			}
			under, elsewhere := inkUnder(drawn, page)
			t.Logf("%s, page %d (%s, turn %d, skew %.1f, %dx%d shown at %v): %.3f of the ink under words, %.3f upside down",
				filepath.Base(file), page.Number, page.Origin, page.Turn, page.Skew, page.Width, page.Height, drawn.Bounds().Size(), under, elsewhere)
			if under < 0.55 || under < elsewhere+0.4 {
				t.Errorf("%s, page %d: %.3f of the ink lies under the words, upside down %.3f", filepath.Base(file), page.Number, under, elsewhere)
			}
		}
	}
}

// inkUnder is the share of a picture's dark pixels under the boxes of a page's words, and
// under the same boxes turned by half a turn.
func inkUnder(drawn image.Image, p pipeline.Page) (under, elsewhere float64) {
	size := drawn.Bounds().Size()
	covered := make([]bool, size.X*size.Y)
	for _, l := range p.Lines {
		for _, w := range l.Words {
			for y := w.Box.Y0 * size.Y / p.Height; y < min(w.Box.Y1*size.Y/p.Height+1, size.Y); y++ {
				for x := w.Box.X0 * size.X / p.Width; x < min(w.Box.X1*size.X/p.Width+1, size.X); x++ {
					covered[y*size.X+x] = true
				}
			}
		}
	}
	var all, here, there float64
	for i := range covered {
		r, g, b, _ := drawn.At(i%size.X, i/size.X).RGBA()
		if max(r, g, b) > 0x7000 {
			continue
		}
		all++
		if covered[i] {
			here++
		}
		if covered[len(covered)-1-i] {
			there++
		}
	}
	return here / max(all, 1), there / max(all, 1)
}
