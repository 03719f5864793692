package shelf_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline/shelf"
)

// balanced complains of files that are not in a plan exactly once.
func balanced(t testing.TB, tree shelf.Tree, p *shelf.Plan) {
	t.Helper()
	count := map[string]int{}
	for _, e := range tree.Entries {
		if e.What != shelf.Folder {
			count[e.Path]++
		}
	}
	take := func(files ...string) {
		if len(files) == 0 {
			t.Error("a paper without files")
		}
		for _, f := range files {
			count[f]--
		}
	}
	for _, one := range p.Papers {
		take(one.Files...)
		rows := slices.Clone(one.Rows)
		slices.SortFunc(rows, func(a, b shelf.RowAt) int { return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.Line, b.Line)) })
		if len(slices.Compact(rows)) != len(one.Rows) {
			t.Errorf("%q has a row twice: %v", one.Files, one.Rows)
		}
		if one.Kind == "" {
			t.Errorf("%q has no kind", one.Files)
		}
	}
	for _, h := range p.Held {
		take(h.Files...)
		if h.Reason.Code == "" || h.Reason.English == "" || h.Reason.Vietnamese == "" {
			t.Errorf("%q are held without a reason: %+v", h.Files, h.Reason)
		}
	}
	for _, i := range p.Ignored {
		take(i.File)
	}
	balancedRows(t, p)
	for file, n := range count {
		if n != 0 {
			t.Errorf("%q is %+d times too few in the plan", file, n)
		}
	}
}

// balancedRows complains of rows of inventories that are neither with a paper, nor with
// what is held, nor noted.
func balancedRows(t testing.TB, p *shelf.Plan) {
	t.Helper()
	total := 0
	for _, l := range p.Lists {
		total += l.Rows
	}
	seen := map[shelf.RowAt]bool{}
	for _, one := range p.Papers {
		for _, r := range one.Rows {
			seen[r] = true
		}
	}
	for _, h := range p.Held {
		for _, r := range h.Rows {
			seen[r] = true
		}
	}
	for _, n := range p.Rows {
		seen[n.Row] = true
	}
	if len(seen) != total {
		t.Errorf("of %d rows %d are in the plan", total, len(seen))
	}
}

// anyTree makes a tree of the names that people and programs give.
func anyTree(r *rand.Rand) shelf.Tree {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	folders := []string{""}
	for range r.IntN(12) {
		n := pick("000.00.15.H42-22101%d-000%d", "h42_15 22101%d 000%d Trần B", "Hộp %d%d", "KQ%.0d%.0d", "Mặt sau%.0d%.0d", "mat truoc %.0d%.0d", "H42-22131%d-000%d", "2022/%02d/%02d", ".ẩn%d%d")
		folders = append(folders, strings.Trim(folders[r.IntN(len(folders))]+"/"+fmt.Sprintf(n, r.IntN(3), r.IntN(4)), "/"))
	}
	seen := map[string]bool{}
	var t shelf.Tree
	now := time.Date(2026, 11, 28, 22, 0, 0, 0, time.UTC)
	for range r.IntN(60) {
		n := pick("scan%04d", "IMG_%d", "%d", "Giấy khai sinh %d", "CCCD mặt sau %d", "CCCD mặt trước %d", "H42.15-221011-000%d_01", "H42.15-221311-000%d", "\xff\xfe%d", "KQ %d", "~%d", "danh sach %d")
		file := strings.TrimPrefix(folders[r.IntN(len(folders))]+"/"+fmt.Sprintf(n, r.IntN(5))+pick(".jpg", ".JPG", ".pdf", ".tif", ".docx", "", ".xlsx", ".tmp"), "/")
		if !seen[file] {
			seen[file] = true
			e := shelf.Entry{Path: file, Size: int64(r.IntN(20)), Changed: now.Add(-time.Duration(r.IntN(900)) * time.Second)}
			if r.IntN(30) == 0 {
				e.What = []shelf.What{shelf.Link, shelf.Unreadable}[r.IntN(2)]
			}
			t.Entries = append(t.Entries, e)
		}
	}
	if r.IntN(2) == 0 {
		t.Now = now
	}
	t.Lists = anyLists(r, t.Entries)
	return t
}

// anyLists makes inventories of some of the files, right and wrong.
func anyLists(r *rand.Rand, entries []shelf.Entry) []shelf.Inventory {
	var all []shelf.Inventory
	for _, e := range entries {
		if !strings.HasSuffix(e.Path, ".xlsx") || r.IntN(4) == 0 {
			continue
		}
		in := shelf.Inventory{Path: e.Path, Rows: []shelf.Row{{1, []string{"DANH SÁCH"}}, {2, []string{"STT", "Mã hồ sơ", "Tên tệp", "Họ tên", "Tên giấy tờ"}}}}
		for i := range r.IntN(8) {
			other := entries[r.IntN(len(entries))].Path
			in.Rows = append(in.Rows, shelf.Row{i + 3, []string{
				fmt.Sprint(i + 1), []string{"", "H42.15-221011-0001", "H42.15-221012-0002", "x"}[r.IntN(4)],
				[]string{"", other, other[strings.LastIndexByte(other, '/')+1:]}[r.IntN(3)], []string{"A", "B"}[r.IntN(2)], []string{"", "Giấy khai sinh"}[r.IntN(2)],
			}})
		}
		all = append(all, in)
	}
	return all
}

