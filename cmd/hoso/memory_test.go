package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoso/testdata/judge"
	"hoso/testdata/paper"
	"hoso/workers/reader"
)

// watched runs a command to its end, looking after every tick what it and all below
// it hold, and gives the most.
func watched(t *testing.T, cmd *exec.Cmd) uint64 {
	t.Helper()
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var most uint64
	for {
		select {
		case <-tick.C:
			most = max(most, reader.TreeMemory(cmd.Process.Pid))
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v: %s", err, said.String())
			}
			return most
		}
	}
}

// book is a PDF of n scans that differ.
func book(n int) []byte {
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
	var kids strings.Builder
	for i := range n {
		scan := smallScan(2, i)
		const content = "q 298 0 0 421 0 0 cm /Im0 Do Q"
		first := len(objects) + 1
		fmt.Fprintf(&kids, "%d 0 R ", first)
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 298 421]/Contents %d 0 R/Resources<</XObject<</Im0 %d 0 R>>>>>>", first+1, first+2),
			fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
			fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 620/Height 877/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode/Length %d>>\nstream\n%s\nendstream",
				len(scan), scan))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), n)
	return paper.Assemble(objects, "")
}

// TestMemoryDoesNotGrowWithPages: what is held for a long paper is what is held for a
// short one, give or take what an allocator keeps.
func TestMemoryDoesNotGrowWithPages(t *testing.T) {
	t.Parallel()
	const few, many, slack = 20, 120, 48 << 20 // the first pages warm the recognizer up; a hundred held images would take more
	held := map[int]uint64{}
	for _, pages := range []int{few, many} {
		record := filepath.Join(t.TempDir(), "record.pdf")
		cmd := exec.CommandContext(t.Context(), binary(t), "convert", "--readers", "1", "--data", t.TempDir(), //nolint:gosec // ours
			saved(t, "book.pdf", book(pages)), "-o", record)
		held[pages] = watched(t, cmd)
		if facts := inspected(t, record); facts.Pages != pages {
			t.Errorf("%d pages became %d", pages, facts.Pages)
		}
		if said := judge.QPDF(t, record); said != "" {
			t.Errorf("qpdf: %s", said)
		}
	}
	t.Logf("%d pages: %d MiB; %d pages: %d MiB", few, held[few]>>20, many, held[many]>>20)
	if held[many] > held[few]+slack {
		t.Errorf("%d pages took %d MiB, %d took %d MiB", many, held[many]>>20, few, held[few]>>20)
	}
}

// TestConvertInterrupted: who presses Ctrl-C finds neither half a record nor anything
// else left behind.
func TestConvertInterrupted(t *testing.T) {
	t.Parallel()
	scratch := t.TempDir()
	record := filepath.Join(t.TempDir(), "record.pdf")
	cmd := exec.CommandContext(t.Context(), binary(t), "convert", "--data", t.TempDir(), saved(t, "book.pdf", book(60)), "-o", record) //nolint:gosec // ours
	cmd.Env = append(os.Environ(), "TMPDIR="+scratch)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, time.Minute, "pages are being read", func() bool {
		images, _ := filepath.Glob(filepath.Join(scratch, "*", "*", "*.img"))
		return len(images) > 2
	})
	started := below(cmd.Process.Pid)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("ended with %v, want exit 1", err)
	}
	if _, err := os.Stat(record); err == nil {
		t.Error("there is a record of an interrupted conversion")
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	eventually(t, 5*time.Second, "the readers are gone", func() bool {
		for _, pid := range started {
			if syscall.Kill(pid, 0) == nil {
				return false
			}
		}
		return len(started) > 0
	})
}
