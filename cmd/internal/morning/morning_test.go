package morning_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hoso/cmd/internal/morning"
	"hoso/pipeline"
)

// whole is the JSON of a report, lists and all.
type whole struct {
	morning.Report

	Missing []morning.Finding     `json:"missing"`
	Twice   []morning.Twice       `json:"twice"`
	Alike   []morning.Pair        `json:"alike"`
	Files   []morning.FileListed  `json:"files"`
	Papers  []morning.PaperListed `json:"papers"`
	Pages   []morning.Spot        `json:"pages"`
}

func (s *shelf) whole(r *morning.Report) (w whole) {
	s.t.Helper()
	s.must(json.Unmarshal(s.json(r), &w))
	return w
}

func TestQuietNight(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, name := range []string{"A/1.pdf", "A/2.pdf", "B/3.pdf"} {
		s.one(name, pipeline.Filed, nil)
	}
	s.bundled("B/ảnh", "mặt một", "mặt hai", "mặt ba")
	s.tick(pipeline.ShelfFile{Path: "Thumbs.db", Size: 5, State: pipeline.FileIgnored})
	s.end(pipeline.RunDone, dusk().Add(time.Hour))
	r := s.report()
	want := morning.Sum{Found: 7, Filed: 6, Ignored: 1}
	if r.Verdict != morning.Settled || !r.Even || r.Moving || r.Sum != want {
		t.Errorf("the night is %s (even %v, moving %v) with %+v", r.Verdict, r.Even, r.Moving, r.Sum)
	}
	if p := r.Proof; p.Records != 4 || p.Manifests != 4 || p.Originals != 4 || p.Files != 6 || p.Counted != 7 || p.Missing+p.Unasked != 0 {
		t.Errorf("looked up: %+v", p)
	}
	if got := r.Totals; got.Papers != 4 || got.Pages != 8 || got.CPU != 1.5 || got.Confidence != 91 {
		t.Errorf("totals: %+v", got)
	}
	page := s.html(r)
	for _, want := range []string{"KHỚP", "Đã xong: cả 7 tệp", "Không có việc gì cần người làm", "7 tệp tìm thấy = 6 đã lưu hồ sơ &#43; 0 chờ cán bộ", "Chưa rút mẫu kiểm tra", "· Đã xong"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, `id="missing"`) {
		t.Error("the page cries though nothing is missing")
	}
}

// TestFoldersWithoutScans names the folders of dossiers that somebody may have forgotten.
func TestFoldersWithoutScans(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.one("A/1.pdf", pipeline.Filed, nil)
	empty := pipeline.EmptyFolders{Paths: []string{"Hộp 1/H42.15-140305-0001 \u202e<Nguyễn>"}, More: 4}
	for i := range 130 {
		empty.Paths = append(empty.Paths, fmt.Sprintf("Hộp 2/H42.15-140305-%04d", i+2))
	}
	_, err := s.catalog.Walked(t.Context(), night, s.run, pipeline.Walk{N: 1, Found: 1, Empty: empty}, dusk())
	s.must(err)
	s.end(pipeline.RunDone, dusk().Add(time.Hour))
	r := s.report()
	page := s.html(r)
	for _, want := range []string{
		`href="#empty">135 thư mục hồ sơ chưa có bản quét`, `id="empty"`, "<h2>Thư mục hồ sơ chưa có bản quét</h2>",
		"Hộp 1/H42.15-140305-0001 \ufffd&lt;Nguyễn&gt;", "Hộp 2/H42.15-140305-0100", "và 15 thư mục nữa",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "H42.15-140305-0131") || strings.Contains(page, "Không có việc gì cần người làm") {
		t.Error("the page names all folders, or says that nothing is to be done")
	}
	if got := s.whole(r).Empty; len(got.Paths) != 131 || got.More != 4 || got.Paths[0] != "Hộp 1/H42.15-140305-0001 \ufffd<Nguyễn>" {
		t.Errorf("the JSON has %d folders and %d more, the first of them %q", len(got.Paths), got.More, got.Paths[0])
	}
	s.scope.Sees = func(pipeline.Paper) bool { return true }
	r = s.report()
	if page := s.html(r); strings.Contains(page, "H42.15-140305") || strings.Contains(page, "chưa có bản quét") || r.Empty.Count() != 0 {
		t.Error("who is bound to a unit is told of folders")
	}
}

