package sign

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/cms"
	"hoso/pipeline/sign/tsa"
)

// RoomError says that the gap was too small; nothing was written. Prepare again with
// Reserve set to Need.
type RoomError struct{ Need int }

// Error gives the number of bytes.
func (e *RoomError) Error() string {
	return fmt.Sprintf("the signature needs %d bytes, more than reserved", e.Need)
}

// Value is the key's answer to Prepared.Digest.
type Value struct {
	Signature   []byte      // PKCS#1 v1.5 for RSA, ASN.1 for ECDSA
	Timestamper Timestamper // nil gives level B-B
}

// Sign copies the file to out and appends a signature. Memory does not grow with the
// file. A file that must not be signed is a Refusal; a key, certificate or timestamp
// authority at fault is an Unavailable. After an error, what out has got is worthless.
func Sign(ctx context.Context, in io.ReaderAt, size int64, out io.Writer, r Request) (pipeline.Signature, error) {
	for range 3 {
		p, err := Prepare(ctx, in, size, r)
		if err != nil {
			return pipeline.Signature{}, err
		}
		value, err := ask(r.Identity, p)
		if err != nil {
			return pipeline.Signature{}, err
		}
		s, err := p.Finish(ctx, in, out, Value{value, r.Timestamper})
		if room, ok := errors.AsType[*RoomError](err); ok {
			r.Reserve = room.Need
			continue
		}
		return s, err
	}
	return pipeline.Signature{}, badKey("the signature grows each time it is made")
}

func ask(id Identity, p *Prepared) ([]byte, error) {
	if id.Key == nil {
		return nil, badKey("no key")
	}
	value, err := id.Key.Sign(rand.Reader, p.Digest(), p.Hash)
	if err != nil {
		return nil, heldBack(err)
	}
	return value, nil
}

// heldBack is why a key did not sign. A holder that is away says so itself, and when to
// come again. What it refuses, such as a PIN that was changed, is for the operator to
// mend: the paper waits, and must not look like the one that is refused.
func heldBack(err error) error {
	if _, refused := pipeline.AsRefusal(err); refused {
		return badKey("signing: %w", errors.New(err.Error()))
	}
	if missing, ok := errors.AsType[*pipeline.Unavailable](err); ok {
		return missing
	}
	return badKey("signing: %w", err)
}

// Finish checks the signature value against the certificate, has it timestamped, and
// writes the signed file: in once more, then the increment. in must be the file that
// was prepared. A *RoomError comes before anything is written.
func (p *Prepared) Finish(ctx context.Context, in io.ReaderAt, out io.Writer, v Value) (pipeline.Signature, error) {
	chain, err := p.certificates()
	if err != nil {
		return pipeline.Signature{}, err
	}
	d := &cms.Draft{ContentType: cms.Data, Certificates: chain, Signer: chain[0], Hash: p.Hash, Attributes: p.Attributes}
	if err := d.Check(v.Signature); err != nil {
		return pipeline.Signature{}, badKey("what the key signed does not fit %s; choose the key that belongs to it: %w", numbered(chain[0]), err)
	}
	s := pipeline.Signature{
		Composed: p.Input, Level: "B-B", Demo: p.Demo, Shown: p.Shown,
		Signer: chain[0].Subject.CommonName, Issuer: chain[0].Issuer.CommonName, Serial: chain[0].SerialNumber.Text(16),
	}
	token, err := p.timestamp(ctx, v, &s)
	if err != nil {
		return pipeline.Signature{}, err
	}
	message, err := d.Assemble(v.Signature, token)
	if err != nil {
		return pipeline.Signature{}, badKey("writing the signature: %w", err)
	}
	if len(message) > p.Reserve {
		return pipeline.Signature{}, &RoomError{Need: len(message) + 128}
	}
	s.Signed, s.Size, err = p.write(ctx, in, out, message)
	return s, err
}

func (p *Prepared) certificates() ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for _, der := range p.Chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, badKey("reading a certificate of the chain: %w", err)
		}
		chain = append(chain, c)
	}
	if len(chain) == 0 {
		return nil, badKey("no certificate")
	}
	return chain, nil
}

// timestamp asks for a token over the signature value and notes it in s.
func (p *Prepared) timestamp(ctx context.Context, v Value, s *pipeline.Signature) ([]byte, error) {
	if v.Timestamper == nil {
		return nil, nil
	}
	raw, err := v.Timestamper.Timestamp(ctx, cms.Sum(crypto.SHA256, v.Signature))
	if err != nil {
		return nil, fmt.Errorf("timestamping the signature: %w", err)
	}
	t, err := tsa.Open(raw)
	if err == nil {
		err = t.Stamps(v.Signature)
	}
	if err != nil {
		return nil, &pipeline.Unavailable{What: "timestamp authority", Err: err}
	}
	s.Level, s.Time, s.Authority = "B-T", t.Time, t.Authority.Subject.CommonName
	return raw, nil
}

// write copies the file and appends the increment. The copy is hashed again, so that
// a file that changed since it was prepared is not passed off as signed.
func (p *Prepared) write(ctx context.Context, in io.ReaderAt, out io.Writer, message []byte) (pipeline.Digest, int64, error) {
	whole := sha256.New()
	w := io.MultiWriter(out, whole)
	if _, err := io.Copy(w, &reader{ctx, io.NewSectionReader(in, 0, p.Size)}); err != nil {
		return pipeline.Digest{}, 0, fmt.Errorf("copying the file to sign: %w", err)
	}
	if pipeline.DigestOf(whole) != p.Input {
		return pipeline.Digest{}, 0, errors.New("copying the file to sign: it changed since it was prepared")
	}
	contents := make([]byte, p.Reserve)
	copy(contents, message)
	for _, part := range [][]byte{p.Before, []byte("<"), []byte(hex.EncodeToString(contents)), []byte(">"), p.After} {
		if _, err := w.Write(part); err != nil {
			return pipeline.Digest{}, 0, fmt.Errorf("appending the signature: %w", err)
		}
	}
	return pipeline.DigestOf(whole), p.Size + int64(len(p.Before)+len(p.After)) + gap(p.Reserve), nil
}
