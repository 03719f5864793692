package workers

import (
	"time"

	"hoso/pipeline"
)

// ReasonOfficer is the code of papers that wait for an officer's signature.
const ReasonOfficer = "officer-signs"

func officerSigns() pipeline.Reason {
	return pipeline.Reason{
		Code: ReasonOfficer, English: "an officer must sign this paper with an own key",
		Vietnamese: "Chờ cán bộ ký số bằng chứng thư số của mình (trang Ký số).",
	}
}

func officerSignsAnew() pipeline.Reason {
	return pipeline.Reason{
		Code: "officer-signs-anew", English: "the file that the officer signed could not be built again; a new one must be signed",
		Vietnamese: "Không dựng lại được đúng tệp mà cán bộ đã ký, nên phải ký lại tệp mới (trang Ký số).",
	}
}

func notToSign(p pipeline.Paper) pipeline.Reason {
	return pipeline.Reason{
		Code: "not-waiting", English: "the paper is " + string(p.State) + " and does not wait for a signature",
		Vietnamese: "Giấy tờ này không còn chờ ký.",
	}
}

func signedAlready() pipeline.Reason {
	return pipeline.Reason{
		Code: "signed-already", English: "the signature of this paper was accepted before",
		Vietnamese: "Giấy tờ này đã được ký, đang được hoàn tất.",
	}
}

func changed() pipeline.Reason {
	return pipeline.Reason{
		Code: "paper-changed", English: "the paper has changed since the signature was prepared",
		Vietnamese: "Giấy tờ vừa thay đổi sau khi chuẩn bị ký. Hãy xem lại rồi ký lại nếu cần.",
	}
}

func composedAnew() pipeline.Reason {
	return pipeline.Reason{
		Code: "composed-anew", English: "the file to sign is being built again",
		Vietnamese: "Tệp cần ký đang được dựng lại. Hãy ký sau ít phút.",
	}
}

func beingSigned(r pipeline.DeskRequest) pipeline.Reason {
	until := r.Until.In(time.FixedZone("ICT", 7*60*60))
	return pipeline.Reason{
		Code: "being-signed", English: r.Account + " is signing this paper until " + until.Format(time.RFC3339),
		Vietnamese: "Tài khoản " + r.Account + " đang ký giấy tờ này, đến " + until.Format("15:04") + ".",
	}
}

func noRequest() pipeline.Reason {
	return pipeline.Reason{
		Code: "no-request", English: "there is no such request, or another one has taken its place",
		Vietnamese: "Không có yêu cầu ký này, hoặc đã có yêu cầu khác thay thế. Hãy ký lại.",
	}
}

func othersRequest() pipeline.Reason {
	return pipeline.Reason{
		Code: "not-yours", English: "the request was made for another account",
		Vietnamese: "Yêu cầu ký này thuộc tài khoản khác.",
	}
}

func requestOver() pipeline.Reason {
	return pipeline.Reason{
		Code: "request-over", English: "the time for this signature is over; the paper waits again",
		Vietnamese: "Đã quá thời hạn ký. Giấy tờ vẫn chờ; hãy ký lại.",
	}
}

func certificateOfOther(account string) pipeline.Reason {
	return pipeline.Reason{
		Code: "certificate-of-other", English: "account " + account + " signs with this certificate",
		Vietnamese: "Chứng thư số này đã được tài khoản " + account + " dùng để ký. Mỗi người ký bằng tài khoản của mình.",
	}
}

func otherCertificate() pipeline.Reason {
	return pipeline.Reason{
		Code: "other-certificate", English: "this account signs with a certificate of somebody else",
		Vietnamese: "Tài khoản này đã gắn với chứng thư số của người khác. Nếu thiết bị ký được cấp lại với tên khác, hãy nhờ quản trị gỡ ở trang Tài khoản.",
	}
}
