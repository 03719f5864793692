package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// reviewForm is the form of a paper's fields.
type reviewForm struct {
	ID     pipeline.PaperID
	Gen    int64
	Token  string
	Rows   []fieldRow
	Notice string // why the form is shown again
	Doubts int    // rows that are doubtful

	Waiting   bool // the paper waits for the answer
	AskAnyway bool // whether to take a number in spite of the list of agencies
	Sure      bool // of the number only that is asked: the answer is a tick and no other number
	AskSecret bool // whether a stamp of secrecy is none
	AskAccept bool // whether to take a file whose signatures are not in order

	asksNumber bool // the paper waits for its number, or for somebody to say that it is right

	Queue bool             // the next paper follows
	After pipeline.PaperID // papers before that were put off
}

// fieldRow is one field of the form.
type fieldRow struct {
	Name    pipeline.FieldName
	Value   string // as people write it
	Say     string // how sure it is, in words
	Tone    tone
	Why     policy.Why // what is doubtful
	Crop    string     // address of the picture of the place
	Focus   bool
	Choices []Class
	Others  []string // other numbers that were read
}

// Long tells a field that takes several lines.
func (r fieldRow) Long() bool { return r.Name == pipeline.FieldSubject }

// Lines is how many lines its text takes, where a browser does not see to that.
func (r fieldRow) Lines() int { return min(2+len([]rune(r.Value))/45, 8) }

// form is the form of the fields as they are, the doubtful ones first.
func (s *Site) form(p shown) reviewForm {
	f := reviewForm{ID: p.ID, Gen: p.Gen, Token: p.Token, Waiting: p.State == pipeline.Confirming}
	asked := map[string]bool{}
	for _, r := range p.Questions() {
		asked[r.Code] = true
	}
	f.AskSecret, f.AskAccept = asked["secret-stamp"], asked[pipeline.ReasonSignatures]
	f.AskAnyway = asked[pipeline.ReasonUnitUnknown] || asked[pipeline.ReasonUnitNotThen]
	for _, code := range []string{pipeline.ReasonUnitUnknown, pipeline.ReasonUnitNotThen, "number-not-found", "number-unsure", numberContradicts, "secret-stamp"} {
		f.asksNumber = f.asksNumber || asked[code]
	}
	doubts := s.doubts(p.Paper)
	for _, name := range policy.Names() {
		row := s.row(p, name, doubts[name])
		if name == pipeline.FieldDossier {
			row = f.numberRow(p, row)
		}
		if row.Why != "" {
			f.Doubts++
		}
		f.Rows = append(f.Rows, row)
	}
	slices.SortStableFunc(f.Rows, func(a, b fieldRow) int { return order(a) - order(b) })
	if f.Waiting && len(f.Rows) > 0 {
		f.Rows[0].Focus = true
	}
	return f
}

// order puts doubtful fields first, then those that are there.
func order(r fieldRow) int {
	switch {
	case r.Why != "":
		return 0
	case r.Value != "":
		return 1
	}
	return 2
}

// doubts are the fields that the policy wants looked at.
func (s *Site) doubts(p pipeline.Paper) map[pipeline.FieldName]policy.Why {
	class, _ := pipeline.FieldOf(p.Fields, pipeline.FieldClass)
	all := map[pipeline.FieldName]policy.Why{}
	for _, d := range s.Policy.For(p.Unit, class.Value).Doubts(p.Fields) {
		all[d.Name] = d.Why
	}
	return all
}

func (s *Site) row(p shown, name pipeline.FieldName, why policy.Why) fieldRow {
	field, has := pipeline.FieldOf(p.Fields, name)
	row := fieldRow{Name: name, Why: why, Say: saySure(field, has), Tone: done}
	row.Value = field.Value
	if name == pipeline.FieldDate {
		row.Value = sayValue(field, nil)
	}
	if name == pipeline.FieldClass && len(s.Classes) > 0 {
		row.Choices = s.Classes
	}
	if why != "" {
		row.Tone, row.Say = waiting, strings.TrimSuffix(sayWhy(why)+" · "+row.Say, " · ")
	}
	if why == policy.Contradicted {
		row.Others = values(p.Fields, name)
	}
	row.Crop = s.cropOf(p.Paper, spotted(p.Fields, name))
	return row
}

