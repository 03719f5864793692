package batch_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoso/pipeline"
	"hoso/workers/batch"
)

// endings are small files of each form, and as how many bytes they look whole although
// more was to come.
var endings = map[string]struct {
	whole string
	same  int // how many bytes may be missing at the end without anybody seeing it
}{
	"JPEG":                {jpg("ảnh"), 0},
	"JPEG with a preview": {"\xFF\xD8\xFF\xE1\x00\x0B" + jpg("nhỏ") + strings.TrimPrefix(jpg("ảnh"), "\xFF\xD8"), 0},
	"PNG":                 {"\x89PNG\r\n\x1a\n....IDAT....IEND\xAE\x42\x60\x82", 0},
	"PDF":                 {pdf("giấy"), 1},
	"PDF for the web":     {"%PDF-1.7\n1 0 obj <</Linearized 1 /L 81 /O 3>> endobj\n%%EOF\n3 0 obj <<>> endobj\n%%EOF\n", 0},
	"PDF of two times":    {pdf("giấy") + "9 0 obj <<>> endobj\nstartxref 5\n%%EOF\n", 1},
	"table":               {"PK\x03\x04....xl/workbook.xmlPK\x05\x06", 0},
	"HEIC":                {box("ftyp", "heic....") + box("meta", "....") + box("mdat", "picture"), 0},
}

func box(kind, content string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))) + kind + content //nolint:gosec // small
}
