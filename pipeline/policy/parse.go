package policy

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoso/pipeline"
)

//go:embed policy.yaml
var shipped []byte

// Shipped are the rules that come with hoso, as text.
func Shipped() []byte { return slices.Clone(shipped) }

// Default gives the rules that come with hoso.
func Default() Policy {
	p, err := Parse(shipped)
	if err != nil {
		panic(err) // they are part of the program, and tested
	}
	return p
}

// ErrPolicy is returned for rules that cannot be used.
var ErrPolicy = errors.New("policy")

// amiss says on which line a rule cannot be used, why, and what to do.
func amiss(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", ErrPolicy, n.Line, fmt.Sprintf(format, args...))
}

// Parse reads rules as policy.yaml beside this file has them. They stand over those
// that come with hoso: what no rule names is as there.
func Parse(text []byte) (Policy, error) {
	own, err := parse(text)
	if err != nil {
		return Policy{}, err
	}
	base, err := parse(shipped)
	if err != nil {
		return Policy{}, err
	}
	all := append(base, own...)
	slices.SortStableFunc(all, nearer)
	return Policy{all}, nil
}

func parse(text []byte) ([]rule, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	if len(doc.Content) == 0 {
		return nil, nil // nothing but remarks
	}
	list := doc.Content[0]
	if list.Kind != yaml.SequenceNode {
		return nil, amiss(list, "want a list of rules; begin each with a hyphen, as hoso policy prints them")
	}
	var all []rule
	for _, n := range list.Content {
		r, err := ruleOf(n)
		if err != nil {
			return nil, err
		}
		for _, earlier := range all {
			if earlier.unit == r.unit && earlier.class == r.class {
				return nil, amiss(n, "the rule on line %d is for the same unit and class; put both into one", earlier.line)
			}
		}
		all = append(all, r)
	}
	return all, nil
}

func ruleOf(n *yaml.Node) (rule, error) {
	r := rule{line: n.Line}
	err := each(n, "a rule", r.read)
	switch nothing := len(r.fields)+len(r.signers) == 0 && r.arrived.silent() && r.sample == nil; {
	case err == nil && r.sample != nil && r.unit+r.class != "":
		err = amiss(n, "sample stands in a rule for a unit or a class; a batch has papers of many, so put it into one without unit and class")
	case err == nil && nothing:
		err = amiss(n, "the rule has no fields; name at least one under fields, who signs under signers, or what becomes of signed files under signatures")
	}
	return r, err
}

// read takes what one line of a rule says.
func (r *rule) read(key, value *yaml.Node) (err error) {
	switch key.Value {
	case "unit":
		if r.unit, err = pipeline.ParseUnit(value.Value); err != nil {
			return amiss(value, "unit %.40q is not a unit code; write it like H42.15", value.Value)
		}
	case "class":
		if r.class = strings.TrimSpace(value.Value); r.class == "" {
			return amiss(value, "class is empty; name one that hoso classes prints, or leave the line out")
		}
	case "fields":
		r.fields, err = fieldsOf(value)
	case "signers":
		r.signers, err = signersOf(value)
	case "signatures":
		r.arrived, err = arrivedOf(value)
	case "sample":
		r.sample, err = sampleOf(value)
	default:
		return amiss(key, "%.40q is nothing that a rule has; want unit, class, fields, signers, signatures or sample", key.Value)
	}
	return err
}

// each goes through the keys of a mapping.
func each(n *yaml.Node, what string, do func(key, value *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return amiss(n, "want %s as name: value", what)
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			return amiss(key, "%.40q stands there twice; keep one", key.Value)
		}
		seen[key.Value] = true
		if err := do(key, value); err != nil {
			return err
		}
	}
	return nil
}

func fieldsOf(n *yaml.Node) (map[pipeline.FieldName]part, error) {
	all := map[pipeline.FieldName]part{}
	err := each(n, "fields", func(key, value *yaml.Node) (err error) {
		name := pipeline.FieldName(key.Value)
		if !slices.Contains(Names(), name) {
			return amiss(key, "there is no field %.40q; want one of %v", key.Value, Names())
		}
		all[name], err = partOf(name, value)
		return err
	})
	return all, err
}

func partOf(name pipeline.FieldName, n *yaml.Node) (part, error) {
	var p part
	err := each(n, string(name), func(key, value *yaml.Node) (err error) {
		switch key.Value {
		case "need":
			p.need, err = truth(value)
		case "hold":
			p.hold, err = truth(value)
		case "sure":
			p.sure, err = sure(value)
		case "check":
			p.check, err = check(name, value)
		default:
			return amiss(key, "%.40q is nothing that a field has; want need, sure, check or hold", key.Value)
		}
		return err
	})
	if err != nil || name != pipeline.FieldDossier {
		return p, err
	}
	for _, one := range []*bool{p.need, p.hold} {
		if one != nil && !*one {
			return p, amiss(n, "no paper can be filed without its dossier number; leave need and hold out, and set sure alone")
		}
	}
	return p, nil
}

func truth(n *yaml.Node) (*bool, error) {
	var b bool
	if err := n.Decode(&b); err != nil {
		return nil, amiss(n, "%.40q is neither true nor false", n.Value)
	}
	return &b, nil
}

func sure(n *yaml.Node) (*float32, error) {
	v, err := strconv.ParseFloat(n.Value, 32)
	if err != nil || v < 0 || v > Always {
		return nil, amiss(n, "sure is %.40q; want a number from 0 (never ask) to %d (always ask)", n.Value, Always)
	}
	f := float32(v)
	return &f, nil
}

func check(name pipeline.FieldName, n *yaml.Node) (*bool, error) {
	on := n.Value == "grammar"
	if !on && n.Value != "none" {
		return nil, amiss(n, "check is %.40q; want grammar or none", n.Value)
	}
	if _, has := forms()[name]; on && !has {
		return nil, amiss(n, "a %s has no form that could be checked; leave check out", name)
	}
	return &on, nil
}
