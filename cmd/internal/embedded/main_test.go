package embedded_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoso/cmd/internal/embedded"
	"hoso/cmd/internal/s3d"
	"hoso/pipeline"
	"hoso/storage/objects/s3"
)

// TestMain lets this program play the two processes that the tests need beside
// themselves: the S3 child, and a keeper of children that can be killed.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 {
		switch os.Args[1] {
		case "s3":
			orPanic(playS3(os.Args[2]))
			return
		case "keep":
			orPanic(playKeeper(os.Args[2], os.Stdout, os.Stdin))
			return
		}
	}
	m.Run()
}

func orPanic(err error) {
	if err != nil {
		panic(err)
	}
}

func playS3(dir string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return s3d.Run(ctx, dir, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}

// playKeeper serves dir, says so on out, and ends when in does.
func playKeeper(dir string, out io.Writer, in io.Reader) error {
	services, err := embedded.Start(context.Background(), embedded.Options{
		Dir: dir, Log: slog.New(slog.DiscardHandler), S3Command: []string{os.Args[0], "s3", dir},
	})
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(services.Children()); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return errors.Join(err, services.Stop())
}

// logTo shows the log when a test fails.
func logTo(t *testing.T) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

func start(t *testing.T, o embedded.Options) *embedded.Services {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.Log = logTo(t)
	if o.S3Command == nil {
		o.S3Command = []string{os.Args[0], "s3", o.Dir}
	}
	services, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatalf("starting: %v", err)
	}
	t.Cleanup(func() {
		if err := services.Stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return services
}

func open(t *testing.T, services *embedded.Services) *s3.Store {
	t.Helper()
	store, err := s3.Open(t.Context(), services.S3)
	if err != nil {
		t.Fatalf("opening store: %v", err)
	}
	return store
}

// kill kills the child and says which process it was.
func kill(t *testing.T, services *embedded.Services, name string) (pid int) {
	t.Helper()
	eventually(t, name+" runs", func() bool {
		for _, c := range services.Children() {
			if c.Name == name {
				pid = c.PID
			}
		}
		return pid > 0
	})
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
	return pid
}

// eventually waits until what is true.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("in 20 s it did not come to be that %s", what)
		}
	}
}

// alive reports whether the process runs; a zombie that nobody reaped does not.
func alive(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := bytes.Cut(text, []byte(") "))
	return len(rest) > 0 && rest[0] != 'Z' && rest[0] != 'X'
}

// put stores bytes that nothing else stores.
func put(ctx context.Context, store *s3.Store, body []byte) error {
	return store.Put(ctx, pipeline.Sum(body), int64(len(body)), bytes.NewReader(body), "application/octet-stream")
}

// check reads an object to its end, which compares its digest.
func check(ctx context.Context, store *s3.Store, d pipeline.Digest) error {
	r, _, err := store.Get(ctx, d)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// deep makes a data directory whose path no socket address can hold.
func deep(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), strings.Repeat("thư-mục-rất-sâu/", 12))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