// mappings are some that turn each switch.
var mappings = []string{
	"", "{pages: {join: folder, loose: join}, number: {twice: merge}, order: time}",
	"{pages: {join: each, loose: each, most: 3}, sides: {order: same}, kinds: {otherwise: hold}, number: {missing: hold, from: [file, folder]}}",
	"{inventory: {match: [title, number, order], several: common, unlisted: hold}, after: {do: move}, number: {from: [list]}}",
	"{pages: {endings: [pdf, jpg]}, inventory: {match: [order, file]}}",
}

// TestNothingIsLost plans many trees with many mappings: every file is in the plan once,
// in whatever order the entries come.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	var all []*shelf.Mapping
	for _, text := range mappings {
		all = append(all, mapping(t, text))
	}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		tree := anyTree(r)
		m := all[seed%uint64(len(all))]
		p := m.Plan(tree)
		balanced(t, tree, p)
		r.Shuffle(len(tree.Entries), func(i, j int) { tree.Entries[i], tree.Entries[j] = tree.Entries[j], tree.Entries[i] })
		slices.Reverse(tree.Lists)
		if again := m.Plan(tree); !reflect.DeepEqual(p, again) {
			t.Errorf("seed %d: another order of entries makes another plan:\n%q\n%q", seed, said(p), said(again))
		}
		if t.Failed() {
			t.Fatalf("seed %d: %q", seed, said(p))
		}
	}
}

// TestARenamedFolder changes what depends on its name, and nothing else.
func TestARenamedFolder(t *testing.T) {
	t.Parallel()
	m := shelf.Default()
	paths := func(name string) shelf.Tree {
		return tree(name+"/Đơn.pdf", name+"/KQ/1.jpg", name+"/KQ/2.jpg", "H42.15-221011-0002/a.pdf", "Hộp 3/H42.15-221011-0003/b 1.jpg", "Hộp 3/H42.15-221011-0003/b 2.jpg")
	}
	before, after := said(m.Plan(paths("H42.15-221011-0001"))), said(m.Plan(paths("H42.15-221011-0009 Lê C")))
	for i, s := range after {
		after[i] = strings.ReplaceAll(strings.Replace(s, "9 ", "1 ", 1), "0009 Lê C", "0001")
	}
	slices.Sort(before)
	slices.Sort(after)
	compare(t, after, before)
}

// fifty makes a tree of n papers as an office keeps them: folders of years and days,
// dossiers with a citizen's name, some images, some lists.
func fifty(n int) shelf.Tree {
	var t shelf.Tree
	for i := range n / 4 {
		dir := fmt.Sprintf("Năm %d/Tháng %d/000.00.15.H42-22%02d%02d-%04d Nguyễn Thị Hồng Nhung", 2022, i%12+1, i%12+1, i/12%28+1, i/336+1)
		for _, f := range []string{"Đơn đề nghị.pdf", "Giấy khai sinh.pdf", "KQ/Quyết định.pdf", "Căn cước công dân.pdf"} {
			t.Entries = append(t.Entries, shelf.Entry{Path: dir + "/" + f, Size: 100_000})
		}
	}
	return t
}

// one makes a folder of n files.
func one(n int, name string) shelf.Tree {
	var t shelf.Tree
	for i := range n {
		t.Entries = append(t.Entries, shelf.Entry{Path: "quét/" + fmt.Sprintf(name, i+1), Size: 100_000})
	}
	return t
}

// listed is fifty with an inventory that has a row for each file.
func listed(n int) shelf.Tree {
	t := fifty(n)
	in := shelf.Inventory{Path: "danh sách.xlsx", Rows: []shelf.Row{{1, []string{"STT", "Số hồ sơ", "Tên tệp", "Họ và tên", "Ngày ban hành"}}}}
	for i, e := range t.Entries {
		at := strings.Index(e.Path, "000.00")
		number, _, _ := strings.Cut(e.Path[at:], " ")
		in.Rows = append(in.Rows, shelf.Row{i + 2, []string{fmt.Sprint(i), number, e.Path[strings.LastIndexByte(e.Path, '/')+1:], "Nguyễn Thị Hồng Nhung", "05/03/2022"}})
	}
	t.Entries = append(t.Entries, shelf.Entry{Path: in.Path, Size: 1})
	t.Lists = []shelf.Inventory{in}
	return t
}

// BenchmarkPlan tells what an entry of a tree costs.
func BenchmarkPlan(b *testing.B) {
	for _, c := range []struct {
		name string
		tree shelf.Tree
	}{
		{"100000 papers in 25000 dossiers", fifty(100_000)},
		{"100000 papers with an inventory", listed(100_000)},
		{"50000 PDFs in one folder", one(50_000, "H42.15-221011-%07d.pdf")},
		{"50000 images in one folder", one(50_000, "scan%05d.jpg")},
		{"50000 images of papers in one folder", one(50_000, "H42.15-221011-0001_Giấy số %05d tờ.jpg")},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := shelf.Default()
			b.ReportAllocs()
			var before, after runtime.MemStats
			var p *shelf.Plan
			cpu := processorTime(b)
			for b.Loop() {
				p = nil //nolint:ineffassign // so that the last plan is not counted with this one
				runtime.GC()
				runtime.ReadMemStats(&before)
				p = m.Plan(c.tree)
				runtime.GC()
				runtime.ReadMemStats(&after)
			}
			entries := float64(len(c.tree.Entries))
			b.ReportMetric(float64((processorTime(b)-cpu).Nanoseconds())/float64(b.N)/entries, "cpu-ns/entry")
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/entries, "kept-B/entry")
			runtime.KeepAlive(p)
		})
	}
}

// processorTime is what the process has used so far: others may be at work on the machine.
func processorTime(b testing.TB) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
