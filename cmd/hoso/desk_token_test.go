package main_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hoso/cmd/internal/browsertest"
	"hoso/pipeline"
	"hoso/testdata/softhsm"
)

// officerToken puts a person's key onto a token.
func (o *deskOffice) officerToken(name string) (*softhsm.Store, *softhsm.Token) {
	o.t.Helper()
	store, err := softhsm.New(o.t.TempDir())
	if err != nil {
		o.t.Fatal(err)
	}
	token, err := store.Token("cán bộ", officerPIN)
	if err != nil {
		o.t.Fatal(err)
	}
	key := newKey(o.t)
	for _, object := range []softhsm.Object{
		{Label: "ky so", ID: 1, Key: key, Cert: o.ca.officer(o.t, name, &key.PublicKey)},
		{Label: "noi cap", ID: 2, Cert: o.ca.CA},
	} {
		if err := token.Put(object); err != nil {
			o.t.Fatal(err)
		}
	}
	return store, token
}

// withToken lets a helper find the token.
func withToken(cmd *exec.Cmd, store *softhsm.Store, pin string) *exec.Cmd {
	cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+store.Config, "HOSO_PIN="+pin)
	return cmd
}

// ends waits for a helper and gives what it said and its exit code.
func ends(t *testing.T, cmd *exec.Cmd) (string, int) {
	t.Helper()
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(said), cmd.ProcessState.ExitCode()
}

// pulledAndReturned has a helper with a token stay. The token is pulled out before the
// officer presses the key: the page says so, and once it is back the same helper signs.
func (o *deskOffice) pulledAndReturned(d *browsertest.Desk, account string) *watching {
	o.t.Helper()
	store, token := o.officerToken("Trần Thị Lan")
	w := o.watches(withToken(o.helper(account, "--watch", "--module", softhsm.Module, "--token-label", token.Label, "--key", "ky so"), store, officerPIN))
	d.Says(".helper", "Trình ký đã kết nối")
	if err := token.Pull(); err != nil {
		o.t.Fatal(err)
	}
	d.Do("signing without the token", chromedp.KeyEvent(kb.F8), chromedp.KeyEvent(kb.F9))
	d.Says(".to-sign .row.bad .say", "Hãy cắm lại rồi bấm Ký lần nữa")
	if err := token.Return(); err != nil {
		o.t.Fatal(err)
	}
	return w
}

// TestDeskSignHundred: a hundred papers with one PIN on a real security module, whose token
// is pulled out in the middle. What was signed is filed; the next run signs the rest.
func TestDeskSignHundred(t *testing.T) {
	t.Parallel()
	o := newDeskOffice(t, "[officer]")
	account := o.hires("lan", "")
	store, token := o.officerToken("Trần Thị Lan")
	papers := o.toSign(100)
	args := []string{"--module", softhsm.Module, "--all", "--yes"}

	said, code := ends(t, withToken(o.helper(account, args...), store, "999999"))
	if code != 6 || !strings.Contains(said, "PIN") || strings.Contains(said, "999999") {
		t.Errorf("a wrong PIN: exit %d, %s", code, said)
	}
	first := withToken(o.helper(account, args...), store, officerPIN)
	out := &lines{}
	first.Stdout, first.Stderr = out, out
	began := time.Now()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, time.Minute, "ten papers are signed", func() bool { return strings.Count(out.String(), "đã ký\n") >= 10 })
	if err := token.Pull(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // its exit code is looked at
	if code := first.ProcessState.ExitCode(); code != 6 || !strings.Contains(out.String(), "hãy cắm lại rồi chạy lại") {
		t.Fatalf("the token is pulled out: exit %d\n%s", code, out)
	}
	signed := strings.Count(out.String(), "đã ký\n")
	t.Logf("%d signed in %v before the token was pulled out", signed, time.Since(began).Round(time.Millisecond))
	if said, code := ends(t, withToken(o.helper(account, args...), store, officerPIN)); code != 5 && code != 6 {
		t.Errorf("without the token: exit %d, %s", code, said)
	}
	if err := token.Return(); err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	said, code = ends(t, withToken(o.helper(account, args...), store, officerPIN))
	took := time.Since(began)
	if rest := strings.Count(said, "đã ký\n"); code != 0 || signed+rest != 100 {
		t.Errorf("with the token again: exit %d, %d signed after %d\n%s", code, rest, signed, said)
	}
	t.Logf("the other %d in %v, %.3f s for each", 100-signed, took.Round(time.Millisecond), took.Seconds()/float64(100-signed))
	o.settle()
	for _, id := range papers {
		o.is(id, pipeline.Filed, 1)
	}
	o.signedBy(papers[0], "Trần Thị Lan")
	o.signedBy(papers[99], "Trần Thị Lan")
}

// TestDeskSignThroughKills kills the service again and again while papers are signed. The
// officer starts the helper again each time; nothing that was accepted is asked for twice.
func TestDeskSignThroughKills(t *testing.T) {
	t.Parallel()
	o := newDeskOffice(t, "[officer]")
	key := o.ca.officerFile(t, "Trần Thị Lan")
	papers := o.toSign(30)
	accepted := map[string]int{}
	for round := range 4 {
		cmd := exec.CommandContext(t.Context(), binary(t), "desk-sign", "--data", o.data, "--p12", key, "--all", "--yes", "--json") //nolint:gosec // the binary under test
		cmd.Env = append(os.Environ(), "HOSO_PIN="+officerPIN)
		out := &lines{}
		cmd.Stdout = out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if round < 3 {
			eventually(t, time.Minute, "something is signed", func() bool { return out.String() != "" })
			if err := o.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-o.gone
		}
		err := cmd.Wait()
		for _, one := range objects[struct {
			ID     string
			Signed bool
		}](t, out.String()) {
			if one.Signed {
				accepted[one.ID]++
			}
		}
		t.Logf("round %d: %d accepted so far, %v", round, len(accepted), err)
		if round < 3 {
			o.start()
		}
	}
	o.settle()
	for _, id := range papers {
		p := o.is(id, pipeline.Filed, 1)
		if accepted[string(id)] > 1 || len(p.Sealed.By) != 1 || p.Sealed.Signer != "Trần Thị Lan" {
			t.Errorf("%s was accepted %d times, signed by %+v", id, accepted[string(id)], p.Sealed.By)
		}
	}
}
