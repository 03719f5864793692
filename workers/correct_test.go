package workers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
	"hoso/storage/catalog"
	"hoso/workers"
	"hoso/workers/document"
)

func fields(pairs ...string) pipeline.Edits {
	var e pipeline.Edits
	for i := 0; i < len(pairs); i += 2 {
		e.Fields = append(e.Fields, pipeline.Edit{Name: pipeline.FieldName(pairs[i]), Value: pairs[i+1]})
	}
	return e
}

// now gives the paper as it is.
func (w *world) paper(id pipeline.PaperID) pipeline.Paper {
	w.t.Helper()
	p, err := w.catalog.Paper(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// correct makes edits of the paper as it is now.
func (w *world) correct(id pipeline.PaperID, edits pipeline.Edits) pipeline.Paper {
	w.t.Helper()
	p, err := w.office.Correct(w.t.Context(), id, w.paper(id).Gen, edits, "cb1")
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func value(p pipeline.Paper, name pipeline.FieldName) string {
	f, _ := pipeline.FieldOf(p.Fields, name)
	return f.Value + " by " + string(f.Source)
}

// rules puts a policy in force.
func (w *world) rules(text string) {
	w.t.Helper()
	p, err := policy.Parse([]byte(text))
	if err != nil {
		w.t.Fatal(err)
	}
	w.steps.Policy, w.office.Policy = p, p
}

// said are the changes that the paper's history tells of.
func (w *world) said(id pipeline.PaperID, what string) []pipeline.Changes {
	w.t.Helper()
	events, err := w.catalog.Events(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []pipeline.Changes
	for _, e := range events {
		if e.What != what {
			continue
		}
		var c pipeline.Changes
		if err := json.Unmarshal([]byte(e.Detail), &c); err != nil || e.Actor != "cb1" {
			w.t.Errorf("event %+v: %v", e, err)
		}
		all = append(all, c)
	}
	return all
}

// Everything that is doubtful is asked at once, and settled at once.
func TestSeveralDoubtsAreOneQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules("- fields: {signer: {need: true, hold: true}, subject: {need: true, hold: true}}")
	w.steps.Readers = &readers{text: "MẬT"}
	id := w.receive("").ID
	p := w.work(id, 20)
	var codes []string
	for _, r := range p.Asked {
		codes = append(codes, r.Code)
		if !strings.Contains(p.Reason.Vietnamese, r.Vietnamese) {
			t.Errorf("the paper does not say %q", r.Vietnamese)
		}
	}
	if want := []string{"secret-stamp", "number-not-found", "fields-unsure"}; p.State != pipeline.Confirming || !slices.Equal(codes, want) {
		t.Fatalf("the paper is %s and asks %v, want %v", p.State, codes, want)
	}
	p = w.correct(id, fields("signer", "Lê Văn A", "subject", ""))
	if p.State != pipeline.Confirming || len(p.Asked) != 2 {
		t.Fatalf("with its fields settled the paper is %s and asks %+v", p.State, p.Asked)
	}
	all := fields("dossier_number", "H42.15-221011-0009")
	all.NotSecret = true
	w.correct(id, all)
	if p = w.work(id, 20); p.State != pipeline.Filed || p.Dossier.String() != "H42.15-221011-0009" || len(p.Asked) != 0 {
		t.Fatalf("settled, the paper is %s of %s: %s", p.State, p.Dossier, p.Reason.English)
	}
	if got := value(p, pipeline.FieldSubject); got != " by person" {
		t.Errorf("the subject that is not there is %q", got)
	}
	if found, err := w.catalog.Find(t.Context(), pipeline.Query{Text: "le van a"}); err != nil || found.Total != 1 {
		t.Errorf("by its signer it is found %d times, %v", found.Total, err)
	}
}

// A stamp that was none is no reason to ask for the number again.
func TestAnswersToASecretStamp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "MẬT"}
	id := w.receive("H42.15-221011-0001").ID
	w.work(id, 20)
	if p := w.correct(id, fields("title", "GIẤY MỜI")); p.State != pipeline.Confirming || p.Reason.Code != "secret-stamp" {
		t.Errorf("whoever says nothing of the stamp has the paper %s", p.State)
	}
	w.correct(id, pipeline.Edits{NotSecret: true})
	if p := w.work(id, 20); p.State != pipeline.Filed {
		t.Errorf("the paper is %s (%s)", p.State, p.Reason.Code)
	}
}

// By the rules that come with hoso nothing but the number holds a paper.
func TestDoubtfulFieldsDoNotSlowTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if p := w.work(w.receive("H42.15-221011-0001").ID, 20); p.State != pipeline.Filed {
		t.Errorf("a paper without any field is %s", p.State)
	}
}

