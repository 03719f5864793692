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

// nightTask begins the work on a shelf, or goes on with it.
const nightTask = "night"

// Night is a shelf on which work begins at an hour of each day.
type Night struct {
	Label string
	Cron  string // when, as periodic tasks have it: minute, hour, and * * *
	Now   bool   // its hour has passed and it should be at work: begin at once
}

// Nights begins the work on shelves at their hours until ctx ends. The queue remembers
// what has begun: work that was cut off goes on when this machine is there again, and a
// night that begins twice is one. A shelf lies where this machine can see it, so each
// machine has a queue of its own.
type Nights struct {
	Redis   asynq.RedisConnOpt
	Machine string // its name
	Do      func(ctx context.Context, label string) error
	Log     *slog.Logger
}

// night is the payload of a task.
type night struct {
	Label string `json:"label"`
}

// Run keeps the hours of nights until ctx ends.
func (n Nights) Run(ctx context.Context, nights []Night) error {
	if len(nights) == 0 {
		<-ctx.Done()
		return nil
	}
	clock := asynq.NewScheduler(n.Redis, &asynq.SchedulerOpts{
		Location: time.Local, //nolint:gosmopolitan // hours are those of the clock on the wall
		Logger:   queueLog{n.Log}, LogLevel: asynq.WarnLevel,
		PostEnqueueFunc: n.told,
	})
	client := asynq.NewClient(n.Redis)
	defer client.Close() //nolint:errcheck // connections only
	for _, each := range nights {
		task, options, err := n.task(each.Label)
		if err != nil {
			return err
		}
		if _, err := clock.Register(each.Cron, task, options...); err != nil {
			return fmt.Errorf("keeping the hour of %s: %w", each.Label, err)
		}
		if !each.Now {
			continue
		}
		if _, err := client.EnqueueContext(ctx, task, options...); err != nil && !errors.Is(err, asynq.ErrDuplicateTask) {
			return &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("beginning the night of %s: %w", each.Label, err)}
		}
	}
	worker := server(n.Redis, n.Log, len(nights), unhurried, map[string]int{n.queue(): 1})
	mux := asynq.NewServeMux()
	mux.HandleFunc(nightTask, n.begin)
	if err := worker.Start(mux); err != nil {
		return &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("starting nights: %w", err)}
	}
	defer worker.Shutdown()
	if err := clock.Start(); err != nil {
		return &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("starting the clock of nights: %w", err)}
	}
	defer clock.Shutdown()
	<-ctx.Done()
	return nil
}

func (n Nights) begin(ctx context.Context, t *asynq.Task) error {
	var what night
	if err := json.Unmarshal(t.Payload(), &what); err != nil {
		return fmt.Errorf("reading a task: %w: %w", err, asynq.SkipRetry)
	}
	err := n.Do(ctx, what.Label)
	if errors.Is(err, pipeline.ErrRunLives) {
		return nil
	}
	return err
}

func (n Nights) queue() string { return nightTask + "-" + n.Machine }

// task makes the queue's form of a night.
func (n Nights) task(label string) (*asynq.Task, []asynq.Option, error) {
	body, err := json.Marshal(night{label})
	if err != nil {
		return nil, nil, fmt.Errorf("making a task: %w", err)
	}
	return asynq.NewTask(nightTask, body), []asynq.Option{
		asynq.Queue(n.queue()), asynq.Unique(taskLimit), asynq.Timeout(taskLimit), asynq.MaxRetry(100),
	}, nil
}

// told logs a night that could not be begun.
func (n Nights) told(_ *asynq.TaskInfo, err error) {
	if err != nil && !errors.Is(err, asynq.ErrDuplicateTask) {
		n.Log.LogAttrs(context.Background(), slog.LevelError, "a night did not begin", slog.String("error", err.Error()))
	}
}
