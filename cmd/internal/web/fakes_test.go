package web_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"hoso/cmd/internal/report"
	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// world is everything a site needs, in memory, moved by the test.
type world struct {
	mu       sync.Mutex
	now      time.Time
	papers   map[pipeline.PaperID]pipeline.Paper
	events   map[pipeline.PaperID][]pipeline.Event
	bytes    map[pipeline.Digest][]byte
	text     map[pipeline.PaperID]string
	progress map[pipeline.PaperID]web.Progress
	views    []web.View
	accounts map[string]gate.Account
	sessions map[string][]byte
	kept     map[string][]pipeline.Kept
	alike    map[pipeline.PaperID]pipeline.Likenesses
	down     error // what every move answers, if set
	logDown  error
	damaged  pipeline.Digest
	trust    sign.Trust    // by which files are judged
	slow     chan struct{} // what receiving waits for
	gone     error         // of the context of the last receiving
	mirror   func(pipeline.Paper)
}

func newWorld() *world {
	return &world{
		now:      time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC),
		papers:   map[pipeline.PaperID]pipeline.Paper{},
		events:   map[pipeline.PaperID][]pipeline.Event{},
		bytes:    map[pipeline.Digest][]byte{},
		text:     map[pipeline.PaperID]string{},
		progress: map[pipeline.PaperID]web.Progress{},
		accounts: map[string]gate.Account{},
		sessions: map[string][]byte{},
		kept:     map[string][]pipeline.Kept{},
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// later lets time pass.
func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func newID() pipeline.PaperID {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	raw := make([]byte, 26)
	_, _ = rand.Read(raw)
	for i := range raw {
		raw[i] = letters[raw[i]%32]
	}
	raw[0] = '0'
	return pipeline.PaperID(raw)
}

func (w *world) Receive(ctx context.Context, h web.Handed) (pipeline.Receipt, error) {
	body, err := io.ReadAll(h.Body)
	if err != nil {
		return pipeline.Receipt{}, fmt.Errorf("receiving: %w", err)
	}
	w.mu.Lock()
	slow := w.slow
	w.mu.Unlock()
	if slow != nil {
		<-slow
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone = ctx.Err()
	if w.down != nil {
		return pipeline.Receipt{}, w.down
	}
	if len(body) == 0 {
		return pipeline.Receipt{}, pipeline.Refuse(pipeline.Reason{Code: "empty-file", English: "the file has no bytes", Vietnamese: "Tệp rỗng."}, nil)
	}
	d := pipeline.Sum(body)
	for _, p := range w.papers {
		if p.Original == d && p.Dossier.Key() == h.Dossier.Key() {
			return receiptOf(p, true), nil
		}
	}
	p := pipeline.Paper{
		ID: newID(), Dossier: h.Dossier, Kind: h.Kind, Unit: h.Unit, FileName: h.FileName, Original: d, Size: int64(len(body)),
		Media: http.DetectContentType(body), Lane: h.Lane, Sender: h.Sender, Batch: h.Batch, Collate: h.Collate, Received: w.now, State: pipeline.Received, Gen: 1, Updated: w.now,
	}
	w.bytes[d] = body
	w.papers[p.ID] = p
	w.tell(p, "received", h.Sender)
	return receiptOf(p, false), nil
}

func receiptOf(p pipeline.Paper, again bool) pipeline.Receipt {
	return pipeline.Receipt{ID: p.ID, Dossier: p.Dossier, State: p.State, Digest: p.Original, Size: p.Size, FileName: p.FileName, Received: p.Received, Again: again}
}

func (w *world) tell(p pipeline.Paper, what, actor string) {
	w.events[p.ID] = append(w.events[p.ID], pipeline.Event{Paper: p.ID, Seq: int64(len(w.events[p.ID]) + 1), Time: w.now, Actor: actor, What: what, To: p.State, Reason: p.Reason})
}

// move changes a paper as the workers would.
func (w *world) move(id pipeline.PaperID, what string, change func(*pipeline.Paper)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.papers[id]
	change(&p)
	p.Gen++
	w.now = w.now.Add(700 * time.Millisecond)
	p.Updated = w.now
	w.keep(p)
	w.tell(p, what, "hoso")
}

// keep puts a paper into the world, and into whatever else knows papers.
func (w *world) keep(p pipeline.Paper) {
	w.papers[p.ID] = p
	if w.mirror != nil {
		w.mirror(p)
	}
}

func (w *world) put(b []byte) pipeline.Digest {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := pipeline.Sum(b)
	w.bytes[d] = b
	return d
}

func (w *world) settle(id pipeline.PaperID, what, actor string, change func(*pipeline.Paper) error) (pipeline.Paper, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down != nil {
		return pipeline.Paper{}, w.down
	}
	p, ok := w.papers[id]
	if !ok {
		return p, fs.ErrNotExist
	}
	if err := change(&p); err != nil {
		return p, err
	}
	p.Gen++
	w.keep(p)
	w.tell(p, what, actor)
	return p, nil
}

func (w *world) SetNumber(_ context.Context, id pipeline.PaperID, n pipeline.DossierNumber, actor string) (pipeline.Paper, error) {
	return w.settle(id, "number set", actor, func(p *pipeline.Paper) error {
		if p.State != pipeline.Confirming {
			return fmt.Errorf("setting: %w", pipeline.ErrStale)
		}
		p.Dossier, p.State, p.Reason = n, pipeline.Recognized, pipeline.Reason{}
		return nil
	})
}

func (w *world) ConfirmNumber(ctx context.Context, id pipeline.PaperID, n pipeline.DossierNumber, actor string) (pipeline.Paper, error) {
	return w.SetNumber(ctx, id, n, actor+" (confirmed)")
}

// Correct takes edits as the office does, but asks nothing about them.
func (w *world) Correct(_ context.Context, id pipeline.PaperID, gen int64, edits pipeline.Edits, actor string) (pipeline.Paper, error) {
	return w.settle(id, "fields corrected", actor, func(p *pipeline.Paper) error {
		if p.Gen != gen {
			return fmt.Errorf("correcting: %w", pipeline.ErrStale)
		}
		for _, e := range edits.Fields {
			if e.Name == pipeline.FieldDossier {
				if strings.HasPrefix(e.Value, "H99") && !edits.Anyway {
					return pipeline.Refuse(pipeline.Reason{Code: pipeline.ReasonUnitUnknown, Vietnamese: "Mã đơn vị H99 không có trong danh mục."}, nil)
				}
				p.Dossier, _ = pipeline.ParseDossierNumber(e.Value)
			}
			p.Fields = pipeline.WithField(p.Fields, pipeline.Field{Name: e.Name, Value: e.Value, Confidence: 100, Source: pipeline.ByPerson})
		}
		p.Accepted = p.Accepted || edits.Accept
		if edits.Whole {
			p.Pieces = nil
		}
		if p.State == pipeline.Confirming && (p.Accepted || p.Reason.Code != pipeline.ReasonSignatures) {
			p.State, p.Reason, p.Asked = pipeline.Recognized, pipeline.Reason{}, nil
		}
		return nil
	})
}

func (w *world) CorrectWords(_ context.Context, id pipeline.PaperID, gen int64, edits []pipeline.WordEdit, actor string) (pipeline.Paper, error) {
	return w.settle(id, "words corrected", actor, func(p *pipeline.Paper) error {
		if p.Gen != gen {
			return fmt.Errorf("correcting: %w", pipeline.ErrStale)
		}
		for _, e := range edits {
			p.Corrections = append(p.Corrections, pipeline.Correction{WordEdit: e, By: actor, At: w.now})
		}
		return nil
	})
}

func (w *world) Reread(_ context.Context, id pipeline.PaperID, actor string) (pipeline.Paper, error) {
	return w.settle(id, "reading again asked", actor, func(p *pipeline.Paper) error {
		*p = p.Reopened()
		p.State = pipeline.Received
		return nil
	})
}

// Arrange takes leaves as the office does, and has the paper composed again.
func (w *world) Arrange(_ context.Context, id pipeline.PaperID, gen int64, leaves []pipeline.Leaf, actor string) (pipeline.Paper, error) {
	return w.settle(id, "pages arranged", actor, func(p *pipeline.Paper) error {
		if p.Gen != gen {
			return fmt.Errorf("arranging: %w", pipeline.ErrStale)
		}
		p.Of = p.Sheets()
		p.Leaves, p.Pages, p.State, p.Reason = leaves, len(leaves), pipeline.Recognized, pipeline.Reason{}
		return nil
	})
}

// Split gives every part but the first to a new paper.
func (w *world) Split(_ context.Context, id pipeline.PaperID, gen int64, before []int, actor string) (pipeline.Paper, []pipeline.Paper, error) {
	var born []pipeline.Paper
	first, err := w.settle(id, "split", actor, func(p *pipeline.Paper) error {
		if p.Gen != gen {
			return fmt.Errorf("splitting: %w", pipeline.ErrStale)
		}
		all := p.AllLeaves()
		for i, from := range before {
			to := len(all)
			if i+1 < len(before) {
				to = before[i+1] - 1
			}
			part := *p
			part.ID, part.Parted, part.Of, part.Leaves, part.Pages, part.State, part.Gen = id.Part(i, from), id, p.Sheets(), all[from-1:to], to-from+1, pipeline.Received, 1
			born = append(born, part)
			p.Parts = append(p.Parts, part.ID)
		}
		p.Of = p.Sheets()
		p.Leaves, p.Pages, p.Pieces, p.State, p.Reason = all[:before[0]-1], before[0]-1, nil, pipeline.Recognized, pipeline.Reason{}
		return nil
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range born {
		w.keep(p)
	}
	return first, born, err
}

// Merge puts the pages of all into the first, and ends the others.
func (w *world) Merge(_ context.Context, seen []pipeline.Seen, actor string) (pipeline.Paper, error) {
	pages := 0
	for _, s := range seen {
		if w.paper(s.ID).Gen != s.Gen {
			return pipeline.Paper{}, pipeline.StaleOf(s.ID, fmt.Errorf("merging: %w", pipeline.ErrStale))
		}
	}
	for _, s := range seen[1:] {
		p, err := w.settle(s.ID, "merged", actor, func(p *pipeline.Paper) error {
			p.State, p.Reason = pipeline.Rejected, pipeline.Reason{Code: "merged", Vietnamese: "Đã ghép."}
			return nil
		})
		if err != nil {
			return p, err
		}
		pages += p.Pages
	}
	return w.settle(seen[0].ID, "merged", actor, func(p *pipeline.Paper) error {
		p.Pages, p.State, p.Reason = p.Pages+pages, pipeline.Recognized, pipeline.Reason{}
		return nil
	})
}

func (w *world) OpenEdition(ctx context.Context, id pipeline.PaperID, version int) (web.Opened, error) {
	all := w.paper(id).Editions()
	if version > len(all) {
		return web.Opened{}, fs.ErrNotExist
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	body := w.bytes[all[version-1].Record]
	return web.Opened{Body: io.NopCloser(bytes.NewReader(body)), Size: int64(len(body)), Media: "application/pdf"}, nil
}

func (w *world) Waiting(_ context.Context, q pipeline.Queue) ([]pipeline.Paper, int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []pipeline.Paper
	for _, p := range w.papers {
		if p.State == pipeline.State(cmp.Or(string(q.State), string(pipeline.Confirming))) && (q.Unit == "" || pipeline.Under(p.Unit, q.Unit) || p.Sender == q.Sender) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b pipeline.Paper) int { return a.Received.Compare(b.Received) })
	total := len(all)
	if at := slices.IndexFunc(all, func(p pipeline.Paper) bool { return p.ID == q.After }); at >= 0 {
		all = all[at+1:]
	}
	return all[:min(q.Limit, len(all))], total, nil
}

func (w *world) Reject(_ context.Context, id pipeline.PaperID, reason pipeline.Reason, actor string) (pipeline.Paper, error) {
	return w.settle(id, "rejected", actor, func(p *pipeline.Paper) error {
		p.State, p.Reason = pipeline.Rejected, reason
		return nil
	})
}

func (w *world) Retry(_ context.Context, id pipeline.PaperID, actor string) (pipeline.Paper, error) {
	return w.settle(id, "retry asked", actor, func(p *pipeline.Paper) error {
		if p.State != pipeline.Failed && p.State != pipeline.Confirming {
			return fmt.Errorf("retrying: %w", pipeline.ErrStale)
		}
		p.State, p.Reason = pipeline.Received, pipeline.Reason{}
		return nil
	})
}

func (w *world) Open(_ context.Context, id pipeline.PaperID, what web.Artifact) (web.Opened, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := w.papers[id]
	if !ok {
		return web.Opened{}, fs.ErrNotExist
	}
	d, media := p.Original, p.Media
	switch what {
	case web.Record:
		d, media = p.Record, "application/pdf"
	case web.Words:
		d, media = p.Words, "application/json"
	}
	body, ok := w.bytes[d]
	if !ok {
		return web.Opened{}, fs.ErrNotExist
	}
	var r io.Reader = bytes.NewReader(body)
	if d == w.damaged {
		r = damagedReader{r}
	}
	at := func(context.Context) (io.ReaderAt, error) { return bytes.NewReader(body), nil }
	return web.Opened{Body: io.NopCloser(r), Size: int64(len(body)), Media: media, Digest: d, At: at}, nil
}

func (w *world) Arrival(ctx context.Context, id pipeline.PaperID) (pipeline.ArrivalNote, error) {
	p, err := w.Paper(ctx, id)
	if err == nil && p.Arrival.IsZero() {
		err = fs.ErrNotExist
	}
	return pipeline.ArrivalNote{Schema: 1, Paper: id, Original: p.Original, Arrival: p.Arrival, Report: json.RawMessage(`{"verdict":"valid"}`)}, err
}

func (w *world) Verify(ctx context.Context, id pipeline.PaperID) (web.Verdict, error) {
	p, err := w.Paper(ctx, id)
	if err != nil {
		return web.Verdict{}, err
	}
	w.mu.Lock()
	record, wrapped, trust := w.bytes[p.Record], w.bytes[p.Wraps], w.trust
	w.mu.Unlock()
	var told, inner *report.Report
	var more []web.Check
	if len(record) > 0 {
		v, err := judged(ctx, "", record, trust)
		if err != nil {
			return v, err
		}
		told = v.Report
	}
	if len(wrapped) > 0 {
		v, err := judged(ctx, p.FileName, wrapped, trust)
		if err != nil {
			return v, err
		}
		inner = v.Report
		more = append(more, web.Check{Name: "inner", Aside: true, Passed: v.Passed, English: "the signed file in it", Say: "Tệp gốc đính kèm: xem bên dưới."})
	}
	return web.Verdict{Passed: true, Signature: p.Sealed, Report: told, Attached: inner, Checks: append([]web.Check{
		{Name: "fixity", Passed: true, English: "bytes match", Say: "Bản ký và bản gốc còn nguyên vẹn, đúng mã SHA-256."},
		{Name: "structure", Passed: true, English: "PDF/A-2u", Say: "Cấu trúc PDF/A-2u đúng, đủ số trang."},
		{Name: "signature", Passed: true, English: "covers the file", Say: "Chữ ký số phủ toàn bộ tệp, không có thay đổi sau khi ký."},
	}, more...)}, nil
}

// Judge judges a file as the office does, with the test's own roots.
func (w *world) Judge(ctx context.Context, name string, body io.Reader) (web.Verdict, error) {
	file, err := io.ReadAll(body)
	if err != nil {
		return web.Verdict{}, fmt.Errorf("receiving: %w", err)
	}
	w.mu.Lock()
	down, trust, slow := w.down, w.trust, w.slow
	w.mu.Unlock()
	if slow != nil {
		<-slow
	}
	if down != nil {
		return web.Verdict{}, down
	}
	return judged(ctx, name, file, trust)
}

func judged(ctx context.Context, name string, file []byte, trust sign.Trust) (web.Verdict, error) {
	found, err := sign.Verify(ctx, bytes.NewReader(file), int64(len(file)), trust)
	if err != nil {
		return web.Verdict{}, err
	}
	about := report.File{Name: name, Digest: pipeline.Sum(file), Size: int64(len(file)), Pages: 1}
	if found.Verdict == sign.Unreadable {
		about.Unfit = pipeline.Reason{Code: "not-a-pdf", English: "the file is not a PDF; ask for the signed PDF", Vietnamese: "Tệp này không phải PDF; hãy lấy bản PDF đã ký."}
	}
	r := report.Of(about, found)
	return web.Verdict{Passed: found.Verdict == sign.Valid, Report: &r}, nil
}

// Alike gives the papers that the test says are alike, as they are now.
func (w *world) Alike(_ context.Context, id pipeline.PaperID) (pipeline.Likenesses, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.alike[id]
	found.Alike = slices.Clone(found.Alike)
	for i, a := range found.Alike {
		found.Alike[i].Paper = w.papers[a.Paper.ID]
	}
	return found, nil
}

func (w *world) Paper(_ context.Context, id pipeline.PaperID) (pipeline.Paper, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := w.papers[id]
	if !ok {
		return p, fmt.Errorf("loading paper: %w", fs.ErrNotExist)
	}
	return p, nil
}

func (w *world) Events(_ context.Context, id pipeline.PaperID) ([]pipeline.Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events[id]), nil
}

func (w *world) Find(_ context.Context, q pipeline.Query) (pipeline.Found, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var hits []pipeline.Hit
	for _, p := range w.papers {
		if snippet, ok := w.matches(p, q); ok {
			hits = append(hits, pipeline.Hit{Paper: p, Snippet: snippet})
		}
	}
	slices.SortFunc(hits, func(a, b pipeline.Hit) int {
		if c := b.Paper.Received.Compare(a.Paper.Received); c != 0 {
			return c
		}
		return strings.Compare(string(b.Paper.ID), string(a.Paper.ID))
	})
	limit := q.Limit
	if limit == 0 {
		limit = 20
	}
	found := pipeline.Found{Total: len(hits)}
	for i, h := range hits {
		if q.After != "" && !slices.ContainsFunc(hits[:i], func(h pipeline.Hit) bool { return string(h.Paper.ID) == q.After }) {
			continue
		}
		if len(found.Hits) == limit {
			found.Next = string(found.Hits[limit-1].Paper.ID)
			break
		}
		found.Hits = append(found.Hits, h)
	}
	return found, nil
}

func (w *world) matches(p pipeline.Paper, q pipeline.Query) (pipeline.Snippet, bool) {
	switch {
	case q.Kind != "" && p.Kind != q.Kind, q.State != "" && p.State != q.State, q.Sender != "" && p.Sender != q.Sender:
		return nil, false
	case !q.From.IsZero() && p.Received.Before(q.From), !q.To.IsZero() && !p.Received.Before(q.To):
		return nil, false
	case q.Within != "" && p.Unit != q.Within && !strings.HasPrefix(p.Unit, q.Within+"."):
		return nil, false
	case q.Class != "" || q.Batch != "" && p.Batch != q.Batch:
		return nil, false
	case q.Unit != "" && p.Unit != q.Unit && !strings.HasPrefix(p.Unit, q.Unit+"."):
		return nil, false
	}
	if len(pipeline.NumberPrefixes(q.Box)) > 0 {
		q.Number = q.Box
	} else if q.Box != "" {
		q.Text = q.Box
	}
	if q.Number != "" && !slices.ContainsFunc(pipeline.NumberPrefixes(q.Number), func(s string) bool { return strings.HasPrefix(p.Dossier.Key(), s) }) {
		return nil, false
	}
	if q.Text == "" {
		return nil, true
	}
	text := w.text[p.ID]
	i := strings.Index(strings.ToLower(text), strings.ToLower(q.Text))
	if i < 0 {
		return nil, false
	}
	end := i + len(q.Text)
	return pipeline.Snippet{{Text: "…" + text[max(0, i-60):i]}, {Text: text[i:end], Match: true}, {Text: text[end:min(len(text), end+120)] + "…"}}, true
}

func (w *world) Balance(context.Context) (pipeline.Balance, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := pipeline.Balance{ByState: map[pipeline.State]int64{}}
	for _, p := range w.papers {
		b.Received++
		b.ByState[p.State]++
		switch {
		case p.State == pipeline.Filed:
			b.Filed++
		case p.State == pipeline.Rejected:
			b.Rejected++
		case p.State.Waiting():
			b.Waiting++
		default:
			b.Open++
		}
	}
	return b, nil
}

func (w *world) LogView(_ context.Context, v web.View) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.logDown != nil {
		return w.logDown
	}
	w.views = append(w.views, v)
	return nil
}

func (w *world) Progress(_ context.Context, id pipeline.PaperID) (web.Progress, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.progress[id], nil
}

func (w *world) Services(context.Context) []web.Service {
	return []web.Service{
		{Name: "Hàng đợi", Healthy: true, Say: "Hàng đợi xử lý đang hoạt động."},
		{Name: "Kho lưu trữ", Healthy: true, Say: "Kho lưu trữ tệp đang hoạt động."},
		{Name: "Máy chủ dấu thời gian", Healthy: false, Say: "Máy chủ dấu thời gian không trả lời từ 14:20; các bản ký đang chờ, không mất giấy tờ nào."},
	}
}

func (w *world) Account(_ context.Context, name string) (gate.Account, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, ok := w.accounts[name]
	if !ok {
		return a, fs.ErrNotExist
	}
	return a, nil
}

func (w *world) PutAccount(_ context.Context, a gate.Account) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.accounts[a.Name] = a
	return nil
}

func (w *world) Accounts(context.Context) ([]gate.Account, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]gate.Account, 0, len(w.accounts))
	for _, a := range w.accounts {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b gate.Account) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (w *world) PutSession(_ context.Context, key string, data []byte, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions[key] = data
	return nil
}

