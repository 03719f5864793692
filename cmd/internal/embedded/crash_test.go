package embedded_test

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
	const kills = 15
	services := start(t, embedded.Options{ExternalRedis: true})
	store := open(t, services)
	var stored acknowledged
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				body := objectstest.Bytes(uint64(w)<<32|uint64(i), 1+rand.IntN(80<<10))
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

// step is something that has to show in the system calls.
type step struct{ what, pattern string }

// The kernel is the judge of whether the disk has an object when its sender is told
// so: the order of the system calls of one PUT, and of a second one of the same
// bytes, which are acknowledged as well.
func TestSyncedBeforeAcknowledged(t *testing.T) {
	t.Parallel()
	body := objectstest.Bytes(4, 100<<10)
	hex := digest(body).String()
	folder := "/objects/hoso/objects"
	file := folder + "/" + hex[:2] + "/" + hex
	beside := "/sidecar/hoso/objects/" + hex[:2] + "/" + hex
	t.Run("attributes", func(t *testing.T) {
		t.Parallel()
		inOrder(t, callsOfTwoPuts(t, "xattr\n", body), []step{
			{"the data is synced", synced(`/\.sgwtmp/#\d+( \(deleted\))?`)},
			{"its name appears", `^call linkat\(.*"` + hex + `"`},
			{"the file is synced with its attributes", synced(file)},
			{"its folder is synced", synced(folder + "/" + hex[:2])},
			{"the folder's folder is synced", synced(folder)},
			{"the bucket is synced", synced("/objects/hoso")},
			{"the sender is told", `^call write\(\d+<socket.*HTTP/1.1 200`},
			{"the file is synced again", synced(file)},
			{"its folder is synced again", synced(folder + "/" + hex[:2])},
			{"the second sender is told", `^call write\(\d+<socket.*HTTP/1.1 412`},
		})
	})
	t.Run("sidecar", func(t *testing.T) {
		t.Parallel()
		inOrder(t, callsOfTwoPuts(t, "sidecar\n", body), []step{
			{"the data is synced", synced(`/\.sgwtmp/#\d+( \(deleted\))?`)},
			{"its name appears", `^call linkat\(.*"` + hex + `"`},
			{"its folder is synced", synced(folder + "/" + hex[:2])},
			{"the attributes are synced", synced(beside + "/meta/etag")},
			{"the attributes' folder is synced", synced(beside + "/meta")},
			{"the sidecar is synced", synced("/sidecar")},
			{"the sender is told", `^call write\(\d+<socket.*HTTP/1.1 200`},
		})
	})
}

// synced is the pattern of a sync that succeeded, of a path that ends so.
func synced(end string) string { return `^done fsync\(\d+<[^>]*` + end + ">" }

// callsOfTwoPuts gives the system calls of a store that was sent body twice.
func callsOfTwoPuts(t *testing.T, layout string, body []byte) []string {
	t.Helper()
	dir, trace := withLayout(t, layout), filepath.Join(t.TempDir(), "trace")
	services := start(t, embedded.Options{
		Dir: dir, ExternalRedis: true,
		S3Command: traced(t, dir, trace, "-e", "trace=fsync,linkat,write"),
	})
	store := open(t, services)
	for range 2 {
		if err := put(t.Context(), store, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := services.Stop(); err != nil {
		t.Fatal(err)
	}
	return systemCalls(t, trace)
}

// inOrder finds the steps one after the other, and no success told to a sender
// between the first and that step which tells it.
func inOrder(t *testing.T, calls []string, steps []step) {
	t.Helper()
	told := regexp.MustCompile(`^call write\(\d+<socket.*HTTP/1.1 (200|412)`)
	for i, s := range steps {
		at := slices.IndexFunc(calls, regexp.MustCompile(s.pattern).MatchString)
		if at < 0 {
			t.Fatalf("in due order there is no sign that %s; the calls left:\n%s", s.what, strings.Join(calls, "\n"))
		}
		if i > 0 && slices.ContainsFunc(calls[:at], told.MatchString) {
			t.Errorf("a sender is told before %s", s.what)
		}
		calls = calls[at+1:]
	}
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
	if _, ok := errors.AsType[*pipeline.Unavailable](err); !ok {
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
	for key, err := range store.List(t.Context(), "") {
		if err != nil || key != pipeline.BlobKey(digest(body)) {
			t.Errorf("a failed write left %q, %v", key, err)
		}
	}
}
