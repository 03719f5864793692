package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// repository offers all papers of other dossiers to the owner 035199000123.
type repository struct {
	w *world

	mu     sync.Mutex
	reuses []pipeline.Reuse
}

const citizen = "035199000123"

func (r *repository) Sheet(_ context.Context, a pipeline.DossierAsked) (pipeline.DossierSheet, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	s := pipeline.DossierSheet{Number: a.Dossier, Owner: a.Owner, Procedure: pipeline.Field{Value: a.Procedure}}
	s.Needs = []pipeline.Need{{Spec: pipeline.ComponentSpec{Name: "Giấy khai sinh", Required: true}, State: pipeline.NeedMissing}}
	for _, one := range r.reuses {
		if one.Dossier == a.Dossier {
			s.Reuses = append(s.Reuses, pipeline.Reused{Reuse: one, Kept: r.w.papers[one.Paper]})
		}
	}
	for _, p := range r.w.papers {
		switch {
		case p.Dossier == a.Dossier:
			s.Papers = append(s.Papers, p)
		case a.Owner == citizen && !s.Uses(p):
			s.Offers = append(s.Offers, pipeline.Offer{Paper: p, Component: "Giấy khai sinh", Missing: true})
		}
	}
	return s, nil
}

func (r *repository) Reuse(_ context.Context, a pipeline.Reusing) (pipeline.Reuse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := pipeline.Reuse{ID: fmt.Sprint("r", len(r.reuses)), Dossier: a.Dossier, Paper: a.Paper, Component: a.Component, Unit: a.Dossier.Unit(), Actor: a.Actor}
	r.reuses = append(r.reuses, one)
	return one, nil
}

func (r *repository) Named(_ context.Context, words string, _ pipeline.Day) ([]pipeline.Procedure, error) {
	all := []pipeline.Procedure{{Code: "1.000001", Name: "Đăng ký khai sinh"}, {Code: "1.000002", Name: "Đăng ký kết hôn"}}
	return slices.DeleteFunc(all, func(p pipeline.Procedure) bool { return !strings.Contains(p.Name, words) }), nil
}

func (r *repository) Withdraw(_ context.Context, id, actor string) (pipeline.Reuse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.reuses {
		if r.reuses[i].ID == id {
			r.reuses[i].Ended, r.reuses[i].EndedBy = time.Now(), actor
			return r.reuses[i], nil
		}
	}
	return pipeline.Reuse{}, fs.ErrNotExist
}

func (r *repository) Reused(_ context.Context, id string) (pipeline.Reuse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.reuses {
		if one.ID == id {
			return one, nil
		}
	}
	return pipeline.Reuse{}, fs.ErrNotExist
}

func (r *repository) ReusedIn(_ context.Context, id pipeline.PaperID) ([]pipeline.Reuse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []pipeline.Reuse
	for _, one := range r.reuses {
		if one.Paper == id {
			all = append(all, one)
		}
	}
	return all, nil
}

func (r *repository) Count(context.Context, string) (pipeline.ReuseCount, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return pipeline.ReuseCount{Papers: int64(len(r.reuses)), Dossiers: 1}, nil
}

// counter is a desk of unit H42.15 whose citizen has a paper at H40.03.
func counter(t *testing.T) (b *bench, lan *person, paper pipeline.PaperID) {
	t.Helper()
	b = newBench(t)
	b.account(t, "lan", gate.Clerk, "H42.15")
	b.account(t, "minh", gate.Clerk, "H40.03")
	paper = b.enter(t, "minh").send("khai-sinh.pdf", "H40.03-200105-0001", "%PDF-1.7 a").ID
	return b, b.enter(t, "lan"), paper
}

