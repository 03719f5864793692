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

// value judges what replaces a value of the old revision that is no stream.
func (d *diff) value(number int, before, after pdf.Value) (bool, error) {
	if before.Same(after) {
		return true, nil
	}
	if list, err := before.Array(); err == nil {
		ok, err := d.listsFields(number)
		if err != nil || !ok {
			return false, err
		}
		return d.grows(list, after)
	}
	was, err1 := before.Dict()
	is, err2 := after.Dict()
	if err1 != nil || err2 != nil {
		return false, nil //nolint:nilerr // what is no dictionary was changed, that is the answer
	}
	return d.dictionary(number, was, is)
}

// listsFields reports whether an array that is an object of its own is nothing but the
// fields of the form or the annotations of pages.
func (d *diff) listsFields(number int) (bool, error) {
	for _, u := range d.uses[number] {
		switch {
		case d.form > 0 && u == pdf.Use{By: d.form, Key: "Fields"}, u == pdf.Use{By: d.root, Key: "AcroForm"}:
		case u.Key == "Annots":
			page, err := d.old.Object(u.By)
			if err != nil {
				return false, err
			}
			if p, err := page.Dict(); err != nil || p.Get("Type").Name() != "Page" {
				return false, nil //nolint:nilerr // not a page, that is the answer
			}
		default:
			return false, nil
		}
	}
	return true, nil
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
	case was.Get("FT").Name() == "Sig" && was.Get("V").IsNull() && d.signed[number]:
		d.filled = append(d.filled, number)
		return sameBut(was, is, "V", "AP", "M"), nil
	case was.Get("Subtype").Name() == "Widget" && d.signed[parentOf(was)]:
		return sameBut(was, is, "AP", "M"), nil
	}
	return false, nil
}

func parentOf(field pdf.Dict) int {
	ref, _ := field.Get("Parent").Ref()
	return ref.Number
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

// formDict compares two forms. Signing programs add fonts for what they show; where
// readers make the look of fields themselves, those would change it.
func (d *diff) formDict(was, is pdf.Dict) (bool, error) {
	if !sameBut(was, is, "Fields", "SigFlags", "DR", "DA") {
		return false, nil
	}
	added := was.Get("DA").IsNull() && was.Get("NeedAppearances").IsNull()
	if !was.Get("DA").Same(is.Get("DA")) && !added {
		return false, nil
	}
	if !was.Get("DR").Same(is.Get("DR")) && !added {
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

// signatureField reports whether v is a signature field, or what such a field shows on
// a page. One that is signed is judged as a signature, whatever it shows; one that is
// not must show nothing.
func (d *diff) signatureField(v pdf.Value) (bool, error) {
	ref, ok := v.Ref()
	if !ok {
		return false, nil
	}
	stream, err := d.file.IsStream(ref.Number)
	if err != nil || stream {
		return false, err
	}
	field, err := d.file.Dict(v)
	if err != nil {
		return false, err
	}
	if !actsLikeSignature(field) {
		return false, nil
	}
	shows, err := d.shows(field)
	if err != nil {
		return false, err
	}
	if d.signed[ref.Number] || field.Get("FT").IsNull() && d.signed[parentOf(field)] {
		d.visible = d.visible || shows
		return true, nil
	}
	d.unsigned = true
	return field.Get("FT").Name() == "Sig" && !shows, nil
}

// actsLikeSignature reports whether a field can be a signature's: no other kind of
// annotation, nothing that runs, and no key that readers could understand differently.
func actsLikeSignature(field pdf.Dict) bool {
	subtype := field.Get("Subtype")
	return (subtype.IsNull() || subtype.Name() == "Widget") && field.Get("A").IsNull() && field.Get("AA").IsNull() && !ambiguous(field)
}

// shows reports whether a field has a place on its page, which readers fill even if it
// has no appearance.
func (d *diff) shows(field pdf.Dict) (bool, error) {
	rect, err := d.file.Array(field.Get("Rect"))
	if err != nil || len(rect) == 0 {
		return false, err
	}
	nothing := len(rect) == 4 && rect[0].Same(rect[2]) && rect[1].Same(rect[3])
	return !nothing, nil
}

// sameBut reports whether two dictionaries agree in all keys but some.
func sameBut(was, is pdf.Dict, some ...string) bool {
	if ambiguous(is) {
		return false
	}
	for _, e := range slices.Concat(was, is) {
		if !slices.Contains(some, e.Key) && !was.Get(e.Key).Same(is.Get(e.Key)) {
			return false
		}
	}
	return true
}

// ambiguous reports whether a dictionary names a key twice, of which some readers take
// the first and some the last.
func ambiguous(d pdf.Dict) bool {
	return slices.ContainsFunc(d, func(e pdf.Entry) bool { return d.Twice(e.Key) })
}
