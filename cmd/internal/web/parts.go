package web

import (
	"context"
	"io"
	"net/http"
	"time"
)

// A browser on a slow line fetches a long PDF piece by piece, beginning with what it
// shows. A piece cannot be held against the digest of the whole. So the whole is read
// and verified here, beside the store, before the first piece leaves and again when
// that was more than a minute ago; only then do the pieces go out on the slow line.

// wantsPart reports whether a request asks for less than all of what is opened. All of
// it goes the usual way, verified as it leaves.
func wantsPart(r *http.Request, o Opened) bool {
	asked := r.Header.Get("Range")
	return o.At != nil && asked != "" && asked != "bytes=0-"
}

// noteGift writes the access log. The pieces of one reading are one look.
func (s *Site) noteGift(v *visit, p shown, g gift) error {
	if g.part {
		return s.noteOnce(v, p.ID, string(g.what))
	}
	return s.note(v, g.act, p.ID, string(g.what))
}

// sendPart answers a request for a part.
func (s *Site) sendPart(v *visit, o Opened) error {
	ctx := v.r.Context()
	if err := s.prove(ctx, o); err != nil {
		return err
	}
	at, err := o.At(ctx)
	if err != nil {
		return err
	}
	w := patient{v.w, http.NewResponseController(v.w)}
	http.ServeContent(w, v.r, "", time.Time{}, io.NewSectionReader(at, 0, o.Size))
	return nil
}

// prove reads all of o, unless that went well within the last minute.
func (s *Site) prove(ctx context.Context, o Opened) error {
	key := o.Digest.String()
	if s.sound.has(key, s.Now()) {
		return nil
	}
	select {
	case s.verify <- struct{}{}:
		defer func() { <-s.verify }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if _, err := io.Copy(io.Discard, o.Body); err != nil {
		return err
	}
	s.sound.first(key, s.Now())
	return nil
}

// patient is an answer that lives as long as its reader takes something.
type patient struct {
	http.ResponseWriter

	ctl *http.ResponseController
}

// Write writes with a deadline of its own.
func (p patient) Write(b []byte) (int, error) {
	_ = p.ctl.SetWriteDeadline(time.Now().Add(writeDeadline)) // a test's recorder has no deadlines
	return p.ResponseWriter.Write(b)
}
