package shelf_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
)

// tree makes a tree of files of one byte; a path that ends in / is a folder.
func tree(paths ...string) shelf.Tree {
	var t shelf.Tree
	for _, p := range paths {
		e := shelf.Entry{Path: p, Size: 1}
		if dir, ok := strings.CutSuffix(p, "/"); ok {
			e = shelf.Entry{Path: dir, What: shelf.Folder}
		}
		t.Entries = append(t.Entries, e)
	}
	return t
}

func mapping(t testing.TB, text string) *shelf.Mapping {
	t.Helper()
	m, err := shelf.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// said is a plan as a person would tell it, a line for each thing.
func said(p *shelf.Plan) []string {
	var all []string
	for _, one := range p.Papers {
		s := fmt.Sprintf("%s %s: %s", short(one.Number), one.Kind, strings.Join(one.Files, " + "))
		if one.Called != "" {
			s += " = " + one.Called
		}
		if one.Code != "" {
			s += " #" + one.Code
		}
		if one.Collate != "" {
			s += " collate " + string(one.Collate)
		}
		if one.Missing > 0 {
			s += fmt.Sprintf(" missing %d", one.Missing)
		}
		all = append(all, s)
	}
	for _, h := range p.Held {
		all = append(all, h.Reason.Code+": "+strings.Join(h.Files, " + "))
	}
	for _, i := range p.Ignored {
		all = append(all, string(i.Why)+": "+i.File)
	}
	for _, e := range p.Empty {
		all = append(all, "empty: "+e)
	}
	for _, r := range p.Rows {
		all = append(all, fmt.Sprintf("row %d: %s", r.Row.Line, r.Reason.Code))
	}
	return all
}

// short names a dossier of the tests by its counter.
func short(n pipeline.DossierNumber) string {
	if n.IsZero() {
		return "?"
	}
	return strings.TrimLeft(n.Key()[strings.LastIndexByte(n.Key(), '-'):], "-0")
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("the plan says\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// TestHabits plans the folders that offices keep.
func TestHabits(t *testing.T) {
	t.Parallel()
	const n1, n2 = "000.00.15.H42-221011-0001", "000.00.15.H42-221011-0002"
	for _, c := range []struct {
		habit string
		yaml  string
		tree  []string
		want  []string
	}{
		{
			"a folder for each dossier, with the citizen's name behind the number", "",
			[]string{n1 + " Nguyễn Văn A/Đơn đề nghị.pdf", n1 + " Nguyễn Văn A/CCCD.pdf", n2 + " Trần Thị Bích/Tờ khai.pdf"},
			[]string{"1 component: " + n1 + " Nguyễn Văn A/CCCD.pdf = CCCD", "1 component: " + n1 + " Nguyễn Văn A/Đơn đề nghị.pdf = Đơn đề nghị", "2 component: " + n2 + " Trần Thị Bích/Tờ khai.pdf = Tờ khai"},
		},
		{
			"folders of year, month and day above it", "",
			[]string{"2022/Tháng 10/11/" + n1 + "/scan.pdf", "2022/Tháng 9/30/H42.15-220930-0007/scan.pdf"},
			[]string{"7 component: 2022/Tháng 9/30/H42.15-220930-0007/scan.pdf", "1 component: 2022/Tháng 10/11/" + n1 + "/scan.pdf"},
		},
		{
			"one PDF for each dossier, named by its number", "",
			[]string{"2022/" + n1 + ".pdf", "2022/" + n2 + ".PDF"},
			[]string{"1 component: 2022/" + n1 + ".pdf", "2 component: 2022/" + n2 + ".PDF"},
		},
		{
			"the form of names that is suggested to offices", "",
			[]string{n1 + "_000.00.00.G09-KQ002269_01.pdf", n1 + "_KQ.G07.000122_02.pdf", n1 + "_GKS_03.pdf"},
			[]string{
				"1 component: " + n1 + "_000.00.00.G09-KQ002269_01.pdf #000.00.00.G09-KQ002269",
				"1 component: " + n1 + "_GKS_03.pdf = GKS",
				"1 result: " + n1 + "_KQ.G07.000122_02.pdf #KQ.G07.000122",
			},
		},
		{
			"an image for each page, from the scanner", "",
			[]string{n1 + "/scan10.jpg", n1 + "/scan2.jpg", n1 + "/scan1.jpg", n1 + "/Thumbs.db"},
			[]string{"1 component: " + n1 + "/scan1.jpg + " + n1 + "/scan2.jpg + " + n1 + "/scan10.jpg missing 7", "system: " + n1 + "/Thumbs.db"},
		},
		{
			"images named by the paper and its page", "",
			[]string{n1 + "/Giấy khai sinh 1.jpg", n1 + "/Giấy khai sinh 2.jpg", n1 + "/CMND_01.jpg", n1 + "/CMND_02.jpg", n1 + "/Ảnh thẻ.jpg"},
			[]string{
				"1 component: " + n1 + "/Ảnh thẻ.jpg = Ảnh thẻ",
				"1 component: " + n1 + "/CMND_01.jpg + " + n1 + "/CMND_02.jpg = CMND",
				"1 component: " + n1 + "/Giấy khai sinh 1.jpg + " + n1 + "/Giấy khai sinh 2.jpg = Giấy khai sinh",
			},
		},
		{
			"photographs from a telephone", "",
			[]string{n1 + "/IMG_1234.JPG", n1 + "/IMG_1236.JPG", n1 + "/IMG_999.JPG"},
			[]string{"1 component: " + n1 + "/IMG_999.JPG + " + n1 + "/IMG_1234.JPG + " + n1 + "/IMG_1236.JPG"},
		},
		{
			"what a year behind a name is no page", "",
			[]string{n1 + "/Quyết định 2021.jpg", n1 + "/Quyết định 2022.jpg"},
			[]string{"1 component: " + n1 + "/Quyết định 2021.jpg = Quyết định", "1 component: " + n1 + "/Quyết định 2022.jpg = Quyết định"},
		},
		{
			"a scanner's own names, outside of any dossier", "",
			[]string{"SCAN_20261128_0001.pdf", "SCAN_20261128_0002.pdf", "scan0001.jpg", "scan0002.jpg"},
			[]string{"? component: SCAN_20261128_0001.pdf", "? component: SCAN_20261128_0002.pdf", "loose-pages: scan0001.jpg + scan0002.jpg"},
		},
		{
			"a folder of results below the dossier", "",
			[]string{n1 + "/TPHS/Đơn.pdf", n1 + "/KQ/Quyết định.pdf", n1 + "/Phát sinh/Tờ trình.pdf", n1 + "/ket qua giai quyet/1.jpg", n1 + "/ket qua giai quyet/2.jpg"},
			[]string{
				"1 result: " + n1 + "/ket qua giai quyet/1.jpg + " + n1 + "/ket qua giai quyet/2.jpg",
				"1 result: " + n1 + "/KQ/Quyết định.pdf = Quyết định",
				"1 output: " + n1 + "/Phát sinh/Tờ trình.pdf = Tờ trình",
				"1 component: " + n1 + "/TPHS/Đơn.pdf = Đơn",
			},
		},
		{
			"components and results in two trees of the same dossiers", "",
			[]string{"Thành phần/" + n1 + "/Đơn.pdf", "Kết quả/" + n1 + "/GCN.pdf"},
			[]string{"1 result: Kết quả/" + n1 + "/GCN.pdf = GCN", "1 component: Thành phần/" + n1 + "/Đơn.pdf = Đơn"},
		},
		{
			"what a file's name tells of its kind", "",
			[]string{n1 + "/KQ.pdf", n1 + "/Giấy tiếp nhận và hẹn trả kết quả.pdf", n1 + "/Kết quả xét nghiệm.pdf", n1 + "/KetQuaGiaiQuyet_01.pdf"},
			[]string{
				"1 output: " + n1 + "/Giấy tiếp nhận và hẹn trả kết quả.pdf = Giấy tiếp nhận và hẹn trả kết quả",
				"1 result: " + n1 + "/KetQuaGiaiQuyet_01.pdf = KetQuaGiaiQuyet",
				"1 component: " + n1 + "/Kết quả xét nghiệm.pdf = Kết quả xét nghiệm",
				"1 result: " + n1 + "/KQ.pdf = KQ",
			},
		},
		{
			"a folder of backs, scanned after the stack was turned over", "",
			[]string{n1 + "/scan1.jpg", n1 + "/scan2.jpg", n1 + "/scan3.jpg", n1 + "/Mặt sau/scan1.jpg", n1 + "/Mặt sau/scan2.jpg", n1 + "/Mặt sau/scan3.jpg"},
			[]string{"1 component: " + strings.Join([]string{n1 + "/scan1.jpg", n1 + "/Mặt sau/scan3.jpg", n1 + "/scan2.jpg", n1 + "/Mặt sau/scan2.jpg", n1 + "/scan3.jpg", n1 + "/Mặt sau/scan1.jpg"}, " + ")},
		},
		{
			"folders of fronts and of backs in the same order", "sides: {order: same}",
			[]string{n1 + "/mat truoc/1.png", n1 + "/mat truoc/2.png", n1 + "/mat sau/a1.png", n1 + "/mat sau/a2.png", n1 + "/mat_sau/3.png", n1 + "/mat_sau/4.png", n1 + "/Don.pdf"},
			[]string{
				"1 component: " + n1 + "/mat truoc/1.png + " + n1 + "/mat_sau/3.png + " + n1 + "/mat truoc/2.png + " + n1 + "/mat_sau/4.png",
				"1 component: " + n1 + "/Don.pdf = Don",
				"sides-differ: " + n1 + "/mat sau/a1.png + " + n1 + "/mat sau/a2.png",
			},
		},
		{
			"folders of fronts and of backs, and a sheet that was scanned later", "",
			[]string{n1 + "/Mặt trước/1.jpg", n1 + "/Mặt sau/1.jpg", n1 + "/7.jpg"},
			[]string{"1 component: " + n1 + "/Mặt trước/1.jpg + " + n1 + "/Mặt sau/1.jpg", "1 component: " + n1 + "/7.jpg"},
		},
		{
			"a card's front and back", "",
			[]string{n1 + "/CCCD mặt sau.jpg", n1 + "/CCCD mặt trước.jpg", n1 + "/Hộ chiếu mặt sau.jpg"},
			[]string{"1 component: " + n1 + "/CCCD mặt trước.jpg + " + n1 + "/CCCD mặt sau.jpg = CCCD", "sides-differ: " + n1 + "/Hộ chiếu mặt sau.jpg"},
		},
		{
			"two PDFs, one of all fronts and one of all backs", "",
			[]string{n1 + "/Sổ hộ khẩu.pdf", n1 + "/Sổ hộ khẩu mặt sau.pdf"},
			[]string{"1 component: " + n1 + "/Sổ hộ khẩu.pdf + " + n1 + "/Sổ hộ khẩu mặt sau.pdf = Sổ hộ khẩu collate reverse"},
		},
		{
			"fronts and backs that do not agree in number", "",
			[]string{n1 + "/1.jpg", n1 + "/2.jpg", n1 + "/matsau/1.jpg"},
			[]string{"sides-differ: " + n1 + "/1.jpg + " + n1 + "/2.jpg + " + n1 + "/matsau/1.jpg"},
		},
		{
			"images of many dossiers in one folder", "",
			[]string{"hop 3/" + n1 + "_1.jpg", "hop 3/" + n1 + "_2.jpg", "hop 3/" + n2 + "_1.jpg"},
			[]string{"1 component: hop 3/" + n1 + "_1.jpg + hop 3/" + n1 + "_2.jpg", "2 component: hop 3/" + n2 + "_1.jpg"},
		},
		{
			"two folders with one number", "",
			[]string{"a/" + n1 + "/1.pdf", "a/" + n1 + "/2.pdf", "b/H42.15-20221011-0001 Nguyễn Văn A/3.pdf"},
			[]string{"two-folders: a/" + n1 + "/1.pdf + a/" + n1 + "/2.pdf", "two-folders: b/H42.15-20221011-0001 Nguyễn Văn A/3.pdf"},
		},
		{
			"a number that no grammar accepts", "",
			[]string{"000.00.15.H42-221311-0001/1.pdf", "O00.00.15.H42-221011-0001/x/1.pdf", "H42.15-221011-01.pdf", "00.00.15.H42-221011-0001/1.pdf", n1 + " va " + n2 + "/1.pdf"},
			[]string{
				"number-garbled: H42.15-221011-01.pdf",
				"number-garbled: 00.00.15.H42-221011-0001/1.pdf",
				"number-double: " + n1 + " va " + n2 + "/1.pdf",
				"number-garbled: 000.00.15.H42-221311-0001/1.pdf",
				"number-garbled: O00.00.15.H42-221011-0001/x/1.pdf",
			},
		},
		{
			"a file that was put into the wrong folder", "",
			[]string{n1 + "/" + n1 + "_01.pdf", n1 + "/" + n2 + "_01.pdf"},
			[]string{"1 component: " + n1 + "/" + n1 + "_01.pdf", "numbers-disagree: " + n1 + "/" + n2 + "_01.pdf"},
		},
		{
			"what is no paper", "",
			[]string{n1 + "/.DS_Store", n1 + "/~$Đơn.docx", n1 + "/Đơn.pdf.part", n1 + "/Đơn.docx", "$RECYCLE.BIN/x.pdf", n1 + "/desktop.ini", n1 + "/._Đơn.pdf", "bao-cao-dem-2026-11-28.html", n2 + "/"},
			[]string{
				"format-unknown: " + n1 + "/Đơn.docx", "system: $RECYCLE.BIN/x.pdf", "system: " + n1 + "/.DS_Store", "system: " + n1 + "/._Đơn.pdf",
				"system: " + n1 + "/desktop.ini", "temporary: " + n1 + "/~$Đơn.docx", "temporary: " + n1 + "/Đơn.pdf.part", "report: bao-cao-dem-2026-11-28.html", "empty: " + n2,
			},
		},
		{
			"capitals, blanks and points where an ending ends", "",
			[]string{
				n1 + "/Đơn.PdF", n1 + "/Giấy hẹn.pdf ", n1 + "/Sổ đỏ.TIFF.", n1 + "/Bản đồ.tif\u00a0", n1 + "/Ảnh thẻ.png. .", n1 + "/Tờ trình.JpEg\u200b",
				n2 + "/1.jpg", n2 + "/2.jpg ", n2 + "/3.JPG.", n1 + "/Ghi chú.docx ", n1 + "/không đuôi.", n1 + "/Đơn.pdf.part", n1 + "/ .",
			},
			[]string{
				"1 component: " + n1 + "/Ảnh thẻ.png. . = Ảnh thẻ", "1 component: " + n1 + "/Bản đồ.tif\u00a0 = Bản đồ", "1 component: " + n1 + "/Đơn.PdF = Đơn",
				"1 output: " + n1 + "/Giấy hẹn.pdf  = Giấy hẹn", "1 component: " + n1 + "/Sổ đỏ.TIFF. = Sổ đỏ", "1 output: " + n1 + "/Tờ trình.JpEg\u200b = Tờ trình",
				"2 component: " + n2 + "/1.jpg + " + n2 + "/2.jpg  + " + n2 + "/3.JPG.",
				"format-unknown: " + n1 + "/ .", "format-unknown: " + n1 + "/Ghi chú.docx ", "format-unknown: " + n1 + "/không đuôi.", "temporary: " + n1 + "/Đơn.pdf.part",
			},
		},
		{
			"the same page twice", "",
			[]string{n1 + "/page-1.jpg", n1 + "/page-01.jpg", n1 + "/page-2.jpg"},
			[]string{"page-twice: " + n1 + "/page-01.jpg + " + n1 + "/page-1.jpg + " + n1 + "/page-2.jpg"},
		},
		{
			"a card's sides that are numbered, rightly and wrongly", "",
			[]string{n1 + "/Sổ mặt trước 1.jpg", n1 + "/Sổ mặt trước 2.jpg", n1 + "/Sổ mặt sau 1.jpg", n1 + "/Sổ mặt sau 2.jpg", n2 + "/Sổ mặt trước 1.jpg", n2 + "/Sổ mặt sau 3.jpg"},
			[]string{
				"1 component: " + n1 + "/Sổ mặt trước 1.jpg + " + n1 + "/Sổ mặt sau 1.jpg + " + n1 + "/Sổ mặt trước 2.jpg + " + n1 + "/Sổ mặt sau 2.jpg = Sổ",
				"sides-unpaired: " + n2 + "/Sổ mặt trước 1.jpg + " + n2 + "/Sổ mặt sau 3.jpg",
			},
		},
		{
			"a folder of results that repeats the number", "",
			[]string{n1 + "/a.pdf", n1 + "/" + n1 + " KQ/b.pdf", n1 + "/" + n1 + "/d.pdf", n1 + "/H42.15-221011-0002/c.pdf"},
			[]string{"1 component: " + n1 + "/a.pdf = a", "1 component: " + n1 + "/" + n1 + "/d.pdf = d", "1 result: " + n1 + "/" + n1 + " KQ/b.pdf = b", "2 component: " + n1 + "/H42.15-221011-0002/c.pdf = c"},
		},
		{
			"more pages than a paper has, and two scans of one", "pages: {most: 2}",
			[]string{n1 + "/1.jpg", n1 + "/2.jpg", n1 + "/3.jpg", n2 + "/GKS.jpg", n2 + "/GKS.png"},
			[]string{"too-many-pages: " + n1 + "/1.jpg + " + n1 + "/2.jpg + " + n1 + "/3.jpg", "page-twice: " + n2 + "/GKS.jpg + " + n2 + "/GKS.png"},
		},
		{
			"copies that Windows numbers", "",
			[]string{n1 + "/Scan.jpg", n1 + "/Scan (1).jpg", n1 + "/Scan (2).jpg"},
			[]string{"1 component: " + n1 + "/Scan.jpg + " + n1 + "/Scan (1).jpg + " + n1 + "/Scan (2).jpg"},
		},
		{
			"names that tell two kinds at once", "",
			[]string{n1 + "/Đầu vào, đầu ra.pdf", n1 + "/Giấy hẹn trả KQ.pdf", n2 + "/phát sinh - đầu ra x/KQ.pdf", n2 + "/Tờ trình phát sinh.pdf", n2 + "/KQ thẩm định.pdf", n2 + "/Kết quả thẩm định.pdf"},
			[]string{
				"1 output: " + n1 + "/Giấy hẹn trả KQ.pdf = Giấy hẹn trả KQ", "2 output: " + n2 + "/Kết quả thẩm định.pdf = Kết quả thẩm định",
				"2 output: " + n2 + "/Tờ trình phát sinh.pdf = Tờ trình phát sinh",
				"kinds-several: " + n1 + "/Đầu vào, đầu ra.pdf", "kinds-several: " + n2 + "/KQ thẩm định.pdf", "kinds-several: " + n2 + "/phát sinh - đầu ra x/KQ.pdf",
			},
		},
		{
			"numbers of a list before the number", "",
			[]string{"01. " + n1 + "/a.pdf", "02_H42.15-221011-0002/a.pdf", "3 H42.15-221011-0003/a.pdf"},
			[]string{"1 component: 01. " + n1 + "/a.pdf = a", "2 component: 02_H42.15-221011-0002/a.pdf = a", "3 component: 3 H42.15-221011-0003/a.pdf = a"},
		},
		{
			"all of a folder is one paper, by the office's own mapping", "{pages: {join: folder}, number: {twice: merge, missing: hold}}",
			[]string{n1 + "/b.jpg", n1 + "/a.jpg", n1 + "/c.pdf", "x/" + n1 + "/d.pdf", "e.pdf"},
			[]string{"1 component: " + n1 + "/a.jpg + " + n1 + "/b.jpg = a", "1 component: " + n1 + "/c.pdf = c", "1 component: x/" + n1 + "/d.pdf = d", "number-missing: e.pdf"},
		},
		{
			"a folder of what was done, and kinds that must be told", "{after: {do: move}, kinds: {otherwise: hold}}",
			[]string{"done/" + n1 + "/a.pdf", "x/done/" + n2 + "/KQ.pdf", "x/done/" + n2 + "/b.pdf"},
			[]string{"2 result: x/done/" + n2 + "/KQ.pdf = KQ", "kind-unknown: x/done/" + n2 + "/b.pdf", "done: done/" + n1 + "/a.pdf"},
		},
	} {
		t.Run(c.habit, func(t *testing.T) {
			t.Parallel()
			m := mapping(t, c.yaml)
			got := said(m.Plan(tree(c.tree...)))
			compare(t, got, c.want)
			decomposed := make([]string, len(c.tree))
			for i, s := range c.tree {
				decomposed[i] = norm.NFD.String(s)
			}
			slices.Reverse(decomposed)
			for i, s := range got {
				got[i] = norm.NFC.String(s)
			}
			nfd := said(m.Plan(tree(decomposed...)))
			for i, s := range nfd {
				nfd[i] = norm.NFC.String(s)
			}
			slices.Sort(got)
			slices.Sort(nfd)
			compare(t, nfd, got)
		})
	}
}

// TestNumbersInNames reads one number in the ways in which people write it.
func TestNumbersInNames(t *testing.T) {
	t.Parallel()
	m := shelf.Default()
	for _, name := range []string{
		"000.00.15.H42-221011-0001", "000-00-15-H42-221011-0001", "000_00_15_h42_221011_0001", "000 00 15 H42 221011 0001",
		"h42.15-221011-0001", "H42.15–20221011–0001", "H42-15-221011-0001", "Hồ sơ số H42.15-221011-0001 (Nguyễn Văn Á)", "Ｈ４２．１５－２２１０１１－０００１",
		"000.00.15.H42-221011-0001_Trần Văn B 1985", "000.00.15.H42 - 221011 - 0001", "[H42.15-221011-0001]", "HS_H42.15-221011-000001-bản sao",
		"000.00.15.H42-221011-0001." + strings.Repeat("rất dài ", 20),
	} {
		p := m.Plan(tree(name + "/a.pdf"))
		if len(p.Papers) != 1 || p.Papers[0].Number.Key() != "H42.15-20221011-0000001" {
			t.Errorf("%q is understood as %q", name, said(p))
		}
	}
	for _, name := range []string{
		"H42.15-221011", "Tháng 10", "20221011_0001", "IMG_20221011_123456", "221011-0001", "A4 2022", "Hộp H42", "Nguyễn Văn A 0912345678", "15.H42", "T10-2022", "",
	} {
		p := m.Plan(tree("x/" + name + "/a.pdf"))
		if len(p.Papers) != 1 || !p.Papers[0].Number.IsZero() {
			t.Errorf("%q is understood as %q", name, said(p))
		}
	}
	for _, name := range []string{
		"H42.15-221011-001", "H42.15-22101-0001", "H42.15-221011-0000", "H4Z.15-221011-0001", "H42.15-2210l1-0001", "15.H42-221011-0001", "00.00.15.H42-221011-0001",
		"000.00.15.H42-230229-0001", "H42.15-221011-00000001", "00 15 H42 221011 0001",
	} {
		p := m.Plan(tree(name + "/a.pdf"))
		if len(p.Held) != 1 || p.Held[0].Reason.Code != "number-garbled" {
			t.Errorf("%q is understood as %q", name, said(p))
		}
	}
}
