package hostile

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
)

// zeros gives a zlib stream (RFC 1950) of n zero bytes: one compressed megabyte,
// repeated, which takes no time to make and a thousand times its size to read.
func zeros(n int64) []byte {
	const piece = 1 << 20
	block := flushed(piece)
	out := []byte{0x78, 0x9c}
	for range n / piece {
		out = append(out, block...)
	}
	out = append(out, flushed(int(n%piece))...)
	out = append(out, 0x03, 0x00) // a last, empty block
	// Adler-32 of n zeros: the first sum stays 1, the second counts.
	return binary.BigEndian.AppendUint32(out, uint32(n%65521)<<16|1)
}

// flushed deflates n zeros and ends on a byte, so that pieces can be joined.
func flushed(n int) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	// A bytes.Buffer takes everything.
	_, _ = w.Write(make([]byte, n))
	_ = w.Flush()
	return b.Bytes()
}

// packed compresses b once more.
func packed(b []byte) []byte {
	var out bytes.Buffer
	out.Write([]byte{0x78, 0x9c})
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = w.Write(b)
	_ = w.Close()
	sum1, sum2 := uint32(1), uint32(0)
	for _, c := range b {
		sum1 = (sum1 + uint32(c)) % 65521
		sum2 = (sum2 + sum1) % 65521
	}
	return binary.BigEndian.AppendUint32(out.Bytes(), sum2<<16|sum1)
}
