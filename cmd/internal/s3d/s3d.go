// Package s3d is the embedded object storage: versitygw over a folder, made durable.
//
// It is a program of its own, hoso-s3. What it is made of speaks to message brokers,
// directories and key stores that hoso knows nothing of, and doubled the size of every
// hoso process and the time to start one (26 to 16 ms of processor time, measured):
// each page is read by a process that is to hold as little as can be.
package s3d

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"golang.org/x/sys/unix"

	"hoso/cmd/internal/datadir"
)

// Run serves the objects of the data directory dir on the socket there until ctx
// ends. It is the whole life of a process: it changes the working directory, and a
// second call in the same process fails. The keeper of dir must hold its lock.
func Run(ctx context.Context, dir string, log *slog.Logger) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("finding data directory: %w", err)
	}
	key, err := datadir.ReadKey(dir)
	if err != nil {
		return err
	}
	syscall.Umask(0o077)
	back, err := openBackend(ctx, dir, log)
	if err != nil {
		return err
	}
	socket, err := filepath.Rel(datadir.Objects(dir), filepath.Join(datadir.S3(dir), datadir.S3Socket)) // short, however deep dir lies
	if err != nil {
		return fmt.Errorf("finding socket: %w", err)
	}
	err = embedgw.RunVersityGW(ctx, back, &embedgw.Config{
		RootUserAccess: key.Access, RootUserSecret: key.Secret, Region: "us-east-1",
		Ports: []string{socket}, SocketPerm: "0600", HealthPath: datadir.HealthPath,
		MaxConnections: 1024, MaxRequests: 512, MultipartMaxParts: 10000,
		KeepAlive: true, Quiet: true, DisableACLs: true,
	})
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("serving objects: %w", err)
	}
	return nil
}

// openBackend makes the objects' folder the working directory and everything in it
// durable that an earlier process may have left half on its way.
func openBackend(ctx context.Context, dir string, log *slog.Logger) (*durable, error) {
	sidecar, err := layout(dir)
	if err != nil {
		return nil, err
	}
	opts := posix.PosixOpts{
		SideCarDir:          sidecar,
		CopyObjectThreshold: 5 << 30,
		Concurrency:         512,
		ForceNoObjLockFile:  true, // no other process may serve these files
	}
	opts.SetNewDirPerm(0o700)
	opts.SetNewFilePerm(0o600)
	var attributes meta.MetadataStorer = meta.XattrMeta{}
	if sidecar != "" {
		if attributes, err = meta.NewSideCar(sidecar); err != nil {
			return nil, fmt.Errorf("opening metadata of objects: %w", err)
		}
	}
	served, err := posix.New(datadir.Objects(dir), attributes, opts)
	if err != nil {
		return nil, fmt.Errorf("opening objects: %w", err)
	}
	began := time.Now()
	for _, folder := range []string{".", sidecar} {
		if err := syncFileSystem(folder); err != nil {
			return nil, err
		}
	}
	log.LogAttrs(ctx, slog.LevelInfo, "serving objects",
		slog.Bool("sidecar", sidecar != ""), slog.Duration("synced", time.Since(began)))
	return &durable{Posix: served, sidecar: sidecar}, nil
}

// layout says in which folder the attributes of objects are kept beside them, ""
// if the file system keeps them itself. What was decided at the first start stays,
// since a change would lose them.
func layout(dir string) (sidecar string, err error) {
	marker := filepath.Join(datadir.S3(dir), "layout")
	text, err := os.ReadFile(marker) //nolint:gosec // of the data directory
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text = []byte("sidecar\n")
		if keepsAttributes(datadir.Objects(dir)) {
			text = []byte("xattr\n")
		}
		if err := datadir.Write(marker, text); err != nil {
			return "", err
		}
	case err != nil:
		return "", fmt.Errorf("reading layout of objects: %w", err)
	}
	switch string(text) {
	case "sidecar\n":
		if err := os.MkdirAll(datadir.Sidecar(dir), 0o700); err != nil {
			return "", fmt.Errorf("making folder for attributes: %w", err)
		}
		return datadir.Sidecar(dir), nil
	case "xattr\n":
		if !keepsAttributes(datadir.Objects(dir)) {
			return "", errors.New("opening objects: they were stored with extended attributes, which this file system does not keep; move the data directory back or copy it with its attributes (cp -a, rsync -X)")
		}
		return "", nil
	}
	return "", fmt.Errorf("reading layout of objects: %.20q is unknown", text)
}

// keepsAttributes tries whether the file system of folder has user attributes.
func keepsAttributes(folder string) bool {
	f, err := os.CreateTemp(folder, ".attributes-")
	if err != nil {
		return false
	}
	defer os.Remove(f.Name()) //nolint:errcheck // an empty file, harmless
	defer f.Close()           //nolint:errcheck // likewise
	return unix.Fsetxattr(int(f.Fd()), "user.hoso", []byte("1"), 0) == nil
}
