package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
	"golang.org/x/text/unicode/norm"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers"
	"hoso/workers/batch"
)

// TestStrangeNames takes files whatever they are called.
func TestStrangeNames(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		names := []string{
			norm.NFD.String("Hồ sơ " + number + " – Nguyễn Văn Ý"), "H42.15-221011-0002\xff\xfe", "H42.15-221011-0003  hai dấu cách ",
			"H42.15-221011-0004\nxuống dòng", "H42.15-221011-0005 \"nháy\" \\ <b>", "H42.15-221011-0006 " + strings.Repeat("dài ", 40),
		}
		var all []string
		for i, name := range names {
			says := pdf(fmt.Sprint(i))
			w.put(name+"/"+norm.NFD.String("Giấy tờ")+".pdf", says)
			w.put(name+"/qu\xe9t.pdf", pdf(fmt.Sprint(i, " quét")))
			w.put(name+"/Đơn.PdF ", pdf(fmt.Sprint(i, " đơn")))
			w.put(name+"/Sổ đỏ.jpg.", jpg(fmt.Sprint(i, " sổ")))
			all = append(all, says, pdf(fmt.Sprint(i, " quét")), pdf(fmt.Sprint(i, " đơn")), jpg(fmt.Sprint(i, " sổ")))
		}
		for range 2 {
			w.run(pipeline.RunDone, nil)
			w.once(all...)
			for path, state := range w.states() {
				if state != "received" {
					t.Errorf("%q is %s", path, state)
				}
			}
			if !w.lies(names[2]+"/Đơn.PdF ") || !w.lies(names[2]+"/Sổ đỏ.jpg.") {
				t.Error("a file has another name")
			}
		}
	})
}

// TestLinks follows none, and is caught by no loop.
func TestLinks(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/Giấy.pdf", pdf("a"))
		secret := filepath.Join(t.TempDir(), "mật.pdf")
		if err := os.WriteFile(secret, []byte(pdf("mật")), 0o600); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(w.root, number)
		if err := errors.Join(
			os.Symlink("..", filepath.Join(dir, "Vòng")), os.Symlink(secret, filepath.Join(dir, "Mật.pdf")),
			os.Symlink(filepath.Dir(secret), filepath.Join(dir, "Ngoài")), os.Symlink("Tự.pdf", filepath.Join(dir, "Tự.pdf")),
			unix.Mkfifo(filepath.Join(dir, "Ống.pdf"), 0o600),
		); err != nil {
			t.Fatal(err)
		}
		w.run(pipeline.RunDone, nil)
		w.once(pdf("a"))
		want := map[string]string{
			"Giấy.pdf": "received", "Vòng": "held link", "Mật.pdf": "held link", "Ngoài": "held link", "Tự.pdf": "held link", "Ống.pdf": "held unreadable",
		}
		got := map[string]string{}
		for path, state := range w.states() {
			got[strings.TrimPrefix(path, number+"/")] = state
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	})
}

// TestSwappedForLink reads nothing through a link that took the place of a file or folder
// after it was seen.
func TestSwappedForLink(t *testing.T) {
	t.Parallel()
	for _, folder := range []bool{false, true} {
		inTime(t, func(t *testing.T, w *world) {
			t.Helper()
			w.put(number+"/A.pdf", pdf("a"))
			w.put("H42.15-221011-0002/B.pdf", pdf("b"))
			outside := t.TempDir()
			if err := os.WriteFile(filepath.Join(outside, "B.pdf"), []byte(pdf("m")), 0o600); err != nil {
				t.Fatal(err)
			}
			w.before = func(call string) error {
				if call != "receive" {
					return nil
				}
				w.before = nil
				from, to := filepath.Join(w.root, "H42.15-221011-0002", "B.pdf"), filepath.Join(outside, "B.pdf")
				if folder {
					from, to = filepath.Dir(from), outside
				}
				return errors.Join(os.RemoveAll(from), os.Symlink(to, from))
			}
			w.run(pipeline.RunDone, func(e *batch.Engine) { e.Hands = 1 })
			w.once(pdf("a"))
		})
	}
}

