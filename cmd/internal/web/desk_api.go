package web

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"hoso/pipeline"
)

// deskPaper is a paper that waits to be signed, as programs see it.
type deskPaper struct {
	ID       pipeline.PaperID       `json:"id"`
	Dossier  pipeline.DossierNumber `json:"dossier"`
	Title    string                 `json:"title,omitempty"`
	File     string                 `json:"file_name"`
	Pages    int                    `json:"pages"`
	Received time.Time              `json:"received"`
	By       string                 `json:"by,omitempty"` // the account that is signing it
	Until    time.Time              `json:"until,omitzero"`
	Wished   bool                   `json:"wished"`
	Trouble  string                 `json:"trouble,omitempty"` // Vietnamese
}

func (s *Site) apiSigning(v *visit) error {
	body, err := s.desk(v)
	if err != nil {
		return err
	}
	out := struct {
		Papers    []deskPaper `json:"papers"`
		Total     int         `json:"total"`
		Connected bool        `json:"connected"`
	}{[]deskPaper{}, body.Total, body.Connected}
	for _, row := range body.Rows {
		if err := s.noteOnce(v, row.ID, "signing"); err != nil {
			return err
		}
		out.Papers = append(out.Papers, row.told())
	}
	s.writeJSON(v, http.StatusOK, out)
	return nil
}

func (r deskRow) told() deskPaper {
	p := deskPaper{
		ID: r.ID, Dossier: r.Dossier, Title: r.Title, File: r.FileName, Pages: r.Pages, Received: r.Received,
		By: r.By, Wished: r.Wished, Trouble: r.Trouble,
	}
	if p.By != "" {
		p.Until = r.Until
	}
	return p
}

// offerJSON is what a key is asked to sign of a paper, or why it is not asked.
type offerJSON struct {
	Paper      pipeline.PaperID        `json:"paper"`
	Request    string                  `json:"request,omitempty"`
	Hash       string                  `json:"hash,omitempty"`
	Digest     []byte                  `json:"digest,omitempty"`
	Attributes []byte                  `json:"attributes,omitempty"`
	Dossier    *pipeline.DossierNumber `json:"dossier,omitempty"`
	Title      string                  `json:"title,omitempty"`
	File       string                  `json:"file_name,omitempty"`
	Pages      int                     `json:"pages,omitempty"`
	Expires    time.Time               `json:"expires,omitzero"`
	Refused    *problemBody            `json:"refused,omitempty"`
}

func (s *Site) apiPrepare(v *visit) error {
	var in struct {
		Papers []string `json:"papers"`
		Chain  [][]byte `json:"chain"` // DER
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	papers, others, err := s.atDesk(v, in.Papers)
	if err != nil {
		return err
	}
	by := Signatory{Account: v.session.Who.Account}
	if by.Chain, err = chainOf(in.Chain); err != nil {
		return err
	}
	for _, p := range papers {
		if err := s.noteOnce(v, p.ID, "signing"); err != nil {
			return err
		}
	}
	offers, err := s.Desk.Keys.Prepare(v.r.Context(), papers, by)
	if err != nil {
		return err
	}
	out := make([]offerJSON, 0, len(offers)+len(others))
	for _, o := range offers {
		out = append(out, o.told())
	}
	for _, id := range others {
		p := problemOf(fs.ErrNotExist)
		out = append(out, offerJSON{Paper: id, Refused: &problemBody{Code: p.code, Message: p.say, Detail: "there is no such paper"}})
	}
	s.writeJSON(v, http.StatusOK, map[string]any{"papers": out})
	return nil
}

// chainOf reads the certificates of who is about to sign.
func chainOf(ders [][]byte) ([]*x509.Certificate, error) {
	if len(ders) > mostChain {
		return nil, badRequest("chain", "too many certificates", nil)
	}
	var chain []*x509.Certificate
	for _, der := range ders {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, &problem{status: http.StatusUnprocessableEntity, code: "certificate-unreadable", say: "Không đọc được chứng thư số.", detail: "a certificate of the chain is not one", cause: err}
		}
		chain = append(chain, c)
	}
	return chain, nil
}

func (o Offer) told() offerJSON {
	title, _ := pipeline.FieldOf(o.Paper.Fields, pipeline.FieldTitle)
	out := offerJSON{
		Paper: o.Paper.ID, Request: o.Request, Hash: o.Hash, Digest: o.Digest, Attributes: o.Attributes,
		Dossier: &o.Paper.Dossier, Title: title.Value, File: o.Paper.FileName, Pages: o.Paper.Pages, Expires: o.Until,
	}
	if !o.Refused.IsZero() {
		out.Refused = &problemBody{Code: o.Refused.Code, Message: o.Refused.Vietnamese, Detail: o.Refused.English}
	}
	return out
}

