package sign_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"os"
	"slices"
	"testing"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/signtest"
)

// withEvidence appends validation data that nobody verified.
func withEvidence(t *testing.T, file []byte, e sign.Evidence, stamper sign.Timestamper) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := sign.Extend(context.Background(), bytes.NewReader(file), int64(len(file)), &out, sign.Extension{Evidence: e, Timestamper: stamper}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// published gives the lists that an authority publishes at a moment.
func published(t *testing.T, a *signtest.Authority, at time.Time) [][]byte {
	t.Helper()
	var out [][]byte
	for _, path := range a.Lists(t, at) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

// TestStaleEvidence: the thief of a key that was revoked puts a list from before the
// revocation into the file, which still holds. Whoever can ask is told better; whoever
// cannot believes the list, as its authority says that he may.
func TestStaleEvidence(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	old := published(t, a, now.Add(-3*time.Hour))
	a.Revoke(id.Chain[0], now.Add(-time.Hour))
	file := withEvidence(t, timestamped(t, a, classicPDF(), id), sign.Evidence{CRLs: old}, nil)
	if r := verifiedAt(t, file, a.Roots(), now); r.Verdict != sign.Valid {
		t.Errorf("without asking: %s with %q", r.Verdict, codes(r))
	}
	r, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), trusting(a))
	if err != nil || r.Verdict != sign.Revoked {
		t.Errorf("when asked: %s with %q, %v", r.Verdict, codes(r), err)
	}
	// Long after the list was due, it tells nothing.
	file = withEvidence(t, timestamped(t, a, classicPDF(), id), sign.Evidence{CRLs: published(t, a, now.AddDate(0, 0, -30))}, nil)
	if r := verifiedAt(t, file, a.Roots(), now.AddDate(3, 0, 0)); r.Verdict != sign.Untrusted {
		t.Errorf("with a list of last month: %s with %q", r.Verdict, codes(r))
	}
}

// TestForeignEvidence: what others say of others does not make a file B-LT, and does not
// keep it from being judged.
func TestForeignEvidence(t *testing.T) {
	t.Parallel()
	a, other := signtest.New(t, now), signtest.New(t, now)
	base := timestamped(t, a, classicPDF(), a.Identity(t, signtest.Key(t), nil))
	garbage := [][]byte{{}, {0x30}, bytes.Repeat([]byte{0x30, 0x80}, 500)}
	file := withEvidence(t, base, sign.Evidence{
		Certificates: []*x509.Certificate{other.Root, other.CA}, CRLs: append(published(t, other, now), garbage[1:]...), OCSPs: garbage,
	}, nil)
	r := verifiedAt(t, file, a.Roots(), now)
	if r.Signatures[0].Level != "B-T" || r.Verdict != sign.Valid || codes(r) != "added-later revocation-unknown" {
		t.Errorf("%s of level %s with %q", r.Verdict, r.Signatures[0].Level, codes(r))
	}
	// An object inside of an answer is one for readers that repair files.
	hidden := withEvidence(t, base, sign.Evidence{OCSPs: [][]byte{[]byte("\n4 0 obj\n" + stream("", evil) + "\nendobj\n")}}, nil)
	if r := verifiedAt(t, hidden, a.Roots(), now); r.Verdict != sign.Changed {
		t.Errorf("an object hidden in an answer: %s with %q", r.Verdict, codes(r))
	}
}

// TestForgedEarlyTime: a document timestamp of an authority that is not trusted proves
// nothing: the signer's certificate has ended, whatever the stamp says of last year.
func TestForgedEarlyTime(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	forger := signtest.New(t, now.AddDate(-2, 0, 0))
	id := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.NotAfter = now.Add(time.Hour) })
	bare, _ := signed(t, classicPDF(), sign.Request{Identity: id, Time: now})
	file := withEvidence(t, bare, sign.Evidence{}, forger.Stamper())
	r := verifiedAt(t, file, a.Roots(), now.AddDate(1, 0, 0))
	if r.Verdict != sign.Untrusted || codes(r) != "added-later timestamp-none certificate-expired timestamp-untrusted" {
		t.Errorf("%s with %q", r.Verdict, codes(r))
	}
}

// TestRepeatedEvidence: a store full of answers is gone through once, not once for each
// of the signatures.
func TestRepeatedEvidence(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	file := timestamped(t, a, classicPDF(), id)
	for range 15 {
		file = timestamped(t, a, file, id)
	}
	var lists [][]byte
	for n := range 250 {
		lists = append(lists, published(t, a, now.Add(time.Duration(-n)*time.Second))...)
	}
	file = withEvidence(t, file, sign.Evidence{CRLs: lists}, nil)
	var r sign.Report
	cost := allocated(func() { r = verifiedAt(t, file, a.Roots(), now) })
	if cost > 256<<20 || r.Verdict != sign.Valid || len(r.Signatures) != 16 {
		t.Errorf("%s of %d signatures, %d KB allocated for a file of %d", r.Verdict, len(r.Signatures), cost>>10, len(file)>>10)
	}
}

