package workers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
	"hoso/workers"
	"hoso/workers/document"
	"hoso/workers/reader"
)

func dossier(t *testing.T, text string) pipeline.DossierNumber {
	t.Helper()
	n, err := pipeline.ParseDossierNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The papers of the stack that stacked scans.
const (
	numberA = "H42.15-221011-0001" // on the sheet before pages 3 and 4
	numberB = "H42.15-221011-0002" // printed on page 6, behind a sheet that says nothing
	numberC = "H42.15-221011-0003" // on the kept sheet 7
)

// stacked is a stack of eight pages as a scanner gives it that looks at both sides of the
// first sheet.
func stacked(t *testing.T) *readers {
	t.Helper()
	sheet := func(number string, kind pipeline.Kind, keep bool) string {
		s := pipeline.Separator{Kind: kind, Keep: keep}
		if number != "" {
			s.Dossier = dossier(t, number)
		}
		return s.String()
	}
	return &readers{
		pages: 8, text: "Đơn", blank: map[int]bool{2: true},
		codes: map[int]string{1: sheet(numberA, "", false), 5: sheet("", "", false), 7: sheet(numberC, pipeline.Result, true)},
		texts: map[int]string{3: "trang ba", 4: "trang bốn", 6: "Mã hồ sơ: " + numberB, 7: "tờ giữ lại", 8: "trang tám"},
	}
}

// all gives every paper, the first one first.
func all(t *testing.T, c *catalog.Catalog) []pipeline.Paper {
	t.Helper()
	var papers []pipeline.Paper
	for p, err := range c.Each(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		papers = append(papers, p)
	}
	return papers
}

// workAll makes moves of all papers until nothing is open.
func (w *world) workAll() []pipeline.Paper {
	w.t.Helper()
	for range 20 {
		open := false
		for _, p := range all(w.t, w.catalog) {
			if p.State.Open() {
				open = true
				w.work(p.ID, 30)
			}
		}
		if !open {
			break
		}
	}
	return all(w.t, w.catalog)
}

// pagesOf tells which pages of the original papers have.
func pagesOf(papers []pipeline.Paper) map[string]string {
	told := map[string]string{}
	for _, p := range papers {
		var pages []string
		for _, l := range p.AllLeaves() {
			pages = append(pages, fmt.Sprint(l.Page))
		}
		if p.State != pipeline.Rejected {
			told[strings.Join(pages, " ")] = string(p.State) + " " + p.Dossier.String() + " " + string(p.Kind)
		}
	}
	return told
}

func (w *world) mustBe(papers []pipeline.Paper, want map[string]string) {
	w.t.Helper()
	got := pagesOf(papers)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		for _, p := range papers {
			w.t.Logf("%s %s parted %q into %q: %+v %s", p.ID, p.State, p.Parted, p.Into, p.Leaves, p.Reason.English)
		}
		w.t.Fatalf("papers %v\nwant %v", got, want)
	}
}

// text is what a paper's stored words say, a page each.
func (w *world) text(id pipeline.PaperID) []string {
	w.t.Helper()
	raw, err := w.open(id, workers.Words)
	if err != nil {
		w.t.Fatal(err)
	}
	var pages []string
	for p, err := range document.ReadWords(bytes.NewReader(raw)) {
		if err != nil {
			w.t.Fatal(err)
		}
		if p.Number != len(pages)+1 {
			w.t.Errorf("page %d of the words of %s has number %d", len(pages)+1, id, p.Number)
		}
		pages = append(pages, p.Text())
	}
	return pages
}

func asFiled() map[string]string {
	return map[string]string{
		"3 4": "filed " + numberA + " component", "6": "filed " + numberB + " component", "7 8": "filed " + numberC + " result",
	}
}

