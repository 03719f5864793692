package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hoso/cmd/internal/browsertest"
	"hoso/pipeline"
)

// clutter is a night and some of its papers.
type clutter struct {
	*night

	waits         []pipeline.Paper // for their numbers
	stack, upside pipeline.Paper
}

// cluttered is a night after which people have much to see to.
func cluttered(t *testing.T) *clutter {
	t.Helper()
	n := &clutter{night: newNight(t)}
	for i := range 3 {
		n.waits = append(n.waits, n.paper(t, fmt.Sprintf("Giấy phép %d.pdf", i+1), 2, unnumbered))
	}
	n.upside = n.paper(t, "Tờ trình lộn ngược và trang trắng.pdf", 3, unnumbered)
	for i := range 12 {
		n.paper(t, fmt.Sprintf("Quyết định %02d.pdf", i+1), 2, numbered(t, fmt.Sprintf("H42.15-221011-%04d", i/3+1)))
	}
	n.stack = n.paper(t, "Xấp giấy.pdf", 6, func(p *pipeline.Paper) {
		numbered(t, "H42.15-221011-0001")(p)
		p.Pieces = []pipeline.Piece{{From: 1, To: 2, Class: "don", Confidence: 90}, {From: 3, To: 4, Confidence: 80}, {From: 5, To: 6, Confidence: 70}}
	})
	n.paper(t, "Bản mờ.pdf", 1, func(p *pipeline.Paper) {
		p.State, p.Reason = pipeline.Rejected, pipeline.Reason{Code: "no-page-readable", English: "no", Vietnamese: "Không trang nào đọc được; hãy quét lại rõ hơn."}
	})
	n.paper(t, "Đang đọc.pdf", 1, func(p *pipeline.Paper) { p.State, p.Words, p.Pages = pipeline.Received, pipeline.Digest{}, 0 })
	for name, f := range map[string]pipeline.ShelfFile{
		"Hộp 1/mat-khau.pdf": {State: pipeline.FileRefused, Reason: pipeline.Reason{Code: "encrypted", English: "e", Vietnamese: "Tệp có mật khẩu nên không mở được."}},
		"Hộp 1/dang-ghi.pdf": {State: pipeline.FileWaiting, Reason: pipeline.Reason{Code: "growing", English: "g", Vietnamese: "Tệp còn đang được ghi."}},
		"Hộp 1/0007.tif":     {State: pipeline.FileHeld, Reason: pipeline.Reason{Code: "lonely-back", English: "l", Vietnamese: "Có mặt sau nhưng không thấy mặt trước 0006.tif."}},
		"Hộp 1/Thumbs.db":    {State: pipeline.FileIgnored, Why: "system"},
		"Hộp 1/cho.pdf":      {State: pipeline.FileToDo},
	} {
		f.Path = name
		n.file(t, f)
	}
	n.beats(t)
	return n
}

func (n *night) logsIn(d *browsertest.Desk, name string) {
	d.Do("logging in", chromedp.Navigate(n.url+"/login"), chromedp.SendKeys("input[name=account]", name),
		chromedp.SendKeys("input[name=secret]", goodSecret+kb.Enter), chromedp.WaitVisible("#drop"))
}

