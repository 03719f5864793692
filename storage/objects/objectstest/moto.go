package objectstest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// StartMoto runs Moto's S3 server until t ends and gives its address. It is written
// by others in another language, checks conditions, ignores digests and keeps no
// versions: the weak end of what is met in practice. Any keys open it. Where Moto is
// missing, t fails.
func StartMoto(t testing.TB) string {
	t.Helper()
	address := FreeAddress(t)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, moto(t), "-H", host, "-p", port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := cmd.Wait(); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	await(t, "http://"+address+"/")
	return address
}

// moto finds the server beside the module, where the setup puts it, or in PATH.
func moto(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for at := dir; at != filepath.Dir(at); at = filepath.Dir(at) {
		if path, err := exec.LookPath(filepath.Join(at, ".cache", "venv", "bin", "moto_server")); err == nil {
			return path
		}
	}
	path, err := exec.LookPath("moto_server")
	if err != nil {
		t.Fatalf("this test needs moto_server (pip install 'moto[server]'): %v", err)
	}
	return path
}

// FreeAddress is a loopback address that nobody listens on.
func FreeAddress(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	return l.Addr().String()
}

// await asks url until there is an answer.
func await(t testing.TB, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("no answer in a minute"))
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := http.DefaultClient.Do(req); err == nil {
			if err := answer.Body.Close(); err != nil {
				t.Error(err)
			}
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waiting for %s: %v", url, context.Cause(ctx))
		}
	}
}
