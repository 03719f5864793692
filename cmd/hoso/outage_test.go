package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
)

// prompt is how long the service may take to say how things are, however they are.
const prompt = 8 * time.Second

// TestAuthorityOutages: whatever the timestamp authority does wrong, papers wait and
// say for what, everything else goes on, and all is filed by itself once it is right.
func TestAuthorityOutages(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	authority := startAuthority(t, ca)
	env := append(ca.keyFile(t, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0)),
		"HOSO_TSA="+authority.url, "HOSO_TSA_TIME=2s", "HOSO_TRUST="+ca.file)
	s := newService(t, env...)
	all := map[pipeline.PaperID]pipeline.Digest{}
	for name, answer := range map[string]http.HandlerFunc{
		"busy":    func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "busy", http.StatusServiceUnavailable) },
		"hangs":   func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() },
		"garbage": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Welcome</html>") },
		"other imprint": func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if at := bytes.Index(body, []byte{0x04, 0x20}); at > 0 {
				body[at+5] ^= 1
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			authority.good(w, r)
		},
	} {
		authority.behave(answer)
		sent := s.handIn(3, "desk")
		for id := range sent {
			p := s.waits(id, "máy chủ cấp dấu thời gian")
			if p.State != pipeline.Failed || p.Composed.IsZero() || !p.Record.IsZero() {
				t.Errorf("%s: %s is %s; want it composed, not signed, and waiting", name, id, p.State)
			}
		}
		if now, took := s.standing(); took > prompt || now.Open < int64(len(sent)) {
			t.Errorf("%s: status took %v and says %+v", name, took, now.Balance)
		}
		authority.behave(authority.good)
		began := time.Now()
		s.settle()
		t.Logf("%s: filed %v after the authority was back", name, time.Since(began).Round(100*time.Millisecond))
		maps.Copy(all, sent)
	}
	s.hold(all)
}

// TestIssuerOutages: while nobody tells whether the agency's certificate is revoked, papers
// wait, and start, status and paper say for what; once somebody does, they go on. What is
// revoked signs nothing.
func TestIssuerOutages(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	authority := startAuthority(t, ca)
	key := newKey(t)
	leaf := ca.leaf(t, key, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))
	away := func(down bool) {
		for _, path := range []string{"ocsp", "ca.crl", "root.crl"} {
			ca.Down(path, down)
		}
	}
	away(true)
	s := newService(t, append(ca.keyFileOf(t, key, leaf), "HOSO_TSA="+authority.url, "HOSO_TRUST="+ca.file)...)
	s.greeting(`hoso: (Đang chờ tổ chức cấp chứng thư số)`)
	sent := s.handIn(2, "desk")
	for id := range sent {
		if p := s.waits(id, "máy chủ OCSP, CRL chưa trả lời"); p.State != pipeline.Failed || !p.Record.IsZero() {
			t.Errorf("%s is %s; want it not signed, and waiting", id, p.State)
		}
	}
	s.saysUnhealthy("certificate")
	if n := authority.asked.Load(); n != 0 {
		t.Errorf("%d timestamps were asked for, although nothing may be signed", n)
	}
	away(false)
	s.settle()
	s.hold(sent)

	ca.Revoke(leaf, time.Now().Add(-time.Minute))
	s.stop()
	s.start()
	before := authority.asked.Load()
	for id := range s.handIn(1, "desk") {
		if p := s.waits(id, "đã bị thu hồi"); p.State != pipeline.Failed || !p.Record.IsZero() {
			t.Errorf("%s is %s; want it not signed", id, p.State)
		}
	}
	if n := authority.asked.Load() - before; n != 0 {
		t.Errorf("%d timestamps were asked for with a revoked certificate", n)
	}
}

// TestAuthorityGoesBetween: the authority is away after the signature's timestamp. The
// record is filed at what there is, and completed by itself: the signature stays the same.
func TestAuthorityGoesBetween(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	authority := startAuthority(t, ca)
	var given atomic.Int64
	authority.behave(func(w http.ResponseWriter, r *http.Request) {
		if given.Add(1) > 1 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		authority.good(w, r)
	})
	env := append(ca.keyFile(t, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0)), "HOSO_TSA="+authority.url, "HOSO_TRUST="+ca.file)
	s := newService(t, env...)
	papers, code := s.submitted(filepath.Join(scans, "quyet-dinh.jpg"))
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed || papers[0].Sealed.Level != "B-LT" {
		t.Fatalf("submit: exit %d, %+v; want it filed at B-LT", code, papers)
	}
	first := papers[0]
	s.foundAndGood(first, ca.file)
	authority.behave(authority.good)
	s.stop()
	s.start() // what is to be renewed is looked for now, and every ten minutes
	var last pipeline.Paper
	eventually(t, time.Minute, "the record is completed", func() bool {
		out, code := quietly(s, "status", "--json", string(first.ID))
		return code == 0 && json.Unmarshal([]byte(out), &last) == nil && last.Sealed.Level == "B-LTA"
	})
	if last.State != pipeline.Filed || len(last.Grown) != 1 || last.Grown[0].Digest != first.Record || !last.Sealed.Time.Equal(first.Sealed.Time) {
		t.Errorf("completed to %+v, before it %+v", last.Sealed, last.Grown)
	}
	s.foundAndGood(last, ca.file)
}

