package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/pipeline/policy"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
)

const nightLabel = "dem-2026-11-28"

// night is a bench with a batch in a true ledger; its papers are those of the bench.
type night struct {
	*bench

	c     *catalog.Catalog
	run   int
	files int
}

func newNight(t *testing.T, change ...func(*web.Options)) *night {
	t.Helper()
	c := catalogtest.New(t)
	b := newBench(t, append([]func(*web.Options){func(o *web.Options) {
		o.Ledger, o.Samples, o.Pictures, o.Policy = c, c, scanned{}, policy.Default()
	}}, change...)...)
	b.mirror = func(p pipeline.Paper) {
		if err := c.Restore(context.WithoutCancel(t.Context()), p, nil, ""); err != nil {
			t.Error(err)
		}
	}
	for name, unit := range map[string]string{"quet": "H42", "lan": "", "minh": "H42.15", "khac": "H40"} {
		b.account(t, name, gate.Clerk, unit)
	}
	b.account(t, "giam", gate.Reader, "")
	b.account(t, "docmot", gate.Reader, "H42.15")
	if _, err := c.OpenShelf(t.Context(), pipeline.Shelf{Label: nightLabel, Root: "/kho/Hộp 1", Host: "may-quet", By: "quet", Opened: b.clock()}); err != nil {
		t.Fatal(err)
	}
	run, err := c.BeginRun(t.Context(), nightLabel, b.clock().Add(8*time.Hour), b.clock(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	b.later(time.Minute)
	return &night{bench: b, c: c, run: run.N}
}

// beats says that the run lives.
func (n *night) beats(t *testing.T) {
	t.Helper()
	if err := n.c.BeatRun(t.Context(), nightLabel, n.run, n.clock()); err != nil {
		t.Fatal(err)
	}
}

// file puts a file into the ledger.
func (n *night) file(t *testing.T, f pipeline.ShelfFile) {
	t.Helper()
	n.files++
	f.Size, f.Changed, f.Walk = 1000, n.clock(), 1
	if f.State == pipeline.FileReceived {
		f.Digest, f.Part, f.Parts, f.Taken = pipeline.Sum([]byte(f.Path)), 1, 1, n.clock()
	}
	if err := n.c.TickFiles(t.Context(), nightLabel, n.run, []pipeline.ShelfFile{f}); err != nil {
		t.Fatal(err)
	}
}

// paper is a paper of the batch that was read and has so many pages.
func (n *night) paper(t *testing.T, name string, pages int, change func(*pipeline.Paper)) pipeline.Paper {
	t.Helper()
	original := n.put([]byte(name))
	var read []pipeline.Page
	for i := range pages {
		p := pipeline.Page{Number: i + 1, Width: 400, Height: 566, Outcome: pipeline.PageOK, Verdict: pipeline.VerdictGood, Confidence: 93}
		if strings.Contains(name, "trang trắng") && i == pages-1 {
			p.Outcome, p.Verdict = pipeline.PageBlank, pipeline.VerdictBlank
		}
		if strings.Contains(name, "lộn ngược") {
			p.Turn = 3
		}
		read = append(read, p)
	}
	words := n.put(stored(t, read))
	n.mu.Lock()
	p := pipeline.Paper{
		ID: newID(), Kind: pipeline.Result, Unit: "H42.15", FileName: name, Media: "application/pdf", Original: original, Size: 1000,
		Lane: pipeline.Batch, Sender: "quet", Batch: nightLabel, Received: n.now, State: pipeline.Filed, Gen: 5, Updated: n.now, Pages: pages, Words: words,
	}
	change(&p)
	if p.State == pipeline.Filed {
		p.Record, p.FiledAt = original, n.now
	}
	n.now = n.now.Add(time.Second)
	n.keep(p)
	n.tell(p, "received", "quet")
	n.mu.Unlock()
	n.file(t, pipeline.ShelfFile{Path: "Hộp 1/" + name, State: pipeline.FileReceived, Paper: p.ID})
	return p
}

// unnumbered waits for its number.
func unnumbered(p *pipeline.Paper) {
	p.State = pipeline.Confirming
	p.Reason = pipeline.Reason{Code: "number-not-found", English: "no number", Vietnamese: "Không tìm thấy mã số hồ sơ trong bản quét. Hãy nhập mã số."}
}

// numbered is filed in a dossier.
func numbered(t *testing.T, number string) func(*pipeline.Paper) {
	t.Helper()
	n, err := pipeline.ParseDossierNumber(number)
	if err != nil {
		t.Fatal(err)
	}
	return func(p *pipeline.Paper) {
		p.Dossier = n
		p.Fields = []pipeline.Field{
			{Name: pipeline.FieldDossier, Value: number, Confidence: 96, Source: pipeline.ByOCR},
			{Name: pipeline.FieldTitle, Value: "Giấy phép xây dựng", Confidence: 97, Source: pipeline.ByOCR},
			{Name: pipeline.FieldDate, Value: "2022-10-11", Confidence: 91, Source: pipeline.ByOCR},
			{Name: pipeline.FieldOwnerName, Value: "Nguyễn Thị Hoà", Confidence: 90, Source: pipeline.ByOCR},
		}
	}
}

// Sheet draws a page as it was scanned.
func (s scanned) Sheet(ctx context.Context, p pipeline.Paper, number int) (web.Picture, error) {
	if number < 1 || number > p.Sheets() {
		return web.Picture{}, fs.ErrNotExist
	}
	p.Pages = p.Sheets()
	return s.Whole(ctx, p, number)
}

// scanned draws pages that one can tell apart.
type scanned struct{}

func (s scanned) Page(ctx context.Context, p pipeline.Paper, number int) (web.Picture, error) {
	return s.Whole(ctx, p, number)
}

func (scanned) Whole(_ context.Context, p pipeline.Paper, number int) (web.Picture, error) {
	if number < 1 || number > p.Shelved().Pages {
		return web.Picture{}, fs.ErrNotExist
	}
	page := image.NewRGBA(image.Rect(0, 0, 400, 566))
	draw.Draw(page, page.Bounds(), image.White, image.Point{}, draw.Src)
	ink := image.NewUniform(color.Gray{0x50})
	write := font.Drawer{Dst: page, Src: ink, Face: basicfont.Face7x13, Dot: fixed.P(120, 50)}
	write.DrawString("CONG HOA XA HOI CHU NGHIA VIET NAM")
	write.Dot = fixed.P(40, 100)
	write.DrawString(fmt.Sprintf("Trang %d - %.12s", number, p.ID))
	for y := 130; y < 480; y += 16 {
		draw.Draw(page, image.Rect(40, y, 360-(y*7)%90, y+5), image.NewUniform(color.Gray{0xb0}), image.Point{}, draw.Src)
	}
	draw.Draw(page, image.Rect(250, 490, 320, 530), image.NewUniform(color.RGBA{0xd0, 0x50, 0x50, 0xff}), image.Point{}, draw.Src)
	var b bytes.Buffer
	err := jpeg.Encode(&b, page, nil)
	return web.Picture{JPEG: b.Bytes(), Width: 400, Height: 566}, err
}
