package report

// Knows reports whether a finding of that code is explained.
func Knows(code string) bool {
	for _, table := range weights() {
		if _, ok := table[code]; ok {
			return true
		}
	}
	return false
}
