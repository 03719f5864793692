package main_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"software.sslmate.com/src/go-pkcs12"

	"hoso/cmd/internal/browsertest"
	"hoso/pipeline"
	"hoso/testdata/judge"
)

const officerPIN = "246810"

// deskOffice is a service whose papers officers sign.
type deskOffice struct {
	*service

	ca    *agency
	admin *staff
}

func newDeskOffice(t *testing.T, signers string, env ...string) *deskOffice {
	t.Helper()
	return newDeskOfficeOf(t, newAgency(t), signers, env...)
}

// newDeskOfficeOf does so with officers whose certificates an authority gives.
func newDeskOfficeOf(t *testing.T, ca *agency, signers string, env ...string) *deskOffice {
	t.Helper()
	o := &deskOffice{ca: ca}
	rules := filepath.Join(t.TempDir(), "quy định.yaml")
	write(t, rules, []byte("- signers: "+signers+"\n"))
	o.service = newService(t, append([]string{"HOSO_POLICY=" + rules, "HOSO_TRUST=" + o.ca.file}, env...)...)
	return o
}

// officer makes a certificate for a person.
func (a *agency) officer(t *testing.T, name string, public crypto.PublicKey) *x509.Certificate {
	t.Helper()
	return a.Identity(t, published{public}, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter, c.ExtKeyUsage = time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0), nil
		c.Subject = pkix.Name{Country: []string{"VN"}, Organization: []string{"UBND xã Thử Nghiệm"}, CommonName: name}
	}).Chain[0]
}

// published is a key of which the public half alone is known.
type published struct{ public crypto.PublicKey }

func (p published) Public() crypto.PublicKey { return p.public }

func (published) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("the key lies elsewhere")
}

// officerFile puts a person's key into a file that the PIN opens.
func (a *agency) officerFile(t *testing.T, name string) string {
	t.Helper()
	key := newKey(t)
	file, err := pkcs12.Modern.Encode(key, a.officer(t, name, &key.PublicKey), []*x509.Certificate{a.CA, a.Root}, officerPIN)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cán bộ.p12")
	write(t, path, file)
	return path
}

// staff is somebody with an account, before the pages of a service.
type staff struct {
	t      *testing.T
	at     string
	name   string
	client *http.Client
}

var (
	pageToken  = regexp.MustCompile(`data-token="([0-9a-f]*)"`)
	pageSecret = regexp.MustCompile(`class="secret num">([^<]+)<`)
)

// post sends a form as a page has it, and gives the answer's body.
func (p *staff) post(path string, form url.Values) string {
	p.t.Helper()
	page := p.body(p.client.Get(p.at + "/secret")) //nolint:noctx // the client has a limit
	if found := pageToken.FindStringSubmatch(page); found != nil {
		form.Set("token", found[1])
	}
	return p.body(p.client.PostForm(p.at+path, form)) //nolint:noctx // likewise
}

func (p *staff) body(answer *http.Response, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 400 {
		p.t.Fatalf("%s: %s, %v: %.2000s", answer.Request.URL.Path, answer.Status, err, body)
	}
	return string(body)
}

// enters logs in with a first secret and changes it.
func (s *service) enters(name, secret string) *staff {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	p := &staff{t: s.t, at: s.greeting(`hoso: (http://\S+)`), name: name, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
	p.post("/login", url.Values{"account": {name}, "secret": {secret}})
	p.post("/secret", url.Values{"secret": {secret}, "next": {lastingSecret}, "again": {lastingSecret}})
	return p
}

// hires makes an account and gives a file with its token.
func (o *deskOffice) hires(name, unit string) string {
	o.t.Helper()
	if o.admin == nil {
		o.admin = o.enters("admin", o.greeting(`secret (\S+) `))
	}
	page := o.admin.post("/accounts", url.Values{"name": {name}, "role": {"clerk"}, "unit": {unit}})
	secret := pageSecret.FindStringSubmatch(page)
	if secret == nil {
		o.t.Fatalf("no secret for %s: %.3000s", name, page)
	}
	o.enters(name, secret[1])
	token := pageSecret.FindStringSubmatch(o.admin.post("/accounts/token", url.Values{"name": {name}}))
	if token == nil {
		o.t.Fatalf("no token for %s", name)
	}
	path := filepath.Join(o.t.TempDir(), "mã API.txt")
	write(o.t, path, []byte(token[1]+"\n"))
	return path
}

// helper runs hoso desk-sign as on another machine.
func (o *deskOffice) helper(token string, args ...string) *exec.Cmd {
	o.t.Helper()
	args = append([]string{"desk-sign", "--server", o.greeting(`hoso: (http://\S+)`), "--token", "@" + token}, args...)
	cmd := exec.CommandContext(o.t.Context(), binary(o.t), args...) //nolint:gosec // the binary under test
	cmd.Env = append(os.Environ(), "HOSO_PIN="+officerPIN)
	return cmd
}

// signs runs the helper to its end and gives what it said and its exit code.
func (o *deskOffice) signs(token string, args ...string) (string, int) {
	o.t.Helper()
	cmd := o.helper(token, args...)
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		o.t.Fatal(err)
	}
	return string(said), cmd.ProcessState.ExitCode()
}

