package reader

import (
	"bytes"
	"os"
	"strconv"

	"hoso/pipeline/intake/patience"
)

// TreeMemory is the resident memory, in bytes, of a process and all below it: of a
// reader and the helper program it may be running.
func TreeMemory(pid int) uint64 { return treeMemory(pid, commandLine(pid)) }

// treeMemory leaves out a child of the same command line: between vfork and exec it
// lives in its parent's memory, which must not count twice.
func treeMemory(pid int, line []byte) uint64 {
	total := resident(pid)
	for _, child := range patience.Children(pid) {
		if own := commandLine(child); !bytes.Equal(own, line) {
			total += treeMemory(child, own)
		}
	}
	return total
}

// commandLine is nil for a process that has ended.
func commandLine(pid int) []byte {
	line, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	if err != nil {
		return nil
	}
	return line
}

func resident(pid int) uint64 {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0 // just ended
	}
	fields := bytes.Fields(stat)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseUint(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize()) //nolint:gosec // a page size is positive
}
