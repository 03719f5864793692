package report

import (
	"fmt"
	"strings"
	"time"
)

// both fills the same values into a sentence of each language.
func both(english, vietnamese string, values ...any) Text {
	return Text{fmt.Sprintf(english, values...), fmt.Sprintf(vietnamese, values...)}
}

// same is what reads alike in both languages.
func same(s string) Text { return Text{s, s} }

// and puts one sentence behind another.
func (t Text) and(more Text) Text {
	return Text{trim(t.English + " " + more.English), trim(t.Vietnamese + " " + more.Vietnamese)}
}

func trim(s string) string { return strings.TrimSpace(s) }

// vietnam is the time zone of all sentences: seven hours ahead, without summer time.
func vietnam() *time.Location { return time.FixedZone("+07", 7*60*60) }

// moment writes a time to the second, with its zone where a reader may wonder.
func moment(t time.Time) Text {
	t = t.In(vietnam())
	return Text{t.Format("2006-01-02 15:04:05 -07"), t.Format("15:04:05 ngày 02/01/2006")}
}

// day writes a date.
func day(t time.Time) Text {
	t = t.In(vietnam())
	return Text{t.Format("2006-01-02"), t.Format("02/01/2006")}
}

// count writes a number with the thousands apart, as each language does.
func count(n int64) Text {
	digits := fmt.Sprint(n)
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	groups = append([]string{digits}, groups...)
	return Text{strings.Join(groups, ","), strings.Join(groups, ".")}
}

// fill puts texts into a sentence of each language, in their order.
func fill(english, vietnamese string, texts ...Text) Text {
	var en, vi []any
	for _, t := range texts {
		en, vi = append(en, t.English), append(vi, t.Vietnamese)
	}
	return Text{fmt.Sprintf(english, en...), fmt.Sprintf(vietnamese, vi...)}
}

// named is a name, or a word for who has none.
func named(name string) Text {
	if name == "" {
		return Text{"someone not named", "người chưa rõ tên"}
	}
	return same(name)
}