// toSign hands in n papers that will wait to be signed.
func (o *deskOffice) toSign(n int) []pipeline.PaperID {
	o.t.Helper()
	var all []pipeline.PaperID
	for id := range o.handIn(n, "desk") {
		all = append(all, id)
	}
	o.settle()
	for _, id := range all {
		if p := o.is(id, pipeline.Signing, 0); !strings.Contains(p.Reason.Vietnamese, "Ký số") {
			o.t.Errorf("%s does not say where it is signed: %q", id, p.Reason.Vietnamese)
		}
	}
	return all
}

// signedBy judges a record by programs of others: everybody who is named has signed it.
func (o *deskOffice) signedBy(id pipeline.PaperID, names ...string) {
	t := o.t
	t.Helper()
	record := filepath.Join(t.TempDir(), "bản ghi.pdf")
	if _, code := o.hoso("get", string(id), "-o", record); code != 0 {
		t.Fatalf("%s cannot be fetched", id)
	}
	var got []string
	for _, s := range judge.People(judge.PDFSig(t, record)) {
		if !s.Valid {
			t.Errorf("pdfsig: %+v", s)
		}
		got = append(got, s.Signer)
	}
	if fmt.Sprint(got) != fmt.Sprint(names) {
		t.Errorf("signed by %q, want %q", got, names)
	}
	found := judge.PyHanko(t, record, o.ca.file)
	if len(found) != len(names) || !found[0].BottomLine && !found[0].Trusted {
		t.Errorf("pyHanko, trusting the officers' root: %+v", found)
	}
	if out, code := o.hoso("verify", "--json", string(id)); code != 0 {
		t.Errorf("verify: exit %d, %s", code, out)
	}
}

// TestDeskSign: an officer lists what waits, thinks it over, and signs.
func TestDeskSign(t *testing.T) {
	t.Parallel()
	o := newDeskOffice(t, "[officer]")
	token, other := o.hires("lan", "H42.15"), o.hires("minh", "H40")
	key := o.ca.officerFile(t, "Trần Thị Lan")
	papers := o.toSign(3)
	if said, code := o.signs(other, "--p12", key, "--all", "--yes"); code != 0 || !strings.Contains(said, "Không có giấy tờ nào chờ ký") {
		t.Errorf("an officer of another unit: exit %d, %s", code, said)
	}
	if said, code := o.signs(other, "--p12", key, string(papers[0]), "--yes"); code != 4 {
		t.Errorf("another unit's paper by its ID: exit %d, %s", code, said)
	}
	ask := o.helper(token, "--p12", key, "--dossier", "H42.15-221011-0007")
	ask.Stdin = strings.NewReader("k\n")
	said, err := ask.CombinedOutput()
	if err != nil || strings.Count(string(said), "H42.15-221011-0007") != 3 || !strings.Contains(string(said), "(1 trang)") || !strings.Contains(string(said), "Ký 3 giấy tờ trên?") || !strings.Contains(string(said), "Không ký gì") {
		t.Errorf("asked and declined: %v\n%s", err, said)
	}
	o.refusesByItsAPI(papers[1], key, token, other)
	if said, code := o.signs(token, "--p12", key, string(papers[0]), "--yes"); code != 0 || !strings.Contains(said, "Đã ký 1 trên 1 giấy tờ.") {
		t.Errorf("one by its ID: exit %d, %s", code, said)
	}
	agree := o.helper(token, "--p12", key, "--all")
	agree.Stdin = strings.NewReader("có\n")
	if said, err := agree.CombinedOutput(); err != nil || !strings.Contains(string(said), "Đã ký 2 trên 2 giấy tờ.") {
		t.Errorf("asked and agreed: %v\n%s", err, said)
	}
	o.settle()
	for _, id := range papers {
		o.is(id, pipeline.Filed, 1)
		o.signedBy(id, "Trần Thị Lan")
	}
	if said, code := o.signs(token, "--p12", key, string(papers[0]), "--yes"); code != 6 || !strings.Contains(said, "không còn chờ ký") {
		t.Errorf("what is signed, once more: exit %d, %s", code, said)
	}
	for want, args := range map[int][]string{2: {"--p12", key}, 5: {"--p12", key, "--all", "--server", "http://127.0.0.1:1"}} {
		if said, code := o.signs(token, args...); code != want {
			t.Errorf("%s: exit %d, want %d: %s", args[2:], code, want, said)
		}
	}
	if strings.Contains(o.said.String(), "Lan") || strings.Contains(o.said.String(), officerPIN) {
		t.Errorf("the log names the officer:\n%s", o.said)
	}
}

