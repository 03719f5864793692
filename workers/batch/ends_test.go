package batch_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/workers/batch"
)

// box is one of an ISO media file.
func box(kind, content string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))) + kind + content //nolint:gosec // small
}

// TestEnds takes no file of which the end is missing, wherever it was cut.
func TestEnds(t *testing.T) {
	t.Parallel()
	picture := jpg("một bức ảnh")
	web := "%PDF-1.7\n1 0 obj <</Linearized 1 /L 0000 /O 3>> endobj\n%%EOF\n% trang\n3 0 obj <<>> endobj\n%%EOF"
	forms := map[string]string{
		"ảnh":            picture,
		"ảnh có ảnh nhỏ": "\xFF\xD8\xFF\xE1\x00\x1A" + jpg(strings.Repeat("x", 18)) + picture[2:],
		"PNG":            "\x89PNG\r\n\x1a\n....IDAT....IEND\xAE\x42\x60\x82",
		"PDF":            strings.TrimSuffix(pdf("giấy"), "\n"),
		"PDF cho web":    strings.Replace(web, "0000", fmt.Sprintf("%04d", len(web)), 1),
		"bảng":           "PK\x03\x04....xl/workbook.xmlPK\x05\x06",
		"ảnh điện thoại": box("ftyp", "heic....") + box("meta", "....") + box("mdat", "một bức ảnh"),
		"ảnh hai chiều":  box("ftyp", "heic....") + box("mdat", "một bức ảnh") + box("free", ""),
	}
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		want := map[string]string{}
		for form, whole := range forms {
			for n := 12; n <= len(whole); n++ {
				file := fmt.Sprintf("%s/%s %d.pdf", number, form, n)
				w.putAt(file, whole[:n], w.now())
				if want[file] = "waiting unfinished"; n == len(whole) || form == "ảnh hai chiều" && n == len(whole)-8 {
					want[file] = "received"
				}
			}
		}
		// A second time was added to this one: up to the first end it is whole.
		file := number + "/Đã ký.pdf"
		w.putAt(file, pdf("giấy")+"9 0 obj <<>> end", w.now())
		want[file] = "waiting unfinished"
		w.run(pipeline.RunUntil, func(e *batch.Engine) { e.Until = w.now().Add(time.Hour) })
		states := w.states()
		for file, state := range want {
			if states[file] != state {
				t.Errorf("%s is %s, want %s", file, states[file], state)
			}
		}
	})
}

// TestHoles waits for a picture both ends of which were written before its middle.
func TestHoles(t *testing.T) {
	t.Parallel()
	inTime(t, func(t *testing.T, w *world) {
		t.Helper()
		const size = 1 << 20
		whole := jpg(strings.Repeat("x", size))
		name := filepath.Join(w.root, number, "Ảnh.jpg")
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(name) //nolint:gosec // below a folder of the test
		if err == nil {
			_, err = f.WriteString(whole[:4])
			_, also := f.WriteAt([]byte(whole[size:]), size)
			err = errors.Join(err, also, f.Close(), os.Chtimes(name, w.now(), w.now()))
		}
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			<-time.After(time.Hour)
			if was := w.states()[number+"/Ảnh.jpg"]; was != "waiting unfinished" {
				t.Errorf("the picture was %q", was)
			}
			w.putAt(number+"/Ảnh.jpg", whole, w.now())
		}()
		w.run(pipeline.RunDone, nil)
		w.once(whole)
	})
}
