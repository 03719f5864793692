package report_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/report"
	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/signtest"
)

var now = time.Date(2026, 11, 29, 3, 0, 0, 0, time.UTC)

// told judges a file and explains what was found.
func told(t *testing.T, a *signtest.Authority, file []byte, at time.Time, ask sign.Source) report.Report {
	t.Helper()
	trust := sign.Trust{Roots: a.Roots(), Now: at, Status: ask}
	found, err := sign.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), trust)
	if err != nil {
		t.Fatal(err)
	}
	return report.Of(report.File{Name: "giay-phep.pdf", Digest: pipeline.Sum(file), Size: int64(len(file)), Pages: 1}, found)
}

// line finds what a signature tells under a name.
func line(t *testing.T, s report.Signature, name string) report.Line {
	t.Helper()
	for _, l := range s.Lines {
		if l.Name == name {
			return l
		}
	}
	t.Errorf("signature %d tells nothing of %q", s.Number, name)
	return report.Line{}
}

// says wants words in a text of each language.
func says(t *testing.T, what string, text report.Text, english, vietnamese string) {
	t.Helper()
	if !strings.Contains(text.English, english) || !strings.Contains(text.Vietnamese, vietnamese) {
		t.Errorf("%s: %q\n %q\nwant %q and %q in it", what, text.English, text.Vietnamese, english, vietnamese)
	}
}

// want is what a reader would notice of a file.
type want struct {
	verdict  sign.Verdict
	tone     report.Tone
	headline [2]string
	advice   [2]string
	line     string // of the first signature
	value    [2]string
}

