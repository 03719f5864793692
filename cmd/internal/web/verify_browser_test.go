package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hoso/cmd/internal/browsertest"
	"hoso/pipeline"
	"hoso/pipeline/sign/signtest"
)

// TestVerifyInBrowser: an officer chooses a file and reads what it is worth; the sheet of
// a record can be printed, and the paper's page shows the same.
func TestVerifyInBrowser(t *testing.T) {
	t.Parallel()
	j := newJudging(t)
	d := openDesk(t)
	d.Do("logging in", chromedp.Navigate(j.url+"/login"), chromedp.SendKeys("input[name=account]", "lan"),
		chromedp.SendKeys("input[name=secret]", goodSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	d.Do("going to the page", chromedp.Click(`nav a[href="/verify"]`), chromedp.WaitVisible("[data-judge]"))
	d.Shot("20-verify-empty")
	for _, c := range []struct {
		name, tone, says string
		file             []byte
	}{
		{"lasting", "good", "Chữ ký số của Nguyễn Văn Thử hợp lệ", j.signed},
		{"changed", "bad", "Tệp đã bị thay đổi sau khi Nguyễn Văn Thử ký", signtest.Rewritten(j.signed, "GIAY PHEP SO 99")},
		{"unsigned", "wait", "Tệp này không có chữ ký số", j.plain},
	} {
		d.Choose("input[type=file]", file(t, c.name+".pdf", c.file))
		d.Says(`.banner.`+c.tone+` .headline`, c.says)
		d.Says(`[data-line=name] dd`, c.name+".pdf")
		d.Shot("21-verify-" + c.name)
	}
	if wide := browsertest.Ask[bool](d, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the page is wider than the window")
	}
	id := j.send("a.pdf", "H42.15-221011-0001", "%PDF-1.7 x").ID
	record := j.put(j.signed)
	j.move(id, "filed", func(p *pipeline.Paper) { p.State, p.Record, p.RecSize = pipeline.Filed, record, int64(len(j.signed)) })
	d.Do("opening the sheet of a record", chromedp.Navigate(j.url+"/papers/"+string(id)+"/verdict"), chromedp.WaitVisible(".verdict-sheet"))
	d.Says("h1", "Phiếu kiểm tra chữ ký số")
	d.Says(".one [data-line=valid_at_signing]", "CÓ: còn thời hạn")
	d.Shot("22-sheet")
	d.Do("opening the paper", chromedp.Navigate(j.url+"/papers/"+string(id)), chromedp.WaitVisible("#verdict .verdict > .verdict-sheet"))
	d.Says("#verdict .headline", "hợp lệ")
	d.Shot("23-paper")
}
