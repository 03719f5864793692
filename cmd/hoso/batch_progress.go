package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"hoso/workers/batch"
)

// shelfProgress shows how far a shelf is: bars on a terminal, a line now and then
// elsewhere.
type shelfProgress struct {
	out    io.Writer
	label  string
	screen *mpb.Progress // nil where there is no terminal
	files  *mpb.Bar
	papers *mpb.Bar

	mu   sync.Mutex
	now  batch.Progress
	said time.Time
	last string
	rate rate
}

// between is the pause between two lines.
const between = 30 * time.Second

func (a *app) shelfProgress(label string) *shelfProgress {
	s := &shelfProgress{out: a.err, label: label}
	file, ok := a.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return s
	}
	s.screen = mpb.New(mpb.WithOutput(a.err), mpb.WithRefreshRate(250*time.Millisecond))
	tail := func(text func(batch.Progress) string) mpb.BarOption {
		return mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
			s.mu.Lock()
			defer s.mu.Unlock()
			return text(s.now)
		}))
	}
	s.files = s.screen.AddBar(0, mpb.PrependDecorators(decor.Name("files received  "), decor.CountersNoUnit("%d / %d ")),
		tail(func(p batch.Progress) string {
			return fmt.Sprintf(" waiting %d, held %d, refused %d", p.Waiting, p.Held, p.Refused)
		}))
	s.papers = s.screen.AddBar(0, mpb.PrependDecorators(decor.Name("papers settled  "), decor.CountersNoUnit("%d / %d ")),
		tail(func(p batch.Progress) string {
			return fmt.Sprintf(" filed %d, for a person %d, rejected %d", p.Papers.Filed, p.Papers.Waiting, p.Papers.Rejected)
		}))
	s.screen.New(0, mpb.NopStyle(), mpb.PrependDecorators(decor.Any(func(decor.Statistics) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.tempo()
	})))
	return s
}

// tell takes what the engine says.
func (s *shelfProgress) tell(p batch.Progress) {
	s.mu.Lock()
	s.now = p
	s.rate.see(p)
	s.mu.Unlock()
	settled := p.Papers.Filed + p.Papers.Waiting + p.Papers.Rejected
	if s.screen != nil {
		s.files.SetTotal(int64(p.Files-p.Ignored), false)
		s.files.SetCurrent(int64(p.Received))
		s.papers.SetTotal(expected(p), false)
		s.papers.SetCurrent(settled)
		return
	}
	if at := time.Now(); at.Sub(s.said) >= between || string(p.Phase) != s.last && p.Phase == batch.Away {
		s.said, s.last = at, string(p.Phase)
		_, _ = fmt.Fprintf(s.out, "%s  files received %d/%d  papers settled %d/%d  filed %d  for a person %d  rejected %d  %s\n",
			at.Format("15:04:05"), p.Received, p.Files-p.Ignored, settled, expected(p),
			p.Papers.Filed, p.Papers.Waiting, p.Papers.Rejected, s.tempo()) // progress that cannot be shown is no loss
	}
}

// tempo says how fast it goes and when it will be over.
func (s *shelfProgress) tempo() string {
	p := s.now
	if p.Phase == batch.Away {
		return waitsFor(p.Lacks)
	}
	text := fmt.Sprintf("%s, %d pages", cmp.Or(p.Phase, batch.Walking), p.Pages)
	if p.Waiting > 0 {
		text += fmt.Sprintf(", %d files waited for that are locked or may still be being written", p.Waiting)
	}
	if perMinute := s.rate.pages(); perMinute > 0 {
		text += fmt.Sprintf(", %.0f pages/min", perMinute)
	}
	if left, ok := s.rate.left(p); ok {
		text += ", done about " + time.Now().Add(left).Format("15:04")
	}
	return text
}

// waitsFor says for what a run waits that does not answer.
func waitsFor(part string) string {
	switch first, _, _ := strings.Cut(part, " "); {
	case part == "the receiving disk":
		return "waiting for room: the receiving disk is full, or fails; it goes on by itself"
	case first == "the" || first == "a" || first == "hoso":
		return "waiting for " + part
	}
	return "waiting for the " + part
}

func (s *shelfProgress) end() {
	if s.screen != nil {
		s.screen.Shutdown()
	}
}

// rate is how fast a run goes, over the last minutes, since a night has slow papers and
// fast ones.
type rate struct{ seen []step }

// step is how far the run was at a time.
type step struct {
	at      time.Time
	pages   int64
	settled int64
}

// window is how far back the rate looks.
const window = 10 * time.Minute

func (r *rate) see(p batch.Progress) {
	now := step{p.Asked, p.Pages, p.Papers.Filed + p.Papers.Waiting + p.Papers.Rejected}
	if n := len(r.seen); now.at.IsZero() || n > 0 && now.at.Sub(r.seen[n-1].at) < time.Second {
		return
	}
	r.seen = append(r.seen, now)
	for len(r.seen) > 2 && now.at.Sub(r.seen[0].at) > window {
		r.seen = r.seen[1:]
	}
}

func (r *rate) ends() (first, last step, ok bool) {
	if len(r.seen) < 2 {
		return step{}, step{}, false
	}
	return r.seen[0], r.seen[len(r.seen)-1], true
}

// pages gives pages per minute.
func (r *rate) pages() float64 {
	first, last, ok := r.ends()
	if !ok {
		return 0
	}
	return float64(last.pages-first.pages) / last.at.Sub(first.at).Minutes()
}

// expected is how many papers there will be: those that the tree means, and more where
// stacks were parted, but for those that are not taken.
func expected(p batch.Progress) int64 { return max(int64(p.Planned-p.Refused), p.Papers.Received) }

// left estimates how long the rest takes: papers that are still to do take as long as the
// last ones did.
func (r *rate) left(p batch.Progress) (time.Duration, bool) {
	first, last, ok := r.ends()
	if !ok || last.settled <= first.settled {
		return 0, false
	}
	papers := float64(expected(p) - last.settled)
	each := last.at.Sub(first.at).Seconds() / float64(last.settled-first.settled)
	return time.Duration(papers * each * float64(time.Second)), papers > 0
}