// TestAStackIsParted: every paper is filed under what its sheet or its own page says, every
// page is read once, and the stack handed in again is known.
func TestAStackIsParted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.InWork = w.catalog.InWork
	read := stacked(t)
	w.steps.Readers = read
	stack := w.receive("")
	papers := w.workAll()
	w.mustBe(papers, asFiled())
	slices.Sort(read.reads)
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8}; !slices.Equal(read.reads, want) {
		t.Errorf("pages were read as %v, want each once", read.reads)
	}
	if papers[0].ID != stack.ID || papers[0].Parted != "" || !slices.Equal(w.text(stack.ID), []string{"trang ba", "trang bốn"}) {
		t.Errorf("the first paper is %+v", papers[0])
	}
	for _, p := range papers[1:] {
		if p.Parted != stack.ID || p.Original != stack.Digest || !slices.Contains(papers[0].Parts, p.ID) {
			t.Errorf("the part %s is of %s", p.ID, p.Parted)
		}
		w.verdict(p.ID)
		w.seen(p)
	}
	if got := w.text(papers[2].ID); !slices.Equal(got, []string{"tờ giữ lại", "trang tám"}) {
		t.Errorf("the last paper says %q", got)
	}
	events, _ := w.catalog.Events(t.Context(), stack.ID)
	if at := slices.IndexFunc(events, func(e pipeline.Event) bool { return e.What == "parted" }); at < 0 || !strings.Contains(events[at].Detail, `"dropped":"1-2,5"`) {
		t.Errorf("the history does not tell of the dropped sheets: %+v", events)
	}
	if again := w.receive(""); !again.Again || again.ID != stack.ID {
		t.Errorf("the stack again: %+v", again)
	}
	if again := w.receive(numberA); !again.Again || again.ID != stack.ID {
		t.Errorf("the stack again, with the number of its first paper: %+v", again)
	}
	if b, err := w.catalog.Balance(t.Context()); err != nil || !b.Even() || b.Received != 3 || b.Filed != 3 {
		t.Errorf("balance %+v, %v", b, err)
	}
	fresh := w.rebuilt(workers.Rebuilt{Published: 3})
	w.mustBe(all(t, fresh), asFiled())
	w.catalog, w.office.Papers = fresh, fresh
	if again := w.receive(""); !again.Again || again.ID != stack.ID {
		t.Errorf("the stack again, after a rebuild: %+v", again)
	}
	if left := w.bucket.keys(t, pipeline.CheckpointFolder); len(left) != 0 {
		t.Errorf("page results stay: %v", left)
	}
}

// TestAStackIsFetchedOnce: its papers are read from one copy of it on the disk, which goes with
// the last of them, and goes sooner if the disk is full.
func TestAStackIsFetchedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error // when the second of its papers is first read
		gets int
	}{
		"with room":    {nil, 2}, // for the stack, and for its papers
		"disk is full": {syscall.ENOSPC, 3},
		"work is cut":  {errCut, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.steps.InWork = w.catalog.InWork
			read := &fullOnce{Readers: stacked(t), opened: 3, err: c.err}
			w.steps.Readers = read
			stack := w.receive("")
			w.mustBe(w.workAll(), asFiled())
			if got := w.bucket.gets[stack.Digest]; got != c.gets {
				t.Errorf("the stack was fetched %d times, want %d", got, c.gets)
			}
			if left, err := filepath.Glob(filepath.Join(w.steps.Scratch, "*", "*")); err != nil || len(left) != 0 {
				t.Errorf("files stay: %v, %v", left, err)
			}
		})
	}
}

// fullOnce fails when a file is opened for that many times.
type fullOnce struct {
	document.Readers
	opened int
	err    error
}

func (r *fullOnce) Open(ctx context.Context, job reader.Job) (reader.Summary, error) {
	if r.opened--; r.opened == 0 && r.err != nil {
		return reader.Summary{}, r.err
	}
	return r.Readers.Open(ctx, job)
}

// seen holds the pictures of a paper's pages, and its access copy, against its leaves.
func (w *world) seen(p pipeline.Paper) {
	t := w.t
	t.Helper()
	pictures, err := workers.NewPictures(workers.Pictures{Objects: w.bucket, Readers: &drawer{}, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	for number := 1; number <= p.Pages; number++ {
		got, err := pictures.Page(t.Context(), p, number)
		if want := fmt.Sprint(p.Leaf(number).Page); err != nil || strings.TrimSpace(string(got.JPEG)) != want {
			t.Errorf("page %d of %s is drawn as %.10q, %v; want page %s", number, p.ID, got.JPEG, err, want)
		}
	}
	if _, err := pictures.Page(t.Context(), p, p.Pages+1); err == nil {
		t.Error("there is a page behind the last one")
	}
}

// The number that a stack is handed in with is that of the papers whose sheets say none.
func TestAStackOfOneDossier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = stacked(t)
	stack := w.receive("H42.15-221011-0009")
	w.mustBe(w.workAll(), map[string]string{
		"3 4": "filed " + numberA + " component", "6": "filed H42.15-221011-0009 component", "7 8": "filed " + numberC + " result",
	})
	for _, number := range []string{"H42.15-221011-0009", numberA} {
		if again := w.receive(number); !again.Again || again.ID != stack.ID {
			t.Errorf("the stack again with %s: %+v", number, again)
		}
	}
	if other := w.receive(numberC); other.Again {
		t.Errorf("a hand-in found a part: %+v", other)
	}
}

// A stack of nothing but sheets is no paper less, and sheets without a paper are told of.
func TestSheetsWithoutPapers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := pipeline.Separator{Dossier: dossier(t, numberA)}.String(), pipeline.Separator{Dossier: dossier(t, numberB)}.String()
	w.steps.Readers = &readers{text: "Tờ phân cách", codes: map[int]string{1: a, 2: b}}
	w.receive("")
	w.mustBe(w.workAll(), map[string]string{"1 2": "confirming  component"})

	w = newWorld(t)
	w.steps.Readers = &readers{pages: 3, text: "Đơn", codes: map[int]string{1: a, 3: b}}
	id := w.receive("").ID
	w.mustBe(w.workAll(), map[string]string{"2": "filed " + numberA + " component"})
	events, _ := w.catalog.Events(t.Context(), id)
	if !slices.ContainsFunc(events, func(e pipeline.Event) bool { return strings.Contains(e.Detail, `"alone":["`+numberB+`"]`) }) {
		t.Errorf("nobody is told of the lost paper: %+v", events)
	}
}

