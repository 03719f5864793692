package workers

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/pipeline/grammar"
)

// Holdings is what the catalog knows beyond a single paper: whole dossiers, what owners
// have, and what is used again.
type Holdings interface {
	Dossier(ctx context.Context, n pipeline.DossierNumber) ([]pipeline.Paper, error)
	Owned(ctx context.Context, owner string, limit int) ([]pipeline.Paper, error)
	PutReuse(ctx context.Context, r pipeline.Reuse) error
	Reuses(ctx context.Context, n pipeline.DossierNumber) ([]pipeline.Reuse, error)
	Reuse(ctx context.Context, id string) (pipeline.Reuse, error)
}

// Procedures is the list of procedures.
type Procedures interface {
	Procedures(ctx context.Context, code string) ([]pipeline.Procedure, error)
	TypeCodes(ctx context.Context, day pipeline.Day) ([]pipeline.TypeCode, error)
}

// Codes gives out digitization codes, each to one paper.
type Codes interface {
	Code(ctx context.Context, id pipeline.PaperID, t pipeline.CodeTemplate, f pipeline.CodeFacts) (pipeline.DigitizationCode, error)
}

// Coding gives digitized papers their codes (cấp mã kết quả số hóa; Circular
// 01/2023/TT-VPCP, Articles 7 and 10).
type Coding struct {
	Template pipeline.CodeTemplate
	// Ownerless are the fields that must be known for the owner's part to stay blank
	// (Article 9.2.b).
	Ownerless  []pipeline.FieldName
	Codes      Codes
	Holdings   Holdings
	Procedures Procedures
	Classes    extract.Classes

	titles titles
}

// titles remembers the classes of titles in the list of procedures. To tell one takes
// 0.2 ms, and a list has thousands of which each filing asks anew.
type titles struct {
	mu    sync.Mutex
	known map[string]string
}

// mostTitles bounds what is remembered: a list that changes brings other titles.
const mostTitles = 50_000

func (t *titles) of(classes extract.Classes, title string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	class, ok := t.known[title]
	if ok {
		return class
	}
	if t.known == nil || len(t.known) >= mostTitles {
		t.known = map[string]string{}
	}
	class = classes.Of(title)
	t.known[title] = class
	return class
}

func (c *Coding) classOf(title string) string { return c.titles.of(c.Classes, title) }

// Why a paper has no code.
const (
	UncodedType   = "type-unknown"  // nothing states the code of its type
	UncodedOwner  = "owner-unknown" // neither a number of the owner nor what may stand for it
	UncodedUnsure = "owner-unsure"  // the owner's number was read with too little certainty
)

// Give gives p its code, or says on it why it has none. A paper is filed either way: what
// is missing can be told later, by a person. A code that is no longer right stays the
// paper's own, as a former one.
func (c *Coding) Give(ctx context.Context, p pipeline.Paper) (pipeline.Paper, error) {
	facts, why, err := c.facts(ctx, p)
	if err != nil {
		return p, err
	}
	if p.Uncoded = why; why == "" && p.Code.Stem == c.Template.Stem(facts) {
		return p, nil
	}
	var given pipeline.DigitizationCode
	if why == "" {
		if given, err = c.Codes.Code(ctx, p.ID, c.Template, facts); err != nil {
			return p, err
		}
	}
	if !p.Code.IsZero() && !slices.Contains(p.FormerCodes, p.Code) {
		p.FormerCodes = append(slices.Clip(p.FormerCodes), p.Code)
	}
	p.Code = given
	return p, nil
}

// facts gives what p's code is made of, or why it cannot be made.
func (c *Coding) facts(ctx context.Context, p pipeline.Paper) (f pipeline.CodeFacts, why string, err error) {
	f = pipeline.CodeFacts{Dossier: p.Dossier.String(), Unit: p.Unit, Year: received(p).Time().Year()}
	if c.Template.Uses("type") {
		if f.Type, err = c.typeOf(ctx, p); err != nil || f.Type == "" {
			return f, UncodedType, err
		}
	}
	if c.Template.Uses("owner") {
		f.Owner, why = c.ownerOf(p)
	}
	return f, why, nil
}

