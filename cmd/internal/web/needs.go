package web

import (
	"context"
	"errors"
	"io"
	"time"

	"hoso/cmd/internal/report"
	"hoso/pipeline"
)

// Handed is a paper on its way in. Dossier and Unit may be unknown.
type Handed struct {
	Dossier  pipeline.DossierNumber
	Kind     pipeline.Kind
	Unit     string
	FileName string
	Sender   string
	Batch    string // see pipeline.ParseBatch; "" for none
	Collate  pipeline.Collation
	Lane     pipeline.Lane
	Known    []pipeline.Field // what a list states of it
	Size     int64            // -1 if the sender did not say
	Body     io.Reader
}

// Office moves papers. Receive returns only when the bytes are durable and the paper
// is in the catalog. Errors are *pipeline.Refusal, *pipeline.Unavailable, fs.ErrNotExist
// and pipeline.ErrStale; an error of Body is passed on wrapped.
type Office interface {
	Receive(ctx context.Context, h Handed) (pipeline.Receipt, error)
	Settler
	Corrector
	Arranger
}

// Settler decides on papers that wait or have failed.
type Settler interface {
	SetNumber(ctx context.Context, id pipeline.PaperID, n pipeline.DossierNumber, actor string) (pipeline.Paper, error)
	// ConfirmNumber sets a number although the list of agencies speaks against it.
	ConfirmNumber(ctx context.Context, id pipeline.PaperID, n pipeline.DossierNumber, actor string) (pipeline.Paper, error)
	Reject(ctx context.Context, id pipeline.PaperID, reason pipeline.Reason, actor string) (pipeline.Paper, error)
	Retry(ctx context.Context, id pipeline.PaperID, actor string) (pipeline.Paper, error)
}

// Corrector changes what was read of papers, as a person saw them in generation gen:
// ErrStale if they have changed since.
type Corrector interface {
	Correct(ctx context.Context, id pipeline.PaperID, gen int64, edits pipeline.Edits, actor string) (pipeline.Paper, error)
	CorrectWords(ctx context.Context, id pipeline.PaperID, gen int64, edits []pipeline.WordEdit, actor string) (pipeline.Paper, error)
	// Reread has a paper read again from its original.
	Reread(ctx context.Context, id pipeline.PaperID, actor string) (pipeline.Paper, error)
}

// Pictures draws pages of papers that were read; fs.ErrNotExist if there is no such page.
// Page is for looking closely, Whole for a window that shows all of it, Sheet likewise of a
// page of the original, which the paper may leave out.
type Pictures interface {
	Page(ctx context.Context, p pipeline.Paper, number int) (Picture, error)
	Whole(ctx context.Context, p pipeline.Paper, number int) (Picture, error)
	Sheet(ctx context.Context, p pipeline.Paper, number int) (Picture, error)
}

// Picture is a page as a JPEG, and how many pixels the page has of which boxes speak.
type Picture struct {
	JPEG          []byte
	Width, Height int
}

// Renewals tells when records must be renewed.
type Renewals interface {
	Renewals(ctx context.Context) (pipeline.Renewals, error)
}

// Class is a class of papers, as a form offers it.
type Class struct{ Class, Name string }

// Lists are the official lists (danh mục) of agencies and procedures. Import errs with
// pipeline.Misfits, or a Refusal of the file; Look with fs.ErrNotExist.
type Lists interface {
	Import(ctx context.Context, list pipeline.List, how pipeline.Importing, data []byte) (pipeline.Import, error)
	Export(ctx context.Context, list pipeline.List, format string, out io.Writer) error
	Look(ctx context.Context, asked string, day pipeline.Day) (Listed, error)
	Unit(ctx context.Context, code string, day pipeline.Day) (pipeline.Unit, error)
	Imports(ctx context.Context) ([]pipeline.Import, error)
}

// Listed is what the lists say of a code or a printed name.
type Listed struct {
	Unit       *pipeline.Unit       `json:"unit,omitempty"`       // of a unit's code
	Heirs      []string             `json:"heirs,omitempty"`      // those that have taken over from it by that day
	Entries    []pipeline.Agency    `json:"entries,omitempty"`    // of all times
	Procedures []pipeline.Procedure `json:"procedures,omitempty"` // of a procedure's code: the one of that day, or all
	Matches    []Match              `json:"matches,omitempty"`    // of a name; several: it cannot be told which
}

// Match is an agency that a printed name may mean; a score of 100 says that it has
// exactly that name.
type Match struct {
	Agency pipeline.Agency `json:"agency"`
	Score  float64         `json:"score"`
}

// Artifact is a thing made of a paper that can be opened.
type Artifact string

