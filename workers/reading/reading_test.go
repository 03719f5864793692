package reading_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hoso/pipeline"
	"hoso/pipeline/intake"
	"hoso/pipeline/pagetest"
	"hoso/pipeline/recognize"
	"hoso/pipeline/recognize/tesseract"
	"hoso/workers/bench"
	"hoso/workers/reading"
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

var letter = sync.OnceValues(func() (*pagetest.Sheet, error) {
	s, err := pagetest.New(200)
	if err == nil {
		_, err = s.Letter()
	}
	return s, err
})

func sheet(t *testing.T) *pagetest.Sheet {
	t.Helper()
	s, err := letter()
	if err != nil {
		t.Fatal(err)
	}
	return s.Copy()
}

func leaf(s *pagetest.Sheet, turn int) intake.Leaf {
	b := s.Image.Rect
	w, h := float64(b.Dx())*72/float64(s.DPI), float64(b.Dy())*72/float64(s.DPI)
	if turn%2 == 1 {
		w, h = h, w
	}
	return intake.Leaf{
		Origin:   pipeline.Scan,
		Image:    pipeline.Image{Width: b.Dx(), Height: b.Dy(), Bits: 8, DPIX: float64(s.DPI), DPIY: float64(s.DPI)},
		Readable: s.PPM(), Turn: turn, WidthPt: w, HeightPt: h,
	}
}

// scripted is an engine that answers as it is told, one answer a page. A second look
// at a part of a page sees nothing.
type scripted struct {
	answers []func(ctx context.Context) ([]pipeline.Line, error)
}

func (s *scripted) Read(ctx context.Context, _ *image.Gray, look recognize.Look) ([]pipeline.Line, error) {
	if look.As != recognize.AsPage {
		return nil, nil
	}
	if len(s.answers) == 0 {
		return nil, errors.New("one page more than was scripted")
	}
	answer := s.answers[0]
	s.answers = s.answers[1:]
	return answer(ctx)
}

func (s *scripted) Deep() bool        { return false }
func (s *scripted) Name() string      { return "scripted 1" }
func (s *scripted) Languages() string { return "vie" }
func (s *scripted) Close() error      { return nil }

func says(text string, confidence float32) func(context.Context) ([]pipeline.Line, error) {
	word := pipeline.Word{Text: text, Confidence: confidence, Box: pipeline.Box{X0: 10, Y0: 20, X1: 110, Y1: 50}}
	return func(context.Context) ([]pipeline.Line, error) {
		return []pipeline.Line{{Words: []pipeline.Word{word}}}, nil
	}
}

func tires(text string, confidence float32) func(context.Context) ([]pipeline.Line, error) {
	return func(ctx context.Context) ([]pipeline.Line, error) {
		lines, err := says(text, confidence)(ctx)
		return lines, errors.Join(recognize.ErrTired, err)
	}
}

// crowd is a sheet of more squares than any page has letters.
func crowd() *pagetest.Sheet {
	const side, cell, gap = 4000, 12, 3
	s := &pagetest.Sheet{Image: image.NewRGBA(image.Rect(0, 0, side, side)), DPI: 200}
	for i := range side * side {
		level := uint8(0)
		if i%side%cell < gap || i/side%cell < gap {
			level = 255
		}
		copy(s.Image.Pix[4*i:], []uint8{level, level, level, 255})
	}
	return s
}

func breaks(err error) func(context.Context) ([]pipeline.Line, error) {
	return func(context.Context) ([]pipeline.Line, error) { return nil, err }
}

