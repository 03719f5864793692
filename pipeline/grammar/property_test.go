package grammar_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hoso/pipeline/grammar"
)

// invented makes up an identifier of a kind by its grammar: as it is printed, and its
// value.
func invented(r *rand.Rand, kind grammar.Kind) (printed, value string) {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	n := 1 + r.IntN(9999)
	on := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(3000))
	unit := fmt.Sprintf("%s%02d", pick("H", "G", "K"), r.IntN(100))
	switch kind {
	case grammar.Dossier:
		return inventedDossier(r, unit, on, n)
	case grammar.Insurance:
		printed = fmt.Sprintf("%05d/%d/%05d", n, 2018+r.IntN(8), n)
	case grammar.Procedure:
		printed = fmt.Sprintf("%d.%06d%s", 1+r.IntN(9), n, pick("", ".000.00.00."+unit, ".000.00.00."+unit+".02"))
	case grammar.Domain:
		printed = unit + "-" + pick("GD10", "LV", "07")
	case grammar.Result:
		printed = fmt.Sprintf("KQ.%s.%06d", unit, n)
	case grammar.Component:
		printed = fmt.Sprintf("000.00.%02d.%s-KQ%06d", r.IntN(100), unit, n)
	case grammar.Citizen:
		printed = fmt.Sprintf("%s%d%02d%06d", pick("001", "035", "036", "037", "096"), r.IntN(2), r.IntN(100), n)
	case grammar.OldID:
		printed = fmt.Sprintf("%09d", 100000000+n)
	case grammar.Tax:
		for {
			head := fmt.Sprintf("%09d", r.IntN(1e9))
			if check := grammar.Default().Tax.Of(head); check < 10 {
				return head + strconv.Itoa(check) + "-007", head + strconv.Itoa(check) + "-007"
			}
		}
	case grammar.Document:
		symbol := pick("QĐ-UBND", "NĐ-CP", "TT-BGDĐT", "QĐ-CTUBND", "UBND-VX", "QH15")
		year := pick("", "/2025")
		return fmt.Sprintf("%02d%s/%s", n, year, symbol), fmt.Sprintf("%d%s/%s", n, year, symbol)
	case grammar.Date:
		form := pick("02/1/2006", "2.1.2006", "02-01-2006", "2006-01-02", "ngày 02 tháng 1 năm 2006")
		return on.Format(form), on.Format(time.DateOnly)
	case grammar.Place:
		printed = pick("Ninh Bình", "Bà Rịa - Vũng Tàu", "Xã Yên Khánh")
	case grammar.Certification, grammar.Parcel, grammar.MapSheet:
		return fmt.Sprintf("%04d", n), strconv.Itoa(n)
	case grammar.Book:
		printed = fmt.Sprintf("%02d/2024-SCT/%s", n%100, pick("BS", "CK"))
	case grammar.LandSerial:
		letters := pick("BA", "AD")
		return fmt.Sprintf("%s %06d", letters, n), fmt.Sprintf("%s%06d", letters, n)
	case grammar.LandRegister:
		printed = fmt.Sprintf("CH%05d", n)
	case grammar.Phone:
		s := fmt.Sprintf("%04d", n)
		return "09" + pick("1 ", "1.", "1") + "345" + s, "091345" + s
	case grammar.Money:
		return fmt.Sprintf("%d.%03d.000 đồng", 1+n/1000, n%1000), strconv.Itoa((1+n/1000)*1000000 + n%1000*1000)
	}
	return printed, printed
}

func inventedDossier(r *rand.Rand, unit string, on time.Time, n int) (printed, value string) {
	canonical := unit
	if r.IntN(2) == 0 {
		canonical = fmt.Sprintf("%s.%02d", unit, 1+r.IntN(99))
	}
	all := grammar.Aliases(fmt.Sprintf("%s-%s-%07d", canonical, on.Format("20060102"), n))
	return all[r.IntN(len(all))], all[0]
}

func kinds() []grammar.Kind {
	return []grammar.Kind{
		grammar.Dossier, grammar.Insurance, grammar.Procedure, grammar.Domain, grammar.Result, grammar.Component,
		grammar.Citizen, grammar.OldID, grammar.Tax, grammar.Document, grammar.Date, grammar.Place,
		grammar.Certification, grammar.Book, grammar.LandSerial, grammar.LandRegister, grammar.Parcel,
		grammar.MapSheet, grammar.Phone, grammar.Money,
	}
}

