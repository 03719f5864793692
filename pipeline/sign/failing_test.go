package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
)

// pulled is a token that is pulled out while it signs.
type pulled struct{ crypto.Signer }

// Sign fails as a driver does whose device has gone.
func (pulled) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("CKR_DEVICE_REMOVED")
}

// TestSignTellsWhatIsWrongWithTheKey in words that lead on.
func TestSignTellsWhatIsWrongWithTheKey(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := signtest.KeyOn(t, elliptic.P256())
	id := p.identity(t, good, nil)
	for name, c := range map[string]struct {
		request sign.Request
		says    string
	}{
		"1024 bits":     {sign.Request{Identity: p.identity(t, weak, nil), Time: now}, "RSA key of 1024 bits"},
		"P-224":         {sign.Request{Identity: p.identity(t, signtest.KeyOn(t, elliptic.P224()), nil), Time: now}, "ECDSA key of 224 bits"},
		"SHA-1":         {sign.Request{Identity: id, Time: now, Hash: crypto.SHA1}, "SHA-1"},
		"unknown hash":  {sign.Request{Identity: id, Time: now, Hash: 99}, "digest algorithm"},
		"pulled out":    {sign.Request{Identity: sign.Identity{Key: pulled{good}, Chain: id.Chain}, Time: now}, "CKR_DEVICE_REMOVED"},
		"ended":         {sign.Request{Identity: id, Time: now.AddDate(3, 0, 0)}, "ended on " + id.Chain[0].NotAfter.Format("2006-01-02")},
		"another's key": {sign.Request{Identity: sign.Identity{Key: signtest.KeyOn(t, elliptic.P256()), Chain: id.Chain}, Time: now}, "does not fit the key"},
		"no room":       {sign.Request{Identity: id, Time: now, Reserve: 40_000}, "more than 32000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, out := classicPDF(), &bytes.Buffer{}
			_, err := sign.Sign(t.Context(), bytes.NewReader(file), int64(len(file)), out, c.request)
			u := asUnavailable(err)
			if u == nil || u.What != "signing key" || !strings.Contains(err.Error(), c.says) || out.Len() > 0 {
				t.Errorf("error = %v after %d bytes, want Unavailable of the signing key that says %q", err, out.Len(), c.says)
			}
		})
	}
}

// full is a disk on which so many bytes find room.
type full struct{ left int }

// Write fails when the disk is full.
func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.left {
		return f.left, syscall.ENOSPC
	}
	f.left -= len(b)
	return len(b), nil
}

// TestFinishFails: whatever fails after the key was asked says what it was, and what was
// prepared can be finished nevertheless.
func TestFinishFails(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	id := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil)
	file := classicPDF()
	in := bytes.NewReader(file)
	prepare := func(reserve int) (*sign.Prepared, sign.Value) {
		ready, err := sign.Prepare(t.Context(), in, in.Size(), sign.Request{Identity: id, Time: now, Reserve: reserve})
		if err != nil {
			t.Fatal(err)
		}
		value, err := id.Key.Sign(rand.Reader, ready.Digest(), ready.Hash)
		if err != nil {
			t.Fatal(err)
		}
		return ready, sign.Value{Signature: value}
	}
	ready, value := prepare(0)
	for _, left := range []int{0, 100, len(file), len(file) + 500, len(file) + 5000} {
		if _, err := ready.Finish(t.Context(), in, &full{left}, value); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("with %d bytes free: %v", left, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ready.Finish(ended, in, io.Discard, value); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	other := bytes.Replace(file, []byte("10 10 l"), []byte("11 10 l"), 1)
	for name, changed := range map[string][]byte{"changed": other, "cut": file[:len(file)-9], "gone": nil} {
		if _, err := ready.Finish(t.Context(), bytes.NewReader(changed), io.Discard, value); err == nil || !strings.Contains(err.Error(), "changed since") {
			t.Errorf("a file that is %s since: %v", name, err)
		}
	}
	second, _ := sign.Prepare(t.Context(), bytes.NewReader(other), int64(len(other)), sign.Request{Identity: id, Time: now})
	if _, err := second.Finish(t.Context(), bytes.NewReader(other), io.Discard, value); asUnavailable(err) == nil {
		t.Errorf("the value of another signature: %v", err)
	}
	narrow, tight := prepare(200)
	_, err := narrow.Finish(t.Context(), in, &full{0}, tight)
	room, ok := errors.AsType[*sign.RoomError](err)
	if !ok || room.Need < 500 {
		t.Fatalf("with little room: %v", err)
	}
	wide, value := prepare(room.Need)
	var out bytes.Buffer
	if _, err := wide.Finish(t.Context(), in, &out, value); err != nil {
		t.Errorf("with as much room as it asked for: %v", err)
	}
	want(t, out.Bytes(), p, sign.Valid, "timestamp-none")
}

// TestReadyWithoutIssuer: the issuer's certificate is fetched where the certificate says,
// and when nobody gives it, that is said.
func TestReadyWithoutIssuer(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	if whole, err := trusting(a).Ready(t.Context(), id.Chain[:1], now); err != nil || len(whole) != 3 {
		t.Errorf("chain of %d, %v", len(whole), err)
	}
	a.Down("ca.crt", true)
	_, err := trusting(a).Ready(t.Context(), id.Chain[:1], now)
	if u := asUnavailable(err); u == nil || u.What != "signing key" || !strings.Contains(err.Error(), "HOSO_TRUST") || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("without the issuer: %v", err)
	}
}

// TestSignHybridFiles: a file with a table for old readers and a stream for new ones
// (ISO 32000-1, 7.5.8.4) keeps both; what is appended is found by either.
func TestSignHybridFiles(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	w := newWriter("1.7")
	w.object(1, "<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>")
	body(w, "")
	hidden := w.Len()
	w.object(7, "<< /Seen /ByNewReadersOnly >>")
	at := w.Len()
	w.object(6, stream("/Type /XRef /Size 8 /W [1 2 1] /Index [7 1] /Root 1 0 R", string([]byte{1, byte(hidden >> 8), byte(hidden), 0})))
	file := bytes.Replace(w.table(7), []byte("/Size 7 /Root"), []byte("/Size 8 /XRefStm "+strconv.Itoa(at)+" /Root"), 1)
	out, _ := signed(t, file, l.request)
	want(t, out, l.pki, sign.Valid, "revocation-unknown")
	popplerAccepts(t, out, 1)
	if said := judge.QPDF(t, save(t, "hybrid.pdf", out)); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	for name, broken := range map[string][]byte{
		"no stream there": bytes.Replace(file, []byte("/XRefStm "+strconv.Itoa(at)), []byte("/XRefStm 1"+strconv.Itoa(at)[1:]), 1),
		"wrong start":     bytes.Replace(file, []byte("startxref\n"), []byte("startxref\n1"), 1),
		"crooked table":   bytes.Replace(file, []byte(" 00000 n \n"), []byte(" 0000 n \n"), 1),
	} {
		_, err := sign.Sign(t.Context(), bytes.NewReader(broken), int64(len(broken)), io.Discard, l.request)
		if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "unreadable-pdf" || !strings.Contains(r.Reason.Vietnamese, "Hãy") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
