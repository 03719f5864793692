package shelf

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
)

//go:embed shelf.yaml
var shipped []byte

// Shipped is the mapping that comes with hoso, as text.
func Shipped() []byte { return slices.Clone(shipped) }

// Default gives the mapping that comes with hoso.
func Default() *Mapping {
	m, err := Parse(nil)
	if err != nil {
		panic(err) // it is part of the program, and tested
	}
	return m
}

// ErrMapping is returned for a mapping that cannot be used.
var ErrMapping = errors.New("shelf mapping")

// amiss says on which line a mapping cannot be used, why, and what to do.
func amiss(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", ErrMapping, n.Line, fmt.Sprintf(format, args...))
}

// Parse reads a mapping as shelf.yaml beside this file has it. What it does not name is
// as there; a list that it names stands in the place of the list there.
func Parse(text []byte) (*Mapping, error) {
	m := &Mapping{}
	for _, one := range [][]byte{shipped, text} {
		var doc yaml.Node
		if err := yaml.Unmarshal(one, &doc); err != nil {
			return nil, fmt.Errorf("%w: %w; print the one that comes with hoso to compare", ErrMapping, err)
		}
		if len(doc.Content) == 0 {
			continue // nothing but remarks
		}
		if err := section(doc.Content[0], "the mapping", m.settings()); err != nil {
			return nil, err
		}
	}
	if err := m.compile(); err != nil {
		return nil, err
	}
	return m, nil
}

// setting is one key of a section.
type setting struct {
	key string
	set func(value *yaml.Node) error
}

// section hands each value of a mapping node to the setting of its key.
func section(n *yaml.Node, what string, all []setting) error {
	if n.Kind != yaml.MappingNode {
		return amiss(n, "want %s as name: value, each on a line", what)
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(all, func(s setting) bool { return s.key == key.Value })
		switch {
		case at < 0:
			return amiss(key, "%.40q is nothing that %s has; want %s", key.Value, what, keys(all))
		case seen[key.Value]:
			return amiss(key, "%.40q stands there twice; keep one", key.Value)
		}
		seen[key.Value] = true
		if err := all[at].set(value); err != nil {
			return err
		}
	}
	return nil
}

func keys(all []setting) string {
	var names []string
	for _, s := range all {
		names = append(names, s.key)
	}
	return strings.Join(names, ", ")
}

func (m *Mapping) settings() []setting {
	within := func(key string, all ...setting) setting {
		return setting{key, func(n *yaml.Node) error { return section(n, key, all) }}
	}
	return []setting{
		within("number", several("from", &m.from, FromFolder, FromFile, FromList),
			choice("missing", &m.missing, ReadMissing, HoldMissing), choice("twice", &m.twice, HoldTwice, MergeTwice)),
		set("files", &m.files, ending),
		within("kinds", m.kindWords(pipeline.Component), m.kindWords(pipeline.Output), m.kindWords(pipeline.Result), m.kindOtherwise()),
		within("pages", set("endings", &m.pages.endings, ending), choice("join", &m.pages.join, JoinSeries, JoinFolder, JoinNone),
			set("plain", &m.pages.plain, oneWord), choice("loose", &m.pages.loose, HoldLoose, JoinLoose, EachLoose),
			count("most", &m.pages.most, 1, 100_000)),
		within("sides", m.sideWords("fronts", front), m.sideWords("backs", back), choice("order", &m.order, Same, Reverse)),
		within("separators", choice("page", &m.Separators.Page, DropSeparator, KeepSeparator, IgnoreSeparators),
			setting{"texts", m.separatorTexts}),
		within("inventory", set("files", &m.lists, ending), several("match", &m.match, ByFile, ByTitle, ByNumber, ByOrder),
			choice("several", &m.several, HoldSeveral, CommonSeveral), choice("unlisted", &m.unlisted, TakeUnlisted, HoldUnlisted),
			choice("unread", &m.unread, HoldUnread, TakeUnread),
			setting{"columns", m.readColumns}),
		choice("order", &m.by, ByName, ByTime),
		lasting("settle", &m.Settle), lasting("unfinished", &m.Unfinished),
		within("after", choice("do", &m.After.Do, Leave, Move, Delete), setting{"folder", m.readDone}),
		within("ignore", m.patterns("system", &m.system), m.patterns("temporary", &m.temporary), m.patterns("report", &m.report)),
	}
}

