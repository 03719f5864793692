package sign_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"io"
	"testing"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// BenchmarkSign signs a small file with ECDSA P-256 and a timestamp made in the same
// process: what a record costs apart from copying it.
func BenchmarkSign(b *testing.B) {
	p := newPKI(b)
	r := sign.Request{Identity: p.identity(b, signtest.KeyOn(b, elliptic.P256()), nil), Timestamper: p.stamper(b), Time: now}
	file := classicPDF()
	for b.Loop() {
		if _, err := sign.Sign(context.Background(), bytes.NewReader(file), int64(len(file)), io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify judges the file that BenchmarkSign makes.
func BenchmarkVerify(b *testing.B) {
	p := newPKI(b)
	out, _ := signed(b, classicPDF(), sign.Request{Identity: p.identity(b, signtest.KeyOn(b, elliptic.P256()), nil), Timestamper: p.stamper(b), Time: now})
	for b.Loop() {
		if r := verified(b, out, p); r.Verdict != sign.Valid {
			b.Fatal(r.Verdict)
		}
	}
}
