package patience

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Thread looks at the calling thread, to which the goroutine must be locked.
func Thread() Gauge {
	own := thread("/proc/self/task/" + strconv.Itoa(unix.Gettid()))
	return func() Sample {
		ran, waited, ok := own.counters()
		return Sample{Known: ok, Ran: ran, Waited: waited, Ready: own.ready()}
	}
}

// Tree looks at a process and all below it, with the children that have ended and were
// waited for. Of this process, the thread that looks does not count as ready.
func Tree(pid int) Gauge {
	return func() Sample {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		var s Sample
		_, _, s.Known = thread(folder(pid)).counters()
		s.add(pid)
		return s
	}
}

// add counts a process and those below it. The processor time is that of the process,
// which keeps that of its threads and children when they end.
func (s *Sample) add(pid int) {
	s.Ran += processTime(pid)
	for _, t := range threads(pid) {
		_, waited, _ := t.counters()
		s.Waited += waited
		s.Ready = s.Ready || !t.own() && t.ready()
		for _, child := range t.children() {
			s.add(child)
		}
	}
}

// Children are the processes that a process has started.
func Children(pid int) []int {
	var all []int
	for _, t := range threads(pid) {
		all = append(all, t.children()...)
	}
	return all
}

func folder(pid int) string { return "/proc/" + strconv.Itoa(pid) }

// thread is the folder of a thread, or of a process as that of its first thread. Whatever
// is asked of a thread that has ended is nothing.
type thread string

func threads(pid int) []thread {
	tasks := folder(pid) + "/task/"
	entries, err := os.ReadDir(tasks)
	if err != nil {
		return nil
	}
	all := make([]thread, len(entries))
	for i, e := range entries {
		all[i] = thread(tasks + e.Name())
	}
	return all
}

// own reports whether t is the calling thread.
func (t thread) own() bool {
	return string(t) == folder(os.Getpid())+"/task/"+strconv.Itoa(unix.Gettid())
}

// counters are known of everything that has ever run: a kernel that does not count says
// "0 0 0".
func (t thread) counters() (ran, waited time.Duration, known bool) {
	words := numbers(t.read("/schedstat"))
	if len(words) < 2 || words[0] == 0 {
		return 0, 0, false
	}
	return time.Duration(words[0]), time.Duration(words[1]), true
}

// ready reports whether the thread runs or waits for a processor.
func (t thread) ready() bool {
	return bytes.HasPrefix(afterName(t.read("/stat")), []byte("R"))
}

func (t thread) children() []int {
	list := numbers(t.read("/children"))
	all := make([]int, len(list))
	for i, n := range list {
		all[i] = int(n)
	}
	return all
}

func (t thread) read(name string) []byte {
	body, err := os.ReadFile(string(t) + name) //nolint:gosec // under /proc
	if err != nil {
		return nil
	}
	return body
}

// processTime is what a process has run, with its children that were waited for.
func processTime(pid int) time.Duration {
	const first, last = 11, 15 // of utime, stime, cutime and cstime after the name
	const tick = time.Second / 100
	fields := bytes.Fields(afterName(thread(folder(pid)).read("/stat")))
	if len(fields) < last {
		return 0
	}
	var ticks int64
	for _, n := range numbers(bytes.Join(fields[first:last], []byte(" "))) {
		ticks += n
	}
	return time.Duration(ticks) * tick
}

// afterName cuts the number and the name off a line of /proc/PID/stat. A program may
// give itself a name with spaces and parentheses.
func afterName(stat []byte) []byte {
	return bytes.TrimLeft(stat[bytes.LastIndexByte(stat, ')')+1:], " ")
}

// numbers are those at the beginning of a line.
func numbers(line []byte) []int64 {
	var all []int64
	for word := range bytes.FieldsSeq(line) {
		n, err := strconv.ParseInt(string(word), 10, 64)
		if err != nil {
			break
		}
		all = append(all, n)
	}
	return all
}