// TestSheetsWithoutCodes: where streaks have spoiled the codes of a sheet, the text below them
// parts the stack just so; where that is spoiled, too, a person is asked and cuts it, or says
// that there is nothing to cut.
func TestSheetsWithoutCodes(t *testing.T) {
	t.Parallel()
	title := "TỜ PHÂN CÁCH\n"
	spoiled := func(w *world, text string) string {
		r := stacked(w.t)
		r.texts[1], r.texts[5] = title+r.codes[1], title+text
		delete(r.codes, 1)
		delete(r.codes, 5)
		w.steps.Readers = r
		return string(w.receive("").ID)
	}
	w := newWorld(t)
	spoiled(w, pipeline.Separator{}.String())
	w.mustBe(w.workAll(), asFiled())

	for answer, want := range map[string]map[string]string{
		"split": asFiled(),
		"whole": {"3 4 5 6": "filed " + numberA + " component", "7 8": asFiled()["7 8"]},
	} {
		w := newWorld(t)
		id := pipeline.PaperID(spoiled(w, "HOSO1 .D0*"))
		w.mustBe(w.workAll(), map[string]string{"3 4 5 6": "confirming " + numberA + " component", "7 8": asFiled()["7 8"]})
		p := w.paper(id)
		if p.Reason.Code != pipeline.ReasonSheetUnreadable || p.Reason.Page != 3 || !strings.Contains(p.Reason.Vietnamese, "Trang 3 ") {
			t.Fatalf("it asks %+v", p.Reason)
		}
		if answer == "whole" {
			w.correct(id, pipeline.Edits{Whole: true})
		} else {
			w.cutAt(p, 3, numberB)
		}
		w.mustBe(w.workAll(), want)
	}
}

// TestSheetIsAskedForAgain: who confirms the number of a stack has not said that it is one
// paper; when its pages are put in order it is asked again where the papers begin.
func TestSheetIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := stacked(t)
	r.texts[5] = "TỜ PHÂN CÁCH\nHOSO1 .D0*"
	delete(r.codes, 5)
	w.steps.Readers = r
	id := w.receive("").ID
	w.workAll()
	w.correct(id, pipeline.Edits{Fields: []pipeline.Edit{{Name: pipeline.FieldDossier, Value: numberA}}})
	p := w.paper(id)
	if p.State != pipeline.Confirming || p.Reason.Code != pipeline.ReasonSheetUnreadable {
		t.Fatalf("with its number confirmed it is %s: %+v", p.State, p.Reason)
	}
	leaves := p.AllLeaves()
	leaves[0].Turn = 180
	if _, err := w.office.Arrange(t.Context(), p.ID, p.Gen, leaves, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p = w.work(id, 30); p.State != pipeline.Confirming || p.Reason.Code != pipeline.ReasonSheetUnreadable {
		t.Errorf("with a page turned it is %s: %+v", p.State, p.Reason)
	}
}

// cutAt drops the page of p that is a sheet, as a person does, and makes a paper with a number
// of what is behind it.
func (w *world) cutAt(p pipeline.Paper, sheet int, number string) {
	w.t.Helper()
	p, err := w.office.Arrange(w.t.Context(), p.ID, p.Gen, slices.Delete(p.AllLeaves(), sheet-1, sheet), "cb1")
	if err != nil {
		w.t.Fatal(err)
	}
	p = w.work(p.ID, 30)
	_, parts, err := w.office.Split(w.t.Context(), p.ID, p.Gen, []int{sheet}, "cb1")
	if err != nil || len(parts) != 1 {
		w.t.Fatal(parts, err)
	}
	part := w.work(parts[0].ID, 30)
	if part.Dossier.String() == number {
		return
	}
	if _, err := w.office.Correct(w.t.Context(), part.ID, part.Gen, pipeline.Edits{Fields: []pipeline.Edit{{Name: pipeline.FieldDossier, Value: number}}}, "cb1"); err != nil {
		w.t.Fatal(err)
	}
}

