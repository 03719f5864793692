package web

import (
	"fmt"
	"math"
	"strings"
	"time"

	"hoso/pipeline"
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
		return standing{Label: "Chờ ký", Say: orElse(p.Reason.Vietnamese, "Đang chờ người có thẩm quyền ký số."), Tone: waiting}
	case pipeline.Filed:
		return standing{Label: "Đã lưu hồ sơ", Say: fmt.Sprintf("Đã ký số và lưu, %d trang.", p.Pages), Tone: done}
	case pipeline.Rejected:
		if p.Into != "" {
			return standing{Label: "Đã ghép", Say: "Các trang nay ở giấy tờ khác, được lưu và tra cứu ở đó.", Tone: done}
		}
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
		"signatures judged":         "Kiểm tra chữ ký có sẵn trong tệp",
		"signatures accepted":       "Chấp nhận tệp dù chữ ký có vấn đề",
		"kept as signed on arrival": "Giữ nguyên tệp đã ký từ trước",
		"number set":                "Đặt mã số hồ sơ",
		"number confirmed":          "Xác nhận mã số hồ sơ dù danh mục cơ quan không khớp",
		"number doubted":            "Mã số được nhập có đơn vị không khớp danh mục, chờ xác nhận",
		"composed":                  "Dựng bản PDF/A",
		"signed":                    "Ký số, đóng dấu thời gian",
		"signed at the desk":        "Cán bộ ký số bằng chứng thư số của mình",
		"officer asked":             "Chuyển cán bộ ký số",
		"composing again":           "Dựng lại tệp cần ký",
		"filed":                     "Kiểm tra và lưu hồ sơ",
		"rejected":                  "Từ chối",
		"failed":                    "Gặp sự cố, sẽ tự làm lại",
		"interrupted":               "Bị ngắt giữa chừng, tự làm lại",
		"retry asked":               "Yêu cầu làm lại",
		"fields corrected":          "Sửa thông tin",
		"fields confirmed":          "Xác nhận thông tin",
		"taken as one paper":        "Xác nhận tệp chỉ là một giấy tờ",
		"words corrected":           "Sửa chữ nhận dạng",
		"words revised":             "Đưa chữ đã sửa vào văn bản",
		"reading again asked":       "Yêu cầu đọc lại từ bản gốc",
		"parted":                    "Tách theo tờ phân cách",
		"split":                     "Tách thành nhiều giấy tờ",
		"pages arranged":            "Sắp xếp lại các trang",
		"collated":                  "Ghép mặt trước với mặt sau",
		"merged":                    "Ghép giấy tờ",
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

// sayFlags says what a person should know of a page.
func sayFlags(p pipeline.Page) string {
	said := make([]string, 0, len(p.Flags))
	for _, f := range p.Flags {
		if f == pipeline.Repeated && p.Repeats > 0 {
			said = append(said, sayRepeat(p))
			continue
		}
		said = append(said, sayFlag(f))
	}
	return strings.Join(said, ", ")
}

// sayRepeat names the page that a page repeats.
func sayRepeat(p pipeline.Page) string { return fmt.Sprintf("lặp lại trang %d", p.Repeats) }

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
	case pipeline.Cropped:
		return "mất chữ ở mép"
	case pipeline.Streaked:
		return "có vệt kẻ dọc trang"
	case pipeline.Repeated:
		return "lặp lại trang trước"
	}
	return string(f)
}

// sayMonth turns 2034-03 around.
func sayMonth(m string) string {
	year, month, ok := strings.Cut(m, "-")
	if !ok {
		return m
	}
	return month + "/" + year
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
