package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

func signed(t testing.TB, in []byte, r sign.Request) ([]byte, pipeline.Signature) {
	t.Helper()
	var out bytes.Buffer
	s, err := sign.Sign(context.Background(), bytes.NewReader(in), int64(len(in)), &out, r)
	if err != nil {
		t.Fatalf("Sign: %v", err)
	}
	return out.Bytes(), s
}

// TestSignIsAcceptedByOthers signs every layout with every kind of key and digest and
// lets others judge.
func TestSignIsAcceptedByOthers(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	stamper := p.stamper(t)
	weighty, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]crypto.Signer{"rsa2048": weighty, "p256": signtest.KeyOn(t, elliptic.P256()), "p384": signtest.KeyOn(t, elliptic.P384())}
	layouts := [][]byte{classicPDF(), formPDF(), streamPDF(t)}
	root := p.rootFile(t)
	made := 0
	for keyName, key := range keys {
		id := p.identity(t, key, nil)
		for i, hash := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
			file := layouts[(i+made/3)%3] // each key with each layout, each digest with each layout
			name := fmt.Sprintf("%s-%s-%d", keyName, hash, i)
			out, s := signed(t, file, sign.Request{Identity: id, Timestamper: stamper, Time: now, Hash: hash, Reason: "Xác nhận số hóa"})
			if !bytes.HasPrefix(out, file) {
				t.Errorf("%s: the file was rewritten", name)
			}
			if s.Level != "B-T" || s.Signed != pipeline.Sum(out) || s.Composed != pipeline.Sum(file) || s.Size != int64(len(out)) {
				t.Errorf("%s: signature = %+v", name, s)
			}
			popplerAccepts(t, out, 1)
			if i == 0 { // each key and each layout once
				accepted(t, root, out, 1)
			}
			acceptedByOpenSSL(t, root, out)
			made++
		}
	}
}

func acceptedByOpenSSL(t *testing.T, root string, out []byte) {
	t.Helper()
	content, message := signedParts(t, out)
	run(t, "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", save(t, "cms.der", message),
		"-content", save(t, "content", content), "-CAfile", root, "-purpose", "any", "-out", "/dev/null")
	if signingTime := []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05}; bytes.Contains(message, signingTime) {
		t.Error("there is a signing-time, which PAdES forbids")
	}
}

func TestSignWithoutTimestamp(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	out, s := signed(t, classicPDF(), sign.Request{Identity: p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil), Time: now})
	if s.Level != "B-B" || !s.Time.IsZero() || s.Authority != "" {
		t.Errorf("signature = %+v, want level B-B without a time", s)
	}
	if text := run(t, "pdfsig", "-nocert", save(t, "bb.pdf", out)); !strings.Contains(text, "Signature is Valid") {
		t.Errorf("pdfsig says\n%s", text)
	}
}

func TestSignFurther(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	r := sign.Request{Identity: p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil), Timestamper: p.stamper(t), Time: now}
	root := p.rootFile(t)
	for name, file := range map[string][]byte{"classic": classicPDF(), "form": formPDF(), "stream": streamPDF(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, _ := signed(t, file, r)
			_, err := sign.Sign(context.Background(), bytes.NewReader(first), int64(len(first)), &bytes.Buffer{}, r)
			if refusal, ok := pipeline.AsRefusal(err); !ok || refusal.Reason.Code != "already-signed" {
				t.Errorf("signing a signed file: %v, want already-signed", err)
			}
			again := r
			again.Further = true
			second, _ := signed(t, first, again)
			popplerAccepts(t, second, 2)
			if name == "stream" {
				accepted(t, root, second, 2)
			}
		})
	}
}

