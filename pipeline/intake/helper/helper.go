// Package helper runs the separate programs that know formats we do not read
// ourselves. They meet strangers' bytes, so each run has an end in time, a bound on
// what it may say, and next to no environment; it runs inside whatever sandbox its
// parent was put into.
//
// The end in time is one of processor time, of the program and of this process together:
// a program that waits until its output is taken does not hang.
package helper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/fault"
	"hoso/pipeline/intake/patience"
)

// Job is one run of a program.
type Job struct {
	Name  string // of the program, looked up in PATH
	Args  []string
	Dir   string        // where it works and may leave files
	Limit int64         // bytes of standard output; 0 means 1 MiB
	Time  time.Duration // of a processor, 0 means two minutes
}

// Failure is a program that ended with a code other than 0.
type Failure struct {
	Name   string
	Code   int    // -1 if a signal ended it
	Stderr string // its last words, at most 300 bytes, without the working directory
}

// Error names the program, its code and its last words.
func (f *Failure) Error() string {
	return fmt.Sprintf("running %s: exit code %d: %s", f.Name, f.Code, f.Stderr)
}

// Code is the exit code of a Failure in err's chain, 0 if there is none.
func Code(err error) int {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f.Code
	}
	return 0
}

// Output runs j to its end and returns its standard output.
func Output(ctx context.Context, j Job) ([]byte, error) {
	var out bytes.Buffer
	err := Stream(ctx, j, func(r io.Reader) error {
		_, err := out.ReadFrom(r)
		return err
	})
	return out.Bytes(), err
}

// Stream runs j and hands its standard output to read, which must not keep it. An
// error of read ends the program and is returned. The other errors are a *Failure,
// an Unavailable for a program that is not installed, a Refusal for one that took
// too long or said too much, or the error of ctx.
func Stream(ctx context.Context, j Job, read func(io.Reader) error) error {
	limited, cancel := patience.Within(ctx, j.timeout(), patience.Tree(os.Getpid()))
	defer cancel()
	last := &tail{}
	cmd := j.command(limited)
	cmd.Stderr = last
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("starting %s: %w", j.Name, err)
	}
	if err := cmd.Start(); err != nil {
		return &pipeline.Unavailable{What: "the program " + j.Name, Err: err}
	}
	out := &bounded{r: pipe, left: j.limit(), what: j.Name}
	readErr := read(out)
	if readErr == nil {
		_, readErr = io.Copy(io.Discard, out)
	}
	if readErr != nil {
		cancel()
	}
	waitErr := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("running %s: %w", j.Name, ctx.Err())
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return fault.Slow(j.Name, limited.Err())
	case waitErr == nil || fault.Refused(readErr):
		return readErr
	}
	return errors.Join(readErr, j.failure(waitErr, last))
}

func (j Job) command(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, j.Name, j.Args...) //nolint:gosec // the name is a constant of the caller
	cmd.Dir = j.Dir
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + j.Dir, "TMPDIR=" + j.Dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

func (j Job) failure(err error, last *tail) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("running %s: %w", j.Name, err)
	}
	said := string(last.b)
	if j.Dir != "" {
		said = strings.ReplaceAll(said, j.Dir, "")
	}
	return &Failure{Name: j.Name, Code: exit.ExitCode(), Stderr: strings.ToValidUTF8(strings.TrimSpace(said), "?")}
}

func (j Job) timeout() time.Duration {
	if j.Time > 0 {
		return j.Time
	}
	return 2 * time.Minute
}

func (j Job) limit() int64 {
	if j.Limit > 0 {
		return j.Limit
	}
	return 1 << 20
}

// bounded refuses to read more than what is left.
type bounded struct {
	r    io.Reader
	left int64
	max  int64
	what string
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.max == 0 {
		b.max = b.left
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return 0, fault.DataTooMuch(b.what, b.max)
	}
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// tail keeps the last 300 bytes written to it.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	n := len(p)
	if len(p) > 300 {
		p = p[len(p)-300:]
	}
	t.b = append(t.b, p...)
	if len(t.b) > 300 {
		t.b = t.b[len(t.b)-300:]
	}
	return n, nil
}
