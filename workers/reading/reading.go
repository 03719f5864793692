// Package reading takes one page from its leaf to its words: prepare, recognize and,
// only if the result makes no sense, turn the page and recognize again. Whatever
// happens on the way, the page comes out with an outcome, since a page without words
// still belongs into the record.
package reading

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"hoso/pipeline"
	"hoso/pipeline/appearance"
	"hoso/pipeline/intake"
	"hoso/pipeline/intake/patience"
	"hoso/pipeline/prepare"
	"hoso/pipeline/recognize"
)

// Options of a Reader. The zero value is sensible.
type Options struct {
	Patience time.Duration   // processor time for recognizing one page; 0 means 30 s
	Prepare  prepare.Options // bounds on images
	NoCodes  bool            // not to look for QR codes and barcodes
	Upright  bool            // pages are turned as their leaves say, whatever the letters say
}

// Reader reads pages, one at a time.
type Reader struct {
	engine recognize.Engine
	opt    Options
	watch  *watch // of the page being read
}

// New makes a Reader that recognizes with engine, which stays the caller's to close.
func New(engine recognize.Engine, opt Options) *Reader {
	if opt.Patience <= 0 {
		opt.Patience = 30 * time.Second
	}
	return &Reader{engine: engine, opt: opt}
}

// Upright gives a reader that believes the turns of leaves.
func (r *Reader) Upright() *Reader {
	opt := r.opt
	opt.Upright = true
	return New(r.engine, opt)
}

// The confidences, in percent, by which a reading is judged.
const (
	sensible = 70 // an upright page is read with more; below, it is turned or doubtful
	legible  = 50 // a page without a single word read so well bears no text
)

// Read reads one page; number is its place in the record, from 1. The page returned
// always has an outcome. There is an error beside it only if reading it again may
// end differently: ctx ended, or the recognizer broke.
func (r *Reader) Read(ctx context.Context, leaf intake.Leaf, number int) (pipeline.Page, error) {
	runtime.LockOSThread() // the processor time is that of this thread
	defer runtime.UnlockOSThread()
	wall, cpu := time.Now(), threadTime()
	page := r.Carry(leaf, number)
	r.watch = newWatch()
	var err error
	if leaf.Origin == pipeline.Digital {
		page = digital(page, leaf)
		if number == shows {
			page.Ink = r.glance(ctx, page, leaf)
		}
	} else {
		page, err = r.scan(ctx, page, leaf)
	}
	page.Steps = r.watch.spent
	page.Millis = time.Since(wall).Milliseconds()
	page.CPUMillis = (threadTime() - cpu).Milliseconds()
	return page, err
}

// Carry gives the page as it goes into the record when it is not read at all: image
// and sizes, no words. Whoever asks for that knows the outcome; it says PageFailed.
func (r *Reader) Carry(leaf intake.Leaf, number int) pipeline.Page {
	page := pipeline.Page{
		Number: number, Origin: leaf.Origin, Image: leaf.Image, Turn: ((leaf.Turn % 4) + 4) % 4,
		Width: leaf.Image.Width, Height: leaf.Image.Height,
		WidthPt: leaf.WidthPt, HeightPt: leaf.HeightPt,
		Flags: slices.Clone(leaf.Flags), Outcome: pipeline.PageFailed, Attempts: 1,
	}
	if page.Turn%2 == 1 {
		page.Width, page.Height = page.Height, page.Width
	}
	return page
}

// shows is the page on which signatures show, so that its ink must be known.
const shows = 1

// glance finds the ink of a page that is not recognized. Where it cannot, whoever wants to
// know draws the page.
func (r *Reader) glance(ctx context.Context, page pipeline.Page, leaf intake.Leaf) *pipeline.Ink {
	picture, err := prepare.Glance(ctx, leaf.Readable, r.hint(leaf), r.opt.Prepare)
	if err != nil {
		return nil
	}
	r.watch.done("glance")
	return appearance.Look(picture, page.WidthPt, page.HeightPt)
}

