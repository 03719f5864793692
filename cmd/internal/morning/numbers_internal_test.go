package morning

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hoso/pipeline"
)

func series(random *rand.Rand, means ...float64) []point {
	var out []point
	for i, m := range means {
		out = append(out, point{at: int64(i) * 60, conf: float32(m + 4*random.NormFloat64())})
	}
	return out
}

func level(n int, m float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = m
	}
	return out
}

// TestSteadyScannersAreLeftAlone: of series that fall nowhere fewer than one in a thousand
// is told to fall, however long they are.
func TestSteadyScannersAreLeftAlone(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // always the same
	for _, n := range []int{24, 40, 100, 500, 2000} {
		told := 0
		for range 4000 {
			if fallOf(series(random, level(n, 88)...)) != nil {
				told++
			}
		}
		if told > 4 {
			t.Errorf("of 4,000 steady series of %d papers %d fall", n, told)
		}
	}
}

func TestFallIsFound(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // always the same
	for _, c := range []struct {
		name    string
		means   []float64
		falls   bool
		around  int // paper at which it begins
		spread  int
		atLeast float64
	}{
		{"late streak", append(level(100, 90), level(30, 80)...), true, 100, 3, 8},
		{"early streak", append(level(14, 90), level(60, 78)...), true, 14, 3, 10},
		{"slow", append(append(level(60, 92), level(60, 87)...), level(60, 82)...), true, 90, 35, 6},
		{"rise", append(level(60, 80), level(60, 92)...), false, 0, 0, 0},
		{"below notice", append(level(400, 90), level(400, 88)...), false, 0, 0, 0},
		{"one bad stack at the end", append(level(100, 90), level(4, 60)...), false, 0, 0, 0},
		{"few papers", append(level(5, 90), level(5, 60)...), false, 0, 0, 0},
	} {
		fall := fallOf(series(random, c.means...))
		if (fall != nil) != c.falls {
			t.Errorf("%s: %+v", c.name, fall)
			continue
		}
		if fall == nil {
			continue
		}
		at := len(c.means) - fall.Papers
		if at < c.around-c.spread || at > c.around+c.spread || fall.Before-fall.After < c.atLeast || !fall.Since.Equal(time.Unix(int64(at)*60, 0)) {
			t.Errorf("%s: falls at %d: %+v", c.name, at, fall)
		}
	}
}

func at(clock string) time.Time {
	when, err := time.Parse("2006-01-02 15:04", "2026-12-"+clock)
	if err != nil {
		panic(err)
	}
	return when
}

func run(n int, began, ended string, how pipeline.RunEnd) RunShown {
	r := RunShown{Run: pipeline.Run{N: n, Began: at(began), Beat: at(ended), How: how}}
	if how != "" && how != pipeline.RunLost {
		r.Ended = at(ended)
	}
	return r
}

// TestNightOfSeveral shows the last of two nights, in which one run was killed and the
// next one found nothing to file for an hour.
func TestNightOfSeveral(t *testing.T) {
	t.Parallel()
	runs := []RunShown{
		run(1, "01 14:00", "01 23:00", pipeline.RunUntil),
		run(2, "03 14:00", "03 16:00", pipeline.RunLost),
		run(3, "03 18:00", "03 20:30", pipeline.RunDone),
	}
	var filed []filing
	for when := at("01 14:10"); when.Before(at("01 20:00")); when = when.Add(time.Minute) {
		filed = append(filed, filing{when.Unix(), 3})
	}
	for when := at("03 14:05"); !when.After(at("03 16:00")); when = when.Add(time.Minute) {
		filed = append(filed, filing{when.Unix(), 2})
	}
	for when := at("03 19:00"); !when.After(at("03 20:30")); when = when.Add(time.Minute) {
		filed = append(filed, filing{when.Unix(), 2})
	}
	n := nightOf(runs, filed, at("04 00:00"))
	if !n.From.Equal(at("03 14:00")) || !n.To.Equal(at("03 20:30")) || n.Papers != 116+91 || n.Pages != 2*n.Papers {
		t.Errorf("the night is from %s to %s with %d papers", n.From, n.To, n.Papers)
	}
	if len(n.Gaps) != 1 || !n.Gaps[0].From.Equal(at("03 18:00")) || !n.Gaps[0].To.Equal(at("03 19:00")) {
		t.Errorf("gaps: %+v", n.Gaps)
	}
	if n.Hours < 4.5 || n.Hours > 4.6 {
		t.Errorf("%f hours of work, want 4.5: the pause between runs is none", n.Hours)
	}
	sum := 0
	for _, s := range n.Steps {
		sum += s.Papers
	}
	if int64(sum) != n.Papers || len(n.Steps) > mostSteps+1 {
		t.Errorf("%d papers in %d steps", sum, len(n.Steps))
	}
	creditRuns(runs, filed)
	if runs[0].Papers != 350 || runs[1].Papers != 116 || runs[2].Papers != 91 {
		t.Errorf("credited: %d, %d, %d", runs[0].Papers, runs[1].Papers, runs[2].Papers)
	}
	if empty := nightOf(nil, nil, at("04 00:00")); len(empty.Steps) != 0 {
		t.Errorf("a night without anything: %+v", empty)
	}
}

