package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
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

// killsVariable asks for more kills than the few of every run.
const killsVariable = "HOSO_TEST_KILLS"

// TestKills kills, at random moments under load, the worker, a reader, the queue, the
// object storage, and the whole service, and then holds everything against what was
// promised: every receipt has its paper, every paper its one record, and every byte is
// the one that was sent.
func TestKills(t *testing.T) {
	kills := killsWanted(t, 6)
	s := newService(t)
	load := startLoad(s, kills)
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	t.Logf("%d kills, seed %d", kills, seed)
	dice := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // not a secret
	targets := map[string]int{}
	for range kills {
		waitFor(time.Duration(dice.IntN(1500)) * time.Millisecond)
		targets[s.killOne(dice)]++
	}
	sent := load.finish()
	t.Logf("killed %v; %d papers have receipts", targets, len(sent))
	s.settle()
	s.hold(sent)
}

// killsWanted is how many kills there are to be.
func killsWanted(t *testing.T, usual int) int {
	t.Helper()
	more := os.Getenv(killsVariable)
	if more == "" {
		return usual
	}
	n, err := strconv.Atoi(more)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// waitFor lets a random moment come; what happens at it is the test.
func waitFor(d time.Duration) {
	<-time.After(d)
}

// killOne kills something and gives its name. A killed service is started again.
func (s *service) killOne(dice *rand.Rand) string {
	s.t.Helper()
	names := []string{"work", "reader", "redis-server", "s3", "everything"}
	name := names[dice.IntN(len(names))]
	if name == "everything" {
		_ = s.cmd.Process.Kill()
		<-s.gone
		s.start()
		return name
	}
	word := map[string]string{"work": " work --data", "reader": " reader {", "redis-server": "redis-server", "s3": "hoso-s3 /"}[name]
	pids := s.descendants(word)
	if len(pids) == 0 {
		return "nothing (no " + name + ")"
	}
	_ = syscall.Kill(pids[dice.IntN(len(pids))], syscall.SIGKILL)
	return name
}

// load hands papers in all the while, sending again what got no receipt, as a clerk
// would.
type load struct {
	s    *service
	dir  string // for what is handed in
	stop chan struct{}
	done sync.WaitGroup
	mu   sync.Mutex
	sent map[pipeline.PaperID]pipeline.Digest
}

func startLoad(s *service, kills int) *load {
	l := &load{s: s, dir: s.t.TempDir(), stop: make(chan struct{}), sent: map[pipeline.PaperID]pipeline.Digest{}}
	for lane := range 2 {
		l.done.Go(func() {
			for n := range 2 + kills {
				select {
				case <-l.stop:
					return
				default:
					l.hand(lane, n)
				}
			}
		})
	}
	return l
}

func (l *load) hand(lane, n int) {
	scan, name := smallScan(lane, n), fmt.Sprintf("giấy %d-%d.jpg", lane, n)
	if n%4 == 3 { // the same bytes in many dossiers, with pages that take their time
		var err error
		if scan, err = os.ReadFile(filepath.Join(scans, "ho-so-3-trang.pdf")); err != nil {
			l.s.t.Error(err)
			return
		}
		name = fmt.Sprintf("hồ sơ %d-%d.pdf", lane, n)
	}
	path := filepath.Join(l.dir, name)
	if err := os.WriteFile(path, scan, 0o600); err != nil {
		l.s.t.Error(err)
		return
	}
	number := fmt.Sprintf("H42.15-221011-%04d", 1+lane*5000+n)
	deadline := time.Now().Add(3 * time.Minute)
	for time.Now().Before(deadline) {
		out, code := quietly(l.s, "submit", "--json", "--dossier", number, path)
		if code == 0 {
			var r pipeline.Receipt
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				l.s.t.Errorf("reading a receipt %q: %v", out, err)
				return
			}
			l.mu.Lock()
			l.sent[r.ID] = pipeline.Sum(scan)
			l.mu.Unlock()
			return
		}
		waitFor(200 * time.Millisecond)
	}
	l.s.t.Errorf("%s got no receipt within three minutes", number)
}

