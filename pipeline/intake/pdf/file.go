package pdf

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/helper"
	"hoso/pipeline/intake/pdf/object"
)

// Options bound and place the work on a file.
type Options struct {
	Pages   int   // of the file
	Pixels  int64 // of an image that is carried
	Encoded int64 // bytes of an encoded image
	Decoded int64 // bytes of a decoded image
	Dir     string
	Time    time.Duration // of one run of a separate program
}

const (
	runBytes = 48 << 20 // a run of pages is about so large
	runPages = 40       // and has at most so many pages
	jsonSize = 64 << 20 // bytes that its objects may take as JSON
)

// File is an open PDF.
type File struct {
	path   string
	opt    Options
	pages  int
	run    int // pages cut out at a time
	signed bool
	cut    *run // the run in use
}

// Open looks at the PDF of the given size at path, an absolute name. A file that
// needs a password, ends too early or cannot be repaired is refused.
func Open(ctx context.Context, path string, size int64, opt Options) (*File, error) {
	f := &File{path: path, opt: opt}
	whole, signature, err := scanFile(path, size)
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, fault.Cut("PDF", errors.New("nothing points at a cross-reference after the last object"))
	}
	f.signed = signature
	if f.pages, err = f.count(ctx); err != nil {
		return nil, f.locked(ctx, err)
	}
	perPage := size/int64(f.pages) + 1
	f.run = int(min(max(runBytes/perPage, 1), runPages))
	if !f.signed {
		f.signed, err = f.signatureField(ctx)
	}
	return f, err
}

// locked gives the reason why a file whose pages cannot be counted is refused: that it
// needs a password, which qpdf tells by exit code 0, or err.
func (f *File) locked(ctx context.Context, err error) error {
	if helper.Code(err) == 0 {
		return err
	}
	if _, ask := f.qpdf(ctx, "--requires-password", f.path); ask == nil {
		return fault.Locked()
	}
	return err
}

// Pages is the number of pages.
func (f *File) Pages() int { return f.pages }

// Signed reports whether somebody has signed the file.
func (f *File) Signed() bool { return f.signed }

func (f *File) qpdf(ctx context.Context, args ...string) ([]byte, error) {
	job := helper.Job{Name: "qpdf", Args: args, Dir: f.opt.Dir, Limit: jsonSize, Time: f.opt.Time}
	return helper.Output(ctx, job) //nolint:wrapcheck // it says all
}