// The policy of the unit and of the field decides from when a number is sure.
func TestThePolicySaysWhenANumberIsSure(t *testing.T) {
	t.Parallel()
	for rules, want := range map[string]pipeline.State{
		"- fields: {dossier_number: {sure: 101}}":                                                      pipeline.Confirming,
		"- fields: {dossier_number: {sure: 101}}\n- {unit: H42, fields: {dossier_number: {sure: 50}}}": pipeline.Filed,
		"- {unit: H43, fields: {dossier_number: {sure: 101}}}":                                         pipeline.Filed,
	} {
		w := newWorld(t)
		w.rules(rules)
		if p := w.work(w.receive("").ID, 20); p.State != want {
			t.Errorf("%s: %s", rules, p.State)
		}
	}
}

// A correction after filing writes a manifest more, leaves the record as it is, and is
// found by what it says.
func TestCorrectingAFiledPaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.work(w.receive("H42.15-221011-0001").ID, 20)
	id := before.ID
	objects := len(w.bucket.keys(t, pipeline.BlobFolder))
	w.correct(id, fields("subject", "  V/v  cấp\nđiện ", "issue_date", "15/7/2026"))
	p := w.correct(id, fields("subject", "V/v cấp nước", "issue_date", "15/07/2026"))
	if p.State != pipeline.Filed || p.Record != before.Record || len(p.Editions()) != 1 || value(p, pipeline.FieldDate) != "2026-07-15 by person" {
		t.Errorf("corrected: %s, %d versions, %+v", p.State, len(p.Editions()), p.Fields)
	}
	if now := len(w.bucket.keys(t, pipeline.BlobFolder)); now != objects {
		t.Errorf("%d objects became %d", objects, now)
	}
	if same := w.correct(id, pipeline.Edits{}); same.Gen != p.Gen {
		t.Error("whoever says nothing changes the paper")
	}
	said := w.said(id, "fields corrected")
	if len(said) != 2 || said[0].Fields[0].After != "V/v cấp điện" || said[1].Fields[0] != (pipeline.Change{Name: "subject", Before: "V/v cấp điện", After: "V/v cấp nước"}) || !slices.Contains(said[1].Confirmed, pipeline.FieldDate) {
		t.Errorf("the history says %+v", said)
	}
	if found, err := w.catalog.Find(t.Context(), pipeline.Query{Text: "cap nuoc"}); err != nil || found.Total != 1 {
		t.Errorf("found %d times by what was corrected, %v", found.Total, err)
	}
	if keys := w.bucket.keys(t, pipeline.ManifestPrefix(id)); len(keys) != 3 {
		t.Errorf("manifests: %v, want three", keys)
	}
	if v, err := w.office.Verify(t.Context(), id); err != nil || !allButTrustedTime(v) {
		t.Errorf("verdict %+v, %v", v, err)
	}
	w.sameAfterRebuild(id)
}

