package sign

import (
	"errors"
	"slices"
	"strings"

	"hoso/pipeline/sign/internal/pdf"
)

// permission is what a signature lets be done to the file after it (ISO 32000-2,
// 12.8.2.2 DocMDP and 12.8.2.4 FieldMDP, 12.7.5.5 Lock). Validation data and document
// timestamps are always permitted. The filling of other fields and annotations, which
// levels 2 and 3 permit, is a change here all the same: the file then shows something
// that was not there when it was signed.
type permission struct {
	level int // /P: 1 nothing, 2 forms and signatures, 3 annotations too; 0 says nothing
	locks []lock
}

// lock names fields that must stay as they are.
type lock struct {
	action string // All, Include or Exclude
	fields []string
}

// permissionOf reads what a signed field says. What cannot be read forbids everything:
// a reader that understands it may.
func permissionOf(f *pdf.File, signed field) (permission, error) {
	var p permission
	err := p.read(f, signed)
	if errors.Is(err, pdf.ErrBroken) {
		return permission{level: 1}, nil
	}
	return p, err
}

func (p *permission) read(f *pdf.File, signed field) error {
	d, err := signed.value.Dict()
	if err != nil {
		return nil //nolint:nilerr // no signature, no permission
	}
	references, err := f.Array(d.Get("Reference"))
	if err != nil {
		return err
	}
	for _, v := range references {
		r, err := f.Dict(v)
		if err != nil {
			return err
		}
		params, err := f.Dict(r.Get("TransformParams"))
		if err != nil {
			return err
		}
		switch r.Get("TransformMethod").Name() {
		case "DocMDP":
			p.restrict(params, 2)
		case "FieldMDP":
			if err := p.lock(f, params); err != nil {
				return err
			}
		}
	}
	own, err := f.Dict(signed.lock)
	if err != nil || own == nil {
		return err
	}
	p.restrict(own, 0)
	return p.lock(f, own)
}

// restrict takes in /P, of which usual is the default.
func (p *permission) restrict(d pdf.Dict, usual int) {
	level := usual
	if n, ok := d.Get("P").Int(); ok {
		level = int(min(max(n, 1), 3))
	}
	if level > 0 && (p.level == 0 || level < p.level) {
		p.level = level
	}
}

func (p *permission) lock(f *pdf.File, d pdf.Dict) error {
	l := lock{action: d.Get("Action").Name()}
	names, err := f.Array(d.Get("Fields"))
	if err != nil {
		return err
	}
	for _, n := range names[:min(len(names), maxFields)] {
		l.fields = append(l.fields, text(n))
	}
	p.locks = append(p.locks, l)
	return nil
}

// holds reports whether the lock is on a field with this name.
func (l lock) holds(name string) bool {
	named := slices.ContainsFunc(l.fields, func(f string) bool { return name == f || strings.HasPrefix(name, f+".") })
	switch l.action {
	case "All":
		return true
	case "Include":
		return named
	case "Exclude":
		return !named
	}
	return false
}

// holdPermissions holds what was done after each signature against what it permits.
// found is in the order in which the signatures were made.
func holdPermissions(found []*finding) {
	for i, f := range found {
		if f.breaks(found[i+1:]) {
			f.note("forbidden-later")
		}
	}
}

// breaks reports whether later signatures, or what came with them, break the permission.
func (f *finding) breaks(later []*finding) bool {
	if f.permission.level == 1 && (f.after.visible || f.after.unsigned) {
		return true
	}
	for _, l := range later {
		if l.End <= f.End || l.Timestamp {
			continue
		}
		locked := slices.ContainsFunc(f.permission.locks, func(k lock) bool { return k.holds(l.Field) })
		if f.permission.level == 1 || locked && slices.Contains(f.after.filled, l.number) {
			return true
		}
	}
	return false
}

// mayBeSigned refuses a file with a signature that permits no more of them.
func mayBeSigned(f *pdf.File) error {
	_, catalog, err := f.Catalog()
	if err != nil {
		return broken(err)
	}
	form, err := f.Dict(catalog.Get("AcroForm"))
	if err != nil {
		return broken(err)
	}
	fields, err := signatureFields(f, form)
	if err != nil {
		return broken(err)
	}
	for _, signed := range fields {
		p, err := permissionOf(f, signed)
		if err != nil {
			return broken(err)
		}
		if p.level == 1 {
			return lockedFile()
		}
	}
	return nil
}
