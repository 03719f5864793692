package bench_test

import (
	"encoding/json"
	"math"
	"testing"

	"hoso/workers/bench"
)

// The mean of 0 … 99 is 49.5 with a standard error of 28.87/√100, hence an interval
// of 1.96 of them on either side.
func TestBootstrapOfAMean(t *testing.T) {
	t.Parallel()
	mean := func(pick []int) float64 {
		sum := 0
		for _, i := range pick {
			sum += i
		}
		return float64(sum) / float64(len(pick))
	}
	i := bench.Bootstrap(100, mean)
	if i.Value != 49.5 || math.Abs(i.Low-43.84) > 0.4 || math.Abs(i.High-55.16) > 0.4 {
		t.Errorf("%+v, want 49.5 [43.84, 55.16]", i)
	}
	if again := bench.Bootstrap(100, mean); again != i {
		t.Errorf("the second time %+v, the first %+v", again, i)
	}
}

func TestBootstrapOfNothing(t *testing.T) {
	t.Parallel()
	i := bench.Bootstrap(0, func(pick []int) float64 { return 0 / float64(len(pick)) })
	if !math.IsNaN(i.Value) || !math.IsNaN(i.Low) {
		t.Errorf("%+v, want no number", i)
	}
	if one := bench.Bootstrap(1, func([]int) float64 { return 7 }); one.Value != 7 || !math.IsNaN(one.Low) || !math.IsNaN(one.High) {
		t.Errorf("one page alone: %+v, want no interval", one)
	}
	b, err := json.Marshal(i)
	if err != nil || string(b) != `{"high":null,"low":null,"value":null}` {
		t.Errorf("%s, %v", b, err)
	}
	if b, err := json.Marshal(bench.Interval{Value: math.Inf(1), Low: 2, High: math.Inf(1)}); err != nil || string(b) != `{"high":null,"low":2,"value":null}` {
		t.Errorf("%s, %v", b, err)
	}
}
