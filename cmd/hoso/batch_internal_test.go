package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// TestReportAfterAnother: shelves that end at one hour want their reports at once; the one
// that comes second gets its report, too.
func TestReportAfterAnother(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"code":"in-work","message":"Báo cáo của một lô khác đang được lập."}`)
			return
		}
		_, _ = io.WriteString(w, "báo cáo")
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "sáng.html")
	if err := writeReport(t.Context(), &client{http: server.Client(), base: server.URL}, "dem-1", file); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "báo cáo" {
		t.Errorf("the report is %q (%v)", text, err)
	}
}
