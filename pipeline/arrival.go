package pipeline

import (
	"encoding/json"
	"time"
)

// Arrival sums up what was found of the signatures that a file carried when it came. It
// is found once, by the first reading, and stays as it is: certificates end and are
// revoked later, and what could be known at reception cannot be found out any more. It
// says nothing of people; who signed stands in the ArrivalNote.
type Arrival struct {
	Verdict    string    `json:"verdict"`                     // the worst of all signatures, in a word of package sign, such as "valid"
	Signatures int       `json:"signatures"`                  // without timestamps of the whole file
	Level      string    `json:"level,omitempty"`             // the lowest of them, such as "B-T"; "" if one is no PAdES signature
	Unknown    bool      `json:"revocation_unknown,omitzero"` // nobody could tell whether a certificate was revoked
	Cut        bool      `json:"cut_short,omitzero"`          // the judging came to no end in the time it has
	Judged     time.Time `json:"judged"`
	Program    string    `json:"program"` // name and version
}

// IsZero reports whether nothing was judged.
func (a Arrival) IsZero() bool { return a == Arrival{} }

// ArrivalNote is what was found in full. It lies in the bucket under ArrivalKey, written
// once and before the catalog knows of it.
type ArrivalNote struct {
	Schema   int             `json:"schema"` // ManifestSchema when written
	Paper    PaperID         `json:"paper"`
	Original Digest          `json:"sha256"`
	Arrival  Arrival         `json:"arrival"`
	Report   json.RawMessage `json:"report"` // a sign.Report
}

// ReasonSignatures is the code of the question whether a file is taken although its
// signatures are not in order.
const ReasonSignatures = "signatures-doubtful"