// TestNoFailureOfTheStoreLosesAPart: the store fails at every call until a stack is parted,
// before it was carried out and after; at that very moment the catalog may be
// lost, too. In the end there are the same papers.
func TestNoFailureOfTheStoreLosesAPart(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, failAt int, after, lost bool) int {
		t.Helper()
		w := newWorld(t)
		w.steps.Readers = stacked(t)
		w.steps.InWork = w.catalog.InWork
		id := w.receive("").ID
		w.bucket.calls, w.bucket.failAt, w.bucket.after = 0, failAt, after
		if failAt == 0 {
			for len(w.paper(id).Parts) == 0 {
				w.work(id, 1)
			}
			return w.bucket.calls
		}
		if lost {
			for w.bucket.calls < failAt {
				for _, p := range all(t, w.catalog) {
					if p.State.Open() && w.bucket.calls < failAt {
						w.work(p.ID, 1)
					}
				}
			}
			w.lose()
		}
		papers := w.workAll()
		w.bucket.failAt = 0
		w.mustBe(papers, asFiled())
		w.lose()
		w.mustBe(all(t, w.catalog), asFiled())
		return 0
	}
	calls := run(t, 0, false, false)
	if calls < 10 {
		t.Fatalf("parting made %d calls to the store; is it recorded?", calls)
	}
	for failAt := 1; failAt <= calls; failAt++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, carried out %t", failAt, after), func(t *testing.T) {
				t.Parallel()
				run(t, failAt, after, false)
				run(t, failAt, after, true)
			})
		}
	}
}

// lose loses the catalog and makes a new one from the bucket.
func (w *world) lose() {
	w.t.Helper()
	fresh := catalogtest.New(w.t)
	got, err := workers.Rebuild(w.t.Context(), w.bucket, fresh, func(workers.Rebuilt) {})
	if err != nil || got.Damaged > 0 {
		w.t.Fatalf("rebuilt %+v, %v", got, err)
	}
	w.catalog, w.office.Papers, w.steps.Papers, w.steps.Known, w.steps.InWork = fresh, fresh, fresh, fresh, fresh.InWork
}

