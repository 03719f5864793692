package prepare_test

import (
	"testing"

	"hoso/pipeline/prepare"
)

// TestDecode: scans keep their resolution, others come to one at which letters can be
// traced; what is red stays red, and where it was.
func TestDecode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ native, want int }{{100, 300}, {200, 300}, {300, 300}, {400, 400}, {600, 300}} {
		s := letter(t, c.native)
		for turn := range 2 {
			hint := prepare.Hint{DPIX: float64(c.native), DPIY: float64(c.native), Turn: turn}
			got, err := prepare.Decode(t.Context(), s.PPM(), hint, prepare.Options{})
			if err != nil {
				t.Fatal(err)
			}
			w, h := s.Image.Rect.Dx()*c.want/c.native, s.Image.Rect.Dy()*c.want/c.native
			if turn == 1 {
				w, h = h, w
			}
			if int(got.DPI+0.5) != c.want || abs(got.Width-w) > 2 || abs(got.Height-h) > 2 || len(got.Pix) != 3*got.Width*got.Height {
				t.Errorf("%d dpi, turn %d: %d × %d at %g dpi, want %d × %d at %d", c.native, turn, got.Width, got.Height, got.DPI, w, h, c.want)
			}
		}
	}
	if _, err := prepare.Decode(t.Context(), []byte("no image at all"), prepare.Hint{}, prepare.Options{}); err == nil {
		t.Error("no image was decoded")
	}
	if _, err := prepare.Decode(t.Context(), bomb(60_000, 60_000), prepare.Hint{}, prepare.Options{}); err == nil {
		t.Error("an enormous image was decoded")
	}
}
