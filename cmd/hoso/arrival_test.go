package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
	"hoso/testdata/judge"
)

// signedAbroad is a PDF that somebody else has signed, with a timestamp.
func signedAbroad(t *testing.T, a *signtest.Authority, file []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	q := sign.Request{Identity: a.Identity(t, signtest.Key(t), nil), Timestamper: a.Stamper(), Time: a.Clock()}
	if _, err := sign.Sign(t.Context(), bytes.NewReader(file), int64(len(file)), &out, q); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// revised is a file with one object of it written anew behind its end.
func revised(file []byte, number int, object string) []byte {
	var before, size int
	_, _ = fmt.Sscan(string(file[bytes.LastIndex(file, []byte("startxref"))+9:]), &before)
	_, _ = fmt.Sscan(string(file[bytes.LastIndex(file, []byte("/Size "))+6:]), &size)
	at := len(file)
	body := fmt.Sprintf("%d 0 obj\n%s\nendobj\n", number, object)
	return append(slices.Clip(file), fmt.Sprintf("%sxref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		body, number, at, size, before, at+len(body))...)
}

// TestSignedOnArrival hands in documents that were born digital and signed elsewhere: they
// stay as they are, are found by their words, and what their signatures were worth is
// kept, also after the catalog is lost.
func TestSignedOnArrival(t *testing.T) {
	t.Parallel()
	a := signtest.Serve(t, time.Now().Truncate(time.Second))
	s := newService(t, "HOSO_TRUST="+a.RootFile(t), "HOSO_REVOCATION=later", "HOSO_ACCESS_COPY=yes")
	plain := letter(t).typeset(t)
	whole := saved(t, "giay phep.pdf", signedAbroad(t, a, plain))
	papers, code := s.submitted("--dossier", "H42.15-221011-0001", whole)
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed {
		t.Fatalf("exit %d, %+v", code, papers)
	}
	p := papers[0]
	if p.Arrival.Verdict != "valid" || p.Arrival.Signatures != 1 || p.Arrival.Level != "B-T" || p.Arrival.Unknown {
		t.Errorf("at reception: %+v", p.Arrival)
	}
	s.untouched(p, whole)
	s.foundByWords(p, whole)
	if said := s.page("/papers/" + string(p.ID)); !strings.Contains(said, "hợp lệ") || !strings.Contains(said, "Chữ ký có sẵn khi nhận") {
		t.Error("the page does not tell what the signature was worth")
	}
	var note pipeline.ArrivalNote
	var report sign.Report
	err := json.Unmarshal([]byte(s.page("/api/v1/papers/"+string(p.ID)+"/arrival")), &note)
	if err == nil {
		err = json.Unmarshal(note.Report, &report)
	}
	if err != nil || len(report.Signatures) != 1 || report.Signatures[0].Signer != "Nguyễn Văn Thử" {
		t.Errorf("noted %+v: %v", report, err)
	}
	if out, _ := s.hoso("status", string(p.ID)); !strings.Contains(out, "came with 1 signature(s), PAdES B-T: valid") || !strings.Contains(out, "signatures judged") {
		t.Errorf("status says\n%s", out)
	}
	s.asksAboutChanged(a, plain)
	s.losesCatalog()
	if again := s.is(p.ID, pipeline.Filed, 1); again.Arrival.Verdict != "valid" || !again.Arrival.Judged.Equal(p.Arrival.Judged) {
		t.Errorf("after the loss: %+v, want %+v", again.Arrival, p.Arrival)
	}
}

// untouched holds what is delivered against the file that was handed in, and asks strangers
// about its signature.
func (s *service) untouched(p pipeline.Paper, file string) {
	t := s.t
	t.Helper()
	for _, what := range [][]string{nil, {"--original"}} {
		path := filepath.Join(t.TempDir(), "out.pdf")
		args := append([]string{"get", string(p.ID), "-o", path}, what...)
		if out, code := s.hoso(args...); code != 0 || !sameBytes(t, path, file) {
			t.Errorf("get %v: exit %d: %s; want the file as it was handed in", what, code, out)
		}
		if found := judge.PDFSig(t, path); len(found) != 1 || !found[0].Valid {
			t.Errorf("pdfsig of what is delivered: %+v", found)
		}
	}
	if out, code := s.hoso("verify", string(p.ID)); code != 0 {
		t.Errorf("verify: exit %d: %s", code, out)
	}
}

// foundByWords looks for a paper by words that stand in it, and at its access copy.
func (s *service) foundByWords(p pipeline.Paper, file string) {
	t := s.t
	t.Helper()
	words := strings.Fields(judge.PDFToText(t, file))
	query := strings.Join(words[len(words)/2:len(words)/2+4], " ")
	if out, code := s.hoso("find", "--json", "--text", query); code != 0 || !strings.Contains(out, string(p.ID)) {
		t.Errorf("by %q it is not found: exit %d, %s", query, code, out)
	}
	light := filepath.Join(t.TempDir(), "light.pdf")
	s.getsLight(string(p.ID), light)
	if !bytes.Contains(loaded(t, light), []byte("urn:sha256:"+p.Record.String())) {
		t.Error("the access copy does not name the record")
	}
	if got, want := judge.PDFToText(t, light), words[len(words)/2]; !strings.Contains(got, want) {
		t.Errorf("the access copy lacks %q", want)
	}
}

// asksAboutChanged hands in a document that was changed after it was signed, and takes it
// all the same.
func (s *service) asksAboutChanged(a *signtest.Authority, plain []byte) {
	t := s.t
	t.Helper()
	file := revised(signedAbroad(t, a, plain), 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>")
	papers, code := s.submitted("--dossier", "H42.15-221011-0002", saved(t, "sua.pdf", file))
	if code != 6 || len(papers) != 1 || papers[0].Reason.Code != pipeline.ReasonSignatures || papers[0].Arrival.Verdict != "changed" {
		t.Fatalf("exit %d, %+v; want it asked about", code, papers)
	}
	p := papers[0]
	if page := s.page("/papers/" + string(p.ID)); !strings.Contains(page, `name="accept"`) || !strings.Contains(page, "SỬA ĐỔI") {
		t.Error("the page does not ask")
	}
	if got := s.post("/api/v1/papers/"+string(p.ID)+"/fields", map[string]any{"gen": p.Gen, "accept_signatures": true}); got != http.StatusOK {
		t.Fatalf("accepting: %d", got)
	}
	if p = s.is(p.ID, pipeline.Filed, 1); !p.Accepted || p.Record != pipeline.Sum(file) {
		t.Errorf("accepted: %+v", p)
	}
}

// losesCatalog has the service start with a catalog made from the bucket.
func (s *service) losesCatalog() {
	s.t.Helper()
	s.stop()
	for _, file := range []string{"catalog.db", "catalog.db-wal", "catalog.db-shm"} {
		if err := os.RemoveAll(filepath.Join(s.data, file)); err != nil {
			s.t.Fatal(err)
		}
	}
	if out, code := s.hoso("rebuild"); code != 0 {
		s.t.Fatalf("rebuild: exit %d: %s", code, out)
	}
	s.start()
}

// post sends JSON as the owner of the data folder, and gives the status of the answer.
func (s *service) post(path string, body any) int {
	t := s.t
	t.Helper()
	client, done := s.owner()
	defer done()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://hoso"+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if said, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode >= http.StatusBadRequest {
		t.Logf("%s: %s, %v", path, said, err)
	}
	return answer.StatusCode
}