// choice is a setting with one of a few values.
func choice[T ~string](key string, to *T, want ...T) setting {
	return setting{key, func(n *yaml.Node) error {
		s, err := text(n, key)
		if err != nil {
			return err
		}
		if !slices.Contains(want, T(s)) {
			return amiss(n, "%s is %.40q; want one of %v", key, s, want)
		}
		*to = T(s)
		return nil
	}}
}

// several is a setting with some of a few values, in an order that counts.
func several[T ~string](key string, to *[]T, want ...T) setting {
	return setting{key, func(n *yaml.Node) error {
		var all []T
		err := list(n, key, func(n *yaml.Node) error {
			var one T
			if err := choice(key, &one, want...).set(n); err != nil {
				return err
			}
			if slices.Contains(all, one) {
				return amiss(n, "%s has %q twice; keep one", key, one)
			}
			all = append(all, one)
			return nil
		})
		*to = all
		return err
	}}
}

// set is a setting with any number of words.
func set(key string, to *map[string]bool, as func(string) (string, string)) setting {
	return setting{key, func(n *yaml.Node) error {
		all := map[string]bool{}
		err := list(n, key, func(n *yaml.Node) error {
			s, err := text(n, key)
			if err != nil {
				return err
			}
			one, wrong := as(s)
			if wrong != "" {
				return amiss(n, "%.40q in %s %s", s, key, wrong)
			}
			all[one] = true
			return nil
		})
		*to = all
		return err
	}}
}

// ending and oneWord read a word of a set, or say what is wrong with it and what to do.
func ending(s string) (one, wrong string) {
	s = strings.ToLower(strings.TrimPrefix(s, "."))
	if s == "" || len(s) > 10 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return "", "is no ending of a file name; write it like pdf"
	}
	return s, ""
}

func oneWord(s string) (one, wrong string) {
	if n := nameOf(s); len(n.pieces) == 1 && !n.pieces[0].digits {
		return n.plain, ""
	}
	return "", "is not one word of letters; write each word by itself, without digits"
}

func count(key string, to *int, least, most int) setting {
	return setting{key, func(n *yaml.Node) error {
		v, err := strconv.Atoi(n.Value)
		if err != nil || n.Kind != yaml.ScalarNode || v < least || v > most {
			return amiss(n, "%s is %.40q; want a number from %d to %d", key, n.Value, least, most)
		}
		*to = v
		return nil
	}}
}

// text reads one text.
func text(n *yaml.Node, what string) (string, error) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		return "", amiss(n, "%s: want a text; put it in quotes if it has signs such as # or @", what)
	}
	return strings.TrimSpace(n.Value), nil
}

// list reads each entry of a list, which may be empty.
func list(n *yaml.Node, what string, read func(*yaml.Node) error) error {
	if n.Kind != yaml.SequenceNode {
		return amiss(n, "%s: want a list; write it like [one, two]", what)
	}
	for _, one := range n.Content {
		if err := read(one); err != nil {
			return err
		}
	}
	return nil
}

// said is a text of the mapping with its line.
type said struct {
	text string
	node *yaml.Node
}

func texts(n *yaml.Node, what string) ([]said, error) {
	var all []said
	err := list(n, what, func(n *yaml.Node) error {
		s, err := text(n, what)
		if err == nil && len(nameOf(s).pieces) == 0 {
			err = amiss(n, "%.40q in %s has no letters or digits; leave it out", s, what)
		}
		all = append(all, said{s, n})
		return err
	})
	return all, err
}

func (m *Mapping) kindWords(k pipeline.Kind) setting {
	return setting{string(k), func(n *yaml.Node) (err error) {
		if m.kindPhrases == nil {
			m.kindPhrases = map[pipeline.Kind][]said{}
		}
		m.kindPhrases[k], err = texts(n, string(k))
		return err
	}}
}

func (m *Mapping) kindOtherwise() setting {
	return setting{"otherwise", func(n *yaml.Node) error {
		var s string
		err := choice("otherwise", &s, string(pipeline.Component), string(pipeline.Output), string(pipeline.Result), "hold").set(n)
		if m.otherwise = pipeline.Kind(s); s == "hold" {
			m.otherwise = ""
		}
		return err
	}}
}

