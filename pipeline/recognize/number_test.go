package recognize_test

import (
	"context"
	"image"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/recognize"
)

// proof is an engine that reads a page in one way and every part of it in another. It
// gives those words that stand on the picture, whole.
type proof struct {
	told
	printed []pipeline.Line
}

func (e *proof) Read(ctx context.Context, img *image.Gray, look recognize.Look) ([]pipeline.Line, error) {
	if look.As == recognize.AsPage {
		return e.told.Read(ctx, img, look)
	}
	e.looks = append(e.looks, look)
	var out []pipeline.Line
	for _, l := range e.printed {
		var words []pipeline.Word
		for _, w := range l.Words {
			if image.Pt((w.Box.X0+w.Box.X1)/2, (w.Box.Y0+w.Box.Y1)/2).In(img.Rect) {
				words = append(words, w)
			}
		}
		if len(words) > 0 {
			out = append(out, pipeline.Line{Words: words})
		}
	}
	return out, nil
}

func TestNumbersOfDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, read string
		confidence float32
		printed    string
	}{
		{"six", "ngày 2ó tháng ó năm 2023", 95, "ngày 26 tháng 6 năm 2023"},
		{"eleven", "ngày II tháng 1] năm 2023,", 95, "ngày 11 tháng 11 năm 2023,"},
		{"a sign", "ngày 2§ tháng Š năm 2023.", 95, "ngày 28 tháng 8 năm 2023."},
		{"not in the calendar", "ngày 37 tháng 9 năm 2924", 95, "ngày 27 tháng 9 năm 2024"},
		{"doubtful", "ngày 26 tháng 2 năm 2023", 50, "ngày 26 tháng 9 năm 2023"},
		{"sure", "ngày 26 tháng 2 năm 2023", 95, "ngày 26 tháng 2 năm 2023"},
		{"a word of it", "Ngùy 26 tháng 9 nắm 2023", 95, "Ngày 26 tháng 9 năm 2023"},
		{"run together", "ngày 12 tháng 3-năm 2023", 95, "ngày 12 tháng 3 năm 2023"},
		{"run together at the other end", "ngày 15 tháng-8 năm 2023", 95, "ngày 15 tháng 8 năm 2023"},
		{"the word in the middle", "ngày 09 tăng 02 năm 2020", 95, "ngày 09 tháng 02 năm 2020"},
		{"a stray letter", "ngày 05 tháng 9 năm ẫ 2023", 95, "ngày 05 tháng 9 năm 2023"},
		{"a stray figure", "ngày 05 tháng 9 năm 5 2023", 95, "ngày 05 tháng 9 năm 2023"},
		{"in capitals", "NGÀY 2ó THÁNG 9 NĂM 2023", 95, "NGÀY 26 THÁNG 9 NĂM 2023"},
		{"a word among them", "ngày 20 hằng tháng", 95, "ngày 20 hằng tháng"},
		{"another", "từ ngày 01 đến tháng 12 năm 2020", 95, "từ ngày 01 đến tháng 12 năm 2020"},
		{"a third", "tháng 3 hàng năm", 95, "tháng 3 hàng năm"},
		{"a province", "ngày 5 tháng 3 Nam Định", 95, "ngày 5 tháng 3 Nam Định"},
		{"a country", "ngày 2 tháng 9 Việt Nam tuyên", 95, "ngày 2 tháng 9 Việt Nam tuyên"},
		{"a word before the year", "ngày 05 tháng 9 năm là 2020 đồng", 95, "ngày 05 tháng 9 năm là 2020 đồng"},
		{"commas", "ngày 1, tháng 5, năm 2020", 95, "ngày 1, tháng 5, năm 2020"},
		{"no date", "ngày đó trong tháng có năm người", 95, "ngày đó trong tháng có năm người"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &proof{told: told{page: []pipeline.Line{sure(set(600, 0, c.read), c.confidence)}}, printed: []pipeline.Line{sure(set(600, 0, c.printed), 90)}}
			if got := text(finish(t, e, nil, nil)); got != c.printed {
				t.Errorf("read %q, want %q", got, c.printed)
			}
			if c.read == c.printed && len(e.looks) > 0 {
				t.Errorf("looked again at what was sure: %+v", e.looks)
			}
		})
	}
}

