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
		small, large := grown(4000), grown(16_000)
		time1, time4 := time.Hour, time.Hour
		for range 6 { // others are at work on the machine, so the least of several times counts
			time1, time4 = min(time1, planTime(t, m, small)), min(time4, planTime(t, m, large))
			if time4 < 8*time1 {
				break
			}
		}
		t.Logf("%s: %v, %v", name, time1, time4)
		if time4 >= 8*time1 {
			t.Errorf("%s: 4,000 entries take %v, 16,000 take %v", name, time1, time4)
		}
	}
}

// planTime is the processor time of one plan.
func planTime(t *testing.T, m *shelf.Mapping, in shelf.Tree) time.Duration {
	t.Helper()
	start := processorTime(t)
	m.Plan(in)
	return max(processorTime(t)-start, time.Millisecond)
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
		"folders of one number":   many(func(i int) string { return fmt.Sprintf("%d/%s/a.pdf", i, n1) }),
		"folders in a folder":     many(func(i int) string { return fmt.Sprintf("a%d/a.pdf", i) }),
		"folders within folders":  many(func(i int) string { return strings.Repeat("a/", i%100) + fmt.Sprint(i) + ".pdf" }),
		"rows for one dossier":    rows(func(i int) string { return fmt.Sprintf("%s||Giấy %d|A", n1, i%7) }, func(i int) string { return fmt.Sprintf("%s/Giấy %d.pdf", n1, i) }),
		"rows that name one file": rows(func(i int) string { return fmt.Sprintf("%s|1.pdf||A%d", n1, i) }, func(i int) string { return fmt.Sprintf("%s/%d.pdf", n1, i) }),
		"files of one name, rows": rows(func(i int) string { return fmt.Sprintf("H42.15-221011-%07d|scan.pdf||A", i+1) }, sameNames),
		"files of one name, bare": rows(func(int) string { return "|scan.pdf||A" }, sameNames),
		"rows by order":           rows(func(i int) string { return fmt.Sprintf("H42.15-221011-%07d|||A", i+1) }, func(i int) string { return fmt.Sprintf("scan%d.pdf", i) }),
	}
}
