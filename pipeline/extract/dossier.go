package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

// The grammar of pipeline.DossierNumber as a recognizer may deliver it: with spaces
// and one line break inside, with any dash, and with letters in the places of digits
// that look like them. The counter is taken with spaces only if it is too short
// without, since an amount may follow it.
const (
	gap      = `\s?`
	digit    = `[0-9OoQDĐIil|!\]SsBZz]`
	dot      = gap + `[.,·]` + gap
	dash     = gap + `[-‐‑‒–—―−]{1,2}` + gap
	province = `[A-Za-zĐđ]` + gap + digit + gap + digit
	oldCode  = digit + gap + digit + gap + digit + dot + digit + gap + digit + dot + digit + gap + digit + dot + province
	newCode  = province + `(?:` + dot + digit + gap + digit + `(?:` + gap + digit + `)?){0,4}`
	date     = digit + `(?:` + gap + digit + `){5,7}`
	counter  = digit + `{4,7}|` + digit + `(?:` + gap + digit + `){3,6}`
)

var (
	numberLike = regexp.MustCompile(`(` + oldCode + `|` + newCode + `)` + dash + `(` + date + `)` + dash + `(` + counter + `)`)
	label      = regexp.MustCompile(`(?:MA (?:SO )?(?:HO SO|BIEN NHAN)|SO (?:HO SO|BIEN NHAN)|HO SO SO|BIEN NHAN SO|MA SO)(?: TTHC| DIEN TU)?\s*[:.;,]?\s*$`)
)

const (
	repairCost = 6    // percent of confidence per letter taken for a digit
	repairsMax = 5    // of one number; more is no reading any more
	unlabelled = 0.85 // how much a number without a label is trusted
)

// candidate is a number found at one place.
type candidate struct {
	pipeline.Field
	number   pipeline.DossierNumber
	labelled bool
}

// FindDossierNumbers gives every different dossier number on pages, the best first:
// those that a code names (ByQR), then those after a label ("Mã hồ sơ:") before bare ones, earlier pages before later,
// surer before less sure. Letters that look like digits are read as digits where the
// grammar has a digit, which costs confidence. A number whose day lies after today
// is misread and left out. Value is the number as printed.
func FindDossierNumbers(pages []pipeline.Page, today time.Time) []pipeline.Field {
	var coded, found []candidate
	for _, p := range pages {
		coded = append(coded, inCodes(p, today)...)
		found = append(found, onPage(p, today)...)
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.labelled != b.labelled {
			if a.labelled {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Page, b.Page), cmp.Compare(b.Confidence, a.Confidence))
	})
	var fields []pipeline.Field
	seen := map[string]bool{}
	for _, c := range append(coded, found...) {
		if !seen[c.number.Key()] {
			seen[c.number.Key()] = true
			fields = append(fields, c.Field)
		}
	}
	return fields
}

// run is the text of a page in one piece, with the word that each byte belongs to.
type run struct {
	text  string
	words []pipeline.Word
	owner []int // per byte; -1 between words
}

func runOf(p pipeline.Page) run {
	var r run
	var b strings.Builder
	put := func(s string, owner int) {
		b.WriteString(s)
		for range len(s) {
			r.owner = append(r.owner, owner)
		}
	}
	for _, l := range p.Lines {
		for i, w := range l.Words {
			if i > 0 {
				put(" ", -1)
			}
			r.words = append(r.words, w)
			put(spaced(norm.NFC.String(w.Text)), len(r.words)-1)
		}
		put("\n", -1)
	}
	r.text = b.String()
	return r
}

// spaced makes every kind of space a plain one.
func spaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, s)
}

func onPage(p pipeline.Page, today time.Time) []candidate {
	r := runOf(p)
	var found []candidate
	for from := 0; from < len(r.text); {
		m := numberLike.FindStringSubmatchIndex(r.text[from:])
		if m == nil {
			break
		}
		for i := range m {
			m[i] += from
		}
		c, ok := r.candidate(p, m)
		if ok && !c.number.Day().After(today) {
			found = append(found, c)
			from = m[1]
			continue
		}
		_, size := utf8.DecodeRuneInString(r.text[m[0]:])
		from = m[0] + size
	}
	return found
}

