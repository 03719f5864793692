package numeral_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hoso/pipeline/recognize/numeral"
)

// form gives the form of a shape by way of a specimen of it.
func form(t *testing.T, shape numeral.Shape) numeral.Form {
	t.Helper()
	g, ok := numeral.Recognize(specimens()[shape])
	if !ok || g.Shape != shape {
		t.Fatalf("Recognize(%q) = %q, %v, want %q", specimens()[shape], g.Shape, ok, shape)
	}
	return g.Form
}

// specimens gives a valid number of every shape.
func specimens() map[numeral.Shape]string {
	return map[numeral.Shape]string{
		numeral.Dossier:   "H42.15-221011-0001",
		numeral.Citizen:   "035199000123",
		numeral.Tax:       "0100109106",
		numeral.Document:  "15/QĐ-BNV",
		numeral.Date:      "05/03/2020",
		numeral.DateWords: "ngày 05 tháng 3 năm 2020",
		numeral.Money:     "1.250.000",
		numeral.Phone:     "0912 345 678",
		numeral.Procedure: "1.005129",
		numeral.Result:    "KQ.G07.000122",
	}
}

func TestRecognize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		shape numeral.Shape
		core  string // the number as read, "" for the whole text
		want  string // the number once repaired, "" for as read
		valid bool   // is it true then?
	}{
		{"000.00.15.H42-221011-0001", numeral.Dossier, "", "", true},
		{"H15.50-251203-2035", numeral.Dossier, "", "", true},
		{"G09.20-20260609-0092637", numeral.Dossier, "", "", true},
		{"OOO.00.I5.H42-22l011-OO01", numeral.Dossier, "", "000.00.15.H42-221011-0001", true},
		{"Mã hồ sơ: H98.51–26O706–0094", numeral.Dossier, "H98.51–26O706–0094", "H98.51-260706-0094", true},
		{"(Mã số hồ sơ: H98.61-260315-0009)", numeral.Dossier, "H98.61-260315-0009", "", true},
		{"H98.51-261306-0094", numeral.Dossier, "", "", false},
		{"H98.51-260706-0000", numeral.Dossier, "", "", false},
		{"001184036527", numeral.Citizen, "", "", true},
		{"CCCD số 0O1184O36527", numeral.Citizen, "0O1184O36527", "001184036527", true},
		{"số CCCD: 0351990O0123.", numeral.Citizen, "0351990O0123", "035199000123", true},
		{"số định danh 00118403ó527", numeral.Citizen, "00118403ó527", "001184036527", true},
		{"H98.41.251.240925-0877", numeral.Dossier, "", "H98.41.251-240925-0877", true},
		{"H98:68-230726-0021", numeral.Dossier, "", "H98.68-230726-0021", true},
		{"997199000123", numeral.Citizen, "", "", false},
		{"003199000123", numeral.Citizen, "", "", false},
		{"0100109106", numeral.Tax, "", "", true},
		{"MST: OIOO109106", numeral.Tax, "OIOO109106", "0100109106", true},
		{"Mã số thuế 0101243150-001", numeral.Tax, "0101243150-001", "", true},
		{"Mã số thuế: 0100109107", numeral.Tax, "0100109107", "", false},
		{"12/QĐ-UBND", numeral.Document, "", "", true},
		{"Số: l847/QD-UBND", numeral.Document, "l847/QD-UBND", "1847/QĐ-UBND", true},
		{"Số: 4532/UBND- KSTTHC", numeral.Document, "4532/UBND- KSTTHC", "4532/UBND-KSTTHC", true},
		{"số 3O/2O20/ND-CP", numeral.Document, "3O/2O20/ND-CP", "30/2020/NĐ-CP", true},
		{"30c/NQ-CP", numeral.Document, "", "", true},
		{"72/2025/QH15;", numeral.Document, "72/2025/QH15", "", true},
		{"412/TTr-SNV", numeral.Document, "", "", true},
		{"163/2025/QĐ-CTUBND", numeral.Document, "", "", true},
		{"0/QĐ-UBND", numeral.Document, "", "", false},
		{"28/11/2023).", numeral.Date, "28/11/2023", "", true},
		{"ngày 0l/O8/2O13", numeral.Date, "0l/O8/2O13", "01/08/2013", true},
		{"12l03I2020", numeral.Date, "", "12/03/2020", true},
		{"31/02/2020", numeral.Date, "", "", false},
		{"21.9.2011", numeral.Date, "", "", true},
		{"22/ 12/ 2011", numeral.Date, "", "22/12/2011", true},
		{"Phú Thọ, ngày 07 tháng 12 năm 2011", numeral.DateWords, "ngày 07 tháng 12 năm 2011", "", true},
		{"ngảy O7 tháng I2 nãm 20l1", numeral.DateWords, "", "ngày 07 tháng 12 năm 2011", true},
		{"Ngày 30 tháng 2 năm 2011", numeral.DateWords, "", "", false},
		{"1.250.000 đồng", numeral.Money, "", "", true},
		{"38.65O.0OO.000 đồng", numeral.Money, "", "38.650.000.000 đồng", true},
		{"Lệ phí: 1,250,000 VNĐ", numeral.Money, "1,250,000 VNĐ", "", true},
		{"89.000,000 đồng", numeral.Money, "", "89.000.000 đồng", true},
		{"024.3976.2153)", numeral.Phone, "024.3976.2153", "", true},
		{"Điện thoại: O912 345 67B", numeral.Phone, "O912 345 67B", "0912 345 678", true},
		{"+84 912 345 678", numeral.Phone, "", "", true},
		{"Số điện thoại liên hệ: 0000 741 204", numeral.Phone, "0000 741 204", "", false},
		{"19001234", numeral.Phone, "", "", true},
		{"1.005129", numeral.Procedure, "", "", true},
		{"2.00O815.000.00.0O.H55", numeral.Procedure, "", "2.000815.000.00.00.H55", true},
		{"KQ.G07.0OO122", numeral.Result, "", "KQ.G07.000122", true},
	} {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			g, ok := numeral.Recognize(c.text)
			if c.core == "" {
				c.core = c.text
			}
			if !ok || g.Shape != c.shape || g.Text != c.core {
				t.Fatalf("Recognize = %q of shape %q, %v; want %q of shape %q", g.Text, g.Shape, ok, c.core, c.shape)
			}
			if g.Before+g.Text+g.After != c.text {
				t.Errorf("the pieces %q %q %q do not make the text", g.Before, g.Text, g.After)
			}
			if c.want == "" {
				c.want = c.core
			}
			got, changed := g.Repair(g.Text)
			if got != c.want || changed != (c.want != c.core) {
				t.Errorf("Repair = %q, %v; want %q", got, changed, c.want)
			}
			if g.Valid(got) != c.valid {
				t.Errorf("Valid(%q) = %v, want %v", got, !c.valid, c.valid)
			}
		})
	}
}

