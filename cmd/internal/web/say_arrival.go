package web

import (
	"encoding/json"
	"fmt"

	"hoso/pipeline"
)

// sayArrival says in a few words what the signatures of a received file were worth.
func sayArrival(a pipeline.Arrival) string {
	switch a.Verdict {
	case "valid":
		return "hợp lệ"
	case "demo":
		return "toàn vẹn, khóa dùng thử"
	case "untrusted":
		return "toàn vẹn, chưa rõ người ký tin cậy"
	case "revoked":
		return "chứng thư số đã bị thu hồi"
	case "changed":
		return "tệp bị sửa đổi sau khi ký"
	case "invalid":
		return "không hợp lệ"
	case "unsigned":
		return "không tìm thấy chữ ký"
	}
	if a.Cut {
		return "không kiểm tra xong"
	}
	return "không đọc được"
}

func toneArrival(a pipeline.Arrival) tone {
	switch a.Verdict {
	case "valid":
		return done
	case "demo", "untrusted":
		return waiting
	}
	return refused
}

// sayArrivalMore says what else was found: how many, of which level, and what nobody
// could tell.
func sayArrivalMore(a pipeline.Arrival) string {
	say := fmt.Sprintf("%d chữ ký", a.Signatures)
	if a.Level != "" {
		say += ", mức PAdES " + a.Level
	}
	if a.Unknown {
		say += ", chưa rõ chứng thư số có bị thu hồi hay không"
	}
	return say
}

// sayJudged tells the same of an event.
func sayJudged(e pipeline.Event) []string {
	var a pipeline.Arrival
	if err := json.Unmarshal([]byte(e.Detail), &a); err != nil || a.IsZero() {
		return nil
	}
	return []string{sayArrival(a) + "; " + sayArrivalMore(a)}
}
