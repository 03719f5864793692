package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"hoso/pipeline"
)

// hub gathers news of papers for every open page at once: each second it looks at the
// papers that anybody follows, once each, and hands on what has changed. The catalog
// is asked as often for one reader as for two hundred.
type hub struct {
	look    func(context.Context, pipeline.PaperID) (pipeline.Paper, Progress, error)
	mu      sync.Mutex
	streams map[*follower]struct{}
	closed  bool
}

// The bounds of what a hub does.
const (
	maxStreams  = 512
	perAccount  = 12
	maxFollowed = 300 // papers of one page
	maxLooks    = 4000
)

// news is a paper that has changed.
type news struct {
	paper pipeline.Paper
	at    Progress
}

func (n news) version() string { return versionOf(n.paper, n.at) }

func versionOf(p pipeline.Paper, at Progress) string {
	return fmt.Sprintf("%d.%d.%d.%s", p.Gen, at.Done, at.Total, p.State)
}

// follower is one open page.
type follower struct {
	account string
	mine    bool // follows what the account hands in
	papers  map[pipeline.PaperID]string
	out     chan news // closed when the hub ends
}

func newHub(look func(context.Context, pipeline.PaperID) (pipeline.Paper, Progress, error)) *hub {
	return &hub{look: look, streams: make(map[*follower]struct{})}
}

// follow opens a stream of news about papers, and with mine about all that the
// account hands in from now on. It returns *pipeline.Unavailable when there are too
// many.
func (h *hub) follow(account string, ids []pipeline.PaperID, scope scope) (*follower, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	own := 0
	for f := range h.streams {
		if f.account == account {
			own++
		}
	}
	if h.closed || len(h.streams) >= maxStreams || own >= perAccount {
		return nil, &pipeline.Unavailable{What: "event stream", After: 10 * time.Second, Err: errTooMany}
	}
	f := &follower{account: account, mine: scope == everythingMine, papers: make(map[pipeline.PaperID]string), out: make(chan news, 64)}
	for _, id := range ids {
		f.add(id)
	}
	h.streams[f] = struct{}{}
	return f, nil
}

// scope is what a stream follows besides the papers it names.
type scope int

const (
	onlyNamed scope = iota
	everythingMine
)

func (f *follower) add(id pipeline.PaperID) {
	if _, known := f.papers[id]; !known && len(f.papers) < maxFollowed {
		f.papers[id] = ""
	}
}

func (h *hub) leave(f *follower) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, f)
}

// arrived tells the pages of an account of a new paper.
func (h *hub) arrived(account string, id pipeline.PaperID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range h.streams {
		if f.mine && f.account == account {
			f.add(id)
		}
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for f := range h.streams {
		delete(h.streams, f)
		close(f.out)
	}
}

// round looks once at everything that is followed. The hub is not locked while the
// catalog is asked.
func (h *hub) round(ctx context.Context) {
	for _, id := range h.followed() {
		p, at, err := h.look(ctx, id)
		if err != nil {
			continue // asked again in a second; the page says nothing new meanwhile
		}
		h.tell(news{p, at})
	}
}

func (h *hub) followed() []pipeline.PaperID {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := make(map[pipeline.PaperID]struct{})
	var out []pipeline.PaperID
	for f := range h.streams {
		for id := range f.papers {
			if _, dup := seen[id]; !dup && len(out) < maxLooks {
				seen[id] = struct{}{}
				out = append(out, id)
			}
		}
	}
	return out
}

// tell hands news to those who follow the paper. A page that reads too slowly gets it
// in a later round; a paper at its end is told once and followed no more.
func (h *hub) tell(n news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	over := n.paper.State == pipeline.Filed || n.paper.State == pipeline.Rejected
	for f := range h.streams {
		known, follows := f.papers[n.paper.ID]
		if !follows || known == n.version() {
			continue
		}
		select {
		case f.out <- n:
			f.papers[n.paper.ID] = n.version()
			if over {
				delete(f.papers, n.paper.ID)
			}
		default:
		}
	}
}

// randomName is 128 random bits for an address.
func randomName() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // crypto/rand never returns an error
	return base64.RawURLEncoding.EncodeToString(raw)
}
