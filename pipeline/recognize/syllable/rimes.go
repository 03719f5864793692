package syllable

import "strings"

// onsets gives the ways in which a syllable may begin, as they are spelled; the
// empty one stands first.
func onsets() []string {
	return []string{
		"", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n",
		"ng", "ngh", "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
	}
}

// onsetAt gives the onset that begins a bare lower-case spelling, "" for none.
func onsetAt(word []byte) string {
	const (
		long   = "ch gh gi kh ng nh ph qu th tr đ" // two bytes each
		single = "bcdghklmnprstvx"
	)
	if len(word) > 1 {
		if i := strings.Index(long, string(word[:2])); i >= 0 {
			if len(word) > 2 && string(word[:3]) == "ngh" {
				return "ngh"
			}
			return long[i : i+2]
		}
	}
	if i := strings.IndexByte(single, word[0]); i >= 0 {
		return single[i : i+1]
	}
	return ""
}

// rimes are the rimes of Vietnamese, each between two spaces. Those with a rounded
// glide before the vowel (oa, uê ...) stand behind the others of their letter.
const rimes = " a ac ach ai am an ang anh ao ap at au ay" +
	" ăc ăm ăn ăng ăp ăt" +
	" âc âm ân âng âp ât âu ây" +
	" e ec em en eng eo ep et" +
	" ê êch êm ên ênh êp êt êu" +
	" i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu" +
	" o oc oi om on ong op ot ooc oong" +
	" oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oem oen oeo oet" +
	" ô ôc ôi ôm ôn ông ôp ôt" +
	" ơ ơi ơm ơn ơp ơt" +
	" u ua uc ui um un ung uôc uôi uôm uôn uông uôt up ut" +
	" uân uâng uât uây uê uêch uên uênh uêt uêu uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu" +
	" ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu" +
	" y "

// rimesQu are what follows qu, whose u is the glide itself.
const rimesQu = " a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây" +
	" e en eo et ê êch ên ênh êt êu i ich in inh it iu ôc ơ ơi ơn y ych yên yêt yn ynh yp yt yu "

// findRime looks a bare spelling up in a row; padded has a space on either side. It
// gives the piece of the row, so that nothing is copied.
func findRime(row string, padded []byte) (string, bool) {
	i := strings.Index(row, string(padded))
	if i < 0 {
		return "", false
	}
	return row[i+1 : i+len(padded)-1], true
}

// stopped reports whether a rime ends in p, t, c or ch: such take only sắc and nặng.
func stopped(rime string) bool {
	switch rime[len(rime)-1] {
	case 'p', 't', 'c':
		return true
	case 'h':
		return strings.HasSuffix(rime, "ch")
	}
	return false
}

// glided reports whether a rime has a rounded glide before its vowel.
func glided(rime string) bool {
	for _, head := range [...]string{"oa", "oă", "oe", "uâ", "uê", "uơ", "uy"} {
		if strings.HasPrefix(rime, head) {
			return true
		}
	}
	return false
}

// isFront reports whether a rime begins with one of the vowels before which k, gh and
// ngh are written in place of c, g and ng.
func isFront(rime string) bool {
	return rime[0] == 'i' || rime[0] == 'e' || strings.HasPrefix(rime, "ê")
}

// agree reports whether an onset and a rime may stand beside each other by the rules
// of spelling. The rime is that of the table: iê also where yê is written.
func agree(onset, rime string) bool {
	if rime == "y" {
		switch onset {
		case "", "d", "h", "k", "l", "m", "n", "qu", "s", "t", "th", "v":
			return true
		}
		return false
	}
	switch onset {
	case "c":
		return !isFront(rime) && !glided(rime)
	case "k", "gh", "ngh":
		return isFront(rime)
	case "g", "ng":
		return !isFront(rime)
	case "gi":
		return rime != "ia" && rime != "iu" && (rime == "ê" || !strings.HasPrefix(rime, "ê"))
	case "qu":
		return strings.Contains(rimesQu, " "+rime+" ")
	}
	return true
}

// spots gives the letters of a rime, counted from 0, that carry the tone: as the
// schools and dictionaries of old have it (hòa, thủy), and as later ones do (hoà,
// thuỷ). They differ in the open rimes oa, oe and uy alone.
func spots(rime string) (old, modern int) {
	vowels, letters := 0, 0
	for _, r := range rime {
		if isVowel(r) {
			vowels++
		}
		letters++
	}
	switch {
	case vowels == 1:
		return 0, 0
	case letters > vowels:
		return vowels - 1, vowels - 1
	case rime == "oa", rime == "oe", rime == "uy":
		return 0, 1
	case glided(rime), vowels == 3:
		return 1, 1
	}
	return 0, 0
}
