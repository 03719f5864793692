package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hoso/pipeline"
)

// sampleBody is the second look at a batch: what was drawn, what was found, who answers
// for it.
type sampleBody struct {
	batchBody

	Share   float64 // per cent
	Touched int     // papers of which a person said something in the first pass
	Rows    []checkRow
	Good    int
	Bad     int
	SignOff []pipeline.SignOff // the newest first
	Draws   []pipeline.Draw    // the newest first: by which seeds papers are drawn
	Open    bool               // something is drawn that nobody has signed off
	Begin   string             // where the next paper to look at is
	Flash   flash
	Notice  string
}

// Looked is how many papers were looked at.
func (b sampleBody) Looked() int { return b.Good + b.Bad }

// Left is how many are still to be looked at.
func (b sampleBody) Left() int { return len(b.Rows) - b.Looked() }

// Passed is the first pass: papers that hoso has done its part for.
func (b sampleBody) Passed() int64 { return b.Balance.Papers.Filed + b.Balance.Papers.Rejected }

// Percent of the drawn papers that were found good, of those looked at.
func (b sampleBody) Rate() string {
	if b.Looked() == 0 {
		return ""
	}
	return strings.Replace(fmt.Sprintf("%.1f %%", 100*float64(b.Good)/float64(b.Looked())), ".", ",", 1)
}

// checkRow is a drawn paper.
type checkRow struct {
	pipeline.Check

	Name   string
	Folder string
	Number string
	Link   string
	Closed bool // it was signed off
}

// Looked reports whether somebody has looked.
func (c checkRow) Looked() bool { return c.By != "" }

func sampleAddress(label string, id pipeline.PaperID) string {
	base := "/batches/" + label + "/sample"
	if id == "" {
		return base
	}
	return base + "/" + string(id)
}

// sampled gives the batch that the address names if who asks may judge the whole of it.
func (s *Site) sampled(v *visit) (pipeline.Shelf, error) {
	shelf, err := s.shelf(v)
	if err != nil {
		return shelf, err
	}
	if s.Samples == nil {
		return shelf, fs.ErrNotExist
	}
	if !s.whole(v.r.Context(), v.session.Who, shelf) {
		return shelf, &problem{status: http.StatusForbidden, code: "whole-batch", say: "Kiểm tra chất lượng là cho cả lô, gồm giấy tờ ngoài đơn vị của bạn. Hãy nhờ người phụ trách lô."}
	}
	return shelf, nil
}

func (s *Site) samplePage(v *visit) error { return s.showSample(v, http.StatusOK, "") }

func (s *Site) showSample(v *visit, status int, notice string) error {
	shelf, err := s.sampled(v)
	if err != nil {
		return err
	}
	if err := s.noteOnce(v, "", "sample of "+shelf.Label); err != nil {
		return err
	}
	body, err := s.sample(v, shelf)
	if err != nil {
		return err
	}
	body.Notice = notice
	s.render(v, status, "sample", "Kiểm tra chất lượng, lô "+shelf.Label, body)
	return nil
}

// sample gathers what is known of the second look at a batch.
func (s *Site) sample(v *visit, shelf pipeline.Shelf) (sampleBody, error) {
	ctx := v.r.Context()
	body := sampleBody{batchBody: s.batchOf(v, shelf), Share: s.Policy.Sample(), Flash: s.flash(v)}
	body.Whole = true
	checks, err := s.Samples.Checks(ctx, shelf.Label)
	if err != nil {
		return body, err
	}
	if body.SignOff, err = s.Samples.SignOffs(ctx, shelf.Label); err != nil {
		return body, err
	}
	body.Draws = shelf.Draws(len(body.SignOff))
	slices.Reverse(body.Draws)
	slices.SortStableFunc(body.SignOff, func(a, b pipeline.SignOff) int { return b.At.Compare(a.At) })
	r, err := s.roll(ctx, shelf.Label)
	if err != nil {
		return body, err
	}
	names := make(map[pipeline.PaperID]entry, len(r.entries))
	for _, e := range r.entries {
		names[e.ID] = e
		if e.Touched {
			body.Touched++
		}
	}
	for _, c := range checks {
		row := checkRow{Check: c, Name: names[c.Paper].Name, Folder: r.folder(c.Paper, names[c.Paper].Parted, true), Link: sampleAddress(shelf.Label, c.Paper), Closed: closed(c, body.SignOff)}
		if n := names[c.Paper].Dossier; !n.IsZero() {
			row.Number = n.String()
		}
		body.take(row)
	}
	return body, nil
}

