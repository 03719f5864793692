package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
	"hoso/workers/document"
)

// pdfPolicy lets a browser's own viewer draw a PDF inside our page; the file brings
// nothing else to life.
const pdfPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' blob: data:; object-src 'self'; frame-ancestors 'self'"

// imagePolicy is for pictures.
const imagePolicy = "default-src 'none'; frame-ancestors 'self'; sandbox"

func (s *Site) showRecord(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	return s.give(v, p, gift{what: Record, act: "viewed", place: "inline", policy: pdfPolicy})
}

// showLight shows the access copy of a record.
func (s *Site) showLight(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	return s.give(v, p, gift{what: Light, act: "viewed", place: "inline", policy: pdfPolicy})
}

// preview shows an original in the browser while there is no record yet: whoever must
// read the number off it needs to see it.
func (s *Site) preview(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	g := gift{what: Original, act: "viewed", place: "inline", policy: imagePolicy}
	switch p.Preview() {
	case "":
		return fs.ErrNotExist
	case "pdf":
		g.policy = pdfPolicy
	}
	return s.give(v, p, g)
}

func (s *Site) download(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	g := gift{what: Artifact(v.r.PathValue("what")), act: "downloaded", place: "attachment", policy: imagePolicy}
	if g.what != Original && g.what != Record {
		return fs.ErrNotExist
	}
	return s.give(v, p, g)
}

// gift is an artifact on its way out.
type gift struct {
	what   Artifact
	act    string // for the access log
	place  string // inline or attachment
	policy string
	part   bool // not the whole

	version int // of a record, 0 for the newest
}

// version reads which version of a record is asked for; 0 is the newest.
func version(v *visit) (int, error) {
	asked := v.r.URL.Query().Get("version")
	if asked == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		return 0, fs.ErrNotExist
	}
	return n, nil
}

// open opens what is to be given.
func (s *Site) open(v *visit, p shown, g gift) (Opened, error) {
	if g.version == 0 {
		return s.Shelf.Open(v.r.Context(), p.ID, g.what)
	}
	if g.what != Record {
		return Opened{}, fs.ErrNotExist
	}
	return s.Shelf.OpenEdition(v.r.Context(), p.ID, g.version)
}

func (s *Site) give(v *visit, p shown, g gift) error {
	var err error
	if g.version, err = version(v); err != nil {
		return err
	}
	if g.what == Original {
		if err := s.wholeOriginal(v, p.Paper); err != nil {
			return err
		}
	}
	opened, err := s.open(v, p, g)
	if err != nil {
		return err
	}
	defer opened.Body.Close() //nolint:errcheck // only read from
	g.part = wantsPart(v.r, opened)
	if err := s.noteGift(v, p, g); err != nil {
		return err
	}
	h := v.w.Header()
	if opened.At != nil {
		h.Set("Accept-Ranges", "bytes")
		h.Set("ETag", `"`+opened.Digest.String()+`"`)
	}
	h.Set("Content-Security-Policy", g.policy)
	h.Set("Content-Type", safeMedia(opened.Media))
	h.Set("Content-Disposition", disposition(g.place, artifactName(p.Paper, g.what)))
	if g.part {
		return s.sendPart(v, opened)
	}
	if opened.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(opened.Size, 10))
	}
	send(v.w, opened.Body)
	return nil
}

// send copies r to the end, one piece behind: the last piece leaves only when reading
// has ended well, so that bytes that fail their digest never arrive whole. A failure
// cuts the connection, which is the only way left to tell.
func send(w http.ResponseWriter, r io.Reader) {
	ctl := http.NewResponseController(w)
	held, next := make([]byte, 0, 256<<10), make([]byte, 256<<10)
	for {
		n, err := io.ReadFull(r, next)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			panic(http.ErrAbortHandler)
		}
		_ = ctl.SetWriteDeadline(time.Now().Add(writeDeadline)) // a reader that takes nothing is cut
		if _, werr := w.Write(held); werr != nil {
			panic(http.ErrAbortHandler)
		}
		held, next = next[:n], held[:cap(held)]
		if err != nil {
			if _, werr := w.Write(held); werr != nil {
				panic(http.ErrAbortHandler)
			}
			return
		}
	}
}

