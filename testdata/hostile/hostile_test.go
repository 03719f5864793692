package hostile_test

import (
	"bytes"
	"compress/zlib"
	"image/png"
	"io"
	"testing"

	"hoso/testdata/hostile"
)

// TestFiles makes every file and holds it to its promise of being small.
func TestFiles(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, f := range hostile.Files() {
		b, err := f.Bytes()
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if len(b) > 6<<20 {
			t.Errorf("%s has %d bytes, want a small file", f.Name, len(b))
		}
		if names[f.Name] || f.Why == "" || f.Fate == "" {
			t.Errorf("%s stands twice or says too little", f.Name)
		}
		names[f.Name] = true
	}
}

// TestBombIsSound reads a huge image as far as its header and a bomb to its end: a
// bomb that does not explode would test nothing.
func TestBombIsSound(t *testing.T) {
	t.Parallel()
	for _, f := range hostile.Files() {
		b, err := f.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		switch f.Name {
		case "huge-1bit.png":
			cfg, err := png.DecodeConfig(bytes.NewReader(b))
			if err != nil || cfg.Width != 35000 {
				t.Errorf("%s: %v, %v", f.Name, cfg.Width, err)
			}
		case "image-bomb.pdf":
			data := b[bytes.LastIndex(b, []byte("\nstream\n"))+8:]
			r, err := zlib.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, r)
			if err != nil || n != 900_000_000 {
				t.Errorf("%s swells to %d bytes: %v", f.Name, n, err)
			}
		}
	}
}
