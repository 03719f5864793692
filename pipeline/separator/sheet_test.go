package separator_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"hoso/pipeline"
	"hoso/pipeline/codes"
	"hoso/pipeline/separator"
	"hoso/testdata/judge"
	"hoso/testdata/paper"
	"hoso/testdata/wear"
)

// sheets gives n separators, no two the same.
func sheets(tb testing.TB, n int) []pipeline.Separator {
	tb.Helper()
	kinds := []pipeline.Kind{pipeline.Component, pipeline.Output, pipeline.Result, ""}
	var all []pipeline.Separator
	for i := range n {
		printed := fmt.Sprintf("H98.%02d-2611%02d-%04d", i%40+1, i%28+1, i+1)
		if i%2 == 1 {
			printed = fmt.Sprintf("000.00.%02d.H98-2611%02d-%04d", i%40+1, i%28+1, i+1)
		}
		number, err := pipeline.ParseDossierNumber(printed)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, pipeline.Separator{Dossier: number, Kind: kinds[i%4], Keep: i%3 == 0})
	}
	all[0].Dossier = pipeline.DossierNumber{}
	return all
}

// printed writes the sheets into a file.
func printed(tb testing.TB, all []pipeline.Separator) string {
	tb.Helper()
	b, err := separator.Sheets(all)
	if err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(tb.TempDir(), "sheets.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// rendered gives the pages as poppler draws them at a resolution.
func rendered(tb testing.TB, path string, dpi int) []image.Image {
	tb.Helper()
	dir := tb.TempDir()
	if b, err := exec.CommandContext(tb.Context(), "pdftoppm", "-r", fmt.Sprint(dpi), "-gray", "-png", path, filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		tb.Fatalf("pdftoppm: %v: %s", err, b)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		tb.Fatal(err)
	}
	var pages []image.Image
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			tb.Fatal(err)
		}
		pages = append(pages, img)
	}
	return pages
}

// coloured gives a copy to be worn.
func coloured(page image.Image) *image.RGBA {
	img := image.NewRGBA(page.Bounds())
	draw.Draw(img, img.Rect, page, image.Point{}, draw.Src)
	return img
}

// TestSheets asks programs that are not ours about the file.
func TestSheets(t *testing.T) {
	t.Parallel()
	all := sheets(t, 5)
	path := printed(t, append(all, all...))
	if v := judge.VeraPDF(t, path); !v.Compliant {
		t.Errorf("veraPDF: %+v", v.Failures)
	}
	if complaint := judge.QPDF(t, path); complaint != "" {
		t.Errorf("qpdf: %s", complaint)
	}
	pages := strings.Split(judge.PDFToText(t, path), "\f")
	if len(pages) != 2*len(all)+1 {
		t.Fatalf("there are %d pages, want %d", len(pages)-1, 2*len(all))
	}
	for i, s := range all {
		want := []string{"TỜ PHÂN CÁCH", s.String(), s.Dossier.String(), "BỎ RA, không lưu"}
		if s.Keep {
			want[3] = "GIỮ LẠI làm trang đầu"
		}
		for _, w := range want {
			if !strings.Contains(pages[i], w) || !strings.Contains(pages[i+len(all)], w) {
				t.Errorf("page %d lacks %q:\n%s", i+1, w, pages[i])
			}
		}
	}
	again, err := separator.Sheets(append(all, all...))
	if err != nil {
		t.Fatal(err)
	}
	if before, err := os.ReadFile(path); err != nil || !bytes.Equal(again, before) {
		t.Errorf("the same sheets gave other bytes (%v)", err)
	}
}

// TestSheetsBounds refuses none and too many; many equal ones stay a small file.
func TestSheetsBounds(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, separator.MostSheets + 1} {
		if _, err := separator.Sheets(make([]pipeline.Separator, n)); !errors.Is(err, separator.ErrSheets) {
			t.Errorf("%d sheets gave %v", n, err)
		}
	}
	b, err := separator.Sheets(make([]pipeline.Separator, 1000))
	if err != nil || len(b) > 400<<10 {
		t.Errorf("1,000 equal sheets are %d bytes, %v", len(b), err)
	}
}