// candidate judges one match: m holds the places of the whole, the unit, the date
// and the counter.
func (r run) candidate(p pipeline.Page, m []int) (candidate, bool) {
	if !r.standsAlone(m[0], m[1]) || strings.Count(r.text[m[0]:m[1]], "\n") > 1 {
		return candidate{}, false
	}
	unit, a := repairUnit(r.text[m[2]:m[3]])
	day, b := repairDigits(r.text[m[4]:m[5]])
	count, c := repairDigits(r.text[m[6]:m[7]])
	repairs := a + b + c
	if repairs > repairsMax {
		return candidate{}, false
	}
	number, err := pipeline.ParseDossierNumber(unit + "-" + day + "-" + count)
	if err != nil {
		return candidate{}, false
	}
	words := r.between(m[0], m[1])
	f := pipeline.Field{
		Name: pipeline.FieldDossier, Value: number.String(), Source: sourceOf(p), Page: p.Number,
		Confidence: max(0, confidence(words)-float32(repairs*repairCost)),
	}
	for _, w := range words {
		f.Box = f.Box.Union(w.Box)
	}
	labelled := r.labelled(m[0])
	if !labelled {
		f.Confidence *= unlabelled
	}
	return candidate{Field: f, number: number, labelled: labelled}, true
}

// standsAlone reports whether a match is not cut out of something longer.
func (r run) standsAlone(from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(r.text[:from])
	after, size := utf8.DecodeRuneInString(r.text[to:])
	if from > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune(".-/", before)) {
		return false
	}
	if to >= len(r.text) {
		return true
	}
	if strings.ContainsRune("-./", after) || isDash(after) {
		after, _ = utf8.DecodeRuneInString(r.text[to+size:])
		return !unicode.IsDigit(after)
	}
	return !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

// labelled reports whether the text before from says that a dossier number follows.
func (r run) labelled(from int) bool {
	const reach = 80
	before := r.text[max(0, from-reach):from]
	words := strings.Join(strings.Fields(fold(before)), " ")
	return label.MatchString(words)
}

// between gives the words that lie wholly or partly in text[from:to].
func (r run) between(from, to int) []pipeline.Word {
	var words []pipeline.Word
	last := -1
	for _, o := range r.owner[from:to] {
		if o >= 0 && o != last {
			words = append(words, r.words[o])
			last = o
		}
	}
	return words
}

// repairUnit gives a unit code with digits where it has digits, and how many letters
// had to be taken for one. The letter of the code stands first, or after the third
// dot in the old form.
func repairUnit(s string) (unit string, repairs int) {
	groups := strings.FieldsFunc(squeeze(s), func(r rune) bool { return strings.ContainsRune(".,·", r) })
	at := 0
	if first, _ := utf8.DecodeRuneInString(groups[0]); len(groups) == 4 && utf8.RuneCountInString(groups[0]) == 3 &&
		asDigit(first) >= 0 && startsWithLetter(groups[3]) {
		at = 3
	}
	for i, g := range groups {
		head := ""
		if i == at {
			first, size := utf8.DecodeRuneInString(g)
			head, g = string(bare(first)), g[size:]
		}
		digits, n := repairDigits(g)
		groups[i] = head + digits
		repairs += n
	}
	return strings.Join(groups, "."), repairs
}

// startsWithLetter reports whether a group of an old code can be its fourth.
func startsWithLetter(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(first) && utf8.RuneCountInString(s) == 3
}

// repairDigits gives the digits of s without spaces, and how many were letters.
func repairDigits(s string) (digits string, repairs int) {
	digits = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		d := asDigit(r)
		if d < 0 {
			return r
		}
		if d != r {
			repairs++
		}
		return d
	}, s)
	return digits, repairs
}

// asDigit gives the digit that r is or looks like, or -1.
func asDigit(r rune) rune {
	switch r {
	case 'O', 'o', 'Q', 'D', 'Đ':
		return '0'
	case 'I', 'i', 'l', 'L', '|', '!', ']':
		return '1'
	case 'Z', 'z':
		return '2'
	case 'S', 's':
		return '5'
	case 'B':
		return '8'
	}
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
