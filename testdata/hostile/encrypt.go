package hostile

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Encrypted gives a PDF of one page, encrypted by qpdf with AES-256. With an empty
// user password anybody can open it, but its owner forbids changing it.
func Encrypted(ctx context.Context, user, owner string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		return nil, fmt.Errorf("encrypting: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // A leftover in the temporary folder hurts nobody.
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, plain(1), 0o600); err != nil {
		return nil, fmt.Errorf("encrypting: %w", err)
	}
	b, err := exec.CommandContext(ctx, "qpdf", "--encrypt", user, owner, "256", "--modify=none", "--", in, out).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("encrypting with qpdf: %w: %s", err, b)
	}
	return os.ReadFile(out)
}
