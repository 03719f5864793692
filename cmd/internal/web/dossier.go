package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// Repository tells how dossiers stand, and uses papers again that are kept already.
type Repository interface {
	Sheet(ctx context.Context, a pipeline.DossierAsked) (pipeline.DossierSheet, error)
	Reuse(ctx context.Context, a pipeline.Reusing) (pipeline.Reuse, error)
	Withdraw(ctx context.Context, id, actor string) (pipeline.Reuse, error)
	// Named gives procedures that stand on a day and whose names have all of some words.
	Named(ctx context.Context, words string, day pipeline.Day) ([]pipeline.Procedure, error)
	Reuses
}

// Reuses knows what is used again: one by its ID, those of a paper, and how many there
// are in a unit.
type Reuses interface {
	Reused(ctx context.Context, id string) (pipeline.Reuse, error)
	ReusedIn(ctx context.Context, id pipeline.PaperID) ([]pipeline.Reuse, error)
	Count(ctx context.Context, unit string) (pipeline.ReuseCount, error)
}

// lent reports whether a dossier of who's uses a paper of somebody else's: then they
// may look at it.
func (s *Site) lent(ctx context.Context, who gate.Identity, act gate.Act, id pipeline.PaperID) (bool, error) {
	if s.Repository == nil || act != gate.Look || who.Anonymous() {
		return false, nil
	}
	reuses, err := s.Repository.ReusedIn(ctx, id)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(reuses, func(r pipeline.Reuse) bool {
		return r.Standing() && gate.May(who, act, gate.Thing{Unit: r.Unit})
	}), nil
}

// reuses counts what is used again in the unit of who asks.
func (s *Site) reuses(v *visit) (pipeline.ReuseCount, error) {
	if s.Repository == nil {
		return pipeline.ReuseCount{}, nil
	}
	return s.Repository.Count(v.r.Context(), v.session.Who.Unit)
}

// usedIn gives the reuses of a paper, for those whose own it is.
func (s *Site) usedIn(v *visit, p shown) ([]pipeline.Reuse, error) {
	if s.Repository == nil || !gate.May(v.session.Who, gate.Look, thing(p.Paper)) {
		return nil, nil
	}
	return s.Repository.ReusedIn(v.r.Context(), p.ID)
}

// sheetBody is a dossier as the page shows it.
type sheetBody struct {
	Asked  bool
	Lost   bool // the question is forgotten
	ID     string
	Number string // as typed
	Owner  string
	Code   string // of the procedure, as typed

	Choices []pipeline.Procedure // several that may be meant

	Sheet  pipeline.DossierSheet
	Papers []shown
	Settle bool // who asks may use papers again
	Token  string
	Lacks  int // papers that must be there and are not
}

// dossierForm asks for a dossier: before anything is scanned.
func (s *Site) dossierForm(v *visit) error {
	s.render(v, http.StatusOK, "dossier", "Hồ sơ", sheetBody{})
	return nil
}

// askDossier takes the question; like what is looked up it stays out of addresses.
func (s *Site) askDossier(v *visit) error {
	number := v.r.PostFormValue("number")
	n, err := s.parseNumber(number)
	if err != nil {
		return err
	}
	asked := pipeline.DossierAsked{Dossier: n, Owner: v.r.PostFormValue("owner"), Procedure: v.r.PostFormValue("procedure")}
	choices, err := s.named(v, &asked)
	if err != nil {
		return err
	}
	if len(choices) > 1 {
		body := sheetBody{Number: number, Owner: asked.Owner, Code: asked.Procedure, Choices: choices, Token: formToken(v.token)}
		s.render(v, http.StatusOK, "dossier", "Hồ sơ", body)
		return nil
	}
	if asked, err = s.checkedDossier(v, gate.Look, asked); err != nil {
		return err
	}
	return s.leadTo(v, asked)
}

