package catalogtest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

// Agencies makes entries of lines "code, name, from, to, parent, successors", each with
// its line.
func Agencies(lines ...string) []pipeline.Listed[pipeline.Agency] {
	var all []pipeline.Listed[pipeline.Agency]
	for i, line := range lines {
		parts := append(strings.Split(line, ", "), "", "", "", "", "")
		all = append(all, pipeline.Listed[pipeline.Agency]{
			Entry: pipeline.Agency{
				Code: parts[0], Name: parts[1], Validity: pipeline.Validity{From: pipeline.Day(parts[2]), To: pipeline.Day(parts[3])},
				Parent: parts[4], Successors: strings.Fields(parts[5]),
			},
			Spot: pipeline.Spot{Line: i + 2},
		})
	}
	return all
}

// byAdmin is how an administrator imports a file.
func byAdmin() pipeline.Importing {
	return pipeline.Importing{Actor: "quantri", File: "cơ quan.csv", Digest: pipeline.Sum([]byte("a"))}
}

// imports expects an import to count new, changed, unchanged and retired entries.
func imports(t testing.TB, c *catalog.Catalog, how pipeline.Importing, want string, lines ...string) {
	t.Helper()
	i, err := c.ImportAgencies(t.Context(), how, Agencies(lines...))
	if err != nil {
		t.Fatalf("importing %q: %v", lines, err)
	}
	if got := fmt.Sprint(i.New, i.Changed, i.Unchanged, i.Retired); got != want {
		t.Errorf("importing %q: new, changed, unchanged, retired: %s, want %s", lines, got, want)
	}
}

// standings expects what the list says of codes on days: "code day standing name".
func standings(t testing.TB, c *catalog.Catalog, want ...string) {
	t.Helper()
	for _, line := range want {
		parts := strings.SplitN(line, " ", 4)
		u, err := c.Unit(t.Context(), parts[0], pipeline.Day(parts[1]))
		must(t, err)
		if got := strings.TrimSpace(fmt.Sprintf("%s %s %s %s", parts[0], string(u.Day), u.Standing, u.Agency.Name)); got != line {
			t.Errorf("the list says %q, want %q", got, line)
		}
	}
}

func testUnits(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	standings(t, c, "H42.15 2025-07-01 unlisted", "nonsense 2025-07-01 unlisted")
	imports(t, c, byAdmin(), "5 0 0 0",
		"H42, Tỉnh Ninh Bình", "H25, Tỉnh Hà Nam, , 2025-06-30, , H42", "H42.15, Xã Cũ, , 2025-06-30, H42", "H42.15, Phường Mới, 2025-07-01, , H42",
		"H42.31, Huyện Gia, 2004-01-01, 2025-06-30, H42, H42.15")
	standings(t, c,
		"H42.15 2025-06-30 valid Xã Cũ", "H42.15 2025-07-01 valid Phường Mới", "000.00.15.H42 2025-07-01 valid Phường Mới",
		"h42.15 2020-01-01 valid Xã Cũ", "H25 2022-10-11 valid Tỉnh Hà Nam", "H25 2025-07-01 not-valid Tỉnh Hà Nam",
		"H42.31 2003-12-31 not-valid Huyện Gia", "H42.31 2025-07-01 not-valid Huyện Gia", "H40 2020-01-01 unknown", "' 2020-01-01 unknown")
	r, err := c.Register(t.Context())
	must(t, err)
	if got := strings.Join(r.Under("H42"), " "); got != "H25 H42 H42.15 H42.31" {
		t.Errorf("under H42: %s", got)
	}
	imports(t, c, byAdmin(), "1 0 0 0", "H42.16, Xã Vạn Liễu, 2025-07-01, , H42")
	if r, err = c.Register(t.Context()); err != nil || len(r.Named("UBND XÃ VẠN LIỄU", "2026-01-01")) != 1 {
		t.Errorf("a name imported just now is not found: %v", err)
	}
	all, err := c.Agencies(t.Context(), "")
	must(t, err)
	var codes []string
	for _, a := range all {
		codes = append(codes, a.Code+"/"+string(a.From))
	}
	if got, want := strings.Join(codes, " "), "H25/ H42/ H42.15/ H42.15/2025-07-01 H42.16/2025-07-01 H42.31/2004-01-01"; got != want {
		t.Errorf("all agencies: %s, want %s", got, want)
	}
}

