package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"runtime"
	"syscall"

	"hoso/pipeline"
)

// aloneWith makes sure that no other process of this machine goes through a shelf, until
// done is called or this process ends, however it does. A run that was killed a moment ago
// need then not be waited for. It errs with ErrRunLives if there is one; sure is false
// where the machine cannot tell.
//
// What it takes is a name among the machine's sockets: unlike a file it belongs to no
// user, is not left behind, and is seen by services that have a folder for temporary files
// of their own.
func aloneWith(label, root string) (done func(), sure bool, err error) {
	if runtime.GOOS != "linux" {
		return func() {}, false, nil
	}
	sum := sha256.Sum256([]byte(label + "\x00" + root))
	name, err := net.ListenUnix("unix", &net.UnixAddr{Name: fmt.Sprintf("@hoso-batch-%x", sum[:8]), Net: "unix"})
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, false, fmt.Errorf("another process of this machine is at it: %w", pipeline.ErrRunLives)
	case err != nil:
		return func() {}, false, nil //nolint:nilerr // the run before is then waited for
	}
	return func() { _ = name.Close() }, true, nil // nothing was said over it
}
