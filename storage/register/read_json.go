package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"hoso/pipeline"
	"hoso/storage/register/sheet"
)

// isJSON reports whether a file begins as JSON does; no table does.
func isJSON(data []byte) bool {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n")
	return bytes.HasPrefix(data, []byte("[")) || bytes.HasPrefix(data, []byte("{"))
}

// readJSON reads an array of entries, or one object after the other, as exports give
// them.
func (r *reading[T]) readJSON(data []byte) error {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if len(data) > sheet.LargestFile {
		_, err := sheet.Read(r.file, data) // says so
		return err
	}
	if !utf8.Valid(data) {
		return pipeline.Refuse(pipeline.Reason{Code: "not-utf8", English: "the file is not UTF-8", Vietnamese: "Tệp JSON không phải mã UTF-8. Hãy lưu lại bằng UTF-8."}, nil)
	}
	return r.objects(data)
}

func (r *reading[T]) objects(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	array := bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("["))
	if array {
		if _, err := d.Token(); err != nil {
			return badJSON(1, err)
		}
	}
	line := lines{data: data}
	for more(d, array) {
		at := pipeline.Spot{File: r.file, Line: line.of(d.InputOffset())}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			if errors.Is(err, io.EOF) && !array {
				return nil
			}
			return badJSON(line.of(d.InputOffset()), err)
		}
		if len(r.entries) >= sheet.MostRows {
			return pipeline.Refuse(pipeline.Reason{Code: "list-too-long", English: "too many entries", Vietnamese: fmt.Sprintf("Danh mục có hơn %d mục. Hãy chia thành nhiều tệp.", sheet.MostRows)}, nil)
		}
		r.object(raw, at)
	}
	if _, err := d.Token(); err != nil { // the end of the array
		return badJSON(line.of(d.InputOffset()), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badJSON(line.of(d.InputOffset()), errors.New("more follows the array"))
	}
	return nil
}

func more(d *json.Decoder, array bool) bool { return !array || d.More() }

// object reads one entry and holds it to the rules of a table's cells.
func (r *reading[T]) object(raw json.RawMessage, at pipeline.Spot) {
	var given, entry T
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&given); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			at.Column = wrong.Field
		}
		r.misfit(at, fault{"the object is not an entry: " + err.Error(), "Đối tượng JSON không đúng mẫu (tên trường lạ hoặc sai kiểu giá trị): " + err.Error()})
		return
	}
	entry = given
	r.before = len(r.misfits)
	for _, c := range r.columns {
		r.put(at, c.key, c.set(&entry, c.get(given)))
	}
	if r.whole != nil {
		r.whole(&entry, at)
	}
	r.check(&entry, at)
	r.entries = append(r.entries, pipeline.Listed[T]{Entry: entry, Spot: at})
}

func badJSON(line int, err error) error {
	return pipeline.Refuse(pipeline.Reason{
		Code: "bad-json", English: fmt.Sprintf("line %d is not JSON", line),
		Vietnamese: fmt.Sprintf("Dòng %d không đúng định dạng JSON. Tệp phải là một mảng các đối tượng, như tệp xuất ra từ hoso.", line),
	}, err)
}

// lines counts the lines of a text up to places that only move on.
type lines struct {
	data []byte
	at   int64
	line int
}

// of gives the line, from 1, of the next thing at or behind a place.
func (l *lines) of(at int64) int {
	for at < int64(len(l.data)) && bytes.IndexByte([]byte(" \t\r\n,"), l.data[at]) >= 0 {
		at++
	}
	l.line += bytes.Count(l.data[l.at:max(at, l.at)], []byte("\n"))
	l.at = max(at, l.at)
	return l.line + 1
}
