package bench

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// Print writes the report for people to read. Brackets hold 95 % intervals.
func (r Report) Print(out io.Writer) error {
	t := &table{out: out}
	r.printHead(t)
	r.printVersus(t)
	r.printGroups(t)
	r.printNumbers(t)
	r.printRegions(t)
	r.printCodes(t)
	r.printFields(t)
	r.printOwn(t)
	r.printCalibration(t)
	r.printTouch(t)
	r.printErrors(t)
	r.printWorst(t)
	return t.err
}

// table writes sections of aligned columns, the first to the left, the others to the
// right, and remembers the first error.
type table struct {
	out io.Writer
	err error
}

func (t *table) say(format string, a ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.out, format, a...)
	}
}

func (t *table) section(title string, rows [][]string) {
	if len(rows) < 2 {
		return
	}
	widest := 0
	for _, row := range rows {
		widest = max(widest, len([]rune(row[0])))
	}
	if title != "" {
		t.say("\n%s\n", title)
	}
	w := tabwriter.NewWriter(t.out, 0, 4, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		first := row[0] + strings.Repeat(" ", widest-len([]rune(row[0])))
		if t.err == nil {
			_, t.err = fmt.Fprintln(w, strings.Join(append([]string{first}, row[1:]...), "\t")+"\t")
		}
	}
	if t.err == nil {
		t.err = w.Flush()
	}
}

// percent and times show an interval; what is no number is a dash.
func percent(i Interval) string { return shown(i, 100, "%.2f", "") }
func times(i Interval) string   { return shown(i, 1, "%.1f", "x") }

func shown(i Interval, scale float64, format, unit string) string {
	one := func(v float64) string {
		switch {
		case math.IsNaN(v):
			return "–"
		case math.IsInf(v, 0):
			return "∞"
		}
		return fmt.Sprintf(format, v*scale)
	}
	if math.IsNaN(i.Value) {
		return "–"
	}
	if math.IsNaN(i.Low) || math.IsNaN(i.High) {
		return one(i.Value) + unit
	}
	return one(i.Value) + unit + " [" + one(i.Low) + ", " + one(i.High) + "]"
}

func totalHead(first string) []string {
	return []string{first, "pages", "failed", "CPU s/page", "pages/CPU s", "wall s/page", "peak MiB", "KB/page", "CER %", "+extra %", "WER %"}
}

func (t Total) row(first string) []string {
	return []string{
		first, fmt.Sprint(t.Pages), fmt.Sprint(t.Failed), shown(t.CPU, 1, "%.2f", ""), fmt.Sprintf("%.2f", t.PerCPU),
		fmt.Sprintf("%.2f", t.Wall), fmt.Sprint(t.Memory >> 20), fmt.Sprint(t.Bytes >> 10),
		percent(t.CER), percent(t.CERExtra), percent(t.WER),
	}
}

func (r Report) printHead(t *table) {
	t.say("%d pages in %d files, %d rounds; 95 %% intervals over files\n", r.Pages, r.Files, r.Rounds)
	for _, c := range r.Contenders {
		t.say("  %s %s: %s\n", c.Name, c.Version, strings.Join(c.Command, " "))
	}
	rows := [][]string{totalHead("")}
	for _, s := range r.Totals {
		rows = append(rows, s.row(s.Contender))
	}
	t.section("All", rows)
}

func versusHead(first string) []string {
	return []string{first, "files", "CPU", "wall", "CER", "WER", "CER less, points", "WER less, points"}
}

func (v Versus) row(first string) []string {
	return []string{
		first, fmt.Sprint(v.Files), times(v.CPU), times(v.Wall), times(v.CER), times(v.WER),
		percent(v.CERLess), percent(v.WERLess),
	}
}

func (r Report) printVersus(t *table) {
	if len(r.Versus) == 0 {
		return
	}
	rows := [][]string{versusHead("")}
	for _, v := range r.Versus {
		rows = append(rows, v.row(v.Peer))
	}
	t.section("Peers as multiples of "+r.Contenders[0].Name+", over the files that both converted", rows)
}

func (r Report) printGroups(t *table) {
	for _, by := range []string{"class", "layout"} {
		rows, against := [][]string{totalHead(by)}, [][]string{versusHead(by)}
		for _, g := range r.Groups {
			if g.By != by {
				continue
			}
			name := g.Name
			if name == "" {
				name = "(none)"
			}
			for _, s := range g.Totals {
				rows = append(rows, s.row(name+" "+s.Contender))
			}
			for _, v := range g.Versus {
				against = append(against, v.row(name+" "+v.Peer))
			}
		}
		t.section("By "+by, rows)
		t.section("Peers by "+by, against)
	}
}