func (m *Mapping) sideWords(key string, s side) setting {
	return setting{key, func(n *yaml.Node) (err error) {
		if m.sidePhrases == nil {
			m.sidePhrases = map[side][]said{}
		}
		m.sidePhrases[s], err = texts(n, key)
		return err
	}}
}

func (m *Mapping) separatorTexts(n *yaml.Node) error {
	all, err := texts(n, "texts")
	if err == nil && len(all) == 0 {
		return amiss(n, "texts is empty; to look for no separators write page: ignore")
	}
	m.Separators.Texts = nil
	for _, one := range all {
		m.Separators.Texts = append(m.Separators.Texts, one.text)
	}
	return err
}

func (m *Mapping) patterns(key string, to *globs) setting {
	return setting{key, func(n *yaml.Node) error {
		var all globs
		err := list(n, key, func(n *yaml.Node) error {
			s, err := text(n, key)
			switch {
			case err != nil:
				return err
			case strings.Trim(s, "*. ") == "" && s != ".*":
				return amiss(n, "%.40q would ignore every file; name at least one letter", s)
			case strings.Contains(s, "/"):
				return amiss(n, "%.40q has a folder in it; give the name alone", s)
			}
			all.add(s)
			return nil
		})
		*to = all
		return err
	}}
}

// lasting is a setting of at most a day.
func lasting(name string, to *time.Duration) setting {
	return setting{name, func(n *yaml.Node) error {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d < 0 || d > 24*time.Hour {
			return amiss(n, "%s is %.40q; want a time such as 30s, 2m or 1h, at most 24h", name, n.Value)
		}
		*to = d
		return nil
	}}
}

func (m *Mapping) readDone(n *yaml.Node) error {
	s, err := text(n, "folder")
	if err == nil && (s == "." || s == ".." || strings.ContainsAny(s, `/\*`)) {
		err = amiss(n, "folder is %.40q; want one name of a folder, which lies in the root of the shelf", s)
	}
	m.After.Folder = norm.NFC.String(s)
	return err
}

// readColumns reads the headings of each column.
func (m *Mapping) readColumns(n *yaml.Node) error {
	if m.columns == nil {
		m.columns = map[string]column{}
	}
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		maps.DeleteFunc(m.columns, func(_ string, c column) bool { return string(c) == n.Content[i].Value })
	}
	var all []setting
	for _, c := range columns() {
		all = append(all, setting{string(c), func(n *yaml.Node) error { return m.readColumn(c, n) }})
	}
	return section(n, "columns", all)
}

func (m *Mapping) readColumn(c column, n *yaml.Node) error {
	return list(n, string(c), func(n *yaml.Node) error {
		s, err := text(n, string(c))
		if err != nil {
			return err
		}
		heading := plainHeading(s)
		switch was, taken := m.columns[heading]; {
		case heading == "":
			return amiss(n, "%.40q in %s has no letters; leave it out", s, c)
		case taken && was != c:
			return amiss(n, "%.40q heads both %s and %s; name all headings of %s anew without it", s, was, c, was)
		}
		m.columns[heading] = c
		return nil
	})
}

// compile makes the tables of phrases.
func (m *Mapping) compile() error {
	kinds := []pipeline.Kind{pipeline.Component, pipeline.Output, pipeline.Result}
	if err := phrasesOf(&m.kinds, kinds, m.kindPhrases); err != nil {
		return err
	}
	return phrasesOf(&m.sides, []side{front, back}, m.sidePhrases)
}

// phrasesOf makes one table of them all; no words may tell two things.
func phrasesOf[T comparable](to *phrases[T], order []T, all map[T][]said) error {
	taken := map[string]T{}
	for _, tells := range order {
		for _, one := range all[tells] {
			plain := nameOf(one.text).plain
			if was, double := taken[plain]; double && was != tells {
				return amiss(one.node, "%.40q stands under %v and %v; a list replaces that of hoso whole, so write both lists, with it in one", one.text, was, tells)
			}
			taken[plain] = tells
			to.add(one.text, tells)
		}
	}
	return nil
}

// String names a side as the mapping does.
func (s side) String() string { return [...]string{"", "fronts", "backs"}[s] }
