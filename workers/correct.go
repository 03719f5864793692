package workers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/workers/document"
)

// Correct sets, confirms or denies fields of a paper as the person saw it, in generation
// gen: ErrStale if it has changed since. A paper that waits goes on by itself once
// nothing more is asked of it; of one that is filed a new manifest is written, and its
// record stays untouched.
func (o *Office) Correct(ctx context.Context, id pipeline.PaperID, gen int64, edits pipeline.Edits, actor string) (pipeline.Paper, error) {
	p, err := o.seen(ctx, id, gen)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if says := len(edits.Fields) > 0 || oneAfterAll(p, edits); !says && p.State == pipeline.Filed { // nothing said, and nothing asked
		return p, nil
	}
	next, said, err := o.edited(ctx, p, edits)
	if err != nil {
		return pipeline.Paper{}, err
	}
	number := slices.ContainsFunc(edits.Fields, func(e pipeline.Edit) bool { return e.Name == pipeline.FieldDossier })
	if edits.NotSecret && !number && !next.Dossier.IsZero() { // the number it came with is right, too
		if next, err = o.numbered(ctx, next, next.Dossier.String(), edits); err != nil {
			return pipeline.Paper{}, err
		}
		number = true
	}
	next, said.Whole = asOne(next, edits)
	said.Accepted = accepted(next, edits)
	next = o.answered(next, answers{number: number, secret: edits.NotSecret && number, accept: edits.Accept, sheet: said.Whole})
	if next.State == pipeline.Signing { // what waits to be signed says what was corrected, too
		next.State, next.Composed = pipeline.Recognized, pipeline.Digest{}
		next.Reason, next.Asked = pipeline.Reason{}, nil
	}
	return o.settle(ctx, p, pipeline.Move{Paper: next, Event: pipeline.Event{What: deedOf(said), Actor: actor, Detail: detail(said)}})
}

// oneAfterAll reports whether the edits say that what seems to be several papers is one.
func oneAfterAll(p pipeline.Paper, edits pipeline.Edits) bool {
	return edits.Whole && (len(p.Pieces) > 1 || asks(p, pipeline.ReasonSheetUnreadable))
}

// asOne gives p without the papers that it seems to be made of, if the edits say so.
func asOne(p pipeline.Paper, edits pipeline.Edits) (_ pipeline.Paper, said bool) {
	if said = oneAfterAll(p, edits); said {
		p.Pieces = nil
	}
	return p, said
}

// accepted is the verdict on signatures in spite of which the edits take p; "" if nobody
// was asked, or nobody answered.
func accepted(p pipeline.Paper, edits pipeline.Edits) string {
	if !edits.Accept || !asks(p, pipeline.ReasonSignatures) {
		return ""
	}
	return p.Arrival.Verdict
}

// deedOf names what a person did with fields.
func deedOf(said pipeline.Changes) string {
	switch {
	case len(said.Fields) > 0:
		return "fields corrected"
	case said.Accepted != "" && len(said.Confirmed) == 0:
		return "signatures accepted"
	case said.Whole && len(said.Confirmed) == 0:
		return "taken as one paper"
	}
	return "fields confirmed"
}

// seen gives the paper if it still is as a person saw it, and if people may change it
// now: not while its record is being published, and not once it was rejected.
func (o *Office) seen(ctx context.Context, id pipeline.PaperID, gen int64) (pipeline.Paper, error) {
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return pipeline.Paper{}, err
	}
	publishing := p.State != pipeline.Filed && !p.Record.IsZero()
	if p.Gen != gen || publishing || p.State == pipeline.Rejected {
		return pipeline.Paper{}, fmt.Errorf("correcting a paper that is %s in generation %d, seen in %d: %w", p.State, p.Gen, gen, pipeline.ErrStale)
	}
	p.Manifest = p.Manifests()
	return p, nil
}

// edited makes the edits and tells what they changed.
func (o *Office) edited(ctx context.Context, p pipeline.Paper, edits pipeline.Edits) (pipeline.Paper, pipeline.Changes, error) {
	var said pipeline.Changes
	for _, e := range edits.Fields {
		value, err := valueOf(e)
		if err != nil {
			return p, said, err
		}
		before, had := pipeline.FieldOf(p.Fields, e.Name)
		change := pipeline.Change{Name: e.Name, Before: before.Value, After: value}
		if e.Name == pipeline.FieldDossier {
			change.Before = p.Dossier.String()
			if p, err = o.numbered(ctx, p, value, edits); err != nil {
				return p, said, err
			}
		} else {
			f := pipeline.Field{Name: e.Name, Value: value, Confidence: 100, Source: pipeline.ByPerson}
			if had && value == before.Value {
				f.Page, f.Box = before.Page, before.Box
			}
			p.Fields = inPlace(p.Fields, f)
		}
		if change.Before == change.After {
			said.Confirmed = append(said.Confirmed, e.Name)
		} else {
			said.Fields = append(said.Fields, change)
		}
	}
	return p, said, nil
}

// numbered gives p the number that a person wrote, unless the list of agencies speaks
// against it.
func (o *Office) numbered(ctx context.Context, p pipeline.Paper, value string, edits pipeline.Edits) (pipeline.Paper, error) {
	n, err := pipeline.ParseDossierNumber(value)
	if err != nil {
		return p, err
	}
	why, err := doubt(ctx, o.Units, n)
	if err != nil {
		return p, err
	}
	if !why.IsZero() && !edits.Anyway {
		return p, pipeline.Refuse(why, nil)
	}
	return withNumber(p, n), nil
}

