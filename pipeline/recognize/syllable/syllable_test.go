package syllable_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hoso/pipeline/recognize/syllable"
)

// office is what official papers say: every word is one syllable.
const office = `
cộng hòa xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc ủy ban nhân dân tỉnh thành phố phường thị trấn huyện quận
số ngày tháng năm kính gửi căn cứ luật tổ chức chính quyền địa phương nghị định thông tư hướng dẫn quy chế hiệu lực
thi hành kể từ ký ban văn phòng quốc hội đại biểu hội đồng sở nội vụ tư pháp tài nguyên môi trường giáo dục đào tạo
y tế lao động thương binh kho bạc kiểm sát tòa án công an quân sự bộ chỉ huy biên phòng hải quan thuế vụ bưu điện
giấy chứng nhận quyền sử dụng đất sở hữu nhà ở và tài sản khác gắn liền với khai sinh khai tử kết hôn ly hôn giám hộ
trích lục bản sao chứng thực chữ ký sơ yếu lý lịch đăng ký kinh doanh hộ cá thể doanh nghiệp giấy phép xây dựng
thửa tờ bản đồ diện tích mét vuông mục đích thời hạn lâu dài nguồn gốc chuyển nhượng thừa kế tặng cho thế chấp
tiếp nhận trả kết quả một cửa liên thông thủ tục hành chính bổ sung hoàn thiện từ chối xin lỗi dừng giải quyết
họ và tên giới tính nam nữ quê quán nơi thường trú tạm vắng dân tộc kinh mường tày nùng thái khơ me chăm hoa
quốc tịch nghề nghiệp trình độ học vấn chuyên môn cấp bậc đảng viên đoàn cựu chiến thương binh liệt sĩ mẹ anh hùng
người yêu cầu làm đơn xác nhận cam đoan chịu trách nhiệm trước pháp luật những lời khai đúng sự thật nếu sai xử phạt
nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đoàn trịnh đinh lâm phùng mai tô hà quách
ninh bình nam định thanh hóa nghệ an tĩnh quảng trị thừa thiên huế đà nẵng khánh bình thuận đồng nai vĩnh long
cà mau kiên giang hậu cần thơ sóc trăng bạc liêu trà vinh bến tre tiền long tây bà rịa vũng tàu lạng sơn cao bằng
tuyên quang yên bái lào cai điện lai châu thái phú thọ bắc hải dương hưng yên phòng ninh
khoản điều điểm chương mục phụ lục kèm theo nêu trên dưới đây như sau nhằm bảo đảm thống nhất đồng bộ hiệu quả
tăng cường đẩy mạnh triển khai rà soát đánh giá kiểm tra giám sát thanh khiếu nại tố cáo phản ánh kiến nghị
ngân sách dự toán kinh phí chi thu nộp lệ phí miễn giảm đồng triệu tỷ nghìn trăm mười hai ba bốn sáu bảy tám chín
mức lương phụ cấp bảo hiểm xã thất trợ hưu trí tuất nghỉ thai ốm đau bệnh viện trạm phường khám chữa thuốc
trường mầm non tiểu trung phổ dạy nghề giáo viên sinh viên bằng tốt nghiệp điểm thi tuyển bổ nhiệm luân chuyển
đường phố ngõ ngách hẻm thôn xóm ấp khu tổ cụm cống rãnh thoát nước sạch rác thải chiếu sáng cây xanh vỉa hè
quyết khuya khuỷu ngoằn ngoèo khúc khuỷu huơ thuở nguều ngoào xoong goòng loằng ngoằng khuếch huênh hoang huỵch
tuýp xe buýt quýt quỳnh quẩn quanh quẹo quắp quốc quờ quạng giếng giặt gì gìn giữ giêng giết ghế ghi nghe ngành nghiêng
yểm yếm yến ỉa ưng ừ ơ ô êm ếch eo oan oe uể oải uyên ương ước ướp ườn ăn ấm ẩn ong ốc ổn ơn ớt út ủng ích in iu
`

func TestParseTakesWhatIsWritten(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for word := range strings.FieldsSeq(office) {
		seen[word] = true
		s, ok := syllable.Parse(word)
		if !ok {
			t.Errorf("Parse(%q) takes it for no syllable", word)
			continue
		}
		if s.String() != word {
			t.Errorf("Parse(%q) is written %q", word, s)
		}
		for _, other := range []string{strings.ToUpper(word), norm.NFD.String(word)} {
			if o, ok := syllable.Parse(other); !ok || o.Onset != s.Onset || o.Rime != s.Rime || o.Tone != s.Tone {
				t.Errorf("Parse(%q) = %+v, %v; want that of %q", other, o, ok, word)
			}
		}
	}
	if len(seen) < 400 {
		t.Errorf("only %d different words are tried", len(seen))
	}
}

