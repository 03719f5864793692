package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Child is a process to be kept running.
type Child struct {
	Name     string                          // for logs
	Command  func() (*exec.Cmd, error)       // a new one for every start; attributes and extra files are the supervisor's
	Ready    func(ctx context.Context) error // gives nil once it serves; asked again and again; nil itself if running is enough
	Lock     string                          // file that the process holds locked while it lives, "" for none
	Patience time.Duration                   // for becoming ready, 0 for a minute
	Silence  time.Duration                   // of a child that was ready, after which it counts as dead; 0 for two minutes
	Grace    time.Duration                   // between SIGTERM and SIGKILL, 0 for 10 seconds
}

// ChildStatus is how a child is doing.
type ChildStatus struct {
	Name     string    `json:"name"`
	PID      int       `json:"pid"` // 0 while there is no process
	Ready    bool      `json:"ready"`
	Restarts int       `json:"restarts"` // since the supervisor began
	Since    time.Time `json:"since"`    // start of the present process
}

// Supervised is a child under supervision. Its methods may be called by several
// goroutines.
type Supervised struct {
	child Child
	log   *slog.Logger
	stop  chan struct{} // closed by Stop
	once  sync.Once
	done  chan struct{} // closed when the last process is gone

	mu     sync.Mutex
	status ChildStatus
}

// Pauses before a child that died is started again: short if it served before,
// since others wait for it, longer and longer if it does not come to serve at all.
const (
	firstPause = 50 * time.Millisecond
	shortPause = 500 * time.Millisecond // at most, after it served
	longPause  = 10 * time.Second       // at most, if it did not
	goodLife   = 5 * time.Second        // after which a death counts as the first one
)

// Supervise starts the child and returns when it is ready; if it ends before that,
// or ctx does, the error says why and nothing is left running. From then on, and
// independent of ctx, the child is started again whenever it dies or no longer
// answers, until Stop.
//
// The child gets SIGKILL when this process ends in whatever way, and signals meant
// for the terminal's foreground do not reach it: only Stop decides when it goes.
func Supervise(ctx context.Context, c Child, log *slog.Logger) (*Supervised, error) {
	c.Patience = cmp.Or(c.Patience, time.Minute)
	c.Silence = cmp.Or(c.Silence, 2*time.Minute)
	c.Grace = cmp.Or(c.Grace, 10*time.Second)
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	s := &Supervised{
		child:  c,
		log:    log.With(slog.String("child", c.Name)),
		stop:   make(chan struct{}),
		done:   make(chan struct{}),
		status: ChildStatus{Name: c.Name},
	}
	first := make(chan error, 1)
	go s.run(context.WithoutCancel(ctx), first)
	var err error
	select {
	case err = <-first:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err != nil {
		s.Stop()
		return nil, fmt.Errorf("starting %s: %w", c.Name, err)
	}
	return s, nil
}

// Status says how the child is doing.
func (s *Supervised) Status() ChildStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Stop ends the child, first politely, and returns when it is gone.
func (s *Supervised) Stop() {
	s.once.Do(func() { close(s.stop) })
	<-s.done
}

// run is one goroutine, and one thread, for the whole time: the kernel sends the
// parent-death signal when the thread that started a child ends, not the process.
func (s *Supervised) run(ctx context.Context, first chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(s.done)
	pause, served := firstPause, false
	for {
		began, limit := time.Now(), longPause
		err := s.live(ctx, func() {
			limit = shortPause
			if !served {
				first <- nil
			}
			served = true
		})
		if !served {
			first <- err
			return
		}
		if s.stopping() {
			return
		}
		if time.Since(began) > goodLife && limit == shortPause {
			pause = firstPause
		}
		s.log.LogAttrs(ctx, slog.LevelError, "child ended, starting it again",
			slog.Any("why", err), slog.Duration("lived", time.Since(began)), slog.Duration("pause", pause))
		select {
		case <-time.After(pause):
		case <-s.stop:
			return
		}
		pause = min(2*pause, limit)
		s.update(func(st *ChildStatus) { st.Restarts++ })
	}
}

func (s *Supervised) stopping() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}