func TestOfferedAndUsedAgain(t *testing.T) {
	t.Parallel()
	b, lan, paper := counter(t)
	if got := lan.get("/papers/" + string(paper)); got.code != http.StatusNotFound {
		t.Fatalf("a paper of another unit = %d", got.code)
	}
	asked := lan.post("/dossier", map[string]string{"number": "H42.15-261120-0001", "owner": citizen}).header.Get("Location")
	if strings.Contains(asked, citizen) || strings.Contains(asked, "H42") {
		t.Errorf("the address tells who was asked for: %s", asked)
	}
	got := lan.get(asked)
	if got.code != http.StatusOK || !strings.Contains(got.body, "Chủ hồ sơ đã có trong kho") || !strings.Contains(got.body, "Thiếu 1 giấy tờ") {
		t.Fatalf("the dossier = %d: %s", got.code, got.body)
	}
	if log := b.log(); log[len(log)-1].Detail != "H42.15-261120-0001 "+citizen {
		t.Errorf("asking for an owner left %+v", log[len(log)-1])
	}
	if got := lan.post(asked+"/reuse", map[string]string{"paper": string(paper)}); got.code != http.StatusSeeOther {
		t.Fatalf("using it again = %d: %s", got.code, got.body)
	}
	if got := lan.get(asked); !strings.Contains(got.body, "Giấy tờ dùng lại") || strings.Contains(got.body, "đã có trong kho") {
		t.Errorf("after that: %s", got.body)
	}
	if got := lan.get("/papers/" + string(paper)); got.code != http.StatusOK || strings.Contains(got.body, "Được dùng lại trong") {
		t.Errorf("a paper that is used = %d", got.code)
	}
	if got := b.enter(t, "minh").get("/papers/" + string(paper)); !strings.Contains(got.body, "Được dùng lại trong") || !strings.Contains(got.body, "lan") {
		t.Errorf("the paper's own unit is not told who uses it: %d", got.code)
	}
	if got := lan.post("/papers/"+string(paper)+"/reject", map[string]string{"reason": "nhầm giấy"}); got.code != http.StatusNotFound {
		t.Errorf("who uses a paper may reject it: %d", got.code)
	}
	if got := b.enter(t, "minh").post(asked+"/withdraw", map[string]string{"reuse": "r0"}); got.code != http.StatusGone {
		t.Errorf("another session's question = %d", got.code)
	}
	if got := lan.post(asked+"/withdraw", map[string]string{"reuse": "r0"}); got.code != http.StatusSeeOther {
		t.Errorf("withdrawing = %d", got.code)
	}
	if got := lan.get("/papers/" + string(paper)); got.code != http.StatusNotFound {
		t.Errorf("withdrawn, the paper = %d", got.code)
	}
}

// TestProcedureByItsName: nobody knows codes by heart.
func TestProcedureByItsName(t *testing.T) {
	t.Parallel()
	_, lan, _ := counter(t)
	ask := func(words string) answer {
		return lan.post("/dossier", map[string]string{"number": "H42.15-261120-0001", "procedure": words})
	}
	if got := ask("Đăng ký"); got.code != http.StatusOK || !strings.Contains(got.body, `value="1.000001"`) || !strings.Contains(got.body, `value="1.000002"`) {
		t.Errorf("several = %d: %s", got.code, got.body)
	}
	if got := ask("kết hôn"); got.code != http.StatusSeeOther || !strings.Contains(lan.get(got.header.Get("Location")).body, "1.000002") {
		t.Errorf("one = %d", got.code)
	}
	if got := ask("khai tử"); got.code != http.StatusUnprocessableEntity {
		t.Errorf("none = %d", got.code)
	}
}

func TestDossierForPrograms(t *testing.T) {
	t.Parallel()
	b, lan, paper := counter(t)
	ask := fmt.Sprintf(`{"number":"H42.15-261120-0001","owner":%q,"paper":%q}`, citizen, paper)
	var sheet struct {
		Offers []pipeline.Offer `json:"offers"`
		Papers []pipeline.Paper `json:"papers"`
	}
	got := lan.do("POST", "/api/v1/dossiers/show", strings.NewReader(ask), "Hoso-Token", lan.form)
	if err := json.Unmarshal([]byte(got.body), &sheet); err != nil || len(sheet.Offers) != 1 || sheet.Papers == nil {
		t.Fatalf("%d %s: %v", got.code, got.body, err)
	}
	if told := sheet.Offers[0].Paper; told.ID != paper || told.FileName != "" || told.Sender != "" || !told.Dossier.IsZero() {
		t.Errorf("of another unit's paper is told %+v", told)
	}
	var one pipeline.Reuse
	got = lan.do("POST", "/api/v1/dossiers/reuse", strings.NewReader(ask), "Hoso-Token", lan.form)
	if err := json.Unmarshal([]byte(got.body), &one); err != nil || one.Component != "Giấy khai sinh" || one.Actor != "lan" {
		t.Fatalf("%d %s: %v", got.code, got.body, err)
	}
	minh := b.enter(t, "minh")
	for path, body := range map[string]string{
		"/api/v1/dossiers/withdraw": `{"reuse":"r0"}`,
		"/api/v1/dossiers/show":     `{"number":"H42.15-261120-0001"}`,
		"/api/v1/dossiers/reuse":    ask,
	} {
		if got := minh.do("POST", path, strings.NewReader(body), "Hoso-Token", minh.form); got.code != http.StatusNotFound && got.code != http.StatusForbidden {
			t.Errorf("another unit asking %s = %d: %s", path, got.code, got.body)
		}
	}
	for _, bad := range []string{
		`{"number":"x"}`, `{"number":"H42.15-261120-0001","procedure":"x"}`, fmt.Sprintf(`{"number":"H42.15-261120-0001","owner":%q}`, strings.Repeat("1", 500)),
		`{"number":"H42.15-261120-0001","paper":"../x"}`, fmt.Sprintf(`{"number":"H42.15-261120-0001","owner":"036099000124","paper":%q}`, paper+"")[:60],
	} {
		if got := lan.do("POST", "/api/v1/dossiers/reuse", strings.NewReader(bad), "Hoso-Token", lan.form); got.code < 400 || got.code >= 500 {
			t.Errorf("%s = %d", bad, got.code)
		}
	}
}

