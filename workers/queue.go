package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"hoso/pipeline"
)

// The kinds of tasks: make the next move of a paper, make its access copy, and renew its
// record.
const (
	stepTask  = "step"
	lightTask = "light"
	renewTask = "renew"
)

// Renewals wait for authorities elsewhere, not for this machine, and have a queue and
// workers of their own: a night of books would else put them off, or hang on them. They
// are half of those whom an authority bears, so that the other half is left for papers.
const (
	renewalQueue = "renewal"
	renewers     = atOnce / 2
)

// payload names a paper and the generation it was in when the task was made. It
// never holds content.
type payload struct {
	Paper pipeline.PaperID `json:"paper"`
	Gen   int64            `json:"gen"`
}

// taskLimit ends a task that hangs. It is long, since one task may be a book of
// thousands of pages; a page that hangs is ended much earlier by its reader's parent.
// Where the time is over because the machine does much else, the paper is taken up
// again with what is read of it.
const taskLimit = 24 * time.Hour

// task makes the queue's form of something to do. Its ID holds the generation, so
// that putting it in twice is no harm, while a later move is never held up by what
// the queue remembers of an earlier one.
func task(t pipeline.Todo) (*asynq.Task, []asynq.Option, error) {
	body, err := json.Marshal(payload{Paper: t.ID, Gen: t.Gen})
	if err != nil {
		return nil, nil, fmt.Errorf("making a task: %w", err)
	}
	return asynq.NewTask(stepTask, body), []asynq.Option{
		asynq.Queue(queueOf(t.Lane, t.State)), asynq.TaskID(taskID(t)), asynq.Timeout(taskLimit), asynq.MaxRetry(10),
	}, nil
}

// begunQueue has the papers of a batch that are read already. They go before the others:
// what a night has begun it finishes, so that little lies in the scratch folder, the
// morning finds whole papers, and the hour of the end can be told.
const begunQueue = "batch-begun"

// queueOf gives the queue in which a paper of that lane waits for its next move.
func queueOf(lane pipeline.Lane, state pipeline.State) string {
	if lane != pipeline.Batch {
		return string(lane)
	}
	switch state {
	case pipeline.Recognized, pipeline.Composed, pipeline.SignedOff:
		return begunQueue
	case pipeline.Received, pipeline.Failed, pipeline.Confirming, pipeline.Signing, pipeline.Filed, pipeline.Rejected:
	}
	return string(lane)
}

// light makes the queue's form of an access copy that is to be made.
func light(id pipeline.PaperID) (*asynq.Task, []asynq.Option, error) {
	body, err := json.Marshal(payload{Paper: id})
	if err != nil {
		return nil, nil, fmt.Errorf("making a task: %w", err)
	}
	return asynq.NewTask(lightTask, body), []asynq.Option{
		asynq.Queue(string(pipeline.Upkeep)), asynq.TaskID(lightID(id)), asynq.Timeout(taskLimit), asynq.MaxRetry(5),
	}, nil
}

// renewal makes the queue's form of a record that is to be renewed. Authorities that do
// not answer today do so tomorrow, and whoever looks for what is due asks again.
func renewal(t pipeline.Todo) (*asynq.Task, []asynq.Option, error) {
	body, err := json.Marshal(payload{Paper: t.ID, Gen: t.Gen})
	if err != nil {
		return nil, nil, fmt.Errorf("making a task: %w", err)
	}
	return asynq.NewTask(renewTask, body), []asynq.Option{
		asynq.Queue(renewalQueue), asynq.TaskID(renewalID(t)), asynq.Timeout(taskLimit), asynq.MaxRetry(10),
		asynq.Retention(24 * time.Hour), // where nothing could be won, it is tried once a day
	}, nil
}

func renewalID(t pipeline.Todo) string { return fmt.Sprintf("%s:%s:%d", renewTask, t.ID, t.Gen) }

func lightID(id pipeline.PaperID) string { return lightTask + ":" + string(id) }

// progressForm is how a task in work tells how many pages of how many are read.
const progressForm = "%d/%d"

func taskID(t pipeline.Todo) string {
	return fmt.Sprintf("%s:%s:%d", stepTask, t.ID, t.Gen)
}

