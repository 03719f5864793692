package patience_test

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hoso/pipeline/intake/patience"
)

// TestTimeOfHelpers: what a process spent in a program that has ended is not forgotten.
func TestTimeOfHelpers(t *testing.T) {
	t.Parallel()
	gauge := patience.Tree(os.Getpid())
	before := gauge()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	const tick = 10 * time.Millisecond // of the kernel's clock, for each of four counters
	spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if after := gauge(); !before.Known || !after.Known || after.Ran-before.Ran < spent-4*tick {
		t.Errorf("%+v before and %+v after a helper that ran for %v", before, after, spent)
	}
}

// TestTimeOfAThread looks at the thread of the test, which works.
func TestTimeOfAThread(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	gauge := patience.Thread()
	before, from := gauge(), threadTime(t)
	for threadTime(t)-from < 50*time.Millisecond {
		continue
	}
	if after := gauge(); !after.Known || !after.Ready || after.Ran-before.Ran < 40*time.Millisecond {
		t.Errorf("%+v before and %+v after 50 ms of work", before, after)
	}
}

func threadTime(t *testing.T) time.Duration {
	t.Helper()
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestAStoppedProcessIsNotReady: it neither runs nor waits, unlike one that is starved.
func TestAStoppedProcessIsNotReady(t *testing.T) {
	t.Parallel()
	stopped := started(t, "kill -STOP $$")
	var how unix.WaitStatus
	if _, err := unix.Wait4(stopped, &how, unix.WUNTRACED, nil); err != nil || !how.Stopped() {
		t.Fatalf("it is not stopped: %v, %v", how, err)
	}
	gauge := patience.Tree(stopped)
	first := gauge()
	spinning := started(t, "while :; do :; done")
	waitFor(t, spinning, 50*time.Millisecond)
	if now := gauge(); !now.Known || now.Ready || now != first {
		t.Errorf("a stopped process is %+v and was %+v", now, first)
	}
	if now := patience.Tree(spinning)(); !now.Ready {
		t.Errorf("a spinning process is %+v", now)
	}
}

// TestWhoSharesAProcessorWaits has two programs spin on one processor.
func TestWhoSharesAProcessorWaits(t *testing.T) {
	t.Parallel()
	one := onlyOne(t)
	var gauges []patience.Gauge
	for range 2 {
		pid := started(t, "while :; do :; done")
		if err := unix.SchedSetaffinity(pid, &one); err != nil {
			t.Fatal(err)
		}
		gauges = append(gauges, patience.Tree(pid))
	}
	before := []patience.Sample{gauges[0](), gauges[1]()}
	for i, gauge := range gauges {
		for gauge().Ran-before[i].Ran < 200*time.Millisecond {
			runtime.Gosched()
		}
	}
	for i, gauge := range gauges {
		if now := gauge(); now.Waited-before[i].Waited < 50*time.Millisecond {
			t.Errorf("the program went from %+v to %+v beside another", before[i], now)
		}
	}
}

// onlyOne gives the first processor that the test may use.
func onlyOne(t *testing.T) unix.CPUSet {
	t.Helper()
	var all, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		t.Fatal(err)
	}
	cpu := 0
	for !all.IsSet(cpu) {
		cpu++
	}
	one.Set(cpu)
	return one
}

// started gives a running script, which ends with the test.
func started(t *testing.T, script string) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	t.Cleanup(func() {
		_ = syscall.Kill(pid, syscall.SIGKILL) // gone already is as good
		_ = cmd.Wait()                         // killed
	})
	return pid
}

// waitFor waits until a process has run for so long.
func waitFor(t *testing.T, pid int, d time.Duration) {
	t.Helper()
	gauge := patience.Tree(pid)
	for gauge().Ran < d {
		runtime.Gosched()
	}
}
