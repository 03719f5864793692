package pipeline

import (
	"encoding/json"
	"slices"
	"time"
)

// Signer is one of those who sign records.
type Signer string

// The signers.
const (
	ByOfficer Signer = "officer" // cán bộ: with an own key, on a token at the desk
	ByAgency  Signer = "agency"  // cơ quan: with the key that the service has
)

// SignedBy is one signature of a record that carries several, or an officer's.
type SignedBy struct {
	Who       Signer    `json:"who"`
	Account   string    `json:"account,omitempty"` // of the officer
	Name      string    `json:"name"`              // common name of the certificate's subject
	Issuer    string    `json:"issuer"`
	Serial    string    `json:"serial"` // hexadecimal
	Level     string    `json:"level"`
	Time      time.Time `json:"time,omitzero"` // of the timestamp token
	Authority string    `json:"authority,omitempty"`
	Demo      bool      `json:"demo,omitzero"`
	Shown     *Shown    `json:"shown,omitempty"`
}

// As tells of s as one signature among several.
func (s Signature) As(who Signer, account string) SignedBy {
	return SignedBy{
		Who: who, Account: account, Name: s.Signer, Issuer: s.Issuer, Serial: s.Serial,
		Level: s.Level, Time: s.Time, Authority: s.Authority, Demo: s.Demo, Shown: s.Shown,
	}
}

// Signers are all signatures of the record, the first one first. Of a record that the
// agency alone has signed, nothing but the signature itself says so.
func (s Signature) Signers() []SignedBy {
	if len(s.By) == 0 && s.Signer != "" {
		return []SignedBy{s.As(ByAgency, "")}
	}
	return slices.Clone(s.By)
}

// DeskNote is an officer's signature value that was accepted: all that is needed to
// finish the signature without asking the officer again. It is written before the value
// is acknowledged.
type DeskNote struct {
	Schema   int             `json:"schema"` // ManifestSchema when written
	Paper    PaperID         `json:"paper"`
	Account  string          `json:"account"` // who signed
	Time     time.Time       `json:"time"`    // when the value was accepted
	Prepared json.RawMessage `json:"prepared"`
	Value    []byte          `json:"value"`
}

// DeskRequest is a signature that an officer's key has been asked for. It can be lost:
// the paper then simply waits to be asked for again.
type DeskRequest struct {
	ID          string
	Paper       PaperID
	Gen         int64  // the generation of the paper that is signed
	Account     string // who signs
	Certificate Digest // of the signer's certificate
	Until       time.Time
	Prepared    json.RawMessage
}

// DeskWish is a paper that an officer has decided to sign and whose key has not been
// asked yet. It too can be lost.
type DeskWish struct {
	Paper   PaperID
	Account string
	Time    time.Time
	Trouble string // code of why the last try came to nothing
}

// Wishing is when something is wished, and how long that counts.
type Wishing struct {
	Now   time.Time
	Limit time.Duration
}

// Holder says that an account signs with the certificates of one subject.
type Holder struct {
	Account string
	Subject Digest // of the subject as it stands in the certificate
	Since   time.Time
}
