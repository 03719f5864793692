package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"hoso/pipeline"
)

// Trust is what a verdict rests on besides the file.
type Trust struct {
	Roots      *x509.CertPool // for signers; nil trusts nobody
	Timestamps *x509.CertPool // for timestamp authorities; nil means Roots
	Now        time.Time      // for what no trusted timestamp proves; zero is the present
	Status     Source         // asks about revocation where the file does not tell; nil asks nobody
}

// settled fills in the present.
func (t Trust) settled() Trust {
	if t.Now.IsZero() {
		t.Now = time.Now()
	}
	return t
}

// Verdict says in one word what a signature, or all signatures of a file, are worth.
type Verdict string

// The verdicts. A file gets the worst of its signatures.
const (
	Unsigned   Verdict = "unsigned"   // there is none
	Valid      Verdict = "valid"      // whole, and by someone trusted at a trusted time
	Demo       Verdict = "demo"       // as Valid, by demonstration certificates: no legal value
	Untrusted  Verdict = "untrusted"  // whole, but who signed, or when, is not established
	Revoked    Verdict = "revoked"    // whole, but the certificate was revoked before it was signed
	Changed    Verdict = "changed"    // whole, but the file shows something else now
	Invalid    Verdict = "invalid"    // not the signature of these bytes
	Unreadable Verdict = "unreadable" // the file's structure cannot be read
)

// rank orders verdicts from good to bad.
func (v Verdict) rank() int {
	for i, w := range []Verdict{Unsigned, Valid, Demo, Untrusted, Revoked, Changed, Invalid, Unreadable} {
		if v == w {
			return i
		}
	}
	return 0
}

// worse gives the worse of two verdicts.
func worse(a, b Verdict) Verdict {
	if b.rank() > a.rank() {
		return b
	}
	return a
}

// Report is what Verify found.
type Report struct {
	Verdict    Verdict           `json:"verdict"`
	Judged     time.Time         `json:"judged"` // the present, as far as this verdict goes
	Size       int64             `json:"size"`
	Signatures []Checked         `json:"signatures"`        // in the order in which they were made
	Seen       []string          `json:"seen,omitempty"`    // long-term data in the file: "DSS", "DocTimeStamp"
	Problems   []pipeline.Reason `json:"problems,omitzero"` // of the file as a whole
}

// add takes in a signature and lets it weigh on the verdict.
func (r *Report) add(c Checked) {
	r.Signatures = append(r.Signatures, c)
	r.Verdict = worse(r.Verdict, c.Verdict)
	if c.Timestamp && !slices.Contains(r.Seen, "DocTimeStamp") {
		r.Seen = append(r.Seen, "DocTimeStamp")
	}
}

// Level gives the level that all signatures reach: "" if one is no PAdES signature, or if
// there is none. Timestamps of the whole file have no level of their own.
func (r Report) Level() string {
	levels := []string{"", "B-B", "B-T", "B-LT", "B-LTA"}
	var reached []int
	for _, s := range r.Signatures {
		if !s.Timestamp {
			reached = append(reached, slices.Index(levels, s.Level))
		}
	}
	if len(reached) == 0 {
		return ""
	}
	return levels[max(0, slices.Min(reached))]
}

// Unchecked reports whether, in a file that is Untrusted at the worst, there is a signature
// of which not even that is known whether its content is as it was: one of an unknown kind.
func (r Report) Unchecked() bool {
	return r.Verdict == Untrusted && slices.ContainsFunc(r.Signatures, func(c Checked) bool { return !c.Intact })
}

// Checked is one signature or document timestamp.
type Checked struct {
	Verdict    Verdict   `json:"verdict"`
	Field      string    `json:"field"`
	Timestamp  bool      `json:"document_timestamp,omitzero"` // covers the file, signs nothing
	Level      string    `json:"level"`                       // "B-B", "B-T", "B-LT", "B-LTA", or "" where it is no PAdES signature
	Intact     bool      `json:"intact"`                      // the signed bytes are as they were
	CoversFile bool      `json:"covers_file"`                 // nothing was appended since
	End        int64     `json:"end"`                         // of the signed revision, in bytes
	Trusted    bool      `json:"trusted"`                     // signer's certificate leads to a trusted root
	Demo       bool      `json:"demo"`                        // by a demonstration certificate
	Signer     string    `json:"signer"`                      // common name
	Unit       string    `json:"unit,omitempty"`              // organization in the certificate (đơn vị quản lý)
	Issuer     string    `json:"issuer"`
	Serial     string    `json:"serial"`               // hexadecimal
	ValidFrom  time.Time `json:"valid_from,omitzero"`  // the certificate
	ValidUntil time.Time `json:"valid_until,omitzero"` // the certificate
	Algorithm  string    `json:"algorithm,omitempty"`  // such as "RSA 3072, SHA-256"
	Chain      []string  `json:"chain,omitempty"`      // who vouches for it, from the issuer to the root
	Counts     time.Time `json:"counts,omitzero"`      // the time that counts: it provably existed then, or is here now
	Proof      Proof     `json:"proof,omitempty"`      // what proves that time
	Prover     string    `json:"prover,omitempty"`     // the authority behind that proof
	Revoked    time.Time `json:"revoked,omitzero"`     // the certificate, if it was
	Until      time.Time `json:"until,omitzero"`       // how long this verdict can be reached without asking anybody
	Time       time.Time `json:"time,omitzero"`        // of the timestamp
	Authority  string    `json:"authority,omitempty"`  // common name of the timestamp authority
	Claimed    time.Time `json:"claimed,omitzero"`     // /M, which anybody can write
	Name       string    `json:"name,omitempty"`       // /Name, likewise
	Reason     string    `json:"reason,omitempty"`
	Location   string    `json:"location,omitempty"`

	Revocation Inquiry           `json:"revocation,omitzero"`
	Problems   []pipeline.Reason `json:"problems,omitempty"` // what led to the verdict, and remarks
}

// Proof is what proves when a signature existed at the latest.
type Proof string

// The proofs of time; "" is none, and then the present counts.
const (
	ByTimestamp Proof = "timestamp"          // over the signature
	ByDocument  Proof = "document_timestamp" // over the whole file as it was then
)

// Inquiry is how it is known whether a certificate was revoked when it counted.
type Inquiry struct {
	Source  string    `json:"source"`            // "file", "issuer" if it was asked just now, "" if nobody told
	Kind    string    `json:"kind,omitempty"`    // "OCSP", "CRL"
	Told    time.Time `json:"told,omitzero"`     // the moment of which the answer speaks
	Missing string    `json:"missing,omitempty"` // the first certificate on the way to the root of which nobody told
	Silent  bool      `json:"silent,omitempty"`  // that one names neither OCSP nor CRL: nobody can ever be asked
}

// algorithm names a key and a hash as people know them.
func algorithm(key crypto.PublicKey, h crypto.Hash) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d, %s", k.N.BitLen(), h)
	case *ecdsa.PublicKey:
		return fmt.Sprintf("ECDSA %s, %s", k.Curve.Params().Name, h)
	}
	return ""
}

// note adds a problem and lets it weigh on the verdict.
func (c *Checked) note(code string) {
	p := problemOf(code)
	c.Problems = append(c.Problems, p.reason(code))
	c.Verdict = worse(c.Verdict, p.verdict)
}
