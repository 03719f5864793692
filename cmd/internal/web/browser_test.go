package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/klauspost/compress/zstd"

	"hoso/cmd/internal/web"
	"hoso/pipeline"
)

// shotsVariable names the environment variable with a directory for pictures of every
// screen; without it none are taken.
const shotsVariable = "HOSO_TEST_SCREENSHOTS"

// desk is a browser in front of a bench.
type desk struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // chromedp keeps its browser in a context
	dir string
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("chromium is needed for this test: %v", err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("no-first-run", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1366, 768))
	ctx, stopBrowser := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), opts...)
	t.Cleanup(stopBrowser)
	ctx, stop := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("closing the browser: %v", err)
		}
		stop()
	})
	dir, _ := os.LookupEnv(shotsVariable)
	d := &desk{t: t, ctx: ctx, dir: dir}
	err = chromedp.Listen(ctx, func(e any) {
		if thrown, ok := e.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page's script failed: %s", thrown.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatalf("starting chromium: %v", err)
	}
	return d
}

func (d *desk) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.ctx, 20*time.Second)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		d.shot("failure")
		d.t.Fatalf("%s: %v", what, err)
	}
}

// shot takes a picture of the whole page.
func (d *desk) shot(name string) {
	d.t.Helper()
	if d.dir == "" {
		return
	}
	png, err := chromedp.Run(d.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		d.t.Errorf("taking a picture of %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(d.dir, name+".png"), png, 0o600); err != nil {
		d.t.Errorf("keeping a picture of %s: %v", name, err)
	}
}

// viewerDrawn gives the browser's own PDF viewer time before a picture: it lies in a
// process of its own and tells nobody. Without pictures nothing waits.
func (d *desk) viewerDrawn() {
	if d.dir != "" {
		d.do("letting the viewer draw", chromedp.Sleep(3*time.Second))
	}
}

// says waits until an element says something.
func (d *desk) says(selector, text string) {
	d.t.Helper()
	want, err := json.Marshal(text)
	if err != nil {
		d.t.Fatal(err)
	}
	sel, err := json.Marshal(selector)
	if err != nil {
		d.t.Fatal(err)
	}
	wait, stop := context.WithTimeout(d.ctx, 20*time.Second)
	defer stop()
	// A page that is just being left takes its predicate with it, hence the attempts.
	for {
		_, err = chromedp.Run(wait, chromedp.Poll[bool](fmt.Sprintf("[...document.querySelectorAll(%s)].some(e => e.textContent.includes(%s))", sel, want)))
		if err == nil {
			return
		}
		if wait.Err() != nil {
			d.shot("failure")
			d.t.Fatalf("waiting for %s to say %q: %v", selector, text, err)
		}
	}
}

// drop hands files to the page as if they were dropped on it.
func (d *desk) drop(files ...string) {
	d.t.Helper()
	d.do("choosing files", chromedp.SetUploadFiles("#files", files))
}

func (d *desk) file(name string, body []byte) string {
	d.t.Helper()
	path := filepath.Join(d.t.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// onePage is a PDF with a line of text.
func onePage(text string) []byte {
	content := fmt.Sprintf("BT /F1 18 Tf 72 760 Td (%s) Tj ET", text)
	var b strings.Builder
	var at []int
	b.WriteString("%PDF-1.7\n")
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return []byte(b.String())
}

// byName gives the paper of a file name.
func (b *bench) byName(t *testing.T, name string) pipeline.Paper {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.papers {
		if p.FileName == name {
			return p
		}
	}
	t.Fatalf("no paper is called %q", name)
	return pipeline.Paper{}
}

func (b *bench) reads(id pipeline.PaperID, finished, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.progress[id] = struct {
		Done  int `json:"done"`
		Total int `json:"total"`
	}{finished, total}
}

// viewed reports whether the access log says that a paper's artifact was seen.
func (b *bench) viewed(id pipeline.PaperID, what string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.views, func(v web.View) bool { return v.Paper == id && v.Act == "viewed" && v.Detail == what })
}

// stored is the words of pages as they lie in the store.
func stored(t *testing.T, pages []pipeline.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewEncoder(z)
	for _, p := range pages {
		if err := lines.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// files finishes a paper as the workers would.
func (b *bench) files(t *testing.T, id pipeline.PaperID, text string) {
	t.Helper()
	reading := pipeline.Reading{Pages: []pipeline.Page{
		{Number: 1, Outcome: pipeline.PageOK, Confidence: 94, Flags: []pipeline.Flag{pipeline.HasSeal}},
		{Number: 2, Outcome: pipeline.PageOK, Confidence: 71, Flags: []pipeline.Flag{pipeline.Skewed, pipeline.Doubtful}},
		{Number: 3, Outcome: pipeline.PageBlank},
	}}
	for i, line := range strings.Split(text, "\n") {
		var l pipeline.Line
		for word := range strings.FieldsSeq(line) {
			l.Words = append(l.Words, pipeline.Word{Text: word, Confidence: 90})
		}
		l.Paragraph = i
		reading.Pages[0].Lines = append(reading.Pages[0].Lines, l)
	}
	words, record := b.put(stored(t, reading.Pages)), b.put(onePage("GIAY PHEP XAY DUNG - ban da ky"))
	b.mu.Lock()
	b.text[id] = text
	b.mu.Unlock()
	b.move(id, "read", func(p *pipeline.Paper) { p.State, p.Words, p.Pages = pipeline.Recognized, words, 3 })
	b.move(id, "composed", func(p *pipeline.Paper) { p.State = pipeline.Composed })
	b.move(id, "signed", func(p *pipeline.Paper) { p.State = pipeline.SignedOff })
	b.move(id, "filed", func(p *pipeline.Paper) {
		p.State, p.Record = pipeline.Filed, record
		p.Sealed = pipeline.Signature{Signer: "Trần Thị Lan", Issuer: "hoso demo CA", Time: b.now, Level: "B-T", Authority: "hoso demo TSA", Demo: true}
		p.Fields = []pipeline.Field{
			{Name: pipeline.FieldDossier, Value: p.Dossier.String(), Confidence: 100, Source: pipeline.ByQR},
			{Name: pipeline.FieldNumber, Value: "163/GPXD-UBND", Confidence: 93, Source: pipeline.ByOCR},
			{Name: pipeline.FieldDate, Value: "2022-10-11", Confidence: 91, Source: pipeline.ByOCR},
			{Name: pipeline.FieldTitle, Value: "Giấy phép xây dựng", Confidence: 97, Source: pipeline.ByOCR},
			{Name: pipeline.FieldIssuer, Value: "Ủy ban nhân dân phường Hoa Lư", Confidence: 88, Source: pipeline.ByOCR},
		}
	})
}

// troubleAtTheDesk drops a file on the page while the office cannot receive, sends it
// again when it can, and once more by mistake.
func (b *bench) troubleAtTheDesk(t *testing.T, d *desk) {
	t.Helper()
	const dropped = `(() => {
		const data = new DataTransfer();
		data.items.add(new File(["%PDF-1.7 dropped"], "thả vào trang.pdf"));
		for (const type of ["dragenter", "dragover", "drop"]) {
			document.querySelector(".today").dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
			if (type === "dragover" && document.querySelector("#veil").hidden) throw new Error("no veil while dragging");
		}
		return true;
	})()`
	drop := func() {
		t.Helper()
		if _, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool](dropped)); err != nil {
			t.Fatalf("dropping a file on the page: %v", err)
		}
	}
	b.breakMoves(&pipeline.Unavailable{What: "object storage", Err: errors.New("down")})
	drop()
	d.says(".row.bad .chip", "Chưa gửi được")
	d.says(".row.bad .say", "giấy tờ này chưa được nhận")
	if strings.Contains(d.text("#rows"), "thả vào trang.pdf Biên nhận") {
		t.Error("a receipt is shown for a paper that was not received")
	}
	d.shot("04b-not-sent")
	b.breakMoves(nil)
	d.do("sending again", chromedp.Click(".row.bad .again"), chromedp.WaitNotPresent(".row.sending"))
	b.byName(t, "thả vào trang.pdf")
	drop()
	d.says(".row .notice", "đã được nhận trước đó")
	count, err := chromedp.Run(d.ctx, chromedp.Evaluate[int](`[...document.querySelectorAll(".row .name")].filter(e => e.textContent === "thả vào trang.pdf").length`))
	if err != nil || count != 1 {
		t.Errorf("the paper that was sent again stands in %d rows, want 1 (%v)", count, err)
	}
}

func (d *desk) text(selector string) string {
	d.t.Helper()
	text, err := chromedp.Run(d.ctx, chromedp.TextContent(selector))
	if err != nil {
		d.t.Fatalf("reading %s: %v", selector, err)
	}
	return strings.Join(strings.Fields(text), " ")
}

func TestDeskInBrowser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	secret, err := b.gate.FirstSecret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := openDesk(t)
	d.do("opening the door", chromedp.Navigate(b.url+"/"), chromedp.WaitVisible("input[name=secret]"))
	d.shot("01-login")
	d.do("logging in for the first time", chromedp.SendKeys("input[name=account]", "admin"), chromedp.SendKeys("input[name=secret]", secret+kb.Enter), chromedp.WaitVisible("input[name=next]"))
	d.shot("02-secret")
	d.do("changing the secret", chromedp.SendKeys("input[name=secret]", secret), chromedp.SendKeys("input[name=next]", goodSecret),
		chromedp.SendKeys("input[name=again]", goodSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	d.shot("03-reception-empty")

	d.do("typing a number in its old form", chromedp.SendKeys("#number", "000.00.15.h42-221011-0001"))
	d.says("#number-hint", "Đúng mẫu · đơn vị H42.15 · tiếp nhận ngày 11/10/2022")
	d.drop(d.file("Đơn đề nghị cấp giấy phép xây dựng.pdf", onePage("DON DE NGHI")), d.file("Giấy chứng nhận quyền sử dụng đất.pdf", onePage("GIAY CHUNG NHAN")))
	d.says(".row", "Biên nhận")
	d.says("#tally", "2 đang xử lý")
	first, second := b.byName(t, "Đơn đề nghị cấp giấy phép xây dựng.pdf"), b.byName(t, "Giấy chứng nhận quyền sử dụng đất.pdf")
	if first.Dossier.String() != "000.00.15.H42-221011-0001" {
		t.Errorf("dossier = %q, want it as printed", first.Dossier)
	}
	b.reads(first.ID, 2, 12)
	d.says(".chip", "Đang đọc trang 3/12")
	b.files(t, second.ID, "ỦY BAN NHÂN DÂN PHƯỜNG HOA LƯ\nGIẤY PHÉP XÂY DỰNG\nCấp cho hộ gia đình tại thửa đất số 123, tờ bản đồ số 45, phường Hoa Lư.")
	d.says(".chip", "Đã lưu hồ sơ")

	d.do("beginning the next dossier", chromedp.Click("#next"))
	d.drop(d.file("quet-0003.pdf", onePage("khong ro so")), d.file("anh-mo.jpg", []byte("\xff\xd8\xff not really")), d.file("trang.pdf", nil))
	d.says(".row.bad", "Tệp rỗng")
	d.says("#tally", "3 đang xử lý")
	third, fourth := b.byName(t, "quet-0003.pdf"), b.byName(t, "anh-mo.jpg")
	b.move(third.ID, "waiting", func(p *pipeline.Paper) {
		p.State = pipeline.Confirming
		p.Reason = pipeline.Reason{Code: "no-number", English: "no dossier number was found", Vietnamese: "Không tìm thấy mã số hồ sơ trong bản quét. Hãy nhập mã số."}
	})
	b.move(fourth.ID, "rejected", func(p *pipeline.Paper) {
		p.State = pipeline.Rejected
		p.Reason = pipeline.Reason{Code: "broken", English: "not an image", Vietnamese: "Tệp ảnh hỏng, không mở được. Hãy quét lại và gửi tệp mới."}
	})
	d.says(".chip", "Chờ xác nhận")
	d.says(".row", "Tệp ảnh hỏng")
	d.shot("04-reception")
	d.do("setting a wrong number in place", chromedp.SendKeys(".row .number-form input[name=number]", "H42.15-221399-0001"+kb.Enter))
	d.says(".number-form output", "không đúng mẫu")
	// The wrong number stands selected, so that typing replaces it.
	d.do("setting the right one", chromedp.KeyEvent("H42.15-261120-0093"+kb.Enter), chromedp.WaitNotPresent(".row .number-form"))
	d.says(".row", "H42.15-261120-0093")
	d.do("loading the page again", chromedp.Reload(), chromedp.WaitVisible("#drop"))
	d.says(".row", "Giấy chứng nhận quyền sử dụng đất.pdf")

	b.troubleAtTheDesk(t, d)
	d.do("going to the lookup by key", chromedp.Blur("#number"), chromedp.KeyEvent("/"), chromedp.WaitVisible("#box"))
	d.do("asking", chromedp.SendKeys("#box", "thửa đất"+kb.Enter), chromedp.WaitVisible(".hit"))
	d.says("mark", "thửa đất")
	d.shot("05-lookup")
	d.do("opening the first hit by keys", chromedp.SendKeys("#box", kb.ArrowDown), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".paper iframe"))
	d.says("#verdict", "Chữ ký hợp lệ")
	d.says("#verdict", "không có giá trị pháp lý")
	d.viewerDrawn()
	d.shot("06-paper")
	if !b.viewed(second.ID, "record") {
		t.Error("the signed record was shown without a row in the access log")
	}
	d.do("seeing the whole dossier", chromedp.Navigate(b.url+"/papers/"+string(second.ID)+"/dossier"), chromedp.WaitVisible(".hit"))
	d.shot("07-dossier")
	d.do("seeing the status", chromedp.Navigate(b.url+"/status"), chromedp.WaitVisible(".equation"))
	d.shot("08-status")
	d.do("seeing the accounts", chromedp.Navigate(b.url+"/accounts"), chromedp.SendKeys("input[name=name]", "minh"), chromedp.Submit("input[name=unit]"), chromedp.WaitVisible(".secret"))
	d.shot("09-accounts")
	d.do("seeing the text", chromedp.Navigate(b.url+"/papers/"+string(second.ID)+"/text"), chromedp.WaitVisible("pre"))
	d.shot("10-text")
	d.do("seeing a paper that waits", chromedp.Navigate(b.url+"/papers/"+string(fourth.ID)), chromedp.WaitVisible(".facts"))
	d.says(".viewer", "không hiển thị được")
	d.shot("11-rejected")
	d.do("on a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2)), chromedp.Navigate(b.url+"/"), chromedp.WaitVisible(".row"))
	d.shot("12-phone-reception")
	d.do("a paper on a phone", chromedp.Navigate(b.url+"/papers/"+string(second.ID)), chromedp.WaitVisible(".facts"))
	d.shot("13-phone-paper")
	if wide, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool]("document.documentElement.scrollWidth > innerWidth")); err != nil || wide {
		t.Error("a phone has to scroll sideways")
	}
}
