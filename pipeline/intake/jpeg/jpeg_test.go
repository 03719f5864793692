package jpeg_test

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/intake/jpeg"
)

func sample(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func noisy(w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i * i >> 3)
	}
	return img
}

// TestEveryCutIsNoticed: no beginning of a JPEG passes for the whole, even if
// somebody has put an end after it.
func TestEveryCutIsNoticed(t *testing.T) {
	t.Parallel()
	b := sample(t, noisy(37, 23))
	if _, err := jpeg.Parse(b); err != nil {
		t.Fatalf("the whole: %v", err)
	}
	for n := 2; n < len(b)-2; n++ {
		for _, c := range [][]byte{b[:n], append(b[:n:n], 0xff, 0xd9)} {
			// The last bytes may hold nothing but padding.
			if _, err := jpeg.Parse(c); err == nil && n < len(b)-4 {
				t.Fatalf("cut after %d of %d bytes: no error", n, len(b))
			}
		}
	}
}

func TestMergeStatesTheTransform(t *testing.T) {
	t.Parallel()
	b := sample(t, noisy(16, 16))
	merged, err := jpeg.Merge(nil, b, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := jpeg.Parse(merged)
	if err != nil || info.Adobe != 0 {
		t.Errorf("Parse: %+v, %v, want Adobe transform 0", info, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample(f, noisy(17, 9)))
	f.Add(sample(f, image.NewRGBA(image.Rect(0, 0, 9, 17))))
	f.Fuzz(func(t *testing.T, b []byte) {
		info, err := jpeg.Parse(b)
		if _, ok := pipeline.AsRefusal(err); err != nil && !ok {
			t.Errorf("%v, want a refusal", err)
		}
		if err == nil && (info.Width <= 0 || info.Height <= 0 || info.Components < 1) {
			t.Errorf("%+v", info)
		}
	})
}

// FuzzJoin: strips that a stranger sends are joined to a JPEG or left alone.
func FuzzJoin(f *testing.F) {
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 24, 16)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), b.Bytes(), 32)
	f.Fuzz(func(t *testing.T, a, b []byte, height int) {
		before := bytes.Clone(a)
		if out, ok := jpeg.Join([][]byte{a, b}, height); ok && len(out) > len(a)+len(b)+10 {
			t.Errorf("%d bytes of %d and %d", len(out), len(a), len(b))
		}
		if !bytes.Equal(a, before) {
			t.Error("the strip was written to")
		}
	})
}
