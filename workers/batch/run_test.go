package batch_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers/batch"
)

// inTime runs a test whose clock moves when nothing else does.
func inTime(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dir := t.TempDir() // made outside, so that it is there when all is cleaned up
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.root = dir
		f(t, w)
	})
}

// TestShelf works through a small shelf of all that there is, and then finds nothing to do.
func TestShelf(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		const other = "H42.15-221011-0002"
		w.put(number+" Nguyễn Văn A/Đơn.pdf", pdf("đơn"))
		w.put(number+" Nguyễn Văn A/Kết quả/Quyết định.pdf", pdf("quyết định"))
		w.put(number+" Nguyễn Văn A/Khai sinh 1.jpg", jpg("một"))
		w.put(number+" Nguyễn Văn A/Khai sinh 2.jpg", jpg("hai"))
		w.put(other+"/Tờ khai.pdf", pdf("tờ khai"))
		w.put(other+"/Hỏng.pdf", pdf("refuse me"))
		w.put(other+"/Thumbs.db", "x")
		w.put("scan0001.jpg", jpg("ở ngoài"))
		w.put("Bảng kê.csv", "Mã hồ sơ,Tên tệp,Người ký\n"+other+",Tờ khai.pdf,Trần Thị B\n"+other+",Không có.pdf,\n")
		var last batch.Progress
		run := w.run(pipeline.RunDone, func(e *batch.Engine) { e.Tell = func(p batch.Progress) { last = p } })
		a, b := number+" Nguyễn Văn A/", other+"/"
		want := map[string]string{
			a + "Đơn.pdf": "received +list-lacks", a + "Kết quả/Quyết định.pdf": "received +list-lacks",
			a + "Khai sinh 1.jpg": "received +list-lacks", a + "Khai sinh 2.jpg": "received +list-lacks",
			b + "Tờ khai.pdf": "received", b + "Hỏng.pdf": "refused " + "refused", b + "Thumbs.db": "ignored",
			"scan0001.jpg": "held loose-pages", "Bảng kê.csv": "ignored +row-without-file",
		}
		if diff := cmp.Diff(want, w.states()); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		w.once(pdf("đơn"), pdf("quyết định"), jpg("một"), jpg("hai"), pdf("tờ khai"))
		for _, p := range w.papers {
			signer, _ := pipeline.FieldOf(p.Known, pipeline.FieldSigner)
			if listed := p.FileName == "Tờ khai.pdf"; listed != (signer.Value == "Trần Thị B" && signer.Source == pipeline.ByList) {
				t.Errorf("%s: the inventory is said to say %+v", p.FileName, p.Known)
			}
			if wants := map[string]string{"Khai sinh 1.zip": number, "Tờ khai.pdf": other}[p.FileName]; wants != "" && p.Dossier.String() != wants {
				t.Errorf("%s is of %s", p.FileName, p.Dossier)
			}
		}
		if last.Received != 5 || last.Held != 1 || last.Refused != 1 || last.Ignored != 2 || last.HandedIn != 4 || last.Files != 9 || last.Run.How != pipeline.RunDone {
			t.Errorf("progress %+v", last)
		}
		if run.Found != 9 {
			t.Errorf("found %d files", run.Found)
		}
		received := w.calls["receive"]
		w.run(pipeline.RunDone, nil)
		if w.calls["receive"] != received+1 { // what was refused is tried again
			t.Errorf("the second run handed in %d papers", w.calls["receive"]-received)
		}
		if diff := cmp.Diff(want, w.states()); diff != "" {
			t.Errorf("files after the second run (-before +after):\n%s", diff)
		}
	})
}

// TestSettle wants files to lie still, whole and unlocked before they are taken.
func TestSettle(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.putAt(number+"/Mới.pdf", pdf("mới"), w.now())
		w.putAt(number+"/Chưa xong.jpg", "\xFF\xD8\xFF\xE0nửa", w.now())
		w.putAt(number+"/Đồng hồ chạy trước.pdf", pdf("mai"), w.now().Add(20*time.Hour))
		w.putAt(number+"/Chỗ trống.png", "\x00\x00\x00\x00\x00\x00\x00\x00", w.now())
		w.put(number+"/Cũ.pdf", pdf("cũ"))
		w.put(number+"/Cũ mà dở.jpg", "\xFF\xD8\xFF\xE0mãi mãi")
		began := w.now()
		taken := map[string]time.Duration{}
		w.after = func(call string) error {
			if call != "receive" {
				return nil
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, p := range w.papers {
				if _, ok := taken[p.FileName]; !ok {
					taken[p.FileName] = w.now().Sub(began)
				}
			}
			return nil
		}
		go func() {
			<-time.After(2 * time.Hour)
			w.putAt(number+"/Chưa xong.jpg", jpg("cả"), w.now())
			w.putAt(number+"/Chỗ trống.png", "\x89PNG\r\n\x1a\nIEND\xAE\x42\x60\x82", w.now())
		}()
		w.run(pipeline.RunDone, nil)
		for name, span := range map[string][2]time.Duration{
			"Cũ.pdf": {0, time.Second}, "Cũ mà dở.jpg": {0, time.Second},
			"Mới.pdf": {time.Minute, 2 * time.Minute}, "Đồng hồ chạy trước.pdf": {time.Minute, 2 * time.Minute},
			"Chưa xong.jpg": {2*time.Hour + time.Minute, 2*time.Hour + 4*time.Minute}, "Chỗ trống.png": {2*time.Hour + time.Minute, 2*time.Hour + 4*time.Minute},
		} {
			if got, ok := taken[name]; !ok || got < span[0] || got > span[1] {
				t.Errorf("%s was taken after %v (%v), want %v", name, got, ok, span)
			}
		}
	})
}

