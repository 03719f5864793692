package morning

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"hoso/pipeline"
)

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

// relative is a paper that was parted from another one, or merged with others, or from
// which others were parted.
type relative struct {
	stand int8
	next  []pipeline.PaperID // the papers parted from it, and the one that took in its pages
}

// recount counts the rows that were gone through as the catalog counts them: a second
// count, by other means, that has to come to the same.
type recount struct {
	rows pipeline.ShelfBalance
	kin  map[pipeline.PaperID]relative
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

// paper takes in a paper and gives where it stands. One whose pages are in another paper
// weighs as little as a filed one: the other one says where they stand.
func (c *recount) paper(p pipeline.Paper) int8 {
	stand := standOf(p.State)
	joined := p.State == pipeline.Rejected && p.Into != ""
	if joined {
		stand = filedAll
	}
	if p.Parted == "" && !joined && len(p.Parts)+len(p.Merged) == 0 {
		return stand
	}
	if c.kin == nil {
		c.kin = map[pipeline.PaperID]relative{}
	}
	own := c.kin[p.ID]
	own.stand, own.next = stand, append(own.next, p.Parts...)
	if joined {
		own.next = append(own.next, p.Into)
	}
	c.kin[p.ID] = own
	if p.Parted != "" {
		from := c.kin[p.Parted]
		from.next = append(from.next, p.ID)
		c.kin[p.Parted] = from
	}
	return stand
}

// complete looks up the papers that others speak of and that are not of this shelf.
func (c *recount) complete(ctx context.Context, rows Rows) error {
	for len(c.kin) > 0 {
		var left []pipeline.PaperID
		for _, one := range c.kin {
			for _, id := range one.next {
				if k := c.kin[id]; k.stand == unknown {
					left = append(left, id)
				}
			}
		}
		slices.Sort(left)
		left = slices.Compact(left)
		if len(left) == 0 {
			return nil
		}
		for _, id := range left {
			p, err := rows.Paper(ctx, id)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				c.kin[id] = relative{stand: filedAll} // it weighs nothing
				continue
			case err != nil:
				return fmt.Errorf("reading a paper that came of one of the shelf: %w", err)
			}
			stand := c.paper(p)
			k := c.kin[id]
			k.stand = stand
			c.kin[id] = k
		}
	}
	return nil
}

// weigh gives where a paper stands with all that came of it.
func (c *recount) weigh(id pipeline.PaperID, stand int8) int8 {
	seen := map[pipeline.PaperID]bool{id: true}
	for left := c.kin[id].next; len(left) > 0; {
		at := left[0]
		left = left[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		stand = max(stand, c.kin[at].stand)
		left = append(slices.Clip(left), c.kin[at].next...)
	}
	return stand
}

// total ends the count with the files that have papers.
func (c *recount) total(places map[pipeline.PaperID]*place) pipeline.ShelfBalance {
	for id, at := range places {
		if at.stand != unknown {
			at.stand = c.weigh(id, at.stand)
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