func (r *Reader) hint(leaf intake.Leaf) prepare.Hint {
	return prepare.Hint{
		Width: leaf.Image.Width, Height: leaf.Image.Height,
		DPIX: leaf.Image.DPIX, DPIY: leaf.Image.DPIY, Turn: leaf.Turn, Sure: r.opt.Upright,
	}
}

// digital takes over the words that the file itself states.
func digital(page pipeline.Page, leaf intake.Leaf) pipeline.Page {
	page.Lines = leaf.Lines
	page.Confidence = recognize.Confidence(leaf.Lines)
	page.Outcome = pipeline.PageOK
	if len(page.Lines) == 0 {
		page.Outcome = pipeline.PageNoText
	}
	return page
}

// scan reads the image of a page.
func (r *Reader) scan(ctx context.Context, page pipeline.Page, leaf intake.Leaf) (pipeline.Page, error) {
	opt := r.opt.Prepare
	opt.Glance = page.Number == shows
	prepared, err := prepare.Prepare(ctx, leaf.Readable, r.hint(leaf), opt)
	if err != nil {
		return failed(page, err)
	}
	r.watch.done("prepare")
	describe(&page, prepared)
	if prepared.Turn != ((leaf.Turn%4)+4)%4 {
		page.Flags = append(page.Flags, pipeline.Turned)
	}
	if prepared.Streaks() > 0 {
		page.Flags = append(page.Flags, pipeline.Streaked)
	}
	within, cancel := patience.Within(ctx, r.opt.Patience, patience.Thread())
	defer cancel()
	marked := r.codes(within, prepared)
	page.Codes = placedCodes(marked, prepared)
	if prepared.Blank && len(marked) == 0 {
		page.Outcome, page.Verdict = pipeline.PageBlank, pipeline.VerdictBlank
		return page, nil
	}
	if prepared.Crowded {
		page.Outcome, page.Verdict = pipeline.PageNoText, pipeline.VerdictNotText
		return page, nil
	}
	found, err := r.recognize(within, prepared)
	switch {
	case err == nil:
		page.Codes = placedCodes(marked, found.picture)
		return conclude(page, found), nil
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		page.Outcome, page.Reason = pipeline.PageTimedOut, tooSlow(page.Number)
		return page, nil
	}
	return failed(page, err)
}

// reading is what was recognized on a picture.
type reading struct {
	recognize.Result
	picture *prepare.Prepared
}

// recognize reads the picture and, if that makes no sense, turns it the way its
// letters stand and reads it again. The more confident reading is finished.
func (r *Reader) recognize(ctx context.Context, p *prepare.Prepared) (reading, error) {
	draft, err := r.first(ctx, p)
	if err != nil {
		return reading{}, err
	}
	if !r.opt.Upright && !draft.Partial && (draft.Confidence < sensible || sideways(draft.Lines)) {
		if draft, p, err = r.turned(ctx, draft, p); err != nil {
			return reading{}, err
		}
	}
	result, err := draft.Finish(ctx, r.watch.done)
	r.watch.done("order")
	return reading{result, p}, err
}

// turned reads the picture the way its letters stand, if that is another way, and gives
// the more confident reading.
func (r *Reader) turned(ctx context.Context, draft *recognize.Draft, p *prepare.Prepared) (*recognize.Draft, *prepare.Prepared, error) {
	upright, err := p.Upright(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading page: %w", err)
	}
	if upright == nil {
		return draft, p, nil
	}
	r.watch.done("turn")
	second, err := r.first(ctx, upright)
	if err != nil {
		return nil, nil, err
	}
	if second.Confidence > draft.Confidence || second.Confidence >= sensible && sideways(draft.Lines) {
		return second, upright, nil
	}
	return draft, p, nil
}

func (r *Reader) first(ctx context.Context, p *prepare.Prepared) (*recognize.Draft, error) {
	draft, err := recognize.First(ctx, r.engine, recognize.Picture{
		Gray: p.Gray, DPI: p.DPI, Ink: p.Ink, Rules: p.Rules, Red: p.RedInk,
		Seals: p.On(pipeline.Seal), Pens: p.On(pipeline.Autograph, pipeline.Handwriting),
	})
	r.watch.done("read")
	return draft, err
}

