package bench

import (
	"slices"

	"hoso/pipeline"
)

// Tally says how many of the things that pages bear were found, and how many of those
// found are right.
type Tally struct {
	There int `json:"there"` // by the truth
	Found int `json:"found"`
	Right int `json:"right"`

	Recall    float64 `json:"recall"`
	Precision float64 `json:"precision"`
}

// tally compares things on all pages whose truth lists them. Of truth and page, of gives
// those to be compared, ok being false without a truth; same says whether one that was
// found is the one that is there.
func tally[T any](samples []Sample, all []outcome, of func(Sample, pipeline.Page) (truth, found []T, ok bool), same func(found, truth T) bool) Tally {
	var t Tally
	for i, s := range samples {
		if !all[i].done || len(all[i].first.read) != 1 {
			continue
		}
		if truth, found, ok := of(s, all[i].first.read[0]); ok {
			t.There, t.Found, t.Right = t.There+len(truth), t.Found+len(found), t.Right+matched(truth, found, same)
		}
	}
	t.Recall = float64(t.Right) / float64(max(t.There, 1))
	t.Precision = float64(t.Right) / float64(max(t.Found, 1))
	return t
}

// matched counts what is there and was found, each found once.
func matched[T any](truth, found []T, same func(found, truth T) bool) int {
	right, found := 0, slices.Clone(found)
	for _, want := range truth {
		if at := slices.IndexFunc(found, func(f T) bool { return same(f, want) }); at >= 0 {
			found = slices.Delete(found, at, at+1)
			right++
		}
	}
	return right
}

// only gives those that are wanted.
func only[T any](all []T, wanted func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return !wanted(one) })
}
