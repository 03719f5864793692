package shelf_test

import (
	"slices"
	"strings"
	"testing"

	"hoso/pipeline/shelf"
)

// stacked makes a tree of files; one whose path ends in * holds several pages.
func stacked(paths ...string) shelf.Tree {
	t := tree(paths...)
	for i := range t.Entries {
		t.Entries[i].Path, t.Entries[i].Several = strings.CutSuffix(t.Entries[i].Path, "*")
	}
	return t
}

// TestStacks plans TIFFs of which somebody knows whether they are pages or documents.
func TestStacks(t *testing.T) {
	t.Parallel()
	const n = "H42.15-221011-0001"
	for _, c := range []struct {
		habit string
		yaml  string
		tree  []string
		want  []string
	}{
		{
			"pages, each a TIFF of its own", "",
			[]string{n + "/scan-001.tif", n + "/scan-004.tif"},
			[]string{"1 component: " + n + "/scan-001.tif + " + n + "/scan-004.tif missing 2"},
		},
		{
			"documents, each a TIFF of many pages", "",
			[]string{n + "/scan-001.tif*", n + "/scan-004.tif*", n + "/scan-007.tiff*"},
			[]string{"1 component: " + n + "/scan-001.tif", "1 component: " + n + "/scan-004.tif", "1 component: " + n + "/scan-007.tiff"},
		},
		{
			"documents, of which some have one page only", "",
			[]string{n + "/scan-001.tif", n + "/scan-002.tif*", n + "/scan-003.tif"},
			[]string{"1 component: " + n + "/scan-001.tif", "1 component: " + n + "/scan-002.tif", "1 component: " + n + "/scan-003.tif"},
		},
		{
			"documents beside images of pages and beside the pages of another paper", "",
			[]string{n + "/scan-1.jpg", n + "/scan-2.jpg", n + "/scan-3.tif*", n + "/Khai sinh 1.tif", n + "/Khai sinh 2.tif"},
			[]string{
				"1 component: " + n + "/Khai sinh 1.tif + " + n + "/Khai sinh 2.tif = Khai sinh",
				"1 component: " + n + "/scan-1.jpg + " + n + "/scan-2.jpg", "1 component: " + n + "/scan-3.tif",
			},
		},
		{
			"fronts and backs, each side a TIFF", "",
			[]string{n + "/Đơn mặt trước.tif*", n + "/Đơn mặt sau.tif*"},
			[]string{"1 component: " + n + "/Đơn mặt trước.tif + " + n + "/Đơn mặt sau.tif = Đơn collate reverse"},
		},
		{
			"fronts and backs, each side a folder of TIFFs of many pages", "",
			[]string{n + "/Mặt trước/scan-1.tif*", n + "/Mặt trước/scan-2.tif*", n + "/Mặt sau/scan-1.tif*", n + "/Mặt sau/scan-2.tif*"},
			[]string{
				"1 component: " + n + "/Mặt trước/scan-1.tif + " + n + "/Mặt sau/scan-1.tif collate reverse",
				"1 component: " + n + "/Mặt trước/scan-2.tif + " + n + "/Mặt sau/scan-2.tif collate reverse",
			},
		},
		{
			"a document outside of all dossiers, which tells its number itself", "",
			[]string{"scan-1.tif*", "trang-1.tif"},
			[]string{"? component: scan-1.tif", "loose-pages: trang-1.tif"},
		},
		{
			"a mapping that says that a folder is one paper", "pages: {join: folder}",
			[]string{n + "/scan-001.tif*", n + "/scan-004.tif*"},
			[]string{"1 component: " + n + "/scan-001.tif + " + n + "/scan-004.tif"},
		},
	} {
		compare(t, said(mapping(t, c.yaml).Plan(stacked(c.tree...))), c.want)
		if t.Failed() {
			t.Fatalf("the habit is: %s", c.habit)
		}
	}
}

// TestPerhapsStacks asks for a look into TIFFs that would be joined, and into no others.
func TestPerhapsStacks(t *testing.T) {
	t.Parallel()
	const n = "H42.15-221011-0001"
	files := []string{
		n + "/scan-001.tif", n + "/scan-004.TIF", n + "/Quyết định.tif", n + "/page 1.jpg", n + "/page 2.jpg", n + "/page 3.tiff",
		n + "/Đơn.pdf", "trang-1.tif", "trang-2.jpg", n + "/Báo cáo 2021.tif", n + "/Báo cáo 2022.tif",
	}
	m := mapping(t, "")
	var got []string
	for one := range m.PerhapsStacks(m.Plan(tree(files...))) {
		got = append(got, strings.Join(one, " + "))
	}
	slices.Sort(got)
	compare(t, got, []string{n + "/page 3.tiff", n + "/scan-001.tif + " + n + "/scan-004.TIF", "trang-1.tif"})
	m = mapping(t, "pages: {join: folder}")
	for one := range m.PerhapsStacks(m.Plan(tree(files...))) {
		t.Errorf("a mapping that joins folders asks for a look into %q", one)
	}
}
