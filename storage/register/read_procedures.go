package register

import (
	"fmt"

	"hoso/pipeline"
)

// components gathers those of a procedure from the rows of a table.
type components struct {
	r       *reading[pipeline.Procedure]
	columns []column[pipeline.ComponentSpec]
	sheet   string // of the last row
}

func (c *components) titles() []title {
	var all []title
	for _, col := range c.columns {
		all = append(all, title{col.key, col.answers})
	}
	return all
}

// accept takes a row: a procedure of its own, or one more component of the one before.
func (c *components) accept(e pipeline.Listed[pipeline.Procedure], row cells) {
	r := c.r
	spec, has := c.component(row)
	last := len(r.entries) - 1
	before := last >= 0 && c.sheet == e.Spot.Sheet
	c.sheet = e.Spot.Sheet
	switch {
	case before && continues(r.entries[last].Entry, e.Entry):
		if has {
			r.entries[last].Entry.Components = c.with(r.entries[last].Entry.Components, spec, e.Spot)
		}
		return
	case has:
		e.Entry.Components = []pipeline.ComponentSpec{spec}
	}
	r.check(&e.Entry, e.Spot)
	r.entries = append(r.entries, e)
}

// continues reports whether a row that says no more than next goes on with p: it is
// blank but for a component, or says the same of the procedure again.
func continues(p, next pipeline.Procedure) bool {
	if next.Code == "" && next.Name == "" {
		return true
	}
	same := next.Code == p.Code && (next.From == "" || next.From == p.From) && (next.To == "" || next.To == p.To)
	return same && (next.Name == "" || next.Name == p.Name)
}

// component reads that of a row; false if it has none.
func (c *components) component(row cells) (pipeline.ComponentSpec, bool) {
	spec := pipeline.ComponentSpec{Required: true} // a table without that column means it
	filled := false
	for _, col := range c.columns {
		text, head, found := row.of(col.key)
		if !found {
			continue
		}
		filled = filled || text != "" && col.key != "required"
		c.r.put(row.spot, head, col.set(&spec, text))
	}
	if filled && spec.Name == "" {
		c.r.put(row.spot, c.columns[1].head, fault{"the component has no name", "Thành phần hồ sơ chưa có tên."})
	}
	return spec, filled
}

func (c *components) with(all []pipeline.ComponentSpec, spec pipeline.ComponentSpec, at pipeline.Spot) []pipeline.ComponentSpec {
	for _, other := range all {
		if other.Name == spec.Name || spec.Code != "" && other.Code == spec.Code {
			c.r.misfit(at, fault{"the component is there twice", fmt.Sprintf("Thành phần “%.80s” bị lặp trong cùng một thủ tục.", spec.Name)})
			return all
		}
	}
	return append(all, spec)
}

// check holds the components of a procedure in JSON to the rules of a table's.
func (c *components) check(p *pipeline.Procedure, at pipeline.Spot) {
	var kept []pipeline.ComponentSpec
	for _, spec := range p.Components {
		tidy := spec
		for _, col := range c.columns {
			c.r.put(at, col.key, col.set(&tidy, col.get(spec)))
		}
		if tidy.Name == "" {
			c.r.put(at, "components", fault{"the component has no name", "Thành phần hồ sơ chưa có tên."})
		}
		kept = c.with(kept, tidy, at)
	}
	p.Components = kept
}