// TestUntil stops at the hour, and the next run goes on.
func TestUntil(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		var all []string
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			w.put(number+"/Giấy "+name+".pdf", pdf(name))
			all = append(all, pdf(name))
		}
		w.slots = 1
		w.before = func(call string) error {
			if call == "receive" {
				<-time.After(10 * time.Minute)
			}
			return nil
		}
		until := w.now().Add(25 * time.Minute)
		w.run(pipeline.RunUntil, func(e *batch.Engine) { e.Until, e.Hands = until, 2 })
		if late := w.now().Sub(until); late > 10*time.Minute || late < 0 {
			t.Errorf("it ended %v after the hour", late)
		}
		if len(w.papers) != 6 { // four were done, two were in flight
			t.Errorf("%d papers", len(w.papers))
		}
		w.run(pipeline.RunDone, nil)
		w.once(all...)
	})
}

// TestAhead keeps the service no further ahead than it is to be.
func TestAhead(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		var all []string
		for i := range 60 {
			name := string(rune('A'+i%26)) + string(rune('a'+i/26)) + "x"
			w.put(number+"/Giấy "+name+".pdf", pdf(name))
			all = append(all, pdf(name))
		}
		w.slots = 3
		w.run(pipeline.RunDone, func(e *batch.Engine) { e.Ahead = 7 })
		if w.mostly > 7 {
			t.Errorf("%d papers were open at once", w.mostly)
		}
		w.once(all...)
		if w.calls["balance"] > 40 {
			t.Errorf("%d looks at the balance", w.calls["balance"])
		}
	})
}

// TestAway waits for hours for whatever does not answer.
func TestAway(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"receive", "tick", "walked", "files", "open", "begin", "balance"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			inTime(t, func(t *testing.T, w *world) {
				t.Helper()
				for _, name := range []string{"a", "b", "c", "d", "e"} {
					w.put(number+"/Giấy "+name+".pdf", pdf(name))
				}
				began := w.now()
				var tries atomic.Int64 // by all hands at once
				w.before = func(c string) error {
					if c == call && w.now().Sub(began) < 3*time.Hour {
						tries.Add(1)
						return away("object storage")
					}
					return nil
				}
				lacked := false
				w.run(pipeline.RunDone, func(e *batch.Engine) {
					e.Tell = func(p batch.Progress) { lacked = lacked || p.Phase == batch.Away && p.Lacks == "object storage" }
				})
				w.once(pdf("a"), pdf("b"), pdf("c"), pdf("d"), pdf("e"))
				if n := tries.Load(); n > 3*200 {
					t.Errorf("%d tries in three hours", n)
				}
				if !lacked {
					t.Error("nobody was told what is waited for")
				}
			})
		})
	}
}

// TestShareAway waits for the shelf itself, and takes nothing for gone meanwhile.
func TestShareAway(t *testing.T) {
	t.Parallel()
	for name, empty := range map[string]bool{"no folder": false, "an empty folder": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTime(t, func(t *testing.T, w *world) {
				t.Helper()
				w.root = filepath.Join(w.root, "tủ")
				for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
					w.put(number+"/Giấy "+name+".pdf", pdf(name))
				}
				gone := false
				w.after = func(call string) error {
					if call != "receive" || gone {
						return nil
					}
					gone = true
					// What is read through a handle on the folder is to be away as well.
					if err := os.Rename(filepath.Join(w.root, number), w.root+" xa"); err != nil {
						t.Error(err)
					}
					if !empty {
						if err := os.Remove(w.root); err != nil {
							t.Error(err)
						}
					}
					go func() {
						<-time.After(5 * time.Hour)
						_ = os.Mkdir(w.root, 0o750) // may be there
						if err := os.Rename(w.root+" xa", filepath.Join(w.root, number)); err != nil {
							t.Error(err)
						}
					}()
					return nil
				}
				w.run(pipeline.RunDone, func(e *batch.Engine) { e.Hands = 1 })
				if len(w.papers) != 6 {
					t.Errorf("%d papers", len(w.papers))
				}
				for path, state := range w.states() {
					if state != "received" {
						t.Errorf("%s is %s", path, state)
					}
				}
			})
		})
	}
}

