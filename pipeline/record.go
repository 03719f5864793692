package pipeline

import "time"

// Manifest lies beside the record in the bucket and holds everything the catalog
// knows of a paper, so that the catalog can be thrown away and rebuilt. It is
// written once and never changed; writing the first is the moment a record is
// published. Whatever people decide of a published paper is one manifest more, and the
// newest one holds: where a new record follows from the decision, its Paper is open
// again, and the manifest after it publishes the new record.
type Manifest struct {
	Schema  int       `json:"schema"`  // ManifestSchema when written
	Version int       `json:"version"` // of the manifest, from 1
	Paper   Paper     `json:"paper"`
	Record  Stored    `json:"record,omitzero"`
	Source  Stored    `json:"original"`
	Words   Stored    `json:"words,omitzero"`
	Signed  Signature `json:"signature,omitzero"`
	Pages   []Digest  `json:"images,omitempty"` // digests of the page images, in order
	History []Event   `json:"history"`
	Written time.Time `json:"written"`
	Program string    `json:"program"` // name and version of the writer
}

// ManifestSchema is the version of the manifest's form.
const ManifestSchema = 1

// Stored names an object by its content.
type Stored struct {
	Digest Digest `json:"sha256"`
	Size   int64  `json:"size"`
	Media  string `json:"media"`
}

// Note is the object written beside an original before its receipt is given:
// enough to put the paper back into a lost catalog.
type Note struct {
	Schema int   `json:"schema"`
	Paper  Paper `json:"paper"` // in state Received
}

// Signature is what is known of the signature of a record (PAdES, ETSI EN 319 142-1).
type Signature struct {
	Composed  Digest    `json:"composed"` // the bytes that were signed
	Signed    Digest    `json:"signed"`   // the record with the signature in it
	Size      int64     `json:"size"`     // of the record, in bytes
	Level     string    `json:"level"`    // such as "B-T"
	Signer    string    `json:"signer"`   // common name of the certificate's subject
	Issuer    string    `json:"issuer"`
	Serial    string    `json:"serial"`    // hexadecimal
	Time      time.Time `json:"time"`      // of the timestamp token
	Authority string    `json:"authority"` // common name of the timestamp authority
	Demo      bool      `json:"demo"`      // made with the demonstration keys: no legal value

	// RenewBy is the end of the certificate that proves the signature's time last; before
	// it the record must be renewed. Zero says that something is still missing in it.
	RenewBy time.Time `json:"renew_by,omitzero"`

	Shown *Shown `json:"shown,omitempty"` // how it shows on a page; nil if nothing was to be shown

	// By are all who signed, the first one first, where an officer did; what stands above
	// then tells of the officer. Where the agency alone has signed, By is empty.
	By []SignedBy `json:"by,omitempty"`
}

// Shown tells how a signature shows on a page, or why it does not.
type Shown struct {
	Profile string  `json:"profile"`          // what was to be shown, such as "copy"
	Page    int     `json:"page,omitempty"`   // from 1; 0 if nothing shows
	Frame   Frame   `json:"frame,omitzero"`   // where on the page
	Place   string  `json:"place,omitempty"`  // how the place was come by, such as "corner"
	Covers  float64 `json:"covers,omitempty"` // the share of the frame under which there was ink
	Why     string  `json:"why,omitempty"`    // nothing shows
}

// Frame is a rectangle on a page as readers show it, in points from its top left corner.
type Frame struct {
	X0 float64 `json:"x0"`
	Y0 float64 `json:"y0"`
	X1 float64 `json:"x1"`
	Y1 float64 `json:"y1"`
}

// Event is one row of the append-only log: what happened to a paper, when, by whom.
type Event struct {
	Paper  PaperID   `json:"paper"`
	Seq    int64     `json:"seq"` // grows within a paper, from 1
	Time   time.Time `json:"time"`
	Actor  string    `json:"actor"` // an account, or "hoso"
	What   string    `json:"what"`  // such as "received", "read", "number set", "filed"
	From   State     `json:"from,omitempty"`
	To     State     `json:"to,omitempty"`
	Reason Reason    `json:"reason,omitzero"`
	Detail string    `json:"detail,omitempty"` // JSON for programs
}