// TestStates: each state that a file can be in is told as what it is, in both languages.
func TestStates(t *testing.T) {
	t.Parallel()
	a, other := signtest.New(t, now), signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	plain := signtest.Plain("GIAY PHEP SO 12")
	signed := a.Signed(t, plain, id, a.Stamper())
	lasting := a.Prolonged(t, signed, a.Stamper())
	policy, err := x509.ParseOID(sign.DemoPolicy)
	if err != nil {
		t.Fatal(err)
	}
	demo := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.Policies = []x509.OID{policy} })
	broken := bytes.Replace(signed, []byte("SO 12"), []byte("SO 99"), 1)
	ranged := bytes.Replace(signed, []byte("/ByteRange [0 "), []byte("/ByteRange [9 "), 1)
	for name, c := range map[string]struct {
		file []byte
		at   time.Time
		by   *signtest.Authority
		ask  sign.Source
		want
	}{
		"B-LTA": {lasting, now.AddDate(3, 0, 0), a, nil, want{
			sign.Valid, report.Good,
			[2]string{"Nguyễn Văn Thử is valid", "Nguyễn Văn Thử hợp lệ"},
			[2]string{"can be relied upon", "Có thể tin cậy"},
			"until",
			[2]string{"2034-11-29", "29/11/2034"},
		}},
		"valid, expired since": {lasting, now.AddDate(6, 0, 0), a, nil, want{
			sign.Valid, report.Good,
			[2]string{"is valid", "hợp lệ"},
			[2]string{"", ""},
			"valid_at_signing",
			[2]string{"YES: in its period, of a trusted authority and not revoked at 2026-11-29 10:00:00", "CÓ: còn thời hạn, do tổ chức được tin cậy cấp và chưa bị thu hồi lúc 10:00:00 ngày 29/11/2026"},
		}},
		"B-T, asked": {signed, now, a, a.Status(), want{
			sign.Valid, report.Good,
			[2]string{"is valid", "hợp lệ"},
			[2]string{"", ""},
			"revocation",
			[2]string{"asked just now", "vừa hỏi"},
		}},
		"B-T, nobody asked": {signed, now, a, nil, want{
			sign.Valid, report.Wait,
			[2]string{"Whether the certificate has been revoked is not known", "Chưa rõ chứng thư số có bị thu hồi"},
			[2]string{"before relying on it", "trước khi sử dụng"},
			"revocation",
			[2]string{"Not known", "Chưa rõ"},
		}},
		"B-B": {a.Signed(t, plain, id, nil), now, a, a.Status(), want{
			sign.Valid, report.Good,
			[2]string{"is valid", "hợp lệ"},
			[2]string{"", ""},
			"proven",
			[2]string{"there is no timestamp", "không có dấu thời gian"},
		}},
		"B-B, expired since": {a.Signed(t, plain, id, nil), now.AddDate(3, 0, 0), a, nil, want{
			sign.Untrusted, report.Wait,
			[2]string{"not established", "chưa đủ căn cứ"},
			[2]string{"sign anew", "làm lại chữ ký"},
			"valid_at_signing",
			[2]string{"it ended on 2028-11-29", "đã hết hạn ngày 29/11/2028"},
		}},
		"demonstration": {a.Signed(t, plain, demo, a.Stamper()), now, a, a.Status(), want{
			sign.Demo, report.Wait,
			[2]string{"no legal value", "không có giá trị pháp lý"},
			[2]string{"try hoso out", "dùng để thử"},
			"integrity",
			[2]string{"has not changed", "còn nguyên vẹn"},
		}},
		"untrusted": {signed, now, other, nil, want{
			sign.Untrusted, report.Wait,
			[2]string{"does not lead to a trusted root", "tin cậy"},
			[2]string{"root certificate", "chứng thư gốc"},
			"valid_at_signing",
			[2]string{"does not lead to a trusted authority", "không dẫn tới tổ chức chứng thực được tin cậy"},
		}},
		"changed": {signtest.Rewritten(signed, "GIAY PHEP SO 99"), now, a, a.Status(), want{
			sign.Changed, report.Bad,
			[2]string{"After Nguyễn Văn Thử signed, the file was changed", "bị thay đổi sau khi Nguyễn Văn Thử ký"},
			[2]string{"as it was signed", "đúng tệp lúc ký"},
			"coverage",
			[2]string{"What follows changes it", "đã làm thay đổi nội dung"},
		}},
		"invalid": {broken, now, a, a.Status(), want{
			sign.Invalid, report.Bad,
			[2]string{"NOT VALID", "KHÔNG HỢP LỆ"},
			[2]string{"Do not rely", "Không sử dụng"},
			"integrity",
			[2]string{"NOT intact", "KHÔNG nguyên vẹn"},
		}},
		"forged range": {ranged, now, a, nil, want{
			sign.Invalid, report.Bad,
			[2]string{"the signed range of the file is malformed", "Phạm vi ký (ByteRange) sai cấu trúc"},
			[2]string{"Do not rely", "Không sử dụng"},
			"coverage",
			[2]string{"Cannot be established", "Không xác định được"},
		}},
		"only stamped": {stampedOnly(t, a, plain), now, a, nil, want{
			sign.Valid, report.Wait,
			[2]string{"Nobody signed this file", "Không có ai ký tệp này"},
			[2]string{"who issued it", "nơi phát hành"},
			"authority",
			[2]string{"TEST TIMESTAMPS", "TEST TIMESTAMPS"},
		}},
		"unsigned": {plain, now, a, nil, want{
			sign.Unsigned, report.Wait,
			[2]string{"no digital signature", "không có chữ ký số"},
			[2]string{"Ask for the signed file", "bản có ký số"},
			"",
			[2]string{},
		}},
	} {
		r := told(t, c.by, c.file, c.at, c.ask)
		c.check(t, name, r)
	}
}

func (w want) check(t *testing.T, name string, r report.Report) {
	t.Helper()
	if r.Verdict != w.verdict || r.Tone != w.tone {
		t.Errorf("%s: %s in tone %q, want %s in %q", name, r.Verdict, r.Tone, w.verdict, w.tone)
	}
	says(t, name+": headline", r.Headline, w.headline[0], w.headline[1])
	says(t, name+": advice", r.Advice, w.advice[0], w.advice[1])
	if w.line != "" {
		says(t, name+": "+w.line, line(t, r.Signatures[0], w.line).Value, w.value[0], w.value[1])
	}
}

