package prepare_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"sync"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/pagetest"
	"hoso/pipeline/prepare"
)

func sheet(t *testing.T, dpi int) *pagetest.Sheet {
	t.Helper()
	s, err := pagetest.New(dpi)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// letters keeps one letter for every resolution: setting type is slow.
var letters sync.Map

// letter gives a letter of its own to a test.
func letter(t *testing.T, dpi int) *pagetest.Sheet {
	t.Helper()
	set, _ := letters.LoadOrStore(dpi, sync.OnceValues(func() (*pagetest.Sheet, error) {
		s, err := pagetest.New(dpi)
		if err == nil {
			_, err = s.Letter()
		}
		return s, err
	}))
	s, err := set.(func() (*pagetest.Sheet, error))()
	if err != nil {
		t.Fatal(err)
	}
	return s.Copy()
}

func prepared(t *testing.T, s *pagetest.Sheet, turn int) *prepare.Prepared {
	t.Helper()
	hint := prepare.Hint{DPIX: float64(s.DPI), DPIY: float64(s.DPI), Turn: turn}
	p, err := prepare.Prepare(t.Context(), s.PPM(), hint, prepare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWorkingSize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ native, working int }{{100, 200}, {150, 150}, {200, 200}, {300, 200}} {
		p := prepared(t, letter(t, c.native), 0)
		wide := int(pagetest.A4Width / 25.4 * float64(c.working))
		if p.DPI != c.working || abs(p.Gray.Rect.Dx()-wide) > 2 {
			t.Errorf("%d dpi: working at %d dpi, %d pixels wide; want %d and about %d", c.native, p.DPI, p.Gray.Rect.Dx(), c.working, wide)
		}
		if p.Blank || p.Turn != 0 || math.Abs(p.Skew) > 0.2 || p.RedFraction > 0 || p.NativeDPI != float64(c.native) {
			t.Errorf("%d dpi: blank %v, turn %d, skew %.2f, red %.4f, native %.0f", c.native, p.Blank, p.Turn, p.Skew, p.RedFraction, p.NativeDPI)
		}
	}
}

func TestBlank(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		draw func(*pagetest.Sheet) error
		want bool
	}{
		"white": {func(*pagetest.Sheet) error { return nil }, true},
		"noisy": {func(s *pagetest.Sheet) error { s.Worn(7); return nil }, true},
		"shadow at the edge": {func(s *pagetest.Sheet) error {
			for y := range s.Image.Rect.Dy() {
				for x := range 12 {
					s.Image.Set(x, y, color.Black)
				}
			}
			return nil
		}, true},
		"one line": {func(s *pagetest.Sheet) error { return s.Type(30, 40, "Regular", 13, "Trang này để trống") }, false},
		"seal":     {func(s *pagetest.Sheet) error { s.Seal(100, 100, 18); return nil }, false},
	} {
		s := sheet(t, 200)
		if err := c.draw(s); err != nil {
			t.Fatal(err)
		}
		if p := prepared(t, s, 0); p.Blank != c.want {
			t.Errorf("%s: blank = %v, want %v", name, p.Blank, c.want)
		}
	}
}

func TestSealIsSeenAndRemoved(t *testing.T) {
	t.Parallel()
	s := letter(t, 200)
	s.Seal(125, 180, 18)
	p := prepared(t, s, 0)
	if p.RedFraction <= prepare.SealFraction {
		t.Errorf("red fraction = %.4f, want more than %.4f", p.RedFraction, prepare.SealFraction)
	}
	at := image.Pt(984, 1417)
	if v := p.Gray.GrayAt(at.X, at.Y).Y; v < 190 {
		t.Errorf("the seal's middle is %d on the picture, want it nearly white", v)
	}
}

