package bench

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is an estimate with its 95 % confidence interval. What cannot be
// computed, such as a ratio to nothing, is NaN or infinite, and null in JSON.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// MarshalJSON writes null for what is no number.
func (i Interval) MarshalJSON() ([]byte, error) {
	number := func(v float64) *float64 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	return json.Marshal(map[string]*float64{"value": number(i.Value), "low": number(i.Low), "high": number(i.High)})
}

const (
	resamples = 5000
	seed      = 20260101 // any; the same for every statistic, so that all see the same resamples
)

// Bootstrap estimates a statistic over n pages and its 95 % percentile interval
// (Efron 1979): the pages are drawn anew, with replacement, 5,000 times. Statistics
// of several contenders over the same pages see the same draws, hence intervals of
// their ratios and differences are paired. One page alone has no interval.
func Bootstrap(n int, statistic func(pick []int) float64) Interval {
	pick := make([]int, n)
	for i := range pick {
		pick[i] = i
	}
	i := Interval{Value: statistic(pick), Low: math.NaN(), High: math.NaN()}
	if n < 2 {
		return i
	}
	random := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // draws need to be repeatable, not secret
	var drawn []float64
	for range resamples {
		for j := range pick {
			pick[j] = random.IntN(n)
		}
		if v := statistic(pick); !math.IsNaN(v) {
			drawn = append(drawn, v)
		}
	}
	slices.Sort(drawn)
	i.Low, i.High = quantile(drawn, 0.025), quantile(drawn, 0.975)
	return i
}

// quantile interpolates between the two values nearest to it.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	below := int(at)
	low, high := sorted[below], sorted[min(below+1, len(sorted)-1)]
	if low == high {
		return low // also where both are infinite
	}
	return low + (at-float64(below))*(high-low)
}

// share is a quotient of sums over pages: wrong letters over letters, seconds over
// pages.
type share struct{ part, whole []float64 }

func (s share) at(pick []int) float64 {
	part, whole := 0.0, 0.0
	for _, i := range pick {
		part += s.part[i]
		whole += s.whole[i]
	}
	return part / whole
}

func (s share) interval() Interval { return Bootstrap(len(s.part), s.at) }

// over is how many times s is t.
func (s share) over(t share) Interval {
	return Bootstrap(len(s.part), func(pick []int) float64 { return s.at(pick) / t.at(pick) })
}

// minus is how much s exceeds t.
func (s share) minus(t share) Interval {
	return Bootstrap(len(s.part), func(pick []int) float64 { return s.at(pick) - t.at(pick) })
}

// proportion is k of n with its 95 % interval by Wilson (1927), which is honest for none
// and for all too, where drawing anew sees nothing but the same.
func proportion(k, n int) Interval {
	const z = 1.96
	if n == 0 {
		return Interval{math.NaN(), math.NaN(), math.NaN()}
	}
	p, m := float64(k)/float64(n), float64(n)
	middle, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Interval{Value: p, Low: max(0, (middle-half)/(1+z*z/m)), High: min(1, (middle+half)/(1+z*z/m))}
}
