package morning

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"time"

	"hoso/pipeline"
)

//go:embed page.html
var pageText string

//go:embed style.css
var styleText string

// Policy is the content security policy under which the HTML is to be shown: it needs its
// own style and its own pictures, and nothing else.
func Policy() string {
	sum := sha256.Sum256([]byte(styleText))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:; base-uri 'none'; form-action 'none'"
}

// The HTML shows so many rows of lists that have no pictures.
const (
	mostRows    = 40
	mostMissing = 100
	mostEmpty   = 120
)

// WriteHTML writes the report as one page that needs nothing beside it. Lists are cut, and
// it is said by how much.
func (r *Report) WriteHTML(w io.Writer) error {
	page, err := template.New("page").Funcs(r.words()).Parse(pageText)
	if err != nil {
		return fmt.Errorf("parsing the report's page: %w", err)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, r); err != nil {
		return fmt.Errorf("drawing the report: %w", err)
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (r *Report) words() template.FuncMap {
	return template.FuncMap{
		"style":  func() template.CSS { return template.CSS(styleText) }, //nolint:gosec // our own
		"policy": Policy, "count": sayAny, "fraction": sayFraction, "bytes": sayBytes, "when": sayWhen, "device": sayDevice,
		"time":    func(t time.Time) string { return t.In(vietnam()).Format("15:04 ngày 02/01/2006") },
		"clock":   func(t time.Time) string { return t.In(vietnam()).Format("15:04") },
		"whole":   func(f float64) string { return sayCount(int64(math.Round(f))) },
		"percent": func(f float64) string { return sayFraction(f) + " %" },
		"folder": func(name string) string {
			if name == "" {
				return "(ngay trong thư mục gốc)"
			}
			return pipeline.ShownPath(name)
		},
		"path": pipeline.ShownPath, "who": sayWho,
		"look": func(what string) string { return lookOf(what).title }, "lookDo": func(what string) string { return lookOf(what).do },
		"finding": sayFinding, "findingDo": doFor, "runEnd": sayRunEnd, "like": sayLike,
		"paper": func(id pipeline.PaperID) string { return strings.TrimSuffix(r.base, "/") + "/papers/" + string(id) },
		"sum":   func(a, b int64) int64 { return a + b },
		"slug":  func(s string) string { return "see-" + strings.ReplaceAll(s, "_", "-") },
	}
}

// sayWho names an account; commands on the machine of the service have none.
func sayWho(account string) string {
	if account == "local" {
		return "máy chủ (dòng lệnh)"
	}
	return account
}

// sayAny is sayCount for all whole numbers of the page.
func sayAny(n any) (string, error) {
	switch n := n.(type) {
	case int:
		return sayCount(int64(n)), nil
	case int64:
		return sayCount(n), nil
	}
	return "", fmt.Errorf("counting %T", n)
}

// Label is what of the verdict stands in the badge.
func (r *Report) Label() string {
	switch r.Verdict {
	case Lost:
		return "THIẾU"
	case Uneven:
		return "KHÔNG KHỚP"
	case Unsure:
		return "CHƯA RÕ"
	case Settled, Open:
	}
	return "KHỚP"
}

// Tone is the colour of the verdict.
func (r *Report) Tone() string {
	switch r.Verdict {
	case Lost, Uneven:
		return "bad"
	case Unsure:
		return "wait"
	case Settled, Open:
	}
	return "good"
}

// MissingGroup is what is missing in one way.
type MissingGroup struct {
	What  FindingKind
	Count int
	First []Finding
}

// Missing groups the findings, the worst first.
func (r *Report) Missing() []MissingGroup {
	var out []MissingGroup
	for _, what := range []FindingKind{NoOriginal, NoRecord, NoManifest, NoPaper, WrongSize, WrongDigest, WrongMember} {
		g := MissingGroup{What: what}
		for _, f := range r.missing {
			if f.What != what {
				continue
			}
			g.Count++
			if len(g.First) < mostMissing {
				g.First = append(g.First, f)
			}
		}
		if g.Count > 0 {
			out = append(out, g)
		}
	}
	return out
}

// Left is how many findings are not shown.
func (g MissingGroup) Left() int { return g.Count - len(g.First) }

// Do says what more there is to do about a group than its sentence tells, "" for nothing.
func (g Group) Do() string {
	if g.Code != pipeline.ReasonUnitUnknown || g.Count < 2 {
		return ""
	}
	return "Danh mục cơ quan chưa có các mã dưới đây. Mã đúng: mở lô, mục Cần người xem, Mã đơn vị lạ, rồi nhận một lần cho mọi giấy tờ của mã đó. " +
		"Nhập danh mục cơ quan (hoso catalogue import agencies) thì các lô sau không hỏi nữa; giấy tờ đang chờ không tự đi tiếp. Mã chỉ có ở một, hai giấy tờ có thể do đọc sai."
}

// First are the cases that the page shows.
func (g Group) First() []Case { return g.first }

// Columns reports whether there is so much that it is set in columns.
func (g Group) Columns() bool {
	return len(g.first) > 7 && g.first[0].RetryAt.IsZero() && g.first[0].Say == ""
}

// Left is how many cases it does not show.
func (g Group) Left() int64 { return g.Count - int64(len(g.first)) }

// Section is what is stuck in one way.
type Section struct {
	ID, Title, Lead, Tone string
	Count                 int64
	Groups                []Group
}

// Sections are those of what is stuck that have something in them.
func (r *Report) Sections() []Section {
	var out []Section
	for _, s := range []Section{
		{ID: Asked, Title: "Chờ cán bộ xác nhận", Tone: "wait", Lead: "Mở giấy tờ, trả lời câu hỏi; hệ thống làm tiếp ngay sau đó. Một giấy tờ có thể có nhiều câu hỏi."},
		{ID: ToSign, Title: "Chờ ký số", Tone: "wait"},
		{ID: Held, Title: "Cần sửa tại thư mục nguồn", Tone: "wait", Lead: "Các tệp này còn nguyên tại chỗ và chưa được nhận. Sửa xong, lượt chạy sau sẽ tự nhận."},
		{ID: Refused, Title: "Tệp không được nhận", Tone: "bad", Lead: "Tệp còn nguyên tại chỗ."},
		{ID: Rejected, Title: "Giấy tờ bị từ chối", Tone: "bad", Lead: "Bản gốc vẫn được giữ trong kho."},
		{ID: Failed, Title: "Gặp sự cố, hệ thống tự làm lại", Tone: "work", Lead: "Giấy tờ vẫn an toàn. Không cần làm gì, trừ khi cùng một lý do lặp lại nhiều đêm."},
		{ID: AwaitFile, Title: "Chờ tệp sẵn sàng", Tone: "work", Lead: "Đang được ghi, bị khóa hoặc ổ chia sẻ tạm mất. Hệ thống tự thử lại."},
		{ID: Remarks, Title: "Đối chiếu bảng kê và lưu ý", Tone: "wait", Lead: "Không cản việc lưu hồ sơ, nhưng người lập lô nên biết: dòng bảng kê không có giấy tờ, giấy tờ không có trong bảng kê."},
		{ID: Gone, Title: "Không còn thấy", Tone: "wait"},
	} {
		if s.Groups = r.Stuck[s.ID]; len(s.Groups) > 0 {
			s.Count = r.stuck(s.ID)
			out = append(out, s)
		}
	}
	return out
}

// Shot is a spot with its picture.
type Shot struct {
	Spot

	Image template.URL
}

// Shots are the spots of a kind that there are pictures of.
func (r *Report) Shots(k Kind) []Shot {
	var out []Shot
	for i, s := range k.first {
		if url := r.thumbs[shot{s.Paper, s.Page}]; url != "" && i < shotsOfKind {
			out = append(out, Shot{s, url})
		}
	}
	return out
}

// Rest are the spots of a kind that are named only.
func (r *Report) Rest(k Kind) []Spot {
	var out []Spot
	shown := len(r.Shots(k))
	for i, s := range k.first {
		if i < shotsOfKind && r.thumbs[shot{s.Paper, s.Page}] != "" {
			continue
		}
		if len(out)+shown < mostSpots/2 {
			out = append(out, s)
		}
	}
	return out
}

// Left is how many pages of a kind are not shown.
func (r *Report) Left(k Kind) int64 { return k.Pages - int64(len(r.Shots(k))+len(r.Rest(k))) }

// Twice are the first files that came twice, Alike the first pairs.
func (r *Report) Twice() []Twice { return r.twice[:min(len(r.twice), mostRows)] }

// TwiceLeft is how many more there are.
func (r *Report) TwiceLeft() int { return len(r.twice) - len(r.Twice()) }

// Alike are the pairs that look most alike.
func (r *Report) Alike() []Pair { return r.alike[:min(len(r.alike), mostRows)] }

// AlikeLeft is how many more there are.
func (r *Report) AlikeLeft() int { return len(r.alike) - len(r.Alike()) }

// FoldersShown are the folders with the most pages.
func (r *Report) FoldersShown() []Quality { return r.Folders[:min(len(r.Folders), mostRows)] }

// FoldersLeft is how many more there are.
func (r *Report) FoldersLeft() int { return len(r.Folders) - len(r.FoldersShown()) }

// EmptyShown are the first folders in which nothing was scanned.
func (r *Report) EmptyShown() []string { return r.Empty.Paths[:min(len(r.Empty.Paths), mostEmpty)] }

// EmptyLeft is how many more there are.
func (r *Report) EmptyLeft() int { return r.Empty.Count() - len(r.EmptyShown()) }

// RunsShown are the last runs.
func (r *Report) RunsShown() []RunShown { return r.Runs[max(0, len(r.Runs)-mostRows):] }

// WrongShown are the first papers of the sample that were found wrong.
func (s SampleState) WrongShown() []pipeline.Check { return s.Wrong[:min(len(s.Wrong), mostRows)] }

// PathOf gives where a paper came from, "" if it is not known.
func (r *Report) PathOf(id pipeline.PaperID) string {
	if at := r.places[id]; at != nil {
		return at.path
	}
	return ""
}