// named takes what was typed as a procedure for words of its name, if it is no code: one
// that has them is meant, of several somebody chooses.
func (s *Site) named(v *visit, a *pipeline.DossierAsked) ([]pipeline.Procedure, error) {
	words := strings.TrimSpace(a.Procedure)
	if _, err := pipeline.ParseProcedure(words); words == "" || err == nil || s.Repository == nil {
		return nil, nil
	}
	all, err := s.Repository.Named(v.r.Context(), norm.NFC.String(words), pipeline.DayOf(a.Dossier.Day()))
	if err == nil && len(all) == 0 {
		err = &problem{
			status: 422, code: "procedure", say: "Không có thủ tục nào có mã hoặc tên như vậy vào ngày nhận hồ sơ.", detail: "no such procedure",
		}
	}
	if len(all) == 1 {
		a.Procedure = all[0].Code
	}
	return all, err
}

// leadTo keeps a question about a dossier and leads to its answer.
func (s *Site) leadTo(v *visit, asked pipeline.DossierAsked) error {
	q := &question{id: randomName(), owner: s.owner(v), dossier: asked}
	s.sheets.keep(q)
	http.Redirect(v.w, v.r, "/dossier/"+q.id, http.StatusSeeOther)
	return nil
}

// checkedDossier holds what was asked against the rights and the grammars.
func (s *Site) checkedDossier(v *visit, act gate.Act, a pipeline.DossierAsked) (pipeline.DossierAsked, error) {
	if s.Repository == nil {
		return a, fs.ErrNotExist
	}
	if !gate.May(v.session.Who, act, gate.Thing{Unit: a.Dossier.Unit()}) {
		return a, &problem{status: 403, code: "other-unit", say: "Hồ sơ này thuộc đơn vị khác.", detail: "the dossier belongs to another unit"}
	}
	const longest = 400 // the code of an identity card has some 150 letters
	a.Owner, a.Procedure = strings.TrimSpace(norm.NFC.String(a.Owner)), strings.TrimSpace(a.Procedure)
	if len(a.Owner) > longest {
		return a, &problem{status: 422, code: "owner", say: "Số định danh quá dài.", detail: "the owner's number is too long"}
	}
	if a.Procedure != "" {
		code, err := pipeline.ParseProcedure(a.Procedure)
		if err != nil {
			return a, &problem{
				status: 422, code: "procedure", say: "Mã thủ tục không đúng, ví dụ đúng: 1.005129.", detail: "not a procedure code", cause: err,
			}
		}
		a.Procedure = code
	}
	return a, nil
}

// sheet asks for a dossier and notes it; what the owner has is for those alone who may
// use it again.
func (s *Site) sheet(v *visit, a pipeline.DossierAsked) (pipeline.DossierSheet, error) {
	if err := s.note(v, "searched", "", strings.TrimSpace(a.Dossier.String()+" "+a.Owner)); err != nil {
		return pipeline.DossierSheet{}, err
	}
	sheet, err := s.Repository.Sheet(v.r.Context(), a)
	if err != nil {
		return sheet, err
	}
	who := v.session.Who
	if !gate.May(who, gate.Settle, gate.Thing{Unit: a.Dossier.Unit()}) {
		sheet.Owner, sheet.Offers = "", nil
	}
	for i, o := range sheet.Offers {
		if !gate.May(who, gate.Look, thing(o.Paper)) {
			sheet.Offers[i].Paper = described(o.Paper)
		}
	}
	for i, u := range sheet.Reuses {
		if !u.Standing() && !gate.May(who, gate.Look, thing(u.Kept)) {
			sheet.Reuses[i].Kept = described(u.Kept)
		}
	}
	sheet.Papers = slices.DeleteFunc(sheet.Papers, func(p pipeline.Paper) bool { return !gate.May(who, gate.Look, thing(p)) })
	return sheet, nil
}

