package reader_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/workers/reader"
)

// asChild makes the test binary behave as a reader that breaks on certain pages, as
// native code does, which no document can be trusted to make it do on purpose.
const asChild = "act-as-a-reader"

// neverReady makes it a reader that finds no models.
const neverReady = "without-models"

// The pages on which the child breaks, and how.
const (
	pageGood = iota + 1
	pageDies
	pageHangs
	pageSwells
	pageDiesOnce
	pageTalks
	pageBadCode
	pageGone
	pageFloods
	pageSpins
	pageStops
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == asChild {
		child()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// order is a request as the parent sends it.
type order struct {
	Op      string `json:"op"`
	Path    string `json:"path"`
	Page    int    `json:"page"`
	Carrier string `json:"carrier"`
	Plain   bool   `json:"plain"`
}

func child() {
	replies := json.NewEncoder(os.NewFile(3, "replies"))
	if os.Args[len(os.Args)-2] == neverReady {
		os.Exit(1)
	}
	_ = replies.Encode(map[string]any{"ready": true})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			os.Exit(9)
		}
		if o.Op == "read" || o.Page == pageGone {
			misbehave(o)
		}
		if o.Op == "open" && filepath.Base(o.Path) == "breaker" {
			os.Exit(7)
		}
		if o.Op == "open" && filepath.Base(o.Path) == "lacking" {
			_ = replies.Encode(map[string]any{"lacking": "the recognizer", "error": "no such model"})
			return
		}
		image := []byte(fmt.Sprintf("image of page %d", o.Page))
		if o.Carrier != "" {
			if err := os.WriteFile(o.Carrier, image, 0o600); err != nil {
				os.Exit(9)
			}
		}
		_ = replies.Encode(map[string]any{
			"summary": reader.Summary{Media: "application/pdf", Pages: 6},
			"page": pipeline.Page{
				Number: o.Page, Outcome: pipeline.PageOK,
				Image: pipeline.Image{Filter: pipeline.DCT, Digest: pipeline.Sum(image), Size: int64(len(image))},
			},
		})
	}
}

func misbehave(o order) {
	switch o.Page {
	case pageDies, pageGone:
		fmt.Fprintln(os.Stderr, "double free or corruption")
		os.Exit(134)
	case pageHangs:
		select {}
	case pageSpins:
		for i := 0; ; i++ {
			spun += i
		}
	case pageStops:
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		_ = syscall.Pause() // the signal may reach another thread first
	case pageSwells:
		swell()
	case pageDiesOnce:
		mark := o.Carrier + ".tried"
		if _, err := os.Stat(mark); err != nil {
			_ = os.WriteFile(mark, nil, 0o600)
			os.Exit(1)
		}
	case pageBadCode:
		if !o.Plain {
			os.Exit(139)
		}
	case pageFloods:
		_, _ = io.Copy(os.NewFile(3, "replies"), endless{})
	case pageTalks:
		fmt.Println(`{"page":{"outcome":"failed"}}`) // a native library that prints to stdout
	}
}