// TestNothingOfASealIsLeft compares a letter from a scanner, which keeps colours at half
// the resolution, with the same letter under a seal.
func TestNothingOfASealIsLeft(t *testing.T) {
	t.Parallel()
	picture := func(s *pagetest.Sheet) *image.Gray {
		b, err := s.JPEG()
		if err != nil {
			t.Fatal(err)
		}
		p, err := prepare.Prepare(t.Context(), b, prepare.Hint{DPIX: 200, DPIY: 200}, prepare.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Gray
	}
	bare := letter(t, 200)
	sealed := bare.Copy()
	const x, y, radius = 60, 120, 18 // mm, over lines of text
	sealed.Seal(x, y, radius)
	want, got := picture(bare), picture(sealed)
	paper, ghost, ink, lost := 0, 0, 0, 0
	for py := 805; py < 1085; py++ {
		for px := 330; px < 615; px++ {
			switch a, b := want.GrayAt(px, py).Y, got.GrayAt(px, py).Y; {
			case a > 250:
				paper++
				if b < 215 {
					ghost++
				}
			case a < 60:
				ink++
				if b > 110 {
					lost++
				}
			}
		}
	}
	if paper < 10_000 || ink < 1_000 {
		t.Fatalf("%d pixels of paper and %d of ink under the seal", paper, ink)
	}
	if 200*ghost > paper || 100*lost > ink {
		t.Errorf("of %d pixels of paper %d are gray, of %d of ink %d are", paper, ghost, ink, lost)
	}
}

func TestUnevenLightIsEvened(t *testing.T) {
	t.Parallel()
	s := letter(t, 200)
	s.Worn(3)
	p := prepared(t, s, 0)
	for _, at := range []image.Point{{60, 2200}, {1590, 2200}, {1590, 60}} {
		if v := p.Gray.GrayAt(at.X, at.Y).Y; v < 235 {
			t.Errorf("paper at %v is %d, want nearly white", at, v)
		}
	}
}

func TestLeadersGo(t *testing.T) {
	t.Parallel()
	s := letter(t, 300)
	// Writing on the row, a colon before it and the dot below ị on it must stay.
	if err := s.Leader(60, 180, 220, 13); err != nil {
		t.Fatal(err)
	}
	for x := s.DPI * 100 * 10 / 254; x < s.DPI*120*10/254; x++ {
		for y := s.DPI * 2185 / 254; y < s.DPI*2215/254; y++ {
			s.Image.Set(x, y, color.White)
		}
	}
	p := prepared(t, s, 0)
	y := 1732 // 220 mm
	dark := 0
	for x := range p.Gray.Rect.Dx() {
		for dy := -8; dy <= 4; dy++ {
			if p.Gray.GrayAt(x, y+dy).Y < 160 {
				dark++
			}
		}
	}
	if dark > 20 {
		t.Errorf("%d dark pixels are left of a dotted line", dark)
	}
	full := prepared(t, letter(t, 300), 0)
	at := image.Rect(0, 0, full.Gray.Rect.Dx(), 1575)
	if a, b := ink(p.Gray, at), ink(full.Gray, at); a != b {
		t.Errorf("the text has %d dark pixels beside a dotted line and %d without", a, b)
	}
}

func ink(img *image.Gray, r image.Rectangle) int {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if img.GrayAt(x, y).Y < 128 {
				n++
			}
		}
	}
	return n
}

func TestSkew(t *testing.T) {
	t.Parallel()
	for _, degrees := range []float64{-1.5, 3, -5, 9} {
		p := prepared(t, letter(t, 200).Rotated(degrees), 0)
		if math.Abs(p.Skew-degrees) > 0.2 {
			t.Errorf("skew = %.2f, want %.1f ± 0.2", p.Skew, degrees)
		}
	}
}

// A dark block drawn at a known place must be traced back to it from where it lies
// on the picture, whatever was done to the page in between.
func TestBoxesLeadBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dpi, turn int
		degrees   float64
	}{{300, 0, 0}, {200, 0, 0}, {120, 0, 0}, {300, 1, 0}, {200, 2, 0}, {200, 3, 0}, {200, 0, 4}, {200, 0, -6}, {300, 1, 3}} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			t.Parallel()
			s := letter(t, c.dpi)
			for y := c.dpi * 9; y < c.dpi*9+c.dpi/2; y++ {
				for x := c.dpi * 3; x < c.dpi*4; x++ {
					s.Image.Set(x, y, color.Black)
				}
			}
			upright := s.Rotated(c.degrees)
			want := darkBlock(gray(upright))
			p := prepared(t, upright.Turned(4-c.turn), c.turn)
			if p.Width != upright.Image.Rect.Dx() || p.Height != upright.Image.Rect.Dy() || p.Turn != c.turn {
				t.Fatalf("page is %d×%d turned %d, want %v turned %d", p.Width, p.Height, p.Turn, upright.Image.Rect.Max, c.turn)
			}
			found := darkBlock(p.Gray)
			got := p.Box(pipeline.Box{X0: found.Min.X, Y0: found.Min.Y, X1: found.Max.X, Y1: found.Max.Y})
			slack := 4 + int(math.Abs(math.Sin(c.degrees*math.Pi/180))*float64(c.dpi)*1.2)
			for _, d := range []int{got.X0 - want.Min.X, got.Y0 - want.Min.Y, got.X1 - want.Max.X, got.Y1 - want.Max.Y} {
				if abs(d) > slack {
					t.Fatalf("block found at %+v, want %v ± %d", got, want, slack)
				}
			}
		})
	}
}

// darkBlock is the box around what is dark over a length no letter has.
func darkBlock(img *image.Gray) image.Rectangle {
	var box image.Rectangle
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+w]
		from := 0
		for x := 0; x <= w; x++ {
			if x < w && row[x] < 100 {
				continue
			}
			if x-from > w/25 {
				box = box.Union(image.Rect(from, y, x, y+1))
			}
			from = x + 1
		}
	}
	return box
}

