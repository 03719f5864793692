package sign

import "hoso/pipeline"

// problem is a finding: what it makes of a verdict, and its two sentences.
type problem struct {
	verdict             Verdict
	english, vietnamese string
}

func (p problem) reason(code string) pipeline.Reason {
	return pipeline.Reason{Code: code, English: p.english, Vietnamese: p.vietnamese}
}

// problemOf gives what stands behind a code. Codes are stable: programs read them.
func problemOf(code string) problem {
	for _, table := range []map[string]problem{rangeProblems(), messageProblems(), trustProblems(), revocationProblems()} {
		if p, ok := table[code]; ok {
			return p
		}
	}
	return problem{Invalid, code, code}
}

func rangeProblems() map[string]problem {
	return map[string]problem{
		"unreadable-pdf": {
			Unreadable, "the structure of the PDF cannot be read",
			"Không đọc được cấu trúc tệp PDF nên không kiểm tra được chữ ký số.",
		},
		"range-malformed": {
			Invalid, "the signed range of the file is malformed",
			"Phạm vi ký (ByteRange) sai cấu trúc, không xác định được phần nội dung đã ký.",
		},
		"range-gap": {
			Invalid, "the signed range leaves out more or other bytes than the signature itself",
			"Phạm vi ký bỏ sót nội dung ngoài phần chữ ký; có thể nội dung đã bị chèn vào chỗ không được ký.",
		},
		"range-end": {
			Invalid, "the signed range does not end where a revision of the file ends",
			"Phạm vi ký không kết thúc đúng ở cuối một phiên bản của tệp.",
		},
		"range-elsewhere": {
			Invalid, "the signed part of the file does not hold this signature at this place",
			"Phần tệp đã ký không chứa chữ ký này ở đúng vị trí; chữ ký có thể đã bị di chuyển.",
		},
		"dictionary-ambiguous": {
			Invalid, "the signature dictionary names a key twice",
			"Từ điển chữ ký có khóa lặp lại, các phần mềm có thể hiểu khác nhau.",
		},
		"changed-later": {
			Changed, "after signing, the file was changed in more than signatures and validation data",
			"Sau khi ký, tệp đã bị sửa đổi nội dung ngoài việc thêm chữ ký hoặc dữ liệu xác thực.",
		},
		"added-later": {
			Valid, "after signing, only further signatures or validation data were added",
			"Sau khi ký chỉ có thêm chữ ký khác hoặc dữ liệu xác thực; nội dung đã ký giữ nguyên.",
		},
		"forbidden-later": {
			Changed, "after signing, something was added that this signature forbids",
			"Sau khi ký, tệp có thêm nội dung hoặc chữ ký mà chữ ký này không cho phép (tệp đã khóa).",
		},
		"visible-later": {
			Valid, "after signing, a further signature was added that shows on a page; what was signed is unchanged, and what shows lies over it",
			"Sau khi ký có thêm chữ ký khác được hiển thị trên trang. Nội dung đã ký giữ nguyên; phần hiển thị của chữ ký sau nằm ở lớp riêng phía trên trang.",
		},
	}
}

func messageProblems() map[string]problem {
	return map[string]problem{
		"contents-unreadable": {
			Invalid, "the signature value cannot be read",
			"Không đọc được giá trị chữ ký số.",
		},
		"format-unknown": {
			Untrusted, "this kind of signature is not supported",
			"Loại chữ ký số này chưa được hỗ trợ kiểm tra.",
		},
		"algorithm-refused": {
			Invalid, "the signature uses an algorithm that is unknown or no longer safe",
			"Chữ ký dùng thuật toán không được hỗ trợ hoặc không còn an toàn.",
		},
		"content-changed": {
			Invalid, "the signed bytes were changed after signing",
			"Nội dung đã bị thay đổi sau khi ký.",
		},
		"signature-wrong": {
			Invalid, "the signature value does not belong to the signer's certificate",
			"Giá trị chữ ký không khớp với chứng thư số của người ký.",
		},
		"certificate-missing": {
			Invalid, "the signer's certificate is not in the signature",
			"Chữ ký không kèm chứng thư số của người ký.",
		},
		"certificate-unnamed": {
			Untrusted, "the signature does not name the signer's certificate (signing-certificate-v2)",
			"Chữ ký không ghi rõ chứng thư số đã dùng để ký (thiếu signing-certificate-v2).",
		},
		"certificate-other": {
			Invalid, "the signature names another certificate than the one beside it",
			"Chứng thư số kèm theo không phải chứng thư đã ghi trong chữ ký.",
		},
	}
}

