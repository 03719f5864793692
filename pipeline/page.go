package pipeline

import "slices"

// Box is a rectangle in pixels of the upright page, as seen by a reader: X0,Y0 is
// the top left corner, X1,Y1 lies outside at the bottom right.
type Box struct {
	X0 int `json:"x0"`
	Y0 int `json:"y0"`
	X1 int `json:"x1"`
	Y1 int `json:"y1"`
}

// IsZero reports whether b is no place at all.
func (b Box) IsZero() bool { return b == Box{} }

// Union is the smallest box around both.
func (b Box) Union(c Box) Box {
	if b.IsZero() {
		return c
	}
	if c.IsZero() {
		return b
	}
	return Box{min(b.X0, c.X0), min(b.Y0, c.Y0), max(b.X1, c.X1), max(b.Y1, c.Y1)}
}

// Word is one recognized word. Text is NFC and never empty; Confidence is 0 to 100.
type Word struct {
	Text       string  `json:"text"`
	Box        Box     `json:"box"`
	Confidence float32 `json:"conf"`
	Was        string  `json:"was,omitempty"`    // what the recognizer saw, where Text was repaired
	Source     Source  `json:"source,omitempty"` // ByPerson where a person corrected Text
}

// Line is a run of words on one baseline, left to right. Lines stand in reading
// order; Paragraph changes where a blank line belongs between two of them.
type Line struct {
	Words     []Word `json:"words"`
	Paragraph int    `json:"par"`
}

// Origin says where a page's text comes from.
type Origin string

// The origins of a page's text.
const (
	Scan    Origin = "scan"    // an image; its text was recognized
	Digital Origin = "digital" // born digital; its text was in the file
)

// Outcome is how the reading of a page ended. Every page has one.
type Outcome string

// The outcomes of a page.
const (
	PageOK       Outcome = "ok"
	PageNoText   Outcome = "no_text" // an image without readable words (photo, drawing)
	PageBlank    Outcome = "blank"
	PageTimedOut Outcome = "timed_out" // set aside; the image is in the record, its text is not
	PageFailed   Outcome = "failed"    // set aside likewise
)

// Region is a place on the page that holds something other than print.
type Region struct {
	Kind RegionKind `json:"kind"`
	Box  Box        `json:"box"`
}

// RegionKind is what a region holds.
type RegionKind string

// The kinds of regions.
const (
	Seal        RegionKind = "seal"        // a round red seal (con dấu)
	Stamp       RegionKind = "stamp"       // words stamped in red, such as ĐẾN or HỎA TỐC
	Autograph   RegionKind = "signature"   // chữ ký
	Handwriting RegionKind = "handwriting" // written by hand
)

// Code is a QR code or a barcode on the page and what it says.
type Code struct {
	Kind CodeKind `json:"kind"`
	Text string   `json:"text"`
	Box  Box      `json:"box"`
}

// CodeKind is how a code is written.
type CodeKind string

// The kinds of codes.
const (
	QR      CodeKind = "qr"
	Code128 CodeKind = "code128"
	Code39  CodeKind = "code39"
)

// Verdict is what a page's text is worth to a person: what may pass unseen, what
// must be looked at.
type Verdict string

// The verdicts on a page; the empty one stands on pages that no recognizer looked at.
const (
	VerdictGood       Verdict = "good"
	VerdictDoubtful   Verdict = "doubtful"   // text is there, and some of it is likely wrong
	VerdictUnreadable Verdict = "unreadable" // text is there, and most of it cannot be trusted
	VerdictBlank      Verdict = "blank"
	VerdictNotText    Verdict = "not_text" // a photo, a drawing, handwriting alone
)

// Spent is the processor time that one step of reading a page took.
type Spent struct {
	Step   string  `json:"step"` // such as "decode", "even", "read", "second look"
	Millis float64 `json:"ms"`
}

