package web

import (
	"fmt"
	"math"
	"strings"
	"time"

	"hoso/cmd/internal/morning"
	"hoso/pipeline"
)

// sayRun tells how a going through a batch stands.
func sayRun(r pipeline.Run, now time.Time) standing {
	switch {
	case r.N == 0:
		return standing{Label: "Chưa chạy", Say: "Lô đã mở, chưa có lượt chạy nào.", Tone: working}
	case living(r, now):
		say := "Đang chạy từ " + sayMoment(r.Began, now)
		if !r.Until.IsZero() {
			say += ", tự dừng lúc " + sayMoment(r.Until, now)
		}
		return standing{Label: "Đang chạy", Say: say + ".", Tone: working}
	case r.Ended.IsZero():
		return standing{Label: "Mất liên lạc", Say: "Không có tín hiệu từ " + sayMoment(r.Beat, now) + ". Nếu máy quét lô đã tắt, hãy chạy lại lệnh hoso batch; việc đã xong không làm lại.", Tone: waiting}
	}
	label, next := morning.RunEnd(r.How)
	switch {
	case label == "":
		return standing{Label: string(r.How), Say: "Kết thúc lúc " + sayMoment(r.Ended, now) + ".", Tone: working}
	case next == "":
		return standing{Label: label, Say: label + " lúc " + sayMoment(r.Ended, now) + ".", Tone: done}
	case r.How == pipeline.RunLost:
		return standing{Label: label, Say: "Tín hiệu cuối lúc " + sayMoment(r.Beat, now) + "; " + next + ".", Tone: waiting}
	}
	return standing{Label: label, Say: label + " lúc " + sayMoment(r.Ended, now) + "; " + next + ".", Tone: waiting}
}

// sayMoment is the clock, with the day unless it is the same one.
func sayMoment(t, now time.Time) string {
	t, now = t.In(vietnam()), now.In(vietnam())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("15:04 02/01")
}

// sayLeft is how long something will take, as one says it.
func sayLeft(d time.Duration) string {
	if d < time.Minute {
		return "chưa đến 1 phút"
	}
	hours, minutes := int(d.Hours()), int(math.Round(d.Minutes()))%60
	switch {
	case hours >= 48:
		return fmt.Sprintf("khoảng %d ngày", int(math.Round(d.Hours()/24)))
	case hours == 0:
		return fmt.Sprintf("khoảng %d phút", minutes)
	case minutes == 0:
		return fmt.Sprintf("khoảng %d giờ", hours)
	}
	return fmt.Sprintf("khoảng %d giờ %d phút", hours, minutes)
}

// sayRate writes a number of things a minute.
func sayRate(f float64) string {
	if f >= 10 {
		return sayCount(int64(math.Round(f)))
	}
	return strings.Replace(strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0"), ".", ",", 1)
}

// trouble is a kind of thing that a person must see to.
type trouble struct {
	rank int
	name string // two to five words
	do   string // what to do
	tone tone
}

// The kinds of troubles that are no code of a reason.
const (
	troubleStack   = "stack"
	troubleParted  = "parted"
	troubleSigning = "signing"
	troubleFailed  = "failed"
	troubleReject  = "rejected"
	troubleDecided = "decided"
	troubleHeld    = "held"
	troubleRefused = "refused"
	troubleAwaited = "awaited"
	troubleOther   = "other"
)

// troubles says of each kind what it is and what to do, in the order in which they are
// worked off.
func troubles(key string) trouble {
	known, ok := map[string]trouble{
		pipeline.ReasonSheetUnreadable: {0, "Tờ phân cách không đọc được", "Xem các trang, tách giấy tờ tại tờ phân cách và bỏ tờ đó ra; nếu không cần tách, bấm Đúng là một giấy tờ.", waiting},

		"number-not-found":         {1, "Chưa có mã số hồ sơ", "Nhìn bản quét và nhập mã số hồ sơ.", waiting},
		"number-unsure":            {2, "Mã số đọc chưa chắc", "So mã số với bản quét rồi xác nhận.", waiting},
		pipeline.ReasonUnitUnknown: {3, "Mã đơn vị lạ", "Kiểm tra mã số; nếu đúng như trên giấy thì đánh dấu vẫn dùng.", waiting},
		pipeline.ReasonUnitNotThen: {4, "Đơn vị không đúng thời kỳ", "Kiểm tra mã số và ngày; nếu đúng như trên giấy thì đánh dấu vẫn dùng.", waiting},
		pipeline.ReasonSecret:      {5, "Có dấu chỉ độ mật", "Xem dấu trên bản quét. Nếu là tài liệu mật, hãy từ chối và xử lý theo quy định.", waiting},
		"fields-unsure":            {6, "Thông tin cần xác nhận", "So các ô được tô với bản quét, sửa chỗ sai rồi xác nhận.", waiting},
		pipeline.ReasonSignatures:  {7, "Chữ ký có sẵn có vấn đề", "Mở tệp, xem kết quả kiểm tra chữ ký rồi quyết định nhận hay từ chối.", waiting},
		troubleOther:               {8, "Chờ xác nhận", "Xem câu hỏi bên dưới và trả lời.", waiting},
		troubleStack:               {9, "Nhiều giấy tờ trong một tệp", "Xem các trang, tách ở đầu mỗi giấy tờ; nếu chỉ là một giấy tờ, bấm Đúng là một giấy tờ.", waiting},
		troubleParted:              {10, "Phần tách ra cần xem", "Xem các trang và thông tin của phần đã tách từ xấp giấy.", waiting},
		troubleFailed:              {11, "Gặp sự cố, sẽ tự làm lại", "Thường không cần làm gì. Nếu lặp lại nhiều lần, bấm Làm lại ngay hoặc báo quản trị.", waiting},
		troubleSigning:             {12, "Chờ cán bộ ký số", "Mở mục Ký số để ký.", waiting},
		troubleHeld:                {13, "Tệp bị giữ lại ở thư mục", "Sửa theo lý do ghi ở tệp, ngay trong thư mục nguồn; lượt chạy sau sẽ nhận.", refused},
		troubleRefused:             {14, "Tệp không nhận được", "Quét lại hoặc thay tệp khác trong thư mục nguồn.", refused},
		troubleAwaited:             {15, "Tệp đang được chờ", "Tệp đang được ghi, bị khóa hoặc tạm vắng; hệ thống tự thử lại.", working},
		troubleReject:              {16, "Hệ thống từ chối", "Quét lại giấy tờ này rồi đặt tệp mới vào thư mục nguồn.", refused},
		troubleDecided:             {17, "Cán bộ đã từ chối", "Đã có quyết định; quét lại nếu cần.", refused},
	}[key]
	if !ok {
		return troubles(troubleOther)
	}
	return known
}