// TestSlowAuthority: an authority that takes its time is asked once for each paper while
// papers wait for it, and by no more than a few at once; records are completed behind them.
func TestSlowAuthority(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	authority := startAuthority(t, ca)
	var now, most atomic.Int64
	authority.behave(func(w http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		select {
		case <-time.After(4 * time.Second): // longer than what counts as quick
			authority.good(w, r)
		case <-r.Context().Done():
		}
	})
	env := append(ca.keyFile(t, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0)), "HOSO_TSA="+authority.url, "HOSO_TRUST="+ca.file)
	s := newService(t, env...)
	sent := s.handIn(7, "desk")
	maps.Copy(sent, s.handIn(5, "batch"))
	if _, took := s.standing(); took > prompt {
		t.Errorf("status took %v", took)
	}
	s.settle()
	s.holdPapers(sent)
	if asked := authority.asked.Load(); asked != int64(len(sent)) || most.Load() > 4 {
		t.Errorf("asked %d times for %d papers, %d times at once", asked, len(sent), most.Load())
	}
	s.missing(len(sent))
	authority.behave(authority.good)
	s.stop()
	s.start()
	s.missing(0)
	s.holdPapers(sent)
}

// missing waits until so many records count as incomplete.
func (s *service) missing(want int) {
	s.t.Helper()
	eventually(s.t, time.Minute, fmt.Sprintf("%d records are incomplete", want), func() bool {
		var now struct{ Renewals pipeline.Renewals }
		out, code := quietly(s, "status", "--json")
		return code == 0 && json.Unmarshal([]byte(out), &now) == nil && now.Renewals.Missing == int64(want)
	})
}

// TestOutsideOutages takes away, one after the other and while papers are being worked
// on: the queue, the queue with all that it knew, and the catalog, which falls silent
// as a machine does that is switched off, or ends.
func TestOutsideOutages(t *testing.T) {
	t.Parallel()
	o := startOutside(t)
	s := newService(t, o.env...)
	all := map[pipeline.PaperID]pipeline.Digest{}
	var thaw func()
	for _, outage := range []struct {
		name, part  string
		begin, end  func()
		takesPapers bool
	}{
		{"queue frozen", "queue", func() { o.queue.signal(syscall.SIGSTOP) }, func() { o.queue.signal(syscall.SIGCONT) }, true},
		{"queue lost", "queue", func() { o.queue.kill(); o.queue.forget() }, o.queue.start, true},
		{"catalog frozen", "", func() { thaw = o.freezeCatalog(t) }, func() { thaw() }, false},
		{"catalog stopped", "", func() { o.catalog.Stop(t) }, func() { o.catalog.Start(t) }, false},
	} {
		maps.Copy(all, s.handIn(6, "desk"))
		outage.begin()
		if outage.takesPapers {
			maps.Copy(all, s.handIn(2, "desk"))
			s.saysUnhealthy(outage.part)
		} else {
			s.refusesForNow()
		}
		outage.end()
		began := time.Now()
		s.settle()
		t.Logf("%s: settled %v after it was back", outage.name, time.Since(began).Round(100*time.Millisecond))
	}
	s.holdPapers(all)
	if now, _ := s.standing(); now.Received != int64(len(all)) {
		t.Errorf("received %d, receipts were given for %d", now.Received, len(all))
	}
}

// freezeCatalog stops all processes of the catalog's server; thaw lets them go on.
func (o *outside) freezeCatalog(t *testing.T) (thaw func()) {
	t.Helper()
	server := o.catalog.PID(t)
	all := append(below(server), server)
	send := func(s syscall.Signal) {
		for _, pid := range all {
			if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
				t.Error(err)
			}
		}
	}
	thaw = func() { send(syscall.SIGCONT) }
	t.Cleanup(thaw) // also after a failure: nothing frozen stays behind
	send(syscall.SIGSTOP)
	return thaw
}

// saysUnhealthy makes sure that the service says soon which of its parts is missing,
// with others that may be missing for the same reason.
func (s *service) saysUnhealthy(part string, perhaps ...string) {
	s.t.Helper()
	now, took := s.standing()
	if took > prompt {
		s.t.Errorf("status took %v while the %s was away", took, part)
	}
	if len(now.Services) == 0 {
		s.t.Errorf("status says nothing of the parts while the %s is away", part)
	}
	for _, each := range now.Services {
		if each.Name == part && (each.Healthy || !strings.Contains(each.Say, "an toàn")) {
			s.t.Errorf("status says of the %s: %+v", part, each)
		}
		if each.Name != part && !each.Healthy && !slices.Contains(perhaps, each.Name) {
			s.t.Errorf("status says of the %s while the %s is away: %+v", each.Name, part, each)
		}
	}
}

