package bench

import "time"

// Report is all that was measured.
type Report struct {
	Contenders  []Named      `json:"contenders"`
	Rounds      int          `json:"rounds"`
	Files       int          `json:"files"`
	Pages       int          `json:"pages"`
	Totals      []Total      `json:"totals"`
	Versus      []Versus     `json:"versus,omitempty"`
	Groups      []Group      `json:"groups,omitempty"`
	Numbers     []Exact      `json:"numbers,omitempty"`
	Sealed      []Sealed     `json:"under_seal,omitempty"`
	Regions     []Regions    `json:"regions,omitempty"`
	Codes       []Codes      `json:"codes,omitempty"`
	Fields      *FieldReport `json:"fields,omitempty"`
	Own         *Own         `json:"own_time,omitempty"`
	Calibration *Calibration `json:"calibration,omitempty"`
	Touch       *Touch       `json:"touch,omitempty"` // see Question.Touch
	Errors      []Made       `json:"errors,omitempty"`
	Worst       []Worst      `json:"worst,omitempty"`
	Scaling     *Scaling     `json:"scaling,omitempty"`
	Runs        []Run        `json:"runs"`
}

// Named is a contender as it was run.
type Named struct {
	Name    string   `json:"name"`
	Version string   `json:"version,omitempty"`
	Command []string `json:"command"`
}

// Question is what to report on.
type Question struct {
	Contenders []Contender // the first is compared with each of the others
	Samples    []Sample
	Runs       []Run
	Rounds     int
	By         []string  // class, layout
	Worst      int       // how many of the worst files of the first contender
	Now        time.Time // no paper was issued after it
}

// Summarise answers q.
func Summarise(q Question) Report {
	r := Report{Rounds: q.Rounds, Files: len(q.Samples), Runs: q.Runs}
	for _, s := range q.Samples {
		r.Pages += s.Pages
	}
	q.Samples = paired(q.Samples)
	all := make([][]outcome, len(q.Contenders))
	for i, c := range q.Contenders {
		all[i] = outcomes(c.Name, q.Samples, q.Runs)
		call := Call{In: []string{"IN"}, Out: "OUT.pdf", Text: "OUT.txt", Words: "WORDS.json"}
		r.Contenders = append(r.Contenders, Named{Name: c.Name, Version: c.Version, Command: c.Command(call)})
		r.Totals = append(r.Totals, total(c.Name, all[i]))
		if i > 0 {
			r.Versus = append(r.Versus, versus(c.Name, all[0], all[i]))
		}
		r.Numbers = append(r.Numbers, exacts(c.Name, q.Samples, all[i])...)
		if s := sealed(c.Name, q.Samples, all[i]); s.Words > 0 {
			r.Sealed = append(r.Sealed, s)
		}
		r.Errors = append(r.Errors, made(c.Name, all[i])...)
	}
	for _, by := range q.By {
		r.Groups = append(r.Groups, groups(by, q.Samples, q.Contenders, all)...)
	}
	if len(all) > 0 {
		r.Regions, r.Codes = regions(q.Samples, all[0]), codes(q.Samples, all[0])
		r.Fields = fieldReport(q.Samples, all[0], q.By, q.Now)
		r.Own, r.Calibration, r.Worst = own(all[0]), calibration(q.Samples, all[0]), worst(q.Worst, q.Samples, all[0])
	}
	return r
}