// sameAfterRebuild loses the catalog and holds the new one against it.
func (w *world) sameAfterRebuild(id pipeline.PaperID) *catalog.Catalog {
	w.t.Helper()
	want := w.paper(id)
	before, _ := w.catalog.Events(w.t.Context(), id)
	fresh := w.rebuilt(workers.Rebuilt{Published: 1})
	got, err := fresh.Paper(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	after, _ := fresh.Events(w.t.Context(), id)
	// Of a try whose answer alone was lost, the manifest does not know that it failed.
	got.Gen, want.Gen = 0, 0
	g, _ := json.Marshal(got)
	if m, _ := json.Marshal(want); !bytes.Equal(g, m) || len(after) < len(before)-1 {
		w.t.Errorf("rebuilt with %d of %d events:\n%s\nwant\n%s", len(after), len(before), g, m)
	}
	return fresh
}

// The number of a filed paper can be wrong, too.
func TestTheNumberOfAFiledPaperIsCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.office.Units = known{code: "H42.15"}
	id := w.work(w.receive("H42.15-221011-0001").ID, 20).ID
	gen := w.paper(id).Gen
	edits := fields("dossier_number", "H40.03-221011-0002")
	_, err := w.office.Correct(t.Context(), id, gen, edits, "cb1")
	if refusal, ok := pipeline.AsRefusal(err); !ok || refusal.Reason.Code != pipeline.ReasonUnitUnknown {
		t.Fatalf("a number of no unit: %v", err)
	}
	edits.Anyway = true
	p, err := w.office.Correct(t.Context(), id, gen, edits, "cb1")
	if err != nil || p.Unit != "H40.03" || p.State != pipeline.Filed {
		t.Fatalf("confirmed: %s of %q, %v", p.State, p.Unit, err)
	}
	found, err := w.catalog.Find(t.Context(), pipeline.Query{Number: "H40.03-221011-0002"})
	if err != nil || found.Total != 1 {
		t.Errorf("found %d times by its new number, %v", found.Total, err)
	}
}

func TestMisfitValuesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 20)
	for _, edits := range []pipeline.Edits{
		fields("issue_date", "31/02/2026"), fields("subject", strings.Repeat("a", 1001)), fields("dossier_number", "15"),
	} {
		_, err := w.office.Correct(t.Context(), p.ID, p.Gen, edits, "cb1")
		if refusal, ok := pipeline.AsRefusal(err); (!ok || refusal.Reason.Vietnamese == "") && !errors.Is(err, pipeline.ErrDossierNumber) {
			t.Errorf("%.40v gave %v", edits, err)
		}
	}
	if now := w.paper(p.ID); now.Gen != p.Gen {
		t.Error("the paper has changed all the same")
	}
}

// Who looked at an earlier state is told so, and has changed nothing.
func TestTwoPeopleCorrect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 20)
	if _, err := w.office.Correct(t.Context(), p.ID, p.Gen, fields("signer", "Lê Văn A"), "cb1"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.Correct(t.Context(), p.ID, p.Gen, fields("signer", "Lê Văn B"), "cb2"); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("the second = %v, want ErrStale", err)
	}
	words := []pipeline.WordEdit{{Page: 1, Box: pipeline.Box{X1: 9, Y0: 10, Y1: 20}, Before: "Mã", After: "Ma"}}
	if _, err := w.office.CorrectWords(t.Context(), p.ID, p.Gen, words, "cb2"); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("the second's words = %v, want ErrStale", err)
	}
	if got := value(w.paper(p.ID), pipeline.FieldSigner); got != "Lê Văn A by person" {
		t.Errorf("the signer is %s", got)
	}
	if keys := w.bucket.keys(t, pipeline.ManifestPrefix(p.ID)); len(keys) != 2 {
		t.Errorf("manifests: %v", keys)
	}
}

// secondWord is "hồ", read wrongly, of what the readers of this world read.
func secondWord(before, after string) []pipeline.WordEdit {
	return []pipeline.WordEdit{{Page: 2, Box: pipeline.Box{X0: 10, Y0: 10, X1: 19, Y1: 20}, Before: before, After: after}}
}

const misreadText = "Mã hố sơ: H42.15-221011-0001"