// described is what those are told of a paper who may use it, but not look at it before
// they do: what it is, not what it says.
func described(p pipeline.Paper) pipeline.Paper {
	told := pipeline.Paper{ID: p.ID, Kind: p.Kind, Unit: p.Unit, Received: p.Received, State: p.State, Pages: p.Pages, Code: p.Code}
	for _, name := range []pipeline.FieldName{
		pipeline.FieldClass, pipeline.FieldTitle, pipeline.FieldNumber, pipeline.FieldDate, pipeline.FieldIssuer, pipeline.FieldValidUntil,
	} {
		if f := p.Field(name); f.Value != "" {
			told.Fields = append(told.Fields, f)
		}
	}
	return told
}

// asks gives the question that the address names.
func (s *Site) asks(v *visit) (question, bool) {
	return s.sheets.find(v.r.PathValue("question"), s.owner(v))
}

func (s *Site) dossierSheet(v *visit) error {
	q, ok := s.asks(v)
	if !ok {
		s.render(v, http.StatusGone, "dossier", "Hồ sơ", sheetBody{Lost: true})
		return nil
	}
	sheet, err := s.sheet(v, q.dossier)
	if err != nil {
		return err
	}
	body := sheetBody{
		Asked: true, ID: q.id, Number: q.dossier.Dossier.String(), Owner: q.dossier.Owner, Code: q.dossier.Procedure, Sheet: sheet,
		Settle: gate.May(v.session.Who, gate.Settle, gate.Thing{Unit: sheet.Number.Unit()}), Token: formToken(v.token),
	}
	for _, p := range sheet.Papers {
		body.Papers = append(body.Papers, s.shown(v, p, Progress{}))
	}
	for _, n := range sheet.Needs {
		if n.State == pipeline.NeedMissing {
			body.Lacks++
		}
	}
	s.render(v, http.StatusOK, "dossier", "Hồ sơ", body)
	return nil
}

// dossierPage leads from a paper to its dossier. It is addressed by the paper, since
// numbers of dossiers do not belong in addresses.
func (s *Site) dossierPage(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	if p.Dossier.IsZero() {
		return fs.ErrNotExist
	}
	asked, err := s.checkedDossier(v, gate.Look, pipeline.DossierAsked{Dossier: p.Dossier}) // the paper may be lent
	if err != nil {
		return err
	}
	return s.leadTo(v, asked)
}

// reuseForm makes the dossier use a paper of its owner's.
func (s *Site) reuseForm(v *visit) error {
	return s.onDossier(v, func(a pipeline.DossierAsked) error {
		id, err := pipeline.ParsePaperID(v.r.PostFormValue("paper"))
		if err != nil {
			return err
		}
		_, err = s.reuse(v, pipeline.Reusing{DossierAsked: a, Paper: id, Component: v.r.PostFormValue("component")})
		return err
	})
}

// reuse checks that the paper is one of those offered to the owner who was named. Who
// knows that number and works on a dossier may use what the owner has; that they did
// stands in the access log, and on the paper for the unit whose it is.
func (s *Site) reuse(v *visit, a pipeline.Reusing) (pipeline.Reuse, error) {
	a.Actor = v.session.Who.Account
	if len(a.Component) > longestComponent || !utf8.ValidString(a.Component) {
		return pipeline.Reuse{}, badRequest("component", "a component is named in at most 500 bytes", nil)
	}
	sheet, err := s.Repository.Sheet(v.r.Context(), a.DossierAsked)
	if err != nil {
		return pipeline.Reuse{}, err
	}
	used := slices.ContainsFunc(sheet.Reuses, func(r pipeline.Reused) bool { return r.Paper == a.Paper && r.Standing() })
	offered := slices.IndexFunc(sheet.Offers, func(o pipeline.Offer) bool { return o.Paper.ID == a.Paper })
	if offered < 0 && !used {
		return pipeline.Reuse{}, &problem{
			status: 422, code: "not-offered", say: "Giấy tờ này không có trong kho của chủ hồ sơ, hoặc không còn dùng lại được.",
			detail: "the paper is not among what the dossier's owner has to use",
		}
	}
	if offered >= 0 && a.Component == "" {
		a.Component = sheet.Offers[offered].Component
	}
	if a.Procedure == "" {
		a.Procedure = sheet.Procedure.Value
	}
	if err := s.note(v, "reused", a.Paper, a.Dossier.String()); err != nil {
		return pipeline.Reuse{}, err
	}
	return s.Repository.Reuse(v.r.Context(), a)
}

