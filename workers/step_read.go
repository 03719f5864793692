package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"hoso/pipeline"
	"hoso/workers/document"
)

// read is the step from Received: every page gets an outcome, the words are stored,
// and the paper learns whose it is. A file that came signed has its signatures judged
// first, in a move of its own.
func (s *Steps) read(ctx context.Context, p pipeline.Paper, progress func(done, total int)) (pipeline.Move, error) {
	if err := s.endMerged(ctx, p); err != nil {
		return pipeline.Move{}, err
	}
	reading, err := s.reading(ctx, p)
	if err != nil {
		return pipeline.Move{}, err
	}
	reading.Progress = progress
	summary, err := reading.Open(ctx)
	if err != nil {
		return pipeline.Move{}, err
	}
	if summary.Signed && p.Arrival.IsZero() {
		p.Media, p.Signed = summary.Media, true
		return s.judgeArrival(ctx, reading.Folder, p)
	}
	p.Media, p.Of, p.Signed = summary.Media, summary.Pages, summary.Signed
	p.Scan = pipeline.ScanQuality{Device: summary.Device}
	if m, done := collate(p, summary.Files); done {
		return m, nil
	}
	if p.Pages, err = pagesOf(p); err != nil {
		return pipeline.Move{}, err
	}
	if p.Of == 1 { // what could be lost is not worth three requests
		reading.Checkpoints = nil
	}
	if err := reading.Pages(ctx, p.Pages); err != nil {
		return pipeline.Move{}, err
	}
	if m, parted, err := s.part(ctx, reading.Folder, p); err != nil || parted {
		return m, err
	}
	return s.understand(ctx, reading.Folder, p, "read")
}

// pagesOf gives how many pages p has of those of its original, now that these are known.
func pagesOf(p pipeline.Paper) (int, error) {
	if len(p.Leaves) == 0 {
		return p.Of, nil
	}
	if err := pipeline.CheckLeaves(p.Leaves, p.Of); err != nil {
		return 0, fmt.Errorf("reading: %w", err)
	}
	return len(p.Leaves), nil
}

// revise is the step of a paper whose words people corrected since they were read: the
// corrections go into its words, and the fields are taken off those.
func (s *Steps) revise(ctx context.Context, p pipeline.Paper) (pipeline.Move, error) {
	reading, err := s.reading(ctx, p)
	if err != nil {
		return pipeline.Move{}, err
	}
	if err := s.pages(ctx, reading.Folder, p); err != nil {
		return pipeline.Move{}, err
	}
	return s.understand(ctx, reading.Folder, p, "words revised")
}

// understand corrects the words in the folder as people did, marks pages that stand twice,
// stores them, and learns from them whose the paper is and how well it was scanned.
func (s *Steps) understand(ctx context.Context, folder document.Folder, p pipeline.Paper, what string) (pipeline.Move, error) {
	var err error
	if p.Corrections, err = folder.Correct(p.Corrections); err != nil {
		return pipeline.Move{}, err
	}
	p.Revise = false
	seen, err := s.survey(folder, p.Pages)
	if err != nil {
		return pipeline.Move{}, err
	}
	words, err := folder.WriteWords(p.Pages)
	if err != nil {
		return pipeline.Move{}, err
	}
	if err := s.put(ctx, folder.WordsFile(), words); err != nil {
		return pipeline.Move{}, err
	}
	p.Words = words.Digest
	text, err := folder.Text(p.Pages)
	if err != nil {
		return pipeline.Move{}, err
	}
	p.Pieces, p.Scan = seen.pieces, seen.scan.Quality(p.Scan.Device)
	sketch := seen.sketch
	if p, err = s.identify(ctx, folder, p, seen.sheets); err != nil {
		return pipeline.Move{}, err
	}
	if asks(p, secretStamp) {
		text, sketch = "", pipeline.Sketch{}
	}
	like, err := s.likenesses(ctx, p, sketch)
	if err != nil {
		return pipeline.Move{}, err
	}
	event := pipeline.Event{What: what, Reason: p.Reason, Detail: like}
	return pipeline.Move{Paper: p, Text: &text, Sketch: &sketch, Event: event}, nil
}