// TestFrontsAndBacks puts the sides of sheets together, also where a person has to.
func TestFrontsAndBacks(t *testing.T) {
	t.Parallel()
	texts := map[int]string{1: "một", 2: "hai", 3: "ba", 4: "bốn"}
	for how, want := range map[pipeline.Collation][]string{
		pipeline.CollateSame: {"một", "ba", "hai", "bốn"}, pipeline.CollateReverse: {"một", "bốn", "hai", "ba"},
	} {
		w := newWorld(t)
		w.steps.Readers = &readers{pages: 4, files: []int{2, 2}, texts: texts}
		p := w.work(w.collated(how).ID, 20)
		if p.State != pipeline.Filed || !slices.Equal(w.text(p.ID), want) {
			t.Errorf("%s: %s with pages %q", how, p.State, w.text(p.ID))
		}
		w.sameAfterRebuild(p.ID)
	}
	w := newWorld(t)
	w.steps.Readers = &readers{pages: 4, files: []int{1, 3}, texts: texts}
	p := w.work(w.collated(pipeline.CollateSame).ID, 20)
	if p.State != pipeline.Confirming || p.Reason.Code != workers.ReasonUncollated {
		t.Fatalf("one front and three backs: %s, %+v", p.State, p.Reason)
	}
	if _, err := w.office.Arrange(t.Context(), p.ID, p.Gen, []pipeline.Leaf{{Page: 1}, {Page: 2}, {Page: 3}, {Page: 4}}, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p = w.work(p.ID, 20); p.State != pipeline.Filed {
		t.Errorf("after a person saw to it: %s, %+v", p.State, p.Reason)
	}
}

func (w *world) collated(how pipeline.Collation) pipeline.Receipt {
	w.t.Helper()
	r, err := w.office.Receive(w.t.Context(), workers.Handed{
		Dossier: dossier(w.t, numberA), Kind: pipeline.Component, FileName: "mặt.zip", Sender: "cb1", Lane: pipeline.Batch,
		Collate: how, Size: 5, Body: strings.NewReader("sides"),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// waits hands in a paper of four pages that waits for its number.
func (w *world) waits(read *readers) pipeline.Paper {
	w.t.Helper()
	w.steps.Readers = read
	w.steps.InWork = w.catalog.InWork
	p := w.work(w.receive("").ID, 20)
	if p.State != pipeline.Confirming || p.Pages != 4 {
		w.t.Fatalf("the paper is %s of %d pages", p.State, p.Pages)
	}
	return p
}

func fourPages() *readers {
	return &readers{pages: 4, texts: map[int]string{1: "một", 2: "hai", 3: "ba", 4: "bốn"}}
}

// TestPagesAreArranged: a paper that waits loses a page, has another one turned and a third
// moved; only the turned one is read again. Of a filed one a new version is made.
func TestPagesAreArranged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	read := fourPages()
	p := w.waits(read)
	leaves := []pipeline.Leaf{{Page: 4}, {Page: 2, Turn: 90}, {Page: 1}}
	p, err := w.office.Arrange(t.Context(), p.ID, p.Gen, leaves, "cb1")
	if err != nil {
		t.Fatal(err)
	}
	w.lose() // before it was read: its note knows
	p = w.work(p.ID, 20)
	if got := w.text(p.ID); !slices.Equal(got, []string{"bốn", "hai", "một"}) || p.Pages != 3 || p.Sheets() != 4 {
		t.Errorf("pages %q, %d of %d", got, p.Pages, p.Sheets())
	}
	if want := []int{1, 2, 3, 4, 2}; !slices.Equal(read.reads, want) {
		t.Errorf("read %v, want %v", read.reads, want)
	}
	if p, err = w.office.SetNumber(t.Context(), p.ID, dossier(t, numberA), "cb1"); err != nil {
		t.Fatal(err)
	}
	first := w.work(p.ID, 20)
	if first.State != pipeline.Filed {
		t.Fatalf("ended as %s: %+v", first.State, first.Reason)
	}
	p, err = w.office.Arrange(t.Context(), first.ID, first.Gen, []pipeline.Leaf{{Page: 1}, {Page: 2}, {Page: 3}, {Page: 4}}, "cb1")
	if err != nil {
		t.Fatal(err)
	}
	if on := p.Shelved(); !slices.Equal(on.Leaves, leaves) || on.Pages != 3 {
		t.Errorf("while a newer one is made its record has %+v", on.Leaves)
	}
	p = w.work(p.ID, 20)
	if got := w.text(p.ID); p.State != pipeline.Filed || len(p.Former) != 1 || len(got) != 4 || p.Record == first.Record {
		t.Errorf("filed anew: %s, %d former, pages %q", p.State, len(p.Former), got)
	}
	w.versionsHold(p.ID, p.Editions())
	w.verdict(p.ID)
	w.sameAfterRebuild(p.ID)
}

// TestWhatCannotBeArranged names what is wrong.
func TestWhatCannotBeArranged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.waits(fourPages())
	for name, leaves := range map[string][]pipeline.Leaf{
		"none": {}, "page 0": {{Page: 0}}, "page 5": {{Page: 5}}, "twice": {{Page: 1}, {Page: 1, Turn: 90}},
		"turned a little": {{Page: 1, Turn: 45}}, "turned too far": {{Page: 1, Turn: 450}}, "turned back": {{Page: 1, Turn: -90}},
	} {
		_, err := w.office.Arrange(t.Context(), p.ID, p.Gen, leaves, "cb1")
		if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "leaves" || !errors.Is(err, pipeline.ErrLeaves) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, before := range [][]int{nil, {1}, {5}, {2, 9}, {-1}} {
		_, _, err := w.office.Split(t.Context(), p.ID, p.Gen, before, "cb1")
		if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "cut" {
			t.Errorf("cut before %v: %v", before, err)
		}
	}
	if _, err := w.office.Arrange(t.Context(), p.ID, p.Gen-1, []pipeline.Leaf{{Page: 1}}, "cb1"); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("as it was seen earlier: %v", err)
	}
	if _, err := w.office.Merge(t.Context(), w.sees(p.ID, p.ID), "cb1"); err == nil {
		t.Error("a paper is merged with itself")
	}
	if got := w.paper(p.ID); got.Gen != p.Gen {
		t.Error("the paper moved all the same")
	}
	w = newWorld(t)
	w.steps.Readers = &readers{text: "Đơn", signed: true}
	signed := w.arrive([]byte("signed elsewhere"))
	signed = w.work(signed.ID, 20)
	if !signed.Signed {
		t.Fatalf("%+v", signed)
	}
	_, err := w.office.Arrange(t.Context(), signed.ID, signed.Gen, []pipeline.Leaf{{Page: 1}}, "cb1")
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "signed-whole" {
		t.Errorf("a signed original is arranged: %v", err)
	}
	_, _, err = w.office.Split(t.Context(), signed.ID, signed.Gen, []int{2}, "cb1")
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "signed-whole" {
		t.Errorf("a signed original is split: %v", err)
	}
}

// TestSplitAndRejoined: a paper is split, what people said of its words goes with the
// pages, and the parts are put together again; another split makes other papers.
func TestSplitAndRejoined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	read := fourPages()
	p := w.waits(read)
	word := pipeline.WordEdit{Page: 4, Box: pipeline.Box{X0: 0, Y0: 10, X1: 9, Y1: 20}, Before: "bốn", After: "bổn"}
	p, err := w.office.CorrectWords(t.Context(), p.ID, p.Gen, []pipeline.WordEdit{word}, "cb1")
	if err != nil {
		t.Fatal(err)
	}
	p = w.work(p.ID, 20)
	p, parts, err := w.office.Split(t.Context(), p.ID, p.Gen, []int{4, 2}, "cb1")
	if err != nil || len(parts) != 2 || parts[0].Parted != p.ID || len(p.Parts) != 2 {
		t.Fatalf("split into %+v and %+v, %v", p, parts, err)
	}
	w.mustBe(w.workAll(), map[string]string{"1": "confirming  component", "2 3": "confirming  component", "4": "confirming  component"})
	if got := w.text(parts[1].ID); !slices.Equal(got, []string{"bổn"}) {
		t.Errorf("the last page says %q", got)
	}
	if len(read.reads) != 4 {
		t.Errorf("read %v, want each page once", read.reads)
	}
	w.lose()
	w.workAll()
	ids := []pipeline.PaperID{parts[1].ID, p.ID, parts[0].ID}
	merged, err := w.office.Merge(t.Context(), w.sees(ids...), "cb1")
	if err != nil || merged.ID != p.ID || len(merged.Merged) != 2 {
		t.Fatalf("merged into %+v, %v", merged, err)
	}
	papers := w.workAll()
	w.mustBe(papers, map[string]string{"4 1 2 3": "confirming  component"})
	if got := w.text(p.ID); !slices.Equal(got, []string{"bổn", "một", "hai", "ba"}) {
		t.Errorf("merged pages say %q", got)
	}
	if b, err := w.catalog.Balance(t.Context()); err != nil || !b.Even() || b.Received != 3 || b.Rejected != 2 {
		t.Errorf("balance %+v, %v", b, err)
	}
	for _, part := range parts {
		if got := w.paper(part.ID); got.Reason.Code != pipeline.ReasonMerged || got.Into != p.ID {
			t.Errorf("the part ended as %s: %+v", got.State, got.Reason)
		}
	}
	if again := w.receive(""); !again.Again || again.ID != p.ID {
		t.Errorf("handed in again: %+v", again)
	}
	merged = w.paper(p.ID)
	_, other, err := w.office.Split(t.Context(), p.ID, merged.Gen, []int{2}, "cb1")
	if err != nil || len(other) != 1 || slices.Contains([]pipeline.PaperID{parts[0].ID, parts[1].ID}, other[0].ID) {
		t.Fatalf("split once more into %+v, %v", other, err)
	}
	want := map[string]string{"4": "confirming  component", "1 2 3": "confirming  component"}
	w.mustBe(w.workAll(), want)
	w.lose()
	w.mustBe(w.workAll(), want)
}

// A filed paper is split: its former record stays as it is, and the new papers have none
// of it.
func TestAFiledPaperIsSplit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = fourPages()
	first := w.work(w.receive(numberA).ID, 20)
	_, parts, err := w.office.Split(t.Context(), first.ID, first.Gen, []int{3}, "cb1")
	if err != nil {
		t.Fatal(err)
	}
	w.lose() // and the catalog goes at once
	want := map[string]string{"1 2": "filed " + numberA + " component", "3 4": "filed " + numberA + " component"}
	w.mustBe(w.workAll(), want)
	p, part := w.paper(first.ID), w.paper(parts[0].ID)
	if len(p.Former) != 1 || p.Former[0].Record != first.Record || len(part.Former) != 0 {
		t.Errorf("versions: %+v and %+v", p.Editions(), part.Editions())
	}
	w.versionsHold(p.ID, p.Editions())
	w.lose()
	w.mustBe(all(t, w.catalog), want)
	if _, err := w.office.Merge(t.Context(), w.sees(p.ID, part.ID), "cb1"); err == nil {
		t.Error("a paper with a published record ended")
	}
}

