package pipeline

import "slices"

// DossierAsked is a dossier that somebody works on. Owner and Procedure may be unknown; what the
// dossier's papers say is taken then.
type DossierAsked struct {
	Dossier   DossierNumber
	Owner     string // the number of a citizen or for tax, also as the code of an identity card has it
	Procedure string // mã TTHC
}

// DossierSheet is how a dossier stands: what its procedure asks for, what is there, and
// what its owner has besides.
type DossierSheet struct {
	Number    DossierNumber `json:"dossier"`
	Owner     string        `json:"owner,omitempty"`    // "" while nobody knows
	Procedure Field         `json:"procedure,omitzero"` // zero while nobody knows
	Entry     Procedure     `json:"entry,omitzero"`     // of the list, as it stood on the dossier's day
	Needs     []Need        `json:"needs"`
	Papers    []Paper       `json:"papers"`
	Reuses    []Reused      `json:"reuses"`
	Offers    []Offer       `json:"offers"`
}

// Reused is a paper that the dossier uses again.
type Reused struct {
	Reuse

	Kept Paper `json:"kept"`
}

// Offer is a paper of the owner that the dossier could use.
type Offer struct {
	Paper     Paper  `json:"paper"`
	Component string `json:"component,omitempty"` // what it would be in the procedure, "" if that does not ask for it
	Missing   bool   `json:"missing"`             // the dossier has none of that yet
}

// Reusing is a paper that somebody wants a dossier to use again.
type Reusing struct {
	DossierAsked

	Paper     PaperID
	Component string // "" if the procedure does not ask for it
	Actor     string
}

// Uses reports whether a dossier has a paper, as its own or used again.
func (s DossierSheet) Uses(p Paper) bool {
	return p.Dossier.Key() == s.Number.Key() ||
		slices.ContainsFunc(s.Reuses, func(u Reused) bool { return u.Paper == p.ID && u.Standing() })
}

// Rank orders offers: what is missing, what the procedure asks for, and the rest.
func (o Offer) Rank() int {
	switch {
	case o.Missing:
		return 2
	case o.Component != "":
		return 1
	}
	return 0
}
