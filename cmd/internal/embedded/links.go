package embedded

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/hibiken/asynq"

	"hoso/storage/objects/s3"
)

// Links is how to reach the children of a data directory, for the process that
// keeps them and for any other on the machine. Both values stay good while children
// come and go.
type Links struct {
	Redis asynq.RedisClientOpt
	S3    s3.Config

	open []*os.File // folders of the sockets
}

// bucket is the name of the one bucket of the embedded server.
const bucket = "hoso"

// Where things lie in a data directory.
func redisDir(dir string) string   { return filepath.Join(dir, "redis") }
func s3Dir(dir string) string      { return filepath.Join(dir, "s3") }
func objectsDir(dir string) string { return filepath.Join(dir, "objects") }
func sidecarDir(dir string) string { return filepath.Join(dir, "sidecar") }

// Connect finds out how to reach the children that another process keeps in dir. It
// does not speak to them: whether they run shows when they are used. The caller
// closes the Links.
func Connect(dir string) (*Links, error) {
	if dir == "" {
		return nil, errors.New("connecting to a data directory without a name")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding data directory: %w", err)
	}
	l := new(Links)
	if err := l.connect(dir); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *Links) connect(dir string) error {
	queue, err := l.socket(redisDir(dir), redisSocket)
	if err != nil {
		return err
	}
	store, err := l.socket(s3Dir(dir), s3Socket)
	if err != nil {
		return err
	}
	key, err := readKey(dir)
	if err != nil {
		return err
	}
	l.Redis = asynq.RedisClientOpt{Network: "unix", Addr: queue}
	l.S3 = s3.Config{
		Endpoint: "localhost", Bucket: bucket,
		AccessKey: key.Access, SecretKey: s3.Secret(key.Secret),
		Transport: s3.NewTransport(func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", store)
		}),
	}
	return nil
}

// Close lets go of the sockets' folders. Connections made before stay.
func (l *Links) Close() error {
	var errs []error
	for _, f := range l.open {
		errs = append(errs, f.Close())
	}
	l.open = nil
	return errors.Join(errs...)
}

// maxSocketPath is what fits into the kernel's sockaddr_un.
const maxSocketPath = 107

// socket gives a path to the socket name in folder that the kernel takes: where the
// folder lies too deep, a way through the open folder, which is always short.
func (l *Links) socket(folder, name string) (string, error) {
	path := filepath.Join(folder, name)
	if len(path) <= maxSocketPath {
		return path, nil
	}
	f, err := os.Open(folder) //nolint:gosec // of the data directory
	if err != nil {
		return "", fmt.Errorf("opening folder of socket: %w", err)
	}
	l.open = append(l.open, f)
	return fmt.Sprintf("/proc/self/fd/%d/%s", f.Fd(), name), nil
}

// accessKey opens the embedded S3 server. Its socket is already for this user
// alone; the key keeps that so if somebody opens the folder to others.
type accessKey struct {
	Access string `json:"access"`
	Secret string `json:"secret"`
}

func keyPath(dir string) string { return filepath.Join(s3Dir(dir), "key.json") }

func readKey(dir string) (accessKey, error) {
	var key accessKey
	text, err := os.ReadFile(keyPath(dir))
	if err != nil {
		return key, fmt.Errorf("reading key of object storage: %w", err)
	}
	if err := json.Unmarshal(text, &key); err != nil {
		return key, fmt.Errorf("reading key of object storage: %w", err)
	}
	return key, nil
}

// makeKey makes the key at the first start.
func makeKey(dir string) error {
	if _, err := os.Stat(keyPath(dir)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := json.Marshal(accessKey{ //nolint:gosec // into a file that only this user can read
		Access: "hoso-" + rand.Text()[:11], Secret: rand.Text() + rand.Text(),
	})
	if err != nil {
		return fmt.Errorf("making key of object storage: %w", err)
	}
	return writeFile(keyPath(dir), text)
}

// writeFile writes a small file that is there whole or not at all, for this user
// alone.
func writeFile(path string, text []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	if err := syncPath(temporary); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return syncPath(filepath.Dir(path))
}
