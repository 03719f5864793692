// Package content looks at what a page of a PDF paints, as far as it must be known
// to tell a scan from a letter: it runs the operators without drawing anything, and
// within a bound of steps.
package content

import (
	"math"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/pdf/object"
)

// Marks is what can be seen on a page, as far as its content tells. An opaque image
// over the whole page hides what was painted before it, and so begins anew.
type Marks struct {
	Images  []Placed
	Glyphs  int   // bytes of visible text, about one a letter; spaces do not count
	Hidden  int   // bytes of invisible text, such as an earlier recognizer left
	Unknown int   // of the visible ones, those whose letters the file does not tell
	Paths   int   // painted lines, areas and shadings
	Layers  bool  // optional content is used
	Odd     bool  // too much, too deep or otherwise not to be understood
	Vast    error // a refusal: there is more content than any viewer should draw
}

// missing notes that content could not be read, or not all of it.
func (m *Marks) missing(err error) {
	m.Odd = true // viewers show what there is of it
	if r, ok := pipeline.AsRefusal(err); ok && r.Reason.Code == fault.TooMuchData {
		m.Vast = err
	}
}

// Placed is an image as it is painted.
type Placed struct {
	Image  *object.Stream // nil for an inline image
	At     Matrix
	Box    Rect // seen part, in points of the page
	Simple bool // opaque, and nothing of it cut away
	Black  bool // the colour of a stencil
	Mask   bool
	Bits   int
	Width  int
	Height int
}

// state is the part of the graphics state that matters.
type state struct {
	ctm    Matrix
	clip   Rect
	odd    bool // the clip is no rectangle
	soft   bool // transparency or blending
	black  bool // fill colour
	white  bool // likewise
	mode   int  // of text rendering
	double bool // two bytes a letter
	mute   bool // the font does not tell its letters
}

// reader runs content streams.
type reader struct {
	run   *object.Set
	page  Rect
	out   Marks
	s     state
	stack []state
	path  Rect // around the current path
	flat  bool // the path is a rectangle
	some  bool // there is a path
	clip  bool // W was seen
	steps int  // operators left
	inner map[string]bool
}

const (
	mostSteps   = 3_000_000
	mostContent = 64 << 20
	mostDepth   = 12
)

// Look runs the content of a page.
func Look(r *object.Set, page object.Dict, box Rect) Marks {
	rd := &reader{run: r, page: box, steps: mostSteps, inner: map[string]bool{}}
	rd.s = state{ctm: Matrix{1, 0, 0, 1, 0, 0}, clip: box, black: true}
	rd.content(joined(r, page, &rd.out), r.Dict(page["Resources"]), 0)
	return rd.out
}

// joined gives the content streams of a page.
func joined(r *object.Set, page object.Dict, out *Marks) []byte {
	parts := []any{page["Contents"]}
	if a := r.Array(page["Contents"]); a != nil {
		parts = a
	}
	var all []byte
	for _, p := range parts {
		s, ok := r.Resolve(p).(*object.Stream)
		if !ok {
			continue
		}
		b, err := r.Data(s, -1, mostContent)
		if err != nil {
			out.missing(err)
		}
		if len(all)+len(b) > mostContent {
			out.missing(fault.DataTooMuch("PDF", mostContent))
			break
		}
		all = append(append(all, b...), '\n')
	}
	return all
}

func (rd *reader) content(b []byte, resources object.Dict, depth int) {
	l := &lexer{b: b}
	floor := len(rd.stack)
	var args []any
	for {
		v := l.next(0)
		if v == nil {
			break
		}
		op, ok := v.(operator)
		if !ok {
			if len(args) < 64 {
				args = append(args, v)
			}
			continue
		}
		if rd.steps--; rd.steps < 0 {
			rd.out.Odd = true
			break
		}
		switch {
		case op == "BI":
			rd.inlineImage(l.inline())
		case op == "Do":
			rd.external(rd.operand(args, resources, "XObject"), resources, depth)
		case op == "Q" && len(rd.stack) > floor:
			rd.s, rd.stack = rd.stack[len(rd.stack)-1], rd.stack[:len(rd.stack)-1]
		case op == "Q": // more than there were q
		default:
			rd.apply(string(op), args, resources)
		}
		args = args[:0]
	}
	if len(rd.stack) > floor {
		rd.s, rd.stack = rd.stack[floor], rd.stack[:floor]
	}
}

