package sign_test

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
)

// matrixVariable has every level judged with every key, hash and kind of file.
const matrixVariable = "HOSO_TEST_MATRIX"

// opinion is what each judge says of a level, today and in six years, when the signer's
// certificate has ended and the timestamp authority's has not.
type opinion struct {
	ours, dss, hanko [2]string
}

const chainUnproven = "INDETERMINATE CERTIFICATE_CHAIN_GENERAL_FAILURE"

// opinions: hoso counts a timestamped signature as valid today though nothing is known of
// revocation, and says so; DSS and pyHanko, whose policy here demands to know, do not.
func opinions() map[string]opinion {
	return map[string]opinion{
		"B-B": {
			[2]string{"valid timestamp-none revocation-unknown", "untrusted timestamp-none certificate-expired"},
			[2]string{chainUnproven, chainUnproven},
			[2]string{"SIG_CONSTRAINTS_FAILURE", "SIG_CONSTRAINTS_FAILURE"}, // it wants a time
		},
		"B-T": {
			[2]string{"valid revocation-unknown", "untrusted revocation-unproven"},
			[2]string{chainUnproven, chainUnproven},
			[2]string{"NO_POE", "NO_POE"},
		},
		"B-LT": {
			[2]string{"valid added-later", "untrusted added-later revocation-unproven"},
			[2]string{"TOTAL_PASSED ", "INDETERMINATE OUT_OF_BOUNDS_NO_POE"},
			[2]string{"NO_POE", "NO_POE"},
		},
		"B-LTA": {
			[2]string{"valid added-later", "valid added-later"},
			[2]string{"TOTAL_PASSED ", "TOTAL_PASSED "},
			[2]string{"OK", "OK"},
		},
	}
}

func levels() []string { return []string{"B-B", "B-T", "B-LT", "B-LTA"} }

// signingKey is a kind of key.
type signingKey struct {
	name string
	key  crypto.Signer
}

func signingKeys(t *testing.T) []signingKey {
	t.Helper()
	keys := []signingKey{{"P-256", signtest.KeyOn(t, elliptic.P256())}, {"P-384", signtest.KeyOn(t, elliptic.P384())}}
	for _, bits := range []int{2048, 3072, 4096} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, signingKey{fmt.Sprintf("RSA-%d", bits), key})
	}
	return keys
}

// row is one line of the table.
type row struct {
	level string
	key   signingKey
	hash  crypto.Hash
	in    input

	made, verified time.Duration // the last step, and Verify
	bytes          int           // of the last step
	opinion        opinion
	others         string // what pdfsig, qpdf and veraPDF say
}

// covering is enough of the combinations that any two values of two columns meet: the
// lines of an orthogonal array of five values, of which some are taken twice.
func covering(t *testing.T) []*row {
	t.Helper()
	var out []*row
	for k, key := range signingKeys(t) {
		for i, in := range inputs(t) {
			out = append(out, &row{level: levels()[min((k+i)%5, 3)], key: key, hash: hashes()[(k+2*i)%5%3], in: in})
		}
	}
	return out
}

// every is all combinations.
func every(t *testing.T) []*row {
	t.Helper()
	kinds := inputs(t)
	var out []*row
	for _, key := range signingKeys(t) {
		for _, in := range kinds {
			for _, level := range levels() {
				for _, hash := range hashes() {
					out = append(out, &row{level: level, key: key, hash: hash, in: in})
				}
			}
		}
	}
	return out
}

func hashes() []crypto.Hash { return []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} }

// TestMatrix has every judge look at every level, made with every kind of key and hash
// for every kind of file. Run it with -v for the table.
func TestMatrix(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	all := covering
	if os.Getenv(matrixVariable) != "" {
		all = every
	}
	rows := all(t)
	var mu sync.Mutex
	for _, r := range rows {
		t.Run(strings.Join([]string{r.level, r.key.name, r.hash.String(), r.in.name}, " "), func(t *testing.T) {
			t.Parallel()
			mu.Lock() // times are those of one file alone
			defer mu.Unlock()
			r.judge(t, a, r.make(t, a))
		})
	}
	t.Cleanup(func() { t.Log("\n" + table(rows)) })
}

// make signs the row's file and brings it to its level.
func (r *row) make(t *testing.T, a *signtest.Authority) []byte {
	t.Helper()
	request := sign.Request{Identity: a.Identity(t, r.key.key, nil), Time: now, Hash: r.hash, Reason: "Số hóa"}
	if r.level != "B-B" {
		request.Timestamper = a.Stamper()
	}
	began := time.Now()
	before := r.in.file
	file, _ := signed(t, before, request)
	if r.level == "B-LT" || r.level == "B-LTA" {
		var stamper sign.Timestamper
		if r.level == "B-LTA" {
			stamper = a.Stamper()
		}
		began, before = time.Now(), file
		file = extended(t, a, file, stamper)
	}
	r.made, r.bytes = time.Since(began), len(file)-len(before)
	if !bytes.HasPrefix(file, r.in.file) {
		t.Error("the file was rewritten")
	}
	return file
}

