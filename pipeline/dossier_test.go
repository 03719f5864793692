package pipeline_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hoso/pipeline"
)

func TestParseDossierNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, key, printed string }{
		{"000.00.15.H42-221011-0001", "H42.15-20221011-0000001", ""},
		{"H42.15-221011-0001", "H42.15-20221011-0000001", ""},
		{"H42.15-20221011-0000001", "H42.15-20221011-0000001", ""},
		{"H15.50-251203-2035", "H15.50-20251203-0002035", ""},
		{"G09.20-20260609-0092637", "G09.20-20260609-0092637", ""},
		{"H55.242-250701-0042", "H55.242-20250701-0000042", ""},
		{"000.00.04.G18-230102-0007", "G18.04-20230102-0000007", ""},
		{"H42-240229-0003", "H42-20240229-0000003", ""},
		{"H42.15.03-240229-0003", "H42.15.03-20240229-0000003", ""},
		{"000.03.15.H42-240229-0003", "H42.15.03-20240229-0000003", ""},
		{"001.03.15.H42-240229-0003", "H42.15.03.001-20240229-0000003", ""},
		{"000.00.00.H42-180101-9999", "H42-20180101-0009999", ""},
		{"H42.1.2-240229-0003", "", ""},
		{"h42.15-221011-0001", "H42.15-20221011-0000001", "H42.15-221011-0001"},
		{"  H42.15 – 221011 — 0001 ", "H42.15-20221011-0000001", "H42.15-221011-0001"},
		{"H42.15\u2212221011\u20100001", "H42.15-20221011-0000001", "H42.15-221011-0001"},
		{"H42.15-221011-00001", "H42.15-20221011-0000001", ""},
		{"H42.15-221011-1234567", "H42.15-20221011-1234567", ""},
		{"H42.15-221311-0001", "", ""},       // month 13
		{"H42.15-220230-0001", "", ""},       // 30 February
		{"H42.15-230229-0001", "", ""},       // no leap year
		{"H42.15-171011-0001", "", ""},       // before the grammar
		{"H42.15-20171231-0001", "", ""},     // likewise
		{"H42.15-221011-0000", "", ""},       // counter zero
		{"H42.15-221011-001", "", ""},        // counter too short
		{"H42.15-221011-00000001", "", ""},   // too long
		{"H42.15-2210111-0001", "", ""},      // date of seven digits
		{"H42.15-22101-0001", "", ""},        // of five
		{"42.15-221011-0001", "", ""},        // no letter
		{"HH2.15-221011-0001", "", ""},       // two letters
		{"H42.1-221011-0001", "", ""},        // group of one digit
		{"H42.1555-221011-0001", "", ""},     // of four
		{"00.00.15.H42-221011-0001", "", ""}, // old form, first group too short
		{"000.00.15.42H-221011-0001", "", ""},
		{"H42.15-221011", "", ""},
		{"H42.15-221011-0001-2", "", ""},
		{"H42.15/221011/0001", "", ""},
		{"Đ42.15-221011-0001", "", ""},
		{"H42.15-22101O-0001", "", ""}, // repairing is for those who read paper
		{"H42..15-221011-0001", "", ""},
		{"H42.15-221011-0001\n", "H42.15-20221011-0000001", "H42.15-221011-0001"},
		{"", "", ""},
		{"-", "", ""},
		{"H42.11.22.33.44-221011-0001", "H42.11.22.33.44-20221011-0000001", ""},
		{"H42.11.22.33.44.55-221011-0001", "", ""},
	} {
		n, err := pipeline.ParseDossierNumber(c.in)
		if c.key == "" {
			if !errors.Is(err, pipeline.ErrDossierNumber) || !n.IsZero() {
				t.Errorf("ParseDossierNumber(%q) = %q, %v; want ErrDossierNumber", c.in, n, err)
			}
			continue
		}
		printed := c.printed
		if printed == "" {
			printed = c.in
		}
		if err != nil || n.Key() != c.key || n.String() != printed {
			t.Errorf("ParseDossierNumber(%q) = %q, key %q, %v; want %q, key %q", c.in, n, n.Key(), err, printed, c.key)
		}
	}
}

func TestDossierNumberParts(t *testing.T) {
	t.Parallel()
	n, err := pipeline.ParseDossierNumber("000.00.15.H42-221011-0001")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.Unit(), "H42.15"; got != want {
		t.Errorf("Unit() = %q, want %q", got, want)
	}
	if got, want := n.Day(), time.Date(2022, 10, 11, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("Day() = %v, want %v", got, want)
	}
	var none pipeline.DossierNumber
	if !none.IsZero() || none.Unit() != "" || !none.Day().IsZero() || none.Key() != "" {
		t.Errorf("zero number has parts: %q %v %q", none.Unit(), none.Day(), none.Key())
	}
}

func TestDossierNumberJSON(t *testing.T) {
	t.Parallel()
	type holder struct {
		N pipeline.DossierNumber `json:"n"`
	}
	n, err := pipeline.ParseDossierNumber("H42.15-221011-0001")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []holder{{n}, {}} {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got holder
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s came back as %+v, want %+v", b, got, want)
		}
	}
	var bad holder
	if err := json.Unmarshal([]byte(`{"n":"H42"}`), &bad); err == nil {
		t.Error("a beginning of a number was taken for one")
	}
}

