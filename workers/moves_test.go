package workers_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/storage/catalog"
	"hoso/storage/catalog/catalogtest"
	"hoso/workers"
)

// Every call to the object storage is made to fail once, before it was carried out and
// after: the paper must come out filed all the same, with one record.
func TestNoFailureOfTheStoreLosesOrDoublesAPaper(t *testing.T) {
	t.Parallel()
	calls := 0
	w := newWorld(t)
	w.work(w.receive("H42.15-221011-0001").ID, 20)
	calls = w.bucket.calls
	if calls < 10 {
		t.Fatalf("a journey made %d calls to the store; is it recorded?", calls)
	}
	for failAt := 1; failAt <= calls; failAt++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, carried out %t", failAt, after), func(t *testing.T) {
				t.Parallel()
				journeyWithFailure(t, failAt, after)
			})
		}
	}
}

func journeyWithFailure(t *testing.T, failAt int, after bool) {
	t.Helper()
	w := newWorld(t)
	w.bucket.failAt, w.bucket.after = failAt, after
	r, err := w.tryReceive("H42.15-221011-0001", "two pages")
	if err != nil {
		r = w.receive("H42.15-221011-0001") // no receipt: the sender sends again
	}
	p := w.work(r.ID, 20)
	if p.State != pipeline.Filed {
		t.Fatalf("ended as %s: %s", p.State, p.Reason.English)
	}
	if manifests := w.bucket.keys(t, pipeline.ManifestFolder); len(manifests) != 1 {
		t.Errorf("manifests: %v, want one", manifests)
	}
	if b, err := w.catalog.Balance(t.Context()); err != nil || b.Received != 1 || !b.Even() {
		t.Errorf("balance %+v, %v; want one paper received", b, err)
	}
	v, err := w.office.Verify(t.Context(), r.ID)
	if err != nil || !allButTrustedTime(v) {
		t.Errorf("verdict %+v, %v", v, err)
	}
}

// allButTrustedTime accepts a signature that is whole: this world has no timestamps.
func allButTrustedTime(v workers.Verdict) bool {
	for _, c := range v.Checks {
		if !c.Passed && c.Name != "signature" {
			return false
		}
	}
	return len(v.Checks) == 4
}

// While the store is down a paper waits with the reason, however long, and is never
// given up.
func TestAnOutageIsWaitedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.receive("H42.15-221011-0001").ID
	w.bucket.down = true
	p := w.work(id, 30)
	if p.State != pipeline.Failed || p.Reason.Code != "unavailable" {
		t.Fatalf("during the outage: %s (%s), want it waiting for the store", p.State, p.Reason.Code)
	}
	w.bucket.down = false
	if p = w.work(id, 20); p.State != pipeline.Filed {
		t.Errorf("after the outage: %s (%s), want filed", p.State, p.Reason.English)
	}
}

// A long wait for the store does not count when something else goes wrong: a person is
// asked only after that has failed often.
func TestWaitingIsNotFailing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.receive("H42.15-221011-0001").ID
	w.bucket.down = true
	w.work(id, 30)
	w.bucket.down = false
	w.steps.Readers = &readers{err: errors.New("no such thing was foreseen")}
	if p := w.work(id, 1); p.State != pipeline.Failed || p.Tries != 1 {
		t.Errorf("first failure after an outage: %s after %d tries, want it tried again", p.State, p.Tries)
	}
}

func TestAReceiptIsOnlyGivenForDurableBytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket.down = true
	_, err := w.tryReceive("H42.15-221011-0001", "two pages")
	if _, ok := errors.AsType[*pipeline.Unavailable](err); !ok {
		t.Fatalf("Receive without a store = %v, want Unavailable", err)
	}
	if b, err := w.catalog.Balance(t.Context()); err != nil || b.Received != 0 {
		t.Errorf("a paper without bytes is in the catalog: %+v, %v", b, err)
	}
}

func TestTheSameBytesAreReceivedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.receive("H42.15-221011-0001")
	second := w.receive("000.00.15.H42-221011-0001")
	if second.ID != first.ID || !second.Again {
		t.Errorf("the same bytes for the same dossier in another form: %+v, want %s again", second, first.ID)
	}
	if other := w.receive("H42.15-221011-0002"); other.Again || other.ID == first.ID {
		t.Errorf("the same bytes for another dossier: %+v, want a paper of its own", other)
	}
	if notes := w.bucket.keys(t, pipeline.NoteFolder); len(notes) != 2 {
		t.Errorf("notes: %v, want one for each paper", notes)
	}
}

func TestBadBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.office.MaxSize = 10
	for content, want := range map[string]string{"": "empty-file", "eleven byte": "too-big"} {
		_, err := w.tryReceive("", content)
		refusal, ok := pipeline.AsRefusal(err)
		if !ok || refusal.Reason.Code != want || refusal.Reason.Vietnamese == "" {
			t.Errorf("Receive(%q) = %v, want it refused as %s", content, err, want)
		}
	}
	_, err := w.office.Receive(t.Context(), workers.Handed{Size: 5, Body: io.LimitReader(neverEnding{}, 4)})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Receive of a body that was cut off = %v", err)
	}
}

type neverEnding struct{}

func (neverEnding) Read(b []byte) (int, error) { return len(b), nil }

func TestTheNumberIsFoundOnThePaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.work(w.receive("").ID, 20)
	if p.State != pipeline.Filed || p.Dossier.Key() != "H42.15-20221011-0000001" || p.Unit != "H42.15" {
		t.Errorf("paper is %s with number %q of unit %q; want it filed under what stands on it", p.State, p.Dossier, p.Unit)
	}
}

// TestUnreadablePagesAreNamed: whoever is asked for the number learns which pages are
// to be scanned again, while the paper is still at hand.
// TestTheIssuerIsFoundInTheList reads a letterhead that the list of agencies knows.
func TestTheIssuerIsFoundInTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "SỞ TƯ PHÁP\nSố: 12/STP-VP"}
	w.steps.Names = listed{}
	p := w.work(w.receive("H42.15-221011-0001").ID, 20)
	got := map[pipeline.FieldName]string{}
	for _, f := range p.Fields {
		got[f.Name] = f.Value
	}
	if got[pipeline.FieldIssuerCode] != "H42.17" || got[pipeline.FieldIssuer] != "SỞ TƯ PHÁP" {
		t.Errorf("fields %v", got)
	}
}

// listed is a list of one agency.
type listed struct{}

func (listed) Agencies(context.Context) (extract.Lookup, error) {
	return func(name string, _ pipeline.Day) []extract.Known {
		if name != "SỞ TƯ PHÁP" {
			return nil
		}
		return []extract.Known{{Code: "H42.17", Name: "Sở Tư pháp", Score: 100}}
	}, nil
}

func TestUnreadablePagesAreNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "Khẻng cỏ mả", verdict: pipeline.VerdictUnreadable}
	p := w.work(w.receive("").ID, 20)
	if p.State != pipeline.Confirming || !strings.Contains(p.Reason.Vietnamese, "trang 1, 2") || !strings.Contains(p.Reason.Vietnamese, "quét lại") {
		t.Errorf("an unreadable paper is %s: %q; want its pages named", p.State, p.Reason.Vietnamese)
	}
}

// TestASecretPaperIsHeld: nobody finds it by its words, whatever number it came with, until
// a person says that the stamp was none.
func TestASecretPaperIsHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "TỐI MẬT"}
	id := w.receive("H42.15-221011-0001").ID
	p := w.work(id, 20)
	if p.State != pipeline.Confirming || p.Reason.Code != "secret-stamp" || !strings.Contains(p.Reason.Vietnamese, "TỐI MẬT") {
		t.Fatalf("a secret paper is %s: %s", p.State, p.Reason.Vietnamese)
	}
	hits := func() int {
		found, err := w.catalog.Find(t.Context(), pipeline.Query{Text: "tối mật"})
		if err != nil {
			t.Fatal(err)
		}
		return len(found.Hits)
	}
	if n := hits(); n != 0 {
		t.Errorf("its words find it %d times", n)
	}
	if _, err := w.office.ConfirmNumber(t.Context(), id, p.Dossier, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p = w.work(id, 20); p.State != pipeline.Filed || hits() != 1 {
		t.Errorf("after a person said that it is none: %s, found %d times", p.State, hits())
	}
}

func TestAPersonSettlesTheNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "Không có mã nào ở đây"}
	id := w.receive("").ID
	p := w.work(id, 20)
	if p.State != pipeline.Confirming || p.Reason.Code != "number-not-found" {
		t.Fatalf("paper without a number is %s (%s), want it waiting", p.State, p.Reason.Code)
	}
	n, err := pipeline.ParseDossierNumber("H42.15-221011-0009")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.SetNumber(t.Context(), id, n, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p = w.work(id, 20); p.State != pipeline.Filed || p.Dossier != n {
		t.Errorf("after a person gave %s: %s, %q", n, p.State, p.Dossier)
	}
	events, err := w.catalog.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range events {
		found = found || e.What == "number set" && e.Actor == "cb1"
	}
	if !found {
		t.Errorf("nobody can see who set the number: %+v", events)
	}
}

// known is a list of agencies with one unit.
type known struct {
	code string
	from pipeline.Day
}

func (k known) Unit(_ context.Context, code string, day pipeline.Day) (pipeline.Unit, error) {
	var entries []pipeline.Agency
	if code == k.code {
		entries = append(entries, pipeline.Agency{Code: code, Name: "Xã Vạn Liễu", Validity: pipeline.Validity{From: k.from}})
	}
	return pipeline.Stand(code, day, entries, true), nil
}

