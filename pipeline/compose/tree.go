package compose

import (
	"fmt"
	"strings"
)

// fanout bounds the children of a node of the page tree, so that a viewer finds
// page 5,000 by reading a few small objects.
const fanout = 32

// pageTree collects pages under leaf nodes of up to fanout pages. The levels above
// are known only at the end.
type pageTree struct {
	pages  []int32 // object numbers, in order
	leaves []int32 // object numbers of the leaf nodes, one per fanout pages
}

func (t *pageTree) len() int { return len(t.pages) }

// parent gives the object number of the node under which the next page goes.
func (t *pageTree) parent(o *output) int {
	if len(t.pages)%fanout == 0 {
		t.leaves = append(t.leaves, int32(o.reserve())) //nolint:gosec // object numbers stay far below 2^31
	}
	return int(t.leaves[len(t.leaves)-1])
}

func (t *pageTree) add(page int) { t.pages = append(t.pages, int32(page)) } //nolint:gosec // as above

// node is a node of the tree that waits for its parent.
type node struct {
	num   int32
	count int
	kids  []int32
}

func (t *pageTree) write(o *output) {
	level := make([]node, len(t.leaves))
	for i, num := range t.leaves {
		kids := t.pages[i*fanout : min((i+1)*fanout, len(t.pages))]
		level[i] = node{num: num, count: len(kids), kids: kids}
	}
	for len(level) > fanout {
		level = raise(o, level)
	}
	root := join(rootNum, level)
	writeNodes(o, level, rootNum)
	o.object(rootNum, root.body(0))
}

// raise writes the nodes of a level and gives the level above.
func raise(o *output, level []node) []node {
	var above []node
	for len(level) > 0 {
		n := min(fanout, len(level))
		up := join(int32(o.reserve()), level[:n]) //nolint:gosec // as above
		writeNodes(o, level[:n], up.num)
		above = append(above, up)
		level = level[n:]
	}
	return above
}

func join(num int32, kids []node) node {
	up := node{num: num}
	for _, k := range kids {
		up.count += k.count
		up.kids = append(up.kids, k.num)
	}
	return up
}

func writeNodes(o *output, nodes []node, parent int32) {
	for _, n := range nodes {
		o.object(int(n.num), n.body(parent))
	}
}

func (n node) body(parent int32) string {
	var b strings.Builder
	b.WriteString("<< /Type /Pages ")
	if parent != 0 {
		fmt.Fprintf(&b, "/Parent %d 0 R ", parent)
	}
	fmt.Fprintf(&b, "/Count %d /Kids [", n.count)
	for i, k := range n.kids {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%d 0 R", k)
	}
	b.WriteString("] >>")
	return b.String()
}
