package batch

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// held reports whether another program keeps a file locked for writing, or has it open for
// that, as far as the file system knows of locks and of who has a file open.
func held(file *os.File) bool {
	busy := false
	err := withHandle(file, func(fd uintptr) { busy = locked(fd) || beingWritten(fd) })
	return err == nil && busy
}

// withHandle does something with the handle of a file.
func withHandle(file *os.File, do func(fd uintptr)) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	return raw.Control(do)
}

func locked(fd uintptr) bool {
	bytes := unix.Flock_t{Type: unix.F_RDLCK, Whence: io.SeekStart}
	if unix.FcntlFlock(fd, unix.F_OFD_GETLK, &bytes) == nil && bytes.Type == unix.F_WRLCK {
		return true
	}
	err := unix.Flock(int(fd), unix.LOCK_SH|unix.LOCK_NB)
	if err == nil {
		_ = unix.Flock(int(fd), unix.LOCK_UN) // closing the file frees it as well
	}
	return errors.Is(err, unix.EWOULDBLOCK)
}

// zfs is not among the numbers of package unix.
const zfs = 0x2FC12FC1

// tells reports whether a file system is one of this machine: they give a lease on a file
// that nobody has open for writing, and on no other. On a share that says nothing of those
// who write.
func tells(kind int64) bool {
	switch kind {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC, zfs,
		unix.TMPFS_MAGIC, unix.OVERLAYFS_SUPER_MAGIC:
		return true
	}
	return false
}

// beingWritten reports whether a program of this machine has a file open for writing, a
// server of shares among them, whose client pauses. The system tells that to the owner of
// the file and to the superuser; to others it says no.
func beingWritten(fd uintptr) bool {
	var on unix.Statfs_t
	if unix.Fstatfs(int(fd), &on) != nil || !tells(on.Type) {
		return false
	}
	_, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		_, _ = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK) // closing the file ends it as well
	}
	return errors.Is(err, unix.EAGAIN)
}

// hollow reports whether a file has holes: room that was taken and never written.
func hollow(file *os.File, size int64) bool {
	hole := size
	err := withHandle(file, func(fd uintptr) {
		if at, err := unix.Seek(int(fd), 0, unix.SEEK_HOLE); err == nil {
			hole = at
		}
		_, _ = unix.Seek(int(fd), 0, io.SeekStart) // a file that is read can be wound back
	})
	return err == nil && hole < size
}

// touched is when anything of a file was changed, its name and its dates among them.
func touched(info fs.FileInfo) time.Time {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(s.Ctim.Unix())
	}
	return time.Time{}
}
