package compose

import (
	"context"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// SecondLimit is the size in bytes up to which a record is read a second time:
// pdfcpu holds a whole file in memory.
const SecondLimit = 64 << 20

// Second has a record read by pdfcpu, which shares no code with the writer or with
// Inspect, and returns ErrRecord if it does not validate there as strictly as pdfcpu
// can, or has another number of pages. A mistake that writer and Inspect have in
// common does not pass it.
func Second(ctx context.Context, record io.ReadSeeker, pages int) error {
	read, err := api.ReadContext(record, strict())
	if err != nil {
		return fmt.Errorf("reading with pdfcpu: %w: %w", ErrRecord, err)
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	catalog, err := read.Catalog()
	if err != nil {
		return fmt.Errorf("reading with pdfcpu: %w: %w", ErrRecord, err)
	}
	if _, has := catalog.Find("AF"); has { // it knows no associated files (ISO 19005-3, 6.8): Inspect looks at them
		catalog.Delete("AF")
		catalog.Delete("Names")
	}
	if err := api.ValidateContext(read); err != nil {
		return fmt.Errorf("validating with pdfcpu: %w: %w", ErrRecord, err)
	}
	if read.PageCount != pages {
		return fmt.Errorf("validating with pdfcpu: %d pages, want %d: %w", read.PageCount, pages, ErrRecord)
	}
	return nil
}

// strict is a configuration that pdfcpu does not look for on disk.
func strict() *model.Configuration {
	return &model.Configuration{
		Reader15: true, DecodeAllStreams: false, ValidationMode: model.ValidationStrict,
		ValidateLinks: false, Offline: true, Eol: "\n", WriteObjectStream: true, WriteXRefStream: true,
		Cmd: model.VALIDATE, Limits: model.DefaultResourceLimits(),
	}
}
