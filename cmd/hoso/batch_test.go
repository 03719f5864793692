package main_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
)

// shelfOf is a tree of folders in which small scans lie, each of a dossier of its own but
// for what the test adds.
type shelfOf struct {
	t    *testing.T
	root string
	said string // file with the mapping
}

func newShelf(t *testing.T, dossiers int) *shelfOf {
	t.Helper()
	s := &shelfOf{t: t, root: filepath.Join(t.TempDir(), "Kệ số 3"), said: filepath.Join(t.TempDir(), "quy tắc.yaml")}
	write(t, s.said, []byte("settle: 1s\n"))
	for n := range dossiers {
		s.put(fmt.Sprintf("Hộp 1/H42.15-221011-%04d Nguyễn Văn A/Kết quả/Quyết định.jpg", 1+n), smallScan(7, n))
	}
	return s
}

func (s *shelfOf) put(name string, data []byte) {
	s.t.Helper()
	path := filepath.Join(s.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	write(s.t, path, data)
}

// files gives all files with their digests.
func (s *shelfOf) files() map[string]pipeline.Digest {
	s.t.Helper()
	all := map[string]pipeline.Digest{}
	err := filepath.WalkDir(s.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path) //nolint:gosec // below a folder of the test
		all[path] = pipeline.Sum(data)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// told is how a batch stands.
type told struct {
	Shelf   pipeline.Shelf        `json:"shelf"`
	Balance pipeline.ShelfBalance `json:"balance"`
}

// batch works the shelf off through a service and gives how it stands.
func (s *service) batch(shelf *shelfOf, args ...string) (told, int) {
	s.t.Helper()
	line := append([]string{"batch", "--json", "--batch", "ke-3", "--rescan", "1s", "--mapping", shelf.said, shelf.root}, args...)
	out, code := s.hoso(line...)
	var now told
	if err := json.Unmarshal([]byte(out), &now); err != nil {
		s.t.Fatalf("batch: exit %d, %q: %v", code, out, err)
	}
	if b := now.Balance; !b.Even() || b.Open != 0 {
		s.t.Errorf("the totals do not balance: %+v", b)
	}
	return now, code
}

// TestBatch works a shelf off, twice, and again after a folder was renamed, a file was
// changed and one came.
func TestBatch(t *testing.T) {
	t.Parallel()
	s := newService(t)
	shelf := newShelf(t, 3)
	shelf.put("H42.15-221011-0009/Thành phần/Đơn_01.jpg", smallScan(8, 1))
	shelf.put("H42.15-221011-0009/Thành phần/Đơn_02.jpg", smallScan(8, 2))
	shelf.put("H42.15-221011-0009/Thành phần/hỏng.pdf", []byte("%PDF-1.7\nkhông phải\n%%EOF\n"))
	shelf.put("H42.15-991399-0009/Thành phần/Đơn.jpg", smallScan(8, 3)) // no such day
	shelf.put("Thumbs.db", []byte("x"))
	if err := os.Symlink("..", filepath.Join(shelf.root, "vòng")); err != nil {
		t.Fatal(err)
	}
	before := shelf.files()
	plan, code := s.hoso("batch", "--plan", "--mapping", shelf.said, shelf.root)
	for _, want := range []string{
		"H42.15-221011-0009\n    component  H42.15-221011-0009/Thành phần/Đơn_01.jpg and 1 more\n",
		"HELD: H42.15-991399-0009/Thành phần/Đơn.jpg\n    number-garbled\n",
		"files found 9 = of papers 6 + held 2 + ignored 1\npapers 5 of 4 dossiers",
	} {
		if code != 6 || !strings.Contains(plan, want) {
			t.Errorf("the plan: exit %d, %s\nwant %q", code, plan, want)
		}
	}
	reports := filepath.Join(t.TempDir(), "sáng")
	now, code := s.batch(shelf, "--report", reports+".html", "--report", reports+".json")
	b := now.Balance
	if code != 6 || b.Found != 9 || b.Filed != 5 || b.Rejected != 1 || b.Held != 2 || b.Ignored != 1 || b.Papers.Received != 5 || b.Pages != 5 {
		t.Errorf("exit %d, %+v", code, b)
	}
	page, err := os.ReadFile(reports + ".html")
	if err != nil || !strings.Contains(string(page), "Không tệp nào bị bỏ quên: 5 trên 9") || !strings.Contains(string(page), "hỏng.pdf") {
		t.Errorf("the report does not say that all is accounted for and what is not filed: %v\n%s", err, page)
	}
	if !strings.Contains(string(page), `href="http://127.0.0.1:`) {
		t.Error("links of a report that lies in a folder lead nowhere")
	}
	for path, digest := range shelf.files() {
		if before[path] != digest {
			t.Errorf("%s was touched", path)
		}
	}

	again, _ := s.batch(shelf)
	if again.Balance.Papers.Received != 5 || again.Balance.Filed != 5 || again.Shelf.Run.N != 2 {
		t.Errorf("the second run did something: %+v", again)
	}

	first := filepath.Join(shelf.root, "Hộp 1")
	if err := os.Rename(first, first+" (xong)"); err != nil {
		t.Fatal(err)
	}
	shelf.put("Hộp 1 (xong)/H42.15-221011-0002 Nguyễn Văn A/Kết quả/Quyết định.jpg", smallScan(9, 2))
	shelf.put("H42.15-221011-0010/Kết quả.jpg", smallScan(9, 3))
	if err := os.Mkdir(filepath.Join(shelf.root, "H42.15-221011-0011"), 0o755); err != nil {
		t.Fatal(err)
	}
	// Eleven: ten lie there, and of the one that was changed both contents became papers.
	later, _ := s.batch(shelf)
	if b := later.Balance; b.Found != 11 || b.Filed != 7 || b.Papers.Received != 7 || b.Papers.Filed != 6 {
		t.Errorf("after a folder was renamed, a file changed and one came: %+v", b)
	}
	if out, code := s.hoso("status", "--batch", "ke-3"); code != 0 || !strings.Contains(out, "files found 11 = filed 7") || !strings.Contains(out, "\nfolders of dossiers without any scan 1\n") {
		t.Errorf("status: exit %d, %s", code, out)
	}
}

// TestDeskGoesFirst: what a citizen waits for at the desk is done while the night's papers
// wait.
func TestDeskGoesFirst(t *testing.T) {
	t.Parallel()
	s := newService(t)
	shelf := newShelf(t, 60)
	cmd := exec.CommandContext(t.Context(), binary(t), "batch", "--data", s.data, "--batch", "ke-3", "--rescan", "1s", "--mapping", shelf.said, shelf.root) //nolint:gosec // the binary under test
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stands := func() (b pipeline.ShelfBalance) {
		out, _ := quietly(s, "status", "--json", "--batch", "ke-3")
		var now told
		if json.Unmarshal([]byte(out), &now) == nil {
			b = now.Balance
		}
		return b
	}
	eventually(t, time.Minute, "the night is at work", func() bool { return stands().Filed > 0 })
	before := stands()
	papers, code := s.submitted(filepath.Join(scans, "quyet-dinh.jpg"))
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed {
		t.Errorf("exit %d, %+v", code, papers)
	}
	if now := stands(); now.Open+now.ToDo == 0 || before.Open+before.ToDo < 20 {
		t.Errorf("the desk's paper was filed when the night's were: %+v, then %+v", before, now)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestBatchRefusals: what cannot be is said at once.
func TestBatchRefusals(t *testing.T) {
	t.Parallel()
	s := newService(t)
	shelf := newShelf(t, 1)
	if _, code := s.batch(shelf); code != 0 {
		t.Errorf("exit %d", code)
	}
	other := newShelf(t, 1)
	for wanted, args := range map[string][]string{
		"another folder": {"--batch", "ke-3", other.root},
		"is no folder":   {filepath.Join(other.root, "không có")},
		"no time of day": {"--until", "sáng", other.root},
		".html or":       {"--report", "sáng.doc", other.root},
	} {
		cmd := exec.CommandContext(t.Context(), binary(t), append([]string{"batch", "--data", s.data}, args...)...) //nolint:gosec // the binary under test
		out, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), wanted) {
			t.Errorf("%q: exit %d, %s; want %q said", args, cmd.ProcessState.ExitCode(), out, wanted)
		}
	}
}

// TestBatchKills kills the batch and every part of the service at random moments; begun
// again as often, it ends with each file one paper.
func TestBatchKills(t *testing.T) {
	kills := killsWanted(t, 4)
	s := newService(t)
	shelf := newShelf(t, 30+2*kills)
	dice := rand.New(rand.NewPCG(1, uint64(kills))) //nolint:gosec // a test's dice
	stop := make(chan struct{})
	var working sync.WaitGroup
	working.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			cmd := exec.Command(binary(t), "batch", "--data", s.data, "--batch", "ke-3", "--rescan", "1s", "--mapping", shelf.said, shelf.root) //nolint:noctx // killed below
			if err := cmd.Start(); err != nil {
				t.Error(err)
				return
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-ended:
			case <-time.After(time.Duration(200+dice.IntN(4000)) * time.Millisecond):
				_ = cmd.Process.Kill()
				<-ended
			}
		}
	})
	killer := rand.New(rand.NewPCG(2, uint64(kills))) //nolint:gosec // likewise
	for range kills {
		waitFor(time.Duration(500+killer.IntN(2500)) * time.Millisecond)
		t.Log("killed:", s.killOne(killer))
	}
	close(stop)
	working.Wait()
	now, _ := s.batch(shelf)
	want := int64(len(shelf.files()))
	if b := now.Balance; b.Found != want || b.Filed != want || b.Papers.Received != want || b.Papers.Filed != want {
		t.Errorf("%d files became %+v", want, b)
	}
	s.settle()
	sent := map[pipeline.PaperID]pipeline.Digest{}
	digests := map[pipeline.Digest]bool{}
	for _, digest := range shelf.files() {
		digests[digest] = true
	}
	out, _ := s.hoso("find", "--json", "--limit", "500")
	for _, p := range objects[pipeline.Paper](t, out) {
		if !digests[p.Original] {
			t.Errorf("%s is of no file, or of one that has a paper already", p.ID)
		}
		delete(digests, p.Original)
		sent[p.ID] = p.Original
	}
	if len(digests) > 0 {
		t.Errorf("%d files have no paper", len(digests))
	}
	s.hold(sent)
}