// values gives what is said of a field, each once, the best first.
func values(fields []pipeline.Field, name pipeline.FieldName) (all []string) {
	for _, f := range fields {
		v := f.Value
		if name == pipeline.FieldDate {
			v = sayValue(f, nil)
		}
		if f.Name == name && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// spotted is the first field of that name that stands somewhere on the paper, else the first.
func spotted(fields []pipeline.Field, name pipeline.FieldName) pipeline.Field {
	if at := slices.IndexFunc(fields, func(f pipeline.Field) bool { return f.Name == name && !f.Box.IsZero() }); at >= 0 {
		return fields[at]
	}
	first, _ := pipeline.FieldOf(fields, name)
	return first
}

// numberRow is the row of the dossier number, which a paper has besides its fields.
func (f reviewForm) numberRow(p shown, row fieldRow) fieldRow {
	row.Value = p.Suggested()
	row.Others = p.Choices()
	if others := values(p.Fields, pipeline.FieldDossier); row.Value != "" && !slices.ContainsFunc(others, p.hasNumber) {
		row.Say = "ghi khi nộp (tên thư mục, bảng kê), không đọc được trên giấy"
		row.Crop, _, _ = strings.Cut(row.Crop, "&box=")
		if len(others) > 0 { // what was read, and how surely, is not of this number
			row.Say = "ghi khi nộp (tên thư mục, bảng kê); trên giấy máy đọc được số khác: " + others[0]
		}
	}
	if f.asksNumber {
		row.Why, row.Tone = policy.Unsure, waiting
		if row.Value == "" && len(row.Others) == 0 {
			row.Why, row.Say = policy.Missing, sayWhy(policy.Missing)
		}
		return row
	}
	if !p.Dossier.IsZero() {
		row.Why, row.Tone = "", done
	}
	return row
}

// hasNumber reports whether a text is the number that is suggested for a paper.
func (s shown) hasNumber(text string) bool {
	n, err := pipeline.ParseDossierNumber(text)
	own, known := pipeline.ParseDossierNumber(s.Suggested())
	return err == nil && known == nil && n.Key() == own.Key()
}

// cropOf is the address of the picture of where a field stands, or of the first page for
// one that stands nowhere; "" if there are no pictures.
func (s *Site) cropOf(p pipeline.Paper, f pipeline.Field) string {
	if s.Pictures == nil || p.Words.IsZero() || p.Pages == 0 {
		return ""
	}
	return cropAddress(p.ID, max(f.Page, 1), f.Box)
}

func cropAddress(id pipeline.PaperID, page int, box pipeline.Box) string {
	at := fmt.Sprintf("/papers/%s/crop?page=%d", id, page)
	if box.IsZero() {
		return at
	}
	return at + fmt.Sprintf("&box=%d,%d,%d,%d", box.X0, box.Y0, box.X1, box.Y1)
}

// reviewBody is the first paper that waits, or none.
type reviewBody struct {
	shown
	Form      reviewForm
	Questions []string
	Total     int
	Crop      string // of the field in focus
	Sheet     string // of its whole page
	Next      string // address of the queue behind this paper
	Skipped   bool
}

// reviewPage shows the paper that waits longest, desk before batch.
func (s *Site) reviewPage(v *visit) error {
	after, _ := pipeline.ParsePaperID(v.r.URL.Query().Get("after")) // none is from the start
	queue := s.queue(v)
	queue.After, queue.Limit = after, 1
	papers, total, err := s.Catalog.Waiting(v.r.Context(), queue)
	if err != nil {
		return err
	}
	if len(papers) == 0 {
		s.render(v, http.StatusOK, "review", "Xác nhận", reviewBody{Skipped: total > 0})
		return nil
	}
	p := s.shown(v, papers[0], Progress{})
	form := s.form(p)
	form.Queue, form.After = true, after
	return s.showReview(v, http.StatusOK, p, form, total)
}

func (s *Site) showReview(v *visit, status int, p shown, form reviewForm, total int) error {
	if err := s.note(v, "viewed", p.ID, "review"); err != nil {
		return err
	}
	body := reviewBody{shown: p, Form: form, Total: max(1, total), Next: "/review?after=" + string(p.ID)}
	for _, r := range p.Questions() {
		body.Questions = append(body.Questions, r.Vietnamese)
	}
	if len(form.Rows) > 0 && form.Rows[0].Crop != "" {
		body.Crop = form.Rows[0].Crop
		body.Sheet, _, _ = strings.Cut(body.Crop, "&box=")
	}
	s.render(v, status, "review", "Xác nhận", body)
	return nil
}

// queue is what waits for who asks.
func (s *Site) queue(v *visit) pipeline.Queue {
	who := v.session.Who
	return pipeline.Queue{Unit: who.Unit, Sender: who.Account}
}

// waiting counts what waits for who asks. It is a kindness: where it cannot be had, no
// page is hidden by its loss.
func (s *Site) waiting(v *visit) int {
	if v.r.Header.Get("Hoso-Fragment") != "" || !gate.May(v.session.Who, gate.Settle, gate.Thing{}) {
		return 0
	}
	_, total, err := s.Catalog.Waiting(v.r.Context(), s.queue(v))
	if err != nil {
		return 0
	}
	return total
}

// fieldsForm takes the form of a paper's fields.
func (s *Site) fieldsForm(v *visit) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	gen, err := strconv.ParseInt(v.r.PostFormValue("gen"), 10, 64)
	if err != nil {
		return badRequest("gen", "gen is the generation of the paper that was seen", err)
	}
	edits, err := s.edits(v, p)
	if err == nil {
		_, err = s.Office.Correct(v.r.Context(), p.ID, gen, edits, v.session.Who.Account)
	}
	switch problem := problemOf(err); {
	case err == nil:
		http.Redirect(v.w, v.r, s.backTo(v, p.ID), http.StatusSeeOther)
		return nil
	case problem.status == http.StatusConflict:
		problem.say = "Giấy tờ vừa được người khác thay đổi. Dưới đây là nội dung mới; hãy xem lại rồi xác nhận."
		return s.askAgain(v, problem)
	case problem.status == http.StatusUnprocessableEntity:
		return s.askAgain(v, problem)
	}
	return err
}

// backTo is where one goes after a form was taken.
func (s *Site) backTo(v *visit, id pipeline.PaperID) string {
	if v.r.PostFormValue("queue") == "" {
		return "/papers/" + string(id)
	}
	after, err := pipeline.ParsePaperID(v.r.PostFormValue("after"))
	if err != nil {
		return "/review"
	}
	return "/review?after=" + string(after)
}

// edits reads the form: what was changed, and with the button for all of it also what
// stays as it is.
func (s *Site) edits(v *visit, p shown) (pipeline.Edits, error) {
	all := v.r.PostFormValue("all") != ""
	e := pipeline.Edits{
		Anyway: v.r.PostFormValue("anyway") != "", NotSecret: v.r.PostFormValue("notsecret") != "",
		Accept: v.r.PostFormValue("accept") != "",
	}
	for _, row := range s.form(p).Rows {
		sent, ok := v.r.PostForm["f."+string(row.Name)]
		if !ok {
			continue
		}
		edit := pipeline.Edit{Name: row.Name, Value: strings.Join(strings.Fields(sent[0]), " ")}
		if edit.Value == strings.Join(strings.Fields(row.Value), " ") && (!all || !confirms(p, row)) {
			continue
		}
		if row.Name == pipeline.FieldDossier {
			if edit.Value == "" && p.Dossier.IsZero() { // not known yet is no answer
				continue
			}
			n, err := s.parseNumber(edit.Value)
			if err != nil {
				return e, err
			}
			edit.Value = n.String()
		}
		e.Fields = append(e.Fields, edit)
	}
	return e, nil
}

// confirms reports whether the button for all says something new of a row that was left
// as it is.
func confirms(p shown, row fieldRow) bool {
	field, has := pipeline.FieldOf(p.Fields, row.Name)
	return (has || row.Value != "" || row.Why != "") && field.Source != pipeline.ByPerson
}

// askAgain shows the form once more, with what is amiss and what was typed; after a
// conflict, with what is there now.
func (s *Site) askAgain(v *visit, problem *problem) error {
	p, err := s.paper(v)
	if err != nil {
		return err
	}
	form := s.form(p)
	form.Notice = problem.say
	form.AskAnyway = form.AskAnyway || doubtsUnit(problem)
	if problem.status != http.StatusConflict {
		for i, row := range form.Rows {
			if sent, ok := v.r.PostForm["f."+string(row.Name)]; ok {
				form.Rows[i].Value = sent[0]
			}
			if number := v.r.PostFormValue("number"); number != "" && row.Name == pipeline.FieldDossier {
				form.Rows[i].Value = number
			}
		}
	}
	if v.r.PostFormValue("queue") == "" || p.State != pipeline.Confirming {
		return s.showPaper(v, problem.status, p, form)
	}
	form.Queue = true
	form.After, _ = pipeline.ParsePaperID(v.r.PostFormValue("after"))
	return s.showReview(v, problem.status, p, form, s.waiting(v))
}

// doubtsUnit reports whether an error is the doubt of a number's unit.
func doubtsUnit(err error) bool {
	refusal, ok := pipeline.AsRefusal(err)
	return ok && (refusal.Reason.Code == pipeline.ReasonUnitUnknown || refusal.Reason.Code == pipeline.ReasonUnitNotThen)
}

func (s *Site) rereadForm(v *visit) error {
	return s.settle(v, func(p shown, actor string) error {
		_, err := s.Office.Reread(v.r.Context(), p.ID, actor)
		return err
	})
}

// seen is how programs name the paper they looked at.
type seen struct {
	Gen *int64 `json:"gen"`
}

func (s seen) generation() (int64, error) {
	if s.Gen == nil {
		return 0, badRequest("gen", "name the generation of the paper that was seen", errors.New("no gen"))
	}
	return *s.Gen, nil
}

func (s *Site) apiFields(v *visit) error {
	var in struct {
		seen
		Fields    []pipeline.Edit `json:"fields"`
		Anyway    bool            `json:"anyway"`
		NotSecret bool            `json:"not_secret"`
		Accept    bool            `json:"accept_signatures"`
	}
	return s.apiSettle(v, &in, func(id pipeline.PaperID, actor string) (pipeline.Paper, error) {
		gen, err := in.generation()
		if err != nil {
			return pipeline.Paper{}, err
		}
		for _, e := range in.Fields {
			if !slices.Contains(policy.Names(), e.Name) {
				return pipeline.Paper{}, badRequest("field", fmt.Sprintf("there is no field %.40q", e.Name), nil)
			}
		}
		edits := pipeline.Edits{Fields: in.Fields, Anyway: in.Anyway, NotSecret: in.NotSecret, Accept: in.Accept}
		return s.Office.Correct(v.r.Context(), id, gen, edits, actor)
	})
}

func (s *Site) apiCorrectWords(v *visit) error {
	var in struct {
		seen
		Words []pipeline.WordEdit `json:"words"`
	}
	return s.apiSettle(v, &in, func(id pipeline.PaperID, actor string) (pipeline.Paper, error) {
		gen, err := in.generation()
		if err != nil {
			return pipeline.Paper{}, err
		}
		return s.Office.CorrectWords(v.r.Context(), id, gen, in.Words, actor)
	})
}

func (s *Site) apiReread(v *visit) error {
	return s.apiSettle(v, &struct{}{}, func(id pipeline.PaperID, actor string) (pipeline.Paper, error) {
		return s.Office.Reread(v.r.Context(), id, actor)
	})
}