// operand finds the resource that the last operand names.
func (rd *reader) operand(args []any, resources object.Dict, kind string) any {
	if len(args) == 0 {
		return nil
	}
	n, _ := args[len(args)-1].(object.Name)
	return rd.run.Resolve(rd.run.Dict(resources[kind])[string(n)])
}

func numbers(args []any, n int) []float64 {
	out := make([]float64, n)
	args = args[max(0, len(args)-n):]
	for i, a := range args {
		out[i], _ = a.(float64)
	}
	return out
}

// apply runs an operator that needs no other stream.
func (rd *reader) apply(op string, args []any, resources object.Dict) {
	switch op {
	case "q":
		if len(rd.stack) < 256 {
			rd.stack = append(rd.stack, rd.s)
		}
	case "cm":
		rd.s.ctm = Matrix(numbers(args, 6)).Then(rd.s.ctm)
	case "gs":
		rd.graphics(rd.run.Dict(rd.operand(args, resources, "ExtGState")))
	case "g", "rg", "k", "sc", "scn", "cs":
		rd.colour(op, args)
	case "sh":
		rd.out.Paths++
	case "BDC", "DP":
		rd.layer(args)
	case "Tf", "Tr", "Tj", "TJ", "'", "\"":
		rd.textOperator(op, args, resources)
	default:
		rd.pathOperator(op, args)
	}
}

func (rd *reader) graphics(d object.Dict) {
	r := rd.run
	if ca := r.Number(d["ca"], 1); ca < 1 {
		rd.s.soft = true
	} else if _, ok := d["ca"]; ok {
		rd.s.soft = false
	}
	if mask := r.Resolve(d["SMask"]); mask != nil && mask != object.Name("None") {
		rd.s.soft = true
	}
	if bm, ok := d["BM"]; ok {
		mode := r.Name(bm)
		if a := r.Array(bm); len(a) > 0 {
			mode = r.Name(a[0])
		}
		if mode != "" && mode != "Normal" && mode != "Compatible" {
			rd.s.soft = true
		}
	}
}

// colour notes whether the fill colour is black.
func (rd *reader) colour(op string, args []any) {
	sum := 0.0
	for _, a := range args {
		v, ok := a.(float64)
		if !ok {
			rd.s.black, rd.s.white = false, false // a pattern or a named space
			return
		}
		sum += math.Abs(v)
	}
	switch op {
	case "k":
		v := numbers(args, 4)
		rd.s.black, rd.s.white = v[3] >= 1, sum == 0
	case "cs":
		rd.s.black, rd.s.white = false, false
	default:
		rd.s.black = sum == 0 && len(args) != 4
		rd.s.white = len(args) != 4 && sum == float64(len(args))
	}
}

func (rd *reader) layer(args []any) {
	if len(args) > 0 && args[0] == object.Name("OC") {
		rd.out.Layers = true
	}
}

func (rd *reader) textOperator(op string, args []any, resources object.Dict) {
	switch op {
	case "Tr":
		rd.s.mode = int(numbers(args, 1)[0])
	case "Tf":
		if len(args) > 1 {
			rd.font(rd.run.Dict(rd.operand(args[:len(args)-1], resources, "Font")))
		}
	default:
		n := 0
		for _, a := range args {
			n += shown(a)
		}
		if rd.s.double {
			n = (n + 1) / 2
		}
		if rd.s.mode == 3 || rd.s.mode == 7 {
			rd.out.Hidden += n
			return
		}
		rd.out.Glyphs += n
		if rd.s.mute {
			rd.out.Unknown += n
		}
	}
}

// shown counts the bytes of strings that are no spaces.
func shown(v any) int {
	n := 0
	switch v := v.(type) {
	case object.Text:
		n = len(v) - strings.Count(string(v), " ")
	case []any:
		for _, x := range v {
			n += shown(x)
		}
	}
	return n
}

