package workers

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// withListed adds to the fields that were read off a paper those that a list beside the
// scans states of it. What the list states goes first. Where the two are numbers or days
// that contradict each other and what was read is sure, both stay, for a person to choose;
// otherwise what was read gives way, since a list was written by somebody who had the
// paper in hand.
func withListed(read, before []pipeline.Field, rules policy.Demands) []pipeline.Field {
	for _, f := range before {
		if f.Source != pipeline.ByList {
			continue
		}
		var rest []pipeline.Field
		for _, r := range read {
			switch {
			case r.Name != f.Name:
				rest = append(rest, r)
			case f.Name == pipeline.FieldDossier: // candidates, which have a question of their own
				rest = append(rest, r)
			case sameValue(r.Value, f.Value):
				f.Page, f.Box = r.Page, r.Box
			case exact(f.Name) && r.Confidence >= rules[f.Name].Sure && policy.Formed(f.Name, r.Value):
				rest = append(rest, r)
			}
		}
		read = append([]pipeline.Field{f}, rest...)
	}
	return read
}

// exact reports whether a field has one true way of being written, so that another one is
// another number or day and not another spelling.
func exact(name pipeline.FieldName) bool {
	return slices.Contains([]pipeline.FieldName{
		pipeline.FieldNumber, pipeline.FieldDate, pipeline.FieldOwnerID, pipeline.FieldOwnerBirth, pipeline.FieldTax,
		pipeline.FieldLandSerial, pipeline.FieldLandBook, pipeline.FieldLandPlot, pipeline.FieldLandMap, pipeline.FieldValidUntil,
	}, name)
}

// sameValue compares values without regard to case, signs and spaces. A year alone is the
// same as a day of it.
func sameValue(a, b string) bool {
	a, b = bare(a), bare(b)
	if len(a) == 4 && len(b) == 8 || len(a) == 8 && len(b) == 4 {
		return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
	}
	return a == b
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFC.String(s))
}

// listDiffers holds a paper with such fields.
func listDiffers(names []pipeline.FieldName) pipeline.Reason {
	return pipeline.Reason{
		Code: fieldsCode, English: fmt.Sprintf("the inventory and the paper differ in: %v", names),
		Vietnamese: fmt.Sprintf("Bảng kê và giấy tờ ghi khác nhau ở %d trường thông tin. Hãy xem giấy tờ rồi chọn giá trị đúng.", len(names)),
	}
}

// numberContradicts asks which number is right, where a list states one and the paper
// surely carries another.
func numberContradicts(read pipeline.DossierNumber) pipeline.Reason {
	return pipeline.Reason{
		Code: numberContradictsCode, English: "the inventory states another dossier number than the paper carries",
		Vietnamese: fmt.Sprintf("Bảng kê ghi một mã số hồ sơ, nhưng trên giấy tờ là %s. Hãy xem giấy tờ rồi xác nhận mã số đúng.", read),
	}
}

// numberListed reports whether a list states the number of p, and no person has yet.
func numberListed(p pipeline.Paper) bool {
	return !numberSettled(p) && slices.ContainsFunc(p.Fields, func(f pipeline.Field) bool {
		return f.Name == pipeline.FieldDossier && f.Source == pipeline.ByList
	})
}
