package bench

import "fmt"

func (r Report) printFields(t *table) {
	if r.Fields == nil {
		return
	}
	sections := map[string][][]string{}
	for _, s := range r.Fields.Scores {
		if sections[s.By] == nil {
			sections[s.By] = [][]string{fieldHead(s.By)}
		}
		sections[s.By] = append(sections[s.By], s.row())
	}
	t.section("Fields", sections[""])
	for _, by := range []string{"class", "layout"} {
		t.section("Fields by "+by, sections[by])
	}
	t.section(fmt.Sprintf("Confidence of fields that were read; expected calibration error %.1f points", 100*r.Fields.Calibration.Error),
		r.Fields.Calibration.rows("fields"))
}

func fieldHead(by string) []string {
	return []string{by, "there", "found", "right", "wrong", "nearly", "missed", "precision %", "recall %", "F1 %", "sure, right", "sure, wrong"}
}

func (s FieldScore) row() []string {
	name := string(s.Field)
	if name == "" {
		name = "all fields"
	}
	if s.By != "" {
		name = s.Group + " " + name
	}
	return []string{
		name, fmt.Sprint(s.There), fmt.Sprint(s.Found), fmt.Sprint(s.Right), fmt.Sprint(s.Wrong), fmt.Sprint(s.Nearly), fmt.Sprint(s.Missed),
		tenths(s.Precision), tenths(s.Recall), tenths(s.F1), sure(s.SureRight, s.Right), sure(s.SureWrong, s.Wrong),
	}
}

func tenths(i Interval) string { return shown(i, 100, "%.1f", "") }

func sure(mean float64, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f", mean)
}
