package pdf

import (
	"math"
	"strings"
)

// marks is what can be seen on a page, as far as its content tells. An opaque image
// over the whole page hides what was painted before it, and so begins anew.
type marks struct {
	images  []placed
	glyphs  int  // bytes of visible text, about one a letter; spaces do not count
	hidden  int  // bytes of invisible text, such as an earlier recognizer left
	unknown int  // of the visible ones, those whose letters the file does not tell
	paths   int  // painted lines, areas and shadings
	layers  bool // optional content is used
	odd     bool // too much, too deep or otherwise not to be understood
}

// placed is an image as it is painted.
type placed struct {
	image  *stream // nil for an inline image
	at     matrix
	box    rect // seen part, in points of the page
	simple bool // opaque, and nothing of it cut away
	black  bool // the colour of a stencil
	mask   bool
	bits   int
	width  int
	height int
}

// state is the part of the graphics state that matters.
type state struct {
	ctm    matrix
	clip   rect
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
	run   *run
	page  rect
	out   marks
	s     state
	stack []state
	path  rect // around the current path
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

// look runs the content of a page.
func (r *run) look(page dict, box rect) marks {
	rd := &reader{run: r, page: box, steps: mostSteps, inner: map[string]bool{}}
	rd.s = state{ctm: matrix{1, 0, 0, 1, 0, 0}, clip: box, black: true}
	rd.content(r.pageContent(page, &rd.out), r.dict(page["Resources"]), 0)
	return rd.out
}

// pageContent joins the content streams of a page.
func (r *run) pageContent(page dict, out *marks) []byte {
	parts := []any{page["Contents"]}
	if a := r.array(page["Contents"]); a != nil {
		parts = a
	}
	var all []byte
	for _, p := range parts {
		s, ok := r.resolve(p).(*stream)
		if !ok {
			continue
		}
		b, err := r.data(s, -1, mostContent)
		if err != nil {
			out.odd = true // viewers show what there is of it
		}
		if len(all)+len(b) > mostContent {
			out.odd = true
			break
		}
		all = append(append(all, b...), '\n')
	}
	return all
}

func (rd *reader) content(b []byte, resources dict, depth int) {
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
			rd.out.odd = true
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
func (rd *reader) operand(args []any, resources dict, kind string) any {
	if len(args) == 0 {
		return nil
	}
	n, _ := args[len(args)-1].(name)
	return rd.run.resolve(rd.run.dict(resources[kind])[string(n)])
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
func (rd *reader) apply(op string, args []any, resources dict) {
	switch op {
	case "q":
		if len(rd.stack) < 256 {
			rd.stack = append(rd.stack, rd.s)
		}
	case "cm":
		rd.s.ctm = matrix(numbers(args, 6)).then(rd.s.ctm)
	case "gs":
		rd.graphics(rd.run.dict(rd.operand(args, resources, "ExtGState")))
	case "g", "rg", "k", "sc", "scn", "cs":
		rd.colour(op, args)
	case "sh":
		rd.out.paths++
	case "BDC", "DP":
		rd.layer(args)
	case "Tf", "Tr", "Tj", "TJ", "'", "\"":
		rd.textOperator(op, args, resources)
	default:
		rd.pathOperator(op, args)
	}
}

func (rd *reader) graphics(d dict) {
	r := rd.run
	if ca := r.number(d["ca"], 1); ca < 1 {
		rd.s.soft = true
	} else if _, ok := d["ca"]; ok {
		rd.s.soft = false
	}
	if mask := r.resolve(d["SMask"]); mask != nil && mask != name("None") {
		rd.s.soft = true
	}
	if bm, ok := d["BM"]; ok {
		mode := r.name(bm)
		if a := r.array(bm); len(a) > 0 {
			mode = r.name(a[0])
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
	if len(args) > 0 && args[0] == name("OC") {
		rd.out.layers = true
	}
}

func (rd *reader) textOperator(op string, args []any, resources dict) {
	switch op {
	case "Tr":
		rd.s.mode = int(numbers(args, 1)[0])
	case "Tf":
		if len(args) > 1 {
			rd.font(rd.run.dict(rd.operand(args[:len(args)-1], resources, "Font")))
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
			rd.out.hidden += n
			return
		}
		rd.out.glyphs += n
		if rd.s.mute {
			rd.out.unknown += n
		}
	}
}

// shown counts the bytes of strings that are no spaces.
func shown(v any) int {
	n := 0
	switch v := v.(type) {
	case text:
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
func (rd *reader) font(d dict) {
	r := rd.run
	kind, base := r.name(d["Subtype"]), r.name(d["BaseFont"])
	_, mapped := r.resolve(d["ToUnicode"]).(*stream)
	rd.s.double = kind == "Type0"
	rd.s.mute = !mapped && (kind == "Type3" || kind == "Type0" && strings.HasPrefix(r.name(d["Encoding"]), "Identity"))
	if i := strings.IndexByte(base, '+'); i == 6 {
		base = base[i+1:]
	}
	if strings.HasPrefix(base, ".Vn") || strings.HasPrefix(base, "VNI-") || strings.HasPrefix(base, "VNtimes") {
		rd.s.mute = true
	}
}

func (rd *reader) pathOperator(op string, args []any) {
	switch op {
	case "re":
		v := numbers(args, 4)
		rd.flat = !rd.some && rd.upright()
		rd.extend(v[0], v[1])
		rd.extend(v[0]+v[2], v[1]+v[3])
	case "m", "l":
		v := numbers(args, 2)
		rd.flat = false
		rd.extend(v[0], v[1])
	case "c", "v", "y":
		rd.flat = false
		for v := numbers(args, len(args)); len(v) >= 2; v = v[2:] {
			rd.extend(v[0], v[1])
		}
	case "W", "W*":
		rd.clip = true
	case "S", "s", "f", "F", "f*", "B", "B*", "b", "b*":
		rd.mark(op)
		rd.end()
	case "n":
		rd.end()
	}
}

// mark counts a painted path that can be seen: not off the page, and not a white
// ground below everything else.
func (rd *reader) mark(op string) {
	seen := rd.path.and(rd.s.clip).and(rd.page)
	if !rd.some || seen.x1 < seen.x0 || seen.y1 < seen.y0 {
		return
	}
	ground := rd.s.white && (op[0] == 'f' || op[0] == 'F')
	if !ground || len(rd.out.images)+rd.out.glyphs+rd.out.paths > 0 {
		rd.out.paths++
	}
}

func (rd *reader) upright() bool {
	m := rd.s.ctm
	return m[1] == 0 && m[2] == 0 || m[0] == 0 && m[3] == 0
}

func (rd *reader) extend(x, y float64) {
	x, y = rd.s.ctm.apply(x, y)
	if !rd.some {
		rd.path, rd.some = rect{x, y, x, y}, true
		return
	}
	p := &rd.path
	p.x0, p.y0, p.x1, p.y1 = math.Min(p.x0, x), math.Min(p.y0, y), math.Max(p.x1, x), math.Max(p.y1, y)
}

// end finishes a path, which may clip what follows.
func (rd *reader) end() {
	if rd.clip && rd.some {
		rd.s.clip = rd.s.clip.and(rd.path)
		rd.s.odd = rd.s.odd || !rd.flat
	}
	rd.clip, rd.some, rd.flat = false, false, false
}

// external paints an image or runs a form.
func (rd *reader) external(v any, resources dict, depth int) {
	s, ok := v.(*stream)
	if !ok {
		return
	}
	if _, ok := s.dict["OC"]; ok {
		rd.out.layers = true
	}
	switch rd.run.name(s.dict["Subtype"]) {
	case "Image":
		rd.paint(rd.describe(s))
	case "Form":
		rd.form(s, resources, depth)
	}
}

func (rd *reader) form(s *stream, resources dict, depth int) {
	if depth >= mostDepth || rd.inner[s.file] {
		rd.out.odd = true
		return
	}
	rd.steps -= 100
	rd.inner[s.file] = true
	defer delete(rd.inner, s.file)
	b, err := rd.run.data(s, -1, mostContent)
	if err != nil {
		rd.out.odd = true
	}
	before := rd.s
	if m := rd.run.numbers(s.dict["Matrix"]); len(m) == 6 {
		rd.s.ctm = matrix(m).then(rd.s.ctm)
	}
	if box := rd.run.numbers(s.dict["BBox"]); len(box) == 4 {
		rd.s.odd = rd.s.odd || !rd.upright()
		rd.s.clip = rd.s.clip.and(rd.s.ctm.bounds(rect{box[0], box[1], box[2], box[3]}))
	}
	own := rd.run.dict(s.dict["Resources"])
	if own == nil {
		own = resources
	}
	rd.content(b, own, depth+1)
	rd.s = before
}

func (rd *reader) describe(s *stream) placed {
	r := rd.run
	p := placed{
		image: s, width: int(r.number(s.dict["Width"], 0)), height: int(r.number(s.dict["Height"], 0)),
		bits: int(r.number(s.dict["BitsPerComponent"], 1)), mask: r.truth(s.dict["ImageMask"]),
	}
	p.simple = r.resolve(s.dict["SMask"]) == nil && r.resolve(s.dict["Mask"]) == nil && r.number(s.dict["SMaskInData"], 0) == 0
	return p
}

func (rd *reader) inlineImage(d dict) {
	p := placed{width: 1, height: 1, bits: 8}
	for _, k := range []string{"W", "Width"} {
		if v, ok := d[k].(float64); ok {
			p.width = int(v)
		}
	}
	for _, k := range []string{"IM", "ImageMask"} {
		if d[k] == operator("true") {
			p.mask, p.bits = true, 1
		}
	}
	if d["BPC"] == 1.0 || d["BitsPerComponent"] == 1.0 {
		p.bits = 1
	}
	rd.paint(p)
}

func (rd *reader) paint(p placed) {
	full := rd.s.ctm.bounds(rect{0, 0, 1, 1})
	p.at, p.black, p.box = rd.s.ctm, rd.s.black, full.and(rd.s.clip).and(rd.page)
	if p.box.area() == 0 {
		return
	}
	slack := 0.02 * math.Max(rd.page.width(), rd.page.height())
	p.simple = p.simple && !rd.s.odd && !rd.s.soft && full.within(rd.s.clip.and(rd.page), slack)
	opaque := p.simple && !p.mask
	if opaque && p.box.area() > 0.98*rd.page.area() {
		rd.out.hidden += rd.out.glyphs
		rd.out.images, rd.out.glyphs, rd.out.unknown, rd.out.paths = nil, 0, 0, 0
	}
	if len(rd.out.images) < 4096 {
		rd.out.images = append(rd.out.images, p)
	}
}