// longestComponent bounds the name of a component in bytes.
const longestComponent = 500

// withdrawForm ends a reuse that was a mistake.
func (s *Site) withdrawForm(v *visit) error {
	return s.onDossier(v, func(pipeline.DossierAsked) error {
		_, err := s.withdraw(v, v.r.PostFormValue("reuse"))
		return err
	})
}

func (s *Site) withdraw(v *visit, id string) (pipeline.Reuse, error) {
	one, err := s.Repository.Reused(v.r.Context(), id)
	if err == nil && !gate.May(v.session.Who, gate.Settle, gate.Thing{Unit: one.Unit}) {
		err = fmt.Errorf("withdrawing a reuse of another unit: %w", fs.ErrNotExist)
	}
	if err != nil {
		return one, err
	}
	if err := s.note(v, "reuse withdrawn", one.Paper, one.Dossier.String()); err != nil {
		return one, err
	}
	return s.Repository.Withdraw(v.r.Context(), id, v.session.Who.Account)
}

// onDossier does something to the dossier that the address names and shows it again.
func (s *Site) onDossier(v *visit, do func(pipeline.DossierAsked) error) error {
	q, ok := s.asks(v)
	if !ok {
		s.render(v, http.StatusGone, "dossier", "Hồ sơ", sheetBody{Lost: true})
		return nil
	}
	asked, err := s.checkedDossier(v, gate.Settle, q.dossier)
	if err != nil {
		return err
	}
	if err := do(asked); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/dossier/"+q.id, http.StatusSeeOther)
	return nil
}

// dossierJSON is how programs ask for a dossier.
type dossierJSON struct {
	Number    string           `json:"number"`
	Owner     string           `json:"owner"`
	Procedure string           `json:"procedure"`
	Paper     pipeline.PaperID `json:"paper"`
	Component string           `json:"component"`
}

func (s *Site) readDossier(v *visit, act gate.Act) (dossierJSON, pipeline.DossierAsked, error) {
	var in dossierJSON
	if err := readJSON(v.r, &in); err != nil {
		return in, pipeline.DossierAsked{}, err
	}
	n, err := s.parseNumber(in.Number)
	if err != nil {
		return in, pipeline.DossierAsked{}, err
	}
	asked, err := s.checkedDossier(v, act, pipeline.DossierAsked{Dossier: n, Owner: in.Owner, Procedure: in.Procedure})
	return in, asked, err
}

func (s *Site) apiDossier(v *visit) error {
	_, asked, err := s.readDossier(v, gate.Look)
	if err != nil {
		return err
	}
	sheet, err := s.sheet(v, asked)
	if err != nil {
		return err
	}
	sheet.Needs, sheet.Papers, sheet.Reuses, sheet.Offers = orEmpty(sheet.Needs), orEmpty(sheet.Papers), orEmpty(sheet.Reuses), orEmpty(sheet.Offers)
	s.writeJSON(v, http.StatusOK, sheet)
	return nil
}

func (s *Site) apiReuse(v *visit) error {
	in, asked, err := s.readDossier(v, gate.Settle)
	if err != nil {
		return err
	}
	id, err := pipeline.ParsePaperID(string(in.Paper))
	if err != nil {
		return err
	}
	one, err := s.reuse(v, pipeline.Reusing{DossierAsked: asked, Paper: id, Component: in.Component})
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, one)
	return nil
}

func (s *Site) apiWithdraw(v *visit) error {
	if s.Repository == nil {
		return fs.ErrNotExist
	}
	var in struct {
		Reuse string `json:"reuse"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	if in.Reuse == "" {
		return badRequest("reuse", "reuse is the id of a reuse", errors.New("no id"))
	}
	one, err := s.withdraw(v, in.Reuse)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, one)
	return nil
}
