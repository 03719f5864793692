package web_test

import (
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestZZTry(t *testing.T) {
	d := openDesk(t)
	url := "http://127.0.0.1:18471"
	d.do("login", chromedp.Navigate(url), chromedp.SendKeys("input[name=account]", "admin"), chromedp.SendKeys("input[name=secret]", "tnmh5-wxv73-cb3m0-f1aaq"+kb.Enter), chromedp.WaitVisible("input[name=next]"))
	d.do("change", chromedp.SendKeys("input[name=secret]", "tnmh5-wxv73-cb3m0-f1aaq"), chromedp.SendKeys("input[name=next]", goodSecret), chromedp.SendKeys("input[name=again]", goodSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	d.do("number", chromedp.SendKeys("#number", "H42.15-261120-0012"))
	d.drop("/work/shared/scans/made/qd1__a300.jpg", "/work/shared/scans/made/don__a300.jpg")
	d.says(".chip", "Đang")
	d.do("x", chromedp.Sleep(time.Second))
	d.shot("r1")
	d.do("next", chromedp.Click("#next"))
	d.drop("/work/shared/scans/made/bang__a300.jpg")
	d.do("x", chromedp.Sleep(8*time.Second))
	d.shot("r2")
	d.do("x", chromedp.Sleep(9*time.Second))
	d.shot("r3")
	d.do("x", chromedp.Navigate(url+"/lookup"), chromedp.SendKeys("#box", "quyet dinh"+kb.Enter), chromedp.WaitVisible(".results"))
	d.shot("r4")
	d.do("open", chromedp.Click(".hit a"), chromedp.WaitVisible(".paper"), chromedp.Sleep(6*time.Second))
	d.shot("r5")
	full, err := chromedp.Run(d.ctx, chromedp.FullScreenshot(90))
	_ = err
	write(t, d.dir+"/r6.jpg", full)
	d.do("x", chromedp.Navigate(url+"/status"), chromedp.Sleep(time.Second))
	d.shot("r7")
}

func write(t *testing.T, path string, b []byte) {
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
