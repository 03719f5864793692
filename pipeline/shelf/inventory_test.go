package shelf_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/storage/register/sheet"
)

// inventory makes a list of rows; their cells are parted by |.
func inventory(path string, lines ...string) shelf.Inventory {
	in := shelf.Inventory{Path: path}
	for i, l := range lines {
		cells := strings.Split(l, "|")
		for j := range cells {
			cells[j] = strings.TrimSpace(cells[j])
		}
		in.Rows = append(in.Rows, shelf.Row{Line: i + 1, Cells: cells})
	}
	return in
}

// withLists adds inventories, and their files, to a tree.
func withLists(t shelf.Tree, all ...shelf.Inventory) shelf.Tree {
	for _, in := range all {
		if !slices.ContainsFunc(t.Entries, func(e shelf.Entry) bool { return e.Path == in.Path }) {
			t.Entries = append(t.Entries, shelf.Entry{Path: in.Path, Size: 1})
		}
		t.Lists = append(t.Lists, in)
	}
	return t
}

// known is what a plan knows of its papers, a line for each paper.
func known(p *shelf.Plan) []string {
	var all []string
	for _, one := range p.Papers {
		s := one.Files[0][strings.LastIndexByte(one.Files[0], '/')+1:] + ":"
		for _, k := range one.Known {
			s += fmt.Sprintf(" %s=%s@%d", k.Name, k.Value, k.Row.Line)
		}
		if len(one.Rows) == 0 {
			s += " not listed"
		}
		all = append(all, s)
	}
	for _, h := range p.Held {
		all = append(all, h.Reason.Code+": "+strings.Join(h.Files, " + "))
	}
	for _, r := range p.Rows {
		all = append(all, fmt.Sprintf("row %d: %s", r.Row.Line, r.Reason.Code))
	}
	return all
}

const n1, n2, n3 = "000.00.15.H42-221011-0001", "000.00.15.H42-221011-0002", "000.00.15.H42-221011-0003"