// refusesForNow hands a paper in that cannot be received now: the sender is told so in
// plain words and in time, and nothing of it counts as received.
func (s *service) refusesForNow() {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "giấy chưa nhận.jpg")
	write(s.t, path, smallScan(3, s.scans))
	s.scans++
	began := time.Now()
	out, code := s.hoso("submit", "--json", path)
	if took := time.Since(began); took > 45*time.Second {
		s.t.Errorf("the sender waited %v for an answer", took)
	}
	if code != 5 || !strings.Contains(out, "chưa được nhận") {
		s.t.Errorf("submit: exit %d, %s; want 5 and plain words", code, out)
	}
}

// TestObjectsFrozen stops the embedded object storage for a while without killing it.
func TestObjectsFrozen(t *testing.T) {
	t.Parallel()
	s := newService(t)
	sent := s.handIn(6, "desk")
	pids := s.descendants("hoso-s3 /")
	if len(pids) != 1 {
		t.Fatalf("S3 servers below the service: %v", pids)
	}
	if err := syscall.Kill(pids[0], syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s.saysUnhealthy("objects")
	s.refusesForNow()
	if err := syscall.Kill(pids[0], syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s.settle()
	t.Logf("settled %v after it was back", time.Since(began).Round(100*time.Millisecond))
	s.holdPapers(sent)
}

// TestDiskFull fills the disk with the data folder to the brim while papers are handed
// in and worked on. What cannot be kept is not received; what was received is finished
// by itself once there is room.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t)
	s := newServiceIn(t, filepath.Join(disk, "dữ liệu"))
	papers, code := s.submitted(filepath.Join(scans, "quyet-dinh.jpg"))
	if code != 0 || len(papers) != 1 {
		t.Fatalf("submit: exit %d, %+v", code, papers)
	}
	sent := s.handIn(4, "desk")
	sent[papers[0].ID] = papers[0].Original
	for _, scan := range []string{"giay-tiep-nhan-nghieng.jpg", "ho-so-3-trang.pdf"} {
		out, code := s.hoso("submit", "--json", filepath.Join(scans, scan))
		if code != 0 {
			t.Fatalf("submit: exit %d, %s", code, out)
		}
		r := objects[pipeline.Receipt](t, out)[0]
		sent[r.ID] = r.Digest
	}
	load := startLoad(s, 10)
	stop := make(chan struct{})
	filled := make(chan error, 1)
	go func() { filled <- fill(filepath.Join(disk, "đầy"), stop) }()
	eventually(t, time.Minute, "the disk is full", func() bool {
		var left syscall.Statfs_t
		return syscall.Statfs(disk, &left) == nil && left.Bavail == 0
	})
	s.refusesWhenFull()
	waitFor(5 * time.Second)
	s.saysUnhealthy("disk", "queue", "objects", "worker")
	close(stop)
	if err := <-filled; err != nil {
		t.Fatal(err)
	}
	maps.Copy(sent, load.finish())
	began := time.Now()
	s.settle()
	t.Logf("settled %v after there was room; %d papers", time.Since(began).Round(100*time.Millisecond), len(sent))
	s.hold(sent)
	s.readWhole(sent)
}

// refusesWhenFull waits until a sender is told that there is no room.
func (s *service) refusesWhenFull() {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "giấy chưa nhận.jpg")
	// No paper that could ever be filed. On so small a disk any failure is put down to
	// the disk: should it be received before the disk is full, it waited for ever.
	write(s.t, path, bytes.Repeat([]byte("không phải ảnh "), 200_000))
	eventually(s.t, time.Minute, "a sender is told that there is no room", func() bool {
		out, code := quietly(s, "submit", "--json", path)
		return code == 5 && strings.Contains(out, "chưa được nhận")
	})
}

// readWhole makes sure that no page suffered for the disk's sake.
func (s *service) readWhole(sent map[pipeline.PaperID]pipeline.Digest) {
	s.t.Helper()
	for id := range sent {
		words := s.page("/api/v1/papers/" + string(id) + "/words")
		for line := range strings.Lines(words) { // one for each page
			var p pipeline.Page
			if err := json.Unmarshal([]byte(line), &p); err != nil {
				s.t.Errorf("%s: words %.200s, %v", id, line, err)
			}
			if p.Outcome == pipeline.PageFailed || p.Outcome == pipeline.PageTimedOut {
				s.t.Errorf("%s page %d: %s", id, p.Number, p.Outcome)
			}
		}
	}
}

// smallDisk is a disk of 48 MB of its own.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "đĩa nhỏ")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=48m"); err != nil {
		t.Fatalf("mounting a small disk, which needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill keeps a disk full until stop, then makes room.
func fill(path string, stop <-chan struct{}) error {
	file, err := os.Create(path) //nolint:gosec // on the test's own disk
	if err != nil {
		return err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	block := make([]byte, 64<<10)
	for {
		select {
		case <-stop:
			return errors.Join(file.Close(), os.Remove(path))
		case <-tick.C:
		}
		for size := len(block); size >= 1; {
			n, err := file.Write(block[:size])
			switch {
			case err == nil:
			case !errors.Is(err, syscall.ENOSPC):
				return errors.Join(err, file.Close())
			case n == 0:
				size /= 8
			}
		}
	}
}
