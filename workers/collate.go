package workers

import (
	"fmt"
	"strings"

	"hoso/pipeline"
)

// collate is the move of a paper whose fronts and backs, which are files of so many pages,
// are put together; false if there is nothing to put together, or it cannot be.
func collate(p pipeline.Paper, files []int) (pipeline.Move, bool) {
	if p.Collate == "" || len(p.Leaves) > 0 {
		return pipeline.Move{}, false
	}
	leaves, err := p.Collate.Collated(files)
	if err != nil {
		return pipeline.Move{}, false
	}
	told := map[string]string{"how": string(p.Collate), "pages": spell(leaves)}
	p.Leaves, p.Pages = leaves, len(leaves)
	return pipeline.Move{Paper: p, Event: pipeline.Event{What: "collated", Detail: detail(told)}}, true
}

// ReasonUncollated is the code of papers whose fronts and backs do not go together.
const ReasonUncollated = "not-collated"

// collationDoubted says that fronts and backs could not be put together; the zero Reason
// if they were, or none came.
func collationDoubted(p pipeline.Paper) pipeline.Reason {
	if p.Collate == "" || len(p.Leaves) > 0 {
		return pipeline.Reason{}
	}
	return pipeline.Reason{
		Code: ReasonUncollated, English: "the fronts and the backs are not two files with the same number of pages; the pages are in the order of the files",
		Vietnamese: "Không ghép được mặt trước với mặt sau: cần đúng hai tệp có số trang bằng nhau. Các trang đang xếp theo thứ tự tệp; hãy sắp xếp lại trang, hoặc từ chối rồi quét lại.",
	}
}

// spell writes leaves down for the history: 1-3,7,9@180 are the pages 1, 2, 3 and 7, and 9
// turned by half a circle.
func spell(leaves []pipeline.Leaf) string {
	var b strings.Builder
	for i := 0; i < len(leaves); {
		last := i
		for last+1 < len(leaves) && leaves[last+1] == (pipeline.Leaf{Page: leaves[last].Page + 1, Turn: leaves[last].Turn}) {
			last++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, leaves[i].Page)
		if last > i {
			fmt.Fprintf(&b, "-%d", leaves[last].Page)
		}
		if leaves[i].Turn != 0 {
			fmt.Fprintf(&b, "@%d", leaves[i].Turn)
		}
		i = last + 1
	}
	return b.String()
}
