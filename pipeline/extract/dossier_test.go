package extract_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
	"hoso/pipeline/extract"
)

func today() time.Time { return time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC) }

// page sets text as a recognizer would give it: ten pixels a letter, thirty a line.
func page(number int, text string) pipeline.Page {
	p := pipeline.Page{Number: number, Origin: pipeline.Scan, Width: 1000, Height: 1400}
	par, y := 0, 40
	for row := range strings.Lines(text) {
		x := 60
		row = strings.TrimRight(row, "\n")
		if strings.TrimSpace(row) == "" {
			par++
			y += 30
			continue
		}
		line := pipeline.Line{Paragraph: par}
		for word := range strings.SplitSeq(row, " ") {
			w := 10 * len([]rune(word))
			if word != "" {
				line.Words = append(line.Words, pipeline.Word{
					Text: word, Confidence: 90, Box: pipeline.Box{X0: x, Y0: y, X1: x + w, Y1: y + 22},
				})
			}
			x += w + 10
		}
		p.Lines = append(p.Lines, line)
		y += 30
	}
	return p
}

func numbers(pages ...pipeline.Page) []string {
	var out []string
	for _, f := range extract.FindDossierNumbers(pages, today()) {
		out = append(out, f.Value)
	}
	return out
}

func TestFindDossierNumbers(t *testing.T) {
	t.Parallel()
	one := func(s string) []string { return []string{s} }
	for _, c := range []struct {
		text string
		want []string
	}{
		// As printed.
		{"Mã hồ sơ: 000.00.15.H42-221011-0001", one("000.00.15.H42-221011-0001")},
		{"Số hồ sơ: H42.15-221011-0001", one("H42.15-221011-0001")},
		{"Mã số hồ sơ H15.50-251203-2035", one("H15.50-251203-2035")},
		{"G09.20-20260609-0092637", one("G09.20-20260609-0092637")},
		{"(mã hồ sơ: H55.242-250701-0042)", one("H55.242-250701-0042")},
		{"hồ sơ số H42-240229-0003.", one("H42-240229-0003")},
		{"biên nhận số: 000.00.04.G18-230102-0007,", one("000.00.04.G18-230102-0007")},
		{"“H42.15.03-240229-00031”", one("H42.15.03-240229-00031")},
		{"Mã hồ sơ:H42.15-221011-0001", one("H42.15-221011-0001")},
		// Other dashes, spaces, line breaks.
		{"H42.15–221011–0001", one("H42.15-221011-0001")},
		{"H42.15 — 221011 — 0001", one("H42.15-221011-0001")},
		{"H42.15\u2010221011\u22120001", one("H42.15-221011-0001")},
		{"000.00.15. H42 -221011- 0001", one("000.00.15.H42-221011-0001")},
		{"000 .00.15.H 42-2210 11-0001", one("000.00.15.H42-221011-0001")},
		{"000.00.15.H42-221011-00 01", one("000.00.15.H42-221011-0001")},
		{"Mã hồ sơ: 000.00.15.H42-\n221011-0001", one("000.00.15.H42-221011-0001")},
		{"000.00.15.H42-221011\n-0001 tiếp", one("000.00.15.H42-221011-0001")},
		{"H42.15\u00a0-\u00a0221011-0001", one("H42.15-221011-0001")},
		{"000,00,15,H42-221011-0001", one("000.00.15.H42-221011-0001")},
		// Letters in the places of digits.
		{"OOO.00.15.H42-221011-0001", one("000.00.15.H42-221011-0001")},
		{"000.00.l5.H42-22l0l1-0001", one("000.00.15.H42-221011-0001")},
		{"000.00.1S.H42-221011-OOO1", one("000.00.15.H42-221011-0001")},
		{"H4Z.15-221011-0001", one("H42.15-221011-0001")},
		{"H42.15-22I011-000|", one("H42.15-221011-0001")},
		{"H42.1B-221011-0001", one("H42.18-221011-0001")},
		{"h42.15-221011-0001", one("H42.15-221011-0001")},
		{"Đ42.15-221011-0001", one("D42.15-221011-0001")},
		{"QOO.00.15.H42-221011-0001", one("000.00.15.H42-221011-0001")},
		// No numbers.
		{"000.00.15.H42-221311-0001", nil},              // month 13
		{"H42.15-220230-0001", nil},                     // 30 February
		{"H42.15-270101-0001", nil},                     // tomorrow and later
		{"H42.15-171011-0001", nil},                     // before the grammar
		{"H42.15-221011-0000", nil},                     // counter zero
		{"H42.15-221011-001", nil},                      // counter too short
		{"H42.15-2210111-0001", nil},                    // date of seven digits
		{"xH42.15-221011-0001", nil},                    // cut out of a word
		{"1H42.15-221011-0001", nil},                    // likewise
		{"H42.15-221011-00012345", nil},                 // counter too long
		{"H42.15-221011-0001-22", nil},                  // goes on
		{"5.000.00.15.H42-221011-0001", nil},            // likewise
		{"OOO.OO.IS.H4Z-ZZIOII-OOOI", nil},              // all guessed
		{"2.000815.000.00.00.H55", nil},                 // a procedure's code
		{"KQ.G07.000122", nil},                          // a result's code
		{"000.00.00.G09-KQ002269", nil},                 // a component's code
		{"Số: 163/2025/QĐ-CTUBND", nil},                 // a document's number
		{"CCCD 035199000123, ĐT 0912-345678-0001", nil}, // a person's numbers
		{"Ninh Bình, ngày 11 tháng 10 năm 2022", nil},   // a date
		{"", nil},
	} {
		if diff := cmp.Diff(c.want, numbers(page(1, c.text))); diff != "" {
			t.Errorf("FindDossierNumbers(%q) (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestDossierNumbersAreRanked(t *testing.T) {
	t.Parallel()
	first := page(1, "Liên quan H42.15-221011-0002 và H42.15-221011-0003")
	second := page(2, "Mã hồ sơ: 000.00.15.H42-221011-0001\nxem H42.15-221011-0001\nH42.15-22l011-0003")
	want := []string{"000.00.15.H42-221011-0001", "H42.15-221011-0002", "H42.15-221011-0003"}
	if diff := cmp.Diff(want, numbers(first, second)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// TestOnlyItsOwnNumberBindsAPaper: what a paper cites of others is offered, and a person
// says so, in whatever words it is cited.
func TestOnlyItsOwnNumberBindsAPaper(t *testing.T) {
	t.Parallel()
	const own, other = "H42.15-221011-0001", "H42.15-221012-0007"
	for text, want := range map[string]string{
		// Its own.
		"GIẤY TIẾP NHẬN\nMã hồ sơ: " + own:                                              own,
		"GIẤY TIẾP NHẬN\nMã hồ sơ " + own:                                               own,
		"(Mã hồ sơ: " + own + ")":                                                       own,
		"(Sử dụng cho nhà ở - Mã hồ sơ: " + own + ")":                                   own,
		"Mã số hồ sơ: " + own + " Số vào sổ: CS 0123":                                   own,
		"Số hồ sơ:\n" + own:                                                             own,
		"Số hồ sơ:      " + own + "      Ngày nhận: 11/10/2022":                         own,
		"Hồ sơ số: " + own:                                                              own,
		"Bản chụp dùng cho hồ sơ số " + own + ", Hà Nam, ngày 11 tháng 10 năm 2022":     own,
		own + "\nGIẤY BIÊN NHẬN":                                                        own,
		"Mã hồ sơ: " + own + "\nHồ sơ số " + other + " nộp ngày 5 đã được trả kết quả":  own,
		"Xét hồ sơ số " + own + " của ông Ba và đề nghị\nHồ sơ số " + other + " đã trả": own,
		// Others', or nobody can tell.
		"Hồ sơ số " + own + " nộp ngày 5 tháng 3 đã được trả kết quả":               "",
		"Hồ sơ của ông (bà) có mã số " + own + ", nộp ngày 11/10/2022":              "",
		"sau khi xem\nxét hồ sơ số " + own + " của ông Ba":                          "",
		"Xét hồ sơ số " + own + " của ông Ba\nXét hồ sơ số " + other + " của bà Tư": "",
		"Theo mã hồ sơ: " + own:                                           "",
		"Căn cứ giấy tiếp nhận có mã số hồ sơ: " + own:                    "",
		"Ông Ba (mã hồ sơ: " + own + ") đã nhận kết quả":                  "",
		"Kèm theo Quyết định của ông Ba (mã hồ sơ: " + own + ")":          "",
		"đối chiếu với\nmã hồ sơ: " + own + " còn lưu":                    "",
		"Mã hồ sơ: " + own + " của ông Ba":                                "",
		"TT      Họ và tên      Mã hồ sơ\n1      Nguyễn Ba      " + own:   "",
		"Mã hồ sơ\n" + own + "\n" + other:                                 "",
		"Xét hồ sơ số " + other + " của ông Ba\nMã hồ sơ: " + own:         "",
		"Mã hồ sơ: " + own + "\nMã hồ sơ: " + other:                       "",
		"1      Nguyễn Ba      " + own + "\n2      Lê Tư      " + other:   "",
		strings.Repeat("Điều khoản thi hành\n", 12) + own:                 "",
		"Tiếp nhận ngày 5\nLiên quan " + own + " và " + other + " đã trả": "",
		"Mã hồ sơ: H42.15-22I0l1-OOO1\nHồ sơ số " + other + " đã trả":     "",
	} {
		fields := extract.FindDossierNumbers([]pipeline.Page{page(1, text)}, today())
		got, _ := extract.Bound(fields, func(pipeline.DossierNumber) float32 { return 75 })
		if got.String() != want {
			t.Errorf("%q is bound to %q, want %q", text, got, want)
		}
		if want != "" && fields[0].Value != want {
			t.Errorf("%q: offered first is %q, want %q", text, fields[0].Value, want)
		}
	}
}

func TestDossierNumberConfidenceAndPlace(t *testing.T) {
	t.Parallel()
	p := page(3, "Giấy tiếp nhận\nMã hồ sơ: H42.15-221011-0001")
	got := extract.FindDossierNumbers([]pipeline.Page{p}, today())
	want := []pipeline.Field{{
		Name: pipeline.FieldDossier, Value: "H42.15-221011-0001", Confidence: 90, Source: pipeline.ByOCR, Page: 3,
		Box: p.Lines[1].Words[3].Box,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	repaired := extract.FindDossierNumbers([]pipeline.Page{page(1, "Mã hồ sơ: H42.15-22I0I1-0001")}, today())
	if len(repaired) != 1 || repaired[0].Confidence >= 90 {
		t.Errorf("a repaired number is as sure as a clean one: %+v", repaired)
	}
	p.Origin = pipeline.Digital
	if got := extract.FindDossierNumbers([]pipeline.Page{p}, today()); len(got) != 1 || got[0].Source != pipeline.ByText {
		t.Errorf("a digital page's number came from %+v", got)
	}
}

// Whatever number is printed and however it is misread within the grammar's bounds,
// the same dossier is found.
func TestMisreadNumbersAreTheSameDossier(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	twins := map[byte]string{'0': "OoQD", '1': "Il|", '5': "Ss", '8': "B", '2': "Zz"}
	for range 500 {
		day := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(3000))
		printed := fmt.Sprintf("000.00.%02d.H%02d-%s-%04d", 1+r.IntN(99), r.IntN(64), day.Format("060102"), 1+r.IntN(9999))
		n, err := pipeline.ParseDossierNumber(printed)
		if err != nil {
			t.Fatal(err)
		}
		read := []byte(printed)
		for range r.IntN(4) {
			if i := r.IntN(len(read)); twins[read[i]] != "" {
				read[i] = twins[read[i]][r.IntN(len(twins[read[i]]))]
			}
		}
		text := strings.ReplaceAll(string(read), "-", []string{"-", " - ", "–", "-\n"}[r.IntN(3)])
		found := extract.FindDossierNumbers([]pipeline.Page{page(1, "Mã hồ sơ: "+text)}, today())
		if len(found) != 1 {
			t.Fatalf("%q: found %d numbers, want 1", text, len(found))
		}
		if got, err := pipeline.ParseDossierNumber(found[0].Value); err != nil || got.Key() != n.Key() {
			t.Fatalf("%q: found %q, want %q", text, found[0].Value, printed)
		}
	}
}

func FuzzFields(f *testing.F) {
	f.Add("Mã hồ sơ: 000.00.15.H42-221011-0001\nSố: 15/QĐ-UBND\nNinh Bình, ngày 11 tháng 10 năm 2022")
	f.Add("H42.\n15-22l011-OOO1")
	f.Add("V/v\nV/v Số: 1/A\nCỘNG HÒA XÃ HỘI\nTM. ỦY BAN\nCHỦ TỊCH\nNguyễn Văn A") //nolint:dupword // a subject that begins twice is the case
	f.Fuzz(func(t *testing.T, text string) {
		for _, field := range extract.Fields([]pipeline.Page{page(1, text)}, today()) {
			if field.Value == "" || field.Confidence < 0 || field.Confidence > 100 || field.Page != 1 && field.Name != pipeline.FieldPages {
				t.Fatalf("impossible field %+v", field)
			}
			if field.Name != pipeline.FieldDossier {
				continue
			}
			n, err := pipeline.ParseDossierNumber(field.Value)
			if err != nil || n.String() != field.Value || n.Day().After(today()) {
				t.Fatalf("field %q is no number of a dossier: %v", field.Value, err)
			}
		}
	})
}