func TestParseRefusesWhatCannotBeSpelled(t *testing.T) {
	t.Parallel()
	impossible := `
	ciên kông kà qa quuy qoc qín cế ky̌ cy kua koan coa coan cuyên cuê
	gế ghà ghô ghu gê gie' gi̇ nghà nghô nghu ngế ngiêm nghoa nguỹt ngê ngi
	thuât quyêt đôc hoc mac các̀ càc nhãt tảp lịchh đich kêt cảc tuât bốx sạh phảp thìch
	iêu iên iêt tyêu yê hyên kyên lyên nyêu byến myên cyên dyên
	hòan tòan thúôc tiêń thưông nguyêñ qúy gía hoàì tháíng cuả muà nghiã thuởng
	ab abc bcd nnh tth trr đđ thh ngk chr kkh phh nhg gng
	fa fan pháf jun zô wa wen email web seminar internet server photo club
	bâ bă hơc hơng tơc bêc bêng tôy lây̌ đêy mơy nưy bơu bôu bou băi bêi băo âo ăo ơo êo
	huơnk ưc̣ boă tuơc liêa duôa nươa ưo ươa iae uio aie oai̇n
	đinhj địnhh vn xyz ưư ăă oo ôô uu ii aa ee
	1 a1 h0i h0à 5ở ðịnh Ðịnh ɗi ďo tôi. ,và (hà “về v/v
	`
	n := 0
	for word := range strings.FieldsSeq(impossible) {
		n++
		if s, ok := syllable.Parse(word); ok {
			t.Errorf("Parse(%q) = %+v, want none", word, s)
		}
	}
	if n < 150 {
		t.Errorf("only %d words are tried", n)
	}
	for _, word := range []string{"", " ", "và ", "\xff", "a\x00", strings.Repeat("a", 10_000), strings.Repeat("\u0301", 5_000)} {
		if _, ok := syllable.Parse(word); ok {
			t.Errorf("Parse(%.20q) takes it for a syllable", word)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]syllable.Syllable{
		"nghiêng": {Onset: "ngh", Rime: "iêng"},
		"Gì":      {Onset: "gi", Rime: "i", Tone: syllable.Huyen, Case: syllable.Title},
		"GIẾNG":   {Onset: "gi", Rime: "iêng", Tone: syllable.Sac, Case: syllable.Upper},
		"già":     {Onset: "gi", Rime: "a", Tone: syllable.Huyen},
		"quốc":    {Onset: "qu", Rime: "ôc", Tone: syllable.Sac},
		"cuốc":    {Onset: "c", Rime: "uôc", Tone: syllable.Sac},
		"quý":     {Onset: "qu", Rime: "y", Tone: syllable.Sac},
		"yếu":     {Rime: "iêu", Tone: syllable.Sac},
		"Ý":       {Rime: "y", Tone: syllable.Sac, Case: syllable.Title},
		"nGuyễn":  {Onset: "ng", Rime: "uyên", Tone: syllable.Nga, Case: syllable.Mixed},
		"hòa":     {Onset: "h", Rime: "oa", Tone: syllable.Huyen},
		"hoà":     {Onset: "h", Rime: "oa", Tone: syllable.Huyen, Place: syllable.Modern},
		"Thuỷ":    {Onset: "th", Rime: "uy", Tone: syllable.Hoi, Place: syllable.Modern, Case: syllable.Title},
		"THỦY":    {Onset: "th", Rime: "uy", Tone: syllable.Hoi, Case: syllable.Upper},
		"khoẻ":    {Onset: "kh", Rime: "oe", Tone: syllable.Hoi, Place: syllable.Modern},
		"ủy":      {Rime: "uy", Tone: syllable.Hoi},
		"đồng":    {Onset: "đ", Rime: "ông", Tone: syllable.Huyen},
	} {
		if got, ok := syllable.Parse(word); !ok || got != want {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", word, got, ok, want)
		}
	}
}

func TestCore(t *testing.T) {
	t.Parallel()
	for word, want := range map[string][3]string{
		"định,":   {"", "định", ","},
		"(Hà":     {"(", "Hà", ""},
		"nghị:":   {"", "nghị", ":"},
		"“Về":     {"“", "Về", ""},
		"./.":     {"./.", "", ""},
		"":        {"", "", ""},
		"(bà).":   {"(", "bà", ")."},
		"m²/giờ.": {"", "m²/giờ", "."},
		"–ĐD":     {"–", "ĐD", ""},
		"đi.nh":   {"", "đi.nh", ""},
	} {
		prefix, core, suffix := syllable.Core(word)
		if got := [3]string{prefix, core, suffix}; got != want {
			t.Errorf("Core(%q) = %q, want %q", word, got, want)
		}
	}
	if got := syllable.Parts("Khoa/Bộ-môn"); strings.Join(got, " ") != "Khoa Bộ môn" {
		t.Errorf("Parts = %q", got)
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for kind, words := range map[syllable.Kind]string{
		syllable.Punctuation:  "- ./. – … “ + &",
		syllable.Number:       "1 01/08/2013 12/QĐ-UBND, 30c/NQ-CP 1.250.000 65% 2024–2025 H98.51-260706-0094 000.00.44.H98-260823-0191 iv 07-2:2016/BXD (01 Ph.10",
		syllable.Abbreviation: "UBND TTHC QĐ-UBND, km kg m² TTr ThS. D600 A1 V/v b/c); P.QLKH&HTQT II; K. b) QÐ-UBND HĐND TX",
		syllable.Native:       "và ĐỊNH, (Hà “Về Khoa/Bộ P.Trưởng TL.CHỦ rơ-moóc lít/m² nGuyễn à Ở",
		syllable.Foreign:      "email: web seminar thuât Đ1ỀU N0I hatang.kythuat@example.gov.vn https://sid.tdu.edu.vn/) VIETTEL QUYÊT chu'a 5ở Đắk",
	} {
		for word := range strings.FieldsSeq(words) {
			if got := syllable.KindOf(word); got != kind {
				t.Errorf("KindOf(%q) = %d, want %d", word, got, kind)
			}
		}
	}
}

func TestPlausibility(t *testing.T) {
	t.Parallel()
	for grade, words := range map[syllable.Grade]string{
		syllable.Nonsense: "thuât vỉêc, Đ1ỀU N0I chínhì tlnh chu'a hội/đồnq1 quyêt-định",
		syllable.Alien:    "email web seminar VIETTEL Samsung nnqanh@tdu.edu.vn",
		syllable.Rare:     "HòA ĐiềU nGuyễn puôn boét nguều-poa",
		syllable.Possible: "1.250.000 - XYZ bảu quẻn",
		syllable.Attested: "nguệch ngoạc Đắk Lắk khúc-khuỷu",
		syllable.Common:   "Nguyễn ĐỊNH, (Hà hoà thuỷ UBND kỹ kĩ Mỹ QUYẾT/định",
	} {
		for word := range strings.FieldsSeq(words) {
			if got := syllable.Plausibility(word); got != grade {
				t.Errorf("Plausibility(%q) = %d, want %d", word, got, grade)
			}
		}
	}
}

func TestDictionaryIsAsked(t *testing.T) {
	t.Parallel()
	j := syllable.Judge{Known: func(word string) bool { return word == "Viettel" || word == "tuẩn" }}
	if got := j.Plausibility("(Viettel)"); got != syllable.Attested {
		t.Errorf("a known name is graded %d", got)
	}
	if got := j.Repairs("Viettel"); got != nil {
		t.Errorf("a known name is repaired: %v", got)
	}
	if got := j.Plausibility("thuât"); got != syllable.Nonsense {
		t.Errorf("an unknown word is graded %d", got)
	}
}

func TestMixedCase(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{
		"nGuyễn": true, "HòA,": true, "VIệT": true, "Nguyễn": false, "NGUYỄN": false, "nguyễn": false,
		"Ở": false, "ThS.": false, "TTr": false, "": false, "VietGap": false,
	} {
		if got := syllable.MixedCase(word); got != want {
			t.Errorf("MixedCase(%q) = %v", word, got)
		}
	}
}

func TestCaseRepair(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"CỘNG HòA XÃ HỘI CHỦ NGHĨA VIỆT NAm": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"VĂN PHÒNG UBND số 5":                "VĂN PHÒNG UBND SỐ 5",
		"THÔNG BÁO (lần hai)":                "THÔNG BÁO (lần hai)",
		"ông NGuyễn Văn An,":                 "ông Nguyễn Văn An,",
		"Về vIệc cấp ThS. TTr":               "Về việc cấp ThS. TTr",
		"Ủy ban số 5":                        "Ủy ban số 5",
		"":                                   "",
		"UBND - HĐND":                        "UBND - HĐND",
	} {
		words := strings.Fields(line)
		got := syllable.CaseRepair(words)
		if strings.Join(got, " ") != want || len(got) != len(words) || strings.Join(words, " ") != line {
			t.Errorf("CaseRepair(%q) = %q, want %q", line, strings.Join(got, " "), want)
		}
	}
}