// TestDeskSignWithoutTimestamps: the authority is down and the service is killed after the
// officer has signed. Nobody is asked again.
func TestDeskSignWithoutTimestamps(t *testing.T) {
	t.Parallel()
	ca := newAgency(t)
	authority := startAuthority(t, ca)
	authority.behave(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	o := newDeskOfficeOf(t, ca, "[officer]", "HOSO_TSA="+authority.url)
	token, key := o.hires("lan", ""), ca.officerFile(t, "Trần Thị Lan")
	paper := o.toSign(1)[0]
	if said, code := o.signs(token, "--p12", key, "--all", "--yes"); code != 0 || !strings.Contains(said, "Đã ký 1 trên 1") {
		t.Fatalf("signing without an authority: exit %d, %s", code, said)
	}
	o.waits(paper, "dấu thời gian")
	if err := o.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-o.gone
	o.start()
	authority.behave(authority.good)
	o.filedAtLast(paper)
	o.signedBy(paper, "Trần Thị Lan")
}

// refusesByItsAPI asks the service as a program of somebody else would: another unit's
// paper is not there, a value that is none leaves the request open, and a request of
// another account is none of one's business.
func (o *deskOffice) refusesByItsAPI(id pipeline.PaperID, key, token, other string) {
	t := o.t
	t.Helper()
	type refusal struct {
		Request string
		Refused struct{ Code, Message string }
	}
	ask := func(account, path string, body any) []refusal {
		t.Helper()
		var reply struct{ Papers, Results []refusal }
		secret, err := os.ReadFile(account)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.greeting(`hoso: (http://\S+)`)+"/api/v1/signing/"+path, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(secret)))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if err := json.NewDecoder(answer.Body).Decode(&reply); err != nil || len(reply.Papers)+len(reply.Results) != 1 {
			t.Fatalf("%s: %s, %v, %+v", path, answer.Status, err, reply)
		}
		return append(reply.Papers, reply.Results...)
	}
	file, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	_, leaf, issuers, err := pkcs12.DecodeChain(file, officerPIN)
	if err != nil {
		t.Fatal(err)
	}
	chain := [][]byte{leaf.Raw, issuers[0].Raw}
	prepare := map[string]any{"papers": []pipeline.PaperID{id}, "chain": chain}
	if got := ask(other, "prepare", prepare)[0]; got.Refused.Code != "not-found" || got.Request != "" {
		t.Errorf("another unit's paper: %+v", got)
	}
	request := ask(token, "prepare", prepare)[0].Request
	for account, code := range map[string]string{token: "wrong-value", other: "not-yours"} {
		got := ask(account, "submit", map[string]any{"request": request, "value": []byte("rác")})[0]
		if got.Refused.Code != code || got.Refused.Message == "" {
			t.Errorf("a value that is none: %+v, want %s", got, code)
		}
	}
	if again := ask(token, "prepare", prepare)[0].Request; again != request || request == "" {
		t.Errorf("asked again: request %q, want %q", again, request)
	}
}

// watching is a helper that stays.
type watching struct {
	cmd  *exec.Cmd
	said *lines
}

func (o *deskOffice) watches(cmd *exec.Cmd) *watching {
	o.t.Helper()
	w := &watching{cmd: cmd, said: &lines{}}
	w.cmd.Stdout, w.cmd.Stderr = w.said, w.said
	if err := w.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() {
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
		if o.t.Failed() {
			o.t.Logf("the helper said:\n%s", w.said)
		}
	})
	return w
}