// judge asks everybody and compares.
func (r *row) judge(t *testing.T, a *signtest.Authority, file []byte) {
	t.Helper()
	path, root := save(t, "signed.pdf", file), a.RootFile(t)
	for i, years := range []int{0, 6} {
		at := now.AddDate(years, 0, 0)
		began := time.Now()
		report := verifiedAt(t, file, a.Roots(), at)
		r.verified = time.Since(began)
		r.opinion.ours[i] = string(report.Verdict) + " " + codes(report)
		if i == 0 {
			r.checkReport(t, a.Roots(), file, report)
		}
		dss := judge.DSSAt(t, path, at, nil, root)
		hanko := judge.HankoAt(t, path, at, a.Lists(t, at), root)
		if len(dss) != 1 || len(hanko) != 1 {
			t.Fatalf("DSS sees %d signatures, pyHanko %d", len(dss), len(hanko))
		}
		r.opinion.dss[i] = dss[0].Indication + " " + dss[0].SubIndication
		r.opinion.hanko[i] = hanko[0].AdES
		if dss[0].Format != "PAdES-BASELINE-"+r.level[2:] || !hanko[0].Intact || !hanko[0].Valid || !hanko[0].PAdES {
			t.Errorf("DSS takes it for %s, pyHanko says %+v", dss[0].Format, hanko[0])
		}
	}
	if want := opinions()[r.level]; r.opinion != want {
		t.Errorf("opinions %v, want %v", r.opinion, want)
	}
	r.others = r.askOthers(t, path)
	if r.others != "" {
		t.Error(r.others)
	}
}

// checkReport compares what Verify tells with what was made, and holds it to its Until.
func (r *row) checkReport(t *testing.T, roots *x509.CertPool, file []byte, report sign.Report) {
	t.Helper()
	s := report.Signatures[0]
	if s.Level != r.level || !s.Trusted || s.Time.IsZero() != (r.level == "B-B") {
		t.Errorf("signature = %+v", s)
	}
	if before := verifiedAt(t, file, roots, s.Until.Add(-time.Second)); before.Verdict != sign.Valid {
		t.Errorf("until %s it is said to be valid; just before it is %s with %q", s.Until, before.Verdict, codes(before))
	}
	if after := verifiedAt(t, file, roots, s.Until.Add(2*time.Second)); after.Verdict == sign.Valid && codes(after) == codes(report) {
		t.Errorf("until %s it is said to be valid, and after that it still is with %q", s.Until, codes(after))
	}
}

func (r *row) askOthers(t *testing.T, path string) string {
	t.Helper()
	var bad []string
	stamp := judge.PopplerSignature{Signer: "TEST TIMESTAMPS", Type: "unknown", Whole: true} // poppler knows no document timestamps
	if said := judge.PDFSig(t, path); len(said) == 0 || !said[0].Valid || slices.ContainsFunc(said[1:], func(s judge.PopplerSignature) bool { return s != stamp }) {
		bad = append(bad, fmt.Sprintf("pdfsig: %+v", said))
	}
	if said := judge.QPDF(t, path); said != "" {
		bad = append(bad, "qpdf: "+said)
	}
	if r.in.pdfa {
		if v := judge.VeraPDF(t, path); !v.Compliant {
			bad = append(bad, fmt.Sprintf("veraPDF: %+v", v.Failures))
		}
	}
	return strings.Join(bad, "; ")
}

// table writes the rows for people.
func table(all []*row) string {
	var b strings.Builder
	b.WriteString("| level | key | hash | file | hoso | DSS | pyHanko | pdfsig, qpdf, veraPDF | step ms | verify ms | bytes |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|--:|--:|--:|\n")
	for _, r := range all {
		others := cmp.Or(r.others, "good")
		if r.others == "" && !r.in.pdfa {
			others = "good, good; no PDF/A"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %.1f | %.1f | %d |\n", r.level, r.key.name, r.hash, r.in.name,
			short(r.opinion.ours), short(r.opinion.dss), short(r.opinion.hanko), others,
			float64(r.made.Microseconds())/1000, float64(r.verified.Microseconds())/1000, r.bytes)
	}
	return b.String()
}

// short gives the first words of today's verdict and of that in six years.
func short(said [2]string) string {
	var words []string
	for _, s := range said {
		first, _, _ := strings.Cut(s, " ")
		words = append(words, first)
	}
	return strings.Join(words, " → ")
}
