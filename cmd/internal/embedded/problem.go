package embedded

import "hoso/pipeline"

// Problem is an error at start that the person at the machine can mend, with the
// sentences that say how.
type Problem struct { //nolint:errname // it is a Problem to the person, and a pipeline.Refusal is none either
	pipeline.Reason
	Err error // what led to it, may be nil
}

// Error gives the English sentence and the cause.
func (p *Problem) Error() string {
	if p.Err == nil {
		return p.English
	}
	return p.English + ": " + p.Err.Error()
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }
