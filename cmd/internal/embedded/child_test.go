package embedded_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hoso/cmd/internal/embedded"
)

// shell is a child that runs a few words of shell.
func shell(words string, ready func(context.Context) error) embedded.Child {
	return embedded.Child{
		Name:     "shell",
		Command:  func() (*exec.Cmd, error) { return exec.Command("sh", "-c", words), nil }, //nolint:noctx // supervised
		Ready:    ready,
		Patience: 5 * time.Second,
		Grace:    200 * time.Millisecond,
	}
}

// written is ready when the file has content, and gives it as a number.
func written(path string) func(context.Context) error {
	return func(context.Context) error {
		text, err := os.ReadFile(path)
		if err == nil && len(text) == 0 {
			err = errors.New("still empty")
		}
		return err
	}
}

func supervise(t *testing.T, c embedded.Child) *embedded.Supervised {
	t.Helper()
	s, err := embedded.Supervise(t.Context(), c, logTo(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

func TestStartFailsWithTheChildsOwnWords(t *testing.T) {
	t.Parallel()
	never := func(context.Context) error { return errors.New("nobody answers") }
	late := shell("echo 'still thinking' >&2; sleep 60", never)
	late.Patience = 100 * time.Millisecond
	missing := shell("", nil)
	missing.Command = func() (*exec.Cmd, error) { return exec.Command("/nowhere/hoso"), nil } //nolint:noctx // never runs
	for name, tc := range map[string]struct {
		child embedded.Child
		words []string
	}{
		"dies":        {shell("echo 'bad config line 7' >&2; exit 3", never), []string{"exit status 3", "bad config line 7"}},
		"ends":        {shell("exit 0", never), []string{"process ended"}},
		"never ready": {late, []string{"not ready in time", "nobody answers", "still thinking"}},
		"missing":     {missing, []string{"no such file"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := embedded.Supervise(t.Context(), tc.child, logTo(t))
			if err == nil {
				t.Fatal("it started")
			}
			for _, words := range tc.words {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%v: nothing of %q", err, words)
				}
			}
		})
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	marker := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	child := shell("echo $$ > "+marker+"; exec sleep 60", func(ctx context.Context) error {
		if written(marker)(ctx) == nil {
			cancel()
		}
		return errors.New("not yet")
	})
	if _, err := embedded.Supervise(ctx, child, logTo(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("Supervise = %v, want Canceled", err)
	}
	if alive(readPID(t, marker)) {
		t.Error("the child was left behind")
	}
}

func readPID(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		t.Fatalf("%q is no process: %v", text, err)
	}
	return pid
}

func TestStubbornChildAndWhatItForkedAreKilled(t *testing.T) {
	t.Parallel()
	forked := filepath.Join(t.TempDir(), "pid")
	s := supervise(t, shell("trap '' TERM; (trap '' TERM; sleep 61) & echo $! > "+forked+"; while :; do wait; done", written(forked)))
	own, child := s.Status().PID, readPID(t, forked)
	s.Stop()
	eventually(t, "both are gone", func() bool { return !alive(own) && !alive(child) })
	if now := s.Status(); now.PID != 0 || now.Ready {
		t.Errorf("status after Stop = %+v", now)
	}
	s.Stop() // again, harmlessly
}

func TestPoliteChildIsLetFinish(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	up, done := filepath.Join(dir, "up"), filepath.Join(dir, "done")
	child := shell("trap 'echo yes > "+done+"; exit 0' TERM; echo yes > "+up+"; while :; do sleep 0.01; done", written(up))
	child.Grace = 10 * time.Second
	supervise(t, child).Stop()
	if _, err := os.Stat(done); err != nil {
		t.Errorf("its last act is missing: %v", err)
	}
}

func TestChildIsHeardWhereItsCommandSays(t *testing.T) {
	t.Parallel()
	var heard strings.Builder
	child := shell("echo said; echo complained >&2; exit 1", func(context.Context) error { return errors.New("never") })
	plain := child.Command
	child.Command = func() (*exec.Cmd, error) {
		cmd, err := plain()
		cmd.Stdout = &heard
		return cmd, err
	}
	_, err := embedded.Supervise(t.Context(), child, logTo(t))
	if err == nil || !strings.Contains(err.Error(), "said") || !strings.Contains(err.Error(), "complained") {
		t.Errorf("Supervise = %v", err)
	}
	if heard.String() != "said\n" {
		t.Errorf("its output was %q", heard.String())
	}
}

func TestDyingChildIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	up := filepath.Join(dir, "up")
	s := supervise(t, shell("echo $$ > "+up+"; exec sleep 60", written(up)))
	first := s.Status()
	if !first.Ready || first.Restarts != 0 || first.Since.IsZero() {
		t.Errorf("status = %+v", first)
	}
	if err := syscall.Kill(first.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it runs again", func() bool {
		now := s.Status()
		return now.Ready && now.PID != first.PID && now.Restarts == 1
	})
}

func TestSilentChildIsReplaced(t *testing.T) {
	t.Parallel()
	var deaf atomic.Int64 // the process that does not answer
	var s atomic.Pointer[embedded.Supervised]
	child := shell("exec sleep 60", func(context.Context) error {
		if now := s.Load(); now != nil && int64(now.Status().PID) == deaf.Load() {
			return errors.New("nobody answers")
		}
		return nil
	})
	child.Silence = 80 * time.Millisecond
	s.Store(supervise(t, child))
	first := s.Load().Status().PID
	deaf.Store(int64(first))
	eventually(t, "another process serves", func() bool {
		now := s.Load().Status()
		return now.Ready && now.PID != first && now.Restarts == 1
	})
	if alive(first) {
		t.Error("the silent one is still there")
	}
}

// A child that dies as soon as it is started waits longer and longer; Stop does not
// wait for that.
func TestStopInAPause(t *testing.T) {
	t.Parallel()
	up := filepath.Join(t.TempDir(), "up")
	s := supervise(t, shell("test -e "+up+" && exit 1; echo $$ > "+up+"; exec sleep 60", written(up)))
	if err := syscall.Kill(s.Status().PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it failed a few times", func() bool { return s.Status().Restarts >= 3 })
	began := time.Now()
	s.Stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("Stop took %v", took)
	}
}

// The lock lives with the child, not with its keeper: the next child waits until
// the last one is really gone.
func TestLockLivesWithTheChild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	up, lock := filepath.Join(dir, "up"), filepath.Join(dir, "lock")
	child := shell("echo $$ > "+up+"; exec sleep 60", written(up))
	child.Lock = lock
	s := supervise(t, child)
	f, err := os.Open(lock)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	try := func() error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
	if err := try(); !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Errorf("locking while the child lives = %v", err)
	}
	s.Stop()
	if err := try(); err != nil {
		t.Errorf("locking after its end = %v", err)
	}
}

func TestConnectBeforeTheFirstStart(t *testing.T) {
	t.Parallel()
	if _, err := embedded.Connect(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Connect = %v, want ErrNotExist", err)
	}
}
