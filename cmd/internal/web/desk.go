package web

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

// Desk is what officers sign with, from their own desks. Of the parts, Keys is needed;
// the others may be nil together, where nobody presses a button on a page.
type Desk struct {
	Keys    Keys
	Wishes  Wishes
	Helpers Helpers
	Holders Holders
	Limit   time.Duration // how long a request and a wish live
}

// Keys has officers' keys sign. What is wrong with all papers is a Refusal; what is wrong
// with one stands in its offer. A value that does not count is a Refusal.
type Keys interface {
	Prepare(ctx context.Context, papers []pipeline.Paper, by Signatory) ([]Offer, error)
	Submit(ctx context.Context, request string, value []byte, account string) (pipeline.Paper, error)
	AskedNow(ctx context.Context, now time.Time) ([]pipeline.DeskRequest, error)
}

// Signatory is who is about to sign.
type Signatory struct {
	Account string
	Chain   []*x509.Certificate // the signer's first
}

// Offer is what a key is asked to sign of a paper, or why it is not asked.
type Offer struct {
	Paper      pipeline.Paper
	Request    string
	Hash       string // such as SHA-256
	Digest     []byte
	Attributes []byte // DER of the signed attributes, whose hash Digest is
	Until      time.Time
	Refused    pipeline.Reason
}

// Wishes keeps which papers accounts have decided to sign.
type Wishes interface {
	Wish(ctx context.Context, account string, papers []pipeline.PaperID, w pipeline.Wishing) error
	Wishes(ctx context.Context, account string, w pipeline.Wishing) ([]pipeline.DeskWish, error) // "" for all accounts
	Trouble(ctx context.Context, account string, paper pipeline.PaperID, code string) error
	Unwish(ctx context.Context, account string, papers []pipeline.PaperID) error
}

// Helpers knows when the helper on an account's desk was last heard of.
type Helpers interface {
	HeardOf(ctx context.Context, account string, now time.Time) error
	Heard(ctx context.Context, account string) (time.Time, error)
}

// Holders knows which accounts are tied to the certificates of a person.
type Holders interface {
	Holders(ctx context.Context) ([]pipeline.Holder, error)
	LetGo(ctx context.Context, account string) error
}

const (
	mostToSign = 100              // papers in one request
	mostValues = 50               // values in one: those of the longest keys fit into a small body
	mostChain  = 10               // certificates of a chain
	helperGone = 12 * time.Second // without a word from it
	helperNote = 4 * time.Second  // how often it is noted that a helper is there
)

func (s *Site) wishing() pipeline.Wishing {
	return pipeline.Wishing{Now: s.Now(), Limit: s.Desk.Limit}
}