// TestSignInThreeSteps is the desk: the prepared signature waits as JSON while a
// token elsewhere signs the digest.
func TestSignInThreeSteps(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	id := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil)
	file := classicPDF()
	in := bytes.NewReader(file)
	waiting, err := sign.Prepare(context.Background(), in, in.Size(), sign.Request{
		Identity: sign.Identity{Chain: id.Chain}, Timestamper: p.stamper(t), Time: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(waiting)
	if err != nil {
		t.Fatal(err)
	}
	var later sign.Prepared
	if err := json.Unmarshal(stored, &later); err != nil {
		t.Fatal(err)
	}
	value, err := id.Key.Sign(nil, later.Digest(), later.Hash)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := later.Finish(context.Background(), in, &out, sign.Value{Signature: value, Timestamper: p.stamper(t)}); err != nil {
		t.Fatal(err)
	}
	if text := run(t, "pdfsig", "-nocert", save(t, "desk.pdf", out.Bytes())); !strings.Contains(text, "Signature is Valid") {
		t.Errorf("pdfsig says\n%s", text)
	}
	out.Reset()
	value[len(value)-1] ^= 1
	_, err = later.Finish(context.Background(), in, &out, sign.Value{Signature: value})
	if _, ok := errors.AsType[*pipeline.Unavailable](err); !ok || out.Len() != 0 {
		t.Errorf("a wrong signature value gave %v and %d bytes", err, out.Len())
	}
	changed := bytes.Replace(file, []byte("10 10 l"), []byte("11 10 l"), 1)
	value[len(value)-1] ^= 1
	if _, err := later.Finish(context.Background(), bytes.NewReader(changed), &out, sign.Value{Signature: value}); err == nil {
		t.Error("a file that changed since it was prepared was signed")
	}
}

func TestSignGrowsTheGap(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	out, _ := signed(t, classicPDF(), sign.Request{
		Identity: p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil), Timestamper: p.stamper(t), Time: now, Reserve: 100,
	})
	if text := run(t, "pdfsig", "-nocert", save(t, "grown.pdf", out)); !strings.Contains(text, "Signature is Valid") {
		t.Errorf("pdfsig says\n%s", text)
	}
}

func TestSignSaysDemonstration(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	id := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil)
	id.Demo = true
	out, s := signed(t, classicPDF(), sign.Request{Identity: id, Time: now, Name: "Chủ tịch"})
	if !s.Demo {
		t.Error("Signature.Demo = false")
	}
	report := verified(t, out, p)
	if got := report.Signatures[0]; got.Name != sign.DemoName || !strings.Contains(got.Reason, "NO LEGAL VALUE") {
		t.Errorf("name %q, reason %q", got.Name, got.Reason)
	}
}

// faulty is a timestamper that answers with a token for other bytes.
type faulty struct{ inner sign.Timestamper }

// Timestamp stamps something else.
func (f faulty) Timestamp(ctx context.Context, imprint []byte) ([]byte, error) {
	other := bytes.Clone(imprint)
	other[0] ^= 1
	return f.inner.Timestamp(ctx, other)
}

func TestSignWhenTheSurroundingsFail(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	good := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil)
	cases := map[string]sign.Request{
		"expired":      {Identity: good, Time: now.AddDate(3, 0, 0)},
		"not yet":      {Identity: good, Time: now.AddDate(-3, 0, 0)},
		"no key":       {Identity: sign.Identity{Chain: good.Chain}, Time: now},
		"other key":    {Identity: sign.Identity{Key: signtest.KeyOn(t, elliptic.P256()), Chain: good.Chain}, Time: now},
		"no chain":     {Identity: sign.Identity{Key: good.Key}, Time: now},
		"wrong usage":  {Identity: p.identity(t, good.Key, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }), Time: now},
		"wrong stamp":  {Identity: good, Time: now, Timestamper: faulty{p.stamper(t)}},
		"no authority": {Identity: good, Time: now, Timestamper: serve(t, nil)},
	}
	file := classicPDF()
	for name, r := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			_, err := sign.Sign(context.Background(), bytes.NewReader(file), int64(len(file)), &out, r)
			if _, ok := errors.AsType[*pipeline.Unavailable](err); !ok {
				t.Errorf("error = %v, want Unavailable", err)
			}
			if out.Len() > 0 {
				t.Errorf("%d bytes were written", out.Len())
			}
		})
	}
}

