package judge

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// question is one line to judge.jar in its serve mode.
type question struct {
	Judge   string   `json:"judge"`
	Profile string   `json:"profile,omitempty"`
	Trust   []string `json:"trust,omitempty"`
	File    string   `json:"file"`
	At      string   `json:"at,omitempty"` // RFC 3339
	Lists   []string `json:"lists,omitempty"`
}

// court is the running Java machine. It starts with the first question, answers
// one at a time, and ends by itself when the test binary does, because its
// standard input is then closed.
type court struct {
	once    sync.Once
	err     error
	mu      sync.Mutex
	in      io.Writer
	answers chan []byte
}

//nolint:gochecknoglobals // One Java machine for a whole test binary: starting one takes longer than most verdicts.
var bench court

// ask puts one question and decodes the answer into v.
func ask(t testing.TB, q question, v any) {
	t.Helper()
	bench.once.Do(func() { bench.err = bench.start(filepath.Join(sources(t), "build")) })
	if bench.err != nil {
		t.Fatalf("starting the judges: %v", bench.err)
	}
	line, err := bench.answer(q)
	if err != nil {
		t.Fatalf("asking %s about %s: %v", q.Judge, q.File, err)
	}
	var failed struct {
		Error string `json:"error"`
	}
	if err := errors.Join(json.Unmarshal(line, &failed), json.Unmarshal(line, v)); err != nil {
		t.Fatalf("reading %s's verdict %.200q: %v", q.Judge, line, err)
	}
	if failed.Error != "" {
		t.Fatalf("%s could not look at %s: %s", q.Judge, q.File, failed.Error)
	}
}

// start builds judge.jar if its sources changed and runs it.
func (c *court) start(build string) error {
	var problems strings.Builder
	builder := exec.Command(build) //nolint:noctx // Its result is shared by all tests of the binary.
	builder.Stderr = &problems
	jar, err := builder.Output()
	if err != nil {
		return fmt.Errorf("building judge.jar: %w: %s", err, strings.TrimSpace(problems.String()))
	}
	java := exec.Command("java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", //nolint:noctx // It outlives the test that asks first.
		"-jar", strings.TrimSpace(string(jar)), "serve")
	java.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // without it Java finds no file with a Vietnamese name
	in, err := java.StdinPipe()
	if err != nil {
		return fmt.Errorf("running judge.jar: %w", err)
	}
	out, err := java.StdoutPipe()
	if err != nil {
		return fmt.Errorf("running judge.jar: %w", err)
	}
	if err := java.Start(); err != nil {
		return fmt.Errorf("running judge.jar: %w", err)
	}
	c.in, c.answers = in, make(chan []byte)
	go c.listen(out)
	return nil
}

// listen passes lines on until the machine ends.
func (c *court) listen(out io.Reader) {
	defer close(c.answers)
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return
		}
		c.answers <- line
	}
}

// answer asks and waits. An answer that comes too late would be taken for that of
// the next question, so silence is the end of the machine for this binary.
func (c *court) answer(q question) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return nil, c.err
	}
	line, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("writing the question: %w", err)
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("writing the question: %w", err)
	}
	select {
	case answer, ok := <-c.answers:
		if !ok {
			c.err = errors.New("the Java machine has ended")
			return nil, c.err
		}
		return answer, nil
	case <-time.After(patience):
		c.err = fmt.Errorf("no verdict within %s", patience)
		return nil, c.err
	}
}
