package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// shown is a paper as a page shows it.
type shown struct {
	pipeline.Paper
	Now     standing
	At      Progress
	Settle  bool // who asks may settle it
	Light   bool // there may be an access copy
	Token   string
	Snippet pipeline.Snippet

	drawn bool // there are pictures of pages
}

// Said gives what the paper says in a field, "" if it does not.
func (s shown) Said(name pipeline.FieldName) string {
	for _, f := range s.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// OwnerID is the number of the owner as a list shows it.
func (s shown) OwnerID() string { return masked(s.Said(pipeline.FieldOwnerID)) }

// Told are the fields as who asks may read them: the owner's number is whole for those
// alone who may settle the paper.
func (s shown) Told() []pipeline.Field {
	if s.Settle {
		return s.Fields
	}
	all := slices.Clone(s.Fields)
	for i, f := range all {
		all[i].Value = veiled(s.Paper, f.Value)
	}
	return all
}

// ToldCode is the code of the digitized paper likewise: the owner's number begins it.
func (s shown) ToldCode() string {
	if s.Settle {
		return s.Code.Value
	}
	return veiled(s.Paper, s.Code.Value)
}

// Changes says what an event changed, likewise.
func (s shown) Changes(e pipeline.Event) []string {
	all := sayChanges(e)
	for i := range all {
		if !s.Settle {
			all[i] = veiled(s.Paper, all[i])
		}
	}
	return all
}

// CanNumber reports whether the screen offers to set the number.
func (s shown) CanNumber() bool {
	elsewhere := s.Reason.Code == "fields-unsure" || s.Reason.Code == pipeline.ReasonSignatures
	return s.Settle && s.State == pipeline.Confirming && !elsewhere
}

// CanCorrect likewise for the fields.
func (s shown) CanCorrect() bool {
	return s.Settle && (s.State == pipeline.Confirming || s.State == pipeline.Filed)
}

// CanReread likewise for reading a filed paper again, and for correcting its words.
func (s shown) CanReread() bool { return s.Settle && s.State == pipeline.Filed }

// Suggested is the only number that was read off a paper, without enough certainty, for
// a person to compare, or the one that it was handed in with; "" if there are several.
func (s shown) Suggested() string {
	if !s.Dossier.IsZero() {
		return s.Dossier.String()
	}
	if all := s.numbers(); len(all) == 1 {
		return all[0]
	}
	return ""
}

// shownChoices bounds the numbers offered; who looks for one among more types it.
const shownChoices = 6

// Choices are several numbers that were read off a paper, the likeliest first.
func (s shown) Choices() []string {
	all := s.numbers()
	if len(all) < 2 {
		return nil
	}
	return all[:min(len(all), shownChoices)]
}

// numberContradicts is the question which number is right, a list's or the paper's.
const numberContradicts = "number-contradicts"

func (s shown) numbers() []string {
	var all []string
	open := s.Dossier.IsZero() || slices.ContainsFunc(s.Questions(), func(r pipeline.Reason) bool { return r.Code == numberContradicts })
	for _, f := range s.Fields {
		if f.Name == pipeline.FieldDossier && open && !slices.Contains(all, f.Value) {
			all = append(all, f.Value)
		}
	}
	return all
}

// CanReject likewise for refusing the paper.
func (s shown) CanReject() bool {
	return s.Settle && !s.HasRecord() && s.State != pipeline.Rejected
}

// CanRetry likewise for trying again now.
func (s shown) CanRetry() bool {
	return s.Settle && (s.State == pipeline.Failed || s.State.Waiting())
}

// HasRecord reports whether there is a published record.
func (s shown) HasRecord() bool {
	_, ok := s.Current()
	return ok
}

// Drawn reports whether pages can be looked at one by one.
func (s shown) Drawn() bool { return s.drawn && !s.Shelved().Words.IsZero() }

// Preview says how a browser can show the original: "pdf", "image" or "".
func (s shown) Preview() string { return previewOf(s.Media) }

func previewOf(media string) string {
	switch media {
	case "application/pdf":
		return "pdf"
	case "image/jpeg", "image/png":
		return "image"
	}
	return ""
}

// look gives a paper and how its reading goes.
func (s *Site) look(ctx context.Context, id pipeline.PaperID) (pipeline.Paper, Progress, error) {
	p, err := s.Catalog.Paper(ctx, id)
	if err != nil {
		return p, Progress{}, err
	}
	return p, s.progress(ctx, p), nil
}

// progress is a kindness: where it cannot be had, nothing is hidden by its loss.
func (s *Site) progress(ctx context.Context, p pipeline.Paper) Progress {
	if p.State != pipeline.Received || s.Observer == nil {
		return Progress{}
	}
	at, err := s.Observer.Progress(ctx, p.ID)
	if err != nil {
		return Progress{}
	}
	return at
}

func (s *Site) shown(v *visit, p pipeline.Paper, at Progress) shown {
	return shown{
		Paper: p, Now: sayStanding(p, at), At: at, Token: formToken(v.token),
		Settle: gate.May(v.session.Who, gate.Settle, thing(p)), Light: s.Light, drawn: s.Pictures != nil,
	}
}

func thing(p pipeline.Paper) gate.Thing { return gate.Thing{Unit: p.Unit, Sender: p.Sender} }

// paper gives the paper that the address names, if who asks may do the route's act to
// it. A paper of somebody else's does not exist for them.
func (s *Site) paper(v *visit) (shown, error) {
	id, err := pipeline.ParsePaperID(v.r.PathValue("id"))
	if err != nil {
		return shown{}, err
	}
	p, at, err := s.look(v.r.Context(), id)
	if err != nil {
		return shown{}, err
	}
	if !gate.May(v.session.Who, v.route.act, thing(p)) {
		if lent, err := s.lent(v.r.Context(), v.session.Who, v.route.act, id); !lent {
			return shown{}, errors.Join(err, fs.ErrNotExist)
		}
	}
	return s.shown(v, p, at), nil
}

// note writes the access log before anything is shown.
func (s *Site) note(v *visit, act string, id pipeline.PaperID, detail string) error {
	remote := ""
	if a := s.remote(v.r); a.IsValid() {
		remote = a.String()
	}
	err := s.Journal.LogView(v.r.Context(), View{
		Time: s.Now(), Account: v.session.Who.Account, Paper: id, Act: act, Detail: detail, Remote: remote,
	})
	if err != nil {
		return &pipeline.Unavailable{What: "access log", Err: err}
	}
	return nil
}

// noteOnce is note for what programs ask again and again, such as where a paper
// stands: asking the same within a minute is one look.
func (s *Site) noteOnce(v *visit, id pipeline.PaperID, detail string) error {
	key := v.session.Who.Account + " " + string(id) + " " + detail + " " + s.remote(v.r).String()
	if !s.seen.first(key, s.Now()) {
		return nil
	}
	if err := s.note(v, "viewed", id, detail); err != nil {
		s.seen.forget(key)
		return err
	}
	return nil
}

type paperBody struct {
	shown
	Form     reviewForm
	Alike    alikeBody
	Events   []pipeline.Event
	PageRows []pageRow
	More     int              // pages not listed
	Lost     bool             // the list cannot be read just now; everything else can be shown
	Used     []pipeline.Reuse // by other dossiers
	From     string           // the question that led here, "" for none
	Leaf     *leaf            // the page where its words stand, nil for none
	Shelf    bool             // its batch has a page
}

// pageRow is a page without its words.
type pageRow struct {
	Number     int
	Outcome    pipeline.Outcome
	Verdict    pipeline.Verdict
	Reason     pipeline.Reason
	Confidence float32
	Flags      string
}

// listedPages bounds the table of pages; the rest is in the words of the API.
const listedPages = 300

func (s *Site) paperPage(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	note := func() error { return s.note(v, "viewed", p.ID, "") }
	if v.r.URL.Query().Has(placeKey) { // going from place to place is one look
		note = func() error { return s.noteOnce(v, p.ID, "") }
	}
	if err := note(); err != nil {
		return err
	}
	return s.showPaper(v, http.StatusOK, p, s.form(p))
}

// showPaper shows a paper with a form for its fields.
func (s *Site) showPaper(v *visit, status int, p shown, form reviewForm) error {
	body := paperBody{shown: p, Form: form, Shelf: s.shelved(v.r.Context(), p.Batch)}
	var err error
	if q, ok := s.asked.find(v.r.URL.Query().Get("q"), s.owner(v)); ok {
		body.From = q.id
		body.Leaf = s.leafWithin(v, p)
	}
	if body.Events, err = s.Catalog.Events(v.r.Context(), p.ID); err != nil {
		return err
	}
	if body.Used, err = s.usedIn(v, p); err != nil {
		return err
	}
	if body.Alike, err = s.alike(v, p.Paper); err != nil {
		return err
	}
	if !p.Words.IsZero() {
		s.listPages(v.r.Context(), &body)
	}
	s.render(v, status, "paper", p.FileName, body)
	return nil
}

func (s *Site) listPages(ctx context.Context, body *paperBody) {
	err := readPages(ctx, s.Shelf, body.ID, func(p pipeline.Page) bool {
		body.PageRows = append(body.PageRows, pageRow{p.Number, p.Outcome, p.Verdict, p.Reason, p.Confidence, sayFlags(p)})
		return len(body.PageRows) < listedPages
	})
	if err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "listing pages", slog.String("paper", string(body.ID)), slog.Any("error", err))
		body.Lost, body.PageRows = true, nil
		return
	}
	body.More = max(0, body.Pages-len(body.PageRows))
}