func TestDateOverTheEndOfALine(t *testing.T) {
	t.Parallel()
	page := []pipeline.Line{sure(set(600, 0, "nộp ngày 2ó"), 95), sure(set(630, 0, "tháng 9 năm 2023"), 95)}
	printed := []pipeline.Line{sure(set(600, 0, "nộp ngày 26"), 95), page[1]}
	if got, want := text(finish(t, &proof{told: told{page: page}, printed: printed}, nil, nil)), "nộp ngày 26\ntháng 9 năm 2023"; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestTornNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, read, printed, want string }{
		{"dossier", "H98.13- 240510-2200", "H98.13-240510-2200", "H98.13-240510-2200"},
		{"at its hyphens", "000.00.67.H98- 250523- -1072)", "000.00.67.H98- 250523- -1072)", "000.00.67.H98-250523-1072)"},
		{"three pieces", "H98.24-202503 1 I-0009621", "H98.24-20250311-0009621", "H98.24-20250311-0009621"},
		{"read in pieces again", "H98.69. 135-20230407-0080050)", "H98.69. 135-20230407-0080050)", "H98.69.135-20230407-0080050)"},
		{"identity", "001 184036527", "001184036527", "001184036527"},
		{"of an unknown province", "081 172447364", "081172447364", "081172447364"},
		{"day", "1 1/12/2024.", "11/12/2024.", "11/12/2024."},
		{"symbol", "468/TTr- VPĐK", "468/TTr-VPĐK", "468/TTr-VPĐK"},
		{"printed with spaces", "22/ 12/ 2011.", "22/12/2011.", "22/ 12/ 2011."},
		{"two numbers", "1 1/12/2024.", "1 1/12/2024.", "1 1/12/2024."},
		{"a number and a word", "H98.13-240510-2200 nộp", "H98.13-240510-2200 nộp", "H98.13-240510-2200 nộp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &proof{told: told{page: []pipeline.Line{sure(set(600, 0, c.read), 92)}}, printed: []pipeline.Line{sure(set(600, 0, c.printed), 92)}}
			if got := text(finish(t, e, nil, nil)); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

// glimpses is an engine that reads a number otherwise at every look.
type glimpses struct {
	told
	readings []string
}

func (e *glimpses) Read(ctx context.Context, img *image.Gray, look recognize.Look) ([]pipeline.Line, error) {
	if look.As == recognize.AsPage || len(e.readings) == 0 {
		return e.told.Read(ctx, img, look)
	}
	l := sure(set(600, 0, e.readings[0]), 50)
	e.readings = e.readings[1:]
	return []pipeline.Line{l}, nil
}

func TestReadingsOfANumberVote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, first string
		again       []string
		want        string
	}{
		{"two agree", "H98.59-230622-6134", []string{"H98.59-230622-0134", "H98.59-230622-0134"}, "H98.59-230622-0134"},
		{"figure by figure", "H98.67-250617-9042", []string{"H98.67-250617-0642", "H98.67-250617-0049", "H98.67-250617-0043"}, "H98.67-250617-0042"},
		{"none can be true", "H98.67-256617-9042", []string{"H98.67-256617-0642", "H98.67-256617-0049"}, "H98.67-256617-9042"},
		{"a figure lost on the way", "2793/QĐ-UBND", []string{"793/QĐ-UBND", "793/QĐ-UBND"}, "2793/QĐ-UBND"},
		{"one caught and a letter mended", "551/TTT-PKT", []string{"8551/TTr-PKT", "8551/TTr-PKT", "551/TTr-PKT", "551/TTr-PKT"}, "551/TTr-PKT"},
		{"one caught", "468/QĐ-UBND", []string{"1468/QĐ-UBND", "1468/QĐ-UBND"}, "468/QĐ-UBND"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &glimpses{told: told{deep: true, page: []pipeline.Line{sure(set(600, 0, c.first), 62)}}, readings: c.again}
			if got := text(finish(t, e, nil, nil)); got != c.want {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

func TestTheEndOfAWordIsNoWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		found string
		x, y  int // where it stands; the word before it ends at 100, 600
		want  string
	}{
		{"M", 101, 600, "quyết định"},
		{"7", 101, 600, "quyết định 7"},
		{"a", 0, 650, "quyết định\n\na"},
	} {
		found := sure(set(c.y, 0, c.found), 95)
		found.Words[0].Box.X0, found.Words[0].Box.X1 = c.x, c.x+18
		e := &told{page: []pipeline.Line{sure(set(600, 0, "quyết định"), 96)}, again: []pipeline.Line{found}}
		if got := text(finish(t, e, []image.Rectangle{image.Rect(c.x, c.y, c.x+18, c.y+20)}, nil)); got != c.want {
			t.Errorf("%q at %d, %d: read %q, want %q", c.found, c.x, c.y, got, c.want)
		}
	}
}