// TestVerifyTellsForeignTokens: timestamps of other bytes, of another signature, and a
// token that is none.
func TestVerifyTellsForeignTokens(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	other, err := l.request.Timestamper.Timestamp(t.Context(), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	_, message := signedParts(t, l.file)
	theirs, err := cms.Parse(message)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(other)
	changed[len(changed)-1] ^= 1
	for name, token := range map[string][]byte{
		"of other bytes": other, "of another signature": theirs.Unsigned(cms.TimestampToken), "changed": changed, "none": {0x30, 0},
	} {
		r := verified(t, assembled(t, l, classicPDF(), token), l.pki)
		if r.Verdict != sign.Untrusted || codes(r) != "timestamp-wrong revocation-unknown" || r.Signatures[0].Level != "B-B" {
			t.Errorf("%s: %s of level %s with %q", name, r.Verdict, r.Signatures[0].Level, codes(r))
		}
	}
}

// TestVerifyTellsPartialStamp: a document timestamp whose range is cut covers nothing,
// and proves no time for anything.
func TestVerifyTellsPartialStamp(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	file := extended(t, a, timestamped(t, a, classicPDF(), a.Identity(t, signtest.Key(t), nil)), a.Stamper())
	all := byteRange.FindAllSubmatch(file, -1)
	n := all[len(all)-1]
	for name, text := range map[string]string{
		"cut":   fmt.Sprintf("/ByteRange [0 %s %s 9]", n[1], n[2]),
		"moved": fmt.Sprintf("/ByteRange [0 %s%d %s %s]", n[1][:len(n[1])-1], (n[1][len(n[1])-1]-'0'+1)%10, n[2], n[3]),
		"first": string(all[0][0]),
	} {
		i := bytes.LastIndex(file, n[0])
		padded := fmt.Appendf(nil, "%-*s", len(n[0]), text)
		partial := slices.Concat(file[:i], padded, file[i+len(n[0]):])
		if r := verifiedAt(t, partial, a.Roots(), now); r.Verdict != sign.Invalid || r.Signatures[0].Level == "B-LTA" {
			t.Errorf("%s: %s of level %s with %q", name, r.Verdict, r.Signatures[0].Level, codes(r))
		}
		if r := verifiedAt(t, partial, a.Roots(), now.AddDate(6, 0, 0)); r.Verdict == sign.Valid {
			t.Errorf("%s: in six years %s with %q", name, r.Verdict, codes(r))
		}
	}
}

// TestVerifyTellsMachines: a trusted server's certificate is no person's, whoever signed
// with it.
func TestVerifyTellsMachines(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	key := signtest.Key(t)
	server := a.Identity(t, key, func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageTimeStamping}
		c.SerialNumber = big.NewInt(77)
	})
	if _, err := sign.Sign(t.Context(), bytes.NewReader(classicPDF()), int64(len(classicPDF())), io.Discard, sign.Request{Identity: server, Time: now}); asUnavailable(err) == nil {
		t.Errorf("signing: %v", err)
	}
	l := lab{request: sign.Request{Identity: server, Time: now}}
	person := a.Identity(t, key, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(78) })
	file := signedAs(t, l, person, server)
	if r := verifiedAt(t, file, a.Roots(), now); r.Verdict != sign.Untrusted || codes(r) != "timestamp-none revocation-unknown certificate-usage" {
		t.Errorf("verifying: %s with %q", r.Verdict, codes(r))
	}
}

// TestVerifyTakesThePresent where it is told no other time: a certificate that has ended
// has ended, and one that is valid is.
func TestVerifyTakesThePresent(t *testing.T) {
	t.Parallel()
	then := time.Now().AddDate(-6, 0, 0).Truncate(time.Second)
	old, young := signtest.New(t, then), signtest.New(t, time.Now())
	for name, c := range map[string]struct {
		authority *signtest.Authority
		want      string
	}{
		"of six years ago": {old, "untrusted revocation-unproven"},
		"of today":         {young, "valid revocation-unknown"},
	} {
		file := timestamped(t, c.authority, classicPDF(), c.authority.Identity(t, signtest.Key(t), nil))
		r := verifiedAt(t, file, c.authority.Roots(), time.Time{})
		if got := string(r.Verdict) + " " + codes(r); got != c.want || !r.Signatures[0].Time.Equal(c.authority.Clock().Truncate(time.Second)) {
			t.Errorf("%s: %s at %s, want %s", name, got, r.Signatures[0].Time, c.want)
		}
	}
}
