package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hoso/workers/reader"
)

// Contender is a program that makes a searchable PDF of a file.
type Contender struct {
	Name string
	// Command gives the command line that turns in into out and writes the text to
	// text; text may be written by Text instead.
	Command func(in, out, text string) []string
	Env     []string
	PDF     bool // it writes a PDF, whose size counts
}

// Run is what one contender did with one file.
type Run struct {
	File      string        `json:"file"`
	Contender string        `json:"contender"`
	Pages     int           `json:"pages"`
	CPU       time.Duration `json:"cpu_ns"` // user and system, of the program and all it started
	Wall      time.Duration `json:"wall_ns"`
	Memory    int64         `json:"memory"` // bytes resident at the highest, the program and all it started together
	Bytes     int64         `json:"bytes"`  // of the PDF
	Rates     *Rates        `json:"rates,omitempty"`
	Failed    string        `json:"failed,omitempty"` // why there is no result
}

// Sample is a file to run on; Truth is "" if nobody knows what stands on it.
type Sample struct {
	Path  string
	Pages int
	Truth string
}

// Once lets c work on s in the folder work.
func Once(ctx context.Context, c Contender, s Sample, work string) (Run, error) {
	r := Run{File: filepath.Base(s.Path), Contender: c.Name, Pages: s.Pages}
	out, text := filepath.Join(work, "out.pdf"), filepath.Join(work, "out.txt")
	for _, old := range []string{out, text} {
		if err := os.RemoveAll(old); err != nil {
			return r, fmt.Errorf("clearing the work folder: %w", err)
		}
	}
	line := c.Command(s.Path, out, text)
	cmd := exec.CommandContext(ctx, line[0], line[1:]...) //nolint:gosec // the contenders are ours to name
	cmd.Env = append(os.Environ(), c.Env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return r, fmt.Errorf("running %s: %w", c.Name, err)
	}
	peak := watch(cmd.Process.Pid)
	err := cmd.Wait()
	r.Memory, r.Wall = peak(), time.Since(begun)
	r.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if err != nil {
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		r.Failed = fmt.Sprintf("%v: %.300s", err, said.String())
		return r, nil
	}
	return r, r.measure(s, out, text)
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

// measure looks at what came out.
func (r *Run) measure(s Sample, out, text string) error {
	if info, err := os.Stat(out); err == nil {
		r.Bytes = info.Size()
	}
	if s.Truth == "" {
		return nil
	}
	got, err := os.ReadFile(text) //nolint:gosec // in our work folder
	if err != nil {
		return errors.Join(fmt.Errorf("reading what %s read", r.Contender), err)
	}
	rates := Score(s.Truth, string(got))
	r.Rates = &rates
	return nil
}

// Total is one contender over all files.
type Total struct {
	Contender string  `json:"contender"`
	Files     int     `json:"files"`
	Failed    int     `json:"failed"`
	Pages     int     `json:"pages"`
	CPU       float64 `json:"cpu_seconds_per_page"`
	PerCPU    float64 `json:"pages_per_cpu_second"`
	Wall      float64 `json:"wall_seconds_per_page"`
	Memory    int64   `json:"peak_memory"` // bytes
	Bytes     int64   `json:"bytes_per_page"`
	CER       float64 `json:"cer"`
	CERExtra  float64 `json:"cer_extra"`
	WER       float64 `json:"wer"`
}

// Sum adds up the runs of one contender. Rates are weighted by the length of the
// truth; failed runs count only as failed.
func Sum(name string, runs []Run) Total {
	t := Total{Contender: name}
	var cpu, wall time.Duration
	var letters, words float64
	for _, r := range runs {
		if r.Contender != name {
			continue
		}
		t.Files++
		if r.Failed != "" {
			t.Failed++
			continue
		}
		t.Pages += r.Pages
		cpu += r.CPU
		wall += r.Wall
		t.Memory = max(t.Memory, r.Memory)
		t.Bytes += r.Bytes
		if r.Rates != nil {
			l, w := float64(r.Rates.Letters), float64(r.Rates.Words)
			letters, words = letters+l, words+w
			t.CER += r.Rates.CER * l
			t.CERExtra += r.Rates.CERExtra * l
			t.WER += r.Rates.WER * w
		}
	}
	if t.Pages > 0 {
		pages := float64(t.Pages)
		t.CPU, t.Wall, t.Bytes = cpu.Seconds()/pages, wall.Seconds()/pages, t.Bytes/int64(t.Pages)
		t.PerCPU = pages / cpu.Seconds()
	}
	if letters > 0 {
		t.CER, t.CERExtra = t.CER/letters, t.CERExtra/letters
	}
	if words > 0 {
		t.WER /= words
	}
	return t
}
