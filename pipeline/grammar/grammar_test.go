package grammar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline/grammar"
)

// rules are the default ones at a day.
func rules() *grammar.Rules {
	r := grammar.Default()
	r.Today = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	return &r
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// TestDossierNumbers holds the grammar to what may stand on paper: the value of each
// number as printed, "" for what is none.
func TestDossierNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, value string }{
		{"000.00.15.H42-221011-0001", "H42.15-20221011-0000001"},
		{"H42.15-221011-0001", "H42.15-20221011-0000001"},
		{"H42.15-20221011-0000001", "H42.15-20221011-0000001"},
		{"H15.50-251203-2035", "H15.50-20251203-0002035"},
		{"G09.20-20260609-0092637", "G09.20-20260609-0092637"},
		{"H55.242-250701-0042", "H55.242-20250701-0000042"},
		{"000.00.04.G18-230102-0007", "G18.04-20230102-0000007"},
		{"H25-240229-0003", "H25-20240229-0000003"},
		{"H40.03-240229-0003", "H40.03-20240229-0000003"},
		{"000.03.15.H42-240229-0003", "H42.15.03-20240229-0000003"},
		{"001.03.15.H42-240229-0003", "H42.15.03.001-20240229-0000003"},
		{"000.00.00.H42-180101-9999", "H42-20180101-0009999"},
		{"H42.11.22.33.44-221011-0001", "H42.11.22.33.44-20221011-0000001"},
		{"H42.15-221011-00001", "H42.15-20221011-0000001"},
		{"H42.15-221011-1234567", "H42.15-20221011-1234567"},
		{"h42.15-221011-0001", "H42.15-20221011-0000001"},
		{" H42.15 – 221011 — 0001 ", "H42.15-20221011-0000001"},
		{"H42.15\u00a0\u2212221011\u20100001\n", "H42.15-20221011-0000001"},
		{"H42.15-260701-0001", "H42.15-20260701-0000001"}, // today
		{"H42.15-260702-0001", ""},                        // tomorrow
		{"H42.15-221311-0001", ""},                        // month 13
		{"H42.15-220230-0001", ""},                        // 30 February
		{"H42.15-230229-0001", ""},                        // no leap year
		{"H42.15-20230229-0001", ""},
		{"H42.15-220100-0001", ""}, // day 0
		{"H42.15-171011-0001", ""}, // before the grammar
		{"H42.15-20171231-0001", ""},
		{"H42.15-991231-0001", ""},             // long after
		{"H42.15-221011-0000", ""},             // counter zero
		{"H42.15-221011-001", ""},              // too short
		{"H42.15-221011-00000001", ""},         // too long
		{"H42.15-2210111-0001", ""},            // date of seven digits
		{"H42.15-22101-0001", ""},              // of five
		{"42.15-221011-0001", ""},              // no letter
		{"HH2.15-221011-0001", ""},             // two letters
		{"H42.1-221011-0001", ""},              // group of one digit
		{"H42.1555-221011-0001", ""},           // of four
		{"H42.1.2-240229-0003", ""},            // two of one
		{"00.00.15.H42-221011-0001", ""},       // old form, first group too short
		{"000.00.15.42H-221011-0001", ""},      // letter last
		{"000.00.15-221011-0001", ""},          // no province
		{"H42.11.22.33.44.55-221011-0001", ""}, // too deep
		{"H42..15-221011-0001", ""},
		{"H42.15--221011-0001", ""},
		{"H42,15-221011-0001", ""},
		{"H42.15-221011", ""},
		{"H42.15-221011-0001-2", ""},
		{"H42.15/221011/0001", ""},
		{"Đ42.15-221011-0001", ""},
		{"H42.15-22101O-0001", ""}, // misread
		{"H42.15-221011-0001 và H42.15-221011-0002", ""},
		{"03706/2026/07906", ""}, // of another system
		{"", ""},
		{"-", ""},
	} {
		m, err := rules().Parse(grammar.Dossier, c.in)
		switch {
		case c.value == "" && !errors.Is(err, grammar.ErrForm):
			t.Errorf("Parse(%q) = %q, %v; want ErrForm", c.in, m.Value, err)
		case c.value != "" && (err != nil || m.Value != c.value):
			t.Errorf("Parse(%q) = %q, %v; want %q", c.in, m.Value, err, c.value)
		}
	}
}

