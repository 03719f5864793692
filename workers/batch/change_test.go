package batch_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"hoso/pipeline"
	"hoso/pipeline/shelf"
	"hoso/workers"
	"hoso/workers/batch"
)

// rename moves a file or folder of the shelf, as a person does.
func (w *world) rename(from, to string) {
	w.t.Helper()
	to = filepath.Join(w.root, to)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(w.root, from), to); err != nil {
		w.t.Fatal(err)
	}
}

// TestReplacedWhileRead takes no mixture of two contents, whichever of the files of a paper
// is replaced, and at whatever byte.
func TestReplacedWhileRead(t *testing.T) {
	t.Parallel()
	old, after := func(s string) string { return jpg(strings.Repeat("cũ "+s, 900)) }, func(s string) string { return jpg(strings.Repeat("mới"+s, 900)) }
	for _, which := range []string{"1", "2", "3", "PDF"} {
		for _, at := range []int{0, 2000, 6000, 11000} {
			for _, how := range []string{"another", "in place", "longer"} {
				inTime(t, func(t *testing.T, w *world) {
					t.Helper()
					for _, page := range []string{"1", "2", "3"} {
						w.put(number+"/Khai sinh "+page+".jpg", old(page))
					}
					w.put(number+"/Khai sinh PDF.jpg", old("PDF"))
					done := false
					w.midway = func(h workers.Handed, read int) {
						w.mu.Lock()
						defer w.mu.Unlock()
						if done || read < at || strings.HasSuffix(h.FileName, ".zip") == (which == "PDF") {
							return
						}
						done = true
						name, content := number+"/Khai sinh "+which+".jpg", after(which)
						switch how {
						case "another":
							w.put("~mới", content)
							w.rename("~mới", name)
						case "longer":
							content += "đuôi\xFF\xD9"
						}
						w.putAt(name, content, w.now())
					}
					w.run(pipeline.RunDone, nil)
					want := slicesOf(w.content())
					w.once(append(want, leftovers(w, want, old)...)...)
					if !done && (which != "PDF" || at < 4000) {
						t.Error("nothing was replaced")
					}
				})
			}
		}
	}
}

func slicesOf(m map[string]string) (all []string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// leftovers gives the earlier contents that were received whole before they were replaced:
// each must be that of a file, and its paper must have been whole then.
func leftovers(w *world, now []string, old func(string) string) (all []string) {
	for _, p := range w.papers {
		for i, d := range p.parts {
			for _, page := range []string{"1", "2", "3", "PDF"} {
				if d == pipeline.Sum([]byte(old(page))) && !has(now, old(page)) {
					for j, other := range p.parts {
						if j != i && other == pipeline.Sum([]byte(strings.ReplaceAll(old(page), "cũ ", "mới"))) {
							w.t.Error("a paper of two times")
						}
					}
					all = append(all, old(page))
				}
			}
		}
	}
	return all
}

func has(all []string, one string) bool {
	return slices.Contains(all, one)
}

// TestLocked waits for a file that another program keeps locked, or open for writing.
func TestLocked(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]func(fd int) error{
		"of its bytes": func(fd int) error {
			return unix.FcntlFlock(uintptr(fd), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_WRLCK})
		},
		"as a whole":       func(fd int) error { return unix.Flock(fd, unix.LOCK_EX) },
		"open for writing": func(int) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTime(t, func(t *testing.T, w *world) {
				t.Helper()
				w.put(number+"/Giấy.pdf", pdf("a"))
				f, err := os.OpenFile(filepath.Join(w.root, number, "Giấy.pdf"), os.O_RDWR, 0)
				if err == nil {
					err = lock(int(f.Fd()))
				}
				if err != nil {
					t.Fatal(err)
				}
				told := make(chan string, 1)
				go func() {
					<-time.After(90*time.Minute + 30*time.Second)
					told <- w.states()[number+"/Giấy.pdf"]
					_ = f.Close()
				}()
				w.run(pipeline.RunDone, nil)
				if was := <-told; was != "waiting locked" {
					t.Errorf("the file was %q", was)
				}
				w.once(pdf("a"))
			})
		})
	}
}

