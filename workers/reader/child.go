package reader

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/patience"
)

// crash is the death of a child while it worked: by its own fault, by its limits or
// by the end of its parent's patience.
type crash struct {
	cause cause
	tail  string // the end of what it wrote to stderr
	err   error
}

// cause is why a child died.
type cause string

const (
	causeExit    cause = "crashed"
	causeMemory  cause = "used too much memory"
	causeSpent         = cause(patience.Spent)
	causeHung          = cause(patience.Hung)
	causeStarved       = cause(patience.Starved)
	causeLate          = cause(patience.Late)
)

func (c *crash) Error() string {
	return fmt.Sprintf("reader %s: %v: %s", c.cause, c.err, c.tail)
}

func (c *crash) Unwrap() error { return c.err }

// process is a running child as the parent sees it. It serves one request at a time.
type process struct {
	cmd     *exec.Cmd
	to      io.WriteCloser
	from    *bufio.Reader
	pipe    *os.File
	tail    *tail
	served  int
	ready   bool          // it has said so
	gone    chan struct{} // closed when it has been waited for
	waitErr error
}

// start runs a child and returns when the kernel has it; models are still loading.
// The child dies with the thread that started it, so that thread waits for it.
func start(command []string, s Settings) (*process, error) {
	told, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("telling a reader its settings: %w", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	//nolint:gosec,noctx // our own binary; it is killed by hand, with all it started
	cmd := exec.Command(command[0], append(command[1:len(command):len(command)], string(told))...)
	cmd.Env = environment()
	cmd.ExtraFiles = []*os.File{write}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p := &process{cmd: cmd, from: bufio.NewReaderSize(read, 64<<10), pipe: read, tail: &tail{}, gone: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.tail, p.tail
	if p.to, err = cmd.StdinPipe(); err != nil {
		return nil, errors.Join(fmt.Errorf("making a pipe: %w", err), read.Close(), write.Close())
	}
	started := make(chan error)
	go p.own(started)
	err = <-started
	_ = write.Close() // the child has its own copy
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting a reader: %w", err), read.Close())
	}
	return p, nil
}

// own starts the child on a thread that stays until the child is gone.
func (p *process) own(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.waitErr = p.cmd.Wait()
	close(p.gone)
}

// environment is all that a child learns of its parent's. Most of a child's memory is
// not Go's; to look for garbage less often costs none and saves time at its start.
func environment() []string {
	env := []string{"OMP_THREAD_LIMIT=1", "LANG=C.UTF-8", "GOMEMLIMIT=512MiB", "GOGC=300", "GOMAXPROCS=2"}
	for _, e := range os.Environ() {
		for _, keep := range []string{"PATH=", "TESSDATA_PREFIX=", "GOCOVERDIR=", "GORACE="} {
			if strings.HasPrefix(e, keep) {
				env = append(env, e)
			}
		}
	}
	return env
}

// limits are what a child and its helpers may take for one request.
type limits struct {
	work   time.Duration // on processors
	memory uint64        // bytes
}

// ask sends q and waits for the answer until ctx ends or the child and its helpers take
// more than they may. After an error the process is dead.
func (p *process) ask(ctx context.Context, q request, most limits) (reply, error) {
	answered := make(chan struct{})
	var watch sync.WaitGroup
	var why cause
	watch.Go(func() { why = p.watch(ctx, answered, most) })
	r, err := p.exchange(q)
	close(answered)
	watch.Wait()
	p.served++
	if err == nil && why == "" && ctx.Err() == nil {
		return r, nil
	}
	p.kill()
	<-p.gone
	if ctx.Err() != nil { // the caller's own time is over: that says nothing of the page
		return reply{}, context.Cause(ctx)
	}
	if why == "" {
		why = causeExit
	}
	dead := &crash{cause: why, tail: p.tail.String(), err: errors.Join(err, p.waitErr)}
	if !p.ready { // it has not even looked at the request: no file is to blame
		return reply{}, &pipeline.Unavailable{What: partReader, Err: errors.New(dead.Error())}
	}
	return reply{}, dead
}

// partReader names this part of the surroundings to people.
const partReader = "the recognizer"

func (p *process) exchange(q request) (reply, error) {
	line, err := json.Marshal(q)
	if err != nil {
		return reply{}, fmt.Errorf("asking a reader: %w", err)
	}
	if _, err := p.to.Write(append(line, '\n')); err != nil {
		return reply{}, fmt.Errorf("asking a reader: %w", err)
	}
	r, err := p.hear()
	if err == nil && r.Ready {
		p.ready = true
		r, err = p.hear()
	}
	return r, err
}

// maxReply bounds what a child may say at once, in bytes: its parent has no wall.
const maxReply = 48 << 20

func (p *process) hear() (reply, error) {
	var answer []byte
	for more := true; more; {
		part, err := p.from.ReadSlice('\n')
		answer = append(answer, part...)
		more = errors.Is(err, bufio.ErrBufferFull) && len(answer) < maxReply
		if err != nil && !more {
			return reply{}, fmt.Errorf("hearing a reader: %w", err)
		}
	}
	var r reply
	if err := json.Unmarshal(answer, &r); err != nil {
		return reply{}, fmt.Errorf("understanding a reader: %w", err)
	}
	return r, nil
}

// watch kills the child when it must end and says why; it returns when the answer
// is there.
func (p *process) watch(ctx context.Context, answered <-chan struct{}, most limits) cause {
	tick, look := time.NewTicker(200*time.Millisecond), time.NewTicker(patience.Pause(most.work))
	defer tick.Stop()
	defer look.Stop()
	gauge := patience.Tree(p.cmd.Process.Pid)
	judge := patience.NewJudge(most.work, time.Now(), gauge())
	for {
		select {
		case <-answered:
			return ""
		case <-ctx.Done():
			p.kill()
			return ""
		case <-look.C:
			if why := judge.Look(time.Now(), gauge()); why != patience.Going {
				p.kill()
				return cause(why)
			}
		case <-tick.C:
			if TreeMemory(p.cmd.Process.Pid) > most.memory {
				p.kill()
				return causeMemory
			}
		}
	}
}

// kill ends the child and every helper program it started.
func (p *process) kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // gone already is as good
}

// stop lets an idle child end by itself, which it does when its requests end.
func (p *process) stop() {
	_ = p.to.Close() // a broken pipe means it has ended
	select {
	case <-p.gone:
	case <-time.After(2 * time.Second):
		p.kill()
		<-p.gone
	}
	_ = p.pipe.Close() // only read from
}

// tail keeps the last bytes of what a child says.
type tail struct {
	mu  sync.Mutex
	end []byte
}

const tailSize = 2 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, b...)
	if over := len(t.end) - tailSize; over > 0 {
		t.end = append(t.end[:0], t.end[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(string(t.end), "?")
}
