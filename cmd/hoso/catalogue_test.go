package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoso/cmd/internal/web"
	"hoso/pipeline"
)

const sampleLists = "../../testdata/catalogue/"

// imported runs an import and expects its exit code; it gives what was counted.
func (s *service) imported(code int, args ...string) pipeline.Import {
	s.t.Helper()
	out, got := s.hoso(append([]string{"catalogue", "import", "--json"}, args...)...)
	if got != code {
		s.t.Fatalf("catalogue import %v: exit %d, want %d: %s", args, got, code, out)
	}
	all := objects[pipeline.Import](s.t, out)
	if len(all) != 1 {
		s.t.Fatalf("catalogue import %v printed %q", args, out)
	}
	return all[0]
}

func (s *service) listed(args ...string) web.Listed {
	s.t.Helper()
	out, code := s.hoso(append([]string{"catalogue", "show", "--json"}, args...)...)
	if code != 0 {
		s.t.Fatalf("catalogue show %v: exit %d", args, code)
	}
	return objects[web.Listed](s.t, out)[0]
}

// The lists of the demonstration, from file to file, and what they say of papers.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	s := newService(t)
	if _, code := s.hoso("catalogue", "show", "H42"); code != 4 {
		t.Errorf("a code while nothing is listed: exit %d", code)
	}
	if i := s.imported(0, "agencies", sampleLists+"co-quan.csv", "--dry-run"); i.New != 104 || !i.Dry {
		t.Errorf("dry run: %+v", i)
	}
	for _, list := range []struct {
		name, file string
		rows       int
	}{{"agencies", "co-quan.csv", 104}, {"procedures", "thu-tuc.csv", 12}} {
		if i := s.imported(0, list.name, sampleLists+list.file); i.New != list.rows || i.Rows != list.rows || len(i.Skipped) > 0 || i.Actor != "local" {
			t.Errorf("importing %s: %+v", list.file, i)
		}
		for _, format := range []string{"csv", "xlsx", "json"} {
			path := filepath.Join(t.TempDir(), list.name+"."+format)
			if _, code := s.hoso("catalogue", "export", list.name, "-o", path); code != 0 {
				t.Fatalf("exporting %s: exit %d", path, code)
			}
			if i := s.imported(0, list.name, path, "--complete"); i.Unchanged != list.rows || i.New+i.Changed+i.Retired > 0 {
				t.Errorf("importing the export as %s again: %+v", format, i)
			}
		}
	}
	s.saysOfTheLists()
	s.refusesABadList()
	s.doubtsNumbers()
	s.keepsListsThroughARebuild()
}

func (s *service) saysOfTheLists() {
	s.t.Helper()
	if l := s.listed("000.00.31.H42", "--on", "01/07/2025"); l.Unit.Standing != pipeline.NotThen || strings.Join(l.Heirs, " ") != "H42.101 H42.102" {
		s.t.Errorf("the district after its end: %+v, heirs %v", l.Unit, l.Heirs)
	}
	if l := s.listed("H42.31", "--on", "2025-06-30"); l.Unit.Standing != pipeline.Valid {
		s.t.Errorf("the district on its last day: %+v", l.Unit)
	}
	if l := s.listed("UBND XÃ VẠN LIÊU", "--on", "2026-01-15"); len(l.Matches) != 1 || l.Matches[0].Agency.Code != "H42.101" || l.Matches[0].Score >= 100 {
		s.t.Errorf("a name with a tone lost means %+v", l.Matches)
	}
	if l := s.listed("9.100001"); len(l.Procedures) != 1 || len(l.Procedures[0].Components) != 3 || l.Procedures[0].Result != "KQ.G98.000001" {
		s.t.Errorf("a procedure: %+v", l.Procedures)
	}
	out, code := s.hoso("catalogue", "show", "9.100006")
	if code != 0 || !strings.Contains(out, "Giấy chứng nhận đã cấp (bản gốc) (required)") || !strings.Contains(out, "30/06/2025") {
		s.t.Errorf("a procedure for people: %s", out)
	}
}

func (s *service) refusesABadList() {
	s.t.Helper()
	bad := filepath.Join(s.t.TempDir(), "sai.csv")
	text := "Mã đơn vị;Tên đơn vị;Hiệu lực từ\nH42.777;Xã Mới;01/07/2025\nH42-778;Xã Nữa;\nH42.779;Xã Khác;32/01/2025\n"
	if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	out, code := s.hoso("catalogue", "import", "--json", "agencies", bad)
	said := objects[struct{ Misfits pipeline.Misfits }](s.t, out)
	if code != 3 || len(said) != 1 || len(said[0].Misfits) != 2 || said[0].Misfits[1].Line != 4 || said[0].Misfits[1].Column != "Hiệu lực từ" {
		s.t.Errorf("a bad list: exit %d, %s", code, out)
	}
	if _, code := s.hoso("catalogue", "show", "H42.777"); code != 4 {
		s.t.Errorf("a row of a bad list was imported: exit %d", code)
	}
	out, code = s.hoso("catalogue", "imports", "--json")
	if log := objects[pipeline.Import](s.t, out); code != 0 || len(log) != 8 || log[7].File != "co-quan.csv" || log[7].Time.IsZero() {
		s.t.Errorf("the log of imports: exit %d, %s", code, out)
	}
}

// doubtsNumbers hands in a paper whose number is of a unit that was no more.
func (s *service) doubtsNumbers() {
	s.t.Helper()
	scan := "../../testdata/scans/quyet-dinh.jpg"
	for number, want := range map[string]string{"H42.31-250701-0001": "unit-not-valid", "H77-250701-0001": "unit-unknown", "H42.31-250630-0001": ""} {
		papers, code := s.submitted("--dossier", number, scan)
		if len(papers) != 1 || papers[0].Reason.Code != want || (code == 6) != (want != "") {
			s.t.Errorf("a paper of %s: exit %d, %+v", number, code, papers)
		}
	}
}

func (s *service) keepsListsThroughARebuild() {
	s.t.Helper()
	s.stop()
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.RemoveAll(filepath.Join(s.data, "catalog.db"+end)); err != nil {
			s.t.Fatal(err)
		}
	}
	if out, code := s.hoso("rebuild"); code != 0 {
		s.t.Fatalf("rebuild: exit %d, %s", code, out)
	}
	s.start()
	if l := s.listed("H25", "--on", "2022-10-11"); l.Unit.Standing != pipeline.Valid {
		s.t.Errorf("after a rebuild the lists say: %+v", l.Unit)
	}
	if l := s.listed("9.100005", "--on", "2026-01-01"); len(l.Procedures) != 1 || len(l.Procedures[0].Components) != 4 {
		s.t.Errorf("after a rebuild a procedure is %+v", l.Procedures)
	}
}