// A number of a unit that is not listed, found on the paper or handed in, is not taken
// before a person has said that it is right; and that is written down.
func TestAnUnknownUnitWaitsForAPerson(t *testing.T) {
	t.Parallel()
	number := func(s string) pipeline.DossierNumber {
		n, err := pipeline.ParseDossierNumber(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range []struct {
		name, handed, reason string
		units                workers.Units
	}{
		{"found, unknown", "", pipeline.ReasonUnitUnknown, known{code: "H42.16"}},
		{"handed in, unknown", "000.00.15.H42-221011-0001", pipeline.ReasonUnitUnknown, known{code: "H42.16"}},
		{"found, not then", "", pipeline.ReasonUnitNotThen, known{"H42.15", "2025-07-01"}},
		{"found, known", "", "", known{"H42.15", "2020-07-01"}},
		{"handed in, known", "H42.15-221011-0001", "", known{"H42.15", ""}},
	} {
		w := newWorld(t)
		w.steps.Units, w.office.Units = c.units, c.units
		id := w.receive(c.handed).ID
		p := w.work(id, 20)
		if c.reason == "" {
			if p.State != pipeline.Filed || p.Unit != "H42.15" {
				t.Errorf("%s: %s (%s)", c.name, p.State, p.Reason.Code)
			}
			continue
		}
		if p.State != pipeline.Confirming || p.Reason.Code != c.reason || !strings.Contains(p.Reason.Vietnamese, "H42.15") {
			t.Fatalf("%s: %s, %+v; want it waiting for a person", c.name, p.State, p.Reason)
		}
		other := number("H40.03-221011-0001")
		_, err := w.office.SetNumber(t.Context(), id, other, "cb1")
		if refusal, ok := pipeline.AsRefusal(err); !ok || refusal.Reason.Code != pipeline.ReasonUnitUnknown {
			t.Errorf("%s: another unknown unit: %v, want it refused", c.name, err)
		}
		if p = w.work(id, 1); p.State != pipeline.Confirming || !strings.Contains(p.Reason.Vietnamese, "H40.03") || p.Dossier.Key() == other.Key() {
			t.Errorf("%s: after a doubted number: %s, %s, %+v", c.name, p.State, p.Dossier, p.Reason)
		}
		sure := number("H42.15-221011-0001")
		if _, err := w.office.ConfirmNumber(t.Context(), id, sure, "cb1"); err != nil {
			t.Fatal(err)
		}
		if p = w.work(id, 20); p.State != pipeline.Filed || p.Dossier.Key() != sure.Key() || p.Unit != "H42.15" {
			t.Errorf("%s: confirmed: %s, %s of %s", c.name, p.State, p.Dossier, p.Unit)
		}
		events, err := w.catalog.Events(t.Context(), id)
		if err != nil || !slices.ContainsFunc(events, func(e pipeline.Event) bool {
			return e.What == "number confirmed" && e.Actor == "cb1" && e.Reason.Code == c.reason
		}) {
			t.Errorf("%s: nobody can see that the number was confirmed in spite of the list: %+v, %v", c.name, events, err)
		}
	}
}

// What a person has confirmed is not asked again when the paper is read again, and a
// number corrected takes its unit with it.
func TestAConfirmedNumberIsNotDoubtedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Units, w.office.Units = known{code: "H42.16"}, known{code: "H42.16"}
	id := w.receive("H40.03-221011-0001").ID
	w.work(id, 20)
	n, err := pipeline.ParseDossierNumber("H42.15-221011-0001")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.ConfirmNumber(t.Context(), id, n, "cb1"); err != nil {
		t.Fatal(err)
	}
	p, err := w.catalog.Paper(t.Context(), id)
	if err != nil || p.Unit != "H42.15" {
		t.Fatalf("the paper is of %q, %v", p.Unit, err)
	}
	p.State = pipeline.Confirming // something else was amiss with it
	if _, err := w.catalog.Commit(t.Context(), catalog.Move{Paper: p}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.Retry(t.Context(), id, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p := w.work(id, 1); p.State != pipeline.Recognized || p.Dossier.Key() != n.Key() {
		t.Errorf("read again: %s (%s), %s", p.State, p.Reason.Code, p.Dossier)
	}
}

func TestARefusedPaperIsKeptWithItsReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reason := pipeline.Reason{Code: "truncated", English: "cut", Vietnamese: "Tệp bị cắt cụt."}
	w.steps.Readers = &readers{err: pipeline.Refuse(reason, nil)}
	r := w.receive("H42.15-221011-0001")
	p := w.work(r.ID, 20)
	if p.State != pipeline.Rejected || p.Reason.Code != "truncated" {
		t.Fatalf("refused paper is %s (%s)", p.State, p.Reason.Code)
	}
	o, err := w.office.Open(t.Context(), r.ID, workers.Original)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if body, err := io.ReadAll(o); err != nil || string(body) != "two pages" {
		t.Errorf("its original: %q, %v", body, err)
	}
}

// A rejected paper is neither read again nor retried, and whoever asks for it is told what to
// do instead.
func TestARejectedPaperStaysRejected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cut := pipeline.Reason{Code: "truncated", English: "cut", Vietnamese: "Tệp bị cắt cụt."}
	w.steps.Readers = &readers{err: pipeline.Refuse(cut, nil)}
	before := w.work(w.receive("H42.15-221011-0001").ID, 20)
	if before.State != pipeline.Rejected {
		t.Fatalf("refused paper is %s", before.State)
	}
	for _, c := range []struct {
		name                string
		become              func(*pipeline.Paper)
		english, vietnamese string
	}{
		{"alone", func(*pipeline.Paper) {}, "hand it in again", "gửi lại tệp"},
		{"of a stack", func(p *pipeline.Paper) { p.Parted = "01M84E0F4CFGDGW2VC87EH0001" }, "scan its pages anew", "quét lại các trang"},
		{"merged", func(p *pipeline.Paper) { p.Into = "01M84E0F4CFGDGW2VC87EH0002" }, "01M84E0F4CFGDGW2VC87EH0002", "01M84E0F4CFGDGW2VC87EH0002"},
	} {
		p := w.paper(before.ID)
		c.become(&p)
		if _, err := w.catalog.Commit(t.Context(), pipeline.Move{Paper: p}); err != nil {
			t.Fatal(err)
		}
		p = w.paper(p.ID)
		for what, act := range map[string]func(context.Context, pipeline.PaperID, string) (pipeline.Paper, error){"reread": w.office.Reread, "retry": w.office.Retry} {
			_, err := act(t.Context(), p.ID, "cb1")
			refusal, ok := pipeline.AsRefusal(err)
			if !ok || refusal.Reason.Code != "rejected" || !strings.Contains(refusal.Reason.English, c.english) || !strings.Contains(refusal.Reason.Vietnamese, c.vietnamese) {
				t.Errorf("%s, %s: %v; want to be told what to do", c.name, what, err)
			}
		}
		if now := w.paper(p.ID); now.Gen != p.Gen || now.State != pipeline.Rejected {
			t.Errorf("%s: it is %s in generation %d", c.name, now.State, now.Gen)
		}
	}
}

func TestASignedPaperIsNeverRewritten(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	file, _ := signedBy(t, a)
	p := w.arrive(file)
	if p.State != pipeline.Filed || p.Record != p.Original {
		t.Errorf("signed paper is %s with record %s, want its original %s", p.State, p.Record, p.Original)
	}
}

// A fault that stays sends the paper to a person instead of turning for ever.
func TestAFaultThatStaysReachesAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{err: errors.New("no such thing was foreseen")}
	id := w.receive("H42.15-221011-0001").ID
	p := w.work(id, 30)
	if p.State != pipeline.Confirming || p.Reason.Code != "step-failed" {
		t.Fatalf("after many failures: %s (%s), want a person asked", p.State, p.Reason.Code)
	}
	w.steps.Readers = &readers{text: "x"}
	if _, err := w.office.Retry(t.Context(), id, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p = w.work(id, 20); p.State != pipeline.Filed {
		t.Errorf("after the retry: %s (%s)", p.State, p.Reason.English)
	}
}

// The catalog is lost and made again from the bucket: published papers as they were,
// unfinished ones from their start, doubles once.
func TestRebuild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	done := w.work(w.receive("H42.15-221011-0001").ID, 20)
	open := w.receive("H42.15-221011-0002")
	fresh := catalogtest.New(t)
	count, err := workers.Rebuild(t.Context(), w.bucket, fresh, func(workers.Rebuilt) {})
	if err != nil || count.Published != 1 || count.Open != 1 || count.Damaged != 0 {
		t.Fatalf("rebuilt %+v, %v; want one published, one open", count, err)
	}
	got, err := fresh.Paper(t.Context(), done.ID)
	if err != nil || got.Record != done.Record || got.Gen != done.Gen || got.Dossier != done.Dossier {
		t.Errorf("rebuilt paper %+v, %v; want %+v", got, err, done)
	}
	before, _ := w.catalog.Events(t.Context(), done.ID)
	after, err := fresh.Events(t.Context(), done.ID)
	if err != nil || len(after) != len(before) {
		t.Errorf("rebuilt history has %d events, want %d (%v)", len(after), len(before), err)
	}
	w.catalog, w.steps.Papers, w.office.Papers = fresh, fresh, fresh
	if p := w.work(open.ID, 20); p.State != pipeline.Filed {
		t.Errorf("the unfinished paper ends as %s, want filed", p.State)
	}
	found, err := fresh.Find(t.Context(), pipeline.Query{Text: "ma ho so"})
	if err != nil || found.Total != 2 {
		t.Errorf("found %d papers by their words after the rebuild, want 2 (%v)", found.Total, err)
	}
}

