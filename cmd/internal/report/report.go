// Package report tells people what a verdict on the signatures of a file means.
//
// Package sign finds facts, each with a code. An officer asks other things: may I rely on
// this, who signed, was the certificate good at that moment and who says so, what is wrong
// and what do I do now. A Report answers them in whole sentences, in Vietnamese and in
// English side by side, with all facts for programs beside the sentences. The command,
// the API and the pages print the same Report, so that nobody is told two stories. What
// is told of each signature is what the law on trust services wants shown: authority,
// signer, managing unit, time and timestamp, integrity, validity at the time of signing,
// and the period of the certificate.
package report

import (
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// Language of sentences.
type Language string

// The languages.
const (
	Vietnamese Language = "vi"
	English    Language = "en"
)

// Text says the same in both languages.
type Text struct {
	English    string `json:"english"`
	Vietnamese string `json:"vietnamese"`
}

// In gives the text in a language.
func (t Text) In(l Language) string {
	if l == English {
		return t.English
	}
	return t.Vietnamese
}

// IsZero reports whether nothing is said.
func (t Text) IsZero() bool { return t == Text{} }

// Tone is how good something is, for colours and for who reads only those.
type Tone string

// The tones; "" is a plain fact.
const (
	Good Tone = "good"
	Wait Tone = "wait" // not to be relied upon before a person has looked
	Bad  Tone = "bad"
)

// rank orders tones from good to bad.
func (t Tone) rank() int { return slices.Index([]Tone{"", Good, Wait, Bad}, t) }

// File is what is known of the file besides its signatures.
type File struct {
	Name      string          `json:"name,omitempty"`
	Digest    pipeline.Digest `json:"sha256,omitzero"`
	Size      int64           `json:"size"`
	Pages     int             `json:"pages"`
	PDFA      string          `json:"pdfa,omitempty"` // part and conformance that it claims, such as "2u"
	Encrypted bool            `json:"encrypted,omitzero"`
	Unfit     pipeline.Reason `json:"unfit,omitzero"` // why it cannot be judged
}

// Report is a verdict with its reasons.
type Report struct {
	Verdict    sign.Verdict `json:"verdict"`
	Tone       Tone         `json:"tone"`
	Headline   Text         `json:"headline"` // all of it in a sentence or two
	Advice     Text         `json:"advice"`   // what to do now
	Judged     time.Time    `json:"judged"`
	File       File         `json:"file"`
	About      []Line       `json:"about"`      // the file
	Signatures []Signature  `json:"signatures"` // and document timestamps, in the order in which they were made
}

// Line is one thing that is known, under its name.
type Line struct {
	Name  string `json:"name"` // stable, for programs
	Label Text   `json:"label"`
	Value Text   `json:"value"`
	Tone  Tone   `json:"tone,omitempty"`
}

// Signature is one signature or document timestamp, explained. Its facts stand beside the
// explanations; its problems are Findings, which say all that the facts' problems do.
type Signature struct {
	sign.Checked

	Number   int       `json:"number"` // from 1
	Tone     Tone      `json:"tone"`
	Title    Text      `json:"title"`
	Headline Text      `json:"headline"`
	Lines    []Line    `json:"lines"`
	Findings []Finding `json:"problems"`
}

// Finding is a problem or remark: what it means and what to do about it.
type Finding struct {
	Text

	Code   string `json:"code"`
	Tone   Tone   `json:"tone,omitempty"` // "" if nothing need be done
	Advice Text   `json:"advice,omitzero"`
}

// Remarks are the findings that the lines do not tell already.
func (s Signature) Remarks() []Finding {
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f Finding) bool { return f.Tone == "" })
}

// Of explains what was found in a file.
func Of(f File, found sign.Report) Report {
	r := Report{Verdict: found.Verdict, Judged: found.Judged, File: f, Signatures: []Signature{}}
	if !f.Unfit.IsZero() {
		r.Verdict = sign.Unreadable
	}
	for i, c := range found.Signatures {
		r.Signatures = append(r.Signatures, explain(c, i+1, found))
	}
	r.Tone, r.Headline, r.Advice = r.sum()
	r.About = r.about()
	return r
}

// explain tells of one signature.
func explain(c sign.Checked, number int, found sign.Report) Signature {
	s := Signature{Checked: c, Number: number, Findings: []Finding{}}
	for _, p := range c.Problems {
		s.Findings = append(s.Findings, s.advised(findingOf(p)))
	}
	s.Tone = toneOf(c.Verdict)
	for _, f := range s.Findings {
		if f.Tone.rank() > s.Tone.rank() {
			s.Tone = f.Tone
		}
	}
	s.Title = title(c, number, len(found.Signatures))
	s.Headline = s.sentence()
	s.Lines = s.lines(found)
	return s
}

func title(c sign.Checked, number, all int) Text {
	of := both("%d of %d", "%d/%d", number, all)
	if all == 1 {
		of = Text{}
	}
	if c.Timestamp {
		return Text{trim("Timestamp of the whole file " + of.English), trim("Dấu thời gian của toàn tệp " + of.Vietnamese)}
	}
	return Text{trim("Signature " + of.English), trim("Chữ ký số " + of.Vietnamese)}
}

// toneOf is the tone of a verdict by itself.
func toneOf(v sign.Verdict) Tone {
	switch v {
	case sign.Valid:
		return Good
	case sign.Demo, sign.Untrusted, sign.Unsigned:
		return Wait
	case sign.Revoked, sign.Changed, sign.Invalid, sign.Unreadable:
	}
	return Bad
}

// decisive is the finding that made the verdict: the worst that is no mere remark, and of
// those the first.
func (s Signature) decisive() Finding {
	var worst Finding
	for _, f := range s.Findings {
		if !f.remark() && f.Tone.rank() > worst.Tone.rank() {
			worst = f
		}
	}
	return worst
}
