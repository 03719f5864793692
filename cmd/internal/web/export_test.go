package web

import "time"

// SetPatience lets tests be less patient with silent senders.
func (s *Site) SetPatience(d time.Duration) { s.patience = d }
