package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/klauspost/compress/zstd"

	"hoso/cmd/internal/browsertest"
	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// openDesk is a browser that takes pictures where the environment asks for them.
func openDesk(t *testing.T) *browsertest.Desk {
	t.Helper()
	return browsertest.Open(t, os.Getenv(browsertest.ShotsVariable))
}

func file(t *testing.T, name string, body []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
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
		{Number: 1, Outcome: pipeline.PageOK, Verdict: pipeline.VerdictGood, Confidence: 94, Flags: []pipeline.Flag{pipeline.HasSeal}},
		{Number: 2, Outcome: pipeline.PageOK, Verdict: pipeline.VerdictDoubtful, Confidence: 71, Flags: []pipeline.Flag{pipeline.Skewed, pipeline.Doubtful}},
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
func (b *bench) troubleAtTheDesk(t *testing.T, d *browsertest.Desk) {
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
		browsertest.Ask[bool](d, dropped)
	}
	b.breakMoves(&pipeline.Unavailable{What: "object storage", Err: errors.New("down")})
	drop()
	d.Says(".row.bad .chip", "Chưa gửi được")
	d.Says(".row.bad .say", "giấy tờ này chưa được nhận")
	if strings.Contains(d.Text("#rows"), "thả vào trang.pdf Biên nhận") {
		t.Error("a receipt is shown for a paper that was not received")
	}
	d.Shot("04b-not-sent")
	b.breakMoves(nil)
	d.Do("sending again", chromedp.Click(".row.bad .again"), chromedp.WaitNotPresent(".row.sending"))
	b.byName(t, "thả vào trang.pdf")
	drop()
	d.Says(".row .notice", "đã được nhận trước đó")
	count := browsertest.Ask[int](d, `[...document.querySelectorAll(".row .name")].filter(e => e.textContent === "thả vào trang.pdf").length`)
	if count != 1 {
		t.Errorf("the paper that was sent again stands in %d rows, want 1", count)
	}
}

