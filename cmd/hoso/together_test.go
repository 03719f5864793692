package main_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
)

// TestFilesOfOnePaper: scans that are one paper are filed as one record, and each can be
// taken out of the original as it was scanned.
func TestFilesOfOnePaper(t *testing.T) {
	s := newService(t)
	front, back := filepath.Join(scans, "quyet-dinh.jpg"), filepath.Join(scans, "danh-sach-2-trang.tif")
	papers, code := s.submitted("--together", "--dossier", "H42.15-221012-0009", front, back)
	if code != 0 || len(papers) != 1 || papers[0].State != pipeline.Filed || papers[0].Pages != 3 {
		t.Fatalf("exit %d, %+v", code, papers)
	}
	if papers[0].FileName != "quyet-dinh.zip" {
		t.Errorf("called %q", papers[0].FileName)
	}
	dir := t.TempDir()
	original := filepath.Join(dir, "original.zip")
	if out, code := s.hoso("get", string(papers[0].ID), "--original", "-o", original); code != 0 {
		t.Fatalf("get: exit %d: %s", code, out)
	}
	if out, err := exec.CommandContext(t.Context(), "python3", "-m", "zipfile", "-e", original, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, scan := range map[string]string{"0001.jpg": front, "0002.tif": back} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		want, wanted := os.ReadFile(scan)
		if err != nil || wanted != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes for %d: %v %v", name, len(got), len(want), err, wanted)
		}
	}
	if out, code := s.hoso("verify", string(papers[0].ID)); code != 0 {
		t.Errorf("verify: exit %d: %s", code, out)
	}
}

// TestHandingInWhatIsNoFile: a pipe that nobody writes into is not waited for, and a
// folder is not taken for a service that does not answer.
func TestHandingInWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.pdf")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	hoso, scan := binary(t), filepath.Join(scans, "quyet-dinh.jpg")
	for _, args := range [][]string{{pipe}, {dir}, {"/dev/zero"}, {"--together", scan, pipe}, {"--together", scan, dir}} {
		ctx, end := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, hoso, append([]string{"submit", "--data", filepath.Join(dir, "data")}, args...)...) //nolint:gosec // the binary under test
		out, _ := cmd.CombinedOutput()                                                                                      // the exit code is looked at below
		if end(); cmd.ProcessState.ExitCode() != 2 || !bytes.Contains(out, []byte("it is a folder or a device, not a file")) {
			t.Errorf("submit %q: exit %d: %s", args, cmd.ProcessState.ExitCode(), out)
		}
	}
}

// TestEmptyFileAmongOthers: a scan that came out empty is told before anything is handed
// in, as it is by itself.
func TestEmptyFileAmongOthers(t *testing.T) {
	t.Parallel()
	empty := saved(t, "mat-sau.jpg", nil)
	cmd := exec.CommandContext(t.Context(), binary(t), "submit", "--data", t.TempDir(), "--together", filepath.Join(scans, "quyet-dinh.jpg"), empty) //nolint:gosec // the binary under test
	out, _ := cmd.CombinedOutput()                                                                                                                   // the exit code is looked at below
	if cmd.ProcessState.ExitCode() != 3 || !bytes.Contains(out, []byte("empty-file: mat-sau.jpg has no bytes")) {
		t.Errorf("exit %d: %s", cmd.ProcessState.ExitCode(), out)
	}
}