// TestExceptionsInBrowser clears a night's exceptions by keys alone.
func TestExceptionsInBrowser(t *testing.T) {
	t.Parallel()
	n := cluttered(t)
	d := openDesk(t)
	n.logsIn(d, "lan")
	d.Do("seeing the batches", chromedp.Click(`nav a[href="/batches"]`), chromedp.WaitVisible(".batch-row"))
	d.Says(".batch-row", "24 tệp")
	d.Shot("30-batches")
	d.Do("opening the batch", chromedp.Click(".batch-row h2 a"), chromedp.WaitVisible(".equation"))
	d.Says(".chip", "Đang chạy")
	d.Says(".chip", "Số liệu khớp")
	d.Shot("31-batch")
	n.move(n.waits[2].ID, "filed", func(p *pipeline.Paper) { p.State, p.Reason, p.FiledAt = pipeline.Filed, pipeline.Reason{}, n.now })
	d.Says(".equation", "14đã lưu hồ sơ")
	d.Do("seeing what needs a person", chromedp.Click(`.tabs a[href$="/exceptions"]`), chromedp.WaitVisible(".rows-x"))
	d.Says(".why", "Chưa có mã số hồ sơ 3")
	d.Says(".x", "Không tìm thấy mã số hồ sơ")
	d.Shot("32-exceptions")

	d.Do("beginning", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".tile.now"))
	d.Says("h1", "Giấy phép 1.pdf")
	d.Holds("the number to be in focus", `document.activeElement.name === "f.dossier_number"`)
	d.Shot("33-number")
	d.Do("typing the number", chromedp.KeyEvent("H42.15-221011-0009"+kb.Enter))
	d.Holds("the button to be in focus", `document.activeElement.matches("[data-all]")`)
	d.Do("confirming", chromedp.KeyEvent(kb.Enter))
	d.Says("h1", "Giấy phép 2.pdf")
	if p := n.bench.paper(n.waits[0].ID); p.Dossier.String() != "H42.15-221011-0009" || p.State != pipeline.Recognized {
		t.Errorf("the first paper is %s with %s", p.State, p.Dossier)
	}
	d.Do("putting off", chromedp.KeyEvent(kb.F8))
	d.Says("h1", "Tờ trình lộn ngược")
	d.Do("leaving the field", chromedp.KeyEvent(kb.Escape))
	d.Holds("no field to be in focus", `!document.activeElement.matches("input")`)
	d.Do("turning, ordering and dropping", chromedp.KeyEvent("r"), chromedp.KeyEvent("]"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("x"))
	d.Holds("the page to be dropped", `document.querySelector(".tile.now.dropped [name=x3]").checked`)
	d.Shot("34-pages")
	d.Do("saving", chromedp.KeyEvent("s"))
	d.Says(".flash", "Đã lưu các trang")
	// It was shown turned by 270 degrees and is turned by 90 more: not at all.
	if p := n.bench.paper(n.upside.ID); fmt.Sprint(p.Leaves) != "[{2 0} {1 360}]" {
		t.Errorf("the leaves are %v", p.Leaves)
	}
	d.Says("h1", "Xấp giấy.pdf")
	d.Do("cutting where the machine thinks", chromedp.KeyEvent("h"))
	d.Says("[data-save]", "tách thành 3 giấy tờ")
	d.Shot("35-stack")
	d.Do("leaving in vain", chromedp.KeyEvent("k"))
	d.Says("[role=alert]", "chưa được lưu")
	d.Do("saving", chromedp.KeyEvent("s"))
	d.Says(".flash", "Đã tách")
	if p := n.bench.paper(n.stack.ID); p.Pages != 2 {
		t.Errorf("the first part has %d pages", p.Pages)
	}
	d.Says("h1", "Bản mờ.pdf")
	d.Do("back to the list", chromedp.KeyEvent(kb.Escape), chromedp.WaitVisible(".rows-x"))
	d.Says(".why", "Chưa có mã số hồ sơ 1")
	d.Do("going through the list", chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".tile.now"))
	d.Says("h1", "Giấy phép 2.pdf")
	d.Do("refusing", chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("d"))
	d.Holds("the reason to be in focus", `document.activeElement.name === "reason"`)
	d.Do("with a reason", chromedp.KeyEvent("Gửi nhầm tệp"), chromedp.Click("[data-reject] input[type=checkbox]"), chromedp.Click("[data-reject] button"))
	d.Says(".flash", "Đã từ chối")
	n.narrow(t, d, n.waits[1], n.stack)
}

// narrow looks at the pages on a phone.
func (n *night) narrow(t *testing.T, d *browsertest.Desk, papers ...pipeline.Paper) {
	t.Helper()
	pages := []string{"/batches", "/batches/" + nightLabel, "/batches/" + nightLabel + "/exceptions", "/batches/" + nightLabel + "/sample"}
	for _, p := range papers {
		pages = append(pages, "/batches/"+nightLabel+"/exceptions/"+string(p.ID))
	}
	d.Do("on a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2)))
	for i, page := range pages {
		d.Do("opening "+page, chromedp.Navigate(n.url+page), chromedp.WaitVisible("main"))
		d.Shot(fmt.Sprintf("36-phone-%d", i))
		if browsertest.Ask[bool](d, "document.documentElement.scrollWidth > innerWidth") {
			t.Errorf("a phone has to scroll %s sideways", page)
		}
	}
}

// TestSampleInBrowser looks at the sample of a night and signs it off.
func TestSampleInBrowser(t *testing.T) {
	t.Parallel()
	n := cluttered(t)
	d := openDesk(t)
	n.logsIn(d, "quet")
	d.Do("going to the sample", chromedp.Navigate(n.url+"/batches/"+nightLabel+"/sample"), chromedp.WaitVisible("main h2"))
	d.Says("h2", "kiểm tra 100 %")
	d.Shot("40-sample-none")
	d.Do("drawing", chromedp.Click(`form[action$="/sample"] button`), chromedp.WaitVisible(".sample-rows"))
	d.Says(".big-line", "0/4 đã xem")
	d.Do("beginning", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".judge-form"))
	d.Says(".step", "1/4, còn 4")
	d.Shot("41-check")
	d.Do("finding it good", chromedp.KeyEvent("g"))
	d.Says(".step", "2/4, còn 3")
	d.Do("finding it wrong", chromedp.KeyEvent("b"))
	d.Holds("the note to be in focus", `document.activeElement.name === "note"`)
	d.Do("saying what is wrong", chromedp.KeyEvent("thiếu trang 2"+kb.Enter))
	d.Says(".step", "3/4, còn 2")
	d.Do("finding the others good", chromedp.KeyEvent("g"))
	d.Says(".step", "4/4, còn 1")
	d.Do("and the last", chromedp.KeyEvent("g"), chromedp.WaitVisible("#signoff form"))
	d.Says(".big-line", "3 đúng")
	d.Shot("42-sample-looked")
	d.Do("signing off", chromedp.SendKeys("#signoff textarea", "đã yêu cầu quét lại"), chromedp.Click("#signoff button"), chromedp.WaitVisible(".history"))
	d.Says(".history", "3 đúng, 1 sai")
	d.Shot("43-signed-off")
	all, err := n.c.SignOffs(t.Context(), nightLabel)
	if err != nil || len(all) != 1 || all[0].By != "quet" || all[0].Of != 13 || !strings.Contains(all[0].Note, "quét lại") {
		t.Errorf("signed off: %+v, %v", all, err)
	}
}