// atDesk gives the papers of a list that wait to be signed by who asks, and the IDs of
// the others: those of strangers do not exist for them.
func (s *Site) atDesk(v *visit, ids []string) (papers []pipeline.Paper, others []pipeline.PaperID, err error) {
	if s.Desk == nil {
		return nil, nil, fs.ErrNotExist
	}
	if len(ids) == 0 || len(ids) > mostToSign {
		return nil, nil, badRequest("papers", fmt.Sprintf("want 1 to %d papers", mostToSign), nil)
	}
	seen := map[pipeline.PaperID]bool{}
	for _, text := range ids {
		id, err := pipeline.ParsePaperID(text)
		if err != nil {
			return nil, nil, err
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		p, err := s.Catalog.Paper(v.r.Context(), id)
		switch {
		case errors.Is(err, fs.ErrNotExist) || err == nil && !gate.May(v.session.Who, gate.Settle, thing(p)):
			others = append(others, id)
		case err != nil:
			return nil, nil, err
		default:
			papers = append(papers, p)
		}
	}
	return papers, others, nil
}

// deskRow is a paper that waits to be signed.
type deskRow struct {
	shown
	Title   string
	By      string    // the account that is signing it
	Until   time.Time // and until when
	Wished  bool      // who asks has decided to sign it
	Trouble string    // why that came to nothing
	Sheet   string    // address of the picture of its first page
}

// deskBody is all that waits for who asks.
type deskBody struct {
	Rows      []deskRow
	Total     int
	Connected bool // the helper is there
	Busy      bool // something is being signed
	Server    string
	Next      string // when to ask again, in milliseconds
}

// desk gives what waits for the signature of who asks.
func (s *Site) desk(v *visit) (deskBody, error) {
	if s.Desk == nil {
		return deskBody{}, fs.ErrNotExist
	}
	ctx, who := v.r.Context(), v.session.Who
	papers, total, err := s.Catalog.Waiting(ctx, pipeline.Queue{Unit: who.Unit, Sender: who.Account, State: pipeline.Signing, Limit: mostToSign})
	if err != nil {
		return deskBody{}, err
	}
	live, err := s.Desk.Keys.AskedNow(ctx, s.Now())
	if err != nil {
		return deskBody{}, err
	}
	wishes, err := s.Desk.Wishes.Wishes(ctx, "", s.wishing())
	if err != nil {
		return deskBody{}, err
	}
	heard, err := s.Desk.Helpers.Heard(ctx, who.Account)
	if err != nil {
		return deskBody{}, err
	}
	body := deskBody{Total: total, Connected: s.Now().Sub(heard) < helperGone, Next: "4000", Server: s.addressOf(v.r)}
	for _, p := range papers {
		row := s.deskRow(v, p, live, wishes)
		body.Busy = body.Busy || row.Wished && row.Trouble == ""
		body.Rows = append(body.Rows, row)
	}
	if body.Busy {
		body.Next = "700"
	}
	return body, nil
}

// addressOf is where the helper finds the service: where the browser found it.
func (s *Site) addressOf(r *http.Request) string {
	if s.encrypted(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *Site) deskRow(v *visit, p pipeline.Paper, live []pipeline.DeskRequest, wishes []pipeline.DeskWish) deskRow {
	who := v.session.Who.Account
	title, _ := pipeline.FieldOf(p.Fields, pipeline.FieldTitle)
	row := deskRow{shown: s.shown(v, p, Progress{}), Title: title.Value, Sheet: s.cropOf(p, pipeline.Field{})}
	if at := slices.IndexFunc(wishes, func(w pipeline.DeskWish) bool { return w.Paper == p.ID }); at >= 0 {
		row.Wished = wishes[at].Account == who
		row.By, row.Until = wishes[at].Account, wishes[at].Time.Add(s.Desk.Limit)
		if wishes[at].Trouble != "" {
			row.By = ""
		}
		if row.Wished {
			row.Trouble = sayTrouble(wishes[at].Trouble)
		}
	}
	if at := slices.IndexFunc(live, func(r pipeline.DeskRequest) bool { return r.Paper == p.ID && r.Gen == p.Gen }); at >= 0 {
		row.By, row.Until = live[at].Account, live[at].Until
	}
	if row.By == who {
		row.By = ""
	}
	return row
}

// sayTrouble says why a paper was not signed although its officer wanted it.
func sayTrouble(code string) string {
	if code == "" {
		return ""
	}
	say, known := map[string]string{ //nolint:gosec // words for people, no credentials
		"token-gone":            "Thiết bị ký bị rút ra hoặc không trả lời. Hãy cắm lại rồi bấm Ký lần nữa.",
		"pin":                   "Mã PIN không đúng. Hãy chạy lại trình ký và nhập đúng mã PIN.",
		"being-signed":          "Người khác đang ký giấy tờ này.",
		"not-waiting":           "Giấy tờ này không còn chờ ký.",
		"signed-already":        "Giấy tờ này đã được ký.",
		"paper-changed":         "Giấy tờ vừa thay đổi. Hãy xem lại rồi bấm Ký lần nữa.",
		"composed-anew":         "Tệp cần ký đang được dựng lại. Hãy bấm Ký sau ít phút.",
		"request-over":          "Đã quá thời hạn ký. Hãy bấm Ký lần nữa.",
		"wrong-value":           "Giá trị chữ ký không khớp. Hãy bấm Ký lần nữa; nếu vẫn lỗi, hãy báo quản trị.",
		"certificate-expired":   "Chứng thư số đã hết hạn.",
		"certificate-early":     "Chứng thư số chưa có hiệu lực.",
		"certificate-usage":     "Chứng thư số này không dùng để ký số.",
		"certificate-key":       "Khóa của chứng thư số thuộc loại không dùng được.",
		"certificate-untrusted": "Chứng thư số không do tổ chức được tin cậy cấp. Hãy báo người quản trị.",
		"certificate-revoked":   "Chứng thư số đã bị thu hồi.",
		"certificate-silent":    "Chứng thư số không ghi địa chỉ kiểm tra thu hồi (OCSP, CRL).",
		"certificate-of-other":  "Chứng thư số này thuộc về tài khoản khác.",
		"other-certificate":     "Tài khoản này đã gắn với chứng thư số của người khác. Hãy báo người quản trị.",
		"unavailable":           "Hệ thống đang tạm gián đoạn. Hãy bấm Ký lần nữa sau ít phút.",
	}[code]
	if !known {
		return "Chưa ký được. Hãy bấm Ký lần nữa; nếu vẫn lỗi, hãy báo quản trị."
	}
	return say
}

// signingPage shows what waits for the signature of who asks.
func (s *Site) signingPage(v *visit) error {
	body, err := s.desk(v)
	if err != nil {
		return err
	}
	for _, row := range body.Rows {
		if err := s.noteOnce(v, row.ID, "signing"); err != nil {
			return err
		}
	}
	s.render(v, http.StatusOK, "signing", "Ký số", body)
	return nil
}

// signingList is the part of the page that changes by itself.
func (s *Site) signingList(v *visit) error {
	body, err := s.desk(v)
	if err != nil {
		return err
	}
	html, err := s.draw("signing", "desk-list", view{Who: v.session.Who, Token: formToken(v.token), Body: body})
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = v.w.Write(html) // the reader may have gone
	return nil
}

// signForm takes the decision to sign from the page.
func (s *Site) signForm(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return badRequest("form", "the form cannot be read", err)
	}
	if err := s.wish(v, v.r.PostForm["paper"]); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/signing", http.StatusSeeOther)
	return nil
}

// wish keeps the decision to sign papers, for the helper to find it.
func (s *Site) wish(v *visit, ids []string) error {
	papers, _, err := s.atDesk(v, ids)
	if err != nil {
		return err
	}
	var wanted []pipeline.PaperID
	for _, p := range papers {
		if p.State == pipeline.Signing {
			wanted = append(wanted, p.ID)
		}
	}
	return s.Desk.Wishes.Wish(v.r.Context(), v.session.Who.Account, wanted, s.wishing())
}

// toSign counts what waits to be signed by who asks, likewise to waiting.
func (s *Site) toSign(v *visit) int {
	if s.Desk == nil || v.r.Header.Get("Hoso-Fragment") != "" || !gate.May(v.session.Who, gate.Settle, gate.Thing{}) {
		return 0
	}
	q := s.queue(v)
	q.State = pipeline.Signing
	_, total, err := s.Catalog.Waiting(v.r.Context(), q)
	if err != nil {
		return 0
	}
	return total
}

// untie frees an account from the certificate that it signs with.
func (s *Site) untie(v *visit) error {
	if s.Desk == nil {
		return fs.ErrNotExist
	}
	return s.accountDone(v, "", "", s.Desk.Holders.LetGo(v.r.Context(), v.r.PostFormValue("name")))
}
