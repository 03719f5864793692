package pipeline_test

import (
	"reflect"
	"strings"
	"testing"

	"hoso/pipeline"
)

// written is a page with a line of text for each line given; every letter is ten pixels
// wide and dx moves all of them.
func written(dx int, lines ...string) pipeline.Page {
	p := pipeline.Page{Number: 1, Width: 1000, Height: 1000}
	for i, text := range lines {
		var l pipeline.Line
		x := dx
		for w := range strings.FieldsSeq(text) {
			n := 10 * len([]rune(w))
			l.Words = append(l.Words, pipeline.Word{Text: w, Box: pipeline.Box{X0: x, Y0: 30 * i, X1: x + n, Y1: 30*i + 20}, Confidence: 60})
			x += n + 10
		}
		p.Lines = append(p.Lines, l)
	}
	return p
}

// over is the box of some words of a line of written(0, …).
func over(line, from, to int) pipeline.Box {
	return pipeline.Box{X0: from, Y0: 30 * line, X1: to, Y1: 30*line + 20}
}

func edit(box pipeline.Box, before, after string) pipeline.Correction {
	return pipeline.Correction{WordEdit: pipeline.WordEdit{Page: 1, Box: box, Before: before, After: after}}
}

// dirtOver is written text with a line of dirt read over its last word.
func dirtOver(text string) pipeline.Page {
	p := written(0, text)
	words := p.Lines[0].Words
	box := words[len(words)-1].Box
	p.Lines = append(p.Lines, pipeline.Line{Words: []pipeline.Word{{Text: "~~", Box: box}}})
	p.Lines[0].Words[len(words)-1].Box.X1 += 5 // whose box is not quite the same
	return p
}

func TestCorrected(t *testing.T) {
	t.Parallel()
	sign := edit(over(0, 40, 70), "kỳ", "ký")
	for _, c := range []struct {
		name string
		page pipeline.Page
		all  []pipeline.Correction
		want string
		lost int
	}{
		{"a word", written(0, "Chữ kỳ số"), []pipeline.Correction{edit(over(0, 40, 60), "kỳ", "ký")}, "Chữ ký số", 0},
		{"another reading of the place", written(0, "Chữ ký́ số"), []pipeline.Correction{sign}, "Chữ ký số", 0},
		{"the reading agrees", written(0, "Chữ ký số"), []pipeline.Correction{sign}, "Chữ ký số", 0},
		{"words run together", written(0, "Chữkỳ số"), []pipeline.Correction{edit(over(0, 0, 50), "Chữkỳ", "Chữ ký")}, "Chữ ký số", 0},
		{"words torn apart", written(0, "Ch ữ ký"), []pipeline.Correction{edit(over(0, 0, 40), "Ch ữ", "Chữ")}, "Chữ ký", 0},
		{"dirt", written(0, "Chữ | ký"), []pipeline.Correction{edit(over(0, 40, 50), "|", "")}, "Chữ ký", 0},
		{"dirt of which there is more", written(0, "Chữ | ký | số"), []pipeline.Correction{edit(over(0, 40, 50), "|", "")}, "Chữ ký | số", 0},
		{"dirt over a word", dirtOver("Chữ ký"), []pipeline.Correction{edit(over(0, 40, 60), "~~", "")}, "Chữ ký\n", 0},
		{"moved, said once", written(500, "Chữ kỳ số"), []pipeline.Correction{sign}, "Chữ ký số", 0},
		{"moved, said twice", written(500, "kỳ này kỳ sau"), []pipeline.Correction{sign}, "kỳ này kỳ sau", 1},
		{"another page", written(0, "Chữ kỳ số"), []pipeline.Correction{{WordEdit: pipeline.WordEdit{Page: 2, Box: over(0, 40, 60), Before: "kỳ", After: "ký"}}}, "Chữ kỳ số", 0},
		{"one after another", written(0, "Chữ kỳ số"), []pipeline.Correction{sign, edit(over(0, 40, 60), "ký", "kí")}, "Chữ kí số", 0},
		{"a part of another", written(0, "Chu ky so"), []pipeline.Correction{edit(over(0, 0, 60), "Chu ky", "Chữ kỳ"), edit(over(0, 40, 60), "kỳ", "ký")}, "Chữ ký so", 0},
		{"nothing there", written(0), []pipeline.Correction{sign}, "", 1},
	} {
		page, lost := c.page.Corrected(c.all)
		if got := page.Text(); got != c.want || len(lost) != c.lost {
			t.Errorf("%s: %q with %d lost, want %q with %d", c.name, got, len(lost), c.want, c.lost)
		}
		if again, _ := page.Corrected(c.all); !reflect.DeepEqual(again, page) {
			t.Errorf("%s: made again: %q %+v, want %+v", c.name, again.Text(), again.Lines, page.Lines)
		}
	}
}

// TestACorrectedWordSaysSo: that a person wrote it, and what the recognizer saw first,
// however often it was corrected.
func TestACorrectedWordSaysSo(t *testing.T) {
	t.Parallel()
	page, _ := written(0, "Chữ kỳ số").Corrected([]pipeline.Correction{
		edit(over(0, 40, 60), "kỳ", "kì"), edit(over(0, 40, 60), "kì", "ký"),
	})
	w := page.Lines[0].Words[1]
	if w.Source != pipeline.ByPerson || w.Was != "kỳ" || w.Confidence != 100 || w.Text != "ký" {
		t.Errorf("the corrected word is %+v", w)
	}
	if w := page.Lines[0].Words[0]; w.Source != "" || w.Was != "" {
		t.Errorf("a word that nobody touched is %+v", w)
	}
	agreed, _ := written(0, "Chữ ký số").Corrected([]pipeline.Correction{edit(over(0, 40, 60), "kỳ", "ký")})
	if w := agreed.Lines[0].Words[1]; w.Source != "" {
		t.Errorf("a word that was read right is marked: %+v", w)
	}
}

// TestEditions: version 1 stays version 1, whatever is done to the paper.
func TestEditions(t *testing.T) {
	t.Parallel()
	d := func(s string) pipeline.Digest { return pipeline.Sum([]byte(s)) }
	p := pipeline.Paper{State: pipeline.SignedOff, Record: d("1"), Words: d("words 1")}
	if _, ok := p.Current(); ok || p.Manifests() != 0 {
		t.Error("a paper that was never filed has a record")
	}
	p.State = pipeline.Filed
	open := p.Reopened()
	open.State = pipeline.Recognized
	if e, ok := open.Current(); !ok || e.Record != d("1") || !open.Record.IsZero() {
		t.Errorf("reopened: current %+v, %t; record %v", e, ok, open.Record)
	}
	if back := open.Shelved(); back.Record != p.Record || back.Words != p.Words || len(back.Former) != 0 || back.State != p.State {
		t.Errorf("put back: %+v, want %+v", back, p)
	}
	open.State, open.Record = pipeline.Filed, d("2")
	if all := open.Editions(); len(all) != 2 || all[0].Record != d("1") || all[1].Record != d("2") {
		t.Errorf("filed again: %+v", all)
	}
}
