package fax_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/ccitt"

	"hoso/pipeline/intake/fax"
)

// decode reads a T.6 stream with a decoder that is not ours.
func decode(t *testing.T, stream []byte, width, height int) []byte {
	t.Helper()
	r := ccitt.NewReader(bytes.NewReader(stream), ccitt.MSB, ccitt.Group4, width, height, &ccitt.Options{})
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("decoding %d × %d: %v", width, height, err)
	}
	return got
}

func encode(rows []byte, width int) []byte {
	stride := (width + 7) / 8
	e := fax.NewEncoder(width)
	for i := 0; i < len(rows); i += stride {
		e.Row(rows[i : i+stride])
	}
	return e.Bytes()
}

func masked(rows []byte, width int) []byte {
	stride := (width + 7) / 8
	if width%8 == 0 {
		return rows
	}
	for i := stride - 1; i < len(rows); i += stride {
		rows[i] &= 0xff << (8 - width%8)
	}
	return rows
}

func TestEveryRunLength(t *testing.T) {
	t.Parallel()
	const width = 5400
	stride := width / 8
	var rows []byte
	for n := range width {
		row := bytes.Repeat([]byte{0xff}, stride)
		for x := 20; x < min(width, 20+n); x++ { // black
			row[x/8] &^= 0x80 >> (x % 8)
		}
		rows = append(rows, row...)
		if n%2 == 0 {
			for i := range row {
				row[i] ^= 0xff
			}
			rows = append(rows, row...)
		}
	}
	got := decode(t, encode(rows, width), width, len(rows)/stride)
	if !bytes.Equal(got, rows) {
		t.Fatal("the decoded rows differ from the encoded ones")
	}
}

func TestRandomImages(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		width, height := 1+rng.IntN(200), 1+rng.IntN(20)
		stride := (width + 7) / 8
		rows := make([]byte, stride*height)
		density := rng.IntN(4)
		for i := range rows {
			rows[i] = byte(rng.Uint32())
			for range density {
				rows[i] |= byte(rng.Uint32())
			}
			if i >= stride && rng.IntN(3) > 0 {
				rows[i] = rows[i-stride]
			}
		}
		rows = masked(rows, width)
		got := masked(decode(t, encode(rows, width), width, height), width)
		if !bytes.Equal(got, rows) {
			t.Fatalf("%d × %d: the decoded rows differ", width, height)
		}
	}
}
