package workers_test

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
	"hoso/storage/objects/objectstest"
	"hoso/workers"
	"hoso/workers/reader"
)

// world is hoso without processes: a real catalog, a bucket in memory that can fail
// at any call, real composing and signing, and readers that know what they read.
type world struct {
	t       *testing.T
	catalog *catalog.Catalog
	bucket  *bucket
	office  *workers.Office
	steps   *workers.Steps
	clock   time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	c := catalogtest.New(t)
	w := &world{t: t, catalog: c, bucket: &bucket{Memory: &objectstest.Memory{}}, clock: time.Now().Truncate(time.Second)}
	identity, roots := signer(t)
	trust := sign.Trust{Roots: roots}
	ids := 0
	w.office = &workers.Office{
		Papers: c, Objects: w.bucket, Trust: trust, Spool: t.TempDir(), Now: w.now, Log: slog.New(slog.DiscardHandler),
		Policy: policy.Default(),
		NewID: func() pipeline.PaperID {
			ids++
			return pipeline.PaperID(fmt.Sprintf("01M84E0F4CFGDGW2VC87EH%04d", ids))
		},
	}
	w.steps = &workers.Steps{
		Papers: c, Known: c, Objects: w.bucket, Readers: &readers{text: "Mã hồ sơ: H42.15-221011-0001"}, Scratch: t.TempDir(),
		Setting: pipeline.Sum(nil), Policy: policy.Default(),
		Signing: workers.Signing{Identity: func(context.Context) (sign.Identity, error) { return identity, nil }}, Trust: trust, Owner: "test", Lease: time.Minute,
		Now: w.now, Log: slog.New(slog.DiscardHandler),
	}
	return w
}

func (w *world) now() time.Time { return w.clock }

// receive hands in a paper of two pages.
func (w *world) receive(number string) pipeline.Receipt {
	w.t.Helper()
	r, err := w.tryReceive(number, "two pages")
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) tryReceive(number, content string) (pipeline.Receipt, error) {
	w.t.Helper()
	h := workers.Handed{
		Kind: pipeline.Component, FileName: "giấy.pdf", Sender: "cb1", Lane: pipeline.Desk,
		Size: int64(len(content)), Body: strings.NewReader(content),
	}
	if number != "" {
		n, err := pipeline.ParseDossierNumber(number)
		if err != nil {
			w.t.Fatal(err)
		}
		h.Dossier = n
	}
	return w.office.Receive(w.t.Context(), h)
}

// work makes moves, as the queue would ask for them, until nothing is open or so many
// were made. Failures are waited out.
func (w *world) work(id pipeline.PaperID, moves int) pipeline.Paper {
	w.t.Helper()
	var p pipeline.Paper
	for range moves {
		var err error
		if p, err = w.catalog.Paper(w.t.Context(), id); err != nil {
			w.t.Fatal(err)
		}
		if !p.State.Open() {
			return p
		}
		w.clock = w.clock.Add(time.Hour)
		_ = w.steps.Do(w.t.Context(), id, p.Gen, func(int, int) {})
	}
	p, err := w.catalog.Paper(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// bucket fails when its count of calls comes to zero; from then on, if it is down.
type bucket struct {
	*objectstest.Memory
	mu     sync.Mutex
	calls  int
	failAt int // 0 never
	down   bool
	gets   map[pipeline.Digest]int // that were answered
	after  bool                    // the call that fails was carried out: only its answer is lost
}

var errCut = errors.New("the connection was cut")

func (b *bucket) fail() (before, after error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	err := &pipeline.Unavailable{What: "object storage", Err: errCut}
	switch {
	case b.down:
		return err, nil
	case b.failAt != b.calls:
		return nil, nil
	case b.after:
		return nil, err
	}
	return err, nil
}

func guarded(b *bucket, do func() error) error {
	before, after := b.fail()
	if before != nil {
		return before
	}
	if err := do(); err != nil {
		return err
	}
	return after
}

func (b *bucket) Put(ctx context.Context, d pipeline.Digest, size int64, r io.Reader, media string) error {
	return guarded(b, func() error { return b.Memory.Put(ctx, d, size, r, media) })
}

func (b *bucket) Get(ctx context.Context, d pipeline.Digest) (body io.ReadCloser, size int64, err error) {
	err = guarded(b, func() error { body, size, err = b.Memory.Get(ctx, d); return err })
	if err == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.gets == nil {
			b.gets = map[pipeline.Digest]int{}
		}
		b.gets[d]++
	}
	return body, size, err
}

func (b *bucket) PutOnce(ctx context.Context, key string, body []byte) error {
	return guarded(b, func() error { return b.Memory.PutOnce(ctx, key, body) })
}

func (b *bucket) PutKey(ctx context.Context, key string, body []byte) error {
	return guarded(b, func() error { return b.Memory.PutKey(ctx, key, body) })
}

func (b *bucket) GetKey(ctx context.Context, key string) (body []byte, err error) {
	err = guarded(b, func() error { body, err = b.Memory.GetKey(ctx, key); return err })
	return body, err
}

func (b *bucket) Delete(ctx context.Context, key string) error {
	return guarded(b, func() error { return b.Memory.Delete(ctx, key) })
}

// keys lists what lies under a prefix.
func (b *bucket) keys(t *testing.T, prefix string) []string {
	t.Helper()
	return collect(t, b.List(t.Context(), prefix))
}

func collect(t *testing.T, keys iter.Seq2[string, error]) []string {
	t.Helper()
	var all []string
	for key, err := range keys {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, key)
	}
	return all
}

