package helper_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/pipeline/intake/helper"
)

func TestOutput(t *testing.T) {
	t.Parallel()
	out, err := helper.Output(t.Context(), helper.Job{Name: "sh", Args: []string{"-c", "echo $HOME; env | wc -l"}, Dir: t.TempDir()})
	if err != nil || !strings.HasPrefix(string(out), "/") {
		t.Errorf("Output: %q, %v", out, err)
	}
}

func TestFailuresSayWhatHappened(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		job  helper.Job
		code string // of the refusal, "" if it is none
		exit int
	}{
		{"exit code", helper.Job{Name: "sh", Args: []string{"-c", "echo why >&2; exit 3"}}, "", 3},
		{"too slow", helper.Job{Name: "sh", Args: []string{"-c", "while :; do :; done"}, Time: 100 * time.Millisecond}, "too-slow", 0},
		{"too much", helper.Job{Name: "sh", Args: []string{"-c", "while :; do echo more; done"}, Limit: 1000}, "too-much-data", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.job.Dir = t.TempDir()
			_, err := helper.Output(t.Context(), c.job)
			r, ok := pipeline.AsRefusal(err)
			if err == nil || ok != (c.code != "") || ok && r.Reason.Code != c.code || helper.Code(err) != c.exit {
				t.Errorf("%v, want refusal %q or exit code %d", err, c.code, c.exit)
			}
		})
	}
}

func TestSurroundings(t *testing.T) {
	t.Parallel()
	var u *pipeline.Unavailable
	if _, err := helper.Output(t.Context(), helper.Job{Name: "no-such-program-anywhere", Dir: t.TempDir()}); !errors.As(err, &u) {
		t.Errorf("a missing program: %v, want Unavailable", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := helper.Output(ctx, helper.Job{Name: "sh", Args: []string{"-c", "read x"}, Dir: t.TempDir()}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
}
