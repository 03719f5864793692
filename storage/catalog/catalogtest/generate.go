package catalogtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"hoso/pipeline"
)

// Generator makes up papers with texts of Vietnamese syllables, a few of them
// frequent and most of them rare, some damaged as recognition damages them.
type Generator struct {
	random    *rand.Rand
	frequency *rand.Zipf
	syllables []string
	length    int
}

// NewGenerator makes a generator of texts of that many syllables. The same seed
// makes the same papers.
func NewGenerator(seed uint64, length int) *Generator {
	r := rand.New(rand.NewPCG(seed, 1))
	g := &Generator{random: r, syllables: syllables(), length: length}
	r.Shuffle(len(g.syllables), func(i, j int) { g.syllables[i], g.syllables[j] = g.syllables[j], g.syllables[i] })
	g.frequency = rand.NewZipf(r, 1.2, 8, uint64(len(g.syllables)-1))
	return g
}

// syllables combines initials and rhymes; not all of them exist, which matters to no
// index.
func syllables() []string {
	initials := strings.Fields("b c ch d đ g gi h k kh l m n ng nh ph q r s t th tr v x")
	rhymes := strings.Fields("a à á ả ạ an àn án ạn ang áng ăn ắn ân ấn ận ất ật e em én ê ến ền ệ ết i ì í ị in ính ình o ó ò ọ on ông ồng ộng ội ôn ơ ờ ở ợ ơn ời u ú ủ ụ ung úng ư ừ ữ ự ưng ương ướng ường ượng ươn ước ược uyền uyết uyên uyện oà oạ oan oàn oạn iên iền iến iện iệt")
	all := make([]string, 0, len(initials)*len(rhymes))
	for _, i := range initials {
		for _, r := range rhymes {
			all = append(all, i+r)
		}
	}
	return all
}

// Word gives the syllable of a rank, 0 being the most frequent.
func (g *Generator) Word(rank int) string { return g.syllables[rank] }

// Words is how many syllables there are.
func (g *Generator) Words() int { return len(g.syllables) }

// Paper makes up the i-th paper and its text: about one every two minutes, of a
// unit among a hundred, filed.
func (g *Generator) Paper(i int) (pipeline.Paper, string) {
	p := Paper(i)
	p.Received = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 100 * time.Second)
	p.Unit = fmt.Sprintf("H42.%02d", g.random.IntN(100))
	p.State, p.Gen = pipeline.Filed, 6
	day := p.Received.Format("060102")
	if n, err := pipeline.ParseDossierNumber(fmt.Sprintf("%s-%s-%04d", p.Unit, day, 1+i%9999)); err == nil {
		p.Dossier = n
	}
	p.Kind = []pipeline.Kind{pipeline.Component, pipeline.Component, pipeline.Component, pipeline.Result, pipeline.Output}[g.random.IntN(5)]
	if g.random.IntN(50) == 0 {
		p.State = pipeline.Confirming
	}
	if i/2000%2 == 0 {
		p.Batch = "dem-" + p.Received.Format("2006-01-02")
	}
	p.Fields = g.fields(p.Received)
	return p, g.text()
}

// fields makes up what is read off a paper that was issued before it was received.
func (g *Generator) fields(received time.Time) []pipeline.Field {
	r := g.random
	pick := func(from string) string {
		all := strings.Split(from, "|")
		return all[r.IntN(len(all))]
	}
	issued := received.AddDate(0, 0, -r.IntN(3000))
	name := pick("Nguyễn|Trần|Lê|Phạm|Hoàng|Đỗ|Vũ") + " " + pick("Văn|Thị|Đức|Minh") + " " + g.syllables[r.IntN(len(g.syllables))]
	var fields []pipeline.Field
	for _, f := range []pipeline.Field{
		{Name: pipeline.FieldOwnerID, Value: fmt.Sprintf("0%s%d%02d%06d", pick("35|36|37|01|79"), r.IntN(4), r.IntN(100), r.IntN(1_000_000))},
		{Name: pipeline.FieldOwnerName, Value: name},
		{Name: pipeline.FieldNumber, Value: fmt.Sprintf("%02d/%s", 1+r.IntN(2000), pick("QĐ-UBND|GP-SXD|TB-UBND|163-CV|QĐ-STNMT|GXN-UBND"))},
		{Name: pipeline.FieldDate, Value: issued.Format(time.DateOnly)},
		{Name: pipeline.FieldIssuer, Value: "Ủy ban nhân dân " + pick("xã|phường") + " " + g.syllables[r.IntN(150)]},
		{Name: pipeline.FieldClass, Value: pick("quyet-dinh|khai-sinh|ket-hon|gcn-qsdd|giay-phep-xay-dung|don|to-khai|thong-bao")},
	} {
		f.Confidence, f.Source = 97, pipeline.ByOCR
		fields = append(fields, f)
	}
	return fields
}

func (g *Generator) text() string {
	var b strings.Builder
	for i := range g.length {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch chance := g.random.IntN(100); {
		case chance < 4:
			fmt.Fprintf(&b, "%d", g.random.IntN(100_000))
		case chance < 6:
			b.WriteString(g.Damaged())
		default:
			b.WriteString(g.syllables[g.frequency.Uint64()])
		}
	}
	return b.String()
}

// Damaged is a syllable with a wrong letter in it.
func (g *Generator) Damaged() string {
	letters := []rune(g.syllables[g.frequency.Uint64()])
	letters[g.random.IntN(len(letters))] = rune('a' + g.random.IntN(26))
	return string(letters)
}
