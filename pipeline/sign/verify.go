package sign

import (
	"cmp"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/internal/pdf"
	"hoso/pipeline/sign/tsa"
)

// Verify judges every signature in a PDF. Whatever is wrong with the file is in the
// Report; an error means that it could not be read or that ctx ended. Memory does not
// grow with the file, and a file is hashed once per signature, of which at most 64 are
// looked at.
func Verify(ctx context.Context, in io.ReaderAt, size int64, trust Trust) (Report, error) {
	report := Report{Size: size, Verdict: Unsigned, Signatures: []Checked{}}
	v := &verifier{in: in, size: size, trust: trust.settled()}
	report.Judged = v.trust.Now
	found, err := v.findings(ctx, &report)
	if errors.Is(err, pdf.ErrBroken) {
		report.Verdict = Unreadable
		report.Problems = append(report.Problems, problemOf("unreadable-pdf").reason("unreadable-pdf"))
		return report, nil
	}
	if err != nil {
		return report, fmt.Errorf("reading the file to verify: %w", err)
	}
	if err := v.judge(ctx, found); err != nil {
		return report, fmt.Errorf("verifying signatures: %w", err)
	}
	for _, f := range found {
		report.add(f.Checked)
	}
	return report, nil
}

// verifier is one file under judgement.
type verifier struct {
	in      io.ReaderAt
	size    int64
	trust   Trust
	file    *pdf.File
	fields  []field // those that are signed
	archive *archive
}

// finding is a signature or timestamp whose bytes have been looked at.
type finding struct {
	Checked
	message *cms.Message      // nil if it cannot be read
	leaf    *x509.Certificate // the signer's; nil if it is missing
	token   *tsa.Token        // of a document timestamp; nil if it cannot be read

	number     int // of the field's object
	permission permission
	after      additions // what the file adds to the signed revision
}

// findings looks at the bytes of all signatures, in the order in which they were made.
func (v *verifier) findings(ctx context.Context, report *Report) ([]*finding, error) {
	fields, err := v.open(report)
	if err != nil {
		return nil, err
	}
	var out []*finding
	for _, f := range fields {
		one, err := v.check(ctx, f)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b *finding) int { return cmp.Compare(a.End, b.End) })
	holdPermissions(out)
	return out, nil
}

// open finds the signed fields and the validation data.
func (v *verifier) open(report *Report) ([]field, error) {
	f, err := pdf.Open(v.in, v.size)
	if err != nil {
		return nil, err
	}
	v.file = f
	_, catalog, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	store, err := readStore(f, catalog)
	if err != nil {
		return nil, err
	}
	v.archive = newArchive(store, v.trust.Now)
	if !catalog.Get("DSS").IsNull() {
		report.Seen = append(report.Seen, "DSS")
	}
	form, err := f.Dict(catalog.Get("AcroForm"))
	if err != nil {
		return nil, err
	}
	v.fields, err = signatureFields(f, form)
	return v.fields, err
}

// judge asks who signed and when: of document timestamps first, the newest before all
// others, since each vouches for what is older.
func (v *verifier) judge(ctx context.Context, found []*finding) error {
	for _, f := range found {
		if f.message != nil {
			v.archive.addEmbedded(f.message, f.End-1)
		}
	}
	for _, f := range slices.Backward(found) {
		if f.token == nil {
			continue
		}
		if err := v.judgeStamp(ctx, f); err != nil {
			return err
		}
	}
	for _, f := range found {
		if f.leaf != nil {
			if err := v.judgeSigner(ctx, f); err != nil {
				return err
			}
		}
		if f.Verdict == Valid && f.Demo {
			f.Verdict = Demo
		}
	}
	return nil
}

// check looks at the bytes of one signature. Its error is one of reading, not of the
// signature.
func (v *verifier) check(ctx context.Context, f field) (*finding, error) {
	out := &finding{Checked: Checked{Verdict: Valid, Field: f.name}, number: f.number}
	c := &out.Checked
	var err error
	if out.permission, err = permissionOf(v.file, f); err != nil {
		return out, err
	}
	d, err := f.value.Dict()
	if err != nil {
		c.note(codeOf(err, "contents-unreadable"))
		return out, nil
	}
	c.Name, c.Reason, c.Location, c.Claimed = plain(text(d.Get("Name"))), plain(text(d.Get("Reason"))), plain(text(d.Get("Location"))), date(d.Get("M"))
	r, code := readRange(d, v.size)
	if code != "" {
		c.note(code)
		return out, nil
	}
	c.End, c.CoversFile = r.end(), r.end() == v.size
	if err := v.checkRevision(out, f); err != nil {
		return out, err
	}
	switch d.Get("SubFilter").Name() {
	case "ETSI.CAdES.detached", "adbe.pkcs7.detached":
		err = v.checkSignature(ctx, out, d, r)
	case "ETSI.RFC3161":
		err = v.checkTimestamp(ctx, out, d, r)
	default:
		c.note("format-unknown")
	}
	return out, err
}

