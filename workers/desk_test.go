package workers_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/policy"
	"hoso/pipeline/sign"
	"hoso/workers"
)

// officer is a person with a key.
type officer struct {
	workers.Signatory

	key crypto.Signer
}

// desk is a world in which officers sign.
type desk struct {
	*world
	*workers.Desk

	root sign.Identity
}

func newDesk(t *testing.T, signers string) *desk {
	t.Helper()
	w := newWorld(t)
	root, pool := signer(t)
	for _, trust := range []*sign.Trust{&w.office.Trust, &w.steps.Trust} {
		trust.Roots = trust.Roots.Clone()
		trust.Roots.AddCert(root.Chain[0])
	}
	_ = pool
	w.rules("- signers: " + signers)
	rules, err := policy.Parse([]byte("- signers: " + signers))
	if err != nil {
		t.Fatal(err)
	}
	w.steps.Policy = rules
	return &desk{w, &workers.Desk{Office: w.office, Requests: w.catalog, Holders: w.catalog, Limit: 10 * time.Minute, Machine: "local"}, root}
}

// hires makes an officer with a certificate below the desk's root.
func (d *desk) hires(account string, change ...func(*x509.Certificate)) officer {
	d.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.hiresWith(account, key, change...)
}

func (d *desk) hiresWith(account string, key crypto.Signer, change ...func(*x509.Certificate)) officer {
	d.t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "Cán bộ " + account},
		NotBefore: d.clock.Add(-time.Hour), NotAfter: d.clock.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	for _, c := range change {
		c(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, d.root.Chain[0], key.Public(), d.root.Key)
	if err != nil {
		d.t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		d.t.Fatal(err)
	}
	return officer{workers.Signatory{Account: account, Chain: []*x509.Certificate{c}}, key}
}

// waits hands in a paper and works until it waits to be signed.
func (d *desk) waits(content string) pipeline.Paper {
	d.t.Helper()
	r, err := d.tryReceive("H42.15-221011-0001", content)
	if err != nil {
		d.t.Fatal(err)
	}
	p := d.work(r.ID, 20)
	if p.State != pipeline.Signing || p.Reason.Code != workers.ReasonOfficer || p.Composed.IsZero() || !p.Record.IsZero() {
		d.t.Fatalf("a paper that an officer signs is %s (%s), composed %s, record %s", p.State, p.Reason.Code, p.Composed, p.Record)
	}
	return p
}

// prepares asks for one signature.
func (d *desk) prepares(o officer, p pipeline.Paper) workers.Offer {
	d.t.Helper()
	offers, err := d.Prepare(d.t.Context(), []pipeline.Paper{p}, o.Signatory)
	if err != nil {
		d.t.Fatal(err)
	}
	return offers[0]
}

