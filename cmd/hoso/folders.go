package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"hoso/cmd/internal/web"
)

// folders watches whether the folders that the service works off by itself are there: a
// share that is away or a name that was mistyped takes nothing in and harms nothing, so
// that nobody would notice before scans are missed.
type folders struct {
	log *slog.Logger

	mu  sync.Mutex
	all []*source
}

// source is the folder of a batch.
type source struct {
	batch, path string

	asked   time.Time // when it was asked for, while no answer has come
	err     error     // of the last answer
	emptied bool      // a run says that what was in it is away
	told    bool      // that it is away
}

func foldersOf(all []night, log *slog.Logger) *folders {
	f := &folders{log: log}
	for _, n := range all {
		f.all = append(f.all, &source{batch: n.Batch, path: n.Folder})
	}
	return f
}

// lookAgain is how often folders are looked at.
const lookAgain = 5 * time.Second

// watch looks until ctx ends.
func (f *folders) watch(ctx context.Context) {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		f.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// errSilent is of a folder whose file system does not answer.
var errSilent = errors.New("the file system does not answer")

// look asks for all folders. A share that hangs is asked once, and nobody waits for it: no
// system lets go of such a question.
func (f *folders) look(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.all {
		if !s.asked.IsZero() {
			if time.Since(s.asked) > patience {
				s.err = errSilent
				f.tell(ctx, s)
			}
			continue
		}
		s.asked = time.Now()
		go func() {
			err := readable(s.path)
			f.mu.Lock()
			defer f.mu.Unlock()
			s.asked, s.err = time.Time{}, err
			f.tell(ctx, s)
		}()
	}
}

// readable reports why a folder cannot be read.
func readable(path string) error {
	dir, err := os.Open(path) //nolint:gosec // the configuration names it
	if err != nil {
		return err
	}
	_, err = dir.Readdirnames(1)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}

// empties notes whether a run waits for what was in the folder of a batch.
func (f *folders) empties(ctx context.Context, batch string, emptied bool) { //revive:disable-line:flag-parameter // it is noted
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.all {
		if s.batch == batch && s.emptied != emptied {
			s.emptied = emptied
			f.tell(ctx, s)
		}
	}
}

// wrong says what is wrong with a folder, "" for nothing. Its path is not for everybody.
func (s *source) wrong() string {
	switch {
	case errors.Is(s.err, fs.ErrNotExist):
		return "is not there"
	case errors.Is(s.err, errSilent):
		return "does not answer"
	case s.err != nil:
		return "cannot be read"
	case s.emptied:
		return "has nothing in it any more, or went away"
	}
	return ""
}

// tell tells of a folder where it is news; the lock is held.
func (f *folders) tell(ctx context.Context, s *source) {
	wrong := s.wrong()
	if (wrong != "") == s.told {
		return
	}
	s.told = wrong != ""
	about := []slog.Attr{slog.String("batch", s.batch), slog.String("folder", s.path)}
	if !s.told {
		f.log.LogAttrs(ctx, slog.LevelInfo, "the folder of a batch is there again", about...)
		return
	}
	if s.err != nil {
		about = append(about, slog.String("error", s.err.Error()))
	}
	f.log.LogAttrs(ctx, slog.LevelWarn, "waiting for the folder of a batch", append(about, slog.String("it", wrong))...)
}

// service tells of the folders as of a part of the installation; false if there are none.
// Batches are named, which all may know, and not the paths.
func (f *folders) service() (web.Service, bool) {
	if f == nil || len(f.all) == 0 {
		return web.Service{}, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var batches, english []string
	for _, s := range f.all {
		if wrong := s.wrong(); wrong != "" {
			batches = append(batches, s.batch)
			english = append(english, "the folder of batch "+s.batch+" "+wrong)
		}
	}
	if len(batches) == 0 {
		return web.Service{Name: "folders", Healthy: true, Say: fmt.Sprintf("%d thư mục nguồn của các lô tự chạy đều mở được.", len(f.all))}, true
	}
	return web.Service{
		Name: "folders", English: strings.Join(english, "; "),
		Say: fmt.Sprintf("Không mở được thư mục nguồn của lô %s nên chưa nhận tệp quét từ đó. Hãy kiểm tra ổ chia sẻ, đường mạng, quyền đọc và tên thư mục trong cấu hình; thư mục có lại thì hệ thống tự nhận tiếp.",
			strings.Join(batches, ", ")),
	}, true
}
