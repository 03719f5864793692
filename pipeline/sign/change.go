package sign

import (
	"slices"

	"hoso/pipeline/sign/internal/pdf"
)

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
		return d.catalog(was, is)
	case number == d.form:
		return d.formDict(was, is)
	case was.Get("Type").Name() == "Page":
		if !sameBut(was, is, "Annots", "Tabs") { // Tabs: in which order one goes from field to field
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

// catalog compares the catalogs of two revisions.
func (d *diff) catalog(was, is pdf.Dict) (bool, error) {
	ok, err := d.metadata(was.Get("Metadata"), is.Get("Metadata"))
	if err != nil || !ok || !sameBut(was, is, "AcroForm", "DSS", "Extensions", "Version", "Metadata") {
		return false, err
	}
	return d.formGrows(was.Get("AcroForm"), is.Get("AcroForm"))
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
	if was.Get("NeedAppearances").IsNull() || string(was.Get("NeedAppearances").Raw) == "false" {
		ok, err := d.resourcesGrow(was.Get("DR"), is.Get("DR"))
		if err != nil || !ok || !was.Get("DA").IsNull() && !was.Get("DA").Same(is.Get("DA")) {
			return false, err
		}
	} else if !sameBut(was, is, "Fields", "SigFlags") {
		return false, nil
	}
	return d.listGrows(was.Get("Fields"), is.Get("Fields"))
}

// resourcesGrow reports whether the resources of a form are the same with others added.
func (d *diff) resourcesGrow(before, after pdf.Value) (bool, error) {
	was, err := d.old.Dict(before)
	if err != nil {
		return false, err
	}
	is, err := d.file.Dict(after)
	if err != nil || ambiguous(is) {
		return false, err
	}
	for _, kind := range was {
		if kind.Value.Same(is.Get(kind.Key)) {
			continue
		}
		had, err := d.old.Dict(kind.Value)
		if err != nil {
			return false, err
		}
		has, err := d.file.Dict(is.Get(kind.Key))
		if err != nil || ambiguous(has) {
			return false, err
		}
		for _, e := range had {
			if !e.Value.Same(has.Get(e.Key)) {
				return false, nil
			}
		}
	}
	return true, nil
}

// metadata reports whether the metadata of the document are the same, or others that the
// signed revision cannot have meant: programs write them anew when they sign.
func (d *diff) metadata(before, after pdf.Value) (bool, error) {
	ref, ok := after.Ref()
	if before.Same(after) || !ok || ref.Number < d.next {
		return before.Same(after), nil
	}
	v, err := d.file.Dict(after)
	return v.Get("Type").Name() == "Metadata", err
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