func trustProblems() map[string]problem {
	return map[string]problem{
		"certificate-untrusted": {
			Untrusted, "the signer's certificate does not lead to a trusted root",
			"Chứng thư số của người ký không thuộc tổ chức chứng thực được tin cậy.",
		},
		"certificate-expired": {
			Untrusted, "the signer's certificate had ended at the time that counts",
			"Chứng thư số của người ký đã hết hạn tại thời điểm xét.",
		},
		"certificate-early": {
			Untrusted, "the signer's certificate was not yet valid at the time that counts",
			"Chứng thư số của người ký chưa có hiệu lực tại thời điểm xét.",
		},
		"certificate-usage": {
			Untrusted, "the signer's certificate is not meant for signatures",
			"Chứng thư số không có mục đích dùng để ký.",
		},
		"timestamp-none": {
			Valid, "there is no timestamp: when it was signed is only claimed",
			"Chữ ký không có dấu thời gian; thời điểm ký chỉ do người ký khai.",
		},
		"timestamp-wrong": {
			Untrusted, "the timestamp is not a valid one of this signature",
			"Dấu thời gian không hợp lệ hoặc không thuộc chữ ký này.",
		},
		"timestamp-untrusted": {
			Untrusted, "the timestamp authority does not lead to a trusted root",
			"Tổ chức cấp dấu thời gian không được tin cậy.",
		},
		"chain-incomplete": {
			Untrusted, "the signature carries the signer's certificate alone, and who issued it is not known",
			"Chữ ký chỉ kèm chứng thư số của người ký, thiếu chứng thư của tổ chức cấp nên không dựng được chuỗi tin cậy.",
		},
		"demonstration": {
			Valid, "made with demonstration certificates: no legal value",
			"Chữ ký dùng thử, không có giá trị pháp lý.",
		},
	}
}

func revocationProblems() map[string]problem {
	return map[string]problem{
		"certificate-revoked": {
			Revoked, "the signer's certificate had been revoked before the time that counts",
			"Chứng thư số của người ký đã bị thu hồi trước thời điểm xét.",
		},
		"revoked-later": {
			Valid, "the signer's certificate was revoked later; when it was signed it was good",
			"Chứng thư số của người ký bị thu hồi sau này; tại thời điểm ký vẫn còn hiệu lực.",
		},
		"revocation-unknown": {
			Valid, "whether the signer's certificate has been revoked is not known: the file does not tell, and nobody was asked or answered",
			"Chưa biết chứng thư số có bị thu hồi hay không: tệp không kèm dữ liệu thu hồi và chưa hỏi được tổ chức cấp.",
		},
		"revocation-unproven": {
			Untrusted, "the certificate has ended, and nothing proves any more that it had not been revoked before",
			"Chứng thư số đã hết hạn và tệp không kèm bằng chứng rằng trước đó nó chưa bị thu hồi.",
		},
		"timestamp-expired": {
			Untrusted, "the certificate of the timestamp authority has ended, and no later timestamp vouches for it",
			"Chứng thư số của tổ chức cấp dấu thời gian đã hết hạn và không có dấu thời gian nào mới hơn bảo đảm.",
		},
		"timestamp-revoked": {
			Untrusted, "the certificate of the timestamp authority had been revoked",
			"Chứng thư số của tổ chức cấp dấu thời gian đã bị thu hồi.",
		},
	}
}
