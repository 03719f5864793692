package tesseract_test

import (
	"context"
	"errors"
	"image"
	"image/draw"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"hoso/pipeline"
	"hoso/pipeline/pagetest"
	"hoso/pipeline/recognize"
	"hoso/pipeline/recognize/tesseract"
	"hoso/workers/bench"
)

// TestMain runs the tests as the product runs, with one thread per engine. That must
// be in the environment before the process starts, so the process starts again.
func TestMain(m *testing.M) {
	if tesseract.CheckThreads() != nil {
		err := unix.Exec("/proc/self/exe", os.Args, append(os.Environ(), "OMP_THREAD_LIMIT=1"))
		panic(err) // Exec returns only when it could not
	}
	m.Run()
}

func engine(t *testing.T, opt tesseract.Options) *tesseract.Engine {
	t.Helper()
	e, err := tesseract.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// read reads a picture at 200 dpi as a page.
func read(ctx context.Context, e *tesseract.Engine, img *image.Gray) (recognize.Result, error) {
	lines, err := e.Read(ctx, img, recognize.Look{DPI: 200, As: recognize.AsPage})
	if err != nil {
		return recognize.Result{}, err
	}
	lines, confidence := recognize.Finish(lines, img.Rect.Dx(), img.Rect.Dy())
	return recognize.Result{Lines: lines, Confidence: confidence, Engine: e.Name(), Languages: e.Languages()}, nil
}

// letter gives a page at 200 dpi and its text.
func letter(t *testing.T) (img *image.Gray, truth string) {
	t.Helper()
	s, err := pagetest.New(200)
	if err != nil {
		t.Fatal(err)
	}
	if truth, err = s.Letter(); err != nil {
		t.Fatal(err)
	}
	img = image.NewGray(s.Image.Rect)
	draw.Draw(img, img.Rect, s.Image, image.Point{}, draw.Src)
	return img, truth
}

func textOf(lines []pipeline.Line) string { return pipeline.Page{Lines: lines}.Text() }

func TestRecognize(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{})
	img, truth := letter(t)
	first, err := read(t.Context(), e, img)
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(first.Lines)
	if r := bench.Score(truth, text); r.CER > 0.01 || r.CERExtra > 0.02 {
		t.Errorf("error rates %+v, want under 1 %%; read:\n%s", r, text)
	}
	if r := bench.Sequence(truth, text); r > 0.02 {
		t.Errorf("in order, %.1f %% are wrong; read:\n%s", 100*r, text)
	}
	if first.Confidence < 85 || first.Languages != "vie" || !strings.HasPrefix(first.Engine, "tesseract 5.") {
		t.Errorf("confidence %.1f, engine %q, languages %q", first.Confidence, first.Engine, first.Languages)
	}
	for _, l := range first.Lines {
		for _, w := range l.Words {
			b := w.Box
			if w.Text == "" || b.X0 < 0 || b.Y0 < 0 || b.X0 >= b.X1 || b.Y0 >= b.Y1 || b.X1 > img.Rect.Dx() || b.Y1 > img.Rect.Dy() {
				t.Errorf("impossible word %+v", w)
			}
		}
	}
	// A page reads the same whatever was read before.
	if _, err := read(t.Context(), e, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	second, err := read(t.Context(), e, img)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("a second reading differs (-first +second):\n%s", diff)
	}
}

func TestPartOfAnImage(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{})
	img, _ := letter(t)
	part := img.SubImage(image.Rect(230, 560, 1640, 625)).(*image.Gray)
	got, err := read(t.Context(), e, part)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Lines) != 1 || !strings.HasPrefix(textOf(got.Lines), "Thực hiện kế hoạch") {
		t.Fatalf("read %q, want the first line of the text", textOf(got.Lines))
	}
	if b := got.Lines[0].Words[0].Box; b.X0 < 245 || b.X0 > 262 || b.Y0 < 570 || b.Y1 > 615 {
		t.Errorf("the first word lies at %+v of the whole image", b)
	}
}

func TestBlankImageHasNoLines(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{})
	img := image.NewGray(image.Rect(0, 0, 400, 400))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	got, err := read(t.Context(), e, img)
	if err != nil || len(got.Lines) != 0 || got.Confidence != 0 {
		t.Errorf("read %+v, %v on white", got, err)
	}
	if _, err := read(t.Context(), e, &image.Gray{}); err == nil {
		t.Error("an empty image was read")
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{})
	img, truth := letter(t)
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
	defer cancel()
	if _, err := read(ctx, e, img); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want context.DeadlineExceeded", err)
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, err := read(ended, e, img); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
	got, err := read(t.Context(), e, img)
	if err != nil {
		t.Fatal(err)
	}
	if r := bench.Score(truth, textOf(got.Lines)); r.CER > 0.01 {
		t.Errorf("after a deadline the engine reads with %+v", r)
	}
}

