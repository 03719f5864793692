package web

import (
	"net/http"
	"slices"

	"hoso/cmd/internal/web/gate"
)

// face is how a route shows itself.
type face int

const (
	page    face = iota // HTML: errors are pages, strangers are led to the login
	api                 // JSON: errors are problems
	upload              // JSON, with a body that may take hours
	dropped             // HTML, with a form that holds a large file; its token is the form's first part
	stream              // server-sent events
)

// route is one line of the table of everything that can be asked.
type route struct {
	method, path string
	act          gate.Act
	face         face
	life         gate.Life
	serve        func(*Site, *visit) error
}

// Route is what strangers may know of a route.
type Route struct {
	Method, Path string
	Act          gate.Act
}

// Routes lists everything that can be asked.
func (s *Site) Routes() []Route {
	out := make([]Route, 0, len(s.routes))
	for _, r := range s.routes {
		out = append(out, Route{Method: r.method, Path: r.path, Act: r.act})
	}
	return out
}

func (s *Site) table() []route {
	const on = gate.Active
	return append([]route{
		{"GET", "/login", gate.Approach, page, on, (*Site).loginPage},
		{"POST", "/login", gate.Approach, page, on, (*Site).login},
		{"POST", "/logout", gate.Enter, page, on, (*Site).logout},
		{"GET", "/secret", gate.Enter, page, on, (*Site).secretPage},
		{"POST", "/secret", gate.Enter, page, on, (*Site).changeSecret},
		{"GET", "/assets/{name}", gate.Approach, page, gate.Passive, (*Site).asset},
		{"GET", "/alive", gate.Approach, page, gate.Passive, (*Site).alive},

		{"GET", "/{$}", gate.Look, page, on, (*Site).home},
		{"GET", "/lookup", gate.Look, page, on, (*Site).lookupPage},
		{"POST", "/lookup", gate.Look, page, on, (*Site).ask},
		{"GET", "/lookup/{question}", gate.Look, page, on, (*Site).answer},
		{"GET", "/lookup/{question}/export/{format}", gate.Look, page, on, (*Site).export},
		{"POST", "/lookup/{question}/keep", gate.Look, page, on, (*Site).keep},
		{"GET", "/searches/{id}", gate.Look, page, on, (*Site).runKept},
		{"POST", "/searches/{id}/rename", gate.Look, page, on, (*Site).renameKept},
		{"POST", "/searches/{id}/drop", gate.Look, page, on, (*Site).dropKept},
		{"GET", "/verify", gate.Look, page, on, (*Site).verifyPage},
		{"POST", "/verify", gate.Look, dropped, on, (*Site).verifyForm},
		{"GET", "/status", gate.Look, page, on, (*Site).statusPage},
		{"GET", "/events", gate.Look, stream, gate.Passive, (*Site).rowEvents},

		{"GET", "/review", gate.Settle, page, on, (*Site).reviewPage},
		{"GET", "/signing", gate.Settle, page, on, (*Site).signingPage},
		{"GET", "/signing/list", gate.Settle, page, gate.Passive, (*Site).signingList},
		{"POST", "/signing", gate.Settle, page, on, (*Site).signForm},
		{"GET", "/dossier", gate.Look, page, on, (*Site).dossierForm},
		{"POST", "/dossier", gate.Look, page, on, (*Site).askDossier},
		{"GET", "/dossier/{question}", gate.Look, page, on, (*Site).dossierSheet},
		{"POST", "/dossier/{question}/reuse", gate.Settle, page, on, (*Site).reuseForm},
		{"POST", "/dossier/{question}/withdraw", gate.Settle, page, on, (*Site).withdrawForm},

		{"GET", "/papers/{id}", gate.Look, page, on, (*Site).paperPage},
		{"GET", "/papers/{id}/row", gate.Look, page, gate.Passive, (*Site).rowPage},
		{"GET", "/papers/{id}/dossier", gate.Look, page, on, (*Site).dossierPage},
		{"GET", "/papers/{id}/record", gate.Look, page, on, (*Site).showRecord},
		{"GET", "/papers/{id}/light", gate.Look, page, on, (*Site).showLight},
		{"GET", "/papers/{id}/preview", gate.Look, page, on, (*Site).preview},
		{"GET", "/papers/{id}/text", gate.Look, page, on, (*Site).textPage},
		{"GET", "/papers/{id}/crop", gate.Look, page, on, (*Site).crop},
		{"GET", "/papers/{id}/look", gate.Look, page, on, (*Site).lookPage},
		{"GET", "/papers/{id}/pages/{n}", gate.Look, page, on, (*Site).pagePicture},
		{"GET", "/papers/{id}/left-out/{n}", gate.Settle, page, on, (*Site).sheetPicture},
		{"GET", "/papers/{id}/words", gate.Settle, page, on, (*Site).wordsPage},
		{"GET", "/papers/{id}/download/{what}", gate.Look, page, on, (*Site).download},
		{"GET", "/papers/{id}/verdict", gate.Look, page, on, (*Site).verdictPage},
		{"POST", "/papers/{id}/number", gate.Settle, page, on, (*Site).setNumberForm},
		{"POST", "/papers/{id}/fields", gate.Settle, page, on, (*Site).fieldsForm},
		{"POST", "/papers/{id}/words", gate.Settle, page, on, (*Site).wordsForm},
		{"POST", "/papers/{id}/reread", gate.Settle, page, on, (*Site).rereadForm},
		{"POST", "/papers/{id}/reject", gate.Settle, page, on, (*Site).rejectForm},
		{"POST", "/papers/{id}/retry", gate.Settle, page, on, (*Site).retryForm},
	}, slices.Concat(accountTable(), batchPageTable(), apiTable(), batchTable())...)
}