// TestShutFolder holds what nobody may open, also files that were seen there before, and
// goes on with the rest. It plays itself once more as somebody who may not open everything.
func TestShutFolder(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		asNobody(t)
		return
	}
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/Giấy.pdf", pdf("a"))
		w.put(number+"/Kín/Đơn.pdf", pdf("b"))
		w.put(number+"/Kín/Sai.docx", "x")
		w.put(number+"/Không đọc được.pdf", pdf("c"))
		w.run(pipeline.RunDone, nil)
		w.putAt(number+"/Kín/Mới.pdf", pdf("d"), w.now())
		w.put(number+"/Cũng không.pdf", pdf("e"))
		w.run(pipeline.RunUntil, func(e *batch.Engine) { e.Until = w.now().Add(10 * time.Second); e.Ahead = 1; e.Desk = nobody{} })
		shut, closed := filepath.Join(w.root, number, "Kín"), filepath.Join(w.root, number, "Cũng không.pdf")
		if err := errors.Join(os.Chmod(shut, 0), os.Chmod(closed, 0)); err != nil {
			t.Fatal(err)
		}
		w.run(pipeline.RunDone, nil)
		want := map[string]string{
			"Giấy.pdf": "received", "Kín/Đơn.pdf": "received", "Kín": "held unreadable", "Kín/Sai.docx": "held unreadable",
			"Không đọc được.pdf": "received", "Cũng không.pdf": "held unreadable", "Kín/Mới.pdf": "held unreadable",
		}
		got := map[string]string{}
		for path, state := range w.states() {
			got[strings.TrimPrefix(path, number+"/")] = state
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		if err := errors.Join(os.Chmod(shut, 0o755), os.Chmod(closed, 0o644)); err != nil {
			t.Fatal(err)
		}
		w.run(pipeline.RunDone, nil)
		w.once(pdf("a"), pdf("b"), pdf("c"), pdf("d"), pdf("e"))
	})
}

// TestPlanOfShutFiles tells beforehand which files and folders a run could not read. It
// plays itself once more as somebody who may not open everything.
func TestPlanOfShutFiles(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		asNobody(t)
		return
	}
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/Giấy.pdf", pdf("a"))
		w.put(number+"/Kín.pdf", pdf("b"))
		w.put(number+"/Kín/Đơn.pdf", pdf("c"))
		for _, name := range []string{"Kín.pdf", "Kín"} {
			if err := os.Chmod(filepath.Join(w.root, number, name), 0); err != nil {
				t.Fatal(err)
			}
		}
		p, err := w.engine(nil).Preview(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held := map[string]string{}
		for _, h := range p.Held {
			held[strings.Join(h.Files, "+")] = h.Reason.Code
		}
		want := map[string]string{number + "/Kín.pdf": "unreadable", number + "/Kín": "unreadable"}
		if diff := cmp.Diff(want, held); diff != "" || len(p.Papers) != 1 {
			t.Errorf("%d papers; held (-want +got):\n%s", len(p.Papers), diff)
		}
		if err := os.Chmod(filepath.Join(w.root, number, "Kín"), 0o755); err != nil {
			t.Fatal(err)
		}
	})
}

// TestShutList reads an inventory that could not be opened as soon as it can be, within the
// same run: it bears the same date and size as before.
func TestShutList(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		asNobody(t)
		return
	}
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put("Hộp/Danh sách.csv", "number,file\n"+number+",a.pdf\n")
		w.put("Hộp/a.pdf", pdf("a"))
		list := filepath.Join(w.root, "Hộp", "Danh sách.csv")
		if err := os.Chmod(list, 0); err != nil {
			t.Fatal(err)
		}
		var shut bool
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		e := w.engine(func(e *batch.Engine) { e.Watch = true })
		e.Tell = func(batch.Progress) {
			switch state := w.states()["Hộp/Danh sách.csv"]; {
			case state == "held unreadable" && !shut:
				shut = true
				if err := os.Chmod(list, 0o644); err != nil {
					t.Error(err)
				}
			case shut && state == "ignored":
				stop()
			}
		}
		until := time.AfterFunc(time.Hour, stop)
		defer until.Stop()
		_, _ = e.Run(ctx)
		if state := w.states()["Hộp/Danh sách.csv"]; !shut || state != "ignored" {
			t.Errorf("the list that can be opened again is %s (shut before: %v)", state, shut)
		}
	})
}

// nobody is a service that is away.
type nobody struct{}

func (nobody) Receive(context.Context, workers.Handed) (pipeline.Receipt, error) {
	return pipeline.Receipt{}, away("object storage")
}

