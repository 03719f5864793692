package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/hibiken/asynq"

	"hoso/cmd/internal/datadir"
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
	queue, err := l.socket(datadir.Redis(dir), redisSocket)
	if err != nil {
		return err
	}
	store, err := l.socket(datadir.S3(dir), datadir.S3Socket)
	if err != nil {
		return err
	}
	key, err := datadir.ReadKey(dir)
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