// TestLater does to a shelf what people do to it between two nights.
func TestLater(t *testing.T) {
	t.Parallel()
	const other, a = "H42.15-221011-0002", number + "/Đơn.pdf"
	for name, c := range map[string]struct {
		change func(w *world)
		papers int               // more than before
		want   map[string]string // that is other than "received"
	}{
		"nothing":              {func(*world) {}, 0, nil},
		"touched":              {func(w *world) { w.putAt(a, pdf("đơn"), w.now().Add(-time.Hour)) }, 0, nil},
		"other bytes":          {func(w *world) { w.putAt(a, pdf("khác"), w.now()) }, 1, map[string]string{a: "received +replaced"}},
		"other bytes, as long": {func(w *world) { w.putAt(a, pdf("abcd"), w.now()) }, 1, map[string]string{a: "received +replaced"}},
		"renamed":              {func(w *world) { w.rename(a, number+"/Đơn mới.pdf") }, 0, map[string]string{a: "received renamed +renamed-away", number + "/Đơn mới.pdf": "received +renamed"}},
		"moved to another dossier": {func(w *world) { w.rename(a, other+"/Đơn.pdf") }, 0, map[string]string{
			a: "received renamed +renamed-away", other + "/Đơn.pdf": "received +renamed +moved-dossier",
		}},
		"folder renamed": {func(w *world) { w.rename(number, "Hộp 2/"+number+" (đã kiểm)") }, 0, map[string]string{
			a: "received renamed +renamed-away", number + "/Ảnh 1.jpg": "received renamed +renamed-away", number + "/Ảnh 2.jpg": "received renamed +renamed-away",
			"Hộp 2/" + number + " (đã kiểm)/Đơn.pdf": "received +renamed", "Hộp 2/" + number + " (đã kiểm)/Ảnh 1.jpg": "received +renamed",
			"Hộp 2/" + number + " (đã kiểm)/Ảnh 2.jpg": "received +renamed",
		}},
		"copied in the dossier":      {func(w *world) { w.put(number+"/Đơn - Copy.pdf", pdf("đơn")) }, 0, map[string]string{number + "/Đơn - Copy.pdf": "received +twice"}},
		"copied to another dossier":  {func(w *world) { w.put(other+"/Đơn.pdf", pdf("đơn")) }, 1, nil},
		"a page more":                {func(w *world) { w.put(number+"/Ảnh 3.jpg", jpg("ba")) }, 1, map[string]string{number + "/Ảnh 1.jpg": "received +pages-added", number + "/Ảnh 2.jpg": "received +pages-added"}},
		"a page less":                {func(w *world) { _ = os.Remove(filepath.Join(w.root, number, "Ảnh 2.jpg")) }, 0, nil},
		"a second folder":            {func(w *world) { w.put("Hộp 9/"+number+"/Thêm.pdf", pdf("thêm")) }, 0, map[string]string{"Hộp 9/" + number + "/Thêm.pdf": "held two-folders"}},
		"a second folder, and other": {func(w *world) { w.put("Hộp 9/"+number+"/Thêm.pdf", pdf("thêm")); w.putAt(a, pdf("khác"), w.now()) }, 0, map[string]string{"Hộp 9/" + number + "/Thêm.pdf": "held two-folders", a: "held two-folders"}},
		"a second folder, touched":   {func(w *world) { w.put("Hộp 9/"+number+"/Thêm.pdf", pdf("thêm")); w.putAt(a, pdf("đơn"), w.now()) }, 0, map[string]string{"Hộp 9/" + number + "/Thêm.pdf": "held two-folders"}},
		"gone":                       {func(w *world) { _ = os.Remove(filepath.Join(w.root, "scan0001.jpg")) }, 0, map[string]string{"scan0001.jpg": "gone loose-pages"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTime(t, func(t *testing.T, w *world) {
				t.Helper()
				w.put(a, pdf("đơn"))
				w.put(number+"/Ảnh 1.jpg", jpg("một"))
				w.put(number+"/Ảnh 2.jpg", jpg("hai"))
				w.put("scan0001.jpg", jpg("lạc"))
				w.run(pipeline.RunDone, nil)
				want := w.states()
				papers := len(w.papers)
				c.change(w)
				w.run(pipeline.RunDone, nil)
				for path := range w.content() {
					if _, ok := want[path]; !ok {
						want[path] = "received"
					}
				}
				maps.Copy(want, c.want)
				if diff := cmp.Diff(want, w.states()); diff != "" {
					t.Errorf("files (-want +got):\n%s", diff)
				}
				if got := len(w.papers) - papers; got != c.papers {
					t.Errorf("%d papers more, want %d", got, c.papers)
				}
				handed := w.calls["receive"]
				w.run(pipeline.RunDone, nil)
				if diff := cmp.Diff(want, w.states()); diff != "" || w.calls["receive"] != handed {
					t.Errorf("a third run handed in %d papers and changed (-before +after):\n%s", w.calls["receive"]-handed, diff)
				}
			})
		})
	}
}

