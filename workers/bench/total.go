package bench

import "math"

// Total is one contender over all files of a set.
type Total struct {
	Contender string   `json:"contender"`
	Files     int      `json:"files"`
	Failed    int      `json:"failed"` // files without a result; nothing else counts them
	Pages     int      `json:"pages"`
	CPU       Interval `json:"cpu_seconds_per_page"`
	PerCPU    float64  `json:"pages_per_cpu_second"`
	Wall      float64  `json:"wall_seconds_per_page"`
	Memory    int64    `json:"peak_memory"` // bytes
	Bytes     int64    `json:"bytes_per_page"`
	CER       Interval `json:"cer"`
	CERExtra  Interval `json:"cer_extra"`
	WER       Interval `json:"wer"`
}

// Versus compares the first contender with a peer over the files that both
// converted, page against page.
type Versus struct {
	Peer  string `json:"peer"`
	Files int    `json:"files"`

	CPU  Interval `json:"cpu_ratio"` // how many times as much the peer needs
	Wall Interval `json:"wall_ratio"`
	CER  Interval `json:"cer_ratio"` // how many times as many errors the peer makes
	WER  Interval `json:"wer_ratio"`

	CERLess Interval `json:"cer_difference"` // peer minus first: above 0, the first is better
	WERLess Interval `json:"wer_difference"`
}

// outcome is what one contender did with one file, over all rounds.
type outcome struct {
	done      bool
	cpu, wall float64 // seconds, the mean of the rounds
	pages     float64
	memory    int64
	bytes     int64

	wrong, extra, letters float64
	missing, words        float64
	first                 *Run // the first that went well
	runs                  []*Run
}

// outcomes are in the order of samples.
func outcomes(name string, samples []Sample, runs []Run) []outcome {
	at := map[string]int{}
	for i, s := range samples {
		at[s.Name] = i
	}
	all, rounds := make([]outcome, len(samples)), make([]float64, len(samples))
	for i := range runs {
		r := &runs[i]
		if j, ok := at[r.File]; ok && r.Contender == name && r.Failed == "" {
			all[j].add(r)
			rounds[j]++
		}
	}
	for j := range all {
		if all[j].done {
			all[j].cpu /= rounds[j]
			all[j].wall /= rounds[j]
		}
	}
	return all
}

func (o *outcome) add(r *Run) {
	o.cpu += r.CPU.Seconds()
	o.wall += r.Wall.Seconds()
	o.memory = max(o.memory, r.Memory)
	o.runs = append(o.runs, r)
	if o.done {
		return
	}
	o.done, o.first, o.pages, o.bytes = true, r, float64(r.Pages), r.Bytes
	if c := r.compared; c != nil {
		o.letters, o.words = float64(c.Rates.Letters), float64(c.Rates.Words)
		o.wrong, o.extra = float64(c.wrong), float64(c.wrong+c.extra)
		o.missing = c.Rates.WER * o.words
	}
}

// column is one quantity of every outcome.
func column(all []outcome, of func(outcome) float64) []float64 {
	values := make([]float64, len(all))
	for i, o := range all {
		values[i] = of(o)
	}
	return values
}

func pagesOf(o outcome) float64   { return o.pages }
func lettersOf(o outcome) float64 { return o.letters }
func wordsOf(o outcome) float64   { return o.words }

func cpuOf(all []outcome) share {
	return share{column(all, func(o outcome) float64 { return o.cpu }), column(all, pagesOf)}
}

func wallOf(all []outcome) share {
	return share{column(all, func(o outcome) float64 { return o.wall }), column(all, pagesOf)}
}

func cerOf(all []outcome) share {
	return share{column(all, func(o outcome) float64 { return o.wrong }), column(all, lettersOf)}
}

func extraOf(all []outcome) share {
	return share{column(all, func(o outcome) float64 { return o.extra }), column(all, lettersOf)}
}

func werOf(all []outcome) share {
	return share{column(all, func(o outcome) float64 { return o.missing }), column(all, wordsOf)}
}

func total(name string, all []outcome) Total {
	t := Total{Contender: name, Files: len(all)}
	var done []outcome
	bytes := int64(0)
	for _, o := range all {
		if !o.done {
			t.Failed++
			continue
		}
		done = append(done, o)
		t.Pages += int(o.pages)
		t.Memory = max(t.Memory, o.memory)
		bytes += o.bytes
	}
	t.CPU, t.CER, t.CERExtra, t.WER = cpuOf(done).interval(), cerOf(done).interval(), extraOf(done).interval(), werOf(done).interval()
	if t.Pages > 0 {
		t.Wall, t.PerCPU, t.Bytes = wallOf(done).interval().Value, 1/t.CPU.Value, bytes/int64(t.Pages)
	}
	if math.IsInf(t.PerCPU, 0) {
		t.PerCPU = 0 // the clock saw no time pass
	}
	return t
}

func versus(peer string, ours, theirs []outcome) Versus {
	var a, b []outcome
	for i := range ours {
		if ours[i].done && theirs[i].done {
			a, b = append(a, ours[i]), append(b, theirs[i])
		}
	}
	return Versus{
		Peer: peer, Files: len(a),
		CPU: cpuOf(b).over(cpuOf(a)), Wall: wallOf(b).over(wallOf(a)),
		CER: cerOf(b).over(cerOf(a)), WER: werOf(b).over(werOf(a)),
		CERLess: cerOf(b).minus(cerOf(a)), WERLess: werOf(b).minus(werOf(a)),
	}
}
