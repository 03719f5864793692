package extract_test

import (
	"errors"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/testdata/paper"
)

func classes(t *testing.T, text []byte) extract.Classes {
	t.Helper()
	all, err := extract.ParseClasses(text)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// classOf tells the class of a page by the rules that come with hoso.
func classOf(t *testing.T, text string) string {
	t.Helper()
	f, _ := classes(t, extract.ShippedRules()).Field([]pipeline.Page{page(1, text)})
	return f.Value
}

const nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"

func TestClassOfAPaper(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"plain", nation + "GIẤY KHAI SINH", "khai-sinh"},
		{"the narrower before the wider", nation + "TRÍCH LỤC KHAI SINH", "khai-sinh"},
		{"the wider", nation + "TRÍCH LỤC GHI CHÚ LY HÔN", "trich-luc"},
		{"over two lines", nation + "GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU", "gcn-dat"},
		{"marks lost and a letter misread", nation + "GlẤY CHUNG NHAN ĐANG KY HÔ KINH DOANH", "dang-ky-kinh-doanh"},
		{"a seal before it", nation + "TẾ it. GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "giay-tiep-nhan"},
		{"handwriting behind it", nation + "GIẤY PHÉP XÂY DỰNG nội dối hài", "giay-phep-xay-dung"},
		{"told by its text", nation + "GIẤY CHỨNG NHẬN\nThửa đất số 12, tờ bản đồ số 4", "gcn-dat"},
		{"a letter", nation + "Số: 12/UBND-VX\nKính gửi: Sở Nội vụ\nNơi nhận:\n- Như trên", "cong-van"},
		{"the word in running text", nation + "Theo quyết định của ông", ""},
		{"no words", "", ""},
		{"a word that goes on", nation + "ĐƠNG HỒ", ""},
	} {
		if got := classOf(t, c.text); got != c.want {
			t.Errorf("%s: class %q, want %q", c.name, got, c.want)
		}
	}
}

// TestClassOfLayouts asks for the class of every layout that has one, of the words as they
// are printed.
func TestClassOfLayouts(t *testing.T) {
	t.Parallel()
	fonts, err := paper.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	want := map[paper.Layout]string{
		paper.Decision: "quyet-dinh", paper.Letter: "cong-van", paper.Receipt: "giay-tiep-nhan", paper.Application: "don",
		paper.Certificate: "dang-ky-kinh-doanh", paper.Register: "danh-sach", paper.Notice: "thong-bao", paper.Submission: "to-trinh",
		paper.Minutes: "bien-ban", paper.Slip: "phieu", paper.Fee: "bien-lai", paper.Declaration: "to-khai", paper.Land: "gcn-dat",
		paper.Permit: "giay-phep-xay-dung", paper.Incoming: "cong-van", paper.IDCopy: "can-cuoc", paper.Gazette: "cong-bao",
	}
	for layout, class := range want {
		for seed := range uint64(5) {
			text := paper.Vary(fonts, layout, seed).Text()
			if got := classOf(t, text); got != class {
				t.Errorf("%s %d: class %q, want %q:\n%.300s", layout, seed, got, class, text)
			}
		}
	}
}

func TestRulesOfAClerk(t *testing.T) {
	t.Parallel()
	rules := classes(t, []byte("- class: ca-phe\n  name: Thẻ cà phê\n  text: [cà phê]\n  not: [trà sữa]\n"))
	if f, ok := rules.Field([]pipeline.Page{page(1, "Một ly cà phê")}); !ok || f.Value != "ca-phe" || rules.Name(f.Value) != "Thẻ cà phê" {
		t.Errorf("found %+v", f)
	}
	if f, ok := rules.Field([]pipeline.Page{page(1, "Một ly cà phê, một ly trà sữa")}); ok {
		t.Errorf("found %+v in spite of what must not stand there", f)
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- class: Khai sinh\n  name: x\n  title: [GIẤY]\n": "rule 1",
		"- class: a\n  title: [GIẤY]\n":                    "no name",
		"- class: a\n  name: x\n":                          "every paper",
		"- class: a\n  name: x\n  title: [G]\n":            "too short",
		"- class: a\n  name: x\n  titel: [GIẤY]\n":         "titel",
		"class: a": "cannot unmarshal",
	} {
		if _, err := extract.ParseClasses([]byte(text)); !errors.Is(err, extract.ErrClasses) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one about %q", text, err, want)
		}
	}
}

func FuzzClasses(f *testing.F) {
	f.Add("GIẤY\nKHAI SINH", "- class: a\n  name: x\n  title: [GIẤY KHAI]\n")
	f.Add("v/v Số:", "- class: a\n  name: x\n  text: [v/v, \"số:\"]\n  not: [xx]\n")
	f.Fuzz(func(t *testing.T, text, rules string) {
		all, err := extract.ParseClasses([]byte(rules))
		if err != nil {
			return
		}
		if got, ok := all.Field([]pipeline.Page{page(1, text)}); ok && (all.Name(got.Value) == "" || got.Confidence < 0 || got.Confidence > 100) {
			t.Errorf("impossible field %+v", got)
		}
	})
}
