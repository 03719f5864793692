// Package batch works through a shelf: a tree of folders with scans that is to become
// papers of dossiers while nobody watches.
//
// A run walks the tree, waits for files that are still being written, has package shelf
// say what papers the files are, hands those in that were not received yet, and writes
// down what became of every file. What is written down is the ledger's, not the run's: a
// run may be killed between any two steps, and the next one goes on where it was. Three
// things make that safe. A file is not touched before its paper has a receipt and the
// ledger has written that down. A receipt that was given and never written down is given
// again for the same bytes. And nothing that was not looked at is held to be gone: a share
// that went away is waited for.
//
// The bytes that are handed in are those of a file that lay still: it is looked at before
// and after, by its name and through the open handle, and what the receipt says it is must
// be what was read. A file that is replaced meanwhile is taken at the next look.
package batch
