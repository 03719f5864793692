package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"golang.org/x/sys/unix"
)

const (
	s3Socket   = "s3.sock"
	healthPath = "/hoso-health" // no bucket can have this name
)

// s3Child keeps the S3 server of dir: this program again, in a process of its own,
// because the server changes the working directory and there can be only one.
func s3Child(dir string, command []string, transport http.RoundTripper) (Child, error) {
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return Child{}, fmt.Errorf("finding this program: %w", err)
		}
		command = []string{self, "s3", dir}
	}
	return Child{
		Name: "s3",
		Command: func() (*exec.Cmd, error) {
			return exec.Command(command[0], command[1:]...), nil //nolint:gosec,noctx // this program; its life is the supervisor's
		},
		Ready: func(ctx context.Context) error { return healthy(ctx, transport) },
		Lock:  s3Dir(dir) + "/lock",
	}, nil
}

func healthy(ctx context.Context, transport http.RoundTripper) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+healthPath, nil)
	if err != nil {
		return fmt.Errorf("asking object storage: %w", err)
	}
	answer, err := transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("asking object storage: %w", err)
	}
	if err := answer.Body.Close(); err != nil {
		return fmt.Errorf("asking object storage: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("asking object storage: %s", answer.Status)
	}
	return nil
}

// RunS3 serves the objects of the data directory dir on the socket there until ctx
// ends. It is the whole life of a process: it changes the working directory, and a
// second call in the same process fails. The keeper of dir must hold its lock.
func RunS3(ctx context.Context, dir string, log *slog.Logger) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("finding data directory: %w", err)
	}
	key, err := readKey(dir)
	if err != nil {
		return err
	}
	syscall.Umask(0o077)
	back, err := openBackend(ctx, dir, log)
	if err != nil {
		return err
	}
	socket, err := filepath.Rel(objectsDir(dir), filepath.Join(s3Dir(dir), s3Socket)) // short, however deep dir lies
	if err != nil {
		return fmt.Errorf("finding socket: %w", err)
	}
	err = embedgw.RunVersityGW(ctx, back, &embedgw.Config{
		RootUserAccess: key.Access, RootUserSecret: key.Secret, Region: "us-east-1",
		Ports: []string{socket}, SocketPerm: "0600", HealthPath: healthPath,
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
	served, err := posix.New(objectsDir(dir), attributes, opts)
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
	marker := filepath.Join(s3Dir(dir), "layout")
	text, err := os.ReadFile(marker) //nolint:gosec // of the data directory
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text = []byte("sidecar\n")
		if keepsAttributes(objectsDir(dir)) {
			text = []byte("xattr\n")
		}
		if err := writeFile(marker, text); err != nil {
			return "", err
		}
	case err != nil:
		return "", fmt.Errorf("reading layout of objects: %w", err)
	}
	switch string(text) {
	case "sidecar\n":
		if err := os.MkdirAll(sidecarDir(dir), 0o700); err != nil {
			return "", fmt.Errorf("making folder for attributes: %w", err)
		}
		return sidecarDir(dir), nil
	case "xattr\n":
		if !keepsAttributes(objectsDir(dir)) {
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
