package shelf

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"hoso/pipeline"
)

// member is a file of a folder that may be a paper or a page of one.
type member struct {
	entry  int32
	base   string // the name with its ending
	ending string
	name   name // without it
	found  found
	side   side
	sideAt run  // the pieces that tell it, if the name does
	placed bool // the side is told by the folder
	page   bool // it may be one of several pages of a paper

	number pipeline.DossierNumber
	reason pipeline.Reason
	key    string // the same for all pages of one paper, if they are images
	last   int    // the piece with the digits that tell it from its neighbours, -1 if there is none
	count  string // those digits
	plain  bool   // its name says nothing of a paper
	called run
}

// run is a part of a name: the pieces from one on and before another.
type run struct{ from, to int }

// members gives the files of a folder and of the folders of fronts and backs in it.
func (p *planner) members(f *folder, s side) []member {
	all := make([]member, 0, len(f.files))
	for _, e := range f.files {
		all = append(all, p.member(f, e, s))
	}
	for _, c := range f.children {
		if c.side != unsaid && c.why == "" {
			all = append(all, p.members(c, c.side)...)
		}
	}
	return all
}

// member looks at one file of a folder that has sheets from the side s, or any.
func (p *planner) member(f *folder, entry int32, s side) member {
	file := p.tree.Entries[entry].Path
	m := member{entry: entry, base: path.Base(file), side: s, placed: s != unsaid}
	base, ending := stem(m.base)
	m.ending, m.name = ending, nameOf(base)
	m.found = p.numbers.in(m.name)
	m.page = p.m.pages.endings[ending] && p.m.pages.join != JoinNone
	p.number(&m, f.home())
	p.words(&m)
	return m
}

// number finds the number of the dossier that a file belongs to: all that say one must
// say the same.
func (p *planner) number(m *member, home *folder) {
	for _, from := range p.m.from {
		switch n := p.stated(from, m, home); {
		case n.IsZero():
		case m.number.IsZero():
			m.number = n
		case m.number.Key() != n.Key() && m.reason.IsZero():
			m.reason = numbersDisagree(m.number, n)
		}
	}
	if now := p.tree.Now; !now.IsZero() && m.reason.IsZero() && m.number.Day().After(now) {
		m.reason = inFuture(m.number)
	}
}

// stated is the number that stands in one of the places for it.
func (p *planner) stated(from From, m *member, home *folder) pipeline.DossierNumber {
	f := m.found
	switch from {
	case FromList:
		return p.listNumber(m, home)
	case FromFolder:
		if home.dossier == nil {
			return pipeline.DossierNumber{}
		}
		f = home.dossier.found
	case FromFile:
	}
	m.doubtIn(f.doubt)
	return f.number
}

func (m *member) doubtIn(d doubt) {
	switch {
	case !m.reason.IsZero() || d == sure:
	case d == double:
		m.reason = twoNumbers()
	default:
		m.reason = garbledNumber()
	}
}

// words tells what the pieces of a name are but its number: which side, which page, and
// what the paper is called.
func (p *planner) words(m *member) {
	m.sideAt = p.sideIn(m)
	letters := false
	m.last, m.plain = -1, m.found.code == ""
	for i, q := range m.name.pieces {
		switch {
		case !m.free(i):
		case q.digits:
			m.last = i
		default:
			letters = true
			m.plain = m.plain && p.m.pages.plain[m.name.of(q)]
		}
	}
	if m.last >= 0 {
		m.count = m.name.of(m.name.pieces[m.last])
	}
	if letters && !m.plain {
		m.called = calledIn(m.name, m.found, m.last, m.free)
	}
	m.key = p.key(m)
}

// free reports whether a piece of the name is neither of its number nor of its side.
func (m *member) free(i int) bool {
	return !m.found.used(i) && (i < m.sideAt.from || i >= m.sideAt.to)
}

// sideIn looks for the words that tell a side, where no folder does.
func (p *planner) sideIn(m *member) run {
	for i := range m.name.pieces {
		if m.side != unsaid || m.found.used(i) {
			continue
		}
		if ph, ok := p.m.sides.at(m.name, i); ok {
			m.side = ph.tells
			return run{i, i + len(ph.pieces)}
		}
	}
	return run{}
}

// calledIn gives the pieces that say what a paper is: behind its number if any do, before
// it if not; without the figures that order it among others.
func calledIn(n name, f found, last int, free func(int) bool) run {
	within := func(from, to int) (s run) {
		for i := from; i < to; i++ {
			switch digits := n.pieces[i].digits; {
			case !free(i) || digits && (s.to == 0 || i == last && i == len(n.pieces)-1):
			case s.to == 0:
				s = run{i, i + 1}
			default:
				s.to = i + 1
			}
		}
		return s
	}
	if s := within(f.to, len(n.pieces)); s.to > 0 || f.to == 0 {
		return s
	}
	return within(0, f.from)
}

// key is the same for images that are pages of one paper.
func (p *planner) key(m *member) string {
	last := m.last
	var b strings.Builder
	b.Grow(len(m.name.plain) + 40)
	b.WriteString(m.number.Key())
	switch {
	case m.page && m.plain && m.placed:
		return sheets(m)
	case m.page && p.m.pages.join == JoinFolder:
		return b.String() // whatever it is called
	}
	if !m.page {
		b.WriteByte('/') // a file with its ending is no page of an image
		last = -1
	}
	if m.found.code != "" {
		b.WriteByte('=')
		b.WriteString(m.found.code)
	}
	for i, q := range m.name.pieces {
		if m.free(i) && i != last {
			b.WriteByte('-')
			b.WriteString(m.name.of(q))
		}
	}
	return b.String()
}

// sheets is the key of images of fronts and backs that are told by their folders.
func sheets(m *member) string { return m.number.Key() + "|" }

// sortMembers puts them into the order of the mapping.
func (p *planner) sortMembers(all []member) {
	slices.SortFunc(all, func(a, b member) int {
		byTime := 0
		if p.m.by == ByTime {
			byTime = p.tree.Entries[a.entry].Changed.Compare(p.tree.Entries[b.entry].Changed)
		}
		return cmp.Or(byTime, a.name.natural(b.name), cmp.Compare(p.tree.Entries[a.entry].Path, p.tree.Entries[b.entry].Path))
	})
}
