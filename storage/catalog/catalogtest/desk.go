package catalogtest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/storage/catalog"
)

func deskPromises() map[string]func(*testing.T, Open) {
	return map[string]func(*testing.T, Open){
		"desk requests":   testDeskRequests,
		"desk rivals":     testDeskRivals,
		"desk wishes":     testDeskWishes,
		"desk helpers":    testDeskHelpers,
		"waiting to sign": testWaitingToSign,
	}
}

func deskRequest(id, account, certificate string, until time.Time) pipeline.DeskRequest {
	return pipeline.DeskRequest{
		ID: id, Paper: ID(1), Gen: 4, Account: account, Certificate: pipeline.Sum([]byte(certificate)),
		Until: until, Prepared: []byte(`{"input":"` + id + `"}`),
	}
}

// testDeskRequests asks for signatures of one paper: who comes first is the only one, until
// the time is up or the paper has changed.
func testDeskRequests(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	soon := time.Now().Add(10 * time.Minute).Truncate(time.Millisecond)
	ask := func(r pipeline.DeskRequest, want string) {
		t.Helper()
		kept, err := c.Ask(ctx, r, time.Now())
		must(t, err)
		if kept.ID != want || !strings.Contains(string(kept.Prepared), want) {
			t.Errorf("%s asked by %s: %s holds with %s, want %s", r.ID, r.Account, kept.ID, kept.Prepared, want)
		}
	}
	first := deskRequest("one", "lan", "A", soon)
	ask(first, "one")
	ask(deskRequest("two", "minh", "B", soon), "one")
	ask(deskRequest("three", "lan", "A", soon), "one")
	found, err := c.Asked(ctx, "one")
	must(t, err)
	same(t, first, found)
	found.Prepared = []byte{}
	live, err := c.AskedNow(ctx, time.Now())
	must(t, err)
	same(t, []pipeline.DeskRequest{found}, live)
	ask(deskRequest("four", "lan", "A2", soon), "four")
	if _, err := c.Asked(ctx, "one"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a request that gave way: %v", err)
	}
	changed := deskRequest("five", "minh", "B", soon)
	changed.Gen++
	ask(changed, "five")
	over := deskRequest("six", "minh", "B2", time.Now().Add(-time.Second))
	over.Gen++
	ask(over, "six")
	if live, err = c.AskedNow(ctx, time.Now()); err != nil || len(live) != 0 {
		t.Errorf("after its time a request lives: %v, %v", live, err)
	}
	seven := deskRequest("seven", "lan", "A", soon)
	seven.Gen++
	ask(seven, "seven")
	if _, err := c.AskedOf(ctx, ID(2)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a paper that nobody asked for: %v", err)
	}
}

// testDeskRivals lets many ask for one paper at once: all are told of the same request.
func testDeskRivals(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	kept := make([]pipeline.DeskRequest, 8)
	var all sync.WaitGroup
	for i := range kept {
		all.Go(func() {
			name := fmt.Sprint("officer", i)
			r, err := c.Ask(ctx, deskRequest(name, name, name, time.Now().Add(time.Minute)), time.Now())
			if err != nil {
				t.Error(err)
			}
			kept[i] = r
		})
	}
	all.Wait()
	for _, r := range kept {
		same(t, kept[0], r)
	}
}

func now(limit time.Duration) pipeline.Wishing {
	return pipeline.Wishing{Now: time.Now(), Limit: limit}
}