// signs is what a helper does with an offer.
func (o officer) signs(t *testing.T, offer workers.Offer) []byte {
	t.Helper()
	digest, err := sign.Asked(offer.Attributes, crypto.SHA256)
	if err != nil || offer.Hash != "SHA-256" || !bytes.Equal(digest, offer.Digest) {
		t.Fatalf("asked to sign %x with %s, the attributes say %x, %v", offer.Digest, offer.Hash, digest, err)
	}
	value, err := o.key.Sign(rand.Reader, digest, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func refusedWith(t *testing.T, err error, code string) {
	t.Helper()
	if r, ok := pipeline.AsRefusal(err); !ok || r.Reason.Code != code || r.Reason.Vietnamese == "" {
		t.Errorf("%v, want a refusal with %s", err, code)
	}
}

// report verifies the record of a paper.
func (d *desk) report(id pipeline.PaperID) sign.Report {
	d.t.Helper()
	body, err := d.open(id, workers.Record)
	if err != nil {
		d.t.Fatal(err)
	}
	trust := d.office.Trust
	trust.Now = d.clock
	r, err := sign.Verify(d.t.Context(), bytes.NewReader(body), int64(len(body)), trust)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// TestOfficerSigns: from the paper that waits to the record that the officer has signed.
func TestOfficerSigns(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan := d.hires("lan")
	p := d.waits("two pages")
	offer := d.prepares(lan, p)
	moved, err := d.Submit(t.Context(), offer.Request, lan.signs(t, offer), "lan")
	if err != nil || moved.State != pipeline.Composed {
		t.Fatalf("Submit: %s, %v", moved.State, err)
	}
	p = d.work(p.ID, 10)
	if p.State != pipeline.Filed || p.Sealed.Signer != "Cán bộ lan" || len(p.Sealed.By) != 1 || p.Sealed.By[0].Who != pipeline.ByOfficer || p.Sealed.By[0].Account != "lan" {
		t.Errorf("filed: %s, sealed %+v", p.State, p.Sealed)
	}
	r := d.report(p.ID)
	if len(r.Signatures) != 1 || !r.Signatures[0].Intact || !r.Signatures[0].Trusted || r.Signatures[0].Signer != "Cán bộ lan" {
		t.Errorf("the record: %s, %+v", r.Verdict, r.Signatures)
	}
	if left := d.bucket.keys(t, pipeline.BlobKey(p.Composed)); len(left) > 0 {
		t.Errorf("the unsigned file stays: %s", left)
	}
	d.logTells(p.ID, lan)
	d.sameAfterRebuild(p.ID)
}

// logTells holds what the log says of who signed against what it may say.
func (d *desk) logTells(id pipeline.PaperID, by officer) {
	d.t.Helper()
	events, err := d.catalog.Events(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	serial, found := by.Chain[0].SerialNumber.Text(16), false
	for _, e := range events {
		found = found || e.What == "signed at the desk" && e.Actor == by.Account && e.Detail == `{"serial":"`+serial+`"}`
		if strings.Contains(e.Detail, "Cán bộ") {
			d.t.Errorf("the log names a person: %+v", e)
		}
	}
	if !found {
		d.t.Errorf("the log does not say that %s signed with %s: %+v", by.Account, serial, events)
	}
}

// TestOfficerThenAgency: two signatures, the officer's first, and the second breaks
// nothing.
func TestOfficerThenAgency(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer, agency]")
	lan := d.hires("lan")
	p := d.waits("two pages")
	offer := d.prepares(lan, p)
	if _, err := d.Submit(t.Context(), offer.Request, lan.signs(t, offer), "lan"); err != nil {
		t.Fatal(err)
	}
	p = d.work(p.ID, 10)
	if all := p.Sealed.Signers(); p.State != pipeline.Filed || p.Sealed.Signer != "Cán bộ lan" || len(all) != 2 || all[1].Who != pipeline.ByAgency || all[1].Name != "UBND xã Thử" {
		t.Errorf("filed: %s, sealed %+v", p.State, p.Sealed)
	}
	r := d.report(p.ID)
	if len(r.Signatures) != 2 || r.Signatures[0].Signer != "Cán bộ lan" || r.Signatures[1].Signer != "UBND xã Thử" {
		t.Fatalf("the record: %s, %+v", r.Verdict, r.Signatures)
	}
	for _, s := range r.Signatures {
		if !s.Intact || !s.Trusted {
			t.Errorf("%s: intact %t, trusted %t, %v", s.Signer, s.Intact, s.Trusted, s.Problems)
		}
	}
}

// TestAcceptedOutlivesTheCatalog: of a paper that an officer has signed, catalog and queue
// are lost before the record is made. It is read again, and not signed again.
func TestAcceptedOutlivesTheCatalog(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan := d.hires("lan")
	p := d.waits("two pages")
	offer := d.prepares(lan, p)
	if _, err := d.Submit(t.Context(), offer.Request, lan.signs(t, offer), "lan"); err != nil {
		t.Fatal(err)
	}
	d.catalog = d.rebuilt(workers.Rebuilt{Open: 1})
	d.steps.Papers, d.steps.Known = d.catalog, d.catalog
	if p = d.work(p.ID, 20); p.State != pipeline.Filed || p.Sealed.Signer != "Cán bộ lan" {
		t.Errorf("with a new catalog the paper is %s, signed by %q", p.State, p.Sealed.Signer)
	}
}

// TestValuesThatDoNotCount: whatever is wrong with a value is told, and the request stays
// open for the right one.
func TestValuesThatDoNotCount(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan, minh := d.hires("lan"), d.hires("minh")
	first, second := d.waits("two pages"), d.waits("two other pages")
	one, two := d.prepares(lan, first), d.prepares(lan, second)
	good := lan.signs(t, one)
	submit := func(request string, value []byte, account string) error {
		_, err := d.Submit(t.Context(), request, value, account)
		return err
	}
	for _, value := range [][]byte{nil, []byte("rác"), good[:len(good)-1], minh.signs(t, one), lan.signs(t, two)} {
		refusedWith(t, submit(one.Request, value, "lan"), "wrong-value")
	}
	refusedWith(t, submit(two.Request, good, "lan"), "wrong-value")
	refusedWith(t, submit(one.Request, good, "minh"), "not-yours")
	refusedWith(t, submit("01M84E0F4CFGDGW2VC87EH9999", good, "lan"), "no-request")
	if p := d.paper(first.ID); p.State != pipeline.Signing || p.Gen != first.Gen {
		t.Errorf("after wrong values the paper is %s in generation %d, was %d", p.State, p.Gen, first.Gen)
	}
	if err := submit(one.Request, good, "lan"); err != nil {
		t.Fatal(err)
	}
	if err := submit(one.Request, good, "lan"); err != nil {
		t.Errorf("handing in what was accepted, once more: %v", err)
	}
	if p := d.paper(second.ID); p.State != pipeline.Signing {
		t.Errorf("the other paper is %s", p.State)
	}
}

// TestRequestsLive as long as they should: the same certificate gets the same one, others
// are told who is signing, and when the time is over the paper simply waits.
func TestRequestsLive(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan, minh := d.hires("lan"), d.hires("minh")
	p := d.waits("two pages")
	first := d.prepares(lan, p)
	d.clock = d.clock.Add(9 * time.Minute)
	if again := d.prepares(lan, p); again.Request != first.Request || !bytes.Equal(again.Digest, first.Digest) {
		t.Errorf("asked again within the time: %s %x, want %s %x", again.Request, again.Digest, first.Request, first.Digest)
	}
	if o := d.prepares(minh, p); o.Refused.Code != "being-signed" || !strings.Contains(o.Refused.Vietnamese, "lan") || !o.Until.Equal(first.Until) || o.Request != "" {
		t.Errorf("a second officer is told %+v", o)
	}
	d.clock = d.clock.Add(2 * time.Minute)
	_, err := d.Submit(t.Context(), first.Request, lan.signs(t, first), "lan")
	refusedWith(t, err, "request-over")
	if now := d.paper(p.ID); now.State != pipeline.Signing {
		t.Errorf("after its time the paper is %s", now.State)
	}
	other := d.prepares(minh, p)
	_, err = d.Submit(t.Context(), first.Request, lan.signs(t, first), "lan")
	refusedWith(t, err, "no-request")
	_, err = d.Submit(t.Context(), other.Request, lan.signs(t, first), "minh") // a value of before
	refusedWith(t, err, "wrong-value")
	if _, err := d.Submit(t.Context(), other.Request, minh.signs(t, other), "minh"); err != nil {
		t.Error(err)
	}
}

// TestChangedMeanwhile: what was prepared before a correction, a rejection or another
// decision signs nothing any more.
func TestChangedMeanwhile(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan := d.hires("lan")
	p := d.waits("two pages")
	offer := d.prepares(lan, p)
	d.correct(p.ID, fields(string(pipeline.FieldTitle), "GIẤY KHAI SINH"))
	_, err := d.Submit(t.Context(), offer.Request, lan.signs(t, offer), "lan")
	refusedWith(t, err, "paper-changed")
	if p = d.work(p.ID, 10); p.State != pipeline.Signing {
		t.Fatalf("a corrected paper is %s, want it to wait to be signed again", p.State)
	}
	anew := d.prepares(lan, p)
	if bytes.Equal(anew.Digest, offer.Digest) {
		t.Error("what is to be signed does not show the correction")
	}
	if _, err := d.office.Retry(t.Context(), p.ID, "lan"); err != nil {
		t.Fatal(err)
	}
	if p = d.work(p.ID, 10); p.State != pipeline.Signing {
		t.Fatalf("a paper whose signers were asked for again is %s", p.State)
	}
	if p, err = d.office.Reread(t.Context(), p.ID, "lan"); err != nil || p.State != pipeline.Received {
		t.Fatalf("a paper to be read again is %s, %v", p.State, err)
	}
	if p = d.work(p.ID, 10); p.State != pipeline.Signing {
		t.Fatalf("a paper that was read again is %s", p.State)
	}
	last := d.prepares(lan, p)
	if _, err := d.office.Reject(t.Context(), p.ID, pipeline.Reason{Code: "person", Vietnamese: "Nhầm."}, "minh"); err != nil {
		t.Fatal(err)
	}
	_, err = d.Submit(t.Context(), last.Request, lan.signs(t, last), "lan")
	refusedWith(t, err, "paper-changed")
	if o := d.prepares(lan, d.paper(p.ID)); o.Refused.Code != "not-waiting" {
		t.Errorf("a rejected paper is offered: %+v", o)
	}
}

// TestCertificatesThatMayNotSign are refused before anything is prepared.
func TestCertificatesThatMayNotSign(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	p := d.waits("two pages")
	weak, err := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // it is to be refused
	if err != nil {
		t.Fatal(err)
	}
	large, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	stranger := d.hires("lan")
	d.root, _ = signer(t)
	untrusted := d.hires("lan")
	d.root = sign.Identity{Chain: stranger.Chain, Key: stranger.key}
	for code, o := range map[string]officer{
		"certificate-early":     d.hires("lan", func(c *x509.Certificate) { c.NotBefore = d.clock.Add(time.Hour) }),
		"certificate-expired":   d.hires("lan", func(c *x509.Certificate) { c.NotAfter = d.clock.Add(-time.Minute) }),
		"certificate-usage":     d.hires("lan", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }),
		"certificate-key":       d.hiresWith("lan", weak),
		"certificate-untrusted": untrusted,
		"certificate-none":      {},
	} {
		_, err := d.Prepare(t.Context(), []pipeline.Paper{p}, o.Signatory)
		refusedWith(t, err, code)
	}
	_, err = d.Prepare(t.Context(), []pipeline.Paper{p}, d.hiresWith("lan", large).Signatory)
	refusedWith(t, err, "certificate-key")
	d.AnyRoot = true
	if o := d.prepares(untrusted, p); o.Request == "" {
		t.Errorf("any root will do, and yet: %+v", o)
	}
}

// TestAccountsAreTiedToPersons: the first certificate that an account signs with says who
// it is; renewing it changes nothing, and merely asking ties nobody.
func TestAccountsAreTiedToPersons(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan, minh := d.hires("lan"), d.hires("minh")
	renewed := d.hires("lan")
	d.prepares(officer{workers.Signatory{Account: "gian", Chain: lan.Chain}, nil}, d.waits("a"))
	sealed := func(o officer, content string) error {
		offers, err := d.Prepare(t.Context(), []pipeline.Paper{d.waits(content)}, o.Signatory)
		if err != nil {
			return err
		}
		_, err = d.Submit(t.Context(), offers[0].Request, o.signs(t, offers[0]), o.Account)
		return err
	}
	if err := sealed(lan, "b"); err != nil {
		t.Fatal(err)
	}
	if err := sealed(renewed, "c"); err != nil {
		t.Errorf("with a renewed certificate: %v", err)
	}
	refusedWith(t, sealed(officer{workers.Signatory{Account: "gian", Chain: lan.Chain}, lan.key}, "d"), "certificate-of-other")
	refusedWith(t, sealed(officer{workers.Signatory{Account: "lan", Chain: minh.Chain}, minh.key}, "e"), "other-certificate")
	if err := sealed(officer{workers.Signatory{Account: "local", Chain: lan.Chain}, lan.key}, "f"); err != nil {
		t.Errorf("the owner of the machine: %v", err)
	}
	if err := d.catalog.LetGo(t.Context(), "lan"); err != nil {
		t.Fatal(err)
	}
	if err := sealed(officer{workers.Signatory{Account: "lan", Chain: minh.Chain}, minh.key}, "g"); err != nil {
		t.Errorf("after the tie was undone: %v", err)
	}
}

// outage is a timestamp authority that is down at first.
type outage struct{ down bool }

func (o *outage) Timestamp(context.Context, []byte) ([]byte, error) {
	if o.down {
		return nil, &pipeline.Unavailable{What: "timestamp authority", Err: io.ErrUnexpectedEOF}
	}
	return nil, errors.New("asked")
}

// TestNoTimestampNoLoss: the authority is down when the officer signs. The paper waits for
// it by itself, and nobody is asked again.
func TestNoTimestampNoLoss(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan := d.hires("lan")
	p := d.waits("two pages")
	d.steps.Signing.Timestamper = &outage{down: true}
	offer := d.prepares(lan, p)
	if _, err := d.Submit(t.Context(), offer.Request, lan.signs(t, offer), "lan"); err != nil {
		t.Fatal(err)
	}
	if p = d.work(p.ID, 8); p.State != pipeline.Failed || p.Reason.Code != "unavailable" {
		t.Fatalf("without the authority the paper is %s: %s", p.State, p.Reason.English)
	}
	d.steps.Signing.Timestamper = nil
	if p = d.work(p.ID, 8); p.State != pipeline.Filed || p.Sealed.Signer != "Cán bộ lan" {
		t.Errorf("with it the paper is %s, signed by %q", p.State, p.Sealed.Signer)
	}
}

// TestUnsignedFileGone: without the stored file the same is built again; where that is not
// possible the officer is asked again, and told why.
func TestUnsignedFileGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan := d.hires("lan")
	signs := func(p pipeline.Paper) {
		t.Helper()
		offer := d.prepares(lan, p)
		if _, err := d.Submit(t.Context(), offer.Request, lan.signs(t, offer), "lan"); err != nil {
			t.Fatal(err)
		}
		if err := d.bucket.Delete(t.Context(), pipeline.BlobKey(p.Composed)); err != nil {
			t.Fatal(err)
		}
	}
	p := d.waits("two pages")
	signs(p)
	if p = d.work(p.ID, 10); p.State != pipeline.Filed {
		t.Errorf("a file that is built again the same: %s", p.State)
	}
	q := d.waits("two other pages")
	signs(q)
	now := d.paper(q.ID)
	now.Fields = pipeline.WithField(now.Fields, pipeline.Field{Name: pipeline.FieldTitle, Value: "KHÁC"})
	if _, err := d.catalog.Commit(t.Context(), pipeline.Move{Paper: now, Event: pipeline.Event{What: "tampered"}}); err != nil {
		t.Fatal(err)
	}
	if q = d.work(q.ID, 10); q.State != pipeline.Signing || q.Reason.Code != "officer-signs-anew" {
		t.Fatalf("a file that cannot be built again: %s, %s", q.State, q.Reason.Code)
	}
	offer := d.prepares(lan, q)
	if _, err := d.Submit(t.Context(), offer.Request, lan.signs(t, offer), "lan"); err != nil {
		t.Fatal(err)
	}
	if q = d.work(q.ID, 10); q.State != pipeline.Filed {
		t.Errorf("after the officer signed again: %s", q.State)
	}
	r := d.waits("more pages")
	if err := d.bucket.Delete(t.Context(), pipeline.BlobKey(r.Composed)); err != nil {
		t.Fatal(err)
	}
	if o := d.prepares(lan, r); o.Refused.Code != "composed-anew" {
		t.Errorf("asked for a file that is gone: %+v", o)
	}
	if r = d.work(r.ID, 10); r.State != pipeline.Signing {
		t.Errorf("a file that is made again waits as %s", r.State)
	}
}

// TestOneBadFileKeepsNoOther from being signed.
func TestOneBadFileKeepsNoOther(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "[officer]")
	lan := d.hires("lan")
	bad, good := d.waits("two pages"), d.waits("two other pages")
	rot := "%PDF-1.7 rot"
	bad.Composed = pipeline.Sum([]byte(rot))
	if err := d.bucket.Put(t.Context(), bad.Composed, int64(len(rot)), strings.NewReader(rot), "application/pdf"); err != nil {
		t.Fatal(err)
	}
	bad, err := d.catalog.Commit(t.Context(), pipeline.Move{Paper: bad, Event: pipeline.Event{What: "tampered"}})
	if err != nil {
		t.Fatal(err)
	}
	offers, err := d.Prepare(t.Context(), []pipeline.Paper{bad, good}, lan.Signatory)
	if err != nil || len(offers) != 2 || offers[0].Refused.Code != "unreadable-pdf" || offers[1].Request == "" {
		t.Errorf("a bad file and a good one: %+v, %v", offers, err)
	}
}

