package gate

import "strings"

// Role is what an account is there for.
type Role string

// The roles, the most powerful first.
const (
	Admin  Role = "admin"  // quản trị: accounts, and everything a clerk may do
	Clerk  Role = "clerk"  // cán bộ tiếp nhận: hands in and settles papers
	Reader Role = "reader" // tra cứu: looks, and changes nothing
)

// Roles lists all roles in that order.
func Roles() []Role { return []Role{Admin, Clerk, Reader} }

// Known reports whether r is one of the roles.
func (r Role) Known() bool { return r == Admin || r == Clerk || r == Reader }

// Act is what a request wants to do, in as few kinds as the rights have.
type Act string

// The acts.
const (
	Approach Act = "approach" // see the door: the login page, style sheets, liveness
	Enter    Act = "enter"    // use the own account: change the secret, leave
	Look     Act = "look"     // search, view, download and verify papers; see totals
	Deliver  Act = "deliver"  // hand in papers
	Settle   Act = "settle"   // set a number, reject, retry
	Govern   Act = "govern"   // make and disable accounts
)

// Identity is who asks. The zero Identity is a stranger.
type Identity struct {
	Account string
	Role    Role
	Unit    string // the only unit, with all below it, whose papers concern them; "" is every unit
	Fresh   bool   // the secret was made by somebody else and must be changed first
}

// Anonymous reports whether nobody is known to ask.
func (i Identity) Anonymous() bool { return i.Account == "" }

// Local is the operating-system user who owns the data directory and asks through
// the socket in it: whoever can open that socket can read the files anyway.
func Local() Identity { return Identity{Account: "local", Role: Admin} }

// Thing is what a request is about: whose paper it is, and who handed it in. The
// zero Thing is no paper at all.
type Thing struct {
	Unit   string // the agency that owns the paper, "" while nobody knows
	Sender string
}

// May is the one function that decides: it reports whether who may do act to it.
func May(who Identity, act Act, it Thing) bool {
	if act == Approach {
		return true
	}
	if who.Anonymous() || !who.Role.Known() {
		return false
	}
	if act == Enter {
		return true
	}
	return !who.Fresh && granted(who.Role, act) && concerns(who, it)
}

func granted(role Role, act Act) bool {
	switch act {
	case Look:
		return true
	case Deliver, Settle:
		return role == Clerk || role == Admin
	case Govern:
		return role == Admin
	default:
		return false
	}
}

// concerns reports whether a thing is any of who's business: their unit's or one
// below it, or their own delivery, whose unit may turn out to be another.
func concerns(who Identity, it Thing) bool {
	if who.Unit == "" || it == (Thing{}) || it.Sender == who.Account {
		return true
	}
	return it.Unit == who.Unit || strings.HasPrefix(it.Unit, who.Unit+".")
}
