package bench_test

import (
	"math"
	"testing"

	"hoso/workers/bench"
)

func TestScore(t *testing.T) {
	t.Parallel()
	const truth = "CỘNG HÒA XÃ HỘI\nSố: 12/QĐ-UBND\nĐiều 1. Phê duyệt" // 15 + 14 + 17 letters, 10 words
	for _, c := range []struct {
		name, got       string
		cer, extra, wer float64
	}{
		{"the same", truth, 0, 0, 0},
		{"other order and breaks", "Điều 1. Phê\nduyệt CỘNG HÒA XÃ HỘI Số: 12/QĐ-UBND", 0, 0, 0},
		{"other dashes and Đ", "CỘNG HÒA XÃ HỘI\nSố: 12/QÐ–UBND\nĐiều 1. Phê duyệt", 0, 0, 0},
		{"a tone lost", "CỘNG HOA XÃ HỘI\nSố: 12/QĐ-UBND\nĐiều 1. Phê duyệt", 1. / 46, 1. / 46, 1. / 10},
		{"a line lost", "CỘNG HÒA XÃ HỘI\nĐiều 1. Phê duyệt", 14. / 46, 14. / 46, 2. / 10},
		{"noise", truth + "\n|~~|", 0, 4. / 46, 0},
		{"nothing", "", 1, 1, 1},
	} {
		r := bench.Score(truth, c.got)
		for _, v := range [][2]float64{{r.CER, c.cer}, {r.CERExtra, c.extra}, {r.WER, c.wer}} {
			if math.Abs(v[0]-v[1]) > 1e-9 {
				t.Errorf("%s: %+v, want CER %.4f, with extra %.4f, WER %.4f", c.name, r, c.cer, c.extra, c.wer)
				break
			}
		}
	}
}

func TestScoreOfNothing(t *testing.T) {
	t.Parallel()
	if r := bench.Score("", "thừa"); r != (bench.Rates{}) {
		t.Errorf("without truth: %+v", r)
	}
}

// A line must not be credited with letters that another line has taken.
func TestNothingIsCreditedTwice(t *testing.T) {
	t.Parallel()
	if r := bench.Score("Nơi nhận:\nNơi nhận:", "Nơi nhận:"); math.Abs(r.CER-0.5) > 1e-9 || math.Abs(r.WER-0.5) > 1e-9 {
		t.Errorf("one line for two: %+v, want half wrong", r)
	}
}

func TestSequence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		truth, got string
		want       float64
	}{
		{"một hai", "một hai", 0},
		{"một hai", "một  hai\n", 0},
		{"abcd", "abxd", 0.25},
		{"abcd", "acd", 0.25},
		{"abcd", "abccd", 0.25},
		{"abcd", "", 1},
		{"", "a", 0},
		{"ab\ncd", "cd\nab", 0.8},
	} {
		if got := bench.Sequence(c.truth, c.got); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("Sequence(%q, %q) = %.3f, want %.3f", c.truth, c.got, got, c.want)
		}
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	r := bench.Rates{CER: 0.1, CERExtra: 0.2, WER: 0.3, Letters: 100, Words: 20}.Add(bench.Rates{Letters: 300, Words: 60})
	if r.Letters != 400 || r.Words != 80 || math.Abs(r.CER-0.025) > 1e-9 || math.Abs(r.CERExtra-0.05) > 1e-9 || math.Abs(r.WER-0.075) > 1e-9 {
		t.Errorf("sum = %+v", r)
	}
	if r := (bench.Rates{}).Add(bench.Rates{}); r != (bench.Rates{}) {
		t.Errorf("nothing and nothing = %+v", r)
	}
}