func (s *Site) rowPage(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	html, err := s.draw("home", "row", p)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = v.w.Write(html)
	return nil
}

// find asks the catalog within the unit of who asks.
func (s *Site) find(v *visit, q pipeline.Query) (pipeline.Found, error) {
	q.Within = v.session.Who.Unit
	return s.Catalog.Find(v.r.Context(), q)
}

func (s *Site) setNumberForm(v *visit) error {
	err := s.settle(v, func(p shown, actor string) error {
		n, err := s.parseNumber(v.r.PostFormValue("number"))
		if err != nil {
			return err
		}
		_, err = s.Office.SetNumber(v.r.Context(), p.ID, n, actor)
		return err
	})
	if doubtsUnit(err) { // the form of the fields has a box to take it all the same
		return s.askAgain(v, problemOf(err))
	}
	return err
}

// parseNumber reads a number that a person typed; a day in the future is a slip.
func (s *Site) parseNumber(text string) (pipeline.DossierNumber, error) {
	n, err := pipeline.ParseDossierNumber(text)
	if err != nil {
		return n, err
	}
	if n.Day().After(s.today()) {
		return n, &problem{status: 422, code: "future-number", say: "Ngày trong mã số hồ sơ ở tương lai. Hãy kiểm tra lại.", detail: "the number's day is in the future"}
	}
	return n, nil
}

