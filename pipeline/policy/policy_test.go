package policy_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hoso/pipeline"
	"hoso/pipeline/policy"
)

func parsed(t *testing.T, text string) policy.Policy {
	t.Helper()
	p, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTheNearestRuleWins asks of a field under rules that speak against each other.
func TestTheNearestRuleWins(t *testing.T) {
	t.Parallel()
	p := parsed(t, `
- fields: {title: {sure: 10}, signer: {sure: 10, need: true}}
- class: khai-sinh
  fields: {title: {sure: 20}}
- unit: H42.15
  fields: {title: {sure: 40}}
- unit: H42
  fields: {title: {sure: 30, hold: true}}
- unit: H42.15
  class: khai-sinh
  fields: {title: {sure: 50}}
`)
	for _, c := range []struct {
		unit, class string
		want        policy.Demand
	}{
		{"", "", policy.Demand{Sure: 10}},
		{"H40", "khai-sinh", policy.Demand{Sure: 20}},
		{"H421", "", policy.Demand{Sure: 10}},
		{"H42.16", "khai-sinh", policy.Demand{Sure: 30, Hold: true}},
		{"H42.15.3", "don", policy.Demand{Sure: 40, Hold: true}},
		{"H42.15", "khai-sinh", policy.Demand{Sure: 50, Hold: true}},
	} {
		if got := p.For(c.unit, c.class)[pipeline.FieldTitle]; got != c.want {
			t.Errorf("title of %q in %q: %+v, want %+v", c.class, c.unit, got, c.want)
		}
	}
	if got := p.For("H42", "")[pipeline.FieldDossier]; !got.Hold || got.Sure != 80 {
		t.Errorf("a number that no rule of the file names is asked for like %+v, want as hoso asks by itself", got)
	}
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	demands := parsed(t, `
- fields:
    title: {sure: 0}
    subject: {sure: 101}
    issuer: {sure: 80, hold: true}
    signer: {need: true, hold: true}
    issue_date: {sure: 50, check: grammar}
`).For("", "")
	field := func(name pipeline.FieldName, value string, conf float32) pipeline.Field {
		return pipeline.Field{Name: name, Value: value, Confidence: conf, Source: pipeline.ByOCR}
	}
	person := func(name pipeline.FieldName, value string) pipeline.Field {
		return pipeline.Field{Name: name, Value: value, Source: pipeline.ByPerson}
	}
	number := field(pipeline.FieldDossier, "H42.15-221011-0001", 95)
	signer := field(pipeline.FieldSigner, "Lê Văn A", 95)
	for _, c := range []struct {
		name   string
		fields []pipeline.Field
		want   string
	}{
		{"nothing", nil, "dossier_number missing held, signer missing held"},
		{"all sure", []pipeline.Field{number, signer}, ""},
		{"never asked", []pipeline.Field{number, signer, field(pipeline.FieldTitle, "ĐƠN", 0)}, ""},
		{"always asked", []pipeline.Field{number, signer, field(pipeline.FieldSubject, "về việc", 100)}, "subject unsure"},
		{"by a person", []pipeline.Field{number, signer, person(pipeline.FieldSubject, "về việc")}, ""},
		{"said to be absent", []pipeline.Field{number, person(pipeline.FieldSigner, "")}, ""},
		{"just sure", []pipeline.Field{number, signer, field(pipeline.FieldIssuer, "UBND", 80)}, ""},
		{"just unsure", []pipeline.Field{number, signer, field(pipeline.FieldIssuer, "UBND", 79.9)}, "issuer unsure held"},
		{"no such day", []pipeline.Field{number, signer, field(pipeline.FieldDate, "2024-02-30", 99)}, "issue_date misformed"},
		{"the best counts", []pipeline.Field{number, field(pipeline.FieldDossier, "H42.15-221011-0007", 10), signer}, ""},
	} {
		var got []string
		for _, d := range demands.Doubts(c.fields) {
			s := fmt.Sprintf("%s %s", d.Name, d.Why)
			if d.Hold {
				s += " held"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

// TestOnlyTheNumberHoldsByDefault: the desk is not slowed by what can be corrected
// later.
func TestOnlyTheNumberHoldsByDefault(t *testing.T) {
	t.Parallel()
	for name, d := range policy.Default().For("H42.15", "khai-sinh") {
		if d.Hold != (name == pipeline.FieldDossier) {
			t.Errorf("%s holds papers: %t", name, d.Hold)
		}
	}
}

// TestWhatAPaperOfAClassMustSayIsAskedFor, and nobody is asked for what such a paper has not.
func TestWhatAPaperOfAClassMustSayIsAskedFor(t *testing.T) {
	t.Parallel()
	for class, want := range map[string]string{
		"quyet-dinh": "dossier_number document_number issue_date signer",
		"can-cuoc":   "dossier_number owner_name owner_id owner_birth",
		"don":        "dossier_number",
		"":           "dossier_number",
	} {
		var got []string
		for _, d := range policy.Default().For("H42.15", class).Doubts(nil) {
			got = append(got, string(d.Name))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q that says nothing: asked for %s, want %s", class, s, want)
		}
	}
}

// TestMistakesAreNamed: whoever writes the file learns the line and what to do.
func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, line, hint string }{
		{"fields: {}", "line 1", "hyphen"},
		{"- unit: H42\n  fileds: {}", "line 2", "unit, class, fields, signers, signatures or sample"},
		{"- unit: ở đây\n  fields: {title: {sure: 5}}", "line 1", "H42.15"},
		{"- unit: H42", "line 1", "fields"},
		{"- fields:\n    tittle: {sure: 5}", "line 2", "title"},
		{"- fields:\n    title:\n      sure: 102", "line 3", "0 (never ask) to 101"},
		{"- fields:\n    title: {sure: nhiều}", "line 2", "number"},
		{"- fields:\n    title: {need: có}", "line 2", "true"},
		{"- fields:\n    title: {check: grammar}", "line 2", "leave check out"},
		{"- fields:\n    issue_date: {check: chính tả}", "line 2", "grammar"},
		{"- fields:\n    title: {sur: 3}", "line 2", "sure"},
		{"- fields:\n    title: 80", "line 2", "name: value"},
		{"- fields:\n    title: {sure: 1}\n    title: {sure: 2}", "line 3", "title"},
		{"- fields:\n    dossier_number: {hold: false}", "line 2", "dossier number"},
		{"- fields: {title: {sure: 1}}\n- fields: {signer: {sure: 1}}", "line 2", "line 1"},
		{"- fields: [", "line 1", ""},
		{"- signatures: {revokd: ask}", "line 1", "revoked"},
		{"- unit: H42\n  signatures:\n    revoked: hold", "line 3", "keep, ask or reject"},
		{"- signatures: {wrap: always}", "line 1", "true"},
		{"- signatures: reject", "line 1", "name: value"},
	} {
		_, err := policy.Parse([]byte(c.text))
		if !errors.Is(err, policy.ErrPolicy) || !strings.Contains(err.Error(), c.line) || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("%q gave %v; want %s and %q", c.text, err, c.line, c.hint)
		}
	}
}

func TestAFileOfRemarksChangesNothing(t *testing.T) {
	t.Parallel()
	want := policy.Default().For("", "")
	got := parsed(t, "# chưa có gì\n").For("", "")
	if len(got) != len(want) || got[pipeline.FieldDossier] != want[pipeline.FieldDossier] {
		t.Errorf("an empty file asks for %+v", got)
	}
}

// TestRulesKnowEveryField holds the list of names to the vocabulary.
func TestRulesKnowEveryField(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../field.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "FieldName" {
			return true
		}
		for _, v := range spec.Values {
			literal, ok := v.(*ast.BasicLit)
			if !ok {
				continue
			}
			name, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			found++
			if !slices.Contains(policy.Names(), pipeline.FieldName(name)) {
				t.Errorf("rules cannot speak of %s", name)
			}
		}
		return true
	})
	if found < 10 {
		t.Errorf("field.go names %d fields; is it read?", found)
	}
}

