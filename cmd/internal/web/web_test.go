package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

func TestReceiveLookUpOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(t, "lan", gate.Clerk, "")
	lan := b.enter(t, "lan")

	receipt := lan.send("Đơn đề nghị.pdf", " h42.15–221011-0001 ", "%PDF-1.7 x")
	if receipt.Again || receipt.Digest != pipeline.Sum([]byte("%PDF-1.7 x")) || receipt.Dossier.String() != "H42.15-221011-0001" || receipt.FileName != "Đơn đề nghị.pdf" {
		t.Fatalf("receipt = %+v", receipt)
	}
	if again := lan.send("khác.pdf", "000.00.15.H42-221011-0001", "%PDF-1.7 x"); !again.Again || again.ID != receipt.ID {
		t.Fatalf("sending again = %+v, want the paper %s again", again, receipt.ID)
	}
	home := lan.get("/")
	for _, want := range []string{"Đơn đề nghị.pdf", "Đã nhận", "H42.15-221011-0001", string(receipt.ID)} {
		if !strings.Contains(home.body, want) {
			t.Errorf("reception page lacks %q", want)
		}
	}

	asked := lan.post("/lookup", map[string]string{"box": "000.00.15.H42-22"})
	where := asked.header.Get("Location")
	if asked.code != 303 || !strings.HasPrefix(where, "/lookup/") || strings.Contains(where, "H42") {
		t.Fatalf("asking = %d to %q", asked.code, where)
	}
	if found := lan.get(where); !strings.Contains(found.body, string(receipt.ID)) {
		t.Error("lookup by the beginning of the number in its old form did not find the paper")
	}
	paper := lan.get("/papers/" + string(receipt.ID))
	for _, want := range []string{"Tiếp nhận, lưu bản gốc", receipt.Digest.String(), "/preview"} {
		if !strings.Contains(paper.body, want) {
			t.Errorf("paper page lacks %q", want)
		}
	}
	got := lan.get("/papers/" + string(receipt.ID) + "/download/original")
	if got.body != "%PDF-1.7 x" || !strings.Contains(got.header.Get("Content-Disposition"), `attachment; filename="Don de nghi.pdf"; filename*=UTF-8''%C4%90%C6%A1n`) {
		t.Errorf("original = %q, %q", got.body, got.header.Get("Content-Disposition"))
	}
}

// TestHomeIsOnesOwn asks for the first page of several people.
func TestHomeIsOnesOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, role := range map[string]gate.Role{"lan": gate.Clerk, "minh": gate.Clerk, "doc": gate.Reader} {
		b.account(t, name, role, "")
	}
	lan, minh := b.enter(t, "lan"), b.enter(t, "minh")
	lan.send("của Lan.pdf", "H42.15-221011-0001", "%PDF-1.7 x")
	minh.send("của Minh.pdf", "H42.15-221011-0001", "%PDF-1.7 y")
	if body := lan.get("/").body; !strings.Contains(body, "của Lan.pdf") || strings.Contains(body, "của Minh.pdf") {
		t.Error("a desk does not show the papers of its own clerk, and those alone")
	}
	if got := b.enter(t, "doc").get("/"); got.header.Get("Location") != "/lookup" {
		t.Errorf("who may not hand in is led to %q, want the lookup", got.header.Get("Location"))
	}
}

// TestDays asks for papers of days in the forms that people use.
func TestDays(t *testing.T) {
	t.Parallel()
	b, lan := clerk(t)
	y, m, d := b.now.In(time.FixedZone("+07", 7*60*60)).Date()
	lan.send("a.pdf", "H42.15-221011-0001", "%PDF-1.7 x")
	for form, found := range map[string]bool{
		fmt.Sprintf("%d/%d/%d", d, m, y): true, fmt.Sprintf("%02d-%02d-%02d", d, m, y%100): true,
		fmt.Sprintf("%02d%02d%d", d, m, y): true, fmt.Sprintf(" %d.%d.%d ", d, m, y): true,
		fmt.Sprintf("%d-%02d-%02d", y, m, d): true, "1/1/2026": false,
	} {
		where := lan.post("/lookup", map[string]string{"from": form, "to": form}).header.Get("Location")
		if got := strings.Contains(lan.get(where).body, "a.pdf"); got != found {
			t.Errorf("papers of %q found = %v, want %v", form, got, found)
		}
	}
	if got := lan.post("/lookup", map[string]string{"from": "31/2/2026"}); got.code != 422 || !strings.Contains(got.body, "ngày/tháng/năm") {
		t.Errorf("a day that is none = %d", got.code)
	}
}
