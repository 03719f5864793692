package morning_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hoso/pipeline"
)

// busyNight is a night as offices have them: three scanners, of which one gets dirty after
// midnight, a stop in between, and everything that can be in the way of a file.
func busyNight(t *testing.T) *shelf {
	t.Helper()
	s := newShelf(t)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // always the same night
	devices := []string{"Fujitsu fi-7160", "Canon DR-C225 II", "Epson DS-530"}
	at := dusk().Add(4 * time.Minute)
	for i := range 240 {
		device := random.IntN(3)
		at = at.Add(time.Duration(40+random.IntN(80)) * time.Second)
		if i == 150 {
			at = at.Add(47 * time.Minute)
		}
		path := fmt.Sprintf("Hộp %02d – Đất đai 2014/H42.15-14%02d%02d-%04d/giấy chứng nhận %03d.pdf", i/60+1, i%12+1, i%28+1, i/3, i)
		s.one(path, pipeline.Filed, func(p *pipeline.Paper) {
			p.Received, p.FiledAt, p.Pages = at, at.Add(90*time.Second), 1+random.IntN(6)
			p.Scan = pipeline.ScanQuality{Device: devices[device], Confidence: 88 + 6*random.Float32(), Words: 300 * p.Pages, Millis: int64(900+random.IntN(900)) * int64(p.Pages)}
			mark := func(what string, conf float32) {
				p.Scan.Counts = append(p.Scan.Counts, pipeline.FlagOf{What: what, Pages: 1})
				p.Scan.Pages = append(p.Scan.Pages, pipeline.PageMark{Page: 1 + random.IntN(p.Pages), Confidence: conf, What: []string{what}})
			}
			switch {
			case device == 1 && i > 140:
				p.Scan.Confidence -= 9
				mark("streaked", 78)
			case i%17 == 0:
				mark("doubtful", 50+float32(i%23))
			case i%23 == 0:
				mark("skewed", 88)
			case i%31 == 0:
				mark("blank", 0)
			case i%47 == 0:
				mark("low_resolution", 80)
			case i%61 == 0:
				mark("cropped", 83)
			case i%13 == 0 && p.Pages > 1:
				p.Scan.Counts = append(p.Scan.Counts, pipeline.FlagOf{What: "repeated", Pages: 1})
				p.Scan.Pages = append(p.Scan.Pages, pipeline.PageMark{Page: p.Pages, Confidence: 91, Repeats: p.Pages - 1, What: []string{"repeated"}})
			}
		})
	}
	s.trouble()
	s.end(pipeline.RunUntil, at.Add(10*time.Minute))
	_, err := s.catalog.DrawChecks(t.Context(), night, .05, at)
	s.must(err)
	checks, err := s.catalog.Checks(t.Context(), night)
	s.must(err)
	for i, c := range checks[:len(checks)-2] {
		c.By, c.At, c.Good = []string{"hoa", "minh"}[i%2], at.Add(time.Hour), i != 3
		if !c.Good {
			c.Note = "Trang 2 bị gấp góc, mất dấu giáp lai"
		}
		s.must(s.catalog.PutCheck(t.Context(), c))
	}
	s.scope.Now = at.Add(2 * time.Hour)
	return s
}

// trouble is what a night leaves to people.
func (s *shelf) trouble() {
	for i := range 9 {
		s.one(fmt.Sprintf("Hộp 05/không số/đơn %d.pdf", i), pipeline.Confirming, func(p *pipeline.Paper) {
			p.Asked = []pipeline.Reason{why("number-missing", "Không tìm thấy mã số hồ sơ trên giấy tờ. Hãy nhập mã số.")}
			if i < 3 {
				p.Asked = append(p.Asked, why("owner-unsure", "Tên chủ sở hữu đọc chưa chắc. Hãy so với bản quét rồi xác nhận."))
			}
		})
	}
	for i := range 2 {
		s.one(fmt.Sprintf("Hộp 05/H42.15-140305-0007/quyết định %d.pdf", i), pipeline.Signing, nil)
	}
	s.one("Hộp 05/H42.15-140305-0007/hỏng.pdf", pipeline.Rejected, func(p *pipeline.Paper) {
		p.Reason = why("damaged-pdf", "Tệp PDF bị hỏng, không mở được trang nào. Hãy quét lại.")
	})
	s.one("Hộp 05/H42.15-140305-0009/đơn.pdf", pipeline.Failed, func(p *pipeline.Paper) {
		p.Reason, p.RetryAt = why("timestamp-down", "Máy chủ dấu thời gian không trả lời; giấy tờ vẫn an toàn."), dusk().Add(11*time.Hour)
	})
	s.tick(
		pipeline.ShelfFile{Path: "Hộp 06/H42.15-1403/a.pdf", Size: 9, State: pipeline.FileHeld, Reason: why("number-garbled", "Tên thư mục có mã số trông như mã số hồ sơ nhưng sai mẫu. Hãy sửa tên cho đúng mã số in trên hồ sơ.")},
		pipeline.ShelfFile{Path: "Hộp 06/H42.15-1403/b.pdf", Size: 9, State: pipeline.FileHeld, Reason: why("number-garbled", "Tên thư mục có mã số trông như mã số hồ sơ nhưng sai mẫu. Hãy sửa tên cho đúng mã số in trên hồ sơ.")},
		pipeline.ShelfFile{Path: "Hộp 06/ghi chú.docx", Size: 9, State: pipeline.FileRefused, Reason: why("format-unknown", "Tệp loại “docx” không phải bản quét. Hãy lưu lại thành PDF, hoặc bỏ ra khỏi tủ nếu không thuộc hồ sơ.")},
		pipeline.ShelfFile{Path: "Hộp 06/trắng.pdf", Size: 0, State: pipeline.FileRefused, Reason: why("empty-file", "Tệp rỗng (0 byte). Hãy quét lại trang này.")},
		pipeline.ShelfFile{Path: "Hộp 07/đang quét.pdf", Size: 9, State: pipeline.FileWaiting, Reason: why("still-changing", "Tệp vừa được ghi, có thể máy quét chưa ghi xong. Hệ thống sẽ tự nhận khi tệp không đổi nữa.")},
		pipeline.ShelfFile{Path: "Thumbs.db", Size: 9, State: pipeline.FileIgnored},
		pipeline.ShelfFile{Path: "Hộp 01 – Đất đai 2014/bảng kê.xlsx", Size: 9, State: pipeline.FileIgnored, Remarks: []pipeline.Reason{
			why("row-without-file", "Bảng kê, dòng 14: không có giấy tờ nào trong thư mục cho dòng này. Hãy tìm giấy tờ hoặc gạch dòng."),
			why("row-without-file", "Bảng kê, dòng 31: không có giấy tờ nào trong thư mục cho dòng này. Hãy tìm giấy tờ hoặc gạch dòng."),
		}},
	)
}
