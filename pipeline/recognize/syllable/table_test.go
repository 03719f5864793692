package syllable

import (
	"slices"
	"strings"
	"testing"
)

// all gives every syllable that the rules allow, in lower case and the old placement.
func all() []Syllable {
	var out []Syllable
	for _, onset := range onsets() {
		row := rimes
		if onset == "qu" {
			row = rimesQu
		}
		for rime := range strings.FieldsSeq(row) {
			if !agree(onset, rime) {
				continue
			}
			for t := range Tone(tones) {
				if !stopped(rime) || t >= Sac {
					out = append(out, Syllable{Onset: onset, Rime: rime, Tone: t})
				}
			}
		}
	}
	return out
}

// TestEverySyllableIsReadAsItIsWritten goes through all syllables, in every case and
// placement, and wants no two to be written alike.
func TestEverySyllableIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	seen := map[string]Syllable{}
	for _, s := range all() {
		old, modern := spots(s.Rime)
		for _, s.Place = range []Placement{Old, Modern} {
			if s.Place == Modern && (old == modern || s.Tone == Ngang) {
				continue
			}
			for _, s.Case = range []Case{Lower, Title, Upper} {
				word := s.String()
				if s.Case == Upper && len([]rune(word)) == 1 {
					continue // one capital is Title
				}
				if got, ok := Parse(word); !ok || got != s {
					t.Fatalf("Parse(%q) = %+v, %v; want %+v", word, got, ok, s)
				}
				if other, ok := seen[word]; ok {
					t.Fatalf("%+v and %+v are both written %q", s, other, word)
				}
				seen[word] = s
			}
		}
	}
}

// TestNumberOfSyllables holds the tables to what grammars of Vietnamese say: the
// syllables that keep the rules are some 15 to 20 thousand with those that only sound
// possible, out of 150 to 170 rimes.
func TestNumberOfSyllables(t *testing.T) {
	t.Parallel()
	grades := map[Grade]int{}
	for _, s := range all() {
		grades[s.grade()]++
	}
	n := grades[Rare] + grades[Possible] + grades[Attested] + grades[Common]
	rimes := strings.Fields(rimes)
	t.Logf("%d syllables of %d rimes: %d common, %d attested, %d possible, %d rare",
		n, len(rimes), grades[Common], grades[Attested], grades[Possible], grades[Rare])
	if n < 15_000 || n > 20_000 || len(rimes) < 150 || len(rimes) > 170 {
		t.Errorf("%d syllables of %d rimes", n, len(rimes))
	}
	if listed := grades[Common] + grades[Attested]; listed < 5_000 || listed > 7_500 {
		t.Errorf("%d syllables are listed; some 7,000 are in use", listed)
	}
}

// TestLexicon wants every listed word to be spelled right and to stand where it is
// looked for, once.
func TestLexicon(t *testing.T) {
	t.Parallel()
	for _, onset := range onsets() {
		if onset == "gh" || onset == "ngh" {
			continue // they stand with g and ng
		}
		list := lexicon(onset)
		if strings.Count(list, "|") != 1 {
			t.Errorf("the list of %q is not parted once", onset)
		}
		words := strings.Fields(strings.Replace(list, "|", " ", 1))
		for i, w := range words {
			s, ok := Parse(w)
			if !ok || strings.TrimSuffix(s.Onset, "h") != strings.TrimSuffix(onset, "h") || s.Place != Old {
				t.Errorf("the list of %q has %q", onset, w)
			}
			if slices.Contains(words[:i], w) {
				t.Errorf("the list of %q has %q twice", onset, w)
			}
			if s.grade() < Attested {
				t.Errorf("%q is listed and not found", w)
			}
		}
	}
}

// TestLettersAgree holds the functions on letters to each other.
func TestLettersAgree(t *testing.T) {
	t.Parallel()
	for _, vowel := range "aăâeêioôơuưy" {
		for tone := range Tone(tones) {
			r := toned(vowel, tone)
			if bare(r) != vowel || toneOf(r) != tone || lower(upper(r)) != r || upper(r) == r || !isVowel(bare(r)) {
				t.Errorf("%c with %v is %c, which is taken apart as %c with %v", vowel, tone, r, bare(r), toneOf(r))
			}
			if got := strings.ToUpper(string(r)); got != string(upper(r)) {
				t.Errorf("upper(%c) = %c, want %s", r, upper(r), got)
			}
		}
	}
}

// TestPairs wants every pair to be of two listed words, in the form that is looked for.
func TestPairs(t *testing.T) {
	t.Parallel()
	for pair := range strings.SplitSeq(strings.Trim(pairs+names, "|"), "|") {
		first, second, ok := strings.Cut(pair, " ")
		if !ok {
			continue // where the lists meet
		}
		if !Together(first, second) || Plausibility(first) < Attested || Plausibility(second) < Attested {
			t.Errorf("the pair %q is not found, or not of listed words", pair)
		}
	}
}
