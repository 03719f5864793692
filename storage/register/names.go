package register

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode"

	"hoso/pipeline"
	"hoso/storage/catalog/fold"
)

// Match is an agency that a printed name may mean. Score is 100 for a name that is the
// same but for capitals, abbreviations and the place of tone marks, and less for each
// letter and tone that differ.
type Match struct {
	Agency pipeline.Agency `json:"agency"`
	Score  float64         `json:"score"`
}

// printed is one way in which the name of an entry may be printed.
type printed struct {
	entry int
	key   []rune
	bag   uint64 // the letters that occur
}

// index collects the ways of printing every entry: its name, its other names, and each
// of them behind the name of the agency above, as letterheads have it.
func (r *Register) index() {
	for i, a := range r.entries {
		keys := map[string]bool{}
		for _, own := range append([]string{a.Name}, a.Aliases...) {
			k := key(own)
			keys[k] = true
			for _, above := range aboves(a) {
				for _, p := range r.byCode[above] {
					keys[key(p.Name)+k] = true
				}
			}
		}
		for k := range keys {
			if k != "" {
				r.exact[k] = append(r.exact[k], len(r.names))
				r.names = append(r.names, printed{entry: i, key: []rune(k), bag: bag(k)})
			}
		}
	}
}

// What letters and tones that differ cost. Half a letter is a tone mark, or the mark
// that makes another letter of one.
const (
	markOff   = 1
	letterOff = 2
	never     = 100 // a figure: Phường 1 is not Phường 2
)

// allowed is how much may differ in a name of so many letters and tones: a letter, or
// two tones; two letters from 24 on, as most names with the agency above have.
func allowed(length int) int {
	if length >= 24 {
		return 2 * letterOff
	}
	return letterOff
}

// Named gives the agencies that a printed name may mean on a day, the likeliest first;
// no day asks for all times. Where one has exactly the name it is the only one, unless
// several do. Otherwise all are given that are no more than a letter further off than
// the nearest: more than one says that it cannot be told which is meant.
func (r *Register) Named(text string, day pipeline.Day) []Match {
	k := key(text)
	if k == "" {
		return nil
	}
	best := map[int]int{}
	for _, at := range r.exact[k] {
		if r.entries[r.names[at].entry].On(day) {
			best[r.names[at].entry] = 0
		}
	}
	asked := []rune(k)
	if len(best) == 0 {
		r.near(asked, day, best)
	}
	return r.matches(best, len(asked))
}

// near notes the distance of all entries that are near enough.
func (r *Register) near(asked []rune, day pipeline.Day, best map[int]int) {
	limit := allowed(len(asked))
	letters := bag(string(asked))
	var row [longestKey]int
	for i := range r.names {
		p := &r.names[i]
		if abs(len(p.key)-len(asked)) > limit || bits.OnesCount64(p.bag^letters) > 2*limit {
			continue
		}
		d := distance(asked, p.key, row[:], limit)
		if d > limit || !r.entries[p.entry].On(day) {
			continue
		}
		if known, seen := best[p.entry]; !seen || d < known {
			best[p.entry] = d
		}
	}
}

// matches sorts what is near and leaves out what is much further off than the nearest.
func (r *Register) matches(best map[int]int, length int) []Match {
	nearest := never
	for _, d := range best {
		nearest = min(nearest, d)
	}
	var all []Match
	codes := map[string]int{}
	for entry, d := range best {
		if nearest == 0 && d > 0 || d > nearest+letterOff {
			continue
		}
		m := Match{Agency: r.entries[entry], Score: 100 * (1 - float64(d)/float64(letterOff*length))}
		if i, seen := codes[m.Agency.Code]; seen { // another time of the same agency
			if later := m.Agency.From > all[i].Agency.From; m.Score > all[i].Score || m.Score == all[i].Score && later {
				all[i] = m
			}
			continue
		}
		codes[m.Agency.Code] = len(all)
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Agency.Code, b.Agency.Code))
	})
	return all
}

// key is a name as names are compared: words in lower case with their tone behind them
// as a capital, abbreviations written out, without spaces and without the people's
// committee, which the name of a place may go without.
func key(name string) string {
	var all []string
	for w := range fold.Words(name) {
		raw := name[w.Start:w.End]
		long := abbreviation(w.Text)
		if long == "" && strings.HasPrefix(name[w.End:], ".") {
			long = dotted(w.Text)
		}
		all = append(all, expanded(cmp.Or(long, raw))...)
	}
	return strings.Join(withoutCommittee(all), "")
}

