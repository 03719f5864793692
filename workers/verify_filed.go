package workers

import (
	"context"
	"io"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// filedSignatures checks every signature in the record of p. Its bytes are those that were
// published, so that it is known how they came about.
func filedSignatures(ctx context.Context, p pipeline.Paper, record io.ReaderAt, trust sign.Trust, v *Verdict) error {
	if err := judged(ctx, record, trust, v); err != nil {
		return err
	}
	if !p.AsItCame() && coversNothing(p.Sealed) {
		forgetVisible(&v.File.Report)
	}
	c := signatureCheck(v.File.Report, v.File.Unfit)
	c.Aside = p.AsItCame() && v.File.Report.Verdict == sign.Untrusted && takenInGoodFaith(p.Arrival)
	v.add(c)
	return nil
}

// takenInGoodFaith reports whether nothing was found wrong with the signatures of a file
// when it came. That they cannot be established now, since roots are missing or
// certificates have ended, is no fault of the archive: it is told, and the verdict of that
// day stands.
func takenInGoodFaith(a pipeline.Arrival) bool {
	return slices.Contains([]sign.Verdict{sign.Valid, sign.Demo, sign.Untrusted}, sign.Verdict(a.Verdict))
}

// coversNothing reports whether all that the signatures of a record show was put where no
// ink was.
func coversNothing(s pipeline.Signature) bool {
	return !slices.ContainsFunc(s.Signers(), func(by pipeline.SignedBy) bool { return by.Shown != nil && by.Shown.Covers > 0 })
}

// forgetVisible takes the remark out of a report that a later signature shows on a page.
// It is for who does not know what lies under that.
func forgetVisible(r *sign.Report) {
	for i := range r.Signatures {
		c := &r.Signatures[i]
		c.Problems = slices.DeleteFunc(slices.Clone(c.Problems), func(p pipeline.Reason) bool { return p.Code == "visible-later" })
	}
}
