package sign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"hoso/pipeline/sign/internal/pdf"
)

// maxChanges bounds the objects compared between a signed revision and the file.
const maxChanges = 20_000

// checkRevision looks at the signed part of the file as a file of its own: it must end
// like one, hold this very signature, and show what the whole file shows.
func (v *verifier) checkRevision(c *Checked, f field) error {
	ends, err := endsLikeFile(v.in, c.End)
	if err != nil {
		return err
	}
	if !ends {
		c.note("range-end")
		return nil
	}
	if c.CoversFile {
		return nil
	}
	old, err := pdf.Open(io.NewSectionReader(v.in, 0, c.End), c.End)
	if err == nil {
		err = v.compare(c, f, old)
	}
	if errors.Is(err, pdf.ErrBroken) {
		c.note("changed-later")
		return nil
	}
	return err
}

// compare judges what was appended since the revision old.
func (v *verifier) compare(c *Checked, f field, old *pdf.File) error {
	value := pdf.Value{Offset: -1}
	var err error
	if f.ref.Number > 0 {
		value, err = old.Object(f.ref.Number)
	} else if f.number > 0 {
		value, err = old.Object(f.number)
	}
	if err != nil {
		return err
	}
	inside := value.Offset >= 0 && f.value.Offset >= value.Offset && f.value.Offset < value.Offset+int64(len(value.Raw))
	if !inside {
		c.note("range-elsewhere")
		return nil
	}
	harmless, err := onlyAdds(old, v.file)
	if err != nil {
		return err
	}
	if !harmless {
		c.note("changed-later")
		return nil
	}
	c.note("added-later")
	return nil
}

// endsLikeFile reports whether the bytes before end are "%%EOF" and at most one end of
// line.
func endsLikeFile(in io.ReaderAt, end int64) (bool, error) {
	b := make([]byte, min(7, end))
	if n, err := in.ReadAt(b, end-int64(len(b))); n < len(b) {
		return false, fmt.Errorf("reading the end of a revision: %w", err)
	}
	b = bytes.TrimSuffix(b, []byte("\n"))
	b = bytes.TrimSuffix(b, []byte("\r"))
	return bytes.HasSuffix(b, []byte("%%EOF")), nil
}

