package policy

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// sampleOf reads which share of a batch is looked at a second time. Nothing is no sample:
// who answers for a batch must be able to say on what grounds.
func sampleOf(n *yaml.Node) (*float64, error) {
	v, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || !(v > 0 && v <= 100) {
		return nil, amiss(n, "sample is %.40q; want a percentage above 0 and up to 100, such as 30", n.Value)
	}
	return &v, nil
}

// Sample is which share of the papers of a batch is drawn for a second look, in per cent,
// above 0 up to 100.
func (p Policy) Sample() float64 {
	share := 100.0 // of no policy at all: everything
	for _, r := range p.rules {
		if r.sample != nil {
			share = *r.sample
		}
	}
	return share
}