// The artifacts of a paper.
const (
	Original Artifact = "original" // the bytes as received
	Record   Artifact = "record"   // the signed PDF/A
	Words    Artifact = "words"    // all pages, as document.ReadWords reads them
	Light    Artifact = "light"    // the access copy of the record, to look at over slow lines
)

// ErrInWork is what a Shelf returns for an artifact that is being made.
var ErrInWork = errors.New("it is being made")

// Opened is an artifact being read. Reading Body to its end verifies its digest; reads
// of what At gives do not. At may be nil, and the Digest zero with it.
type Opened struct {
	Body   io.ReadCloser
	Size   int64
	Media  string
	Digest pipeline.Digest
	At     func(context.Context) (io.ReaderAt, error)
}

// Check is one question that was asked of a record, and its answer.
type Check struct {
	Name    string `json:"name"` // such as "fixity", "structure", "signature"
	Passed  bool   `json:"passed"`
	Aside   bool   `json:"aside,omitzero"` // it is told, and weighs nothing
	English string `json:"english"`
	Say     string `json:"vietnamese"` // a sentence for the screen
}

// Verdict is what a stranger would find out about a record.
type Verdict struct {
	Passed    bool               `json:"passed"` // all checks
	Checks    []Check            `json:"checks"`
	Signature pipeline.Signature `json:"signature,omitzero"` // of the record, zero if there is none
	Trusted   bool               `json:"trusted"`            // the signer's chain ends at a trusted root
	Report    *report.Report     `json:"report,omitempty"`   // on the signatures of the record; nil if there is none
	Attached  *report.Report     `json:"attached,omitempty"` // on those of the signed file that the record wraps; nil if it wraps none
}

// Shelf opens and examines what the office has stored; fs.ErrNotExist if a paper
// has no such artifact (yet).
type Shelf interface {
	Open(ctx context.Context, id pipeline.PaperID, what Artifact) (Opened, error)
	OpenEdition(ctx context.Context, id pipeline.PaperID, version int) (Opened, error) // a record, version 1 the first
	Verify(ctx context.Context, id pipeline.PaperID) (Verdict, error)
	// Judge examines a file that is kept nowhere.
	Judge(ctx context.Context, name string, body io.Reader) (Verdict, error)
	// Arrival is what was found of the signatures that a paper came with.
	Arrival(ctx context.Context, id pipeline.PaperID) (pipeline.ArrivalNote, error)
}

// Catalog answers questions about papers.
type Catalog interface {
	Paper(ctx context.Context, id pipeline.PaperID) (pipeline.Paper, error)
	Events(ctx context.Context, id pipeline.PaperID) ([]pipeline.Event, error)
	Balance(ctx context.Context) (pipeline.Balance, error)
	Finder
}

// Finder finds papers by a question, and those that wait for a person with how many
// there are in all. Marks tells which words of a page are those that q asks for.
type Finder interface {
	Find(ctx context.Context, q pipeline.Query) (pipeline.Found, error)
	Waiting(ctx context.Context, q pipeline.Queue) ([]pipeline.Paper, int, error)
	Marks(q pipeline.Query, page []string) []pipeline.Stretch
}

// Searches keeps searches for accounts, each under an ID that is random. Changing what is
// not there is fs.ErrNotExist, an unsuitable name a Refusal.
type Searches interface {
	Keep(ctx context.Context, account string, k pipeline.Kept) error
	Kept(ctx context.Context, account string) ([]pipeline.Kept, error)
	RenameKept(ctx context.Context, account, id, name string) error
	DropKept(ctx context.Context, account, id string) error
}

// View is one row of the access log.
type View struct {
	Time    time.Time
	Account string
	Paper   pipeline.PaperID // "" for a search
	Act     string           // searched, viewed, downloaded, verified
	Detail  string           // what was searched for or taken; may be personal
	Remote  string           // address
}

// Journal is the access log. A view that cannot be logged is not given.
type Journal interface {
	LogView(ctx context.Context, v View) error
}

// Progress is how far the reading of a paper has come. Total is 0 while unknown.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Observer knows what the catalog does not: how things go right now.
type Observer interface {
	// Progress is asked once a second for each paper being read that somebody looks at.
	Progress(ctx context.Context, id pipeline.PaperID) (Progress, error)
	// Services lists the parts of the installation and whether they answer.
	Services(ctx context.Context) []Service
}

// Service is one part of the installation.
type Service struct {
	Name    string `json:"name"`
	Healthy bool   `json:"healthy"`
	English string `json:"english,omitempty"`
	Say     string `json:"vietnamese"` // a sentence for the screen
}
