package report

import (
	"slices"
	"strings"
	"time"

	"hoso/pipeline/sign"
)

// about tells what is known of the file.
func (r Report) about() []Line {
	f := r.File
	size := count(f.Size)
	lines := []Line{}
	if f.Name != "" {
		lines = append(lines, Line{"name", Text{"File", "Tên tệp"}, same(f.Name), ""})
	}
	lines = append(lines, Line{"size", Text{"Size", "Dung lượng"}, fill("%s bytes", "%s byte", size), ""})
	if !f.Digest.IsZero() {
		lines = append(lines, Line{"sha256", Text{"SHA-256", "Mã SHA-256"}, same(f.Digest.String()), ""})
	}
	if f.Unfit.IsZero() {
		lines = append(lines,
			Line{"pages", Text{"Pages", "Số trang"}, same(count(int64(f.Pages)).Vietnamese), ""},
			Line{"pdfa", Text{"Archive form", "Chuẩn lưu trữ"}, archiveForm(f.PDFA), ""},
			Line{"signatures", Text{"Signatures", "Chữ ký"}, r.tally(), ""})
	}
	if f.Encrypted {
		lines = append(lines, Line{"encrypted", Text{"Encryption", "Mã hóa"}, Text{"The file is encrypted", "Tệp được mã hóa"}, Wait})
	}
	return append(lines, Line{"judged", Text{"Judged as of", "Xét tại thời điểm"}, moment(r.Judged), ""})
}

func (r Report) tally() Text {
	signers, stamps := r.apart()
	switch len(stamps) {
	case 0:
		return both("%d", "%d", len(signers))
	case 1:
		return both("%d, and a timestamp of the whole file", "%d, kèm 1 dấu thời gian của toàn tệp", len(signers))
	}
	return both("%d, and %d timestamps of the whole file", "%d, kèm %d dấu thời gian của toàn tệp", len(signers), len(stamps))
}

func archiveForm(claim string) Text {
	if claim == "" {
		return Text{"It does not claim to be a PDF/A", "Tệp không tự khai là PDF/A"}
	}
	return both("It claims to be a PDF/A-%s", "Tệp tự khai là PDF/A-%s", claim)
}

// lines tells what is known of a signature.
func (s Signature) lines(found sign.Report) []Line {
	lines := s.who()
	if s.Serial != "" {
		lines = append(lines, s.atSigning())
	}
	lines = append(lines, s.times()...)
	if s.Serial != "" {
		lines = append(lines, s.revocation())
	}
	lines = append(lines, s.integrity(), s.coverage(found.Size))
	if !s.Timestamp {
		lines = append(append(lines, s.level()), s.technique()...)
	}
	if !s.Until.IsZero() && (s.Verdict == sign.Valid || s.Verdict == sign.Demo) {
		lines = append(lines, s.until())
	}
	return append(lines, s.said()...)
}

// who tells of the certificate.
func (s Signature) who() []Line {
	var lines []Line
	put := func(name string, label, value Text) {
		if value.Vietnamese != "" {
			lines = append(lines, Line{name, label, value, ""})
		}
	}
	if s.Timestamp {
		put("authority", Text{"Timestamp authority", "Tổ chức cấp dấu thời gian"}, same(s.Authority))
	} else {
		put("signer", Text{"Signer", "Người ký"}, same(s.Signer))
		put("unit", Text{"Managing unit", "Đơn vị quản lý"}, same(s.Unit))
	}
	put("issuer", Text{"Certificate issued by", "Tổ chức cấp chứng thư số"}, s.issuer())
	put("serial", Text{"Certificate number", "Số chứng thư số"}, same(strings.ToUpper(s.Serial)))
	if !s.ValidFrom.IsZero() {
		put("period", Text{"Certificate period", "Thời hạn chứng thư số"}, fill("%s to %s", "%s đến %s", day(s.ValidFrom), day(s.ValidUntil)))
	}
	return lines
}