// TestNoShelf refuses a folder that never was.
func TestNoShelf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.root = filepath.Join(w.root, "không có")
	if _, err := w.engine(nil).Run(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if len(w.runs) > 0 {
		t.Error("a run was begun")
	}
}

// TestStopped ends at once when a person stops it.
func TestStopped(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/Giấy.pdf", pdf("a"))
		w.putAt(number+"/Mới.pdf", pdf("b"), w.now())
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			<-time.After(20 * time.Second)
			stop()
		}()
		run, err := w.engine(nil).Run(ctx)
		if err != nil || run.How != pipeline.RunStopped {
			t.Errorf("ended %q, %v", run.How, err)
		}
		w.check()
		w.once(pdf("a"))
		if got := w.states()[number+"/Mới.pdf"]; got != "waiting still-changing" {
			t.Errorf("the new file is %s", got)
		}
	})
}

// TestWatch goes on after all is done.
func TestWatch(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/Giấy.pdf", pdf("a"))
		go func() {
			<-time.After(3 * time.Hour)
			w.putAt(number+"/Mới.pdf", pdf("b"), w.now())
		}()
		until := w.now().Add(4 * time.Hour)
		run, err := w.engine(func(e *batch.Engine) { e.Watch, e.Until = true, until }).Run(t.Context())
		if err != nil {
			t.Fatal(run.How, err)
		}
		w.check()
		w.once(pdf("a"), pdf("b"))
		if w.now().Before(until) {
			t.Error("it ended by itself")
		}
	})
}

// TestLost ends a run that was taken for dead, and writes nothing more.
func TestLost(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.putAt(number+"/Mới.pdf", pdf("b"), w.now())
		go func() {
			<-time.After(30 * time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.runs[0].How = pipeline.RunLost
			w.runs = append(w.runs, pipeline.Run{N: 2, Beat: w.now()})
		}()
		if _, err := w.engine(nil).Run(t.Context()); !errors.Is(err, pipeline.ErrStale) {
			t.Errorf("error %v", err)
		}
		if w.calls["end"] > 0 || len(w.papers) > 0 {
			t.Error("it went on")
		}
		if _, err := w.engine(nil).Run(t.Context()); !errors.Is(err, errLives) {
			t.Errorf("beside a living one: %v", err)
		}
	})
}

// TestHears takes in what comes as soon as it lies still, in old folders and new ones, an
// hour before the next look at the tree: the file system tells of it.
func TestHears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.zero = w.from
	mapping, err := shelf.Parse([]byte("settle: 1s\n"))
	if err != nil {
		t.Fatal(err)
	}
	taken := make(chan struct{}, 10)
	w.after = func(call string) error {
		if call == "receive" {
			taken <- struct{}{}
		}
		return nil
	}
	e := &batch.Engine{
		Desk: desk{w}, Ledger: ledger{w}, Tables: tables, Root: w.root, Host: "may", Label: "dem", By: "hoso",
		Mapping: mapping, Now: w.now, Watch: true, Rescan: time.Hour,
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	comes := func(name, content string) {
		w.putAt(name, content, w.now())
		select {
		case <-taken:
		case <-time.After(time.Minute):
			t.Errorf("%s was not taken in within a minute", name)
		}
	}
	w.put(number+"/Cũ.pdf", pdf("cũ"))
	go func() {
		_, err := e.Run(ctx)
		ended <- err
	}()
	comes(number+"/Mới.pdf", pdf("mới"))
	<-taken // of the old one
	comes(number+"/Sau.pdf", pdf("sau"))
	comes("H42.15-221011-0002/Kết quả/Giấy.pdf", pdf("khác"))
	comes("H42.15-221011-0002/Kết quả/Nữa.pdf", pdf("nữa"))
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	w.check()
	w.once(pdf("cũ"), pdf("mới"), pdf("sau"), pdf("khác"), pdf("nữa"))
}

// TestAsksSeldom asks for totals that take long no oftener than a tenth of the time.
func TestAsksSeldom(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/Giấy.pdf", pdf("a"))
		w.before = func(call string) error {
			if call == "balance" {
				<-time.After(2 * time.Second)
			}
			return nil
		}
		until := w.now().Add(20 * time.Minute)
		if _, err := w.engine(func(e *batch.Engine) { e.Watch, e.Until = true, until }).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.once(pdf("a"))
		if asked := w.calls["balance"]; asked < 20 || asked > 70 {
			t.Errorf("the totals were asked for %d times in 20 minutes", asked)
		}
	})
}
