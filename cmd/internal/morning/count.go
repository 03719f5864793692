package morning

import "hoso/pipeline"

// Where the papers of a file stand, the one that weighs most last: the same order as that
// of the catalog's own count.
const (
	unknown = iota
	filedAll
	rejectedSome
	openSome
	waitingSome
)

func standOf(s pipeline.State) int8 {
	switch {
	case s == pipeline.Filed:
		return filedAll
	case s == pipeline.Rejected:
		return rejectedSome
	case s.Waiting():
		return waitingSome
	}
	return openSome
}

// parted is a paper that took its leaves from another one's original.
type parted struct {
	from  pipeline.PaperID
	stand int8
}

// recount counts the rows that were gone through as the catalog counts them: a second
// count, by other means, that has to come to the same.
type recount struct {
	rows  pipeline.ShelfBalance
	parts map[pipeline.PaperID]parted
}

// file takes in a file without receipt.
func (c *recount) file(s pipeline.FileState) {
	b := &c.rows
	switch s {
	case pipeline.FileGone:
		b.Gone++
		return
	case pipeline.FileToDo, pipeline.FileWaiting:
		b.ToDo++
	case pipeline.FileHeld:
		b.Held++
	case pipeline.FileRefused:
		b.Refused++
	case pipeline.FileIgnored:
		b.Ignored++
	case pipeline.FileReceived: // counted by its paper
	}
	b.Found++
}

// paper takes in a paper and gives where it stands.
func (c *recount) paper(p pipeline.Paper) int8 {
	stand := standOf(p.State)
	if p.Parted != "" && (p.State != pipeline.Rejected || p.Reason.Code != pipeline.ReasonMerged) {
		if c.parts == nil {
			c.parts = map[pipeline.PaperID]parted{}
		}
		c.parts[p.ID] = parted{p.Parted, stand}
	}
	return stand
}

// total ends the count with the files that have papers. A part of a part counts for the
// file that both came from.
func (c *recount) total(places map[pipeline.PaperID]*place) pipeline.ShelfBalance {
	for id, part := range c.parts {
		root := part.from
		for range len(c.parts) { // no longer than the chain can be
			above, there := c.parts[root]
			if !there || above.from == id {
				break
			}
			root = above.from
		}
		if at := places[root]; at != nil && at.stand != unknown {
			at.stand = max(at.stand, part.stand)
		}
	}
	b := c.rows
	for _, at := range places {
		n := int64(at.received)
		switch at.stand {
		case filedAll:
			b.Filed += n
		case rejectedSome:
			b.Rejected += n
		case openSome:
			b.Open += n
		case waitingSome:
			b.Waiting += n
		}
	}
	return b
}

// agrees reports whether two counts of the files are the same.
func agrees(a, b pipeline.ShelfBalance) bool {
	files := func(b pipeline.ShelfBalance) [9]int64 {
		return [9]int64{b.Found, b.ToDo, b.Held, b.Refused, b.Ignored, b.Filed, b.Waiting, b.Rejected, b.Open}
	}
	return files(a) == files(b)
}