func mapping(t *testing.T, text string) *shelf.Mapping {
	t.Helper()
	m, err := shelf.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAfter moves or deletes files whose papers have receipts, and no others.
func TestAfter(t *testing.T) {
	t.Parallel()
	across := func(*os.Root, string, string) error { return &os.LinkError{Op: "rename", Err: unix.EXDEV} }
	for name, c := range map[string]struct {
		after  string
		rename func(*os.Root, string, string) error
	}{
		"move": {"after: {do: move, folder: xong}", nil}, "across": {"after: {do: move, folder: xong}", across}, "delete": {"after: {do: delete}", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTime(t, func(t *testing.T, w *world) {
				t.Helper()
				w.put(number+"/Đơn.pdf", pdf("đơn"))
				w.put(number+"/Đơn - Copy.pdf", pdf("đơn"))
				w.put(number+"/Ảnh 1.jpg", jpg("một"))
				w.put(number+"/Ảnh 2.jpg", jpg("hai"))
				w.put(number+"/Hỏng.pdf", pdf("refuse me"))
				w.put("scan0001.jpg", jpg("lạc"))
				if name != "delete" {
					w.put("xong/"+number+"/Đơn.pdf", "của người khác")
				}
				before := w.content()
				w.after = func(string) error { // whatever is not where it was must have a receipt
					w.mu.Lock()
					defer w.mu.Unlock()
					for path := range before {
						if row := w.rows[path]; !w.lies(path) && row.State != pipeline.FileReceived {
							w.breach("%s was put away without a receipt", path)
						}
					}
					return nil
				}
				change := func(e *batch.Engine) {
					e.Mapping = mapping(t, c.after)
					if c.rename != nil {
						e.Renames(c.rename)
					}
				}
				w.run(pipeline.RunDone, change)
				want := map[string]string{number + "/Hỏng.pdf": pdf("refuse me"), "scan0001.jpg": jpg("lạc")}
				if name != "delete" {
					want["xong/"+number+"/Đơn.pdf"] = "của người khác"
					want["xong/"+number+"/Đơn (2).pdf"] = pdf("đơn")
					want["xong/"+number+"/Đơn - Copy.pdf"] = pdf("đơn")
					want["xong/"+number+"/Ảnh 1.jpg"], want["xong/"+number+"/Ảnh 2.jpg"] = jpg("một"), jpg("hai")
				}
				if diff := cmp.Diff(want, w.content()); diff != "" {
					t.Errorf("the tree (-want +got):\n%s", diff)
				}
				did := map[bool]string{true: "received deleted", false: "received moved"}[name == "delete"]
				states := w.states()
				for _, path := range []string{"Đơn.pdf", "Ảnh 1.jpg", "Ảnh 2.jpg"} {
					if got := strings.TrimSuffix(states[number+"/"+path], " +twice"); got != did {
						t.Errorf("%s is %s", path, got)
					}
				}
				found := len(states)
				w.run(pipeline.RunDone, change)
				if got := w.states(); len(got) != found {
					t.Errorf("the second run found %v", got)
				}
				w.once(pdf("đơn"), jpg("một"), jpg("hai"))
			})
		})
	}
}

