package bundle_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"hoso/pipeline/intake/bundle"
)

func write(tb testing.TB, contents ...string) []byte {
	tb.Helper()
	var out bytes.Buffer
	w, err := bundle.NewWriter(&out)
	for _, c := range contents {
		err = errors.Join(err, w.Add("jpg", strings.NewReader(c)))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// read gives what is in a bundle, as far as it can be taken out.
func read(tb testing.TB, b []byte) (contents []string, err error) {
	tb.Helper()
	members, err := bundle.Members(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	var total int64
	for _, m := range members {
		total += m.Size
		r, err := m.Open()
		if err != nil {
			continue
		}
		c, err := io.ReadAll(r)
		if err == nil && int64(len(c)) != m.Size {
			tb.Errorf("a member of %d bytes gives %d", m.Size, len(c))
		}
		if len(c) > len(b) {
			tb.Errorf("%d bytes come out of %d", len(c), len(b))
		}
		contents = append(contents, string(c))
	}
	if total > int64(len(b)) {
		tb.Errorf("%d bytes hold %d", len(b), total)
	}
	return contents, nil
}

func TestGivesBackWhatWasPutIn(t *testing.T) {
	t.Parallel()
	want := []string{"first", "", strings.Repeat("third", 100_000), "PK\x03\x04mimetype" + bundle.Media}
	b := write(t, want...)
	if !bundle.Is(b[:100]) || bundle.Is(b[1:100]) || bundle.Is(b[:40]) {
		t.Error("a bundle is not known by its beginning")
	}
	if got, err := read(t, b); err != nil || !slices.Equal(got, want) {
		t.Errorf("%d members come out of %d: %v", len(got), len(want), err)
	}
}

// TestManyMembersWithOneName: the place of the last ones has more digits than their name.
func TestManyMembersWithOneName(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	var err error
	add := func(name string) {
		_, more := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		err = errors.Join(err, more)
	}
	add("mimetype")
	for i := range 99_999 {
		add(fmt.Sprintf("%04d.a", i+1))
	}
	add("0001.a")
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t, out.Bytes()); !errors.Is(err, bundle.ErrDamaged) {
		t.Errorf("read: %v", err)
	}
}

func TestRefusesOddNames(t *testing.T) {
	t.Parallel()
	w, err := bundle.NewWriter(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, ending := range []string{"", "../x", "jpg/..", "JPG", "much-too-long"} {
		if err := w.Add(ending, strings.NewReader("x")); err == nil {
			t.Errorf("a member may end in %q", ending)
		}
	}
}

// FuzzMembers: whatever the bytes, no more comes out than is in them.
func FuzzMembers(f *testing.F) {
	f.Add(write(f, "first", "second"))
	f.Add(write(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := read(t, b); err != nil && !errors.Is(err, bundle.ErrDamaged) {
			t.Errorf("Members: %v", err)
		}
	})
}
