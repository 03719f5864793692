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

// takeDataDir marks the directory as served by this process, until the file is
// closed or the process ends in whatever way.
func takeDataDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(dir+"/hoso.lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening lock of data directory: %w", err)
	}
	if err := markTaken(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func markTaken(f *os.File) error {
	switch err := tryLock(f); {
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
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
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
			return errors.Join(context.Cause(ctx), err)
		}
	}
}