func waits(ctx context.Context) ([]pipeline.Line, error) {
	<-ctx.Done()
	return nil, fmt.Errorf("recognizing: %w", ctx.Err())
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	blank := sheet(t)
	for i := range blank.Image.Pix {
		blank.Image.Pix[i] = 255
	}
	unreadable := leaf(sheet(t), 0)
	unreadable.Readable = []byte("no image at all")
	for _, c := range []struct {
		name    string
		leaf    intake.Leaf
		answers []func(context.Context) ([]pipeline.Line, error)
		want    pipeline.Outcome
		reason  string
		err     error
		flags   []pipeline.Flag
	}{
		{"read", leaf(sheet(t), 0), list(says("giấy", 93)), pipeline.PageOK, "", nil, nil},
		{"doubtful", leaf(sheet(t), 0), list(says("giấy", 75)), pipeline.PageOK, "", nil, []pipeline.Flag{pipeline.Doubtful}},
		{"upside down", leaf(sheet(t).Turned(2), 0), list(says("giấy", 93)), pipeline.PageOK, "", nil, []pipeline.Flag{pipeline.Turned}},
		{"doubtful though turned", leaf(sheet(t).Turned(2), 0), list(says("giấy", 75)), pipeline.PageOK, "", nil, []pipeline.Flag{pipeline.Turned, pipeline.Doubtful}},
		{"noise", leaf(sheet(t), 0), list(says("~|", 80)), pipeline.PageNoText, "", nil, nil},
		{"guesses", leaf(sheet(t), 0), list(says("giấy", 20)), pipeline.PageNoText, "", nil, nil},
		{"blank", leaf(blank, 0), nil, pipeline.PageBlank, "", nil, nil},
		{"crowded", leaf(crowd(), 0), nil, pipeline.PageNoText, "", nil, nil},
		{"read in part", leaf(sheet(t), 0), list(tires("giấy", 93)), pipeline.PageOK, "page-read-in-part", nil, []pipeline.Flag{pipeline.Doubtful}},
		{"too slow", leaf(sheet(t), 0), list(waits), pipeline.PageTimedOut, "page-too-slow", nil, nil},
		{"unreadable", unreadable, nil, pipeline.PageFailed, "image-unreadable", nil, nil},
		{"engine breaks", leaf(sheet(t), 0), list(breaks(broken)), pipeline.PageFailed, "page-unread", broken, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			engine := &scripted{answers: c.answers}
			page, err := reading.New(engine, reading.Options{Patience: 50 * time.Millisecond}).Read(t.Context(), c.leaf, 7)
			if !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Fatalf("error = %v, want %v", err, c.err)
			}
			if page.Outcome != c.want || page.Reason.Code != c.reason || page.Number != 7 || page.Attempts != 1 {
				t.Errorf("outcome %s, reason %q, number %d; want %s, %q, 7", page.Outcome, page.Reason.Code, page.Number, c.want, c.reason)
			}
			if c.reason != "" && (page.Reason.Vietnamese == "" || page.Reason.Page != 7) {
				t.Errorf("reason %+v does not say where", page.Reason)
			}
			if !slices.Equal(page.Flags, c.flags) {
				t.Errorf("flags %q, want %q", page.Flags, c.flags)
			}
			if len(engine.answers) != 0 {
				t.Errorf("%d answers were not asked for", len(engine.answers))
			}
			if page.Width == 0 || page.WidthPt == 0 {
				t.Errorf("page has no size: %+v", page)
			}
		})
	}
}

func list(answers ...func(context.Context) ([]pipeline.Line, error)) []func(context.Context) ([]pipeline.Line, error) {
	return answers
}

func TestEndOfContextIsAnError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	page, err := reading.New(&scripted{answers: list(waits)}, reading.Options{}).Read(ctx, leaf(sheet(t), 0), 1)
	if !errors.Is(err, context.DeadlineExceeded) || page.Outcome != pipeline.PageFailed {
		t.Errorf("outcome %s, error %v; want failed and the context's error", page.Outcome, err)
	}
}

func TestTurnAndPlace(t *testing.T) {
	t.Parallel()
	s := sheet(t)
	w, h := s.Image.Rect.Dx(), s.Image.Rect.Dy()
	// The file says: turn by one; the letters say: by two more.
	l := leaf(s.Turned(1), 1)
	engine := &scripted{answers: list(says("giấy", 90))}
	page, err := reading.New(engine, reading.Options{}).Read(t.Context(), l, 1)
	if err != nil {
		t.Fatal(err)
	}
	if page.Turn != 3 || page.Width != w || page.Height != h || page.WidthPt > page.HeightPt {
		t.Errorf("turn %d, %d×%d pixels, %.0f×%.0f pt; want 3, %d×%d upright", page.Turn, page.Width, page.Height, page.WidthPt, page.HeightPt, w, h)
	}
	if got, want := page.Lines[0].Words[0].Box, (pipeline.Box{X0: 10, Y0: 20, X1: 110, Y1: 50}); got != want {
		t.Errorf("box %+v, want %+v", got, want)
	}
	if page.Engine != "scripted 1" || page.Languages != "vie" || page.Confidence < 85 {
		t.Errorf("engine %q, languages %q, confidence %.0f", page.Engine, page.Languages, page.Confidence)
	}
}

func TestDigitalPagesPass(t *testing.T) {
	t.Parallel()
	lines := []pipeline.Line{{Words: []pipeline.Word{{Text: "Quyết", Confidence: 100}}}}
	l := intake.Leaf{Origin: pipeline.Digital, Image: pipeline.Image{Width: 100, Height: 200}, Lines: lines, Flags: []pipeline.Flag{pipeline.Rendered}}
	r := reading.New(&scripted{}, reading.Options{})
	page, err := r.Read(t.Context(), l, 2)
	if err != nil || page.Outcome != pipeline.PageOK || page.Text() != "Quyết" || page.Confidence != 100 || page.Engine != "" {
		t.Errorf("page %+v, %v", page, err)
	}
	l.Lines = nil
	if page, err = r.Read(t.Context(), l, 2); err != nil || page.Outcome != pipeline.PageNoText {
		t.Errorf("without words: %s, %v", page.Outcome, err)
	}
}

