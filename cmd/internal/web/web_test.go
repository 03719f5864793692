package web_test

import (
	"strings"
	"testing"

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
