package separator

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// Measures of a sheet that is told by its words.
const (
	mostWords = 110 // our sheet with all that is printed on it has 80; pages of text have more
	fewWords  = 15  // with which the title may be of any size
	titleHigh = 20  // points from which letters are those of a title of a sheet
	titleOff  = 2   // letters of the title that may be misread
	beginsOff = 6   // likewise of what stands below it
)

// What stands on a sheet, see bare.
const (
	title = "tophancach"
	heart = "phancac" // what streaks at its ends leave of it
	after = "giaytomoibatdaututrangsautonay"
	from  = "giaytomoibatdautuchinhtonay"
)

// Written gives what the text below the codes of a scanned sheet says, and where it stands,
// for sheets whose codes cannot be read. It counts only with a right check, on a page with
// room for little else: instructions may show such a text.
func Written(p pipeline.Page) (pipeline.Separator, pipeline.Box, bool) {
	if count(p) > mostWords {
		return pipeline.Separator{}, pipeline.Box{}, false
	}
	form := written()
	for _, line := range p.Lines {
		for _, text := range readings(form, joined(line)) {
			if s, err := pipeline.ParseSeparator(text); err == nil {
				return s, boxOf(line), true
			}
		}
	}
	return pipeline.Separator{}, pipeline.Box{}, false
}

// Seems reports whether a scanned page plainly is a separator sheet, whatever its codes say:
// its title or another of its lines stands on it, and hardly anything else. Text that
// mentions such sheets does not make one.
func Seems(p pipeline.Page) bool {
	words := count(p)
	if p.Origin == pipeline.Digital || words > mostWords {
		return false
	}
	form := written()
	for _, line := range p.Lines {
		text := bare(line)
		switch {
		case titled(text) && (words <= fewWords || high(p, line) >= titleHigh):
			return true
		case near(text, after, beginsOff), near(text, from, beginsOff):
			return true
		case form.MatchString(joined(line)):
			return true
		}
	}
	return false
}

// titled reports whether a line is the title of a sheet.
func titled(text string) bool {
	return near(text, title, titleOff) || strings.Contains(text, heart) && len(text) <= len(title)+titleOff
}

// written is the form of the text of a sheet (see pipeline.Separator) as it may be
// recognized: letters and digits that look alike are taken for each other.
func written() *regexp.Regexp {
	return regexp.MustCompile(`H[O0Q]S[O0Q][1IL|]\W?([DK])([CO0QR])(?:[.,]([0-9A-Z.,|–—-]*))?[^0-9A-Z]?([0-9A-Z]{3})\W?$`)
}

// readings gives the texts that a line may have been. Few are tried, since each may have a
// right check by chance, once in 32768 times.
func readings(form *regexp.Regexp, line string) []string {
	m := form.FindStringSubmatch(line)
	if m == nil {
		return nil
	}
	digits := strings.NewReplacer("O", "0", "Q", "0", "I", "1", "L", "1", "|", "1", ",", ".", "–", "-", "—", "-")
	number, check := digits.Replace(m[3]), digits.Replace(m[4])
	if number != "" {
		number = "." + number
	}
	kinds := []string{m[2]}
	if m[2] != "R" {
		kinds = []string{"O", "0", "C"}
	}
	var all []string
	for _, kind := range kinds {
		all = append(all, "HOSO1."+m[1]+kind+number+"*"+check)
	}
	return all
}

// count gives the number of words on a page.
func count(p pipeline.Page) (n int) {
	for _, line := range p.Lines {
		n += len(line.Words)
	}
	return n
}

// joined is a line in capitals without spaces.
func joined(line pipeline.Line) string {
	var b strings.Builder
	for _, w := range line.Words {
		b.WriteString(strings.ToUpper(w.Text))
	}
	return strings.ReplaceAll(b.String(), " ", "")
}

// bare is the letters of a line, small and without marks.
func bare(line pipeline.Line) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'Đ':
			return 'd'
		case unicode.IsLetter(r):
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(joined(line)))
}

// near reports whether a text is another one, but for so many letters.
func near(text, want string, off int) bool {
	return len(text) <= len(want)+off && len(text) >= len(want)-off && levenshtein.ComputeDistance(text, want) <= off
}

// high gives the height in points of the highest word of a line.
func high(p pipeline.Page, line pipeline.Line) float64 {
	most := 0
	for _, w := range line.Words {
		most = max(most, w.Box.Y1-w.Box.Y0)
	}
	return float64(most) * p.HeightPt / float64(max(p.Height, 1))
}

// boxOf gives the place of a line.
func boxOf(line pipeline.Line) pipeline.Box {
	var box pipeline.Box
	for _, w := range line.Words {
		box = box.Union(w.Box)
	}
	return box
}
