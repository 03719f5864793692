package policy

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"hoso/pipeline"
)

// signersOf reads who signs: a list for all papers, or a list for each lane that it
// names.
func signersOf(n *yaml.Node) (map[pipeline.Lane][]pipeline.Signer, error) {
	lanes := []pipeline.Lane{pipeline.Desk, pipeline.Batch, pipeline.Upkeep}
	all := map[pipeline.Lane][]pipeline.Signer{}
	if n.Kind != yaml.MappingNode {
		list, err := signerList(n)
		for _, lane := range lanes {
			all[lane] = list
		}
		return all, err
	}
	err := each(n, "signers", func(key, value *yaml.Node) (err error) {
		lane := pipeline.Lane(key.Value)
		if !slices.Contains(lanes[:2], lane) {
			return amiss(key, "%.40q is no lane; want desk or batch, or one list for both", key.Value)
		}
		all[lane], err = signerList(value)
		return err
	})
	return all, err
}

// signerList reads one list. The officer comes first, since the agency's signature
// stands for what the officer has signed; and nobody at all is not offered: what is not
// signed is no record.
func signerList(n *yaml.Node) ([]pipeline.Signer, error) {
	var list []pipeline.Signer
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return nil, amiss(n, "want who signs as [agency], [officer] or [officer, agency]; every record is signed")
	}
	for _, one := range n.Content {
		list = append(list, pipeline.Signer(one.Value))
	}
	for _, known := range [][]pipeline.Signer{{pipeline.ByAgency}, {pipeline.ByOfficer}, {pipeline.ByOfficer, pipeline.ByAgency}} {
		if slices.Equal(list, known) {
			return list, nil
		}
	}
	return nil, amiss(n, "signers are %.80q; want [agency], [officer] or [officer, agency], the officer first", list)
}

// Signers gives who signs the records of a class that a unit owns, in that order; lane
// is the one in which the paper came.
func (p Policy) Signers(unit, class string, lane pipeline.Lane) []pipeline.Signer {
	who := []pipeline.Signer{pipeline.ByAgency}
	for _, r := range p.rules {
		if said, has := r.signers[lane]; has && r.covers(unit, class) {
			who = said
		}
	}
	return slices.Clone(who)
}

// Officers reports whether any rule has officers sign.
func (p Policy) Officers() bool {
	return slices.ContainsFunc(p.rules, func(r rule) bool {
		for _, list := range r.signers {
			if list[0] == pipeline.ByOfficer {
				return true
			}
		}
		return false
	})
}
