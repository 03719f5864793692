package document

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"

	"hoso/pipeline"
	"hoso/pipeline/compose"
)

// PDFMedia is the media type of records.
const PDFMedia = "application/pdf"

// Part is one original of a record: usually the only one.
type Part struct {
	Reading
	Pages int
}

// Compose builds one PDF/A-2u of all pages of its parts, one after the other, at
// path. Image streams that are missing in a folder are taken from the original again.
// Where meta names an attachment, it is the original of the first part, and the file
// becomes a PDF/A-3u.
func Compose(ctx context.Context, path string, meta compose.Meta, parts ...Part) (pipeline.Stored, error) {
	out, err := os.Create(path) //nolint:gosec // a path of our own folder, or the one the user named
	if err != nil {
		return pipeline.Stored{}, fmt.Errorf("composing: %w", err)
	}
	buffered := bufio.NewWriterSize(out, 1<<20)
	err = composeAll(ctx, buffered, meta, parts)
	err = errors.Join(err, buffered.Flush(), out.Close())
	if err != nil {
		return pipeline.Stored{}, fmt.Errorf("composing: %w", err)
	}
	return Describe(path, PDFMedia)
}

func composeAll(ctx context.Context, out *bufio.Writer, meta compose.Meta, parts []Part) error {
	w, err := compose.NewWriter(out, meta)
	if err != nil {
		return err
	}
	before := 0
	for _, part := range parts {
		for number := 1; number <= part.Pages; number++ {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			if err := part.addPage(ctx, w, number, before+number); err != nil {
				return err
			}
		}
		before += part.Pages
	}
	if !meta.Attached.IsZero() {
		if err := parts[0].attach(w); err != nil {
			return err
		}
	}
	return w.Close()
}

// attach puts the part's original into the record as it is.
func (p Part) attach(w *compose.Writer) error {
	original, err := os.Open(p.Folder.Original())
	if err != nil {
		return fmt.Errorf("opening the original: %w", err)
	}
	defer original.Close() //nolint:errcheck // only read from
	return w.Attach(original)
}

// addPage adds a page of the part as page number as of the record.
func (p Part) addPage(ctx context.Context, w *compose.Writer, number, as int) error {
	page, err := p.Folder.Page(number)
	if err != nil {
		return err
	}
	if err := p.Carry(ctx, page); err != nil {
		return err
	}
	image, err := os.Open(p.Folder.Carrier(number))
	if err != nil {
		return fmt.Errorf("opening the image of page %d: %w", number, err)
	}
	defer image.Close() //nolint:errcheck // only read from
	page.Number = as
	return w.AddPage(page, image)
}

// Images lists the digests of the page images, in order.
func (f Folder) Images(total int) ([]pipeline.Digest, error) {
	digests := make([]pipeline.Digest, 0, total)
	for number := 1; number <= total; number++ {
		p, err := f.Page(number)
		if err != nil {
			return nil, err
		}
		digests = append(digests, p.Image.Digest)
	}
	return digests, nil
}
