package batch

import (
	"sync"
	"time"

	"hoso/pipeline"
)

// often is how often somebody is told how far a run is.
const often = 300 * time.Millisecond

// teller tells how far a run is.
type teller struct {
	tell func(Progress)

	mu   sync.Mutex
	now  Progress
	last time.Time
	away int   // who waits for something
	from Phase // before it went away
}

// put changes what is told.
func (t *teller) put(change func(*Progress)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.now)
	t.say(time.Since(t.last) >= often)
}

// finally changes it and tells it whatever was told before.
func (t *teller) finally(change func(*Progress)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.now)
	t.say(true)
}

func (t *teller) say(now bool) { //revive:disable-line:flag-parameter // whether it is time
	if t.tell != nil && now {
		t.last = time.Now()
		t.tell(t.now)
	}
}

// phase says what the run is about; while something is away that is told instead.
func (t *teller) phase(p Phase) {
	t.put(func(now *Progress) {
		if t.from = p; t.away == 0 {
			now.Phase = p
		}
	})
}

// lacks says that something does not answer, and reports whether that is new.
func (t *teller) lacks(what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.away++
	again := t.now.Lacks == what
	t.now.Phase, t.now.Lacks = Away, what
	t.say(!again || time.Since(t.last) >= often)
	return !again
}

// back says that it is tried again. What was lacking is told until something comes of it.
func (t *teller) back() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.away--
}

// fine says that what was away answers.
func (t *teller) fine() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now.Lacks != "" && t.away == 0 {
		t.now.Phase, t.now.Lacks = t.from, ""
		t.say(true)
	}
}

// rows tells the numbers of the files.
func (r *run) tellRows() {
	r.told.put(func(p *Progress) {
		c := r.book.counts
		p.ToDo, p.Waiting, p.Held = c[pipeline.FileToDo], c[pipeline.FileWaiting]+len(r.strays), c[pipeline.FileHeld]
		p.Refused, p.Ignored, p.Received = c[pipeline.FileRefused], c[pipeline.FileIgnored], c[pipeline.FileReceived]
		p.Files = p.ToDo + c[pipeline.FileWaiting] + p.Held + p.Refused + p.Ignored + p.Received
		p.Papers, p.Pages, p.Asked = r.load.balance.Papers, r.load.balance.Pages, r.load.at
	})
}
