// Package sheet reads and writes the tables that offices keep: XLSX workbooks, and CSV
// as every program writes it. It gives rows of text with their line numbers and knows
// nothing of what they mean.
//
// The reader of workbooks is our own, on the standard library's zip and XML: a list
// needs text, numbers and days of cells, nothing else of the format. Excelize 2.11 was
// tried for it; it takes 1.3 to 2.5 ms and 21,000 allocations at the start of every
// process that it is linked into, and reader processes, of which there is one for every
// few pages, are up in 16.
//
// Files come from administrators, not from strangers, but they may still be damaged or
// made to harm: the bytes of a file, what it unpacks to, rows, columns, cells and the
// depth of XML are all bounded.
package sheet

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"hoso/pipeline"
)

// The bounds of a file.
const (
	LargestFile = 32 << 20  // bytes
	MostRows    = 200_000   // of all tables together
	mostColumns = 256       // of one row; cells further right are not looked at
	longestCell = 32_767    // bytes, about what a spreadsheet's cell can hold
	mostCells   = 4_000_000 // of all tables together
	mostText    = 96 << 20  // bytes of all cells together
	mostXML     = 96 << 20  // bytes that a workbook unpacks to
	mostOutline = 8 << 20   // bytes of those that are no cells: outline, styles
	deepestXML  = 64        // elements within elements
	mostParts   = 2000      // files in a workbook
	mostSheets  = 64
)

// Table is a sheet of a workbook, or a whole CSV file, whose Name is "".
type Table struct {
	Name string
	Rows []Row
}

// Row is a row that has any text, and its line, from 1. Cells are trimmed.
type Row struct {
	Line  int
	Cells []string
}

// Read gives the tables of a file. An error that a person can mend is a Refusal.
func Read(name string, data []byte) ([]Table, error) {
	switch {
	case len(data) > LargestFile:
		return nil, refuse("list-too-big", fmt.Sprintf("the file is larger than %d MiB", LargestFile>>20),
			fmt.Sprintf("Tệp lớn hơn %d MB. Hãy chia danh mục thành nhiều tệp.", LargestFile>>20))
	case len(bytes.TrimSpace(data)) == 0:
		return nil, refuse("empty-file", "the file is empty", "Tệp rỗng, không có dòng nào.")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readWorkbook(data)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return nil, refuse("old-workbook", "the file is an old or an encrypted workbook",
			"Tệp là bảng tính kiểu cũ (.xls) hoặc có đặt mật khẩu. Trong Excel, chọn Tệp → Lưu thành → Sổ làm việc Excel (.xlsx), không đặt mật khẩu.")
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx", ".xlsm":
		return nil, damaged(nil)
	}
	return readCSV(data)
}

func refuse(code, english, vietnamese string) error {
	return pipeline.Refuse(pipeline.Reason{Code: code, English: english, Vietnamese: vietnamese}, nil)
}

func tooMany() error {
	return refuse("list-too-long", fmt.Sprintf("the file has more than %d rows, or too much text", MostRows),
		fmt.Sprintf("Tệp có quá nhiều dữ liệu (tối đa %d dòng). Hãy chia danh mục thành nhiều tệp.", MostRows))
}

func damaged(err error) error {
	return pipeline.Refuse(pipeline.Reason{
		Code: "damaged-workbook", English: "the workbook cannot be read",
		Vietnamese: "Không đọc được bảng tính: tệp hỏng hoặc không phải .xlsx. Hãy mở bằng Excel hoặc LibreOffice và lưu lại thành .xlsx.",
	}, err)
}

// budget counts what is read against the bounds.
type budget struct{ rows, cells, text int }

// take gives the row without its empty end, and false for one without text.
func (b *budget) take(cells []string) ([]string, bool, error) {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
		if len(cells[i]) > longestCell {
			return nil, false, refuse("list-cell", "a cell is too long", "Có ô dài quá 32.767 ký tự. Hãy rút gọn ô đó.")
		}
		b.text += len(cells[i])
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil, false, nil
	}
	b.cells += len(cells)
	if b.rows++; b.rows > MostRows || b.cells > mostCells || b.text > mostText {
		return nil, false, tooMany()
	}
	return cells[:min(len(cells), mostColumns)], true, nil
}
