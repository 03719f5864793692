// Package lazy reads the objects of a PDF file where they lie, one at a time.
//
// The gate looks at finished records of a gigabyte and, later, at files that
// strangers hand in, so nothing here is proportional to the file but the table of
// object offsets, and everything that a file can claim (sizes, counts, depths,
// chains of revisions) is bounded before it is believed. Damage is reported, never
// repaired: a record that needs repair is no record. Errors quote nothing of what
// the file holds, for they end in logs.
package lazy

import "errors"

// Bounds on what a file may ask for.
const (
	maxObjects   = 2_000_000 // object numbers; 32 MB of offsets
	maxRevisions = 1000
	maxDepth     = 48       // of arrays and dictionaries in each other
	maxValues    = 500_000  // in one object
	maxObject    = 16 << 20 // bytes of one object, without stream data
	maxDecoded   = 64 << 20 // bytes of one decoded cross-reference or object stream
)

// Errors of a file's form.
var (
	// ErrFormat marks bytes that are not what ISO 32000-1 asks for.
	ErrFormat = errors.New("malformed PDF")
	// ErrTooMuch marks a file that asks for more than the bounds of this package.
	ErrTooMuch = errors.New("PDF exceeds the bounds of the reader")
	// ErrFilter marks a stream in an encoding that is not read here.
	ErrFilter = errors.New("stream filter is not read here")
)

// Values of a PDF file. Numbers are int64 or float64, booleans bool, null nil.
type (
	// Name is a name without its slash, escapes undone.
	Name string
	// String is the bytes of a string, escapes undone.
	String string
	// Array is an array.
	Array []any
	// Dict is a dictionary.
	Dict map[Name]any
	// Ref points to an indirect object.
	Ref struct{ Num, Gen int }
	// Operator is a bare word: an operator of a content stream.
	Operator string
	// Stream is a stream: its dictionary, and where its raw bytes lie.
	Stream struct {
		Dict   Dict
		Offset int64
		Length int64 // as the dictionary says, within the file
	}
)