// TestPapersOfSeveralOriginalsAreMerged makes a bundle of files that came apart, one of
// them without its second page.
func TestPapersOfSeveralOriginalsAreMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "Không có mã"}
	one := w.work(w.mustReceive("", "one").ID, 20)
	two := w.work(w.mustReceive("", "two").ID, 20)
	two, err := w.office.Arrange(t.Context(), two.ID, two.Gen, []pipeline.Leaf{{Page: 1, Turn: 180}}, "cb1")
	if err != nil {
		t.Fatal(err)
	}
	two = w.work(two.ID, 20)
	stale := w.sees(two.ID, one.ID)
	stale[1].Gen--
	if _, err := w.office.Merge(t.Context(), stale, "cb1"); !isStale(err, one.ID) {
		t.Errorf("papers are merged that were seen before they changed: %v", err)
	}
	w.someoneElseHolds(one)
	w.steps.Readers = &readers{pages: 4, files: []int{2, 2}, texts: map[int]string{1: "một", 2: "hai", 3: "ba", 4: "bốn"}}
	merged, err := w.office.Merge(t.Context(), w.sees(two.ID, one.ID), "cb1")
	if err != nil {
		t.Fatal(err)
	}
	if want := []pipeline.Leaf{{Page: 1, Turn: 180}, {Page: 3}, {Page: 4}}; !slices.Equal(merged.Leaves, want) || merged.Of != 4 {
		t.Errorf("leaves %+v of %d", merged.Leaves, merged.Of)
	}
	w.lose() // before the ends of the others were published
	papers := w.workAll()
	w.mustBe(papers, map[string]string{"1 3 4": "confirming  component"})
	if b, err := w.catalog.Balance(t.Context()); err != nil || !b.Even() || b.Received != 4 || b.Rejected != 3 {
		t.Errorf("balance %+v, %v", b, err)
	}
	if again := w.mustReceive("", "one"); !again.Again || again.ID != one.ID {
		t.Errorf("the first file again: %+v", again)
	}
	w.lose()
	w.mustBe(w.workAll(), map[string]string{"1 3 4": "confirming  component"})
}

