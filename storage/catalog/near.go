package catalog

import (
	"context"
	"maps"
	"slices"
	"strings"

	"hoso/pipeline"
)

const (
	// nearBelow is up to how many papers with the very words asked for those with a
	// letter wrong are looked for as well. Who has found more narrows them down.
	nearBelow = 200
	// mostNear caps how many of those are counted.
	mostNear = 201
	// mostVaried bounds how many words of a question may have a letter wrong, one at a
	// time.
	mostVaried = 12
	// freely is how many letters a word must have for any of them to be wrong. Shorter
	// ones are one letter away from half of all syllables: they are forgiven only what
	// recognizers take for each other.
	freely = 4
)

// confusions are what recognizers take for each other, of folded letters.
const confusions = "rn m,nn m,cl d,li h,ii u,vv w,c e,i l,n u,h b,f t,0 o,1 l,1 i,2 z,5 s,6 b,8 b,9 g"

// oneAway gives the words that a folded word may stand for if one letter of it is wrong.
// Numbers are left alone: there every digit is right or means another.
func oneAway(word string) []string {
	if len(word) < 2 || strings.Trim(word, "0123456789") == "" || strings.ContainsFunc(word, func(r rune) bool { return r >= 0x80 }) {
		return nil
	}
	found := make(map[string]bool)
	for pair := range strings.SplitSeq(confusions, ",") {
		a, b, _ := strings.Cut(pair, " ")
		confuse(word, a, b, found)
		confuse(word, b, a, found)
	}
	if len(word) >= freely {
		edit(word, found)
	}
	delete(found, word)
	return slices.Sorted(maps.Keys(found))
}

// confuse adds the words in which one was is taken for is.
func confuse(word, was, is string, found map[string]bool) {
	for i := range word {
		if strings.HasPrefix(word[i:], was) {
			found[word[:i]+is+word[i+len(was):]] = true
		}
	}
}

// edit adds the words that are one letter changed, added, missing or exchanged away.
func edit(word string, found map[string]bool) {
	for i := range len(word) + 1 {
		head, tail := word[:i], word[i:]
		for letter := 'a'; letter <= 'z'; letter++ {
			found[head+string(letter)+tail] = true
			if tail != "" {
				found[head+string(letter)+tail[1:]] = true
			}
		}
		if tail != "" {
			found[head+tail[1:]] = true
		}
		if len(tail) > 1 {
			found[head+tail[1:2]+tail[:1]+tail[2:]] = true
		}
	}
}

// forgiven gives q with the words that may stand for each of its own.
func (q question) forgiven() question {
	q.parts = slices.Clone(q.parts)
	varied := 0
	for i, p := range q.parts {
		q.parts[i].alike = make([]map[string]bool, len(p.words))
		for j, w := range p.words {
			all := oneAway(w)
			if len(all) == 0 || varied == mostVaried {
				continue
			}
			varied++
			q.parts[i].alike[j] = make(map[string]bool, len(all))
			for _, a := range all {
				q.parts[i].alike[j][a] = true
			}
		}
	}
	return q
}

// slip is a word of a question that stands for others.
type slip struct {
	part, word int
	instead    []string
}

func (q question) slips() []slip {
	var all []slip
	for i, p := range q.parts {
		for j, alike := range p.alike {
			if len(alike) > 0 {
				all = append(all, slip{i, j, slices.Sorted(maps.Keys(alike))})
			}
		}
	}
	return all
}

