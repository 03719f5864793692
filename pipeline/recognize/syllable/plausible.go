package syllable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Grade says how well a word could be what stands on an official paper, the worst
// first.
type Grade uint8

// The grades.
const (
	Nonsense Grade = iota // marks or digits where no language has them: certainly misread
	Alien                 // Latin letters that are no syllable: a name, a foreign word, or misread
	Rare                  // keeps the rules of spelling, but joins what words hardly ever join
	Possible              // keeps the rules; numbers, signs and unknown abbreviations, of which this package knows nothing
	Attested              // listed here, or known to the caller's dictionary
	Common                // of the words that fill official papers
)

// Judge judges words by the rules of spelling and, if there is one, by a dictionary.
// The zero value is ready to use; a Judge is never changed by its methods.
type Judge struct {
	// Known reports whether a dictionary has a word, which comes without punctuation
	// and in its own case. It may be nil.
	Known func(word string) bool
}

// Plausibility grades a word by the rules of spelling alone.
func Plausibility(word string) Grade { return Judge{}.Plausibility(word) }

// Plausibility grades a word; one that joins several by signs is worth its worst part.
func (j Judge) Plausibility(word string) Grade {
	_, core, _ := Core(word)
	if core == "" || isNumber(core) {
		return Possible
	}
	if isAddress(core) {
		return Alien
	}
	worst := Common
	for part := range strings.FieldsFuncSeq(core, joins) {
		worst = min(worst, j.grade(part))
	}
	return worst
}

// grade is Plausibility for a word without signs.
func (j Judge) grade(part string) Grade {
	g := own(part)
	if g < Attested && j.Known != nil && j.Known(part) {
		return Attested
	}
	return g
}

// own is the grade of a part by what this package knows.
func own(part string) Grade {
	if s, ok := Parse(part); ok {
		if s.Case == Mixed {
			return Rare
		}
		return s.grade()
	}
	switch kindOf(part) {
	case Abbreviation:
		if strings.Contains(initials, " "+part+" ") {
			return Common
		}
		return Possible
	case Number:
		return Possible
	default:
	}
	switch {
	case isPlace(part):
		return Attested
	case alien(part):
		return Alien
	}
	return Nonsense
}

// grade grades a syllable without regard to its case.
func (s Syllable) grade() Grade {
	s.Case, s.Place = Lower, Old
	g := s.lookup()
	if swapped, ok := s.swapI(); ok {
		g = max(g, swapped.lookup())
	}
	if g == Possible && s.rare() {
		return Rare
	}
	return g
}

func (s Syllable) lookup() Grade {
	var buf [maxBytes]byte
	b := append(buf[:0], ' ')
	b = s.append(b)
	b = append(b, ' ')
	return listed(s.Onset, string(b))
}

// swapI gives the other way of writing an i that is a whole rime: kỹ is kĩ.
func (s Syllable) swapI() (Syllable, bool) {
	switch s.Onset {
	case "", "h", "k", "l", "m", "qu", "s", "t", "v":
	default:
		return s, false
	}
	switch s.Rime {
	case "i":
		s.Rime = "y"
	case "y":
		s.Rime = "i"
	default:
		return s, false
	}
	return s, true
}

// rare reports whether a syllable joins what few or no words join: p alone, a rounded
// glide behind a lip or behind r, g and gi, and rimes of a handful of words.
func (s Syllable) rare() bool {
	switch s.Rime {
	case "ooc", "oong", "oam", "oao", "oap", "oem", "oen", "uênh", "uêt", "uêu", "uơ", "uya", "uych", "uyn", "uyp", "uyu",
		"ưm", "ưn", "ươu", "ưt", "eng", "uôm", "oăm":
		return true
	}
	switch s.Onset {
	case "p":
		return true
	case "b", "m", "ph", "v", "r", "g", "gi":
		return glided(s.Rime) || s.Onset == "gi" && strings.HasPrefix(s.Rime, "i")
	}
	return false
}

// alien reports whether a word that is no syllable may be of another language: small
// Latin letters without a mark of Vietnamese, with a vowel, and capitals where words
// begin.
func alien(part string) bool {
	vowels, capitals := 0, 0
	for i, r := range part {
		small := unicode.ToLower(r)
		switch {
		case !unicode.IsLetter(r), marked(small) && small >= utf8.RuneSelf:
			return false
		case isVowel(small):
			vowels++
		}
		if i > 0 && r != small {
			capitals++
		}
	}
	s := shapeOf(part)
	return vowels > 0 && (capitals == 0 || s.style() == Upper || capitals == 1 && s.first)
}

// isPlace reports whether a word is a name on the map that keeps another language's
// spelling (Đắk Lắk, Bắc Kạn, Kon Tum).
func isPlace(part string) bool {
	const names = " đắk đăk lắk lăk kạn kon krông ea pleiku mdrăk blao "
	return strings.Contains(names, " "+strings.Map(lower, part)+" ")
}

// initials are the abbreviations that official papers are full of.
const initials = " UBND HĐND HĐNDTT TTHC QĐ NĐ CP TT NQ KH TB BC CV TTr GM BB HD QC PA CĐ CT DS TM KT TL TUQ VT VP BNV BTP BTC BYT BXD BCT BCA BQP BNG" +
	" BGDĐT BTNMT BKHCN BTTTT BLĐTBXH BNNPTNT VPCP TTg QH HN TP TX TW CCCD CMND GCN QSDĐ GCNQSDĐ QSD HKD GPXD TNHH MTV CTCP BHXH BHYT BHTN THCS THPT" +
	" CNTT GTVT TNMT TNCN GTGT VNĐ VND STT SĐT UB MTTQ MTTQVN CQ ĐT GD SNV STC SXD STP SYT STNMT PCT PVP CVP GĐ PGĐ TS ThS GS PGS BS CN KTHT TPHS QLĐĐ VPĐK VPĐKĐĐ" +
	" I II III IV V VI VII VIII IX X XI XII XIII XIV XV A B C D E G km kg m² m2 ha đ CHXHCN XHCN HCC TTPVHCC TTHCC ĐKKD SCT BS CK TCVN QCVN UBNDTP CAND CSGT "
