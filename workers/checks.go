package workers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/compose"
	"hoso/pipeline/sign"
)

// check is an answer in both languages.
func check(name string, passed bool, english, vietnamese string) Check {
	return Check{Name: name, Passed: passed, English: english, Say: vietnamese}
}

// originalChecks is what there is to say of the original's bytes, by whether they are
// intact.
func originalChecks() map[bool]Check {
	return map[bool]Check{
		true:  check("original", true, "the original's bytes are those received", "Tệp gốc còn nguyên vẹn như lúc tiếp nhận."),
		false: check("original", false, "the original's bytes are missing or changed", "Tệp gốc bị mất hoặc đã bị thay đổi. Hãy báo ngay người quản trị."),
	}
}

// recordChecks is the same of the record's bytes.
func recordChecks() map[bool]Check {
	return map[bool]Check{
		true:  check("record", true, "the record's bytes are those published", "Tệp kết quả số hóa còn nguyên vẹn như lúc công bố."),
		false: check("record", false, "the record's bytes are missing or changed", "Tệp kết quả số hóa bị mất hoặc đã bị thay đổi. Hãy báo ngay người quản trị."),
	}
}

// formerCheck is about the earlier versions of a record.
func formerCheck(all int, broken []int) Check {
	if len(broken) > 0 {
		return check("former", false, fmt.Sprintf("former versions are missing or changed: %v", broken), fmt.Sprintf("Bản trước bị mất hoặc đã bị thay đổi (phiên bản %v). Hãy báo ngay người quản trị.", broken))
	}
	return check("former", true, fmt.Sprintf("%d former versions are as they were published", all), fmt.Sprintf("%d phiên bản trước còn nguyên vẹn.", all))
}

// formProblems are sentences on what keeps a file from being a record in form.
func formProblems(f compose.Facts) []string {
	problems := slices.Clone(f.Problems)
	if f.PDFA != "2u" && f.PDFA != "3u" {
		problems = append(problems, "it is not a PDF/A-2u")
	}
	return problems
}

// structureCheck is about the form of a record: PDF/A-2u, and page images that are
// the source's own.
func structureCheck(problems []string) Check {
	if len(problems) > 0 {
		return check("structure", false, strings.Join(problems, "; "), "Tệp không đúng chuẩn lưu trữ PDF/A hoặc ảnh trang khác bản gốc.")
	}
	return check("structure", true, "PDF/A with the original's own page images", "Đúng chuẩn lưu trữ PDF/A, ảnh trang giữ nguyên từ tệp gốc.")
}

// attachmentChecks is about the signed file in a record that wraps it, by whether it is
// the original.
func attachmentChecks() map[bool]Check {
	return map[bool]Check{
		true:  check("attachment", true, "the record carries the signed original byte for byte", "Tệp gốc đã ký đính kèm nguyên vẹn từng byte."),
		false: check("attachment", false, "what the record carries is not the signed original", "Tệp đính kèm trong bản lưu trữ KHÔNG phải tệp gốc đã ký. Hãy báo ngay người quản trị."),
	}
}

// innerCheck is what was found of the signatures of a file in a file.
func innerCheck(c Check) Check {
	c.Name, c.Aside = "inner", true
	c.English, c.Say = "the signed file in it: "+c.English, "Tệp gốc đính kèm: "+c.Say
	return c
}

// formCheck is about the form of a file that is no record of ours. Nobody promised that it
// is made to last, and its signatures do not depend on it.
func formCheck(problems []string) Check {
	c := Check{Name: "structure", Aside: true, Passed: len(problems) == 0}
	if c.Passed {
		c.English, c.Say = "PDF/A in the form of a record, as far as it is looked at here", "Tệp đúng chuẩn lưu trữ PDF/A (theo các điểm được kiểm tra ở đây)."
		return c
	}
	c.English = "signatures do not depend on it, but the file is not made for the archive: " + strings.Join(problems, "; ")
	c.Say = "Tệp không đúng chuẩn lưu trữ PDF/A của hệ thống. Điều này không ảnh hưởng đến giá trị của chữ ký số."
	return c
}

