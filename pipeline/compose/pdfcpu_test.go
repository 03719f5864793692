package compose_test

import (
	"bytes"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// pdfcpu did not write the record and so may judge it.
func TestPDFCPUValidates(t *testing.T) {
	api.DisableConfigDir()
	s := colorSheet(t, 60, 80)
	s.page.Lines = words("một hai")
	sheets := make([]sheet, 70)
	for i := range sheets {
		sheets[i] = s
	}
	pdf := makeRecord(t, meta(), sheets...)
	for _, mode := range []int{model.ValidationRelaxed, model.ValidationStrict} {
		conf := model.NewDefaultConfiguration()
		conf.ValidationMode = mode
		conf.Offline = true
		if err := api.Validate(bytes.NewReader(pdf), conf); err != nil {
			t.Errorf("pdfcpu in mode %d: %v", mode, err)
		}
	}
	n, err := api.PageCount(bytes.NewReader(pdf), nil)
	if err != nil || n != 70 {
		t.Errorf("pdfcpu counts %d pages, %v; want 70", n, err)
	}
}
