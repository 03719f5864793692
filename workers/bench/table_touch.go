package bench

import "fmt"

// printTouch tells what a policy costs, for a hundred papers.
func (r Report) printTouch(t *table) {
	if r.Touch == nil {
		return
	}
	r.Touch.printFields(t)
	r.Touch.printSweep(t)
	r.Touch.printBinding(t)
}

func (h Touch) printFields(t *table) {
	sections := map[string][][]string{}
	for _, f := range h.Fields {
		name := string(f.Name)
		switch {
		case f.By != "" && f.Name != "":
			continue // the rows of a group are too few to tell its fields apart; JSON has them
		case f.By != "":
			name = f.Group
		case name == "":
			name = "all but the dossier number"
		}
		if sections[f.By] == nil {
			sections[f.By] = [][]string{{f.By, "present", "asked", "of it wrong", "slipped", "missing", "asked per 100", "slipped per 100", "missing per 100", "cheapest sure"}}
		}
		sections[f.By] = append(sections[f.By], []string{
			name, fmt.Sprint(f.Present), fmt.Sprint(f.Asked), fmt.Sprint(f.Worth), fmt.Sprint(f.Slipped), fmt.Sprint(f.Missing),
			tenths(f.AskedPer), tenths(f.SlippedPer), tenths(f.MissingPer), fmt.Sprintf("%.0f", f.Best),
		})
	}
	t.section(fmt.Sprintf("Fields a person must look at under the policy, of %d papers", h.Papers), sections[""])
	for _, by := range []string{"class", "layout"} {
		t.section("Fields to look at by "+by, sections[by])
	}
}

func (h Touch) printSweep(t *table) {
	rows := [][]string{{"sure", "asked", "of it wrong", "slipped", "cost per 100 papers"}}
	best := leastCost(h.Sweep)
	for _, s := range h.Sweep {
		if s.Sure >= 50 && int(s.Sure)%5 == 0 || s.Sure == best {
			mark := ""
			if s.Sure == best {
				mark = " least"
			}
			rows = append(rows, []string{fmt.Sprintf("%.0f", s.Sure) + mark, fmt.Sprint(s.Asked), fmt.Sprint(s.Worth), fmt.Sprint(s.Slipped), fmt.Sprintf("%.0f", s.Cost)})
		}
	}
	t.section(fmt.Sprintf("One threshold for all fields but the dossier number; a wrong field costs %d looks", slipCost), rows)
}

func (h Touch) printBinding(t *table) {
	sections := map[string][][]string{}
	for _, b := range h.Binding {
		name := b.Group
		if b.By == "" {
			name = "all papers"
		}
		if sections[b.By] == nil {
			sections[b.By] = [][]string{{b.By, "papers", "number there", "bound right", "wrong", "asked", "asked, none there", "wrong %"}}
		}
		sections[b.By] = append(sections[b.By], []string{
			name, fmt.Sprint(b.Papers), fmt.Sprint(b.There), fmt.Sprint(b.Right), fmt.Sprint(b.Wrong), fmt.Sprint(b.Asked), fmt.Sprint(b.None), percent(b.WrongShare),
		})
	}
	for _, by := range []string{"", "class", "layout"} {
		title := "Papers bound to their dossier without a person"
		if by != "" {
			title += ", by " + by
		}
		t.section(title, sections[by])
	}
}
