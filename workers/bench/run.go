package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hoso/pipeline"
	"hoso/workers/reader"
)

// Contender is a program that makes a searchable PDF of scans.
type Contender struct {
	Name    string
	Version string
	Command func(Call) []string
	// Amend gives the command line for a second attempt at a file that the program
	// refused with these words, or nil. Only the second attempt is counted.
	Amend func(line []string, said string) []string
	Env   []string
	Words bool // it writes Call.Words
}

// Call names the files of one run: what to read, where to put the PDF, its text, and
// the pages with words, confidences and times (JSON).
type Call struct {
	In               []string
	Out, Text, Words string
}

// Run is what one contender did with one file.
type Run struct {
	File      string        `json:"file"`
	Contender string        `json:"contender"`
	Round     int           `json:"round"`
	Pages     int           `json:"pages"`
	CPU       time.Duration `json:"cpu_ns"` // user and system, of the program and all it started
	Wall      time.Duration `json:"wall_ns"`
	Memory    int64         `json:"memory"` // bytes resident at the highest, the program and all it started together
	Bytes     int64         `json:"bytes"`  // of the PDF
	Rates     *Rates        `json:"rates,omitempty"`
	Failed    string        `json:"failed,omitempty"` // why there is no result

	text     string
	read     []pipeline.Page
	compared *Comparison
}

// Once lets c work on s in the folder work.
func Once(ctx context.Context, c Contender, s Sample, work string) (Run, error) {
	call := callIn(work, s.Path)
	r := Run{File: s.Name, Contender: c.Name, Pages: s.Pages}
	line := c.Command(call)
	said, err := r.time(ctx, c, call, line)
	if r.Failed != "" && c.Amend != nil {
		if again := c.Amend(line, said); again != nil {
			r.Failed = ""
			_, err = r.time(ctx, c, call, again)
		}
	}
	if err != nil || r.Failed != "" {
		return r, err
	}
	return r, r.collect(c, s, call)
}

func callIn(work string, in ...string) Call {
	return Call{
		In: in, Out: filepath.Join(work, "out.pdf"),
		Text: filepath.Join(work, "out.txt"), Words: filepath.Join(work, "words.json"),
	}
}

// time runs one command line and notes what it cost; it gives what was said on
// standard error.
func (r *Run) time(ctx context.Context, c Contender, call Call, line []string) (string, error) {
	for _, old := range []string{call.Out, call.Text, call.Words} {
		if err := os.RemoveAll(old); err != nil {
			return "", fmt.Errorf("clearing the work folder: %w", err)
		}
	}
	cmd := exec.CommandContext(ctx, line[0], line[1:]...) //nolint:gosec // the contenders are ours to name
	cmd.Env = append(os.Environ(), c.Env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("running %s: %w", c.Name, err)
	}
	peak := watch(cmd.Process.Pid)
	err := cmd.Wait()
	r.Memory, r.Wall = peak(), time.Since(begun)
	r.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		r.Failed = fmt.Sprintf("%v: %.300s", err, said.String())
	}
	return said.String(), nil
}

// watch follows the memory of a process and all below it; the function it gives ends
// that and tells the highest that was seen, in bytes.
func watch(pid int) func() int64 {
	stop, told := make(chan struct{}), make(chan uint64)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		highest := uint64(0)
		for {
			select {
			case <-tick.C:
				highest = max(highest, reader.TreeMemory(pid))
			case <-stop:
				told <- highest
				return
			}
		}
	}()
	return func() int64 {
		close(stop)
		return int64(<-told) //nolint:gosec // no machine has so much
	}
}

// collect looks at what came out.
func (r *Run) collect(c Contender, s Sample, call Call) error {
	if info, err := os.Stat(call.Out); err == nil {
		r.Bytes = info.Size()
	}
	if c.Words {
		b, err := os.ReadFile(call.Words)
		if err != nil {
			return fmt.Errorf("reading the words of %s: %w", c.Name, err)
		}
		if err := json.Unmarshal(b, &r.read); err != nil {
			return fmt.Errorf("reading the words of %s: %w", c.Name, err)
		}
	}
	if !s.Known {
		return nil
	}
	got, err := os.ReadFile(call.Text)
	if err != nil {
		return fmt.Errorf("reading what %s read: %w", c.Name, err)
	}
	compared := Compare(s.Truth, string(got), s.Stamps...)
	r.text, r.compared, r.Rates = string(got), &compared, &compared.Rates
	return nil
}