// closed reports whether a drawn paper was signed off: what was drawn later is open.
func closed(c pipeline.Check, all []pipeline.SignOff) bool {
	return len(all) > 0 && !c.Drawn.After(all[0].At)
}

func (b *sampleBody) take(row checkRow) {
	b.Rows = append(b.Rows, row)
	b.Open = b.Open || !row.Closed
	switch {
	case !row.Looked():
		if b.Begin == "" {
			b.Begin = row.Link
		}
	case row.Good:
		b.Good++
	default:
		b.Bad++
	}
}

// drawForm draws papers for the second look.
func (s *Site) drawForm(v *visit) error {
	shelf, err := s.sampled(v)
	if err != nil {
		return err
	}
	drawn, err := s.Samples.DrawChecks(v.r.Context(), shelf.Label, s.Policy.Sample()/100, s.Now())
	if err != nil {
		return err
	}
	if drawn == 0 {
		return s.showSample(v, http.StatusUnprocessableEntity, "Không có giấy tờ mới nào để rút. Hãy đợi giấy tờ được lưu hồ sơ rồi rút mẫu.")
	}
	http.Redirect(v.w, v.r, addressWith(sampleAddress(shelf.Label, ""), "did", deedDrawn), http.StatusSeeOther)
	return nil
}

// checkBody is a drawn paper to be looked at.
type checkBody struct {
	shown

	Label  string
	Check  checkRow // with the folder that the paper came from
	At, Of int
	Left   int // to be looked at, this one included
	Prev   string
	Next   string
	Tiles  []tile
	Image  string // of the next one, to be there when it opens
	Notice string
	Typed  string
	Flash  flash
}

func (s *Site) checkPage(v *visit) error { return s.showCheck(v, http.StatusOK, "", "") }

// drawnPaper is a paper that was drawn, and its place in the sample.
type drawnPaper struct {
	shown

	sample sampleBody
	at     int
}

// drawnPaper gives the drawn paper that the address names; fs.ErrNotExist for one that was
// not drawn.
func (s *Site) drawnPaper(v *visit) (d drawnPaper, err error) {
	shelf, err := s.sampled(v)
	if err != nil {
		return d, err
	}
	if d.shown, err = s.inBatch(v, shelf); err != nil {
		return d, err
	}
	if d.sample, err = s.sample(v, shelf); err != nil {
		return d, err
	}
	d.at = slices.IndexFunc(d.sample.Rows, func(r checkRow) bool { return r.Paper == d.ID })
	if d.at < 0 {
		err = fs.ErrNotExist
	}
	return d, err
}

func (s *Site) showCheck(v *visit, status int, notice, typed string) error {
	d, err := s.drawnPaper(v)
	if err != nil {
		return err
	}
	p, sample, at := d.shown, d.sample, d.at
	if err := s.note(v, "viewed", p.ID, "sample"); err != nil {
		return err
	}
	body := checkBody{
		shown: p, Label: sample.Label, Check: sample.Rows[at], At: at + 1, Of: len(sample.Rows), Left: sample.Left(),
		Notice: notice, Typed: typed, Flash: s.flash(v),
	}
	if at > 0 {
		body.Prev = sample.Rows[at-1].Link
	}
	if at+1 < len(sample.Rows) {
		body.Next = sample.Rows[at+1].Link
	}
	if next := sample.after(at); next >= 0 && s.Pictures != nil {
		body.Image = pageAddress(sample.Rows[next].Paper, 1)
	}
	if now := p.Shelved(); p.Drawn() {
		for n := 1; n <= min(now.Pages, mostTiles); n++ {
			body.Tiles = append(body.Tiles, tile{Number: n, Picture: pageAddress(p.ID, n)})
		}
	}
	s.render(v, status, "check", p.FileName, body)
	return nil
}

// after is the place of the next paper that nobody has looked at, from behind at round to
// it again; -1 if there is none.
func (b sampleBody) after(at int) int {
	for i := 1; i <= len(b.Rows); i++ {
		if n := (at + i) % len(b.Rows); n != at && !b.Rows[n].Looked() {
			return n
		}
	}
	return -1
}

