package hostile

import (
	"encoding/binary"
	"fmt"
	"strings"

	"hoso/testdata/paper"
)

func documents() []File {
	gigabytes := int64(4 << 30)
	return []File{
		{"truncated.pdf", Either, "a PDF without its second half", func() ([]byte, error) {
			b := plain(4)
			return b[:len(b)/2], nil
		}},
		{"no-pages.pdf", Refuse, "a sound PDF without a page", func() ([]byte, error) { return plain(0), nil }},
		{"many-pages.pdf", Either, "5,000 pages in 600 KB", func() ([]byte, error) { return plain(5000), nil }},
		{"page-bomb.pdf", Either, "a page of 4 GB in 4 MB", func() ([]byte, error) {
			return onePage(stream("/Filter/FlateDecode", zeros(gigabytes))), nil
		}},
		{"page-bomb-twice.pdf", Either, "a page of 4 GB, compressed twice", func() ([]byte, error) {
			return onePage(stream("/Filter[/FlateDecode/FlateDecode]", packed(zeros(gigabytes)))), nil
		}},
		{"image-bomb.pdf", Either, "an image of 30,000 pixels square in 1 MB", func() ([]byte, error) {
			return imageBomb(), nil
		}},
		{"xref-bomb.pdf", Either, "a cross-reference stream of 4 GB", func() ([]byte, error) {
			return xrefStream(zeros(gigabytes), 1<<31-1), nil
		}},
		{"page-tree-loop.pdf", Either, "a page tree that is its own child", func() ([]byte, error) {
			return paper.Assemble([]string{
				catalog(""), "<</Type/Pages/Kids[3 0 R]/Count 2>>",
				"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 2>>",
			}, ""), nil
		}},
		{"page-tree-deep.pdf", Either, "a page tree 20,000 levels deep", func() ([]byte, error) { return deepTree(20000), nil }},
		{"object-stream-loop.pdf", Either, "an object stream that extends itself", func() ([]byte, error) {
			return objectStreamLoop(), nil
		}},
		{"length-loop.pdf", Either, "a stream whose length is the stream", func() ([]byte, error) {
			return paper.Assemble([]string{catalog(""), onePageTree, pageObject, "<</Length 4 0 R>>\nstream\nq Q\nendstream"}, ""), nil
		}},
		{"nested-arrays.pdf", Either, "an array 200,000 levels deep", func() ([]byte, error) {
			deep := strings.Repeat("[", 200000) + strings.Repeat("]", 200000)
			return paper.Assemble([]string{catalog("/X 5 0 R"), onePageTree, pageObject, stream("", []byte("q Q")), deep}, ""), nil
		}},
		{"javascript.pdf", Read, "runs a script when opened", func() ([]byte, error) {
			return withCatalog("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), nil
		}},
		{"open-uri.pdf", Read, "calls an address when opened", func() ([]byte, error) {
			return withCatalog("/OpenAction<</S/URI/URI(http://127.0.0.1:9/opened)>>"), nil
		}},
		{"launch.pdf", Read, "starts a program when opened", func() ([]byte, error) {
			return withCatalog("/OpenAction<</S/Launch/F(/bin/sh)>>"), nil
		}},
		{"external-stream.pdf", Read, "takes its page from a file of the reader's machine", func() ([]byte, error) {
			return onePage("<</Length 0/F(/etc/passwd)>>\nstream\n\nendstream"), nil
		}},
		{"external-reference.pdf", Read, "draws a page of another file", func() ([]byte, error) { return externalReference(), nil }},
	}
}

// Names are file names as a browser or a mailbox hands them in.
func Names() []string {
	return []string{
		"../../../../etc/cron.d/hoso.pdf",
		`..\..\windows\system32\hoso.pdf`,
		"/etc/passwd",
		"a\x00b.pdf",
		"two\nlines\r\nSet-Cookie: x=1.pdf",
		"\x1b[2Jterminal.pdf",
		"\u202efdp.exe",
		"<script>alert(1)</script>.pdf",
		`"; DROP TABLE papers; --.pdf`,
		"-rf",
		".",
		"..",
		"",
		"CON.pdf",
		strings.Repeat("Quyết định ", 20) + ".pdf", // 304 bytes
		"Quye\u0302\u0301t d\u031bi\u0323nh.pdf",   // decomposed
		"\xff\xfe not UTF-8.pdf",
	}
}

func catalog(extra string) string { return "<</Type/Catalog/Pages 2 0 R" + extra + ">>" }

// The page tree and the page of a PDF whose page is object 3, its content object 4.
const (
	onePageTree = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	pageObject  = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>"
)

func stream(dict string, data []byte) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// onePage is a PDF whose only page has the given content object.
func onePage(content string) []byte {
	return paper.Assemble([]string{catalog(""), onePageTree, pageObject, content}, "")
}

func withCatalog(extra string) []byte {
	return paper.Assemble([]string{catalog(extra), onePageTree, pageObject, stream("", []byte("0 0 m 200 200 l S"))}, "")
}

// plain is a PDF of n tiny pages.
func plain(n int) []byte {
	objects := []string{catalog(""), ""}
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", i+3)
		objects = append(objects, fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 %d]>>", 72+i%9))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), n)
	return paper.Assemble(objects, "")
}

func imageBomb() []byte {
	const side = 30000
	img := stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode", side, side),
		zeros(side*side))
	return paper.Assemble([]string{
		catalog(""), onePageTree,
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</Im0 5 0 R>>>>>>",
		stream("", []byte("q 595 0 0 842 0 0 cm /Im0 Do Q")), img,
	}, "")
}

