package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"hoso/pipeline"
)

const redisSocket = "redis.sock"

// redisChild keeps a Redis (or Valkey) in dir, reached by nothing but a socket
// there. Every command is on the disk before it is answered: measured at some 700
// tasks a second, which is far more than pages can be read.
func redisChild(dir string, conn asynq.RedisClientOpt) (Child, error) {
	program, err := redisProgram()
	if err != nil {
		return Child{}, err
	}
	args := []string{
		"--port", "0", "--unixsocket", redisSocket, "--unixsocketperm", "700",
		"--dir", ".", "--daemonize", "no", "--loglevel", "warning",
		"--appendonly", "yes", "--appendfsync", "always", "--save", "",
		"--maxmemory-policy", "noeviction",
	}
	return Child{
		Name: "redis",
		Command: func() (*exec.Cmd, error) {
			cmd := exec.Command(program, args...) //nolint:noctx // found in PATH; its life is the supervisor's
			cmd.Dir = dir                         // the socket is relative to it, however long its path
			return cmd, nil
		},
		Ready:    func(ctx context.Context) error { return ping(ctx, conn) },
		Lock:     dir + "/lock",
		Patience: 10 * time.Minute, // it first reads its whole log
		Grace:    30 * time.Second,
	}, nil
}

func redisProgram() (string, error) {
	var errs []error
	for _, name := range []string{"redis-server", "valkey-server"} {
		path, err := exec.LookPath(name)
		if err == nil {
			return path, nil
		}
		errs = append(errs, err)
	}
	return "", &Problem{Err: errors.Join(errs...), Reason: pipeline.Reason{
		Code:       "redis-missing",
		English:    "redis-server is not installed; install it (Debian, Ubuntu: apt install redis-server) or name a Redis that runs elsewhere",
		Vietnamese: "Máy chưa cài redis-server. Hãy cài đặt (Debian, Ubuntu: apt install redis-server) hoặc khai báo địa chỉ một máy chủ Redis có sẵn.",
	}}
}

// damagedLog reports whether Redis ended because it cannot read what it wrote. A power
// cut can do that, where a disk acknowledges what it has not kept.
func damagedLog(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "append only file") || strings.Contains(err.Error(), "AOF"))
}

// setLogAside lets Redis start empty. Nothing is lost with it but time: the queue is a
// hint, and the reconciler puts in again what the catalog says is to do.
func setLogAside(dir string) error {
	kept := filepath.Join(dir, "appendonlydir.damaged")
	if err := os.RemoveAll(kept); err != nil {
		return fmt.Errorf("setting the queue aside: %w", err)
	}
	if err := os.Rename(filepath.Join(dir, "appendonlydir"), kept); err != nil {
		return fmt.Errorf("setting the queue aside: %w", err)
	}
	return nil
}

// ping asks once whether Redis serves; while it reads its log it does not.
func ping(ctx context.Context, conn asynq.RedisClientOpt) (err error) {
	client := redis.NewClient(&redis.Options{Network: conn.Network, Addr: conn.Addr, MaxRetries: -1})
	defer func() { err = errors.Join(err, client.Close()) }()
	if err := client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("asking Redis: %w", err)
	}
	return nil
}
