package pipeline

import (
	"time"

	"hoso/pipeline/grammar"
)

// Query is what a person looks for. Empty parts do not restrict.
//
// Box takes the place of Number and Text. What was typed there is read as whatever it
// may mean (Found.Meanings), and one wrong letter of its words is forgiven.
type Query struct {
	Box     string    // what a person typed into the one box
	Meaning string    // the Name of the Meaning of Box that is wanted; "" the first that finds something
	Number  string    // a dossier number, whole or its beginning, in any form
	Text    string    // words, with or without tone marks; "in quotes" is a phrase
	Within  string    // the unit, with all below it, that who asks may see
	Unit    string    // the owning unit and all below it
	Kind    Kind      //
	State   State     //
	Class   string    // the value of FieldClass
	Batch   string    //
	Issued  string    // the day on the paper in ISO 8601, or the beginning of it: 2024, 2024-03
	Sender  string    // the account that handed it in
	From    time.Time // received at or after
	To      time.Time // received before
	Order   Order     //
	Limit   int       // 0 means 20; at most 200
	After   string    // Found.Next of the page before
	Facets  bool      // count what the matches can be narrowed by
}

// Order is how hits are sorted.
type Order string

// The orders of hits.
const (
	Newest Order = ""       // newest received first
	Ranked Order = "ranked" // best first; exact tones above folded ones
)

// Hit is one paper found.
type Hit struct {
	Paper   Paper   `json:"paper"`
	Snippet Snippet `json:"snippet,omitempty"`
	Near    bool    `json:"near,omitzero"` // it has a word of the question with a letter wrong
}

// Snippet is a piece of the paper's text cut into parts, those that matched marked.
type Snippet []Part

// Part is a piece of text in a Snippet.
type Part struct {
	Text  string `json:"text"`
	Match bool   `json:"match,omitzero"`
}

// Found is one page of hits.
type Found struct {
	Hits  []Hit  `json:"hits"`
	Total int    `json:"total"` // capped at 10,001, which means "more than 10,000"
	Next  string `json:"next,omitempty"`

	Near     int       `json:"near,omitzero"`      // how many of Total have a letter wrong, capped at 201; they come last
	Meanings []Meaning `json:"meanings,omitempty"` // what Box may mean, the likeliest first
	Perhaps  []string  `json:"perhaps,omitempty"`  // numbers one digit away, if nothing was found
	Facets   []Facet   `json:"facets,omitempty"`
}

// Meaning is something that a Box may mean.
type Meaning struct {
	Name  string       `json:"name"` // such as dossier-tail
	Kind  grammar.Kind `json:"kind"`
	Part  grammar.Part `json:"part"`
	Total int          `json:"total"`         // how many papers it finds, capped at 1,001
	More  bool         `json:"more,omitzero"` // only the newest 2,000 papers were looked through
	Used  bool         `json:"used"`          // the hits are of this one
}

// Facet is one way of narrowing a search down: a filter, and what it can be set to. Each
// is counted as if its own filter were not set, among the newest matches only.
type Facet struct {
	Name   FacetName    `json:"name"`
	Values []FacetValue `json:"values"`
	More   bool         `json:"more,omitzero"`   // there are more values
	Capped bool         `json:"capped,omitzero"` // there are more matches than were counted
}

// FacetName names a filter of Query.
type FacetName string

// The facets.
const (
	ByUnit     FacetName = "unit"
	ByKind     FacetName = "kind"
	ByState    FacetName = "state"
	ByClass    FacetName = "class"
	ByBatch    FacetName = "batch"
	ByIssued   FacetName = "issued"   // years
	ByReceived FacetName = "received" // spans of days
)

// FacetValue is one setting of a filter, and how many matches have it.
type FacetValue struct {
	Value string `json:"value"`         // of the filter; of ByReceived: today, week, month, or a year
	From  Day    `json:"from,omitzero"` // of ByReceived, in Vietnam
	To    Day    `json:"to,omitzero"`   // the day itself counts
	Count int    `json:"count"`
}

// Stretch is where a part of a question stands on a page: words from First to Last,
// counted from 0.
type Stretch struct {
	Part, First, Last int
	Near              bool // one of them has a letter wrong
}

// Kept is a search that somebody keeps under a name.
type Kept struct {
	ID    string
	Name  string
	Time  time.Time
	Asked string // as whoever keeps it wrote it; it may be personal
}

// Queue asks for the papers that wait for a person.
type Queue struct {
	Unit   string  // of this unit and those below it, "" for all
	Sender string  // and those that this account handed in, whose unit nobody knows yet
	After  PaperID // those behind this one
	Limit  int     // 0 counts only; at most 200
	State  State   // which waiting is meant: Confirming, which "" is too, or Signing
}
