package morning

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// The chart of a night in its own units, which are pixels on a screen of usual size.
const (
	chartWidth  = 960
	chartLeft   = 46
	chartRight  = 8
	pagesTop    = 14
	pagesHeight = 130
	papersTop   = pagesTop + pagesHeight + 26
	papersHigh  = 46
	runsTop     = papersTop + papersHigh + 26
	runHeight   = 20
)

// fewestSteps is for how many steps there is room at least, lest a short run be one block.
const fewestSteps = 30

// Chart is a night as it is drawn.
type Chart struct {
	Width, Height   int
	Pages, Papers   []Bar
	PageLines       []Tick // horizontal, with what they stand for
	PaperTop        Tick
	Hours           []Tick // vertical
	Runs            []Band
	Gaps            []Band
	PagesBase       float64
	PapersBase      float64
	Left, Right     float64
	Top, HourBottom float64
}

// Bar is one step.
type Bar struct {
	X, Y, W, H float64
	Say        string
}

// Tick is a line and what it stands for.
type Tick struct {
	At  float64
	Say string
}

// Band is a piece of time.
type Band struct {
	X, Y, W, H float64
	Say        string
	Note       string // longer, for who points at it
	Inside     bool   // Say fits within
}

// Chart draws the night.
func (r *Report) Chart() *Chart {
	n := r.Night
	if len(n.Steps) == 0 {
		return nil
	}
	c := &Chart{
		Width: chartWidth, Left: chartLeft, Right: chartWidth - chartRight,
		PagesBase: pagesTop + pagesHeight, PapersBase: papersTop + papersHigh, Top: pagesTop,
	}
	first := n.Steps[0].At
	length := time.Duration(n.Minutes) * time.Minute
	span := time.Duration(max(len(n.Steps), fewestSteps)) * length
	x := func(t time.Time) float64 {
		part := float64(t.Sub(first)) / float64(span)
		return round(c.Left + (c.Right-c.Left)*min(max(part, 0), 1))
	}
	c.bars(n, x, length)
	c.hours(first, span, x)
	c.bands(r, x)
	return c
}

func (c *Chart) bars(n Night, x func(time.Time) float64, length time.Duration) {
	mostPages, mostPapers := 1, 1
	for _, s := range n.Steps {
		mostPages, mostPapers = max(mostPages, s.Pages), max(mostPapers, s.Papers)
	}
	step := nice(mostPages)
	top := (mostPages + step - 1) / step * step
	for v := 0; v <= top; v += step {
		c.PageLines = append(c.PageLines, Tick{round(c.PagesBase - pagesHeight*float64(v)/float64(top)), sayCount(int64(v))})
	}
	c.PaperTop = Tick{c.PapersBase - papersHigh, sayCount(int64(mostPapers))}
	for _, s := range n.Steps {
		if s.Papers == 0 {
			continue
		}
		at, to := x(s.At), x(s.At.Add(length))
		say := fmt.Sprintf("%s–%s: %s trang, %s giấy tờ", s.At.In(vietnam()).Format("15:04"), s.At.Add(length).In(vietnam()).Format("15:04"), sayCount(int64(s.Pages)), sayCount(int64(s.Papers)))
		tall := max(pagesHeight*float64(s.Pages)/float64(top), 1)
		c.Pages = append(c.Pages, Bar{at + .75, round(c.PagesBase - tall), max(round(to-at-1.5), 1), round(tall), say})
		tall = max(papersHigh*float64(s.Papers)/float64(mostPapers), 1)
		c.Papers = append(c.Papers, Bar{at + .75, round(c.PapersBase - tall), max(round(to-at-1.5), 1), round(tall), say})
	}
}

// hours marks the hours of the clock in Vietnam, as many as there is room for.
func (c *Chart) hours(first time.Time, span time.Duration, x func(time.Time) float64) {
	every := time.Hour
	for _, e := range []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour} {
		every = e
		if span/e <= 14 {
			break
		}
	}
	local := first.In(vietnam())
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, vietnam())
	for t := midnight; !t.After(first.Add(span)); t = t.Add(every) {
		if t.Before(first) {
			continue
		}
		at := x(t)
		if at < c.Left+14 && len(c.Hours) > 0 || at > c.Right-10 {
			continue
		}
		c.Hours = append(c.Hours, Tick{at, t.Format("15:04")})
	}
}