func quietly(s *service, args ...string) (string, int) {
	ctx, done := context.WithTimeout(context.Background(), time.Minute)
	defer done()
	path, err := build()
	if err != nil {
		return err.Error(), -1
	}
	cmd := exec.CommandContext(ctx, path, append([]string{args[0], "--data", s.data}, args[1:]...)...) //nolint:gosec // ours
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err.Error(), -1
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (l *load) finish() map[pipeline.PaperID]pipeline.Digest {
	close(l.stop)
	l.done.Wait()
	return l.sent
}

// settle waits until hoso has nothing left to do by itself.
func (s *service) settle() {
	s.t.Helper()
	var last pipeline.Balance
	eventually(s.t, 5*time.Minute, "everything settled", func() bool {
		out, code := quietly(s, "status", "--json")
		return code == 0 && json.Unmarshal([]byte(out), &last) == nil && last.Open == 0 && last.Received > 0
	})
	if !last.Even() {
		s.t.Errorf("the totals do not balance: %+v", last)
	}
}

// hold checks every promise against the catalog, the objects and the signatures.
func (s *service) hold(sent map[pipeline.PaperID]pipeline.Digest) {
	s.t.Helper()
	s.holdPapers(sent)
	s.holdTotals(len(sent))
	s.holdObjects(len(sent))
}

// holdPapers makes sure that every paper with a receipt is filed, with a record of its
// own that verifies.
func (s *service) holdPapers(sent map[pipeline.PaperID]pipeline.Digest) {
	s.t.Helper()
	signatures := map[pipeline.Digest]pipeline.PaperID{}
	for id, digest := range sent {
		out, code := s.hoso("status", "--json", string(id))
		if code != 0 {
			s.t.Errorf("LOST: %s has a receipt and is not in the catalog", id)
			continue
		}
		p := objects[pipeline.Paper](s.t, out)[0]
		if p.State != pipeline.Filed || p.Original != digest {
			s.t.Errorf("%s is %s (%s) with original %s, want filed with %s", id, p.State, p.Reason.Code, p.Original, digest)
		}
		if other, twice := signatures[p.Record]; twice {
			s.t.Errorf("%s and %s have the same record", id, other)
		}
		signatures[p.Record] = id
	}
	if out, code := s.hoso("verify", "--all", "--json"); code != 0 {
		s.t.Errorf("verify --all: exit %d\n%s", code, onlyBad(out))
	}
}

func onlyBad(out string) string {
	var bad []string
	for line := range strings.Lines(out) {
		if !strings.Contains(line, `"passed":true,"checks"`) {
			bad = append(bad, line)
		}
	}
	return strings.Join(bad, "")
}

// holdTotals makes sure that nothing was entered twice: what was received is what
// receipts were given for. A receipt that was lost on its way was asked for again.
func (s *service) holdTotals(receipts int) {
	s.t.Helper()
	out, _ := s.hoso("status", "--json")
	b := objects[pipeline.Balance](s.t, out)[0]
	if b.Received != int64(receipts) || b.Filed != int64(receipts) {
		s.t.Errorf("received %d, filed %d; receipts were given for %d", b.Received, b.Filed, receipts)
	}
}

// holdObjects re-hashes every stored object and counts manifests.
func (s *service) holdObjects(papers int) {
	s.t.Helper()
	manifests, blobs := 0, 0
	err := filepath.WalkDir(filepath.Join(s.data, "objects"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.Contains(path, "/manifests/") {
			manifests++
		}
		digest, err := pipeline.ParseDigest(filepath.Base(path))
		if err != nil || !strings.Contains(path, "/objects/hoso/objects/") {
			return nil //nolint:nilerr // not a blob
		}
		blobs++
		body, err := os.ReadFile(path) //nolint:gosec // our own folder
		if err != nil {
			return err
		}
		if pipeline.Sum(body) != digest {
			s.t.Errorf("DAMAGED: %s holds other bytes than its name says", path)
		}
		return nil
	})
	if err != nil {
		s.t.Error(err)
	}
	if manifests != papers {
		s.t.Errorf("%d manifests for %d papers: a record is published exactly once", manifests, papers)
	}
	if blobs < 2*papers {
		s.t.Errorf("%d blobs were checked, want a record and words at least for each of %d papers", blobs, papers)
	}
}

// smallScan draws a page that differs from every other and takes little reading.
func smallScan(lane, n int) []byte {
	page := image.NewGray(image.Rect(0, 0, 620, 877))
	for i := range page.Pix {
		page.Pix[i] = 0xff
	}
	for bit := range 24 {
		if (lane*100000+n)>>bit&1 == 0 {
			continue
		}
		for y := 100; y < 130; y++ {
			for x := range 12 {
				page.SetGray(60+bit*20+x, y, color.Gray{Y: 20})
			}
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, page, &jpeg.Options{Quality: 80}); err != nil {
		panic(err)
	}
	return out.Bytes()
}
