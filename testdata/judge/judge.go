// Package judge asks programs that are not ours what they think of a file of ours.
//
// A PDF that only its own writer can read proves nothing, so the tests hand what
// hoso makes to veraPDF, to the European Commission's DSS, to pyHanko, poppler,
// qpdf and MuPDF, and assert on their verdicts. A judge that is missing fails the
// test: a verdict that was not asked for must not look like a pass.
package judge

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Verdict is veraPDF's answer on one file.
type Verdict struct {
	Profile   string    `json:"profile"` // such as "2u"
	Compliant bool      `json:"compliant"`
	Checks    int       `json:"checks"` // how many assertions were tested
	Failures  []Failure `json:"failures"`
}

// Failure is a clause of ISO 19005 that a file breaks, with the first place where
// it does. Clause is clause and test number, such as "6.2.8-3".
type Failure struct {
	Clause  string `json:"clause"`
	Message string `json:"message"`
	Where   string `json:"where"`
}

// VeraPDF validates the file against PDF/A-2u.
func VeraPDF(t testing.TB, path string) Verdict {
	t.Helper()
	return PDFA(t, "2u", path)
}

// PDFA validates the file against a profile of veraPDF's, such as 2b, 2u or 3u.
func PDFA(t testing.TB, profile, path string) Verdict {
	t.Helper()
	var v Verdict
	ask(t, question{Judge: "verapdf", Profile: profile, File: absolute(t, path)}, &v)
	return v
}

// Signature is what DSS says of one signature in a PDF. Its indications are those
// of ETSI EN 319 102-1: TOTAL_PASSED, INDETERMINATE or TOTAL_FAILED.
type Signature struct {
	Indication        string      `json:"indication"`
	SubIndication     string      `json:"subIndication"`
	Format            string      `json:"format"` // such as "PAdES-BASELINE-T"
	SignedBy          string      `json:"signedBy"`
	Intact            bool        `json:"intact"` // the digest is that of the covered bytes
	Valid             bool        `json:"valid"`  // and the signature is the signer's
	ByteRange         []int64     `json:"byteRange"`
	ByteRangeValid    bool        `json:"byteRangeValid"`
	ChangedAfterwards bool        `json:"changedAfterwards"`
	CertReferenced    bool        `json:"signingCertificateReferenced"`
	Digest            string      `json:"digest"`      // such as "SHA256"
	Encryption        string      `json:"encryption"`  // such as "ECDSA"
	ClaimedTime       string      `json:"claimedTime"` // RFC 3339, from /M
	Timestamps        []Timestamp `json:"timestamps"`
	Errors            []string    `json:"errors"`

	// The verdict under the same policy when nobody asks for revocation data,
	// which a demonstration authority does not publish.
	IndicationWithoutRevocation    string `json:"indicationWithoutRevocation"`
	SubIndicationWithoutRevocation string `json:"subIndicationWithoutRevocation"`
}

// Timestamp is what DSS says of one timestamp token of a signature.
type Timestamp struct {
	Type          string `json:"type"` // such as "SIGNATURE_TIMESTAMP"
	Time          string `json:"time"` // RFC 3339
	Intact        bool   `json:"intact"`
	Imprint       bool   `json:"imprint"` // the stamped digest is that of the signature
	Valid         bool   `json:"valid"`
	Indication    string `json:"indication"`
	SubIndication string `json:"subIndication"`
}

// DSS validates all signatures of a PDF, trusting the root certificates in the
// files roots (PEM or DER) and nothing else, without any network.
func DSS(t testing.TB, path string, roots ...string) []Signature {
	t.Helper()
	return dss(t, question{File: path, Trust: roots})
}

// DSSAt is DSS with the clock at a moment, and with lists that can be fetched then.
func DSSAt(t testing.TB, path string, at time.Time, lists []string, roots ...string) []Signature {
	t.Helper()
	return dss(t, question{File: path, Trust: roots, Lists: lists, At: at.UTC().Format(time.RFC3339)})
}

func dss(t testing.TB, q question) []Signature {
	t.Helper()
	var v struct {
		Signatures []Signature `json:"signatures"`
	}
	q.Judge, q.File, q.Trust, q.Lists = "dss", absolute(t, q.File), absolutes(t, q.Trust), absolutes(t, q.Lists)
	ask(t, q, &v)
	return v.Signatures
}

