package bench

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// The curve's field lies in a picture of 480 × 500 units.
const (
	fieldLeft = 64.0
	fieldTop  = 48.0
	fieldSide = 384.0
)

// Curve draws c as an SVG picture: the share of right words over the confidence, a dot
// for each bin, the larger the more words it holds. On the dashed line confidence is
// what it says.
func (c Calibration) Curve(out io.Writer) error {
	var s strings.Builder
	s.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 500" width="480" height="500" font-family="sans-serif" font-size="12" fill="#222">
<rect width="480" height="500" fill="#fff"/>
`)
	fmt.Fprintf(&s, "<text x=\"%g\" y=\"26\" font-size=\"14\">%d words, expected calibration error %.1f points</text>\n", fieldLeft, c.Words, 100*c.Error)
	for i := range 6 {
		v := float64(i) / 5
		x, y := across(v), upward(v)
		fmt.Fprintf(&s, "<path d=\"M%g %gH%gM%g %gV%g\" stroke=\"#ddd\"/>\n", fieldLeft, y, fieldLeft+fieldSide, x, fieldTop, fieldTop+fieldSide)
		fmt.Fprintf(&s, "<text x=\"%g\" y=\"%g\" text-anchor=\"end\">%.0f</text>\n", fieldLeft-8, y+4, 100*v)
		fmt.Fprintf(&s, "<text x=\"%g\" y=\"%g\" text-anchor=\"middle\">%.0f</text>\n", x, fieldTop+fieldSide+18, 100*v)
	}
	fmt.Fprintf(&s, "<text x=\"%g\" y=\"%g\" text-anchor=\"middle\">confidence of the word, %%</text>\n", across(0.5), fieldTop+fieldSide+42)
	fmt.Fprintf(&s, "<text transform=\"translate(20 %g) rotate(-90)\" text-anchor=\"middle\">words that are right, %%</text>\n", upward(0.5))
	fmt.Fprintf(&s, "<path d=\"M%g %gL%g %g\" stroke=\"#888\" stroke-dasharray=\"5 4\"/>\n", across(0), upward(0), across(1), upward(1))
	c.dots(&s)
	s.WriteString("</svg>\n")
	_, err := io.WriteString(out, s.String())
	return err
}

func (c Calibration) dots(s *strings.Builder) {
	var line, dots strings.Builder
	for _, b := range c.Bins {
		if b.Words == 0 {
			continue
		}
		x, y := across(b.Mean), upward(b.Right)
		fmt.Fprintf(&line, " %.1f,%.1f", x, y)
		fmt.Fprintf(&dots, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#1f6feb\" fill-opacity=\"0.7\"><title>%.0f–%.0f: %d words, %.1f %% right</title></circle>\n",
			x, y, 3+9*math.Sqrt(float64(b.Words)/float64(c.Words)), b.From, b.To, b.Words, 100*b.Right)
	}
	fmt.Fprintf(s, "<polyline points=\"%s\" fill=\"none\" stroke=\"#1f6feb\" stroke-width=\"1.5\"/>\n%s", strings.TrimSpace(line.String()), dots.String())
}

func across(v float64) float64 { return fieldLeft + v*fieldSide }
func upward(v float64) float64 { return fieldTop + (1-v)*fieldSide }