// TestListOnAFailingShare: while a share does not give an inventory, what lies beside it waits,
// and is taken with what the inventory says as soon as it does, within one run.
func TestListOnAFailingShare(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put("Hộp/Danh sách.csv", "number,file\n"+number+",a.pdf\n")
		w.put("Hộp/a.pdf", pdf("a"))
		fails := true
		var before string
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		e := w.engine(func(e *batch.Engine) {
			e.Watch = true
			e.Tables = func(name string, data []byte) ([]shelf.Inventory, error) {
				if fails {
					return nil, syscall.EIO
				}
				return tables(name, data)
			}
		})
		e.Tell = func(batch.Progress) {
			switch state := w.states()["Hộp/a.pdf"]; {
			case fails && state != "" && !strings.HasPrefix(state, "waiting"):
				before, fails = state, false
			case state == "received":
				stop()
			}
		}
		until := time.AfterFunc(time.Hour, stop)
		defer until.Stop()
		_, _ = e.Run(ctx)
		if after := w.states()["Hộp/a.pdf"]; before != "held list-beside" || after != "received" {
			t.Errorf("the paper was %q, and is %q", before, after)
		}
	})
}

// asNobody runs the test that calls it in a process of a user without rights.
func asNobody(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "shut-") //nolint:usetesting // those above t.TempDir are shut to nobody
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	own, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	program, err := os.OpenFile(filepath.Join(dir, "test"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(program, own)
	if err := errors.Join(err, program.Close(), os.Chmod(dir, 0o777)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program.Name(), "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = dir, []string{"TMPDIR=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

// truth is what testdata/generate says of a night's shelf.
type truth struct {
	Papers []struct {
		Dossier, From, Kind, Fate, Title string
		Pages                            []string
	}
	Files []struct{ Path, Fate, Also, Why, Fault string }
}

// TestNight works through a night's shelf with faults of every kind planted in it.
func TestNight(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tủ")
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "run", "hoso/testdata/generate", "night", dir, "--papers", "20").CombinedOutput(); err != nil {
		t.Fatalf("generating: %v\n%s", err, out)
	}
	b, err := os.ReadFile(dir + ".truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var is truth
	if err := json.Unmarshal(b, &is); err != nil {
		t.Fatal(err)
	}
	for _, f := range is.Files {
		if f.Fault == "unreadable-folder" { // nobody is shut out here, see TestShutFolder
			if err := os.RemoveAll(filepath.Join(dir, f.Path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.root, w.zero = dir, time.Date(2026, 11, 29, 22, 0, 0, 0, time.UTC)
		before := w.content()
		for range 2 {
			w.run(pipeline.RunDone, nil)
			is.judge(t, w)
		}
		if diff := cmp.Diff(before, w.content()); diff != "" {
			t.Error("a source file was touched")
		}
	})
}

// judge compares what became of the files with what ought to. What only a look at the
// pages can tell, such as a password, is not ours to know: those are received.
func (is truth) judge(t *testing.T, w *world) {
	t.Helper()
	states := map[string]pipeline.ShelfFile{}
	for path, f := range w.rows {
		states[pipeline.PathName(path)] = f
	}
	for _, f := range is.Files {
		if f.Fault == "unreadable-folder" {
			continue
		}
		want := map[string]pipeline.FileState{
			"filed": pipeline.FileReceived, "duplicate": pipeline.FileReceived, "refused": pipeline.FileReceived,
			"held": pipeline.FileHeld, "ignored": pipeline.FileIgnored, "list": pipeline.FileIgnored,
		}
		if row := states[f.Path]; strings.HasPrefix(f.Why, "number-") && row.State == pipeline.FileReceived && w.papers[row.Paper].Dossier.IsZero() {
			continue // the number is looked for on the paper, and is not there
		}
		if got := states[f.Path].State; got != want[f.Fate] && (f.Also == "" || got != want[f.Also]) {
			t.Errorf("%q (%s, %s) is %s (%s), want %s", f.Path, f.Fate, f.Fault, got, states[f.Path].Reason.Code, want[f.Fate])
		}
	}
	stacked := map[string]int{}
	for _, p := range is.Papers {
		for _, page := range p.Pages[:1] {
			file, _, _ := strings.Cut(page, "#")
			stacked[file]++
		}
	}
	papers := map[string]pipeline.PaperID{}
	for _, p := range is.Papers {
		file, _, _ := strings.Cut(p.Pages[0], "#")
		row := states[file]
		if p.Fate != "filed" || row.State != pipeline.FileReceived || stacked[file] > 1 {
			continue
		}
		got := w.papers[row.Paper]
		if p.From != "page" && got.Dossier.Key() != p.Dossier || string(got.Kind) != p.Kind {
			t.Errorf("%q: of %s, %s; want %s, %s", file, got.Dossier, got.Kind, p.Dossier, p.Kind)
		}
		for _, page := range p.Pages {
			one, _, _ := strings.Cut(page, "#")
			if states[one].Paper != row.Paper {
				t.Errorf("%q is of another paper than %q", one, file)
			}
		}
		papers[file] = row.Paper
	}
	if len(papers) < 15 {
		t.Errorf("only %d papers were compared", len(papers))
	}
}