func (s *Supervised) update(change func(*ChildStatus)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

// Why a child is killed that still runs.
var (
	errNotReady = errors.New("not ready in time")
	errSilent   = errors.New("no longer answers")
)

// live runs one process from start to end and says why it ended.
func (s *Supervised) live(ctx context.Context, ready func()) error {
	said := new(tail)
	cmd, err := s.start(ctx, said)
	if err != nil {
		return err
	}
	s.update(func(st *ChildStatus) { st.PID, st.Since = cmd.Process.Pid, time.Now() })
	defer s.update(func(st *ChildStatus) { st.PID, st.Ready = 0, false })

	asking, cancel := context.WithCancel(ctx)
	defer cancel()
	exited := begin(cmd.Wait)
	readied := begin(func() error { return s.awaitReady(asking) })
	var silent <-chan error // nobody listens for answers before it is ready
	for {
		select {
		case err := <-exited:
			return death(err, said)
		case <-s.stop:
			return s.end(ctx, cmd.Process, exited)
		case err := <-silent:
			return death(errors.Join(err, s.end(ctx, cmd.Process, exited)), said)
		case err := <-readied:
			if err != nil {
				return death(errors.Join(err, s.end(ctx, cmd.Process, exited)), said)
			}
			s.update(func(st *ChildStatus) { st.Ready = true })
			s.log.LogAttrs(ctx, slog.LevelInfo, "child is ready", slog.Int("pid", cmd.Process.Pid))
			ready()
			readied = nil
			silent = begin(func() error { return s.awaitSilence(asking) })
		}
	}
}

// begin runs do beside the caller, who may or may not come for the result.
func begin(do func() error) <-chan error {
	result := make(chan error, 1)
	go func() { result <- do() }()
	return result
}

func (s *Supervised) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.child.Patience, errNotReady)
	defer cancel()
	return poll(ctx, 20*time.Millisecond, s.child.Ready)
}

// awaitSilence returns when a child that runs has not answered for too long, or ctx
// ends. Single questions may fail: a disk that is busy holds up everybody.
func (s *Supervised) awaitSilence(ctx context.Context) error {
	tick := time.NewTicker(s.child.Silence / 8)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		asking, cancel := context.WithTimeout(ctx, s.child.Silence/4)
		err := s.child.Ready(asking)
		cancel()
		if err == nil {
			last = time.Now()
		} else if time.Since(last) > s.child.Silence {
			return fmt.Errorf("%w: %w", errSilent, err)
		}
	}
}

// start starts one process, on this thread.
func (s *Supervised) start(ctx context.Context, said *tail) (*exec.Cmd, error) {
	cmd, err := s.child.Command()
	if err != nil {
		return nil, err
	}
	if s.child.Lock != "" {
		lock, err := lockFor(ctx, s.child.Lock)
		if err != nil {
			return nil, err
		}
		defer lock.Close() //nolint:errcheck // the child has its own copy
		cmd.ExtraFiles = []*os.File{lock}
	}
	cmd.Stdout, cmd.Stderr = heard(cmd.Stdout, said), heard(cmd.Stderr, said)
	cmd.WaitDelay = 2 * time.Second // for what the child forked and left with its output
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting process: %w", err)
	}
	return cmd, nil
}

// heard listens to what is written to w, which may be nil.
func heard(w io.Writer, said *tail) io.Writer {
	if w == nil {
		return said
	}
	return io.MultiWriter(w, said)
}

// end asks the process to go, and after the grace makes it.
func (s *Supervised) end(ctx context.Context, p *os.Process, exited <-chan error) error {
	if err := p.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("ending process %d: %w", p.Pid, err)
	}
	grace := time.NewTimer(s.child.Grace)
	defer grace.Stop()
	select {
	case how := <-exited:
		s.log.LogAttrs(ctx, slog.LevelDebug, "child ended as asked", slog.Any("how", how))
		return nil
	case <-grace.C:
	}
	// Its whole group, so that what it forked does not keep its files open.
	if err := syscall.Kill(-p.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("killing process %d: %w", p.Pid, err)
	}
	how := <-exited
	s.log.LogAttrs(ctx, slog.LevelWarn, "child had to be killed", slog.Any("how", how))
	return nil
}

// death is why a process ended that should not have.
func death(err error, said *tail) error {
	if err == nil {
		err = errors.New("process ended")
	}
	if last := said.String(); last != "" {
		return fmt.Errorf("%w; it said: %s", err, last)
	}
	return err
}
