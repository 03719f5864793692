package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoso/pipeline"
)

// parting is a service that parts a stack: each paper is in work when it is first asked
// for, and only then settles.
type parting struct {
	t      *testing.T
	first  pipeline.PaperID
	papers map[string]pipeline.Paper // as they settle, by ID
	asked  map[string]int
}

// ServeHTTP answers one request after the other, as hoso asks them.
func (s *parting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var answer any = pipeline.Receipt{ID: s.first, State: pipeline.Received}
	if r.Method == http.MethodGet {
		id := strings.TrimPrefix(r.URL.Path, "/api/v1/papers/")
		p, ok := s.papers[id]
		if !ok {
			s.t.Errorf("asked for %s", r.URL.Path)
		}
		if s.asked[id]++; s.asked[id] == 1 {
			p = pipeline.Paper{ID: p.ID, State: pipeline.Recognized}
		}
		answer = p
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.t.Error(err)
	}
}

// TestSubmitWaitsForAllOfAStack: each paper of it is waited for and told, also those that
// were parted later, and the gravest end is the exit code.
func TestSubmitWaitsForAllOfAStack(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "xấp.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	filed := func(id pipeline.PaperID, parts ...pipeline.PaperID) pipeline.Paper {
		return pipeline.Paper{ID: id, State: pipeline.Filed, Parts: parts}
	}
	waits := pipeline.Paper{ID: "C", State: pipeline.Confirming}
	refused := pipeline.Paper{ID: "D", State: pipeline.Rejected, Reason: pipeline.Reason{Code: "x"}}
	merged := pipeline.Paper{ID: "D", State: pipeline.Rejected, Into: "E", Reason: pipeline.Reason{Code: pipeline.ReasonMerged}}
	for name, c := range map[string]struct {
		papers []pipeline.Paper
		told   string
		exit   int
	}{
		"one paper":          {[]pipeline.Paper{filed("A")}, "A", exitDone},
		"all filed":          {[]pipeline.Paper{filed("A", "B", "C"), filed("B"), filed("C")}, "A B C", exitDone},
		"one waits":          {[]pipeline.Paper{filed("A", "B", "C"), filed("B"), waits}, "A B C", exitPerson},
		"one is refused":     {[]pipeline.Paper{filed("A", "B", "C", "D"), filed("B"), waits, refused}, "A B C D", exitRefused},
		"parted again":       {[]pipeline.Paper{filed("A", "B"), filed("B", "C"), waits}, "A B C", exitPerson},
		"merged by somebody": {[]pipeline.Paper{filed("A", "D"), merged, filed("E")}, "A D E", exitDone},
		"merged back":        {[]pipeline.Paper{filed("E", "D"), merged}, "E D", exitDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &parting{t, c.papers[0].ID, map[string]pipeline.Paper{}, map[string]int{}}
			for _, p := range c.papers {
				s.papers[string(p.ID)] = p
			}
			server := httptest.NewServer(s)
			defer server.Close()
			var out, complaint strings.Builder
			code := run(t.Context(), []string{"submit", "--json", "--wait", "--server", server.URL, "--token", "t", file},
				stdio{out: &out, err: &complaint}, func(string) (string, bool) { return "", false })
			var told []string
			for d := json.NewDecoder(strings.NewReader(out.String())); d.More(); {
				var p pipeline.Paper
				if err := d.Decode(&p); err != nil {
					t.Fatal(err)
				}
				told = append(told, string(p.ID))
			}
			if got := strings.Join(told, " "); got != c.told || code != c.exit {
				t.Errorf("told of %q with exit %d, want %q and %d: %s", got, code, c.told, c.exit, complaint.String())
			}
		})
	}
}
