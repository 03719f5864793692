package compose

import (
	"hoso/pipeline"
	"hoso/pipeline/compose/internal/lazy"
)

// Attached is a file that stands in a record.
type Attached struct {
	Name         string // as a reader shows it
	Relationship string // to the record, such as "Source"
	Media        string
	At           int64 // where its bytes begin in the record, in which they stand as they are
	Size         int64
	Digest       pipeline.Digest
}

// maxAttached bounds the files of a record that are looked at.
const maxAttached = 16

// attachments looks at the files that are associated with the document (ISO 19005-3,
// 6.8), whose bytes lie open: nobody has to unpack them to compare them. As they lie beside
// each other, no more is read than the size of the whole file.
func (i *inspection) attachments(catalog lazy.Dict, size int64) {
	list, _ := i.value(catalog["AF"]).(lazy.Array)
	for _, v := range list[:min(len(list), maxAttached)] {
		spec, err := i.dict(v)
		if err != nil || spec == nil {
			i.facts.problem("an associated file cannot be read")
			continue
		}
		i.attachment(spec, &size)
	}
}

// attachment looks at one, which may have left bytes.
func (i *inspection) attachment(spec lazy.Dict, left *int64) {
	files, err := i.dict(spec["EF"])
	if err != nil {
		i.facts.problem("an associated file: %v", err)
		return
	}
	s, ok := i.value(files["F"]).(lazy.Stream)
	if !ok || s.Dict["Filter"] != nil {
		i.facts.problem("an associated file is not attached, or not as it is")
		return
	}
	if *left -= s.Length; *left < 0 {
		i.facts.problem("the associated files are larger than the file that they are in")
		return
	}
	digest, size, err := pipeline.SumReader(i.file.Raw(s))
	if err != nil {
		i.facts.problem("an associated file: %v", err)
		return
	}
	name := i.text(spec["UF"])
	if name == "" {
		name = i.text(spec["F"])
	}
	relationship, _ := spec["AFRelationship"].(lazy.Name)
	media, _ := s.Dict["Subtype"].(lazy.Name)
	i.facts.Attached = append(i.facts.Attached, Attached{
		Name: clip(name, maxTitle), Relationship: clip(string(relationship), 64), Media: clip(string(media), 64),
		At: s.Offset, Size: size, Digest: digest,
	})
}

// claim holds the level of PDF/A that the metadata claim against what stands in the file:
// a record is a 2u, and one with files in it a 3u.
func (i *inspection) claim() {
	want := "2u"
	if len(i.facts.Attached) > 0 {
		want = "3u"
	}
	if i.facts.PDFA != want {
		i.facts.problem("the metadata claims %q, not PDF/A-%s", i.facts.PDFA, want)
	}
}
