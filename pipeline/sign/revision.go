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
func (v *verifier) checkRevision(out *finding, f field) error {
	c := &out.Checked
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
	old, err := v.file.Before(c.End)
	if err == nil {
		err = v.compare(out, f, old)
	}
	if errors.Is(err, pdf.ErrBroken) {
		c.note("changed-later")
		return nil
	}
	return err
}

// compare judges what was appended since the revision old.
func (v *verifier) compare(out *finding, f field, old *pdf.File) error {
	c := &out.Checked
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
	d, err := newDiff(old, v.file, v.fields)
	if err != nil {
		return err
	}
	harmless, err := d.onlyAdds()
	if err != nil {
		return err
	}
	if !harmless {
		c.note("changed-later")
		return nil
	}
	out.after = d.additions
	c.note("added-later")
	if d.visible {
		c.note("visible-later")
	}
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

// diff compares objects of two revisions.
type diff struct {
	old, file *pdf.File
	next      int // the first number that old cannot have meant
	root      int
	form      int               // 0 if the form is part of the catalog
	free      map[int][]pdf.Use // may change if nothing else in old refers to them
	signed    map[int]bool      // fields of the file that are signed, by number
	uses      map[int][]pdf.Use // of what was changed, in old

	additions
}

// additions is what a file adds to a signed revision, of what may be added.
type additions struct {
	visible  bool  // a later signature shows something on a page
	unsigned bool  // signature fields were added and not signed
	filled   []int // fields of the revision that were signed later, by number
}

func newDiff(old, file *pdf.File, fields []field) (*diff, error) {
	root, catalog, err := old.Catalog()
	if err != nil {
		return nil, err
	}
	next, err := old.Next()
	if err != nil {
		return nil, err
	}
	d := &diff{old: old, file: file, next: next, root: root.Number, free: map[int][]pdf.Use{}, signed: map[int]bool{}}
	for _, f := range fields {
		d.signed[f.number] = f.number > 0
	}
	if ref, ok := catalog.Get("AcroForm").Ref(); ok {
		d.form = ref.Number
	}
	// Only what the signed revision itself uses so: a later trailer could call the
	// content of a page its /Info.
	d.frees(catalog.Get("Metadata"), pdf.Use{By: d.root, Key: "Metadata"})
	d.frees(old.Trailer.Get("Info"), pdf.Use{Key: "Info"})
	return d, d.freeDSS(catalog.Get("DSS"))
}

// frees lets an object change that is used in this way.
func (d *diff) frees(v pdf.Value, use pdf.Use) {
	if ref, ok := v.Ref(); ok {
		d.free[ref.Number] = append(d.free[ref.Number], use)
	}
}

// onlyAdds reports whether the file adds nothing but signatures and validation data to
// its earlier revision old. Whatever it does not know is a change.
func (d *diff) onlyAdds() (bool, error) {
	if !d.continues() {
		return false, nil
	}
	plain, err := d.file.Plain(d.old.Size(), d.next)
	if err != nil || !plain {
		return false, err
	}
	numbers, err := d.file.Changed(d.old.Size(), maxChanges)
	if err != nil {
		return false, err
	}
	wanted := map[int]bool{}
	for _, n := range numbers {
		wanted[n] = true
	}
	if d.uses, err = d.old.Uses(wanted); err != nil {
		return false, err
	}
	for _, n := range numbers {
		ok, err := d.harmless(n)
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// continues reports whether the cross-references of the file are those of old and then
// others that stand behind it: a section inside the signed part would make objects of
// what was signed as something else.
func (d *diff) continues() bool {
	before, after := d.old.SectionOffsets(), d.file.SectionOffsets()
	more := len(after) - len(before)
	return d.old.Trailer.Get("Root").Same(d.file.Trailer.Get("Root")) &&
		d.old.Trailer.Get("Encrypt").Same(d.file.Trailer.Get("Encrypt")) &&
		more > 0 && slices.Equal(after[more:], before) && // bytes were not appended that are no revision
		!slices.ContainsFunc(after[:more], func(at int64) bool { return at < d.old.Size() })
}

// freeDSS frees the objects that the document security store is made of.
func (d *diff) freeDSS(v pdf.Value) error {
	d.frees(v, pdf.Use{By: d.root, Key: "DSS"})
	dss, err := d.old.Dict(v)
	if errors.Is(err, pdf.ErrBroken) {
		return nil
	}
	ref, _ := v.Ref()
	for _, e := range dss {
		if ref.Number > 0 {
			d.frees(e.Value, pdf.Use{By: ref.Number, Key: e.Key})
		}
		d.frees(e.Value, pdf.Use{By: d.root, Key: "DSS"})
	}
	return err
}

// used reports whether everything in old that refers to an object does so in one of
// these ways.
func (d *diff) used(number int, ways ...pdf.Use) bool {
	return !slices.ContainsFunc(d.uses[number], func(u pdf.Use) bool { return !slices.Contains(ways, u) })
}

// harmless judges an object that the file adds or replaces.
func (d *diff) harmless(number int) (bool, error) {
	before, err := d.old.Object(number)
	if err != nil {
		return false, err
	}
	after, err := d.file.Object(number)
	if err != nil {
		return false, err
	}
	if before.IsNull() {
		// Something that old points to without having it would come to life.
		return after.IsNull() || len(d.uses[number]) == 0, nil
	}
	if ways, ok := d.free[number]; ok && d.used(number, ways...) {
		return true, nil
	}
	if ok, err := d.comparable(number); err != nil || !ok {
		return false, err
	}
	return d.value(number, before, after)
}

// comparable reports whether an object has the same generation in both, and is a
// stream in neither: one that is written anew may show anything.
func (d *diff) comparable(number int) (bool, error) {
	var generations [2]int64
	for i, f := range []*pdf.File{d.old, d.file} {
		stream, err := f.IsStream(number)
		if err != nil || stream {
			return false, err
		}
		if generations[i], err = f.Generation(number); err != nil {
			return false, err
		}
	}
	return generations[0] == generations[1], nil
}