// Work takes tasks from the queue until ctx ends, then waits for the moves in work
// to stop. Servers take turns of their own: one serves the desk alone, so that
// a clerk's paper never waits behind the books of the night, and one renews.
func Work(ctx context.Context, redis asynq.RedisConnOpt, s *Steps, atOnce int) error {
	mux := asynq.NewServeMux()
	mux.HandleFunc(stepTask, func(ctx context.Context, t *asynq.Task) error {
		var what payload
		if err := json.Unmarshal(t.Payload(), &what); err != nil {
			return fmt.Errorf("reading a task: %w: %w", err, asynq.SkipRetry)
		}
		return s.Do(ctx, what.Paper, what.Gen, func(done, total int) {
			// Lost progress is no loss: the next page tells it again.
			_, _ = fmt.Fprintf(t.ResultWriter(), progressForm, done, total)
		})
	})
	mux.HandleFunc(lightTask, func(ctx context.Context, t *asynq.Task) error {
		var what payload
		if err := json.Unmarshal(t.Payload(), &what); err != nil {
			return fmt.Errorf("reading a task: %w: %w", err, asynq.SkipRetry)
		}
		return s.Lighten(ctx, what.Paper)
	})
	mux.HandleFunc(renewTask, func(ctx context.Context, t *asynq.Task) error {
		var what payload
		if err := json.Unmarshal(t.Payload(), &what); err != nil {
			return fmt.Errorf("reading a task: %w: %w", err, asynq.SkipRetry)
		}
		return s.Renew(ctx, what.Paper, what.Gen)
	})
	desk := server(redis, s.Log, atOnce, soon, map[string]int{string(pipeline.Desk): 1})
	rest := server(redis, s.Log, atOnce, soon, map[string]int{begunQueue: 3, string(pipeline.Batch): 2, string(pipeline.Upkeep): 1})
	renewing := server(redis, s.Log, renewers, unhurried, map[string]int{renewalQueue: 1})
	for _, each := range []*asynq.Server{desk, rest, renewing} {
		if err := each.Start(mux); err != nil {
			return &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("starting to work: %w", err)}
		}
		defer each.Shutdown()
	}
	<-ctx.Done()
	return nil
}

// How often a server without work asks for some: each time is three commands to the queue,
// all day.
const (
	soon      = 100 * time.Millisecond
	unhurried = 2 * time.Second // renewals are due within months
)

func server(redis asynq.RedisConnOpt, log *slog.Logger, atOnce int, every time.Duration, queues map[string]int) *asynq.Server {
	return asynq.NewServer(redis, asynq.Config{
		Concurrency:    atOnce,
		Queues:         queues,
		StrictPriority: true,
		// What was interrupted is done again from its last page, so there is no
		// reason to make a restart wait.
		ShutdownTimeout:          2 * time.Second,
		TaskCheckInterval:        every,
		DelayedTaskCheckInterval: time.Second,
		RetryDelayFunc:           retryDelay,
		Logger:                   queueLog{log},
		LogLevel:                 asynq.WarnLevel,
	})
}

func retryDelay(tries int, err error, _ *asynq.Task) time.Duration {
	if errors.Is(err, asynq.ErrLeaseExpired) {
		return 0 // the worker died; nothing is known against the task
	}
	return pause(tries)
}

// queueLog passes what the queue's library says on to our log.
type queueLog struct{ log *slog.Logger }

func (l queueLog) say(level slog.Level, args []any) {
	l.log.LogAttrs(context.Background(), level, "queue", slog.String("says", fmt.Sprint(args...)))
}

// Debug is left out: the library speaks of every heartbeat.
func (l queueLog) Debug(...any) {}

// Info passes on a message.
func (l queueLog) Info(args ...any) { l.say(slog.LevelInfo, args) }

// Warn passes on a message.
func (l queueLog) Warn(args ...any) { l.say(slog.LevelWarn, args) }

// Error passes on a message.
func (l queueLog) Error(args ...any) { l.say(slog.LevelError, args) }

// Fatal passes on a message; the process goes on, as the supervisor decides what dies.
func (l queueLog) Fatal(args ...any) { l.say(slog.LevelError, args) }