func (f *File) count(ctx context.Context) (int, error) {
	out, err := f.qpdf(ctx, "--warning-exit-0", "--show-npages", f.path)
	if helper.Code(err) != 0 {
		return 0, fault.Broken("PDF", err)
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	switch {
	case err != nil:
		return 0, fault.Broken("PDF", err)
	case n <= 0:
		return 0, fault.PagesNone("PDF")
	case n > f.opt.Pages:
		return 0, fault.PagesTooMany(n, f.opt.Pages)
	}
	return n, nil
}

// signatureField asks qpdf for a signature field that has a value, which finds
// what is packed into object streams.
func (f *File) signatureField(ctx context.Context) (bool, error) {
	out, err := f.qpdf(ctx, "--warning-exit-0", "--json=2", "--json-key=acroform", f.path)
	if err != nil {
		if helper.Code(err) != 0 || fault.Refused(err) {
			return false, nil // a form that cannot be listed holds no signature that verifies
		}
		return false, err
	}
	var doc struct {
		Form struct {
			Fields []struct {
				Type  string `json:"fieldtype"`
				Value any    `json:"value"`
			} `json:"fields"`
		} `json:"acroform"`
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		return false, nil //nolint:nilerr // likewise
	}
	for _, field := range doc.Form.Fields {
		if field.Type == "/Sig" && field.Value != nil {
			return true, nil
		}
	}
	return false, nil
}

// scanFile looks at the raw bytes of the file. It is whole if a cross-reference is
// pointed at after the last object: a copy that broke off is not, and although qpdf
// would find some of its pages, nobody could say how many are missing. It is signed
// if a byte range stands anywhere, which no compression can hide, because the bytes
// of a signature must lie open.
func scanFile(path string, size int64) (whole, signed bool, err error) {
	file, err := os.Open(path) //nolint:gosec // the file that was asked for
	if err != nil {
		return false, false, fmt.Errorf("reading the original: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	const overlap = 64
	buf := make([]byte, 1<<20)
	for at := int64(0); at < size && !signed; at += int64(len(buf) - overlap) {
		n, err := file.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return false, false, fmt.Errorf("reading the original: %w", err)
		}
		signed = byteRange(buf[:n])
	}
	tail := buf[:min(int64(len(buf)), size)]
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return false, false, fmt.Errorf("reading the original: %w", err)
	}
	pointer := bytes.LastIndex(tail, []byte("startxref"))
	return pointer >= 0 && pointer > bytes.LastIndex(tail, []byte(" obj")), signed, nil
}

// byteRange finds a /ByteRange followed by an array.
func byteRange(b []byte) bool {
	key := []byte("/ByteRange")
	for {
		i := bytes.Index(b, key)
		if i < 0 {
			return false
		}
		b = b[i+len(key):]
		if rest := bytes.TrimLeft(b[:min(len(b), 16)], " \t\r\n"); len(rest) > 0 && (rest[0] == '[' || rest[0] >= '0' && rest[0] <= '9') {
			return true
		}
	}
}

// page makes sure that page n, counted from 1, is in the run in use and returns it.
func (f *File) page(ctx context.Context, n int) (*page, error) {
	if f.cut == nil || n < f.cut.first || n > f.cut.last {
		if err := f.move(ctx, n); err != nil {
			return nil, err
		}
	}
	return f.cut.page(n)
}

// move puts the run with page n in the place of the run in use.
func (f *File) move(ctx context.Context, n int) error {
	if f.cut != nil {
		if err := os.RemoveAll(f.cut.dir); err != nil {
			return &pipeline.Unavailable{What: "scratch space", Err: err}
		}
		f.cut = nil
	}
	first := (n-1)/f.run*f.run + 1
	cut, err := f.slice(ctx, first, min(first+f.run-1, f.pages))
	f.cut = cut
	return err
}

// slice cuts out the pages first to last.
func (f *File) slice(ctx context.Context, first, last int) (*run, error) {
	dir := filepath.Join(f.opt.Dir, fmt.Sprintf("run-%d", first))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	r := &run{dir: dir, path: filepath.Join(dir, "run.pdf"), first: first, last: last}
	_, err := f.qpdf(ctx, "--warning-exit-0", "--decrypt", "--object-streams=disable", "--stream-data=preserve",
		"--remove-unreferenced-resources=yes", "--empty", "--pages", f.path, fmt.Sprintf("%d-%d", first, last), "--", r.path)
	if err == nil {
		err = f.objects(ctx, r)
	}
	if helper.Code(err) != 0 {
		err = fault.Broken("PDF", err)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return r, nil
}

// objects has the objects of r written as JSON and its streams as files.
func (f *File) objects(ctx context.Context, r *run) error {
	job := helper.Job{Name: "qpdf", Dir: r.dir, Limit: jsonSize, Time: f.opt.Time, Args: []string{
		"--warning-exit-0", "--json=2", "--json-key=qpdf", "--decode-level=none",
		"--json-stream-data=file", "--json-stream-prefix=stream", r.path,
	}}
	var doc struct {
		QPDF []json.RawMessage `json:"qpdf"`
	}
	err := helper.Stream(ctx, job, func(out io.Reader) error { return json.NewDecoder(out).Decode(&doc) })
	if err != nil {
		return err //nolint:wrapcheck // it says all
	}
	if len(doc.QPDF) < 2 {
		return fault.Broken("PDF", errors.New("no objects"))
	}
	if r.Set, err = object.NewSet(doc.QPDF[1], r.dir); err != nil {
		return err //nolint:wrapcheck // likewise
	}
	if r.pages, err = r.Pages(); err != nil {
		return err //nolint:wrapcheck // likewise
	}
	if len(r.pages) != r.last-r.first+1 {
		return fault.Broken("PDF", errors.New("pages are missing from the page tree"))
	}
	return nil
}
