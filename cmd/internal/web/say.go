package web

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// Everything the screen says of states, kinds and times is said here, once.

// vietnam has no daylight saving time and needs no database of zones.
func vietnam() *time.Location { return time.FixedZone("+07", 7*60*60) }

// tone is how a state looks: colour and mark.
type tone string

const (
	working tone = "work"
	waiting tone = "wait"
	done    tone = "good"
	refused tone = "bad"
)

// standing is a state in words.
type standing struct {
	Label string `json:"label"` // two or three words
	Say   string `json:"say"`   // a sentence: what happens now, what to do
	Tone  tone   `json:"tone"`
	Done  int    `json:"done,omitzero"` // pages read, of Total
	Total int    `json:"total,omitzero"`
}

func sayStanding(p pipeline.Paper, at Progress) standing {
	switch p.State {
	case pipeline.Received:
		return sayReading(at)
	case pipeline.Recognized:
		return standing{Label: "Đang dựng PDF/A", Say: "Đã đọc xong các trang, đang dựng bản PDF/A.", Tone: working}
	case pipeline.Composed:
		return standing{Label: "Đang ký số", Say: "Đã dựng PDF/A, đang ký số và lấy dấu thời gian.", Tone: working}
	case pipeline.SignedOff:
		return standing{Label: "Đang lưu", Say: "Đã ký số, đang kiểm tra lần cuối và lưu hồ sơ.", Tone: working}
	case pipeline.Confirming:
		return standing{Label: "Chờ xác nhận", Say: orElse(p.Reason.Vietnamese, "Cần cán bộ xác nhận mã số hồ sơ."), Tone: waiting}
	case pipeline.Signing:
		return standing{Label: "Chờ ký", Say: "Đang chờ người có thẩm quyền ký số.", Tone: waiting}
	case pipeline.Filed:
		return standing{Label: "Đã lưu hồ sơ", Say: fmt.Sprintf("Đã ký số và lưu, %d trang.", p.Pages), Tone: done}
	case pipeline.Rejected:
		return standing{Label: "Từ chối", Say: orElse(p.Reason.Vietnamese, "Không tiếp nhận."), Tone: refused}
	case pipeline.Failed:
		return sayFailed(p)
	}
	return standing{Label: string(p.State), Tone: working}
}

func sayReading(at Progress) standing {
	if at.Total == 0 {
		return standing{Label: "Đã nhận", Say: "Đã nhận và lưu an toàn, đang chờ đọc.", Tone: working}
	}
	return standing{
		Label: fmt.Sprintf("Đang đọc trang %d/%d", min(at.Done+1, at.Total), at.Total),
		Say:   fmt.Sprintf("Đã đọc xong %d trên %d trang.", at.Done, at.Total),
		Tone:  working, Done: at.Done, Total: at.Total,
	}
}

