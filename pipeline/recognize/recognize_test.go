package recognize_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/recognize"
)

func TestTidy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"Việt", "Việt"},
		{"Vie\u0323\u0302t", "Việt"},
		{"QÐ-UBND", "QĐ-UBND"},
		{"QĐÐ-UBND", "QĐ-UBND"},
		{"QÐĐ", "QĐ"},
		{"31⁄05/1971", "31/05/1971"},
		{"ðường", "đường"},
		{"a\u200bb\ufeff\x00", "ab"},
		{"\u00a0 \n", ""},
		{"\ufffd", ""},
	} {
		if got := recognize.Tidy(c.in); got != c.want {
			t.Errorf("Tidy(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// set places words at ten pixels a letter; a number of spaces is as many letters.
func set(y, paragraph int, text string) pipeline.Line {
	l := pipeline.Line{Paragraph: paragraph}
	x := 0
	for word := range strings.SplitSeq(text, " ") {
		w := 10 * len([]rune(word))
		if word != "" {
			l.Words = append(l.Words, pipeline.Word{Text: word, Confidence: 90, Box: pipeline.Box{X0: x, Y0: y, X1: x + w, Y1: y + 20}})
		}
		x += w + 10
	}
	return l
}

func text(lines []pipeline.Line) string { return pipeline.Page{Lines: lines}.Text() }

// TestTitleAlone: the head of an application has one column.
func TestTitleAlone(t *testing.T) {
	t.Parallel()
	lines := []pipeline.Line{
		set(40, 1, "                CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
		set(70, 1, "                  Độc lập - Tự do - Hạnh phúc"),
		set(110, 2, "        Về việc tổ chức công trình thủy lợi"),
		set(140, 3, "Họ và tên người làm đơn: Ông Thế"),
		set(170, 4, "Ngày, tháng, năm sinh: 18/10/1992"),
	}
	want := text(lines)
	if got, _ := recognize.Finish(lines, 1000, 1400); text(got) != want {
		t.Errorf("read\n%s\nwant\n%s", text(got), want)
	}
}

func TestHeadInReadingOrder(t *testing.T) {
	t.Parallel()
	lines := []pipeline.Line{
		set(40, 1, "ỦY BAN NHÂN DÂN           CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
		set(70, 1, " TỈNH NINH BÌNH                Độc lập - Tự do - Hạnh phúc"),
		set(110, 2, "Số: 12/UBND-VX               Ninh Bình, ngày 11 tháng 10 năm 2022"),
		set(140, 3, "V/v số hóa"),
		set(165, 3, "hồ sơ lưu trữ"),
		set(210, 4, "          Kính gửi: Sở Nội vụ"),
		set(250, 5, "Thực hiện kế hoạch của tỉnh về việc số hóa hồ sơ, Ủy ban đề nghị"),
		set(280, 5, "các sở báo cáo."),
	}
	want := `ỦY BAN NHÂN DÂN
TỈNH NINH BÌNH
Số: 12/UBND-VX
V/v số hóa
hồ sơ lưu trữ

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Ninh Bình, ngày 11 tháng 10 năm 2022

Kính gửi: Sở Nội vụ

Thực hiện kế hoạch của tỉnh về việc số hóa hồ sơ, Ủy ban đề nghị
các sở báo cáo.`
	got, confidence := recognize.Finish(lines, 700, 1000)
	if diff := cmp.Diff(want, text(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if confidence != 90 {
		t.Errorf("confidence = %.1f, want 90", confidence)
	}
}

func TestOtherPagesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string][]pipeline.Line{
		"form": {
			set(40, 1, "         CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
			set(70, 1, "             Độc lập - Tự do - Hạnh phúc"),
			set(120, 2, "               TỜ KHAI"),
			set(160, 3, "Họ tên: Nguyễn Văn A"),
		},
		"table":  {set(40, 1, "STT    Họ và tên        Ghi chú"), set(70, 1, "1      Trần B           không")},
		"text":   {set(40, 1, "công hòa hay cộng hòa"), set(70, 1, "độc lập và tự do")},
		"far on": {set(800, 1, "xem tên       CỘNG HÒA XÃ HỘI"), set(830, 1, "a b c         Độc lập")},
	} {
		got, _ := recognize.Finish(lines, 700, 1000)
		if diff := cmp.Diff(text(lines), text(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFinishDropsWhatIsEmpty(t *testing.T) {
	t.Parallel()
	got, confidence := recognize.Finish([]pipeline.Line{{Words: []pipeline.Word{{Text: "\u200b", Confidence: 50}}}, {}}, 100, 100)
	if len(got) != 0 || confidence != 0 {
		t.Errorf("Finish = %+v, %.1f; want nothing", got, confidence)
	}
}

func TestSpecksGo(t *testing.T) {
	t.Parallel()
	line := pipeline.Line{Words: []pipeline.Word{
		{Text: "-", Confidence: 30},
		{Text: "Như", Confidence: 20},
		{Text: "|", Confidence: 30},
		{Text: "~\"", Confidence: 59},
		{Text: ";", Confidence: 95},
		{Text: "7", Confidence: 10},
	}}
	got, _ := recognize.Finish([]pipeline.Line{line, {Words: []pipeline.Word{{Text: "`", Confidence: 12}}}}, 100, 100)
	if diff := cmp.Diff("- Như ; 7", text(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfidenceIsWeightedByLength(t *testing.T) {
	t.Parallel()
	lines := []pipeline.Line{{Words: []pipeline.Word{{Text: "nghiêm", Confidence: 90}, {Text: "tứ", Confidence: 50}}}}
	if got := recognize.Confidence(lines); got != 80 {
		t.Errorf("Confidence = %.1f, want 80", got)
	}
}
