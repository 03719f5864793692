package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"hoso/pipeline/shelf"
)

// tree is a shelf as a walk found it.
type tree struct {
	root    *os.Root
	entries []shelf.Entry
	folders []string // that could be read, with the root as "."
	shut    []string // that could not be
	whole   bool     // nothing vanished under the walk
	took    time.Duration
	touched map[string]time.Time // when files were changed last that bear an earlier date
}

// chunk is how many names of a folder are read at once: some hold 50,000.
const chunk = 1024

// errAway says that the shelf does not answer as a whole: nothing can be said of any file.
var errAway = errors.New("the shelf does not answer")

// walk looks at everything below root. It follows no link and opens no file. A folder that
// nobody may read is an entry; one that vanishes makes the walk less than whole; any other
// failure is errAway.
func walk(ctx context.Context, root *os.Root) (*tree, error) {
	t := &tree{root: root, whole: true, touched: map[string]time.Time{}}
	stack := []string{"."}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		below, err := t.folder(ctx, at)
		switch {
		case err == nil:
			t.folders = append(t.folders, at)
			stack = append(stack, below...)
		case at == "." || !t.passable(at, err):
			return nil, away(err)
		}
	}
	return t, nil
}

// passable notes a folder that could not be read, and reports whether the walk may go on.
func (t *tree) passable(at string, err error) bool {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, errSwapped):
		t.whole = false
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENAMETOOLONG):
		t.shut = append(t.shut, at)
		t.entries = append(t.entries, shelf.Entry{Path: at, What: shelf.Unreadable})
	default:
		return false
	}
	return true
}

// away wraps what ended a walk, without the path, which is nobody's business.
func away(err error) error {
	if on, ok := errors.AsType[*fs.PathError](err); ok {
		err = on.Err
	}
	return fmt.Errorf("%w: %w", errAway, err)
}

// errSwapped is of a folder that became a link, or another one, between two looks.
var errSwapped = errors.New("replaced while it was opened")

// folder reads one folder and gives those in it.
func (t *tree) folder(ctx context.Context, at string) (below []string, err error) {
	dir, err := t.enter(at)
	if err != nil {
		return nil, err
	}
	defer dir.Close() //nolint:errcheck // only read from
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries, err := dir.ReadDir(chunk)
		for _, d := range entries {
			if t.add(path.Join(at, d.Name()), d) {
				below = append(below, path.Join(at, d.Name()))
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return below, nil
		case err != nil:
			return nil, err
		}
	}
}

// enter opens a folder that is one and no link to one.
func (t *tree) enter(at string) (*os.File, error) {
	before, err := t.root.Lstat(at)
	if err != nil {
		return nil, err
	}
	if !before.IsDir() {
		return nil, errSwapped
	}
	dir, err := t.root.OpenFile(at, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if now, err := dir.Stat(); err != nil || !os.SameFile(before, now) {
		return nil, errors.Join(errSwapped, err, dir.Close())
	}
	return dir, nil
}

// add notes what lies in a folder, and reports whether it is a folder itself.
func (t *tree) add(name string, d fs.DirEntry) bool {
	e := shelf.Entry{Path: name}
	switch {
	case d.IsDir():
		t.entries = append(t.entries, shelf.Entry{Path: name, What: shelf.Folder})
		return true
	case d.Type()&fs.ModeSymlink != 0:
		e.What = shelf.Link
	case !d.Type().IsRegular():
		e.What = shelf.Unreadable // a pipe or a device holds no scan
	default:
		info, err := d.Info()
		if err != nil { // gone since it was listed, or a share that is about to go
			t.whole = false
			return false
		}
		e.Size, e.Changed = info.Size(), info.ModTime()
		if at := touched(info); at.After(e.Changed) {
			t.touched[name] = at
		}
		if !info.Mode().IsRegular() {
			t.whole = false
			return false
		}
	}
	t.entries = append(t.entries, e)
	return false
}
