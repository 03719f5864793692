package workers

import (
	"context"
	"errors"
	"time"

	"github.com/hibiken/asynq"

	"hoso/pipeline"
)

// renewals is how many records are put into the queue for renewal at once, and how often
// that is looked at.
const (
	renewals     = 5000
	renewalRound = 10 * time.Minute
)

// renew puts records whose proof ends soon into the queue, behind everything that people
// wait for. What is there already, or failed there, is passed over.
func (d *Dispatcher) renew(ctx context.Context) {
	if d.RenewBefore <= 0 {
		return
	}
	for added, passed := 0, 0; added < renewals; {
		due, err := d.backlog.Due(ctx, d.now().Add(d.RenewBefore), passed, handful)
		for _, t := range due {
			var fresh bool
			if fresh, err = d.enqueueRenewal(ctx, t); err != nil {
				break
			}
			if fresh {
				added++
			}
		}
		if err != nil {
			d.tell(ctx, "renewing", err)
			return
		}
		if passed += len(due); len(due) < handful {
			return
		}
	}
}

// enqueueRenewal reports whether the task was not in the queue yet. One that failed for
// good there is tried again.
func (d *Dispatcher) enqueueRenewal(ctx context.Context, t pipeline.Todo) (bool, error) {
	what, options, err := renewal(t)
	if err != nil {
		return false, err
	}
	_, err = d.client.EnqueueContext(ctx, what, options...)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, asynq.ErrTaskIDConflict):
		info, err := d.inspect.GetTaskInfo(string(pipeline.Upkeep), renewalID(t))
		if err == nil && info.State == asynq.TaskStateArchived {
			_ = d.inspect.RunTask(string(pipeline.Upkeep), info.ID) // somebody else was faster
		}
		return false, nil
	}
	return false, &pipeline.Unavailable{What: "queue", Err: err}
}
