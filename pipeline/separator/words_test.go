package separator_test

import (
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/separator"
)

// recognized is a scanned page of lines of text, in letters so many points high; a line that
// begins with # is of 40.
func recognized(high int, lines ...string) pipeline.Page {
	p := pipeline.Page{Number: 1, Origin: pipeline.Scan, Width: 1654, Height: 2339, WidthPt: 595, HeightPt: 842}
	for i, text := range lines {
		points := high
		if strings.HasPrefix(text, "#") {
			text, points = text[1:], 40
		}
		var line pipeline.Line
		for j, w := range strings.Fields(text) {
			y := 100 + 60*i
			line.Words = append(line.Words, pipeline.Word{Text: w, Box: pipeline.Box{X0: 100 + 90*j, Y0: y, X1: 180 + 90*j, Y1: y + points*2339/842}})
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

// filler is so many lines of ten words.
func filler(lines int, more ...string) []string {
	for range lines {
		more = append(more, "các cơ quan, đơn vị thực hiện việc quét giấy tờ")
	}
	return more
}

// TestWritten reads what a sheet says in letters, as they are recognized.
func TestWritten(t *testing.T) {
	t.Parallel()
	n, err := pipeline.ParseDossierNumber("H98.31-251007-0381")
	if err != nil {
		t.Fatal(err)
	}
	output := pipeline.Separator{Dossier: n, Kind: pipeline.Output}
	said := output.String() // HOSO1.DO.H98.31-251007-0381*JH5
	for name, c := range map[string]struct {
		line string
		want bool
	}{
		"as printed":         {said, true},
		"in pieces":          {"HOSO1.DO. H98.31- 251007-0381 *JH5", true},
		"behind a streak":    {"| " + said, true},
		"before a streak":    {said + " |", true},
		"small, and a comma": {strings.ToLower(strings.Replace(said, ".31", ",31", 1)), true},
		"letters for digits": {"H0SOI.D0.H98.3I-25IO07–O381*JH5", true},
		"no star":            {strings.Replace(said, "*", "", 1), true},
		"a star misread":     {strings.Replace(said, "*", "”", 1), true},
		"a digit misread":    {strings.Replace(said, "0381", "0331", 1), false},
		"a digit lost":       {strings.Replace(said, "0381", "038", 1), false},
		"the check misread":  {strings.Replace(said, "JH5", "JH6", 1), false},
		"kept or dropped":    {strings.Replace(said, ".DO", ".KO", 1), false},
		"a number alone":     {"H98.31-251007-0381", false},
	} {
		got, box, ok := separator.Written(recognized(10, "#TỜ PHÂN CÁCH", c.line))
		if ok != c.want || ok && (got.String() != said || box.IsZero()) {
			t.Errorf("%s: %q says %v, %t, want %t", name, c.line, got, ok, c.want)
		}
	}
	if _, _, ok := separator.Written(recognized(10, filler(12, said)...)); ok {
		t.Error("instructions that show the text of a sheet are taken for one")
	}
}

// TestSeems knows sheets that cannot be read, and takes no text about sheets for one.
func TestSeems(t *testing.T) {
	t.Parallel()
	begins := "Giấy tờ mới bắt đầu từ trang sau tờ này"
	for name, c := range map[string]struct {
		page pipeline.Page
		want bool
	}{
		"its title and a spoiled text":   {recognized(14, "#TỜ PHÂN CÁCH", begins, "HOSO .DO.H98.31-251007-0381*JH5"), true},
		"streaks through its title":      {recognized(14, "#TỜ |PHẦN CÁCI", "Giây tờ mớ bắt đầu từ", "Illl lI"), true},
		"streaks of which letters came":  {recognized(14, "#I TỜ PHÂN CÁCH |l"), true},
		"what stands below the title":    {recognized(14, "#TỜP", "Giây tờ mớ: bắt đầu từ trang sau tở này"), true},
		"a kept one":                     {recognized(14, "Giấy tờ mới bắt đầu từ chính tờ nảy", "GIỮ LẠI làm trang đầu"), true},
		"a title that is half gone":      {recognized(14, "#'LỮ PHÂN CÁC E:"), true},
		"its text alone":                 {recognized(14, "HOSO1.DO.H98.31-251007-O331*JH5"), true},
		"of an office's own making":      {recognized(14, "TỜ PHÂN CÁCH", "Hồ sơ số 12"), true},
		"a heading in official text":     {recognized(14, filler(8, "Tờ phân cách")...), false},
		"a large heading above text":     {recognized(14, filler(12, "#TỜ PHÂN CÁCH")...), false},
		"a sentence about sheets":        {recognized(14, "Đặt tờ phân cách lên trên trang đầu của mỗi giấy tờ."), false},
		"a short page that mentions one": {recognized(14, filler(3, "Nơi nhận: Văn phòng (để in", "tờ phân cách).")...), false},
		"another large title":            {recognized(14, "#TỜ KHAI", "#TỜ TRÌNH", "#PHÂN CÔNG"), false},
		"nothing":                        {recognized(14), false},
	} {
		if got := separator.Seems(c.page); got != c.want {
			t.Errorf("%s: Seems() = %t, want %t", name, got, c.want)
		}
	}
}

// FuzzWords looks for what a sheet says in whatever was recognized: what it takes for the text
// of one says the same when it is printed again.
func FuzzWords(f *testing.F) {
	f.Add("TỜ PHÂN CÁCH\nHOSO1.DO.H98.31-251007-0381*JH5", 40)
	f.Add("H0SOI.D0.|-–—*\nGiấy tờ mới bắt đầu từ trang sau tờ này\nĐ", -3)
	f.Fuzz(func(t *testing.T, text string, high int) {
		p := recognized(high%1000, strings.Split(text, "\n")...)
		separator.Seems(p)
		s, _, ok := separator.Written(p)
		if again, err := pipeline.ParseSeparator(s.String()); ok && (err != nil || again != s) {
			t.Errorf("%q is %+v, and that printed again %+v, %v", text, s, again, err)
		}
	})
}