// testDeskWishes decides to sign papers, and forgets it again.
func testDeskWishes(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	wished := func(account string, limit time.Duration, want string) {
		t.Helper()
		all, err := c.Wishes(ctx, account, pipeline.Wishing{Now: time.Now(), Limit: limit})
		must(t, err)
		var got []string
		for _, w := range all {
			got = append(got, strings.TrimSpace(fmt.Sprint(w.Account, nth(w.Paper), " ", w.Trouble)))
		}
		slices.Sort(got) // of one moment
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("wishes of %q: %s, want %s", account, s, want)
		}
	}
	must(t, c.Wish(ctx, "lan", papers(1, 2), now(time.Minute)))
	must(t, c.Wish(ctx, "minh", papers(2, 3), now(time.Minute)))
	wished("lan", time.Minute, "lan1, lan2")
	wished("minh", time.Minute, "minh3")
	wished("lan", 0, "")
	must(t, c.Trouble(ctx, "minh", ID(1), "pin"))
	must(t, c.Trouble(ctx, "lan", ID(2), "token"))
	wished("lan", time.Minute, "lan1, lan2 token")
	must(t, c.Wish(ctx, "minh", papers(2), now(time.Minute))) // lan's came to nothing
	must(t, c.Unwish(ctx, "minh", papers(1, 3)))
	wished("", time.Minute, "lan1, minh2")
	must(t, c.Wish(ctx, "minh", papers(1), now(0)))
	wished("", time.Minute, "minh1, minh2")
}

// testDeskHelpers hears of helpers, and ties accounts to certificates.
func testDeskHelpers(t *testing.T, open Open) {
	t.Helper()
	c, ctx := open(t), t.Context()
	if at, err := c.Heard(ctx, "lan"); err != nil || !at.IsZero() {
		t.Errorf("a helper never heard of: %v, %v", at, err)
	}
	must(t, c.HeardOf(ctx, "lan", time.Now()))
	must(t, c.HeardOf(ctx, "lan", time.Now()))
	if at, err := c.Heard(ctx, "lan"); err != nil || time.Since(at) > time.Minute {
		t.Errorf("a helper just heard of: %v, %v", at, err)
	}
	hold := func(account, subject, wantAccount, wantSubject string) {
		t.Helper()
		h, err := c.Hold(ctx, pipeline.Holder{Account: account, Subject: pipeline.Sum([]byte(subject)), Since: time.Now()})
		must(t, err)
		if h.Account != wantAccount || h.Subject != pipeline.Sum([]byte(wantSubject)) || time.Since(h.Since) > time.Minute {
			t.Errorf("%s with the certificate of %s: %+v, want %s with %s", account, subject, h, wantAccount, wantSubject)
		}
	}
	if _, err := c.HolderOf(ctx, pipeline.Holder{Account: "lan"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nobody's certificate: %v", err)
	}
	hold("lan", "Lan", "lan", "Lan")
	hold("lan", "Lan", "lan", "Lan")
	hold("lan", "Minh", "lan", "Lan")
	hold("minh", "Lan", "lan", "Lan")
	hold("minh", "Minh", "minh", "Minh")
	hold("minh", "Lan", "minh", "Minh")
	must(t, c.LetGo(ctx, "lan"))
	hold("lan", "Lan 2", "lan", "Lan 2")
	all, err := c.Holders(ctx)
	must(t, err)
	if len(all) != 2 || all[0].Account != "lan" || all[1].Account != "minh" {
		t.Errorf("ties: %+v", all)
	}
}

// testWaitingToSign asks for the papers that wait for a signature, and for no others.
func testWaitingToSign(t *testing.T, open Open) {
	t.Helper()
	c := open(t)
	for i, state := range []pipeline.State{pipeline.Signing, pipeline.Confirming, pipeline.Signing} {
		p := receive(t, c, Paper(i))
		p.State, p.Unit = state, "H42.15"
		commit(t, c, catalog.Move{Paper: p, Event: Event("composed", p.Received.Add(time.Second))})
	}
	found, total, err := c.Waiting(t.Context(), pipeline.Queue{Unit: "H42.15", Limit: 10, State: pipeline.Signing})
	must(t, err)
	if total != 2 || len(found) != 2 || found[0].ID != ID(0) || found[1].ID != ID(2) {
		t.Errorf("waiting for a signature: %d of %d, want papers 0 and 2", len(found), total)
	}
}
