package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hoso/cmd/internal/web/gate"
	"hoso/pipeline"
)

var errTooMany = errors.New("too many open streams")

// heartbeat keeps proxies from closing a quiet stream, and is how often a stream asks
// whether its session still lives.
const heartbeat = 15 * time.Second

// rowEvents streams rows of the reception page as they change, drawn for who asks.
func (s *Site) rowEvents(v *visit) error {
	return s.stream(v, func(n news) ([]byte, error) {
		html, err := s.draw("home", "row", s.shown(v, n.paper, n.at))
		if err != nil {
			return nil, err
		}
		return json.Marshal(struct {
			ID    pipeline.PaperID `json:"id"`
			State pipeline.State   `json:"state"`
			HTML  string           `json:"html"`
		}{n.paper.ID, n.paper.State, string(html)})
	})
}

// apiEvents streams papers as they change.
func (s *Site) apiEvents(v *visit) error {
	return s.stream(v, func(n news) ([]byte, error) {
		return json.Marshal(paperJSON{n.paper, sayStanding(n.paper, n.at)})
	})
}

// stream follows the papers named in the address, or else those that who asks hands
// in, until the reader or the session goes.
func (s *Site) stream(v *visit, draw func(news) ([]byte, error)) error {
	f, err := s.follow(v)
	if err != nil {
		return err
	}
	defer s.news.leave(f)
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	v.w.WriteHeader(http.StatusOK)
	if err := v.say(": xin chào\nretry: 3000\n\n"); err != nil {
		return nil // the reader has gone
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-v.r.Context().Done():
			return nil
		case <-beat.C:
			if !s.stillIn(v) || v.say(": còn đây\n\n") != nil {
				return nil
			}
		case n, open := <-f.out:
			if !open || !s.pass(v, n, draw) {
				return nil
			}
		}
	}
}

// pass writes one piece of news and reports whether the stream goes on.
func (s *Site) pass(v *visit, n news, draw func(news) ([]byte, error)) bool {
	if !gate.May(v.session.Who, gate.Look, thing(n.paper)) {
		return true
	}
	data, err := draw(n)
	if err != nil {
		return false
	}
	return v.say(fmt.Sprintf("event: paper\nid: %s\ndata: %s\n\n", n.version(), data)) == nil
}

func (s *Site) follow(v *visit) (*follower, error) {
	var ids []pipeline.PaperID
	asked := v.r.URL.Query()["paper"]
	if len(asked) > maxFollowed {
		return nil, badRequest("too-many", "too many papers in one stream", nil)
	}
	for _, text := range asked {
		id, err := pipeline.ParsePaperID(text)
		if err != nil {
			return nil, err
		}
		if err := s.noteOnce(v, id, "stream"); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if len(ids) > 0 {
		return s.news.follow(v.session.Who.Account, ids, onlyNamed)
	}
	papers, err := s.mine(v)
	if err != nil {
		return nil, err
	}
	for _, p := range papers {
		if p.State != pipeline.Filed && p.State != pipeline.Rejected {
			ids = append(ids, p.ID)
		}
	}
	return s.news.follow(v.session.Who.Account, ids, everythingMine)
}

// say writes to a stream and gives the reader half a minute to take it.
func (v *visit) say(text string) error {
	ctl := http.NewResponseController(v.w)
	_ = ctl.SetWriteDeadline(time.Now().Add(shortDeadline)) // a test's recorder has no deadlines
	if _, err := v.w.Write([]byte(text)); err != nil {
		return err
	}
	return ctl.Flush()
}

// stillIn asks again who is there: sessions end while a stream is open.
func (s *Site) stillIn(v *visit) bool {
	session, _, err := v.who(v.r, gate.Passive)
	return err == nil && session.Who == v.session.Who
}
