// Package extract finds what an official paper says of itself: the number of its
// dossier, by its codes before its words, and the fields that Decree 30/2020 gives a fixed place on the page. It
// works by rules a clerk could follow with a ruler, and every field carries how sure
// it is and where it stands, so that a person can look.
package extract

import (
	"strconv"
	"time"

	"hoso/pipeline"
)

// Fields gives the dossier numbers on pages, best first, and then whatever else is found,
// each field at most once. Days of issue after today's are misread and not reported. The
// clock is the caller's.
func Fields(pages []pipeline.Page, today time.Time) []pipeline.Field {
	fields := append(FindDossierNumbers(pages, today), stated(pages)...)
	if len(pages) > 0 {
		fields = append(fields, Counted(len(pages)))
	}
	sheets := sheetsOf(pages)
	if len(sheets) == 0 {
		return fields
	}
	known, measured := map[pipeline.FieldName]bool{}, curves()
	for _, f := range fields {
		known[f.Name] = true
	}
	for _, f := range read(sheets, today) {
		if f.Value != "" && !known[f.Name] {
			known[f.Name] = true
			c, ok := measured[f.Name]
			if !ok {
				c = curveOfAll()
			}
			f.Confidence = c.trusted(f.Confidence)
			fields = append(fields, f)
		}
	}
	return fields
}

// read gives what the words of the pages say, the better before the worse.
func read(sheets []sheet, today time.Time) []pipeline.Field {
	front := frontOf(sheets)
	var out []pipeline.Field
	one := func(f pipeline.Field, ok bool) {
		if ok {
			out = append(out, f)
		}
	}
	one(documentNumber(front))
	out = append(out, issueDate(sheets, front, today)...)
	one(title(front))
	one(subject(front))
	out = append(out, agencies(front)...)
	one(signedBy(sheets))
	one(addressee(front))
	out = append(out, ownerRead(sheets, today)...)
	out = append(out, anchored(sheets, today)...)
	if sig, ok := signatureOf(sheets); ok {
		out = append(out, sig.fields()...)
	}
	one(unsigned(sheets[len(sheets)-1]))
	one(recipients(sheets))
	return out
}

// Counted tells how many pages a paper has, who knows more than those looked at.
func Counted(pages int) pipeline.Field {
	return pipeline.Field{Name: pipeline.FieldPages, Value: strconv.Itoa(pages), Confidence: certainly, Source: pipeline.ByFile}
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