// withoutCommittee takes the people's committee out, also one that was read with a
// letter or two wrong.
func withoutCommittee(words []string) []string {
	const committee = "uyCbannhândân"
	var row [longestKey]int
	for size := 4; size >= 3; size-- {
		for i := 0; i+size < len(words); i++ {
			here := []rune(strings.Join(words[i:i+size], ""))
			if distance(here, []rune(committee), row[:], 2*letterOff) <= 2*letterOff {
				words = slices.Delete(slices.Clone(words), i, i+size)
			}
		}
	}
	return words
}

// expanded gives the words of a text with their tones.
func expanded(text string) []string {
	var all []string
	for w := range strings.FieldsSeq(text) {
		all = append(all, toned(w))
	}
	return all
}

// abbreviation writes out those that letterheads and lists use; "" for another word.
func abbreviation(folded string) string {
	switch folded {
	case "ubnd":
		return "ủy ban nhân dân"
	case "hdnd":
		return "hội đồng nhân dân"
	case "tp":
		return "thành phố"
	case "tx":
		return "thị xã"
	case "vp":
		return "văn phòng"
	case "ttpvhcc":
		return "trung tâm phục vụ hành chính công"
	case "hcc":
		return "hành chính công"
	case "gddt":
		return "giáo dục và đào tạo"
	case "tnmt":
		return "tài nguyên và môi trường"
	case "khcn":
		return "khoa học và công nghệ"
	case "vpdkdd":
		return "văn phòng đăng ký đất đai"
	}
	return ""
}

// dotted writes out those that are one only with a dot behind them.
func dotted(folded string) string {
	switch folded {
	case "p":
		return "phường"
	case "q":
		return "quận"
	case "h":
		return "huyện"
	case "x":
		return "xã"
	case "t":
		return "tỉnh"
	case "tt":
		return "thị trấn"
	}
	return ""
}

// toned gives a word with its tone as a capital from A on. Figures stay figures.
func toned(word string) string {
	if strings.IndexFunc(word, unicode.IsDigit) >= 0 {
		return fold.Text(word)
	}
	t := fold.Tone(word)
	if t == "" {
		return ""
	}
	if last := t[len(t)-1]; last >= '1' && last <= '5' {
		return t[:len(t)-1] + string(rune('A'+last-'1'))
	}
	return t
}

// bag tells which letters occur in a key, without marks: a bit for each.
func bag(key string) uint64 {
	var b uint64
	for _, r := range key {
		b |= 1 << (plainLetter(r) & 63)
	}
	return b
}

// plainLetter is a letter of a key without its mark; tones are one and the same.
func plainLetter(r rune) rune {
	switch r {
	case 'ă', 'â':
		return 'a'
	case 'ê':
		return 'e'
	case 'ô', 'ơ':
		return 'o'
	case 'ư':
		return 'u'
	case 'đ':
		return 'd'
	}
	if tone(r) {
		return 'A'
	}
	return r
}

func tone(r rune) bool { return r >= 'A' && r <= 'E' }

// change is what taking a for b costs; 0 stands for nothing.
func change(a, b rune) int {
	switch {
	case a == b:
		return 0
	case unicode.IsDigit(a) || unicode.IsDigit(b):
		return never
	case (a == 0 || tone(a)) && (b == 0 || tone(b)), plainLetter(a) == plainLetter(b):
		return markOff
	}
	return letterOff
}

// longestKey bounds what a distance is worked out for; no name comes near it.
const longestKey = 512

// distance is what the cheapest way from a to b costs, or more than limit. The row is
// room to work in. Each step aside of the diagonal costs 1 at least, so that only a band
// of limit to both sides of it is looked at.
func distance(a, b []rune, row []int, limit int) int {
	if len(b) >= len(row) || abs(len(a)-len(b)) > limit {
		return limit + 1
	}
	row[0] = 0
	for j := range min(len(b), limit) {
		row[j+1] = row[j] + change(0, b[j])
	}
	for j := limit + 1; j <= len(b); j++ {
		row[j] = never
	}
	for i, x := range a {
		from, to := max(0, i+1-limit), min(len(b), i+1+limit)
		left := row[max(0, from-1)]
		least := never
		if from == 0 {
			left = row[0]
			row[0] += change(x, 0)
			least = row[0]
		} else {
			row[from-1] = never
		}
		for j := max(1, from); j <= to; j++ {
			d := min(left+change(x, b[j-1]), row[j]+change(x, 0), row[j-1]+change(0, b[j-1]))
			left, row[j] = row[j], d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}

func abs(n int) int { return max(n, -n) }
