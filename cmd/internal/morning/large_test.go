package morning_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"hoso/cmd/internal/morning"
	"hoso/pipeline"
)

// endless is a shelf of so many papers that are made up while they are asked for; to write
// them down would take a night. Every tenth asks something, and each has pages to look at.
type endless struct {
	papers int64
	asked  atomic.Int64
}

func (e *endless) Shelf(context.Context, string) (pipeline.Shelf, error) {
	return pipeline.Shelf{Label: night, Root: "/kho", Opened: dusk()}, nil
}

func (e *endless) Runs(context.Context, string) ([]pipeline.Run, error) {
	return []pipeline.Run{{N: 1, Began: dusk(), Ended: dusk().Add(10 * time.Hour), How: pipeline.RunDone}}, nil
}

func (e *endless) ShelfBalance(context.Context, string) (pipeline.ShelfBalance, error) {
	wait := e.papers / 10
	return pipeline.ShelfBalance{
		Found: 2 * e.papers, Filed: e.papers - wait, Waiting: wait, Held: e.papers,
		Papers: pipeline.Balance{Received: e.papers, Filed: e.papers - wait, Waiting: wait},
	}, nil
}

func digestOf(n int64) (d pipeline.Digest) {
	return pipeline.Sum(binary.BigEndian.AppendUint64(nil, uint64(n))) //nolint:gosec // a number of its own
}

func (e *endless) ShelfFiles(_ context.Context, _ string, _ []pipeline.FileState, after int64, limit int) (out []pipeline.ShelfFile, next int64, err error) {
	for n := after + 1; n <= e.papers && len(out) < limit; n++ {
		path := fmt.Sprintf("Hộp %03d – hồ sơ đất đai năm 2014/H42.15-140305-%06d/đơn đề nghị cấp giấy chứng nhận %06d.pdf", n/500, n, n)
		out = append(out,
			pipeline.ShelfFile{Path: path, Size: 1000, Digest: digestOf(n), State: pipeline.FileReceived, Paper: idOf(n), Part: 1, Parts: 1},
			pipeline.ShelfFile{Path: path + ".tạm", Size: 7, Digest: digestOf(-n), State: pipeline.FileHeld, Reason: why("held", "Hãy sửa."), Remarks: []pipeline.Reason{why("r", "Lưu ý.")}})
		next = n
	}
	if next == e.papers {
		next = 0
	}
	return out, next, nil
}

func idOf(n int64) pipeline.PaperID { return pipeline.PaperID(fmt.Sprintf("01HZZZZZZZZZZZZZ%010d", n)) }

func (e *endless) ShelfPapers(_ context.Context, _ string, states []pipeline.State, after int64, limit int) (out []pipeline.Paper, next int64, err error) {
	for n := after + 1; n <= e.papers && len(out) < limit; n++ {
		p := pipeline.Paper{
			ID: idOf(n), FileName: "a.pdf", Original: digestOf(n), Size: 1000, State: pipeline.Filed, Record: digestOf(n), RecSize: 1000, Manifest: 1,
			Pages: 4, Received: dusk().Add(time.Duration(n) * 300 * time.Millisecond), FiledAt: dusk().Add(time.Duration(n) * 310 * time.Millisecond),
			Scan: pipeline.ScanQuality{Device: fmt.Sprintf("máy %d", n%40), Confidence: 80 + float32(n%17), Words: 1200, Millis: 4000},
		}
		for _, what := range []string{"doubtful", "skewed", "blank", "streaked", "cropped", "low_resolution"} {
			p.Scan.Counts = append(p.Scan.Counts, pipeline.FlagOf{What: what, Pages: 1})
			p.Scan.Pages = append(p.Scan.Pages, pipeline.PageMark{Page: 1, Confidence: float32(n % 60), What: []string{what}})
		}
		if n%10 == 0 {
			p.State, p.Record, p.FiledAt, p.Asked = pipeline.Confirming, pipeline.Digest{}, time.Time{}, []pipeline.Reason{why("number", fmt.Sprintf("Giấy tờ số %d cần mã số hồ sơ.", n))}
		}
		if len(states) == 0 || slices.Contains(states, p.State) {
			out = append(out, p)
		}
		next = n
	}
	if next == e.papers {
		next = 0
	}
	return out, next, nil
}

