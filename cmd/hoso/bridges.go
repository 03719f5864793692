package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"hoso/cmd/internal/embedded"
	"hoso/cmd/internal/report"
	"hoso/cmd/internal/web"
	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/pipeline/extract"
	"hoso/storage/catalog"
	"hoso/storage/objects/s3"
	"hoso/workers"
)

// The bridges join what the pages ask for to what offices, catalogs and workers give.
// Neither side knows the other.

// front is the office as the pages know it.
type front struct{ *workers.Office }

// Receive takes a paper in.
func (f front) Receive(ctx context.Context, h web.Handed) (pipeline.Receipt, error) {
	return f.Office.Receive(ctx, workers.Handed(h))
}

// artifacts opens and examines what is stored.
type artifacts struct {
	office  *workers.Office
	objects *s3.Store
}

// Open gives an artifact of a paper.
func (s artifacts) Open(ctx context.Context, id pipeline.PaperID, what web.Artifact) (web.Opened, error) {
	o, err := s.office.Open(ctx, id, workers.Artifact(what))
	if errors.Is(err, workers.ErrInWork) {
		return web.Opened{}, web.ErrInWork
	}
	return s.opened(o, err)
}

// OpenEdition gives a version of a paper's record.
func (s artifacts) OpenEdition(ctx context.Context, id pipeline.PaperID, version int) (web.Opened, error) {
	return s.opened(s.office.OpenEdition(ctx, id, version))
}

func (s artifacts) opened(o workers.Opened, err error) (web.Opened, error) {
	if err != nil {
		return web.Opened{}, err
	}
	at := func(ctx context.Context) (io.ReaderAt, error) {
		r, _, err := s.objects.ReaderAt(ctx, o.Digest)
		return r, err
	}
	return web.Opened{Body: o.ReadCloser, Size: o.Size, Media: o.Media, Digest: o.Digest, At: at}, nil
}

// Verify examines a paper.
func (s artifacts) Verify(ctx context.Context, id pipeline.PaperID) (web.Verdict, error) {
	v, err := s.office.Verify(ctx, id)
	if err != nil {
		return web.Verdict{}, err
	}
	return verdictOf(v, ""), nil
}

// Judge examines a file that is kept nowhere.
func (s artifacts) Judge(ctx context.Context, name string, body io.Reader) (web.Verdict, error) {
	v, err := s.office.Judge(ctx, body)
	if err != nil {
		return web.Verdict{}, err
	}
	return verdictOf(v, name), nil
}

// verdictOf is a verdict as pages and programs are told of it.
func verdictOf(v workers.Verdict, name string) web.Verdict {
	out := web.Verdict{Passed: v.Good, Signature: v.Sealed, Trusted: v.Trusted}
	for _, c := range v.Checks {
		out.Checks = append(out.Checks, web.Check(c))
	}
	out.Report = explained(v.File, name)
	if v.Inner != nil {
		out.Attached = explained(v.Inner, v.Inner.Name)
	}
	return out
}

// explained tells people what was found in a file; nil if there is none.
func explained(f *workers.Examined, name string) *report.Report {
	if f == nil {
		return nil
	}
	r := report.Of(report.File{
		Name: name, Digest: f.Digest, Size: f.Size, Pages: f.Pages, PDFA: f.PDFA, Encrypted: f.Encrypted, Unfit: f.Unfit,
	}, f.Report)
	return &r
}

// Arrival tells what was found of the signatures that a paper came with.
func (s artifacts) Arrival(ctx context.Context, id pipeline.PaperID) (pipeline.ArrivalNote, error) {
	return s.office.Arrival(ctx, id) //nolint:wrapcheck // it says all
}

// officers sign with keys of their own.
type officers struct {
	*workers.Desk

	c *catalog.Catalog
}

// Prepare makes signatures ready for a key.
func (o officers) Prepare(ctx context.Context, papers []pipeline.Paper, by web.Signatory) ([]web.Offer, error) {
	offers, err := o.Desk.Prepare(ctx, papers, workers.Signatory(by))
	var out []web.Offer
	for _, one := range offers {
		out = append(out, web.Offer(one))
	}
	return out, err
}

