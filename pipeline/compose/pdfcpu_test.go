package compose_test

import (
	"bytes"
	"errors"
	"testing"

	"hoso/pipeline/compose"
)

// pdfcpu did not write the record and so may judge it.
func TestSecond(t *testing.T) {
	t.Parallel()
	s := colorSheet(t, 60, 80)
	s.page.Lines = words("một hai")
	sheets := make([]sheet, 70)
	for i := range sheets {
		sheets[i] = s
	}
	pdf := makeRecord(t, meta(), sheets...)
	if err := compose.Second(t.Context(), bytes.NewReader(pdf), 70); err != nil {
		t.Errorf("pdfcpu on a record of 70 pages: %v", err)
	}
	if err := compose.Second(t.Context(), bytes.NewReader(pdf), 71); !errors.Is(err, compose.ErrRecord) {
		t.Errorf("pdfcpu on a record that lacks a page: %v, want ErrRecord", err)
	}
	if err := compose.Second(t.Context(), bytes.NewReader(pdf[:len(pdf)/2]), 70); !errors.Is(err, compose.ErrRecord) {
		t.Errorf("pdfcpu on half a record: %v, want ErrRecord", err)
	}
}