// isStale reports whether an error says that the paper id is not as it was seen.
func isStale(err error, id pipeline.PaperID) bool {
	stale, named := errors.AsType[*pipeline.StalePaper](err)
	return errors.Is(err, pipeline.ErrStale) && named && stale.ID == id
}

// someoneElseHolds has somebody be faster with one of two papers that are about to be
// merged.
func (w *world) someoneElseHolds(p pipeline.Paper) {
	t := w.t
	t.Helper()
	other := w.work(w.mustReceive("", "another").ID, 20)
	if _, err := w.catalog.Claim(t.Context(), p.ID, p.Gen, "office/cb2", w.now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][]pipeline.PaperID{{p.ID, other.ID}, {other.ID, p.ID}} {
		if _, err := w.office.Merge(t.Context(), w.sees(ids...), "cb1"); !isStale(err, p.ID) {
			t.Errorf("merging what somebody else holds: %v; want %s named", err, p.ID)
		}
	}
	if err := w.catalog.Release(t.Context(), p.ID, p.Gen, "office/cb2"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.Reject(t.Context(), other.ID, pipeline.Reason{Code: "by-person", English: "x", Vietnamese: "x"}, "cb1"); err != nil {
		t.Fatal(err)
	}
}

// sees looks at papers as they are now.
func (w *world) sees(ids ...pipeline.PaperID) []pipeline.Seen {
	w.t.Helper()
	var all []pipeline.Seen
	for _, id := range ids {
		all = append(all, pipeline.Seen{ID: id, Gen: w.paper(id).Gen})
	}
	return all
}

func (w *world) mustReceive(number, content string) pipeline.Receipt {
	w.t.Helper()
	r, err := w.tryReceive(number, content)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// TestNoFailureOfTheStoreLosesAMerge: what a person asks for again until it is done is done
// once, whatever fails, and whether or not the catalog is lost in the middle.
func TestNoFailureOfTheStoreLosesAMerge(t *testing.T) {
	t.Parallel()
	for _, several := range []bool{false, true} {
		calls := mergedWithFailure(t, cutMerge{several: several})
		if calls < 8 {
			t.Fatalf("merging made %d calls to the store; is it recorded?", calls)
		}
		for failAt := 1; failAt <= calls; failAt++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("several %t, call %d, carried out %t", several, failAt, after), func(t *testing.T) {
					t.Parallel()
					mergedWithFailure(t, cutMerge{several, failAt, after, false})
					mergedWithFailure(t, cutMerge{several, failAt, after, true})
				})
			}
		}
	}
}

// cutMerge is a merge that fails.
type cutMerge struct {
	several bool // originals, or parts of one
	failAt  int  // call to the store
	after   bool // the call was carried out
	lost    bool // the catalog is lost then
}

