package access

import (
	"cmp"
	"image"
	"slices"

	"hoso/pipeline"
)

// draft is a page as one attempt made it.
type draft struct {
	base    []piece
	patches []patch
	differs []area // that no patch shows
	words   int    // of the failures, how many words are patched
}

// piece is an encoded layer.
type piece struct {
	layer  pipeline.Layer
	stream []byte
}

// overhead is about what the object of a layer takes in a PDF beside its stream.
const overhead = 330

func (p piece) size() int { return len(p.stream) + overhead }

// patch is a piece of the scan laid over places where the layers fail.
type patch struct {
	area
	piece
	failures []failure
}

// size is what the layers weigh.
func (d *draft) size() int {
	n := 0
	for _, p := range d.base {
		n += p.size()
	}
	for _, p := range d.patches {
		n += p.size()
	}
	return n
}

// better reports whether d is to be preferred to an earlier draft.
func (d *draft) better(than *draft, budget int) bool {
	if fits, did := d.size() <= budget, than.size() <= budget; fits != did {
		return fits
	} else if !fits {
		return d.size() < than.size()
	}
	return len(d.differs) < len(than.differs)
}

// draft makes the page in one way, compares it with the sheet, and mends it as far
// as the budget goes.
func (m *maker) draft(a attempt) (*draft, error) {
	d := &draft{}
	shown, err := m.grounds(d, a)
	if err != nil {
		return nil, err
	}
	painted := make([]tone, len(m.ink.tone))
	if a.masks > 0 {
		for t := black; t < tones; t++ {
			if p, ok := m.mask(t, min(1, a.masks/m.sheet.DPI), painted); ok {
				d.base = append(d.base, p)
			}
		}
	}
	copied := m.rebuild(shown, painted)
	if err := m.mend(d, copied); err != nil {
		return nil, err
	}
	d.fit(m.opt.Budget)
	return d, nil
}

// under is a piece of the ground as a viewer shows it.
type under struct {
	*ground
	at area
}

// grounds encodes the paper, and over it in more pixels what else is not ink.
func (m *maker) grounds(d *draft, a attempt) ([]under, error) {
	whole := area{0, 0, m.sheet.Width, m.sheet.Height}
	var base, fine *ground
	var pictures []area
	if a.masks == 0 {
		base = m.ground(a.dpi, nil)
	} else {
		bare := m.ink.bare()
		base, fine = m.ground(paperDPI, bare), m.ground(a.dpi, bare)
		pictures = m.pictures(fine)
	}
	shown := []under{{base, whole}}
	for _, p := range pictures {
		part, at := fine.part(p, m.sheet)
		shown = append(shown, under{part, at})
	}
	for i, u := range shown {
		img, space := u.image()
		quality := a.quality
		if i == 0 && a.masks > 0 {
			quality = paperQuality
		}
		stream, decoded, err := encoded(img, quality)
		if err != nil {
			return nil, err
		}
		d.base = append(d.base, jpegPiece(img.Bounds(), space, stream, m.place(u.at)))
		shown[i].ground = decoded
	}
	return shown, nil
}

func jpegPiece(r image.Rectangle, space pipeline.ColorSpace, stream []byte, at pipeline.Place) piece {
	img := pipeline.Image{Filter: pipeline.DCT, Width: r.Dx(), Height: r.Dy(), Bits: 8, Color: space}
	return pieceOf(pipeline.Layer{Image: img, Place: at}, stream)
}

func pieceOf(l pipeline.Layer, stream []byte) piece {
	l.Image.Digest, l.Image.Size = pipeline.Sum(stream), int64(len(stream))
	return piece{l, stream}
}