// safeMedia lets through only what browsers treat as dead matter.
func safeMedia(media string) string {
	switch media {
	case "application/pdf", "image/jpeg", "image/png", "image/tiff", "image/heic", bundle.Media:
		return media
	}
	return "application/octet-stream"
}

// artifactName is what a browser saves an artifact as: the number of the dossier where
// it is known, and the end of the paper's ID to keep papers of one dossier apart.
func artifactName(p pipeline.Paper, what Artifact) string {
	if what == Original {
		return pipeline.SafeName(norm.NFC.String(p.FileName))
	}
	stem := strings.TrimSuffix(pipeline.SafeName(norm.NFC.String(p.FileName)), path.Ext(p.FileName))
	if !p.Dossier.IsZero() {
		stem = p.Dossier.String() + "_" + string(p.ID[max(0, len(p.ID)-6):])
	}
	if what == Light {
		stem += "_xem-nhanh"
	}
	return pipeline.SafeName(stem + ".pdf")
}

// disposition writes Content-Disposition with a plain name for old clients and the
// true one in UTF-8 (RFC 6266, RFC 8187).
func disposition(place, name string) string {
	plain := mime.FormatMediaType(place, map[string]string{"filename": plainName(name)})
	return plain + "; filename*=UTF-8''" + strings.ReplaceAll(url.PathEscape(name), "'", "%27")
}

// plainName takes the marks off Vietnamese letters.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		case r > unicode.MaxASCII || r < ' ' || r == '"' || r == '\\':
			return '_'
		}
		return r
	}, norm.NFD.String(name))
}

type textBody struct {
	shown
	Pages []textPage
	Cut   bool
	From  string // the question whose words are marked, "" for none
}

type textPage struct {
	Number  int
	Outcome pipeline.Outcome
	Verdict pipeline.Verdict
	Text    pipeline.Snippet
}

// shownText bounds the text of one page of ours, in bytes.
const shownText = 2 << 20

func (s *Site) textPage(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if err := s.note(v, "viewed", p.ID, "text"); err != nil {
		return err
	}
	body, size := textBody{shown: p}, 0
	var asked pipeline.Query
	if q, ok := s.asked.find(v.r.URL.Query().Get("q"), s.owner(v)); ok {
		body.From, asked.Box = q.id, q.asked.Box
	}
	err = readPages(v.r.Context(), s.Shelf, p.ID, func(page pipeline.Page) bool {
		size += len(page.Text())
		body.Cut = size > shownText
		if !body.Cut {
			body.Pages = append(body.Pages, textPage{page.Number, page.Outcome, page.Verdict, s.markedText(asked, page)})
		}
		return !body.Cut
	})
	if err != nil {
		return err
	}
	s.render(v, http.StatusOK, "text", p.FileName, body)
	return nil
}

// readPages reads the pages of a paper one at a time until want says no. Memory does
// not grow with their number.
func readPages(ctx context.Context, shelf Shelf, id pipeline.PaperID, want func(pipeline.Page) bool) error {
	opened, err := shelf.Open(ctx, id, Words)
	if err != nil {
		return err
	}
	defer opened.Body.Close() //nolint:errcheck // only read from
	for p, err := range document.ReadWords(opened.Body) {
		if err != nil {
			return err
		}
		if !want(p) {
			return nil
		}
	}
	return nil
}

// apiWords writes a line of JSON for each page. As with send, a failure on the way
// cuts the connection.
func (s *Site) apiWords(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	opened, err := s.Shelf.Open(v.r.Context(), p.ID, Words)
	if err != nil {
		return err
	}
	defer opened.Body.Close() //nolint:errcheck // only read from
	if err := s.note(v, "downloaded", p.ID, string(Words)); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/x-ndjson")
	v.w.Header().Set("Content-Disposition", disposition("attachment", string(p.ID)+".ndjson"))
	ctl, lines := http.NewResponseController(v.w), json.NewEncoder(v.w)
	for page, err := range document.ReadWords(opened.Body) {
		_ = ctl.SetWriteDeadline(time.Now().Add(writeDeadline)) // a test's recorder has no deadlines
		if err != nil || lines.Encode(page) != nil {
			panic(http.ErrAbortHandler)
		}
	}
	return nil
}