// mergedWithFailure splits a paper and merges its parts, or merges two originals.
func mergedWithFailure(t *testing.T, c cutMerge) int {
	t.Helper()
	w := newWorld(t)
	w.steps.Readers = fourPages()
	p := w.work(w.receive("").ID, 20)
	ids, want := []pipeline.PaperID{p.ID}, "1 2 3 4"
	if c.several {
		ids, want = append(ids, w.work(w.mustReceive("", "other").ID, 20).ID), "1 2 3 4 5 6 7 8"
	}
	w.bucket.calls, w.bucket.failAt, w.bucket.after = 0, c.failAt, c.after
	failed := false
	check := func(err error) bool {
		if err != nil && c.lost && !failed {
			failed = true
			w.lose()
			w.workAll()
		}
		return err == nil
	}
	for try := 0; !c.several && len(ids) == 1; try++ {
		now := w.work(p.ID, 20)
		if len(now.Parts) > 0 { // it was carried out
			ids = append(ids, now.Parts...)
			break
		}
		_, parts, err := w.office.Split(t.Context(), p.ID, now.Gen, []int{3}, "cb1")
		if check(err) {
			ids = append(ids, parts[0].ID)
		} else if try > 3 {
			t.Fatalf("split in vain: %v", err)
		}
	}
	w.workAll()
	for try := 0; ; try++ {
		if w.paper(ids[1]).Into != "" {
			break
		}
		if _, err := w.office.Merge(t.Context(), w.sees(ids...), "cb1"); !check(err) && try > 3 {
			t.Fatalf("merged in vain: %v", err)
		}
	}
	if c.several {
		w.steps.Readers = &readers{pages: 8, text: "Đơn"}
	}
	papers := w.workAll()
	calls := w.bucket.calls
	w.bucket.failAt = 0
	w.mustBe(papers, map[string]string{want: "confirming  component"})
	w.lose()
	w.mustBe(w.workAll(), map[string]string{want: "confirming  component"})
	return calls
}

// TestDecisionsThatWereCutOff: what was written of a split or a merge that never came to be
// is of no consequence once something else was decided and the catalog is lost.
func TestDecisionsThatWereCutOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.waits(fourPages())
	other := w.work(w.mustReceive("", "other").ID, 20)
	cut := &workers.Office{}
	*cut = *w.office
	cut.Papers = uncommitted{w.catalog}
	if _, _, err := cut.Split(t.Context(), p.ID, p.Gen, []int{2, 3, 4}, "cb1"); err == nil {
		t.Fatal("committed all the same")
	}
	if _, err := cut.Merge(t.Context(), w.sees(p.ID, other.ID), "cb1"); err == nil {
		t.Fatal("committed all the same")
	}
	if _, _, err := w.office.Split(t.Context(), p.ID, p.Gen, []int{4}, "cb2"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.SetNumber(t.Context(), other.ID, dossier(t, numberB), "cb2"); err != nil {
		t.Fatal(err)
	}
	w.workAll()
	w.lose()
	papers := w.workAll()
	if len(papers) != 3 {
		t.Errorf("%d papers", len(papers))
	}
	w.mustBe(papers, map[string]string{"1 2 3": "confirming  component", "4": "confirming  component", "1 2 3 4": "filed " + numberB + " component"})
}

// TestAnOfficersPaperIsLeftAlone: neither while a key is asked to sign it, nor between the
// signature and the filing.
func TestAnOfficersPaperIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules("- signers: [officer]\n")
	p := w.work(w.receive(numberA).ID, 20)
	if p.State != pipeline.Signing {
		t.Fatalf("the paper is %s", p.State)
	}
	w.office.Asked = w.catalog.AskedOf
	request := pipeline.DeskRequest{ID: "01M84E0F4CFGDGW2VC87EH9999", Paper: p.ID, Gen: p.Gen, Account: "ld1", Certificate: pipeline.Sum(nil), Until: w.clock.Add(1e10), Prepared: []byte("{}")}
	if _, err := w.catalog.Ask(t.Context(), request, w.clock); err != nil {
		t.Fatal(err)
	}
	_, _, err := w.office.Split(t.Context(), p.ID, p.Gen, []int{2}, "cb1")
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "being-signed" {
		t.Errorf("split while it is being signed: %v", err)
	}
	w.clock = w.clock.Add(1e11)
	if err := w.bucket.PutKey(t.Context(), pipeline.DeskKey(p.Composed), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	_, err = w.office.Arrange(t.Context(), p.ID, p.Gen, []pipeline.Leaf{{Page: 2}}, "cb1")
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != "officer-has-signed" {
		t.Errorf("arranged once it was signed: %v", err)
	}
	if err := w.bucket.Delete(t.Context(), pipeline.DeskKey(p.Composed)); err != nil {
		t.Fatal(err)
	}
	if _, _, err = w.office.Split(t.Context(), p.ID, p.Gen, []int{2}, "cb1"); err != nil {
		t.Errorf("split while it waits: %v", err)
	}
}
