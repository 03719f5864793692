package invent

import (
	"math/rand/v2"
	"time"
)

// Voice invents; it is not safe for concurrent use.
type Voice struct {
	r    *rand.Rand
	said []Number
}

// New gives the voice of a seed.
func New(seed uint64) *Voice { return &Voice{r: rand.New(rand.NewPCG(seed, 0x1ead))} }

// Pick gives one of several words.
func (v *Voice) Pick(from ...string) string { return from[v.r.IntN(len(from))] }

// Upto gives a whole number from low to high, both included.
func (v *Voice) Upto(low, high int) int { return low + v.r.IntN(high-low+1) }

// Chance reports true once in n times.
func (v *Voice) Chance(n int) bool { return v.r.IntN(n) == 0 }

// Seed gives a seed for something else that depends on this voice.
func (v *Voice) Seed() uint64 { return v.r.Uint64() }

// Today gives a working day of recent years.
func (v *Voice) Today() time.Time {
	return time.Date(2023, time.January, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, v.r.IntN(1300))
}
