package compose

import (
	"errors"
	"fmt"

	"hoso/pipeline"
)

// Facts is what Inspect read from the final bytes of a record.
type Facts struct {
	Pages   int
	Version string // of the header, such as "1.7"
	PDFA    string // part and conformance that the XMP metadata claims, such as "2u"; "" if none
	Title   string // of the Info dictionary
	ID      string // first part of the trailer's ID, hexadecimal

	// Images holds, for each page in order, the digest of the raw stream of the one
	// image that the page shows; zero if it shows none or several.
	Images []pipeline.Digest
	// Words is how many pages carry text, all of it invisible unless Visible.
	Words   int
	Visible int // pages with text that can be seen

	OutputIntent bool
	Encrypted    bool
	Actions      int // scripts and actions of any kind
	Attachments  int
	Attached     []Attached // files associated with the document, as they lie in it
	Signatures   int        // signature dictionaries with a byte range, timestamps among them
	Revisions    int        // sections of the cross-reference table

	// Problems are sentences for the log on everything that a record must not be.
	// They hold nothing of the content. There are at most maxProblems.
	Problems []string
}

const maxProblems = 50

// ErrRecord marks a file that the gate does not let through.
var ErrRecord = errors.New("not a sound record")

// Err is nil if there are no problems.
func (f Facts) Err() error {
	if len(f.Problems) == 0 {
		return nil
	}
	return fmt.Errorf("inspecting a record of %d pages: %w: %s (%d in all)",
		f.Pages, ErrRecord, f.Problems[0], len(f.Problems))
}

func (f *Facts) problem(format string, args ...any) {
	if len(f.Problems) < maxProblems {
		f.Problems = append(f.Problems, fmt.Sprintf(format, args...))
	}
}
