package batch

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// held reports whether another program keeps a file locked for writing. File systems that
// know no locks say no.
func held(file *os.File) bool {
	raw, err := file.SyscallConn()
	if err != nil {
		return false
	}
	busy := false
	err = raw.Control(func(fd uintptr) {
		range1 := unix.Flock_t{Type: unix.F_RDLCK, Whence: io.SeekStart}
		if unix.FcntlFlock(fd, unix.F_OFD_GETLK, &range1) == nil && range1.Type == unix.F_WRLCK {
			busy = true
			return
		}
		if err := unix.Flock(int(fd), unix.LOCK_SH|unix.LOCK_NB); err == nil {
			_ = unix.Flock(int(fd), unix.LOCK_UN) // closing the file frees it as well
		} else {
			busy = errors.Is(err, unix.EWOULDBLOCK)
		}
	})
	return err == nil && busy
}
