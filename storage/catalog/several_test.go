package catalog_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	osexec "os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

// severalHandles lets two openings of one catalog compete for the same papers.
func severalHandles(t *testing.T, dsn string) {
	t.Helper()
	handles := []*catalog.Catalog{open(t, dsn), open(t, dsn)}
	const papers, rivals = 10, 8
	var fresh, moved atomic.Int64
	var all sync.WaitGroup
	for r := range rivals {
		all.Go(func() {
			c, owner := handles[r%2], fmt.Sprintf("rival %d", r)
			for i := range papers {
				p := catalogtest.Paper(i)
				got, again, err := c.Receive(t.Context(), p, catalogtest.Event("received", p.Received))
				if err != nil {
					t.Error(err)
					return
				}
				if !again {
					fresh.Add(1)
				}
				if _, err = c.Claim(t.Context(), got.ID, 1, owner, time.Now().Add(time.Hour)); err == nil {
					got.State, got.Gen = pipeline.Composed, 1
					_, err = c.Commit(t.Context(), catalog.Move{Paper: got, Owner: owner})
					moved.Add(1)
				}
				if err != nil && !errors.Is(err, catalog.ErrStale) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if fresh.Load() != papers || moved.Load() != papers {
		t.Errorf("%d papers received and %d moved, want %d each", fresh.Load(), moved.Load(), papers)
	}
	sound(t, handles[0])
	sound(t, handles[1])
}

// openTogether opens a catalog that is not there yet many times at once.
func openTogether(t *testing.T, dsn string) {
	t.Helper()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			c, err := catalog.Open(t.Context(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestSeveralHandlesSQLite(t *testing.T) {
	t.Parallel()
	severalHandles(t, liteFile(t))
}

func TestOpenTogetherSQLite(t *testing.T) {
	t.Parallel()
	openTogether(t, liteFile(t))
}

var (
	writerOf   = flag.String("writer", "", "catalog that TestWriterProcess writes to until it is killed")
	writerFrom = flag.Int("writer-from", 0, "the first paper of TestWriterProcess")
)

// TestWriterProcess is the process that TestKilledWriter kills.
func TestWriterProcess(t *testing.T) {
	if *writerOf == "" {
		return
	}
	c, err := catalog.Open(t.Context(), *writerOf)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("biên bản bàn giao ", 50)
	for i := *writerFrom; i < *writerFrom+10; i++ {
		p := receive(t, c, i)
		p.State = pipeline.Recognized
		if _, err := c.Commit(t.Context(), catalog.Move{Paper: p, Text: &text}); err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintln(os.Stdout, "done", i)
	}
	half := catalogtest.Paper(*writerFrom + 10)
	err = c.HoldHalf(t.Context(), half, func() {
		_, _ = fmt.Fprintln(os.Stdout, "half")
		select {}
	})
	t.Fatal(err)
}

// TestKilledWriter kills a process in the middle of a transaction, and another one
// at any moment, while this one has the catalog open.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	dsn := liteFile(t)
	c := open(t, dsn)
	for round, last := range []string{"half", "done 103", "half", "done 307"} {
		first := round * 100
		done := killAfter(t, dsn, first, last)
		for i := range done {
			p, err := c.Paper(t.Context(), catalogtest.ID(first+i))
			if err != nil || p.State != pipeline.Recognized {
				t.Errorf("what the process had done is %+v, %v", p, err)
			}
		}
		if _, err := c.Paper(t.Context(), catalogtest.ID(first+10)); err == nil {
			t.Error("half a transaction is there")
		}
		sound(t, c)
		receive(t, c, first+50)
	}
	var verdict string
	if err := c.Writer().QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("SQLite finds %q, %v", verdict, err)
	}
	exec(t, c, "INSERT INTO words (words) VALUES ('integrity-check')")
}

// killAfter runs a writer, kills it once it has said last, and gives how many papers
// it said were done.
func killAfter(t *testing.T, dsn string, first int, last string) int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := osexec.CommandContext(t.Context(), self, "-test.run=^TestWriterProcess$", "-writer", dsn, "-writer-from", fmt.Sprint(first))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done, said := 0, false
	lines := bufio.NewScanner(out)
	for !said && lines.Scan() {
		if strings.HasPrefix(lines.Text(), "done") {
			done++
		}
		said = lines.Text() == last
	}
	if !said {
		t.Errorf("the writer ended before %q", last)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the writer was not killed")
	}
	return done
}