// Page is what is known of one page after it was read. Its Image goes into the
// record as it is; words and boxes lie over it.
type Page struct {
	Number  int     `json:"page"` // 1-based in the record
	Origin  Origin  `json:"origin"`
	Image   Image   `json:"image"`
	Turn    int     `json:"turn"`   // quarter turns clockwise (0–3) that make the stored image upright
	Skew    float64 `json:"skew"`   // degrees clockwise by which the lines of the upright page run; boxes are not corrected for it
	Width   int     `json:"width"`  // pixels of the upright page
	Height  int     `json:"height"` // likewise
	WidthPt float64 `json:"width_pt"`
	// HeightPt and WidthPt are the size of the upright page in points (1/72 inch).
	HeightPt float64 `json:"height_pt"`

	Lines      []Line   `json:"lines"`
	Regions    []Region `json:"regions,omitempty"` // the largest first
	Codes      []Code   `json:"codes,omitempty"`   // as they stand, from the top
	Ink        *Ink     `json:"ink,omitempty"`     // of the first page of a file, where signatures show; nil if nobody has looked
	Verdict    Verdict  `json:"verdict,omitempty"`
	Outcome    Outcome  `json:"outcome"`
	Reason     Reason   `json:"reason,omitzero"`
	Confidence float32  `json:"conf"` // mean over the words, weighted by length; 0 without words
	Flags      []Flag   `json:"flags,omitempty"`
	Repeats    int      `json:"repeats,omitempty"` // the earlier page that it is once more, 0 if none, see Repeated

	Engine    string  `json:"engine,omitempty"`    // name and version of the recognizer
	Languages string  `json:"languages,omitempty"` // such as "vie"
	Millis    int64   `json:"ms"`                  // wall time of the reading
	CPUMillis int64   `json:"cpu_ms"`
	Steps     []Spent `json:"steps,omitempty"` // where CPUMillis went, in the order of the work
	Attempts  int     `json:"attempts"`
}

// Flag is something a person should know of a page.
type Flag string

// The flags of a page.
const (
	LowResolution Flag = "low_resolution" // below 200 dpi (Decree 30/2020, Appendix I)
	Doubtful      Flag = "doubtful"       // words are there, confidence is low
	Skewed        Flag = "skewed"         // more than 1 degree
	Turned        Flag = "turned"         // arrived rotated
	HasSeal       Flag = "seal"           // red seal or stamp found
	Rendered      Flag = "rendered"       // the page was drawn anew, since its own form cannot stand in PDF/A
	Cropped       Flag = "cropped"        // print is cut off at an edge of the picture
	Streaked      Flag = "streaked"       // thin lines run down the whole page: dirt on the glass of a feeding scanner
	Repeated      Flag = "repeated"       // the same sheet stands before it in the paper, see Page.Repeats
)

// Repeating gives the page as one that repeats an earlier one, 0 for as one that repeats none.
func (p Page) Repeating(of int) Page {
	p.Flags = slices.DeleteFunc(slices.Clone(p.Flags), func(f Flag) bool { return f == Repeated })
	if p.Repeats = of; of > 0 {
		p.Flags = append(p.Flags, Repeated)
	}
	return p
}

// Text gives the page's text in reading order: words joined by spaces, lines by
// newlines, paragraphs by blank lines.
func (p Page) Text() string {
	var b []byte
	for i, l := range p.Lines {
		if i > 0 {
			b = append(b, '\n')
			if l.Paragraph != p.Lines[i-1].Paragraph {
				b = append(b, '\n')
			}
		}
		for j, w := range l.Words {
			if j > 0 {
				b = append(b, ' ')
			}
			b = append(b, w.Text...)
		}
	}
	return string(b)
}

// Reading is all pages of a paper: the object that Paper.Words names.
type Reading struct {
	Original Digest `json:"original"`
	Media    string `json:"media"`
	Pages    []Page `json:"pages"`
}