// forms gives the ways of writing one number: unit old or new, date short or long,
// counter of any width.
func forms(r *rand.Rand) (all []string, key string) {
	day := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(3650))
	count := 1 + r.IntN(9999)
	province := fmt.Sprintf("%c%02d", "HGKT"[r.IntN(4)], r.IntN(64))
	units := []string{province}
	canonical := province
	switch r.IntN(4) {
	case 0:
		units = append(units, "000.00.00."+province)
	case 1:
		group := 1 + r.IntN(99)
		canonical = fmt.Sprintf("%s.%02d", province, group)
		units = []string{canonical, fmt.Sprintf("000.00.%02d.%s", group, province)}
	case 2:
		a, b := 1+r.IntN(99), 1+r.IntN(99)
		canonical = fmt.Sprintf("%s.%02d.%02d", province, a, b)
		units = []string{canonical, fmt.Sprintf("000.%02d.%02d.%s", b, a, province)}
	case 3:
		canonical = fmt.Sprintf("%s.%03d", province, 100+r.IntN(900))
		units = []string{canonical}
	}
	for _, u := range units {
		for _, d := range []string{day.Format("060102"), day.Format("20060102")} {
			for width := 4; width <= 7; width++ {
				all = append(all, fmt.Sprintf("%s-%s-%0*d", u, d, width, count))
			}
		}
	}
	return all, fmt.Sprintf("%s-%s-%07d", canonical, day.Format("20060102"), count)
}

func TestAllFormsHaveOneKey(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		all, key := forms(r)
		for _, s := range all {
			n, err := pipeline.ParseDossierNumber(s)
			if err != nil || n.Key() != key {
				t.Fatalf("ParseDossierNumber(%q).Key() = %q, %v; want %q", s, n.Key(), err, key)
			}
			again, err := pipeline.ParseDossierNumber(n.Key())
			if err != nil || again.Key() != key {
				t.Fatalf("the key %q of %q reads as %q, %v", n.Key(), s, again.Key(), err)
			}
		}
	}
}

// Whoever types a number from its left finds it all the way: every beginning of a
// written number, from the whole unit on, stands for a beginning of its key.
func TestNumberPrefixesFollowTyping(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		all, key := forms(r)
		for _, s := range all {
			for end := strings.IndexByte(s, '-'); end <= len(s); end++ {
				begins := func(p string) bool { return strings.HasPrefix(key, p) }
				if got := pipeline.NumberPrefixes(s[:end]); !slices.ContainsFunc(got, begins) {
					t.Fatalf("NumberPrefixes(%q) = %q: none begins %q", s[:end], got, key)
				}
			}
		}
	}
}

func TestNumberPrefixes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"H", []string{"H"}},
		{"H4", []string{"H4"}},
		{"H42", []string{"H42"}},
		{"H42.", []string{"H42."}},
		{"H42.1", []string{"H42.1"}},
		{"h42.15", []string{"H42.15"}},
		{"000.00.15.H42", []string{"H42.15"}},
		{"000.00.15.H42-22", []string{"H42.15-2022"}},
		{"H42.15-", []string{"H42.15-"}},
		{"H42.15-1", []string{"H42.15-201"}},
		{"H42.15-2", []string{"H42.15-2", "H42.15-202"}},
		{"H42.15-20", []string{"H42.15-20", "H42.15-2020"}},
		{"H42.15-2022", []string{"H42.15-2022", "H42.15-202022"}},
		{"H42.15-221011", []string{"H42.15-20221011"}},
		{"H42.15-20221011", []string{"H42.15-20221011"}},
		{"H42.15-221011-0001", []string{
			"H42.15-20221011-0000001", "H42.15-20221011-000001", "H42.15-20221011-00001", "H42.15-20221011-0001",
		}},
		{"H42.15-2210-1", nil},
		{"", nil},
		{"42", nil},
		{"Nguyễn", nil},
		{"H42-x", nil},
		{"H42.15-221011-0001-1", nil},
	} {
		if diff := cmp.Diff(c.want, pipeline.NumberPrefixes(c.in)); diff != "" {
			t.Errorf("NumberPrefixes(%q) (-want +got):\n%s", c.in, diff)
		}
	}
}

func FuzzParseDossierNumber(f *testing.F) {
	f.Add("000.00.15.H42-221011-0001")
	f.Add("G09.20-20260609-0092637")
	f.Add("H42\u00a0–221011—0001")
	f.Fuzz(func(t *testing.T, s string) {
		pipeline.NumberPrefixes(s)
		n, err := pipeline.ParseDossierNumber(s)
		if err != nil {
			return
		}
		again, err := pipeline.ParseDossierNumber(n.String())
		if err != nil || again != n {
			t.Fatalf("%q reads as %q, which reads as %q, %v", s, n, again, err)
		}
		byKey, err := pipeline.ParseDossierNumber(n.Key())
		if err != nil || byKey.Key() != n.Key() || byKey.Day() != n.Day() {
			t.Fatalf("key %q of %q reads as %q, %v", n.Key(), s, byKey.Key(), err)
		}
	})
}