// onlyAdds reports whether a file adds nothing but signatures and validation data to
// its earlier revision old. Whatever it does not know is a change.
func onlyAdds(old, file *pdf.File) (bool, error) {
	root := old.Trailer.Get("Root")
	same := root.Same(file.Trailer.Get("Root")) && old.Trailer.Get("Encrypt").Same(file.Trailer.Get("Encrypt"))
	before, after := old.SectionOffsets(), file.SectionOffsets()
	if !same || len(after) <= len(before) || // bytes were appended that are no revision
		!slices.Equal(after[len(after)-len(before):], before) {
		return false, nil
	}
	numbers, err := file.Changed(old.Size(), maxChanges)
	if err != nil {
		return false, err
	}
	next, err := old.Next()
	if err != nil {
		return false, err
	}
	d, err := newDiff(old, file)
	if err != nil {
		return false, err
	}
	for _, n := range numbers {
		if n >= next {
			continue // the old revision cannot have meant it
		}
		ok, err := d.harmless(n)
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// diff compares objects of two revisions.
type diff struct {
	old, file *pdf.File
	root      int
	form      int          // 0 if the form is part of the catalog
	free      map[int]bool // validation data and document information: may change
}

func newDiff(old, file *pdf.File) (*diff, error) {
	root, catalog, err := old.Catalog()
	if err != nil {
		return nil, err
	}
	d := &diff{old: old, file: file, root: root.Number, free: map[int]bool{}}
	if ref, ok := catalog.Get("AcroForm").Ref(); ok {
		d.form = ref.Number
	}
	// Only what the signed revision itself uses so: a later trailer could call the
	// content of a page its /Info.
	for _, v := range []pdf.Value{catalog.Get("DSS"), catalog.Get("Metadata"), old.Trailer.Get("Info")} {
		if ref, ok := v.Ref(); ok {
			d.free[ref.Number] = true
		}
	}
	return d, d.freeDSS(catalog.Get("DSS"))
}

// freeDSS frees the objects that the document security store is made of.
func (d *diff) freeDSS(v pdf.Value) error {
	dss, err := d.old.Dict(v)
	if err != nil {
		return err
	}
	for _, e := range dss {
		if ref, ok := e.Value.Ref(); ok {
			d.free[ref.Number] = true
		}
	}
	return nil
}

// harmless judges an object that the old revision has, or could have, and the file
// replaces.
func (d *diff) harmless(number int) (bool, error) {
	before, err := d.old.Object(number)
	if err != nil {
		return false, err
	}
	after, err := d.file.Object(number)
	if err != nil {
		return false, err
	}
	if d.free[number] || before.IsNull() && after.IsNull() {
		return true, nil
	}
	// A stream that is written anew may show anything.
	for _, f := range []*pdf.File{d.old, d.file} {
		if stream, err := f.IsStream(number); err != nil || stream {
			return false, err
		}
	}
	return d.value(number, before, after)
}

// value judges what replaces a value of the old revision that is no stream.
func (d *diff) value(number int, before, after pdf.Value) (bool, error) {
	if before.Same(after) {
		return true, nil
	}
	if list, err := before.Array(); err == nil {
		return d.grows(list, after)
	}
	was, err1 := before.Dict()
	is, err2 := after.Dict()
	if err1 != nil || err2 != nil {
		return false, nil //nolint:nilerr // what is no dictionary was changed, that is the answer
	}
	return d.dictionary(number, was, is)
}

// dictionary judges a dictionary by its kind.
func (d *diff) dictionary(number int, was, is pdf.Dict) (bool, error) {
	switch {
	case number == d.root:
		if !sameBut(was, is, "AcroForm", "DSS", "Extensions", "Version") {
			return false, nil
		}
		return d.formGrows(was.Get("AcroForm"), is.Get("AcroForm"))
	case number == d.form:
		return d.formDict(was, is)
	case was.Get("Type").Name() == "Page":
		if !sameBut(was, is, "Annots") {
			return false, nil
		}
		return d.listGrows(was.Get("Annots"), is.Get("Annots"))
	case was.Get("FT").Name() == "Sig" && was.Get("V").IsNull():
		return sameBut(was, is, "V", "AP", "M"), nil
	}
	return false, nil
}

// formGrows compares the form in two catalogs; a form that is an object of its own in
// both is compared when its number comes.
func (d *diff) formGrows(before, after pdf.Value) (bool, error) {
	if before.Same(after) {
		return true, nil
	}
	was, err := d.old.Dict(before)
	if err != nil {
		return false, err
	}
	is, err := d.file.Dict(after)
	if err != nil {
		return false, err
	}
	return d.formDict(was, is)
}

func (d *diff) formDict(was, is pdf.Dict) (bool, error) {
	if !sameBut(was, is, "Fields", "SigFlags", "DR", "DA") {
		return false, nil
	}
	return d.listGrows(was.Get("Fields"), is.Get("Fields"))
}

func (d *diff) listGrows(before, after pdf.Value) (bool, error) {
	was, err := d.old.Array(before)
	if err != nil {
		return false, err
	}
	after, err = d.file.Resolve(after)
	if err != nil {
		return false, err
	}
	return d.grows(was, after)
}

// grows reports whether after is was with signature fields appended.
func (d *diff) grows(was []pdf.Value, after pdf.Value) (bool, error) {
	if after.IsNull() {
		return len(was) == 0, nil
	}
	is, err := after.Array()
	if err != nil || len(is) < len(was) {
		return false, nil //nolint:nilerr // what is no array was changed, that is the answer
	}
	if !slices.EqualFunc(was, is[:len(was)], pdf.Value.Same) {
		return false, nil
	}
	for _, v := range is[len(was):] {
		if ok, err := d.signatureField(v); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// signatureField reports whether v is a signature field, or what such a field shows
// on a page.
func (d *diff) signatureField(v pdf.Value) (bool, error) {
	field, err := d.file.Dict(v)
	if err != nil {
		return false, err
	}
	parent, err := d.file.Dict(field.Get("Parent"))
	if err != nil {
		return false, err
	}
	signature := field.Get("FT").Name() == "Sig" || parent.Get("FT").Name() == "Sig"
	subtype := field.Get("Subtype")
	return signature && (subtype.IsNull() || subtype.Name() == "Widget"), nil
}

// sameBut reports whether two dictionaries agree in all keys but some.
func sameBut(was, is pdf.Dict, some ...string) bool {
	for _, e := range slices.Concat(was, is) {
		if !slices.Contains(some, e.Key) && !was.Get(e.Key).Same(is.Get(e.Key)) {
			return false
		}
	}
	return true
}
