package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"hoso/pipeline"
)

// Dispatcher brings what the catalog says is to do into the queue, and finds what
// the queue has lost. Any number of them may run.
type Dispatcher struct {
	backlog Backlog
	client  *asynq.Client
	inspect *asynq.Inspector
	kicked  chan struct{}
	now     func() time.Time
	log     *slog.Logger
	passed  int // how far into the papers that look forgotten mend has come

	mu   sync.Mutex
	told time.Time // when the log last heard of trouble

	RenewBefore time.Duration // how long before their proof ends records are renewed; 0 leaves that to others
}

// NewDispatcher connects a dispatcher; Close ends the connection.
func NewDispatcher(backlog Backlog, redis asynq.RedisConnOpt, now func() time.Time, log *slog.Logger) *Dispatcher {
	return &Dispatcher{
		backlog: backlog, client: asynq.NewClient(redis), inspect: asynq.NewInspector(redis),
		kicked: make(chan struct{}, 1), now: now, log: log,
	}
}

// Close ends the connections to the queue.
func (d *Dispatcher) Close() error {
	return errors.Join(d.client.Close(), d.inspect.Close())
}

// Kick says that there is something in the outbox. It never waits.
func (d *Dispatcher) Kick() {
	select {
	case d.kicked <- struct{}{}:
	default:
	}
}

// The rhythm of the dispatcher: a kick is followed at once; without one the outbox is
// looked at now and then, since other processes fill it too.
const (
	glance    = 300 * time.Millisecond
	reconcile = 2 * time.Second
	idle      = 3 * time.Second // an open paper without lease or news for so long is looked into
	handful   = 500
	urgent    = 100              // papers that look forgotten, looked for every time
	calm      = 10 * time.Second // between two lines in the log about trouble that lasts
)

// Run dispatches and reconciles until ctx ends.
func (d *Dispatcher) Run(ctx context.Context) {
	look := time.NewTicker(glance)
	defer look.Stop()
	mend := time.NewTicker(reconcile)
	defer mend.Stop()
	var renewing sync.WaitGroup
	defer renewing.Wait()
	renewing.Go(func() { d.renewAll(ctx) })
	d.mend(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.kicked:
			d.tell(ctx, "dispatching", d.dispatch(ctx))
		case <-look.C:
			d.tell(ctx, "dispatching", d.dispatch(ctx))
		case <-mend.C:
			d.mend(ctx)
		}
	}
}

func (d *Dispatcher) tell(ctx context.Context, doing string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil || ctx.Err() != nil || d.now().Sub(d.told) < calm {
		return
	}
	d.told = d.now()
	d.log.LogAttrs(ctx, slog.LevelWarn, "waiting to go on", slog.String("doing", doing), slog.String("error", err.Error()))
}

// dispatch empties the outbox into the queue.
func (d *Dispatcher) dispatch(ctx context.Context) error {
	for {
		todo, err := d.backlog.Outbox(ctx, handful)
		if err != nil || len(todo) == 0 {
			return err
		}
		for _, t := range todo {
			if err := d.enqueue(ctx, t); err != nil {
				return err
			}
		}
		if err := d.backlog.Sent(ctx, todo); err != nil || len(todo) < handful { // what came since kicks again
			return err
		}
	}
}

func (d *Dispatcher) enqueue(ctx context.Context, t pipeline.Todo) error {
	what, options, err := task(t)
	if err != nil {
		return err
	}
	_, err = d.client.EnqueueContext(ctx, what, options...)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	if err != nil {
		return &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("putting a task in: %w", err)}
	}
	return nil
}

// Light puts the making of a paper's access copy into the queue, behind everything that
// people wait for. One that failed before is tried again.
func (d *Dispatcher) Light(ctx context.Context, id pipeline.PaperID) error {
	what, options, err := light(id)
	if err != nil {
		return err
	}
	_, err = d.client.EnqueueContext(ctx, what, options...)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		_ = d.inspect.RunTask(string(pipeline.Upkeep), lightID(id)) // refused if it waits or is in work, which is as good
		return nil
	}
	if err != nil {
		return &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("putting a task in: %w", err)}
	}
	return nil
}

// mend compares catalog and queue: an open paper that nobody works on and that is not
// in the queue gets a new generation and a new task. It heals whatever the queue has
// lost, archived, or left with a worker that died.
func (d *Dispatcher) mend(ctx context.Context) {
	stalled, err := d.backlog.Stalled(ctx, d.now(), idle, urgent+d.passed+handful)
	if err != nil {
		d.tell(ctx, "reconciling", err)
		return
	}
	end := len(stalled) < urgent+d.passed+handful
	for i, t := range d.turn(stalled) {
		queued, err := d.queued(t)
		if err != nil {
			d.tell(ctx, "reconciling", err)
			return
		}
		if queued {
			if i >= urgent {
				d.passed++
			}
			continue
		}
		err = d.backlog.Requeue(ctx, t, d.now())
		if err != nil && !errors.Is(err, pipeline.ErrStale) {
			d.tell(ctx, "reconciling", err)
			return
		}
	}
	if end {
		d.passed = 0
	}
	d.tell(ctx, "dispatching", d.dispatch(ctx))
}

// turn chooses which of the papers that look forgotten are looked for in the queue
// this time: the most urgent ones, and a handful further on than the last time. A long
// night's papers, which all wait in the queue in good order, must not hide the one
// behind them that the queue has lost.
func (d *Dispatcher) turn(stalled []pipeline.Todo) []pipeline.Todo {
	head := min(urgent, len(stalled))
	from := min(head+d.passed, len(stalled))
	return slices.Concat(stalled[:head], stalled[from:])
}

// queued reports whether the queue will come to t by itself.
func (d *Dispatcher) queued(t pipeline.Todo) (bool, error) {
	info, err := d.inspect.GetTaskInfo(queueOf(t.Lane, t.State), taskID(t))
	if errors.Is(err, asynq.ErrTaskNotFound) || errors.Is(err, asynq.ErrQueueNotFound) {
		return false, nil
	}
	if err != nil {
		return false, &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("looking for a task: %w", err)}
	}
	switch info.State {
	case asynq.TaskStatePending, asynq.TaskStateScheduled, asynq.TaskStateRetry:
		return true, nil
	case asynq.TaskStateActive, asynq.TaskStateArchived, asynq.TaskStateCompleted, asynq.TaskStateAggregating:
	}
	return false, nil // nobody holds the paper, so nobody is at work on the task
}

// Progress tells how many pages of a paper in work have been read; zeros if it is not
// being read.
func (d *Dispatcher) Progress(p pipeline.Paper) (done, total int, err error) {
	info, err := d.inspect.GetTaskInfo(queueOf(p.Lane, p.State), taskID(pipeline.Todo{ID: p.ID, Gen: p.Gen}))
	if errors.Is(err, asynq.ErrTaskNotFound) || errors.Is(err, asynq.ErrQueueNotFound) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("asking for progress: %w", err)}
	}
	if len(info.Result) == 0 {
		return 0, 0, nil
	}
	if _, err := fmt.Sscanf(string(info.Result), progressForm, &done, &total); err != nil {
		return 0, 0, fmt.Errorf("reading progress: %w", err)
	}
	return done, total, nil
}

// Ping reports whether the queue answers.
func (d *Dispatcher) Ping() error {
	if err := d.client.Ping(); err != nil {
		return &pipeline.Unavailable{What: "queue", Err: err}
	}
	return nil
}
