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

	// Of files that DSS is to sign.
	Out   string   `json:"out,omitempty"`
	Key   string   `json:"key,omitempty"`
	Certs []string `json:"certs,omitempty"`
	TSA   string   `json:"tsa,omitempty"`
	Level string   `json:"level,omitempty"`
	Hash  string   `json:"hash,omitempty"`
}

// court is a running program of judges, such as the Java machine. It starts with the
// first question, answers one at a time, and ends by itself when the test binary does,
// because its standard input is then closed.
type court struct {
	name    string
	once    sync.Once
	err     error
	mu      sync.Mutex
	in      io.Writer
	answers chan []byte
}

//nolint:gochecknoglobals // One of each for a whole test binary: starting one takes longer than most verdicts.
var (
	bench  = court{name: "the Java machine"}
	hankos = court{name: "pyHanko"}
)

// ask puts one question and decodes the answer into v.
func ask(t testing.TB, q question, v any) {
	t.Helper()
	if failed := askJava(t, q, v); failed != "" {
		t.Fatalf("%s could not look at %s: %s", q.Judge, q.File, failed)
	}
}

// askJava is ask, and gives why the judge could not look at a file.
func askJava(t testing.TB, q question, v any) (failed string) {
	t.Helper()
	return bench.ask(t, func() (*exec.Cmd, error) { return java(filepath.Join(sources(t), "build")) }, q, v)
}

// askHanko is askJava for pyHanko, and gives why it could not look at a file.
func askHanko(t testing.TB, q question, v any) (failed string) {
	t.Helper()
	return hankos.ask(t, func() (*exec.Cmd, error) {
		return exec.Command(python(t), filepath.Join(sources(t), "pyhanko_check.py"), "--serve"), nil //nolint:noctx // It outlives the test that asks first.
	}, q, v)
}

// ask starts the program if need be, puts one question and decodes the answer into v. It
// gives why the judge could not look at the file.
func (c *court) ask(t testing.TB, program func() (*exec.Cmd, error), q question, v any) string {
	t.Helper()
	c.once.Do(func() { c.err = c.start(program) })
	if c.err != nil {
		t.Fatalf("starting %s: %v", c.name, c.err)
	}
	line, err := c.answer(q)
	if err != nil {
		t.Fatalf("asking %s about %s: %v", q.Judge, q.File, err)
	}
	var failed struct {
		Error string `json:"error"`
	}
	if err := errors.Join(json.Unmarshal(line, &failed), json.Unmarshal(line, v)); err != nil {
		t.Fatalf("reading %s's verdict %.200q: %v", q.Judge, line, err)
	}
	return failed.Error
}

// java builds judge.jar if its sources changed, and runs it.
func java(build string) (*exec.Cmd, error) {
	var problems strings.Builder
	builder := exec.Command(build) //nolint:noctx // Its result is shared by all tests of the binary.
	builder.Stderr = &problems
	jar, err := builder.Output()
	if err != nil {
		return nil, fmt.Errorf("building judge.jar: %w: %s", err, strings.TrimSpace(problems.String()))
	}
	return exec.Command("java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", //nolint:noctx // It outlives the test that asks first.
		"-jar", strings.TrimSpace(string(jar)), "serve"), nil
}

// start runs the program.
func (c *court) start(program func() (*exec.Cmd, error)) error {
	cmd, err := program()
	if err != nil {
		return err
	}
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // without it Java finds no file with a Vietnamese name
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("running %s: %w", c.name, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("running %s: %w", c.name, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("running %s: %w", c.name, err)
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
// the next question, so silence is the end of the program for this binary.
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
			c.err = fmt.Errorf("%s has ended", c.name)
			return nil, c.err
		}
		return answer, nil
	case <-time.After(patience):
		c.err = fmt.Errorf("no verdict within %s", patience)
		return nil, c.err
	}
}
