package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/sign"
)

// helper has one key sign for one account.
type helper struct {
	app      *app
	client   *client
	identity sign.Identity
	chain    [][]byte
	signed   int
	tokenOut error // why the key does not sign any more
}

// waitingPaper is a paper that waits to be signed.
type waitingPaper struct {
	ID      pipeline.PaperID       `json:"id"`
	Dossier pipeline.DossierNumber `json:"dossier"`
	Title   string                 `json:"title"`
	File    string                 `json:"file_name"`
	Pages   int                    `json:"pages"`
}

// offer is what the service asks the key to sign of a paper, or why it does not.
type offer struct {
	Paper      pipeline.PaperID       `json:"paper"`
	Request    string                 `json:"request"`
	Hash       string                 `json:"hash"`
	Digest     []byte                 `json:"digest"`
	Attributes []byte                 `json:"attributes"`
	Dossier    pipeline.DossierNumber `json:"dossier"`
	Title      string                 `json:"title"`
	File       string                 `json:"file_name"`
	Refused    *problem               `json:"refused"`
}

// signedValue is the key's answer.
type signedValue struct {
	Request string `json:"request"`
	Value   []byte `json:"value"`

	of offer
}

// group is how many papers are prepared and handed in at once: few enough for a page
// that shows how it goes, and for little to be done again.
const group = 10

func (h *helper) say(format string, args ...any) error {
	_, err := fmt.Fprintf(h.app.err, format+"\n", args...)
	return err
}

// toSign gives what waits and was asked for.
func (h *helper) toSign(ctx context.Context, d deskSigning) ([]waitingPaper, error) {
	if len(d.ids) > 0 {
		return h.named(ctx, d.ids)
	}
	var answer struct {
		Papers []waitingPaper `json:"papers"`
		Total  int            `json:"total"`
	}
	if err := h.client.get(ctx, "/signing", &answer); err != nil {
		return nil, err
	}
	if d.dossier == "" {
		if more := answer.Total - len(answer.Papers); more > 0 {
			return answer.Papers, h.say("Còn %d giấy tờ nữa sẽ được ký ở lần chạy sau.", more)
		}
		return answer.Papers, nil
	}
	number, err := pipeline.ParseDossierNumber(d.dossier)
	if err != nil {
		return nil, usageError{err}
	}
	return slices.DeleteFunc(answer.Papers, func(p waitingPaper) bool { return p.Dossier.Key() != number.Key() }), nil
}

func (h *helper) named(ctx context.Context, ids []string) ([]waitingPaper, error) {
	var all []waitingPaper
	for _, id := range ids {
		var p pipeline.Paper
		if err := h.client.get(ctx, "/papers/"+id, &p); err != nil {
			return nil, err
		}
		title, _ := pipeline.FieldOf(p.Fields, pipeline.FieldTitle)
		all = append(all, waitingPaper{p.ID, p.Dossier, title.Value, p.FileName, p.Pages})
	}
	return all, nil
}

// list shows what is about to be signed.
func (h *helper) list(papers []waitingPaper) error {
	for i, p := range papers {
		if err := h.say("%3d. %s  %s  (%d trang)", i+1, shown(p.Dossier.String()), shown(named(p.Title, p.File)), p.Pages); err != nil {
			return err
		}
	}
	return nil
}

func named(title, file string) string {
	if title != "" {
		return title
	}
	return file
}

// signAll signs papers, a group at a time, and says how it ended.
func (h *helper) signAll(ctx context.Context, papers []waitingPaper) error {
	var ids []pipeline.PaperID
	for _, p := range papers {
		ids = append(ids, p.ID)
	}
	refused := 0
	for some := range slices.Chunk(ids, group) {
		done, err := h.sign(ctx, some)
		refused += done.refused
		if err != nil {
			return h.ended(err, len(ids))
		}
	}
	if err := h.say("Đã ký %d trên %d giấy tờ.", h.signed, len(ids)); err != nil {
		return err
	}
	if refused > 0 {
		return quiet{exitPerson}
	}
	return nil
}

