package document

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"hoso/pipeline"
)

// WordsMedia is the media type of stored words: a line of JSON for each page, in
// order, compressed with Zstandard (RFC 8878).
const WordsMedia = "application/x-ndjson+zstd"

// maxPageLine bounds one line of stored words, in bytes.
const maxPageLine = 64 << 20

// WriteWords puts all pages of the folder into one file and gives its digest and
// size. The same pages give the same bytes.
func (f Folder) WriteWords(total int) (pipeline.Stored, error) {
	out, err := os.Create(f.WordsFile())
	if err != nil {
		return pipeline.Stored{}, fmt.Errorf("writing words: %w", err)
	}
	err = errors.Join(f.writeWords(out, total), out.Close())
	if err != nil {
		return pipeline.Stored{}, fmt.Errorf("writing words: %w", err)
	}
	return Describe(f.WordsFile(), WordsMedia)
}

func (f Folder) writeWords(out io.Writer, total int) error {
	z, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	lines := json.NewEncoder(z)
	for number := 1; number <= total; number++ {
		p, err := f.Page(number)
		if err != nil {
			return err
		}
		if err := lines.Encode(p); err != nil {
			return err
		}
	}
	return z.Close()
}

// ReadWords gives the pages of stored words one by one.
func ReadWords(r io.Reader) iter.Seq2[pipeline.Page, error] {
	return func(yield func(pipeline.Page, error) bool) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPageLine))
		if err != nil {
			yield(pipeline.Page{}, fmt.Errorf("reading words: %w", err))
			return
		}
		defer z.Close()
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, maxPageLine)
		for lines.Scan() {
			var p pipeline.Page
			if err := json.NewDecoder(bytes.NewReader(lines.Bytes())).Decode(&p); err != nil {
				yield(pipeline.Page{}, fmt.Errorf("reading words: %w", err))
				return
			}
			if !yield(p, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(pipeline.Page{}, fmt.Errorf("reading words: %w", err))
		}
	}
}

// RestorePages puts the pages of stored words back into the folder and gives their
// number.
func (f Folder) RestorePages(r io.Reader) (int, error) {
	total := 0
	for p, err := range ReadWords(r) {
		if err != nil {
			return total, err
		}
		if err := f.SavePage(p); err != nil {
			return total, err
		}
		total = p.Number
	}
	return total, nil
}

// Correct makes people's corrections on the pages in the folder, and gives them with
// those marked that found no place. What was corrected before stays as it is.
func (f Folder) Correct(all []pipeline.Correction) ([]pipeline.Correction, error) {
	out := slices.Clone(all)
	pages := map[int]bool{}
	for i := range out {
		out[i].Lost = false
		pages[out[i].Page] = true
	}
	for number := range pages {
		p, err := f.Page(number)
		if errors.Is(err, fs.ErrNotExist) { // the file is read as having fewer pages now
			markLost(out, number)
			continue
		}
		if err != nil {
			return nil, err
		}
		corrected, lost := p.Corrected(out)
		for _, i := range lost {
			out[i].Lost = true
		}
		if err := f.SavePage(corrected); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func markLost(all []pipeline.Correction, page int) {
	for i := range all {
		all[i].Lost = all[i].Lost || all[i].Page == page
	}
}

// textLimit bounds the text that goes into the search index, in bytes.
const textLimit = 16 << 20

// Text is the text of all pages, a form feed between two of them.
func (f Folder) Text(total int) (string, error) {
	return TextOf(f.All(total))
}

// All gives the pages of the folder one by one.
func (f Folder) All(total int) iter.Seq2[pipeline.Page, error] {
	return func(yield func(pipeline.Page, error) bool) {
		for number := 1; number <= total; number++ {
			if p, err := f.Page(number); !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// TextOf joins the text of pages as the search index has it.
func TextOf(pages iter.Seq2[pipeline.Page, error]) (string, error) {
	var b strings.Builder
	for p, err := range pages {
		if err != nil {
			return "", err
		}
		if b.Len() > 0 {
			b.WriteString("\f")
		}
		b.WriteString(p.Text())
		if b.Len() > textLimit {
			break
		}
	}
	return b.String(), nil
}

// telling is how many pages at the head of a paper are looked at for its fields.
const telling = 4

// Telling gives the pages that say what a paper is: its first few and its last.
func (f Folder) Telling(total int) ([]pipeline.Page, error) {
	var pages []pipeline.Page
	for number := 1; number <= total; number++ {
		if number > telling && number < total {
			continue
		}
		p, err := f.Page(number)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// Describe gives digest and size of a file.
func Describe(path, media string) (pipeline.Stored, error) {
	file, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return pipeline.Stored{}, fmt.Errorf("describing a file: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	digest, size, err := pipeline.SumReader(file)
	if err != nil {
		return pipeline.Stored{}, fmt.Errorf("describing a file: %w", err)
	}
	return pipeline.Stored{Digest: digest, Size: size, Media: media}, nil
}