// Corrected words of a filed paper go into a new version of its record, signed anew;
// the former one stays. A reading again keeps them, and so does the loss of the catalog.
func TestCorrectingWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: misreadText}
	before := w.work(w.receive("H42.15-221011-0001").ID, 20)
	id := before.ID
	open, err := w.office.CorrectWords(t.Context(), id, before.Gen, secondWord("hố", "hồ"), "cb1")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.open(id, workers.Record); err != nil || pipeline.Sum(got) != before.Record || open.State == pipeline.Filed {
		t.Errorf("while the new version is made the paper is %s, its record %d bytes, %v", open.State, len(got), err)
	}
	p := w.work(id, 20)
	all := p.Editions()
	if p.State != pipeline.Filed || len(all) != 2 || all[0].Record != before.Record || p.Record == before.Record || p.Sealed.Signed != p.Record {
		t.Fatalf("corrected: %s, %+v", p.State, all)
	}
	w.versionsHold(id, all)
	w.wordsAre(id, "hồ", "hố")
	if found, err := w.catalog.Find(t.Context(), pipeline.Query{Text: `"mã hồ sơ"`}); err != nil || found.Total != 1 {
		t.Errorf("found %d times by the corrected words, %v", found.Total, err)
	}
	if said := w.said(id, "words corrected"); len(said) != 1 || said[0].Words[0] != (pipeline.Change{Page: 2, Before: "hố", After: "hồ"}) {
		t.Errorf("the history says %+v", said)
	}
	w.formerAreVerified(id, all[0].Record)
	w.catalog = w.sameAfterRebuild(id)
	w.steps.Papers, w.office.Papers = w.catalog, w.catalog
	w.rereads(id)
}

// formerAreVerified looks at the verdict on a paper with its first version whole, and
// damaged.
func (w *world) formerAreVerified(id pipeline.PaperID, first pipeline.Digest) {
	w.t.Helper()
	whole, err := w.bucket.GetKey(w.t.Context(), pipeline.BlobKey(first))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, body := range [][]byte{[]byte("rot"), whole} {
		if err := w.bucket.PutKey(w.t.Context(), pipeline.BlobKey(first), body); err != nil {
			w.t.Fatal(err)
		}
		v, err := w.office.Verify(w.t.Context(), id)
		if err != nil || len(v.Checks) != 5 || v.Checks[4].Passed != (len(body) > 3) {
			w.t.Errorf("verdict %+v, %v", v, err)
		}
		for _, c := range v.Checks[:3] {
			if !c.Passed {
				w.t.Errorf("%s: %s", c.Name, c.English)
			}
		}
	}
}

// versionsHold opens every version of a paper.
func (w *world) versionsHold(id pipeline.PaperID, all []pipeline.Edition) {
	w.t.Helper()
	for i, e := range all {
		o, err := w.office.OpenEdition(w.t.Context(), id, i+1)
		if err != nil {
			w.t.Fatal(err)
		}
		if b, err := io.ReadAll(o); err != nil || pipeline.Sum(b) != e.Record {
			w.t.Errorf("version %d: %d bytes, %v", i+1, len(b), err)
		}
		_ = o.Close()
	}
	if _, err := w.office.OpenEdition(w.t.Context(), id, len(all)+1); err == nil {
		w.t.Errorf("there is a version %d", len(all)+1)
	}
}

// wordsAre looks at the second word of the second page.
func (w *world) wordsAre(id pipeline.PaperID, text, was string) {
	w.t.Helper()
	raw, err := w.open(id, workers.Words)
	if err != nil {
		w.t.Fatal(err)
	}
	for p, err := range document.ReadWords(bytes.NewReader(raw)) {
		if err != nil {
			w.t.Fatal(err)
		}
		if word := p.Lines[0].Words[1]; p.Number == 2 && (word.Text != text || word.Was != was) {
			w.t.Errorf("the word is %+v, want %s that was %s", word, text, was)
		}
	}
	if bytes.Contains(raw, []byte("cb1")) {
		w.t.Error("the words name who corrected them")
	}
}

