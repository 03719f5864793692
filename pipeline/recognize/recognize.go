// Package recognize turns the picture of a page into words. What an engine reads is a
// guess with a confidence; this package makes the best of it, for any engine:
//
//	First    one reading of the whole page
//	missed   ink that no word covers: figures in a column, a name across a seal
//	inRed    red print and stamps, which preparation hides together with the seals
//	again    doubtful words once more with a larger model; the better reading stays
//	numbers  put together from pieces, dates in words slot by slot, doubtful ones in up
//	         to four ways until two readings agree; kept only if they can be true
//	rows     numbers of rows that a column of a table demands
//	pens     doubtful words among the strokes of signatures and handwriting go
//	repair   what the spelling of Vietnamese betrays, marked with what was read
//	order    tables row by row, the two columns of an official head one after the other
//	calibrate  confidences that are shares of right words; Judge sums them up
//
// What was tried and left out, on generated pages and real scans: a second reading of
// the whole page with the larger model (twice the time of what doubtful words cost, and
// no fewer errors), and looking again at words that weigh 60 to 88 (three times the
// second looks, the same error rate).
package recognize

import (
	"context"
	"errors"
	"image"
	"unicode/utf8"

	"hoso/pipeline"
)

// Engine reads pictures of text. An Engine serves one caller at a time; others wait.
type Engine interface {
	// Read reads img as look says. Boxes of the result are pixels of img, lines are
	// as the engine found them. When ctx ends first the error wraps ctx's, and when the
	// engine has had enough of a picture it gives what it has read, and ErrTired; it is
	// good for the next picture then.
	Read(ctx context.Context, img *image.Gray, look Look) ([]pipeline.Line, error)
	// Deep reports whether the engine has a larger model for deep looks.
	Deep() bool
	// Name is the engine's name and version, such as "tesseract 5.3.0".
	Name() string
	// Languages names the models that have read, such as "vie+Vietnamese".
	Languages() string
	// Close frees the engine's memory. A second Close does nothing.
	Close() error
}

// ErrTired is returned by an Engine that has worked longer on a picture than any page
// is worth.
var ErrTired = errors.New("the picture is too much to read")

// Look says how an engine is to look at a picture.
type Look struct {
	DPI      int    // dots per inch of the picture
	As       Shape  // what it is a picture of
	Alphabet string // the only letters that may stand on it; "" for all
	Deep     bool   // with the larger model, if there is one
}

// Shape is what a picture shows.
type Shape int

// The shapes, from much structure to none.
const (
	AsPage    Shape = iota // a page whose columns and blocks are to be found
	AsBlock                // one block of lines of one size
	AsLine                 // one line
	AsStrip                // one line that fills the picture, taken as it is
	AsScatter              // words that stand anywhere
)

// Result is what was read on one page.
type Result struct {
	Lines      []pipeline.Line
	Confidence float32 // mean over the words, weighted by length, 0 to 100; 0 without words
	Engine     string  // name and version
	Languages  string  // the models that read it
	Partial    bool    // there is more on the page than was read
}

// Finish makes an engine's raw lines fit to keep: it tidies every word, drops the
// empty ones, and puts the head of the page in reading order. The width and height
// are those of the image, in pixels.
func Finish(lines []pipeline.Line, width, height int) ([]pipeline.Line, float32) {
	lines = order(tidyLines(lines), width, height)
	return lines, Confidence(lines)
}

// Confidence is the mean confidence of the words on lines, weighted by their
// length in letters; 0 if there are none.
func Confidence(lines []pipeline.Line) float32 {
	var sum, weight float64
	for _, l := range lines {
		for _, w := range l.Words {
			n := float64(utf8.RuneCountInString(w.Text))
			sum += n * float64(w.Confidence)
			weight += n
		}
	}
	if weight == 0 {
		return 0
	}
	return float32(sum / weight)
}
