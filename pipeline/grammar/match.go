package grammar

import (
	"errors"
	"time"
)

// Kind is what an identifier identifies.
type Kind string

// The kinds.
const (
	Dossier       Kind = "dossier"       // mã số hồ sơ: H42.15-221011-0001
	Insurance     Kind = "insurance"     // of social insurance: 03706/2026/07906
	Procedure     Kind = "procedure"     // mã TTHC: 2.000815.000.00.00.H55
	Domain        Kind = "domain"        // mã lĩnh vực: G03-GD10
	Result        Kind = "result"        // mã kết quả: KQ.G07.000122
	Component     Kind = "component"     // mã thành phần hồ sơ: 000.00.00.G09-KQ002269
	Citizen       Kind = "citizen"       // số định danh cá nhân, căn cước: 12 digits
	OldID         Kind = "old_id"        // chứng minh nhân dân: 9 digits
	Tax           Kind = "tax"           // mã số thuế: 0100109106, of a branch 0100109106-001
	Document      Kind = "document"      // số, ký hiệu: 15/QĐ-BNV, 163/2025/QĐ-CTUBND
	Date          Kind = "date"          // 05/3/2024, ngày 05 tháng 3 năm 2024
	Place         Kind = "place"         // địa danh before a date in words
	Certification Kind = "certification" // số chứng thực
	Book          Kind = "book"          // quyển số, of certifications: 01-SCT/BS
	LandSerial    Kind = "land_serial"   // số phát hành of a land certificate: BA 123456
	LandRegister  Kind = "land_register" // số vào sổ cấp giấy chứng nhận
	Parcel        Kind = "parcel"        // thửa đất số
	MapSheet      Kind = "map_sheet"     // tờ bản đồ số
	Phone         Kind = "phone"         // 0912 345 678, 024.3976.2153
	Money         Kind = "money"         // 1.250.000 đồng
)

// Match is one identifier.
type Match struct {
	Kind     Kind
	Value    string // the same for all ways of writing the same thing
	Printed  string // as it was printed: misreadings mended, nothing rewritten
	Start    int    // the bytes it takes in the text given
	End      int
	Labelled bool // words before it say what it is
	Repairs  []Repair
	Facts    Facts
}

// Repair is one character that was misread.
type Repair struct {
	At  int    // the byte in the text given
	Was string // as read
	Is  string // as it must have been printed; "" if nothing was
}

// Misread counts the letters that were taken for digits. Signs and the strokes of Đ are
// told from the grammar alone; a digit might have been another.
func (m Match) Misread() int {
	n := 0
	for _, r := range m.Repairs {
		if r.Is >= "0" && r.Is <= "9" {
			n++
		}
	}
	return n
}

// Facts is what an identifier states, against which other fields can be held. What it
// does not state is zero.
type Facts struct {
	Unit      string    // of a dossier or code: the canonical code of the unit, H42.15
	Authority string    // the name of its first level, if the rules know it
	Day       time.Time // of receipt, or the date; midnight UTC
	Counter   int       // the order of the day, or of the year
	Province  string    // the code of the province where a citizen's birth is registered
	Home      string    // and its name
	Sex       Sex
	Born      int // the year
	Number    int // of a document
	Year      int // of a document, as it states it
	Symbol    string
	Branch    string // of a taxpayer
	Amount    int64  // in đồng
}

// Sex is that which a citizen's number states.
type Sex string

// The sexes of the law of identity.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// ErrForm is returned for a text that is no identifier of the kind asked for.
var ErrForm = errors.New("not of this form")