// away is a key whose holder does not sign now.
type away struct {
	crypto.Signer
	err error
}

// Sign does not sign.
func (a away) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, a.err }

// TestSignWhenTheHolderIsAway: a paper comes again when the holder of the key says so; what
// the holder refuses does not look as if the paper were refused.
func TestSignWhenTheHolderIsAway(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	good := p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil)
	for name, c := range map[string]struct {
		err  error
		wait time.Duration
	}{
		"later":     {fmt.Errorf("asking: %w", &pipeline.Unavailable{What: "signing key", After: time.Minute, Err: errors.New("busy")}), time.Minute},
		"wrong PIN": {pipeline.Refuse(pipeline.Reason{Code: "pkcs11-pin"}, nil), 0},
		"else":      {io.ErrUnexpectedEOF, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := classicPDF()
			r := sign.Request{Identity: sign.Identity{Key: away{good.Key, c.err}, Chain: good.Chain}, Time: now}
			_, err := sign.Sign(t.Context(), bytes.NewReader(file), int64(len(file)), io.Discard, r)
			missing, ok := errors.AsType[*pipeline.Unavailable](err)
			if _, refused := pipeline.AsRefusal(err); !ok || refused || missing.What != "signing key" || missing.After != c.wait {
				t.Errorf("error = %v, want the signing key unavailable for %s", err, c.wait)
			}
			if refusal, ok := pipeline.AsRefusal(c.err); ok && !strings.Contains(err.Error(), refusal.Reason.Code) {
				t.Errorf("error = %v, want it to say what was refused", err)
			}
		})
	}
}

func TestSignRefusesBadFiles(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	r := sign.Request{Identity: p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil), Time: now}
	classic := string(classicPDF())
	cases := map[string]struct{ file, code string }{
		"empty":     {"", "unreadable-pdf"},
		"no PDF":    {"hello, world: this is a text", "unreadable-pdf"},
		"cut":       {classic[:len(classic)-100], "unreadable-pdf"},
		"encrypted": {strings.Replace(classic, "/Root 1 0 R", "/Root 1 0 R /Encrypt 5 0 R", 1), "encrypted-pdf"},
		"loop":      {strings.Replace(classic, "/Root 1 0 R", fmt.Sprintf("/Root 1 0 R /Prev %d", strings.LastIndex(classic, "xref\n0 ")), 1), "unreadable-pdf"},
		"far off":   {strings.Replace(classic, "0000000015 00000 n", "9999999999 00000 n", 1), "unreadable-pdf"},
		"deep":      {strings.Replace(classic, "/Root 1 0 R", "/Root 1 0 R /X "+strings.Repeat("[", 5000), 1), "unreadable-pdf"},
		"kids loop": {strings.Replace(classic, "/Kids [3 0 R]", "/Kids [2 0 R]", 1), "unreadable-pdf"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sign.Sign(context.Background(), strings.NewReader(c.file), int64(len(c.file)), &bytes.Buffer{}, r)
			refusal, ok := pipeline.AsRefusal(err)
			if !ok || refusal.Reason.Code != c.code || refusal.Reason.Vietnamese == "" {
				t.Errorf("error = %v, want refusal %s", err, c.code)
			}
		})
	}
}

func TestSignStopsWithItsContext(t *testing.T) {
	t.Parallel()
	p := newPKI(t)
	ctx, cancel := context.WithTimeout(context.Background(), -time.Second)
	defer cancel()
	file := classicPDF()
	_, err := sign.Sign(ctx, bytes.NewReader(file), int64(len(file)), &bytes.Buffer{},
		sign.Request{Identity: p.identity(t, signtest.KeyOn(t, elliptic.P256()), nil), Time: now})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want deadline exceeded", err)
	}
}