func (r Report) printNumbers(t *table) {
	rows := [][]string{{"", "numbers", "exact", "exact %"}}
	for _, e := range r.Numbers {
		rows = append(rows, []string{e.Contender + " " + e.Kind, fmt.Sprint(e.Numbers), fmt.Sprint(e.Exact), fmt.Sprintf("%.1f", 100*e.Share)})
	}
	t.section("Numbers read to the letter", rows)
	rows = [][]string{{"", "words", "WER %", "with twin", "WER %", "in the twin %"}}
	for _, s := range r.Sealed {
		rows = append(rows, []string{
			s.Contender, fmt.Sprint(s.Words), fmt.Sprintf("%.2f", 100*s.WER),
			fmt.Sprint(s.TwinWords), fmt.Sprintf("%.2f", 100*s.PairWER), fmt.Sprintf("%.2f", 100*s.TwinWER),
		})
	}
	t.section("Words under a seal", rows)
}

func (r Report) printRegions(t *table) {
	rows := [][]string{{"", "there", "found", "right", "recall %", "precision %"}}
	for _, k := range r.Regions {
		rows = append(rows, []string{
			string(k.Kind), fmt.Sprint(k.There), fmt.Sprint(k.Found), fmt.Sprint(k.Right),
			fmt.Sprintf("%.1f", 100*k.Recall), fmt.Sprintf("%.1f", 100*k.Precision),
		})
	}
	t.section("Places on the page", rows)
}

func (r Report) printCodes(t *table) {
	rows := [][]string{{"", "there", "found", "right", "recall %", "precision %"}}
	for _, c := range r.Codes {
		rows = append(rows, []string{
			string(c.Kind), fmt.Sprint(c.There), fmt.Sprint(c.Found), fmt.Sprint(c.Right),
			fmt.Sprintf("%.1f", 100*c.Recall), fmt.Sprintf("%.1f", 100*c.Precision),
		})
	}
	t.section("Codes", rows)
}

func (r Report) printOwn(t *table) {
	if o := r.Own; o != nil {
		rows := [][]string{{"", "CPU ms/page", "% of reading"}}
		for _, s := range o.Steps {
			name := s.Name
			if name == "" {
				name = "(no step)"
			}
			rows = append(rows, []string{"  " + name, fmt.Sprintf("%.0f", s.Millis), fmt.Sprintf("%.1f", 100*s.Share)})
		}
		rows = append(
			rows,
			[]string{"reading", fmt.Sprintf("%.0f", o.Read), ""},
			[]string{"rest: start, compose, sign, gate", fmt.Sprintf("%.0f", o.Rest), ""},
			[]string{"whole convert", fmt.Sprintf("%.0f", o.Whole), ""},
		)
		t.section(fmt.Sprintf("Own time; the whole convert is %s of reading", shown(o.Ratio, 1, "%.2f", "x")), rows)
	}
	if s := r.Scaling; s != nil {
		t.say("\nTwo readers instead of one, all %d pages in one convert: %s as fast (wall %s s, %s s); CPU %.2f and %.2f s/page\n",
			s.Pages, shown(s.Faster, 1, "%.2f", "x"), seconds(s.Wall), seconds(s.Wall2), s.CPU, s.CPU2)
	}
}

func seconds(values []float64) string {
	var list []string
	for _, v := range values {
		list = append(list, fmt.Sprintf("%.1f", v))
	}
	return strings.Join(list, " ")
}

func (r Report) printCalibration(t *table) {
	c := r.Calibration
	if c == nil {
		return
	}
	t.section(fmt.Sprintf("Confidence of words; expected calibration error %.1f points", 100*c.Error), c.rows("words"))
}

// rows show a calibration of what is counted.
func (c Calibration) rows(counted string) [][]string {
	rows := [][]string{{"confidence", counted, "mean %", "right %"}}
	for _, b := range c.Bins {
		if b.Words > 0 {
			rows = append(rows, []string{
				fmt.Sprintf("%.0f–%.0f", b.From, b.To), fmt.Sprint(b.Words),
				fmt.Sprintf("%.1f", 100*b.Mean), fmt.Sprintf("%.1f", 100*b.Right),
			})
		}
	}
	return append(rows, []string{"all", fmt.Sprint(c.Words), fmt.Sprintf("%.1f", 100*c.Mean), fmt.Sprintf("%.1f", 100*c.Right)})
}

func (r Report) printErrors(t *table) {
	head, rows := []string{"letters, % of the truth"}, map[Kind][]string{}
	last := ""
	for _, m := range r.Errors {
		if m.Contender != last {
			head, last = append(head, m.Contender, ""), m.Contender
		}
		rows[m.Kind] = append(rows[m.Kind], fmt.Sprint(m.Letters), fmt.Sprintf("%.2f", 100*m.Share))
	}
	list := [][]string{head}
	for _, kind := range kinds() {
		if rows[kind] != nil {
			list = append(list, append([]string{string(kind)}, rows[kind]...))
		}
	}
	t.section("What errors are made of", list)
}

func (r Report) printWorst(t *table) {
	if len(r.Worst) == 0 {
		return
	}
	t.say("\nWorst, truth→read\n")
	for _, w := range r.Worst {
		t.say("%6.2f %%  %s  %s\n", 100*w.CER, w.Path, w.Class)
		for _, line := range w.Lines {
			t.say("          %s\n", line)
		}
	}
}
