package pipeline

import (
	"errors"
	"fmt"
	"time"
)

// Reason says why a paper was refused, set aside or flagged: a stable code for
// programs, and two sentences for people. The Vietnamese one is for the screen and
// says what, where and what to do; the English one is for logs and holds nothing
// personal.
type Reason struct {
	Code       string `json:"code"` // such as "empty-file"
	English    string `json:"english"`
	Vietnamese string `json:"vietnamese"`
	Page       int    `json:"page,omitzero"` // 1-based, 0 for the whole paper
}

// IsZero reports whether there is no reason.
func (r Reason) IsZero() bool { return r == Reason{} }

// Refusal is an error that no retry can mend: the input itself is at fault. It is
// the only error that ends a paper as Rejected.
type Refusal struct {
	Reason Reason
	Err    error // what led to it, may be nil
}

// Refuse makes a Refusal; err may be nil.
func Refuse(r Reason, err error) error { return &Refusal{Reason: r, Err: err} }

// Error gives the code, the page, the English sentence and the cause.
func (r *Refusal) Error() string {
	s := r.Reason.Code
	if r.Reason.Page > 0 {
		s = fmt.Sprintf("%s on page %d", s, r.Reason.Page)
	}
	if r.Reason.English != "" {
		s += ": " + r.Reason.English
	}
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// AsRefusal finds a Refusal in err's chain.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

// Unavailable marks an error of the surroundings (a server that is down, a disk
// that is full, a timestamp authority that does not answer): the paper is not at
// fault, the step is tried again without end, and attempts are not counted.
type Unavailable struct {
	What  string        // the part that is missing, such as "object storage"
	After time.Duration // when to try again; 0 leaves it to the retry policy
	Err   error
}

// Error names the part and the cause.
func (u *Unavailable) Error() string { return u.What + " is unavailable: " + u.Err.Error() }

// Unwrap gives the cause.
func (u *Unavailable) Unwrap() error { return u.Err }