// checkSignature looks at a CMS signature over the range.
func (v *verifier) checkSignature(ctx context.Context, f *finding, d pdf.Dict, r byteRange) error {
	c := &f.Checked
	m, err := cms.Parse(d.Get("Contents").Bytes())
	if err != nil || m.Content != nil || m.ContentType != cms.Data {
		c.note(codeOf(err, "contents-unreadable"))
		return nil
	}
	f.message = m
	digest, err := r.digest(ctx, v.in, m.Hash)
	if err != nil {
		return err
	}
	if err := m.CheckContent(digest); err != nil {
		c.note(codeOf(err, "content-changed"))
	}
	leaf, err := m.SigningCertificate()
	if err != nil {
		c.note(codeOf(err, "certificate-missing"))
		return nil
	}
	f.leaf = leaf
	c.Signer, c.Issuer = names(leaf)
	c.Serial = leaf.SerialNumber.Text(16)
	c.Unit = plain(strings.Join(slices.Concat(leaf.Subject.OrganizationalUnit, leaf.Subject.Organization), ", "))
	c.Algorithm = algorithm(leaf.PublicKey, m.Hash)
	if err := m.CheckSignature(leaf); err != nil {
		c.note(codeOf(err, "signature-wrong"))
	}
	c.Intact = c.Verdict.rank() < Invalid.rank()
	if d.Get("SubFilter").Name() == "ETSI.CAdES.detached" {
		c.Level = "B-B"
	}
	if err := m.CheckESS(leaf); err != nil && (c.Level != "" || !errors.Is(err, cms.ErrNoESS)) {
		c.Level = ""
		c.note(codeOf(err, "certificate-other"))
	}
	return nil
}

// checkTimestamp looks at a document timestamp (ETSI EN 319 142-1, 5.4.3).
func (v *verifier) checkTimestamp(ctx context.Context, f *finding, d pdf.Dict, r byteRange) error {
	c := &f.Checked
	c.Timestamp = true
	t, err := tsa.Open(d.Get("Contents").Bytes())
	if err != nil {
		c.note(codeOf(err, "contents-unreadable"))
		return nil
	}
	f.token = t
	digest, err := r.digest(ctx, v.in, t.Hash)
	if err != nil {
		return err
	}
	if t.Covers(digest) != nil {
		c.note("content-changed")
	}
	c.Intact = c.Verdict.rank() < Invalid.rank()
	c.Signer, c.Issuer = names(t.Authority)
	c.Serial = t.Authority.SerialNumber.Text(16)
	c.ValidFrom, c.ValidUntil = t.Authority.NotBefore, t.Authority.NotAfter
	c.Time, c.Authority = t.Time, c.Signer
	return nil
}

// codeOf turns an error of reading or checking a message into a problem's code.
func codeOf(err error, otherwise string) string {
	for _, e := range []struct {
		is   error
		code string
	}{
		{cms.ErrAlgorithm, "algorithm-refused"},
		{cms.ErrMalformed, "contents-unreadable"},
		{cms.ErrDigest, "content-changed"},
		{cms.ErrSignature, "signature-wrong"},
		{cms.ErrNoESS, "certificate-unnamed"},
		{cms.ErrESS, "certificate-other"},
		{cms.ErrSigner, "certificate-missing"},
	} {
		if errors.Is(err, e.is) {
			return e.code
		}
	}
	return otherwise
}

// byteRange is a /ByteRange that holds what ISO 32000-1, 12.8.1 asks.
type byteRange struct{ gapStart, gapEnd, tail int64 }

func (r byteRange) end() int64 { return r.gapEnd + r.tail }

// readRange reads /ByteRange and compares its gap with the place of /Contents: they
// must be the same to the byte, or something unsigned hides in the gap. It gives the
// code of what is wrong.
func readRange(d pdf.Dict, size int64) (byteRange, string) {
	if slices.ContainsFunc([]string{"ByteRange", "Contents", "SubFilter", "Type"}, d.Twice) {
		return byteRange{}, "dictionary-ambiguous"
	}
	r, ok := rangeOf(d.Get("ByteRange"), size)
	if !ok {
		return byteRange{}, "range-malformed"
	}
	if !r.leavesOutOnly(d.Get("Contents")) {
		return byteRange{}, "range-gap"
	}
	return r, ""
}

// rangeOf reads the numbers of a /ByteRange, and whether they mean two parts of a file
// of size bytes with a gap between them.
func rangeOf(v pdf.Value, size int64) (byteRange, bool) {
	list, err := v.Array()
	if err != nil || len(list) != 4 {
		return byteRange{}, false
	}
	var n [4]int64
	for i, e := range list {
		value, ok := e.Int()
		if !ok || value < 0 || value > size {
			return byteRange{}, false
		}
		n[i] = value
	}
	ordered := n[0] == 0 && n[1] > 0 && n[2] > n[1] && n[2]+n[3] <= size
	return byteRange{gapStart: n[1], gapEnd: n[2], tail: n[3]}, ordered
}

// leavesOutOnly reports whether the gap is a value in hexadecimal, and nothing else.
func (r byteRange) leavesOutOnly(contents pdf.Value) bool {
	raw := contents.Raw
	exact := contents.Offset == r.gapStart && contents.Offset+int64(len(raw)) == r.gapEnd
	return exact && len(raw) >= 4 && raw[0] == '<' && isHex(raw[1:len(raw)-1])
}

func isHex(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return len(b) > 0 && len(b)%2 == 0
}

// digest hashes the two parts of the range.
func (r byteRange) digest(ctx context.Context, in io.ReaderAt, h crypto.Hash) ([]byte, error) {
	state := h.New()
	for _, part := range []*io.SectionReader{io.NewSectionReader(in, 0, r.gapStart), io.NewSectionReader(in, r.gapEnd, r.tail)} {
		if _, err := io.Copy(state, &reader{ctx, part}); err != nil {
			return nil, fmt.Errorf("hashing the signed range: %w", err)
		}
	}
	return state.Sum(nil), nil
}
