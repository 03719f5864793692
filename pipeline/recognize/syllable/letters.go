package syllable

import "strings"

// Tone is one of the six tones (thanh điệu), in the order of dictionaries.
type Tone uint8

// The tones by their names; Ngang is written without a mark.
const (
	Ngang Tone = iota
	Huyen
	Hoi
	Nga
	Sac
	Nang
)

// tones is the number of tones.
const tones = 6

// String gives the Vietnamese name of the tone.
func (t Tone) String() string {
	switch t {
	case Ngang:
		return "ngang"
	case Huyen:
		return "huyền"
	case Hoi:
		return "hỏi"
	case Nga:
		return "ngã"
	case Sac:
		return "sắc"
	case Nang:
		return "nặng"
	}
	return "?"
}

// bare takes the tone mark off a lower-case letter; the marks that make another
// vowel (ă â ê ô ơ ư) stay.
//
//nolint:gocyclo // a table of the vowels, which the compiler makes a search of
func bare(r rune) rune {
	switch r {
	case 'à', 'ả', 'ã', 'á', 'ạ':
		return 'a'
	case 'ằ', 'ẳ', 'ẵ', 'ắ', 'ặ':
		return 'ă'
	case 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ':
		return 'â'
	case 'è', 'ẻ', 'ẽ', 'é', 'ẹ':
		return 'e'
	case 'ề', 'ể', 'ễ', 'ế', 'ệ':
		return 'ê'
	case 'ì', 'ỉ', 'ĩ', 'í', 'ị':
		return 'i'
	case 'ò', 'ỏ', 'õ', 'ó', 'ọ':
		return 'o'
	case 'ồ', 'ổ', 'ỗ', 'ố', 'ộ':
		return 'ô'
	case 'ờ', 'ở', 'ỡ', 'ớ', 'ợ':
		return 'ơ'
	case 'ù', 'ủ', 'ũ', 'ú', 'ụ':
		return 'u'
	case 'ừ', 'ử', 'ữ', 'ứ', 'ự':
		return 'ư'
	case 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ':
		return 'y'
	}
	return r
}

// toneOf gives the tone that a lower-case letter carries.
func toneOf(r rune) Tone {
	switch r {
	case 'à', 'ằ', 'ầ', 'è', 'ề', 'ì', 'ò', 'ồ', 'ờ', 'ù', 'ừ', 'ỳ':
		return Huyen
	case 'ả', 'ẳ', 'ẩ', 'ẻ', 'ể', 'ỉ', 'ỏ', 'ổ', 'ở', 'ủ', 'ử', 'ỷ':
		return Hoi
	case 'ã', 'ẵ', 'ẫ', 'ẽ', 'ễ', 'ĩ', 'õ', 'ỗ', 'ỡ', 'ũ', 'ữ', 'ỹ':
		return Nga
	case 'á', 'ắ', 'ấ', 'é', 'ế', 'í', 'ó', 'ố', 'ớ', 'ú', 'ứ', 'ý':
		return Sac
	case 'ạ', 'ặ', 'ậ', 'ẹ', 'ệ', 'ị', 'ọ', 'ộ', 'ợ', 'ụ', 'ự', 'ỵ':
		return Nang
	}
	return Ngang
}

// toned puts a tone on a bare lower-case vowel; other letters stay as they are.
func toned(vowel rune, t Tone) rune {
	const rows = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
	if !isVowel(vowel) {
		return vowel
	}
	for _, r := range rows[strings.IndexRune(rows, vowel):] {
		if t == 0 {
			return r
		}
		t--
	}
	return vowel
}

// isVowel reports whether a bare lower-case letter is one of the twelve vowels.
func isVowel(r rune) bool {
	switch r {
	case 'a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y':
		return true
	}
	return false
}

// lower gives the lower-case form of a letter of the Vietnamese alphabet, much
// faster than the tables of all alphabets; other runes stay as they are.
func lower(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z', r >= 'À' && r <= 'Ý':
		return r + 'a' - 'A'
	case r >= 'Ạ' && r <= 'ỹ':
		return r | 1
	case r == 'Ă', r == 'Đ', r == 'Ĩ', r == 'Ũ', r == 'Ơ':
		return r + 1
	case r == 'Ư':
		return 'ư'
	}
	return r
}

// upper is the inverse of lower.
func upper(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'à' && r <= 'ý':
		return r + 'A' - 'a'
	case r >= 'Ạ' && r <= 'ỹ':
		return r &^ 1
	case r == 'ă', r == 'đ', r == 'ĩ', r == 'ũ', r == 'ơ':
		return r - 1
	case r == 'ư':
		return 'Ư'
	}
	return r
}

// marked reports whether a lower-case letter has a mark that no other language in
// these papers writes often: it is Vietnamese or misread.
func marked(r rune) bool { return r >= 0x80 && (r == 'đ' || isVowel(bare(r))) }