// checkForm takes what a person found at a drawn paper, and leads on to the next.
func (s *Site) checkForm(v *visit) error {
	d, err := s.drawnPaper(v)
	if err != nil {
		return err
	}
	p, sample, at := d.shown, d.sample, d.at
	found, err := s.found(v, p, sample.Rows[at])
	if err == nil {
		err = s.Samples.PutCheck(v.r.Context(), found)
	}
	if problem := problemOf(err); err != nil && (problem.status == 409 || problem.status == 422) {
		return s.showCheck(v, problem.status, problem.say, v.r.PostFormValue("note"))
	}
	if err != nil {
		return err
	}
	to := sampleAddress(sample.Label, "")
	if next := sample.after(at); next >= 0 {
		to = sample.Rows[next].Link
	}
	deed := deedBad
	if found.Good {
		deed = deedGood
	}
	http.Redirect(v.w, v.r, addressWith(to, "did", deed, "was", string(p.ID)), http.StatusSeeOther)
	return nil
}

const longestNote = 1000

// found reads what was found at a paper that is as it was seen.
func (s *Site) found(v *visit, p shown, row checkRow) (pipeline.Check, error) {
	c := row.Check
	gen, err := strconv.ParseInt(v.r.PostFormValue("gen"), 10, 64)
	if err != nil {
		return c, badRequest("gen", "gen is the generation of the paper that was seen", err)
	}
	switch {
	case gen != p.Gen:
		return c, &problem{status: 409, code: "stale", say: "Giấy tờ vừa thay đổi. Dưới đây là nội dung mới; hãy xem lại rồi ghi kết quả.", cause: pipeline.ErrStale}
	case row.Closed:
		return c, &problem{status: 409, code: "signed-off", say: "Kết quả này đã được ký xác nhận nên không sửa được nữa.", cause: errSignedOff}
	}
	switch v.r.PostFormValue("found") {
	case deedGood:
		c.Good = true
	case deedBad:
		c.Good = false
	default:
		return c, badRequest("found", "found is good or bad", nil)
	}
	c.Note, err = noteOf(v)
	if err == nil && !c.Good && c.Note == "" {
		err = &problem{status: 422, code: "note", say: "Hãy ghi ngắn gọn chỗ sai.", detail: "a note says what is wrong"}
	}
	c.By, c.At = v.session.Who.Account, s.Now()
	return c, err
}

var errSignedOff = errors.New("the sample was signed off")

// noteOf reads a note in a person's words.
func noteOf(v *visit) (string, error) {
	note := strings.Join(strings.Fields(strings.ToValidUTF8(v.r.PostFormValue("note"), "")), " ")
	if len([]rune(note)) > longestNote {
		return "", &problem{status: 422, code: "note", say: fmt.Sprintf("Ghi chú dài quá %d ký tự.", longestNote), detail: "the note is too long"}
	}
	return note, nil
}

// signOffForm takes that a person answers for the second look at a batch.
func (s *Site) signOffForm(v *visit) error {
	shelf, err := s.sampled(v)
	if err != nil {
		return err
	}
	sample, err := s.sample(v, shelf)
	if err != nil {
		return err
	}
	note, err := noteOf(v)
	if err == nil {
		err = sample.unready(v)
	}
	if problem := problemOf(err); err != nil && (problem.status == 409 || problem.status == 422) {
		return s.showSample(v, problem.status, problem.say)
	}
	if err != nil {
		return err
	}
	if _, err = s.Samples.PutSignOff(v.r.Context(), pipeline.SignOff{Batch: shelf.Label, By: v.session.Who.Account, At: s.Now(), Note: note}); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, addressWith(sampleAddress(shelf.Label, ""), "did", deedSigned), http.StatusSeeOther)
	return nil
}

// unready says why a sample cannot be signed off as the person saw it.
func (b sampleBody) unready(v *visit) error {
	seen, err := strconv.Atoi(v.r.PostFormValue("bad"))
	if err != nil {
		return badRequest("bad", "bad is how many papers were seen to be wrong", err)
	}
	switch {
	case len(b.Rows) == 0 || b.Left() > 0:
		return &problem{status: 422, code: "unlooked", say: fmt.Sprintf("Còn %d giấy tờ trong mẫu chưa xem. Hãy xem hết rồi ký xác nhận.", b.Left()), detail: "not all drawn papers were looked at"}
	case !b.Open:
		return &problem{status: 409, code: "signed-off", say: "Mẫu này đã được ký xác nhận.", cause: errSignedOff}
	case seen != b.Bad:
		return &problem{status: 409, code: "stale", say: "Kết quả vừa thay đổi. Hãy xem lại các con số rồi ký xác nhận.", cause: pipeline.ErrStale}
	}
	return nil
}
