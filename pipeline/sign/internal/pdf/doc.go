// Package pdf reads a PDF from its end, as a signer must: the trailer, the newest
// cross-reference section, the catalog, one page, and nothing else unless it
// is asked for. It holds values as the bytes they are written in, so that a changed
// dictionary is written back with everything it does not understand left alone.
//
// A file is hostile until shown otherwise. What is read into memory, how deep values
// nest, how many sections a file has and how much work one file may cause are all
// bounded; passing a bound is an error like a broken file.
package pdf

import "errors"

// ErrBroken is wrapped by every error that lies in the file itself: damaged, or
// beyond the bounds of this package. Other errors are those of reading.
var ErrBroken = errors.New("unreadable PDF structure")

const (
	maxObject   = 4 << 20  // bytes of one object outside its stream
	maxDepth    = 64       // nesting of arrays and dictionaries
	maxRevision = 1024     // cross-reference sections of one file
	maxRanges   = 1 << 17  // subsections of all sections
	maxDecoded  = 32 << 20 // bytes of all decoded cross-reference streams
	maxPacked   = 16 << 20 // bytes of one decoded object stream
	maxWork     = 1 << 28  // steps of looking things up, in all revisions of a file
)
