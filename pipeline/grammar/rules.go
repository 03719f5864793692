package grammar

import (
	"strings"
	"time"
)

// Rules is what offices have laid down and may change. Rules in JSON, decoded over those
// of Default, replace what they name. The zero value of Today bounds nothing.
type Rules struct {
	Provinces   Table      `json:"provinces"`   // of registration of birth: "037 Ninh Bình"
	Authorities Table      `json:"authorities"` // of the first level: "H42 Ninh Bình"
	Strokes     Table      `json:"strokes"`     // initials that have a Đ: "QD QĐ"
	Tax         CheckDigit `json:"tax"`
	Dossiers    Years      `json:"dossiers"`  // in which numbers of dossiers are given
	Documents   Years      `json:"documents"` // that symbols of documents state
	Dates       Years      `json:"dates"`     // that papers speak of
	Centuries   int        `json:"centuries"` // digits of century and sex that are given out: 4 is 0 to 3
	MostRepairs int        `json:"most_repairs"`
	Today       time.Time  `json:"-"` // no dossier is received and nobody is born after it
}

// Table is a published list of codes.
type Table struct {
	Source string `json:"source"`
	From   string `json:"from,omitempty"`  // the first day in force, ISO 8601
	Until  string `json:"until,omitempty"` // the last
	Rows   string `json:"rows"`            // a code, a space and its name on each line
}

// Name gives the name of a code.
func (t Table) Name(code string) (name string, ok bool) {
	if code == "" || strings.ContainsAny(code, " \n") {
		return "", false
	}
	at := 0
	if !strings.HasPrefix(t.Rows, code+" ") {
		i := strings.Index(t.Rows, "\n"+code+" ")
		if i < 0 {
			return "", false
		}
		at = i + 1
	}
	name, _, _ = strings.Cut(t.Rows[at+len(code)+1:], "\n")
	return name, true
}

// InForce reports whether a table was in force on a day; on no day it always was.
func (t Table) InForce(day time.Time) bool {
	on := day.Format(time.DateOnly)
	return day.IsZero() || on >= t.From && (t.Until == "" || on <= t.Until)
}

// Years is a span of years, both included.
type Years struct {
	Source string `json:"source"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// Has reports whether a year lies in the span.
func (y Years) Has(year int) bool { return year >= y.From && year <= y.To }

// CheckDigit is a check of the last digit: Modulus less one less the weighted sum of the
// digits before it, modulo Modulus.
type CheckDigit struct {
	Source  string `json:"source"`
	Weights [9]int `json:"weights"`
	Modulus int    `json:"modulus"`
}

// Of gives the digit that follows the digits of head; it has two figures if head is
// never given out.
func (c CheckDigit) Of(head string) int {
	sum := 0
	for i, weight := range c.Weights {
		sum += weight * int(head[i]-'0')
	}
	return c.Modulus - 1 - sum%c.Modulus
}

// Default gives the rules as known at the writing of this package. Those marked
// unverified await the agency's lawyers.
func Default() Rules {
	return Rules{
		Provinces: Table{
			Source: "Circular 07/2016/TT-BCA, appendix 1; Circular 59/2021/TT-BCA, article 4",
			From:   "2016-01-01", Rows: provinces,
		},
		Authorities: Table{
			Source: "Decision 20/2020/QĐ-TTg; rows seen in live data, and H25, H40, H42 by the order of the alphabet (unverified)",
			Rows:   authorities,
		},
		Strokes:   Table{Source: "Decree 30/2020/NĐ-CP, appendix III; names of ministries", Rows: strokes},
		Tax:       CheckDigit{Source: "unverified; python-stdnum and others agree", Weights: [9]int{31, 29, 23, 19, 17, 13, 7, 5, 3}, Modulus: 11},
		Dossiers:  Years{Source: "Circular 01/2018/TT-VPCP, article 19", From: 2018, To: 2099},
		Documents: Years{Source: "the first decree of the republic (unverified)", From: 1945, To: 2100},
		Dates:     Years{Source: "the oldest births and the longest terms on papers (unverified)", From: 1900, To: 2100},
		Centuries: 4, MostRepairs: 5,
	}
}

// provinces are all codes that exist, also of provinces that were merged on 1 July 2025:
// numbers given out before stay.
const provinces = `001 Hà Nội
002 Hà Giang
004 Cao Bằng
006 Bắc Kạn
008 Tuyên Quang
010 Lào Cai
011 Điện Biên
012 Lai Châu
014 Sơn La
015 Yên Bái
017 Hòa Bình
019 Thái Nguyên
020 Lạng Sơn
022 Quảng Ninh
024 Bắc Giang
025 Phú Thọ
026 Vĩnh Phúc
027 Bắc Ninh
030 Hải Dương
031 Hải Phòng
033 Hưng Yên
034 Thái Bình
035 Hà Nam
036 Nam Định
037 Ninh Bình
038 Thanh Hóa
040 Nghệ An
042 Hà Tĩnh
044 Quảng Bình
045 Quảng Trị
046 Thừa Thiên Huế
048 Đà Nẵng
049 Quảng Nam
051 Quảng Ngãi
052 Bình Định
054 Phú Yên
056 Khánh Hòa
058 Ninh Thuận
060 Bình Thuận
062 Kon Tum
064 Gia Lai
066 Đắk Lắk
067 Đắk Nông
068 Lâm Đồng
070 Bình Phước
072 Tây Ninh
074 Bình Dương
075 Đồng Nai
077 Bà Rịa - Vũng Tàu
079 Hồ Chí Minh
080 Long An
082 Tiền Giang
083 Bến Tre
084 Trà Vinh
086 Vĩnh Long
087 Đồng Tháp
089 An Giang
091 Kiên Giang
092 Cần Thơ
093 Hậu Giang
094 Sóc Trăng
095 Bạc Liêu
096 Cà Mau
`

const authorities = `H15 Đắk Lắk
H22 Hà Giang
H25 Hà Nam
H30 Hậu Giang
H38 Lào Cai
H40 Nam Định
H42 Ninh Bình
H55 Thái Nguyên
`

// strokes are initials of which recognizers lose the stroke of Đ.
const strokes = `QD QĐ
ND NĐ
HDND HĐND
HDQT HĐQT
BGDDT BGDĐT
BLDTBXH BLĐTBXH
`