func TestWordsAreNoNumbers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "SOS", "BOLS", "Số", "UBND", "tháng", "ngày", "năm 2022", "2022", "12", "Điều 5", "65%", "D600",
		"thành phố Cần Thơ", "hồ sơ gồm có", "(01 bản)", "08 giờ 45 phút", "A1", "II", "16, 17, 18, 19", "2024 – 2025", "01.003", "07-2:2016/BXD",
		"Độc lập - Tự do - Hạnh phúc", strings.Repeat("1", 10_000), strings.Repeat("1/", 10_000),
	} {
		if g, ok := numeral.Recognize(text); ok {
			t.Errorf("Recognize(%.40q) = %q, want no number", text, g.Shape)
		}
	}
}

// TestAlphabets wants every specimen to be written in its own alphabet, and without
// any character twice, since recognizers take the alphabet as a list.
func TestAlphabets(t *testing.T) {
	t.Parallel()
	for shape, text := range specimens() {
		f := form(t, shape)
		for _, r := range text {
			if !strings.ContainsRune(f.Alphabet, r) {
				t.Errorf("the alphabet of %s lacks %q", shape, r)
			}
		}
		for i, r := range f.Alphabet {
			if strings.ContainsRune(f.Alphabet[:i], r) {
				t.Errorf("the alphabet of %s has %q twice", shape, r)
			}
		}
		if !f.Valid(text) {
			t.Errorf("%q is no valid %s", text, shape)
		}
	}
}

// misreadings gives a text with one of its digits, at i, as the letters it is taken for.
func misreadings(text string, i int) []string {
	var out []string
	for _, letter := range map[byte]string{'0': "OQ", '1': "Il|", '5': "S", '8': "B", '2': "Z"}[text[i]] {
		out = append(out, text[:i]+string(letter)+text[i+1:])
	}
	return out
}

