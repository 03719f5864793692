package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// PaperID names one received paper. It is random and unguessable (a ULID: 48 bits
// of time, 80 of randomness, 26 letters of Crockford's base 32), says nothing of
// its owner, and may stand in URLs, object keys and logs.
type PaperID string

// ErrPaperID is returned for text that is not a paper's identifier.
var ErrPaperID = errors.New("not a paper ID")

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ParsePaperID checks the form of s, which comes from strangers.
func ParsePaperID(s string) (PaperID, error) {
	if len(s) != 26 {
		return "", fmt.Errorf("reading paper ID %.40q: %w", s, ErrPaperID)
	}
	for _, c := range s {
		if !containsRune(crockford, c) {
			return "", fmt.Errorf("reading paper ID %.40q: %w", s, ErrPaperID)
		}
	}
	return PaperID(s), nil
}

func containsRune(set string, r rune) bool {
	for _, c := range set {
		if c == r {
			return true
		}
	}
	return false
}

// Kind says what a paper is in its dossier.
type Kind string

// The kinds of a paper.
const (
	Component Kind = "component" // thành phần hồ sơ: handed in by the citizen
	Output    Kind = "output"    // giấy tờ phát sinh: made while the case was worked on
	Result    Kind = "result"    // kết quả giải quyết: what the citizen came for
)

// ParseKind reads a kind; the empty string is a Component.
func ParseKind(s string) (Kind, error) {
	switch k := Kind(s); k {
	case "":
		return Component, nil
	case Component, Output, Result:
		return k, nil
	}
	return "", fmt.Errorf("reading kind %.40q: want component, output or result", s)
}

// ErrBatch is returned for text that cannot be the label of a batch.
var ErrBatch = errors.New("not a batch label: want up to 60 letters a to z, digits, dots, hyphens and underscores")

// ParseBatch reads the label that somebody gave to the papers of one night, box or
// shelf, such as dem-2026-11-28. It stands in lists and addresses and says nothing to
// hoso; "" is no batch. Dots alone are none either: an address would lose them.
func ParseBatch(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 60 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" || s != "" && strings.Trim(s, ".") == "" {
		return "", fmt.Errorf("reading %.60q: %w", s, ErrBatch)
	}
	return s, nil
}

// Lane is how urgent a paper is: queues have strict priority in this order.
type Lane string

// The lanes, first served first.
const (
	Desk   Lane = "desk"   // a citizen is waiting
	Batch  Lane = "batch"  // the night's shelf
	Upkeep Lane = "upkeep" // fixity, renewal, re-indexing
)

// Seen is a paper as somebody looked at it, who acts on nothing newer.
type Seen struct {
	ID  PaperID
	Gen int64 // see Paper
}