func batchPageTable() []route {
	const on = gate.Active
	return []route{
		{"GET", "/batches", gate.Look, page, on, (*Site).batchesPage},
		{"GET", "/batches/{label}", gate.Look, page, on, (*Site).batchPage},
		{"GET", "/batches/{label}/live", gate.Look, page, gate.Passive, (*Site).batchLive},
		{"GET", "/batches/{label}/exceptions", gate.Settle, page, on, (*Site).exceptionsPage},
		{"POST", "/batches/{label}/exceptions", gate.Settle, page, on, (*Site).takeUnit},
		{"GET", "/batches/{label}/exceptions/{id}", gate.Settle, page, on, (*Site).workPage},
		{"POST", "/batches/{label}/exceptions/{id}", gate.Settle, page, on, (*Site).workAct},
		{"GET", "/batches/{label}/sample", gate.Settle, page, on, (*Site).samplePage},
		{"POST", "/batches/{label}/sample", gate.Settle, page, on, (*Site).drawForm},
		{"POST", "/batches/{label}/sample/signoff", gate.Settle, page, on, (*Site).signOffForm},
		{"GET", "/batches/{label}/sample/{id}", gate.Settle, page, on, (*Site).checkPage},
		{"POST", "/batches/{label}/sample/{id}", gate.Settle, page, on, (*Site).checkForm},
	}
}

func accountTable() []route {
	const on = gate.Active
	return []route{
		{"GET", "/accounts", gate.Govern, page, on, (*Site).accountsPage},
		{"POST", "/accounts", gate.Govern, page, on, (*Site).addAccount},
		{"POST", "/accounts/reset", gate.Govern, page, on, (*Site).resetAccount},
		{"POST", "/accounts/token", gate.Govern, page, on, (*Site).issueToken},
		{"POST", "/accounts/disable", gate.Govern, page, on, (*Site).disableAccount},
		{"POST", "/accounts/untie", gate.Govern, page, on, (*Site).untie},
	}
}

