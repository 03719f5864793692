package sign

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/internal/pdf"
)

// maxContents bounds the CMS message: a PDF/A string has at most 32 767 bytes
// (ISO 19005-2, 6.1.13).
const maxContents = 32000

// Prepared is a signature in its last state before the key is asked: everything but
// the signature value. It holds some kilobytes, whatever the size of the file, and no
// secret, and can wait as JSON while a person fetches a token.
type Prepared struct {
	Input      pipeline.Digest `json:"input"` // the file to sign
	Size       int64           `json:"size"`
	Before     []byte          `json:"before"`     // the increment up to the gap
	After      []byte          `json:"after"`      // and behind it
	Reserve    int             `json:"reserve"`    // bytes of the gap, two digits each
	Hash       crypto.Hash     `json:"hash"`       // by its number in package crypto
	Attributes []byte          `json:"attributes"` // DER of the signed attributes
	Chain      [][]byte        `json:"chain"`      // DER certificates, the signer's first
	Demo       bool            `json:"demo"`
	Shown      *pipeline.Shown `json:"shown,omitempty"` // as the request had it
}

// Prepare makes the increment for a file and hashes both. It reads the file once and
// changes nothing. It refuses a file that is damaged, encrypted, or signed already
// unless r.Further, and one whose signature permits no further ones; a certificate that is not valid at r.Time is Unavailable.
func Prepare(ctx context.Context, in io.ReaderAt, size int64, r Request) (*Prepared, error) {
	r, err := r.settled()
	if err != nil {
		return nil, err
	}
	p := &Prepared{Size: size, Reserve: r.Reserve, Hash: r.Hash, Demo: r.Identity.Demo, Shown: r.Shown}
	for _, c := range r.Identity.Chain {
		p.Chain = append(p.Chain, c.Raw)
	}
	f, err := openToSign(in, size, r)
	if err != nil {
		return nil, err
	}
	if err := r.Appearance.check(); err != nil {
		return nil, err
	}
	sum, whole := sha256.New(), r.Hash.New()
	if _, err := io.Copy(io.MultiWriter(sum, whole), &reader{ctx, io.NewSectionReader(in, 0, size)}); err != nil {
		return nil, fmt.Errorf("hashing the file to sign: %w", err)
	}
	p.Input = pipeline.DigestOf(sum)
	if err := p.build(f, in, r); err != nil {
		return nil, broken(err)
	}
	return p, p.draft(whole, r)
}

// settled checks a request and fills in its defaults.
func (r Request) settled() (Request, error) {
	if len(r.Identity.Chain) == 0 {
		return r, badKey("no certificate")
	}
	leaf := r.Identity.Chain[0]
	if err := checkValidity(leaf, r.Time); err != nil {
		return r, err
	}
	if r.Hash == 0 {
		r.Hash = cms.DefaultHash(leaf.PublicKey)
	}
	if _, err := cms.HashOID(r.Hash); err != nil {
		return r, badKey("hashing the file: %w", err)
	}
	if _, err := cms.NewDraft(leaf, r.Hash, cms.Data, make([]byte, r.Hash.Size())); err != nil {
		return r, badKey("using the certificate: %w", err)
	}
	if r.Name == "" {
		r.Name = leaf.Subject.CommonName
	}
	r.Identity.Demo = r.Identity.Demo || IsDemo(leaf)
	if r.Identity.Demo {
		r.Name = DemoName
		r.Reason = joined(DemoReason, r.Reason)
	}
	if r.Reserve == 0 {
		r.Reserve = estimate(r)
	}
	if r.Reserve < 0 || r.Reserve > maxContents {
		return r, badKey("reserving %d bytes for the signature: more than %d", r.Reserve, maxContents)
	}
	return r, nil
}

func joined(first, second string) string {
	if second == "" {
		return first
	}
	return first + ". " + second
}

// checkValidity asks of a signer's certificate what it says of itself.
func checkValidity(c *x509.Certificate, at time.Time) error {
	switch {
	case at.IsZero():
		return errors.New("signing without a time")
	case at.Before(c.NotBefore):
		return badKey("the certificate is not valid before %s", c.NotBefore.Format(time.DateOnly))
	case at.After(c.NotAfter):
		return badKey("the certificate ended on %s; sign with one that has been renewed", c.NotAfter.Format(time.DateOnly))
	case c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0, forMachines(c):
		return badKey("the certificate is not for signatures")
	}
	return nil
}

// estimate sizes the gap: certificates, attributes, signature value, and a timestamp
// token with a chain of its own. Most tokens take 2 to 6 KB.
func estimate(r Request) int {
	n := 1500
	for _, c := range r.Identity.Chain {
		n += len(c.Raw)
	}
	n += len(r.Identity.Chain[0].RawIssuer) * 2
	if r.Timestamper != nil {
		n += 6500
	}
	return min(n, maxContents)
}

// openToSign opens the file and refuses what must not be signed.
func openToSign(in io.ReaderAt, size int64, r Request) (*pdf.File, error) {
	f, err := pdf.Open(in, size)
	if err != nil {
		return nil, broken(err)
	}
	if !f.Trailer.Get("Encrypt").IsNull() {
		return nil, encrypted()
	}
	if r.Further {
		return f, mayBeSigned(f)
	}
	signed, err := hasSignature(f)
	if err != nil {
		return nil, broken(err)
	}
	if signed {
		return nil, alreadySigned()
	}
	return f, nil
}

// build writes the increment. Its file identifier follows from the input and the
// request, so that preparing twice gives the same bytes.
func (p *Prepared) build(f *pdf.File, in io.ReaderAt, r Request) error {
	inc, err := newIncrement(f, in)
	if err != nil {
		return err
	}
	ref := inc.reference()
	if err := inc.addField(ref, r.Appearance); err != nil {
		return err
	}
	inc.addSignature(ref, r)
	seed := fmt.Appendf(nil, "%s %s %x", p.Input, r.Time.UTC(), cms.Sum(crypto.SHA256, p.Chain[0]))
	p.Before, p.After, err = inc.seal(seed)
	return err
}

// draft finishes the hash of the signed range and writes the signed attributes.
func (p *Prepared) draft(h hash.Hash, r Request) error {
	h.Write(p.Before)
	h.Write(p.After)
	d, err := cms.NewDraft(r.Identity.Chain[0], r.Hash, cms.Data, h.Sum(nil))
	if err != nil {
		return badKey("drafting the signature: %w", err)
	}
	p.Attributes = d.Attributes
	return nil
}

// Digest is what the key must sign, made with p.Hash.
func (p *Prepared) Digest() []byte { return cms.Sum(p.Hash, p.Attributes) }

// reader reads until its context ends.
type reader struct {
	ctx context.Context //nolint:containedctx // lives for one io.Copy, which takes no context
	r   io.Reader
}

// Read fails with the context's error once that has ended.
func (r *reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}
