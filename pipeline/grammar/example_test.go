package grammar_test

import (
	"fmt"

	"hoso/pipeline/grammar"
)

func ExampleRules_FindAll() {
	rules := grammar.Default()
	text := "Mã hồ sơ: 000.00.15.H42–22l011–0001, CCCD 035199000123"
	for _, m := range rules.FindAll(text) {
		fmt.Printf("%s %s, read as %s, %d misread\n", m.Kind, m.Value, text[m.Start:m.End], m.Misread())
	}
	// Output:
	// dossier H42.15-20221011-0000001, read as 000.00.15.H42–22l011–0001, 1 misread
	// citizen 035199000123, read as 035199000123, 0 misread
}

func ExampleRules_Parse() {
	rules := grammar.Default()
	m, err := rules.Parse(grammar.Citizen, "035 199 000 123")
	fmt.Println(m.Value, m.Facts.Home, m.Facts.Sex, m.Facts.Born, err)
	_, err = rules.Parse(grammar.Dossier, "H42.15-220230-0001")
	fmt.Println(err)
	// Output:
	// 035199000123 Hà Nam female 1999 <nil>
	// reading "H42.15-220230-0001" as dossier: no such day: not of this form
}

func ExampleRules_Classify() {
	rules := grammar.Default()
	for _, typed := range []string{"15.H42", "221011-0001", "qd-ubnd"} {
		best := rules.Classify(typed)[0]
		fmt.Println(typed, "→", best.Part, best.Kind, best.Values)
	}
	// Output:
	// 15.H42 → beginning dossier [H42.15]
	// 221011-0001 → tail dossier [-20221011-0000001]
	// qd-ubnd → tail document [/QĐ-UBND]
}
