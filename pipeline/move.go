package pipeline

import "errors"

// Move is a change of a paper's state, committed as one: the paper's next value, the
// row it adds to the event log, the text by which it will be found, and the sketch by
// which it will be known again.
type Move struct {
	Paper Paper   // the next value; Gen is the generation it starts from
	Owner string  // who holds the paper's lease; "" when nobody does
	Event Event   // appended to the log
	Text  *string // full text to index; nil leaves it as it is

	Sketch *Sketch // of its words; nil leaves it as it is

	Born []Birth // papers that begin with the move; one that is there already stays as it is
	With []Move  // moves of other papers, none of which is made without the rest
}

// Birth is a new paper and its first event.
type Birth struct {
	Paper Paper
	Event Event
}

// Todo is a paper that hoso itself has to go on with.
type Todo struct {
	ID    PaperID
	Gen   int64
	State State
	Lane  Lane
}

// ErrStale is returned when a paper has moved on since it was looked at, or when
// somebody else holds it: whoever gets it drops what it was about to do.
var ErrStale = errors.New("the paper has moved on")

// StalePaper is an ErrStale that says which of several papers it is of.
type StalePaper struct {
	ID  PaperID
	Err error // an ErrStale
}

// Error names the paper.
func (s *StalePaper) Error() string { return "paper " + string(s.ID) + ": " + s.Err.Error() }

// Unwrap gives the ErrStale.
func (s *StalePaper) Unwrap() error { return s.Err }

// StaleOf says of an ErrStale that it is of the paper id, unless it says already of which
// one it is. Other errors stay as they are.
func StaleOf(id PaperID, err error) error {
	if _, told := errors.AsType[*StalePaper](err); told || !errors.Is(err, ErrStale) {
		return err
	}
	return &StalePaper{id, err}
}