// ended says what to do after an end in the middle.
func (h *helper) ended(err error, total int) error {
	if h.tokenOut == nil {
		if retried(err) {
			_ = h.say("Đã ký %d trên %d giấy tờ. Máy chủ không trả lời; chạy lại lệnh này để ký tiếp phần còn lại.", h.signed, total) // the error says more
		}
		return err
	}
	if err := h.say("hoso: %v", h.tokenOut); err != nil {
		return err
	}
	if err := h.say("Đã ký %d trên %d giấy tờ. Thiết bị ký không trả lời: hãy cắm lại rồi chạy lại lệnh này để ký tiếp phần còn lại.", h.signed, total); err != nil {
		return err
	}
	return quiet{exitPerson}
}

// counts is what became of a group of papers.
type counts struct{ refused int }

// errToken is returned when the key does not sign any more.
var errToken = errors.New("the key does not sign")

// sign signs papers: everything that the key has signed is handed in, also when it stops
// in the middle.
func (h *helper) sign(ctx context.Context, ids []pipeline.PaperID) (counts, error) {
	var done counts
	offers, err := h.prepare(ctx, ids)
	if err != nil {
		return done, err
	}
	values, stopped := h.values(ctx, offers, &done)
	if errors.Is(stopped, errToken) {
		h.tokenOut = stopped
	}
	return done, errors.Join(h.submit(ctx, values, &done), stopped)
}

// values has the key sign what is offered, until it does not any more.
func (h *helper) values(ctx context.Context, offers []offer, done *counts) ([]signedValue, error) {
	var values []signedValue
	for _, o := range offers {
		if o.Refused != nil {
			done.refused++
			if err := h.refused(ctx, o, o.Refused); err != nil {
				return values, err
			}
			continue
		}
		value, err := h.value(o)
		if err != nil {
			return values, err
		}
		values = append(values, signedValue{o.Request, value, o})
	}
	return values, nil
}

func (h *helper) prepare(ctx context.Context, ids []pipeline.PaperID) ([]offer, error) {
	var answer struct {
		Papers []offer `json:"papers"`
	}
	err := h.client.post(ctx, "/signing/prepare", map[string]any{"papers": ids, "chain": h.chain}, &answer)
	return answer.Papers, err
}

// value has the key sign what is offered. The digest is computed here, from attributes
// that hold the digest of a document: a key signs nothing that it was merely told.
func (h *helper) value(o offer) ([]byte, error) {
	hash, err := hashOf(o.Hash)
	if err != nil {
		return nil, err
	}
	digest, err := sign.Asked(o.Attributes, hash)
	if err != nil {
		return nil, fmt.Errorf("checking what is to be signed of %s: %w", o.Paper, err)
	}
	if !bytes.Equal(digest, o.Digest) {
		return nil, fmt.Errorf("checking what is to be signed of %s: the service's digest is not that of its attributes", o.Paper)
	}
	value, err := h.identity.Key.Sign(rand.Reader, digest, hash)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errToken, err)
	}
	return value, nil
}

func hashOf(name string) (crypto.Hash, error) {
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		if h.String() == name {
			return h, nil
		}
	}
	return 0, fmt.Errorf("reading what is to be signed: unknown hash %.20q", name)
}

// submit hands values in and says what became of each.
func (h *helper) submit(ctx context.Context, values []signedValue, done *counts) error {
	if len(values) == 0 {
		return nil
	}
	var answer struct {
		Results []struct {
			Accepted bool     `json:"accepted"`
			Refused  *problem `json:"refused"`
		} `json:"results"`
	}
	// What a pulled token or an impatient person has left signed is still handed in.
	handing, end := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer end()
	if err := h.client.post(handing, "/signing/submit", map[string]any{"signatures": values}, &answer); err != nil {
		return err
	}
	if len(answer.Results) != len(values) {
		return fmt.Errorf("handing in %d signatures: %d answers", len(values), len(answer.Results))
	}
	for i, r := range answer.Results {
		if !r.Accepted {
			done.refused++
			if err := h.refused(ctx, values[i].of, r.Refused); err != nil {
				return err
			}
			continue
		}
		h.signed++
		if err := h.tell(values[i].of, nil); err != nil {
			return err
		}
	}
	return nil
}

