package pipeline

import (
	"maps"
	"slices"
)

// ScanQuality sums up how the pages of a paper were scanned and read, for who looks over
// thousands of papers.
type ScanQuality struct {
	Device     string     `json:"device,omitempty"` // make and model of the scanner, or the program that wrote the file, as the file says
	Confidence float32    `json:"conf"`             // mean over its words, 0 to 100; 0 without words
	Words      int        `json:"words"`
	Counts     []FlagOf   `json:"counts,omitempty"` // pages with each flag
	Pages      []PageMark `json:"pages,omitempty"`  // pages with something to see, the first MostMarks of them
	Millis     int64      `json:"cpu_ms,omitempty"` // processor time of its reading
}

// FlagOf counts the pages with a flag, an outcome other than PageOK or a verdict.
type FlagOf struct {
	What  string `json:"what"`
	Pages int    `json:"pages"`
}

// PageMark is a page with something to see.
type PageMark struct {
	Page       int      `json:"page"`
	Confidence float32  `json:"conf,omitempty"`
	Repeats    int      `json:"repeats,omitempty"` // the page that it is once more, see Page.Repeats
	What       []string `json:"what"`
}

// MostMarks bounds the pages that a ScanQuality names.
const MostMarks = 100

// ScanTally adds up the pages of a paper for its ScanQuality, one by one, so that none
// need be kept. The zero value has seen none.
type ScanTally struct {
	words      int
	confidence float64 // sum over the words
	millis     int64
	counts     map[string]int
	pages      []PageMark
}

// Add takes in the next page.
func (t *ScanTally) Add(p Page) {
	for _, l := range p.Lines {
		for _, w := range l.Words {
			t.confidence += float64(w.Confidence)
		}
		t.words += len(l.Words)
	}
	t.millis += p.CPUMillis
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	all, marks := marksOf(p)
	for _, what := range all {
		t.counts[what]++
	}
	if len(marks) > 0 && len(t.pages) < MostMarks {
		t.pages = append(t.pages, PageMark{Page: p.Number, Confidence: p.Confidence, Repeats: p.Repeats, What: marks})
	}
}

// Quality is what the pages come to; device is told of their file. The same pages give
// the same value.
func (t *ScanTally) Quality(device string) ScanQuality {
	q := ScanQuality{Device: device, Words: t.words, Pages: t.pages, Millis: t.millis}
	if t.words > 0 {
		q.Confidence = float32(t.confidence / float64(t.words))
	}
	for _, what := range slices.Sorted(maps.Keys(t.counts)) {
		q.Counts = append(q.Counts, FlagOf{what, t.counts[what]})
	}
	return q
}

// marksOf gives what is counted of a page, each word once, and what of it a person has
// to see: not that the page is good or bears a seal, nor what hoso has put right itself.
func marksOf(p Page) (all, marks []string) {
	add := func(what string, see bool) {
		if what == "" || slices.Contains(all, what) {
			return
		}
		all = append(all, what)
		if see {
			marks = append(marks, what)
		}
	}
	if p.Outcome != PageOK {
		add(string(p.Outcome), true)
	}
	if p.Verdict != VerdictNotText || p.Outcome != PageNoText { // which says the same
		add(string(p.Verdict), p.Verdict != VerdictGood)
	}
	for _, f := range p.Flags {
		add(string(f), f != HasSeal && f != Turned && f != Rendered)
	}
	return all, marks
}
