package morning

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"hoso/pipeline"
)

// vietnam has no daylight saving time and needs no database of zones.
func vietnam() *time.Location { return time.FixedZone("+07", 7*60*60) }

const (
	sayGone    = "Tệp từng được tìm thấy nhưng đã bị đổi tên, chuyển đi hoặc xóa trước khi nhận. Nếu không chủ ý, hãy tìm lại và đặt về chỗ cũ."
	sayConfirm = "Cần cán bộ xác nhận mã số hồ sơ."
	saySign    = "Chờ người có thẩm quyền ký số. Hãy mở trang Ký số."
)

// conclude says what the report comes to.
func (r *Report) conclude() {
	r.Verdict = r.judge()
	s := r.Sum
	r.Line = fmt.Sprintf("%s tệp tìm thấy = %s đã lưu hồ sơ + %s chờ cán bộ + %s từ chối + %s còn phải làm + %s bỏ qua",
		sayCount(s.Found), sayCount(s.Filed), sayCount(s.Waiting), sayCount(s.Refused), sayCount(s.ToDo), sayCount(s.Ignored))
	r.Headline = r.headline()
}

func (r *Report) judge() Verdict {
	switch {
	case len(r.missing) > 0:
		return Lost
	case !r.Even:
		return Uneven
	case r.Proof.Unasked > 0:
		return Unsure
	case r.Sum.Waiting+r.Sum.ToDo > 0:
		return Open
	}
	return Settled
}

func (r *Report) headline() string {
	s := r.Sum
	switch r.Verdict {
	case Lost:
		return fmt.Sprintf("%s chỗ trong kho thiếu hoặc không đúng như sổ ghi. Chưa được xóa hay chuyển bất kỳ tệp nguồn nào của lô này.", sayCount(int64(len(r.missing))))
	case Uneven:
		return fmt.Sprintf("Tìm thấy %s tệp nhưng sổ chỉ giải thích được %s. Chưa được xóa hay chuyển tệp nguồn; hãy báo người quản trị.",
			sayCount(max(s.Found, r.Proof.Counted)), sayCount(s.Filed+s.Waiting+s.Refused+s.ToDo+s.Ignored-r.Balance.Missing))
	case Unsure:
		return fmt.Sprintf("Sổ khớp, nhưng kho chưa trả lời cho %s giấy tờ nên chưa thể nói là đủ. Hãy lập lại báo cáo khi kho hoạt động bình thường.", sayCount(r.Proof.Unasked))
	case Settled:
		if s.Found == 0 {
			return "Chưa tìm thấy tệp nào trong lô này."
		}
		return fmt.Sprintf("Đã xong: cả %s tệp tìm thấy đều có chỗ, %s tệp đã lưu hồ sơ%s.", sayCount(s.Found), sayCount(s.Filed), andRefused(s.Refused))
	case Open:
	}
	return fmt.Sprintf("Không tệp nào bị bỏ quên: %s trên %s tệp đã lưu hồ sơ; %s%s.", sayCount(s.Filed), sayCount(s.Found), r.left(), andIgnored(s.Ignored))
}

func andRefused(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %s tệp bị từ chối có lý do", sayCount(n))
}

func andIgnored(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; còn lại %s tệp không phải giấy tờ", sayCount(n))
}

// Apart says of what papers the files are that wait or were refused, since people work on
// papers; "" if there are none.
func (r *Report) Apart() string {
	b := r.Balance
	var all []string
	if b.Waiting > 0 {
		all = append(all, fmt.Sprintf("%s tệp của %s giấy tờ chờ cán bộ trả lời hoặc ký", sayCount(b.Waiting), sayCount(b.Papers.Waiting)))
	}
	if b.Held > 0 {
		all = append(all, sayCount(b.Held)+" tệp cần sửa tại thư mục nguồn")
	}
	if b.Rejected > 0 {
		all = append(all, fmt.Sprintf("%s tệp của %s giấy tờ bị từ chối", sayCount(b.Rejected), sayCount(b.Papers.Rejected)))
	}
	if b.Refused > 0 {
		all = append(all, sayCount(b.Refused)+" tệp không nhận được")
	}
	if len(all) == 0 {
		return ""
	}
	return "Gồm " + strings.Join(all, ", ") + "."
}

// left says what there is still to do.
func (r *Report) left() string {
	var all []string
	if n := r.Sum.Waiting; n > 0 {
		all = append(all, sayCount(n)+" tệp chờ cán bộ")
	}
	if n := r.Sum.ToDo; n > 0 {
		all = append(all, sayCount(n)+" tệp máy còn phải làm")
	}
	if n := r.Sum.Refused; n > 0 {
		all = append(all, sayCount(n)+" tệp bị từ chối")
	}
	if last := len(all) - 1; last > 0 {
		return strings.Join(all[:last], ", ") + " và " + all[last]
	}
	return strings.Join(all, "")
}