func stampedOnly(t *testing.T, a *signtest.Authority, file []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := sign.Extend(t.Context(), bytes.NewReader(file), int64(len(file)), &out, sign.Extension{Timestamper: a.Stamper()}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestWhatTheLawWantsShown: authority, signer, managing unit, time, integrity, validity at
// the time of signing and the period of the certificate stand beside every signature.
func TestWhatTheLawWantsShown(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	s := told(t, a, a.Prolonged(t, a.Signed(t, signtest.Plain("x"), id, a.Stamper()), a.Stamper()), now, nil).Signatures[0]
	for name, value := range map[string][2]string{
		"issuer":           {"TEST ISSUING AUTHORITY, under TEST ROOT", "TEST ISSUING AUTHORITY, thuộc TEST ROOT"},
		"signer":           {"Nguyễn Văn Thử", "Nguyễn Văn Thử"},
		"unit":             {"UBND xã Thử", "UBND xã Thử"},
		"proven":           {"2026-11-29 10:00:00 +07: timestamp of TEST TIMESTAMPS", "10:00:00 ngày 29/11/2026, theo dấu thời gian của TEST TIMESTAMPS"},
		"claimed":          {"by the clock of the signer's computer", "đồng hồ máy người ký"},
		"integrity":        {"not changed", "còn nguyên vẹn"},
		"valid_at_signing": {"YES", "CÓ"},
		"period":           {"2025-11-29 to 2028-11-29", "29/11/2025 đến 29/11/2028"},
		"revocation":       {"that the file carries, as of 2026-11-29", "kèm trong tệp, tính đến"},
		"level":            {"B-LTA", "B-LTA"},
	} {
		says(t, name, line(t, s, name).Value, value[0], value[1])
	}
	if got, want := line(t, s, "serial").Value.Vietnamese, strings.ToUpper(id.Chain[0].SerialNumber.Text(16)); got != want {
		t.Errorf("serial %q, want %q", got, want)
	}
}

// TestRevoked: a certificate that was revoked before the signature spoils it, one that was
// revoked afterwards does not; both say when.
func TestRevoked(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), nil)
	file := a.Signed(t, signtest.Plain("x"), id, a.Stamper())
	a.Revoke(id.Chain[0], now.Add(2*time.Hour))
	a.Travel(t, now.Add(3*time.Hour))
	r := told(t, a, file, now.Add(3*time.Hour), a.Status())
	if r.Verdict != sign.Valid || r.Tone != report.Good {
		t.Errorf("revoked later: %s, %s", r.Verdict, r.Headline.English)
	}
	says(t, "revoked later", line(t, r.Signatures[0], "revocation").Value, "Revoked at 2026-11-29 12:00:00 +07, after", "Bị thu hồi lúc 12:00:00 ngày 29/11/2026, sau")
	r = told(t, a, a.Signed(t, signtest.Plain("x"), id, a.Stamper()), now.Add(3*time.Hour), a.Status())
	if r.Verdict != sign.Revoked || r.Tone != report.Bad {
		t.Errorf("revoked before: %s, %s", r.Verdict, r.Headline.English)
	}
	says(t, "revoked before", r.Headline, "had been revoked", "đã bị thu hồi")
	says(t, "revoked before", line(t, r.Signatures[0], "revocation").Value, "REVOKED at 2026-11-29 12:00:00", "ĐÃ BỊ THU HỒI lúc 12:00:00 ngày 29/11/2026")
	says(t, "revoked before", line(t, r.Signatures[0], "valid_at_signing").Value, "NO", "KHÔNG")
	says(t, "revoked before", r.Advice, "Do not accept", "Không chấp nhận")
}

// TestNobodyToAsk: nobody is sent back to an authority that the certificate does not name.
func TestNobodyToAsk(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	id := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.OCSPServer, c.CRLDistributionPoints = nil, nil })
	r := told(t, a, a.Signed(t, signtest.Plain("x"), id, a.Stamper()), now, a.Status())
	s := r.Signatures[0]
	says(t, "nobody to ask", line(t, s, "revocation").Value, "neither OCSP nor CRL", "không ghi địa chỉ OCSP hoặc CRL")
	for _, f := range s.Findings {
		if f.Code == "revocation-unknown" {
			says(t, "nobody to ask", f.Advice, "Asking again will not help", "Kiểm tra lại cũng không có thêm")
			return
		}
	}
	t.Errorf("found %+v", s.Findings)
}

