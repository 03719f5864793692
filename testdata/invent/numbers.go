package invent

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is what a number is.
type Kind string

// The kinds of numbers.
const (
	Dossier   Kind = "dossier"   // H98.15-260305-0042, also with an older code or a longer date
	Identity  Kind = "id"        // the twelve digits of a person
	Tax       Kind = "tax"       // ten digits, of which the last checks the rest, or thirteen
	Document  Kind = "document"  // 163/QĐ-UBND
	Date      Kind = "date"      // in digits or in words
	Money     Kind = "money"     // 1.250.000 đồng
	Procedure Kind = "procedure" // 1.005129
	Phone     Kind = "phone"
)

// Number is a number as it is printed.
type Number struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text"`
}

// Numbers gives all numbers that were said, in order.
func (v *Voice) Numbers() []Number { return v.said }

// say remembers a number.
func (v *Voice) say(k Kind, text string) string {
	v.said = append(v.said, Number{k, text})
	return text
}

// Dossier gives a dossier's number of the day d: the code of an agency, old or new,
// the date in six or eight digits, and the day's counter.
func (v *Voice) Dossier(d time.Time) string {
	unit := fmt.Sprintf("H98.%02d", 11+v.r.IntN(60))
	switch v.r.IntN(4) {
	case 0:
		unit = fmt.Sprintf("000.00.%02d.H98", 11+v.r.IntN(60))
	case 1:
		unit = fmt.Sprintf("H98.%02d.%03d", 11+v.r.IntN(60), 1+v.r.IntN(300))
	}
	if v.r.IntN(4) == 0 {
		return v.say(Dossier, fmt.Sprintf("%s-%s-%07d", unit, d.Format("20060102"), 1+v.r.IntN(99999)))
	}
	return v.say(Dossier, fmt.Sprintf("%s-%s-%04d", unit, d.Format("060102"), 1+v.r.IntN(2400)))
}

// provinces gives the codes of those in which births were registered (Circular
// 07/2016/TT-BCA, appendix 1).
func provinces() []int {
	return []int{
		1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46,
		48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
	}
}

// Identity gives the twelve digits of somebody born in a year: province, century
// and sex, year, six more (Circular 59/2021/TT-BCA, article 4).
func (v *Voice) Identity(born int) string {
	century := (born/100-19)*2 + v.r.IntN(2)
	return v.say(Identity, fmt.Sprintf("%03d%d%02d%06d", provinces()[v.r.IntN(96)%len(provinces())], century, born%100, v.r.IntN(1000000)))
}

// Tax gives the number of a taxpayer, sometimes that of a branch.
func (v *Voice) Tax() string {
	for {
		nine := fmt.Sprintf("%02d%07d", 1+v.r.IntN(99), v.r.IntN(10000000))
		check, ok := TaxCheck(nine)
		if !ok {
			continue
		}
		number := nine + strconv.Itoa(check)
		if v.r.IntN(4) == 0 {
			number += fmt.Sprintf("-%03d", 1+v.r.IntN(30))
		}
		return v.say(Tax, number)
	}
}

// TaxCheck gives the tenth digit for the first nine: ten less the weighted sum
// modulo eleven. Nine digits for which that is ten are never given out.
func TaxCheck(nine string) (digit int, ok bool) {
	sum := 0
	for i, weight := range [9]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
		sum += weight * int(nine[i]-'0')
	}
	digit = 10 - sum%11
	return digit, digit < 10
}

// Symbol gives the number and symbol of a document; numbers below ten have a zero
// before them.
func (v *Voice) Symbol(symbol string) string {
	n := 1 + v.r.IntN(3000)
	if v.r.IntN(3) == 0 {
		n = 1 + v.r.IntN(30)
	}
	return v.say(Document, fmt.Sprintf("%02d/%s", n, symbol))
}

// Law gives the number and symbol of a document of the state, with its year.
func (v *Voice) Law() string {
	symbol := v.Pick("NĐ-CP", "NĐ-CP", "TT-BTP", "TT-BNV", "TT-BTC", "TT-BXD", "TT-BNNMT", "QĐ-TTg", "TT-BGDĐT", "TT-BYT", "TT-VPCP", "NQ-HĐND")
	return v.say(Document, fmt.Sprintf("%02d/%d/%s", 1+v.r.IntN(190), 2015+v.r.IntN(11), symbol))
}

// Money gives a sum in đồng.
func (v *Voice) Money() string {
	scale := []int{500, 1000, 5000, 50000, 1000000}[v.r.IntN(5)]
	return v.say(Money, Thousands((1+v.r.IntN(2500))*scale)+" đồng")
}

// Thousands writes a number with a point between groups of three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	var out strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			out.WriteByte('.')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// Procedure gives the code of an administrative procedure.
func (v *Voice) Procedure() string {
	code := fmt.Sprintf("%d.%06d", 1+v.r.IntN(3), 1000+v.r.IntN(13000))
	if v.r.IntN(3) == 0 {
		code += ".000.00.00.H98"
	}
	return v.say(Procedure, code)
}

// Phone gives a telephone's number that nobody can have.
func (v *Voice) Phone() string {
	if v.r.IntN(2) == 0 {
		return v.say(Phone, fmt.Sprintf("0000 %03d %03d", v.r.IntN(1000), v.r.IntN(1000)))
	}
	return v.say(Phone, fmt.Sprintf("0000.%03d.%03d", v.r.IntN(1000), v.r.IntN(1000)))
}

// Day gives a date in digits.
func (v *Voice) Day(d time.Time) string { return v.say(Date, d.Format("02/01/2006")) }

// LongDay gives a date in words: days below ten and the first two months take a
// zero (Decree 30/2020, Appendix I).
func (v *Voice) LongDay(d time.Time) string {
	month := strconv.Itoa(int(d.Month()))
	if d.Month() <= time.February {
		month = "0" + month
	}
	return v.say(Date, fmt.Sprintf("ngày %02d tháng %s năm %d", d.Day(), month, d.Year()))
}
