package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/morning"
	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/storage/catalog/catalogtest"
	"hoso/storage/objects/objectstest"
)

// ledger gives a site with a real catalog, in which there is a batch with two papers, of
// two units.
func ledger(t *testing.T, change ...func(*web.Options)) *bench {
	t.Helper()
	ctx := t.Context()
	c := catalogtest.New(t)
	bucket := new(objectstest.Memory)
	b := newBench(t, append([]func(*web.Options){func(o *web.Options) {
		o.Ledger, o.Morning = c, &morning.Sources{Ledger: c, Bucket: bucket, Known: c}
	}}, change...)...)
	if _, err := c.OpenShelf(ctx, pipeline.Shelf{Label: "dem-1", Root: "/kho", By: "lan", Opened: b.clock()}); err != nil {
		t.Fatal(err)
	}
	run, err := c.BeginRun(ctx, "dem-1", time.Time{}, b.clock(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var files []pipeline.ShelfFile
	for i, unit := range []string{"H42.15", "H43"} {
		body := []byte("bản gốc " + unit)
		p := pipeline.Paper{
			ID: newID(), Unit: unit, FileName: unit + ".pdf", Original: pipeline.Sum(body), Size: int64(len(body)), Lane: pipeline.Batch,
			Sender: "lan", Batch: "dem-1", Received: b.clock(), State: pipeline.Confirming,
		}
		if err := bucket.Put(ctx, p.Original, p.Size, bytes.NewReader(body), "application/pdf"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Receive(ctx, p, pipeline.Event{Actor: "lan", What: "received"}); err != nil {
			t.Fatal(err)
		}
		files = append(files, pipeline.ShelfFile{
			Path: "Hộp " + unit + "/1.pdf", Size: p.Size, Digest: p.Original, State: pipeline.FileReceived, Paper: p.ID, Part: 1, Parts: 1, Walk: 1, Changed: b.clock().Add(time.Duration(i)),
		})
	}
	alien := pipeline.Paper{
		ID: newID(), Unit: "H43", FileName: "của hoa.pdf", Original: pipeline.Sum([]byte("hoa")), Size: 3, Sender: "hoa", Batch: "dem-1",
		Received: b.clock(), State: pipeline.Rejected, Reason: pipeline.Reason{Code: "x", English: "x", Vietnamese: "Hỏng."},
	}
	if _, _, err := c.Receive(ctx, alien, pipeline.Event{Actor: "hoa", What: "received"}); err != nil {
		t.Fatal(err)
	}
	if err := bucket.Put(ctx, alien.Original, 3, strings.NewReader("hoa"), ""); err != nil {
		t.Fatal(err)
	}
	files = append(files, pipeline.ShelfFile{Path: "giữ lại.pdf", Size: 1, State: pipeline.FileHeld, Walk: 1, Changed: b.clock(), Reason: pipeline.Reason{Code: "x", English: "x", Vietnamese: "Hãy sửa."}})
	if err := c.TickFiles(ctx, "dem-1", run.N, files); err != nil {
		t.Fatal(err)
	}
	for name, unit := range map[string]string{"lan": "H41", "hoa": "", "minh": "H43"} {
		b.account(t, name, gate.Reader, unit)
	}
	return b
}

func TestReportOfABatch(t *testing.T) {
	t.Parallel()
	b := ledger(t)
	hoa := b.enter(t, "hoa")
	got := hoa.get("/api/v1/batches/dem-1/report")
	var report struct {
		Verdict string
		Sum     struct{ Found, Waiting int }
		Papers  []struct{ Path string }
		Files   []struct{ Path string }
	}
	if err := json.Unmarshal([]byte(got.body), &report); err != nil || got.code != 200 {
		t.Fatalf("%d %v: %.200s", got.code, err, got.body)
	}
	if report.Verdict != "open" || report.Sum.Found != 3 || report.Sum.Waiting != 3 || len(report.Papers) != 3 || len(report.Files) != 1 {
		t.Errorf("the report: %+v", report)
	}
	log := b.log()
	if last := log[len(log)-1]; last.Act != "viewed" || last.Detail != "report of batch dem-1" || last.Account != "hoa" {
		t.Errorf("the look is logged as %+v", last)
	}
	page := hoa.get("/api/v1/batches/dem-1/report?form=html")
	if page.code != 200 || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || !strings.Contains(page.body, `href="`+b.url+`/papers/`) {
		t.Errorf("%d %v", page.code, page.header)
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script") {
		t.Errorf("the page may do %q", policy)
	}
	if page = hoa.get("/api/v1/batches/dem-1/report?form=html&base=https%3A%2F%2Fso.hoa.example%2F"); !strings.Contains(page.body, `href="https://so.hoa.example/papers/`) {
		t.Error("links do not begin with the address that was asked for")
	}
	for path, want := range map[string]int{
		"/api/v1/batches/dem-2/report": 404, "/api/v1/batches/%00/report": 404, "/api/v1/batches/dem-1/report?form=pdf": 400,
		"/api/v1/batches/dem-1/report?base=javascript%3Aalert(1)": 400, "/api/v1/batches/dem-1/report?base=https%3A%2F%2Fa%40b": 400,
	} {
		if got := hoa.get(path); got.code != want {
			t.Errorf("%s = %d, want %d", path, got.code, want)
		}
	}
}

// TestReportShowsWhatOneMaySee asks in the name of accounts that are bound to a unit: of
// others' batches there is none, of an own one all that was handed in by oneself.
func TestReportShowsWhatOneMaySee(t *testing.T) {
	t.Parallel()
	b := ledger(t)
	if got := b.enter(t, "minh").get("/api/v1/batches/dem-1/report"); got.code != 404 {
		t.Errorf("minh is told of a batch that is none of H43's: %d", got.code)
	}
	lan := b.enter(t, "lan")
	for _, form := range []string{"json", "html"} {
		body := lan.get("/api/v1/batches/dem-1/report?form=" + form).body
		for word, seen := range map[string]bool{"Hộp H42.15/": true, "Hộp H43/": true, "giữ lại.pdf": true, "của hoa.pdf": false} {
			if strings.Contains(body, word) != seen {
				t.Errorf("the %s for lan tells of %q: %v", form, word, !seen)
			}
		}
	}
	if body := b.enter(t, "hoa").get("/api/v1/batches/dem-1/report").body; !strings.Contains(body, "của hoa.pdf") {
		t.Error("who may see all papers does not see what others handed in with the label")
	}
}

// slowBucket keeps whoever asks it for anything until it is let go.
type slowBucket struct {
	morning.Bucket

	asked chan struct{}
	let   chan struct{}
}

func (b slowBucket) Stat(ctx context.Context, d pipeline.Digest) (int64, error) {
	select {
	case b.asked <- struct{}{}:
	default:
	}
	<-b.let
	return b.Bucket.Stat(ctx, d)
}

// TestReportWaitsForAnother: who wants a report while another is being made is told so, and
// not that the service is out of order.
func TestReportWaitsForAnother(t *testing.T) {
	t.Parallel()
	asked, let := make(chan struct{}, 1), make(chan struct{})
	b := ledger(t, func(o *web.Options) {
		o.Morning.Bucket = slowBucket{o.Morning.Bucket, asked, let}
	})
	hoa := b.enter(t, "hoa")
	first := make(chan int)
	go func() { first <- hoa.get("/api/v1/batches/dem-1/report").code }()
	<-asked
	got := b.enter(t, "lan").get("/api/v1/batches/dem-1/report")
	if got.code != 503 || !strings.Contains(got.body, `"in-work"`) || !strings.Contains(got.body, "Báo cáo của một lô khác") || got.header.Get("Retry-After") == "" {
		t.Errorf("the second report answers %d %v %s", got.code, got.header, got.body)
	}
	close(let)
	if code := <-first; code != 200 {
		t.Errorf("the first report answers %d", code)
	}
}
