package workers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/storage/catalog/catalogtest"
	"hoso/workers"
)

// owner has a birth certificate that another dossier can use.
const owner = "035199000123"

// shelf is a world with a repository, a list of procedures and shipped rules.
type shelf struct {
	*world

	repository *workers.Repository
	coding     *workers.Coding
	made       int
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	w := newWorld(t)
	classes, err := extract.ParseClasses(extract.ShippedRules())
	if err != nil {
		t.Fatal(err)
	}
	procedure := pipeline.Procedure{
		Code: "9.100001", Name: "Đăng ký", Result: "KQ.G98.000001", ResultName: "Giấy khai sinh",
		Components: []pipeline.ComponentSpec{
			{Name: "Tờ khai", Class: "TỜ KHAI", Required: true, Code: "000.00.00.G98-KQ000001"},
			{Name: "Giấy khai sinh của con", Class: "GIẤY KHAI SINH", Required: true},
		},
	}
	how := pipeline.Importing{Actor: "quantri", File: "thu-tuc.csv", Digest: pipeline.Sum([]byte("t"))}
	if _, err := w.catalog.ImportProcedures(t.Context(), how, []pipeline.Listed[pipeline.Procedure]{{Entry: procedure}}); err != nil {
		t.Fatal(err)
	}
	return &shelf{
		world: w,
		repository: &workers.Repository{
			Papers: w.catalog, Objects: w.bucket, Holdings: w.catalog, Procedures: w.catalog, Classes: classes, Now: w.now,
		},
		coding: &workers.Coding{
			Template: codeTemplate(t, pipeline.UsualCode), Ownerless: []pipeline.FieldName{pipeline.FieldOwnerName},
			Codes: w.catalog, Holdings: w.catalog, Procedures: w.catalog, Classes: classes,
		},
	}
}

