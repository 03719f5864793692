// Package document is the journey of one file through the stages, without queue,
// catalog or object storage: read its pages, compose the PDF/A, sign it, check it.
// The service's steps and the convert command are both made of these four moves, so
// there is one way through the pipeline.
//
// All that a document needs while it is in work lies in a Folder on the local disk,
// a page at a time, so that memory does not grow with the number of pages.
package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hoso/pipeline"
)

// Folder is where one document is worked on. Everything in it can be lost and made
// again from the original.
type Folder struct{ dir string }

// Create makes an empty folder named name below root, or finds it there again.
func Create(root, name string) (Folder, error) {
	dir := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Join(dir, "slices"), 0o700); err != nil {
		return Folder{}, fmt.Errorf("making a work folder: %w", err)
	}
	return Folder{dir: dir}, nil
}

// Remove deletes the folder with all that is in it.
func (f Folder) Remove() error {
	if err := os.RemoveAll(f.dir); err != nil {
		return fmt.Errorf("clearing a work folder: %w", err)
	}
	return nil
}

// Discard deletes the folder named name below root, if there is one.
func Discard(root, name string) error {
	return Folder{dir: filepath.Join(root, name)}.Remove()
}

// Original is the path of the received bytes.
func (f Folder) Original() string { return filepath.Join(f.dir, "original") }

// Composed is the path of the unsigned PDF/A.
func (f Folder) Composed() string { return filepath.Join(f.dir, "composed.pdf") }

// Signed is the path of the signed PDF/A.
func (f Folder) Signed() string { return filepath.Join(f.dir, "signed.pdf") }

// WordsFile is the path of the pages with their words, as stored.
func (f Folder) WordsFile() string { return filepath.Join(f.dir, "words.ndjson.zst") }

// Slices is the folder for what intake has to put down.
func (f Folder) Slices() string { return filepath.Join(f.dir, "slices") }

// Carrier is the path of a page's image stream.
func (f Folder) Carrier(page int) string {
	return filepath.Join(f.dir, fmt.Sprintf("%06d.img", page))
}

func (f Folder) streams(page int) string {
	return filepath.Join(f.dir, fmt.Sprintf("%06d.light", page))
}

func (f Folder) pageFile(page int) string {
	return filepath.Join(f.dir, fmt.Sprintf("%06d.json", page))
}

// SavePage puts down what was read of a page.
func (f Folder) SavePage(p pipeline.Page) error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("writing page %d: %w", p.Number, err)
	}
	if err := os.WriteFile(f.pageFile(p.Number), data, 0o600); err != nil {
		return fmt.Errorf("writing page %d: %w", p.Number, err)
	}
	return nil
}

// Page gives what was read of a page; fs.ErrNotExist if nothing was yet.
func (f Folder) Page(number int) (pipeline.Page, error) {
	data, err := os.ReadFile(f.pageFile(number))
	if err != nil {
		return pipeline.Page{}, fmt.Errorf("reading page %d: %w", number, err)
	}
	var p pipeline.Page
	if err := json.Unmarshal(data, &p); err != nil {
		return pipeline.Page{}, fmt.Errorf("reading page %d: %w", number, err)
	}
	return p, nil
}

// carried reports whether the image stream of p lies in the folder.
func (f Folder) carried(p pipeline.Page) (bool, error) {
	info, err := os.Stat(f.Carrier(p.Number))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for the image of page %d: %w", p.Number, err)
	}
	return info.Size() == p.Image.Size, nil
}
