package main_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
)

// TestSignedOnArrivalIsWrapped hands in a document that was born digital and signed
// elsewhere where wrappers are wanted: the record shows and carries it, and the document
// itself stays what it is.
func TestSignedOnArrivalIsWrapped(t *testing.T) {
	t.Parallel()
	a := signtest.Serve(t, time.Now().Truncate(time.Second))
	rules := saved(t, "quy định.yaml", []byte("- signatures: {wrap: true}"))
	s := newService(t, "HOSO_TRUST="+a.RootFile(t), "HOSO_REVOCATION=later", "HOSO_LEVEL=B-LTA", "HOSO_ACCESS_COPY=yes", "HOSO_POLICY="+rules)
	whole := saved(t, "Giấy phép 12.pdf", signedAbroad(t, a, letter(t).typeset(t)))
	papers, code := s.submitted("--dossier", "H42.15-221011-0001", whole)
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed || papers[0].Wraps != papers[0].Original {
		t.Fatalf("exit %d, %+v", code, papers)
	}
	p := papers[0]
	record, original := filepath.Join(t.TempDir(), "record.pdf"), filepath.Join(t.TempDir(), "original.pdf")
	for path, args := range map[string][]string{record: nil, original: {"--original"}} {
		if out, code := s.hoso(append([]string{"get", string(p.ID), "-o", path}, args...)...); code != 0 {
			t.Fatalf("get %v: exit %d: %s", args, code, out)
		}
	}
	if !sameBytes(t, original, whole) {
		t.Error("the original was changed")
	}
	wrapperIsSound(t, record, whole, a)
	s.foundByWords(p, whole)
	for what, inner := range map[string]string{
		string(p.ID): "The signature of Nguyễn Văn Thử is valid",
		record:       "What Nguyễn Văn Thử signed has not changed", // whoever asks here does not trust the authority
	} {
		if out, code := s.hoso("verify", what); code != 0 || !strings.Contains(out, "the signed file that it wraps") || !strings.Contains(out, inner) {
			t.Errorf("verify %s: exit %d: %s", what, code, out)
		}
	}
	if sheet := s.page("/papers/" + string(p.ID) + "/verdict"); !strings.Contains(sheet, "Chữ ký trong tệp gốc đính kèm") || !strings.Contains(sheet, "Chữ ký số của Nguyễn Văn Thử hợp lệ") {
		t.Errorf("the sheet does not tell of the signatures in the file in it:\n%s", sheet)
	}
	if page := s.page("/papers/" + string(p.ID)); !strings.Contains(page, "tải tệp gốc đã ký") || !strings.Contains(page, "hợp lệ") {
		t.Error("the page does not tell of the file in it")
	}
	if out, _ := s.hoso("status", string(p.ID)); !strings.Contains(out, "carries the signed original, SHA-256 "+p.Original.String()) {
		t.Errorf("status says\n%s", out)
	}
	s.losesCatalog()
	if back := s.is(p.ID, pipeline.Filed, 1); back.Wraps != p.Original || back.Record != p.Record || back.Arrival.Verdict != "valid" {
		t.Errorf("after the loss: %+v", back)
	}
}

// wrapperIsSound asks strangers about a wrapper and what they take out of it.
func wrapperIsSound(t *testing.T, record, whole string, a *signtest.Authority) {
	t.Helper()
	for _, level := range []string{"3u", "3b"} {
		if v := judge.PDFA(t, level, record); !v.Compliant {
			t.Errorf("veraPDF %s: %+v", level, v)
		}
	}
	if said := judge.QPDF(t, record); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	words := strings.Fields(judge.PDFToText(t, whole))
	text := judge.PDFToText(t, record)
	missing := 0
	for _, w := range words {
		if !strings.Contains(text, w) {
			missing++
		}
	}
	if len(words) < 50 || missing > 0 {
		t.Errorf("%d of %d words of the document do not stand in the record", missing, len(words))
	}
	list, err := exec.CommandContext(t.Context(), "pdfdetach", "-list", record).Output()
	if err != nil || !bytes.Contains(list, []byte("Giấy phép 12.pdf")) {
		t.Errorf("pdfdetach lists %s, %v", list, err)
	}
	inner := filepath.Join(t.TempDir(), "inner.pdf")
	made(t, "pdfdetach", "-save", "1", "-o", inner, record)
	if !sameBytes(t, inner, whole) {
		t.Error("what is taken out is not what was handed in")
	}
	if found := judge.PDFSig(t, record); len(found) == 0 || !found[0].Valid {
		t.Errorf("pdfsig of the record: %+v", found)
	}
	if !judge.DSSBelieves(t, inner, a.RootFile(t)) || !judge.HankoBelieves(t, inner, a.RootFile(t)) {
		t.Error("strangers do not believe the signature of what is taken out")
	}
}
