package compose_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/compose"
)

// noisySheet is an A4 page whose JPEG has about a megabyte, with some 400 words.
func noisySheet(b *testing.B) sheet {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	m := image.NewRGBA(image.Rect(0, 0, 1240, 1754))
	for i := range m.Pix {
		m.Pix[i] = byte(200 + rng.IntN(56))
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, m, &jpeg.Options{Quality: 93}); err != nil {
		b.Fatal(err)
	}
	s := asPage(pipeline.Image{Filter: pipeline.DCT, Width: 1240, Height: 1754, Bits: 8, Color: pipeline.RGB}, data.Bytes())
	s.page.Width, s.page.Height = 2480, 3508
	typeset(rng, &s.page, 0.3)
	return s
}

// cpuSeconds and peak memory (bytes) of this process so far.
func usage(b *testing.B) (cpuSeconds, peak float64) {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(u.Utime) + seconds(u.Stime), float64(u.Maxrss) * 1024
}

// An iteration is a page: -benchtime 1000x writes a record of a thousand pages and
// then inspects it.
func BenchmarkPages(b *testing.B) {
	s := noisySheet(b)
	file, err := os.Create(filepath.Join(b.TempDir(), "record.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			b.Error(err)
		}
	}()
	w, err := compose.NewWriter(file, meta())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(s.page.Image.Size)
	before, _ := usage(b)
	pages := 0
	for b.Loop() {
		if err := w.AddPage(s.page, bytes.NewReader(s.data)); err != nil {
			b.Fatal(err)
		}
		pages++
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	written, peak := usage(b)
	b.ReportMetric(float64(pages)/(written-before), "pages/cpu-s")
	b.ReportMetric(peak/1e6, "MB-peak")

	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	facts, err := compose.Inspect(b.Context(), file, info.Size())
	if err != nil || facts.Err() != nil || facts.Pages != pages {
		b.Fatalf("inspecting: %v, %v, %d pages", err, facts.Err(), facts.Pages)
	}
	inspected, peak := usage(b)
	b.ReportMetric(float64(pages)/(inspected-written), "inspected/cpu-s")
	b.ReportMetric(peak/1e6, "MB-peak-inspected")
}