// mask encodes the ink of one tone at a share of the sheet's resolution, and paints
// it as a viewer will. There is nothing to encode if the tone is not on the sheet.
func (m *maker) mask(t tone, shrink float64, painted []tone) (piece, bool) {
	box := m.ink.bounds(t)
	if box.empty() {
		return piece{}, false
	}
	width := max(1, int(float64(box.x1-box.x0)*shrink+0.5))
	height := max(1, int(float64(box.y1-box.y0)*shrink+0.5))
	e := m.opt.Masks(width, height)
	row := make([]byte, (width+7)/8)
	for y := range height {
		y0, y1 := box.y0+y*(box.y1-box.y0)/height, box.y0+(y+1)*(box.y1-box.y0)/height
		for i := range row {
			row[i] = 0xff
		}
		for x := range width {
			a := area{box.x0 + x*(box.x1-box.x0)/width, y0, box.x0 + (x+1)*(box.x1-box.x0)/width, y1}
			if m.ink.covers(t, a) {
				row[x/8] &^= 0x80 >> (x % 8)
				m.paint(t, a, painted)
			}
		}
		e.Row(row)
	}
	l := pipeline.Layer{
		Image: pipeline.Image{Filter: pipeline.JBIG2, Width: width, Height: height, Bits: 1, Color: pipeline.Gray, Mask: true},
		Ink:   m.ink.colour[t], Place: m.place(box),
	}
	return pieceOf(l, e.Bytes()), true
}

// bounds is the smallest box around a tone, widened to whole bytes.
func (k *ink) bounds(t tone) area {
	b := area{k.width, k.height, 0, 0}
	if k.count[t] == 0 {
		return b
	}
	for y := range k.height {
		row := k.tone[y*k.width : (y+1)*k.width]
		first := slices.Index(row, t)
		if first < 0 {
			continue
		}
		last := len(row) - 1
		for row[last] != t {
			last--
		}
		b = area{min(b.x0, first), min(b.y0, y), max(b.x1, last+1), y + 1}
	}
	return b
}

// covers reports whether a tone covers at least half of an area.
func (k *ink) covers(t tone, a area) bool {
	if a.pixels() == 1 {
		return k.tone[a.y0*k.width+a.x0] == t
	}
	n := 0
	for y := a.y0; y < a.y1; y++ {
		for _, v := range k.tone[y*k.width+a.x0 : y*k.width+a.x1] {
			if v == t {
				n++
			}
		}
	}
	return 2*n >= a.pixels() && n > 0
}

func (m *maker) paint(t tone, a area, painted []tone) {
	m.seen.within(a, func(from, to int) {
		for i := from; i < to; i++ {
			painted[i] = t
		}
	})
}

func (m *maker) place(a area) pipeline.Place {
	w, h := float64(m.sheet.Width), float64(m.sheet.Height)
	return pipeline.Place{X0: float64(a.x0) / w, Y0: float64(a.y0) / h, X1: float64(a.x1) / w, Y1: float64(a.y1) / h}
}

// rebuild measures the page as a viewer shows it: ground, and ink over it.
func (m *maker) rebuild(grounds []under, painted []tone) *planes {
	return m.paper.measureRows(m.sheet.Width, m.sheet.Height, func(y int, row []byte) {
		for _, g := range grounds {
			g.row(y, g.at, row)
		}
		for x, t := range painted[y*m.sheet.Width : (y+1)*m.sheet.Width] {
			if t != bare {
				copy(row[3*x:], m.ink.colour[t][:])
			}
		}
	})
}

// patchQuality is enough for strokes at the resolution of the sheet.
const patchQuality = 40

// mostFailures is where mending ends: the page is nothing like the sheet.
const mostFailures = 1000

// mend lays pieces of the scan over all places where the copy fails, and looks
// whether these show what they must.
func (m *maker) mend(d *draft, copied *planes) error {
	failures := m.failures(copied)
	if len(failures) > mostFailures {
		d.differs = []area{{0, 0, m.sheet.Width, m.sheet.Height}}
		return nil
	}
	var places []area
	for _, f := range failures {
		places = append(places, f.area)
	}
	for _, a := range merge(places, int(m.sheet.DPI/20), m.sheet.Width, m.sheet.Height) {
		p := patch{area: a}
		img, space := m.piece(a)
		stream, shown, err := encoded(img, patchQuality)
		if err != nil {
			return err
		}
		p.piece = jpegPiece(img.Bounds(), space, stream, m.place(a))
		m.lay(copied, a, shown)
		for _, f := range failures {
			if !f.within(a) {
				continue
			}
			if f.word && m.paperDark(f.area) || m.same(copied, f) {
				p.failures = append(p.failures, f)
			} else {
				d.differs = append(d.differs, f.area)
			}
		}
		if len(p.failures) > 0 {
			d.patches = append(d.patches, p)
		}
	}
	return nil
}