// grownCheck is about what records were before they were renewed.
func grownCheck(g generations) Check {
	if g.broken > 0 {
		return check("grown", false, fmt.Sprintf("of what the record was before it was renewed (%d times), %d are missing, changed, or not its beginning", g.all, g.broken), fmt.Sprintf("Trong %d bản trước khi gia hạn, có %d bản bị mất, bị thay đổi hoặc không còn là phần đầu của bản hiện nay. Hãy báo ngay người quản trị.", g.all, g.broken))
	}
	return check("grown", true, fmt.Sprintf("what the record was before it was renewed is intact and still its beginning (%d in all)", g.all), fmt.Sprintf("%d bản trước khi gia hạn còn nguyên vẹn và vẫn là phần đầu của bản hiện nay.", g.all))
}

// signatureCheck is about all signatures of a file, in one sentence each.
func signatureCheck(r sign.Report, unfit pipeline.Reason) Check {
	c := Check{Name: "signature", Passed: r.Verdict == sign.Valid || r.Verdict == sign.Demo}
	if !unfit.IsZero() {
		c.English, c.Say = unfit.English, unfit.Vietnamese
		return c
	}
	english, vietnamese := verdictWords(r.Verdict)
	if r.Unchecked() {
		english, vietnamese = "a signature could not be checked", "Có chữ ký số không kiểm tra được."
	}
	for _, s := range r.Signatures {
		en, vi := madeBy(s)
		english, vietnamese = english+"; "+en, vietnamese+" "+vi
		if !s.Time.IsZero() {
			english += ", timestamp " + s.Time.UTC().Format(time.RFC3339)
			vietnamese += fmt.Sprintf(" Dấu thời gian: %s.", s.Time.In(vietnam()).Format("15:04:05 02/01/2006"))
		}
		for _, p := range s.Problems {
			english += "; " + p.English
			vietnamese += " " + p.Vietnamese
		}
	}
	c.English, c.Say = english, vietnamese
	return c
}

// madeBy says who made a signature or stamped the whole file.
func madeBy(s sign.Checked) (english, vietnamese string) {
	if s.Timestamp {
		who, ai := nameOr(s.Authority)
		return "the whole file stamped by " + who, "Toàn tệp được " + ai + " đóng dấu thời gian."
	}
	who, ai := nameOr(s.Signer)
	english = "signed by " + who
	if s.Level != "" {
		english = "PAdES " + s.Level + " by " + who
	}
	return english, "Người ký: " + ai + "."
}

// nameOr gives a name in both languages, where there is none in words.
func nameOr(name string) (english, vietnamese string) {
	return cmp.Or(name, "somebody unknown"), cmp.Or(name, "người chưa rõ")
}

// vietnam is the time zone of all screens: seven hours ahead, without summer time.
func vietnam() *time.Location { return time.FixedZone("+07", 7*60*60) }

func verdictWords(v sign.Verdict) (english, vietnamese string) {
	switch v {
	case sign.Valid:
		return "the signature is valid", "Chữ ký số hợp lệ, nội dung không bị thay đổi."
	case sign.Demo:
		return "the signature is valid, by DEMONSTRATION keys: no legal value", "Chữ ký số toàn vẹn, nhưng bằng khóa DÙNG THỬ: không có giá trị pháp lý."
	case sign.Untrusted:
		return "the signature is whole, but its signer or time is not trusted", "Chữ ký số toàn vẹn, nhưng chưa xác định được người ký hoặc thời điểm ký tin cậy."
	case sign.Revoked:
		return "the signature is whole, but the signer's certificate had been revoked", "Chữ ký số toàn vẹn, nhưng chứng thư số của người ký đã bị thu hồi trước đó."
	case sign.Changed:
		return "the file was changed after it was signed", "Tệp đã bị thay đổi sau khi ký."
	case sign.Unsigned:
		return "there is no signature", "Tệp không có chữ ký số."
	case sign.Invalid, sign.Unreadable:
	}
	return "the signature is INVALID", "Chữ ký số KHÔNG hợp lệ."
}
