package separator

import "hoso/pipeline"

// Page is what is known of a page of a stack.
type Page struct {
	Sheet bool               // it is a separator sheet
	Says  pipeline.Separator // what it says, if it is one
	Blank bool               // there is nothing on it
}

// Span is one paper of a stack. Pages are counted from 0.
type Span struct {
	Sheet bool               // a separator sheet stands before it
	Says  pipeline.Separator // what that sheet says
	Pages []int              // of the paper, a kept sheet first
	Left  []int              // left out: dropped sheets and their backs
}

// Empty reports whether a sheet has no paper behind it. Somebody may have lost one, if the
// sheet names a dossier.
func (s Span) Empty() bool { return len(s.Pages) == 0 }

// Split cuts a stack at its separator sheets. Every page is in exactly one span, and in it
// either in Pages or in Left; both are in the order of the stack.
//
// What lies before the first sheet is a paper of its own. A blank page behind a sheet is
// its back, in a stack that was scanned on both sides. Dropped sheets that say the same
// and follow each other are one sheet, printed on both sides or laid in twice; kept ones
// are papers each, since a kept sheet is a page.
func Split(pages []Page) []Span {
	var spans []Span
	for i, p := range pages {
		switch {
		case p.Sheet && !repeats(spans, p):
			spans = append(spans, begun(i, p))
			continue
		case len(spans) == 0:
			spans = append(spans, Span{})
		}
		last := &spans[len(spans)-1]
		if p.Sheet || p.Blank && i > 0 && pages[i-1].Sheet {
			last.Left = append(last.Left, i)
			continue
		}
		last.Pages = append(last.Pages, i)
	}
	return spans
}

// begun is the span that a sheet begins.
func begun(i int, p Page) Span {
	s := Span{Sheet: true, Says: p.Says}
	if p.Says.Keep {
		s.Pages = []int{i}
		return s
	}
	s.Left = []int{i}
	return s
}

// repeats reports whether a sheet says once more what the last one said, with nothing of a
// paper between them.
func repeats(spans []Span, p Page) bool {
	if len(spans) == 0 || p.Says.Keep {
		return false
	}
	last := spans[len(spans)-1]
	same := last.Says.Kind == p.Says.Kind && last.Says.Dossier.Key() == p.Says.Dossier.Key()
	return last.Sheet && last.Empty() && same
}
