package workers

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hoso/pipeline"
)

// The papers of a stack are read one after the other, and each from the whole file that
// they came in. That file is fetched and checked once and not once for each of them: over
// a slow line to the storage, a thousand papers would wait a thousand times for all pages.
// It is kept at hand under its digest, and the work folders hold further names of the same
// bytes, which nobody ever writes to.
const (
	// atHand is how many such files are kept at most. Others go when they are needed no
	// more, or when nobody has asked for so long.
	atHand     = 4
	atHandLong = time.Hour
	// roomAtHand is how many times the size of such a file must be free on the disk.
	roomAtHand = 10
)

func (s *Steps) originals() string { return filepath.Join(s.Scratch, "originals") }

// original puts the original of p down at path.
func (s *Steps) original(ctx context.Context, p pipeline.Paper, path string) error {
	if p.Parted == "" && len(p.Parts) == 0 {
		return fetch(ctx, s.Objects, p.Original, path)
	}
	kept := filepath.Join(s.originals(), p.Original.String())
	if os.Link(kept, path) == nil {
		now := time.Now()
		_ = os.Chtimes(kept, now, now) // otherwise it goes sooner
		return nil
	}
	if err := fetch(ctx, s.Objects, p.Original, path); err != nil {
		return err
	}
	s.keepAtHand(p, path, kept)
	return nil
}

// keepAtHand gives the file at path a second name, if the disk has room and can do that.
// Where it cannot, the next paper fetches it again.
func (s *Steps) keepAtHand(p pipeline.Paper, path, kept string) {
	if room, err := Room(s.Scratch); err != nil || room/roomAtHand < p.Size {
		return
	}
	if os.MkdirAll(s.originals(), 0o700) == nil && os.Link(path, kept) == nil {
		s.clearAtHand(time.Now().Add(-atHandLong))
	}
}

// clearAtHand lets go of files that nobody has asked for since then, and of those that are
// too many. Papers that are just read from them keep them.
func (s *Steps) clearAtHand(since time.Time) {
	entries, err := os.ReadDir(s.originals())
	if err != nil {
		return // there are none
	}
	var files []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for i, f := range files {
		if i >= atHand || f.ModTime().Before(since) {
			_ = os.Remove(filepath.Join(s.originals(), f.Name())) // it goes at the next start at the latest
		}
	}
}

// letGoAtHand lets go of one of them, which no paper in work is read from.
func (s *Steps) letGoAtHand(d pipeline.Digest) {
	_ = os.Remove(filepath.Join(s.originals(), d.String())) // there may be none
}

// dropAtHand lets go of all such files: the disk is full.
func (s *Steps) dropAtHand() { _ = os.RemoveAll(s.originals()) }
