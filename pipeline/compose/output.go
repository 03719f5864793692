package compose

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// maxOffset is the largest offset that fits a classic cross-reference entry. The
// table is written in the classic form since every reader and every signer knows
// it, and twenty bytes per object are nothing beside an image.
const maxOffset = 9_999_999_999

// output writes numbered objects and remembers where each begins. The first error
// sticks; later calls do nothing.
type output struct {
	w       *bufio.Writer
	at      int64
	offsets []int64   // by object number; 0 is not yet written
	sum     hash.Hash // over all but the image streams, which enter by their digests
	zip     *zlib.Writer
	buf     bytes.Buffer // reused for deflated streams
	err     error
}

func newOutput(w io.Writer, first int) *output {
	return &output{
		w:       bufio.NewWriterSize(w, 128<<10),
		offsets: make([]int64, first),
		sum:     sha256.New(),
	}
}

// reserve gives out the next object number.
func (o *output) reserve() int {
	o.offsets = append(o.offsets, 0)
	return len(o.offsets) - 1
}

func (o *output) write(b []byte) {
	if o.err != nil {
		return
	}
	n, err := o.w.Write(b)
	o.at += int64(n)
	o.err = err
	o.sum.Write(b)
}

func (o *output) printf(format string, args ...any) {
	o.write(fmt.Appendf(nil, format, args...))
}

func (o *output) begin(num int) {
	if o.err == nil && o.at > maxOffset {
		o.err = ErrTooLarge
	}
	o.offsets[num] = o.at
	o.printf("%d 0 obj\n", num)
}

// object writes a whole object that is not a stream.
func (o *output) object(num int, body string) {
	o.begin(num)
	o.printf("%s\nendobj\n", body)
}

// stream writes data as it is under a dictionary with the given further entries.
func (o *output) stream(num int, entries string, data []byte) {
	o.begin(num)
	o.printf("<< %s /Length %d >>\nstream\n", entries, len(data))
	o.write(data)
	o.printf("\nendstream\nendobj\n")
}

// deflated writes data through zlib.
func (o *output) deflated(num int, entries string, data []byte) {
	o.buf.Reset()
	if o.zip == nil {
		o.zip = zlib.NewWriter(&o.buf)
	} else {
		o.zip.Reset(&o.buf)
	}
	if _, err := o.zip.Write(data); err != nil && o.err == nil {
		o.err = err
	}
	if err := o.zip.Close(); err != nil && o.err == nil {
		o.err = err
	}
	o.stream(num, entries+" /Filter /FlateDecode", o.buf.Bytes())
}

// carrier is the way of image bytes into the output: past the digest of the record,
// which takes them in by their own.
type carrier struct{ o *output }

func (c carrier) Write(b []byte) (int, error) {
	if c.o.err != nil {
		return 0, c.o.err
	}
	n, err := c.o.w.Write(b)
	c.o.at += int64(n)
	c.o.err = err
	return n, err
}

// finish writes the cross-reference table and the trailer. Nothing follows %%EOF
// but its line end (ISO 19005-2, 6.1.3).
func (o *output) finish(id string) {
	start := o.at
	if o.err == nil && start > maxOffset {
		o.err = ErrTooLarge
	}
	o.sum.Write([]byte(id))
	digest := o.sum.Sum(nil)[:16]
	o.printf("xref\n0 %d\n0000000000 65535 f \n", len(o.offsets))
	for num, at := range o.offsets[1:] {
		if at == 0 && o.err == nil {
			o.err = fmt.Errorf("object %d was promised and not written", num+1)
		}
		o.printf("%010d 00000 n \n", at)
	}
	o.printf("trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(o.offsets), catalogNum, infoNum, digest, digest, start)
	if o.err == nil {
		o.err = o.w.Flush()
	}
}
