package workers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"hoso/pipeline"
)

// Judge examines a file that somebody wants an opinion on. It is spooled, judged and
// gone: it becomes no paper, and has no name on the disk while it is there, so that it
// does not outlive the process either. One that is too large is a Refusal.
func (o *Office) Judge(ctx context.Context, body io.Reader) (Verdict, error) {
	room, err := Room(o.Spool)
	if err != nil {
		return Verdict{}, err
	}
	file, err := os.CreateTemp(o.Spool, "judging-*")
	if err != nil {
		return Verdict{}, spoolError(err)
	}
	defer file.Close() //nolint:errcheck // scratch
	if err := os.Remove(file.Name()); err != nil {
		return Verdict{}, spoolError(err)
	}
	digest, size, err := o.spoolUpTo(ctx, file, body, room)
	if err != nil {
		return Verdict{}, err
	}
	v, err := Examine(ctx, file, size, o.Trust)
	if err != nil {
		return Verdict{}, err
	}
	v.File.Digest = digest
	return v, nil
}

// spoolUpTo copies a body to the disk, of which room bytes may be used.
func (o *Office) spoolUpTo(ctx context.Context, file io.Writer, body io.Reader, room int64) (pipeline.Digest, int64, error) {
	limit := o.MaxSize
	if limit == 0 {
		limit = defaultMaxSize
	}
	hash := sha256.New()
	most := min(limit, room)
	size, err := io.Copy(io.MultiWriter(diskWriter{file}, hash), io.LimitReader(&alive{ctx, body}, most+1))
	switch {
	case err != nil:
		return pipeline.Digest{}, 0, spoolError(err)
	case size > limit:
		return pipeline.Digest{}, 0, tooBig(limit)
	case size > room:
		return pipeline.Digest{}, 0, &pipeline.Unavailable{What: "the receiving disk", Err: errNoRoom}
	}
	return pipeline.DigestOf(hash), size, nil
}

// alive reads as long as ctx lives.
type alive struct {
	ctx context.Context //nolint:containedctx // it lives as long as one copy
	io.Reader
}

// Read reads unless ctx has ended.
func (a *alive) Read(b []byte) (int, error) {
	if err := a.ctx.Err(); err != nil {
		return 0, err
	}
	return a.Reader.Read(b)
}

// unjudgeable tells from the first and last bytes of a file why it is no PDF that can be
// judged; zero if it looks like one.
func unjudgeable(in io.ReaderAt, size int64) (pipeline.Reason, error) {
	if size == 0 {
		return pipeline.Reason{
			Code: "empty-file", English: "the file has no bytes; get it again from where it came from",
			Vietnamese: "Tệp rỗng, không có dữ liệu. Hãy lấy lại tệp từ nơi gửi.",
		}, nil
	}
	head, err := part(in, 0, min(1024, size))
	if err != nil {
		return pipeline.Reason{}, err
	}
	if !bytes.HasPrefix(head, []byte("%PDF-")) {
		return notPDF(head), nil
	}
	tail, err := part(in, max(0, size-2048), min(2048, size))
	if err != nil || bytes.Contains(tail, []byte("%%EOF")) {
		return pipeline.Reason{}, err
	}
	return pipeline.Reason{
		Code:       "cut-off",
		English:    fmt.Sprintf("the file ends in the middle, after %d bytes: the end of the PDF is missing, as after a download that broke off; get the whole file", size),
		Vietnamese: fmt.Sprintf("Tệp bị cụt: chỉ có %d byte, thiếu phần cuối của PDF (thường do tải về hoặc sao chép dở dang). Hãy lấy lại tệp đầy đủ.", size),
	}, nil
}

func part(in io.ReaderAt, at, n int64) ([]byte, error) {
	b := make([]byte, n)
	if got, err := in.ReadAt(b, at); int64(got) < n && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	return b, nil
}

// notPDF says what a file seems to be instead.
func notPDF(head []byte) pipeline.Reason {
	if bytes.Contains(head, []byte("%PDF-")) {
		return pipeline.Reason{
			Code:       "pdf-preamble",
			English:    "something stands before the beginning of the PDF, which programs take differently; get the file as its issuer made it",
			Vietnamese: "Có dữ liệu lạ đứng trước phần đầu của PDF, các phần mềm có thể hiểu khác nhau. Hãy lấy lại tệp đúng như nơi phát hành.",
		}
	}
	english, vietnamese := looksLike(head)
	return pipeline.Reason{
		Code:       "not-a-pdf",
		English:    "the file is not a PDF but " + english + "; ask for the signed PDF, since signatures in other kinds of files cannot be checked here",
		Vietnamese: "Tệp này không phải PDF mà là " + vietnamese + ". Ở đây chỉ kiểm tra được chữ ký số trong tệp PDF; hãy lấy bản PDF đã ký.",
	}
}

func looksLike(head []byte) (english, vietnamese string) {
	media := http.DetectContentType(head)
	switch {
	case strings.HasPrefix(media, "image/"), bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return "a picture", "tệp ảnh"
	case media == "application/zip":
		return "an Office document or an archive (ZIP)", "tệp Word, Excel hoặc tệp nén (ZIP)"
	case bytes.HasPrefix(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"), []byte("<?xml")), strings.HasPrefix(media, "text/html"):
		return "an XML or web page", "tệp XML hoặc trang web"
	case strings.HasPrefix(media, "text/"):
		return "plain text", "tệp văn bản thường"
	}
	return "of a kind not known here", "một loại tệp không rõ"
}

// damagedFile is why a file that looks like a PDF cannot be judged.
func damagedFile(e *Examined) pipeline.Reason {
	if e.Encrypted {
		return pipeline.Reason{
			Code:       "encrypted-pdf",
			English:    "the PDF is encrypted in a way that hides its signatures; ask its issuer for the signed file without a password",
			Vietnamese: "PDF được mã hóa hoặc đặt mật khẩu nên không đọc được chữ ký bên trong. Hãy đề nghị nơi gửi cung cấp bản không đặt mật khẩu.",
		}
	}
	return pipeline.Reason{
		Code:       "damaged-pdf",
		English:    "the structure of the PDF is damaged, and what it shows cannot be told for certain; get the file again from its issuer",
		Vietnamese: "Cấu trúc tệp PDF bị hỏng nên không thể khẳng định nội dung và chữ ký. Hãy lấy lại tệp từ nơi phát hành.",
	}
}
