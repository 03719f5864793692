package grammar

import "regexp"

// The pieces of the patterns: an ASCII digit or what a recognizer takes it for, a space
// or the end of a line, the signs of codes, and the words of dates with any marks.
const (
	d     = `[0-9OoQDĐIil|!\]SsBZzóÓ]`
	gap   = `\s?`
	dot   = gap + `[.,·]` + gap
	dash  = gap + `-{1,2}` + gap
	head  = `[A-Za-zĐđ]` + gap + d + gap + d
	a     = `[AaÀàÁáẢảÃãẠạĂăẰằẮắẲẳẴẵẶặÂâẦầẤấẨẩẪẫẬậ]`
	ngay  = `[Nn][Gg]` + a + `[Yy]`
	thang = `[Tt][Hh]` + a + `[Nn][Gg]`
	nam   = `[Nn]` + a + `[Mm]`

	oldCode = d + gap + d + gap + d + dot + d + gap + d + dot + d + gap + d + dot + head
	newCode = head + `(?:` + dot + d + gap + d + `(?:` + gap + d + `)?){0,4}`
	// The counter is taken with spaces only if it is too short without, since an amount
	// may follow it.
	counter = d + `{4,7}|` + d + `(?:` + gap + d + `){3,6}`

	initial = `(?:[A-ZĐÐƯrhg0-9&|!]|\.[A-ZĐƯ0-9])*` // behind the first of a symbol's word
	between = `[ .()-]{0,2}`
	amount  = `[1-9OoQDIil|!\]SBZ]` + d + `{0,2}`
)

var (
	dossierForm   = regexp.MustCompile(`(` + oldCode + `|` + newCode + `)` + dash + `(` + d + `(?:` + gap + d + `){5,7})` + dash + `(` + counter + `)`)
	insuranceForm = regexp.MustCompile(`(` + d + `{5}) ?/ ?(` + d + `{4}) ?/ ?(` + d + `{5})`)
	procedureForm = regexp.MustCompile(`(` + d + `)` + dot + `(` + d + `{6})(?:` + dot + `(` + d + `{3})` + dot + `(` + d + `{2})` + dot + `(` + d + `{2})` + dot + `(` + head + `)(?:` + dot + `(` + d + `{2}))?)?`)
	domainForm    = regexp.MustCompile(`([A-Za-zĐđ]` + d + `{2})-([A-Za-z0-9]{1,10})`)
	resultForm    = regexp.MustCompile(`([Kk][QqOo0])` + dot + `([A-Za-zĐđ]` + d + `{2})` + dot + `(` + d + `{6})`)
	componentForm = regexp.MustCompile(`(` + oldCode + `)` + dash + `([Kk][QqOo0]) ?(` + d + `{6})`)

	citizenForm = regexp.MustCompile(`(` + d + `{12}|` + d + `{3}(?: ` + d + `{3}){3}|` + d + `{4}(?: ` + d + `{4}){2})`)
	oldIDForm   = regexp.MustCompile(`(` + d + `{3} ?` + d + `{3} ?` + d + `{3})`)
	taxForm     = regexp.MustCompile(`(` + d + `{10})(?: ?- ?(` + d + `{3}))?`)

	documentForm = regexp.MustCompile(`(` + d + `{1,6})([abc]?) ?/ ?(?:(` + d + `{4}) ?/ ?)?([A-ZĐÐƯ]` + initial + `(?:(?:- ?| -)[A-ZĐÐƯ0-9]` + initial + `)*)`)
	digitsForm   = regexp.MustCompile(`(` + d + `{1,2}) ?([/.-]) ?(` + d + `{1,2}) ?([/.-]) ?(` + d + `{4})`)
	wordsForm    = regexp.MustCompile(ngay + `\s*(` + d + `{1,2})\s*,?\s*` + thang + `\s*(` + d + `{1,2})\s*,?\s*` + nam + `\s*(` + d + `{4})`)
	isoForm      = regexp.MustCompile(`([0-9]{4})-([0-9]{2})-([0-9]{2})`)
	placeForm    = regexp.MustCompile(`(?m)^ *(\p{Lu}[^,\n0-9]{1,60}), *` + ngay + `\s*` + d)
	wholePlace   = regexp.MustCompile(`(\p{Lu}[^,\n0-9]{1,60})`)

	countForm    = regexp.MustCompile(`(` + d + `{1,7})`)
	bookForm     = regexp.MustCompile(`([0-9A-Za-z][0-9A-Za-z./]{0,14}) ?-? ?SCT ?/ ?([A-ZĐ]{2,4})`)
	serialForm   = regexp.MustCompile(`([A-ZĐ]{2}) ?(` + d + `{6,8})`)
	registerForm = regexp.MustCompile(`(\p{Lu}{1,3} [0-9]{4,8}|[\p{Lu}0-9](?:[\p{L}0-9./-]{0,28}[\p{L}0-9])?)`)

	phoneForm  = regexp.MustCompile(`(\(?(?:\+84\)?[ .-]?0?|[0Oo])(?:[35789S](?:` + between + d + `){8}|[2Z](?:` + between + d + `){9})|[1Il]9?8?[0Oo]{2}(?:` + between + d + `){4}(?:(?:` + between + d + `){2})?)`)
	wholePhone = regexp.MustCompile(`((?:` + d + `|[ .+()-])+)`)
	moneyForm  = regexp.MustCompile(`(` + amount + `(?:(?:\.` + d + `{3})+(?:,` + d + `{1,2})?|(?:,` + d + `{3})+))(?: ?(đồng|đ|VNĐ|VND))?`)
)

