package paper

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// HEIC encodes a JPEG anew as a telephone stores its photographs, by heif-enc.
func HEIC(ctx context.Context, jpg []byte) ([]byte, error) {
	return through(ctx, jpg, "out.heic", func(in, out string) []string {
		return []string{"heif-enc", "-q", "50", in, "-o", out}
	})
}

// CMYK encodes a JPEG anew in the four inks of a print shop, by ImageMagick.
func CMYK(ctx context.Context, jpg []byte) ([]byte, error) {
	return through(ctx, jpg, "out.jpg", func(in, out string) []string {
		return []string{"convert", in, "-colorspace", "CMYK", "-quality", "70", out}
	})
}

// through runs a program that reads one file and writes another.
func through(ctx context.Context, jpg []byte, name string, args func(in, out string) []string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "paper")
	if err != nil {
		return nil, fmt.Errorf("converting: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // A leftover in the temporary folder hurts nobody.
	in, out := filepath.Join(dir, "in.jpg"), filepath.Join(dir, name)
	if err := os.WriteFile(in, jpg, 0o600); err != nil {
		return nil, fmt.Errorf("converting: %w", err)
	}
	command := args(in, out)
	b, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("converting with %s: %w: %s", command[0], err, b)
	}
	return os.ReadFile(out)
}
