package pipeline_test

import (
	"errors"
	"strings"
	"testing"

	"hoso/pipeline"
)

// qrLetters is what the alphanumeric mode of QR codes can hold (ISO/IEC 18004, table 5).
const qrLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// separators gives one of every kind.
func separators(t *testing.T) []pipeline.Separator {
	t.Helper()
	var all []pipeline.Separator
	for _, printed := range []string{"", "000.00.15.H42-221011-0001", "H42.15-20221011-0000001", "g09.20-20260609-0092637", "H98.15.003.02-20261129-0000012"} {
		var n pipeline.DossierNumber
		if err := n.UnmarshalText([]byte(printed)); err != nil {
			t.Fatal(err)
		}
		for _, kind := range []pipeline.Kind{"", pipeline.Component, pipeline.Output, pipeline.Result} {
			all = append(all, pipeline.Separator{Dossier: n, Kind: kind}, pipeline.Separator{Dossier: n, Kind: kind, Keep: true})
		}
	}
	return all
}

// TestSeparatorRoundTrip reads what is written, short and in the letters of QR codes.
func TestSeparatorRoundTrip(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range separators(t) {
		text := s.String()
		if strings.Trim(text, qrLetters) != "" || len(text) > 48 || seen[text] {
			t.Errorf("%+v is %q", s, text)
		}
		seen[text] = true
		got, err := pipeline.ParseSeparator(text)
		if err != nil || got.Keep != s.Keep || got.Kind != s.Kind || got.Dossier.Key() != s.Dossier.Key() {
			t.Errorf("ParseSeparator(%q) = %+v, %v, want %+v", text, got, err, s)
		}
	}
}

// TestSeparatorText holds the grammar: sheets lie in drawers for years.
func TestSeparatorText(t *testing.T) {
	t.Parallel()
	n, err := pipeline.ParseDossierNumber("000.00.15.H42-221011-0001")
	if err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]pipeline.Separator{
		"HOSO1.D0*Y73":                           {},
		"HOSO1.KR.000.00.15.H42-221011-0001*SJ3": {Dossier: n, Kind: pipeline.Result, Keep: true},
	} {
		if got := s.String(); got != want {
			t.Errorf("%+v is %q, want %q", s, got, want)
		}
	}
}

// TestSeparatorRefuses takes no other code for a sheet, nor one of which a letter was
// misread.
func TestSeparatorRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "*", "HOSO", "HOSO1", "HOSO1.D0", "HOSO1.D0*", "H42.15-221011-0001", "PATCHT", "HOSO1.D0*Y73 ",
		"https://dichvucong.example/tra-cuu?maHoSo=H98.15-260305-0042", "079185000123|024000111|Nguyễn Văn A|01011985|Nam|Hải Sơn|01012022",
	} {
		if s, err := pipeline.ParseSeparator(text); !errors.Is(err, pipeline.ErrSeparator) {
			t.Errorf("ParseSeparator(%q) = %+v, %v", text, s, err)
		}
	}
	for _, s := range separators(t) {
		text := s.String()
		for i := range text {
			for _, letter := range qrLetters {
				misread := text[:i] + string(letter) + text[i+1:]
				if _, err := pipeline.ParseSeparator(misread); misread != text && err == nil {
					t.Errorf("%q passed for %q", misread, text)
				}
			}
		}
	}
}

// TestSeparatorVersion tells a later sheet from what is none.
func TestSeparatorVersion(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"HOSO2.D0*NRD", "HOSO2.ANY/THING*058"} {
		if _, err := pipeline.ParseSeparator(text); !errors.Is(err, pipeline.ErrSeparatorVersion) {
			t.Errorf("ParseSeparator(%q) gave %v", text, err)
		}
	}
}

func FuzzParseSeparator(f *testing.F) {
	f.Add("HOSO1.D0*Y73")
	f.Add("HOSO1.KR.H42.15-221011-0001*ABC")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := pipeline.ParseSeparator(text)
		if err == nil && s.String() != text {
			t.Errorf("%q is read as %q", text, s)
		}
	})
}