// rereads has the paper read again: as it was, by a reader that agrees, and by one that
// finds nothing there.
func (w *world) rereads(id pipeline.PaperID) {
	w.t.Helper()
	for _, c := range []struct {
		text, want, was string
		versions        int
		lost            bool
	}{
		{misreadText, "hồ", "hố", 2, false},
		{"Mã hộ sơ: H42.15-221011-0001", "hồ", "hộ", 3, false},
		{"Mã hồ sơ: H42.15-221011-0001", "hồ", "", 4, false},
	} {
		w.steps.Readers = &readers{text: c.text}
		if _, err := w.office.Reread(w.t.Context(), id, "cb1"); err != nil {
			w.t.Fatal(err)
		}
		p := w.work(id, 20)
		if p.State != pipeline.Filed || len(p.Editions()) != c.versions || p.Corrections[0].Lost != c.lost {
			w.t.Errorf("%s read again: %s, %d versions, %+v", c.text, p.State, len(p.Editions()), p.Corrections)
		}
		w.wordsAre(id, c.want, c.was)
	}
	w.steps.Readers = &readers{}
	if _, err := w.office.Reread(w.t.Context(), id, "cb1"); err != nil {
		w.t.Fatal(err)
	}
	if p := w.work(id, 20); p.State != pipeline.Filed || !p.Corrections[0].Lost || p.Corrections[0].After != "hồ" {
		w.t.Errorf("read as nothing: %s, %+v; want the correction kept and said to be lost", p.State, p.Corrections)
	}
}

// Fields follow the corrected words, but what a person said of a field stays.
func TestFieldsFollowCorrectedWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "Mã hồ sơ: H42.15-221O41-0001"}
	id := w.receive("").ID
	if p := w.work(id, 20); p.State != pipeline.Confirming {
		t.Fatalf("a paper with a number of no day is %s", p.State)
	}
	w.correct(id, fields("signer", "Lê Văn A"))
	edits := []pipeline.WordEdit{{Page: 1, Box: pipeline.Box{X0: 30, Y0: 10, X1: 39, Y1: 20}, Before: "H42.15-221O41-0001", After: "H42.15-221011-0001"}}
	edits = append(edits, edits[0])
	edits[1].Page = 2
	if _, err := w.office.CorrectWords(t.Context(), id, w.paper(id).Gen, edits, "cb1"); err != nil {
		t.Fatal(err)
	}
	p := w.work(id, 20)
	if p.State != pipeline.Filed || p.Dossier.String() != "H42.15-221011-0001" || value(p, pipeline.FieldSigner) != "Lê Văn A by person" {
		t.Errorf("the paper is %s of %s, signed by %s", p.State, p.Dossier, value(p, pipeline.FieldSigner))
	}
	if len(p.Editions()) != 1 {
		t.Errorf("corrected before it was filed it has %d versions", len(p.Editions()))
	}
}

// Words that do not stand there cannot be corrected.
func TestWordsThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 20)
	for _, edits := range [][]pipeline.WordEdit{nil, secondWord("bò", "hồ"), secondWord("hồ", "hồ"), secondWord("", "hồ"), {{Page: 9, Before: "hồ", After: "h"}}} {
		if _, err := w.office.CorrectWords(t.Context(), p.ID, p.Gen, edits, "cb1"); err == nil {
			t.Errorf("corrected %+v", edits)
		}
	}
	if now := w.paper(p.ID); now.Gen != p.Gen || now.State != pipeline.Filed {
		t.Error("the paper has changed all the same")
	}
}

// A file that came signed stays what it is; the text beside it changes.
func TestCorrectingWordsOfASignedPaper(t *testing.T) {
	t.Parallel()
	w, a := abroad(t)
	w.steps.Readers = &readers{text: misreadText, signed: true}
	file, _ := signedBy(t, a)
	p := w.arrive(file)
	if _, err := w.office.CorrectWords(t.Context(), p.ID, p.Gen, secondWord("hố", "hồ"), "cb1"); err != nil {
		t.Fatal(err)
	}
	p = w.work(p.ID, 20)
	if p.State != pipeline.Filed || p.Record != p.Original || len(p.Editions()) != 1 {
		t.Errorf("the signed paper is %s with %d versions", p.State, len(p.Editions()))
	}
	w.wordsAre(p.ID, "hồ", "hố")
}

