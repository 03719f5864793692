package bench

import (
	"slices"
	"strings"

	"hoso/pipeline"
)

// Calibration says how far the confidence of a word can be believed.
type Calibration struct {
	Words int     `json:"words"`
	Right float64 `json:"right"` // share of the words
	Mean  float64 `json:"mean"`  // confidence, 0 to 1
	// Error is the expected calibration error: what confidence and share of right
	// words differ by in a bin, as the mean over the words.
	Error float64 `json:"expected_error"`
	Bins  []Bin   `json:"bins"`
}

// Bin is the words whose confidence is at least From and below To (0 to 100; the last
// bin holds 100 too).
type Bin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Words int     `json:"words"`
	Mean  float64 `json:"mean"`  // confidence, 0 to 1
	Right float64 `json:"right"` // share of the words
}

// Judged is a word that was read, and whether it is right.
type Judged struct {
	Text       string
	Confidence float64 // 0 to 100
	Right      bool

	from, to int // where it stands among the letters that were read
}

// Calibrate sorts words into bins, which are narrow where nearly all words are.
func Calibrate(words []Judged) Calibration {
	var c Calibration
	borders := []float64{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 100}
	for i := range len(borders) - 1 {
		c.Bins = append(c.Bins, Bin{From: borders[i], To: borders[i+1]})
	}
	for _, w := range words {
		at := slices.IndexFunc(c.Bins, func(b Bin) bool { return w.Confidence < b.To })
		if at < 0 {
			at = len(c.Bins) - 1
		}
		b := &c.Bins[at]
		b.Words++
		b.Mean += w.Confidence / 100
		if w.Right {
			b.Right++
		}
	}
	for i := range c.Bins {
		b := &c.Bins[i]
		c.Words, c.Right, c.Mean = c.Words+b.Words, c.Right+b.Right, c.Mean+b.Mean
		c.Error += max(b.Mean-b.Right, b.Right-b.Mean)
		b.Mean, b.Right = b.Mean/float64(max(b.Words, 1)), b.Right/float64(max(b.Words, 1))
	}
	all := float64(max(c.Words, 1))
	c.Right, c.Mean, c.Error = c.Right/all, c.Mean/all, c.Error/all
	return c
}

// Judge tells of each word that was read whether it is right: equal, as print is, to
// a word of the truth that no other word was matched with. Words are matched first
// within the piece that a line of the truth was laid on, in their order; what is left
// over then matches in any order, as in WER. What does not stand in the truth, such
// as the letters of a seal, is wrong. Leader dots are no words.
func Judge(truth string, pages []pipeline.Page) []Judged {
	words, text := judged(pages)
	taken := make([]bool, len(words))
	var missing []string
	for _, line := range lay(linesOf(truth), text) {
		want := strings.Fields(string(line.Want))
		matched := match(want, words, within(words, taken, line.from, line.to))
		for i, at := range matched {
			if at < 0 {
				missing = append(missing, want[i])
			} else {
				words[at].Right = true
			}
		}
	}
	left := bag(strings.Join(missing, " "))
	for i := range words {
		if w := &words[i]; !w.Right && left[w.Text] > 0 {
			left[w.Text]--
			w.Right = true
		}
	}
	return words
}

// judged gives the words of pages as the scorer sees them, and their letters with
// spaces between.
func judged(pages []pipeline.Page) ([]Judged, []rune) {
	var words []Judged
	var text []rune
	for _, page := range pages {
		for _, line := range page.Lines {
			for _, w := range line.Words {
				for word := range strings.FieldsSeq(plain(w.Text)) {
					if strings.Trim(word, "._") == "" {
						continue
					}
					if len(text) > 0 {
						text = append(text, ' ')
					}
					from := len(text)
					text = append(text, []rune(word)...)
					words = append(words, Judged{Text: word, Confidence: float64(w.Confidence), from: from, to: len(text)})
				}
			}
		}
	}
	return words, text
}

// within are the words of which more than half lies between from and to, and that no
// earlier line has; it takes them.
func within(words []Judged, taken []bool, from, to int) []int {
	var list []int
	for i, w := range words {
		if common := min(w.to, to) - max(w.from, from); common*2 > w.to-w.from && !taken[i] {
			taken[i] = true
			list = append(list, i)
		}
	}
	return list
}

// match finds the longest sequence of words that want and the words at the places
// have in common: for each of want its place, or -1.
func match(want []string, words []Judged, places []int) []int {
	length := make([][]int, len(want)+1)
	for i := range length {
		length[i] = make([]int, len(places)+1)
	}
	for i, w := range slices.Backward(want) {
		for j, place := range slices.Backward(places) {
			length[i][j] = max(length[i+1][j], length[i][j+1])
			if w == words[place].Text {
				length[i][j] = max(length[i][j], 1+length[i+1][j+1])
			}
		}
	}
	found := make([]int, len(want))
	for i, j := 0, 0; i < len(want); {
		switch {
		case j < len(places) && want[i] == words[places[j]].Text && length[i][j] == 1+length[i+1][j+1]:
			found[i] = places[j]
			i, j = i+1, j+1
		case j < len(places) && length[i][j] == length[i][j+1]:
			j++
		default:
			found[i] = -1
			i++
		}
	}
	return found
}

// calibration is over all files of a contender that tells its words.
func calibration(samples []Sample, all []outcome) *Calibration {
	var words []Judged
	for i, o := range all {
		if o.done && samples[i].Known && o.first.read != nil {
			words = append(words, Judge(strings.Join(append([]string{samples[i].Truth}, samples[i].Stamps...), "\n"), o.first.read)...)
		}
	}
	if len(words) == 0 {
		return nil
	}
	c := Calibrate(words)
	return &c
}