var spun int //nolint:gochecknoglobals // so that the loop is kept

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func swell() {
	var held [][]byte
	for {
		block := make([]byte, 16<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		held = append(held, block)
		if len(held) > 64 {
			select {}
		}
	}
}

func pool(t *testing.T, children int) (*reader.Pool, reader.Job) {
	t.Helper()
	p, job, _ := logged(t, children)
	return p, job
}

// logged is a pool with its log, which is written when a page is done with.
func logged(t *testing.T, children int) (*reader.Pool, reader.Job, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	dir := t.TempDir()
	original := filepath.Join(dir, "original")
	if err := os.WriteFile(original, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := reader.NewPool(reader.Options{
		Command: []string{os.Args[0], asChild}, Settings: reader.Settings{Memory: 400 << 20},
		Children: children, Patience: 4 * time.Second, Recycle: 3, Log: slog.New(slog.NewJSONHandler(log, nil)),
	})
	t.Cleanup(p.Close)
	return p, reader.Job{Path: original, Scratch: dir, Lane: pipeline.Batch}, log
}

func TestBadPagesAreSetAside(t *testing.T) {
	t.Parallel()
	p, job, log := logged(t, 2)
	want := map[int]struct {
		outcome pipeline.Outcome
		code    string
		log     string // what whoever looks after the machine is told
	}{
		pageGood:     {pipeline.PageOK, "", ""},
		pageDies:     {pipeline.PageFailed, "page-crashed-reader", "crashed"},
		pageHangs:    {pipeline.PageTimedOut, "page-timed-out", "hung"},
		pageSwells:   {pipeline.PageFailed, "page-too-big", "too much memory"},
		pageDiesOnce: {pipeline.PageOK, "", ""},
		pageTalks:    {pipeline.PageOK, "", ""},
		pageBadCode:  {pipeline.PageOK, "", ""},
		pageGone:     {pipeline.PageFailed, "page-lost", "crashed"},
		pageFloods:   {pipeline.PageFailed, "page-crashed-reader", "crashed"},
		pageSpins:    {pipeline.PageTimedOut, "page-timed-out", "used up its processor time"},
		pageStops:    {pipeline.PageTimedOut, "page-timed-out", "hung"},
	}
	var all sync.WaitGroup
	for page, w := range want {
		all.Go(func() {
			carrier := filepath.Join(job.Scratch, fmt.Sprintf("%d.img", page))
			got, err := p.Read(t.Context(), job, pipeline.Leaf{Page: page}, carrier)
			if err != nil {
				t.Errorf("page %d: %v", page, err)
				return
			}
			if got.Outcome != w.outcome || got.Reason.Code != w.code {
				t.Errorf("page %d: %s %q, want %s %q", page, got.Outcome, got.Reason.Code, w.outcome, w.code)
			}
			body, err := os.ReadFile(carrier) //nolint:gosec // the test's own
			if err != nil || pipeline.Sum(body) != got.Image.Digest {
				t.Errorf("page %d: its image is not in the record: %v", page, err)
			}
		})
	}
	all.Wait()
	told := map[int]string{}
	for line := range strings.Lines(log.String()) {
		var said struct {
			Page  int
			Error string
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatal(err)
		}
		told[said.Page] = said.Error
	}
	for page, w := range want {
		if (w.log == "") != (told[page] == "") || !strings.Contains(told[page], w.log) {
			t.Errorf("of page %d the log says %q, want %q", page, told[page], w.log)
		}
	}
}

// TestTheEndOfTheCallersTimeIsNotBlamedOnThePage: a task of the queue has a deadline, and
// what it did not come to is read later.
func TestTheEndOfTheCallersTimeIsNotBlamedOnThePage(t *testing.T) {
	t.Parallel()
	p, job := pool(t, 1)
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	_, err := p.Read(ctx, job, pipeline.Leaf{Page: pageHangs}, filepath.Join(job.Scratch, "c"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Read = %v, want the end of the caller's time", err)
	}
}

func TestAFileThatBreaksReadersIsRefused(t *testing.T) {
	t.Parallel()
	p, job := pool(t, 1)
	job.Path = filepath.Join(job.Scratch, "breaker")
	if err := os.WriteFile(job.Path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := p.Open(t.Context(), job)
	refusal, ok := pipeline.AsRefusal(err)
	if !ok || refusal.Reason.Code != "breaks-readers" || refusal.Reason.Vietnamese == "" {
		t.Errorf("Open = %v, want it refused with a reason for people", err)
	}
	job.Path = filepath.Join(job.Scratch, "original")
	if _, err := p.Open(t.Context(), job); err != nil {
		t.Errorf("the next file suffers: %v", err)
	}
}

// TestAMissingModelIsNotBlamedOnTheFile: else every paper that comes in would be
// rejected for good.
func TestAMissingModelIsNotBlamedOnTheFile(t *testing.T) {
	t.Parallel()
	p, job := pool(t, 1)
	original := job.Path
	job.Path = filepath.Join(job.Scratch, "lacking")
	if err := os.WriteFile(job.Path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, err := p.Open(t.Context(), job)
		if missing, ok := errors.AsType[*pipeline.Unavailable](err); !ok || missing.What != "the recognizer" {
			t.Errorf("Open = %v, want the recognizer unavailable", err)
		}
	}
	job.Path = original
	if _, err := p.Open(t.Context(), job); err != nil {
		t.Errorf("once it is there: %v", err)
	}
}

// Readers that cannot even start say nothing about the file.
func TestAMissingReaderIsNotBlamedOnTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	job := reader.Job{Path: filepath.Join(dir, "original"), Scratch: dir, Lane: pipeline.Desk}
	if err := os.WriteFile(job.Path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{os.Args[0], asChild, neverReady}, {filepath.Join(dir, "no-such-program")}} {
		p := reader.NewPool(reader.Options{
			Command: command, Settings: reader.Settings{Memory: 400 << 20},
			Children: 1, Patience: 4 * time.Second, Recycle: 3, Log: slog.New(slog.DiscardHandler),
		})
		_, opened := p.Open(t.Context(), job)
		_, read := p.Read(t.Context(), job, pipeline.Leaf{Page: pageGood}, filepath.Join(dir, "c"))
		p.Close()
		var missing *pipeline.Unavailable
		if !errors.As(opened, &missing) || !errors.As(read, &missing) {
			t.Errorf("with %q: Open = %v, Read = %v, want Unavailable", command[1:], opened, read)
		}
	}
}

func TestAWorkerThatIsStoppedIsNotBlamedOnThePage(t *testing.T) {
	t.Parallel()
	p, job := pool(t, 1)
	ctx, stop := stoppable(t)
	go stop()
	_, err := p.Read(ctx, job, pipeline.Leaf{Page: pageHangs}, filepath.Join(job.Scratch, "c"))
	if !errors.Is(err, errStopped) {
		t.Errorf("Read = %v, want the reason for stopping", err)
	}
}

var errStopped = errors.New("stopped")

func stoppable(t *testing.T) (context.Context, func()) {
	t.Helper()
	ctx, stop := context.WithCancelCause(t.Context())
	return ctx, func() { stop(errStopped) }
}