// issuer names who issued the certificate and who vouches for that one.
func (s Signature) issuer() Text {
	if len(s.Chain) < 2 {
		return same(s.Issuer)
	}
	above := same(strings.Join(s.Chain[1:], " ← "))
	return fill("%s, under %s", "%s, thuộc %s", same(s.Issuer), above)
}

// has reports whether something was found.
func (s Signature) has(codes ...string) bool {
	return slices.ContainsFunc(s.Findings, func(f Finding) bool { return slices.Contains(codes, f.Code) })
}

// atSigning tells whether the certificate was good at the time that counts.
func (s Signature) atSigning() Line {
	label := Text{"Valid at signing time", "Hiệu lực tại thời điểm ký"}
	if s.Timestamp {
		label = Text{"Valid when it counts", "Hiệu lực tại thời điểm xét"}
	}
	when := s.whenText()
	var value Text
	tone := Bad
	switch {
	case s.Counts.IsZero():
		return Line{"valid_at_signing", label, Text{"Not looked at, since the signature itself does not hold", "Không xét, vì chính chữ ký đã không đạt"}, Bad}
	case s.has("certificate-revoked", "timestamp-revoked"):
		value = fill("NO: it had been revoked %s", "KHÔNG: đã bị thu hồi %s", when)
	case s.Counts.After(s.ValidUntil), s.has("timestamp-expired"):
		value, tone = fill("NOT ESTABLISHED: it ended on %s, and what counts is %s", "CHƯA ĐỦ CĂN CỨ: đã hết hạn ngày %s, mà thời điểm xét là %s", day(s.ValidUntil), when).and(s.claimedInPeriod()), Wait
	case s.Counts.Before(s.ValidFrom):
		value, tone = fill("NO: it began only on %s, and what counts is %s", "KHÔNG: đến ngày %s mới có hiệu lực, mà thời điểm xét là %s", day(s.ValidFrom), when), Wait
	case !s.Trusted:
		value, tone = fill("NOT ESTABLISHED: in its period %s, but it does not lead to a trusted authority", "CHƯA ĐỦ CĂN CỨ: còn thời hạn %s, nhưng không dẫn tới tổ chức chứng thực được tin cậy", when), Wait
	case s.has("revocation-unproven"):
		value, tone = fill("NOT ESTABLISHED: in its period %s, but nothing proves that it was not revoked", "CHƯA ĐỦ CĂN CỨ: còn thời hạn %s, nhưng không có bằng chứng là chưa bị thu hồi", when), Wait
	case s.Revocation.Missing != "" || s.Revocation.Source == "" && len(s.Chain) > 0:
		value, tone = fill("In its period and of a trusted authority %s; revocation is not known", "Còn thời hạn và do tổ chức được tin cậy cấp %s; chưa rõ có bị thu hồi không", when), Wait
	default:
		value, tone = fill("YES: in its period, of a trusted authority and not revoked %s", "CÓ: còn thời hạn, do tổ chức được tin cậy cấp và chưa bị thu hồi %s", when), Good
	}
	return Line{"valid_at_signing", label, value, tone}
}

// whenText is the time that counts.
func (s Signature) whenText() Text {
	if s.Proof == "" {
		return fill("now (%s)", "tại thời điểm kiểm tra (%s)", moment(s.Counts))
	}
	return fill("at %s", "lúc %s", moment(s.Counts))
}

// claimedInPeriod says that the signer's own clock speaks for the certificate.
func (s Signature) claimedInPeriod() Text {
	if s.Proof != "" || s.Claimed.IsZero() || s.Claimed.After(s.ValidUntil) || s.Claimed.Before(s.ValidFrom) {
		return Text{}
	}
	return Text{"(at the time that the signer claims it was in its period, but nothing proves that time)", "(tại thời điểm người ký tự khai thì còn hạn, nhưng không có gì chứng minh thời điểm đó)"}
}

// times tells what the signer claims of the time and what is proven of it.
func (s Signature) times() []Line {
	if s.Timestamp {
		if s.Time.IsZero() {
			return nil
		}
		return []Line{{"proven", Text{"Time of the timestamp", "Thời điểm đóng dấu"}, moment(s.Time), ""}}
	}
	var lines []Line
	if !s.Claimed.IsZero() {
		lines = append(lines, s.claimed())
	}
	return append(lines, s.proven())
}

