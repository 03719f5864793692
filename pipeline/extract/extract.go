// Package extract finds what an official paper says of itself: the number of its
// dossier, by its codes before its words, and the fields that Decree 30/2020 gives a fixed place on the page. It
// works by rules a clerk could follow with a ruler, and every field carries how sure
// it is and where it stands, so that a person can look.
package extract

import (
	"time"

	"hoso/pipeline"
)

// Fields gives the dossier numbers on pages, best first, and then whatever is found
// of owner, document number, issue date, title, subject, issuer and signer, each at most
// once. Days after today's are misread and not reported. The clock is the caller's.
func Fields(pages []pipeline.Page, today time.Time) []pipeline.Field {
	fields := append(FindDossierNumbers(pages, today), owners(pages)...)
	sheets := sheetsOf(pages)
	if len(sheets) == 0 {
		return fields
	}
	front := frontOf(sheets)
	rules := []func() (pipeline.Field, bool){
		func() (pipeline.Field, bool) { return documentNumber(front) },
		func() (pipeline.Field, bool) { return issueDate(sheets, front, today) },
		func() (pipeline.Field, bool) { return title(front) },
		func() (pipeline.Field, bool) { return subject(front) },
		func() (pipeline.Field, bool) { return issuer(front) },
		func() (pipeline.Field, bool) { return signer(sheets) },
	}
	for _, rule := range rules {
		if f, ok := rule(); ok {
			fields = append(fields, f)
		}
	}
	return fields
}

// frontOf is the page with the head of the paper: the first that bears the national
// title, or else the first with words.
func frontOf(sheets []sheet) sheet {
	for _, s := range sheets {
		for _, l := range s.above(0.35) {
			if nationalTitle(l.folded) {
				return s
			}
		}
	}
	return sheets[0]
}
