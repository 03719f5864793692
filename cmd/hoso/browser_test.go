package main_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hoso/cmd/internal/browsertest"
	"hoso/pipeline"
	"hoso/testdata/judge"
)

// lastingSecret is what the first administrator changes the printed secret to.
const lastingSecret = "một câu dài dễ nhớ 2026"

// TestClerk is a day at the desk, in a real browser before a real service: from the
// first login to a record that opens, verifies and comes back byte for byte.
func TestClerk(t *testing.T) {
	s := newService(t)
	d := browsertest.Open(t, os.Getenv(browsertest.ShotsVariable))
	d.Patience = time.Minute // reading takes a while on a busy machine
	c := &clerk{Desk: d, t: t, service: s, at: s.greeting(`hoso: (http://\S+)`)}
	c.logsIn()
	c.handsIn()
	c.findsNumber()
	c.looksUp()
	c.opens()
	c.balances()
	c.lendsEyes()
}

// greeting gives what the service printed where the pattern has its group.
func (s *service) greeting(pattern string) string {
	s.t.Helper()
	exp := regexp.MustCompile(pattern)
	var found []string
	eventually(s.t, 20*time.Second, "the service says "+pattern, func() bool {
		found = exp.FindStringSubmatch(s.said.String())
		return found != nil
	})
	return found[1]
}

// clerk is a person at the desk of a service.
type clerk struct {
	*browsertest.Desk

	t       *testing.T
	service *service
	at      string
	decided pipeline.PaperID // of the decision handed in
}