// valueJSON is a key's answer.
type valueJSON struct {
	Request string `json:"request"`
	Value   []byte `json:"value"`
}

// takenJSON says what became of it.
type takenJSON struct {
	Request  string           `json:"request"`
	Paper    pipeline.PaperID `json:"paper,omitempty"`
	Accepted bool             `json:"accepted"`
	Refused  *problemBody     `json:"refused,omitempty"`
}

// apiSubmit takes signature values, each for itself: what cannot be taken keeps no other
// from it. Only a value that is durable is called accepted.
func (s *Site) apiSubmit(v *visit) error {
	var in struct {
		valueJSON

		Signatures []valueJSON `json:"signatures"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	if s.Desk == nil {
		return fs.ErrNotExist
	}
	if in.Request != "" {
		in.Signatures = append(in.Signatures, in.valueJSON)
	}
	if len(in.Signatures) == 0 || len(in.Signatures) > mostValues {
		return badRequest("signatures", fmt.Sprintf("want 1 to %d signatures", mostValues), nil)
	}
	var results []takenJSON
	for _, one := range in.Signatures {
		taken, err := s.take(v, one)
		if err != nil {
			return err
		}
		results = append(results, taken)
	}
	s.writeJSON(v, http.StatusOK, map[string]any{"results": results})
	return nil
}

// take takes one value. Errors of the surroundings end the whole request: what was taken
// before is taken, and handing it in again is as good.
func (s *Site) take(v *visit, one valueJSON) (takenJSON, error) {
	ctx, account := v.r.Context(), v.session.Who.Account
	out := takenJSON{Request: one.Request}
	p, err := s.Desk.Keys.Submit(ctx, one.Request, one.Value, account)
	if _, refused := pipeline.AsRefusal(err); refused || errors.Is(err, pipeline.ErrStale) {
		why := problemOf(err)
		out.Paper, out.Refused = p.ID, &problemBody{Code: why.code, Message: why.say, Detail: why.detail}
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Paper, out.Accepted = p.ID, true
	// A wish that stays is found to be fulfilled: the paper does not wait any more.
	_ = s.Desk.Wishes.Unwish(ctx, account, []pipeline.PaperID{p.ID})
	return out, nil
}

func (s *Site) apiWish(v *visit) error {
	var in struct {
		Papers []string `json:"papers"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	if err := s.wish(v, in.Papers); err != nil {
		return err
	}
	return s.apiSigning(v)
}

// apiWatch tells a helper what its officer has decided to sign, and notes that the helper
// is there.
func (s *Site) apiWatch(v *visit) error {
	if s.Desk == nil {
		return fs.ErrNotExist
	}
	ctx, account, now := v.r.Context(), v.session.Who.Account, s.Now()
	heard, err := s.Desk.Helpers.Heard(ctx, account)
	if err == nil && now.Sub(heard) > helperNote {
		err = s.Desk.Helpers.HeardOf(ctx, account, now)
	}
	if err != nil {
		return err
	}
	wishes, err := s.Desk.Wishes.Wishes(ctx, account, s.wishing())
	if err != nil {
		return err
	}
	wanted := []pipeline.PaperID{}
	for _, w := range wishes {
		if w.Trouble == "" && len(wanted) < mostToSign {
			wanted = append(wanted, w.Paper)
		}
	}
	s.writeJSON(v, http.StatusOK, struct {
		Account string             `json:"account"`
		Papers  []pipeline.PaperID `json:"papers"`
	}{account, wanted})
	return nil
}

// apiTrouble notes why a helper could not sign what its officer wanted.
func (s *Site) apiTrouble(v *visit) error {
	var in struct {
		Papers []string `json:"papers"`
		Code   string   `json:"code"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	papers, others, err := s.atDesk(v, in.Papers)
	if err != nil {
		return err
	}
	for _, p := range papers {
		others = append(others, p.ID)
	}
	for _, id := range others { // a wish is found by its account, whosever the paper is by now
		if err := s.Desk.Wishes.Trouble(v.r.Context(), v.session.Who.Account, id, orElse(in.Code, "failed")); err != nil {
			return err
		}
	}
	s.writeJSON(v, http.StatusOK, struct{}{})
	return nil
}