// TestDeskCutOffAnywhere fails each call to the bucket once, before or after it was
// carried out, while an officer signs; the helper tries again as helpers do. No value
// that was acknowledged is asked for twice, and every paper is filed.
func TestDeskCutOffAnywhere(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for failAt, reached := 1, true; reached; failAt++ {
			reached = signedWithFailure(t, failAt, after)
		}
	}
}

func signedWithFailure(t *testing.T, failAt int, after bool) bool {
	t.Helper()
	d := newDesk(t, "[officer, agency]")
	lan := d.hires("lan")
	p := d.waits("two pages")
	d.bucket.mu.Lock()
	d.bucket.calls, d.bucket.failAt, d.bucket.after = 0, failAt, after
	d.bucket.mu.Unlock()
	acknowledged := 0
	for range 3 { // a helper that is started again
		offers, err := d.Prepare(t.Context(), []pipeline.Paper{d.paper(p.ID)}, lan.Signatory)
		if err != nil || offers[0].Request == "" {
			continue
		}
		if _, err := d.Submit(t.Context(), offers[0].Request, lan.signs(t, offers[0]), "lan"); err == nil {
			acknowledged++
		}
		d.clock = d.clock.Add(time.Minute) // a lease that was left ends
	}
	p = d.work(p.ID, 20)
	if p.State != pipeline.Filed || acknowledged > 1 {
		t.Errorf("cut off at call %d: %s, acknowledged %d times", failAt, p.State, acknowledged)
	}
	reached := d.bucket.calls >= failAt
	d.bucket.failAt = 0
	if r := d.report(p.ID); len(r.Signatures) != 2 {
		t.Errorf("cut off at call %d: %d signatures", failAt, len(r.Signatures))
	}
	return reached
}
