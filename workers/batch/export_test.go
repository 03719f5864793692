package batch

import "os"

// Deafen has e hear nothing of the file system, whose events no test's clock waits for, and
// which dates what was touched by a clock of its own.
func (e *Engine) Deafen() { e.seams.deaf, e.seams.undated = true, true }

// Renames has e move files within the tree by rename.
func (e *Engine) Renames(rename func(root *os.Root, from, to string) error) { e.seams.rename = rename }
