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
