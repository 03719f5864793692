package report

import "hoso/pipeline/sign"

// told says whose word on revocation was taken, and of which moment it speaks.
func told(i sign.Inquiry) Text {
	what := map[string]Text{
		"OCSP": {"an answer of the issuer (OCSP)", "câu trả lời của tổ chức cấp (OCSP)"},
		"CRL":  {"the issuer's list (CRL)", "danh sách thu hồi của tổ chức cấp (CRL)"},
	}[i.Kind]
	switch i.Source {
	case "file":
		return fill("So says %s that the file carries, as of %s", "Theo %s kèm trong tệp, tính đến %s", what, moment(i.Told))
	case "issuer":
		return fill("So says %s, asked just now, as of %s", "Theo %s vừa hỏi, tính đến %s", what, moment(i.Told))
	}
	return Text{}
}

// integrity tells whether the signed bytes are as they were.
func (s Signature) integrity() Line {
	l := Line{Name: "integrity", Label: Text{"Integrity", "Tính toàn vẹn"}, Tone: Bad}
	switch {
	case s.Intact && s.Verdict == sign.Changed:
		l.Value = Text{"The signed part is as it was, but the file was changed behind it", "Phần đã ký còn nguyên, nhưng tệp đã bị sửa đổi thêm sau khi ký"}
	case s.Intact:
		l.Value, l.Tone = Text{"What was signed has not changed", "Nội dung đã ký còn nguyên vẹn, không thay đổi"}, Good
	case s.has("content-changed"):
		l.Value = Text{"NOT intact: the signed bytes were changed after signing", "KHÔNG nguyên vẹn: nội dung đã ký bị thay đổi sau khi ký"}
	default:
		l.Value = Text{"Cannot be established", "Không xác định được"}
	}
	return l
}

// coverage tells which bytes of the file were signed.
func (s Signature) coverage(size int64) Line {
	l := Line{Name: "coverage", Label: Text{"Covers", "Phạm vi ký"}}
	end, all := count(s.End), count(size)
	switch {
	case s.End == 0 || s.has("range-malformed", "range-gap", "range-end", "range-elsewhere"):
		l.Value, l.Tone = Text{"Cannot be established", "Không xác định được"}, Bad
	case s.CoversFile:
		l.Value, l.Tone = fill("The whole file (all %s bytes)", "Toàn bộ tệp (%s byte)", all), Good
	case s.Verdict == sign.Changed:
		l.Value, l.Tone = fill("The first %s of %s bytes: the file as it was signed. What follows changes it", "%s byte đầu trong %s byte: tệp như lúc ký. Phần thêm sau đã làm thay đổi nội dung", end, all), Bad
	default:
		l.Value = fill("The first %s of %s bytes: the file as it was signed. Only signatures or validation data were added behind it", "%s byte đầu trong %s byte: tệp như lúc ký. Phần thêm sau chỉ là chữ ký hoặc dữ liệu xác thực", end, all)
	}
	return l
}

// technique names key and hash.
func (s Signature) technique() []Line {
	if s.Algorithm == "" {
		return nil
	}
	return []Line{{"algorithm", Text{"Algorithm", "Thuật toán"}, same(s.Algorithm), ""}}
}

// level says what the level of a signature means.
func (s Signature) level() Line {
	l := Line{Name: "level", Label: Text{"Level", "Mức chữ ký"}}
	switch s.Level {
	case "B-B":
		l.Value = Text{"PAdES B-B: a basic signature, without a timestamp", "PAdES B-B: chữ ký cơ bản, không có dấu thời gian"}
	case "B-T":
		l.Value = Text{"PAdES B-T: with a timestamp, without data on revocation", "PAdES B-T: có dấu thời gian, chưa kèm dữ liệu thu hồi"}
	case "B-LT":
		l.Value = Text{"PAdES B-LT: with a timestamp and all data to check it by itself", "PAdES B-LT: có dấu thời gian và kèm đủ dữ liệu để tự kiểm tra"}
	case "B-LTA":
		l.Value = Text{"PAdES B-LTA: with all data to check it by itself, kept by a timestamp of the archive", "PAdES B-LTA: kèm đủ dữ liệu để tự kiểm tra, được dấu thời gian lưu trữ bảo vệ lâu dài"}
	default:
		l.Value = Text{"Not a PAdES signature (an older kind, or not complete)", "Không phải chữ ký PAdES (kiểu cũ hoặc thiếu thành phần)"}
	}
	return l
}

// until says how long this can be found again.
func (s Signature) until() Line {
	l := Line{Name: "until", Label: Text{"Provable until", "Còn kiểm chứng được đến"}}
	if s.Level == "B-LT" || s.Level == "B-LTA" {
		l.Value = fill("%s, without asking anybody; before that day a new timestamp is to be added", "%s mà không cần hỏi tổ chức nào; trước ngày đó cần gia hạn bằng dấu thời gian mới", day(s.Until))
		return l
	}
	l.Value = fill("%s, when a certificate ends; from then on nothing in the file proves it", "%s, khi chứng thư số hết hạn; sau đó tệp không còn đủ bằng chứng", day(s.Until))
	return l
}

// said is what the signer wrote into the signature, which proves nothing.
func (s Signature) said() []Line {
	var lines []Line
	if s.Reason != "" {
		lines = append(lines, Line{"reason", Text{"Reason, as stated", "Lý do ký (tự ghi)"}, same(s.Reason), ""})
	}
	if s.Location != "" {
		lines = append(lines, Line{"location", Text{"Place, as stated", "Nơi ký (tự ghi)"}, same(s.Location), ""})
	}
	if s.Name != "" && s.Name != s.Signer && !s.Timestamp && !s.Demo {
		lines = append(lines, Line{"name", Text{"Name written beside it", "Tên ghi kèm chữ ký"}, fill("%s. It is not the name in the certificate, and only that one counts", "%s. Tên này khác tên trong chứng thư số; chỉ tên trong chứng thư số có giá trị", same(s.Name)), Wait})
	}
	return lines
}
