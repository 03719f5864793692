package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"hoso/pipeline"
)

// readCSV reads text in UTF-8, with or without a byte order mark, whose separator is
// told by its first line.
func readCSV(data []byte) ([]Table, error) {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, refuse("not-utf8", "the file is not UTF-8",
			"Tệp không phải mã UTF-8 (có thể là Windows-1258, TCVN3 hay “Unicode Text”). Trong Excel, chọn Tệp → Lưu thành → “CSV UTF-8 (phân tách bằng dấu phẩy)”; hoặc gửi thẳng tệp .xlsx.")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = separator(data)
	r.FieldsPerRecord = -1
	table := Table{}
	var b budget
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return []Table{table}, nil
		}
		if err != nil {
			return nil, badRecord(err)
		}
		line, _ := r.FieldPos(0)
		cells, filled, err := b.take(cells)
		if err != nil {
			return nil, err
		}
		if filled {
			table.Rows = append(table.Rows, Row{Line: line, Cells: cells})
		}
	}
}

// lookedAt is how many lines tell the separator.
const lookedAt = 25

// separator is the one of comma, semicolon and tab that the first lines have most of;
// those in quotes do not count.
func separator(data []byte) rune {
	quoted := false
	counts := map[byte]int{}
	for _, c := range data {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[c]++
		}
		if counts['\n'] == lookedAt {
			break
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t") {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return rune(best)
}

func badRecord(err error) error {
	line := 0
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		line = bad.Line
	}
	return pipeline.Refuse(pipeline.Reason{
		Code: "bad-csv", English: fmt.Sprintf("line %d is not CSV", line),
		Vietnamese: fmt.Sprintf("Dòng %d không đúng định dạng CSV: có thể thiếu hoặc thừa dấu ngoặc kép. Hãy sửa dòng đó hoặc gửi tệp .xlsx.", line),
	}, err)
}
