package report

import (
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// weight is what a finding calls for.
type weight struct {
	tone   Tone
	advice Text
}

// findingOf explains a problem. One that is not known here is taken for the worst.
func findingOf(p pipeline.Reason) Finding {
	w := weight{Bad, askAgain()}
	for _, table := range weights() {
		if known, ok := table[p.Code]; ok {
			w = known
		}
	}
	return Finding{Text: Text{p.English, p.Vietnamese}, Code: p.Code, Tone: w.tone, Advice: w.advice}
}

// advised is f with what to do about it in this signature: nobody is to be sent to an
// authority that the certificate does not name.
func (s Signature) advised(f Finding) Finding {
	if f.Code == "revocation-unknown" && s.Revocation.Silent {
		f.Advice = Text{
			"Asking again will not help, since a certificate here names no place to ask at. Ask its issuer by other means whether it was revoked, before relying on it.",
			"Kiểm tra lại cũng không có thêm thông tin, vì chứng thư số không ghi nơi hỏi. Hãy hỏi tổ chức cấp bằng cách khác xem chứng thư có bị thu hồi không trước khi sử dụng.",
		}
	}
	return f
}

// remark reports whether a finding is to be looked at but does not fail a signature.
func (f Finding) remark() bool {
	return f.Tone == "" || slices.Contains([]string{"visible-later", "revocation-unknown", "demonstration"}, f.Code)
}

func weights() []map[string]weight {
	return []map[string]weight{contentWeights(), messageWeights(), trustWeights(), timeWeights()}
}

func askAgain() Text {
	return Text{
		"Do not rely on this file. Ask its issuer for it again, or for a copy certified otherwise.",
		"Không sử dụng tệp này. Hãy yêu cầu nơi phát hành gửi lại, hoặc đối chiếu với bản giấy có dấu.",
	}
}

func askBefore() Text {
	return Text{
		"Do not rely on what this file shows. Ask its issuer for the file as it was signed, and compare the two.",
		"Không sử dụng nội dung đang hiển thị. Hãy yêu cầu nơi phát hành gửi đúng tệp lúc ký và so sánh hai bản.",
	}
}

func unsignedAdvice() Text {
	return Text{
		"Nothing in the file proves who issued it. Ask for the signed file, or compare it with the paper.",
		"Không có gì trong tệp chứng minh nơi phát hành. Hãy yêu cầu bản có ký số, hoặc đối chiếu với bản giấy.",
	}
}

func goodAdvice(v sign.Verdict, tone Tone) Text {
	switch {
	case v == sign.Demo:
		return Text{
			"Use it to try hoso out only. Records of the office need the agency's own certificate and timestamps.",
			"Chỉ dùng để thử hệ thống. Hồ sơ thật phải ký bằng chứng thư số và dấu thời gian chính thức của cơ quan.",
		}
	case tone == Wait:
		return Text{
			"Look at the remarks below before relying on it.",
			"Hãy xem các điểm cần lưu ý bên dưới trước khi sử dụng.",
		}
	}
	return Text{"What was signed can be relied upon.", "Có thể tin cậy chữ ký và nội dung đã ký."}
}

// advice is what to do about a signature that did not pass.
func (s Signature) advice() Text {
	if a := s.decisive().Advice; !a.IsZero() {
		return a
	}
	return askAgain()
}

func contentWeights() map[string]weight {
	return map[string]weight{
		"unreadable-pdf":       {Bad, askAgain()},
		"range-malformed":      {Bad, askAgain()},
		"range-gap":            {Bad, askAgain()},
		"range-end":            {Bad, askAgain()},
		"range-elsewhere":      {Bad, askAgain()},
		"dictionary-ambiguous": {Bad, askAgain()},
		"changed-later":        {Bad, askBefore()},
		"forbidden-later":      {Bad, askBefore()},
		"added-later":          {},
		"visible-later": {Wait, Text{
			"Look at the page beside the version before that signature, to see that nothing is covered.",
			"Hãy xem lại trang và so với bản trước chữ ký đó để chắc không có nội dung bị che.",
		}},
	}
}

func messageWeights() map[string]weight {
	other := Text{
		"Ask the issuer to sign in the usual form (PAdES), or check it with the program that signed it.",
		"Hãy đề nghị nơi phát hành ký theo chuẩn PAdES, hoặc kiểm tra bằng phần mềm đã dùng để ký.",
	}
	return map[string]weight{
		"contents-unreadable": {Bad, askAgain()},
		"format-unknown":      {Wait, other},
		"algorithm-refused":   {Bad, other},
		"content-changed":     {Bad, askAgain()},
		"signature-wrong":     {Bad, askAgain()},
		"certificate-missing": {Bad, other},
		"certificate-unnamed": {Wait, other},
		"certificate-other":   {Bad, askAgain()},
	}
}

func trustWeights() map[string]weight {
	root := Text{
		"If this authority is a licensed one, the administrator can install its root certificate (setting HOSO_TRUST); otherwise do not accept the signature.",
		"Nếu đây là tổ chức được cấp phép, hãy đề nghị quản trị cài chứng thư gốc của tổ chức đó (thiết đặt HOSO_TRUST); nếu không, không chấp nhận chữ ký.",
	}
	return map[string]weight{
		"certificate-untrusted": {Wait, root},
		"timestamp-untrusted":   {Wait, root},
		"chain-incomplete": {Wait, Text{
			"Ask the administrator to install the certificate of the authority that issued it, or the signer to sign with the whole chain.",
			"Hãy đề nghị quản trị cài chứng thư của tổ chức cấp, hoặc đề nghị người ký làm lại chữ ký kèm đủ chuỗi chứng thư.",
		}},
		"certificate-expired": {Wait, Text{
			"Ask the signer to sign anew with a certificate in force, best with a timestamp.",
			"Hãy đề nghị người ký làm lại chữ ký bằng chứng thư số còn hạn, nên kèm dấu thời gian.",
		}},
		"certificate-early": {Wait, Text{
			"Check the clock of this computer; if it is right, ask the signer to sign anew.",
			"Hãy kiểm tra đồng hồ máy này; nếu đúng giờ, đề nghị người ký làm lại chữ ký.",
		}},
		"certificate-usage": {Wait, Text{
			"Ask the signer to sign with a certificate that is meant for signing documents.",
			"Hãy đề nghị người ký dùng chứng thư số dành cho ký văn bản.",
		}},
		"demonstration": {Wait, goodAdvice(sign.Demo, Wait)},
	}
}

func timeWeights() map[string]weight {
	anew := Text{
		"Ask the signer or the issuer for a file with a timestamp in force.",
		"Hãy đề nghị nơi phát hành cung cấp bản có dấu thời gian còn hiệu lực.",
	}
	return map[string]weight{
		"certificate-revoked": {Bad, Text{
			"Do not accept it. Ask the signer's agency for a file signed with a certificate in force.",
			"Không chấp nhận. Hãy yêu cầu cơ quan của người ký cung cấp bản ký bằng chứng thư số còn hiệu lực.",
		}},
		"revoked-later":  {},
		"timestamp-none": {},
		"revocation-unknown": {Wait, Text{
			"Check again when the authority can be reached over the network (setting HOSO_REVOCATION), before relying on it.",
			"Hãy kiểm tra lại khi kết nối được với tổ chức cấp (thiết đặt HOSO_REVOCATION) trước khi sử dụng.",
		}},
		"revocation-unproven": {Wait, anew},
		"timestamp-wrong":     {Wait, anew},
		"timestamp-expired":   {Wait, anew},
		"timestamp-revoked":   {Wait, anew},
	}
}