func testImports(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	dry := byAdmin()
	dry.Dry = true
	lines := []string{"H42, Tỉnh Ninh Bình", "H42.15, Xã Kim Ngạn", "H42.16, Xã Vạn Liễu"}
	imports(t, c, dry, "3 0 0 0", lines...)
	standings(t, c, "H42 2025-07-01 unlisted")
	imports(t, c, byAdmin(), "3 0 0 0", lines...)
	imports(t, c, byAdmin(), "0 0 3 0", lines...)
	imports(t, c, byAdmin(), "0 1 1 0", "H42.15, Xã Kim Ngạn Mới", "H42.16, Xã Vạn Liễu")
	// A new time of a code ends the one before.
	imports(t, c, byAdmin(), "1 0 0 1", "H42.15, Phường Kim Ngạn, 2025-07-01")
	imports(t, c, byAdmin(), "0 0 1 0", "H42.15, Phường Kim Ngạn, 2025-07-01")
	standings(t, c, "H42.15 2025-06-30 valid Xã Kim Ngạn Mới", "H42.15 2025-07-01 valid Phường Kim Ngạn")
	// What the complete list does not have is closed and still there.
	whole := byAdmin()
	whole.Complete = true
	imports(t, c, whole, "0 0 2 1", "H42, Tỉnh Ninh Bình", "H42.15, Phường Kim Ngạn, 2025-07-01")
	imports(t, c, whole, "0 0 2 0", "H42, Tỉnh Ninh Bình", "H42.15, Phường Kim Ngạn, 2025-07-01")
	standings(t, c, "H42.16 2020-01-01 valid Xã Vạn Liễu", "H42.16 2125-01-01 not-valid Xã Vạn Liễu", "H42.15 2025-06-30 valid Xã Kim Ngạn Mới")

	log, err := c.Imports(t.Context(), 0)
	must(t, err)
	if len(log) != 7 || log[0].ID != 7 || log[6].ID != 1 || log[6].Actor != "quantri" || log[6].File != "cơ quan.csv" || log[6].New != 3 ||
		log[6].Time.IsZero() || log[6].Digest != byAdmin().Digest || log[6].List != pipeline.Agencies || !log[0].Complete {
		t.Errorf("the log has %d imports: %+v", len(log), log)
	}
}

// Several who import the same file at once: one of them makes the entries, and the log
// has all.
func testImportsTogether(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	var all sync.WaitGroup
	counts := make(chan pipeline.Import, 6)
	for range cap(counts) {
		all.Go(func() {
			i, err := c.ImportAgencies(t.Context(), byAdmin(), Agencies("H42, Tỉnh Ninh Bình", "H42.15, Xã Kim Ngạn"))
			if err != nil {
				t.Errorf("importing: %v", err)
			}
			counts <- i
		})
	}
	all.Wait()
	close(counts)
	made, numbers := 0, map[int64]bool{}
	for i := range counts {
		made += i.New
		numbers[i.ID] = true
	}
	log, err := c.Imports(t.Context(), 0)
	must(t, err)
	if made != 2 || len(numbers) != 6 || len(log) != 6 {
		t.Errorf("%d entries were made by %d imports, %d are in the log", made, len(numbers), len(log))
	}
}

