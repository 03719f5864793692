package extract_test

import (
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

func TestSecrecy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"secret", "UBND TỈNH\nSố: 12/BC-UBND\nMẬT", "MẬT"},
		{"top secret", "UBND TỈNH\nTUYỆT MẬT\n" + nation, "TUYỆT MẬT"},
		{"in a frame, its tone lost", "UBND TỈNH\n| TỐI MÂT |", "TỐI MẬT"},
		{"another word", nation + "MẶT", ""},
		{"a heading", nation + "DANH MỤC BÍ MẬT NHÀ NƯỚC", ""},
		{"running text", nation + "Phải giữ bí mật", ""},
		{"a matter", nation + "BẢO MẬT", ""},
		{"nothing", nation, ""},
	} {
		if got := extract.Secrecy([]pipeline.Page{page(1, c.text)}); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	low := page(1, "Điều 1\nMẬT")
	for i := range low.Lines {
		for j := range low.Lines[i].Words {
			low.Lines[i].Words[j].Box.Y0 += low.Height * 2 / 3
			low.Lines[i].Words[j].Box.Y1 += low.Height * 2 / 3
		}
	}
	if got := extract.Secrecy([]pipeline.Page{low}); got != "" {
		t.Errorf("at the foot of a page: %q", got)
	}
}