// received is the day on which p was received, in Vietnam.
func received(p pipeline.Paper) pipeline.Day {
	return pipeline.DayOf(p.Received.In(time.FixedZone("+07", 7*60*60)))
}

// sureOwner is the confidence from which an owner's number goes into a code, which is
// never taken back.
const sureOwner = 80

// ownerOf gives the owner's number, "" where it may stay blank; why says what is
// missing.
func (c *Coding) ownerOf(p pipeline.Paper) (owner, why string) {
	f := p.Field(pipeline.FieldOwnerID)
	if id := identity(f.Value); id != "" {
		if f.Confidence >= sureOwner {
			return id, ""
		}
		return "", UncodedUnsure
	}
	for _, name := range c.Ownerless {
		if p.Field(name).Value == "" {
			return "", UncodedOwner
		}
	}
	return "", ""
}

// identity gives the number of a citizen or for tax in its normal form, "" for anything
// else. The code of an identity card, as a reader types it, begins with the number.
func identity(text string) string {
	rules := grammar.Default()
	text, _, _ = strings.Cut(text, "|")
	for _, kind := range []grammar.Kind{grammar.Citizen, grammar.Tax} {
		if m, err := rules.Parse(kind, text); err == nil {
			return m.Value
		}
	}
	return ""
}

// typeOf gives the code of a paper's type: the one that is stated for it, the one that
// its procedure gives it, the one that all procedures agree on for papers of its class,
// or that of the rules of classes.
func (c *Coding) typeOf(ctx context.Context, p pipeline.Paper) (string, error) {
	stated := p.Field(pipeline.FieldComponent).Value
	if rules := grammar.Default(); stated != "" {
		if m, err := rules.Parse(grammar.Component, stated); err == nil {
			return m.Value, nil
		}
	}
	procedure, err := c.procedureOf(ctx, p)
	if err != nil {
		return "", err
	}
	if p.Kind == pipeline.Result && procedure.Result != "" {
		return procedure.Result, nil
	}
	for _, s := range procedure.Components {
		if p.Kind != pipeline.Result && s.Code != "" && (s.Is(stated) || stated == "" && s.Fits(p, c.classOf)) {
			return s.Code, nil
		}
	}
	return c.typeOfClass(ctx, p)
}

// procedureOf gives the procedure of a paper's dossier as it stood when the paper was
// received, the zero Procedure if nothing is known of it.
func (c *Coding) procedureOf(ctx context.Context, p pipeline.Paper) (pipeline.Procedure, error) {
	code := p.Field(pipeline.FieldProcedure).Value
	if code == "" {
		papers, err := c.Holdings.Dossier(ctx, p.Dossier)
		if err != nil {
			return pipeline.Procedure{}, err
		}
		code = pipeline.ProcedureOf(papers, nil).Value
	}
	return standingProcedure(ctx, c.Procedures, code, received(p))
}

func standingProcedure(ctx context.Context, from Procedures, code string, day pipeline.Day) (pipeline.Procedure, error) {
	if code == "" {
		return pipeline.Procedure{}, nil
	}
	entries, err := from.Procedures(ctx, code)
	if err != nil {
		return pipeline.Procedure{}, err
	}
	found, _ := pipeline.StandingProcedure(day, entries)
	return found, nil
}

// typeOfClass gives the code that papers of p's class have in all procedures, if it is
// one: as what p is in its dossier, or else, for a component, as the result of another
// procedure.
func (c *Coding) typeOfClass(ctx context.Context, p pipeline.Paper) (string, error) {
	class := p.Field(pipeline.FieldClass).Value
	if class == "" {
		return "", nil
	}
	all, err := c.Procedures.TypeCodes(ctx, received(p))
	if err != nil {
		return "", err
	}
	codes := map[bool][]string{} // by whether they are of results
	for _, t := range all {
		if !slices.Contains(codes[t.Result], t.Code) && c.classOf(t.Title) == class {
			codes[t.Result] = append(codes[t.Result], t.Code)
		}
	}
	for _, as := range []bool{p.Kind == pipeline.Result, true} {
		if len(codes[as]) == 1 && codes[as][0] != "" {
			return codes[as][0], nil
		}
	}
	return c.Classes.Code(class), nil
}
