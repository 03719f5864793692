package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A record holds what citizens entrusted: it is no more open than the user's other
// files.
func TestTheRecordIsAsPrivateAsTheUmaskSays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	record := filepath.Join(dir, "record.pdf")
	//nolint:gosec // the binary under test
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `umask 077; exec "$0" convert --data "$1" --no-sign "$2" -o "$3"`,
		binary(t), filepath.Join(dir, "data"), filepath.Join(scans, "quyet-dinh.jpg"), record)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("convert: %v: %s", err, out)
	}
	info, err := os.Stat(record)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the record's rights are %v under umask 077, want -rw-------", mode)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".hoso-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
