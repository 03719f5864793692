package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClassesOfAClerk prints the rules, has them changed and given back, and names a rule
// that cannot be.
func TestClassesOfAClerk(t *testing.T) {
	t.Parallel()
	classes := func(file string) (string, error) {
		cmd := exec.CommandContext(t.Context(), binary(t), "classes", "--data", t.TempDir()) //nolint:gosec // the binary under test
		cmd.Env = append(os.Environ(), "HOSO_CLASSES="+file)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	text, err := classes("")
	if err != nil || !strings.Contains(text, "GIẤY KHAI SINH") {
		t.Fatalf("the rules are %.200s, %v", text, err)
	}
	file := filepath.Join(t.TempDir(), "loại giấy tờ.yaml")
	if err := os.WriteFile(file, []byte(text+"- class: the-nha-bao\n  name: Thẻ nhà báo\n  title: [THẺ NHÀ BÁO]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err := classes(file); err != nil || !strings.Contains(again, "THẺ NHÀ BÁO") {
		t.Errorf("the rules given back are %.200s, %v", again, err)
	}
	if err := os.WriteFile(file, []byte("- class: the-nha-bao\n  name: Thẻ nhà báo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := classes(file); err == nil || !strings.Contains(said, "the-nha-bao") {
		t.Errorf("a rule that holds for every paper gave %q, %v", said, err)
	}
}