// TestNights: a service works off by itself what its configuration names, goes on after
// it was away, and writes the reports.
func TestNights(t *testing.T) {
	t.Parallel()
	watched, timed := newShelf(t, 2), newShelf(t, 2)
	timed.put("H42.15-221011-0077/Kết quả.jpg", smallScan(9, 77))
	folder := t.TempDir()
	said := fmt.Sprintf(`- folder: %q
  batch: cong
  mapping: %q
- folder: %q
  batch: dem
  mapping: %q
  start: %q
  until: %q
  report: báo cáo
`, watched.root, watched.said, timed.root, timed.said, clockIn(-time.Hour), clockIn(3*time.Hour))
	file := filepath.Join(folder, "tủ.yaml")
	write(t, file, []byte(said))
	s := newService(t, "HOSO_SHELVES="+file)
	filed := func(label string, files int64) func() bool {
		return func() bool {
			out, code := quietly(s, "status", "--json", "--batch", label)
			var now told
			return code == 0 && json.Unmarshal([]byte(out), &now) == nil && now.Balance.Filed == files && now.Balance.Even()
		}
	}
	eventually(t, 3*time.Minute, "the watched folder is worked off", filed("cong", 2))
	eventually(t, 3*time.Minute, "the night that was due is worked off", filed("dem", 3))
	eventually(t, time.Minute, "the reports are written", func() bool {
		found, err := filepath.Glob(filepath.Join(folder, "báo cáo", "bao-cao-dem-dem-*"))
		return err == nil && len(found) == 2
	})
	s.stop()
	watched.put("H42.15-221011-0088/Kết quả.jpg", smallScan(9, 88))
	s.start()
	eventually(t, 4*time.Minute, "what came while the service was away is worked off", filed("cong", 3))
	watched.put("H42.15-221011-0089/Kết quả.jpg", smallScan(9, 89))
	eventually(t, 3*time.Minute, "what came into a watched folder is worked off", filed("cong", 4))
}

