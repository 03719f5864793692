package compose

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"hoso/pipeline"
)

// CopyOf names the record of which a file is an access copy (bản xem nhanh). What is
// written then says so on every page and in its metadata.
type CopyOf struct {
	Record pipeline.Digest // of the record's bytes; zero if the file is a record itself
	Signed bool            // the record carries a signature
	Marks  []pipeline.Mark // what its signatures show on its pages
}

var errCopy = errors.New("pages of a record and of an access copy do not mix")

// AddLight appends a page of an access copy: the layers of l, whose streams follow
// each other in streams, p.Lines over them as invisible text exactly as in the
// record, and below the page a band that says what this is. Places that differ from
// the record are framed in red.
func (w *Writer) AddLight(p pipeline.Page, l pipeline.Light, streams io.Reader) error {
	if w.err != nil {
		return w.err
	}
	if err := w.addLight(p, l, streams); err != nil {
		w.err = fmt.Errorf("composing page %d of a copy: %w", w.tree.len()+1, err)
		return w.err
	}
	return nil
}

func (w *Writer) addLight(p pipeline.Page, l pipeline.Light, streams io.Reader) error {
	if w.meta.Copy.Record.IsZero() {
		return errCopy
	}
	p.Turn = 0 // layers are upright
	g, err := geometryOf(upright(p))
	if err != nil {
		return err
	}
	if len(l.Differs) > 0 {
		w.differ = append(w.differ, w.tree.len()+1)
	}
	var content []byte
	var objects strings.Builder
	for i, layer := range l.Layers {
		if err := checkLayer(layer); err != nil {
			return err
		}
		num, err := w.writeImage(layer.Image, io.LimitReader(streams, layer.Image.Size))
		if err != nil {
			return err
		}
		fmt.Fprintf(&objects, " /L%d %d 0 R", i, num)
		content = g.layer(content, layer, i)
	}
	content = w.marks(content, &objects, g, p.Number)
	content = g.frames(content, l.Differs)
	note, err := w.note(l.Differs)
	if err != nil {
		return err
	}
	content = append(content, "/Note Do\n"...)
	fmt.Fprintf(&objects, " /Note %d 0 R", note)
	w.finishPage(page{geometry: g, content: content, objects: objects.String(), lines: p.Lines, band: bandHeight})
	return w.out.err
}

// upright is p with an image of the size that is seen.
func upright(p pipeline.Page) pipeline.Page {
	if p.Width > 0 && p.Height > 0 {
		p.Image.Width, p.Image.Height = p.Width, p.Height
	}
	return p
}

func checkLayer(l pipeline.Layer) error {
	if err := checkImage(l.Image); err != nil {
		return err
	}
	for _, v := range [4]float64{l.Place.X0, l.Place.Y0, l.Place.X1, l.Place.Y1} {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("placing a layer at %g: %w", v, ErrImage)
		}
	}
	if l.Place.X0 >= l.Place.X1 || l.Place.Y0 >= l.Place.Y1 {
		return fmt.Errorf("placing a layer of no size: %w", ErrImage)
	}
	return nil
}

// layer appends the operators that show a layer.
func (g *geometry) layer(b []byte, l pipeline.Layer, number int) []byte {
	b = append(b, "q\n"...)
	if l.Image.Mask {
		for _, c := range l.Ink {
			b = append(appendNumber(b, float64(c)/255), ' ')
		}
		b = append(b, "rg\n"...)
	}
	p := l.Place
	for _, v := range [6]float64{(p.X1 - p.X0) * g.width, 0, 0, (p.Y1 - p.Y0) * g.height, p.X0 * g.width, (1 - p.Y1) * g.height} {
		b = append(appendNumber(b, v), ' ')
	}
	return append(b, fmt.Sprintf("cm\n/L%d Do\nQ\n", number)...)
}

// marks draws what the signatures of the record show on a page, and appends the operators
// that place it.
func (w *Writer) marks(content []byte, objects *strings.Builder, g geometry, number int) []byte {
	for i, m := range w.meta.Copy.Marks {
		if m.Page != number || len(m.Parts) == 0 {
			continue
		}
		fmt.Fprintf(objects, " /S%d %d 0 R", i, w.mark(m))
		content = append(content, "q\n1 0 0 1 "...)
		content = append(appendNumber(content, m.Frame.X0), ' ')
		content = append(appendNumber(content, g.height-m.Frame.Y1), fmt.Sprintf(" cm\n/S%d Do\nQ\n", i)...)
	}
	return content
}

// mark writes the parts of a mark and gives the number of its drawing.
func (w *Writer) mark(m pipeline.Mark) int {
	numbers := make([]int, len(m.Parts))
	for i := range numbers {
		numbers[i] = w.out.reserve()
	}
	for i, part := range m.Parts {
		var body strings.Builder
		for j, piece := range part.Text {
			body.WriteString(piece)
			if j < len(part.Refs) {
				fmt.Fprintf(&body, "%d 0 R", numbers[part.Refs[j]])
			}
		}
		if part.Stream != nil {
			fmt.Fprintf(&body, "\nstream\n%s\nendstream", part.Stream)
		}
		w.out.object(numbers[i], body.String())
	}
	return numbers[0]
}

// frames appends a red line around each place.
func (g *geometry) frames(b []byte, places []pipeline.Box) []byte {
	if len(places) == 0 {
		return b
	}
	b = append(b, "q\n0.85 0.1 0.1 RG\n0.7 w\n"...)
	for _, p := range places {
		x0, x1 := span(float64(p.X0), float64(p.X1), g.pixelsX)
		y0, y1 := span(float64(p.Y0), float64(p.Y1), g.pixelsY)
		for _, v := range [4]float64{x0 * g.scaleX, g.height - y1*g.scaleY, (x1 - x0) * g.scaleX, (y1 - y0) * g.scaleY} {
			b = append(appendNumber(b, v), ' ')
		}
		b = append(b, "re\n"...)
	}
	return append(b, "S\nQ\n"...)
}

// note gives the object that draws the band's text, which all pages share that say
// the same.
func (w *Writer) note(differs []pipeline.Box) (int, error) {
	text, kept := noteCopy, &w.notes[0]
	if w.meta.Copy.Signed {
		text = noteCopySigned
	}
	if len(differs) > 0 {
		text, kept = text+"   |   "+noteDiffers, &w.notes[1]
	}
	if *kept != 0 {
		return *kept, nil
	}
	path, width, err := outline(text)
	if err != nil {
		return 0, err
	}
	*kept = w.out.reserve()
	const scale = noteSize / units
	content := append([]byte("q\n0.35 g\n"), fmt.Sprintf("%s 0 0 %s %d %d cm\n", fine(scale), fine(scale), noteLeft, 5-bandHeight)...)
	content = append(append(content, path...), "Q\n"...)
	box := fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 %d %s 0] /Resources << >>", -bandHeight, number(noteLeft+width*scale))
	w.out.deflated(*kept, box, content)
	return *kept, w.out.err
}

func fine(v float64) string { return string(appendFine(nil, v)) }

// appendWhole appends a whole number.
func appendWhole(b []byte, v float64) []byte { return strconv.AppendInt(b, int64(math.Round(v)), 10) }