// TestDeskSignOnThePage: the officer looks at papers on the page and presses one key; the
// helper beside the browser signs.
func TestDeskSignOnThePage(t *testing.T) {
	t.Parallel()
	o := newDeskOffice(t, "[officer, agency]")
	token, other := o.hires("lan", "H42.15"), o.hires("minh", "")
	papers := o.toSign(3)
	d := browsertest.Open(t, os.Getenv(browsertest.ShotsVariable))
	d.Patience = time.Minute
	d.Do("opening the door", chromedp.Navigate(o.greeting(`hoso: (http://\S+)`)), chromedp.WaitVisible("input[name=secret]"))
	d.Do("logging in", chromedp.KeyEvent("lan"+kb.Tab+lastingSecret+kb.Enter), chromedp.WaitVisible("#drop"))
	d.Says(".top nav", "Ký số 3")
	d.Do("going to sign", chromedp.Click(`a[href="/signing"]`), chromedp.WaitVisible(".to-sign .row"))
	d.Says(".helper", "Chưa có trình ký")
	d.Says(".helper", "hoso desk-sign --watch")
	d.Holds("the first page in sight", `document.querySelector("#sheet")?.naturalWidth > 0`)
	d.Holds("the focus on the first paper", `document.activeElement?.name === "paper"`)
	d.Shot("d01-no-helper")
	d.Do("pressing the button with nothing chosen", chromedp.Click("[data-go]"))
	d.Says("output.hint", "Hãy chọn giấy tờ")

	o.troubleIsShown(d, token, other)
	w := o.pulledAndReturned(d, token)
	d.Do("choosing all by key", chromedp.KeyEvent(kb.F8))
	d.Holds("all chosen", `[...document.querySelectorAll("input[name=paper]")].every(b => b.checked)`)
	d.Says("[data-go]", "Ký 3 giấy tờ")
	d.Shot("d03-chosen")
	began := time.Now()
	d.Do("signing by key", chromedp.KeyEvent(kb.F9))
	d.Says("#desk-list", "Không còn giấy tờ nào chờ ký")
	t.Logf("3 papers from the key to the empty list in %v", time.Since(began).Round(time.Millisecond))
	d.Holds("nothing left to sign in the menu", `document.querySelector("#to-sign").hidden && document.querySelector("#sheet").hidden`)
	d.Shot("d04-signed")
	for _, id := range papers {
		p := o.is(id, pipeline.Filed, 1)
		if all := p.Sealed.Signers(); len(all) != 2 || all[0].Name != "Trần Thị Lan" || all[0].Account != "lan" || all[1].Who != pipeline.ByAgency {
			t.Errorf("%s is signed by %+v", id, all)
		}
	}
	o.signedBy(papers[0], "Trần Thị Lan", "HOSO BAN DUNG THU - KHONG CO GIA TRI PHAP LY")
	d.Do("looking at what became of it", chromedp.Navigate(o.greeting(`hoso: (http://\S+)`)+"/papers/"+string(papers[0])), chromedp.WaitVisible("main"))
	d.Says("main", "Cán bộ ký số bằng chứng thư số của mình")
	d.Shot("d05-history")
	if err := w.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Wait(); err != nil || !strings.Contains(w.said.String(), "Sẵn sàng ký cho tài khoản lan") {
		t.Errorf("a helper that is stopped: %v\n%s", err, w.said)
	}
}

// troubleIsShown lets another account sign with the same person's certificate before, and
// shows on the page why lan cannot.
func (o *deskOffice) troubleIsShown(d *browsertest.Desk, token, other string) {
	o.t.Helper()
	key := o.ca.officerFile(o.t, "Lê Văn Minh")
	paper := o.toSign(1)[0]
	if said, code := o.signs(other, "--p12", key, string(paper), "--yes"); code != 0 {
		o.t.Fatalf("minh signs: exit %d, %s", code, said)
	}
	w := o.watches(o.helper(token, "--watch", "--p12", key))
	d.Says(".helper", "Trình ký đã kết nối")
	d.Do("choosing one by keys", chromedp.Focus(".to-sign input[name=paper]"), chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.ArrowDown))
	d.Holds("the focus on the second paper", `[...document.querySelectorAll("input[name=paper]")].indexOf(document.activeElement) === 1`)
	d.Says("[data-go]", "Ký 1 giấy tờ")
	d.Do("signing with somebody else's key", chromedp.KeyEvent(kb.F9))
	d.Says(".to-sign .row.bad .say", "thuộc về tài khoản khác")
	d.Shot("d02-trouble")
	if err := w.cmd.Process.Kill(); err != nil {
		o.t.Fatal(err)
	}
	_ = w.cmd.Wait()
	const untie = "Gỡ chứng thư số"
	if tied := o.admin.body(o.admin.client.Get(o.admin.at + "/accounts")); strings.Count(tied, untie) != 1 { //nolint:noctx // the client has a limit
		o.t.Error("the accounts do not say that minh is tied to a certificate, and nobody else")
	}
	if tied := o.admin.post("/accounts/untie", url.Values{"name": {"minh"}}); strings.Contains(tied, untie) {
		o.t.Error("minh stays tied to a certificate")
	}
	d.Says(".helper", "Chưa có trình ký")
}
