package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hoso/cmd/internal/browsertest"
	"hoso/pipeline"
	"hoso/testdata/judge"
)

// strict is a policy under which every decision and every list waits for a person.
const strict = `
- fields:
    subject: {need: true, sure: 101, hold: true}
    signer: {need: true, sure: 101, hold: true}
`

// TestReviewer settles papers by keys alone, corrects one that is filed, and finds every
// version of it, also after the catalog is lost.
func TestReviewer(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "quy định.yaml")
	if err := os.WriteFile(rules, []byte(strict), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newService(t, "HOSO_POLICY="+rules)
	d := browsertest.Open(t, os.Getenv(browsertest.ShotsVariable))
	d.Patience = time.Minute
	c := &clerk{Desk: d, t: t, service: s, at: s.greeting(`hoso: (http://\S+)`)}
	first := s.waiting("quyet-dinh.jpg")
	second := s.waiting("danh-sach-2-trang.tif")
	secret := s.greeting(`secret (\S+) `)
	c.Do("opening the door", chromedp.Navigate(c.at), chromedp.WaitVisible("input[name=secret]"))
	c.Do("logging in", chromedp.KeyEvent("admin"+kb.Tab+secret+kb.Enter), chromedp.WaitVisible("input[name=next]"))
	c.Do("changing the secret", chromedp.KeyEvent(secret+kb.Tab+lastingSecret+kb.Tab+lastingSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	c.Says(".top nav .badge", "2")
	c.settlesAll(first, second)
	c.correctsField(first)
	c.correctsWords(first)
	s.keepsVersions(first)
	s.survivesLoss(first)
}

// waiting hands a scan in and gives the paper, which must wait for a person.
func (s *service) waiting(scan string) pipeline.PaperID {
	s.t.Helper()
	papers, code := s.submitted(filepath.Join(scans, scan))
	if code != 6 || len(papers) != 1 || papers[0].State != pipeline.Confirming {
		s.t.Fatalf("%s: exit %d, %+v; want it waiting", scan, code, papers)
	}
	return papers[0].ID
}

// is waits until a paper is in a state, and gives it.
func (s *service) is(id pipeline.PaperID, state pipeline.State, versions int) pipeline.Paper {
	s.t.Helper()
	var p pipeline.Paper
	eventually(s.t, time.Minute, fmt.Sprintf("paper %s is %s in version %d", id, state, versions), func() bool {
		out, _ := s.hoso("status", "--json", string(id))
		all := objects[pipeline.Paper](s.t, out)
		if len(all) == 1 {
			p = all[0]
		}
		return p.State == state && len(p.Editions()) == versions
	})
	return p
}

// settlesAll goes through the queue without a mouse.
func (c *clerk) settlesAll(first, second pipeline.PaperID) {
	const focused = `document.activeElement?.name`
	c.Do("opening the queue", chromedp.Navigate(c.at+"/review"), chromedp.WaitVisible("[data-fields]"))
	c.Holds("the picture of the place", `document.querySelector("#spot").naturalWidth > 100 && document.querySelector("#sheet").naturalWidth > 100`)
	c.Shot("r01-queue")
	c.Holds("the button in sight and the whole subject in its field", `(() => {
		const button = document.querySelector("[data-all]").getBoundingClientRect(), subject = document.querySelector("textarea[name='f.subject']");
		return scrollY === 0 && button.top > 0 && button.bottom <= innerHeight && document.elementFromPoint(button.left + 5, button.top + 5)?.closest("[data-all]") && subject.scrollHeight <= subject.clientHeight + 1;
	})()`)
	if name := browsertest.Ask[string](c.Desk, focused); name != "f.subject" {
		c.t.Errorf("the focus is on %q, want the first doubtful field", name)
	}
	c.Do("going on", chromedp.KeyEvent(kb.Enter))
	c.Holds("the next doubtful field in focus", focused+` === "f.signer"`)
	c.Holds("its picture", `document.querySelector("#spot").getAttribute("src") === document.activeElement.dataset.crop && document.querySelector("#spot").naturalWidth > 100`)
	c.Shot("r02-next-doubt")
	c.Do("writing the signer", chromedp.KeyEvent("Nguyễn Thị Thử Nghiệm"+kb.Enter))
	c.Holds("the button in focus", `document.activeElement?.matches("[data-all]")`)
	c.Do("confirming all", chromedp.KeyEvent(kb.F9))
	c.Holds("the next paper", fmt.Sprintf(`document.querySelector("[data-fields]")?.action.includes(%q)`, second))
	c.Shot("r03-number-wanted")
	if name := browsertest.Ask[string](c.Desk, focused); name != "f.dossier_number" {
		c.t.Errorf("the focus is on %q, want the number", name)
	}
	c.Do("confirming without a number", chromedp.KeyEvent(kb.F9))
	c.Holds("only the number still asked for", `document.readyState === "complete" && document.querySelectorAll(".questions li").length === 1 && document.activeElement?.name === "f.dossier_number"`)
	c.Do("typing the number", chromedp.KeyEvent("h98.51-260708-0001"+kb.F9), chromedp.WaitVisible(".page-review .empty"))
	c.Shot("r04-nothing-left")
	c.service.is(second, pipeline.Filed, 1)
	p := c.service.is(first, pipeline.Filed, 1)
	if f, _ := pipeline.FieldOf(p.Fields, pipeline.FieldSigner); f.Value != "Nguyễn Thị Thử Nghiệm" || f.Source != pipeline.ByPerson {
		c.t.Errorf("the signer is %+v", f)
	}
}

// correctsField changes a filed paper, beside somebody who does the same.
func (c *clerk) correctsField(id pipeline.PaperID) {
	page := c.at + "/papers/" + string(id)
	c.Do("opening the paper", chromedp.Navigate(page), chromedp.WaitVisible("[data-fields]"))
	c.Shot("r05-filed")
	p := c.service.is(id, pipeline.Filed, 1)
	body := fmt.Sprintf(`{"gen": %d, "fields": [{"name": "signer", "value": "Người Khác"}]}`, p.Gen)
	const other = `fetch("/api/v1/papers/%s/fields", {method: "POST", headers: {"Hoso-Token": document.body.dataset.token}, body: %q}).then(a => a.status)`
	if status := browsertest.Ask[int](c.Desk, fmt.Sprintf(other, id, body)); status != 200 {
		c.t.Fatalf("somebody else correcting: %d", status)
	}
	const meanwhile = ".notice.wait[role=alert]" // the demonstration has a notice of its own
	c.Do("correcting what has changed", chromedp.SetValue("input[name='f.signer']", "Tôi"), chromedp.Submit("[data-fields]"), chromedp.WaitVisible(meanwhile))
	c.Says(meanwhile, "người khác thay đổi")
	c.Holds("the new value", `document.querySelector("input[name='f.signer']").value === "Người Khác"`)
	c.Shot("r06-changed-meanwhile")
	c.Do("correcting again", chromedp.SetValue("input[name='f.signer']", "Lê Văn Bảo"), chromedp.Submit("[data-fields]"), chromedp.WaitNotPresent(meanwhile))
	c.Says(".history", "Người ký: “Người Khác” → “Lê Văn Bảo”")
}

// correctsWords corrects a line of the text of a filed paper.
func (c *clerk) correctsWords(id pipeline.PaperID) {
	c.Do("opening the words", chromedp.Navigate(c.at+"/papers/"+string(id)+"/words?page=1"), chromedp.WaitVisible(".lines"))
	c.Holds("the picture of the line", `document.querySelector("#spot").naturalWidth > 100`)
	const line = `[...document.querySelectorAll(".lines input:not([type=hidden])")].find(i => i.value.includes("học tập"))`
	c.Holds("a line about learning", `!!(`+line+`)`)
	browsertest.Ask[bool](c.Desk, `(i => { i.focus(); i.value = i.value.replace("học tập", "họcthử tậpthử"); return true })(`+line+`)`)
	c.Shot("r07-words")
	c.Do("saving", chromedp.KeyEvent(kb.F9), chromedp.WaitVisible(".history"))
	c.service.is(id, pipeline.Filed, 2)
	c.Do("seeing the versions", chromedp.Navigate(c.at+"/papers/"+string(id)), chromedp.WaitVisible(".paper"))
	c.Says(".facts", "Phiên bản 2")
	c.Says(".history", "“học tập” → “họcthử tậpthử”")
	c.Shot("r08-versions")
	c.Do("asking for it to be read again", chromedp.Submit("form[action$='/reread']"))
	c.service.is(id, pipeline.Filed, 2) // the same again is no new version
}

// keepsVersions has strangers look at both versions of a record.
func (s *service) keepsVersions(id pipeline.PaperID) {
	t := s.t
	t.Helper()
	dir := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		has  string
		not  string
	}{
		"cũ.pdf":  {[]string{"--version", "1"}, "học tập", "họcthử"},
		"mới.pdf": {nil, "họcthử tậpthử", "chi phí học tập"},
		"hai.pdf": {[]string{"--version", "2"}, "họcthử tậpthử", "chi phí học tập"},
	} {
		file := filepath.Join(dir, name)
		if out, code := s.hoso(append([]string{"get", string(id), "-o", file}, c.args...)...); code != 0 {
			t.Fatalf("%s: exit %d: %s", name, code, out)
		}
		text := strings.Join(strings.Fields(judge.PDFToText(t, file)), " ")
		if !strings.Contains(text, c.has) || strings.Contains(text, c.not) {
			t.Errorf("%s: the text is %.300q; want %q and not %q", name, text, c.has, c.not)
		}
		s.judged(file)
	}
	if _, code := s.hoso("get", string(id), "-o", filepath.Join(dir, "ba.pdf"), "--version", "3"); code != 4 {
		t.Errorf("a version that is not there: exit %d, want 4", code)
	}
	if _, code := s.hoso("verify", string(id)); code != 0 {
		t.Error("hoso does not verify its own record")
	}
	if strings.Contains(s.said.String(), "Lê Văn Bảo") || strings.Contains(s.said.String(), "họcthử") {
		t.Error("the log says what was corrected")
	}
}

// survivesLoss loses the catalog, and reads a paper again after that.
func (s *service) survivesLoss(id pipeline.PaperID) {
	t := s.t
	t.Helper()
	s.stop()
	for _, file := range []string{"catalog.db", "catalog.db-wal", "catalog.db-shm"} {
		if err := os.RemoveAll(filepath.Join(s.data, file)); err != nil {
			t.Fatal(err)
		}
	}
	if out, code := s.hoso("rebuild"); code != 0 {
		t.Fatalf("rebuild: exit %d: %s", code, out)
	}
	s.start()
	if out, code := s.hoso("reread", string(id)); code != 0 {
		t.Fatalf("reread: exit %d: %s", code, out)
	}
	p := s.is(id, pipeline.Filed, 2)
	if f, _ := pipeline.FieldOf(p.Fields, pipeline.FieldSigner); f.Value != "Lê Văn Bảo" {
		t.Errorf("after the loss the signer is %+v", f)
	}
	if len(p.Corrections) != 1 || p.Corrections[0].Lost {
		t.Errorf("after the loss the corrections are %+v", p.Corrections)
	}
	if out, code := s.hoso("find", "--json", "--text", "họcthử"); code != 0 || !strings.Contains(out, string(id)) {
		t.Errorf("by its corrected words it is not found: exit %d, %s", code, out)
	}
}