// gray gives the green of a sheet.
func gray(s *pagetest.Sheet) *image.Gray {
	out := image.NewGray(s.Image.Rect)
	for i := range out.Pix {
		out.Pix[i] = s.Image.Pix[4*i+1]
	}
	return out
}

func abs(n int) int { return max(n, -n) }

func TestUpright(t *testing.T) {
	t.Parallel()
	for quarters := range 4 {
		s := letter(t, 200)
		p := prepared(t, s.Turned(quarters), 0)
		if p.Turn != (4-quarters)%4 || p.Width != s.Image.Rect.Dx() || p.Height != s.Image.Rect.Dy() {
			t.Errorf("turned by %d: turned back by %d to %d×%d, want %v", quarters, p.Turn, p.Width, p.Height, s.Image.Rect.Max)
		}
		q, err := p.Upright(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if q != nil {
			t.Errorf("an upright page was turned by %d", q.Turn)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	b, err := sheet(t, 100).JPEG()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		encoded []byte
		opt     prepare.Options
		code    string
	}{
		"nothing":      {nil, prepare.Options{}, "image-unreadable"},
		"text":         {[]byte("Cộng hòa xã hội chủ nghĩa Việt Nam"), prepare.Options{}, "image-unreadable"},
		"only a head":  {b[:300], prepare.Options{}, "image-unreadable"},
		"too large":    {b, prepare.Options{DecodedBytes: 1000}, "image-too-large"},
		"bomb":         {bomb(60_000, 60_000), prepare.Options{}, "image-too-large"},
		"dot":          {[]byte("P5 1 1 255\n\x00            "), prepare.Options{}, "image-too-small"},
		"thin":         {append([]byte("P5 4000 2 255\n"), make([]byte, 8000)...), prepare.Options{}, "image-too-small"},
		"gif is not a": {[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,"), prepare.Options{}, "image-unreadable"},
	} {
		_, err := prepare.Prepare(t.Context(), c.encoded, prepare.Hint{}, c.opt)
		if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != c.code || r.Reason.Vietnamese == "" {
			t.Errorf("%s: %v, want refusal %s", name, err, c.code)
		}
	}
}

// bomb is a small file that says it holds a gray image of the given size.
func bomb(w, h int) []byte {
	return append(fmt.Appendf(nil, "P5 %d %d 255\n", w, h), make([]byte, 100)...)
}

func TestLargeBilevelSheet(t *testing.T) {
	t.Parallel()
	const side = 20_000 // pixels; 50 MB at one bit
	b := append(fmt.Appendf(nil, "P4 %d %d\n", side, side), make([]byte, side*side/8)...)
	p, err := prepare.Prepare(t.Context(), b, prepare.Hint{DPIX: 600, DPIY: 600}, prepare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Width != side || !p.Blank || p.Gray.Rect.Dx()*p.Gray.Rect.Dy() > 80<<20 {
		t.Errorf("got %d wide, blank %v, picture %v", p.Width, p.Blank, p.Gray.Rect)
	}
}

func TestHintOfALargerOriginal(t *testing.T) {
	t.Parallel()
	p, err := prepare.Prepare(t.Context(), letter(t, 200).PPM(), prepare.Hint{Width: 2 * 1654, Height: 2 * 2339, DPIX: 400, DPIY: 400}, prepare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.DPI != 200 || p.NativeDPI != 400 || p.Width != 3308 {
		t.Errorf("dpi %d, native %.0f, width %d; want 200, 400, 3308", p.DPI, p.NativeDPI, p.Width)
	}
	if got, want := p.Box(pipeline.Box{X0: 10, Y0: 20, X1: 30, Y1: 40}), (pipeline.Box{X0: 20, Y0: 40, X1: 60, Y1: 80}); got != want {
		t.Errorf("box %+v, want %+v", got, want)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := prepare.Prepare(ctx, letter(t, 100).PPM(), prepare.Hint{}, prepare.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
}

func FuzzPrepare(f *testing.F) {
	f.Add([]byte("P5 32 32 255\n" + string(bytes.Repeat([]byte{200}, 1024))))
	f.Add([]byte("P4 64 64\n" + string(bytes.Repeat([]byte{0xf0}, 512))))
	f.Add(bomb(40_000, 40_000))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := prepare.Prepare(t.Context(), b, prepare.Hint{}, prepare.Options{DecodedBytes: 8 << 20})
		if err == nil && (p.Gray == nil || p.Width < 1 || p.Height < 1) {
			t.Fatalf("no picture and no error: %+v", p)
		}
	})
}