func (c *clerk) logsIn() {
	secret := c.service.greeting(`secret (\S+) `)
	c.Do("opening the door", chromedp.Navigate(c.at), chromedp.WaitVisible("input[name=secret]"))
	c.Shot("s01-login")
	c.Do("logging in with the printed secret", chromedp.KeyEvent("admin"+kb.Tab+secret+kb.Enter), chromedp.WaitVisible("input[name=next]"))
	c.Shot("s02-secret")
	c.Do("changing the secret", chromedp.KeyEvent(secret+kb.Tab+lastingSecret+kb.Tab+lastingSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	c.Shot("s03-empty-desk")
}

// handsIn does everything with keys but the choice of files, for which browsers show a
// dialog of the system.
func (c *clerk) handsIn() {
	want, _ := truthOf(c.t, "quyet-dinh.jpg")
	c.Do("typing the number", chromedp.KeyEvent(want.Dossier.String()+kb.Enter))
	c.Holds("the focus on the files", `document.activeElement?.id === "files"`)
	c.Says("#number-hint", "Đúng mẫu")
	long := c.copied("quyet-dinh.jpg", "Quyết định về việc hỗ trợ chi phí học tập cho học sinh thuộc hộ cận nghèo năm học 2026-2027 (bản quét lần hai, đủ chữ ký).jpg")
	cut := c.copied("ho-so-3-trang.pdf", "Hồ sơ bị cắt cụt.pdf")
	if err := os.Truncate(cut, 20_000); err != nil {
		c.t.Fatal(err)
	}
	empty := filepath.Join(c.t.TempDir(), "Tệp rỗng.pdf")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.Choose("#files", long, c.scan("ho-so-3-trang.pdf"), cut, empty)
	c.Says(".row .receipt", "Biên nhận")
	c.Says(".row.bad.sending", "Tệp rỗng")
	c.Shot("s04-under-way")
	c.Holds("two papers filed and one refused", `document.querySelectorAll('.row[data-state="filed"]').length === 2 && document.querySelectorAll('.row[data-state="rejected"]').length === 1`)
	c.Says(".row.good .chip", "Đã lưu hồ sơ")
	c.Says(".row.bad .chip", "Từ chối")
	if say := c.Text(`.row[data-state="rejected"] .say`); !strings.Contains(say, "Hãy") {
		c.t.Errorf("the reason for a refusal does not say what to do: %q", say)
	}
	c.Shot("s05-filed-and-refused")
	name := browsertest.Ask[string](c.Desk, `[...document.querySelectorAll(".row.good")].find(r => r.textContent.includes("Quyết định")).dataset.id`)
	c.decided = pipeline.PaperID(name)
}

// findsNumber settles a list of many dossiers, which has no number of its own.
func (c *clerk) findsNumber() {
	c.Do("beginning the next dossier", chromedp.KeyEvent("n", chromedp.KeyModifiers(kb.ModifierAlt)))
	c.Holds("an empty field in focus", `document.activeElement?.id === "number" && document.activeElement.value === ""`)
	c.Choose("#files", c.scan("danh-sach-2-trang.tif"))
	c.Says(".row.wait .chip", "Chờ xác nhận")
	c.Shot("s06-number-wanted")
	c.Do("setting the number in place", chromedp.SendKeys(".row.wait input[name=number]", "h98.51-260708-0001"+kb.Enter), chromedp.WaitNotPresent(".row .number-form"))
	c.Holds("three papers filed", `document.querySelectorAll('.row[data-state="filed"]').length === 3`)
	c.Says(".row.good", "H98.51-260708-0001")
	c.Shot("s07-all-settled")
}

func (c *clerk) looksUp() {
	want, _ := truthOf(c.t, "quyet-dinh.jpg")
	c.Do("going to the lookup by key", chromedp.Blur("#number"), chromedp.KeyEvent("/"), chromedp.WaitVisible("#box"))
	c.Shot("s08-lookup")
	c.Do("asking for days before", chromedp.SendKeys("input[name=from]", "1/1/26"), chromedp.SendKeys("input[name=to]", "31.1.2026"+kb.Enter), chromedp.WaitVisible(".results .empty"))
	c.Do("asking for all days", chromedp.Clear("input[name=from]"), chromedp.Clear("input[name=to]"), chromedp.Focus("#box"))
	c.Do("asking by number", chromedp.KeyEvent(want.Dossier.String()+kb.Enter), chromedp.WaitVisible(".hit"))
	c.Says("#found", "3 giấy tờ") // one of them was refused
	c.Shot("s09-by-number")
	// The protocol types even a key that the page keeps to itself, hence the event.
	browsertest.Ask[bool](c.Desk, `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true, cancelable: true}))`)
	c.Holds("the focus in the box", `document.activeElement?.id === "box"`)
	c.Do("asking without tone marks", chromedp.KeyEvent("ho tro chi phi hoc tap"+kb.Enter), chromedp.WaitVisible(".hit mark"))
	c.Says(".hit .snippet", "phí học tập")
	c.Shot("s10-by-words")
	c.Do("opening the hit by keys", chromedp.SendKeys("#box", kb.ArrowDown), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".paper .sheet img"))
	c.seesTheWords()
}

// marked tells of the place that stands out: whether it is in sight, and how much of what is
// under it is ink.
const marked = `(async () => {
	const img = document.querySelector(".sheet img"), place = document.querySelector("#place");
	await img.decode();
	const canvas = document.createElement("canvas");
	canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
	const brush = canvas.getContext("2d");
	brush.drawImage(img, 0, 0);
	let dark = 0, all = 0;
	for (const r of place.querySelectorAll("rect")) {
		const [x, y, w, h] = ["x", "y", "width", "height"].map((n) => Number(r.getAttribute(n)) * img.naturalWidth / Number(img.getAttribute("width")));
		const data = brush.getImageData(x, y, w, h).data;
		for (let i = 0; i < data.length; i += 4) { all++; if (data[i] < 128) dark++; }
	}
	const at = place.getBoundingClientRect(), on = img.getBoundingClientRect(), frame = document.querySelector(".frame").getBoundingClientRect();
	return {
		Ink: dark / all, Place: Number(place.dataset.place), Width: on.width,
		Seen: at.top >= Math.max(0, frame.top) && at.bottom <= Math.min(innerHeight, frame.bottom) && at.left >= on.left && at.right <= on.right,
		Colour: getComputedStyle(place.querySelector("rect")).fill,
	};
})()`

// place is what marked tells.
type place struct {
	Ink, Width float64
	Place      int
	Seen       bool
	Colour     string
}

// seesTheWords goes through the places where words of a search stand on the page.
func (c *clerk) seesTheWords() {
	c.standsOn(1)
	c.Says(".leaf", "Chỗ 1/")
	c.Shot("s10a-found-on-the-page")
	total := browsertest.Ask[int](c.Desk, `Number(document.querySelector(".leaf").dataset.total)`)
	if total < 2 {
		c.t.Fatalf("the words stand in %d places, want several", total)
	}
	c.Do("going on by n", chromedp.KeyEvent("n"))
	c.standsOn(2)
	c.Do("going back by p", chromedp.KeyEvent("p"))
	c.standsOn(1)
	c.Do("going on by F3", chromedp.KeyEvent(kb.F3))
	c.standsOn(2)
	c.Do("loading again", chromedp.Reload(), chromedp.WaitVisible(".paper .sheet img"))
	c.standsOn(2)
	c.Do("going on by the button", chromedp.Click(".leaf [rel=prev]"))
	c.standsOn(1)
	c.Do("seeing the page by itself", chromedp.Click(`.under a[href*="/look"]`), chromedp.WaitVisible(".looking .sheet img"))
	c.standsOn(1)
	c.Holds("the page in focus", `document.activeElement?.matches(".frame")`)
	c.Shot("s10b-page-by-itself")
	c.Do("on a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2)), chromedp.Reload(), chromedp.WaitVisible(".looking .sheet img"))
	c.standsOn(1)
	c.Shot("s10c-page-on-a-phone")
	if browsertest.Ask[bool](c.Desk, "document.documentElement.scrollWidth > innerWidth") {
		c.t.Error("a phone has to scroll sideways")
	}
	c.Do("without script", scriptless(true), chromedp.EmulateViewport(1366, 768), chromedp.Reload(), chromedp.WaitVisible(".looking .sheet img"))
	c.standsOn(1)
	c.Do("going on by the link", chromedp.Click(".leaf [rel=next]"), chromedp.WaitVisible(`#place[data-place="2"]`))
	c.standsOn(2)
	c.Shot("s10d-without-script")
	c.Do("with script again", scriptless(false), chromedp.Reload(), chromedp.WaitVisible(".looking .sheet img"))
	c.Do("going back to what was found", chromedp.KeyEvent(kb.Escape), chromedp.WaitVisible(".hit"))
	c.Do("opening the hit again", chromedp.SendKeys("#box", kb.ArrowDown), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".paper .sheet img"))
	c.Do("seeing the record", chromedp.Click(`.under a[href$="record"]`), chromedp.WaitVisible(".paper iframe"))
}

// scriptless is a browser that runs no script.
func scriptless(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: on})
		return err
	})
}