// today is the day in Vietnam, at midnight UTC as DossierNumber.Day is.
func (s *Site) today() time.Time {
	y, m, d := s.Now().In(vietnam()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (s *Site) rejectForm(v *visit) error {
	return s.settle(v, func(p shown, actor string) error {
		reason, err := personReason(v.r.PostFormValue("reason"))
		if err != nil {
			return err
		}
		_, err = s.Office.Reject(v.r.Context(), p.ID, reason, actor)
		return err
	})
}

// reasonByPerson is the code of a person's refusal.
const reasonByPerson = "rejected-by-person"

func personReason(text string) (pipeline.Reason, error) {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if n := len([]rune(text)); n < 3 || n > 500 {
		return pipeline.Reason{}, &problem{status: 422, code: "reason", say: "Hãy ghi lý do từ chối (3 đến 500 ký tự).", detail: "a reason of 3 to 500 characters is needed"}
	}
	return pipeline.Reason{Code: reasonByPerson, English: "a person rejected the paper", Vietnamese: text}, nil
}

func (s *Site) retryForm(v *visit) error {
	return s.settle(v, func(p shown, actor string) error {
		_, err := s.Office.Retry(v.r.Context(), p.ID, actor)
		return err
	})
}

// settle runs a person's decision and shows the paper again.
func (s *Site) settle(v *visit, decide func(p shown, actor string) error) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if err := decide(p, v.session.Who.Account); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/papers/"+string(p.ID), http.StatusSeeOther)
	return nil
}
