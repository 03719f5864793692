package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
)

// The programs under test are built once, as a user would build it.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "hoso-test-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "hoso")
	out, err := exec.Command("go", "build", "-o", dir+"/", ".", "../hoso-s3").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building: %w\n%s", err, out)
	}
	return path, nil
})

func binary(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// service is a running `hoso serve` on a data folder of its own.
type service struct {
	t    *testing.T
	data string
	cmd  *exec.Cmd
	said *lines
	gone chan struct{}
	env  []string

	scans int // how many small scans were drawn for it
}

// lines collects what a process prints.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// newService starts a service, with more in its environment than there is.
func newService(t *testing.T, env ...string) *service {
	t.Helper()
	return newServiceIn(t, filepath.Join(t.TempDir(), "dữ liệu hồ sơ"), env...)
}

func newServiceIn(t *testing.T, data string, env ...string) *service {
	t.Helper()
	s := &service{t: t, data: data, said: &lines{}, env: env}
	s.start()
	t.Cleanup(func() {
		s.stop()
		if t.Failed() {
			t.Logf("the service said:\n%.20000s", s.said)
		}
	})
	return s
}

// start runs the service and returns when it answers.
func (s *service) start() {
	s.t.Helper()
	s.cmd = exec.Command(binary(s.t), "serve", "--data", s.data, "--listen", "127.0.0.1:0")
	s.cmd.Env = append(os.Environ(), s.env...)
	s.cmd.Stderr = s.said
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ready := make(chan struct{})
	s.gone = make(chan struct{})
	go func(gone chan struct{}, cmd *exec.Cmd) {
		var once sync.Once
		scan := bufio.NewScanner(out)
		for scan.Scan() {
			fmt.Fprintln(s.said, scan.Text())
			once.Do(func() { close(ready) })
		}
		_ = cmd.Wait()
		close(gone)
	}(s.gone, s.cmd)
	select {
	case <-ready:
	case <-s.gone:
		s.t.Fatalf("the service did not start:\n%s", s.said)
	case <-time.After(90 * time.Second):
		s.t.Fatalf("the service is not ready after 90 s:\n%s", s.said)
	}
}

func (s *service) alive() bool {
	select {
	case <-s.gone:
		return false
	default:
		return true
	}
}

func (s *service) stop() {
	if s.alive() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
	}
	select {
	case <-s.gone:
	case <-time.After(30 * time.Second):
		s.t.Errorf("the service did not stop within 30 s")
		_ = s.cmd.Process.Kill()
		<-s.gone
	}
}

// hoso runs a subcommand against the service and gives its output and exit code.
func (s *service) hoso(args ...string) (string, int) {
	s.t.Helper()
	return run(s.t, append([]string{args[0], "--data", s.data}, args[1:]...)...)
}

func run(t *testing.T, args ...string) (string, int) {
	t.Helper()
	ctx, done := context.WithTimeout(context.Background(), 5*time.Minute)
	defer done()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("hoso %s: %v", strings.Join(args, " "), err)
	}
	if cmd.ProcessState.ExitCode() != 0 {
		t.Logf("hoso %s: exit %d: %s", strings.Join(args, " "), cmd.ProcessState.ExitCode(), complaint.String())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// objects reads the JSON objects a command printed.
func objects[T any](t *testing.T, out string) []T {
	t.Helper()
	var all []T
	d := json.NewDecoder(strings.NewReader(out))
	for {
		var one T
		err := d.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("reading %q: %v", out, err)
		}
		all = append(all, one)
	}
}

// submitted hands files in, waits, and gives the papers.
func (s *service) submitted(args ...string) ([]pipeline.Paper, int) {
	s.t.Helper()
	out, code := s.hoso(append([]string{"submit", "--json", "--wait"}, args...)...)
	return objects[pipeline.Paper](s.t, out), code
}

// descendants gives the processes below the service whose command line holds word.
func (s *service) descendants(word string) []int {
	var found []int
	for _, pid := range below(s.cmd.Process.Pid) {
		line, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if err == nil && strings.Contains(strings.ReplaceAll(string(line), "\x00", " "), word) {
			found = append(found, pid)
		}
	}
	return found
}

func below(pid int) []int {
	var all []int
	tasks, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	for _, task := range tasks {
		list, err := os.ReadFile(task)
		if err != nil {
			continue
		}
		for word := range strings.FieldsSeq(string(list)) {
			if child, err := strconv.Atoi(word); err == nil {
				all = append(all, child)
				all = append(all, below(child)...)
			}
		}
	}
	return all
}

// eventually waits until what holds.
func eventually(t *testing.T, within time.Duration, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(within)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("after %v still not: %s", within, what)
		}
	}
}
