package s3_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/storage/objects"
	"hoso/storage/objects/objectstest"
	"hoso/storage/objects/s3"
)

// startMoto runs Moto's S3 server, which is written by others in another language,
// checks conditions and ignores digests: the weak end of what is met in practice.
// (The strong end, the server that hoso brings along, is tested where it lives.)
func startMoto(t *testing.T) s3.Config {
	t.Helper()
	path, err := exec.LookPath(filepath.Join("..", "..", "..", ".cache", "venv", "bin", "moto_server"))
	if err != nil {
		path, err = exec.LookPath("moto_server")
	}
	if err != nil {
		t.Fatalf("this test needs moto_server (pip install 'moto[server]'): %v", err)
	}
	address := freeAddress(t)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "-H", host, "-p", port)
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
	return s3.Config{Endpoint: address, Bucket: "hoso", AccessKey: "test", SecretKey: "test-secret"}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	return l.Addr().String()
}

// await asks url until there is an answer.
func await(t *testing.T, url string) {
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

func TestAgainstMoto(t *testing.T) {
	t.Parallel()
	cfg := startMoto(t)
	store, err := s3.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s3.Open(t.Context(), cfg); err != nil {
		t.Errorf("opening a bucket that is there: %v", err)
	}
	t.Run("abilities", func(t *testing.T) {
		t.Parallel()
		found, err := store.Probe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := present(found)
		if want := "conditional-put"; got != want {
			t.Errorf("Probe = %s, want %s", got, want)
		}
		for key, err := range store.List(t.Context(), "probe/") {
			t.Errorf("Probe left %q behind, %v", key, err)
		}
	})
	t.Run("contract", func(t *testing.T) {
		t.Parallel()
		objectstest.Run(t, func(*testing.T) objectstest.Store { return store })
	})
}

// present names the abilities that were found.
func present(found objects.Abilities) string {
	var codes []string
	for _, a := range found.All() {
		if a.Present {
			codes = append(codes, a.Code)
		}
	}
	return strings.Join(codes, " ")
}