// TestParse reads one of every kind, clean.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind           grammar.Kind
		in, value, out string // out is the printed form, "" for as given
		facts          grammar.Facts
	}{
		{
			grammar.Dossier, "000.00.15.h42 – 221011-0001", "H42.15-20221011-0000001", "000.00.15.H42-221011-0001",
			grammar.Facts{Unit: "H42.15", Authority: "Ninh Bình", Day: day(2022, 10, 11), Counter: 1},
		},
		{
			grammar.Dossier, "H98.15-20221011-0012345", "H98.15-20221011-0012345", "",
			grammar.Facts{Unit: "H98.15", Day: day(2022, 10, 11), Counter: 12345},
		},
		{grammar.Insurance, "03706/2026/07906", "03706/2026/07906", "", grammar.Facts{Year: 2026, Counter: 7906}},
		{grammar.Procedure, "1.005129", "1.005129", "", grammar.Facts{}},
		{grammar.Procedure, "2.000815.000.00.00.H55", "2.000815.000.00.00.H55", "", grammar.Facts{Unit: "H55", Authority: "Thái Nguyên"}},
		{grammar.Procedure, "2.000815.000.00.00.H55.02", "2.000815.000.00.00.H55.02", "", grammar.Facts{Unit: "H55.02", Authority: "Thái Nguyên"}},
		{grammar.Domain, "G03-GD10", "G03-GD10", "", grammar.Facts{Unit: "G03", Symbol: "GD10"}},
		{grammar.Result, "KQ.G07.000122", "KQ.G07.000122", "", grammar.Facts{Unit: "G07", Number: 122}},
		{grammar.Component, "000.00.00.G09-KQ002269", "000.00.00.G09-KQ002269", "", grammar.Facts{Unit: "G09", Number: 2269}},
		{
			grammar.Citizen, "035199000123", "035199000123", "",
			grammar.Facts{Province: "035", Home: "Hà Nam", Sex: grammar.Female, Born: 1999},
		},
		{
			grammar.Citizen, "037 203 000 456", "037203000456", "037203000456",
			grammar.Facts{Province: "037", Home: "Ninh Bình", Sex: grammar.Male, Born: 2003},
		},
		{grammar.OldID, "161234567", "161234567", "", grammar.Facts{}},
		{grammar.Tax, "0100109106", "0100109106", "", grammar.Facts{}},
		{grammar.Tax, "0101243150-001", "0101243150-001", "", grammar.Facts{Branch: "001"}},
		{grammar.Document, "15/QĐ-BNV", "15/QĐ-BNV", "", grammar.Facts{Number: 15, Symbol: "QĐ-BNV"}},
		{grammar.Document, "05/BNV-VP", "5/BNV-VP", "", grammar.Facts{Number: 5, Symbol: "BNV-VP"}},
		{grammar.Document, "163/2025/QĐ-CTUBND", "163/2025/QĐ-CTUBND", "", grammar.Facts{Number: 163, Year: 2025, Symbol: "QĐ-CTUBND"}},
		{grammar.Document, "412/TTr-SNV", "412/TTR-SNV", "", grammar.Facts{Number: 412, Symbol: "TTr-SNV"}},
		{grammar.Document, "72/2025/QH15", "72/2025/QH15", "", grammar.Facts{Number: 72, Year: 2025, Symbol: "QH15"}},
		{grammar.Document, "30c/NQ-CP", "30c/NQ-CP", "", grammar.Facts{Number: 30, Symbol: "NQ-CP"}},
		{grammar.Document, "12 / UBND - VX", "12/UBND-VX", "12/UBND-VX", grammar.Facts{Number: 12, Symbol: "UBND-VX"}},
		{grammar.Date, "05/3/2024", "2024-03-05", "", grammar.Facts{Day: day(2024, 3, 5)}},
		{grammar.Date, "5.3.2024", "2024-03-05", "", grammar.Facts{Day: day(2024, 3, 5)}},
		{grammar.Date, "2024-03-05", "2024-03-05", "", grammar.Facts{Day: day(2024, 3, 5)}},
		{grammar.Date, "ngày 05 tháng 3 năm 2024", "2024-03-05", "", grammar.Facts{Day: day(2024, 3, 5)}},
		{grammar.Date, "Ngày  29 tháng 02 năm 2024", "2024-02-29", "Ngày 29 tháng 02 năm 2024", grammar.Facts{Day: day(2024, 2, 29)}},
		{grammar.Place, "Ninh Bình", "Ninh Bình", "", grammar.Facts{}},
		{grammar.Certification, "0123", "123", "", grammar.Facts{Number: 123}},
		{grammar.Book, "01/2024-SCT/BS", "01/2024-SCT/BS", "", grammar.Facts{Symbol: "BS"}},
		{grammar.Book, "02 SCT/CK", "02-SCT/CK", "02SCT/CK", grammar.Facts{Symbol: "CK"}},
		{grammar.LandSerial, "BA 123456", "BA123456", "BA123456", grammar.Facts{Symbol: "BA", Number: 123456}},
		{grammar.LandRegister, "CH 00123", "CH00123", "CH00123", grammar.Facts{}},
		{grammar.LandRegister, "CH00123", "CH00123", "", grammar.Facts{}},
		{grammar.Parcel, "45", "45", "", grammar.Facts{Number: 45}},
		{grammar.MapSheet, "12", "12", "", grammar.Facts{Number: 12}},
		{grammar.Phone, "0912 345 678", "0912345678", "", grammar.Facts{}},
		{grammar.Phone, "+84 912 345 678", "0912345678", "", grammar.Facts{}},
		{grammar.Phone, "(024) 3976.2153", "02439762153", "", grammar.Facts{}},
		{grammar.Phone, "1900 1234", "19001234", "", grammar.Facts{}},
		{grammar.Money, "1.250.000 đồng", "1250000", "", grammar.Facts{Amount: 1250000}},
		{grammar.Money, "1,250,000 VNĐ", "1250000", "", grammar.Facts{Amount: 1250000}},
		{grammar.Money, "1.250.000,50", "1250000", "", grammar.Facts{Amount: 1250000}},
	} {
		m, err := rules().Parse(c.kind, c.in)
		if c.out == "" {
			c.out = c.in
		}
		if err != nil || m.Value != c.value || m.Printed != c.out || m.Kind != c.kind {
			t.Errorf("Parse(%s, %q) = %q printed %q, %v; want %q printed %q", c.kind, c.in, m.Value, m.Printed, err, c.value, c.out)
			continue
		}
		if diff := cmp.Diff(c.facts, m.Facts); diff != "" {
			t.Errorf("facts of %s %q (-want +got):\n%s", c.kind, c.in, diff)
		}
	}
}