func sayFailed(p pipeline.Paper) standing {
	say := orElse(p.Reason.Vietnamese, "Một bước gặp sự cố; giấy tờ vẫn an toàn.")
	if !p.RetryAt.IsZero() {
		say += " Hệ thống sẽ tự làm lại lúc " + p.RetryAt.In(vietnam()).Format("15:04:05") + "."
	}
	return standing{Label: "Sẽ tự làm lại", Say: say, Tone: waiting}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func sayKind(k pipeline.Kind) string {
	switch k {
	case pipeline.Component:
		return "Thành phần hồ sơ"
	case pipeline.Output:
		return "Giấy tờ phát sinh"
	case pipeline.Result:
		return "Kết quả giải quyết"
	}
	return string(k)
}

// sayKindShort names a kind where the question stands above it.
func sayKindShort(k pipeline.Kind) string {
	switch k {
	case pipeline.Component:
		return "Thành phần"
	case pipeline.Output:
		return "Phát sinh"
	case pipeline.Result:
		return "Kết quả"
	}
	return string(k)
}

// sayKindHint says where papers of a kind come from.
func sayKindHint(k pipeline.Kind) string {
	switch k {
	case pipeline.Component:
		return "người dân nộp"
	case pipeline.Output:
		return "khi giải quyết"
	case pipeline.Result:
		return "trả người dân"
	}
	return ""
}

// sayState names a state for lists and totals.
func sayState(s pipeline.State) string {
	switch s {
	case pipeline.Received:
		return "Đã nhận"
	case pipeline.Recognized:
		return "Đã đọc"
	case pipeline.Confirming:
		return "Chờ xác nhận"
	case pipeline.Composed:
		return "Đã dựng PDF/A"
	case pipeline.Signing:
		return "Chờ ký"
	case pipeline.SignedOff:
		return "Đã ký"
	case pipeline.Filed:
		return "Đã lưu hồ sơ"
	case pipeline.Rejected:
		return "Từ chối"
	case pipeline.Failed:
		return "Sẽ tự làm lại"
	}
	return string(s)
}

// sayEvent tells a row of the history.
func sayEvent(e pipeline.Event) string {
	say, known := map[string]string{
		"received":                  "Tiếp nhận, lưu bản gốc",
		"read":                      "Đọc xong các trang",
		"kept as signed on arrival": "Giữ nguyên tệp đã ký từ trước",
		"number set":                "Đặt mã số hồ sơ",
		"number confirmed":          "Xác nhận mã số hồ sơ dù danh mục cơ quan không khớp",
		"number doubted":            "Mã số được nhập có đơn vị không khớp danh mục, chờ xác nhận",
		"composed":                  "Dựng bản PDF/A",
		"signed":                    "Ký số, đóng dấu thời gian",
		"filed":                     "Kiểm tra và lưu hồ sơ",
		"rejected":                  "Từ chối",
		"failed":                    "Gặp sự cố, sẽ tự làm lại",
		"interrupted":               "Bị ngắt giữa chừng, tự làm lại",
		"retry asked":               "Yêu cầu làm lại",
		"fields corrected":          "Sửa thông tin",
		"fields confirmed":          "Xác nhận thông tin",
		"words corrected":           "Sửa chữ nhận dạng",
		"words revised":             "Đưa chữ đã sửa vào văn bản",
		"reading again asked":       "Yêu cầu đọc lại từ bản gốc",
		"filed anew":                "Kiểm tra và lưu lại hồ sơ",
		"kept as it was":            "Không lập được bản mới, giữ bản đã lưu",
	}[e.What]
	what, waits := strings.CutPrefix(e.What, "waiting for ")
	switch {
	case e.What == "read" && e.To == pipeline.Confirming:
		return say + ", chờ cán bộ xác nhận"
	case known:
		return say
	case waits:
		return "Chờ dịch vụ đang gián đoạn (" + what + "), sẽ tự làm lại"
	case e.To != "":
		return "Chuyển sang: " + sayState(e.To)
	}
	return e.What
}

func sayActor(name string) string {
	switch name {
	case "hoso", "":
		return "hệ thống"
	case "local":
		return "máy chủ (dòng lệnh)"
	}
	return name
}

func sayField(n pipeline.FieldName) string { return orElse(fieldNames()[n], string(n)) }

func fieldNames() map[pipeline.FieldName]string {
	return map[pipeline.FieldName]string{
		pipeline.FieldDossier:       "Mã số hồ sơ",
		pipeline.FieldNumber:        "Số, ký hiệu",
		pipeline.FieldDate:          "Ngày ban hành",
		pipeline.FieldTitle:         "Tên loại",
		pipeline.FieldSubject:       "Trích yếu",
		pipeline.FieldIssuer:        "Cơ quan ban hành",
		pipeline.FieldSigner:        "Người ký",
		pipeline.FieldClass:         "Loại giấy tờ",
		pipeline.FieldParent:        "Cơ quan chủ quản",
		pipeline.FieldIssuerCode:    "Mã cơ quan ban hành",
		pipeline.FieldIssuerName:    "Cơ quan ban hành theo danh mục",
		pipeline.FieldPlace:         "Địa danh",
		pipeline.FieldAddressee:     "Kính gửi",
		pipeline.FieldRecipients:    "Nơi nhận",
		pipeline.FieldAuthority:     "Quyền hạn ký",
		pipeline.FieldPost:          "Chức vụ người ký",
		pipeline.FieldPages:         "Số trang",
		pipeline.FieldOwnerID:       "Số định danh của chủ sở hữu",
		pipeline.FieldOwnerName:     "Tên chủ sở hữu",
		pipeline.FieldOwnerBirth:    "Ngày sinh của chủ sở hữu",
		pipeline.FieldOwnerAddress:  "Địa chỉ của chủ sở hữu",
		pipeline.FieldProcedure:     "Mã thủ tục hành chính",
		pipeline.FieldComponent:     "Thành phần hồ sơ",
		pipeline.FieldTax:           "Mã số thuế, doanh nghiệp",
		pipeline.FieldLandSerial:    "Số phát hành giấy chứng nhận",
		pipeline.FieldLandBook:      "Số vào sổ cấp giấy chứng nhận",
		pipeline.FieldLandPlot:      "Thửa đất số",
		pipeline.FieldLandMap:       "Tờ bản đồ số",
		pipeline.FieldCertification: "Số chứng thực",
		pipeline.FieldCertBook:      "Quyển số chứng thực",
		pipeline.FieldValidUntil:    "Có giá trị đến",
	}
}

func sayNeed(s pipeline.NeedState) string {
	switch s {
	case pipeline.NeedMet:
		return "Đã có"
	case pipeline.NeedComing:
		return "Đang xử lý"
	case pipeline.NeedMissing:
		return "Còn thiếu"
	case pipeline.NeedSpare:
		return "Nộp khi có"
	}
	return string(s)
}

func toneNeed(s pipeline.NeedState) tone {
	switch s {
	case pipeline.NeedMet:
		return done
	case pipeline.NeedComing:
		return waiting
	case pipeline.NeedMissing:
		return refused
	case pipeline.NeedSpare:
	}
	return working
}

// sayUncoded tells why a paper has no digitization code.
func sayUncoded(why string) string {
	switch why {
	case "type-unknown":
		return "chưa cấp: chưa rõ mã loại giấy tờ"
	case "owner-unknown":
		return "chưa cấp: chưa rõ chủ sở hữu"
	case "owner-unsure":
		return "chưa cấp: số định danh của chủ sở hữu cần được xác nhận"
	}
	return why
}

// nameOf gives the name of one of several papers.
func nameOf(papers []shown, id pipeline.PaperID) string {
	for _, p := range papers {
		if p.ID == id {
			return p.FileName
		}
	}
	return "giấy tờ"
}

func saySource(s pipeline.Source) string {
	switch s {
	case pipeline.ByPerson:
		return "cán bộ nhập"
	case pipeline.ByAPI:
		return "phần mềm gửi"
	case pipeline.ByQR:
		return "mã QR, mã vạch"
	case pipeline.ByText:
		return "văn bản trong tệp"
	case pipeline.ByFile:
		return "đếm từ tệp"
	case pipeline.ByOCR:
		return "nhận dạng"
	}
	return string(s)
}

// sayPage tells how the reading of a page ended and what its text is worth.
func sayPage(o pipeline.Outcome, v pipeline.Verdict) string {
	switch o {
	case pipeline.PageOK:
		return sayVerdict(v)
	case pipeline.PageNoText:
		return "Không có chữ"
	case pipeline.PageBlank:
		return "Trang trắng"
	case pipeline.PageTimedOut:
		return "Quá giờ, chưa có chữ"
	case pipeline.PageFailed:
		return "Không đọc được"
	}
	return string(o)
}

func sayVerdict(v pipeline.Verdict) string {
	switch v {
	case pipeline.VerdictGood:
		return "Đọc tốt"
	case pipeline.VerdictDoubtful:
		return "Cần xem lại"
	case pipeline.VerdictUnreadable:
		return "Chữ không rõ"
	case pipeline.VerdictBlank, pipeline.VerdictNotText: // an outcome says so
	}
	return "Đọc được"
}

func tonePage(o pipeline.Outcome, v pipeline.Verdict) tone {
	switch o {
	case pipeline.PageOK:
		if v == pipeline.VerdictDoubtful {
			return waiting
		}
		if v == pipeline.VerdictUnreadable {
			return refused
		}
		return done
	case pipeline.PageNoText, pipeline.PageBlank:
		return working
	default:
		return refused
	}
}

func sayFlag(f pipeline.Flag) string {
	switch f {
	case pipeline.LowResolution:
		return "dưới 200 dpi"
	case pipeline.Doubtful:
		return "chữ khó đọc"
	case pipeline.Skewed:
		return "quét lệch"
	case pipeline.Turned:
		return "bị xoay"
	case pipeline.HasSeal:
		return "có dấu đỏ"
	case pipeline.Rendered:
		return "vẽ lại"
	}
	return string(f)
}

func sayDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(vietnam()).Format("02/01/2006")
}

func sayTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(vietnam()).Format("15:04:05 02/01/2006")
}

func sayClock(t time.Time) string { return t.In(vietnam()).Format("15:04:05") }

func sayBytes(n int64) string {
	size, unit := float64(n), "B"
	for _, next := range []string{"KB", "MB", "GB", "TB"} {
		if size < 1000 {
			break
		}
		size, unit = size/1000, next
	}
	if unit == "B" || size >= 100 {
		return fmt.Sprintf("%.0f %s", size, unit)
	}
	return strings.Replace(strings.TrimSuffix(fmt.Sprintf("%.1f", size), ".0"), ".", ",", 1) + " " + unit
}

func sayDuration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.0f giây", math.Ceil(d.Seconds()))
	}
	return fmt.Sprintf("%.0f phút", math.Ceil(d.Minutes()))
}

// sayCount groups thousands as Vietnamese does: 1.234.567.
func sayCount(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// sayDigest shortens a digest to what two people can compare over a desk.
func sayDigest(d pipeline.Digest) string {
	s := d.String()
	if len(s) < 16 {
		return s
	}
	return s[:8] + "…" + s[len(s)-8:]
}

// saySure tells how sure a field is, and by whom it is known.
func saySure(f pipeline.Field, has bool) string {
	switch {
	case !has:
		return ""
	case f.Source == pipeline.ByPerson && f.Value == "":
		return "cán bộ xác nhận không có"
	case f.Source == pipeline.ByPerson:
		return "cán bộ đã xác nhận"
	}
	return fmt.Sprintf("%s, tin cậy %.0f %%", saySource(f.Source), f.Confidence)
}

// sayWhy tells what is doubtful about a field.
func sayWhy(w policy.Why) string {
	switch w {
	case policy.Missing:
		return "chưa tìm thấy"
	case policy.Unsure:
		return "chưa chắc"
	case policy.Misformed:
		return "không đúng mẫu"
	}
	return ""
}

// sayChanges tells what a person changed, a sentence for each, and that a paper was known
// again when it was read.
func sayChanges(e pipeline.Event) []string {
	var c pipeline.Changes
	switch e.What {
	case "read", "words revised":
		if e.Detail != "" {
			return []string{"Có giấy tờ trông giống giấy tờ này."}
		}
	case "fields corrected", "fields confirmed", "words corrected":
		if err := json.Unmarshal([]byte(e.Detail), &c); err != nil {
			return nil
		}
	case "number set", "number confirmed":
		change := pipeline.Change{Name: pipeline.FieldDossier}
		if err := json.Unmarshal([]byte(e.Detail), &change); err != nil || change.After == "" {
			return nil
		}
		c.Fields = []pipeline.Change{change}
	}
	var all []string
	for _, f := range c.Fields {
		all = append(all, fmt.Sprintf("%s: %s → %s", sayField(f.Name), quoted(f.Before), quoted(f.After)))
	}
	for _, w := range c.Words {
		all = append(all, fmt.Sprintf("Trang %d: %s → %s", w.Page, quoted(w.Before), quoted(w.After)))
	}
	if len(c.Confirmed) > 0 {
		names := make([]string, len(c.Confirmed))
		for i, n := range c.Confirmed {
			names[i] = sayField(n)
		}
		all = append(all, "Đúng như máy đọc: "+strings.Join(names, ", "))
	}
	return all
}

func quoted(s string) string {
	if s == "" {
		return "(không có)"
	}
	return "“" + s + "”"
}