// The words that stand before identifiers, in capitals without marks.
const (
	dossierLabel   = "MA HO SO|MA SO HO SO|MA BIEN NHAN|MA SO BIEN NHAN|SO HO SO|SO BIEN NHAN|HO SO SO|BIEN NHAN SO|MA SO"
	procedureLabel = "TTHC|THU TUC|THU TUC HANH CHINH"
	domainLabel    = "LINH VUC"
	resultLabel    = "KET QUA|LOAI GIAY TO"
	partLabel      = "THANH PHAN|THANH PHAN HO SO"
	citizenLabel   = "CCCD|CAN CUOC|CAN CUOC CONG DAN|DINH DANH|DINH DANH CA NHAN"
	oldIDLabel     = "CMND|CMTND|CHUNG MINH NHAN DAN|CHUNG MINH THU|CMND/CCCD|CMND/CAN CUOC"
	taxLabel       = "MA SO THUE|MST|MA SO DOANH NGHIEP|MA SO DN"
	documentLabel  = "SO|VAN BAN|CONG VAN|QUYET DINH|NGHI DINH|THONG TU|KE HOACH"
	dateLabel      = "NGAY|SINH|NGAY SINH|CAP NGAY"
	certLabel      = "SO CHUNG THUC"
	bookLabel      = "QUYEN SO"
	serialLabel    = "SO PHAT HANH|SO SERI|SERI|SE RI|GIAY CHUNG NHAN|GCN"
	registerLabel  = "SO VAO SO|SO VAO SO CAP GCN|SO VAO SO CAP GIAY CHUNG NHAN"
	parcelLabel    = "THUA DAT"
	mapLabel       = "TO BAN DO"
	phoneLabel     = "DIEN THOAI|DT|SDT|DI DONG|FAX|TEL|LIEN HE|HOTLINE"
	moneyLabel     = "SO TIEN|LE PHI|PHI|VON KINH DOANH|TONG CONG"
)

// form is one way of writing one kind.
type form struct {
	kind  Kind
	like  *regexp.Regexp // what it looks like, one group for each slot
	slots string
	check func(r *Rules, g []string) (string, Facts, error) // of the mended groups
	label string                                            // words that stand before it, parted by |
	alone func(printed string) bool                         // whether it may stand without a label; nil is yes
	more  layout
}

// layout is how a form differs from one solid piece of text.
type layout struct {
	whole  *regexp.Regexp // what it looks like by itself, if not as in a text
	spaced bool           // it is printed with spaces
	inner  bool           // it is only the groups of what is found
}

// forms gives all forms. Of two that fit equally well the earlier is meant.
func forms() [22]form {
	spaced := layout{spaced: true}
	return [...]form{
		{kind: Dossier, like: dossierForm, slots: "udd", check: checkDossier, label: dossierLabel},
		{kind: Component, like: componentForm, slots: "uqd", check: checkComponent, label: partLabel},
		{kind: Result, like: resultForm, slots: "qud", check: checkResult, label: resultLabel},
		{kind: Procedure, like: procedureForm, slots: "dddddud", check: checkProcedure, label: procedureLabel},
		{kind: Domain, like: domainForm, slots: "uc", check: checkDomain, label: domainLabel, alone: never},
		{kind: Insurance, like: insuranceForm, slots: "ddd", check: checkInsurance, label: dossierLabel},
		{kind: Document, like: documentForm, slots: "dxds", check: checkDocument, label: documentLabel, alone: hyphened},
		{kind: Date, like: wordsForm, slots: "ddd", check: checkDate, more: spaced},
		{kind: Date, like: digitsForm, slots: "dxdxd", check: checkDigits, label: dateLabel},
		{kind: Date, like: isoForm, slots: "xxx", check: checkISO, label: dateLabel},
		{kind: Citizen, like: citizenForm, slots: "d", check: checkCitizen, label: citizenLabel},
		{kind: Tax, like: taxForm, slots: "dd", check: checkTax, label: taxLabel},
		{kind: OldID, like: oldIDForm, slots: "d", check: checkOldID, label: oldIDLabel, alone: never},
		{kind: Phone, like: phoneForm, slots: "d", check: checkPhone, label: phoneLabel, more: layout{spaced: true, whole: wholePhone}},
		{kind: Money, like: moneyForm, slots: "dx", check: checkMoney, label: moneyLabel, alone: currency, more: spaced},
		{kind: Book, like: bookForm, slots: "xx", check: checkBook, label: bookLabel},
		{kind: Certification, like: countForm, slots: "d", check: checkCount, label: certLabel, alone: never},
		{kind: LandSerial, like: serialForm, slots: "xd", check: checkSerial, label: serialLabel, alone: never},
		{kind: Parcel, like: countForm, slots: "d", check: checkCount, label: parcelLabel, alone: never},
		{kind: MapSheet, like: countForm, slots: "d", check: checkCount, label: mapLabel, alone: never},
		{kind: LandRegister, like: registerForm, slots: "x", check: checkRegister, label: registerLabel, alone: never},
		{kind: Place, like: placeForm, slots: "x", check: checkPlace, more: layout{whole: wholePlace, spaced: true, inner: true}},
	}
}

func never(string) bool { return false }