// standsOn waits until a place stands out, which must be in sight and on ink.
func (c *clerk) standsOn(n int) {
	c.t.Helper()
	c.Holds(fmt.Sprintf("place %d in sight", n), fmt.Sprintf(`(() => {
		const place = document.querySelector("#place"), frame = document.querySelector(".frame")?.getBoundingClientRect(), box = place?.getBoundingClientRect();
		return place?.dataset.place === "%d" && document.querySelector(".sheet img").naturalWidth > 900 && box.top >= Math.max(0, frame.top) && box.bottom <= Math.min(innerHeight, frame.bottom);
	})()`, n))
	got := browsertest.Ask[place](c.Desk, marked)
	c.t.Logf("%+v", got)
	if got.Place != n || !got.Seen || got.Ink < 0.08 || got.Ink > 0.7 || got.Colour != "rgb(255, 216, 77)" {
		c.t.Errorf("the mark of place %d is %+v", n, got)
	}
}

// opens looks at the record and takes it and its original home.
func (c *clerk) opens() {
	if seen := c.Viewed(); !strings.Contains(seen, "phí học tập") {
		c.t.Errorf("the text of the record cannot be selected; the viewer gives %q", seen)
	}
	c.Says("#verdict", "Tệp được lưu còn nguyên vẹn.")
	c.Says("#verdict", "không có giá trị pháp lý")
	c.Shot("s11-paper")
	record := c.downloaded("record")
	file := filepath.Join(c.t.TempDir(), "bản ký.pdf")
	if err := os.WriteFile(file, record, 0o600); err != nil {
		c.t.Fatal(err)
	}
	if text := judge.PDFToText(c.t, file); !strings.Contains(text, "phí học tập") {
		c.t.Error("pdftotext does not find the record's words")
	}
	again := filepath.Join(c.t.TempDir(), "bản ký lần hai.pdf")
	if _, code := c.service.hoso("get", string(c.decided), "-o", again); code != 0 || !sameBytes(c.t, file, again) {
		c.t.Error("the browser and the command get different records")
	}
	original, err := os.ReadFile(c.scan("quyet-dinh.jpg"))
	if err != nil {
		c.t.Fatal(err)
	}
	if !bytes.Equal(c.downloaded("original"), original) {
		c.t.Error("the original does not come back as it was")
	}
	if part := c.downloaded("original", "bytes=1000-1999"); !bytes.Equal(part, original[1000:2000]) {
		c.t.Errorf("a part of the original has %d bytes, or others", len(part))
	}
	c.Do("reading the text", chromedp.Navigate(c.at+"/papers/"+string(c.decided)+"/text"), chromedp.WaitVisible("pre"))
	c.Shot("s12-text")
}