// sideways reports whether most words run up or down the page. An engine that reads
// columns of text may read a page lying on its side quite well.
func sideways(lines []pipeline.Line) bool {
	const letters = 3 // shorter words have no direction
	level, steep := 0, 0
	for _, l := range lines {
		for _, w := range l.Words {
			if utf8.RuneCountInString(w.Text) < letters {
				continue
			}
			if w.Box.Y1-w.Box.Y0 > w.Box.X1-w.Box.X0 {
				steep++
			} else {
				level++
			}
		}
	}
	return steep > level
}

// conclude makes the page of what was read on it.
func conclude(page pipeline.Page, found reading) pipeline.Page {
	p := found.picture
	if p.Turn != page.Turn {
		describe(&page, p)
		if !slices.Contains(page.Flags, pipeline.Turned) {
			page.Flags = append(page.Flags, pipeline.Turned)
		}
	}
	page.Engine, page.Languages = found.Engine, found.Languages
	if found.Partial {
		page.Reason = partly(page.Number)
	}
	if !anyLegible(found.Lines) {
		page.Outcome, page.Verdict = pipeline.PageNoText, pipeline.VerdictNotText
		return page
	}
	page.Outcome, page.Confidence = pipeline.PageOK, found.Confidence
	page.Verdict = recognize.Judge(found.Lines)
	if found.Partial && page.Verdict == pipeline.VerdictGood {
		page.Verdict = pipeline.VerdictDoubtful
	}
	page.Lines = placed(found.Lines, p)
	if page.Verdict != pipeline.VerdictGood {
		page.Flags = append(page.Flags, pipeline.Doubtful)
	}
	if p.Cropped() {
		page.Flags = append(page.Flags, pipeline.Cropped)
	}
	return page
}

// describe notes what was seen of the page while its picture was made.
func describe(page *pipeline.Page, p *prepare.Prepared) {
	if (p.Turn-page.Turn)%2 != 0 {
		page.Width, page.Height = page.Height, page.Width
		page.WidthPt, page.HeightPt = page.HeightPt, page.WidthPt
	}
	page.Turn, page.Skew, page.Regions = p.Turn, p.Skew, p.Regions
	if picture := p.Glance(); picture != nil {
		page.Ink = appearance.Look(picture, page.WidthPt, page.HeightPt)
	}
	page.Flags = slices.DeleteFunc(page.Flags, func(f pipeline.Flag) bool { return f == pipeline.Skewed })
	if math.Abs(p.Skew) > 1 {
		page.Flags = append(page.Flags, pipeline.Skewed)
	}
	if p.RedFraction > prepare.SealFraction && !slices.Contains(page.Flags, pipeline.HasSeal) {
		page.Flags = append(page.Flags, pipeline.HasSeal)
	}
	if lowResolution(p) && !slices.Contains(page.Flags, pipeline.LowResolution) {
		page.Flags = append(page.Flags, pipeline.LowResolution)
	}
}

// lowResolution allows for rounding of the 200 dpi demanded by Decree 30/2020. Where
// the file states nothing, the page may be smaller than A4 and is given the benefit.
func lowResolution(p *prepare.Prepared) bool {
	const demanded, benefit = 198, 145
	if p.Known {
		return p.NativeDPI < demanded
	}
	return p.NativeDPI < benefit
}

// placed gives lines with boxes in pixels of the upright page.
func placed(lines []pipeline.Line, p *prepare.Prepared) []pipeline.Line {
	out := make([]pipeline.Line, len(lines))
	for i, l := range lines {
		words := slices.Clone(l.Words)
		for j := range words {
			words[j].Box = p.Box(words[j].Box)
		}
		out[i] = pipeline.Line{Words: words, Paragraph: l.Paragraph}
	}
	return out
}

// anyLegible reports whether a word was read well enough to be one.
func anyLegible(lines []pipeline.Line) bool {
	for _, l := range lines {
		for _, w := range l.Words {
			if w.Confidence >= legible && slices.ContainsFunc([]rune(w.Text), isSign) {
				return true
			}
		}
	}
	return false
}

func isSign(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
