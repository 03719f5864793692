package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"hoso/pipeline"
	"hoso/testdata/hostile"
	"hoso/testdata/judge"
	"hoso/workers/reader"
)

// bombsVariable asks for the files as well that take minutes.
const bombsVariable = "HOSO_TEST_BOMBS"

// theSlow are files that are cheap to make and dear to read.
func theSlow() []string { return []string{"many-pages.pdf", "page-bomb.pdf", "page-bomb-twice.pdf"} }

// held is the most memory, in bytes, that a reader may hold with the programs it
// starts: the setting's preset.
const held = 1 << 30

// TestHostileFiles hands in everything that strangers send, and between it the paper
// of a citizen who waits.
func TestHostileFiles(t *testing.T) {
	s := newService(t)
	worker := s.descendants(" work --data")
	if len(worker) != 1 {
		t.Fatalf("workers: %v, want one", worker)
	}
	guard := s.guard()
	files := slices.DeleteFunc(hostile.Files(), func(f hostile.File) bool {
		return os.Getenv(bombsVariable) == "" && slices.Contains(theSlow(), f.Name)
	})
	received := map[pipeline.PaperID]hostile.File{}
	for i, f := range files {
		number := fmt.Sprintf("H42.15-221011-%04d", i+1)
		path := saved(t, f.Name, must(t)(f.Bytes()))
		out, code := s.hoso("submit", "--json", "--lane", "batch", "--dossier", number, path)
		if code == 0 {
			received[objects[pipeline.Receipt](t, out)[0].ID] = f
		} else if f.Fate == hostile.Read || code != 3 {
			t.Errorf("%s: submit ends with %d", f.Name, code)
		}
		if i == len(files)/2 {
			s.prompt()
		}
	}
	s.prompt()
	s.idle(15 * time.Minute)
	for id, f := range received {
		s.meets(id, f)
	}
	if now := s.descendants(" work --data"); !slices.Equal(now, worker) || !s.alive() {
		t.Errorf("the worker was %v and is %v", worker, now)
	}
	if most := guard(); most > held {
		t.Errorf("a reader held %d MiB, want at most %d", most>>20, held>>20)
	}
	var b pipeline.Balance
	if out, code := s.hoso("status", "--json"); code != 0 || json.Unmarshal([]byte(out), &b) != nil || !b.Even() || b.Open != 0 {
		t.Errorf("exit %d: %s; want it even and nothing open", code, out)
	}
}

// prompt hands a good paper in and waits for its record, as a clerk does.
func (s *service) prompt() {
	s.t.Helper()
	const patience = 45 * time.Second // on a machine that does much else
	began := time.Now()
	path := saved(s.t, "giấy.jpg", smallScan(3, int(began.UnixNano()%1000000)))
	papers, code := s.submitted("--dossier", "H42.15-221012-0001", path)
	took := time.Since(began)
	if code != 0 || papers[0].State != pipeline.Filed || took > patience {
		s.t.Errorf("a good paper between bad ones: exit %d, %+v, after %v", code, papers, took)
	}
	s.t.Logf("a good paper took %v", took.Round(10*time.Millisecond))
}

// guard watches what readers hold until it is called, then tells the most.
func (s *service) guard() func() uint64 {
	ctx, stop := context.WithCancel(s.t.Context())
	var watching sync.WaitGroup
	var most uint64
	watching.Go(func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			for _, pid := range s.descendants(" reader {") {
				most = max(most, reader.TreeMemory(pid))
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
	return func() uint64 {
		stop()
		watching.Wait()
		s.t.Logf("the largest reader held %d MiB", most>>20)
		return most
	}
}

// idle waits until nothing is open any more. It asks seldom, so as not to take the
// processor from those who work.
func (s *service) idle(within time.Duration) {
	s.t.Helper()
	deadline := time.After(within)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		out, code := quietly(s, "status", "--json")
		var b pipeline.Balance
		if code == 0 && json.Unmarshal([]byte(out), &b) == nil && b.Open == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			s.t.Fatalf("after %v still in work: %s", within, out)
		}
	}
}

// meets holds the end of a hostile paper against its fate.
func (s *service) meets(id pipeline.PaperID, f hostile.File) {
	t := s.t
	t.Helper()
	out, code := s.hoso("status", "--json", string(id))
	if code != 0 {
		t.Fatalf("%s: status ends with %d", f.Name, code)
	}
	p := objects[pipeline.Paper](t, out)[0]
	switch {
	case p.State == pipeline.Rejected && f.Fate != hostile.Read:
		if p.Reason.Code == "" || p.Reason.English == "" || !strings.ContainsFunc(p.Reason.Vietnamese, isVietnamese) {
			t.Errorf("%s was rejected with %+v, want a reason for people", f.Name, p.Reason)
		}
	case p.State == pipeline.Filed && f.Fate != hostile.Refuse:
		s.harmless(id, f)
	default:
		t.Errorf("%s (%s) is %s: %+v", f.Name, f.Why, p.State, p.Reason)
	}
}

func isVietnamese(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }

// harmless makes sure that nothing hostile went from the original into the record.
func (s *service) harmless(id pipeline.PaperID, f hostile.File) {
	t := s.t
	t.Helper()
	record := filepath.Join(t.TempDir(), "record.pdf")
	if _, code := s.hoso("get", string(id), "-o", record); code != 0 {
		t.Fatalf("%s: cannot be fetched: exit %d", f.Name, code)
	}
	facts := inspected(t, record)
	if facts.Actions > 0 || facts.Attachments > 0 || facts.Encrypted || facts.Err() != nil {
		t.Errorf("%s: its record has %d actions, %d attachments, encrypted %t, %v", f.Name, facts.Actions, facts.Attachments, facts.Encrypted, facts.Err())
	}
	if strings.Contains(judge.PDFToText(t, record), "root:") {
		t.Errorf("%s: a file of this machine came into the record", f.Name)
	}
	if said := judge.QPDF(t, record); said != "" {
		t.Errorf("%s: qpdf: %s", f.Name, said)
	}
}

// TestNothingIsCalled traces a conversion of files that want to call an address, run
// a program, or draw another file.
func TestNothingIsCalled(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "trace")
	line := []string{"-f", "-qq", "-e", "trace=connect,sendto,sendmsg,bind,socket,execve", "-o", log, binary(t), "convert", "--data", t.TempDir(), "-o", log + ".pdf"}
	for _, f := range hostile.Files() {
		if f.Fate == hostile.Read {
			line = append(line, saved(t, f.Name, must(t)(f.Bytes())))
		}
	}
	made(t, "strace", line...)
	programs := 0
	for call := range strings.Lines(string(loaded(t, log))) {
		if strings.Contains(call, "AF_INET") && !strings.Contains(call, "EACCES") {
			t.Errorf("the network was used: %s", call)
		}
		if !strings.Contains(call, "execve(") || strings.Contains(call, "ENOENT") {
			continue
		}
		programs++
		if strings.Contains(call, "/bin/sh") {
			t.Errorf("a shell was started: %s", call)
		}
	}
	if programs < 2 {
		t.Errorf("the trace shows %d programs, want hoso and its readers at least", programs)
	}
}

// TestHostileNames hands papers in under names that mean something to a shell, a
// browser, a terminal or a file system.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := newService(t)
	here := entries(t, ".")
	around := entries(t, filepath.Dir(s.data))
	for i, name := range hostile.Names() {
		r := s.handed(name, fmt.Sprintf("H42.15-221013-%04d", i+1), smallScan(4, i))
		if r.ID == "" {
			continue
		}
		line, _ := s.hoso("status", string(r.ID))
		if strings.ContainsFunc(strings.ReplaceAll(line, "\n", ""), func(c rune) bool { return !unicode.IsGraphic(c) }) {
			t.Errorf("%q is shown as %q", name, line)
		}
		out, _ := s.hoso("status", "--json", string(r.ID))
		p := objects[pipeline.Paper](t, out)[0]
		if p.FileName == "" || p.FileName != pipeline.SafeName(p.FileName) || strings.ContainsAny(p.FileName, `/\<>"`) || len(p.FileName) > 200 {
			t.Errorf("%q is kept as %q", name, p.FileName)
		}
	}
	if now := entries(t, "."); !slices.Equal(now, here) {
		t.Errorf("beside the program lay %v, now %v", here, now)
	}
	if now := entries(t, filepath.Dir(s.data)); !slices.Equal(now, around) {
		t.Errorf("beside the data lay %v, now %v", around, now)
	}
	if _, err := os.Lstat("/etc/cron.d/hoso.pdf"); err == nil {
		t.Error("a file name reached /etc")
	}
	s.settle()
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

// handed gives a file in as the submit command does, under a name that no file system
// would let a file have.
func (s *service) handed(name, number string, body []byte) pipeline.Receipt {
	t := s.t
	t.Helper()
	client, done := s.owner()
	defer done()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://hoso/api/v1/papers", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Content-Type": {"application/octet-stream"}, "Hoso-File-Name": {url.PathEscape(name)},
		"Hoso-Dossier": {number}, "Hoso-Kind": {"component"}, "Hoso-Lane": {"desk"},
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Errorf("%q: %v", name, err)
		return pipeline.Receipt{}
	}
	defer answer.Body.Close()
	var receipt pipeline.Receipt
	if err := json.NewDecoder(answer.Body).Decode(&receipt); err != nil || answer.StatusCode >= http.StatusBadRequest {
		t.Errorf("%q: %s: %v", name, answer.Status, err)
	}
	return receipt
}

// TestConvertOddNames takes files in, and refuses others, under those names that a
// file system allows.
func TestConvertOddNames(t *testing.T) {
	t.Parallel()
	scan := smallScan(5, 1)
	for _, name := range hostile.Names() {
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") || len(name) > 255 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, body := range map[string][]byte{name: scan, "bad" + name: []byte("chữ")} {
				if err := os.WriteFile(filepath.Join(dir, file), body, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), binary(t), "convert", "--no-sign", "-o", "out.pdf", "--", name)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil || !graphic(string(out)) {
				t.Errorf("%v: %q", err, out)
			}
			if got := convert(t, filepath.Join(dir, "bad"+name)); got.code != 3 || !graphic(got.said) {
				t.Errorf("a bad file: exit %d: %q", got.code, got.said)
			}
			if facts := inspected(t, filepath.Join(dir, "out.pdf")); facts.Pages != 1 || !graphic(facts.Title) {
				t.Errorf("%d pages, called %q", facts.Pages, facts.Title)
			}
		})
	}
}

func graphic(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) || r == unicode.ReplacementChar })
}