// TestInventories reads the lists that lie beside scans.
func TestInventories(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		yaml  string
		tree  []string
		lists []shelf.Inventory
		want  []string
	}{
		{
			"a row for each dossier, under titles, with a sum and a signature below", "",
			[]string{n1 + "/a.pdf", n1 + "/b.pdf", n2 + ".pdf"},
			[]shelf.Inventory{inventory(
				"DANH SÁCH HỒ SƠ.xlsx", "UBND PHƯỜNG HOA LƯ", "DANH SÁCH HỒ SƠ NĂM 2022", "STT|Mã số hồ sơ|Họ và tên|Số CCCD|Ngày ký|Ghi chú", "(1)|(2)|(3)|(4)|(5)|(6)",
				"1|H42.15-221011-0001|Nguyễn Văn A|35199000123|05/3/2022|", "2|h42.15-20221011-0002|Trần B|037 199 000 124|44625|x",
				"3|H42.15-221011-0009|Không có|||", "Tổng cộng: 3 hồ sơ", "|||Người lập biểu",
			)},
			[]string{
				n2 + ".pdf: owner_name=Trần B@6 owner_id=037199000124@6 issue_date=2022-03-05@6",
				"a.pdf: owner_name=Nguyễn Văn A@5 owner_id=035199000123@5", "b.pdf: owner_name=Nguyễn Văn A@5 owner_id=035199000123@5",
				"row 7: row-without-file",
			},
		},
		{
			"a row for each file, with folders as Windows writes them", "",
			[]string{"Hộp 1/scan1.pdf", "Hộp 1/scan2.pdf", "Hộp 2/scan1.pdf", "Hộp 2/x.pdf"},
			[]shelf.Inventory{inventory(
				"ds.csv", "Tên file (có đuôi)|Mã hồ sơ|Trích yếu", `Hộp 1\SCAN1.PDF|`+n1+`|một`, `hộp 1/scan2|`+n2+`|hai`, `D:\quet\Hộp 2\scan1.pdf|`+n3+`|ba`, `scan1.pdf|`+n3+`|bốn`, `y.pdf|`+n3+`|năm`,
			)},
			[]string{"scan1.pdf: subject=một@2", "scan2.pdf: subject=hai@3", "scan1.pdf: subject=ba@4", "x.pdf: not listed", "row 5: row-ambiguous", "row 6: row-without-file"},
		},
		{
			"a row for each file of dossiers whose files have the same names", "",
			[]string{n1 + "/scan.pdf", n2 + "/scan.pdf", "Hộp 9/" + n3 + "/KQ/scan.pdf"},
			[]shelf.Inventory{inventory("ds.csv", "Tên tệp|Mã hồ sơ|Trích yếu", "scan.pdf|"+n2+"|hai", "scan.pdf|"+n1+"|một", "scan|"+n3+"|ba", `D:\`+strings.Repeat(`rất\sâu\`, 9000)+"scan.pdf|"+n1+"|lạ")},
			[]string{"scan.pdf: subject=hai@2", "scan.pdf: subject=ba@4", "list-disagrees: " + n1 + "/scan.pdf"},
		},
		{
			"files and cells with a blank or a point behind the ending", "",
			[]string{n1 + "/a.pdf ", n1 + "/b.pdf.", n1 + "/c.pdf", "d.PDF ."},
			[]shelf.Inventory{inventory("ds.csv", "Tên tệp|Mã hồ sơ|Trích yếu", "a.pdf|"+n1+"|một", "b.pdf.|"+n1+"|hai", "c.pdf. |"+n1+"|ba", "d|"+n2+"|bốn")},
			[]string{"d.PDF .: subject=bốn@5", "a.pdf : subject=một@2", "b.pdf.: subject=hai@3", "c.pdf: subject=ba@4"},
		},
		{
			"images whose dossiers only the list knows", "",
			[]string{"IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg"},
			[]shelf.Inventory{inventory("ds.xlsx", "File|Số hồ sơ", "IMG_1|"+n1, "IMG_2|"+n1, "IMG_3|"+n2)},
			[]string{"IMG_1.jpg:", "IMG_3.jpg:", "loose-pages: IMG_4.jpg"},
		},
		{
			"a row for each paper, by its title, under one merged cell of the number", "",
			[]string{n1 + "/01. Giấy khai sinh.pdf", n1 + "/02_don de nghi.pdf", n1 + "/Khác.pdf"},
			[]shelf.Inventory{inventory("ds.xlsx", "TT|Số hồ sơ|Tên giấy tờ|Ngày ban hành", "1|"+n1+"|Đơn đề nghị|01/02/2022", "2||Giấy khai sinh|2.3.1990")},
			[]string{
				"01. Giấy khai sinh.pdf: title=Giấy khai sinh@3 issue_date=1990-03-02@3", "02_don de nghi.pdf: title=Đơn đề nghị@2 issue_date=2022-02-01@2", "Khác.pdf: not listed",
			},
		},
		{
			"several rows of which nobody knows whose they are", "",
			[]string{n1 + "/a.pdf", n1 + "/b.pdf", n2 + "/c.pdf"},
			[]shelf.Inventory{inventory("ds.xlsx", "Mã hồ sơ|Người ký", n1+"|A", n1+"|B", n1+"|C", n2+"|D", n2+"|D")},
			[]string{"c.pdf: signer=D@5", "list-rows-differ: " + n1 + "/a.pdf", "list-rows-differ: " + n1 + "/b.pdf", "row 2: row-unplaced", "row 3: row-unplaced", "row 4: row-unplaced"},
		},
		{
			"the same, of which only what they share is taken", "inventory: {several: common}",
			[]string{n1 + "/a.pdf", n1 + "/b.pdf"},
			[]shelf.Inventory{inventory("ds.xlsx", "Mã hồ sơ|Người ký|Họ tên", n1+"|A|X", n1+"|B|X", n1+"|C|X")},
			[]string{"a.pdf: owner_name=X@2", "b.pdf: owner_name=X@2"},
		},
		{
			"in order, where the office says so", "inventory: {match: [order]}",
			[]string{n1 + "/1.pdf", n1 + "/2.pdf", "Hộp/scan1.pdf", "Hộp/scan2.pdf"},
			[]shelf.Inventory{
				inventory("ds.xlsx", "Mã hồ sơ|Người ký", n1+"|A", n1+"|B"), inventory("Hộp/ds.csv", "Mã hồ sơ|Người ký", n2+"|C", n3+"|D"),
			},
			[]string{"1.pdf: signer=A@2", "2.pdf: signer=B@3", "scan1.pdf: signer=C@2", "scan2.pdf: signer=D@3"},
		},
		{
			"a list that says another number than the folder", "",
			[]string{n1 + "/a.pdf", n1 + "/b.pdf"},
			[]shelf.Inventory{inventory("ds.xlsx", "Mã hồ sơ|Tên tệp", n2+"|"+n1+"/a.pdf", "x|"+n1+"/b.pdf", "??|z.pdf")},
			[]string{"numbers-disagree: " + n1 + "/a.pdf", "list-number: " + n1 + "/b.pdf", "row 4: row-without-file"},
		},
		{
			"two lists that contradict each other, and two that do not", "",
			[]string{n1 + "/a.pdf", n2 + "/b.pdf"},
			[]shelf.Inventory{inventory("ds.xlsx", "Mã hồ sơ|Họ tên|CCCD", n1+"|Nguyễn Văn A|", n2+"|Trần B|"), inventory("ds2.xlsx", "Mã hồ sơ|Họ tên|Mã thủ tục", n1+"|Nguyễn Văn C|", n2+"|TRAN B|1.005129")},
			[]string{"b.pdf: owner_name=Trần B@3 procedure=1.005129@3", "list-disagrees: " + n1 + "/a.pdf"},
		},
		{
			"folders in a column, kinds, and cells that are none", "",
			[]string{"Hộp 1/A/1.pdf", "Hộp 1/B/2.pdf"},
			[]shelf.Inventory{inventory("Hộp 1/ds.xlsx", "Thư mục|Số HS|Phân loại|Ngày ký|Số định danh|Năm sinh", "A|"+n1+"|Kết quả|hôm qua|3,5199E+10|1990", "B|"+n2+"||||31/12/1990 00:00:00")},
			[]string{"1.pdf: owner_birth=1990@2", "2.pdf: owner_birth=1990-12-31@3", "row 2: cell-unread", "row 2: cell-unread"},
		},
		{
			"headings over two rows", "",
			[]string{n1 + "/a.pdf"},
			[]shelf.Inventory{inventory("ds.xlsx", "STT|Mã hồ sơ|Công dân||Văn bản|", "||Họ tên|CCCD|Số ký hiệu|Ngày", "1|"+n1+"|A|035199000123|15/QĐ-UBND|")},
			[]string{"a.pdf: owner_name=A@3 owner_id=035199000123@3 document_number=15/QĐ-UBND@3"},
		},
		{
			"what a list does not name is held, where the office says so", "inventory: {unlisted: hold}",
			[]string{"Hộp 1/" + n1 + "/a.pdf", "Hộp 1/" + n2 + "/b.pdf", "Hộp 2/" + n3 + "/c.pdf"},
			[]shelf.Inventory{inventory("Hộp 1/ds.xlsx", "Mã hồ sơ|Họ tên", n1+"|A")},
			[]string{"a.pdf: owner_name=A@2", "c.pdf: not listed", "list-lacks: Hộp 1/" + n2 + "/b.pdf"},
		},
		{
			"lists that say nothing, were not read, or cannot be", "inventory: {unread: take}",
			[]string{n1 + "/a.pdf", "chưa đọc.xlsx"},
			[]shelf.Inventory{inventory("lạ.xlsx", "Tên hàng|Giá", "Bút|5"), {Path: "hỏng.csv", Refused: pipeline.Reason{Code: "damaged-workbook", English: "x", Vietnamese: "x"}}},
			[]string{"a.pdf: not listed", "list-unread: chưa đọc.xlsx", "damaged-workbook: hỏng.csv", "list-unknown: lạ.xlsx"},
		},
		{
			"what lies beside a list that cannot be read is held, unless another one names it", "",
			[]string{"Hộp 1/" + n1 + "/a.pdf", "Hộp 1/" + n2 + "/b.pdf", "Hộp 2/" + n3 + "/c.pdf"},
			[]shelf.Inventory{
				inventory("Hộp 1/ds.xlsx", "Mã hồ sơ|Họ tên", n1+"|A"),
				{Path: "Hộp 1/hỏng.csv", Refused: pipeline.Reason{Code: "damaged-workbook", English: "x", Vietnamese: "x"}},
			},
			[]string{"a.pdf: owner_name=A@2", "c.pdf: not listed", "damaged-workbook: Hộp 1/hỏng.csv", "list-beside: Hộp 1/" + n2 + "/b.pdf"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := withLists(tree(c.tree...), c.lists...)
			p := mapping(t, c.yaml).Plan(in)
			balanced(t, in, p)
			compare(t, known(p), c.want)
		})
	}
}

// TestTheNumberOfAList is that of the paper whose file it names.
func TestTheNumberOfAList(t *testing.T) {
	t.Parallel()
	in := withLists(tree("IMG_1.jpg", "IMG_2.jpg", "A/a.pdf", "A/KQ/b.pdf"), inventory("ds.xlsx", "File|Thư mục|Số hồ sơ|Phân loại", "IMG_1||"+n1+"|kq", "IMG_2||"+n1+"|kq", "|A|"+n2+"|"))
	p := shelf.Default().Plan(in)
	compare(t, said(p), []string{"1 result: IMG_1.jpg + IMG_2.jpg", "2 component: A/a.pdf = a", "2 result: A/KQ/b.pdf = b", "inventory: ds.xlsx"})
	l := p.Lists[0]
	if l.Heading != 1 || l.Rows != 3 || l.Idle != 0 || len(l.Unknown) != 0 {
		t.Errorf("the list is understood as %+v", l)
	}
}

// TestALateList makes the papers beside it wait: without it they would go without what it
// says.
func TestALateList(t *testing.T) {
	t.Parallel()
	in := withLists(tree("Hộp 1/"+n1+"/a.pdf", "Hộp 2/"+n2+"/1.jpg", "Hộp 2/"+n2+"/2.jpg", "Hộp 2/"+n2+"/b.pdf", "Hộp 3/"+n3+"/c.pdf"), inventory("Hộp 1/ds.xlsx", "Mã hồ sơ", n1))
	in.Now = noon
	for i, e := range in.Entries {
		in.Entries[i].Changed = noon.Add(-61 * second)
		if strings.HasSuffix(e.Path, "ds.xlsx") || strings.HasSuffix(e.Path, "2.jpg") {
			in.Entries[i].Changed = noon.Add(-59 * second)
		}
	}
	p := shelf.Default().Plan(in)
	balanced(t, in, p)
	compare(t, said(p), []string{
		"2 component: Hộp 2/" + n2 + "/b.pdf = b", "3 component: Hộp 3/" + n3 + "/c.pdf = c", "still-changing: Hộp 1/" + n1 + "/a.pdf",
		"still-changing: Hộp 2/" + n2 + "/1.jpg + Hộp 2/" + n2 + "/2.jpg", "inventory: Hộp 1/ds.xlsx",
	})
	for _, h := range p.Held {
		if !h.Later {
			t.Errorf("%q are held for good", h.Files)
		}
	}
}

// TestAWorkbook reads a list as Excel has it, with the reader that desks' lists are read
// with.
func TestAWorkbook(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "DANH SÁCH.xlsx")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	err = sheet.WriteWorkbook(out, "Hộp 1", [][]string{{"SỞ NỘI VỤ"}, {}, {"STT", "Mã hồ sơ", "Họ tên", "Ngày cấp"}, {"1", n1, "Lê C", "05/03/2022"}})
	if err != nil || out.Close() != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := sheet.Read(name, data)
	if err != nil {
		t.Fatal(err)
	}
	in := tree(n1+"/a.pdf", "DANH SÁCH.xlsx")
	for _, tab := range tables {
		one := shelf.Inventory{Path: "DANH SÁCH.xlsx", Sheet: tab.Name}
		for _, r := range tab.Rows {
			one.Rows = append(one.Rows, shelf.Row(r))
		}
		in.Lists = append(in.Lists, one)
	}
	compare(t, known(shelf.Default().Plan(in)), []string{"a.pdf: owner_name=Lê C@4 issue_date=2022-03-05@4"})
}

// TestBadCellIsNamedAsTheListNamesIt: who mends a list looks for the column by its heading,
// also where that stands in two rows.
func TestBadCellIsNamedAsTheListNamesIt(t *testing.T) {
	t.Parallel()
	const n = "H42.15-221011-0001"
	plan := shelf.Default().Plan(shelf.Tree{
		Entries: []shelf.Entry{{Path: n + "/a.pdf", Size: 1}},
		Lists:   []shelf.Inventory{inventory("ds.xlsx", "Mã hồ sơ|Ngày ký (văn bản)|Công dân|", "||Họ tên|Ngày sinh", n+"|hôm qua|A|31/02/1990")},
	})
	var got []string
	for _, note := range plan.Rows {
		said, _, _ := strings.Cut(note.Reason.Vietnamese, " không đúng dạng")
		got = append(got, said)
	}
	if want := []string{"Ô ở cột “Ngày ký (văn bản)”", "Ô ở cột “Ngày sinh”"}; !slices.Equal(got, want) {
		t.Errorf("the rows are told of as %q, want %q", got, want)
	}
}