// A paper that cannot be read again keeps the record it has.
func TestAReadingAgainThatFails(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]*readers{
		"refused": {err: pipeline.Refuse(pipeline.Reason{Code: "truncated", English: "cut", Vietnamese: "Tệp bị cắt cụt."}, nil)},
		"failing": {err: errors.New("no such thing was foreseen")},
	} {
		w := newWorld(t)
		before := w.work(w.receive("H42.15-221011-0001").ID, 20)
		w.steps.Readers = broken
		if _, err := w.office.Reread(t.Context(), before.ID, "cb1"); err != nil {
			t.Fatal(err)
		}
		reason := pipeline.Reason{Code: "by-person", English: "no", Vietnamese: "Không."}
		if _, err := w.office.Reject(t.Context(), before.ID, reason, "cb1"); !errors.Is(err, pipeline.ErrStale) {
			t.Errorf("%s: rejecting a paper with a record: %v", name, err)
		}
		p := w.work(before.ID, 30)
		if p.State != pipeline.Filed || p.Record != before.Record || p.Words != before.Words || len(p.Former) != 0 {
			t.Errorf("%s: the paper is %s with record %v", name, p.State, p.Record)
		}
		if got, err := w.open(p.ID, workers.Record); err != nil || pipeline.Sum(got) != before.Record {
			t.Errorf("%s: its record: %v", name, err)
		}
		w.sameAfterRebuild(p.ID)
	}
}

// The store fails at every call while a paper is corrected, before it was carried out and
// after. Whoever is told that it did not work tries again; in the end there is what was
// asked for, in the catalog and in the bucket, and every version.
func TestNoFailureOfTheStoreLosesACorrection(t *testing.T) {
	t.Parallel()
	_, calls := correctedWithFailure(t, 0, false)
	if calls < 12 {
		t.Fatalf("correcting made %d calls to the store; is it recorded?", calls)
	}
	for failAt := 1; failAt <= calls; failAt++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, carried out %t", failAt, after), func(t *testing.T) {
				t.Parallel()
				w, _ := correctedWithFailure(t, failAt, after)
				w.sameAfterRebuild(w.paper("01M84E0F4CFGDGW2VC87EH0001").ID)
			})
		}
	}
}

func correctedWithFailure(t *testing.T, failAt int, after bool) (*world, int) {
	t.Helper()
	w := newWorld(t)
	w.steps.Readers = &readers{text: misreadText}
	before := w.work(w.receive("H42.15-221011-0001").ID, 20)
	id := before.ID
	w.bucket.calls, w.bucket.failAt, w.bucket.after = 0, failAt, after
	try := func(do func(gen int64) (pipeline.Paper, error)) {
		for range 3 {
			if _, err := do(w.paper(id).Gen); err == nil {
				return
			}
		}
		t.Fatal("corrected in vain")
	}
	try(func(gen int64) (pipeline.Paper, error) {
		return w.office.Correct(t.Context(), id, gen, fields("signer", "Lê Văn A"), "cb1")
	})
	corrected := false
	try(func(gen int64) (pipeline.Paper, error) {
		p, err := w.office.CorrectWords(t.Context(), id, gen, secondWord("hố", "hồ"), "cb1")
		corrected = corrected || err == nil || len(w.paper(id).Corrections) > 0
		if corrected { // an earlier try came to light
			err = nil
		}
		return p, err
	})
	p := w.work(id, 20)
	calls := w.bucket.calls
	w.bucket.failAt = 0
	if p.State != pipeline.Filed || len(p.Corrections) != 1 || value(p, pipeline.FieldSigner) != "Lê Văn A by person" {
		t.Fatalf("ended as %s: %+v, %+v", p.State, p.Corrections, p.Fields)
	}
	if all := p.Editions(); len(all) != 2 || all[0].Record != before.Record {
		t.Fatalf("versions: %+v", all)
	}
	w.versionsHold(id, p.Editions())
	w.wordsAre(id, "hồ", "hố")
	return w, calls
}