func codeTemplate(t *testing.T, text string) pipeline.CodeTemplate {
	t.Helper()
	made, err := pipeline.ParseCodeTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// paper makes a filed component with fields "name=value", those with "?" read with little
// certainty.
func (s *shelf) paper(number string, fields ...string) pipeline.Paper {
	s.t.Helper()
	n, err := pipeline.ParseDossierNumber(number)
	if err != nil {
		s.t.Fatal(err)
	}
	s.made++
	p := pipeline.Paper{
		ID: pipeline.PaperID(fmt.Sprintf("01M84E0F4CFGDGW2VC87EJ%04d", s.made)), Dossier: n, Unit: n.Unit(), Kind: pipeline.Component,
		State: pipeline.Filed, Original: pipeline.Sum([]byte{byte(s.made)}), Received: s.clock, Gen: 3,
	}
	for _, text := range fields {
		name, value, _ := strings.Cut(text, "=")
		sure := float32(95)
		if doubted, ok := strings.CutSuffix(name, "?"); ok {
			name, sure = doubted, 40
		}
		p.Fields = append(p.Fields, pipeline.Field{Name: pipeline.FieldName(name), Value: value, Confidence: sure, Source: pipeline.ByOCR})
	}
	if err := s.catalog.Restore(s.t.Context(), p, nil, ""); err != nil {
		s.t.Fatal(err)
	}
	return p
}

func TestDigitizationCodeOfAPaper(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	const a = "H42.15-221011-0001"
	s.paper(a, "procedure=9.100001")
	result := s.paper(a, "owner_id="+owner)
	result.Kind = pipeline.Result
	for i, c := range []struct {
		paper     pipeline.Paper
		code, why string
	}{
		{s.paper(a, "class=to-khai", "owner_id="+owner), owner + ".000.00.00.G98-KQ000001", ""},
		{s.paper(a, "class=to-khai", "owner_id="+owner), owner + ".000.00.00.G98-KQ000001.2", ""},
		{s.paper("H42.15-221011-0009", "class=to-khai", "owner_id="+owner), owner + ".000.00.00.G98-KQ000001.3", ""}, // no procedure known
		{result, owner + ".KQ.G98.000001", ""},
		{s.paper(a, "class=khai-sinh", "owner_id="+owner), owner + ".KQ.G98.000001.2", ""}, // the result of another dossier
		{s.paper(a, "class=don", "component=000.00.00.G09-KQ002269", "owner_id="+owner), owner + ".000.00.00.G09-KQ002269", ""},
		{s.paper(a, "class=to-khai", "owner_name=Nguyễn Thị Lan"), ".000.00.00.G98-KQ000001", ""},
		{s.paper(a, "class=to-khai"), "", workers.UncodedOwner},
		{s.paper(a, "class=to-khai", "owner_id?="+owner, "owner_name=Nguyễn Thị Lan"), "", workers.UncodedUnsure},
		{s.paper(a, "class=hop-dong", "owner_id="+owner), "", workers.UncodedType},
		{s.paper(a, "owner_id="+owner), "", workers.UncodedType},
	} {
		got, err := s.coding.Give(t.Context(), c.paper)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code.Value != c.code || got.Uncoded != c.why {
			t.Errorf("paper %d: code %q, uncoded %q; want %q, %q", i, got.Code.Value, got.Uncoded, c.code, c.why)
		}
		if again, err := s.coding.Give(t.Context(), got); err != nil || again.Code != got.Code {
			t.Errorf("paper %d: asked again, %q becomes %q, %v", i, got.Code.Value, again.Code.Value, err)
		}
	}
}

// TestCodeAfterAPersonNamedTheOwner: a paper that was filed without a code gets it once a
// person has said whose it is, with a manifest more.
func TestCodeAfterAPersonNamedTheOwner(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.steps.Coding, s.office.Coding = s.coding, s.coding
	filed := s.work(s.receive("H42.15-221011-0001").ID, 20)
	if filed.State != pipeline.Filed || filed.Uncoded != workers.UncodedType {
		t.Fatalf("%s, uncoded %q", filed.State, filed.Uncoded)
	}
	for _, step := range []struct{ name, value, uncoded, code string }{
		{"class", "to-khai", workers.UncodedOwner, ""},
		{"owner_id", owner, "", owner + ".000.00.00.G98-KQ000001"},
		{"owner_id", "036099000124", "", "036099000124.000.00.00.G98-KQ000001"},
		{"owner_id", "", workers.UncodedOwner, ""},
		{"owner_id", owner, "", owner + ".000.00.00.G98-KQ000001"},
	} {
		p := s.correct(filed.ID, fields(step.name, step.value))
		if p.Uncoded != step.uncoded || p.Code.Value != step.code {
			t.Errorf("after %s: %q, uncoded %q", step.name, p.Code.Value, p.Uncoded)
		}
	}
	if n := len(s.bucket.keys(t, pipeline.ManifestFolder)); n != 6 {
		t.Errorf("%d manifests", n)
	}
	fresh := s.sameAfterRebuild(filed.ID)
	for _, code := range []string{owner + ".000.00.00.G98-KQ000001", "036099000124.000.00.00.G98-KQ000001"} {
		if id, err := fresh.Coded(t.Context(), code); err != nil || id != filed.ID {
			t.Errorf("after the loss of the catalog %s is free again: %q, %v", code, id, err)
		}
	}
}

// TestRebuiltWithCodesAndReuses: both lie in the bucket as well.
func TestRebuiltWithCodesAndReuses(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.coding.Template = codeTemplate(t, "{dossier}/{serial:3}")
	s.steps.Coding = s.coding
	filed := s.work(s.receive("H42.15-221011-0001").ID, 20)
	if filed.Code.Value != "H42.15-221011-0001/001" {
		t.Fatalf("filed with the code %q", filed.Code.Value)
	}
	reused := s.reuse(t, "H42.16-221012-0007", filed.ID)
	empty := catalogtest.New(t)
	count, err := workers.Rebuild(t.Context(), s.bucket, empty, func(workers.Rebuilt) {})
	if err != nil || count.Reuses != 1 || count.Damaged != 0 {
		t.Fatalf("rebuilt %+v, %v", count, err)
	}
	if id, err := empty.Coded(t.Context(), filed.Code.Value); err != nil || id != filed.ID {
		t.Errorf("the code is that of %q, %v", id, err)
	}
	if got, err := empty.Reuse(t.Context(), reused.ID); err != nil || got.Paper != filed.ID || !got.Time.Equal(reused.Time) {
		t.Errorf("the reuse is %+v, %v", got, err)
	}
}

func (s *shelf) asked(number string) pipeline.DossierAsked {
	s.t.Helper()
	n, err := pipeline.ParseDossierNumber(number)
	if err != nil {
		s.t.Fatal(err)
	}
	return pipeline.DossierAsked{Dossier: n, Procedure: "9.100001"}
}

func (s *shelf) reuse(t *testing.T, number string, id pipeline.PaperID) pipeline.Reuse {
	t.Helper()
	made, err := s.repository.Reuse(t.Context(), pipeline.Reusing{
		DossierAsked: s.asked(number), Paper: id, Component: "Giấy khai sinh của con", Actor: "cb1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (s *shelf) sheet(t *testing.T, a pipeline.DossierAsked) (needs, offers string) {
	t.Helper()
	sheet, err := s.repository.Sheet(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range sheet.Needs {
		needs += strings.TrimSuffix(string(n.State), "ing") + ","
	}
	for _, o := range sheet.Offers {
		offers += fmt.Sprintf("%s:%s:%t ", o.Paper.ID[22:], o.Component, o.Missing)
	}
	return strings.TrimSuffix(needs, ","), strings.TrimSpace(offers)
}

// TestOwnerNeedNotBringItAgain is the counter: a citizen comes, the officer types the
// number of the identity card, and sees what need not be scanned.
func TestOwnerNeedNotBringItAgain(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	birth := s.paper("H42.16-200105-0001", "class=khai-sinh", "owner_id="+owner)
	s.paper("H42.16-200105-0001", "class=ket-hon", "owner_id="+owner)
	s.paper("H42.16-200105-0002", "class=khai-sinh", "owner_id="+owner, "valid_until=2020-12-31") // ended
	s.paper("H42.16-200105-0003", "class=khai-sinh", "owner_id=036099000124")                     // somebody else's
	const number = "H42.15-261128-0003"
	asked := s.asked(number)
	asked.Owner = owner + "||Nguyễn Thị Lan|01011999|Nữ|Xã Thử|01012022"
	needs, offers := s.sheet(t, asked)
	if needs != "miss,miss" || offers != "0001:Giấy khai sinh của con:true 0002::false" {
		t.Errorf("before: %s; %s", needs, offers)
	}
	first := s.reuse(t, number, birth.ID)
	if again := s.reuse(t, number, birth.ID); again.ID != first.ID {
		t.Error("asked twice, it is used twice")
	}
	if first.Source != pipeline.OwnRepository || first.Unit != "H42.15" || first.Actor != "cb1" {
		t.Errorf("the reuse says %+v", first)
	}
	if needs, offers = s.sheet(t, asked); needs != "miss,met" || offers != "0002::false" {
		t.Errorf("after: %s; %s", needs, offers)
	}
	count, err := s.catalog.ReuseCount(t.Context(), "H42.15", time.Time{}, time.Time{})
	if err != nil || count != (pipeline.ReuseCount{Papers: 1, Dossiers: 1}) {
		t.Errorf("counted %+v, %v", count, err)
	}
	for range 2 {
		if _, err := s.repository.Withdraw(t.Context(), first.ID, "cb2"); err != nil {
			t.Fatal(err)
		}
	}
	if needs, _ = s.sheet(t, asked); needs != "miss,miss" {
		t.Errorf("withdrawn: %s", needs)
	}
	if second := s.reuse(t, number, birth.ID); second.ID == first.ID || !second.Standing() {
		t.Errorf("decided anew: %+v", second)
	}
}

func TestWhatCannotBeUsedAgain(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	own := s.paper("H42.15-261128-0003", "class=khai-sinh", "owner_id="+owner)
	ended := s.paper("H42.16-200105-0002", "class=khai-sinh", "valid_until=2020-12-31")
	open := s.receive("H42.16-221011-0001")
	for id, want := range map[pipeline.PaperID]string{own.ID: "reuse-own", ended.ID: "reuse-ended", open.ID: "reuse-not-filed"} {
		_, err := s.repository.Reuse(t.Context(), pipeline.Reusing{DossierAsked: s.asked("000.00.15.H42-261128-0003"), Paper: id, Actor: "cb1"})
		if refusal, ok := pipeline.AsRefusal(err); !ok || refusal.Reason.Code != want || refusal.Reason.Vietnamese == "" {
			t.Errorf("%s: %v, want %s", id, err, want)
		}
	}
}

// TestReuseSurvivesAFailingStore: the calls to the store fail one after another; who asks
// again gets one reuse, in the bucket and in the catalog.
func TestReuseSurvivesAFailingStore(t *testing.T) {
	t.Parallel()
	for failAt := 1; failAt <= 3; failAt++ {
		for _, after := range []bool{false, true} {
			s := newShelf(t)
			birth := s.paper("H42.16-200105-0001", "class=khai-sinh", "owner_id="+owner)
			s.bucket.failAt, s.bucket.after = s.bucket.calls+failAt, after
			ask := pipeline.Reusing{DossierAsked: s.asked("H42.15-261128-0003"), Paper: birth.ID, Actor: "cb1"}
			if _, err := s.repository.Reuse(t.Context(), ask); err != nil {
				s.clock = s.clock.Add(time.Minute)
				if _, err := s.repository.Reuse(t.Context(), ask); err != nil {
					t.Fatal(err)
				}
			}
			kept := s.bucket.keys(t, pipeline.ReuseFolder)
			known, err := s.catalog.ReusesOf(t.Context(), birth.ID)
			if err != nil || len(kept) != 1 || len(known) != 1 {
				t.Errorf("call %d, carried out %t: %d in the bucket, %d in the catalog, %v", failAt, after, len(kept), len(known), err)
			}
		}
	}
}
