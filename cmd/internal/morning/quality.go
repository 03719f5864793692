package morning

import (
	"cmp"
	"math"
	"slices"
	"time"

	"hoso/pipeline"
)

// A fall of the confidence is told if the papers behind it are worse by so many points and
// the two parts differ by so many standard errors (Welch's t). The parts are cut where
// they differ most, so that t is larger than between two parts that were chosen
// beforehand: of series that fall nowhere, fewer than one in a thousand reaches it, which
// a test shows. Each part has a few papers, lest one bad stack is taken for a scanner.
const (
	leastFall  = 3.0
	leastT     = 5.5
	leastParts = 12
)

// trendSteps is in how many parts a trend is told.
const trendSteps = 32

// point is a paper in the trend of whatever read it.
type point struct {
	at   int64 // Unix time in seconds when it was handed in
	conf float32
	path string
}

func qualityOf(all map[string]*Quality, name string) *Quality {
	q := all[name]
	if q == nil {
		q = &Quality{Name: name}
		all[name] = q
	}
	return q
}

// add takes in a paper that was read.
func (q *Quality) add(p pipeline.Paper, path string) {
	q.Papers++
	q.Pages += int64(p.Pages)
	for _, c := range p.Scan.Counts {
		switch n := int64(c.Pages); c.What {
		case string(pipeline.VerdictDoubtful), string(pipeline.VerdictUnreadable):
			q.Doubtful += n
		case streaked:
			q.Streaked += n
			q.Flagged += n
		case cropped, string(pipeline.Skewed), string(pipeline.LowResolution):
			q.Flagged += n
		}
	}
	if p.Scan.Words > 0 {
		q.Words += int64(p.Scan.Words)
		q.Confidence += float64(p.Scan.Confidence) * float64(p.Scan.Words)
		q.points = append(q.points, point{p.Received.Unix(), p.Scan.Confidence, path})
	}
}

// ordered ends the sums and puts those with the most pages first.
func ordered(all map[string]*Quality) []Quality {
	out := make([]Quality, 0, len(all))
	for _, q := range all {
		if q.Words > 0 {
			q.Confidence /= float64(q.Words)
		}
		// A page may be both doubtful by its verdict and unreadable by another; no share
		// is above all pages.
		q.Doubtful = min(q.Doubtful, q.Pages)
		q.Flagged = min(q.Flagged, q.Pages)
		slices.SortStableFunc(q.points, func(a, b point) int { return cmp.Compare(a.at, b.at) })
		q.Trend, q.Fall = trendOf(q.points), fallOf(q.points)
		q.read, q.points = len(q.points), nil
		out = append(out, *q)
	}
	slices.SortFunc(out, func(a, b Quality) int { return cmp.Or(cmp.Compare(b.Pages, a.Pages), cmp.Compare(a.Name, b.Name)) })
	return out
}

// trendOf gives the means of as many papers each.
func trendOf(points []point) []float64 {
	steps := min(trendSteps, len(points))
	out := make([]float64, 0, steps)
	for i := range steps {
		part := points[i*len(points)/steps : (i+1)*len(points)/steps]
		sum := 0.0
		for _, p := range part {
			sum += float64(p.conf)
		}
		out = append(out, math.Round(sum/float64(len(part))*10)/10)
	}
	return out
}

// fallOf finds where the confidence fell for good, nil if it did not.
func fallOf(points []point) *Fall {
	n := len(points)
	if n < 2*leastParts {
		return nil
	}
	// Sums from the left, from which those of both parts follow.
	var sum, squares float64
	for _, p := range points {
		sum, squares = sum+float64(p.conf), squares+float64(p.conf)*float64(p.conf)
	}
	var best Fall
	at := 0
	var s, q float64
	for i, p := range points[:n-leastParts] {
		s, q = s+float64(p.conf), q+float64(p.conf)*float64(p.conf)
		if i+1 < leastParts {
			continue
		}
		k := float64(i + 1)
		left, right := part{k, s, q}, part{float64(n) - k, sum - s, squares - q}
		if t := welch(left, right); t > best.T && left.mean()-right.mean() >= leastFall {
			at, best.T, best.Before, best.After = i+1, t, left.mean(), right.mean()
		}
	}
	if best.T < leastT {
		return nil
	}
	best.Since, best.Path, best.Papers = time.Unix(points[at].at, 0).UTC(), points[at].path, n-at
	return &best
}

// part is a piece of a series in sums.
type part struct{ n, sum, squares float64 }

func (p part) mean() float64 { return p.sum / p.n }

// variance is that of the mean. It is never below what a confidence of whole points has
// by rounding, so that papers that are all alike prove nothing.
func (p part) variance() float64 {
	m := p.mean()
	return max((p.squares-p.n*m*m)/(p.n-1), 1) / p.n
}

// welch is by how many standard errors the left mean is above the right one.
func welch(left, right part) float64 {
	return (left.mean() - right.mean()) / math.Sqrt(left.variance()+right.variance())
}

func percent(part, all int64) float64 {
	if all == 0 {
		return 0
	}
	return 100 * float64(part) / float64(all)
}
