package shelf_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"hoso/pipeline/shelf"
)

const second = time.Second

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// TestTheShippedMapping is complete: repeated by an office as its own, it changes nothing.
func TestTheShippedMapping(t *testing.T) {
	t.Parallel()
	again, err := shelf.Parse(shelf.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	tree := fifty(200)
	if a, b := said(shelf.Default().Plan(tree)), said(again.Plan(tree)); strings.Join(a, "\n") != strings.Join(b, "\n") {
		t.Error("the shipped mapping over itself is another one")
	}
	m := shelf.Default()
	if m.After.Do != shelf.Leave || m.Settle != time.Minute || m.Separators.Page != shelf.DropSeparator || len(m.Separators.Texts) == 0 {
		t.Errorf("shipped are %+v, %v, %+v", m.After, m.Settle, m.Separators)
	}
	for name, want := range map[string]bool{"a/Danh sách.XLSX": true, "x.csv": true, "~$Danh sách.xlsx": false, ".x.csv": false, "a.xls": false, "a.pdf": false} {
		if m.InventoryFile(name) != want {
			t.Errorf("%q is an inventory: %v", name, !want)
		}
	}
}

// TestAnOfficesMapping changes what it names alone.
func TestAnOfficesMapping(t *testing.T) {
	t.Parallel()
	m := mapping(t, `
separators: {page: keep, texts: [TACH-HO-SO]}
settle: 5m
after: {do: move, folder: Đã nhận}
inventory:
  columns: {file: [tên ảnh], title: [tên tệp]}
kinds: {result: [bằng, chứng nhận]}
`)
	if m.Separators.Page != shelf.KeepSeparator || m.Separators.Texts[0] != "TACH-HO-SO" || m.Settle != 5*time.Minute || m.After != (shelf.After{Do: shelf.Move, Folder: "Đã nhận"}) {
		t.Errorf("parsed %+v, %v, %+v", m.Separators, m.Settle, m.After)
	}
	in := withLists(tree(n1+"/Bằng.pdf", n1+"/KQ.pdf", "ĐÃ NHẬN/x.pdf"), inventory("ds.xlsx", "Tên ảnh|Tên tệp|Họ tên", "KQ.pdf|Quyết định|A"))
	p := m.Plan(in)
	compare(t, said(p), []string{"1 result: " + n1 + "/Bằng.pdf = Bằng", "1 component: " + n1 + "/KQ.pdf = KQ", "inventory: ds.xlsx", "done: ĐÃ NHẬN/x.pdf"})
	compare(t, known(p), []string{"Bằng.pdf: not listed", "KQ.pdf: title=Quyết định@2 owner_name=A@2"})
}

// TestFaultsOfAMapping are told with their line and what to do.
func TestFaultsOfAMapping(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"- a", "line 1: want the mapping as name: value"},
		{"a: b", `line 1: "a" is nothing that the mapping has; want number, files, kinds`},
		{"\nnumber: {form: [folder]}", `line 2: "form" is nothing that number has; want from, missing, twice`},
		{"number:\n  from: [folder, name]", `line 2: from is "name"; want one of [folder file list]`},
		{"number:\n  from: folder", "line 2: from: want a list; write it like [one, two]"},
		{"number: {from: [file, file]}", `line 1: from has "file" twice; keep one`},
		{"settle: soon", `line 1: settle is "soon"; want a time such as 30s`},
		{"settle: -1s", "want a time such as 30s"},
		{"order: name\norder: time", "twice; keep one"},
		{"files: [.pdf, p/df]", `line 1: "p/df" in files is no ending of a file name; write it like pdf`},
		{"pages: {most: many}", `most is "many"; want a number from 1 to 100000`},
		{"pages: {plain: [trang 1]}", `"trang 1" in plain is not one word of letters`},
		{"kinds: {component: [đơn], result:\n  [ĐƠN]}", `line 2: "ĐƠN" stands under component and result`},
		{"kinds: {output: [kết quả]}", `"kết quả" stands under`},
		{"kinds: {otherwise: unknown}", "want one of [component output result hold]"},
		{"sides: {backs: ['--']}", `"--" in backs has no letters or digits`},
		{"separators: {texts: []}", "write page: ignore"},
		{"after: {folder: a/b}", "want one name of a folder"},
		{"after: {do: remove}", "want one of [leave move delete]"},
		{"ignore: {system: ['*']}", `"*" would ignore every file; name at least one letter`},
		{"ignore: {system: [a/b]}", "has a folder in it"},
		{"inventory: {columns: {file: [Họ tên]}}", `"Họ tên" heads both owner_name and file`},
		{"inventory: {columns: {pages: [x]}}", `"pages" is nothing that columns has; want number, file`},
		{"files: *x", "shelf mapping"},
		{"a: [", "shelf mapping"},
		{"files: [&x pdf, *x]", "files: want a text"},
	} {
		_, err := shelf.Parse([]byte(c.text))
		if !errors.Is(err, shelf.ErrMapping) || !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("Parse(%q): %v, want %q", c.text, err, c.want)
		}
	}
}

