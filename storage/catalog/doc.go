// Package catalog is the system of record: which papers there are, where each of
// them stands, what happened to it, and the words by which it is found. The queue is
// only a hint and the objects are only bytes; what the catalog has committed is what
// hoso has promised.
//
// A paper moves by compare-and-swap. Whoever works on it claims it for a while,
// naming the generation seen; a move names the generation it starts from and raises
// it by one, writes one event and, if there is more to do, one row for the outbox,
// all in one transaction. Whoever comes late or comes back too late gets ErrStale and
// drops what was made.
//
// Beside the papers stand the official lists of agencies and procedures: entries with
// the days on which they held, changed only by imports that are logged, and never
// removed, since papers refer to them for ever.
//
// Of trees of folders that are digitized it keeps the ledger (OpenShelf to SignOffs): the
// files, what became of each, and the runs, one of which lives at a time. Nothing in it is
// counted but from the rows and the papers themselves. It is of this catalog alone, the
// bucket has nothing of it: a catalog that is rebuilt from the bucket has all papers with
// their labels, and no shelf. Whoever goes through the same tree again opens the shelf
// anew and hands all files in again; each gives the paper that it gave before (see
// Receive), and nothing is done twice. What is lost are the files that were taken away
// after their receipt, the checks and the sign-offs; the sample is drawn by another seed.
//
// A person's one box is read as all that it may mean (Query.Box), and each meaning has an
// index of its own: the beginnings of numbers, their counters read backwards, owners'
// numbers and the end that is left of masked ones, documents' numbers, days, words. What
// stands in the middle of a number is found by going through the units that there are.
// These columns and indexes take 250 bytes a paper, a twentieth of what it takes in all,
// and no statement more. Facets are counted among the newest 5,000 matches, in an index
// that holds all that is counted.
//
// There are two engines, SQLite in the data directory and PostgreSQL for several
// machines, with one text of SQL. The engines are trusted with bytes, integers and
// word lists only: times are milliseconds, values are JSON, and Vietnamese is folded
// and cut into words in Go (see package fold), so that both give the same answers.
// Times come back in UTC, to the millisecond.
package catalog