// A decision that was written and never committed, since its maker was killed, comes to
// light with the next one: that one's maker is told, and sees it.
func TestAKillBetweenManifestAndCatalog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 20)
	cut := &workers.Office{}
	*cut = *w.office
	cut.Papers = uncommitted{w.catalog}
	if _, err := cut.Correct(t.Context(), p.ID, p.Gen, fields("signer", "Lê Văn A"), "cb1"); err == nil {
		t.Fatal("committed all the same")
	}
	if _, err := w.office.Correct(t.Context(), p.ID, p.Gen, fields("signer", "Lê Văn B"), "cb2"); !errors.Is(err, pipeline.ErrStale) {
		t.Errorf("the next = %v, want ErrStale", err)
	}
	if got := value(w.paper(p.ID), pipeline.FieldSigner); got != "Lê Văn A by person" {
		t.Errorf("the signer is %s", got)
	}
	w.sameAfterRebuild(p.ID)
}

// uncommitted is a catalog whose process is killed before it commits.
type uncommitted struct{ *catalog.Catalog }

func (uncommitted) Commit(context.Context, pipeline.Move) (pipeline.Paper, error) {
	return pipeline.Paper{}, errCut
}

// Papers that were filed before there could be several manifests have one.
func TestCorrectingAPaperFiledLongAgo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.work(w.receive("H42.15-221011-0001").ID, 20)
	p.Manifest, p.FiledAt = 0, time.Time{}
	p, err := w.catalog.Commit(t.Context(), catalog.Move{Paper: p})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = w.office.Correct(t.Context(), p.ID, p.Gen, fields("signer", "Lê Văn A"), "cb1"); err != nil || p.Manifest != 2 {
		t.Errorf("corrected: manifest %d, %v", p.Manifest, err)
	}
	if p, err = w.office.Reread(t.Context(), p.ID, "cb1"); err != nil || p.State != pipeline.Received {
		t.Errorf("read again: %s, %v", p.State, err)
	}
	if p = w.work(p.ID, 20); p.State != pipeline.Filed || p.Manifest != 4 {
		t.Errorf("filed anew: %s with manifest %d", p.State, p.Manifest)
	}
}

// What was corrected before filing survives the loss of the catalog before filing.
func TestRebuildKeepsCorrectionsBeforeFiling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules("- fields: {signer: {need: true, hold: true}}")
	w.steps.Readers = &readers{text: misreadText}
	id := w.receive("H42.15-221011-0001").ID
	w.work(id, 20)
	if _, err := w.office.CorrectWords(t.Context(), id, w.paper(id).Gen, secondWord("hố", "hồ"), "cb1"); err != nil {
		t.Fatal(err)
	}
	w.work(id, 20)
	w.correct(id, fields("signer", "Lê Văn A"))
	fresh := w.rebuilt(workers.Rebuilt{Open: 1})
	w.catalog, w.steps.Papers, w.office.Papers, w.steps.Scratch = fresh, fresh, fresh, filepath.Join(t.TempDir())
	p := w.work(id, 20)
	if p.State != pipeline.Filed || value(p, pipeline.FieldSigner) != "Lê Văn A by person" {
		t.Errorf("the paper is %s, signed by %s", p.State, value(p, pipeline.FieldSigner))
	}
	w.wordsAre(id, "hồ", "hố")
}

