package pdf

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/helper"
)

// words takes the page's text from the file, boxes in pixels at dpi. It gives nil
// if what the file says its letters are cannot be true, so that they must be
// recognized by their looks.
func (p *page) words(ctx context.Context, src drawing, dpi float64) ([]pipeline.Line, error) {
	page := strconv.Itoa(src.number)
	out, err := helper.Output(ctx, helper.Job{
		Name: "pdftotext", Dir: p.run.dir, Limit: 32 << 20, Time: src.opt.Time,
		Args: []string{"-q", "-cropbox", "-bbox-layout", "-enc", "UTF-8", "-f", page, "-l", page, src.path, "-"},
	})
	if helper.Code(err) != 0 || fault.Refused(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // it says all
	}
	lines, err := layout(out, dpi/72)
	if err != nil || doubtful(lines, p.marks.Glyphs) {
		return nil, nil //nolint:nilerr // such text is recognized instead
	}
	return lines, nil
}

// layout reads poppler's XHTML; scale is pixels for a point.
func layout(b []byte, scale float64) ([]pipeline.Line, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.Map(printable, b)))
	d.Strict, d.Entity = false, xml.HTMLEntity
	var lines []pipeline.Line
	paragraph := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // the caller only asks whether there is one
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "block":
			paragraph++
		case "line":
			lines = append(lines, pipeline.Line{Paragraph: paragraph - 1})
		case "word":
			if err := word(d, start, &lines, scale); err != nil {
				return nil, err
			}
		}
	}
}

func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
		return -1
	}
	return r
}

func word(d *xml.Decoder, start xml.StartElement, lines *[]pipeline.Line, scale float64) error {
	var s string
	if err := d.DecodeElement(&s, &start); err != nil {
		return err //nolint:wrapcheck // the caller only asks whether there is one
	}
	s = norm.NFC.String(strings.Join(strings.Fields(s), ""))
	if s == "" || len(*lines) == 0 {
		return nil
	}
	var at [4]float64
	for _, a := range start.Attr {
		v, err := strconv.ParseFloat(a.Value, 64)
		if err != nil || math.IsNaN(v) || math.Abs(v) > 1e6 {
			return nil //nolint:nilerr // a word without a place is left out
		}
		switch a.Name.Local {
		case "xMin":
			at[0] = v
		case "yMin":
			at[1] = v
		case "xMax":
			at[2] = v
		case "yMax":
			at[3] = v
		}
	}
	box := pipeline.Box{
		X0: int(math.Floor(at[0] * scale)), Y0: int(math.Floor(at[1] * scale)),
		X1: int(math.Ceil(at[2] * scale)), Y1: int(math.Ceil(at[3] * scale)),
	}
	last := &(*lines)[len(*lines)-1]
	last.Words = append(last.Words, pipeline.Word{Text: s, Box: box, Confidence: 100})
	return nil
}

// clamp keeps the boxes on the page and leaves out what stands beside it.
func clamp(lines []pipeline.Line, width, height int) {
	for i := range lines {
		kept := lines[i].Words[:0]
		for _, w := range lines[i].Words {
			b := &w.Box
			b.X0, b.Y0 = max(b.X0, 0), max(b.Y0, 0)
			b.X1, b.Y1 = min(b.X1, width), min(b.Y1, height)
			if b.X1 > b.X0 && b.Y1 > b.Y0 {
				kept = append(kept, w)
			}
		}
		lines[i].Words = kept
	}
}

// doubtful reports whether the letters cannot be those that a reader sees: many
// that are no letters, or far fewer than were painted.
func doubtful(lines []pipeline.Line, painted int) bool {
	good, bad := 0, 0
	for _, l := range lines {
		for _, w := range l.Words {
			if strings.Contains(w.Text, "(cid:") {
				bad += len(w.Text)
				continue
			}
			for _, r := range w.Text {
				if r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) || !unicode.IsGraphic(r) {
					bad++
				} else {
					good++
				}
			}
		}
	}
	return good == 0 || bad*20 > good || (good+bad)*10 < painted*3
}
