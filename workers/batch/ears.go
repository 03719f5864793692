package batch

import (
	"path/filepath"
	"slices"

	"github.com/fsnotify/fsnotify"
)

// mostWatched is how many folders are watched: systems give a few thousand to a user. The
// others, and those on shares, are seen at the next rescan.
const mostWatched = 4096

// ears hear of what stirs in a tree, as far as the file system tells. They listen through a
// whole run, so that what comes while a walk is under way is not missed.
type ears struct {
	watcher *fsnotify.Watcher // nil hears nothing
	stirred chan struct{}     // room for one
	ended   chan struct{}
}

// listen begins to listen, unless nobody wants to hear.
func listen(deaf bool) *ears { //revive:disable-line:flag-parameter // a test's clock waits for no event
	e := &ears{stirred: make(chan struct{}, 1), ended: make(chan struct{})}
	if deaf {
		close(e.ended)
		return e
	}
	w, err := fsnotify.NewBufferedWatcher(64)
	if err != nil { // the rescan sees to it
		close(e.ended)
		return e
	}
	e.watcher = w
	go func() {
		defer close(e.ended)
		for {
			select {
			case _, ok := <-e.watcher.Events:
				if !ok {
					return
				}
			case _, ok := <-e.watcher.Errors: // too many events are an event
				if !ok {
					return
				}
			}
			e.stir()
		}
	}()
	return e
}

func (e *ears) stir() {
	select {
	case e.stirred <- struct{}{}:
	default:
	}
}

// attend listens in these folders below root. What came into a new one between the walk
// and now was told by nobody, so a new one is something that stirs.
func (e *ears) attend(root string, folders []string) {
	if e.watcher == nil {
		return
	}
	before := e.watcher.WatchList()
	slices.Sort(before)
	for _, folder := range folders[:min(len(folders), mostWatched)] {
		path := filepath.Join(root, folder)
		if e.watcher.Add(path) != nil {
			break
		}
		if _, known := slices.BinarySearch(before, path); !known {
			e.stir()
		}
	}
}

// heard reports whether anything stirred since it was last asked.
func (e *ears) heard() bool {
	select {
	case <-e.stirred:
		return true
	default:
		return false
	}
}

// close stops listening.
func (e *ears) close() {
	if e.watcher != nil {
		_ = e.watcher.Close() // nothing is written
	}
	<-e.ended
}