// Task is something to do this morning.
type Task struct {
	Say, Link string
	Tone      string
}

// Tasks lists what to do, the most urgent first.
func (r *Report) Tasks() []Task {
	var all []Task
	add := func(n int64, tone, link, format string, more ...any) {
		if n > 0 {
			all = append(all, Task{fmt.Sprintf(format, append([]any{sayCount(n)}, more...)...), link, tone})
		}
	}
	add(int64(len(r.missing)), "bad", "#missing", "%s chỗ thiếu hoặc sai trong kho: xử lý trước mọi việc khác")
	for i, q := range r.Scanners {
		if q.Fall != nil {
			all = append(all, Task{fmt.Sprintf("Lau kính, kiểm tra máy quét %s: chất lượng giảm từ %s", q.device(), sayWhen(q.Fall.Since)), fmt.Sprintf("#scanner-%d", i), "bad"})
		}
	}
	if n := r.unlisted(); n > 1 {
		add(n, "wait", "#asked", "%s giấy tờ có mã đơn vị ngoài danh mục cơ quan: trả lời một lần cho mỗi mã")
		add(r.stuck(Asked)-n, "wait", "#asked", "%s việc khác cần cán bộ xác nhận")
	} else {
		add(r.stuck(Asked), "wait", "#asked", "%s việc cần cán bộ xác nhận")
	}
	add(r.stuck(ToSign), "wait", "#to-sign", "%s giấy tờ chờ ký số")
	add(r.stuck(Held), "wait", "#held", "%s tệp cần sửa ngay tại thư mục nguồn")
	add(r.stuck(Refused)+r.stuck(Rejected), "wait", "#refused", "%s tệp, giấy tờ bị từ chối: xem lý do")
	add(int64(r.Empty.Count()), "wait", "#empty", "%s thư mục hồ sơ chưa có bản quét: quét bổ sung, hoặc bỏ thư mục thừa")
	add(r.urgent(), "wait", "#see", "%s trang nên xem lại hoặc quét lại")
	add(r.stuck(Failed), "work", "#failed", "%s giấy tờ gặp sự cố, hệ thống tự làm lại")
	add(r.stuck(AwaitFile), "work", "#waiting", "%s tệp chưa sẵn sàng, hệ thống tự thử lại")
	if s := r.Sample; s.Drawn > s.Looked {
		add(int64(s.Drawn-s.Looked), "wait", "#sample", "%s giấy tờ trong mẫu kiểm tra chưa ai xem")
	} else if s.Drawn > 0 && len(s.SignOffs) == 0 {
		all = append(all, Task{"Mẫu kiểm tra đã xem xong, chờ người chịu trách nhiệm ký xác nhận", "#sample", "wait"})
	}
	return all
}

// unlisted is how many papers ask for a unit that the list of agencies does not have.
func (r *Report) unlisted() int64 {
	for _, g := range r.Stuck[Asked] {
		if g.Code == pipeline.ReasonUnitUnknown {
			return g.Count
		}
	}
	return 0
}

// device names a scanner whose quality fell; of one that no file names, by where its papers lie.
func (q Quality) device() string {
	if q.Name != "" || q.Fall == nil {
		return sayDevice(q.Name)
	}
	const deep = 2
	folders := strings.Split(path.Dir(q.Fall.Path), "/")
	return "dùng cho thư mục " + pipeline.ShownPath(path.Join(folders[:min(deep, len(folders))]...)) + " (tệp không ghi tên máy)"
}

// stuck is how many cases there are under a name.
func (r *Report) stuck(name string) int64 {
	n := int64(0)
	for _, g := range r.Stuck[name] {
		n += g.Count
	}
	return n
}

// urgent counts the pages that may have to be scanned again.
func (r *Report) urgent() int64 {
	n := int64(0)
	for _, k := range r.See {
		if slices.Contains([]string{string(pipeline.PageFailed), string(pipeline.PageTimedOut), string(pipeline.VerdictUnreadable), streaked, cropped, otherNumber, string(pipeline.Repeated), string(pipeline.VerdictDoubtful)}, k.What) {
			n += k.Pages
		}
	}
	return n
}

