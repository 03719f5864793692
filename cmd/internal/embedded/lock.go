package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"hoso/pipeline"
)

// takeDataDir marks the directory as served by this process, until leaveDataDir or
// the end of the process in whatever way.
func takeDataDir(ctx context.Context, dir string) (*os.File, error) {
	f, err := os.OpenFile(dir+"/hoso.lock", os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // of the data directory
	if err != nil {
		return nil, fmt.Errorf("opening lock of data directory: %w", err)
	}
	if err := markTaken(ctx, f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// leaveDataDir gives the directory free. Closing alone would not, while a process
// that was forked a moment ago still has its copy of the file.
func leaveDataDir(f *os.File) error {
	return errors.Join(unix.Flock(int(f.Fd()), unix.LOCK_UN), f.Close())
}

// keeperWait is how long a keeper that was killed may take to be gone.
const keeperWait = time.Second

func markTaken(ctx context.Context, f *os.File) error {
	ctx, cancel := context.WithTimeout(ctx, keeperWait)
	defer cancel()
	err := poll(ctx, 20*time.Millisecond, func(context.Context) error { return tryLock(f) })
	switch {
	case errors.Is(err, unix.EWOULDBLOCK):
		return inUse(f)
	case err != nil:
		return err
	}
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("writing lock of data directory: %w", err)
	}
	if _, err := fmt.Fprintf(f, "%d\n", os.Getpid()); err != nil {
		return fmt.Errorf("writing lock of data directory: %w", err)
	}
	return nil
}

// inUse says who holds the lock f.
func inUse(f *os.File) error {
	holder := "?"
	if said, err := io.ReadAll(io.LimitReader(f, 20)); err == nil && len(said) > 0 {
		holder = strings.TrimSpace(string(said))
	}
	return &Problem{Reason: pipeline.Reason{
		Code:       "data-directory-in-use",
		English:    "this data directory is already served by process " + holder,
		Vietnamese: "Thư mục dữ liệu này đang được tiến trình số " + holder + " sử dụng. Hãy dừng tiến trình đó hoặc chọn thư mục khác.",
	}}
}

func tryLock(f *os.File) error {
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return fmt.Errorf("locking %q: %w", f.Name(), err)
	}
	return nil
}

// lockWait is how long a child that was killed may take to be gone.
const lockWait = 30 * time.Second

// lockFor opens and locks path for a child to inherit. The lock lives exactly as
// long as the child and whatever it forked, so that a new server never touches the
// files of one that is still dying. The caller closes its own copy.
func lockFor(ctx context.Context, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // likewise
	if err != nil {
		return nil, fmt.Errorf("opening lock: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	err = poll(ctx, 10*time.Millisecond, func(context.Context) error { return tryLock(f) })
	if err != nil {
		return nil, errors.Join(fmt.Errorf("waiting for an earlier server to end: %w", err), f.Close())
	}
	return f, nil
}

// poll calls try until it succeeds or ctx ends, then giving try's last error.
func poll(ctx context.Context, every time.Duration, try func(context.Context) error) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
	}
}
