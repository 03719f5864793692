package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
	"hoso/pipeline/intake/fault"
)

// Limits bound what a file may ask for. Zero values stand for the defaults.
type Limits struct {
	Pages        int   // 5,000
	Pixels       int64 // of a page; 1,500 million where the image can be read by rows, never more than 200 million where it cannot
	FileBytes    int64 // 2 GiB
	DecodedBytes int64 // unpacked, of a stream or page; 4 GiB
	// ProgramTime bounds the processor time of each run of a separate program, such as
	// the drawing of a page; one minute.
	ProgramTime time.Duration
}

// An encoded image is held in memory once or twice; no scanner writes larger ones.
const encodedBytes = 256 << 20

// Images that are decoded whole may have this many pixels.
const wholePixels = 200_000_000

func (l Limits) filled() Limits {
	if l.Pages <= 0 {
		l.Pages = 5000
	}
	if l.Pixels <= 0 {
		l.Pixels = 1_500_000_000
	}
	if l.FileBytes <= 0 {
		l.FileBytes = 2 << 30
	}
	if l.DecodedBytes <= 0 {
		l.DecodedBytes = 4 << 30
	}
	if l.ProgramTime <= 0 {
		l.ProgramTime = time.Minute
	}
	return l
}

// Options say how to open a file.
type Options struct {
	Limits  Limits
	Scratch string // directory for temporary files; "" for that of the system

	member bool // of a bundle, which cannot be one itself
}

// Document is an open file. It is for one goroutine at a time.
type Document struct {
	media  string
	source source
	dir    string
}

// source is a file of one kind.
type source interface {
	pages() int
	// page gives the leaf of page n, counted from 1.
	page(ctx context.Context, n int) (Leaf, error)
	signed() bool
	close() error
}

// Leaf is one page as it stands in the file.
type Leaf struct {
	Origin pipeline.Origin
	// Image describes Carrier, the stream that goes into the record. Its DPI is
	// that of the page as it will be shown, also where the file declares none.
	Image   pipeline.Image
	Carrier []byte
	// Readable is an image file that Leptonica decodes: JPEG, TIFF, PNG or PNM. It
	// shows the pixels of Image, not turned. Sheets of more than 60 million pixels
	// are shown smaller, by a whole factor, rounded up: boxes found in it are to be
	// multiplied by Image.Width / its width. A Digital page, whose words need no
	// reading, has one, too. It may share memory with Carrier.
	Readable []byte
	Turn     int // quarter turns clockwise that the file asks for, 0 to 3
	// WidthPt and HeightPt are the size of the upright page in points.
	WidthPt, HeightPt float64
	Lines             []pipeline.Line // of a Digital page; boxes in pixels of the upright Image
	Flags             []pipeline.Flag
}

// Open looks at the content of the file at path. The errors are a Refusal for a
// file that cannot be used, an Unavailable if a program or scratch space is
// missing, and the error of ctx.
func Open(ctx context.Context, path string, opt Options) (*Document, error) {
	opt.Limits = opt.Limits.filled()
	file, err := os.Open(path) //nolint:gosec // the file that was asked for
	if err != nil {
		return nil, fmt.Errorf("opening the original: %w", err)
	}
	d, err := open(ctx, file, opt)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return d, nil
}

func open(ctx context.Context, file *os.File, opt Options) (*Document, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the original: %w", err)
	}
	switch size := info.Size(); {
	case size == 0:
		return nil, fault.EmptyFile()
	case size > opt.Limits.FileBytes:
		return nil, fault.FileTooBig(size, opt.Limits.FileBytes)
	}
	head := make([]byte, min(info.Size(), 4096))
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("opening the original: %w", err)
	}
	kind, err := sniff(head)
	if err == nil && opt.member && kind.media == bundle.Media {
		err = fault.UnsupportedFormat("ZIP", unpack)
	}
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(opt.Scratch, "intake-")
	if err != nil {
		return nil, &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	in := input{file: file, size: info.Size(), dir: dir, limits: opt.Limits}
	src, err := kind.open(ctx, in)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &Document{media: kind.media, source: src, dir: dir}, nil
}

// input is an original on its way to become a source, which then owns the file.
type input struct {
	file   *os.File
	size   int64
	dir    string // scratch of this document alone
	limits Limits
}

// all reads the whole file, for formats of one image.
func (in input) all(what string) ([]byte, error) {
	if in.size > encodedBytes {
		return nil, fault.DataTooMuch(what, encodedBytes)
	}
	b := make([]byte, in.size)
	if _, err := in.file.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the original: %w", err)
	}
	return b, nil
}

// Files gives how many pages each file of a bundle has; none for a document that is no
// bundle.
func (d *Document) Files() []int {
	b, ok := d.source.(*bundleSource)
	if !ok {
		return nil
	}
	return b.files()
}

// Media is the MIME type by content.
func (d *Document) Media() string { return d.media }

// Pages is the number of pages, at least 1.
func (d *Document) Pages() int { return d.source.pages() }

// Signed reports whether the file carries electronic signatures, so that it must
// never be rewritten. Its pages can be read all the same.
func (d *Document) Signed() bool { return d.source.signed() }

// Close lets go of the file and of the scratch space.
func (d *Document) Close() error { return errors.Join(d.source.close(), os.RemoveAll(d.dir)) }

// Page takes out page n, counted from 1. A Refusal whose Reason.Page is set
// concerns this page alone; then the Leaf may hold an image all the same (Carrier is
// not nil), which shows what can still be seen of the page.
func (d *Document) Page(ctx context.Context, n int) (Leaf, error) {
	if n < 1 || n > d.Pages() {
		return Leaf{}, fmt.Errorf("taking out page %d of %d: no such page", n, d.Pages())
	}
	if err := ctx.Err(); err != nil {
		return Leaf{}, fmt.Errorf("taking out page %d: %w", n, err)
	}
	leaf, err := d.source.page(ctx, n)
	if r, ok := pipeline.AsRefusal(err); ok && d.Pages() > 1 || ok && d.media == mediaPDF {
		reason := r.Reason
		reason.Page = n
		err = pipeline.Refuse(reason, r.Err)
	}
	return leaf, err
}
