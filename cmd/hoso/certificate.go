package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"hoso/cmd/internal/web"
	"hoso/pipeline"
	"hoso/pipeline/sign"
	"hoso/pipeline/sign/revocation"
	"hoso/workers"
)

// fit refuses a signer's certificate with which no paper could ever be signed under these
// settings: nothing starts with it. A certificate whose issuer does not answer, that was
// revoked or whose time is over is taken, since a better day or a better key may come any
// minute, and papers wait for that.
func (k *signingKeys) fit(chain []*x509.Certificate) error {
	if k.trust.Status == nil {
		return nil
	}
	err := k.trust.Fit(chain, time.Now())
	const otherwise = " (hoặc đặt HOSO_REVOCATION=off nếu cơ quan chấp nhận ký mà không kiểm tra; khi đó chữ ký chỉ đạt mức B-T)."
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sign.ErrNoRoot):
		return usageError{pipeline.Refuse(pipeline.Reason{
			Code: "certificate-untrusted", English: "the signer's certificate leads to no trusted root, so nobody can be asked whether it is revoked",
			Vietnamese: "Chứng thư số ký không nối tới chứng thư gốc nào đã khai báo nên không kiểm tra được thu hồi trước khi ký. Hãy khai báo tệp chứng thư gốc của tổ chức cấp ở HOSO_TRUST" + otherwise,
		}, err)}
	case errors.Is(err, revocation.ErrNoSource):
		return usageError{pipeline.Refuse(pipeline.Reason{
			Code: "certificate-silent", English: "the signer's certificate names neither OCSP nor CRL; use another one, or set HOSO_REVOCATION=off",
			Vietnamese: "Chứng thư số ký không ghi địa chỉ kiểm tra thu hồi (OCSP hoặc CRL) nên không bao giờ biết được đã bị thu hồi hay chưa. Hãy dùng chứng thư khác" + otherwise,
		}, err)}
	}
	return err
}

// courtesy is how long an issuer may take while a person looks on: an officer who signs, or
// who wants to know what a signature is worth. Papers have more time.
const courtesy = 5 * time.Second

// forPeople lets questions about revocation end in time for people. Who asks on behalf of
// papers, as papers are signed elsewhere, has k.patient.
func (k *signingKeys) forPeople() {
	k.patient = k.trust
	if c, ok := k.trust.Status.(*revocation.Client); ok {
		k.trust.Status = &revocation.Client{HTTP: c.HTTP, Limit: courtesy}
	}
}

// certificate watches whether the signer's certificate may sign, so that an operator
// learns of it before the papers do. Nobody waits for the answer.
type certificate struct {
	trust sign.Trust
	chain []*x509.Certificate // of the key that was there at the start; none if it was away
	log   *slog.Logger
	out   io.Writer

	mu    sync.Mutex
	asked bool
	err   error // of the last answer
}

// certificate gives the watch over the key's certificate, by what papers are told of it.
func (k *signingKeys) certificate(log *slog.Logger, out io.Writer) *certificate {
	return &certificate{trust: k.patient, chain: k.chain, log: log, out: out}
}

// watched is how often the certificate is looked at; its issuer is asked less often.
const watched = time.Minute

// watch looks until ctx ends.
func (c *certificate) watch(ctx context.Context) {
	if c.trust.Status == nil || len(c.chain) == 0 {
		return
	}
	tick := time.NewTicker(watched)
	defer tick.Stop()
	for {
		_, err := c.trust.Ready(ctx, c.chain, time.Now())
		if ctx.Err() != nil {
			return
		}
		c.learn(ctx, err)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// learn keeps an answer, and tells of it where it is news.
func (c *certificate) learn(ctx context.Context, err error) {
	c.mu.Lock()
	news := (err == nil) != (c.err == nil)
	c.asked, c.err = true, err
	c.mu.Unlock()
	switch {
	case !news:
	case err == nil:
		c.log.LogAttrs(ctx, slog.LevelInfo, "the signer's certificate may sign again")
	default:
		c.log.LogAttrs(ctx, slog.LevelWarn, "nothing can be signed; papers wait", slog.String("error", err.Error()))
		_, _ = fmt.Fprintf(c.out, "hoso: %s\n", waitingFor(err).Vietnamese) // the log has it, too
	}
}

// service tells of the certificate as of a part of the installation; false while nothing
// is known.
func (c *certificate) service() (web.Service, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.asked {
		return web.Service{}, false
	}
	s := web.Service{Name: "certificate", Healthy: c.err == nil, Say: "Chứng thư số ký còn hiệu lực và chưa bị thu hồi."}
	if c.err != nil {
		r := waitingFor(c.err)
		s.Say, s.English = r.Vietnamese, c.err.Error()
	}
	return s, true
}

// waitingFor says what papers wait for that cannot be signed.
func waitingFor(err error) pipeline.Reason {
	u, ok := errors.AsType[*pipeline.Unavailable](err)
	if !ok {
		u = &pipeline.Unavailable{What: "signing key", Err: err}
	}
	return workers.Lacking(u)
}
