package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"hoso/cmd/internal/datadir"
)

// Options says what to run. Only Dir and Log are needed.
type Options struct {
	Dir string // the data directory; made if missing
	Log *slog.Logger

	ExternalRedis bool     // Redis runs elsewhere: start none
	ExternalS3    bool     // objects are kept elsewhere: start no S3 server
	S3Command     []string // program and arguments of the S3 server; nil for "hoso-s3 DIR" beside this program
}

// Services are the children that serve a data directory.
type Services struct {
	*Links
	lock     *os.File
	children []*Supervised // in the order of their start
}

// Start takes the data directory for this process, starts what is needed in it and
// returns when all of it serves. A second Start on the same directory, a missing
// program and the like are a *Problem. Stop ends what Start began; ctx does not.
func Start(ctx context.Context, o Options) (*Services, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, errors.Join(fmt.Errorf("finding data directory %q", o.Dir), err)
	}
	for _, d := range []string{dir, datadir.Redis(dir), datadir.S3(dir), datadir.Objects(dir)} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("making data directory: %w", err)
		}
	}
	lock, err := takeDataDir(ctx, dir)
	if err != nil {
		return nil, err
	}
	s := &Services{lock: lock}
	if err := s.start(ctx, dir, o); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Services) start(ctx context.Context, dir string, o Options) (err error) {
	if err := datadir.MakeKey(dir); err != nil {
		return err
	}
	if s.Links, err = Connect(dir); err != nil {
		return err
	}
	if !o.ExternalRedis {
		if err := s.addRedis(ctx, dir, o.Log); err != nil {
			return err
		}
	}
	if o.ExternalS3 {
		return nil
	}
	c, err := s3Child(dir, o.S3Command, s.S3.Transport)
	if err != nil {
		return err
	}
	return s.add(ctx, c, o.Log)
}

func (s *Services) addRedis(ctx context.Context, dir string, log *slog.Logger) error {
	c, err := redisChild(datadir.Redis(dir), s.Redis)
	if err != nil {
		return err
	}
	err = s.add(ctx, c, log)
	if !damagedLog(err) {
		return err
	}
	log.LogAttrs(ctx, slog.LevelError, "the queue cannot be read and starts empty; the catalog will fill it",
		slog.String("error", err.Error()))
	if err := setLogAside(datadir.Redis(dir)); err != nil {
		return err
	}
	return s.add(ctx, c, log)
}

func (s *Services) add(ctx context.Context, c Child, log *slog.Logger) error {
	child, err := Supervise(ctx, c, log)
	if err != nil {
		return err
	}
	s.children = append(s.children, child)
	return nil
}

// Children says how the children are doing, in the order of their start.
func (s *Services) Children() []ChildStatus {
	var all []ChildStatus
	for _, c := range s.children {
		all = append(all, c.Status())
	}
	return all
}

// Stop ends the children, the last started first, gives the data directory free
// and returns when all are gone. Whoever uses them must have ended before. A second
// Stop does nothing.
func (s *Services) Stop() error {
	if s.lock == nil {
		return nil
	}
	for len(s.children) > 0 {
		last := len(s.children) - 1
		s.children[last].Stop()
		s.children = s.children[:last]
	}
	var errs []error
	if s.Links != nil {
		errs = append(errs, s.Close())
	}
	errs = append(errs, leaveDataDir(s.lock))
	s.lock = nil
	return errors.Join(errs...)
}
