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

	FieldParent     FieldName = "parent_issuer"    // cơ quan chủ quản
	FieldIssuerCode FieldName = "issuer_code"      // mã của cơ quan ban hành trong danh mục
	FieldIssuerName FieldName = "issuer_name"      // tên của cơ quan ban hành trong danh mục
	FieldPlace      FieldName = "place"            // địa danh
	FieldAddressee  FieldName = "addressee"        // nơi gửi đến (Kính gửi); several are parted by "; "
	FieldRecipients FieldName = "recipients"       // nơi nhận, without Lưu; likewise
	FieldAuthority  FieldName = "signer_authority" // quyền hạn ký: TM., KT., TL., TUQ., Q.; likewise
	FieldPost       FieldName = "signer_title"     // chức vụ của người ký
	FieldPages      FieldName = "page_count"       // số trang

	FieldOwnerID      FieldName = "owner_id"      // số định danh của chủ sở hữu
	FieldOwnerName    FieldName = "owner_name"    // tên chủ sở hữu
	FieldOwnerBirth   FieldName = "owner_birth"   // ngày sinh của chủ sở hữu, ISO 8601, or the year alone
	FieldOwnerAddress FieldName = "owner_address" // địa chỉ của chủ sở hữu

	FieldProcedure     FieldName = "procedure"          // mã thủ tục hành chính
	FieldComponent     FieldName = "component"          // thành phần hồ sơ, by its code or its name
	FieldTax           FieldName = "tax_number"         // mã số thuế, mã số doanh nghiệp
	FieldLandSerial    FieldName = "land_serial"        // số phát hành giấy chứng nhận
	FieldLandBook      FieldName = "land_book"          // số vào sổ cấp giấy chứng nhận
	FieldLandPlot      FieldName = "land_plot"          // thửa đất số
	FieldLandMap       FieldName = "land_map"           // tờ bản đồ số
	FieldCertification FieldName = "certification"      // số chứng thực
	FieldCertBook      FieldName = "certification_book" // quyển số chứng thực
	FieldValidUntil    FieldName = "valid_until"        // có giá trị đến, ISO 8601
)

// ReadFields are the fields that can be read off a paper, in the order in which people
// look for them.
func ReadFields() []FieldName {
	return []FieldName{
		FieldDossier, FieldProcedure, FieldNumber, FieldDate, FieldPlace, FieldTitle, FieldSubject,
		FieldParent, FieldIssuer, FieldIssuerCode, FieldIssuerName, FieldAddressee,
		FieldOwnerName, FieldOwnerID, FieldOwnerBirth, FieldOwnerAddress, FieldTax,
		FieldLandSerial, FieldLandBook, FieldLandPlot, FieldLandMap,
		FieldCertification, FieldCertBook, FieldValidUntil,
		FieldAuthority, FieldPost, FieldSigner, FieldRecipients, FieldPages,
	}
}

// Source says who or what stated a field.
type Source string

// The sources of a field, the most trusted first.
const (
	ByPerson Source = "person"
	ByAPI    Source = "api"
	ByList   Source = "list" // a list that lay beside the scans (danh mục)
	ByQR     Source = "qr"   // a QR code or a barcode on the paper
	ByText   Source = "text" // the file's own text
	ByOCR    Source = "ocr"
	ByFile   Source = "file" // counted in the file
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
