package objects_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"hoso/pipeline"
	"hoso/storage/objects"
)

func TestCheckKey(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"a", "objects/ab/cd.json", pipeline.BlobKey(pipeline.Sum(nil))} {
		if err := objects.CheckKey(key); err != nil {
			t.Errorf("CheckKey(%q) = %v", key, err)
		}
	}
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "a/../b", "a/./b", "a b", "a\x00", "hồ-sơ", `a\b`, strings.Repeat("a", 513),
	} {
		if err := objects.CheckKey(key); !errors.Is(err, objects.ErrKey) {
			t.Errorf("CheckKey(%q) = %v, want ErrKey", key, err)
		}
	}
}

func TestOutgoingHoldsBackTheEndOfWrongBytes(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("0123456789"), 1000)
	d := pipeline.Sum(body)
	for name, tc := range map[string]struct {
		sent []byte
		bad  bool
	}{
		"right":      {body, false},
		"altered":    {append([]byte("X"), body[1:]...), true},
		"last byte":  {append(bytes.Clone(body[:len(body)-1]), 'X'), true},
		"too short":  {body[:len(body)-1], true},
		"empty":      {nil, true},
		"goes on":    {append(bytes.Clone(body), "more"...), false}, // what lies behind is not looked at
		"single one": {body[:1], true},
	} {
		for _, wrap := range []func(io.Reader) io.Reader{plain, iotest.OneByteReader, iotest.DataErrReader} {
			got, err := io.ReadAll(objects.Outgoing(wrap(bytes.NewReader(tc.sent)), d, int64(len(body))))
			if tc.bad && (!errors.Is(err, objects.ErrMismatch) || len(got) >= len(body)) {
				t.Errorf("%s: %d bytes and %v came out, want fewer than %d and ErrMismatch", name, len(got), err, len(body))
			}
			if !tc.bad && (err != nil || !bytes.Equal(got, body)) {
				t.Errorf("%s: %d bytes and %v came out", name, len(got), err)
			}
		}
	}
}

func plain(r io.Reader) io.Reader { return r }

func TestOutgoingOfNothing(t *testing.T) {
	t.Parallel()
	if got, err := io.ReadAll(objects.Outgoing(strings.NewReader(""), pipeline.Sum(nil), 0)); err != nil || len(got) != 0 {
		t.Errorf("no bytes: %q, %v", got, err)
	}
	if _, err := io.ReadAll(objects.Outgoing(strings.NewReader(""), pipeline.Sum([]byte("x")), 0)); !errors.Is(err, objects.ErrMismatch) {
		t.Errorf("no bytes under a digest of others: %v", err)
	}
}

func TestOutgoingRewinds(t *testing.T) {
	t.Parallel()
	body := []byte("before|the object")
	src := bytes.NewReader(body)
	if _, err := src.Seek(7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	out := objects.Outgoing(src, pipeline.Sum(body[7:]), int64(len(body)-7))
	for range 3 {
		if got, err := io.ReadAll(out); err != nil || string(got) != "the object" {
			t.Fatalf("read %q, %v", got, err)
		}
		if err := out.Rewind(); err != nil {
			t.Fatal(err)
		}
	}
	if objects.Outgoing(iotest.OneByteReader(src), pipeline.Digest{}, 1).CanRewind() {
		t.Error("a stream claims that it can be rewound")
	}
}

func TestOutgoingKeepsTheSourcesError(t *testing.T) {
	t.Parallel()
	gone := errors.New("scanner unplugged")
	out := objects.Outgoing(iotest.ErrReader(gone), pipeline.Digest{}, 5)
	if _, err := io.ReadAll(out); !errors.Is(err, gone) {
		t.Errorf("reading gave %v", err)
	}
	if !errors.Is(out.Err(), gone) || !errors.Is(out.Rewind(), gone) {
		t.Errorf("Err = %v, Rewind = %v", out.Err(), out.Rewind())
	}
}

func TestIncomingEndsOnlyOnTheRightBytes(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("record"), 5000)
	d := pipeline.Sum(body)
	for name, tc := range map[string]struct {
		stored []byte
		want   error
	}{
		"right":     {body, nil},
		"altered":   {append([]byte("X"), body[1:]...), objects.ErrMismatch},
		"truncated": {body[:len(body)-1], objects.ErrMismatch},
		"longer":    {append(bytes.Clone(body), 'X'), objects.ErrMismatch},
		"empty":     {nil, objects.ErrMismatch},
	} {
		r := objects.Incoming(io.NopCloser(iotest.HalfReader(bytes.NewReader(tc.stored))), d, int64(len(body)))
		if _, err := io.ReadAll(r); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}
