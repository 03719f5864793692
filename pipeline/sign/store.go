package sign

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hoso/pipeline/sign/internal/pdf"
)

const (
	maxStored      = 256      // entries read from a document security store
	maxStoredBytes = 64 << 20 // of all of them
)

// Evidence is validation data: what lets a stranger judge signatures without asking
// anybody.
type Evidence struct {
	Certificates []*x509.Certificate
	OCSPs        [][]byte // DER of OCSPResponse
	CRLs         [][]byte // DER of CertificateList

	Token int // bytes of the largest timestamp in the file, which the next one will be like; 0 for none
}

// IsEmpty reports whether there is nothing in it.
func (e Evidence) IsEmpty() bool { return len(e.Certificates)+len(e.OCSPs)+len(e.CRLs) == 0 }

// Size is the number of bytes in it.
func (e Evidence) Size() int {
	n := 0
	for _, c := range e.Certificates {
		n += len(c.Raw)
	}
	for _, b := range slices.Concat(e.OCSPs, e.CRLs) {
		n += len(b)
	}
	return n
}

// addCertificate puts in one that is not there yet.
func (e *Evidence) addCertificate(c *x509.Certificate) {
	if !slices.ContainsFunc(e.Certificates, c.Equal) {
		e.Certificates = append(e.Certificates, c)
	}
}

func addOnce(list *[][]byte, der []byte) {
	if !slices.ContainsFunc(*list, func(b []byte) bool { return bytes.Equal(b, der) }) {
		*list = append(*list, der)
	}
}

// stored is one entry of the document security store of a file.
type stored struct {
	kind   string // Certs, OCSPs or CRLs
	der    []byte
	offset int64 // where its object begins
}

// storeKinds are the arrays of a document security store (ETSI EN 319 142-1, 5.4.2.2).
func storeKinds() []string { return []string{"Certs", "OCSPs", "CRLs"} }

// readStore gives the entries of the document security store. One that cannot be read
// is left out: it proves nothing, and harms nothing.
func readStore(f *pdf.File, catalog pdf.Dict) ([]stored, error) {
	dss, err := f.Dict(catalog.Get("DSS"))
	if errors.Is(err, pdf.ErrBroken) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []stored
	left := maxStoredBytes
	for _, kind := range storeKinds() {
		list, err := f.Array(dss.Get(kind))
		if errors.Is(err, pdf.ErrBroken) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			ref, ok := v.Ref()
			if !ok || len(out) >= maxStored {
				continue
			}
			der, offset, err := f.Content(ref.Number, left)
			if err != nil {
				continue
			}
			left -= len(der)
			out = append(out, stored{kind, der, offset})
		}
	}
	return out, nil
}

// addStore writes evidence into the document security store: what is there stays, and
// in front. There is no VRI dictionary, which EN 319 142-1 leaves optional: it says
// again what the arrays hold, for readers that look things up by signature.
func (inc *increment) addStore(e Evidence) error {
	dss, err := inc.file.Dict(inc.catalog.Get("DSS"))
	if err != nil {
		return err
	}
	if dss == nil {
		dss = pdf.Dict{}.With("Type", "/DSS")
	}
	ders := map[string][][]byte{"OCSPs": e.OCSPs, "CRLs": e.CRLs}
	for _, c := range e.Certificates {
		ders["Certs"] = append(ders["Certs"], c.Raw)
	}
	for _, kind := range storeKinds() {
		if len(ders[kind]) == 0 {
			continue
		}
		old, err := inc.file.Array(dss.Get(kind))
		if err != nil {
			return err
		}
		dss = dss.With(kind, inc.streams(old, ders[kind]))
	}
	if ref, own := inc.catalog.Get("DSS").Ref(); own {
		inc.object(ref, dss.String())
		return nil
	}
	ref := inc.reference()
	inc.object(ref, dss.String())
	inc.alter("DSS", ref.String())
	return nil
}

// streams writes each value as a stream and gives the array of old and new ones.
func (inc *increment) streams(old []pdf.Value, ders [][]byte) string {
	var b strings.Builder
	b.WriteByte('[')
	for _, v := range old {
		b.Write(v.Raw)
		b.WriteByte(' ')
	}
	for _, der := range ders {
		ref := inc.reference()
		inc.object(ref, fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(der), der))
		b.WriteString(ref.String() + " ")
	}
	return strings.TrimRight(b.String(), " ") + "]"
}