// readers read every file as two pages of the same text, or as a stack of other pages.
type readers struct {
	text    string
	pages   int            // 0 means 2
	files   []int          // pages of the files of a bundle
	codes   map[int]string // on pages
	blank   map[int]bool   // pages
	texts   map[int]string // of pages, instead of text
	signed  bool
	err     error
	verdict pipeline.Verdict
	breaks  map[int]error // by page, once
	reads   []int         // the pages read, in order
}

func (r *readers) Size() int { return 1 }

func (r *readers) Open(context.Context, reader.Job) (reader.Summary, error) {
	return reader.Summary{Media: "application/pdf", Pages: cmp.Or(r.pages, 2), Files: r.files, Signed: r.signed, Device: "EPSON DS-530"}, r.err
}

func (r *readers) Read(_ context.Context, _ reader.Job, leaf pipeline.Leaf, carrier string) (pipeline.Page, error) {
	page := leaf.Page
	r.reads = append(r.reads, page)
	if err := r.breaks[page]; err != nil {
		delete(r.breaks, page)
		return pipeline.Page{}, err
	}
	stream := gray(page)
	if err := os.WriteFile(carrier, stream, 0o600); err != nil {
		return pipeline.Page{}, err
	}
	p := pipeline.Page{
		Number: page, Origin: pipeline.Scan, Image: image(stream), Width: 100, Height: 140, WidthPt: 595, HeightPt: 842,
		Outcome: pipeline.PageOK, Verdict: r.verdict, Confidence: 95, Turn: leaf.Turn / 90 % 4,
		Lines: lines(cmp.Or(r.texts[page], r.text)),
	}
	if p.Turn%2 == 1 {
		p.Width, p.Height, p.WidthPt, p.HeightPt = p.Height, p.Width, p.HeightPt, p.WidthPt
	}
	if code := r.codes[page]; code != "" {
		p.Codes = []pipeline.Code{{Kind: pipeline.QR, Text: code, Box: pipeline.Box{X0: 10, Y0: 10, X1: 50, Y1: 50}}}
	}
	if r.blank[page] {
		p.Lines, p.Outcome, p.Confidence = nil, pipeline.PageBlank, 0
	}
	return p, nil
}

func (r *readers) Carry(_ context.Context, _ reader.Job, page int, carrier string) (pipeline.Image, error) {
	stream := gray(page)
	return image(stream), os.WriteFile(carrier, stream, 0o600)
}

// Light shows every page as one gray picture.
func (r *readers) Light(_ context.Context, _ reader.Job, known pipeline.Page, streams string) (pipeline.Light, error) {
	stream := gray(known.Number)
	whole := pipeline.Layer{Image: image(stream), Place: pipeline.Place{X1: 1, Y1: 1}}
	return pipeline.Light{Layers: []pipeline.Layer{whole}, Words: 1}, os.WriteFile(streams, stream, 0o600)
}

func lines(text string) []pipeline.Line {
	var all []pipeline.Line
	for i, row := range strings.Split(text, "\n") {
		line := pipeline.Line{Words: words(row)}
		for j := range line.Words {
			line.Words[j].Box.Y0 += 12 * i
			line.Words[j].Box.Y1 += 12 * i
		}
		all = append(all, line)
	}
	return all
}

func words(text string) []pipeline.Word {
	var all []pipeline.Word
	for i, w := range strings.Fields(text) {
		all = append(all, pipeline.Word{Text: w, Confidence: 95, Box: pipeline.Box{X0: 10 * i, Y0: 10, X1: 10*i + 9, Y1: 20}})
	}
	return all
}

func gray(shade int) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(bytes.Repeat([]byte{byte(shade)}, 100*140))
	_ = z.Close()
	return b.Bytes()
}

func image(stream []byte) pipeline.Image {
	return pipeline.Image{
		Filter: pipeline.Flate, Width: 100, Height: 140, Bits: 8, Color: pipeline.Gray,
		Digest: pipeline.Sum(stream), Size: int64(len(stream)),
	}
}

// signer makes a root and a signing key below it.
func signer(t *testing.T) (sign.Identity, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "UBND xã Thử"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	return sign.Identity{Key: key, Chain: []*x509.Certificate{certificate}}, roots
}
