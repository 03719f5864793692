package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
)

// together puts files that are one paper into one that stands in the scratch folder until
// done is called. Its name is that of the first.
func together(files []string) (path string, done func(), err error) {
	dir, err := os.MkdirTemp("", "hoso-together-")
	if err != nil {
		return "", nil, fmt.Errorf("putting files together: %w", err)
	}
	done = func() { _ = os.RemoveAll(dir) } // scratch
	path = filepath.Join(dir, bundle.NameOf(files[0]))
	if err := bundleInto(path, files); err != nil {
		done()
		return "", nil, fmt.Errorf("putting files together: %w", err)
	}
	return path, done, nil
}

func bundleInto(path string, files []string) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // in our own folder
	if err != nil {
		return err
	}
	w, err := bundle.NewWriter(out)
	for _, file := range files {
		if err == nil {
			err = add(w, file)
		}
	}
	if err == nil {
		err = w.Close()
	}
	return errors.Join(err, out.Close())
}

func add(w *bundle.Writer, file string) error {
	in, err := openPlain(file)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	defer in.Close() //nolint:errcheck // only read from
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 { // a page that was scanned is missing; it would be filed as one that says so
		return pipeline.Refuse(pipeline.Reason{
			Code: "empty-file", English: shown(filepath.Base(file)) + " has no bytes",
			Vietnamese: "Tệp " + shown(filepath.Base(file)) + " rỗng, không có dữ liệu. Hãy quét lại trang đó rồi gửi lại cả bộ.",
		}, nil)
	}
	return w.Add(bundle.Ending(file), io.Reader(in))
}
