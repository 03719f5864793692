package workers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hibiken/asynq"

	"hoso/pipeline"
)

// renewals is how many records are put into the queue for renewal at once, and how often
// that is looked at. One that failed there for good is tried again after a while.
const (
	renewals     = 5000
	renewalRound = 10 * time.Minute
	renewalPause = time.Hour
)

// renewAll looks for records to renew until ctx ends.
func (d *Dispatcher) renewAll(ctx context.Context) {
	if d.RenewBefore <= 0 {
		return
	}
	round := time.NewTicker(renewalRound)
	defer round.Stop()
	for {
		d.tell(ctx, "renewing", d.renew(ctx))
		select {
		case <-ctx.Done():
			return
		case <-round.C:
		}
	}
}

// renew puts records whose proof ends soon into the queue. What is there already is
// passed over, and nothing is added while much is there: a hundred thousand records may
// wait for a slow authority.
func (d *Dispatcher) renew(ctx context.Context) error {
	if there, err := d.renewing(); err != nil || there > renewals/2 {
		return err
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
			return err
		}
		if passed += len(due); len(due) < handful {
			return nil
		}
	}
	return nil
}

// renewing counts the renewals that the queue has still to make.
func (d *Dispatcher) renewing() (int, error) {
	queues, err := d.inspect.Queues()
	if err == nil && !slices.Contains(queues, renewalQueue) {
		return 0, nil // there was nothing to renew yet
	}
	info := &asynq.QueueInfo{}
	if err == nil {
		info, err = d.inspect.GetQueueInfo(renewalQueue)
	}
	if err != nil {
		return 0, &pipeline.Unavailable{What: "queue", Err: fmt.Errorf("counting renewals: %w", err)}
	}
	return info.Pending + info.Active + info.Scheduled + info.Retry, nil
}

// enqueueRenewal reports whether the task was not in the queue yet.
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
		info, err := d.inspect.GetTaskInfo(renewalQueue, renewalID(t))
		if err == nil && info.State == asynq.TaskStateArchived && d.now().Sub(info.LastFailedAt) > renewalPause {
			_ = d.inspect.RunTask(renewalQueue, info.ID) // somebody else was faster
		}
		return false, nil
	}
	return false, &pipeline.Unavailable{What: "queue", Err: err}
}