func TestDeskInBrowser(t *testing.T) {
	t.Parallel()
	b := newBench(t, withRenewals)
	secret, err := b.gate.FirstSecret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := openDesk(t)
	d.Do("opening the door", chromedp.Navigate(b.url+"/"), chromedp.WaitVisible("input[name=secret]"))
	d.Shot("01-login")
	d.Do("logging in for the first time", chromedp.SendKeys("input[name=account]", "admin"), chromedp.SendKeys("input[name=secret]", secret+kb.Enter), chromedp.WaitVisible("input[name=next]"))
	d.Shot("02-secret")
	d.Do("changing the secret", chromedp.SendKeys("input[name=secret]", secret), chromedp.SendKeys("input[name=next]", goodSecret),
		chromedp.SendKeys("input[name=again]", goodSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	d.Shot("03-reception-empty")

	d.Do("typing a number in its old form", chromedp.SendKeys("#number", "000.00.15.h42-221011-0001"))
	d.Says("#number-hint", "Đúng mẫu · đơn vị H42.15 · ngày 11/10/2022")
	d.Choose("#files", file(t, "Đơn đề nghị cấp giấy phép xây dựng.pdf", onePage("DON DE NGHI")), file(t, "Giấy chứng nhận quyền sử dụng đất.pdf", onePage("GIAY CHUNG NHAN")))
	d.Says(".row", "Biên nhận")
	d.Says("#tally", "2 đang xử lý")
	first, second := b.byName(t, "Đơn đề nghị cấp giấy phép xây dựng.pdf"), b.byName(t, "Giấy chứng nhận quyền sử dụng đất.pdf")
	if first.Dossier.String() != "000.00.15.H42-221011-0001" {
		t.Errorf("dossier = %q, want it as printed", first.Dossier)
	}
	b.reads(first.ID, 2, 12)
	d.Says(".chip", "Đang đọc trang 3/12")
	b.files(t, second.ID, "ỦY BAN NHÂN DÂN PHƯỜNG HOA LƯ\nGIẤY PHÉP XÂY DỰNG\nCấp cho hộ gia đình tại thửa đất số 123, tờ bản đồ số 45, phường Hoa Lư.")
	d.Says(".chip", "Đã lưu hồ sơ")

	d.Do("beginning the next dossier", chromedp.Click("#next"))
	d.Choose("#files", file(t, "quet-0003.pdf", onePage("khong ro so")), file(t, "anh-mo.jpg", []byte("\xff\xd8\xff not really")), file(t, "trang.pdf", nil))
	d.Says(".row.bad", "Tệp rỗng")
	d.Says("#tally", "3 đang xử lý")
	third, fourth := b.byName(t, "quet-0003.pdf"), b.byName(t, "anh-mo.jpg")
	b.move(third.ID, "waiting", func(p *pipeline.Paper) {
		p.State = pipeline.Confirming
		p.Reason = pipeline.Reason{Code: "no-number", English: "no dossier number was found", Vietnamese: "Không tìm thấy mã số hồ sơ trong bản quét. Hãy nhập mã số."}
	})
	b.move(fourth.ID, "rejected", func(p *pipeline.Paper) {
		p.State = pipeline.Rejected
		p.Reason = pipeline.Reason{Code: "broken", English: "not an image", Vietnamese: "Tệp ảnh hỏng, không mở được. Hãy quét lại và gửi tệp mới."}
	})
	d.Says(".chip", "Chờ xác nhận")
	d.Says(".row", "Tệp ảnh hỏng")
	d.Shot("04-reception")
	d.Do("setting a wrong number in place", chromedp.SendKeys(".row .number-form input[name=number]", "H42.15-221399-0001"+kb.Enter))
	d.Says(".number-form output", "không đúng mẫu")
	// The wrong number stands selected, so that typing replaces it.
	d.Do("setting the right one", chromedp.KeyEvent("H42.15-261120-0093"+kb.Enter), chromedp.WaitNotPresent(".row .number-form"))
	d.Says(".row", "H42.15-261120-0093")
	d.Do("loading the page again", chromedp.Reload(), chromedp.WaitVisible("#drop"))
	d.Says(".row", "Giấy chứng nhận quyền sử dụng đất.pdf")

	b.troubleAtTheDesk(t, d)
	d.Do("going to the lookup by key", chromedp.Blur("#number"), chromedp.KeyEvent("/"), chromedp.WaitVisible("#box"))
	d.Do("asking", chromedp.SendKeys("#box", "thửa đất"+kb.Enter), chromedp.WaitVisible(".hit"))
	d.Says("mark", "thửa đất")
	d.Shot("05-lookup")
	d.Do("opening the first hit by keys", chromedp.SendKeys("#box", kb.ArrowDown), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".paper iframe"))
	d.Says("#verdict", "Tệp được lưu còn nguyên vẹn")
	d.Says("#verdict", "không có giá trị pháp lý")
	if seen := d.Viewed(); !strings.Contains(seen, "GIAY PHEP XAY DUNG") {
		t.Errorf("the viewer's text is %q", seen)
	}
	d.Shot("06-paper")
	if !b.viewed(second.ID, "record") {
		t.Error("the signed record was shown without a row in the access log")
	}
	d.Do("asking what a dossier lacks before scanning", chromedp.Navigate(b.url+"/"), chromedp.SendKeys("#number", "H42.15-261120-0093"), chromedp.Click("#whole"), chromedp.WaitVisible("#needs"))
	d.Says(".bar", "H42.15-261120-0093")
	d.Do("seeing the whole dossier", chromedp.Navigate(b.url+"/papers/"+string(second.ID)+"/dossier"), chromedp.WaitVisible(".hit"))
	d.Shot("07-dossier")
	d.Do("seeing the status", chromedp.Navigate(b.url+"/status"), chromedp.WaitVisible(".equation"))
	d.Shot("08-status")
	d.Do("seeing the renewals", chromedp.ScrollIntoView(".renewals tr:last-child"))
	d.Says(".renewals tbody", "quá hạn")
	d.Shot("08b-renewals")
	d.Do("seeing the accounts", chromedp.Navigate(b.url+"/accounts"), chromedp.SendKeys("input[name=name]", "minh"), chromedp.Submit("input[name=unit]"), chromedp.WaitVisible(".secret"))
	d.Shot("09-accounts")
	d.Do("seeing the text", chromedp.Navigate(b.url+"/papers/"+string(second.ID)+"/text"), chromedp.WaitVisible("pre"))
	d.Says("article:nth-of-type(1) .chip", "Đọc tốt")
	d.Says("article:nth-of-type(2) .chip", "Cần xem lại")
	d.Shot("10-text")
	d.Do("seeing a paper that waits", chromedp.Navigate(b.url+"/papers/"+string(fourth.ID)), chromedp.WaitVisible(".facts"))
	d.Says(".viewer", "không hiển thị được")
	d.Shot("11-rejected")
	d.Do("on a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2)), chromedp.Navigate(b.url+"/"), chromedp.WaitVisible(".row"))
	d.Shot("12-phone-reception")
	d.Do("a paper on a phone", chromedp.Navigate(b.url+"/papers/"+string(second.ID)), chromedp.WaitVisible(".facts"))
	d.Shot("13-phone-paper")
	if browsertest.Ask[bool](d, "document.documentElement.scrollWidth > innerWidth") {
		t.Error("a phone has to scroll sideways")
	}
}

// TestLookupInBrowser narrows a search down, keeps it and asks it again by clicks alone.
func TestLookupInBrowser(t *testing.T) {
	t.Parallel()
	b, c := catalogued(t)
	all := deeds()
	for i := range 40 {
		all = append(all, deed{
			fmt.Sprintf("H42.%02d-2611%02d-%04d", 15+i%4, 1+i%20, 100+i), fmt.Sprintf("H42.%02d", 15+i%4), []string{"quyet-dinh", "khai-sinh"}[i/4%2],
			fmt.Sprintf("%d/QĐ-UBND", 100+i), fmt.Sprintf("20%d-03-0%d", 18+i%7, 1+i%9), "Ủy ban nhân dân xã Gia Viễn", "Nguyễn Văn Bình",
			fmt.Sprintf("0350990%05d", i), []string{"dem-2026-11-20", "dem-2026-11-21", ""}[i%3], "Quyết định về việc hỗ trợ chi phí học tập cho học sinh thuộc hộ cận nghèo năm học 2026-2027, căn cứ Luật Tổ chức chính quyền địa phương",
		})
	}
	all = append(all, deed{"", "H42.15", "", "", "", "", "", "", "", "bản quét mờ: Quyêt đjnh hỗ trợ chl phí học tập"})
	b.catalogue(t, c, all...)
	d := openDesk(t)
	d.Do("logging in", chromedp.Navigate(b.url+"/"), chromedp.WaitVisible("input[name=secret]"), chromedp.SendKeys("input[name=account]", "lan"), chromedp.SendKeys("input[name=secret]", goodSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	d.Do("asking", chromedp.Navigate(b.url+"/lookup"), chromedp.SendKeys("#box", "hỗ trợ chi phí"+kb.Enter), chromedp.WaitVisible(".hit"))
	d.Says("#found", "41 giấy tờ")
	d.Says("#found", "gần đúng")
	d.Shot("20-lookup")
	d.Do("narrowing down to a unit", chromedp.Click(`.facet button[value="unit=H42.16"]`), chromedp.WaitVisible(".set"))
	d.Says("#found", "10 giấy tờ")
	d.Do("and to a class", chromedp.Click(`.facet button[value="class=khai-sinh"]`), chromedp.WaitVisible(`.set button[value="class="]`))
	d.Shot("21-lookup-narrowed")
	d.Do("lifting the unit", chromedp.Click(`.set button[value="unit="]`), chromedp.WaitNotPresent(`.set button[value="unit="]`))
	d.Says("#found", "20 giấy tờ")
	d.Do("keeping it", chromedp.SendKeys("#keep", "Hỗ trợ học tập"+kb.Enter), chromedp.WaitVisible(".kept"))
	d.Do("typing a number that nobody has", chromedp.Navigate(b.url+"/lookup"), chromedp.SendKeys("#box", "H42.15-261011-0009"+kb.Enter), chromedp.WaitVisible(".others.notice"))
	d.Shot("22-lookup-perhaps")
	d.Do("taking what is offered", chromedp.Click(".others.notice .pill"), chromedp.WaitVisible(".hit"))
	d.Says(".bar", "mã số hồ sơ")
	d.Says(".hit", "H42.15-261011-0001")
	d.Do("asking by a document's number", chromedp.Navigate(b.url+"/lookup"), chromedp.SendKeys("#box", "15/qd-ubnd"+kb.Enter), chromedp.WaitVisible(".others"))
	d.Says(".others", "từ trong giấy tờ")
	d.Shot("23-lookup-document")
	d.Do("asking the kept search again", chromedp.Click(".kept a"), chromedp.WaitVisible(".set"))
	d.Says("#found", "20 giấy tờ")
	d.Do("seeing the last page", chromedp.Navigate(b.url+"/lookup"), chromedp.SendKeys("#box", "hỗ trợ chi phí"+kb.Enter), chromedp.WaitVisible(".pages a"), chromedp.Click(".pages a[rel=next]"), chromedp.WaitVisible(".pages a[rel=prev]"), chromedp.Click(".pages a[rel=next]"), chromedp.WaitVisible(".divider"))
	d.Says(".divider", "Gần đúng")
	d.Shot("24-lookup-near")
	d.Do("on a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2)), chromedp.Reload(), chromedp.WaitVisible(".hit"))
	d.Shot("25-phone-lookup")
	if width := browsertest.Ask[float64](d, `document.querySelector(".results").getBoundingClientRect().width`); width < 300 {
		t.Errorf("on a phone the hits are %v points wide", width)
	}
	if browsertest.Ask[bool](d, "document.documentElement.scrollWidth > innerWidth") {
		t.Error("a phone has to scroll sideways")
	}
}

// TestLeavingIsLeaving: whoever has clicked away from a paper gets there over a slow line, though
// the paper changes meanwhile and its page would show that.
func TestLeavingIsLeaving(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	asked, heard, answer := make(chan struct{}), make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(answer) })
	site := b.site.Handler()
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/heard":
			close(heard)
		case "/status":
			close(asked)
			<-answer
		}
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(slow.Close)
	t.Cleanup(release)
	p := b.enter(t, "lan").send("giay-phep.pdf", "", string(onePage("GIAY PHEP"))).ID
	d := openDesk(t)
	d.Do("logging in", chromedp.Navigate(slow.URL+"/"), chromedp.WaitVisible("input[name=secret]"), chromedp.SendKeys("input[name=account]", "lan"), chromedp.SendKeys("input[name=secret]", goodSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	d.Do("seeing a paper", chromedp.Navigate(slow.URL+"/papers/"+string(p)), chromedp.WaitVisible(".paper"))
	// A page that is being left answers no more questions, but its scripts go on.
	const listen = `new Promise((done) => {
		const news = new EventSource("/events?paper=" + document.querySelector(".paper").dataset.paper);
		news.addEventListener("paper", () => setTimeout(() => fetch("/heard")));
		news.onopen = () => done(true);
	})`
	browsertest.Ask[bool](d, listen)
	browsertest.Ask[bool](d, `document.querySelector("a[href='/status']").click() || true`)
	<-asked
	b.move(p, "waiting", func(p *pipeline.Paper) {
		p.State, p.Reason = pipeline.Confirming, pipeline.Reason{Code: "no-number", English: "no number", Vietnamese: "Không tìm thấy mã số hồ sơ."}
	})
	<-heard
	release()
	d.Says("h1", "Tình trạng")
}