// TestAfterChanged leaves a file alone that was replaced after its receipt, and takes the
// new content.
func TestAfterChanged(t *testing.T) {
	t.Parallel()
	for _, after := range []string{"after: {do: move}", "after: {do: delete}"} {
		inTime(t, func(t *testing.T, w *world) {
			t.Helper()
			const a = number + "/Đơn.pdf"
			w.put(a, pdf("đơn"))
			w.after = func(call string) error {
				if call == "receive" {
					w.after = nil
					w.putAt(a, pdf("mới"), w.now())
				}
				return nil
			}
			w.run(pipeline.RunDone, func(e *batch.Engine) { e.Mapping = mapping(t, after) })
			w.once(pdf("đơn"), pdf("mới"))
			if w.lies(a) {
				t.Error("the new file was not put away")
			}
		})
	}
}

// TestAfterFails keeps a file that cannot be moved, says so, and ends.
func TestAfterFails(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		w.put(number+"/Đơn.pdf", pdf("đơn"))
		w.run(pipeline.RunDone, func(e *batch.Engine) {
			e.Mapping = mapping(t, "after: {do: move}")
			e.Renames(func(*os.Root, string, string) error { return &os.LinkError{Op: "rename", Err: unix.EROFS} })
		})
		if got := w.states()[number+"/Đơn.pdf"]; got != "received +not-put-away" || !w.lies(number+"/Đơn.pdf") {
			t.Errorf("the file is %s", got)
		}
		w.run(pipeline.RunDone, func(e *batch.Engine) { e.Mapping = mapping(t, "after: {do: move}") })
		if got := w.states()[number+"/Đơn.pdf"]; got != "received moved" {
			t.Errorf("the file is %s", got)
		}
	})
}

// TestListsThatAreMended tells of papers that were received what lists say of them that came
// or were mended since, and no more what they said before.
func TestListsThatAreMended(t *testing.T) {
	t.Parallel()
	const late, odd = "H42.15-221011-0002", "H42.15-221011-0003"
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		list := func(rows ...string) {
			w.put("Hộp/ds.csv", "Mã hồ sơ,Tên tệp,Họ tên\n"+strings.Join(rows, "\n")+"\n")
		}
		for _, name := range []string{"1.pdf", "2.pdf", odd + "/3.pdf"} {
			w.put("Hộp/"+name, pdf(name))
		}
		one, two, three := number+",1.pdf,A", late+",2.pdf,B", odd+",3.pdf,C"
		wants := func(when, first, second, third string) {
			t.Helper()
			w.run(pipeline.RunDone, nil)
			w.once(pdf("1.pdf"), pdf("2.pdf"), pdf(odd+"/3.pdf"))
			want := map[string]string{"Hộp/1.pdf": first, "Hộp/2.pdf": second, "Hộp/" + odd + "/3.pdf": third}
			got := w.states()
			delete(got, "Hộp/ds.csv")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		const fine, lacks, came = "received", "received +list-lacks", "received +list-late"
		list(one)
		wants("half a list", fine, lacks, lacks)
		list(one, two, three)
		wants("the whole list", fine, came, came)
		wants("the whole list again", fine, came, came)
		list(one, two, three, late+",3.pdf,C")
		wants("rows that contradict each other", fine, came, came+" +numbers-disagree")
		list(two, three)
		wants("a row less", lacks, came, came)
	})
}
