package pipeline_test

import (
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
)

// wants is what a procedure asks for: a form, the child's and the father's birth
// certificate, and in some cases a marriage certificate.
func wants() []pipeline.ComponentSpec {
	return []pipeline.ComponentSpec{
		{Name: "Tờ khai", Class: "TỜ KHAI", Required: true},
		{Name: "Giấy khai sinh của con", Class: "GIẤY KHAI SINH", Required: true, Code: "000.00.00.G03-KQ000001"},
		{Name: "Giấy khai sinh của cha", Class: "GIẤY KHAI SINH", Required: true},
		{Name: "Giấy chứng nhận kết hôn", Class: "ket-hon", When: "cha mẹ có đăng ký kết hôn"},
	}
}

// have makes a paper of a line "id class state component".
func have(line string) pipeline.Paper {
	parts := append(strings.SplitN(line, " ", 4), "", "", "")
	return pipeline.Paper{
		ID: pipeline.PaperID(parts[0]), State: pipeline.State(parts[2]), Kind: pipeline.Component,
		Fields: []pipeline.Field{{Name: pipeline.FieldClass, Value: parts[1]}, {Name: pipeline.FieldComponent, Value: parts[3]}},
	}
}

func classOf(title string) string {
	return map[string]string{"TỜ KHAI": "to-khai", "GIẤY KHAI SINH": "khai-sinh"}[title]
}

func TestChecklist(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		papers []string
		reuses []pipeline.Reuse
		want   string // state and papers of each need
	}{
		{nil, nil, "miss,miss,miss,spare"},
		{[]string{"a to-khai filed", "b khai-sinh confirming"}, nil, "met a,com b,miss,spare"},
		{[]string{"b khai-sinh filed", "c khai-sinh received", "d khai-sinh filed"}, nil, "miss,met b,met c d,spare"},
		{[]string{"b khai-sinh filed giấy khai sinh của CHA"}, nil, "miss,miss,met b,spare"},
		{[]string{"b khai-sinh filed 000.00.00.G03-KQ000001"}, nil, "miss,met b,miss,spare"},
		{[]string{"b khai-sinh rejected", "e ket-hon filed", "f quyet-dinh filed", "g  filed"}, nil, "miss,miss,miss,met e"},
		{[]string{"b khai-sinh filed"}, []pipeline.Reuse{{ID: "r", Component: "Giấy khai sinh của con"}}, "miss,met r,met b,spare"},
		{nil, []pipeline.Reuse{{ID: "r", Component: "Tờ khai", Ended: time.Now()}}, "miss,miss,miss,spare"},
	} {
		var papers []pipeline.Paper
		for _, line := range c.papers {
			papers = append(papers, have(line))
		}
		var got []string
		for _, n := range pipeline.Checklist(wants(), papers, c.reuses, classOf) {
			ids := n.Reused
			for _, id := range n.Papers {
				ids = append(ids, string(id))
			}
			got = append(got, strings.Join(append([]string{strings.TrimSuffix(string(n.State), "ing")}, ids...), " "))
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("papers %q: %s, want %s", c.papers, strings.Join(got, ","), c.want)
		}
	}
}

// TestAPaperThatIsReadAgainIsThere: it has a record, whatever becomes of the next one.
func TestAPaperThatIsReadAgainIsThere(t *testing.T) {
	t.Parallel()
	again := have("a to-khai filed")
	again.Record = pipeline.Sum([]byte("record"))
	again = again.Reopened()
	again.State = pipeline.Received
	if got := pipeline.Checklist(wants(), []pipeline.Paper{again}, nil, classOf)[0]; got.State != pipeline.NeedMet {
		t.Errorf("the need is %s", got.State)
	}
}

func TestProcedureOfADossier(t *testing.T) {
	t.Parallel()
	read := func(value string, from pipeline.Source, sure float32) pipeline.Paper {
		return pipeline.Paper{Fields: []pipeline.Field{{Name: pipeline.FieldProcedure, Value: value, Source: from, Confidence: sure}}}
	}
	papers := []pipeline.Paper{{}, read("1.000001", pipeline.ByOCR, 70), read("1.000002", pipeline.ByOCR, 90)}
	reuse := []pipeline.Reuse{{Procedure: "1.000009"}}
	if got := pipeline.ProcedureOf(nil, reuse).Value; got != "1.000009" {
		t.Errorf("of a reuse alone: %q", got)
	}
	if got := pipeline.ProcedureOf(papers, reuse).Value; got != "1.000002" {
		t.Errorf("the surer reading: %q", got)
	}
	if got := pipeline.ProcedureOf(append(papers, read("1.000003", pipeline.ByPerson, 100)), nil).Value; got != "1.000003" {
		t.Errorf("a person's word: %q", got)
	}
}