func (a area) within(b area) bool {
	return a.x0 >= b.x0 && a.y0 >= b.y0 && a.x1 <= b.x1 && a.y1 <= b.y1
}

// piece cuts an area out of the sheet, in gray where there is no coloured ink.
func (m *maker) piece(a area) (image.Image, pipeline.ColorSpace) {
	rect := image.Rect(0, 0, a.x1-a.x0, a.y1-a.y0)
	at := func(i int) [3]uint8 {
		x, y := a.x0+i%rect.Dx(), a.y0+i/rect.Dx()
		return [3]uint8(m.sheet.Pix[3*(y*m.sheet.Width+x):])
	}
	if m.huesIn(a) != 0 {
		return colours(rect, at), pipeline.RGB
	}
	out := image.NewGray(rect)
	for i := range out.Pix {
		c := at(i)
		out.Pix[i] = uint8((299*uint32(c[0]) + 587*uint32(c[1]) + 114*uint32(c[2])) / 1000) //nolint:gosec // a mean of bytes
	}
	return out, pipeline.Gray
}

// lay measures a patch into the planes of the copy.
func (m *maker) lay(copied *planes, a area, shown *ground) {
	paper := make([][3]uint8, m.sheet.Width)
	share := shares()
	for y := a.y0; y < a.y1; y++ {
		m.paper.row(y, paper)
		for x := a.x0; x < a.x1; x++ {
			c := shown.pix[(y-a.y0)*shown.width+x-a.x0]
			copied.put(y*m.sheet.Width+x, c, &paper[x], &share)
		}
	}
}

// fit takes patches off until the page weighs what it may: those first that show no
// word, of these the heaviest. What they showed differs then.
func (d *draft) fit(budget int) {
	slices.SortStableFunc(d.patches, func(a, b patch) int {
		return cmp.Or(cmp.Compare(b.words(), a.words()), cmp.Compare(a.size(), b.size()))
	})
	for len(d.patches) > 0 && d.size() > budget {
		last := d.patches[len(d.patches)-1]
		for _, f := range last.failures {
			d.differs = append(d.differs, f.area)
		}
		d.patches = d.patches[:len(d.patches)-1]
	}
	d.words = 0
	for _, p := range d.patches {
		d.words += p.words()
	}
}

// words is how many words a patch shows.
func (p patch) words() (n int) {
	for _, f := range p.failures {
		if f.word {
			n++
		}
	}
	return n
}

// copy gives the draft in the words of the pipeline.
func (m *maker) copy(d *draft, page pipeline.Page) Copy {
	c := Copy{Light: pipeline.Light{Words: len(m.words), Patched: d.words}}
	pieces := d.base
	for _, p := range d.patches {
		pieces = append(pieces, p.piece)
	}
	for _, p := range pieces {
		c.Layers, c.Streams = append(c.Layers, p.layer), append(c.Streams, p.stream)
	}
	fx, fy := float64(max(1, page.Width))/float64(m.sheet.Width), float64(max(1, page.Height))/float64(m.sheet.Height)
	for _, a := range merge(d.differs, int(m.sheet.DPI/20), m.sheet.Width, m.sheet.Height) {
		c.Differs = append(c.Differs, pipeline.Box{
			X0: int(float64(a.x0) * fx), Y0: int(float64(a.y0) * fy), X1: int(float64(a.x1)*fx) + 1, Y1: int(float64(a.y1)*fy) + 1,
		})
	}
	return c
}