func (e *endless) Paper(context.Context, pipeline.PaperID) (pipeline.Paper, error) {
	return pipeline.Paper{}, fs.ErrNotExist
}

func (e *endless) EmptyFolders(context.Context, string) (pipeline.EmptyFolders, error) {
	return pipeline.EmptyFolders{}, nil
}

func (e *endless) Checks(context.Context, string) ([]pipeline.Check, error)     { return nil, nil }
func (e *endless) SignOffs(context.Context, string) ([]pipeline.SignOff, error) { return nil, nil }

func (e *endless) Stat(context.Context, pipeline.Digest) (int64, error) {
	e.asked.Add(1)
	return 1000, nil
}

func (e *endless) StatKey(context.Context, string) (int64, error) {
	e.asked.Add(1)
	return 100, nil
}

func (e *endless) ReaderAt(context.Context, pipeline.Digest) (io.ReaderAt, int64, error) {
	return nil, 0, fs.ErrNotExist
}

// noise is a page that no JPEG makes small.
func noise(t *testing.T) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // always the same
	page := image.NewGray(image.Rect(0, 0, 600, 850))
	for i := range page.Pix {
		page.Pix[i] = byte(random.Uint32())
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, page, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // far below
}

// TestLargeShelf: a hundred thousand papers fit into some 100 MB, their page into 5 MB,
// and the JSON has all of them.
func TestLargeShelf(t *testing.T) { //nolint:paralleltest // it measures memory
	const papers = 100_000
	e := &endless{papers: papers}
	worst := noise(t)
	before := heap()
	from := morning.Sources{Ledger: e, Bucket: e, Picture: func(context.Context, pipeline.Paper, int) ([]byte, error) { return worst, nil }}
	r, err := morning.Gather(t.Context(), from, night, morning.Scope{Now: dusk().Add(12 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	kept := heap() - before
	if kept > 100<<20 {
		t.Errorf("a report keeps %d MB", kept>>20)
	}
	if want := int64(papers + 2*(papers-papers/10)); e.asked.Load() != want || r.Verdict != morning.Open || !r.Even {
		t.Errorf("the bucket was asked %d times, want %d; %s, even %v", e.asked.Load(), want, r.Verdict, r.Even)
	}
	if err := r.Illustrate(t.Context(), from); err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := r.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	if page.Len() > 5<<20 {
		t.Errorf("the page has %d bytes", page.Len())
	}
	t.Logf("%d papers: %d MB kept, a page of %d kB, gathered in %.1f s", papers, kept>>20, page.Len()>>10, r.Proof.Seconds)
	in, out := io.Pipe()
	go func() { out.CloseWithError(r.WriteJSON(t.Context(), e, out)) }()
	lists := count(t, in)
	for name, want := range map[string]int{"files": papers, "papers": papers / 10, "pages": 6 * papers, "missing": 0} {
		if lists[name] != want {
			t.Errorf("the JSON lists %d %s, want %d", lists[name], name, want)
		}
	}
	runtime.KeepAlive(r)
}

// count gives how many there are in each list of a JSON object, read as it comes.
func count(t *testing.T, in io.Reader) map[string]int {
	t.Helper()
	out := map[string]int{}
	d := json.NewDecoder(in)
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := d.Token()
	must(err)
	for d.More() {
		name, err := d.Token()
		must(err)
		var skip json.RawMessage
		if !slices.Contains([]string{"files", "papers", "pages", "missing", "twice", "alike"}, name.(string)) { //nolint:forcetypeassert // a name
			must(d.Decode(&skip))
			continue
		}
		_, err = d.Token()
		must(err)
		for d.More() {
			must(d.Decode(&skip))
			out[name.(string)]++ //nolint:forcetypeassert // a name
		}
		_, err = d.Token()
		must(err)
	}
	return out
}