// Paper (giấy tờ) is one paper of a dossier as the catalog knows it. It is a value:
// a change of state gives a new one.
type Paper struct {
	ID       PaperID       `json:"id"`
	Dossier  DossierNumber `json:"dossier"` // zero while nobody knows it
	Kind     Kind          `json:"kind"`
	Unit     string        `json:"unit,omitempty"` // the agency's code, such as H42.15
	FileName string        `json:"file_name"`      // as the sender named it, made safe to show; never part of a key
	Media    string        `json:"media"`          // MIME type by content, "" until looked at
	Original Digest        `json:"sha256"`
	Size     int64         `json:"size"` // bytes of the original
	Lane     Lane          `json:"lane"`
	Sender   string        `json:"sender"`          // the account that handed it in
	Batch    string        `json:"batch,omitempty"` // the label under which it came with others, see ParseBatch
	Received time.Time     `json:"received"`

	State   State     `json:"state"`
	Gen     int64     `json:"gen"` // grows with every change; a move names the one it starts from
	Reason  Reason    `json:"reason,omitzero"`
	Asked   []Reason  `json:"asked,omitempty"`   // each thing that a person is asked, where Reason sums them up
	RetryAt time.Time `json:"retry_at,omitzero"` // of a Failed paper
	Tries   int       `json:"tries,omitzero"`    // failures in a row of the step it stands before
	Updated time.Time `json:"updated"`

	Leaves  []Leaf    `json:"leaves,omitempty"`  // its pages among those of the original, in order; none for all of them
	Collate Collation `json:"collate,omitempty"` // the original is fronts and backs; Leaves say how, once it was opened
	Parted  PaperID   `json:"parted,omitempty"`  // the paper of whose original this one took its leaves
	Parts   []PaperID `json:"parts,omitempty"`   // the papers that took leaves away from this one
	Merged  []PaperID `json:"merged,omitempty"`  // the papers whose leaves this one took in; they are rejected
	Into    PaperID   `json:"into,omitempty"`    // the paper that took in its leaves
	Of      int       `json:"of,omitempty"`      // pages of the original; 0 until read, and where Pages says it

	Handed  DossierNumber `json:"handed,omitzero"`          // the number that the sender gave
	OnSheet bool          `json:"number_on_sheet,omitzero"` // Dossier is what the separator sheet before the paper says

	Scan ScanQuality `json:"scan,omitzero"` // of its pages, once they are read

	Pages    int       `json:"pages"`                      // 0 until read
	Words    Digest    `json:"words,omitzero"`             // the Reading as stored
	Composed Digest    `json:"composed,omitzero"`          // the PDF/A before its signature
	Record   Digest    `json:"record,omitzero"`            // the signed PDF/A
	RecSize  int64     `json:"record_size,omitzero"`       // bytes of the record
	Wraps    Digest    `json:"wraps,omitzero"`             // the signed original that stands whole in the record; zero if none does
	Sealed   Signature `json:"signature,omitzero"`         // what is known of the record's signature
	Fields   []Field   `json:"fields,omitempty"`           // what is known of its content
	Signed   bool      `json:"signed_on_arrival,omitzero"` // the original carries signatures and is kept as it is

	Arrival  Arrival `json:"signatures_on_arrival,omitzero"` // what those signatures were worth when it came; zero if it has none
	Accepted bool    `json:"signatures_accepted,omitzero"`   // a person takes the paper although they are not in order

	NotSecret bool `json:"not_secret,omitzero"` // a person said so of the stamp of secrecy on it

	Pieces []Piece `json:"pieces,omitempty"` // the papers it seems to be made of, if it is a stack

	Code        DigitizationCode   `json:"code,omitzero"`          // mã kết quả số hóa
	FormerCodes []DigitizationCode `json:"former_codes,omitempty"` // that it had before, which nobody else is to get
	Uncoded     string             `json:"uncoded,omitempty"`      // why there is none, see package workers
	Corrections []Correction       `json:"corrections,omitempty"`  // of its words, by people
	Revise      bool               `json:"revise,omitzero"`        // there are corrections that Words do not have yet
	Manifest    int                `json:"manifest,omitzero"`      // number of its newest manifest, see Manifests
	FiledAt     time.Time          `json:"filed,omitzero"`         // when its newest record was published
	Former      []Edition          `json:"former,omitempty"`       // its earlier records, the first one first
	Grown       []Stored           `json:"grown,omitempty"`        // what Record was before it was renewed: each the first bytes of it
}

// Questions are the things that a waiting paper asks.
func (p Paper) Questions() []Reason {
	if len(p.Asked) == 0 && !p.Reason.IsZero() {
		return []Reason{p.Reason}
	}
	return p.Asked
}

// Manifests is how many manifests of the paper there are. Papers that were filed before
// there could be several do not say it.
func (p Paper) Manifests() int {
	if p.Manifest == 0 && (p.State == Filed || p.State == Rejected) {
		return 1
	}
	return p.Manifest
}

// Current is the paper's newest published record; ok is false if there is none. While a
// newer one is being made it is the last of the former ones.
func (p Paper) Current() (e Edition, ok bool) {
	all := p.Editions()
	if len(all) == 0 {
		return Edition{}, false
	}
	return all[len(all)-1], true
}

// Editions are all published records, version 1 first.
func (p Paper) Editions() []Edition {
	if p.State != Filed || p.Record.IsZero() {
		return p.Former
	}
	now := Edition{
		Record: p.Record, Size: p.RecSize, Words: p.Words, Sealed: p.Sealed, Filed: p.FiledAt, Grown: p.Grown, Wraps: p.Wraps,
		Pages: p.Pages, Leaves: p.Leaves, Scan: p.Scan,
	}
	return append(slices.Clip(p.Former), now)
}

// AsItCame reports whether the paper's record is the file as it came: signed by others,
// and not wrapped.
func (p Paper) AsItCame() bool { return p.Signed && p.Wraps.IsZero() }