// HankoSignature is what pyHanko says of one signature in a PDF.
type HankoSignature struct {
	Field        string          `json:"field"`
	PAdES        bool            `json:"pades"`
	Signer       string          `json:"signer"`
	Intact       bool            `json:"intact"`
	Valid        bool            `json:"valid"`
	Trusted      bool            `json:"trusted"`
	Coverage     string          `json:"coverage"`     // ENTIRE_FILE, ENTIRE_REVISION …
	Modification string          `json:"modification"` // NONE, LTA_UPDATES, FORM_FILLING …
	BottomLine   bool            `json:"bottom_line"`
	Timestamp    *HankoTimestamp `json:"timestamp"` // nil without one
	AdES         string          `json:"ades"`      // of HankoAt: PASSED, or a sub-indication of ETSI EN 319 102-1
	Best         string          `json:"best"`      // of HankoAt: when the signature provably existed, RFC 3339
	Why          string          `json:"why"`       // of HankoAt: what failed
}

// HankoTimestamp is what pyHanko says of a signature's timestamp.
type HankoTimestamp struct {
	Time    string `json:"time"` // RFC 3339
	Intact  bool   `json:"intact"`
	Valid   bool   `json:"valid"`
	Trusted bool   `json:"trusted"`
}

// PyHanko validates all signatures of a PDF, trusting the given roots only. The
// lack of revocation data alone fails nothing; DSS judges that.
func PyHanko(t testing.TB, path string, roots ...string) []HankoSignature {
	t.Helper()
	return hanko(t, question{File: path, Trust: roots})
}

// HankoAt has pyHanko judge by its algorithm for long-term signatures (ETSI EN 319
// 102-1, 5.6) as if it were the moment at. Revocation data must be in the file or in
// lists, files of what the authorities publish at that moment.
func HankoAt(t testing.TB, path string, at time.Time, lists []string, roots ...string) []HankoSignature {
	t.Helper()
	return hanko(t, question{File: path, Trust: roots, Lists: lists, At: at.UTC().Format(time.RFC3339)})
}

func hanko(t testing.TB, q question) []HankoSignature {
	t.Helper()
	var v struct {
		Signatures []HankoSignature `json:"signatures"`
	}
	q.Judge, q.File, q.Trust, q.Lists = "pyHanko", absolute(t, q.File), absolutes(t, q.Trust), absolutes(t, q.Lists)
	if failed := askHanko(t, q, &v); failed != "" {
		t.Fatalf("%s could not look at %s: %s", q.Judge, q.File, failed)
	}
	return v.Signatures
}

// DSSBelieves reports whether DSS, not asking for revocation data, takes the signatures
// of a PDF, of which there is one at least, for good.
func DSSBelieves(t testing.TB, path string, roots ...string) bool {
	t.Helper()
	var v struct {
		Signatures []Signature `json:"signatures"`
	}
	failed := askJava(t, question{Judge: "dss", File: absolute(t, path), Trust: absolutes(t, roots)}, &v)
	return failed == "" && len(v.Signatures) > 0 &&
		!slices.ContainsFunc(v.Signatures, func(s Signature) bool { return s.IndicationWithoutRevocation != "TOTAL_PASSED" })
}

// HankoBelieves reports whether pyHanko takes the signatures of a PDF, of which there is
// one at least, for good. A file that it cannot look at it does not believe.
func HankoBelieves(t testing.TB, path string, roots ...string) bool {
	t.Helper()
	var v struct {
		Signatures []HankoSignature `json:"signatures"`
	}
	failed := askHanko(t, question{Judge: "pyHanko", File: absolute(t, path), Trust: absolutes(t, roots)}, &v)
	return failed == "" && len(v.Signatures) > 0 &&
		!slices.ContainsFunc(v.Signatures, func(s HankoSignature) bool { return !s.BottomLine })
}

// python prefers the tests' own environment, where setup installs pyHanko.
func python(t testing.TB) string {
	t.Helper()
	own := filepath.Join(sources(t), "..", "..", ".cache", "venv", "bin", "python")
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return tool(t, "python3")
}

// tool finds a program or fails the test.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing; ./cmd/setup/check installs what the tests need", name)
	}
	return path
}

// sources is the folder of this package, found from the root of the module, where
// every test binary runs somewhere below.
func sources(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("finding the judge's folder: %v", err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(at, "testdata", "judge")
		}
		if at == filepath.Dir(at) {
			t.Fatalf("finding the judge's folder: no go.mod above %s", dir)
		}
	}
}

func absolute(t testing.TB, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatalf("finding %s: %v", path, err)
	}
	return abs
}

func absolutes(t testing.TB, paths []string) []string {
	t.Helper()
	out := make([]string, 0, len(paths))
	for _, p := range paths {
		out = append(out, absolute(t, p))
	}
	return out
}

// patience is how long a judge may think about one file.
const patience = 3 * time.Minute
