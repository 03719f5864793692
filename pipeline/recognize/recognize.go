// Package recognize turns the picture of a page into words. What an engine reads is
// a guess with a confidence; this package makes guesses of any engine alike: text
// in NFC with the letters Vietnamese has, words on lines, and the two columns at the
// head of an official paper one after the other instead of interleaved.
package recognize

import (
	"context"
	"image"
	"unicode/utf8"

	"hoso/pipeline"
)

// Engine reads one page. An Engine serves one page at a time; callers that share
// one wait for each other.
type Engine interface {
	// Recognize reads img, whose resolution is dpi dots per inch. Boxes of the
	// result are pixels of img. When ctx ends first the error wraps ctx's; the
	// Engine is good for the next page then.
	Recognize(ctx context.Context, img *image.Gray, dpi int) (Result, error)
	// Close frees the engine's memory. A second Close does nothing.
	Close() error
}

// Result is what an engine read on one page.
type Result struct {
	Lines      []pipeline.Line
	Confidence float32 // mean over the words, weighted by length, 0 to 100; 0 without words
	Engine     string  // name and version, such as "tesseract 5.3.0"
	Languages  string  // such as "vie" or "vie+Vietnamese"
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
