package workers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"hoso/pipeline"
)

var errNothing = fs.ErrNotExist

const defaultMaxSize = 2 << 30

// Receive takes a paper in. When it returns a receipt the bytes are durable in
// object storage under their digest, a note lies beside them, and the catalog has
// the paper; after an error nothing was received, and the sender may simply send
// again: the same bytes for the same dossier give the earlier paper.
func (o *Office) Receive(ctx context.Context, h Handed) (pipeline.Receipt, error) {
	if _, err := Room(o.Spool); err != nil {
		return pipeline.Receipt{}, err
	}
	file, err := os.CreateTemp(o.Spool, "receiving-*")
	if err != nil {
		return pipeline.Receipt{}, spoolError(err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // a leftover is cleared at the next start
	defer file.Close()           //nolint:errcheck // durable is what object storage holds, not this
	digest, size, err := o.spool(file, h)
	if err != nil {
		return pipeline.Receipt{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return pipeline.Receipt{}, spoolError(err)
	}
	if err := o.store(ctx, digest, size, file); err != nil {
		return pipeline.Receipt{}, err
	}
	return o.admit(ctx, h, digest, size)
}

// standstill is how long a sender waits for object storage that does not move; a
// second more is granted for each MiB.
const standstill = 30 * time.Second

// store puts an original into object storage.
func (o *Office) store(ctx context.Context, digest pipeline.Digest, size int64, from io.Reader) error {
	ctx, done := context.WithTimeout(ctx, standstill+time.Duration(size>>20)*time.Second)
	defer done()
	if err := o.Objects.Put(ctx, digest, size, from, "application/octet-stream"); err != nil {
		return fmt.Errorf("storing an original: %w", err)
	}
	return nil
}

// note keeps what a rebuild needs to know of a paper that is not yet a record.
func (o *Office) note(ctx context.Context, p pipeline.Paper) error {
	note, err := json.Marshal(pipeline.Note{Schema: pipeline.ManifestSchema, Paper: p})
	if err != nil {
		return fmt.Errorf("writing a note: %w", err)
	}
	ctx, done := context.WithTimeout(ctx, standstill)
	defer done()
	if err := o.Objects.PutOnce(ctx, pipeline.NoteKey(p.ID), note); err != nil {
		return fmt.Errorf("storing a note: %w", err)
	}
	return nil
}

// limit is how many bytes an original may have.
func (o *Office) limit() int64 { return cmp.Or(o.MaxSize, defaultMaxSize) }

// spool copies the body to disk while it is hashed.
func (o *Office) spool(file io.Writer, h Handed) (pipeline.Digest, int64, error) {
	limit := o.limit()
	if h.Size > limit {
		return pipeline.Digest{}, 0, tooBig(limit)
	}
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(diskWriter{file}, hash), io.LimitReader(h.Body, limit+1))
	switch {
	case err != nil:
		return pipeline.Digest{}, 0, spoolError(err)
	case size > limit:
		return pipeline.Digest{}, 0, tooBig(limit)
	case size == 0:
		return pipeline.Digest{}, 0, pipeline.Refuse(pipeline.Reason{
			Code: "empty-file", English: "the file has no bytes",
			Vietnamese: "Tệp rỗng, không có dữ liệu. Hãy kiểm tra máy quét rồi gửi lại.",
		}, nil)
	case h.Size >= 0 && size != h.Size:
		return pipeline.Digest{}, 0, fmt.Errorf("receiving: %d bytes came, %d were announced: %w", size, h.Size, io.ErrUnexpectedEOF)
	}
	return pipeline.DigestOf(hash), size, nil
}

// diskError marks a failure of our own disk, as against one of the sender's line.
type diskError struct{ error }

func (d diskError) Unwrap() error { return d.error }

type diskWriter struct{ io.Writer }

func (w diskWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if err != nil {
		err = diskError{err}
	}
	return n, err
}

func spoolError(err error) error {
	var disk diskError
	if errors.As(err, &disk) || outOfSpace(err) || errors.Is(err, fs.ErrPermission) {
		return &pipeline.Unavailable{What: "the receiving disk", Err: err}
	}
	return fmt.Errorf("receiving: %w", err)
}

// outOfSpace reports whether a disk is full, or a quota used up.
func outOfSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func tooBig(limit int64) error {
	return pipeline.Refuse(pipeline.Reason{
		Code:       "too-big",
		English:    fmt.Sprintf("the file is larger than %d bytes", limit),
		Vietnamese: fmt.Sprintf("Tệp lớn hơn mức cho phép (%d MB). Hãy tách thành nhiều tệp, mỗi giấy tờ một tệp.", limit>>20),
	}, nil)
}

// admit enters a stored original into the catalog.
func (o *Office) admit(ctx context.Context, h Handed, digest pipeline.Digest, size int64) (pipeline.Receipt, error) {
	now := o.Now()
	p := pipeline.Paper{
		ID: o.NewID(), Dossier: h.Dossier, Handed: h.Dossier, Kind: h.Kind, Unit: h.Unit, FileName: pipeline.SafeName(h.FileName),
		Original: digest, Size: size, Lane: h.Lane, Sender: h.Sender, Batch: h.Batch, Collate: h.Collate, Received: now,
		State: pipeline.Received, Gen: 1, Updated: now,
	}
	if p.Unit == "" && !p.Dossier.IsZero() {
		p.Unit = p.Dossier.Unit()
	}
	if err := o.note(ctx, p); err != nil {
		return pipeline.Receipt{}, err
	}
	event := pipeline.Event{Paper: p.ID, Time: now, Actor: h.Sender, What: "received", To: pipeline.Received}
	kept, again, err := o.Papers.Receive(ctx, p, event)
	if err != nil {
		return pipeline.Receipt{}, fmt.Errorf("entering a paper: %w", err)
	}
	if again && kept.ID != p.ID { // a rebuild meanwhile may have entered this very paper
		if err := o.Objects.Delete(ctx, pipeline.NoteKey(p.ID)); err != nil { // a rebuild would find the double and drop it
			return pipeline.Receipt{}, fmt.Errorf("removing the note of a double: %w", err)
		}
	}
	if o.Kick != nil {
		o.Kick()
	}
	return receipt(kept, again), nil
}

func receipt(p pipeline.Paper, again bool) pipeline.Receipt {
	return pipeline.Receipt{
		ID: p.ID, Dossier: p.Dossier, State: p.State, Digest: p.Original, Size: p.Size, Pages: p.Pages,
		FileName: p.FileName, Received: p.Received, Again: again,
	}
}
