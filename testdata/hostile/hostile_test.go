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

// TestBombIsSound reads a huge image as far as its header, and a bomb as far as a
// test can wait: one that does not explode would test nothing.
func TestBombIsSound(t *testing.T) {
	t.Parallel()
	cfg, err := png.DecodeConfig(bytes.NewReader(made(t, "huge-1bit.png")))
	if err != nil || cfg.Width != 35000 {
		t.Errorf("huge-1bit.png: width %d, %v", cfg.Width, err)
	}
	b := made(t, "image-bomb.pdf")
	r, err := zlib.NewReader(bytes.NewReader(b[bytes.LastIndex(b, []byte("\nstream\n"))+8:]))
	if err != nil {
		t.Fatal(err)
	}
	const enough = 64 << 20
	if n, err := io.CopyN(io.Discard, r, enough); n != enough {
		t.Errorf("image-bomb.pdf swells to %d bytes only: %v", n, err)
	}
}

func made(t *testing.T, name string) []byte {
	t.Helper()
	for _, f := range hostile.Files() {
		if f.Name != name {
			continue
		}
		b, err := f.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	t.Fatalf("no file is called %s", name)
	return nil
}
