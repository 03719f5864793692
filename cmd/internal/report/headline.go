package report

import (
	"slices"
	"strings"

	"hoso/pipeline/sign"
)

// sentence is what one signature is worth.
func (s Signature) sentence() Text {
	if s.Timestamp {
		return s.stampSentence()
	}
	who := named(s.Signer)
	switch s.Verdict {
	case sign.Valid:
		return fill("The signature of %s is valid, and what it covers has not changed since.", "Chữ ký số của %s hợp lệ, nội dung đã ký không thay đổi từ khi ký.", who)
	case sign.Demo:
		return fill("The signature of %s is intact, but made with DEMONSTRATION keys: it has no legal value.", "Chữ ký số của %s toàn vẹn, nhưng ký bằng khóa DÙNG THỬ: không có giá trị pháp lý.", who)
	case sign.Untrusted:
		return s.doubt(who)
	case sign.Revoked:
		return fill("The signature of %s counts for nothing: the certificate had been revoked before.", "Chữ ký số của %s không có giá trị: chứng thư số đã bị thu hồi từ trước.", who)
	case sign.Changed:
		return fill("After %s signed, the file was changed: what it shows now is not what was signed.", "Tệp đã bị thay đổi sau khi %s ký: nội dung đang hiển thị không phải nội dung đã ký.", who)
	case sign.Invalid, sign.Unreadable, sign.Unsigned:
	}
	return fill("The signature of %s is NOT VALID: %s.", "Chữ ký số của %s KHÔNG HỢP LỆ. %s", who, s.decisive().Text)
}

// doubt is about a signature that is not trusted, and says why.
func (s Signature) doubt(who Text) Text {
	why := s.decisive().Text
	if s.Intact {
		return fill("What %s signed has not changed, but the signature is not established: %s.", "Nội dung %s ký không thay đổi, nhưng chưa đủ căn cứ để tin cậy chữ ký. %s", who, why)
	}
	return fill("The signature of %s could not be checked: %s.", "Không kiểm tra được chữ ký số của %s. %s", who, why)
}

func (s Signature) stampSentence() Text {
	who, when := named(s.Authority), moment(s.Time)
	switch s.Verdict {
	case sign.Valid:
		return fill("%s confirms that the file existed like this at %s; that part has not changed since.", "%s xác nhận tệp đã có như vậy lúc %s; phần đó không thay đổi từ ấy.", who, when)
	case sign.Demo:
		return fill("A DEMONSTRATION authority (%s) stamped the file at %s: no legal value.", "Dấu thời gian DÙNG THỬ của %s lúc %s: không có giá trị pháp lý.", who, when)
	case sign.Changed:
		return fill("After %s stamped the file, it was changed: what it shows now is not what was stamped.", "Tệp đã bị thay đổi sau khi %s đóng dấu thời gian: nội dung đang hiển thị không phải nội dung khi đó.", who)
	case sign.Untrusted, sign.Revoked:
		return fill("The timestamp of %s proves nothing: %s.", "Dấu thời gian của %s không chứng minh được thời điểm. %s", who, s.decisive().Text)
	case sign.Invalid, sign.Unreadable, sign.Unsigned:
	}
	return fill("The timestamp of %s is NOT VALID: %s.", "Dấu thời gian của %s KHÔNG HỢP LỆ. %s", who, s.decisive().Text)
}

// sum gives what the whole file is worth and what to do.
func (r Report) sum() (Tone, Text, Text) {
	if r.Verdict == sign.Unreadable {
		u := r.File.Unfit
		if u.IsZero() {
			return Bad, Text{"The file cannot be read, and no signature can be checked.", "Không đọc được tệp nên không kiểm tra được chữ ký."}, askAgain()
		}
		what, do := halves(Text{u.English, u.Vietnamese})
		return Bad, Text{"Not checked: " + what.English + ".", what.Vietnamese}, do
	}
	signers, stamps := r.apart()
	switch {
	case len(r.Signatures) == 0:
		return Wait, Text{"This file carries no digital signature.", "Tệp này không có chữ ký số."}.and(r.hidden()), unsignedAdvice()
	case len(signers) == 0:
		return worse(Wait, stamps[0].Tone), fill("Nobody signed this file; it carries only a timestamp. %s", "Không có ai ký tệp này, chỉ có dấu thời gian. %s", stamps[0].Headline), unsignedAdvice()
	}
	return r.sumSigned(signers)
}

