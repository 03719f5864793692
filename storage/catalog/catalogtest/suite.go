// Package catalogtest is what a catalog promises, as tests that every engine must
// pass, and the means to try them: a PostgreSQL server for a test, and papers made
// up to order.
package catalogtest

import (
	"maps"
	"testing"

	"hoso/storage/catalog"
)

// Open gives an empty catalog that the test need not close.
type Open func(t testing.TB) *catalog.Catalog

// Run holds an engine to the promises of a catalog.
func Run(t *testing.T, open func(t testing.TB) *catalog.Catalog) {
	t.Helper()
	all := promises()
	maps.Copy(all, deskPromises())
	maps.Copy(all, shelfPromises())
	maps.Copy(all, partPromises())
	for name, test := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

func promises() map[string]func(*testing.T, Open) {
	return map[string]func(*testing.T, Open){
		"receive":          testReceive,
		"receive again":    testReceiveAgain,
		"places":           testPlaces,
		"walk":             testWalk,
		"claims":           testClaims,
		"stale moves":      testStaleMoves,
		"bad moves":        testBadMoves,
		"number set":       testNumberSet,
		"outbox":           testOutbox,
		"stalled":          testStalled,
		"abandon":          testAbandon,
		"waiting":          testWaiting,
		"balance":          testBalance,
		"each":             testEach,
		"renewals":         testRenewals,
		"in work":          testInWork,
		"restore":          testRestore,
		"restore found":    testRestoreFound,
		"one winner":       testOneWinner,
		"crowd":            testCrowd,
		"numbers":          testNumbers,
		"words":            testWords,
		"phrases":          testPhrases,
		"filters":          testFilters,
		"senders":          testSenders,
		"pages":            testPages,
		"ranked":           testRanked,
		"snippets":         testSnippets,
		"box":              testBox,
		"meanings":         testMeanings,
		"near":             testNear,
		"withheld":         testWithheld,
		"perhaps":          testPerhaps,
		"facets":           testFacets,
		"facets of days":   testFacetsOfDays,
		"marks":            testMarks,
		"kept":             testKept,
		"strange queries":  testStrangeQueries,
		"strange papers":   testStrangePapers,
		"long paper":       testLongPaper,
		"accounts":         testAccounts,
		"sessions":         testSessions,
		"views":            testViews,
		"units":            testUnits,
		"imports":          testImports,
		"imports together": testImportsTogether,
		"bad imports":      testBadImports,
		"procedures":       testProcedures,
		"codes":            testCodes,
		"codes together":   testCodesTogether,
		"codes restored":   testCodesRestored,
		"alike":            testAlike,
		"reuses":           testReuses,
		"dossier":          testDossier,
		"ended context":    testEndedContext,
		"nothing is there": testNothingThere,
	}
}