// A reading that was cut off goes on with the first page that is missing, also on
// another machine, where nothing of the first try lies on the disk.
func TestAReadingGoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := &readers{text: "H42.15-221011-0001", breaks: map[int]error{2: errors.New("the worker was killed")}}
	w.steps.Readers = r
	id := w.receive("H42.15-221011-0001").ID
	if p := w.work(id, 1); p.State != pipeline.Failed {
		t.Fatalf("after the cut the paper is %s", p.State)
	}
	w.steps.Scratch = t.TempDir()
	if p := w.work(id, 20); p.State != pipeline.Filed {
		t.Fatalf("the paper ends as %s (%s)", p.State, p.Reason.English)
	}
	if want := []int{1, 2, 2}; !slices.Equal(r.reads, want) {
		t.Errorf("pages read: %v, want %v", r.reads, want)
	}
	if left := w.bucket.keys(t, pipeline.CheckpointFolder); len(left) != 0 {
		t.Errorf("checkpoints stay behind: %v", left)
	}
}

// A paper at which the worker dies again and again is set aside, and the others go on.
func TestAPaperThatKillsWorkersReachesAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Deaths = workers.Deaths{Dir: t.TempDir()}
	id, other := w.receive("H42.15-221011-0001").ID, w.receive("H42.15-221011-0002").ID
	died := []byte("....................") // a mark for each step that began and never ended
	if err := os.WriteFile(filepath.Join(w.steps.Deaths.Dir, string(id)+"-received"), died, 0o600); err != nil {
		t.Fatal(err)
	}
	if p := w.work(id, 5); p.State != pipeline.Confirming || p.Reason.Code != "kills-workers" {
		t.Errorf("the deadly paper is %s (%s), want it with a person", p.State, p.Reason.Code)
	}
	if p := w.work(other, 20); p.State != pipeline.Filed {
		t.Errorf("the other paper is %s", p.State)
	}
	if _, err := w.office.Retry(t.Context(), id, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p := w.work(id, 20); p.State != pipeline.Filed {
		t.Errorf("tried again, the paper is %s (%s)", p.State, p.Reason.Code)
	}
	if left, err := os.ReadDir(w.steps.Deaths.Dir); err != nil || len(left) != 0 {
		t.Errorf("marks stay behind: %v, %v", left, err)
	}
}