// Whoever gives the number of a paper that is stamped secret, and says nothing of the
// stamp, has not let it through: neither if it is read again nor if the catalog is lost.
func TestANumberDoesNotAnswerForASecretStamp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "MẬT"}
	id := w.receive("").ID
	w.work(id, 20)
	if p := w.correct(id, fields("dossier_number", "H42.15-221011-0009")); p.State != pipeline.Confirming || p.Reason.Code != "secret-stamp" {
		t.Fatalf("with a number the paper is %s (%s)", p.State, p.Reason.Code)
	}
	if _, err := w.office.Retry(t.Context(), id, "cb1"); err != nil {
		t.Fatal(err)
	}
	if p := w.work(id, 20); p.State != pipeline.Confirming || p.Reason.Code != "secret-stamp" {
		t.Errorf("read again it is %s (%s)", p.State, p.Reason.Code)
	}
	early := w.receive("H42.15-221011-0001").ID
	w.correct(early, fields("dossier_number", "H42.15-221011-0002"))
	if p := w.work(early, 20); p.State != pipeline.Confirming || p.Reason.Code != "secret-stamp" {
		t.Errorf("with its number corrected before it was read it is %s (%s)", p.State, p.Reason.Code)
	}
	w.correct(id, pipeline.Edits{NotSecret: true})
	if p := w.work(id, 20); p.State != pipeline.Filed {
		t.Errorf("once somebody says that there is none it is %s (%s)", p.State, p.Reason.Code)
	}
}

// That a stamp is none says nothing for a number of which the list of agencies knows no
// unit.
func TestAStampDoesNotAnswerForTheNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: "MẬT"}
	units := known{code: "H42.16"}
	w.steps.Units, w.office.Units = units, units
	id := w.receive("H42.15-221011-0001").ID
	p := w.work(id, 20)
	if len(p.Asked) != 2 {
		t.Fatalf("the paper asks %+v", p.Asked)
	}
	p, err := w.office.Correct(t.Context(), id, p.Gen, pipeline.Edits{NotSecret: true}, "cb1")
	if refusal, ok := pipeline.AsRefusal(err); !ok || refusal.Reason.Code != pipeline.ReasonUnitUnknown {
		t.Errorf("without a word on its number the paper is %s, %v", p.State, err)
	}
	w.correct(id, pipeline.Edits{NotSecret: true, Anyway: true})
	if p := w.work(id, 20); p.State != pipeline.Filed {
		t.Errorf("the paper is %s (%s)", p.State, p.Reason.Code)
	}
}

// What cannot be seen, and what turns the letters after it around, is not kept: a number
// is looked up as it is read.
func TestHiddenLettersAreNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Readers = &readers{text: misreadText}
	id := w.work(w.receive("H42.15-221011-0001").ID, 20).ID
	w.correct(id, fields("document_number", "\u202e15\u202c/Q\x00Đ\ufeff-\tUBND\x1b"))
	if got := value(w.paper(id), pipeline.FieldNumber); got != "15/QĐ- UBND by person" {
		t.Errorf("the number is kept as %q", got)
	}
	if _, err := w.office.CorrectWords(t.Context(), id, w.paper(id).Gen, secondWord("hố", "h\u2067ồ\x00"), "cb1"); err != nil {
		t.Fatal(err)
	}
	w.work(id, 20)
	w.wordsAre(id, "hồ", "hố")
}

// What seems to be a stack is one paper once a person says so; its record stays.
func TestAStackIsTakenAsOnePaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.work(w.receive("H42.15-221011-0001").ID, 20)
	if same := w.correct(before.ID, pipeline.Edits{Whole: true}); same.Gen != before.Gen {
		t.Error("saying of one paper that it is one changes it")
	}
	before.Pieces = []pipeline.Piece{{From: 1, To: 1}, {From: 2, To: 2}}
	if _, err := w.catalog.Commit(t.Context(), pipeline.Move{Paper: before, Event: pipeline.Event{Paper: before.ID, Time: w.now(), Actor: "test", What: "found to be a stack"}}); err != nil {
		t.Fatal(err)
	}
	p := w.correct(before.ID, pipeline.Edits{Whole: true})
	if p.State != pipeline.Filed || len(p.Pieces) > 0 || p.Record != before.Record || p.Dossier != before.Dossier {
		t.Errorf("taken as one: %s, %d pieces, record %s", p.State, len(p.Pieces), p.Record)
	}
	if said := w.said(p.ID, "taken as one paper"); len(said) != 1 || !said[0].Whole {
		t.Errorf("the history says %+v", said)
	}
	w.sameAfterRebuild(p.ID)
}
