package pipeline

import "time"

// Query is what a person looks for. Empty parts do not restrict.
type Query struct {
	Number string    // a dossier number, whole or its beginning, in any form
	Text   string    // words, with or without tone marks; "in quotes" is a phrase
	Unit   string    // the owning unit and all below it
	Kind   Kind      //
	State  State     //
	Sender string    // the account that handed it in
	From   time.Time // received at or after
	To     time.Time // received before
	Order  Order     //
	Limit  int       // 0 means 20; at most 200
	After  string    // Found.Next of the page before
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
}

// Queue asks for the papers that wait for a person.
type Queue struct {
	Unit   string  // of this unit and those below it, "" for all
	Sender string  // and those that this account handed in, whose unit nobody knows yet
	After  PaperID // those behind this one
	Limit  int     // 0 counts only; at most 200
}
