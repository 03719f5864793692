package shelf_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hoso/pipeline/shelf"
)

// TestTimeGrowsWithTheTree alone: four times as many entries take no more than some four
// times as long, however unkind the tree is. A step that looks at each entry for each
// other takes sixteen times as long.
func TestTimeGrowsWithTheTree(t *testing.T) {
	m := mapping(t, "inventory: {match: [file, title, number, order]}")
	for name, grown := range unkind() {
		small, large := grown(2000), grown(8000)
		m.Plan(small) // what is paid once
		best := func(in shelf.Tree) time.Duration {
			least := time.Hour
			for range 2 {
				start := processorTime(t)
				m.Plan(in)
				least = min(least, processorTime(t)-start)
			}
			return max(least, time.Millisecond)
		}
		a, b := best(small), best(large)
		t.Logf("%s: %v, %v", name, a, b)
		if ratio := float64(b) / float64(a); ratio > 10 {
			t.Errorf("%s: 2,000 entries take %v, 8,000 take %v", name, a, b)
		}
	}
}

// unkind are trees that ask most of a planner.
func unkind() map[string]func(n int) shelf.Tree {
	many := func(path func(i int) string) func(n int) shelf.Tree {
		return func(n int) shelf.Tree {
			var t shelf.Tree
			for i := range n {
				t.Entries = append(t.Entries, shelf.Entry{Path: path(i), Size: 1})
			}
			return t
		}
	}
	rows := func(line func(i int) string, path func(i int) string) func(n int) shelf.Tree {
		return func(n int) shelf.Tree {
			all := []string{"Mã hồ sơ|Tên tệp|Tên giấy tờ|Họ tên"}
			for i := range n {
				all = append(all, line(i))
			}
			return withLists(many(path)(n), inventory("ds.xlsx", all...))
		}
	}
	sameNames := func(i int) string { return fmt.Sprintf("H42.15-221011-%07d/scan.pdf", i+1) }
	return map[string]func(n int) shelf.Tree{
		"pages of one paper": many(func(i int) string { return fmt.Sprintf("%s/scan%d.jpg", n1, i) }),
		"images with one number": many(func(i int) string {
			return fmt.Sprintf("%s/%s1.jpg", n1, strings.Repeat("0", i%200)+fmt.Sprint(i, "-"))
		}),
		"fronts and backs": many(func(i int) string {
			return fmt.Sprintf("%s/%s/%d.jpg", n1, [2]string{"mặt sau", "mặt trước"}[i%2], i)
		}),
		"folders of one number":     many(func(i int) string { return fmt.Sprintf("%d/%s/a.pdf", i, n1) }),
		"folders in a folder":       many(func(i int) string { return fmt.Sprintf("a%d/a.pdf", i) }),
		"folders within folders":    many(func(i int) string { return strings.Repeat("a/", i%100) + fmt.Sprint(i) + ".pdf" }),
		"rows for one dossier":      rows(func(i int) string { return fmt.Sprintf("%s||Giấy %d|A", n1, i%7) }, func(i int) string { return fmt.Sprintf("%s/Giấy %d.pdf", n1, i) }),
		"rows that name one file":   rows(func(i int) string { return fmt.Sprintf("%s|1.pdf||A%d", n1, i) }, func(i int) string { return fmt.Sprintf("%s/%d.pdf", n1, i) }),
		"files of one name, rows":   rows(func(i int) string { return fmt.Sprintf("H42.15-221011-%07d|scan.pdf||A", i+1) }, sameNames),
		"files of one name, bare":   rows(func(int) string { return "|scan.pdf||A" }, sameNames),
		"rows by order":             rows(func(i int) string { return fmt.Sprintf("H42.15-221011-%07d|||A", i+1) }, func(i int) string { return fmt.Sprintf("scan%d.pdf", i) }),
		"a name that is very long":  many(func(i int) string { return fmt.Sprintf("%d%s.jpg", i, strings.Repeat("H42.15-", 30)) }),
		"numbers that are garbled":  many(func(i int) string { return fmt.Sprintf("H42.15-221311-%07d/a.pdf", i) }),
		"files that are not papers": many(func(i int) string { return fmt.Sprintf("%s/%d.docx", n1, i) }),
	}
}