// inPlace gives fields with f where the field of its name was, so that what a person
// confirms does not jump about.
func inPlace(fields []pipeline.Field, f pipeline.Field) []pipeline.Field {
	at := slices.IndexFunc(fields, func(old pipeline.Field) bool { return old.Name == f.Name })
	if at < 0 {
		return pipeline.WithField(fields, f)
	}
	out := slices.Clone(fields)
	out[at] = f
	return out
}

// longestValue is how many letters a field may have; the longest of Decree 30/2020,
// Appendix VI, has 500.
const longestValue = 1000

// valueOf gives the value that an edit states, as it is kept.
func valueOf(e pipeline.Edit) (string, error) {
	value := clean(e.Value)
	if len([]rune(value)) > longestValue {
		return "", badEdit("too-long", fmt.Sprintf("a field has at most %d letters", longestValue), fmt.Sprintf("Nội dung dài quá %d ký tự.", longestValue))
	}
	if e.Name != pipeline.FieldDate {
		return value, nil
	}
	day, err := pipeline.ParseDay(value)
	if err != nil {
		return "", badEdit("day", "not a day", "Ngày không đúng. Hãy ghi như 15/07/2026.")
	}
	return string(day), nil
}

// clean gives text as it is kept: in one form of Unicode, on one line, and without what
// cannot be seen or turns letters around.
func clean(s string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff' {
			return -1
		}
		return r
	}, s))
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(s, ""))), " ")
}

func badEdit(code, english, vietnamese string) error {
	return pipeline.Refuse(pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}, nil)
}

// CorrectWords puts other words in the place of recognized ones. They go into the words
// of the paper and the index, and of a filed paper a new version of its record is made
// from the original; the former one stays.
func (o *Office) CorrectWords(ctx context.Context, id pipeline.PaperID, gen int64, edits []pipeline.WordEdit, actor string) (pipeline.Paper, error) {
	p, err := o.seen(ctx, id, gen)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if p.Words.IsZero() {
		return pipeline.Paper{}, fmt.Errorf("correcting words that have not been read: %w", pipeline.ErrStale)
	}
	edits = slices.Clone(edits)
	for i := range edits {
		edits[i].Before, edits[i].After = oneLine(edits[i].Before), clean(edits[i].After)
	}
	if err := o.stand(ctx, p, edits); err != nil {
		return pipeline.Paper{}, err
	}
	var said pipeline.Changes
	next := p
	if p.State == pipeline.Filed {
		next = p.Reopened()
	}
	next.Corrections = slices.Clip(p.Corrections)
	for _, e := range edits {
		said.Words = append(said.Words, pipeline.Change{Page: e.Page, Before: e.Before, After: e.After})
		next.Corrections = append(next.Corrections, pipeline.Correction{WordEdit: e, By: actor, At: o.Now()})
	}
	next.State, next.Revise = pipeline.Recognized, true
	next.Composed, next.RetryAt, next.Tries = pipeline.Digest{}, time.Time{}, 0
	next.Reason, next.Asked = pipeline.Reason{}, nil
	return o.settle(ctx, p, pipeline.Move{Paper: next, Event: pipeline.Event{What: "words corrected", Actor: actor, Detail: detail(said)}})
}

// stand errs unless every edit is about words that stand there.
func (o *Office) stand(ctx context.Context, p pipeline.Paper, edits []pipeline.WordEdit) error {
	open := map[int][]pipeline.WordEdit{}
	for _, e := range edits {
		if e.Before == "" || e.Before == e.After || len([]rune(e.After)) > longestValue {
			return badEdit("words", "want other words of at most 1000 letters", "Hãy ghi chữ đúng, khác với chữ đang có.")
		}
		open[e.Page] = append(open[e.Page], e)
	}
	if len(edits) == 0 {
		return badEdit("words", "there is nothing to correct", "Chưa có chữ nào được sửa.")
	}
	body, _, err := o.Objects.Get(ctx, p.Words)
	if err != nil {
		return fmt.Errorf("fetching words: %w", err)
	}
	defer body.Close() //nolint:errcheck // only read from
	for page, err := range document.ReadWords(body) {
		if err != nil {
			return fmt.Errorf("reading words: %w", err)
		}
		for _, e := range open[page.Number] {
			if !page.Says(e) {
				return fmt.Errorf("correcting words of page %d that do not stand there: %w", e.Page, pipeline.ErrStale)
			}
		}
		delete(open, page.Number)
		if len(open) == 0 {
			return nil
		}
	}
	return fmt.Errorf("correcting words of a page that is not there: %w", pipeline.ErrStale)
}

// Reread has a paper read again from its original, by the recognizer as it is now. What
// people said of it stays. Of a filed paper a new version is made if that changes
// anything; until then its record is the one it has. One that was rejected stays so: a
// Refusal says what to do instead.
func (o *Office) Reread(ctx context.Context, id pipeline.PaperID, actor string) (pipeline.Paper, error) {
	p, err := o.Papers.Paper(ctx, id)
	if err != nil {
		return pipeline.Paper{}, err
	}
	if p.State != pipeline.Filed && p.State != pipeline.Signing {
		return o.Retry(ctx, id, actor)
	}
	if err := dropCheckpoints(ctx, o.Objects, p.Original); err != nil {
		return pipeline.Paper{}, fmt.Errorf("reading again: %w", err)
	}
	next := p
	if p.State == pipeline.Filed {
		next = p.Reopened()
	}
	next.State, next.Words, next.Composed, next.Revise = pipeline.Received, pipeline.Digest{}, pipeline.Digest{}, false
	next.Reason, next.Asked, next.Scan = pipeline.Reason{}, nil, pipeline.ScanQuality{}
	return o.settle(ctx, p, pipeline.Move{Paper: next, Event: pipeline.Event{What: "reading again asked", Actor: actor}})
}
