package softhsm

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed hanging/library.c
var hanging []byte

// Gate is a library that hangs when asked to sign, while it is shut.
type Gate struct {
	Module string // the library, which does everything else as SoftHSM2 does
	file   string
}

// NewGate builds the library in a folder, with the C compiler that builds hoso.
func NewGate(dir string) (*Gate, error) {
	g := &Gate{Module: filepath.Join(dir, "hanging.so"), file: filepath.Join(dir, "shut")}
	headers, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/miekg/pkcs11").Output() //nolint:noctx // as run
	if err != nil {
		return nil, fmt.Errorf("finding pkcs11.h: %w", err)
	}
	own := filepath.Join(dir, "other.so") // a copy, which keeps its state apart from the library itself
	library, err := os.ReadFile(Module)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(own, library, 0o600); err != nil {
		return nil, err
	}
	source := filepath.Join(dir, "hanging.c")
	if err := os.WriteFile(source, hanging, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("cc", "-shared", "-fPIC", "-O1", "-I", strings.TrimSpace(string(headers)), //nolint:noctx // as run
		fmt.Sprintf("-DREAL=%q", own), fmt.Sprintf("-DGATE=%q", g.file), "-o", g.Module, source, "-ldl")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building a library that hangs: %w\n%s", err, out)
	}
	return g, nil
}

// Shut makes everybody who signs from now on hang.
func (g *Gate) Shut() error { return os.WriteFile(g.file, nil, 0o600) }

// Open lets them go.
func (g *Gate) Open() error { return os.Remove(g.file) }
