package sign

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign/internal/pdf"
	"hoso/pipeline/sign/tsa"
)

// Extension is what a signed file gets so that its signatures can be judged later.
type Extension struct {
	Evidence    Evidence    // goes into the document security store; see Collect
	Timestamper Timestamper // of a document timestamp over everything; nil for none
	Reserve     int         // bytes kept free for its token; 0 goes by what Evidence has seen
}

// Extended tells what Extend made of a file.
type Extended struct {
	Digest    pipeline.Digest
	Size      int64
	Time      time.Time // of the document timestamp; zero without one
	Authority string    // common name of who gave it
	Until     time.Time // when its certificate ends; before that it must be renewed
}

// Extend copies a signed file to out and appends a revision with validation data
// (level B-LT) and a document timestamp over all of it (level B-LTA, ETSI EN 319 142-1,
// 5.4 and 5.5), both in one: the timestamp covers the data. Renewing is the same once
// more. It reads the file once, after a look at its structure, and holds none of it.
// Errors are those of Sign; after one, what out has got is worthless.
func Extend(ctx context.Context, in io.ReaderAt, size int64, out io.Writer, x Extension) (Extended, error) {
	f, err := pdf.Open(in, size)
	if err != nil {
		return Extended{}, broken(err)
	}
	if !f.Trailer.Get("Encrypt").IsNull() {
		return Extended{}, encrypted()
	}
	if x.Reserve == 0 {
		x.Reserve = room(x.Evidence.Token)
	}
	for range 3 {
		r, err := newRevision(f, in, x)
		if err != nil {
			return Extended{}, broken(err)
		}
		token, err := r.stamped(ctx, in, x)
		if err != nil {
			return Extended{}, err
		}
		if token != nil && len(token.Raw) > x.Reserve {
			x.Reserve = len(token.Raw) + 128
			continue
		}
		return r.write(ctx, in, out, token)
	}
	return Extended{}, &pipeline.Unavailable{What: "timestamp authority", Err: tsa.ErrToken}
}

// room is how many bytes to keep free for a token, of which one that was seen had so many.
// Each byte takes two in the file, and a token that turns out larger is asked for again.
func room(seen int) int {
	const unseen, spare = 7000, 512
	if seen == 0 {
		return unseen
	}
	return seen + spare
}

// revision is an increment before its timestamp is known.
type revision struct {
	size          int64
	before, after []byte
	reserve       int
	input         pipeline.Digest // of the file, once it was hashed
}

func newRevision(f *pdf.File, in io.ReaderAt, x Extension) (*revision, error) {
	inc, err := newIncrement(f, in)
	if err != nil {
		return nil, err
	}
	if !x.Evidence.IsEmpty() {
		if err := inc.addStore(x.Evidence); err != nil {
			return nil, err
		}
	}
	r := &revision{size: f.Size()}
	if x.Timestamper != nil {
		r.reserve = x.Reserve
		ref := inc.reference()
		if err := inc.addField(ref, nil); err != nil {
			return nil, err
		}
		inc.addTimestamp(ref, x.Reserve)
	}
	seed := fmt.Appendf(nil, "%d %d %s %d", f.Size(), f.StartXref, f.Trailer.Get("ID").Raw, x.Evidence.Size())
	r.before, r.after, err = inc.seal(seed)
	return r, err
}

// stamped hashes the file with the revision and has the hash timestamped; nil without
// a timestamp.
func (r *revision) stamped(ctx context.Context, in io.ReaderAt, x Extension) (*tsa.Token, error) {
	if x.Timestamper == nil {
		return nil, nil
	}
	whole := sha256.New()
	if _, err := io.Copy(whole, &reader{ctx, io.NewSectionReader(in, 0, r.size)}); err != nil {
		return nil, fmt.Errorf("hashing the file to timestamp: %w", err)
	}
	r.input = pipeline.DigestOf(whole)
	whole.Write(r.before)
	whole.Write(r.after)
	imprint := whole.Sum(nil)
	raw, err := x.Timestamper.Timestamp(ctx, imprint)
	if err != nil {
		return nil, fmt.Errorf("timestamping the file: %w", err)
	}
	t, err := tsa.Open(raw)
	if err == nil {
		err = t.Covers(imprint)
	}
	if err != nil {
		return nil, &pipeline.Unavailable{What: "timestamp authority", Err: err}
	}
	return t, nil
}

// write copies the file and appends the revision.
func (r *revision) write(ctx context.Context, in io.ReaderAt, out io.Writer, token *tsa.Token) (Extended, error) {
	whole := sha256.New()
	w := io.MultiWriter(out, whole)
	if _, err := io.Copy(w, &reader{ctx, io.NewSectionReader(in, 0, r.size)}); err != nil {
		return Extended{}, fmt.Errorf("copying the file to extend: %w", err)
	}
	if token != nil && pipeline.DigestOf(whole) != r.input {
		return Extended{}, errors.New("copying the file to extend: it changed since it was hashed")
	}
	x := Extended{Size: r.size + int64(len(r.before)+len(r.after))}
	parts := [][]byte{r.before}
	if token != nil {
		contents := make([]byte, r.reserve)
		copy(contents, token.Raw)
		parts = append(parts, []byte("<"+hex.EncodeToString(contents)+">"), r.after)
		x.Size += gap(r.reserve)
		x.Time, x.Authority, x.Until = token.Time, token.Authority.Subject.CommonName, token.Authority.NotAfter
	}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return Extended{}, fmt.Errorf("appending to the file: %w", err)
		}
	}
	x.Digest = pipeline.DigestOf(whole)
	return x, nil
}
