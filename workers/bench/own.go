package bench

import "hoso/pipeline"

// Own is where the processor time of a contender that tells its steps went, in
// milliseconds per page.
type Own struct {
	Pages int     `json:"pages"`
	Whole float64 `json:"whole_ms"` // of the processes, from start to end
	Read  float64 `json:"read_ms"`  // of it, reading pages: the pages' own account
	Rest  float64 `json:"rest_ms"`  // of it, all else: start, composing, signing, the gate
	// Ratio is Whole / Read.
	Ratio Interval `json:"ratio"`
	Steps []Step   `json:"steps"` // of Read; the last, without a name, is what no step accounts for
}

// Step is one step of reading a page.
type Step struct {
	Name   string  `json:"step"`
	Millis float64 `json:"ms"`    // per page
	Share  float64 `json:"share"` // of Own.Read
}

// own adds up the accounts of every page that was read.
func own(all []outcome) *Own {
	var read share // per file: all of the convert, and the pages' own account, in ms
	var o Own
	millis := map[string]float64{}
	for _, done := range all {
		whole, sum := 0.0, 0.0
		for _, run := range done.runs {
			whole += 1000 * run.CPU.Seconds()
			o.Pages += len(run.read)
			for _, page := range run.read {
				sum += float64(page.CPUMillis)
				o.note(page.Steps, millis)
			}
		}
		if sum > 0 {
			read.part, read.whole = append(read.part, whole), append(read.whole, sum)
		}
	}
	if len(read.part) == 0 {
		return nil
	}
	o.Ratio = read.interval()
	pages := float64(o.Pages)
	for i := range read.part {
		o.Whole += read.part[i] / pages
		o.Read += read.whole[i] / pages
	}
	o.Rest = o.Whole - o.Read
	o.divide(millis)
	return &o
}

// note adds the steps of one page to the sums.
func (o *Own) note(steps []pipeline.Spent, millis map[string]float64) {
	for _, s := range steps {
		if _, known := millis[s.Step]; !known {
			o.Steps = append(o.Steps, Step{Name: s.Step})
		}
		millis[s.Step] += s.Millis
	}
}

func (o *Own) divide(millis map[string]float64) {
	unnamed := o.Read
	for i := range o.Steps {
		s := &o.Steps[i]
		s.Millis = millis[s.Name] / float64(o.Pages)
		unnamed -= s.Millis
	}
	o.Steps = append(o.Steps, Step{Millis: unnamed})
	for i := range o.Steps {
		if o.Read > 0 {
			o.Steps[i].Share = o.Steps[i].Millis / o.Read
		}
	}
}
