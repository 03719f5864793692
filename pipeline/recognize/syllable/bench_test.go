package syllable_test

import (
	"testing"

	"hoso/pipeline/recognize/syllable"
)

func BenchmarkParse(b *testing.B) {
	words := []string{"nghiêng", "ĐỊNH", "Nguyễn", "và", "thuỷ", "quyết", "seminar", "gì"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		syllable.Parse(words[i%len(words)])
	}
}

func BenchmarkPlausibility(b *testing.B) {
	words := []string{"nghiêng,", "ĐỊNH", "(Nguyễn", "và", "thuỷ", "quyết", "UBND", "thuât"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		syllable.Plausibility(words[i%len(words)])
	}
}

func BenchmarkRepairs(b *testing.B) {
	words := []string{"thuât", "tháug", "nguời,", "Đ1ỀU"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		syllable.Repairs(words[i%len(words)])
	}
}

func BenchmarkInContext(b *testing.B) {
	words := []string{"hướng", "dân", "thi", "hành", "của", "Chỉnh", "phủ", "về", "việc", "tô", "chức"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := 1 + i%(len(words)-2)
		syllable.Judge{}.InContext(words[at-1], words[at], words[at+1])
	}
}
