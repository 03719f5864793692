package embedded

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hoso/cmd/internal/datadir"
	"hoso/pipeline"
)

// s3Child keeps the S3 server of dir, a program of its own (package s3d says why).
func s3Child(dir string, command []string, transport http.RoundTripper) (Child, error) {
	if len(command) == 0 {
		program, err := s3Program()
		if err != nil {
			return Child{}, err
		}
		command = []string{program, dir}
	}
	return Child{
		Name: "s3",
		Command: func() (*exec.Cmd, error) {
			return exec.Command(command[0], command[1:]...), nil //nolint:gosec,noctx // ours; its life is the supervisor's
		},
		Ready: func(ctx context.Context) error { return healthy(ctx, transport) },
		Lock:  datadir.S3(dir) + "/lock",
	}, nil
}

func healthy(ctx context.Context, transport http.RoundTripper) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+datadir.HealthPath, nil)
	if err != nil {
		return fmt.Errorf("asking object storage: %w", err)
	}
	answer, err := transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("asking object storage: %w", err)
	}
	if err := answer.Body.Close(); err != nil {
		return fmt.Errorf("asking object storage: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("asking object storage: %s", answer.Status)
	}
	return nil
}

// s3Program finds the S3 server, which is built and installed beside this program.
func s3Program() (string, error) {
	const name = "hoso-s3"
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding this program: %w", err)
	}
	beside := filepath.Join(filepath.Dir(self), name)
	_, err = os.Stat(beside)
	if err == nil {
		return beside, nil
	}
	return "", &Problem{Err: err, Reason: pipeline.Reason{
		Code:       "s3-missing",
		English:    "the object storage hoso-s3 is not beside hoso: build both into one folder (go build -o DIR ./cmd/hoso ./cmd/hoso-s3), or name an S3 server of your own",
		Vietnamese: "Không tìm thấy kho lưu trữ hoso-s3 cạnh chương trình hoso. Hãy cài cả hai chương trình vào cùng một thư mục, hoặc khai báo máy chủ S3 riêng.",
	}}
}