// TestPatience: an engine that has had enough says so, and gives no word that it did not
// read.
func TestPatience(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{Patience: 1})
	img, _ := letter(t)
	for range 2 {
		lines, err := e.Read(t.Context(), img, recognize.Look{DPI: 200, As: recognize.AsPage})
		if !errors.Is(err, recognize.ErrTired) {
			t.Fatalf("error = %v, want ErrTired", err)
		}
		if got := textOf(lines); strings.TrimSpace(got) != "" {
			t.Errorf("read %q in no time", got)
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{Languages: "vie"})
	for range 3 {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := read(t.Context(), e, image.NewGray(image.Rect(0, 0, 9, 9))); !errors.Is(err, tesseract.ErrClosed) {
		t.Errorf("error = %v, want ErrClosed", err)
	}
	var _ recognize.Engine = e
}

func TestModels(t *testing.T) {
	t.Parallel()
	both := engine(t, tesseract.Options{Languages: "vie+script/Vietnamese"})
	img, truth := letter(t)
	got, err := read(t.Context(), both, img)
	if err != nil {
		t.Fatal(err)
	}
	if r := bench.Score(truth, textOf(got.Lines)); r.CER > 0.01 || !strings.HasPrefix(got.Languages, "vie+") {
		t.Errorf("with two models: %+v, languages %q", r, got.Languages)
	}
	for _, bad := range []tesseract.Options{
		{Languages: "vie+xxx"}, {Languages: "../tessdata/vie"}, {Models: t.TempDir()}, {Languages: "vie+"},
	} {
		if e, err := tesseract.New(bad); !errors.Is(err, tesseract.ErrModels) {
			t.Errorf("New(%+v) = %v, %v; want ErrModels", bad, e, err)
		}
	}
}

// The makers of an engine must leave the process its standard error.
func TestStandardErrorSurvives(t *testing.T) {
	t.Parallel()
	before, err := os.Readlink("/proc/self/fd/2")
	if err != nil {
		t.Fatal(err)
	}
	engine(t, tesseract.Options{})
	// Other tests may be making an engine just now; the last one puts it back.
	deadline := time.Now().Add(5 * time.Second)
	for {
		after, err := os.Readlink("/proc/self/fd/2")
		if err == nil && (after == before || before == os.DevNull) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("standard error is %q, was %q", after, before)
		}
	}
}

// The larger model is for deep looks alone; the languages name what has read.
func TestSecondModelReadsDeepLooks(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{Second: "script/Vietnamese"})
	img, _ := letter(t)
	part := img.SubImage(image.Rect(230, 560, 1640, 625)).(*image.Gray)
	if !e.Deep() || engine(t, tesseract.Options{}).Deep() {
		t.Error("an engine is deep with a second model, and only then")
	}
	for _, c := range []struct {
		look recognize.Look
		want string
	}{
		{recognize.Look{DPI: 200, As: recognize.AsBlock}, "vie"},
		{recognize.Look{DPI: 200, As: recognize.AsLine}, "vie"},
		{recognize.Look{DPI: 200, As: recognize.AsLine, Deep: true}, "vie+Vietnamese"},
	} {
		lines, err := e.Read(t.Context(), part, c.look)
		if err != nil {
			t.Fatal(err)
		}
		if got := textOf(lines); !strings.HasPrefix(got, "Thực hiện kế hoạch") {
			t.Errorf("%+v read %q", c.look, got)
		}
		if got := e.Languages(); !strings.HasSuffix(got, c.want[3:]) || c.want == "vie" && got != "vie" {
			t.Errorf("after %+v the languages are %q, want %q", c.look, got, c.want)
		}
	}
	if e, err := tesseract.New(tesseract.Options{Second: "xxx"}); !errors.Is(err, tesseract.ErrModels) {
		t.Errorf("New with a second model that is not there = %v, %v", e, err)
	}
}

// Only letters of the alphabet may be read, and only for that look.
func TestAlphabet(t *testing.T) {
	t.Parallel()
	e := engine(t, tesseract.Options{})
	img, _ := letter(t)
	part := img.SubImage(image.Rect(230, 560, 1640, 625)).(*image.Gray)
	const digits = "0123456789"
	lines, err := e.Read(t.Context(), part, recognize.Look{DPI: 200, As: recognize.AsLine, Alphabet: digits})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Trim(textOf(lines), digits+" \n"); got != "" {
		t.Errorf("read %q beside digits", got)
	}
	if lines, err = e.Read(t.Context(), part, recognize.Look{DPI: 200, As: recognize.AsLine}); err != nil {
		t.Fatal(err)
	}
	if got := textOf(lines); !strings.HasPrefix(got, "Thực hiện kế hoạch") {
		t.Errorf("after a look with an alphabet, read %q", got)
	}
}
