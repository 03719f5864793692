package sign

import (
	"fmt"
	"io"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/pdf"
)

// Bounds of what a signature shows. The image of a seal is the largest part.
const (
	maxMarkParts = 64
	maxMarkBytes = 8 << 20
)

// Marks takes out of a file what its signatures show on a page, for a copy to show the
// same. The file is one that was signed here: what strangers have signatures show is drawn
// with the page, and is never taken over.
func Marks(in io.ReaderAt, size int64, number int) ([]pipeline.Mark, error) {
	f, err := pdf.Open(in, size)
	if err != nil {
		return nil, broken(err)
	}
	_, catalog, err := f.Catalog()
	if err != nil {
		return nil, broken(err)
	}
	page, err := f.Page(catalog, number)
	if err != nil {
		return nil, broken(err)
	}
	sheet := Sheet{Number: number, unit: 1}
	if err := sheet.measure(f, page); err != nil {
		return nil, broken(err)
	}
	annotations, err := f.Array(page.Dict.Get("Annots"))
	if err != nil {
		return nil, broken(err)
	}
	var all []pipeline.Mark
	for _, v := range annotations[:min(len(annotations), maxAnnotations)] {
		mark, err := markOf(f, sheet, v)
		if err != nil {
			return nil, broken(err)
		}
		if mark != nil {
			all = append(all, *mark)
		}
	}
	return all, nil
}

// markOf gives what an annotation shows; nil if it is no signature, or shows nothing.
func markOf(f *pdf.File, s Sheet, v pdf.Value) (*pipeline.Mark, error) {
	field, err := f.Dict(v)
	if err != nil {
		return nil, err
	}
	frame, err := rectangle(f, field.Get("Rect"))
	if err != nil || frame == nil || field.Get("FT").Name() != "Sig" || field.Get("V").IsNull() {
		return nil, err
	}
	looks, err := f.Dict(field.Get("AP"))
	if err != nil {
		return nil, err
	}
	form, ok := looks.Get("N").Ref()
	if !ok {
		return nil, nil
	}
	c := collecting{file: f, left: maxMarkBytes, numbers: []int{form.Number}}
	for len(c.parts) < len(c.numbers) {
		if err := c.take(c.numbers[len(c.parts)]); err != nil {
			return nil, err
		}
	}
	return &pipeline.Mark{Page: s.Number, Frame: s.frame(*frame), Parts: c.parts}, nil
}

// collecting takes an object and all that it refers to out of a file.
type collecting struct {
	file    *pdf.File
	left    int   // bytes of streams
	numbers []int // of the objects, those still to be taken at the end
	parts   []pipeline.MarkPart
}

func (c *collecting) take(number int) error {
	stream, err := c.file.IsStream(number)
	if err != nil {
		return err
	}
	v, err := c.file.Object(number)
	if err != nil {
		return err
	}
	part, raw := pipeline.MarkPart{}, v.Raw
	if stream {
		d, data, err := c.file.Raw(number, c.left)
		if err != nil {
			return err
		}
		if len(c.parts) == 0 && !d.Get("Matrix").IsNull() {
			d = d.With("Matrix", "[1 0 0 1 0 0]") // the copy's pages are not turned
		}
		raw, part.Stream, c.left = []byte(d.String()), data, c.left-len(data)
	}
	pieces, refers := pdf.Cut(raw)
	part.Text = pieces
	for _, n := range refers {
		i := slices.Index(c.numbers, n)
		if i < 0 {
			i, c.numbers = len(c.numbers), append(c.numbers, n)
		}
		part.Refs = append(part.Refs, i)
	}
	if len(c.numbers) > maxMarkParts {
		return fmt.Errorf("taking what a signature shows: more than %d objects: %w", maxMarkParts, pdf.ErrBroken)
	}
	c.parts = append(c.parts, part)
	return nil
}
