package sandbox_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"hoso/workers/sandbox"
)

const inside = "HOSO_TEST_INSIDE_SANDBOX"

// TestMain runs the test binary again, behind the wall, when a test asks for it.
func TestMain(m *testing.M) {
	what := os.Getenv(inside)
	if what == "" {
		os.Exit(m.Run())
	}
	if err := sandbox.Enter(sandbox.Limits{Memory: 1 << 30, FileSize: 1 << 20, CPU: 60, Files: 64}); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(3)
	}
	os.Stdout.WriteString(act(what))
	os.Exit(0)
}

func act(what string) string {
	switch what {
	case "tcp":
		_, err := net.Dial("tcp", "127.0.0.1:9")
		return verdict(err, syscall.EACCES)
	case "listen":
		_, err := net.Listen("tcp", "127.0.0.1:0")
		return verdict(err, syscall.EACCES)
	case "unix":
		_, err := net.Dial("unix", "/run/nobody.sock")
		return verdict(err, syscall.EACCES)
	case "memory of a process":
		here, there := []byte("x"), []byte("y")
		local := []unix.Iovec{{Base: &here[0], Len: 1}}
		remote := []unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&there[0])), Len: 1}} //nolint:gosec // the kernel's own interface
		_, err := unix.ProcessVMReadv(os.Getpid(), local, remote, 0)
		return verdict(err, syscall.EACCES)
	case "child":
		out, err := exec.CommandContext(context.Background(), "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9").CombinedOutput()
		if err != nil && strings.Contains(string(out), "Permission denied") {
			return "denied"
		}
		return "open: " + string(out)
	case "file":
		err := os.WriteFile(os.Args[len(os.Args)-1], make([]byte, 2<<20), 0o600)
		return verdict(err, syscall.EFBIG)
	case "memory":
		hog := make([][]byte, 0, 64)
		for range 64 {
			block := make([]byte, 64<<20)
			for i := range block {
				block[i] = 1
			}
			hog = append(hog, block)
		}
		return "grew to " + string(rune(len(hog)))
	}
	return "unknown act"
}

func verdict(err, want error) string {
	if errors.Is(err, want) {
		return "denied"
	}
	if err == nil {
		return "open"
	}
	return "other: " + err.Error()
}

func TestEnterDenies(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"tcp", "listen", "unix", "child", "file", "memory of a process"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			out, err := behind(t, what).CombinedOutput()
			if err != nil || string(out) != "denied" {
				t.Errorf("%s behind the wall: %q, %v; want denied", what, out, err)
			}
		})
	}
}

func TestEnterStopsAHog(t *testing.T) {
	t.Parallel()
	out, err := behind(t, "memory").CombinedOutput()
	if err == nil {
		t.Fatalf("4 GiB fitted into a limit of 1 GiB: %q", out)
	}
	if !strings.Contains(string(out), "out of memory") && !strings.Contains(string(out), "allocate") {
		t.Errorf("the hog died of something else: %.300q", out)
	}
}

func behind(t *testing.T, what string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^$", t.TempDir()+"/big")
	cmd.Env = append(os.Environ(), inside+"="+what)
	return cmd
}