// reading prepares the work folder of p: the original lies in it.
func (s *Steps) reading(ctx context.Context, p pipeline.Paper) (document.Reading, error) {
	return s.readingIn(ctx, p, folderOfPaper(p))
}

// folderOfPaper names the work folder of p. Other leaves have another one, below that of
// the paper, so that no page is taken for the one that had its number before.
func folderOfPaper(p pipeline.Paper) string {
	if len(p.Leaves) == 0 {
		return string(p.ID)
	}
	return filepath.Join(string(p.ID), fmt.Sprintf("leaves-%.16s", pipeline.Sum([]byte(detail(p.Leaves)))))
}

// readingIn prepares a folder of the given name likewise.
func (s *Steps) readingIn(ctx context.Context, p pipeline.Paper, name string) (document.Reading, error) {
	folder, err := document.Create(s.Scratch, name)
	if err != nil {
		return document.Reading{}, diskTrouble(err)
	}
	if _, err := os.Stat(folder.Original()); errors.Is(err, fs.ErrNotExist) {
		if err := s.original(ctx, p, folder.Original()); err != nil {
			return document.Reading{}, err
		}
	}
	return document.Reading{
		Folder: folder, Leaves: p.Leaves, Readers: s.Readers, Lane: p.Lane,
		Checkpoints: &checkpoints{notes: s.Objects, original: p.Original, settings: s.Setting},
	}, nil
}

func diskTrouble(err error) error {
	var ours diskError
	if errors.As(err, &ours) || outOfSpace(err) {
		return &pipeline.Unavailable{What: "the work disk", Err: err}
	}
	return err
}

// put stores a file of the work folder.
func (s *Steps) put(ctx context.Context, path string, what pipeline.Stored) error {
	file, err := os.Open(path) //nolint:gosec // a path of our own folder
	if err != nil {
		return fmt.Errorf("storing: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	if err := s.Objects.Put(ctx, what.Digest, what.Size, file, what.Media); err != nil {
		return fmt.Errorf("storing: %w", err)
	}
	return nil
}

// checkpoints keeps page results in the bucket while their paper is read.
type checkpoints struct {
	notes    Notes
	original pipeline.Digest
	settings pipeline.Digest

	listing sync.Mutex
	there   map[string]bool // keys from earlier tries, nil while nobody has looked
}

func (c *checkpoints) key(leaf pipeline.Leaf) string {
	return pipeline.CheckpointKey(c.original, c.settings, leaf)
}

// has reports whether an earlier try left the result of a page. It asks once for all
// pages: nearly always there is none.
func (c *checkpoints) has(ctx context.Context, leaf pipeline.Leaf) (bool, error) {
	c.listing.Lock()
	defer c.listing.Unlock()
	if c.there == nil {
		there := map[string]bool{}
		for key, err := range c.notes.List(ctx, pipeline.CheckpointPrefix(c.original)) {
			if err != nil {
				return false, fmt.Errorf("listing checkpoints: %w", err)
			}
			there[key] = true
		}
		c.there = there
	}
	return c.there[c.key(leaf)], nil
}

// Load gives the result of a page from an earlier try. One that cannot be understood
// is as good as none: the page is read again.
func (c *checkpoints) Load(ctx context.Context, leaf pipeline.Leaf) (pipeline.Page, error) {
	there, err := c.has(ctx, leaf)
	if err != nil {
		return pipeline.Page{}, err
	}
	if !there {
		return pipeline.Page{}, fmt.Errorf("reading the checkpoint of page %d: %w", leaf.Page, fs.ErrNotExist)
	}
	body, err := c.notes.GetKey(ctx, c.key(leaf))
	if err != nil {
		return pipeline.Page{}, err
	}
	var p pipeline.Page
	if err := json.Unmarshal(body, &p); err != nil || p.Number != leaf.Page {
		return pipeline.Page{}, errors.Join(fmt.Errorf("reading the checkpoint of page %d: %w", leaf.Page, fs.ErrNotExist), err)
	}
	return p, nil
}

// Save keeps the result of a page.
func (c *checkpoints) Save(ctx context.Context, leaf pipeline.Leaf, p pipeline.Page) error {
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	if err := c.notes.PutKey(ctx, c.key(leaf), body); err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	return nil
}
