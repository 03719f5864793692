package sign_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

// changing is a file that is another when it is read again from its beginning.
type changing struct {
	first, second []byte
	begun         int
}

// ReadAt reads the first file, and the second once the beginning was read often enough.
func (c *changing) ReadAt(b []byte, offset int64) (int, error) {
	if offset == 0 && len(b) > 8 {
		c.begun++
	}
	if c.begun > 1 {
		return bytes.NewReader(c.second).ReadAt(b, offset)
	}
	return bytes.NewReader(c.first).ReadAt(b, offset)
}

// TestExtendFails says what failed, of what kind.
func TestExtendFails(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	file := timestamped(t, a, classicPDF(), a.Identity(t, signtest.Key(t), nil))
	in, size := bytes.NewReader(file), int64(len(file))
	stamped := sign.Extension{Timestamper: a.Stamper()}
	for _, left := range []int{0, 100, len(file), len(file) + 900} {
		if _, err := sign.Extend(t.Context(), in, size, &full{left}, stamped); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("with %d bytes free: %v", left, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sign.Extend(ended, in, size, io.Discard, stamped); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	other := bytes.Replace(file, []byte("10 10 l"), []byte("11 10 l"), 1)
	if _, err := sign.Extend(t.Context(), &changing{first: file, second: other}, size, io.Discard, stamped); err == nil || !strings.Contains(err.Error(), "changed since") {
		t.Errorf("a file that changes: %v", err)
	}
	for name, stamper := range map[string]sign.Timestamper{"of other bytes": faulty{a.Stamper()}, "of nobody": serve(t, nil)} {
		_, err := sign.Extend(t.Context(), in, size, io.Discard, sign.Extension{Timestamper: stamper})
		if u := asUnavailable(err); u == nil || u.What != "timestamp authority" {
			t.Errorf("a timestamp %s: %v", name, err)
		}
	}
	for code, broken := range map[string][]byte{
		"unreadable-pdf": file[:len(file)-200],
		"encrypted-pdf":  bytes.Replace(classicPDF(), []byte("/Root 1 0 R"), []byte("/Root 1 0 R /Encrypt 5 0 R"), 1),
	} {
		_, err := sign.Extend(t.Context(), bytes.NewReader(broken), int64(len(broken)), io.Discard, stamped)
		if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != code || r.Reason.Vietnamese == "" {
			t.Errorf("%s: %v", code, err)
		}
	}
	// A token that is larger than the room kept for it is asked for again.
	var out bytes.Buffer
	if _, err := sign.Extend(t.Context(), in, size, &out, sign.Extension{Timestamper: a.Stamper(), Reserve: 300}); err != nil {
		t.Errorf("with little room: %v", err)
	}
	if r := verifiedAt(t, out.Bytes(), a.Roots(), now); r.Verdict != sign.Valid {
		t.Errorf("with little room: %s with %q", r.Verdict, codes(r))
	}
}

// asking counts what it is asked for.
type asking struct {
	sign.Timestamper

	times int
}

func (a *asking) Timestamp(ctx context.Context, imprint []byte) ([]byte, error) {
	a.times++
	return a.Timestamper.Timestamp(ctx, imprint)
}

// TestRoomForATimestamp: a file grows by little more than the timestamp of its kind, and
// the authority is asked once.
func TestRoomForATimestamp(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	file := timestamped(t, a, classicPDF(), a.Identity(t, signtest.Key(t), nil))
	in, size := bytes.NewReader(file), int64(len(file))
	e, err := sign.Collect(t.Context(), in, size, trusting(a))
	if err != nil {
		t.Fatal(err)
	}
	stamper := &asking{Timestamper: a.Stamper()}
	x, err := sign.Extend(t.Context(), in, size, io.Discard, sign.Extension{Evidence: e, Timestamper: stamper})
	if err != nil {
		t.Fatal(err)
	}
	const structure = 4000 // objects, cross-references, filling of the gap
	if grown := x.Size - size; stamper.times != 1 || e.Token < 1000 || grown > int64(e.Size()+2*e.Token+structure) {
		t.Errorf("the file grew by %d bytes for %d of data and a timestamp like one of %d; asked %d times", grown, e.Size(), e.Token, stamper.times)
	}
}

// TestCollectFails of what is missing, by its name.
func TestCollectFails(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	file := timestamped(t, a, classicPDF(), id)
	collect := func(file []byte, trust sign.Trust) error {
		_, err := sign.Collect(t.Context(), bytes.NewReader(file), int64(len(file)), trust)
		return err
	}
	if _, ok := pipeline.AsRefusal(collect(classicPDF(), trusting(a))); !ok {
		t.Error("a file without a signature was not refused")
	}
	stranger := trusting(a)
	stranger.Roots = signtest.New(t, now).Roots()
	for name, c := range map[string]struct {
		trust func() sign.Trust
		what  string
	}{
		"another root": {func() sign.Trust { return stranger }, "timestamp authority"},
		"nobody answers": {func() sign.Trust {
			a.Down("ocsp", true)
			a.Down("ca.crl", true)
			return trusting(a)
		}, "revocation data"},
	} {
		if u := asUnavailable(collect(file, c.trust())); u == nil || u.What != c.what {
			t.Errorf("%s: %v, want Unavailable of the %s", name, u, c.what)
		}
	}
}
