package objectstest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/storage/objects"
)

func keysComeBack(t *testing.T, s Store) {
	t.Helper()
	key := freshPrefix() + "page.json"
	for _, body := range []string{`{"page":1}`, ``, `{"page":1,"text":"Sổ hộ khẩu"}`} {
		if err := s.PutKey(t.Context(), key, []byte(body)); err != nil {
			t.Fatalf("PutKey = %v", err)
		}
		if got, err := s.GetKey(t.Context(), key); err != nil || string(got) != body {
			t.Errorf("GetKey = %q, %v, want %q", got, err, body)
		}
		if size, err := s.StatKey(t.Context(), key); err != nil || size != int64(len(body)) {
			t.Errorf("StatKey = %d, %v, want %d", size, err, len(body))
		}
	}
	if err := s.Delete(t.Context(), key); err != nil {
		t.Fatalf("Delete = %v", err)
	}
	if _, err := s.GetKey(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("GetKey after Delete = %v, want ErrNotExist", err)
	}
	if _, err := s.StatKey(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("StatKey after Delete = %v, want ErrNotExist", err)
	}
}

func writtenOnce(t *testing.T, s Store) {
	t.Helper()
	key := freshPrefix() + "v0001.json"
	if err := s.PutOnce(t.Context(), key, []byte("first")); err != nil {
		t.Fatalf("PutOnce = %v", err)
	}
	for _, body := range []string{"first", "second"} {
		if err := s.PutOnce(t.Context(), key, []byte(body)); !errors.Is(err, fs.ErrExist) {
			t.Errorf("PutOnce again = %v, want ErrExist", err)
		}
	}
	if got, err := s.GetKey(t.Context(), key); err != nil || string(got) != "first" {
		t.Errorf("GetKey = %q, %v", got, err)
	}
}

func race(t *testing.T, s Store) {
	t.Helper()
	for range 5 {
		key := freshPrefix() + "v0001.json"
		var wg sync.WaitGroup
		var won atomic.Int64
		var winner atomic.Value
		for i := range 8 {
			wg.Go(func() {
				body := fmt.Appendf(nil, "writer %d", i)
				switch err := s.PutOnce(t.Context(), key, body); {
				case err == nil:
					won.Add(1)
					winner.Store(string(body))
				case !errors.Is(err, fs.ErrExist):
					t.Errorf("PutOnce = %v", err)
				}
			})
		}
		wg.Wait()
		got, err := s.GetKey(t.Context(), key)
		if won.Load() != 1 || err != nil || string(got) != winner.Load() {
			t.Errorf("%d winners, last %v; stored %q, %v", won.Load(), winner.Load(), got, err)
		}
	}
}

func listing(t *testing.T, s Store) {
	t.Helper()
	prefix := freshPrefix()
	want := []string{}
	for _, name := range []string{"b/2.json", "a/1.json", "b/10.json", "c.json"} {
		want = append(want, prefix+name)
		if err := s.PutKey(t.Context(), prefix+name, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, list(t, s, prefix)); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:3], list(t, s, prefix+"b/")); diff != "" {
		t.Errorf("List of a folder (-want +got):\n%s", diff)
	}
	if got := list(t, s, freshPrefix()); len(got) != 0 {
		t.Errorf("List of nothing = %q", got)
	}
	for key, err := range s.List(t.Context(), prefix) { // stopping early is allowed
		if key != want[0] || err != nil {
			t.Errorf("first key = %q, %v", key, err)
		}
		break
	}
}

func list(t *testing.T, s Store, prefix string) []string {
	t.Helper()
	keys := []string{}
	for key, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("List = %v", err)
		}
		keys = append(keys, key)
	}
	return keys
}

func strangeKeys(t *testing.T, s Store) {
	t.Helper()
	for _, key := range []string{"", "../escape", "a//b", "a/../b", "/a", "a/", "hồ sơ", "a\nb"} {
		_, got := s.GetKey(t.Context(), key)
		_, asked := s.StatKey(t.Context(), key)
		for doing, err := range map[string]error{
			"PutOnce": s.PutOnce(t.Context(), key, nil),
			"PutKey":  s.PutKey(t.Context(), key, nil),
			"Delete":  s.Delete(t.Context(), key),
			"GetKey":  got,
			"StatKey": asked,
		} {
			if !errors.Is(err, objects.ErrKey) {
				t.Errorf("%s(%q) = %v, want ErrKey", doing, key, err)
			}
		}
	}
}
