package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hoso/cmd/internal/browsertest"
	"hoso/pipeline"
	"hoso/testdata/judge"
	"hoso/testdata/paper"
)

// torn is a decision of three pages that a scanner gave as two files.
type torn struct {
	pages       []string // what stands on them
	first, rest []byte   // the files: its first page, and the others
}

func tearDecision(t *testing.T) torn {
	t.Helper()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	var all torn
	var scans [][]byte
	for i, p := range []*paper.Paper{paper.Vary(fonts, paper.Decision, 77), paper.Continuation(fonts, 79, 2), paper.Continuation(fonts, 80, 3)} {
		look := paper.Look{DPI: sheetDPI, Seed: uint64(i + 1)}
		scans = append(scans, must(t)(paper.JPEG(p.Scan(0, look), sheetDPI, 60)))
		all.pages = append(all.pages, p.Text())
	}
	all.first, all.rest = loaded(t, stackPDF(t, "first.pdf", scans[0])), loaded(t, stackPDF(t, "rest.pdf", scans[1:]...))
	return all
}

// TestArchivistMerges: of a night's papers that wait, two are the halves of one. Joined in the
// browser they are one paper, which is filed as one.
func TestArchivistMerges(t *testing.T) {
	shelf := newShelf(t, 1)
	halves := tearDecision(t)
	shelf.put("Hộp 4/Quét lẻ/scan0007.pdf", halves.first)
	shelf.put("Hộp 4/Quét lẻ/scan0008.pdf", halves.rest)
	shelf.put("Hộp 4/Quét lẻ/scan0009.pdf", loaded(t, stackPDF(t, "scan0009.pdf", letter(t).jpeg)))
	s := newService(t)
	if now, code := s.batch(shelf); code != 6 || now.Balance.Waiting != 3 || now.Balance.Filed != 1 {
		t.Fatalf("exit %d, %+v; want three papers waiting", code, now.Balance)
	}
	d := browsertest.Open(t, os.Getenv(browsertest.ShotsVariable))
	d.Patience = time.Minute
	c := &clerk{Desk: d, t: t, service: s, at: s.greeting(`hoso: (http://\S+)`)}
	secret := s.greeting(`secret (\S+) `)
	c.Do("opening the door", chromedp.Navigate(c.at), chromedp.WaitVisible("input[name=secret]"))
	c.Do("logging in", chromedp.KeyEvent("admin"+kb.Tab+secret+kb.Enter), chromedp.WaitVisible("input[name=next]"))
	c.Do("changing the secret", chromedp.KeyEvent(secret+kb.Tab+lastingSecret+kb.Tab+lastingSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	ended := c.joinsHalves()
	joined := c.filesJoined()
	c.seesWhereHalvesWent(ended, joined)
	c.holdJoined(joined, halves)
}

// joinsHalves joins the second half with the first and gives both papers.
func (c *clerk) joinsHalves() []pipeline.PaperID {
	c.Do("seeing the exceptions", chromedp.Navigate(c.at+"/batches/ke-3/exceptions"), chromedp.WaitVisible(".rows-x"))
	c.Says(".why", "Tất cả 3")
	c.Shot("m01-exceptions")
	browsertest.Ask[bool](c.Desk, `[...document.querySelectorAll(".x-link")].find(a => a.textContent.includes("scan0007")).click() || true`)
	c.Says("h1", "scan0007.pdf")
	c.Do("thinking of its other half", chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("m"), chromedp.WaitVisible(".mates"))
	const order = `[...document.querySelectorAll(".mates li")].map(l => /scan\d+/.exec(l.textContent)?.[0] || "").join(" ")`
	if got := browsertest.Ask[string](c.Desk, order); !strings.Contains(got, "scan0007 scan0008 scan0009") {
		c.t.Errorf("the papers beside it are offered as %q, want them as they were scanned", got)
	}
	const mate = `[...document.querySelectorAll(".mates input[type=checkbox]")].find(i => i.closest("li").textContent.includes("scan0008"))`
	name := browsertest.Ask[string](c.Desk, `(i => { i.click(); return i.value + " " + document.querySelector(".mates input[type=hidden]").value })(`+mate+`)`)
	if place := browsertest.Ask[string](c.Desk, `[...document.querySelectorAll(".mates .place")].map(i => i.value).join(" ")`); place != "1 2 3" {
		c.t.Errorf("the papers have the places %q", place)
	}
	c.Shot("m02-halves")
	c.Do("joining", chromedp.Click("[data-merge] button"), chromedp.WaitVisible(".flash"))
	c.Says(".flash", "Đã ghép")
	c.Says("h1", "scan0009.pdf") // and not a half, which is no paper any more
	c.Shot("m03-joined")
	var ids []pipeline.PaperID
	for word := range strings.FieldsSeq(name) {
		id, _, _ := strings.Cut(word, ".")
		ids = append(ids, pipeline.PaperID(id))
	}
	return ids
}

// filesJoined opens the joined paper, sees its pages and gives it a number.
func (c *clerk) filesJoined() pipeline.PaperID {
	c.Do("seeing the joined paper", chromedp.Click(".flash a"), chromedp.WaitVisible(".paper"))
	id := pipeline.PaperID(browsertest.Ask[string](c.Desk, `document.querySelector(".paper").dataset.paper`))
	c.Shot("m04-joined-paper")
	c.Says(".facts", "Ghép từ")
	c.service.is(id, pipeline.Confirming, 0)
	c.Do("seeing the exceptions again", chromedp.Navigate(c.at+"/batches/ke-3/exceptions"), chromedp.WaitVisible(".rows-x"))
	c.Says(".why", "Tất cả 2")
	c.Shot("m05-exceptions")
	c.Do("opening it", chromedp.Click(fmt.Sprintf(`.x-link[href*=%q]`, id)), chromedp.WaitVisible(".tile.now"))
	c.Holds("three pages", `[...document.querySelectorAll(".tile img")].length === 3 && [...document.querySelectorAll(".tile img")].every(i => i.complete && i.naturalWidth > 50)`)
	c.Shot("m06-pages-in-order")
	c.Do("typing the number", chromedp.SendKeys("input[name='f.dossier_number']", "H42.15-221011-0001"+kb.F9), chromedp.WaitNotPresent(fmt.Sprintf(`form[action$=%q]`, id)))
	p := c.service.is(id, pipeline.Filed, 1)
	if p.Pages != 3 || p.Dossier.String() != "H42.15-221011-0001" || len(p.Merged) != 2 {
		c.t.Errorf("the joined paper is %+v", p)
	}
	return id
}

// seesWhereHalvesWent opens what the papers were before.
func (c *clerk) seesWhereHalvesWent(ended []pipeline.PaperID, joined pipeline.PaperID) {
	for i, id := range ended {
		c.Do("opening a half", chromedp.Navigate(c.at+"/papers/"+string(id)), chromedp.WaitVisible(".paper"))
		c.Says(".head", "Đã ghép vào")
		c.Shot(fmt.Sprintf("m07-half-%d", i+1))
		c.Do("following it", chromedp.Click(fmt.Sprintf(`.head a[href="/papers/%s"]`, joined)), chromedp.WaitVisible(fmt.Sprintf(`.paper[data-paper=%q]`, joined)))
		c.Says(".facts", "Ghép từ")
	}
	if browsertest.Ask[bool](c.Desk, `!!document.querySelector("#alike")`) {
		c.t.Error("the paper is said to be like the halves that it was made of")
	}
	c.Shot("m08-filed")
	c.Do("seeing the batch", chromedp.Navigate(c.at+"/batches/ke-3"), chromedp.WaitVisible(".equation"))
	c.Says(".chip", "Số liệu khớp")
	c.Shot("m09-batch")
}

// holdJoined holds the record and the totals against what was torn.
func (c *clerk) holdJoined(id pipeline.PaperID, halves torn) {
	t, s := c.t, c.service
	if out, code := s.hoso("verify", string(id)); code != 0 {
		t.Errorf("verify: exit %d: %s", code, out)
	}
	record := filepath.Join(t.TempDir(), "joined.pdf")
	if _, code := s.hoso("get", string(id), "-o", record); code != 0 {
		t.Fatal("the record cannot be fetched")
	}
	s.judged(record)
	pages := strings.Split(strings.TrimSuffix(judge.PDFToText(t, record), "\f"), "\f")
	if len(pages) != len(halves.pages) {
		t.Fatalf("the record has %d pages", len(pages))
	}
	for i, page := range pages {
		var alike []int // in a hundred words
		for _, want := range halves.pages {
			alike = append(alike, sharedWords(want, page))
		}
		if alike[i] < 80 || slices.Max(alike) != alike[i] {
			t.Errorf("page %d of the record shares %v %% of the words of the pages", i+1, alike)
		}
	}
	out, code := s.hoso("status", "--json", "--batch", "ke-3")
	now := objects[told](t, out)[0]
	if b := now.Balance; !b.Even() || b.Found != 4 || b.Pages != 5 || b.Filed != 3 || b.Waiting != 1 || b.Papers.Received != 5 || b.Papers.Rejected != 2 || b.Papers.Filed != 2 {
		t.Errorf("exit %d, %+v; want the files of both halves filed", code, b)
	}
}

// sharedWords is how many of a hundred words stand in a text.
func sharedWords(words, text string) int {
	all, in := strings.Fields(words), strings.Fields(text)
	shared := 0
	for _, w := range all {
		if slices.Contains(in, w) {
			shared++
		}
	}
	return shared * 100 / max(1, len(all))
}
