// Package sandbox is the wall around strangers' bytes. A process that is about to
// decode what somebody handed in calls Enter first and from then on can neither
// open a socket nor grow past its limits; whatever it starts inherits both.
//
// The wall is made of resource limits and a seccomp filter, which any user may set
// on himself: no root, no namespaces, no container is needed.
package sandbox

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Limits bound one sandboxed process and, each for itself, its children.
type Limits struct {
	Memory   uint64 // bytes of private writable memory
	FileSize uint64 // bytes of any file written
	CPU      uint64 // seconds of processor time
	Files    uint64 // open descriptors
}

// Enter puts the calling process, with all its threads, behind the wall. There is
// no way back.
func Enter(l Limits) error {
	for _, r := range []struct {
		what  int
		name  string
		value uint64
	}{
		// RLIMIT_DATA counts what is really writable; RLIMIT_AS would count the
		// address space that the Go runtime only reserves.
		{unix.RLIMIT_DATA, "memory", l.Memory},
		{unix.RLIMIT_FSIZE, "file size", l.FileSize},
		{unix.RLIMIT_CPU, "cpu", l.CPU},
		{unix.RLIMIT_NOFILE, "files", l.Files},
	} {
		if r.value == 0 {
			continue
		}
		limit := unix.Rlimit{Cur: r.value, Max: r.value}
		if err := unix.Setrlimit(r.what, &limit); err != nil {
			return fmt.Errorf("limiting %s to %d: %w", r.name, r.value, err)
		}
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("forbidding core files: %w", err)
	}
	return denyNetwork()
}

// denyNetwork makes socket, socketpair and io_uring fail with EACCES, and the ways into
// other processes too, in every thread of the process and in all it starts.
func denyNetwork() error {
	arch, denied, err := target(runtime.GOARCH)
	if err != nil {
		return err
	}
	program := filter(arch, denied)
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]} //nolint:gosec // a dozen instructions
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up privileges: %w", err)
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog))) //nolint:gosec // the kernel's own interface
	if errno != 0 {
		return fmt.Errorf("forbidding the network: %w", errno)
	}
	return nil
}

// target names the architecture to the kernel and lists the calls to deny.
func target(goarch string) (arch uint32, denied []uint32, err error) {
	denied = []uint32{
		unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_IO_URING_SETUP,
		// Ways into other processes of the same user, whose keys are worth more than a page.
		unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
		unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
		// Large parts of the kernel that no decoder needs.
		unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD,
	}
	switch goarch {
	case "amd64":
		return unix.AUDIT_ARCH_X86_64, denied, nil
	case "arm64":
		return unix.AUDIT_ARCH_AARCH64, denied, nil
	}
	return 0, nil, fmt.Errorf("forbidding the network: no filter for %s", goarch)
}

const (
	offsetNumber = 0          // of seccomp_data.nr
	offsetArch   = 4          // of seccomp_data.arch
	x32Bit       = 0x40000000 // set in call numbers of the x32 interface
)

// filter is a classic BPF program: a foreign architecture or a denied call gets
// EACCES, everything else passes.
func filter(arch uint32, denied []uint32) []unix.SockFilter {
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	end := func(action uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
	}
	deny := end(unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES))
	program := []unix.SockFilter{
		load(offsetArch),
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: arch, Jt: 1},
		deny,
		load(offsetNumber),
		{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, K: x32Bit, Jf: 1},
		deny,
	}
	for _, call := range denied {
		program = append(program,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: call, Jf: 1}, deny)
	}
	return append(program, end(unix.SECCOMP_RET_ALLOW))
}