func (w *world) Session(_ context.Context, key string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	data, ok := w.sessions[key]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

func (w *world) DropSession(_ context.Context, key string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.sessions, key)
	return nil
}

func (w *world) log() []web.View {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.views)
}

func (w *world) breakLog() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.logDown = errors.New("disk full")
}

func (w *world) breakMoves(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = err
}

func (w *world) slowDown(until chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slow = until
}

func (w *world) lastContext() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.gone
}

func (w *world) paper(id pipeline.PaperID) pipeline.Paper {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.papers[id]
}

// damage makes reading an object end in an error, as a store does when a digest is
// not that of the bytes.
func (w *world) damage(d pipeline.Digest) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.damaged = d
}

// damagedReader says at the end that the bytes are not what they should be.
type damagedReader struct{ io.Reader }

func (r damagedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		err = errors.New("digest mismatch")
	}
	return n, err
}

func (w *world) DropExpired(context.Context, time.Time) error { return nil }

func (w *world) Marks(q pipeline.Query, page []string) []pipeline.Stretch {
	var all []pipeline.Stretch
	for i, word := range page {
		if strings.EqualFold(word, q.Box) {
			all = append(all, pipeline.Stretch{First: i, Last: i})
		}
	}
	return all
}

func (w *world) Keep(_ context.Context, account string, k pipeline.Kept) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept[account] = append(w.kept[account], k)
	return nil
}

func (w *world) Kept(_ context.Context, account string) ([]pipeline.Kept, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.kept[account]), nil
}

func (w *world) RenameKept(_ context.Context, account, id, name string) error {
	return w.changeKept(account, id, func(k pipeline.Kept) []pipeline.Kept {
		k.Name = name
		return []pipeline.Kept{k}
	})
}

func (w *world) DropKept(_ context.Context, account, id string) error {
	return w.changeKept(account, id, func(pipeline.Kept) []pipeline.Kept { return nil })
}

func (w *world) changeKept(account, id string, change func(pipeline.Kept) []pipeline.Kept) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, k := range w.kept[account] {
		if k.ID == id {
			w.kept[account] = slices.Replace(w.kept[account], i, i+1, change(k)...)
			return nil
		}
	}
	return fs.ErrNotExist
}
