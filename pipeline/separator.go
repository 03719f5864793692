package pipeline

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// Separator (tờ phân cách) is what a separator sheet in a stack of papers says: the next
// paper begins here. It may also say of which dossier that paper is and what it is in it.
//
// A sheet says it in codes of its own, in letters that a QR code packs most tightly:
//
//	HOSO 1 . D C . H42.15-20221011-0000001 * K7P
//	     │   │ │   │                         └ check: 15 bits of a CRC-32 over what stands before, in base 32
//	     │   │ │   └ the dossier number as printed; left out with its dot if the sheet names none
//	     │   │ └ the paper is a C component, O output or R result; 0 says nothing
//	     │   └ the sheet is D dropped or K kept as the first page of its paper
//	     └ version of this grammar
//
// without the spaces. Name and check together keep any other code from being taken for one;
// nothing personal is in it.
type Separator struct {
	Dossier DossierNumber // zero if the sheet names none
	Kind    Kind          // "" if it says nothing
	Keep    bool          // the sheet is a page of the paper; otherwise it is dropped
}

// ReasonSheetUnreadable is the code of the question what a page is that looks like a
// separator sheet and cannot be read.
const ReasonSheetUnreadable = "sheet-unreadable"

// The errors of reading a separator's text.
var (
	ErrSeparator        = errors.New("not the text of a separator sheet")
	ErrSeparatorVersion = errors.New("a separator sheet of a version that is not known")
)

const (
	separatorName    = "HOSO"
	separatorVersion = "1"
)

// separatorKinds gives the letter of each kind.
func separatorKinds() map[Kind]string {
	return map[Kind]string{"": "0", Component: "C", Output: "O", Result: "R"}
}

// String gives the text for the codes of a sheet: capitals, digits and .-*, at most 48 of
// them.
func (s Separator) String() string {
	fate := "D"
	if s.Keep {
		fate = "K"
	}
	text := separatorName + separatorVersion + "." + fate + separatorKinds()[s.Kind]
	if !s.Dossier.IsZero() {
		text += "." + strings.ToUpper(s.Dossier.String())
	}
	return text + "*" + separatorCheck(text)
}

// separatorCheck gives three digits of base 32.
func separatorCheck(text string) string {
	sum := crc32.ChecksumIEEE([]byte(text))
	return string([]byte{crockford[sum>>10&31], crockford[sum>>5&31], crockford[sum&31]})
}

// ParseSeparator reads the text of a code. It gives ErrSeparatorVersion for a sheet that a
// later hoso printed, and ErrSeparator for any other text.
func ParseSeparator(text string) (Separator, error) {
	body, check, ok := strings.Cut(text, "*")
	if !ok || !strings.HasPrefix(body, separatorName) || check != separatorCheck(body) {
		return Separator{}, fmt.Errorf("reading %.60q: %w", text, ErrSeparator)
	}
	version, rest, _ := strings.Cut(body[len(separatorName):], ".")
	if version != separatorVersion {
		return Separator{}, fmt.Errorf("reading %.60q: %w", text, ErrSeparatorVersion)
	}
	s, err := separatorOf(rest)
	if err != nil || s.String() != text {
		return Separator{}, fmt.Errorf("reading %.60q: %w", text, ErrSeparator)
	}
	return s, nil
}

// separatorOf reads what stands between version and check. Its caller sees to it that it
// would be written just so.
func separatorOf(body string) (Separator, error) {
	letters, number, _ := strings.Cut(body, ".")
	s := Separator{Keep: strings.HasPrefix(letters, "K")}
	for kind, letter := range separatorKinds() {
		if strings.HasSuffix(letters, letter) {
			s.Kind = kind
		}
	}
	err := s.Dossier.UnmarshalText([]byte(number))
	return s, err
}
