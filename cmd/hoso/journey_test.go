package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/testdata/judge"
	"hoso/workers/bench"
)

// scans are the demonstration scans that hoso brings along.
const scans = "../../testdata/scans"

// truth is what stands on a demonstration scan.
type truth struct {
	Dossier pipeline.DossierNumber `json:"dossier_number"`
}

func truthOf(t *testing.T, scan string) (truth, string) {
	t.Helper()
	stem := strings.TrimSuffix(scan, filepath.Ext(scan))
	facts, err := os.ReadFile(filepath.Join(scans, stem+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var f truth
	if err := json.Unmarshal(facts, &f); err != nil {
		t.Fatal(err)
	}
	words, err := os.ReadFile(filepath.Join(scans, stem+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return f, string(words)
}

// TestJourney is the whole way of a scan, as a user goes it: handed in, read, signed,
// found, fetched, verified by strangers, and found again after the catalog is lost.
func TestJourney(t *testing.T) {
	s := newService(t)
	for _, scan := range []string{"quyet-dinh.jpg", "giay-tiep-nhan-nghieng.jpg", "don-lat-nguoc.jpg", "ho-so-3-trang.pdf"} {
		s.travels(scan)
	}
	before := s.answers()
	s.stop()
	for _, file := range []string{"catalog.db", "catalog.db-wal", "catalog.db-shm"} {
		if err := os.RemoveAll(filepath.Join(s.data, file)); err != nil {
			t.Fatal(err)
		}
	}
	if out, code := s.hoso("rebuild"); code != 0 {
		t.Fatalf("rebuild: exit %d: %s", code, out)
	}
	s.start()
	after := s.answers()
	for question, answer := range before {
		if after[question] != answer {
			t.Errorf("%s after the rebuild:\n%s\nbefore:\n%s", question, after[question], answer)
		}
	}
}

// travels hands a scan in without a number, which hoso must find by itself.
func (s *service) travels(scan string) {
	t := s.t
	t.Helper()
	want, words := truthOf(t, scan)
	papers, code := s.submitted(filepath.Join(scans, scan))
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed {
		t.Fatalf("%s: exit %d, %+v; want it filed", scan, code, papers)
	}
	p := papers[0]
	if p.Dossier.Key() != want.Dossier.Key() {
		t.Errorf("%s: found number %q, want %q", scan, p.Dossier, want.Dossier)
	}
	again, _ := s.submitted(filepath.Join(scans, scan))
	if len(again) != 1 || again[0].ID != p.ID {
		t.Errorf("%s handed in again: %+v, want the same paper %s", scan, again, p.ID)
	}
	record := filepath.Join(t.TempDir(), "bản ghi.pdf")
	if _, code := s.hoso("get", string(p.ID), "-o", record); code != 0 {
		t.Fatalf("%s: cannot be fetched", scan)
	}
	s.judged(record)
	if got := bench.Score(words, judge.PDFToText(t, record)); got.CER > 0.04 {
		t.Errorf("%s: %.1f %% of the letters are wrong in the record's text", scan, 100*got.CER)
	}
	original := filepath.Join(t.TempDir(), "gốc")
	if _, code := s.hoso("get", "--original", string(p.ID), "-o", original); code != 0 || !sameBytes(t, original, filepath.Join(scans, scan)) {
		t.Errorf("%s: the original does not come back as it was", scan)
	}
	if _, code := s.hoso("verify", string(p.ID)); code != 0 {
		t.Errorf("%s: hoso does not verify its own record", scan)
	}
}

// judged asks programs that are not ours about a record.
func (s *service) judged(record string) {
	t := s.t
	t.Helper()
	root := filepath.Join(s.data, "pki", "root.crt")
	if v := judge.VeraPDF(t, record); !v.Compliant {
		t.Errorf("veraPDF: %+v", v)
	}
	if said := judge.QPDF(t, record); said != "" {
		t.Errorf("qpdf: %s", said)
	}
	if found := judge.PDFSig(t, record); len(found) != 2 || len(judge.People(found)) != 1 || !judge.People(found)[0].Valid {
		t.Errorf("pdfsig: %+v; want a valid signature and a timestamp", found)
	}
	if found := judge.PyHanko(t, record, root); len(found) != 1 || !found[0].Intact || !found[0].Valid || !found[0].Trusted {
		t.Errorf("pyHanko: %+v", found)
	}
	if found := judge.DSS(t, record, root); len(found) != 1 || found[0].Format != "PAdES-BASELINE-LTA" || found[0].Indication != "TOTAL_PASSED" || !found[0].Stamped() {
		t.Errorf("DSS: %+v", found)
	}
}

// answers are what a searcher would see: by number in every form, by words with and
// without tone marks.
func (s *service) answers() map[string]string {
	s.t.Helper()
	all := map[string]string{}
	for _, q := range [][]string{
		{"find", "--json", "H98"},
		{"find", "--json", "H98.44-260823-0191"},
		{"find", "--json", "000.00.44.H98-260823"},
		{"find", "--json", "260823-0191"},
		{"find", "--json", "quyet dimh"},
		{"find", "--csv", "H98.44-260823-0191"},
		{"find", "--json", "--text", "quyet dinh"},
		{"find", "--json", "--text", "cấp giấy phép xây dựng"},
		{"find", "--json", "--text", "giay phep xay dung", "--ranked"},
	} {
		out, code := s.hoso(q...)
		if code != 0 {
			s.t.Errorf("%v: exit %d, want something found", q, code)
		}
		lines := slices.Sorted(strings.Lines(out))
		all[strings.Join(q, " ")] = strings.Join(lines, "")
	}
	return all
}

func sameBytes(t *testing.T, a, b string) bool {
	t.Helper()
	one, err := os.ReadFile(a) //nolint:gosec // the test's own
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(b) //nolint:gosec // likewise
	if err != nil {
		t.Fatal(err)
	}
	return string(one) == string(other)
}
