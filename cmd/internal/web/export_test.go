package web

import "time"

// SetPatience lets tests be less patient with silent senders, and with files that others
// have judged.
func (s *Site) SetPatience(d time.Duration) { s.patience, s.turn = d, d }
