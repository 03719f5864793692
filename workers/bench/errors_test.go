package bench_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hoso/workers/bench"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, truth, got string
		want             map[bench.Kind]int
	}{
		{"right", "Căn cứ Luật Đất đai", "Căn cứ Luật Đất đai", nil},
		{"tone", "Căn cứ Luật Đất đai", "Căn cử Luât Đất đai", map[bench.Kind]int{bench.Tones: 2}},
		{"horn and breve", "trường bằng", "trương bâng", map[bench.Kind]int{bench.Tones: 2}},
		{"capital", "Sở Tư pháp", "sở Tư pháp", map[bench.Kind]int{bench.Capitals: 1}},
		{"capital without its tone", "Ủy ban nhân dân", "uy ban nhân dân", map[bench.Kind]int{bench.Tones: 1}},
		{"đ", "Độc lập đã định", "Dộc lập dã định", map[bench.Kind]int{bench.Crossed: 2}},
		{"digits", "ngày 17 tháng 10", "ngày l7 tháng 1", map[bench.Kind]int{bench.Digits: 2}},
		{"punctuation", "Số: 12/QĐ-UBND", "Số 12/QĐUBND", map[bench.Kind]int{bench.Punctuation: 2}},
		{"run together", "Độc lập tự do", "Độclập tự do", map[bench.Kind]int{bench.Spaces: 1}},
		{"letters", "Phòng Kinh tế", "Phònq Kinh té", map[bench.Kind]int{bench.Letters: 1, bench.Tones: 1}},
		{"a word", "Hoàng Văn Thiệp Nhiễu", "Hoàng Văn Nhiễu", map[bench.Kind]int{bench.MissingWords: 6}},
		{"the last word", "Hoàng Văn Thiệp Nhiễu", "Hoàng Văn Thiệp", map[bench.Kind]int{bench.MissingWords: 6}},
		{"a line", "Hoàng Văn Thiệp Nhiễu\nHạ Liễu", "Hoàng Văn Thiệp Nhiễu", map[bench.Kind]int{bench.MissingLines: 7}},
		{"a word too many", "Hoàng Văn Nhiễu", "Hoàng Văn xyz Nhiễu", map[bench.Kind]int{bench.Extra: 4}},
		{"noise behind", "Hoàng Văn Nhiễu", "Hoàng Văn Nhiễu\n| ~ab", map[bench.Kind]int{bench.Extra: 4}},
		{"a short line of which one letter is right", "Hoàng Văn Nhiễu\n31", "Hoàng Văn Nhiễu\n37", map[bench.Kind]int{bench.Digits: 1}},
	} {
		got := bench.Compare(c.truth, c.got)
		kinds := got.Kinds()
		sum := 0
		for kind, n := range kinds {
			sum += n
			if n == 0 {
				delete(kinds, kind)
			}
		}
		if c.want == nil {
			c.want = map[bench.Kind]int{}
		}
		if d := cmp.Diff(c.want, kinds); d != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, d)
		}
		if all := got.Rates.CERExtra * float64(got.Rates.Letters); math.Abs(all-float64(sum)) > 1e-6 {
			t.Errorf("%s: kinds add up to %d, the rate to %.1f", c.name, sum, all)
		}
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ truth, got, want string }{
		{"Căn cứ Luật Đất đai", "Căn cứ Luât Đất đai", "Căn cứ Lu[ậ→â]t Đất đai"},
		{"Hoàng Văn Thiệp Nhiễu", "Hoàng Văn Nhiễu", "Hoàng Văn[ Thiệp→] Nhiễu"},
		{"Hạ Liễu xa", "8% @!", "[Hạ Liễu xa→8% ]"},
		{
			"về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông",
			"vê thực hiện thủ tục hành chính theo cơ chế một cửa, một của liên thông",
			"v[ề→ê] thực hiện thủ t…ế một cửa, một c[ử→ủ]a liên thông",
		},
	} {
		lines := bench.Compare(c.truth, c.got).Lines
		if got := lines[0].Diff(); got != c.want {
			t.Errorf("%q read as %q: %s, want %s", c.truth, c.got, got, c.want)
		}
	}
}