// labels are what stands before those that are nothing without.
func labels() map[grammar.Kind]string {
	return map[grammar.Kind]string{
		grammar.Domain: "Lĩnh vực: ", grammar.OldID: "CMND số ", grammar.Certification: "Số chứng thực: ",
		grammar.LandSerial: "Số phát hành: ", grammar.LandRegister: "Số vào sổ: ", grammar.Parcel: "thửa đất số ",
		grammar.MapSheet: "tờ bản đồ số ", grammar.Document: "Số: ",
	}
}

// TestRoundTrip makes up identifiers and wants each read as itself, alone and in a text.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, kind := range kinds() {
		for range 200 {
			printed, value := invented(rng, kind)
			m, err := rules().Parse(kind, printed)
			if err != nil || m.Value != value || m.Start != 0 || m.End != len(printed) {
				t.Fatalf("Parse(%s, %q) = %q over %d–%d, %v; want %q", kind, printed, m.Value, m.Start, m.End, err, value)
			}
			before, after := "Ông Đặng “"+labels()[kind], "”, nêu trên"
			if kind == grammar.Place {
				before, after = "Số: 5\n", ", ngày 5 tháng 3 năm 2024"
			}
			all := rules().Find(kind, before+printed+after)
			if len(all) != 1 || all[0].Value != value || all[0].Start != len(before) || all[0].End != len(before+printed) {
				t.Fatalf("Find(%s, %q) = %+v; want %q", kind, before+printed+after, all, value)
			}
		}
	}
}

// twins are the letters that digits are taken for.
func twins() map[rune]string {
	return map[rune]string{'0': "OoQD", '1': "Il|!", '5': "Ss", '8': "B", '2': "Zz", '6': "ó"}
}

// TestRepairsAreTrue misreads up to three digits where only digits may stand, and wants
// the number back, valid, with every misreading told; or, where that number is no
// longer certain, none.
func TestRepairsAreTrue(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	mended := map[grammar.Kind]int{}
	for _, kind := range []grammar.Kind{
		grammar.Dossier, grammar.Insurance, grammar.Procedure, grammar.Result, grammar.Component,
		grammar.Citizen, grammar.Tax, grammar.Document, grammar.Date, grammar.Phone,
	} {
		for range 300 {
			printed, value := invented(rng, kind)
			head, tail, _ := strings.Cut(printed, "/")
			if kind != grammar.Document {
				head, tail = printed, ""
			}
			read, n := misread(rng, head)
			if tail != "" {
				read += "/" + tail
			}
			m, err := rules().Mend(kind, read)
			if err != nil {
				continue
			}
			mended[kind]++
			if m.Value != value || m.Misread() != n || !rules().Valid(kind, m.Printed) {
				t.Fatalf("Mend(%s, %q) = %+v, %d misread; want %q, %d", kind, read, m, m.Misread(), value, n)
			}
			if _, err := rules().Parse(kind, read); (err == nil) != (n == 0) {
				t.Fatalf("Parse(%s, %q): %v, %d misread", kind, read, err, n)
			}
		}
		if mended[kind] < 200 {
			t.Errorf("only %d of 300 misread %ss were mended", mended[kind], kind)
		}
	}
}

// misread gives a text with up to three of its digits as letters.
func misread(rng *rand.Rand, text string) (read string, n int) {
	rs := []rune(text)
	for range rng.IntN(4) {
		i := rng.IntN(len(rs))
		if others := []rune(twins()[rs[i]]); len(others) > 0 {
			rs[i] = others[rng.IntN(len(others))]
			n++
		}
	}
	return string(rs), n
}

// TestAliasesShareOneKey wants every way of writing a number to be another, and to be
// read as the same.
func TestAliasesShareOneKey(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		_, key := invented(rng, grammar.Dossier)
		all := grammar.Aliases(key)
		if len(all) < 4 || all[0] != key {
			t.Fatalf("Aliases(%q) = %q", key, all)
		}
		slices.Sort(all)
		if len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Fatalf("Aliases(%q) has one twice: %q", key, all)
		}
		for _, alias := range all {
			if m, err := rules().Parse(grammar.Dossier, alias); err != nil || m.Value != key {
				t.Fatalf("Parse(%q) = %q, %v; want %q", alias, m.Value, err, key)
			}
		}
	}
}

func TestUnitCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, canonical string }{
		{"000.00.15.H42", "H42.15"},
		{"000.00.00.H42", "H42"},
		{"000.03.15.H42", "H42.15.03"},
		{"001.03.15.H42", "H42.15.03.001"},
		{"000.00.04.G18", "G18.04"},
		{"", "H55.242"},
		{"", "H42.15.03.01"},
		{"", "H42.11.22.33.44"},
		{"", "H42."},
	} {
		if old, ok := grammar.OldUnit(c.canonical); ok != (c.old != "") || ok && old != c.old {
			t.Errorf("OldUnit(%q) = %q, %v; want %q", c.canonical, old, ok, c.old)
		}
		if got := grammar.CanonicalUnit(c.old); c.old != "" && got != c.canonical {
			t.Errorf("CanonicalUnit(%q) = %q, want %q", c.old, got, c.canonical)
		}
		if got := grammar.CanonicalUnit(c.canonical); got != c.canonical {
			t.Errorf("CanonicalUnit(%q) = %q", c.canonical, got)
		}
	}
}

// TestWrongDigitsOfTaxNumbers shows what the check digit is for.
func TestWrongDigitsOfTaxNumbers(t *testing.T) {
	t.Parallel()
	number := "0100109106"
	for i := range len(number) {
		for c := byte('0'); c <= '9'; c++ {
			if wrong := number[:i] + string(c) + number[i+1:]; wrong != number && rules().Valid(grammar.Tax, wrong) {
				t.Errorf("the wrong tax number %s passes", wrong)
			}
		}
	}
}

// TestCalendar compares dates with the calendar of another hand.
func TestCalendar(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1900, 1999, 2000, 2024, 2025} {
		for month := range 14 {
			for on := range 33 {
				text := fmt.Sprintf("%02d/%02d/%d", on, month, year)
				_, err := time.Parse("02/01/2006", text)
				if got := rules().Valid(grammar.Date, text); got != (err == nil) {
					t.Errorf("Valid(%s) = %v", text, got)
				}
			}
		}
	}
}

// seeds starts the fuzzers with one of everything.
func seeds(f *testing.F) {
	f.Helper()
	rng := rand.New(rand.NewPCG(7, 8))
	for _, kind := range kinds() {
		printed, _ := invented(rng, kind)
		f.Add(labels()[kind] + printed)
	}
	f.Add("OOO,00·l5.h42 –\n22I0l1--0001")
	f.Add("Ha\u0300 Nam, nga\u0300y ó5 tháng 3 năm 2O24\xff")
	f.Add("(+84) 912.345.678, +B4")
}

// FuzzFind wants all that is found to lie in the text, apart, and to be read again as
// itself.
func FuzzFind(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, m := range rules().FindAll(text) {
			if m.Start < last || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("%+v lies outside of %q", m, text)
			}
			last = m.End
			again, err := rules().Parse(m.Kind, m.Printed)
			if err != nil || again.Value != m.Value || again.Printed != m.Printed || again.Facts != m.Facts {
				t.Fatalf("%q gives %+v, which reads as %+v, %v", text, m, again, err)
			}
		}
	})
}

// FuzzParse wants values and printed forms that are read as themselves, and nothing
// clean to be mended.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range kinds() {
			m, err := rules().Mend(kind, text)
			if err != nil {
				continue
			}
			again, err := rules().Parse(kind, m.Printed)
			if err != nil || again.Value != m.Value || again.Printed != m.Printed || again.Facts != m.Facts {
				t.Fatalf("%s %q gives %+v, which reads as %+v, %v", kind, text, m, again, err)
			}
			if byValue, err := rules().Parse(kind, m.Value); kind != grammar.Money && kind != grammar.Document && (err != nil || byValue.Value != m.Value) {
				t.Fatalf("the value %q of %s %q reads as %q, %v", m.Value, kind, text, byValue.Value, err)
			}
		}
	})
}