// doFor says what to do about a finding.
func doFor(what FindingKind) string {
	switch what {
	case NoOriginal:
		return "Bản gốc không còn trong kho. Giữ nguyên tệp nguồn, khôi phục kho từ bản sao lưu; nếu không có bản sao lưu, nộp lại tệp nguồn."
	case NoRecord:
		return "Bản ký không còn trong kho. Khôi phục kho từ bản sao lưu, rồi chạy hoso verify --all để kiểm tra lại."
	case NoManifest:
		return "Bản kê của hồ sơ không còn trong kho. Khôi phục kho từ bản sao lưu, rồi chạy hoso verify --all để kiểm tra lại."
	case NoPaper:
		return "Sổ ghi tệp đã được nhận nhưng không còn giấy tờ nào như vậy. Giữ nguyên tệp nguồn; chạy hoso rebuild để dựng lại danh mục từ kho."
	case WrongSize:
		return "Đối tượng trong kho dài ngắn khác với sổ ghi: có thể bị hỏng. Khôi phục từ bản sao lưu, rồi chạy hoso verify --all."
	case WrongDigest, WrongMember:
		return "Tệp nguồn không phải là tệp mà giấy tờ được lập từ đó. Đừng xóa tệp nguồn; mở giấy tờ và so với tệp."
	}
	return ""
}

func sayFinding(what FindingKind) string {
	return map[FindingKind]string{
		NoOriginal: "Mất bản gốc", NoRecord: "Mất bản ký", NoManifest: "Mất bản kê", NoPaper: "Không có giấy tờ",
		WrongSize: "Sai kích thước", WrongDigest: "Tệp không khớp bản gốc", WrongMember: "Tệp không có trong bản gốc",
	}[what]
}

// judged says how what is told was found out, for who wants to know.
func judged() map[string]string {
	return map[string]string{
		"balance":  "Tổng số do danh mục đếm; ngoài ra từng giấy tờ được hỏi lại trong kho: bản gốc, bản ký (đúng kích thước) và bản kê; từng tệp đã nhận được so SHA-256 với bản gốc, tệp trong bộ nhiều tệp được so vị trí và kích thước.",
		"conf":     "Độ tin cậy là trung bình theo từ mà bộ nhận dạng tự chấm, từ 0 đến 100.",
		"doubtful": "Trang khó đọc là trang có chữ nhưng có thể sai một phần hoặc phần lớn.",
		"fall": fmt.Sprintf("Giấy tờ của mỗi máy được xếp theo lúc nhận và chia đôi ở chỗ khác nhau nhất; chỉ cảnh báo khi phần sau thấp hơn ít nhất %.0f điểm, mỗi phần có ít nhất %d giấy tờ, và chênh lệch từ %s lần sai số chuẩn (kiểm định Welch). Giấy tờ cũ, mờ quét sau cũng có thể gây ra: hãy xem trang trước khi kết luận.",
			leastFall, leastParts, sayFraction(leastT)),
		"per_hour": "Trang mỗi giờ tính trên thời gian các lượt chạy và thời gian còn lưu hồ sơ, không tính lúc nghỉ giữa hai lượt.",
		"gaps":     fmt.Sprintf("Khoảng trống là từ %d phút trở lên trong một lượt chạy mà không lưu được hồ sơ nào.", int(leastGap.Minutes())),
	}
}

func sayDevice(name string) string {
	if name == "" {
		return "không rõ"
	}
	return name
}

func sayWhen(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(vietnam()).Format("15:04 02/01")
}

// RunEnd says in two or three words how a run ended, and what becomes of what was left; ""
// for what is no end.
func RunEnd(how pipeline.RunEnd) (say, next string) {
	switch how {
	case pipeline.RunDone:
		return "Đã xong", ""
	case pipeline.RunUntil:
		return "Dừng đúng giờ", "lượt sau làm tiếp phần còn lại"
	case pipeline.RunStopped:
		return "Có người dừng", "chạy lại là làm tiếp"
	case pipeline.RunLost:
		return "Bị ngắt giữa chừng", "lượt sau làm tiếp"
	}
	return "", ""
}

func sayRunEnd(r RunShown) string {
	say, _ := RunEnd(r.How)
	return cmp.Or(say, "Đang chạy")
}

func sayLike(k pipeline.LikenessKind) string {
	switch k {
	case pipeline.LikePart:
		return "một bản chứa nội dung của bản kia"
	case pipeline.LikeCopy:
		return "cùng giấy tờ, ở hồ sơ khác"
	case pipeline.LikeRescan:
	}
	return "có vẻ được quét hai lần"
}

// sayCount groups thousands as Vietnamese does.
func sayCount(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// sayFraction has one digit behind the comma.
func sayFraction(f float64) string { return strings.Replace(fmt.Sprintf("%.1f", f), ".", ",", 1) }

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
	return sayFraction(size) + " " + unit
}