// TestOneMisreadDigitIsMended misreads every digit of every specimen in every way.
func TestOneMisreadDigitIsMended(t *testing.T) {
	t.Parallel()
	for shape, text := range specimens() {
		for i := range len(text) {
			for _, misread := range misreadings(text, i) {
				g, ok := numeral.Recognize(misread)
				if !ok || g.Shape != shape {
					t.Errorf("Recognize(%q) = %q, %v; want %q", misread, g.Shape, ok, shape)
					continue
				}
				if got, changed := g.Repair(g.Text); got != text || !changed {
					t.Errorf("Repair(%q) = %q, want %q", misread, got, text)
				}
			}
		}
	}
}

// TestOneWrongDigitOfATaxNumber shows what the check digit is for.
func TestOneWrongDigitOfATaxNumber(t *testing.T) {
	t.Parallel()
	f, number := form(t, numeral.Tax), "0100109106"
	for i := range len(number) {
		for d := byte('0'); d <= '9'; d++ {
			if wrong := number[:i] + string(d) + number[i+1:]; wrong != number && f.Valid(wrong) {
				t.Errorf("the wrong tax number %s passes", wrong)
			}
		}
	}
}

// TestCalendar compares dates with the calendar of another hand.
func TestCalendar(t *testing.T) {
	t.Parallel()
	f := form(t, numeral.Date)
	for _, year := range []int{1900, 1999, 2000, 2024, 2025} {
		for month := range 14 {
			for day := range 33 {
				text := fmt.Sprintf("%02d/%02d/%d", day, month, year)
				_, err := time.Parse("02/01/2006", text)
				if got := f.Valid(text); got != (err == nil) {
					t.Errorf("Valid(%s) = %v", text, got)
				}
			}
		}
	}
}

func TestNumbersOfDatesInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form  numeral.Form
		text  string
		want  string
		valid bool
	}{
		{numeral.Day(), "31", "31", true},
		{numeral.Day(), "2ó", "26", true},
		{numeral.Day(), "32", "32", false},
		{numeral.Day(), "00", "00", false},
		{numeral.Day(), "2§", "2§", false},
		{numeral.Month(), "II", "11", true},
		{numeral.Month(), "13", "13", false},
		{numeral.Year(), "202ó", "2026", true},
		{numeral.Year(), "2925", "2925", false},
		{numeral.Year(), "12025", "12025", false},
	} {
		if got, _ := c.form.Repair(c.text); got != c.want || c.form.Valid(got) != c.valid {
			t.Errorf("%s %q becomes %q, %v; want %q, %v", c.form.Shape, c.text, got, c.form.Valid(got), c.want, c.valid)
		}
	}
}

func TestZeroFormKnowsNothing(t *testing.T) {
	t.Parallel()
	var f numeral.Form
	if got, changed := f.Repair("O1"); f.Valid("01") || changed || got != "O1" {
		t.Errorf("the zero Form makes %q of O1", got)
	}
}

func FuzzRecognize(f *testing.F) {
	for _, text := range specimens() {
		f.Add(text)
	}
	f.Add("Số: l847/QD-UBND")
	f.Add("ngày ☃ tháng 3 năm 2020")
	f.Add("\xff.0-1-1")
	f.Fuzz(func(t *testing.T, text string) {
		g, ok := numeral.Recognize(text)
		if !ok {
			return
		}
		if g.Before+g.Text+g.After != text {
			t.Errorf("the pieces %q %q %q do not make %q", g.Before, g.Text, g.After, text)
		}
		once, _ := g.Repair(g.Text)
		if g.Valid(g.Text) && !g.Valid(once) {
			t.Errorf("repairing the valid %s %q spoils it: %q", g.Shape, g.Text, once)
		}
		if twice, _ := g.Repair(once); twice != once {
			t.Errorf("repairing %q as %s gives %q, then %q", g.Text, g.Shape, once, twice)
		}
		if len(once) > 2*len(text)+16 {
			t.Errorf("repairing %q gives %d bytes", text, len(once))
		}
	})
}

func BenchmarkRecognize(b *testing.B) {
	texts := []string{"H98.51-26O706-0094", "Số: 12/QĐ-UBND", "ngày 07 tháng 12 năm 2011", "001184036527", "thành phố"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		numeral.Recognize(texts[i%len(texts)])
	}
}
