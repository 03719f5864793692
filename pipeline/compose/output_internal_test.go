package compose

import (
	"errors"
	"io"
	"testing"
)

// Ten digits address ten gigabytes; what lies beyond must be an error, not a wrapped
// offset.
func TestOffsetsBeyondTheTable(t *testing.T) {
	t.Parallel()
	o := newOutput(io.Discard, firstFreeNum)
	o.at = maxOffset
	o.object(catalogNum, "null")
	if o.err != nil {
		t.Errorf("writing at the last address = %v", o.err)
	}
	o.object(rootNum, "null")
	if !errors.Is(o.err, ErrTooLarge) {
		t.Errorf("writing beyond the last address = %v, want ErrTooLarge", o.err)
	}
}

func TestPromisedObjectsAreMissed(t *testing.T) {
	t.Parallel()
	o := newOutput(io.Discard, 1)
	o.reserve()
	o.finish("id")
	if o.err == nil {
		t.Error("a record with a missing object was finished")
	}
}

// More characters above the first plane than there are spare codes give way to the
// replacement character.
func TestSpareCodesRunOut(t *testing.T) {
	t.Parallel()
	var c codeSet
	const spare = lastSpare - firstSpare + 1
	for i := range rune(spare) {
		if got, want := c.code(0x20000+i), uint16(firstSpare+i); got != want {
			t.Fatalf("code of character %d = %04X, want %04X", i, got, want)
		}
	}
	if got := c.code(0x20000 + spare); got != 0xFFFD {
		t.Errorf("code of one more = %04X, want FFFD", got)
	}
	if got := len(c.mappings()); got != spare+1 {
		t.Errorf("%d mappings, want %d", got, spare+1)
	}
}
