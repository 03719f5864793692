package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/cmd/internal/embedded"
	"hoso/pipeline"
	"hoso/storage/objects/objectstest"
	"hoso/storage/objects/s3"
)

func digest(b []byte) pipeline.Digest { return pipeline.Sum(b) }

// acknowledged collects what a store said it had stored.
type acknowledged struct {
	mu   sync.Mutex
	all  []pipeline.Digest
	errs int
}

func (a *acknowledged) add(d pipeline.Digest, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.errs++
		return
	}
	a.all = append(a.all, d)
}

func (a *acknowledged) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.all)
}

// The S3 child is killed again and again while four writers write. Whatever was
// acknowledged is read back and hashed, and what was not may be there whole or not
// at all.
func TestKilledStoreLosesNothing(t *testing.T) {
	t.Parallel()
	const kills = 20
	services := start(t, embedded.Options{ExternalRedis: true})
	store := open(t, services)
	var stored acknowledged
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				body := objectstest.Bytes(uint64(w)<<32|uint64(i), 1+rand.IntN(200<<10))
				stored.add(digest(body), put(ctx, store, body))
			}
		})
	}
	for range kills {
		before := stored.count()
		eventually(t, "something was stored since the last kill", func() bool { return stored.count() > before+rand.IntN(20) })
		kill(t, services, "s3")
	}
	stop()
	writers.Wait()
	eventually(t, "the store is back", func() bool {
		c := services.Children()[0]
		return c.Ready && c.Restarts == kills
	})
	for _, d := range stored.all {
		if err := check(t.Context(), store, d); err != nil {
			t.Errorf("acknowledged object: %v", err)
		}
	}
	whole := everyObjectIsWhole(t, store)
	t.Logf("%d kills, %d objects acknowledged, %d writes failed, %d objects there", kills, len(stored.all), stored.errs, whole)
}

func everyObjectIsWhole(t *testing.T, store *s3.Store) (n int) {
	t.Helper()
	for key, err := range store.List(t.Context(), pipeline.BlobFolder) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := pipeline.ParseBlobKey(key)
		if err == nil {
			err = check(t.Context(), store, d)
		}
		if err != nil {
			t.Errorf("%s: %v", key, err)
		}
		n++
	}
	return n
}

// traced makes a command that runs the S3 child under strace, which writes to the
// file trace and does what the arguments say.
func traced(t *testing.T, dir, trace string, args ...string) []string {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatalf("this test needs strace (Debian: apt install strace): %v", err)
	}
	command := append([]string{strace, "-f", "-y", "-I2", "-s", "120", "-e", "signal=none", "-o", trace}, args...)
	return append(command, os.Args[0], "s3", dir)
}

// The kernel is the judge of whether the disk has an object when its sender is told
// so: the order of the system calls of one PUT.
func TestSyncedBeforeAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	services := start(t, embedded.Options{
		Dir: dir, ExternalRedis: true,
		S3Command: traced(t, dir, trace, "-e", "trace=fsync,linkat,write"),
	})
	store := open(t, services)
	body := objectstest.Bytes(4, 100<<10)
	if err := put(t.Context(), store, body); err != nil {
		t.Fatal(err)
	}
	if err := put(t.Context(), store, body); err != nil { // there already: acknowledged again
		t.Fatal(err)
	}
	if err := services.Stop(); err != nil {
		t.Fatal(err)
	}
	calls := systemCalls(t, trace)
	hex := digest(body).String()
	folder := "/objects/hoso/objects"
	at := 0
	for _, step := range []struct{ what, pattern string }{
		{"the data is synced", `^done fsync\(\d+<[^>]*\.sgwtmp/#\d+`},
		{"its name appears", `^call linkat\(.*"` + hex + `"`},
		{"the file is synced with its attributes", `^done fsync\(\d+<[^>]*` + folder + "/" + hex[:2] + "/" + hex + ">"},
		{"its folder is synced", `^done fsync\(\d+<[^>]*` + folder + "/" + hex[:2] + ">"},
		{"the folder's folder is synced", `^done fsync\(\d+<[^>]*` + folder + ">"},
		{"the bucket is synced", `^done fsync\(\d+<[^>]*/objects/hoso>`},
		{"the sender is told", `^call write\(\d+<socket.*HTTP/1.1 200`},
		{"the file is synced again when it was there already", `^done fsync\(\d+<[^>]*` + folder + "/" + hex[:2] + "/" + hex + ">"},
		{"the folder again", `^done fsync\(\d+<[^>]*` + folder + "/" + hex[:2] + ">"},
		{"the second sender is told", `^call write\(\d+<socket.*HTTP/1.1 412`},
	} {
		pattern := regexp.MustCompile(step.pattern)
		found := -1
		for i, call := range calls[at:] {
			if pattern.MatchString(call) {
				found = i
				break
			}
		}
		if found < 0 {
			t.Fatalf("after line %d there is no sign that %s; the calls:\n%s", at, step.what, strings.Join(calls, "\n"))
		}
		if step.what == "its name appears" && answeredOK(calls[at:at+found]) {
			t.Errorf("the sender is told before %s", step.what)
		}
		at += found + 1
	}
}