// refused says why a paper is not signed, here and on the officer's page.
func (h *helper) refused(ctx context.Context, o offer, why *problem) error {
	if why == nil {
		why = &problem{Code: "failed"}
	}
	if err := h.trouble(ctx, []pipeline.PaperID{o.Paper}, why.Code); err != nil {
		return err
	}
	return h.tell(o, why)
}

// trouble puts onto the officer's page why papers were not signed.
func (h *helper) trouble(ctx context.Context, ids []pipeline.PaperID, code string) error {
	var answer struct{}
	return h.client.post(ctx, "/signing/troubles", map[string]any{"papers": ids, "code": code}, &answer)
}

// tell prints what became of a paper.
func (h *helper) tell(o offer, why *problem) error {
	if h.app.json {
		return json.NewEncoder(h.app.out).Encode(struct {
			ID      pipeline.PaperID       `json:"id"`
			Dossier pipeline.DossierNumber `json:"dossier"`
			Signed  bool                   `json:"signed"`
			Refused *problem               `json:"refused,omitempty"`
		}{o.Paper, o.Dossier, why == nil, why})
	}
	what := "đã ký"
	if why != nil {
		what = "chưa ký: " + shown(why.Message)
	}
	_, err := fmt.Fprintf(h.app.out, "%s  %s  %s\n", shown(o.Dossier.String()), shown(named(o.Title, o.File)), what)
	return err
}

// glance is how often the helper asks what its officer has decided.
const glance = 700 * time.Millisecond

// watch signs what the officer decides on the page, until ctx ends or the PIN is refused.
func (h *helper) watch(ctx context.Context) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	now := untried
	for {
		account, err := h.round(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if now, err = h.went(account, err, now); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// line is how the line to the service was in the last round.
type line int

const (
	untried line = iota
	up
	cut
)

// went says how a round went, where that is new: first that the helper is ready, then
// whatever gets into its way. The error is for what another round will not mend.
func (h *helper) went(account string, err error, before line) (now line, end error) {
	switch {
	case h.tokenOut != nil:
		return up, h.pulled()
	case err == nil && before != up:
		return up, h.say("Sẵn sàng ký cho tài khoản %s. Bấm Ký trên trang Ký số; Ctrl+C để dừng.", shown(account))
	case err == nil:
		return up, nil
	case !retried(err):
		return before, err
	case before != cut:
		return cut, h.say("Mất kết nối với máy chủ, sẽ tự kết nối lại: %s", explain(err))
	}
	return cut, nil
}

// pulled says that the token does not answer. The helper stays for its return, unless it
// is the PIN that is refused: that is not tried again.
func (h *helper) pulled() error {
	out := h.tokenOut
	h.tokenOut = nil
	if _, refused := pipeline.AsRefusal(out); refused {
		_ = h.say("hoso: %s", explain(out)) // nowhere left to complain
		return quiet{exitPerson}
	}
	return h.say("Thiết bị ký không trả lời (%s). Hãy cắm lại rồi bấm Ký lần nữa.", shown(out.Error()))
}

// retried reports whether another try may succeed.
func retried(err error) bool {
	_, missing := errors.AsType[*pipeline.Unavailable](err)
	return missing
}

// roundTime is how long a service may keep the helper waiting before the line counts as
// cut.
const roundTime = 3 * time.Minute

// round signs what was decided since the last one.
func (h *helper) round(ctx context.Context) (account string, err error) {
	ctx, end := context.WithTimeout(ctx, roundTime)
	defer end()
	var wanted struct {
		Account string             `json:"account"`
		Papers  []pipeline.PaperID `json:"papers"`
	}
	if err := h.client.post(ctx, "/signing/watch", struct{}{}, &wanted); err != nil {
		return "", err
	}
	for some := range slices.Chunk(wanted.Papers, group) {
		_, err := h.sign(ctx, some)
		refusal, refused := pipeline.AsRefusal(err)
		switch {
		case refused: // of the certificate, and so of everything
			err = errors.Join(h.trouble(ctx, wanted.Papers, refusal.Reason.Code), h.say("%s", refusal.Reason.Vietnamese))
		case h.tokenOut != nil:
			return wanted.Account, errors.Join(err, h.trouble(context.WithoutCancel(ctx), wanted.Papers, "token-gone"))
		}
		if err != nil || refused {
			return wanted.Account, err
		}
	}
	return wanted.Account, nil
}