// TestSeveral: two signers and two timestamps, one for each renewal, are told in the order
// in which they were made, each with the part of the file that it covers.
func TestSeveral(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	first := a.Identity(t, signtest.Key(t), nil)
	second := a.Identity(t, signtest.Key(t), func(c *x509.Certificate) { c.Subject.CommonName = "Văn thư xã Thử" })
	file := a.Prolonged(t, a.Signed(t, a.Signed(t, signtest.Plain("x"), first, a.Stamper()), second, a.Stamper()), a.Stamper())
	later := now.AddDate(7, 0, 0)
	a.Travel(t, later)
	renewed := a.Prolonged(t, file, a.StamperOf(a.TimestampAuthority(t, later.AddDate(6, 0, 0))))
	r := told(t, a, renewed, later.AddDate(5, 0, 0), nil)
	if r.Verdict != sign.Valid || r.Tone != report.Good || len(r.Signatures) != 4 {
		t.Fatalf("%s (%s), %d signatures: %s", r.Verdict, r.Tone, len(r.Signatures), r.Headline.English)
	}
	says(t, "headline", r.Headline, "All 2 signatures are valid (Nguyễn Văn Thử; Văn thư xã Thử)", "Cả 2 chữ ký số đều hợp lệ (Nguyễn Văn Thử; Văn thư xã Thử)")
	for i, s := range r.Signatures {
		if s.Number != i+1 || s.Timestamp != (i >= 2) {
			t.Errorf("signature %d has number %d", i+1, s.Number)
		}
	}
	says(t, "title", r.Signatures[3].Title, "Timestamp of the whole file 4 of 4", "Dấu thời gian của toàn tệp 4/4")
	says(t, "coverage", line(t, r.Signatures[0], "coverage").Value, "Only signatures or validation data were added", "chỉ là chữ ký hoặc dữ liệu xác thực")
	says(t, "coverage", line(t, r.Signatures[3], "coverage").Value, "The whole file", "Toàn bộ tệp")
	says(t, "until", line(t, r.Signatures[0], "until").Value, "2039-11-29", "29/11/2039")

	worse := told(t, a, signtest.Rewritten(renewed, "y"), later, nil)
	says(t, "changed", worse.Headline, "4 of 4 signatures and timestamps did not pass", "4 trong 4 chữ ký và dấu thời gian không đạt")
}

// TestUnfit: a file that is no whole PDF is told as that, and what to do.
func TestUnfit(t *testing.T) {
	t.Parallel()
	why := pipeline.Reason{Code: "cut-off", English: "the file ends in the middle; get the whole file", Vietnamese: "Tệp bị cụt. Hãy lấy lại tệp đầy đủ."}
	r := report.Of(report.File{Size: 7, Unfit: why}, sign.Report{Verdict: sign.Unreadable, Judged: now, Size: 7})
	if r.Verdict != sign.Unreadable || r.Tone != report.Bad {
		t.Errorf("%s, %s", r.Verdict, r.Tone)
	}
	says(t, "headline", r.Headline, "the file ends in the middle.", "Tệp bị cụt.")
	says(t, "advice", r.Advice, "Get the whole file.", "Hãy lấy lại tệp đầy đủ.")
}

// TestJSON: for programs, facts and sentences of both languages stand side by side, and
// each problem has its code.
func TestJSON(t *testing.T) {
	t.Parallel()
	a := signtest.New(t, now)
	file := a.Signed(t, signtest.Plain("x"), a.Identity(t, signtest.Key(t), nil), nil)
	raw, err := json.Marshal(told(t, a, file, now, nil))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Verdict    string
		Signatures []struct {
			Signer, Level string
			Counts        time.Time
			Headline      struct{ English, Vietnamese string }
			Problems      []struct {
				Code, English, Vietnamese, Tone string
				Advice                          struct{ English, Vietnamese string }
			}
		}
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	s := got.Signatures[0]
	if got.Verdict != "valid" || s.Signer != "Nguyễn Văn Thử" || s.Level != "B-B" || s.Headline.Vietnamese == "" || !s.Counts.Equal(now) {
		t.Errorf("%s", raw)
	}
	if len(s.Problems) != 2 || s.Problems[1].Code != "revocation-unknown" || s.Problems[1].English == "" || s.Problems[1].Advice.Vietnamese == "" || s.Problems[1].Tone != "wait" {
		t.Errorf("problems %+v", s.Problems)
	}
}

// TestEveryCodeIsKnown: whatever package sign can find has an advice here, or none on
// purpose; what is not known is taken for the worst.
func TestEveryCodeIsKnown(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../../pipeline/sign/problems.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`(?m)^\t\t"([a-z-]+)": \{$`).FindAllSubmatch(source, -1)
	if len(codes) < 20 {
		t.Fatalf("found %d codes", len(codes))
	}
	for _, c := range codes {
		if code := string(c[1]); !report.Knows(code) {
			t.Errorf("%s is not explained", code)
		}
	}
	if report.Knows("of-tomorrow") {
		t.Error("everything is known")
	}
}