// clocks is how far apart the clocks of honest computers may be.
const clocks = 10 * time.Minute

func (s Signature) claimed() Line {
	label := Text{"Signing time, claimed", "Thời điểm ký tự khai"}
	if s.Proof != "" && s.Claimed.After(s.Counts.Add(clocks)) {
		return Line{"claimed", label, fill("%s, which cannot be: it is proven to have existed before", "%s, không thể đúng: chữ ký được chứng minh là đã có trước đó", moment(s.Claimed)), Wait}
	}
	return Line{"claimed", label, fill("%s, by the clock of the signer's computer", "%s, theo đồng hồ máy người ký", moment(s.Claimed)), ""}
}

func (s Signature) proven() Line {
	label := Text{"Signing time, proven", "Thời điểm ký được chứng minh"}
	who := named(s.Prover)
	switch {
	case s.Proof == sign.ByTimestamp:
		return Line{"proven", label, fill("Not later than %s: timestamp of %s", "Muộn nhất lúc %s, theo dấu thời gian của %s", moment(s.Counts), who), Good}
	case s.Proof == sign.ByDocument:
		return Line{"proven", label, fill("Not later than %s, when the whole file was stamped by %s", "Muộn nhất lúc %s, khi toàn tệp được %s đóng dấu thời gian", moment(s.Counts), who), Good}
	case !s.Time.IsZero():
		return Line{"proven", label, fill("Not proven: there is a timestamp of %s by %s, but it does not hold", "Chưa được chứng minh: có dấu thời gian lúc %s của %s nhưng không đạt", moment(s.Time), named(s.Authority)), Wait}
	}
	return Line{"proven", label, Text{"Not proven: there is no timestamp", "Chưa được chứng minh: không có dấu thời gian"}, Wait}
}

// revocation tells how it is known whether the certificate was revoked.
func (s Signature) revocation() Line {
	l := Line{Name: "revocation", Label: Text{"Revocation", "Thu hồi chứng thư số"}, Tone: Wait}
	i := s.Revocation
	switch {
	case !s.Revoked.IsZero() && s.has("revoked-later"):
		l.Value, l.Tone = fill("Revoked at %s, after the time that counts: what was signed before stays good. %s", "Bị thu hồi lúc %s, sau thời điểm xét: chữ ký làm trước đó vẫn có giá trị. %s", moment(s.Revoked), told(i)), ""
	case !s.Revoked.IsZero():
		l.Value, l.Tone = fill("REVOKED at %s. %s", "ĐÃ BỊ THU HỒI lúc %s. %s", moment(s.Revoked), told(i)), Bad
	case s.has("timestamp-revoked"):
		l.Value, l.Tone = Text{"REVOKED", "ĐÃ BỊ THU HỒI"}, Bad
	case i.Missing != "" && i.Missing != s.Signer:
		l.Value = fill("Not known of the authority above it, %s: the file does not tell, and no answer was had", "Chưa rõ đối với tổ chức cấp trên %s: tệp không kèm dữ liệu và chưa có câu trả lời", same(i.Missing))
	case i.Missing != "" && i.Silent:
		l.Value = Text{"Not known: the file does not tell, and the certificate names neither OCSP nor CRL where one could ask", "Chưa rõ: tệp không kèm dữ liệu thu hồi, và chứng thư số không ghi địa chỉ OCSP hoặc CRL để hỏi"}
	case i.Missing != "":
		l.Value = Text{"Not known: the file does not tell, and nobody was asked or answered", "Chưa rõ: tệp không kèm dữ liệu thu hồi và chưa hỏi được tổ chức cấp"}
	case i.Source != "":
		l.Value, l.Tone = fill("Not revoked. %s", "Chưa bị thu hồi. %s", told(i)), Good
	default:
		l.Value = Text{"Not looked at, since it does not lead to a trusted authority at that time", "Không xét, vì chưa dẫn tới tổ chức chứng thực được tin cậy tại thời điểm đó"}
	}
	return l
}
