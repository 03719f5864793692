package separator

import (
	"slices"
	"strings"

	"hoso/pipeline"
)

// Rules say what counts as a separator sheet besides those that hoso prints.
type Rules struct {
	Texts []string // of codes on sheets of other makers; case, spaces, dashes and underscores in them do not count
	Keep  bool     // what becomes of such sheets, which do not say it themselves
}

// Default knows the sheets that most scanning programs print and understand.
func Default() Rules {
	return Rules{Texts: []string{"PATCH T", "PATCH 1", "PATCH 2", "PATCH 3", "PATCH 4", "PATCH 6", "SEPARATOR"}}
}

// Of gives what the codes of a page say by the rules of Default.
func Of(codes []pipeline.Code) (pipeline.Separator, bool) { return Default().Of(codes) }

// Of gives what the codes of a page say, false if it is no separator sheet. A sheet of ours
// goes before one of other makers. Where two sheets are on one page, which do not say the
// same, a new paper begins, and what they do not agree on is left open.
func (r Rules) Of(codes []pipeline.Code) (pipeline.Separator, bool) {
	var found pipeline.Separator
	is := false
	for _, c := range codes {
		s, err := pipeline.ParseSeparator(c.Text)
		switch {
		case err != nil:
			continue
		case is:
			s = both(found, s)
		}
		found, is = s, true
	}
	if is {
		return found, true
	}
	foreign := slices.ContainsFunc(codes, func(c pipeline.Code) bool { return r.names(c.Text) })
	return pipeline.Separator{Keep: foreign && r.Keep}, foreign
}

// both gives what two sheets agree on. A page that one of them wants kept is kept.
func both(a, b pipeline.Separator) pipeline.Separator {
	if a.Dossier.Key() != b.Dossier.Key() {
		a.Dossier = pipeline.DossierNumber{}
	}
	if a.Kind != b.Kind {
		a.Kind = ""
	}
	a.Keep = a.Keep || b.Keep
	return a
}

// names reports whether a text is one of those that other makers print.
func (r Rules) names(text string) bool {
	text = bareText(text)
	return text != "" && slices.ContainsFunc(r.Texts, func(s string) bool { return bareText(s) == text })
}

func bareText(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToUpper(s))
}
