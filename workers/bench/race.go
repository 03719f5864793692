package bench

import (
	"context"
	"fmt"
)

// Race lets every contender work on every sample, round after round.
type Race struct {
	Contenders []Contender
	Samples    []Sample
	Rounds     int
	Work       string          // folder for what comes out
	Tell       func(Run) error // is told of each run; may be nil
}

// Run gives the runs in the order in which they took place. The contenders take turns
// at being first, since the first finds the file in no cache. Before that each
// converts the first sample once, uncounted: so it loads its program, and hoso makes
// its demonstration keys where there are none.
func (r Race) Run(ctx context.Context) ([]Run, error) {
	var runs []Run
	for _, c := range r.Contenders {
		if len(r.Samples) == 0 {
			break
		}
		if _, err := Once(ctx, c, r.Samples[0], r.Work); err != nil {
			return nil, err
		}
	}
	for round := range r.Rounds {
		for i, sample := range r.Samples {
			for j := range r.Contenders {
				c := r.Contenders[(i+round+j)%len(r.Contenders)]
				run, err := Once(ctx, c, sample, r.Work)
				if err != nil {
					return nil, err
				}
				run.Round = round + 1
				runs = append(runs, run)
				if r.Tell == nil {
					continue
				}
				if err := r.Tell(run); err != nil {
					return nil, err
				}
			}
		}
	}
	return runs, nil
}

// Scaling is what a second reader is worth: all files in one convert.
type Scaling struct {
	Pages  int       `json:"pages"`
	Wall   []float64 `json:"wall_seconds"`     // with one reader, in every round
	Wall2  []float64 `json:"wall_seconds_two"` // with two
	CPU    float64   `json:"cpu_seconds_per_page"`
	CPU2   float64   `json:"cpu_seconds_per_page_two"`
	Faster Interval  `json:"faster"` // how many times as fast two are, over the rounds
}

// Scale runs a contender with one reader and the same with two, in turns, on all
// samples at once.
func Scale(ctx context.Context, readers [2]Contender, samples []Sample, rounds int, work string) (*Scaling, error) {
	var s Scaling
	var in []string
	for _, sample := range samples {
		in = append(in, sample.Path)
		s.Pages += sample.Pages
	}
	var runs [2][]Run
	for round := range rounds {
		for i := range readers {
			which := (i + round) % 2
			run, err := all(ctx, readers[which], in, work)
			if err != nil {
				return nil, err
			}
			runs[which] = append(runs[which], run)
		}
	}
	s.compare(runs[0], runs[1])
	return &s, nil
}

// all is Once with several files.
func all(ctx context.Context, c Contender, in []string, work string) (Run, error) {
	r, call := Run{Contender: c.Name}, callIn(work, in...)
	if _, err := r.time(ctx, c, call, c.Command(call)); err != nil {
		return r, err
	}
	if r.Failed != "" {
		return r, fmt.Errorf("converting all files at once: %s", r.Failed)
	}
	return r, nil
}

func (s *Scaling) compare(one, two []Run) {
	ones := make([]float64, len(one))
	for i := range one {
		s.Wall, s.Wall2 = append(s.Wall, one[i].Wall.Seconds()), append(s.Wall2, two[i].Wall.Seconds())
		s.CPU += one[i].CPU.Seconds() / float64(s.Pages*len(one))
		s.CPU2 += two[i].CPU.Seconds() / float64(s.Pages*len(two))
		ones[i] = 1
	}
	s.Faster = share{s.Wall, ones}.over(share{s.Wall2, ones})
}
