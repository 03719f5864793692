// Command hoso turns the paper of one-stop public-service desks (bộ phận một cửa)
// into signed, searchable, provable records.
//
// There is one file for each subcommand. Exit codes are the same for all of them and
// stand in exit.go.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}, os.LookupEnv))
}
