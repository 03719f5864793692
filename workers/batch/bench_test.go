package batch_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers"
	"hoso/workers/batch"
)

// light is a service and a ledger that do next to nothing, so that what is measured is the
// engine.
type light struct {
	mu    sync.Mutex
	n     int
	calls int
	rows  []pipeline.ShelfFile
	run   pipeline.Run
}

func (l *light) Receive(_ context.Context, h workers.Handed) (pipeline.Receipt, error) {
	hash := sha256.New()
	size, err := io.Copy(hash, h.Body)
	if err != nil {
		return pipeline.Receipt{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	return pipeline.Receipt{ID: pipeline.PaperID(fmt.Sprintf("01M84E0F4CFGDGW2VC87%06d", l.n)), Digest: pipeline.DigestOf(hash), Size: size}, nil
}

func (l *light) call() func() {
	l.mu.Lock()
	l.calls++
	return l.mu.Unlock
}

func (l *light) Open(_ context.Context, s pipeline.Shelf) (pipeline.Shelf, error) {
	defer l.call()()
	s.Run = l.run
	return s, nil
}

func (l *light) Begin(context.Context, string, time.Time) (pipeline.Run, error) {
	defer l.call()()
	l.run = pipeline.Run{N: l.run.N + 1, Walk: l.run.Walk}
	return l.run, nil
}

func (l *light) Beat(context.Context, string, int) error {
	defer l.call()()
	return nil
}

func (l *light) End(context.Context, string, int, pipeline.RunEnd) error {
	defer l.call()()
	return nil
}

func (l *light) Balance(context.Context, string) (pipeline.ShelfBalance, error) {
	defer l.call()()
	return pipeline.ShelfBalance{}, nil
}

func (l *light) Files(_ context.Context, _ string, after int64) ([]pipeline.ShelfFile, int64, error) {
	defer l.call()()
	to := min(int(after)+1000, len(l.rows))
	next := int64(to)
	if to == len(l.rows) {
		next = 0
	}
	return l.rows[after:to], next, nil
}

func (l *light) Tick(_ context.Context, _ string, _ int, files []pipeline.ShelfFile) error {
	defer l.call()()
	for _, f := range files {
		if f.State == pipeline.FileReceived { // kept for the second run, as on a disk elsewhere
			l.rows = append(l.rows, f)
		}
	}
	return nil
}

func (l *light) Walked(_ context.Context, _ string, _ int, walk pipeline.Walk) (int, error) {
	defer l.call()()
	l.run.Walk = walk.N
	return 0, nil
}

// BenchmarkShelf works through shelves of tiny papers, and then through the same again, when
// nothing is left to do.
func BenchmarkShelf(b *testing.B) {
	for name, folder := range map[string]func(i int) string{
		"50000 papers in one folder": func(int) string { return "H42.15-221011-0001" },
		"100000 papers in 25000 folders": func(i int) string {
			return fmt.Sprintf("Hộp %03d/H42.15-221011-%05d Nguyễn Văn A", i/400, i/4+1)
		},
	} {
		var n int
		if _, err := fmt.Sscan(name, &n); err != nil {
			b.Fatal(err)
		}
		root := b.TempDir()
		old := time.Now().Add(-100 * time.Hour)
		for i := range n {
			file := filepath.Join(root, folder(i), fmt.Sprintf("Giấy %c%c%c.pdf", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%676))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(pdf(fmt.Sprint(i))), 0o600); err != nil {
				b.Fatal(err)
			}
			if err := os.Chtimes(file, old, old); err != nil {
				b.Fatal(err)
			}
		}
		l := &light{}
		for _, night := range []string{"first", "second"} {
			b.Run(name+"/"+night, func(b *testing.B) {
				l.calls = 0
				before := l.n
				e := batch.Engine{
					Desk: l, Ledger: l, Tables: tables, Root: root, Label: "dem", By: "hoso", Mapping: shelf.Default(), Ahead: n,
				}
				cpu, peak, stop := spent(), uint64(0), make(chan struct{})
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					tick := time.NewTicker(20 * time.Millisecond)
					defer tick.Stop()
					var m runtime.MemStats
					for {
						runtime.ReadMemStats(&m)
						peak = max(peak, m.HeapInuse)
						select {
						case <-tick.C:
						case <-stop:
							return
						}
					}
				}()
				run, err := e.Run(b.Context())
				close(stop)
				<-ended
				if err != nil || run.How != pipeline.RunDone {
					b.Fatal(run.How, err)
				}
				b.ReportMetric((spent() - cpu).Seconds(), "cpu-s")
				b.ReportMetric(float64(peak>>20), "MiB-heap")
				b.ReportMetric(float64(l.calls), "ledger-calls")
				b.ReportMetric(float64(l.n-before), "papers")
			})
		}
	}
}

// spent is the processor time of this process.
func spent() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // zero shows
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
