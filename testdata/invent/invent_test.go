package invent_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/testdata/invent"
)

// TestDossiers invents numbers that hoso takes, in all their forms.
func TestDossiers(t *testing.T) {
	t.Parallel()
	v := invent.New(1)
	forms := map[string]bool{}
	for range 300 {
		number := v.Dossier(v.Today())
		if _, err := pipeline.ParseDossierNumber(number); err != nil {
			t.Errorf("%s: %v", number, err)
		}
		unit, rest, _ := strings.Cut(number, "-")
		forms[unit[:1]+strings.Repeat(".", strings.Count(unit, "."))+rest[len(rest)-5:][:1]] = true
		forms[strings.Repeat("9", len(rest))] = true
	}
	for _, long := range []string{strings.Repeat("9", 11), strings.Repeat("9", 16)} {
		if !forms[long] {
			t.Errorf("no number ends with %d digits and hyphens", len(long))
		}
	}
}

// TestTaxCheck holds the check digit to numbers worked out by hand.
func TestTaxCheck(t *testing.T) {
	t.Parallel()
	// 31*1 + 3*9 = 58; 58 mod 11 = 3; 10 - 3 = 7.
	if digit, ok := invent.TaxCheck("100000009"); digit != 7 || !ok {
		t.Errorf("TaxCheck = %d, %v, want 7", digit, ok)
	}
	// 29*1 + 23*1 + 3 = 55; 55 mod 11 = 0: nobody has such a number.
	if _, ok := invent.TaxCheck("011000001"); ok {
		t.Error("a number without a check digit is allowed")
	}
	v := invent.New(2)
	for range 200 {
		number := v.Tax()
		if digit, ok := invent.TaxCheck(number[:9]); !ok || byte(digit)+'0' != number[9] {
			t.Errorf("%s has the check digit %c, want %d", number, number[9], digit)
		}
	}
}

// TestSpelling places the tones of open syllables and leaves all else alone.
func TestSpelling(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"hòa, HÒA Hòa":     "hoà, HOÀ Hoà",
		"Ủy ban THÚY khỏe": "Uỷ ban THUÝ khoẻ",
		"hoàn quỹ toán":    "hoàn quỹ toán",
		"quý Quỳnh":        "quý Quỳnh",
		"chìa khóa.":       "chìa khoá.",
	} {
		if got := invent.NewStyle.Spell(text); got != want {
			t.Errorf("Spell(%q) = %q, want %q", text, got, want)
		}
		if got := invent.OldStyle.Spell(text); got != text {
			t.Errorf("OldStyle.Spell(%q) = %q", text, got)
		}
	}
}

// TestVoice speaks composed letters, and the same for the same seed.
func TestVoice(t *testing.T) {
	t.Parallel()
	a, b, c := invent.New(5), invent.New(5), invent.New(6)
	text := a.Words(400)
	if text != b.Words(400) || text == c.Words(400) {
		t.Error("a voice does not depend on its seed alone")
	}
	if !norm.NFC.IsNormalString(text) {
		t.Error("the text is not composed")
	}
	if len(strings.Fields(text)) < 400 {
		t.Errorf("%d words were said, want 400", len(strings.Fields(text)))
	}
	if !slices.Equal(a.Numbers(), b.Numbers()) {
		t.Error("the numbers differ")
	}
}
