package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"hoso/pipeline"
)

// aloneWith makes sure that no other process of this machine goes through a shelf, until
// done is called or this process ends, however it does. A run that was killed a moment ago
// need then not be waited for. It errs with ErrRunLives if there is one; sure is false
// where the machine cannot tell.
func aloneWith(label, root string) (done func(), sure bool, err error) {
	sum := sha256.Sum256([]byte(label + "\x00" + root))
	name := filepath.Join(os.TempDir(), fmt.Sprintf("hoso-batch-%x.lock", sum[:8]))
	//nolint:gosec // in a folder where others may put links, which are not followed
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if err != nil { // another user's, who may be at work
		return func() {}, false, nil //nolint:nilerr // the run before is then waited for
	}
	done = func() { _ = file.Close() } // and with it the lock
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		done()
		return nil, false, fmt.Errorf("another process of this machine is at it: %w", pipeline.ErrRunLives)
	}
	return done, err == nil, nil
}
