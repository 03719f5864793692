package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPolicyOfAnOffice prints the rules, has them changed and given back, and names the
// line of one that cannot be.
func TestPolicyOfAnOffice(t *testing.T) {
	t.Parallel()
	ask := func(file string) (string, error) {
		cmd := exec.CommandContext(t.Context(), binary(t), "policy", "--data", t.TempDir()) //nolint:gosec // the binary under test
		cmd.Env = append(os.Environ(), "HOSO_POLICY="+file)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	text, err := ask("")
	if err != nil || !strings.Contains(text, "dossier_number: {need: true, sure: 80") {
		t.Fatalf("the rules are %.200s, %v", text, err)
	}
	file := filepath.Join(t.TempDir(), "quy định.yaml")
	put := func(rules string) {
		if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(text + "- unit: H42.15\n  class: khai-sinh\n  fields: {owner_name: {need: true, hold: true}}\n")
	if again, err := ask(file); err != nil || !strings.Contains(again, "H42.15") {
		t.Errorf("the rules given back are %.200s, %v", again, err)
	}
	put("- fields:\n    tilte: {sure: 5}\n")
	if said, err := ask(file); err == nil || !strings.Contains(said, "line 2") {
		t.Errorf("a rule about no field gave %q, %v", said, err)
	}
}
