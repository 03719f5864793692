package workers

import (
	"encoding/json"
	"fmt"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// cutShort is the code of a judging that came to no end.
const cutShort = "judging-cut-short"

func unjudgedInTime() pipeline.Reason {
	return pipeline.Reason{
		Code: cutShort, English: "judging the signatures took too long and was given up",
		Vietnamese: "Kiểm tra chữ ký mất quá nhiều thời gian nên đã dừng.",
	}
}

func unjudgedAtAll() pipeline.Reason {
	return pipeline.Reason{
		Code: "judging-failed", English: "the signatures could not be judged",
		Vietnamese: "Không kiểm tra được chữ ký trong tệp.",
	}
}

// signaturesDoubtful holds a paper that came with signatures which are not in order.
func signaturesDoubtful(n pipeline.ArrivalNote) pipeline.Reason {
	english, vietnamese := arrived(n)
	return pipeline.Reason{
		Code: pipeline.ReasonSignatures, English: english,
		Vietnamese: vietnamese + " Hãy xem tệp rồi quyết định: chấp nhận để lưu hồ sơ kèm kết quả kiểm tra này, hoặc từ chối giấy tờ.",
	}
}

// signaturesRefused ends such a paper where the policy does not take it.
func signaturesRefused(n pipeline.ArrivalNote) pipeline.Reason {
	english, vietnamese := arrived(n)
	return pipeline.Reason{
		Code: "signatures-refused", English: english,
		Vietnamese: vietnamese + " Theo quy định của đơn vị, tệp như vậy không được tiếp nhận; hãy gửi lại tệp có chữ ký số hợp lệ.",
	}
}

// arrived tells what was found of the signatures, when, and why. Of people it tells
// nothing: reasons stand in lists.
func arrived(n pipeline.ArrivalNote) (english, vietnamese string) {
	a := n.Arrival
	e, v := arrivedWords(sign.Verdict(a.Verdict))
	english = fmt.Sprintf("of %d signatures in the file, at reception: %s", a.Signatures, e)
	vietnamese = fmt.Sprintf("Chữ ký số có sẵn trong tệp (%d chữ ký, kiểm tra lúc %s): %s", a.Signatures, a.Judged.In(vietnam()).Format("15:04 02/01/2006"), v)
	for _, p := range weighty(n) {
		english += "; " + p.English
		vietnamese += " " + p.Vietnamese
	}
	return english, vietnamese
}

// mostTold bounds how much a question says.
const mostTold = 4

// weighty gives what led to the verdict, each thing once.
func weighty(n pipeline.ArrivalNote) []pipeline.Reason {
	var report sign.Report
	if err := json.Unmarshal(n.Report, &report); err != nil {
		return nil // the verdict itself says enough
	}
	all := slices.Clone(report.Problems)
	for _, s := range report.Signatures {
		if string(s.Verdict) == n.Arrival.Verdict || !s.Intact {
			all = append(all, s.Problems...)
		}
	}
	var told []pipeline.Reason
	for _, p := range all {
		known := slices.ContainsFunc(told, func(t pipeline.Reason) bool { return t.Code == p.Code })
		if !known && len(told) < mostTold && p.Code != "revocation-unknown" {
			told = append(told, p)
		}
	}
	return told
}

func arrivedWords(v sign.Verdict) (english, vietnamese string) {
	switch v {
	case sign.Valid:
		return "valid", "hợp lệ."
	case sign.Demo:
		return "whole, by demonstration keys", "toàn vẹn, nhưng bằng khóa dùng thử, không có giá trị pháp lý."
	case sign.Untrusted:
		return "whole, by nobody who is trusted", "toàn vẹn, nhưng chưa xác định được người ký hoặc thời điểm ký tin cậy."
	case sign.Revoked:
		return "by a certificate that had been revoked", "chứng thư số của người ký đã bị thu hồi trước khi ký."
	case sign.Changed:
		return "the file was changed after it was signed", "tệp ĐÃ BỊ SỬA ĐỔI sau khi ký."
	case sign.Unsigned:
		return "none was found although the file looks signed", "tệp có dấu vết chữ ký nhưng không tìm thấy chữ ký nào."
	case sign.Invalid:
		return "INVALID", "KHÔNG hợp lệ."
	case sign.Unreadable:
	}
	return "they cannot be read", "không đọc được."
}
