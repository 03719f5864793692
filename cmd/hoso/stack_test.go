package main_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/testdata/judge"
	"hoso/testdata/paper"
)

// stackPDF is a stack as a scanner gives it: JPEGs in one PDF.
func stackPDF(t *testing.T, name string, pages ...[]byte) string {
	t.Helper()
	pdf := paper.NewPDF(letter(t).paper)
	for _, page := range pages {
		size, err := jpeg.DecodeConfig(bytes.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		pdf.AddScan(page, image.Pt(size.Width, size.Height), 0)
	}
	return saved(t, name, must(t)(pdf.Bytes()))
}

// separators prints sheets and scans them.
func separators(t *testing.T, args ...string) [][]byte {
	t.Helper()
	dir := t.TempDir()
	sheets := filepath.Join(dir, "sheets.pdf")
	if out, code := run(t, append([]string{"separators", "-o", sheets}, args...)...); code != 0 {
		t.Fatalf("separators: exit %d: %s", code, out)
	}
	if out, err := exec.CommandContext(t.Context(), "pdftoppm", "-jpeg", "-r", "200", sheets, filepath.Join(dir, "sheet")).CombinedOutput(); err != nil { //nolint:gosec // a path of our own
		t.Fatalf("%v: %s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "sheet*.jpg"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sheets: %v", err)
	}
	var pages [][]byte
	for _, file := range files {
		pages = append(pages, loaded(t, file))
	}
	return pages
}

func scanOf(t *testing.T, name string) []byte {
	t.Helper()
	return loaded(t, filepath.Join(scans, name))
}

// nightStack is three papers of two pages less one: a decision behind a sheet with the first
// number, a receipt behind a sheet that says nothing, and an application behind a sheet that
// is kept.
func nightStack(t *testing.T, first, last string) string {
	t.Helper()
	number, none := separators(t, "--dossier", first)[0], separators(t, "--count", "1")[0]
	kept := separators(t, "--dossier", last, "--kind", "result", "--keep")[0]
	return stackPDF(t, "xấp.pdf", number, scanOf(t, "quyet-dinh.jpg"), none, scanOf(t, "giay-tiep-nhan-nghieng.jpg"), kept, scanOf(t, "don-lat-nguoc.jpg"))
}

// family gives the papers of a stack, the first one first, once all are filed.
func (s *service) family(id pipeline.PaperID) []pipeline.Paper {
	s.t.Helper()
	p := s.is(id, pipeline.Filed, 1)
	papers := []pipeline.Paper{p}
	for _, part := range p.Parts {
		papers = append(papers, s.is(part, pipeline.Filed, 1))
	}
	return papers
}

// holdStack compares the papers of nightStack with what they must be.
func (s *service) holdStack(papers []pipeline.Paper, first, last string) {
	t := s.t
	t.Helper()
	want := []string{first + " 1 component", "000.00.62.H98-260225-0183 1 component", last + " 2 result"}
	if len(papers) != len(want) {
		t.Fatalf("%d papers: %+v", len(papers), papers)
	}
	for i, p := range papers {
		if got := fmt.Sprintf("%s %d %s", p.Dossier, p.Pages, p.Kind); got != want[i] || p.Original != papers[0].Original {
			t.Errorf("paper %d is %s, want %s", i+1, got, want[i])
		}
	}
	if title, _ := pipeline.FieldOf(papers[2].Fields, pipeline.FieldTitle); title.Value != "ĐƠN ĐỀ NGHỊ" { // and not what stands on the sheet
		t.Errorf("the paper behind a kept sheet is called %q", title.Value)
	}
}

// TestStack hands in a stack with separator sheets: its papers become records that
// strangers find good, are what they were once the catalog is lost, and can be arranged,
// split and merged.
func TestStack(t *testing.T) {
	s := newService(t, "HOSO_ACCESS_COPY=yes")
	const first, last = "H98.15-260305-0042", "H98.15-260305-0044"
	stack := nightStack(t, first, last)
	papers, code := s.submitted("--lane", "batch", "--batch", "dem-1", stack)
	if code != 0 {
		t.Fatalf("exit %d: %+v", code, papers)
	}
	s.holdStack(papers, first, last) // all of them were waited for
	id := papers[0].ID
	papers = s.family(id)
	s.holdStack(papers, first, last)
	for i, says := range []string{"QUYẾT ĐỊNH", "GIẤY TIẾP NHẬN", "ĐƠN ĐỀ NGHỊ"} {
		s.judgedPart(papers[i], says)
	}
	again, _ := s.submitted("--lane", "batch", stack)
	if len(again) != 3 || again[0].ID != id {
		t.Errorf("the stack again: %+v", again)
	}
	s.losesCatalog()
	s.holdStack(s.family(id), first, last)
	again, _ = s.submitted("--lane", "batch", stack)
	if len(again) != 3 || again[0].ID != id {
		t.Errorf("the stack again after the loss: %+v", again)
	}
	s.arrangesParts(papers[2])
	s.holdTotals(4)
	if out, code := s.hoso("verify", "--all"); code != 0 {
		t.Errorf("verify --all: exit %d\n%s", code, out)
	}
}

// judgedPart asks strangers about the record of a part.
func (s *service) judgedPart(p pipeline.Paper, says string) {
	t := s.t
	t.Helper()
	record := filepath.Join(t.TempDir(), "record.pdf")
	if _, code := s.hoso("get", string(p.ID), "-o", record); code != 0 {
		t.Fatalf("%s cannot be fetched", p.ID)
	}
	s.judged(record)
	light := filepath.Join(t.TempDir(), "light.pdf")
	s.getsLight(string(p.ID), light)
	if text := judge.PDFToText(t, light); !strings.Contains(text, says) {
		t.Errorf("the access copy of %s does not say %q:\n%s", p.ID, says, text)
	}
	pages := strings.Split(judge.PDFToText(t, record), "\f")
	if len(pages) != p.Pages+1 || !strings.Contains(pages[p.Pages-1], says) {
		t.Errorf("%s has %d pages; want %d, and %q on the last of\n%s", p.ID, len(pages)-1, p.Pages, says, pages)
	}
}

// arrangesParts turns a page of a filed paper by hand, and back; then splits the paper.
func (s *service) arrangesParts(p pipeline.Paper) {
	t := s.t
	t.Helper()
	at := "/api/v1/papers/" + string(p.ID)
	gen := s.is(p.ID, pipeline.Filed, 1).Gen
	if code := s.post(at+"/leaves", map[string]any{"gen": gen, "leaves": []pipeline.Leaf{{Page: 6, Turn: 90}, {Page: 5}}}); code != 200 {
		t.Fatalf("arranging: %d", code)
	}
	turned := s.is(p.ID, pipeline.Filed, 2)
	record := filepath.Join(t.TempDir(), "turned.pdf")
	if _, code := s.hoso("get", string(p.ID), "-o", record); code != 0 {
		t.Fatal("it cannot be fetched")
	}
	s.judged(record)
	out, err := exec.CommandContext(t.Context(), "pdfinfo", "-f", "1", "-l", "2", record).Output() //nolint:gosec // a path of our own
	if err != nil {
		t.Fatal(err)
	}
	if !lying(string(out), 1) || lying(string(out), 2) {
		t.Errorf("the turned page does not lie on its side:\n%s", out)
	}
	if code := s.post(at+"/leaves", map[string]any{"gen": turned.Gen, "leaves": []pipeline.Leaf{{Page: 7}}}); code < 400 {
		t.Errorf("a page that is not there: %d", code)
	}
	if code := s.post(at+"/split", map[string]any{"gen": turned.Gen, "before": []int{2}}); code != 200 {
		t.Fatalf("splitting: %d", code)
	}
	p = s.is(p.ID, pipeline.Filed, 3)
	if len(p.Parts) != 1 || p.Pages != 1 {
		t.Fatalf("split into %+v", p)
	}
	if part := s.is(p.Parts[0], pipeline.Filed, 1); part.Dossier != p.Dossier || part.Leaves[0].Page != 5 {
		t.Errorf("the new paper is %+v", part)
	}
}

// lying reports whether a page is wider than high, as pdfinfo tells of pages.
func lying(info string, page int) bool {
	size, rotated := [2]float64{}, 0
	for line := range strings.Lines(info) {
		var n, turn int
		var w, h float64
		if _, err := fmt.Sscanf(line, "Page %d size: %f x %f", &n, &w, &h); err == nil && n == page {
			size = [2]float64{w, h}
		}
		if _, err := fmt.Sscanf(line, "Page %d rot: %d", &n, &turn); err == nil && n == page {
			rotated = turn
		}
	}
	return (size[0] > size[1]) == (rotated%180 == 0)
}

// TestKillsWhileStacksAreParted kills the worker, and everything, while stacks are parted:
// in the end each stack is its three papers.
func TestKillsWhileStacksAreParted(t *testing.T) {
	s := newService(t)
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // not a secret
	const stacks = 2
	var ids []pipeline.PaperID
	for i := range stacks {
		out, code := s.hoso("submit", "--json", "--lane", "batch", nightStack(t, fmt.Sprintf("H98.15-260305-01%02d", i), fmt.Sprintf("H98.15-260305-02%02d", i)))
		if code != 0 {
			t.Fatalf("exit %d: %s", code, out)
		}
		ids = append(ids, objects[pipeline.Receipt](t, out)[0].ID)
		for range 3 {
			waitFor(time.Duration(dice.IntN(2500)) * time.Millisecond)
			if pids := s.descendants(" work --data"); len(pids) > 0 {
				_ = syscall.Kill(pids[0], syscall.SIGKILL)
			}
		}
	}
	_ = s.cmd.Process.Kill()
	<-s.gone
	s.start()
	s.settle()
	for i, id := range ids {
		s.holdStack(s.family(id), fmt.Sprintf("H98.15-260305-01%02d", i), fmt.Sprintf("H98.15-260305-02%02d", i))
	}
	s.holdTotals(3 * stacks)
	s.losesCatalog()
	s.holdTotals(3 * stacks)
	if out, code := s.hoso("verify", "--all", "--json"); code != 0 {
		t.Errorf("verify --all: exit %d\n%s", code, onlyBad(out))
	}
}

// TestFrontsAndBacksOfSheets hands in both sides of two sheets as two files, as a scanner
// for one side gives them, the backs from a stack that was turned over.
func TestFrontsAndBacksOfSheets(t *testing.T) {
	s := newService(t)
	fronts := stackPDF(t, "truoc.pdf", scanOf(t, "quyet-dinh.jpg"), scanOf(t, "giay-tiep-nhan-nghieng.jpg"))
	backs := stackPDF(t, "sau.pdf", separators(t, "--count", "1")[0], letter(t).jpeg)
	papers, code := s.submitted("--together", "--collate", "reverse", "--dossier", "H98.15-260305-0050", fronts, backs)
	if code != 0 || len(papers) != 1 {
		t.Fatalf("exit %d: %+v", code, papers)
	}
	p := papers[0]
	if len(p.Leaves) != 3 || p.Leaves[0].Page != 1 || p.Leaves[1].Page != 4 || p.Leaves[2].Page != 2 {
		t.Errorf("leaves %+v, want the sides in order and the sheet dropped", p.Leaves)
	}
	if _, code := s.hoso("submit", "--collate", "reverse", fronts); code != 2 {
		t.Errorf("one file is collated: exit %d", code)
	}
	papers, code = s.submitted("--together", "--collate", "same", "--dossier", "H98.15-260305-0051", fronts, filepath.Join(scans, "ho-so-3-trang.pdf"))
	if code != 6 || len(papers) != 1 || papers[0].State != pipeline.Confirming || papers[0].Reason.Code != "not-collated" {
		t.Errorf("two fronts and three backs: exit %d, %+v", code, papers)
	}
}