// known leaves of the words that may be meant those that can find something: none for a
// word that papers have beside one that they have not, since only one may be wrong, and
// only words that some paper has, if the engine is quicker for being asked so.
func (c *Catalog) known(ctx context.Context, q question) error {
	missing, err := c.missing(ctx, q)
	if err != nil {
		return err
	}
	for _, p := range q.parts {
		for j, alike := range p.alike {
			others := len(missing)
			if missing[p.words[j]] {
				others--
			}
			switch {
			case len(alike) == 0:
			case others > 0: // a paper would need more than one letter wrong
				p.alike[j] = nil
			case c.engine.sift:
				if p.alike[j], err = c.existing(ctx, slices.Sorted(maps.Keys(alike))); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// missing gives the words of q that no paper has.
func (c *Catalog) missing(ctx context.Context, q question) (map[string]bool, error) {
	var all []string
	for _, p := range q.parts {
		if len(p.number) == 0 { // which is found by its mark
			all = append(all, p.words...)
		}
	}
	there, err := c.existing(ctx, all)
	missing := make(map[string]bool)
	for _, w := range all {
		if !there[w] {
			missing[w] = true
		}
	}
	return missing, err
}

// existing gives those of words that some paper has.
func (c *Catalog) existing(ctx context.Context, words []string) (map[string]bool, error) {
	found := make(map[string]bool)
	if len(words) == 0 {
		return found, nil
	}
	query := "SELECT wanted.value FROM " + c.engine.list("$1") + " AS wanted WHERE " + c.engine.vocabulary
	there, err := collect(ctx, c.read, scanText, query, array(words))
	for _, a := range there {
		found[a] = true
	}
	return found, err
}

// forgiving is find, and after the papers with the words asked for come those that have
// one letter wrong. If there are none but these, it leaves the question of them in s.
func (c *Catalog) forgiving(ctx context.Context, s *search) (pipeline.Found, error) {
	var found pipeline.Found
	var err error
	if s.from.near {
		found.Total, err = c.total(ctx, *s, mostTotal)
	} else {
		found, err = c.find(ctx, *s)
	}
	if err != nil || found.Total > nearBelow || len(s.asked.parts) == 0 || s.symbol != "" {
		return found, err
	}
	near := *s
	near.asked, near.exactly = s.asked.forgiven(), nil
	if err := c.known(ctx, near.asked); err != nil || len(near.asked.slips()) == 0 {
		return found, err
	}
	if err := c.gather(ctx, &near, mostNear); err != nil {
		return found, err
	}
	if err := c.addNear(ctx, near, &found); err != nil {
		return found, err
	}
	if found.Near == found.Total && found.Near > 0 {
		*s = near
	}
	return found, nil
}

// addNear fills the page up with papers that have a letter wrong, newest first.
func (c *Catalog) addNear(ctx context.Context, near search, found *pipeline.Found) error {
	first := !near.from.near
	if first {
		near.from.near, near.from.place = true, 0
	}
	if near.Limit -= len(found.Hits); found.Next != "" || near.Limit <= 0 {
		return c.countNear(ctx, near, found)
	}
	page, err := c.pageNewest(ctx, near)
	if err != nil {
		return err
	}
	for _, h := range page.Hits {
		h.Near = true
		found.Hits = append(found.Hits, h)
	}
	if found.Next = page.Next; first && page.Next == "" {
		found.Near = len(page.Hits)
		found.Total += found.Near
		return nil
	}
	return c.countNear(ctx, near, found)
}

// countNear counts the papers that have a letter wrong. If there are any, and the page
// holds none of them for want of room, the next one begins with them.
func (c *Catalog) countNear(ctx context.Context, near search, found *pipeline.Found) (err error) {
	found.Near, err = c.total(ctx, near, mostNear)
	found.Total += found.Near
	if near.Limit <= 0 && found.Next == "" && found.Near > 0 {
		found.Next = near.from.String()
	}
	return err
}

// mostPerhaps bounds the numbers that are offered instead of one that nobody has.
const mostPerhaps = 5

// perhaps gives the numbers that differ in one digit from the whole one that the box most
// likely is. What was typed and what was read can both be wrong.
func (c *Catalog) perhaps(ctx context.Context, base search, all []meaning) ([]string, error) {
	if len(all) == 0 {
		return nil, nil
	}
	s := base
	all[0].apply(&s)
	s.from, s.Limit = token{}, mostLimit
	value := func(p pipeline.Paper) string { return p.Dossier.String() }
	switch {
	case s.whole != "":
		s.spans, s.whole = otherDigits(s.whole), ""
	case s.by.column == "papers.holder" && len(s.by.spans) == 1 && s.by.spans[0].high == "":
		s.by.spans = otherDigits(s.by.spans[0].low)
		value = func(p pipeline.Paper) string { return keysOf(p).holder }
	default:
		return nil, nil
	}
	page, err := c.pageNewest(ctx, s)
	var offered []string
	for _, h := range page.Hits {
		if v := value(h.Paper); !slices.Contains(offered, v) && len(offered) < mostPerhaps {
			offered = append(offered, v)
		}
	}
	return offered, err
}

// otherDigits gives the numbers with one digit another, or two neighbours exchanged.
func otherDigits(s string) []span {
	isDigit := func(i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }
	var all []span
	for i := range len(s) {
		if !isDigit(i) {
			continue
		}
		for d := byte('0'); d <= '9'; d++ {
			if d != s[i] {
				all = append(all, span{low: s[:i] + string(d) + s[i+1:]})
			}
		}
		if isDigit(i+1) && s[i] != s[i+1] {
			all = append(all, span{low: s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]})
		}
	}
	return all
}