// sumSigned is sum for a file that somebody signed.
func (r Report) sumSigned(signers []Signature) (Tone, Text, Text) {
	bad := slices.DeleteFunc(slices.Clone(r.Signatures), func(s Signature) bool { return s.Verdict == sign.Valid || s.Verdict == sign.Demo })
	if len(bad) == 0 {
		tone := Good
		for _, s := range r.Signatures {
			tone = worse(tone, s.Tone)
		}
		said := goodSentence(r.Verdict, signers)
		if r.Verdict == sign.Valid {
			said = said.and(caveat(signers))
		}
		return tone, said, goodAdvice(r.Verdict, tone)
	}
	worst := bad[0]
	for _, s := range bad {
		if s.Verdict == r.Verdict {
			worst = s
			break
		}
	}
	said := worst.Headline
	if len(r.Signatures) > 1 {
		said = said.and(both("(%d of %d signatures and timestamps did not pass.)", "(%d trong %d chữ ký và dấu thời gian không đạt.)", len(bad), len(r.Signatures)))
	}
	return worst.Tone, said, worst.advice()
}

func goodSentence(v sign.Verdict, signers []Signature) Text {
	if len(signers) == 1 {
		return signers[0].Headline
	}
	var names []string
	for _, s := range signers {
		names = append(names, s.Signer)
	}
	list := strings.Join(names, "; ")
	if v == sign.Demo {
		return both("All %d signatures are intact (%s), but at least one is made with DEMONSTRATION keys: no legal value.", "Cả %d chữ ký số đều toàn vẹn (%s), nhưng có chữ ký bằng khóa DÙNG THỬ: không có giá trị pháp lý.", len(signers), list)
	}
	return both("All %d signatures are valid (%s), and what they cover has not changed since.", "Cả %d chữ ký số đều hợp lệ (%s), nội dung đã ký không thay đổi từ khi ký.", len(signers), list)
}

// caveat is what even good signatures leave open.
func caveat(signers []Signature) Text {
	var t Text
	if slices.ContainsFunc(signers, func(s Signature) bool { return s.Proof == "" }) {
		t = Text{"When it was signed is only claimed.", "Thời điểm ký chỉ do người ký tự khai."}
	}
	if slices.ContainsFunc(signers, func(s Signature) bool { return s.has("revocation-unknown") }) {
		t = t.and(Text{"Whether the certificate has been revoked is not known.", "Chưa rõ chứng thư số có bị thu hồi hay không."})
	}
	return t
}

// apart tells signatures from document timestamps.
func (r Report) apart() (signers, stamps []Signature) {
	for _, s := range r.Signatures {
		if s.Timestamp {
			stamps = append(stamps, s)
		} else {
			signers = append(signers, s)
		}
	}
	return signers, stamps
}

// hidden warns of what cannot be seen in an encrypted file.
func (r Report) hidden() Text {
	if !r.File.Encrypted {
		return Text{}
	}
	return Text{"It is encrypted, and a part of it could not be looked into.", "Tệp được mã hóa nên có phần không xem được."}
}

func worse(a, b Tone) Tone {
	if b.rank() > a.rank() {
		return b
	}
	return a
}

// halves parts a reason into what is the matter and what to do, where it says both: the
// English behind the last semicolon, the Vietnamese from "Hãy" or "hãy" on.
func halves(t Text) (what, do Text) {
	what = t
	if i := strings.LastIndex(t.English, "; "); i > 0 {
		what.English, do.English = t.English[:i], capital(t.English[i+2:])+"."
	}
	for _, sep := range []string{"; hãy ", " Hãy "} {
		if i := strings.LastIndex(t.Vietnamese, sep); i > 0 {
			what.Vietnamese = strings.TrimRight(t.Vietnamese[:i], ".") + "."
			do.Vietnamese = capital(strings.TrimLeft(t.Vietnamese[i:], "; "))
		}
	}
	return what, do
}

// capital begins a sentence with a capital; "hãy" is the only word that is not ASCII
// behind its first letter.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
