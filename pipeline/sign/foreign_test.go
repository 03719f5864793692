package sign_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
)

// stranger is a signer whose files other programs write, by an authority that answers
// them at a port.
type stranger struct {
	authority *signtest.Authority
	identity  sign.Identity
	dir       string
}

func newStranger(t *testing.T, key crypto.Signer) stranger {
	t.Helper()
	a := signtest.Serve(t, now)
	s := stranger{a, a.Identity(t, key, nil), t.TempDir()}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s.pem(t, "key", "PRIVATE KEY", secret)
	for i, c := range s.identity.Chain {
		s.pem(t, string(rune('0'+i)), "CERTIFICATE", c.Raw)
	}
	return s
}

func (s stranger) path(name string) string { return filepath.Join(s.dir, name) }

func (s stranger) pem(t *testing.T, name, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(s.path(name+".pem"), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s stranger) save(t *testing.T, name string, file []byte) string {
	t.Helper()
	if err := os.WriteFile(s.path(name), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return s.path(name)
}

func (s stranger) load(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(s.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// job has pyHanko sign one of the stranger's files.
func (s stranger) job(in, out string, j judge.Job) judge.Job {
	j.In, j.Out, j.Key, j.Trust = s.path(in), s.path(out), s.path("key.pem"), s.path("2.pem")
	j.Certs = []string{s.path("0.pem"), s.path("1.pem")}
	if j.Level != "B" {
		j.TSA = s.authority.TSA()
	}
	if j.Field == "" {
		j.Field = "Theirs"
	}
	return j
}

func (s stranger) verified(t *testing.T, file []byte, at time.Time) sign.Report {
	t.Helper()
	r, err := sign.Verify(t.Context(), bytes.NewReader(file), int64(len(file)), sign.Trust{Roots: s.authority.Roots(), Now: at})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestVerifyReadsPyHanko: what pyHanko writes is given the level and the verdict that it
// has, now and in six years, when the signer's certificate has ended. Behind a document
// timestamp it writes what the timestamp needs.
func TestVerifyReadsPyHanko(t *testing.T) {
	t.Parallel()
	heavy, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	ec, rsa := newStranger(t, signtest.KeyOn(t, elliptic.P256())), newStranger(t, heavy)
	box, twice := []int{50, 50, 250, 120}, "valid"+strings.Repeat(" added-later", 2)
	cases := []struct {
		name   string
		who    stranger
		job    judge.Job
		level  string
		today  string
		future string
	}{
		{"b", ec, judge.Job{Level: "B"}, "B-B", "valid timestamp-none revocation-unknown", "untrusted timestamp-none certificate-expired"},
		{"t", ec, judge.Job{Level: "T"}, "B-T", "valid revocation-unknown", "untrusted revocation-unproven"},
		{"lt", ec, judge.Job{Level: "LT"}, "B-LT", "valid added-later", "untrusted added-later revocation-unproven"},
		{"lta", ec, judge.Job{Level: "LTA"}, "B-LTA", twice, twice},
		{"rsa-lta-384", rsa, judge.Job{Level: "LTA", Hash: "sha384"}, "B-LTA", twice, twice},
		{"pss", rsa, judge.Job{Level: "T", PSS: true, Hash: "sha512"}, "B-T", "valid revocation-unknown", "untrusted revocation-unproven"},
		{"adobe", ec, judge.Job{Level: "LT", Adobe: true}, "", "valid ", "untrusted revocation-unproven"},
		{"visible", ec, judge.Job{Level: "LTA", Box: box}, "B-LTA", twice, twice},
		{"certified-1", ec, judge.Job{Level: "LTA", Certify: 1}, "B-LTA", twice, twice},
		{"certified-2", ec, judge.Job{Level: "T", Certify: 2}, "B-T", "valid revocation-unknown", "untrusted revocation-unproven"},
		{"certified-3", rsa, judge.Job{Level: "LT", Certify: 3, Box: box}, "B-LT", "valid added-later", "untrusted added-later revocation-unproven"},
	}
	jobs := make([]judge.Job, 0, len(cases))
	for _, c := range cases {
		c.who.save(t, "in.pdf", streamPDF(t))
		jobs = append(jobs, c.who.job("in.pdf", c.name+".pdf", c.job))
	}
	for i, said := range judge.HankoSign(t, jobs...) {
		if said != "" {
			t.Errorf("%s: pyHanko could not sign: %s", cases[i].name, said)
		}
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := c.who.load(t, c.name+".pdf")
			r := c.who.verified(t, file, now)
			if got := string(r.Verdict) + " " + codes(r); got != c.today || r.Signatures[0].Level != c.level {
				t.Errorf("%s of level %q, want %s of %q", got, r.Signatures[0].Level, c.today, c.level)
			}
			s, leaf := r.Signatures[0], c.who.identity.Chain[0]
			if s.Signer != leaf.Subject.CommonName || s.Serial != leaf.SerialNumber.Text(16) || !s.Intact || !s.Trusted || !strings.HasPrefix(s.Reason, "Ký thử") {
				t.Errorf("signature = %+v", s)
			}
			if c.job.Level != "B" && !s.Time.Equal(now) {
				t.Errorf("time = %s, want %s", s.Time, now)
			}
			r = c.who.verified(t, file, now.AddDate(6, 0, 0))
			if got := string(r.Verdict) + " " + codes(r); got != c.future {
				t.Errorf("in six years: %s, want %s", got, c.future)
			}
		})
	}
}

// TestVerifyHoldsLocks: a signature locks fields by name, or all of them (ISO 32000-2,
// 12.8.2.4), and pyHanko fills one of them afterwards.
func TestVerifyHoldsLocks(t *testing.T) {
	t.Parallel()
	s := newStranger(t, signtest.KeyOn(t, elliptic.P256()))
	s.save(t, "in.pdf", prepared("/AcroForm << /Fields [5 0 R] >>", "/Contents 4 0 R /Annots [5 0 R]", map[int]string{
		5: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (chief) /Rect [0 0 0 0] /P 3 0 R >>",
	}))
	cases := []struct {
		name, lock string
		fields     []string
		want       sign.Verdict
	}{
		{"all", "All", nil, sign.Changed},
		{"chief", "Include", []string{"chief"}, sign.Changed},
		{"all but chief", "Exclude", []string{"chief"}, sign.Valid},
		{"clerk", "Include", []string{"clerk"}, sign.Valid},
		{"all but clerk", "Exclude", []string{"clerk"}, sign.Changed},
	}
	for _, c := range cases {
		said := judge.HankoSign(t,
			s.job("in.pdf", c.name+"-1.pdf", judge.Job{Level: "T", Field: "clerk", Lock: c.lock, Locked: c.fields}),
			s.job(c.name+"-1.pdf", c.name+".pdf", judge.Job{Level: "T", Field: "chief", Existing: true}))
		if strings.Join(said, "") != "" {
			t.Fatalf("%s: pyHanko: %s", c.name, said)
		}
		if r := s.verified(t, s.load(t, c.name+".pdf"), now); r.Verdict != c.want || (c.want == sign.Changed) != strings.Contains(codes(r), "forbidden-later") {
			t.Errorf("%s: %s with %q, want %s", c.name, r.Verdict, codes(r), c.want)
		}
	}
}
