package sign

import (
	"context"
	"fmt"
	"io"
	"slices"

	"hoso/pipeline/sign/internal/pdf"
)

const (
	maxFields     = 10_000 // form fields looked at in one file
	maxSignatures = 64     // signatures looked at in one file
)

// HasSignature reports cheaply whether a PDF carries a signature. A file whose
// structure cannot be read is a Refusal.
func HasSignature(_ context.Context, in io.ReaderAt, size int64) (bool, error) {
	f, err := pdf.Open(in, size)
	if err != nil {
		return false, broken(err)
	}
	signed, err := hasSignature(f)
	if err != nil {
		return false, broken(err)
	}
	return signed, nil
}

func hasSignature(f *pdf.File) (bool, error) {
	_, catalog, err := f.Catalog()
	if err != nil {
		return false, err
	}
	if !catalog.Get("Perms").IsNull() {
		return true, nil
	}
	form, err := f.Dict(catalog.Get("AcroForm"))
	if err != nil {
		return false, err
	}
	if flags, ok := form.Get("SigFlags").Int(); ok && flags&1 != 0 {
		return true, nil
	}
	found, err := signatureFields(f, form)
	return len(found) > 0, err
}

// field is a signature field that has a signature in it.
type field struct {
	name   string
	number int       // of the field's object, 0 if it is none
	ref    pdf.Ref   // of the signature dictionary, zero if it stands in the field
	value  pdf.Value // the signature dictionary
	lock   pdf.Value // what the field forbids once it is signed
}

// node is a field of the form that is still to be looked at.
type node struct {
	value pdf.Value
	name  string
	kind  string // inherited /FT
	depth int
}

// signatureFields walks the tree of form fields and gives those that are signed.
func signatureFields(f *pdf.File, form pdf.Dict) ([]field, error) {
	roots, err := f.Array(form.Get("Fields"))
	if err != nil {
		return nil, err
	}
	var stack []node
	for _, root := range slices.Backward(roots) {
		stack = append(stack, node{value: root})
	}
	var out []field
	seen := map[int]bool{}
	for count := 0; len(stack) > 0; count++ {
		if count > maxFields || len(stack) > 2*maxFields || len(out) > maxSignatures {
			return nil, fmt.Errorf("too many form fields: %w", pdf.ErrBroken)
		}
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		ref, _ := n.value.Ref()
		if ref.Number > 0 && seen[ref.Number] || n.depth > 32 {
			continue
		}
		seen[ref.Number] = true
		kids, signed, err := visit(f, n)
		if err != nil {
			return nil, err
		}
		stack = append(stack, kids...)
		if signed != nil {
			signed.number = ref.Number
			out = append(out, *signed)
		}
	}
	return out, nil
}

// visit gives the kids of a field, and the field if it is signed.
func visit(f *pdf.File, n node) ([]node, *field, error) {
	d, err := f.Dict(n.value)
	if err != nil || d == nil {
		return nil, nil, err
	}
	if kind := d.Get("FT").Name(); kind != "" {
		n.kind = kind
	}
	if t := text(d.Get("T")); t != "" {
		n.name = joinName(n.name, t)
	}
	list, err := f.Array(d.Get("Kids"))
	if err != nil {
		return nil, nil, err
	}
	var kids []node
	for _, kid := range slices.Backward(list) {
		kids = append(kids, node{kid, n.name, n.kind, n.depth + 1})
	}
	if n.kind != "Sig" || d.Get("V").IsNull() {
		return kids, nil, nil
	}
	value, err := f.Resolve(d.Get("V"))
	if err != nil || value.IsNull() {
		return kids, nil, err
	}
	ref, _ := d.Get("V").Ref()
	return kids, &field{name: n.name, ref: ref, value: value, lock: d.Get("Lock")}, nil
}

func joinName(parent, own string) string {
	if parent == "" {
		return own
	}
	return parent + "." + own
}
