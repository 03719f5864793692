package reader

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// TreeMemory is the resident memory, in bytes, of a process and all below it: of a
// reader and the helper program it may be running.
func TreeMemory(pid int) uint64 {
	total := resident(pid)
	children, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	if err != nil {
		return total
	}
	for _, file := range children {
		list, err := os.ReadFile(file) //nolint:gosec // under /proc
		if err != nil {
			continue // the thread has just ended
		}
		for word := range bytes.FieldsSeq(list) {
			if child, err := strconv.Atoi(string(word)); err == nil {
				total += TreeMemory(child)
			}
		}
	}
	return total
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