func deepTree(depth int) []byte {
	objects := []string{catalog(""), "<</Type/Pages/Kids[3 0 R]/Count 1>>"}
	for i := range depth {
		objects = append(objects, fmt.Sprintf("<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>", i+2, i+4))
	}
	objects = append(objects, fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>", depth+2))
	return paper.Assemble(objects, "")
}

func externalReference() []byte {
	form := stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Ref<</F<</Type/Filespec/F(/etc/passwd)>>/Page 0>>", []byte("q Q"))
	return paper.Assemble([]string{
		catalog(""), onePageTree,
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F0 5 0 R>>>>>>",
		stream("", []byte("/F0 Do")), form,
	}, "")
}

// xrefStream is a PDF whose cross-reference stream is the given data and claims
// the given number of objects (ISO 32000-1, 7.5.8).
func xrefStream(data []byte, size int) []byte {
	out := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	for i, o := range []string{catalog(""), onePageTree, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>"} {
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := len(out)
	dict := fmt.Sprintf("/Type/XRef/W[1 4 2]/Index[0 %d]/Size %d/Root 1 0 R/Filter/FlateDecode", size, size)
	return fmt.Appendf(out, "4 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", stream(dict, data), at)
}

// objectStreamLoop keeps its page tree in an object stream that extends itself and
// that, by the cross-reference, lies inside itself (ISO 32000-1, 7.5.7).
func objectStreamLoop() []byte {
	out := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := [3]int{1: len(out)}
	out = fmt.Appendf(out, "1 0 obj\n%s\nendobj\n", catalog(""))
	body := onePageTree
	head := "2 0 "
	offsets[2] = len(out)
	out = fmt.Appendf(out, "5 0 obj\n%s\nendobj\n",
		stream(fmt.Sprintf("/Type/ObjStm/N 1/First %d/Extends 5 0 R", len(head)), []byte(head+body)))
	at := len(out)
	var table []byte
	for _, e := range [][3]int{{0, 0, 65535}, {1, offsets[1], 0}, {2, 5, 0}, {2, 5, 1}, {1, at, 0}, {2, 5, 2}} {
		table = append(table, byte(e[0]))
		table = binary.BigEndian.AppendUint32(table, uint32(e[1]))
		table = binary.BigEndian.AppendUint16(table, uint16(e[2]))
	}
	return fmt.Appendf(out, "4 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n",
		stream("/Type/XRef/W[1 4 2]/Size 6/Root 1 0 R", table), at)
}