// font notes whether the letters of a font can be known: not without a table of
// them where codes are glyph numbers, and not in the Vietnamese encodings from
// before Unicode (TCVN3 in .VnTime, VNI), which extract as other Latin letters.
func (rd *reader) font(d object.Dict) {
	r := rd.run
	kind, base := r.Name(d["Subtype"]), r.Name(d["BaseFont"])
	_, mapped := r.Resolve(d["ToUnicode"]).(*object.Stream)
	rd.s.double = kind == "Type0"
	rd.s.mute = !mapped && (kind == "Type3" || kind == "Type0" && strings.HasPrefix(r.Name(d["Encoding"]), "Identity"))
	if i := strings.IndexByte(base, '+'); i == 6 {
		base = base[i+1:]
	}
	if strings.HasPrefix(base, ".Vn") || strings.HasPrefix(base, "VNI-") || strings.HasPrefix(base, "VNtimes") {
		rd.s.mute = true
	}
}

// external paints an image or runs a form.
func (rd *reader) external(v any, resources object.Dict, depth int) {
	s, ok := v.(*object.Stream)
	if !ok {
		return
	}
	if _, ok := s.Dict["OC"]; ok {
		rd.out.Layers = true
	}
	switch rd.run.Name(s.Dict["Subtype"]) {
	case "Image":
		rd.paint(rd.describe(s))
	case "Form":
		rd.form(s, resources, depth)
	}
}

func (rd *reader) form(s *object.Stream, resources object.Dict, depth int) {
	if depth >= mostDepth || rd.inner[s.File] {
		rd.out.Odd = true
		return
	}
	rd.steps -= 100
	rd.inner[s.File] = true
	defer delete(rd.inner, s.File)
	b, err := rd.run.Data(s, -1, mostContent)
	if err != nil {
		rd.out.missing(err)
	}
	before := rd.s
	if m := rd.run.Numbers(s.Dict["Matrix"]); len(m) == 6 {
		rd.s.ctm = Matrix(m).Then(rd.s.ctm)
	}
	if box := rd.run.Numbers(s.Dict["BBox"]); len(box) == 4 {
		rd.s.odd = rd.s.odd || !rd.upright()
		rd.s.clip = rd.s.clip.And(rd.s.ctm.Bounds(Rect{box[0], box[1], box[2], box[3]}))
	}
	own := rd.run.Dict(s.Dict["Resources"])
	if own == nil {
		own = resources
	}
	rd.content(b, own, depth+1)
	rd.s = before
}

func (rd *reader) describe(s *object.Stream) Placed {
	r := rd.run
	p := Placed{
		Image: s, Width: int(r.Number(s.Dict["Width"], 0)), Height: int(r.Number(s.Dict["Height"], 0)),
		Bits: int(r.Number(s.Dict["BitsPerComponent"], 1)), Mask: r.Truth(s.Dict["ImageMask"]),
	}
	p.Simple = r.Resolve(s.Dict["SMask"]) == nil && r.Resolve(s.Dict["Mask"]) == nil && r.Number(s.Dict["SMaskInData"], 0) == 0
	return p
}

func (rd *reader) inlineImage(d object.Dict) {
	p := Placed{Width: 1, Height: 1, Bits: 8}
	for _, k := range []string{"W", "Width"} {
		if v, ok := d[k].(float64); ok {
			p.Width = int(v)
		}
	}
	for _, k := range []string{"IM", "ImageMask"} {
		if d[k] == operator("true") {
			p.Mask, p.Bits = true, 1
		}
	}
	if d["BPC"] == 1.0 || d["BitsPerComponent"] == 1.0 {
		p.Bits = 1
	}
	rd.paint(p)
}

func (rd *reader) paint(p Placed) {
	full := rd.s.ctm.Bounds(Rect{0, 0, 1, 1})
	p.At, p.Black, p.Box = rd.s.ctm, rd.s.black, full.And(rd.s.clip).And(rd.page)
	if p.Box.Area() == 0 {
		return
	}
	slack := 0.02 * math.Max(rd.page.Width(), rd.page.Height())
	p.Simple = p.Simple && !rd.s.odd && !rd.s.soft && full.Within(rd.s.clip.And(rd.page), slack)
	opaque := p.Simple && !p.Mask
	if opaque && p.Box.Area() > 0.98*rd.page.Area() {
		rd.out.Hidden += rd.out.Glyphs
		rd.out.Images, rd.out.Glyphs, rd.out.Unknown, rd.out.Paths = nil, 0, 0, 0
	}
	if len(rd.out.Images) < 4096 {
		rd.out.Images = append(rd.out.Images, p)
	}
}