// TestPapersThatNameAnotherDossier: a paper in the wrong folder is filed under the folder's
// number, and the report shows the page that says otherwise.
func TestPapersThatNameAnotherDossier(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	read := func(value string, source pipeline.Source, page int, sure float32) pipeline.Field {
		return pipeline.Field{Name: pipeline.FieldDossier, Value: value, Source: source, Page: page, Confidence: sure}
	}
	folder, err := pipeline.ParseDossierNumber("H42.15-220305-0001")
	s.must(err)
	for path, fields := range map[string][]pipeline.Field{
		"A/đúng chỗ.pdf":    {read("000.00.15.H42-220305-0001", pipeline.ByOCR, 1, 95), read("H42.15-220305-0007", pipeline.ByOCR, 2, 40)},
		"A/nhầm chỗ.pdf":    {read("H42.15-220305-0002", pipeline.ByOCR, 2, 95)},
		"A/không chắc.pdf":  {read("H42.15-220305-0003", pipeline.ByOCR, 1, 70)},
		"A/nhiều số.pdf":    {read("H42.15-220305-0004", pipeline.ByOCR, 1, 95), read("H42.15-220305-0005", pipeline.ByOCR, 1, 95)},
		"A/người xem.pdf":   {read("H42.15-220305-0001", pipeline.ByPerson, 0, 100), read("H42.15-220305-0006", pipeline.ByOCR, 1, 95)},
		"A/bảng kê nói.pdf": {read("H42.15-220305-0001", pipeline.ByList, 0, 100), read("H42.15-220305-0008", pipeline.ByQR, 1, 100)},
		"A/không có.pdf":    nil,
	} {
		s.one(path, pipeline.Filed, func(p *pipeline.Paper) { p.Dossier, p.Fields = folder, fields })
	}
	s.one("A/còn hỏi.pdf", pipeline.Confirming, func(p *pipeline.Paper) {
		p.Dossier, p.Fields = folder, []pipeline.Field{read("H42.15-220305-0009", pipeline.ByOCR, 1, 95)}
	})
	s.end(pipeline.RunDone, dusk().Add(time.Hour))
	r := s.report()
	var told []string
	for _, p := range s.whole(r).Pages {
		told = append(told, fmt.Sprintf("%s %d %s %v", p.Path, p.Page, p.Number, p.What))
	}
	slices.Sort(told)
	if want := []string{"A/bảng kê nói.pdf 1 H42.15-220305-0008 [other-number]", "A/nhầm chỗ.pdf 2 H42.15-220305-0002 [other-number]"}; !slices.Equal(told, want) {
		t.Errorf("the report tells of %q, want %q", told, want)
	}
	page := s.html(r)
	for _, want := range []string{"<h3>Ghi mã số hồ sơ khác</h3><span class=\"chip\">2 trang</span>", " ghi H42.15-220305-0002", "2 trang nên xem lại"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestWhatIsMissingIsShouted takes one thing after the other away from the bucket.
func TestWhatIsMissingIsShouted(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	record := s.one("A/1.pdf", pipeline.Filed, nil)
	manifest := s.one("A/2.pdf", pipeline.Filed, nil)
	original := s.one("A/3.pdf", pipeline.Confirming, nil)
	short := s.one("A/4.pdf", pipeline.Filed, nil)
	s.one("A/5.pdf", pipeline.Filed, nil)
	bundled, files := s.bundled("B", "mặt một", "mặt hai")
	ctx := t.Context()
	if r := s.report(); r.Verdict != morning.Open || !r.Even {
		t.Fatalf("before anything is gone: %s", r.Verdict)
	}
	s.must(s.bucket.Delete(ctx, pipeline.BlobKey(record.Record)))
	s.must(s.bucket.Delete(ctx, pipeline.ManifestKey(manifest.ID, 1)))
	s.must(s.bucket.Delete(ctx, pipeline.BlobKey(original.Original)))
	s.must(s.bucket.PutKey(ctx, pipeline.BlobKey(short.Record), []byte("nửa")))
	files[1].Size++
	files[1].Path, files[1].Digest = "B/lạ.jpg", pipeline.Sum([]byte("lạ"))
	other := pipeline.ShelfFile{Path: "A/khác.pdf", Size: 3, Digest: pipeline.Sum([]byte("khác")), State: pipeline.FileReceived, Paper: record.ID, Part: 1, Parts: 1}
	lost := pipeline.ShelfFile{Path: "A/lạc.pdf", Size: 3, Digest: pipeline.Sum([]byte("lạc")), State: pipeline.FileReceived, Paper: "01HZZZZZZZZZZZZZ9999999999", Part: 1, Parts: 1}
	s.tick(files[1], other, lost)

	r := s.report()
	got := map[morning.FindingKind]string{}
	for _, f := range s.whole(r).Missing {
		got[f.What] += f.Path + " " + string(f.Paper)
	}
	for what, want := range map[morning.FindingKind]string{
		morning.NoRecord: "A/1.pdf " + string(record.ID), morning.NoManifest: "A/2.pdf " + string(manifest.ID),
		morning.NoOriginal: "A/3.pdf " + string(original.ID), morning.WrongSize: "A/4.pdf " + string(short.ID),
		morning.WrongDigest: "A/khác.pdf " + string(record.ID), morning.WrongMember: "B/lạ.jpg " + string(bundled.ID),
		morning.NoPaper: "A/lạc.pdf 01HZZZZZZZZZZZZZ9999999999",
	} {
		if got[what] != want {
			t.Errorf("%s: %q, want %q", what, got[what], want)
		}
	}
	if r.Verdict != morning.Lost || r.Even || r.Proof.Missing != 7 {
		t.Errorf("the verdict is %s, even %v, with %d findings", r.Verdict, r.Even, r.Proof.Missing)
	}
	page := s.html(r)
	head, rest, _ := strings.Cut(page, `id="missing"`)
	if !strings.Contains(head, "7 chỗ trong kho thiếu") || !strings.Contains(head, `class="verdict bad"`) || strings.Contains(head, `class="card facts"`) {
		t.Error("what is missing is not on top")
	}
	for _, want := range []string{"Mất bản ký", "khôi phục kho từ bản sao lưu", "A/3.pdf", "https://hoso.example/papers/" + string(original.ID)} {
		if !strings.Contains(rest, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// deaf is a bucket that does not answer.
type deaf struct{ morning.Bucket }

func (deaf) Stat(context.Context, pipeline.Digest) (int64, error) {
	return 0, &pipeline.Unavailable{What: "object storage", Err: errors.New("no answer")}
}

// TestSilentBucket: what could not be asked is neither there nor missing.
func TestSilentBucket(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.one("A/1.pdf", pipeline.Filed, nil)
	from := s.sources()
	from.Bucket = deaf{s.bucket}
	r, err := morning.Gather(t.Context(), from, night, s.scope)
	s.must(err)
	if r.Verdict != morning.Unsure || r.Proof.Unasked != 1 || r.Proof.Records != 0 || !strings.Contains(r.Headline, "chưa thể nói là đủ") {
		t.Errorf("verdict %s, %+v: %s", r.Verdict, r.Proof, r.Headline)
	}
}

// TestPapersElsewhere: a file whose bytes had been handed in at a desk is filed, though
// its paper is not of the shelf; a stack counts by all of its parts.
func TestPapersElsewhere(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.one("A/ở quầy.pdf", pipeline.Filed, func(p *pipeline.Paper) { p.Batch = "" })
	stack := s.one("A/tập.pdf", pipeline.Filed, nil)
	child := s.paper("A/tập 2.pdf", pipeline.Filed, func(p *pipeline.Paper) { p.Parted = stack.ID })
	s.paper("A/tập 3.pdf", pipeline.Confirming, func(p *pipeline.Paper) { p.Parted = child.ID })
	r := s.report()
	want := morning.Sum{Found: 2, Filed: 1, Waiting: 1}
	if r.Sum != want || !r.Even || r.Totals.Papers != 3 || r.Totals.Elsewhere != 1 || r.Proof.Records != 3 || r.Proof.Missing != 0 {
		t.Errorf("%+v, even %v, %+v, %+v", r.Sum, r.Even, r.Totals, r.Proof)
	}
}

// TestJoinedPapers: files whose pages went into one paper stand where that one does, even
// if it is not of the shelf, and nobody calls them rejected.
func TestJoinedPapers(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	both := s.paper("A/ghép.pdf", pipeline.Filed, nil)
	other := s.paper("B/ghép.pdf", pipeline.Confirming, func(p *pipeline.Paper) { p.Batch = "" })
	into := func(id pipeline.PaperID) func(*pipeline.Paper) {
		return func(p *pipeline.Paper) { p.Into, p.Reason.Code = id, pipeline.ReasonMerged }
	}
	s.one("A/1.pdf", pipeline.Rejected, into(both.ID))
	s.one("A/2.pdf", pipeline.Rejected, into(both.ID))
	s.one("A/3.pdf", pipeline.Rejected, into(other.ID))
	stack := s.one("A/tập.pdf", pipeline.Filed, nil)
	s.paper("A/tập 2.pdf", pipeline.Rejected, func(p *pipeline.Paper) {
		p.Parted = stack.ID
		into(other.ID)(p)
	})
	s.one("A/4.pdf", pipeline.Rejected, nil)
	r := s.report()
	want := morning.Sum{Found: 5, Filed: 2, Waiting: 2, Refused: 1}
	if r.Sum != want || !r.Even {
		t.Errorf("%+v, even %v, want %+v", r.Sum, r.Even, want)
	}
	if got := r.Stuck[morning.Rejected]; len(got) != 1 || got[0].Count != 1 {
		t.Errorf("rejected: %+v", got)
	}
}

func TestUnknownShelf(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	if _, err := morning.Gather(t.Context(), s.sources(), "dem-1", s.scope); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Gather = %v, want ErrNotExist", err)
	}
}

// TestBusyNight asks what an archivist would.
func TestBusyNight(t *testing.T) {
	t.Parallel()
	s := busyNight(t)
	s.scope.Drawing = 2 * time.Second
	r := s.report()
	if r.Verdict != morning.Open || !r.Even {
		t.Errorf("the night is %s, even %v", r.Verdict, r.Even)
	}
	want := morning.Sum{Found: 260, Filed: 240, Waiting: 13, Refused: 3, ToDo: 2, Ignored: 2}
	if r.Sum != want {
		t.Errorf("sum = %+v, want %+v", r.Sum, want)
	}
	for _, q := range r.Scanners {
		dirty := q.Name == "Canon DR-C225 II"
		if (q.Fall != nil) != dirty {
			t.Errorf("%s falls: %+v", q.Name, q.Fall)
		}
		if dirty && q.Fall != nil {
			first := strings.Contains(q.Fall.Path, "giấy chứng nhận 14")
			if !first || q.Fall.Before-q.Fall.After < 8 || len(q.Trend) != 32 {
				t.Errorf("the fall is %+v, its trend has %d steps", q.Fall, len(q.Trend))
			}
		}
	}
	if len(r.Night.Gaps) != 1 || r.Night.LongestM < 45 || r.Night.LongestM > 55 || r.Night.Papers != 240 || len(r.Night.Steps) > 97 {
		t.Errorf("the night has %d papers in %d steps, gaps %+v", r.Night.Papers, len(r.Night.Steps), r.Night.Gaps)
	}
	if run := r.Runs[0]; run.Papers != 240 || run.Pages != r.Night.Pages {
		t.Errorf("the run is credited %d papers, %d pages", run.Papers, run.Pages)
	}
	if g := r.Stuck[morning.Asked]; len(g) != 2 || g[0].Count != 9 || g[1].Count != 3 {
		t.Errorf("asked: %+v", g)
	}
	if g := r.Stuck[morning.Remarks]; len(g) != 1 || g[0].Say != "Bảng kê, dòng … không có giấy tờ nào trong thư mục cho dòng này. Hãy tìm giấy tờ hoặc gạch dòng." {
		t.Errorf("remarks: %+v", g)
	}
	if got := r.Sample; got.Drawn != 12 || got.Looked != 10 || got.Bad != 1 || len(got.By) != 2 {
		t.Errorf("the sample: %+v", got)
	}
	page := s.html(r)
	for _, want := range []string{
		"Lau kính, kiểm tra máy quét Canon DR-C225 II", "trống 48 phút", "13 trang", "tự làm lại lúc 08:00 29/11",
		"Trang lặp lại", " lặp lại trang 1", "Trang 2 bị gấp góc", "Dừng đúng giờ", "2 giấy tờ trong mẫu kiểm tra chưa ai xem", "data:image/jpeg;base64,",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	s.lists(r)
}

// lists holds the JSON's lists against what was written down.
func (s *shelf) lists(r *morning.Report) {
	s.t.Helper()
	w := s.whole(r)
	states := map[string]int{}
	for _, f := range w.Files {
		states[string(f.State)]++
	}
	for _, p := range w.Papers {
		states[string(p.State)]++
	}
	for state, want := range map[string]int{"held": 2, "refused": 2, "waiting": 1, "ignored": 1, "confirming": 9, "signing": 2, "rejected": 1, "failed": 1} {
		if states[state] != want {
			s.t.Errorf("%d listed as %s, want %d", states[state], state, want)
		}
	}
	marked := int64(0)
	for _, k := range w.See {
		marked += k.Marked
	}
	if int64(len(w.Pages)) != marked || marked == 0 || w.Pages[0].Path == "" || w.Verdict != r.Verdict {
		s.t.Errorf("%d pages listed of %d", len(w.Pages), marked)
	}
}

// TestHostileNames: whatever a file is called, the page shows it and does nothing else.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	names := []string{
		`<script>alert(1)</script>/a.pdf`, `"><img src=x onerror=alert(1)>/b.pdf`, "{{.Shelf.Seed}}/c.pdf", `</style><svg onload=alert(1)>/d.pdf`,
		"javascript:alert(1)/e.pdf", strings.Repeat("dài", 900) + "/f.pdf", "đ\u202Egnp/g.pdf",
	}
	for _, name := range names {
		s.one(name, pipeline.Filed, func(p *pipeline.Paper) {
			p.Scan.Device = `<b onmouseover=alert(1)>"máy"`
			p.Scan.Counts = []pipeline.FlagOf{{What: "doubtful", Pages: 1}, {What: `<i onclick=alert(1)>`, Pages: 1}}
			p.Scan.Pages = []pipeline.PageMark{{Page: 1, Confidence: 40, What: []string{"doubtful", `<i onclick=alert(1)>`}}}
		})
		s.tick(pipeline.ShelfFile{Path: name + ".x", Size: 1, State: pipeline.FileHeld, Reason: why("x", `<u>"sửa"</u>`)})
	}
	r := s.report()
	page := s.html(r)
	for _, bad := range []string{"<script", "onerror=alert(1)>/", "<svg onload", "<b onmouseover", "<i onclick", "<u>", `href="javascript`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if w := s.whole(r); len(w.Pages) != len(names) || !slices.ContainsFunc(w.Pages, func(p morning.Spot) bool { return p.Path == names[0] }) {
		t.Errorf("the JSON lists %d pages", len(w.Pages))
	}
}

// TestSelfContained: the page asks for nothing, has an order of headings, and says what
// pictures show.
func TestSelfContained(t *testing.T) {
	t.Parallel()
	s := busyNight(t)
	s.scope.Drawing = 2 * time.Second
	page := s.html(s.report())
	for _, m := range regexp.MustCompile(`(?:src|href|action|data|srcset|poster)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "#") && !strings.HasPrefix(m[1], "data:image/jpeg;base64,") && !strings.HasPrefix(m[1], "https://hoso.example/papers/") {
			t.Errorf("the page reaches for %.80q", m[1])
		}
	}
	for _, bad := range []string{"@import", "url(http", "<script", "<link", "<iframe", " style=", " onclick"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	last := 0
	for _, m := range regexp.MustCompile(`<h([1-6])[ >]`).FindAllStringSubmatch(page, -1) {
		level := int(m[1][0] - '0')
		if level > last+1 {
			t.Errorf("a heading of level %d follows one of level %d", level, last)
		}
		last = level
	}
	if strings.Count(page, "<h1") != 1 || !strings.Contains(page, `<html lang="vi">`) {
		t.Error("the page has no single top heading, or no language")
	}
	for _, tag := range regexp.MustCompile(`<img [^>]*>`).FindAllString(page, -1) {
		if !regexp.MustCompile(`alt="Trang \d+ của [^"]+"`).MatchString(tag) {
			t.Errorf("a picture says nothing: %.60s", tag)
		}
	}
	for _, tag := range regexp.MustCompile(`<svg [^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(tag, `aria-hidden="true"`) && !strings.Contains(tag, `role="img" aria-label="`) {
			t.Errorf("a drawing says nothing: %.80s", tag)
		}
	}
	for _, id := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if strings.Count(page, ` id="`+id[1]+`"`) != 1 {
			t.Errorf("a link leads to #%s, which is there %d times", id[1], strings.Count(page, ` id="`+id[1]+`"`))
		}
	}
}