// TestReasons tells people what to do, and logs nothing of them.
func TestReasons(t *testing.T) {
	t.Parallel()
	in := withLists(tree("000.00.15.H42-221311-0001 Nguyễn Văn A/1.pdf", n1+"/"+n2+".pdf", n3+"/a.doc", "scan1.jpg"), inventory("Nguyễn Văn A.xlsx", "Tên hàng"))
	p := shelf.Default().Plan(in)
	if len(p.Held) != 5 {
		t.Errorf("held are %q", said(p))
	}
	for _, h := range p.Held {
		if strings.Contains(h.Reason.English, "H42") || strings.Contains(h.Reason.English, "Nguyễn") || regexp.MustCompile(`[\p{Lu}]\p{L}* `).FindString(h.Reason.English) != "" {
			t.Errorf("%s: the English sentence may hold something personal: %q", h.Reason.Code, h.Reason.English)
		}
		if !strings.Contains(h.Reason.Vietnamese, "ãy ") {
			t.Errorf("%s does not say what to do: %q", h.Reason.Code, h.Reason.Vietnamese)
		}
	}
}

// FuzzParse: whatever the text, a mapping or an error, and a mapping loses no file.
func FuzzParse(f *testing.F) {
	f.Add(shelf.Shipped())
	for _, text := range mappings {
		f.Add([]byte(text))
	}
	f.Add([]byte("a: &a [*a]"))
	in := fifty(40)
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := shelf.Parse(text)
		if err != nil {
			if !errors.Is(err, shelf.ErrMapping) {
				t.Errorf("Parse: %v", err)
			}
			return
		}
		balanced(t, in, m.Plan(in))
	})
}

// FuzzNames: whatever the names, of files and in lists, nothing is lost and nothing
// depends on the order.
func FuzzNames(f *testing.F) {
	f.Add("000.00.15.H42-221011-0001 Nguyễn/a.pdf", "b 1.jpg", "H42.15-221011-0001", "Mã hồ sơ")
	f.Add("\xff/./..", "//", "Đ\u0323\u0302", "Tên tệp")
	f.Add("mặt sau/kq1kq2.jpg", "kq g07 000122 h42 15", "000 00 00 g09 kq002269", "STT")
	f.Add(strings.Repeat("h42.", 60), strings.Repeat("1", 300)+".jpg", "ﬁ①Ⅻ", "")
	m := shelf.Default()
	f.Fuzz(func(t *testing.T, a, b, c, heading string) {
		seen := map[string]bool{}
		var in shelf.Tree
		for _, p := range []string{a, b, c, a + "/" + b, a + "/" + c + ".jpg", b + "/" + c + ".pdf", a + "/mặt sau/" + b + ".jpg", a + ".csv"} {
			if !seen[p] {
				seen[p] = true
				in.Entries = append(in.Entries, shelf.Entry{Path: p, Size: int64(len(p)), What: shelf.What(len(p) % 17 % 4)})
			}
		}
		in.Lists = []shelf.Inventory{inventory(a+".csv", heading+"|Tên tệp|Ngày ký|CCCD", c+"|"+b+"|"+c+"|"+a, "x|"+c+"|44625|35199000123")}
		balanced(t, in, m.Plan(in))
	})
}

// TestReasonsCanBeShown: what a name does to a terminal, or to the order of what is read, does
// not get into what is said of it.
func TestReasonsCanBeShown(t *testing.T) {
	t.Parallel()
	for _, ending := range []string{"e\x1b[31mxe", "\u202efdp", "\x07", "\xff"} {
		held := shelf.Default().Plan(tree(n1 + "/a." + ending)).Held
		if len(held) != 1 || strings.ContainsFunc(held[0].Reason.Vietnamese, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			t.Errorf("of a file that ends in %q is said %q", ending, fmt.Sprint(held))
		}
	}
}

// TestWhatCannotBeTaken is held, and says so: what cannot be opened, what is no file,
// what has no bytes, and a number from the future.
func TestWhatCannotBeTaken(t *testing.T) {
	t.Parallel()
	in := tree(n1+"/lối tắt.pdf", n1+"/khóa", n1+"/rỗng 1.jpg", n1+"/rỗng 2.jpg", "H42.15-261129-0005/a.pdf", "H42.15-261128-0006/a.pdf", ".ẩn/lối tắt")
	in.Entries[0].What, in.Entries[6].What = shelf.Link, shelf.Link
	in.Entries[1].What = shelf.Unreadable
	in.Entries[3].Size = 0
	in.Now = noon
	p := shelf.Default().Plan(in)
	balanced(t, in, p)
	compare(t, said(p), []string{
		"6 component: H42.15-261128-0006/a.pdf = a", "unreadable: " + n1 + "/khóa", "link: " + n1 + "/lối tắt.pdf",
		"empty-file: " + n1 + "/rỗng 1.jpg + " + n1 + "/rỗng 2.jpg", "number-future: H42.15-261129-0005/a.pdf", "system: .ẩn/lối tắt",
	})
}

// TestOrderByTime is that in which a scanner wrote.
func TestOrderByTime(t *testing.T) {
	t.Parallel()
	in := tree(n1+"/IMG_1.jpg", n1+"/IMG_2.jpg", n1+"/IMG_3.jpg")
	for i := range in.Entries {
		in.Entries[i].Changed = noon.Add(-time.Duration(i) * time.Hour)
	}
	compare(t, said(mapping(t, "order: time").Plan(in)), []string{"1 component: " + n1 + "/IMG_3.jpg + " + n1 + "/IMG_2.jpg + " + n1 + "/IMG_1.jpg"})
}
