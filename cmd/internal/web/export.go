package web

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hoso/pipeline"
	"hoso/storage/register/sheet"
)

// mostExported bounds the rows of an export. They are held in memory, some five
// megabytes of them, so that a search that fails half-way leaves no file that looks whole.
const mostExported = 10_000

// exported are the columns of an export, and what a paper has in them.
func (s *Site) exported() (titles []string, cells func(pipeline.Paper) []string) {
	titles = []string{
		"Mã số hồ sơ", "Loại giấy tờ", "Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Chủ sở hữu", "Số định danh (che)",
		"Đơn vị", "Vai trò trong hồ sơ", "Trạng thái", "Nhận lúc", "Số trang", "Đợt quét", "Tên tệp", "Mã giấy tờ",
	}
	return titles, func(p pipeline.Paper) []string {
		said := shown{Paper: p}
		return []string{
			p.Dossier.String(), s.className(said.Said(pipeline.FieldClass)), said.Said(pipeline.FieldNumber),
			sayDay(pipeline.Day(said.Said(pipeline.FieldDate))), said.Said(pipeline.FieldIssuer), said.Said(pipeline.FieldOwnerName),
			masked(said.Said(pipeline.FieldOwnerID)), p.Unit, sayKind(p.Kind), sayState(p.State),
			p.Received.In(vietnam()).Format("02/01/2006 15:04"), strconv.Itoa(p.Pages), p.Batch, p.FileName, string(p.ID),
		}
	}
}

// masked leaves the last three digits of a number.
func masked(number string) string {
	letters := []rune(number)
	if len(letters) == 0 {
		return ""
	}
	open := min(3, len(letters)/2)
	return strings.Repeat("*", len(letters)-open) + string(letters[len(letters)-open:])
}

// veiled masks the number of a paper's owner wherever a text has it.
func veiled(p pipeline.Paper, text string) string {
	for _, f := range p.Fields {
		if f.Name == pipeline.FieldOwnerID && f.Value != "" {
			text = strings.ReplaceAll(text, f.Value, masked(f.Value))
		}
	}
	return text
}

// inert keeps a spreadsheet from taking the text of a cell for a formula.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// exportRows gives all papers of a query, under their titles.
func (s *Site) exportRows(v *visit, q pipeline.Query) ([][]string, error) {
	titles, cells := s.exported()
	rows := [][]string{titles}
	q.Limit, q.After, q.Facets = 200, "", false
	if q.Order == pipeline.Ranked { // of which there are only so many
		q.Order = pipeline.Newest
	}
	for {
		// A long list takes longer than one answer may.
		_ = http.NewResponseController(v.w).SetWriteDeadline(s.deadline(writeDeadline))
		found, err := s.find(v, q)
		if err != nil {
			return nil, err
		}
		for _, h := range found.Hits {
			if len(rows) > mostExported {
				rest := make([]string, len(titles))
				rest[0] = fmt.Sprintf("(chỉ %d giấy tờ đầu; hãy thu hẹp điều kiện tìm)", mostExported)
				return append(rows, rest), nil
			}
			rows = append(rows, cells(h.Paper))
		}
		if q.After = found.Next; q.After == "" {
			return rows, nil
		}
	}
}

// export gives all answers to a question as a file.
func (s *Site) export(v *visit) error {
	q, ok := s.asked.find(v.r.PathValue("question"), s.owner(v))
	if !ok {
		return fs.ErrNotExist
	}
	query, err := q.asked.query()
	if err != nil {
		return err
	}
	return s.sendExport(v, v.r.PathValue("format"), q.asked.said(), query)
}

func (s *Site) apiExportFound(v *visit) error {
	var in struct {
		findJSON

		Format string `json:"format"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	q, err := in.query()
	if err != nil {
		return err
	}
	return s.sendExport(v, orElse(in.Format, "csv"), in.words(), q)
}

func (s *Site) sendExport(v *visit, format, words string, q pipeline.Query) error {
	write, media := s.exportWriter(format)
	if write == nil {
		return badRequest("format", "format is csv or xlsx", nil)
	}
	if err := s.note(v, "exported", "", words); err != nil {
		return err
	}
	rows, err := s.exportRows(v, q)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", media)
	v.w.Header().Set("Content-Disposition", disposition("attachment", "Kết quả tra cứu "+s.Now().In(vietnam()).Format("2006-01-02 1504")+"."+format))
	_ = http.NewResponseController(v.w).SetWriteDeadline(time.Now().Add(writeDeadline))
	if err := write(v.w, rows); err != nil {
		panic(http.ErrAbortHandler) // the only way left to tell
	}
	return nil
}

func (s *Site) exportWriter(format string) (write func(io.Writer, [][]string) error, media string) {
	switch format {
	case "csv":
		return func(w io.Writer, rows [][]string) error {
			for _, row := range rows {
				for i := range row {
					row[i] = inert(row[i])
				}
			}
			return sheet.WriteCSV(w, rows)
		}, "text/csv; charset=utf-8"
	case "xlsx":
		return func(w io.Writer, rows [][]string) error { return sheet.WriteWorkbook(w, "Kết quả tra cứu", rows) },
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return nil, ""
}
