package morning_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/morning"
	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
	"hoso/storage/objects/objectstest"
)

const night = "dem-2026-11-28"

// dusk is nine in the evening in Vietnam.
func dusk() time.Time { return time.Date(2026, 11, 28, 14, 0, 0, 0, time.UTC) }

// shelf is a real catalog and a bucket, in which a night is written down.
type shelf struct {
	t       *testing.T
	catalog *catalog.Catalog
	bucket  *objectstest.Memory
	run     int
	made    int
	scope   morning.Scope
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	c := catalogtest.New(t)
	s := &shelf{t: t, catalog: c, bucket: new(objectstest.Memory), scope: morning.Scope{Now: dusk().Add(10 * time.Hour), Base: "https://hoso.example"}}
	_, err := c.OpenShelf(t.Context(), pipeline.Shelf{Label: night, Root: "/kho/quet/2026", Host: "may-quet-1", By: "lan", Opened: dusk()})
	s.must(err)
	s.begin(dusk(), dusk().Add(9*time.Hour))
	return s
}

func (s *shelf) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) begin(at, until time.Time) {
	s.t.Helper()
	run, err := s.catalog.BeginRun(s.t.Context(), night, until, at, time.Minute)
	s.must(err)
	s.run = run.N
}

func (s *shelf) end(how pipeline.RunEnd, at time.Time) {
	s.t.Helper()
	s.must(s.catalog.EndRun(s.t.Context(), night, s.run, how, at))
}

func (s *shelf) tick(files ...pipeline.ShelfFile) {
	s.t.Helper()
	for i := range files {
		files[i].Walk, files[i].Changed = max(files[i].Walk, 1), dusk()
	}
	for from := 0; from < len(files); from += 1000 {
		s.must(s.catalog.TickFiles(s.t.Context(), night, s.run, files[from:min(from+1000, len(files))]))
	}
}

// keep puts bytes into the bucket.
func (s *shelf) keep(body []byte) pipeline.Digest {
	s.t.Helper()
	d := pipeline.Sum(body)
	s.must(s.bucket.Put(s.t.Context(), d, int64(len(body)), bytes.NewReader(body), "application/pdf"))
	return d
}

// paper writes down a paper of the night with all that it has in the bucket; change may
// make it another.
func (s *shelf) paper(path string, state pipeline.State, change func(*pipeline.Paper)) pipeline.Paper {
	s.t.Helper()
	s.made++
	at := dusk().Add(time.Duration(s.made) * time.Minute)
	body := []byte("bản gốc " + path)
	p := pipeline.Paper{
		ID: pipeline.PaperID(fmt.Sprintf("01HZZZZZZZZZZZZZ%010d", s.made)), Kind: pipeline.Component, FileName: filepath.Base(path), Media: "application/pdf",
		Original: s.keep(body), Size: int64(len(body)), Lane: pipeline.Batch, Sender: "lan", Unit: "H42.15", Batch: night, Received: at, Updated: at,
		State: state, Pages: 2, Scan: pipeline.ScanQuality{Device: "Fujitsu fi-7160", Confidence: 91, Words: 400, Millis: 3000},
	}
	if state == pipeline.Received {
		p.Pages, p.Scan = 0, pipeline.ScanQuality{}
	}
	if change != nil {
		change(&p)
	}
	if state == pipeline.Filed {
		record := []byte("bản ký " + path)
		p.Words, p.Manifest = pipeline.Sum([]byte("chữ "+path)), 1
		p.Record, p.RecSize = s.keep(record), int64(len(record))
		if p.FiledAt.IsZero() {
			p.FiledAt = at
		}
		s.must(s.bucket.PutKey(s.t.Context(), pipeline.ManifestKey(p.ID, 1), []byte("{}")))
	}
	got, _, err := s.catalog.Receive(s.t.Context(), p, pipeline.Event{Actor: "lan", What: "received"})
	s.must(err)
	return got
}

// one is a paper with the one file that it came from.
func (s *shelf) one(path string, state pipeline.State, change func(*pipeline.Paper)) pipeline.Paper {
	s.t.Helper()
	p := s.paper(path, state, change)
	s.tick(pipeline.ShelfFile{Path: path, Size: p.Size, Digest: p.Original, State: pipeline.FileReceived, Paper: p.ID, Part: 1, Parts: 1, Taken: p.Received})
	return p
}

// bundled is a paper made of several files.
func (s *shelf) bundled(folder string, contents ...string) (pipeline.Paper, []pipeline.ShelfFile) {
	s.t.Helper()
	var all bytes.Buffer
	w, err := bundle.NewWriter(&all)
	s.must(err)
	for _, c := range contents {
		s.must(w.Add("jpg", strings.NewReader(c)))
	}
	s.must(w.Close())
	p := s.paper(folder+"/1.jpg", pipeline.Filed, func(p *pipeline.Paper) {
		p.Original, p.Size, p.Media = s.keep(all.Bytes()), int64(all.Len()), bundle.Media
	})
	var files []pipeline.ShelfFile
	for i, c := range contents {
		files = append(files, pipeline.ShelfFile{
			Path: fmt.Sprintf("%s/%d.jpg", folder, i+1), Size: int64(len(c)), Digest: pipeline.Sum([]byte(c)), State: pipeline.FileReceived,
			Paper: p.ID, Part: i + 1, Parts: len(contents), Taken: p.Received,
		})
	}
	s.tick(files...)
	return p, files
}

func (s *shelf) sources() morning.Sources {
	return morning.Sources{
		Ledger: s.catalog, Bucket: s.bucket, Known: s.catalog,
		Picture: func(_ context.Context, p pipeline.Paper, page int) ([]byte, error) {
			all := []string{"quyet-dinh.jpg", "giay-tiep-nhan-nghieng.jpg", "don-lat-nguoc.jpg"}
			return os.ReadFile(filepath.Join("../../../testdata/scans", all[(len(p.ID)+int(p.ID[25])+page)%len(all)]))
		},
	}
}

func (s *shelf) report() *morning.Report {
	s.t.Helper()
	r, err := morning.Gather(s.t.Context(), s.sources(), night, s.scope)
	s.must(err)
	return r
}

func (s *shelf) html(r *morning.Report) string {
	s.t.Helper()
	s.must(r.Illustrate(s.t.Context(), s.sources()))
	var b bytes.Buffer
	s.must(r.WriteHTML(&b))
	return b.String()
}

func (s *shelf) json(r *morning.Report) []byte {
	s.t.Helper()
	var b bytes.Buffer
	s.must(r.WriteJSON(s.t.Context(), s.catalog, &b))
	return b.Bytes()
}

func why(code, say string) pipeline.Reason {
	return pipeline.Reason{Code: code, English: code, Vietnamese: say}
}