// TestLongNight: a run of days is shown by its last 24 hours.
func TestLongNight(t *testing.T) {
	t.Parallel()
	filed := []filing{{at("01 10:00").Unix(), 1}, {at("05 10:00").Unix(), 1}}
	n := nightOf([]RunShown{run(1, "01 09:00", "05 12:00", "")}, filed, at("05 12:00"))
	if !n.From.Equal(at("04 12:00")) || n.Papers != 1 || len(n.Steps) > mostSteps+1 {
		t.Errorf("from %s with %d papers in %d steps", n.From, n.Papers, len(n.Steps))
	}
}

// TestSharesOfAGroup: of many cases that differ in few things it is told how many have each.
func TestSharesOfAGroup(t *testing.T) {
	t.Parallel()
	g := &gathering{groups: map[string]*groups{}}
	for i := range 30 {
		unit := []string{"H42.1", "H42.1", "H42.2"}[i%3]
		g.put(Asked, pipeline.Reason{Code: pipeline.ReasonUnitUnknown, Vietnamese: "Đơn vị " + unit + " không có trong danh mục."}, Case{})
		g.put(Remarks, pipeline.Reason{Code: "row", Vietnamese: fmt.Sprintf("Dòng %d không có giấy tờ nào.", i)}, Case{})
	}
	units := g.groups[Asked].ordered()[0]
	if fmt.Sprint(units.By) != "[{H42.1 20} {H42.2 10}]" || len(units.First()) != fewCases || units.Left() != 30-fewCases {
		t.Errorf("the units are %v, with %d cases and %d more", units.By, len(units.First()), units.Left())
	}
	if rows := g.groups[Remarks].ordered()[0]; rows.By != nil || len(rows.First()) != mostCases {
		t.Errorf("of rows that all differ it is told that they are %v", rows.By)
	}
}

func TestSentencesInCommon(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		all       []string
		say, last string
	}{
		{[]string{"Tệp rỗng.", "Tệp rỗng."}, "Tệp rỗng.", ""},
		{[]string{"Dòng 14: không có giấy tờ nào.", "Dòng 7: không có giấy tờ nào."}, "Dòng … không có giấy tờ nào.", "Dòng 7"},
		{[]string{"Thiếu trang.", "Mã số sai mẫu."}, "Thiếu trang.", "Mã số sai mẫu."},
		{[]string{"Thiếu trang.", "Mã số sai mẫu.", "Mã số sai mẫu."}, "Mã số sai mẫu.", "Mã số sai mẫu."},
		{[]string{"a b c d e", "a b c d x e"}, "a b c d … e", "x"},
		{[]string{"Đơn vị H42.1 không có trong danh mục.", "Đơn vị H42.2 không có trong danh mục."}, "Đơn vị … không có trong danh mục.", "H42.2"},
		{[]string{"Số trang bị thiếu 4 số. Hãy xem.", "Số trang bị thiếu 2 số. Hãy xem."}, "Số trang bị thiếu … số. Hãy xem.", "thiếu 2"},
		{[]string{"Giống hệt tệp “Máy quét 1/a.pdf” của cùng hồ sơ.", "Giống hệt tệp “Máy quét 2/b.pdf” của cùng hồ sơ."}, "Giống hệt tệp … của cùng hồ sơ.", "“Máy quét 2/b.pdf”"},
		{[]string{"Không tìm thấy mã số.", "Không tìm thấy mã số. Trang 4 mờ."}, "Không tìm thấy mã số.", "Trang 4 mờ"},
		{[]string{"", "Có lý do."}, "", "Có lý do."},
	} {
		var s sentence
		for _, one := range c.all {
			s.add(one)
		}
		if say, last := s.say(), s.own(c.all[len(c.all)-1]); say != c.say || last != c.last {
			t.Errorf("%q: %q and %q, want %q and %q", c.all, say, last, c.say, c.last)
		}
	}
}