// TestUnitSeesItsOwn: of the papers of others, which came with the same label, an account
// of one unit gets the count alone.
func TestUnitSeesItsOwn(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.one("A/của mình.pdf", pipeline.Confirming, nil)
	s.paper("người khác.pdf", pipeline.Confirming, func(p *pipeline.Paper) {
		p.Unit, p.Scan.Device = "H43", "máy của người khác"
		p.Scan.Pages = []pipeline.PageMark{{Page: 1, What: []string{"blank"}}}
	})
	s.scope.Unit = "H42.15"
	s.scope.Sees = func(p pipeline.Paper) bool { return p.Unit == "H42.15" }
	r := s.report()
	if r.Sum.Found != 1 || r.Balance.Papers.Waiting != 2 || r.Totals.Papers != 1 || r.Proof.Originals != 2 {
		t.Errorf("%+v, %+v, %+v", r.Sum, r.Totals, r.Proof)
	}
	said := s.html(r) + string(s.json(r))
	if !strings.Contains(said, "của mình") || !strings.Contains(said, "số tệp là của cả lô; các phần bên dưới chỉ gồm giấy tờ của đơn vị H42.15") {
		t.Error("its own paper is missing, or that others are left out")
	}
	if strings.Contains(said, "người khác") {
		t.Error("it is told of others' papers")
	}
}

// TestColoursAreThoseOfThePages compares the variables of both style sheets.
func TestColoursAreThoseOfThePages(t *testing.T) {
	t.Parallel()
	var roots []string
	for _, file := range []string{"style.css", "../web/assets/app.css"} {
		all, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root, _, _ := strings.Cut(string(all), "}")
		roots = append(roots, root)
	}
	if roots[0] != roots[1] || !strings.Contains(roots[0], "--accent:#") {
		t.Errorf("the report has other colours than the pages:\n%s\n%s", roots[0], roots[1])
	}
}

// TestCommandsHaveNoName: who opened a batch by a command on the machine of the service is
// called so, and not by the word that the catalog has for it.
func TestCommandsHaveNoName(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.one("A/1.pdf", pipeline.Filed, nil)
	r := s.report()
	r.Shelf.By = "local"
	if page := s.html(r); !strings.Contains(page, "mở lô: máy chủ (dòng lệnh)") {
		t.Error("the page does not say who opened the batch")
	}
}
