package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"hoso/pipeline"
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

// TestBatchSaysWhatItLacks: who watches a batch sees which part of the service is missing,
// a full disk above all, since that does not mend by itself.
func TestBatchSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	for detail, want := range map[string]string{
		"the receiving disk is unavailable: it is full, or fails": "waiting for room: the receiving disk is full, or fails; it goes on by itself",
		"queue is unavailable": "waiting for the queue",
		"":                     "waiting for a part of the service",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"code":"unavailable","message":"x","detail":"`+detail+`"}`)
		}))
		t.Cleanup(server.Close)
		err := (&client{http: server.Client(), base: server.URL}).get(t.Context(), "/health", nil)
		gone, ok := errors.AsType[*pipeline.Unavailable](err)
		if !ok || waitsFor(gone.What) != want {
			t.Errorf("of %q is told %v, want %q", detail, err, want)
		}
	}
}
