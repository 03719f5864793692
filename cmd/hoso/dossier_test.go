package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/testdata/paper"
)

// scanned writes a scan of a paper and gives it with what is on it.
func scanned(t *testing.T, layout paper.Layout, seed uint64) (string, paper.Facts) {
	t.Helper()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	p := paper.New(fonts, layout, seed)
	b, err := paper.JPEG(p.Scan(0, paper.Look{Skew: 0.3, Noise: 1, Seed: seed}), 200, 85)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("%s-%d.jpg", layout.Code(), seed))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, p.Facts
}

// dossier shows a dossier.
func (s *service) dossier(args ...string) pipeline.DossierSheet {
	s.t.Helper()
	out, code := s.hoso(append([]string{"dossier", "--json"}, args...)...)
	if code != 0 {
		s.t.Fatalf("dossier %v: exit %d: %s", args, code, out)
	}
	return objects[pipeline.DossierSheet](s.t, out)[0]
}

// states tells how a dossier stands with what is asked for.
func states(sheet pipeline.DossierSheet) string {
	var all []string
	for _, n := range sheet.Needs {
		all = append(all, string(n.State))
	}
	return strings.Join(all, ",")
}

// A citizen has a land certificate from an earlier dossier, whose scan says whose it is.
// The next dossier that asks for it is offered it and uses it, also after the catalog was
// lost.
func TestWhatAnOwnerHasIsUsedAgain(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.imported(0, "procedures", sampleLists+"thu-tuc.csv")
	scan, facts := scanned(t, paper.Land, 7)
	papers, _ := s.submitted(scan)
	if len(papers) != 1 || papers[0].State != pipeline.Filed || papers[0].Code.Value != facts.OwnerID+".KQ.G98.000005" {
		t.Fatalf("the certificate of %s: %+v", facts.OwnerID, papers)
	}
	const next = "H42.15-261128-0003"
	ask := []string{next, "--owner", facts.OwnerID, "--procedure", "9.100007"}
	sheet := s.dossier(ask...)
	if len(sheet.Offers) != 1 || sheet.Offers[0].Paper.ID != papers[0].ID || !sheet.Offers[0].Missing {
		t.Fatalf("offered: %+v", sheet.Offers)
	}
	if got := states(sheet); got != "missing,missing,missing" {
		t.Errorf("before: %s", got)
	}
	out, code := s.hoso("dossier", "reuse", next, string(papers[0].ID), "--owner", facts.OwnerID, "--procedure", "9.100007", "--json")
	if code != 0 {
		t.Fatalf("reuse: exit %d: %s", code, out)
	}
	one := objects[pipeline.Reuse](t, out)[0]
	if one.Replaces != papers[0].Code.Value || one.Source != pipeline.OwnRepository {
		t.Errorf("the reuse says %+v", one)
	}
	s.usesTheCertificate(next)
	s.stop()
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.RemoveAll(filepath.Join(s.data, "catalog.db"+end)); err != nil {
			t.Fatal(err)
		}
	}
	if out, code := s.hoso("rebuild"); code != 0 || !strings.Contains(out, "1 used again") {
		t.Fatalf("rebuild: exit %d, %s", code, out)
	}
	s.start()
	s.usesTheCertificate(next)
	if out, code := s.hoso("dossier", "withdraw", one.ID); code != 0 || !strings.Contains(out, "withdrawn") {
		t.Errorf("withdraw: exit %d: %s", code, out)
	}
	if got := states(s.dossier(ask...)); got != "missing,missing,missing" {
		t.Errorf("withdrawn: %s", got)
	}
	if _, code := s.hoso("dossier", "reuse", next, string(papers[0].ID), "--owner", "036099000124"); code != 3 {
		t.Errorf("somebody else's certificate: exit %d", code)
	}
}

func (s *service) usesTheCertificate(number string) {
	s.t.Helper()
	sheet := s.dossier(number) // the reuse remembers the procedure
	if got := states(sheet); got != "missing,missing,met" || len(sheet.Reuses) != 1 || len(sheet.Offers) != 0 {
		s.t.Errorf("used again: %s, %d reuses, offers %+v", got, len(sheet.Reuses), sheet.Offers)
	}
	if out, code := s.hoso("status"); code != 0 || !strings.Contains(out, "used again: 1 papers in 1 dossiers") {
		s.t.Errorf("status: exit %d: %s", code, out)
	}
}
