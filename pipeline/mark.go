package pipeline

// Mark is what a signature shows on a page of a record, taken out of it so that a copy can
// show the same.
type Mark struct {
	Page  int // from 1
	Frame Frame
	Parts []MarkPart // the drawing first, then what it needs
}

// MarkPart is an object of a PDF. Its text is cut where it refers to another part: the first
// reference stands between the first two pieces, and so on.
type MarkPart struct {
	Text   []string
	Refs   []int  // indexes of parts
	Stream []byte // encoded as the text says; nil if it is no stream
}