// TestOwnersNumberAloneOpensNothing: what is not offered cannot be used, and a reader is
// not told what an owner has.
func TestOwnersNumberAloneOpensNothing(t *testing.T) {
	t.Parallel()
	b, lan, paper := counter(t)
	asked := lan.post("/dossier", map[string]string{"number": "H42.15-261120-0001", "owner": "036099000124"}).header.Get("Location")
	if got := lan.post(asked+"/reuse", map[string]string{"paper": string(paper)}); got.code != http.StatusUnprocessableEntity {
		t.Errorf("somebody else's paper = %d", got.code)
	}
	b.account(t, "doc", gate.Reader, "H42.15")
	doc := b.enter(t, "doc")
	asked = doc.post("/dossier", map[string]string{"number": "H42.15-261120-0001", "owner": citizen}).header.Get("Location")
	if got := doc.get(asked); got.code != http.StatusOK || strings.Contains(got.body, "đã có trong kho") {
		t.Errorf("a reader is told %d: %s", got.code, got.body)
	}
	if got := lan.post("/dossier", map[string]string{"number": "H40.03-200105-0001"}); got.code != http.StatusForbidden {
		t.Errorf("a dossier of another unit = %d", got.code)
	}
}

// TestAPaperThatIsUsedOpensNoDossier: its own dossier, and what that uses of a third unit,
// stays that of its unit.
func TestAPaperThatIsUsedOpensNoDossier(t *testing.T) {
	t.Parallel()
	_, lan, paper := counter(t)
	asked := lan.post("/dossier", map[string]string{"number": "H42.15-261120-0001", "owner": citizen}).header.Get("Location")
	lan.post(asked+"/reuse", map[string]string{"paper": string(paper)})
	if got := lan.get("/papers/" + string(paper)); got.code != http.StatusOK {
		t.Fatalf("the paper = %d", got.code)
	}
	got := lan.get("/papers/" + string(paper) + "/dossier")
	if got.code == http.StatusSeeOther {
		got = lan.get(got.header.Get("Location"))
	}
	if got.code != http.StatusForbidden {
		t.Errorf("its dossier = %d: %s", got.code, got.body)
	}
}

// TestAWithdrawnPaperIsClosed: the dossier still tells that it was used, and no more of it.
func TestAWithdrawnPaperIsClosed(t *testing.T) {
	t.Parallel()
	_, lan, paper := counter(t)
	ask := fmt.Sprintf(`{"number":"H42.15-261120-0001","owner":%q,"paper":%q}`, citizen, paper)
	api := func(path, body string) answer {
		return lan.do("POST", "/api/v1/dossiers/"+path, strings.NewReader(body), "Hoso-Token", lan.form)
	}
	show := func() pipeline.Reused {
		var sheet struct {
			Reuses []pipeline.Reused `json:"reuses"`
		}
		got := api("show", `{"number":"H42.15-261120-0001"}`)
		if err := json.Unmarshal([]byte(got.body), &sheet); err != nil || len(sheet.Reuses) != 1 {
			t.Fatalf("%d %s: %v", got.code, got.body, err)
		}
		return sheet.Reuses[0]
	}
	api("reuse", ask)
	if one := show(); one.Kept.FileName == "" {
		t.Errorf("of a paper that is used is told %+v", one)
	}
	api("withdraw", `{"reuse":"r0"}`)
	if one := show(); one.Kept.ID != paper || one.Kept.FileName != "" || !one.Kept.Dossier.IsZero() {
		t.Errorf("of one that was withdrawn is told %+v", one.Kept)
	}
}
