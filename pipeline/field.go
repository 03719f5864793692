package pipeline

// Field (trường thông tin) is one datum of a paper's content.
type Field struct {
	Name       FieldName `json:"name"`
	Value      string    `json:"value"`
	Confidence float32   `json:"conf"` // 0 to 100
	Source     Source    `json:"source"`
	Page       int       `json:"page,omitzero"` // 1-based, 0 if it stands on no page
	Box        Box       `json:"box,omitzero"`
}

// FieldName is the stable name of a field.
type FieldName string

// The fields known so far.
const (
	FieldDossier FieldName = "dossier_number"  // mã số hồ sơ
	FieldNumber  FieldName = "document_number" // số, ký hiệu
	FieldDate    FieldName = "issue_date"      // ngày ban hành, ISO 8601
	FieldTitle   FieldName = "title"           // tên loại
	FieldSubject FieldName = "subject"         // trích yếu nội dung
	FieldIssuer  FieldName = "issuer"          // cơ quan ban hành
	FieldSigner  FieldName = "signer"          // người ký
	FieldClass   FieldName = "class"           // loại giấy tờ

	FieldOwnerID   FieldName = "owner_id"   // số định danh của chủ sở hữu
	FieldOwnerName FieldName = "owner_name" // tên chủ sở hữu
)

// Source says who or what stated a field.
type Source string

// The sources of a field, the most trusted first.
const (
	ByPerson Source = "person"
	ByAPI    Source = "api"
	ByQR     Source = "qr"   // a QR code or a barcode on the paper
	ByText   Source = "text" // the file's own text
	ByOCR    Source = "ocr"
)

// FieldOf gives the first field of that name, which is the best.
func FieldOf(fields []Field, name FieldName) (f Field, ok bool) {
	for _, f := range fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// WithField gives fields with f in the place of the field of its name, or at the
// end. The slice given is left as it was.
func WithField(fields []Field, f Field) []Field {
	out := make([]Field, 0, len(fields)+1)
	for _, old := range fields {
		if old.Name != f.Name {
			out = append(out, old)
		}
	}
	return append(out, f)
}
