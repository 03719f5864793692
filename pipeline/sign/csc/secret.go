package csc

import (
	"fmt"
	"io"
)

// Secret is text that does not print, whichever way it is asked.
type Secret string

const hidden = "(hidden)"

// Format writes that there is a secret.
func (s Secret) Format(f fmt.State, _ rune) {
	if s != "" {
		_, _ = io.WriteString(f, hidden)
	}
}

// MarshalText hides the secret from JSON and from logs. Requests are given it as a string.
func (s Secret) MarshalText() ([]byte, error) { return fmt.Append(nil, s), nil }
