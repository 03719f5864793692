package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// maxSocketPath is the longest path of a socket that the kernel takes, in bytes.
const maxSocketPath = 107

// shortPath gives a path for the socket at path that fits the kernel's limit: where
// the folder lies too deep it goes through a descriptor of the folder, which done
// closes.
func shortPath(path string) (short string, done func(), err error) {
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, fmt.Errorf("reaching a socket: %w", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path)), func() { _ = dir.Close() }, nil
}

func dialUnix(ctx context.Context, path string) (net.Conn, error) {
	short, done, err := shortPath(path)
	if err != nil {
		return nil, err
	}
	defer done()
	return (&net.Dialer{}).DialContext(ctx, "unix", short)
}

// listenUnix opens the socket at path for this system user alone. A socket left
// behind by a dead process is taken away; the caller holds the data folder's lock.
func listenUnix(path string) (net.Listener, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, fmt.Errorf("clearing a socket: %w", err)
	}
	short, done, err := shortPath(path)
	if err != nil {
		return nil, err
	}
	defer done()
	l, err := net.Listen("unix", short) //nolint:noctx // nothing to wait for
	if err != nil {
		return nil, fmt.Errorf("listening on a socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, fmt.Errorf("closing a socket to others: %w", err)
	}
	return l, nil
}