func TestCarry(t *testing.T) {
	t.Parallel()
	l := leaf(sheet(t), 3)
	l.Readable = nil
	page := reading.New(&scripted{}, reading.Options{}).Carry(l, 4)
	if page.Number != 4 || page.Turn != 3 || page.Width != l.Image.Height || page.Height != l.Image.Width || page.Outcome != pipeline.PageFailed {
		t.Errorf("page %+v", page)
	}
}

// newEngine is Tesseract, closed with the test.
func newEngine(t *testing.T) *tesseract.Engine {
	t.Helper()
	engine, err := tesseract.New(tesseract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// One page from pixels to words by the real engine, lying on its side, with a seal.
func TestReadWithTesseract(t *testing.T) {
	t.Parallel()
	engine := newEngine(t)
	var truth bytes.Buffer
	s, err := pagetest.New(200)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.Letter()
	if err != nil {
		t.Fatal(err)
	}
	truth.WriteString(text)
	s.Seal(125, 165, 17)
	page, err := reading.New(engine, reading.Options{Patience: 5 * time.Minute}).Read(t.Context(), leaf(s.Turned(1), 0), 1)
	if err != nil {
		t.Fatal(err)
	}
	if r := bench.Score(truth.String(), page.Text()); r.CER > 0.015 || r.CERExtra > 0.04 {
		t.Errorf("error rates %+v; read:\n%s", r, page.Text())
	}
	if page.Turn != 3 || !slices.Contains(page.Flags, pipeline.HasSeal) || page.CPUMillis <= 0 {
		t.Errorf("turn %d, flags %q, %d ms of processor", page.Turn, page.Flags, page.CPUMillis)
	}
	for _, l := range page.Lines {
		for _, w := range l.Words {
			if w.Text == "000.00.15.H42-250317-0042" {
				want := image.Rect(400, 755, 900, 800) // 76 + 3·8 mm down
				if got := image.Rect(w.Box.X0, w.Box.Y0, w.Box.X1, w.Box.Y1); !got.In(want) {
					t.Errorf("the number lies at %v, want within %v", got, want)
				}
				return
			}
		}
	}
	t.Errorf("the dossier number was not read:\n%s", page.Text())
}

// TestReadUnderDirtyGlass: a page with streaks through its print is flagged and yet read. Half
// of the streaks hide the print and half let it show; unless they are wiped
// off, 8 % of the letters come out wrong.
func TestReadUnderDirtyGlass(t *testing.T) {
	t.Parallel()
	engine := newEngine(t)
	s, err := pagetest.New(200)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.Letter()
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range []int{70, 290, 410, 470, 640, 705, 850, 930, 1035, 1190, 1240, 1370, 1480, 1590} {
		for y := range s.Image.Rect.Dy() {
			for dx := range 2 + i%2*4 {
				c := s.Image.RGBAAt(x+dx, y)
				if c = (color.RGBA{c.R / 2, c.G / 2, c.B / 2, 255}); i%2 == 0 {
					c = color.RGBA{80, 80, 80, 255}
				}
				s.Image.SetRGBA(x+dx, y, c)
			}
		}
	}
	page, err := reading.New(engine, reading.Options{Patience: 5 * time.Minute}).Read(t.Context(), leaf(s, 0), 1)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(page.Flags, pipeline.Streaked) {
		t.Errorf("flags %q, want the page streaked", page.Flags)
	}
	if r := bench.Score(text, page.Text()); r.CER > 0.02 {
		t.Errorf("error rates %+v; read:\n%s", r, page.Text())
	}
}

// TestUprightAsSaid: a page that somebody turned stays so, whatever its letters say, and its
// words are those that are read that way.
func TestUprightAsSaid(t *testing.T) {
	t.Parallel()
	engine := newEngine(t)
	s, err := pagetest.New(150)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := s.Letter()
	if err != nil {
		t.Fatal(err)
	}
	r := reading.New(engine, reading.Options{Patience: 5 * time.Minute})
	for forced := range 4 {
		l := leaf(s.Turned(1), 0).Turned(forced) // 3 is right
		page, err := r.Upright().Read(t.Context(), l, 2)
		if err != nil || page.Turn != forced {
			t.Fatalf("told to turn by %d: turned by %d, %v", forced, page.Turn, err)
		}
		if (page.Width > page.Height) != (forced%2 == 0) || (page.WidthPt > page.HeightPt) != (forced%2 == 0) {
			t.Errorf("turned by %d the page is %d by %d, %.0f by %.0f", forced, page.Width, page.Height, page.WidthPt, page.HeightPt)
		}
		if wrong := bench.Score(truth, page.Text()).CER; forced == 3 && wrong > 0.05 {
			t.Errorf("turned by %d: %.0f %% of the letters are wrong", forced, 100*wrong)
		}
	}
}