// TestWhoSigns asks for the signers under rules that speak against each other.
func TestWhoSigns(t *testing.T) {
	t.Parallel()
	p := parsed(t, `
- class: khai-sinh
  signers: [officer, agency]
- unit: H42
  signers: {desk: [officer]}
- unit: H42.15
  signers: {batch: [officer, agency]}
- unit: H42.15
  class: don
  signers: [agency]
`)
	for _, c := range []struct {
		unit, class string
		lane        pipeline.Lane
		want        string
	}{
		{"H40", "", pipeline.Desk, "[agency]"},
		{"H40", "khai-sinh", pipeline.Batch, "[officer agency]"},
		{"H42.16", "", pipeline.Desk, "[officer]"},
		{"H42.16", "", pipeline.Batch, "[agency]"},
		{"H42.16", "khai-sinh", pipeline.Desk, "[officer]"},
		{"H42.16", "khai-sinh", pipeline.Upkeep, "[officer agency]"},
		{"H42.15.1", "", pipeline.Desk, "[officer]"},
		{"H42.15.1", "", pipeline.Batch, "[officer agency]"},
		{"H42.15", "don", pipeline.Desk, "[agency]"},
	} {
		if got := fmt.Sprint(p.Signers(c.unit, c.class, c.lane)); got != c.want {
			t.Errorf("papers of %q in %q, lane %s: signed by %s, want %s", c.class, c.unit, c.lane, got, c.want)
		}
	}
	if got := fmt.Sprint(policy.Policy{}.Signers("H42", "", pipeline.Desk)); got != "[agency]" {
		t.Errorf("without rules papers are signed by %s", got)
	}
}

