package web

import (
	"encoding/json"
	"fmt"
	"strings"

	"hoso/pipeline"
	"hoso/pipeline/policy"
)

// What the screen says of fields, of what a dossier needs, and of what people changed.

func sayField(n pipeline.FieldName) string { return orElse(fieldNames()[n], string(n)) }

func fieldNames() map[pipeline.FieldName]string {
	return map[pipeline.FieldName]string{
		pipeline.FieldDossier:       "Mã số hồ sơ",
		pipeline.FieldNumber:        "Số, ký hiệu",
		pipeline.FieldDate:          "Ngày ban hành",
		pipeline.FieldTitle:         "Tên loại",
		pipeline.FieldSubject:       "Trích yếu",
		pipeline.FieldIssuer:        "Cơ quan ban hành",
		pipeline.FieldSigner:        "Người ký",
		pipeline.FieldClass:         "Loại giấy tờ",
		pipeline.FieldParent:        "Cơ quan chủ quản",
		pipeline.FieldIssuerCode:    "Mã cơ quan ban hành",
		pipeline.FieldIssuerName:    "Cơ quan ban hành theo danh mục",
		pipeline.FieldPlace:         "Địa danh",
		pipeline.FieldAddressee:     "Kính gửi",
		pipeline.FieldRecipients:    "Nơi nhận",
		pipeline.FieldAuthority:     "Quyền hạn ký",
		pipeline.FieldPost:          "Chức vụ người ký",
		pipeline.FieldPages:         "Số trang",
		pipeline.FieldOwnerID:       "Số định danh của chủ sở hữu",
		pipeline.FieldOwnerName:     "Tên chủ sở hữu",
		pipeline.FieldOwnerBirth:    "Ngày sinh của chủ sở hữu",
		pipeline.FieldOwnerAddress:  "Địa chỉ của chủ sở hữu",
		pipeline.FieldProcedure:     "Mã thủ tục hành chính",
		pipeline.FieldComponent:     "Thành phần hồ sơ",
		pipeline.FieldTax:           "Mã số thuế, doanh nghiệp",
		pipeline.FieldLandSerial:    "Số phát hành giấy chứng nhận",
		pipeline.FieldLandBook:      "Số vào sổ cấp giấy chứng nhận",
		pipeline.FieldLandPlot:      "Thửa đất số",
		pipeline.FieldLandMap:       "Tờ bản đồ số",
		pipeline.FieldCertification: "Số chứng thực",
		pipeline.FieldCertBook:      "Quyển số chứng thực",
		pipeline.FieldValidUntil:    "Có giá trị đến",
	}
}

func sayNeed(s pipeline.NeedState) string {
	switch s {
	case pipeline.NeedMet:
		return "Đã có"
	case pipeline.NeedComing:
		return "Đang xử lý"
	case pipeline.NeedMissing:
		return "Còn thiếu"
	case pipeline.NeedSpare:
		return "Nộp khi có"
	}
	return string(s)
}

func toneNeed(s pipeline.NeedState) tone {
	switch s {
	case pipeline.NeedMet:
		return done
	case pipeline.NeedComing:
		return waiting
	case pipeline.NeedMissing:
		return refused
	case pipeline.NeedSpare:
	}
	return working
}

// sayUncoded tells why a paper has no digitization code.
func sayUncoded(why string) string {
	switch why {
	case "type-unknown":
		return "chưa cấp: chưa rõ mã loại giấy tờ"
	case "owner-unknown":
		return "chưa cấp: chưa rõ chủ sở hữu"
	case "owner-unsure":
		return "chưa cấp: số định danh của chủ sở hữu cần được xác nhận"
	}
	return why
}

// nameOf gives the name of one of several papers.
func nameOf(papers []shown, id pipeline.PaperID) string {
	for _, p := range papers {
		if p.ID == id {
			return p.FileName
		}
	}
	return "giấy tờ"
}

func saySource(s pipeline.Source) string {
	switch s {
	case pipeline.ByPerson:
		return "cán bộ nhập"
	case pipeline.ByAPI:
		return "phần mềm gửi"
	case pipeline.ByQR:
		return "mã QR, mã vạch"
	case pipeline.ByText:
		return "văn bản trong tệp"
	case pipeline.ByFile:
		return "đếm từ tệp"
	case pipeline.ByList:
		return "danh mục kèm bản quét"
	case pipeline.ByOCR:
		return "nhận dạng"
	}
	return string(s)
}

// saySure tells how sure a field is, and by whom it is known.
func saySure(f pipeline.Field, has bool) string {
	switch {
	case !has:
		return ""
	case f.Source == pipeline.ByPerson && f.Value == "":
		return "cán bộ xác nhận không có"
	case f.Source == pipeline.ByPerson:
		return "cán bộ đã xác nhận"
	}
	return fmt.Sprintf("%s, tin cậy %.0f %%", saySource(f.Source), f.Confidence)
}

// sayWhy tells what is doubtful about a field.
func sayWhy(w policy.Why) string {
	switch w {
	case policy.Missing:
		return "chưa tìm thấy"
	case policy.Unsure:
		return "chưa chắc"
	case policy.Misformed:
		return "không đúng mẫu"
	case policy.Contradicted:
		return "bảng kê và giấy tờ ghi khác nhau"
	}
	return ""
}

// sayChanges tells what a person changed, a sentence for each, and that a paper was known
// again when it was read.
func sayChanges(e pipeline.Event) []string {
	var c pipeline.Changes
	switch e.What {
	case "read", "words revised":
		if e.Detail != "" {
			return []string{"Có giấy tờ trông giống giấy tờ này."}
		}
	case "signatures judged":
		return sayJudged(e)
	case "parted", "split", "pages arranged", "collated", "merged":
		return sayPages(e)
	case "fields corrected", "fields confirmed", "words corrected", "signatures accepted":
		if err := json.Unmarshal([]byte(e.Detail), &c); err != nil {
			return nil
		}
	case "number set", "number confirmed":
		change := pipeline.Change{Name: pipeline.FieldDossier}
		if err := json.Unmarshal([]byte(e.Detail), &change); err != nil || change.After == "" {
			return nil
		}
		c.Fields = []pipeline.Change{change}
	}
	return sayEdits(c)
}

// sayEdits tells of changes by a person.
func sayEdits(c pipeline.Changes) []string {
	var all []string
	for _, f := range c.Fields {
		all = append(all, fmt.Sprintf("%s: %s → %s", sayField(f.Name), quoted(f.Before), quoted(f.After)))
	}
	for _, w := range c.Words {
		all = append(all, fmt.Sprintf("Trang %d: %s → %s", w.Page, quoted(w.Before), quoted(w.After)))
	}
	if len(c.Confirmed) > 0 {
		names := make([]string, len(c.Confirmed))
		for i, n := range c.Confirmed {
			names[i] = sayField(n)
		}
		all = append(all, "Đúng như máy đọc: "+strings.Join(names, ", "))
	}
	if c.Accepted != "" {
		all = append(all, "Nhận tệp dù chữ ký: "+sayArrival(pipeline.Arrival{Verdict: c.Accepted}))
	}
	return all
}

func quoted(s string) string {
	if s == "" {
		return "(không có)"
	}
	return "“" + s + "”"
}