// looks are what printers and scanners do to a sheet that was drawn at 200 dots per inch.
func looks() map[string]func(img *image.RGBA, seed uint64) *image.RGBA {
	return map[string]func(*image.RGBA, uint64) *image.RGBA{
		"clean":        func(img *image.RGBA, _ uint64) *image.RGBA { return img },
		"skew +5":      func(img *image.RGBA, _ uint64) *image.RGBA { return moved(img, 5, 1) },
		"skew -5":      func(img *image.RGBA, _ uint64) *image.RGBA { return moved(img, -5, 1) },
		"70 %":         func(img *image.RGBA, _ uint64) *image.RGBA { return moved(img, 0, 0.7) },
		"50 %":         func(img *image.RGBA, _ uint64) *image.RGBA { return moved(img, 0, 0.5) },
		"upside down":  func(img *image.RGBA, _ uint64) *image.RGBA { return moved(img, 180, 1) },
		"on its side":  func(img *image.RGBA, _ uint64) *image.RGBA { return moved(img, 90, 0.7) },
		"fax":          fax,
		"fax, all":     func(img *image.RGBA, seed uint64) *image.RGBA { return fax(moved(img, 175, 0.7), seed) },
		"little toner": pale,
		"streaks":      streaked,
		"out of focus": func(img *image.RGBA, _ uint64) *image.RGBA { wear.Blur(img, 2); return img },
		"dirt":         func(img *image.RGBA, seed uint64) *image.RGBA { wear.Dirt(img, 60, 80, seed); return img },
		"half a sheet": func(img *image.RGBA, seed uint64) *image.RGBA { return torn(img, int(seed%2)) },
	}
}

// moved turns a page about its middle and makes it smaller.
func moved(img *image.RGBA, degrees, scale float64) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	sin, cos = sin*scale, cos*scale
	cx, cy := float64(img.Rect.Dx())/2, float64(img.Rect.Dy())/2
	draw.BiLinear.Transform(out, f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}, img, img.Rect, draw.Over, nil)
	return out
}

// fax leaves black and white, in the wrong place here and there.
func fax(img *image.RGBA, seed uint64) *image.RGBA {
	wear.Blur(img, 0.8)
	state := seed | 1
	for i := 0; i < len(img.Pix); i += 4 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		v := uint8(0)
		if int(img.Pix[i])+int(state>>40%60)-30 > 140 {
			v = 255
		}
		img.Pix[i], img.Pix[i+1], img.Pix[i+2] = v, v, v
	}
	wear.Specks(img, 3, seed)
	return img
}

// pale prints grey, and grains of it are missing.
func pale(img *image.RGBA, seed uint64) *image.RGBA {
	for i := range img.Pix {
		if i%4 < 3 {
			img.Pix[i] = 150 + uint8(int(img.Pix[i])*105/255)
		}
	}
	wear.Specks(img, 8, seed)
	return img
}

// streaked draws what a dirty pane of glass leaves: black lines along the page.
func streaked(img *image.RGBA, seed uint64) *image.RGBA {
	for i := range 6 {
		x := int((seed*7919+1)*uint64(i+3)*104729) % img.Rect.Dx()
		if x < 0 {
			x = -x
		}
		draw.Draw(img, image.Rect(x, 0, x+2, img.Rect.Dy()), image.NewUniform(color.Gray{70}), image.Point{}, draw.Src)
	}
	return img
}

// torn loses the upper half, 0, or the lower one, 1, and with it one of the codes.
func torn(img *image.RGBA, half int) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	lost := [...]image.Rectangle{image.Rect(0, 0, w, h*57/100), image.Rect(0, h*57/100, w, h)}[half]
	draw.Draw(img, lost, image.White, image.Point{}, draw.Src)
	return img
}

// told says which codes of a page say what the sheet says: either or both.
func told(tb testing.TB, img *image.RGBA, want pipeline.Separator) (sheet, square, bars bool) {
	tb.Helper()
	found, err := codes.Find(tb.Context(), paper.Gray(img))
	if err != nil {
		tb.Fatal(err)
	}
	var all []pipeline.Code
	for _, c := range found {
		all = append(all, pipeline.Code{Kind: c.Kind, Text: c.Text})
		square = square || c.Kind == pipeline.QR && c.Text == want.String()
		bars = bars || c.Kind == pipeline.Code128 && c.Text == want.String()
	}
	got, is := separator.Of(all)
	return is && got.String() == want.String(), square, bars
}

// TestFoundAgain prints sheets, wears them and tells each again.
func TestFoundAgain(t *testing.T) {
	t.Parallel()
	all := sheets(t, 3)
	pages := rendered(t, printed(t, all), 200)
	for name, look := range looks() {
		for i, page := range pages {
			if sheet, _, _ := told(t, look(coloured(page), uint64(i+1)), all[i]); !sheet {
				t.Errorf("%s: sheet %d (%s) is not told", name, i, all[i])
			}
		}
	}
}

// BenchmarkFoundAgain measures of how many of 200 sheets in a hundred are told in each look, and
// of how many each code alone tells.
func BenchmarkFoundAgain(b *testing.B) {
	const n = 200
	all := sheets(b, n)
	pages := rendered(b, printed(b, all), 200)
	for name, look := range looks() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				found := map[string]float64{}
				for i, page := range pages {
					sheet, square, bar := told(b, look(coloured(page), uint64(i+1)), all[i])
					for what, is := range map[string]bool{"sheets": sheet, "QR": square, "bars": bar} {
						if is {
							found[what]++
						}
					}
				}
				for _, what := range []string{"sheets", "QR", "bars"} {
					b.ReportMetric(found[what], what)
				}
			}
		})
	}
}
