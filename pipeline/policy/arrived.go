package policy

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Found is what was found of the signatures that a file came with, in the words of
// package sign.
type Found string

// What can be found.
const (
	Valid      Found = "valid"
	Demo       Found = "demo"
	Untrusted  Found = "untrusted"
	Revoked    Found = "revoked"
	Changed    Found = "changed"
	Invalid    Found = "invalid"
	Unreadable Found = "unreadable" // the file looked signed, and nothing could be said of its signatures, or of one
)

func found() []Found {
	return []Found{Valid, Demo, Untrusted, Revoked, Changed, Invalid, Unreadable}
}

// Treatment is what becomes of a paper that came signed.
type Treatment string

// The treatments.
const (
	Keep   Treatment = "keep"   // it is filed, with what was found
	Ask    Treatment = "ask"    // it waits for a person, who takes or rejects it
	Reject Treatment = "reject" // it is rejected, with what was found as the reason
)

// arrived is what a rule says of papers that came signed; nil says nothing.
type arrived struct {
	treat map[Found]Treatment
	wrap  *bool
}

// arrivedOf reads what becomes of papers by what was found of their signatures, and
// whether they are wrapped.
func arrivedOf(n *yaml.Node) (arrived, error) {
	all := arrived{treat: map[Found]Treatment{}}
	err := each(n, "signatures", func(key, value *yaml.Node) (err error) {
		if key.Value == "wrap" {
			all.wrap, err = truth(value)
			return err
		}
		what, do := Found(key.Value), Treatment(value.Value)
		if !slices.Contains(found(), what) {
			return amiss(key, "%.40q is nothing that is found of signatures; want wrap or one of %v", key.Value, found())
		}
		if !slices.Contains([]Treatment{Keep, Ask, Reject}, do) {
			return amiss(value, "%s is %.40q; want keep, ask or reject", what, value.Value)
		}
		all.treat[what] = do
		return nil
	})
	return all, err
}

// silent reports whether nothing is said.
func (a arrived) silent() bool { return len(a.treat) == 0 && a.wrap == nil }

// Wrap reports whether the record of a paper of a class that a unit owns and that came
// signed is a wrapper: a PDF/A-3 of our own signature that shows the file and carries it.
func (p Policy) Wrap(unit, class string) bool {
	wrap := false
	for _, r := range p.rules {
		if r.arrived.wrap != nil && r.covers(unit, class) {
			wrap = *r.arrived.wrap
		}
	}
	return wrap
}

// Treat gives what becomes of a paper of a class that a unit owns and that came signed.
// A verdict that rules cannot speak of is treated as Unreadable. Without rules all is
// kept.
func (p Policy) Treat(unit, class, verdict string) Treatment {
	what, do := Found(verdict), Keep
	if !slices.Contains(found(), what) {
		what = Unreadable
	}
	for _, r := range p.rules {
		if said, has := r.arrived.treat[what]; has && r.covers(unit, class) {
			do = said
		}
	}
	return do
}
