package paper

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Facts are the fields that stand on a paper, named as hoso names them; a field
// that the paper does not carry is empty.
type Facts struct {
	Dossier string `json:"dossier_number,omitempty"`
	Number  string `json:"document_number,omitempty"`
	Date    string `json:"issue_date,omitempty"` // ISO 8601
	Title   string `json:"title,omitempty"`
	Subject string `json:"subject,omitempty"`
	Issuer  string `json:"issuer,omitempty"`
	Signer  string `json:"signer,omitempty"`

	Parent     string `json:"parent_issuer,omitempty"`
	Place      string `json:"place,omitempty"`
	Addressee  string `json:"addressee,omitempty"`
	Recipients string `json:"recipients,omitempty"` // without Lưu
	Authority  string `json:"signer_authority,omitempty"`
	Post       string `json:"signer_title,omitempty"`
	Pages      string `json:"page_count,omitempty"`

	OwnerID      string `json:"owner_id,omitempty"`
	OwnerName    string `json:"owner_name,omitempty"`
	OwnerBirth   string `json:"owner_birth,omitempty"` // ISO 8601, or the year
	OwnerAddress string `json:"owner_address,omitempty"`

	Procedure     string `json:"procedure,omitempty"`
	Tax           string `json:"tax_number,omitempty"`
	LandSerial    string `json:"land_serial,omitempty"`
	LandBook      string `json:"land_book,omitempty"`
	LandPlot      string `json:"land_plot,omitempty"`
	LandMap       string `json:"land_map,omitempty"`
	Certification string `json:"certification,omitempty"`
	CertBook      string `json:"certification_book,omitempty"`
	ValidUntil    string `json:"valid_until,omitempty"` // ISO 8601
}

// sent notes who gets the paper, one on a line; where it is filed is no addressee.
func (f *Facts) sent(copies ...string) {
	var to []string
	for _, c := range copies {
		if c = strings.Trim(c, "- ;."); c != "" && !strings.HasPrefix(c, "Lưu") {
			to = append(to, c)
		}
	}
	f.Recipients = strings.Join(to, "; ")
}

// signed notes the lines above a signature, the powers first, and the name below it.
func (f *Facts) signed(post, name string) {
	var powers, posts []string
	for line := range strings.SplitSeq(post, "\n") {
		head, _, dotted := strings.Cut(line, ".")
		if dotted && slices.Contains([]string{"TM", "KT", "TL", "TUQ", "Q"}, head) {
			powers = append(powers, line)
		} else {
			posts = append(posts, line)
		}
	}
	f.Authority, f.Post, f.Signer = strings.Join(powers, "; "), strings.Join(posts, " "), name
}

// cast is everything invented for one paper.
type cast struct {
	rnd       *rand.Rand
	parent    string // the agency above the issuer, in capitals
	issuer    string // in capitals
	ward      string
	place     string // before the date
	citizen   string
	signer    string
	post      string
	subject   string
	street    string
	dossier   string
	number    int
	date      time.Time
	household int
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

// castOf makes up people, places and numbers from a seed.
func castOf(seed uint64) cast {
	r := rand.New(rand.NewPCG(seed, 0x686f736f))
	date := time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(300))
	ward := pick(r, "Đồng Mây", "Hạ Liễu", "Thượng Quế", "Vạn Sở", "Khánh Đường", "Yên Trữ", "Phú Nghĩa Đông")
	c := cast{
		rnd:     r,
		parent:  "ỦY BAN NHÂN DÂN TỈNH HẢI SƠN",
		issuer:  "ỦY BAN NHÂN DÂN PHƯỜNG " + strings.ToUpper(ward),
		ward:    ward,
		place:   ward,
		citizen: person(r),
		signer:  person(r),
		post:    pick(r, "CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
		subject: pick(r,
			"cấp giấy phép xây dựng nhà ở riêng lẻ",
			"hỗ trợ chi phí học tập cho học sinh thuộc hộ cận nghèo",
			"điều chỉnh diện tích thửa đất ghi trên giấy chứng nhận",
			"đăng ký hoạt động hộ kinh doanh ăn uống",
			"trợ cấp xã hội hằng tháng đối với người khuyết tật nặng"),
		street:    pick(r, "Trần Phúc Lộc", "Ngõ Giếng Đình", "Đê Quai", "Bờ Sông Nhuệ Con", "Cầu Ghẽ"),
		number:    12 + r.IntN(880),
		date:      date,
		household: 1 + r.IntN(190),
	}
	unit := fmt.Sprintf("%02d", 11+r.IntN(60))
	counter := 1 + r.IntN(420)
	if r.IntN(2) == 0 {
		c.dossier = fmt.Sprintf("000.00.%s.H98-%s-%04d", unit, date.Format("060102"), counter)
	} else {
		c.dossier = fmt.Sprintf("H98.%s-%s-%04d", unit, date.Format("060102"), counter)
	}
	return c
}

// person makes up a name from parts that are common in no one's telephone book
// together.
func person(r *rand.Rand) string {
	return strings.Join([]string{
		pick(r, "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô"),
		pick(r, "Thị", "Văn", "Đức", "Hữu", "Ngọc", "Quỳnh"),
		pick(r, "Khởi", "Thiệp", "Ưng", "Trưởng", "Mẫn", "Ẩn"),
		pick(r, "Nhiễu", "Sưởng", "Bưởi", "Quýt", "Thoảng", "Diễm", "Nghiêu", "Tuyển"),
	}, " ")
}

// longDate writes the date as the header of an official paper does: days below ten
// and the months January and February take a zero (Decree 30/2020, Appendix I).
func longDate(place string, d time.Time) string {
	return fmt.Sprintf("%s, %s", place, shortDate(d))
}

func shortDate(d time.Time) string {
	month := fmt.Sprint(int(d.Month()))
	if d.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", d.Day(), month, d.Year())
}