func (c *Chart) bands(r *Report, x func(time.Time) float64) {
	y := float64(runsTop)
	for _, run := range r.Runs {
		end := run.last(r.Night.To)
		if end.Before(r.Night.From) {
			continue
		}
		from, to := x(run.Began), x(end)
		b := Band{X: from, Y: y, W: max(round(to-from), 3), H: runHeight}
		b.Note = fmt.Sprintf("Lượt %d: %s đến %s, %s", run.N, sayWhen(run.Began), sayWhen(end), sayRunEnd(run))
		b.Say = fmt.Sprintf("Lượt %d · %s–%s · %s", run.N, run.Began.In(vietnam()).Format("15:04"), end.In(vietnam()).Format("15:04"), sayRunEnd(run))
		if width := 6.4 * float64(len([]rune(b.Say))); width > b.W-8 {
			b.Say = fmt.Sprint(run.N)
		}
		b.Inside = 6.4*float64(len([]rune(b.Say))) <= b.W-4
		c.Runs = append(c.Runs, b)
	}
	for _, g := range r.Night.Gaps {
		from, to := x(g.From), x(g.To)
		c.Gaps = append(c.Gaps, Band{
			X: from, Y: pagesTop, W: max(round(to-from), 1), H: c.PapersBase - pagesTop, Inside: to-from > 70,
			Say:  fmt.Sprintf("trống %d phút", int(g.To.Sub(g.From).Minutes())),
			Note: fmt.Sprintf("%s–%s: không lưu được hồ sơ nào", g.From.In(vietnam()).Format("15:04"), g.To.In(vietnam()).Format("15:04")),
		})
	}
	c.HourBottom = runsTop + runHeight
	c.Height = runsTop + runHeight + 6
}

// Middle is where the text of a band stands.
func (b Band) Middle() float64 { return round(b.X + b.W/2) }

// nice is a step of about four to most, that people count in.
func nice(most int) int {
	step := 1
	for _, s := range []int{1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000, 20000, 50000, 100000} {
		step = s
		if most <= 4*s {
			break
		}
	}
	return max(step, (most+4)/5)
}

func round(f float64) float64 { return math.Round(f*10) / 10 }

// Spark is a trend as it is drawn, 130 by 30.
type Spark struct {
	Line, Area  string
	EndX, EndY  float64
	Low, High   float64
	FallX       float64 // where the fall begins; 0 without one
	First, Last float64
	Fallen      bool
	Say         string
}

// Spark draws a trend; the same scale holds for all, at least ten points high.
func (q Quality) Spark() *Spark {
	if len(q.Trend) < 2 {
		return nil
	}
	const width, height, edge = 130.0, 30.0, 3.0
	low, high := q.Trend[0], q.Trend[0]
	for _, v := range q.Trend {
		low, high = min(low, v), max(high, v)
	}
	if high-low < 10 {
		middle := (high + low) / 2
		low, high = middle-5, middle+5
	}
	s := &Spark{Low: low, High: high, First: q.Trend[0], Last: q.Trend[len(q.Trend)-1], Fallen: q.Fall != nil}
	var points []string
	for i, v := range q.Trend {
		s.EndX = round(edge + (width-2*edge)*float64(i)/float64(len(q.Trend)-1))
		s.EndY = round(edge + (height-2*edge)*(high-v)/(high-low))
		points = append(points, fmt.Sprintf("%g,%g", s.EndX, s.EndY))
	}
	s.Line = strings.Join(points, " ")
	s.Area = fmt.Sprintf("%g,%g %s %g,%g", edge, height, s.Line, s.EndX, height)
	if q.Fall != nil && q.read > 0 {
		s.FallX = round(edge + (width-2*edge)*(1-float64(q.Fall.Papers)/float64(q.read)))
	}
	s.Say = fmt.Sprintf("Độ tin cậy từ %s đến %s theo thời gian", sayFraction(s.First), sayFraction(s.Last))
	return s
}
