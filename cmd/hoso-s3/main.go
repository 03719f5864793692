// Command hoso-s3 serves the objects of a data directory to hoso, its parent, over a
// socket that only its user can open. It is started by hoso and by nobody else.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"hoso/cmd/internal/s3d"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run gives the exit code: 2 for a wrong use, 1 for a failure.
func run(ctx context.Context, args []string) int {
	if len(args) != 1 {
		fmt.Fprintln(os.Stderr, "usage: hoso-s3 DIR (hoso starts it; DIR is its data directory)")
		return 2
	}
	if err := s3d.Run(ctx, args[0], slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		fmt.Fprintln(os.Stderr, "hoso-s3:", err)
		return 1
	}
	return 0
}