func testBadImports(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	imports(t, c, byAdmin(), "2 0 0 0", "H42, Tỉnh Ninh Bình", "H42.15, Xã Kim Ngạn, 2020-01-01, 2025-06-30")
	for name, bad := range map[string]struct {
		lines []string
		want  string
	}{
		"unknown parent":   {[]string{"H42.16, Xã A", "H42.17, Xã B, , , H43"}, "3 Mã đơn vị cấp trên H43"},
		"unknown heir":     {[]string{"H42.16, Xã A, , 2025-06-30, H42, H42.15 H42.99"}, "2 Đơn vị kế thừa H42.99"},
		"overlaps a known": {[]string{"H42.16, Xã A", "H42.15, Phường Kim Ngạn, 2025-06-30"}, "3  trùng thời gian"},
	} {
		_, err := c.ImportAgencies(t.Context(), byAdmin(), Agencies(bad.lines...))
		misfits, ok := errors.AsType[pipeline.Misfits](err)
		if !ok || len(misfits) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m := misfits[0]
		parts := strings.Split(bad.want, " ")
		if got := fmt.Sprintf("%d %s %s", m.Line, m.Column, m.Vietnamese); !strings.HasPrefix(got, parts[0]+" "+m.Column) ||
			!strings.Contains(got, parts[len(parts)-1]) || m.File != "cơ quan.csv" {
			t.Errorf("%s: %+v, want %s", name, m, bad.want)
		}
	}
	standings(t, c, "H42.16 2025-07-01 unknown", "H42.15 2025-07-01 not-valid Xã Kim Ngạn")
	if log, err := c.Imports(t.Context(), 0); err != nil || len(log) != 1 {
		t.Errorf("imports that came to nothing are logged: %d, %v", len(log), err)
	}
}

func procedures(all ...pipeline.Procedure) (out []pipeline.Listed[pipeline.Procedure]) {
	for i, p := range all {
		out = append(out, pipeline.Listed[pipeline.Procedure]{Entry: p, Spot: pipeline.Spot{Line: i + 2}})
	}
	return out
}

// named expects so many procedures of 2026 to have words in their names.
func named(t testing.TB, c *catalog.Catalog, want map[string]int) {
	t.Helper()
	for words, n := range want {
		if all, err := c.ProceduresNamed(t.Context(), words, "2026-01-01"); err != nil || len(all) != n {
			t.Errorf("procedures named %q: %v, %v", words, all, err)
		}
	}
}

func testProcedures(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	old := pipeline.Procedure{
		Code: "1.005129", Name: "Đăng ký nhà", Owner: "H42.08", Validity: pipeline.Validity{To: "2025-06-30"}, Successor: "1.005130",
		Components: []pipeline.ComponentSpec{{Name: "Đơn", Class: "ĐƠN ĐĂNG KÝ", Required: true}, {Name: "Giấy khai sinh", When: "trẻ em"}},
	}
	young := pipeline.Procedure{Code: "1.005130", Name: "Đăng ký", Validity: pipeline.Validity{From: "2025-07-01"}}
	local := pipeline.Procedure{Code: "2.000815.000.00.00.H42", Name: "Chứng thực"}
	for range 2 {
		if i, err := c.ImportProcedures(t.Context(), byAdmin(), procedures(old, young, local)); err != nil || i.New+i.Unchanged != 3 || i.List != pipeline.Procedures {
			t.Fatalf("importing procedures: %+v, %v", i, err)
		}
	}
	for code, want := range map[string]string{
		"1.005129": "[1.005129]", "1.005129.000.00.00.H42": "[1.005129]", "2.000815": "[2.000815.000.00.00.H42]",
		"2.000815.000.00.00.H40": "[]", "": "[1.005129 1.005130 2.000815.000.00.00.H42]", "9.999999": "[]",
	} {
		found, err := c.Procedures(t.Context(), code)
		must(t, err)
		codes := []string{}
		for _, p := range found {
			codes = append(codes, p.Code)
		}
		if got := fmt.Sprint(codes); got != want {
			t.Errorf("procedures of %q: %s, want %s", code, got, want)
		}
	}
	found, err := c.Procedures(t.Context(), "1.005129")
	must(t, err)
	same(t, []pipeline.Procedure{old}, found)
	named(t, c, map[string]int{"dang ky": 1, "ĐĂNG KÝ NHÀ": 0, "chung thuc": 1, "": 0, "%": 0, "ky dang": 1})
	standings(t, c, "H42 2025-01-01 unlisted")
	imports(t, c, byAdmin(), "1 0 0 0", "H42, Tỉnh Ninh Bình")
	_, err = c.ImportProcedures(t.Context(), byAdmin(), procedures(old))
	if misfits, ok := errors.AsType[pipeline.Misfits](err); !ok || misfits[0].Column != "Mã cơ quan thực hiện" {
		t.Errorf("a procedure of an unknown agency: %v", err)
	}
}