// Reopened is a filed paper as it goes through the steps again: its record is a former
// one until there is a newer.
func (p Paper) Reopened() Paper {
	p.Manifest, p.Former = p.Manifests(), p.Editions()
	p.Composed, p.Record, p.RecSize, p.Sealed, p.Grown = Digest{}, Digest{}, 0, Signature{}, nil
	p.Wraps, p.Tries = Digest{}, 0
	return p
}

// Shelved is a paper as it stands on the shelf: filed, with its newest published record.
// A paper that never was filed stays as it is.
func (p Paper) Shelved() Paper {
	last := len(p.Former) - 1
	if p.State == Filed || last < 0 {
		return p
	}
	e := p.Former[last]
	p.Record, p.RecSize, p.Words, p.Sealed, p.FiledAt = e.Record, e.Size, e.Words, e.Sealed, e.Filed
	p.Grown, p.Wraps, p.Scan = e.Grown, e.Wraps, e.Scan
	if e.Pages > 0 { // it is known since papers have leaves
		p = p.bound(e.Pages, e.Leaves)
	}
	p.Composed, p.Former = e.Sealed.Composed, p.Former[:last:last]
	p.State, p.Revise, p.Tries = Filed, false, 0
	return p
}

// State is where a paper stands. design: received → recognized → composed →
// signed → filed, with people and failures in between.
type State string

// The states of a paper.
const (
	Received   State = "received"   // bytes durable, nothing done yet
	Recognized State = "recognized" // every page has an outcome
	Confirming State = "confirming" // waits for a person: number or fields
	Composed   State = "composed"   // PDF/A built, unsigned
	Signing    State = "signing"    // waits for a person's signature
	SignedOff  State = "signed"     // signature and timestamp embedded
	Filed      State = "filed"      // published: manifest written
	Rejected   State = "rejected"   // refused for good, with its reason
	Failed     State = "failed"     // a step failed and will be tried again at RetryAt
)

// Open reports whether hoso itself still has work to do on a paper in this state.
func (s State) Open() bool {
	switch s {
	case Received, Recognized, Composed, SignedOff, Failed:
		return true
	case Confirming, Signing, Filed, Rejected: // a person's turn, or the end
	}
	return false
}

// Waiting reports whether a person must act.
func (s State) Waiting() bool { return s == Confirming || s == Signing }

// States lists all states in the order of the flow.
func States() []State {
	return []State{Received, Recognized, Confirming, Composed, Signing, SignedOff, Filed, Rejected, Failed}
}

// Balance is the guarantee in numbers: Received = Filed + Waiting + Rejected + Open.
type Balance struct {
	Received int64           `json:"received"`
	Filed    int64           `json:"filed"`
	Waiting  int64           `json:"waiting"`
	Rejected int64           `json:"rejected"`
	Open     int64           `json:"open"` // in work or to be retried
	ByState  map[State]int64 `json:"by_state"`
}

// Even reports whether the totals agree.
func (b Balance) Even() bool { return b.Received == b.Filed+b.Waiting+b.Rejected+b.Open }

// Receipt is what a sender gets once the bytes are durable and the paper is in the
// catalog, never before.
type Receipt struct {
	ID       PaperID       `json:"id"`
	Dossier  DossierNumber `json:"dossier"`
	State    State         `json:"state"`
	Digest   Digest        `json:"sha256"`
	Size     int64         `json:"size"`
	Pages    int           `json:"pages"`
	FileName string        `json:"file_name"`
	Received time.Time     `json:"received"`
	Again    bool          `json:"again"` // these bytes were already received for this dossier
}

// Piece is a run of pages in a stack that seems to be a paper of its own: a hint for who
// splits it.
type Piece struct {
	From       int     `json:"from"` // first page, from 1
	To         int     `json:"to"`   // last page
	Class      string  `json:"class,omitempty"`
	Confidence float32 `json:"conf"` // that it begins there, 0 to 100
}

// ReasonSecret is the code of the question whether a stamp of secrecy (MẬT) stands on a
// paper.
const ReasonSecret = "secret-stamp"

// Withheld reports whether nothing of what the paper says may be found, because it may be
// secret.
func (p Paper) Withheld() bool {
	secret := func(r Reason) bool { return r.Code == ReasonSecret }
	return secret(p.Reason) || slices.ContainsFunc(p.Asked, secret)
}
