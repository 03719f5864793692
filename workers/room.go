package workers

import (
	"errors"
	"fmt"
	"syscall"

	"hoso/pipeline"
)

// reserve is how much of a disk new papers leave to the work on those that were
// received before: a tenth, and never more than this many bytes.
const reserve = 1 << 30

var errNoRoom = errors.New("what is left is kept for papers received before")

// Room is how much can still be received on the disk that dir lies on, in bytes; with
// nothing left it is *pipeline.Unavailable. The rest is kept back, since a queue, a
// catalog and an object storage that have no room for a single byte cannot finish
// anything. Nothing counts on it: a disk that others fill up loses no paper either.
func Room(dir string) (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, fmt.Errorf("measuring the disk: %w", err)
	}
	free, total := int64(disk.Bavail)*disk.Bsize, int64(disk.Blocks)*disk.Bsize //nolint:gosec // disks have less than 8 EiB
	room := free - min(total/10, reserve)
	if room <= 0 {
		return 0, &pipeline.Unavailable{What: "the receiving disk", Err: fmt.Errorf("%d bytes are free: %w", free, errNoRoom)}
	}
	return room, nil
}
