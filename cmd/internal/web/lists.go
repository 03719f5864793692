package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hoso/pipeline"
)

// largestList is how many bytes of a list are taken in.
const largestList = 32 << 20

// list gives the list that the address names.
func (s *Site) list(v *visit) (pipeline.List, error) {
	l, err := pipeline.ParseList(v.r.PathValue("list"))
	if err == nil && s.Lists == nil {
		err = fs.ErrNotExist
	}
	return l, err
}

// apiImport takes over a list from a file, whole or not at all.
func (s *Site) apiImport(v *visit) error {
	list, err := s.list(v)
	if err != nil {
		return err
	}
	name, err := url.PathUnescape(v.r.Header.Get("Hoso-File-Name"))
	if err != nil {
		return badRequest("file-name", "Hoso-File-Name is not percent-encoded", err)
	}
	how := pipeline.Importing{Actor: v.session.Who.Account, File: pipeline.SafeName(name)}
	if how.Complete, err = wish(v.r, "complete"); err != nil {
		return err
	}
	if how.Dry, err = wish(v.r, "dry_run"); err != nil {
		return err
	}
	body := http.MaxBytesReader(v.w, v.r.Body, largestList)
	data, err := io.ReadAll(&uplink{body: body, ctl: http.NewResponseController(v.w), patience: s.patience})
	if err != nil {
		return cutLine(err)
	}
	how.Digest = pipeline.Sum(data)
	done, err := s.Lists.Import(v.r.Context(), list, how, data)
	// The answer has its own time: the upload may have used up what there was.
	_ = http.NewResponseController(v.w).SetWriteDeadline(time.Now().Add(writeDeadline))
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, done)
	return nil
}

// wish reads a yes or no of the query; left out it is no.
func wish(r *http.Request, name string) (bool, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return false, nil
	}
	yes, err := strconv.ParseBool(text)
	if err != nil {
		return false, badRequest("query", name+" is true or false", err)
	}
	return yes, nil
}

// apiExport gives a whole list as a file.
func (s *Site) apiExport(v *visit) error {
	list, err := s.list(v)
	if err != nil {
		return err
	}
	format := strings.ToLower(v.r.URL.Query().Get("format"))
	media, known := map[string]string{
		"":     "application/json; charset=utf-8",
		"json": "application/json; charset=utf-8",
		"csv":  "text/csv; charset=utf-8",
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}[format]
	if !known {
		return badRequest("format", "format is csv, xlsx or json", nil)
	}
	if format == "" {
		format = "json"
	}
	var body bytes.Buffer // whole before the first byte is sent: half a list would look like one
	if err := s.Lists.Export(v.r.Context(), list, format, &body); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", media)
	v.w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", string(list)+"."+format))
	_, _ = v.w.Write(body.Bytes()) // the reader may have gone
	return nil
}

// apiListed tells what the lists say of a code, or of a name as it is printed.
func (s *Site) apiListed(v *visit) error {
	if s.Lists == nil {
		return fs.ErrNotExist
	}
	var in struct {
		Asked string `json:"asked"`
		On    string `json:"on"`
	}
	if err := readJSON(v.r, &in); err != nil {
		return err
	}
	day, err := pipeline.ParseDay(in.On)
	if err != nil {
		return &problem{status: 422, code: "day", say: "Ngày không đúng, ví dụ đúng: 01/07/2025 hoặc 2025-07-01.", detail: "not a day", cause: err}
	}
	const longest = 600
	if in.Asked = strings.TrimSpace(in.Asked); in.Asked == "" || len(in.Asked) > longest {
		return badRequest("asked", "asked is a code or a name", nil)
	}
	found, err := s.Lists.Look(v.r.Context(), in.Asked, day)
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, found)
	return nil
}

func (s *Site) apiImports(v *visit) error {
	if s.Lists == nil {
		return fs.ErrNotExist
	}
	log, err := s.Lists.Imports(v.r.Context())
	if err != nil {
		return err
	}
	s.writeJSON(v, http.StatusOK, struct {
		Imports []pipeline.Import `json:"imports"`
	}{orEmpty(log)})
	return nil
}

// misfitting says what keeps a list from being imported; nil for another error.
func misfitting(err error) *problem {
	misfits, ok := errors.AsType[pipeline.Misfits](err)
	if !ok || len(misfits) == 0 {
		return nil
	}
	say := "Chưa nhập dòng nào. " + misfits[0].String()
	if more := len(misfits) - 1; more > 0 {
		say += fmt.Sprintf(" (và %d lỗi khác)", more)
	}
	return &problem{status: http.StatusUnprocessableEntity, code: "list-misfits", say: say, detail: misfits.Error(), cause: err}
}