func (c *clerk) balances() {
	c.Do("seeing how things stand", chromedp.Navigate(c.at+"/status"), chromedp.WaitVisible(".equation"))
	c.Says(".chip.good", "Khớp")
	const totals = `[...document.querySelectorAll(".equation b")].map(e => e.textContent).join(" ")`
	if got := browsertest.Ask[string](c.Desk, totals); got != "4 3 0 1 0" {
		c.t.Errorf("received, filed, waiting, rejected, under way are %s, want 4 = 3 + 0 + 1 + 0", got)
	}
	c.Shot("s13-status")
}

// lendsEyes makes an account that may look and not hand in.
func (c *clerk) lendsEyes() {
	c.Do("adding a reader", chromedp.Navigate(c.at+"/accounts"), chromedp.SendKeys("input[name=name]", "doc"),
		chromedp.SetValue("select[name=role]", "reader"), chromedp.Submit("input[name=unit]"), chromedp.WaitVisible(".secret"))
	c.Shot("s14-accounts")
	first := c.Text(".secret")
	c.Do("leaving", chromedp.Click(".me summary"), chromedp.Click(".me form button"), chromedp.WaitVisible("input[name=secret]"))
	c.Do("coming as the reader", chromedp.SendKeys("input[name=account]", "doc"), chromedp.SendKeys("input[name=secret]", first+kb.Enter), chromedp.WaitVisible("input[name=next]"))
	c.Do("changing the secret", chromedp.SendKeys("input[name=secret]", first), chromedp.SendKeys("input[name=next]", lastingSecret),
		chromedp.SendKeys("input[name=again]", lastingSecret+kb.Enter), chromedp.WaitVisible("#box"))
	c.Shot("s15-reader")
	if browsertest.Ask[bool](c.Desk, `!!document.querySelector("#intake, #files")`) {
		c.t.Error("the reader is offered to hand papers in")
	}
	const post = `fetch("/api/v1/papers", {method: "POST", headers: {"Hoso-Token": document.body.dataset.token, "Hoso-Kind": "component", "Hoso-File-Name": "a.pdf"}, body: "%PDF-1.7"}).then(a => a.status)`
	if status := browsertest.Ask[int](c.Desk, post); status != http.StatusForbidden {
		c.t.Errorf("a reader hands in: status %d, want 403", status)
	}
	c.Do("asking as the reader", chromedp.SendKeys("#box", "hoc tap"+kb.Enter), chromedp.WaitVisible(".hit"))
}

func (c *clerk) scan(name string) string {
	c.t.Helper()
	path, err := filepath.Abs(filepath.Join(scans, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return path
}

// copied gives a copy of a scan under another name.
func (c *clerk) copied(scan, name string) string {
	c.t.Helper()
	b, err := os.ReadFile(c.scan(scan))
	if err != nil {
		c.t.Fatal(err)
	}
	path := filepath.Join(c.t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return path
}

// downloaded fetches what the page's button leads to, or a part of it, with the
// browser's session.
func (c *clerk) downloaded(what string, part ...string) []byte {
	c.t.Helper()
	const fetch = `fetch(document.querySelector('a[href$="/download/WHAT"]').href, {headers: PART}).then(a => a.arrayBuffer()).then(b => btoa(Array.from(new Uint8Array(b), x => String.fromCharCode(x)).join("")))`
	header := "{}"
	if len(part) > 0 {
		header = fmt.Sprintf("{Range: %q}", part[0])
	}
	body, err := base64.StdEncoding.DecodeString(browsertest.Ask[string](c.Desk, strings.NewReplacer("WHAT", what, "PART", header).Replace(fetch)))
	if err != nil {
		c.t.Fatal(err)
	}
	return body
}
