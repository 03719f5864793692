package pipeline

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
	What       []string `json:"what"`
}

// MostMarks bounds the pages that a ScanQuality names.
const MostMarks = 100