// AskedNow gives the signatures that keys have been asked for.
func (o officers) AskedNow(ctx context.Context, now time.Time) ([]pipeline.DeskRequest, error) {
	return o.c.AskedNow(ctx, now)
}

// pictures draws pages to look at.
type pictures struct{ *workers.Pictures }

// Page draws a page of a paper.
func (p pictures) Page(ctx context.Context, paper pipeline.Paper, number int) (web.Picture, error) {
	drawn, err := p.Pictures.Page(ctx, paper, number)
	return web.Picture(drawn), err
}

// Whole draws a page of a paper for a window that shows all of it.
func (p pictures) Whole(ctx context.Context, paper pipeline.Paper, number int) (web.Picture, error) {
	drawn, err := p.Pictures.Whole(ctx, paper, number)
	return web.Picture(drawn), err
}

// Sheet draws a page of a paper's original, be it in the paper or not.
func (p pictures) Sheet(ctx context.Context, paper pipeline.Paper, number int) (web.Picture, error) {
	drawn, err := p.Pictures.Sheet(ctx, paper, number)
	return web.Picture(drawn), err
}

// accounts keeps the gate's accounts in the catalog.
type accounts struct{ c *catalog.Catalog }

// Account gives the account of that name.
func (a accounts) Account(ctx context.Context, name string) (gate.Account, error) {
	found, err := a.c.Account(ctx, name)
	return known(found), err
}

// PutAccount makes or replaces an account.
func (a accounts) PutAccount(ctx context.Context, g gate.Account) error {
	return a.c.PutAccount(ctx, catalog.Account{
		Name: g.Name, Hash: g.Hash, Role: string(g.Role), Unit: g.Unit, Created: g.Created, Disabled: g.Disabled,
	})
}

// Accounts lists all accounts.
func (a accounts) Accounts(ctx context.Context) ([]gate.Account, error) {
	found, err := a.c.Accounts(ctx)
	var all []gate.Account
	for _, f := range found {
		all = append(all, known(f))
	}
	return all, err
}

func known(a catalog.Account) gate.Account {
	return gate.Account{Name: a.Name, Hash: a.Hash, Role: gate.Role(a.Role), Unit: a.Unit, Created: a.Created, Disabled: a.Disabled}
}

// journal writes the access log.
type journal struct{ c *catalog.Catalog }

// LogView logs that somebody looked at something.
func (j journal) LogView(ctx context.Context, v web.View) error {
	return j.c.LogView(ctx, catalog.View(v))
}

// observer tells how things go right now.
type observer struct {
	house *house
	queue *workers.Dispatcher
}

// Progress tells how many pages of a paper have been read.
func (o observer) Progress(ctx context.Context, id pipeline.PaperID) (web.Progress, error) {
	p, err := o.house.parts.catalog.Paper(ctx, id)
	if err != nil {
		return web.Progress{}, err
	}
	var at web.Progress
	err = within(ctx, glimpse, func(context.Context) error {
		done, total, err := o.queue.Progress(p)
		at = web.Progress{Done: done, Total: total}
		return err
	})
	if err != nil {
		return web.Progress{}, err
	}
	return at, nil
}

// How long pages wait for a part that may be frozen: for one that only adds a detail,
// and for one that is asked how it is.
const (
	glimpse  = 500 * time.Millisecond
	patience = 2 * time.Second
)

// within asks, and gives up after limit although not every question can be taken back.
// What ask sets may be used only after a nil error.
func within(ctx context.Context, limit time.Duration, ask func(context.Context) error) error {
	ctx, done := context.WithTimeout(ctx, limit)
	defer done()
	answer := make(chan error, 1)
	go func() { answer <- ask(ctx) }()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return fmt.Errorf("waiting for an answer: %w", ctx.Err())
	}
}

