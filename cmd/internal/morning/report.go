package morning

import (
	"html/template"
	"time"

	"hoso/pipeline"
)

// Report is what is known of a shelf at a moment: the head of the JSON, whose lists are
// behind it, see WriteJSON.
type Report struct {
	Made     time.Time             `json:"made"`
	Shelf    pipeline.Shelf        `json:"shelf"`
	Unit     string                `json:"unit,omitempty"` // papers of other units are left out below the balance
	Verdict  Verdict               `json:"verdict"`
	Headline string                `json:"headline"` // Vietnamese, a sentence
	Line     string                `json:"line"`     // the balance in one line, Vietnamese
	Sum      Sum                   `json:"sum"`
	Even     bool                  `json:"even"`    // the catalog's totals agree
	Moving   bool                  `json:"moving"`  // the shelf is being worked on; the parts of this report are not of one moment
	Balance  pipeline.ShelfBalance `json:"balance"` // as the catalog counts
	Proof    Proof                 `json:"proof"`   // what was looked up beside
	Totals   Totals                `json:"totals"`
	Night    Night                 `json:"night"`
	Scanners []Quality             `json:"scanners"` // the one with the most pages first
	Folders  []Quality             `json:"folders"`  // top folders of the tree, likewise
	See      []Kind                `json:"see"`      // pages and papers to look at, by what there is to see
	Stuck    map[string][]Group    `json:"stuck"`    // held, refused, waiting, asked, rejected, failed, remarks, gone: by reason
	Empty    pipeline.EmptyFolders `json:"empty"`    // folders of dossiers in which nothing was scanned, as they may be shown
	Sample   SampleState           `json:"sample"`
	Runs     []RunShown            `json:"runs"` // the first one first
	Judged   map[string]string     `json:"judged"`
	Unlike   int64                 `json:"unlike"` // papers for which there was no time to look for others like them
	missing  []Finding             // see Proof.Missing
	twice    []Twice               // see Kind "twice"
	alike    []Pair                // see Kind "alike"
	base     string                // before the address of a paper
	places   map[pipeline.PaperID]*place
	thumbs   map[shot]template.URL
	scope    Scope
}

// Verdict is what the report comes to.
type Verdict string

// The verdicts, the best first.
const (
	Settled Verdict = "settled" // everything is filed or refused
	Open    Verdict = "open"    // it balances, and there is work for people or for hoso
	Unsure  Verdict = "unsure"  // it balances, and the bucket did not answer for all of it
	Uneven  Verdict = "uneven"  // the totals do not agree
	Lost    Verdict = "lost"    // something that should be in the bucket is not there
)

// Sum is the balance in the words of who asks: Found is the sum of the others.
type Sum struct {
	Found   int64 `json:"found"`
	Filed   int64 `json:"filed"`
	Waiting int64 `json:"waiting"` // for a person: at the desk, or where the file lies
	Refused int64 `json:"refused"` // files not received, papers rejected
	ToDo    int64 `json:"todo"`    // for hoso
	Ignored int64 `json:"ignored"` // no papers: the system's files, inventories
}

func sumOf(b pipeline.ShelfBalance) Sum {
	return Sum{
		Found: b.Found, Filed: b.Filed, Waiting: b.Waiting + b.Held, Refused: b.Refused + b.Rejected,
		ToDo: b.ToDo + b.Open, Ignored: b.Ignored,
	}
}

// Proof tells what was looked up in the bucket and in the catalog.
type Proof struct {
	Records   int64   `json:"records"`   // of filed papers, that are there with their size
	Manifests int64   `json:"manifests"` // of filed papers, that are there
	Originals int64   `json:"originals"` // of all papers, that are there with their size
	Files     int64   `json:"files"`     // received files that are the original of their paper, or a member of it
	Counted   int64   `json:"counted"`   // rows of the ledger, gone ones left out; equals Balance.Found
	Missing   int64   `json:"missing"`   // findings
	Unasked   int64   `json:"unasked"`   // papers for which the bucket did not answer
	Seconds   float64 `json:"seconds"`   // that it took
}

// Finding is something that is not as the catalog says.
type Finding struct {
	What  FindingKind      `json:"what"`
	Paper pipeline.PaperID `json:"paper,omitempty"`
	Path  string           `json:"path,omitempty"` // of a file of the paper, below the shelf's root
	Want  int64            `json:"want,omitempty"` // bytes
	Got   int64            `json:"got,omitempty"`  // bytes
	State pipeline.State   `json:"state,omitempty"`
	Key   string           `json:"key,omitempty"` // of the object
}

// FindingKind is what is wrong.
type FindingKind string

// The findings, the worst first.
const (
	NoOriginal  FindingKind = "no-original"  // the bucket does not have it
	NoRecord    FindingKind = "no-record"    //
	NoManifest  FindingKind = "no-manifest"  //
	NoPaper     FindingKind = "no-paper"     // a file says that it was received, and the catalog does not know its paper
	WrongSize   FindingKind = "wrong-size"   // an object has another size than the catalog says
	WrongDigest FindingKind = "wrong-digest" // a file is not what its paper was made from
	WrongMember FindingKind = "wrong-member" // a file is not in the bundle that its paper was made from
)