// answeredOK reports whether an answer went out since the data was synced.
func answeredOK(calls []string) bool {
	return strings.Contains(strings.Join(calls, "\n"), "HTTP/1.1 200")
}

// systemCalls reads a trace into "call X" where a call began, and "done X" where it
// ended with success.
func systemCalls(t *testing.T, trace string) []string {
	t.Helper()
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	var calls []string
	open := map[string]string{} // calls that were interrupted in the trace, by thread
	for line := range strings.Lines(string(text)) {
		thread, call, _ := strings.Cut(strings.TrimSpace(line), " ")
		call = strings.TrimSpace(call)
		if _, result, resumed := strings.Cut(call, "resumed>"); resumed {
			call = open[thread] + result
		} else {
			calls = append(calls, "call "+call)
		}
		if begun, _, interrupted := strings.Cut(call, " <unfinished"); interrupted {
			open[thread] = begun
			continue
		}
		if !strings.Contains(call, "= -1 ") {
			calls = append(calls, "done "+call)
		}
	}
	return calls
}

// A disk that refuses is never acknowledged, names nothing, and is over when there
// is room again.
func TestFailingDiskIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]string{
		"no room for a name": "linkat:error=ENOSPC",
		"no sync":            "fsync:error=EIO",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failingDisk(t, fault)
		})
	}
}

func failingDisk(t *testing.T, fault string) {
	t.Helper()
	dir := t.TempDir()
	healthy := start(t, embedded.Options{Dir: dir, ExternalRedis: true})
	open(t, healthy) // makes the bucket
	if err := healthy.Stop(); err != nil {
		t.Fatal(err)
	}
	failing := start(t, embedded.Options{
		Dir: dir, ExternalRedis: true,
		S3Command: traced(t, dir, filepath.Join(t.TempDir(), "trace"), "-e", "trace=fsync,linkat", "-e", "inject="+fault),
	})
	store := open(t, failing)
	body := objectstest.Bytes(5, 300<<10)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := put(ctx, store, body)
	var unavailable *pipeline.Unavailable
	if !errors.As(err, &unavailable) {
		t.Errorf("Put = %v, want Unavailable", err)
	}
	if _, err := store.Stat(t.Context(), digest(body)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat = %v, want ErrNotExist", err)
	}
	if err := failing.Stop(); err != nil {
		t.Fatal(err)
	}

	store = open(t, start(t, embedded.Options{Dir: dir, ExternalRedis: true}))
	if err := errors.Join(put(t.Context(), store, body), check(t.Context(), store, digest(body))); err != nil {
		t.Errorf("with room again: %v", err)
	}
	for key := range store.List(t.Context(), "") {
		if key != pipeline.BlobKey(digest(body)) {
			t.Errorf("a failed write left %q", fmt.Sprint(key))
		}
	}
}