// Services lists the parts of the installation. All are asked at once.
func (o observer) Services(ctx context.Context) []web.Service {
	parts := []struct {
		name, say string
		ask       func(context.Context) error
	}{
		{"catalog", "Cơ sở dữ liệu", func(ctx context.Context) error { return second(o.house.parts.catalog.Balance(ctx)) }},
		{"queue", "Hàng đợi xử lý", func(context.Context) error { return o.queue.Ping() }},
		{"objects", "Kho lưu trữ tệp", func(ctx context.Context) error { return reach(ctx, o.house.parts) }},
		{"worker", "Tiến trình đọc và ký giấy tờ", func(context.Context) error { return alive(o.house.worker.Status()) }},
	}
	all := make([]web.Service, len(parts))
	var asked sync.WaitGroup
	for i, p := range parts {
		asked.Go(func() { all[i] = service(p.name, p.say, within(ctx, patience, p.ask)) })
	}
	asked.Wait()
	if s, ok := o.house.certificate.service(); ok {
		all = append(all, s)
	}
	if s, ok := o.house.nights.folders.service(); ok {
		all = append(all, s)
	}
	return append(all, disk(o.house.cfg.Data))
}

// disk tells how much room there is for more papers.
func disk(dir string) web.Service {
	room, err := workers.Room(dir)
	if err != nil {
		return web.Service{
			Name: "disk", English: err.Error(),
			Say: "Ổ đĩa dữ liệu sắp đầy nên tạm dừng nhận giấy tờ mới. Giấy tờ đã nhận vẫn an toàn. Người quản trị cần giải phóng hoặc bổ sung dung lượng.",
		}
	}
	left := fmt.Sprintf("%d MB", room/1e6)
	if room >= 10e9 {
		left = fmt.Sprintf("%d GB", room/1e9)
	}
	return web.Service{Name: "disk", Healthy: true, Say: "Ổ đĩa dữ liệu còn nhận được khoảng " + left + "."}
}

func alive(worker embedded.ChildStatus) error {
	if worker.PID == 0 {
		return fmt.Errorf("no worker process; restarted %d times", worker.Restarts)
	}
	return nil
}

// reach asks the bucket for a note that nobody has.
func reach(ctx context.Context, p *parts) error {
	_, err := p.objects.GetKey(ctx, pipeline.NoteKey(newID()))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func second[T any](_ T, err error) error { return err }

func service(name, say string, err error) web.Service {
	s := web.Service{Name: name, Healthy: err == nil, Say: say + " đang hoạt động."}
	if err != nil {
		s.English, s.Say = err.Error(), say+" không trả lời. Giấy tờ đã nhận vẫn an toàn và sẽ được xử lý tiếp."
	}
	return s
}

// repository is what the pages ask of dossiers as a whole.
type repository struct {
	*workers.Repository

	c *catalog.Catalog
}

func repositoryOf(p *parts, classes extract.Classes) repository {
	return repository{&workers.Repository{
		Papers: p.catalog, Objects: p.objects, Holdings: p.catalog, Procedures: p.catalog, Classes: classes, Now: time.Now,
	}, p.catalog}
}

// Named gives procedures by words of their names.
func (r repository) Named(ctx context.Context, words string, day pipeline.Day) ([]pipeline.Procedure, error) {
	return r.c.ProceduresNamed(ctx, words, day)
}

// Reused gives one reuse.
func (r repository) Reused(ctx context.Context, id string) (pipeline.Reuse, error) {
	return r.c.Reuse(ctx, id)
}

// Count counts the reuses of a unit that stand.
func (r repository) Count(ctx context.Context, unit string) (pipeline.ReuseCount, error) {
	return r.c.ReuseCount(ctx, unit, time.Time{}, time.Time{})
}

// ReusedIn gives the reuses of a paper.
func (r repository) ReusedIn(ctx context.Context, id pipeline.PaperID) ([]pipeline.Reuse, error) {
	return r.c.ReusesOf(ctx, id)
}

// names is the list of agencies as extraction asks it.
type names struct{ *catalog.Catalog }

// Agencies gives a lookup in the list as it is now.
func (n names) Agencies(ctx context.Context) (extract.Lookup, error) {
	list, err := n.Register(ctx)
	if err != nil || list.Len() == 0 {
		return nil, err
	}
	return func(name string, day pipeline.Day) []extract.Known {
		var out []extract.Known
		for _, m := range list.Named(name, day) {
			out = append(out, extract.Known{Code: m.Agency.Code, Name: m.Agency.Name, Score: m.Score})
		}
		return out
	}, nil
}
