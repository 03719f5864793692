// Package web is the face of hoso: the pages a clerk works with all day, and the
// same acts as an API for programs.
//
// Pages are made on the server and are whole without any script; a small script
// adds what a desk needs to be quick: dropping files, progress, news of papers as
// they move, keys. Nothing is fetched from any other place.
//
// A receipt is shown only when the office has given one. What a request may do is
// asked of gate.May alone, once for the route and once for the paper; every view,
// search and download is written to the access log before anything is shown. No
// number of a dossier and no name of a person stands in any address: papers are
// addressed by their random ID, and searches by a random ID that only the session
// that made them can open.
//
// Of a batch, whoever is bound to no unit, opened it, or is of the unit of the account
// that did sees the totals of all of it; whoever is bound to another unit sees those of
// the papers of their unit and what they handed in themselves, and none of files. The API
// and the morning report tell those bound to a unit of no batch but those that they opened
// themselves: there files are counted in the whole batch, and what the report says below
// that is of papers which they may see. Clerks and administrators who see all of a batch
// see its files, too, and the sample; readers see totals only.
package web