func apiTable() []route {
	const on = gate.Active
	return []route{
		{"POST", "/api/v1/papers", gate.Deliver, upload, on, (*Site).apiReceive},
		{"GET", "/api/v1/papers/{id}", gate.Look, api, on, (*Site).apiPaper},
		{"GET", "/api/v1/papers/{id}/events", gate.Look, api, on, (*Site).apiHistory},
		{"GET", "/api/v1/papers/{id}/alike", gate.Look, api, on, (*Site).apiAlike},
		{"GET", "/api/v1/papers/{id}/record", gate.Look, api, on, (*Site).apiRecord},
		{"GET", "/api/v1/papers/{id}/light", gate.Look, api, on, (*Site).apiLight},
		{"GET", "/api/v1/papers/{id}/original", gate.Look, api, on, (*Site).apiOriginal},
		{"GET", "/api/v1/papers/{id}/words", gate.Look, api, on, (*Site).apiWords},
		{"GET", "/api/v1/papers/{id}/verify", gate.Look, api, on, (*Site).apiVerify},
		{"POST", "/api/v1/verify", gate.Look, upload, on, (*Site).apiJudge},
		{"GET", "/api/v1/papers/{id}/arrival", gate.Look, api, on, (*Site).apiArrival},
		{"POST", "/api/v1/papers/{id}/number", gate.Settle, api, on, (*Site).apiNumber},
		{"POST", "/api/v1/papers/{id}/fields", gate.Settle, api, on, (*Site).apiFields},
		{"POST", "/api/v1/papers/{id}/words", gate.Settle, api, on, (*Site).apiCorrectWords},
		{"POST", "/api/v1/papers/{id}/leaves", gate.Settle, api, on, (*Site).apiArrange},
		{"POST", "/api/v1/papers/{id}/split", gate.Settle, api, on, (*Site).apiSplit},
		{"POST", "/api/v1/papers/merge", gate.Settle, api, on, (*Site).apiMerge},
		{"POST", "/api/v1/papers/{id}/reread", gate.Settle, api, on, (*Site).apiReread},
		{"POST", "/api/v1/papers/{id}/reject", gate.Settle, api, on, (*Site).apiReject},
		{"POST", "/api/v1/papers/{id}/retry", gate.Settle, api, on, (*Site).apiRetry},
		{"GET", "/api/v1/signing", gate.Settle, api, on, (*Site).apiSigning},
		{"POST", "/api/v1/signing/prepare", gate.Settle, api, on, (*Site).apiPrepare},
		{"POST", "/api/v1/signing/submit", gate.Settle, api, on, (*Site).apiSubmit},
		{"POST", "/api/v1/signing/wishes", gate.Settle, api, on, (*Site).apiWish},
		{"POST", "/api/v1/signing/watch", gate.Settle, api, on, (*Site).apiWatch},
		{"POST", "/api/v1/signing/troubles", gate.Settle, api, on, (*Site).apiTrouble},
		{"POST", "/api/v1/papers/{id}/marks", gate.Look, api, on, (*Site).apiMarks},
		{"POST", "/api/v1/find", gate.Look, api, on, (*Site).apiFind},
		{"POST", "/api/v1/find/export", gate.Look, api, on, (*Site).apiExportFound},
		{"GET", "/api/v1/searches", gate.Look, api, on, (*Site).apiKept},
		{"POST", "/api/v1/searches", gate.Look, api, on, (*Site).apiKeep},
		{"POST", "/api/v1/searches/{id}/find", gate.Look, api, on, (*Site).apiRunKept},
		{"POST", "/api/v1/searches/{id}/rename", gate.Look, api, on, (*Site).apiRenameKept},
		{"POST", "/api/v1/searches/{id}/drop", gate.Look, api, on, (*Site).apiDropKept},
		{"POST", "/api/v1/dossiers/show", gate.Look, api, on, (*Site).apiDossier},
		{"POST", "/api/v1/dossiers/reuse", gate.Settle, api, on, (*Site).apiReuse},
		{"POST", "/api/v1/dossiers/withdraw", gate.Settle, api, on, (*Site).apiWithdraw},
		{"POST", "/api/v1/numbers/check", gate.Look, api, on, (*Site).apiCheckNumber},
		{"POST", "/api/v1/catalogue/{list}", gate.Govern, upload, on, (*Site).apiImport},
		{"GET", "/api/v1/catalogue/{list}/export", gate.Look, api, on, (*Site).apiExport},
		{"POST", "/api/v1/catalogue/show", gate.Look, api, on, (*Site).apiListed},
		{"GET", "/api/v1/catalogue/imports", gate.Look, api, on, (*Site).apiImports},
		{"GET", "/api/v1/batches/{label}/report", gate.Look, api, on, (*Site).apiReport},
		{"GET", "/api/v1/status", gate.Look, api, on, (*Site).apiStatus},
		{"GET", "/api/v1/events", gate.Look, stream, gate.Passive, (*Site).apiEvents},
		{"GET", "/api/v1/openapi.json", gate.Approach, api, gate.Passive, (*Site).apiDocument},
	}
}

// mux wires the table; identify says who asks.
func (s *Site) mux(who identifier) http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.routes {
		mux.Handle(rt.method+" "+rt.path, s.guard(rt, who))
	}
	mux.Handle("/", s.guard(route{method: "GET", path: "/", act: gate.Approach, serve: (*Site).nowhere}, who))
	return s.armour(mux)
}