// TestNobodyIsNoSigner: what nobody signs is no record, and an officer does not sign after
// the agency.
func TestNobodyIsNoSigner(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[]", "none", "[none]", "[agency, officer]", "[officer, officer]", "{night: [agency]}", "{desk: []}", "officer"} {
		_, err := policy.Parse([]byte("- unit: H42\n  signers: " + text))
		if !errors.Is(err, policy.ErrPolicy) || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), "want") {
			t.Errorf("signers: %s gave %v; want the line and what to write", text, err)
		}
	}
}

// TestWhatBecomesOfSignedFiles asks under rules that speak against each other.
func TestWhatBecomesOfSignedFiles(t *testing.T) {
	t.Parallel()
	p := parsed(t, `
- signatures: {untrusted: ask}
- unit: H42
  signatures: {untrusted: reject, revoked: reject, unreadable: reject}
- unit: H42.15
  class: don
  signatures: {revoked: keep}
`)
	for _, c := range []struct {
		unit, class, verdict string
		want                 policy.Treatment
	}{
		{"H40", "", "valid", policy.Keep},
		{"H40", "", "demo", policy.Keep},
		{"H40", "", "untrusted", policy.Ask},
		{"H40", "", "revoked", policy.Ask},
		{"H40", "", "changed", policy.Ask},
		{"H40", "", "invalid", policy.Ask},
		{"H40", "", "unsigned", policy.Ask},
		{"H42.16", "don", "untrusted", policy.Reject},
		{"H42.16", "don", "revoked", policy.Reject},
		{"H42.15.2", "don", "revoked", policy.Keep},
		{"H42.15", "", "unsigned", policy.Reject},
		{"H42.15", "", "changed", policy.Ask},
	} {
		if got := p.Treat(c.unit, c.class, c.verdict); got != c.want {
			t.Errorf("%s, of %q in %q: %s, want %s", c.verdict, c.class, c.unit, got, c.want)
		}
	}
	wraps := parsed(t, "- signatures: {wrap: true}\n- unit: H42\n  signatures: {wrap: false}\n- unit: H42\n  class: don\n  signatures: {wrap: true}")
	for at, want := range map[[2]string]bool{{"", ""}: true, {"H42.15", ""}: false, {"H42.15", "don"}: true, {"H40", "x"}: true} {
		if got := wraps.Wrap(at[0], at[1]); got != want {
			t.Errorf("wrapping for %q: %t", at, got)
		}
	}
	if p.Wrap("H42", "") || policy.Default().Wrap("", "") {
		t.Error("files are wrapped although nobody asked for it")
	}
	if got := policy.Default().Treat("", "", "untrusted"); got != policy.Keep {
		t.Errorf("by the rules that come with hoso, untrusted: %s", got)
	}
}

// TestHowManyAreLookedAtTwice asks for the sample of a batch.
func TestHowManyAreLookedAtTwice(t *testing.T) {
	t.Parallel()
	if got := policy.Default().Sample(); got != 30 {
		t.Errorf("by the rules that come with hoso %v %% of a batch are looked at twice, want 30", got)
	}
	if got := (policy.Policy{}).Sample(); got != 100 {
		t.Errorf("without any rules %v %%, want all", got)
	}
	for text, want := range map[string]float64{"- sample: 12.5": 12.5, "- sample: 100": 100, "- unit: H42\n  signers: [officer]": 30} {
		if got := parsed(t, text).Sample(); got != want {
			t.Errorf("%s: %v %%, want %v", text, got, want)
		}
	}
	for _, text := range []string{"- sample: 0", "- sample: -3", "- sample: 101", "- sample: NaN", "- sample: viel", "- sample: [30]", "- unit: H42\n  sample: 50", "- class: don\n  sample: 50"} {
		if _, err := policy.Parse([]byte(text)); !errors.Is(err, policy.ErrPolicy) || !strings.Contains(err.Error(), "sample") {
			t.Errorf("%q gave %v; want what is wrong with the sample", text, err)
		}
	}
}
