package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"hoso/cmd/internal/report"
	"hoso/workers"
)

// word chooses one of two words.
func (v *verifying) word(english, vietnamese string) string {
	return report.Text{English: english, Vietnamese: vietnamese}.In(v.lang)
}

// words are what stands before what passed and what did not, of equal width.
func (v *verifying) words() map[bool]string {
	return map[bool]string{true: v.word("good", "ĐẠT      "), false: v.word("BAD ", "KHÔNG ĐẠT")}
}

// print writes a verdict for people: what is judged and whether it is good, the checks,
// and then all that is known of the signatures.
func (v *verifying) print(out verdict) error {
	p := &printer{v: v, width: v.width()}
	name := out.File
	if name == "" {
		name = fmt.Sprintf("%s  %s  %s", out.ID, out.Dossier, out.State)
	}
	p.write("%s  %s\n", v.words()[out.Passed], shown(name))
	for _, c := range out.Checks {
		if quiet := v.brief && (c.Passed || c.Aside); !quiet && !out.tells(c) {
			p.check(c)
		}
	}
	if out.Report != nil {
		p.report(*out.Report)
	}
	if out.Inner != nil {
		p.write("    %s\n", v.word("In it: the signed file that it wraps", "Bên trong: tệp gốc đã ký, được đính kèm"))
		p.report(*out.Inner)
	}
	return p.err
}

// tells reports whether a report says what a check does.
func (out verdict) tells(c workers.Check) bool {
	switch c.Name {
	case "signature":
		return out.Report != nil
	case "inner":
		return out.Inner != nil && c.Passed
	}
	return false
}

// width is how wide lines may be.
func (v *verifying) width() int {
	if file, ok := v.app.out.(*os.File); ok {
		if w, _, err := term.GetSize(int(file.Fd())); err == nil && w >= 60 {
			return min(w, 120)
		}
	}
	return 100
}

// printer writes lines with a margin and remembers the first failure.
type printer struct {
	v     *verifying
	width int
	err   error
}

func (p *printer) write(format string, values ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.v.app.out, format, values...)
	}
}

// hang writes text behind a head, and what does not fit below it.
func (p *printer) hang(head, text string) {
	margin := utf8.RuneCountInString(head)
	line, blank := head, strings.Repeat(" ", margin)
	for i, word := range strings.Fields(shown(text)) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > p.width {
			p.write("%s\n", strings.TrimRight(line, " "))
			line = blank
		} else if i > 0 {
			line += " "
		}
		line += word
	}
	p.write("%s\n", strings.TrimRight(line, " "))
}

func (p *printer) check(c workers.Check) {
	word := p.v.words()[c.Passed]
	if c.Aside && !c.Passed {
		word = p.v.word("note", "LƯU Ý    ")
	}
	p.hang(fmt.Sprintf("      %s  %-10s  ", word, c.Name), p.v.word(c.English, c.Say))
}

// mark is what stands before a line of a tone.
func mark(t report.Tone) string {
	switch t {
	case report.Good:
		return "✓"
	case report.Wait:
		return "!"
	case report.Bad:
		return "✗"
	}
	return " "
}

func (p *printer) report(r report.Report) {
	p.write("\n")
	p.hang("    "+mark(r.Tone)+" ", r.Headline.In(p.v.lang))
	p.hang("      → ", r.Advice.In(p.v.lang))
	for _, s := range r.Signatures {
		p.write("\n      %s\n", s.Title.In(p.v.lang))
		if len(r.Signatures) > 1 {
			p.hang("      "+mark(s.Tone)+" ", s.Headline.In(p.v.lang))
		}
		for _, f := range s.Remarks() {
			p.hang("      "+mark(f.Tone)+" ", f.In(p.v.lang))
			if f.Advice != r.Advice && !f.Advice.IsZero() {
				p.hang("        → ", f.Advice.In(p.v.lang))
			}
		}
		p.lines(s.Lines)
	}
	p.write("\n      %s\n", p.v.word("The file", "Tệp được kiểm tra"))
	p.lines(r.About)
	p.write("\n")
}

func (p *printer) lines(lines []report.Line) {
	widest := 0
	for _, l := range lines {
		widest = max(widest, utf8.RuneCountInString(l.Label.In(p.v.lang)))
	}
	for _, l := range lines {
		label := l.Label.In(p.v.lang)
		pad := strings.Repeat(" ", widest-utf8.RuneCountInString(label))
		p.hang("      "+mark(l.Tone)+" "+label+pad+"  ", l.Value.In(p.v.lang))
	}
}