// Totals are of the papers that may be seen.
type Totals struct {
	Papers     int64   `json:"papers"`
	Pages      int64   `json:"pages"`
	Dossiers   int64   `json:"dossiers"`
	Words      int64   `json:"words"`
	Confidence float64 `json:"conf"`         // mean over the words, 0 to 100; 0 without words
	CPU        float64 `json:"cpu_per_page"` // seconds of processor time; 0 if not known
	Bytes      int64   `json:"bytes"`        // of the originals
	Elsewhere  int64   `json:"elsewhere"`    // files whose paper had come before, by another way
}

// Night is the time in which the shelf was worked on last, at most the last 24 hours of it.
type Night struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Minutes  int       `json:"minutes"` // of a step
	Steps    []Step    `json:"steps"`
	Papers   int64     `json:"papers"` // filed within it
	Pages    int64     `json:"pages"`
	Hours    float64   `json:"hours"`          // in which runs were going or papers were being filed
	PerHour  float64   `json:"pages_per_hour"` // over those hours
	Gaps     []Span    `json:"gaps"`           // within runs, in which nothing was filed
	LongestM int       `json:"longest_gap"`    // minutes
}

// Step is one interval of the night.
type Step struct {
	At     time.Time `json:"at"`
	Papers int       `json:"papers"` // filed
	Pages  int       `json:"pages"`
}

// Span is a piece of time.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Quality is how well the pages of a scanner or a folder were scanned.
type Quality struct {
	Name       string    `json:"name"` // "" is not known, or the root itself
	Papers     int64     `json:"papers"`
	Pages      int64     `json:"pages"`
	Words      int64     `json:"words"`
	Confidence float64   `json:"conf"`     // mean over the words
	Doubtful   int64     `json:"doubtful"` // pages
	Streaked   int64     `json:"streaked"` // pages
	Flagged    int64     `json:"flagged"`  // pages with a flaw of scanning: skewed, cropped, streaked, under-resolution
	Trend      []float64 `json:"trend"`    // mean confidence of as many papers each, in the order they were handed in
	Fall       *Fall     `json:"fall,omitempty"`
	points     []point
	read       int // how many papers the trend is of
}

// Share is the part of the pages that is doubtful, in percent.
func (q Quality) Share() float64 { return percent(q.Doubtful, q.Pages) }

// Fall is a significant fall of the confidence.
type Fall struct {
	Since  time.Time `json:"since"`  // when the first paper behind the fall was handed in
	Path   string    `json:"path"`   // of that paper
	Before float64   `json:"before"` // mean confidence of the papers before it
	After  float64   `json:"after"`  // and from it on
	Papers int       `json:"papers"` // from it on
	T      float64   `json:"t"`      // Welch's statistic
}

// Kind is one thing to see of pages, and how many have it.
type Kind struct {
	What   string `json:"what"`
	Pages  int64  `json:"pages"`
	Marked int64  `json:"listed"` // of them named one by one; a paper names its first 100
	first  []Spot
}

// Spot is a page to look at.
type Spot struct {
	Paper      pipeline.PaperID `json:"paper"`
	Path       string           `json:"path"`
	Page       int              `json:"page"`
	Confidence float32          `json:"conf,omitempty"`
	Repeats    int              `json:"repeats,omitempty"` // the page that it is once more
	Number     string           `json:"number,omitempty"`  // of the other dossier that it names
	What       []string         `json:"what"`
	of         pipeline.Paper   // what its picture is drawn from
}

// Twice is a file whose bytes another one had before.
type Twice struct {
	Path  string           `json:"path"`
	First string           `json:"first"` // the path of the other one
	Paper pipeline.PaperID `json:"paper,omitempty"`
}

// Pair is two papers that look alike.
type Pair struct {
	Paper pipeline.PaperID      `json:"paper"`
	Path  string                `json:"path"`
	Like  pipeline.PaperID      `json:"like"`
	Other string                `json:"like_path"` // or how it was called, if it is of no file here
	Kind  pipeline.LikenessKind `json:"kind"`
	Score float32               `json:"score"`
}

// Group is what is there for one reason.
type Group struct {
	Code   string  `json:"code"`
	Say    string  `json:"say"` // Vietnamese: what, and what to do
	Count  int64   `json:"count"`
	By     []Share `json:"by,omitempty"` // how the cases are spread over what differs, where that is few things
	first  []Case
	common sentence
	texts  map[string]int64 // how many cases have each sentence
}

// Share is a part of a group: those that have the same in the place where its sentence differs.
type Share struct {
	Say   string `json:"say"` // "" for those that have nothing there
	Count int64  `json:"count"`
}

// Case is one file or paper of a group.
type Case struct {
	Path    string
	Paper   pipeline.PaperID
	Page    int
	Say     string // what is its own in the group's sentence, "" if all have the same
	RetryAt time.Time
}

// SampleState is how the second look at the shelf stands.
type SampleState struct {
	Drawn    int                `json:"drawn"`
	Looked   int                `json:"looked"`
	Good     int                `json:"good"`
	Bad      int                `json:"bad"`
	By       []Looker           `json:"by"`
	Wrong    []pipeline.Check   `json:"wrong"` // the bad ones
	SignOffs []pipeline.SignOff `json:"sign_offs"`
	Draws    []pipeline.Draw    `json:"draws"` // how it was drawn, by rounds
}

// Looker is a person who looked.
type Looker struct {
	Account string `json:"account"`
	Looked  int    `json:"looked"`
	Bad     int    `json:"bad"`
}

// RunShown is a run and what came of it.
type RunShown struct {
	pipeline.Run

	Papers int64 `json:"papers"` // filed from its beginning to the next one's
	Pages  int64 `json:"pages"`
}