// TestBatchAtItsHour: a run whose hour has come has not failed, and says last what it left.
func TestBatchAtItsHour(t *testing.T) {
	t.Parallel()
	s := newService(t)
	shelf := newShelf(t, 0)
	write(t, shelf.said, []byte("settle: 1h\n"))
	for i := range 3 {
		shelf.put(fmt.Sprintf("H42.15-221011-000%d/Đang quét.jpg", i+1), smallScan(8, i))
	}
	hour := clockIn(70 * time.Second)                                                                                                   // ten seconds from now at least
	cmd := exec.CommandContext(t.Context(), binary(t), "batch", "--data", s.data, "--until", hour, "--mapping", shelf.said, shelf.root) //nolint:gosec // ours
	var told strings.Builder
	cmd.Stderr = &told
	if err := cmd.Run(); err != nil {
		t.Errorf("the run failed: %v\n%s", err, told.String())
	}
	lines := strings.Split(strings.TrimSpace(told.String()), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, "files left for the next run 3, which goes on there") {
		t.Errorf("the last line is %q", last)
	}
}

// TestWatchedFolderThatIsAway: who looks at the service learns of it, and of its coming back.
func TestWatchedFolderThatIsAway(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "Quét một cửa")
	s := newService(t, "HOSO_WATCH="+folder)
	says := func(want string) func() bool {
		return func() bool {
			out, code := quietly(s, "status")
			return code == 0 && strings.Contains(out, want) && !strings.Contains(out, folder)
		}
	}
	eventually(t, time.Minute, "the status tells of a folder that is not there", says("folders      TROUBLE: the folder of batch quet-mot-cua-"))
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	eventually(t, time.Minute, "the trouble ends by itself", says("folders      ok"))
}

// clockIn gives the time of day of a moment from now.
func clockIn(d time.Duration) string { return time.Now().Add(d).Format("15:04") }
