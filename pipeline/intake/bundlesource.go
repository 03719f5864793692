package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"hoso/pipeline"
	"hoso/pipeline/intake/bundle"
	"hoso/pipeline/intake/fault"
)

// bundleSource is several files whose pages follow each other. One member is open at a
// time, so that neither memory nor scratch space grows with their number.
type bundleSource struct {
	in      input
	members []bundle.Member
	ends    []int // the last page of each member; a member that cannot be used has one page, too
	current int   // the member that is open, -1 for none
	open    *Document
}

func openBundle(ctx context.Context, in input) (source, error) {
	members, err := bundle.Members(in.file, in.size)
	if err != nil {
		return nil, fault.Broken("bundle", err)
	}
	if len(members) > in.limits.Pages {
		return nil, fault.PagesTooMany(len(members), in.limits.Pages)
	}
	b := &bundleSource{in: in, members: members, current: -1}
	if err := b.count(ctx); err != nil {
		return nil, errors.Join(err, b.letGo())
	}
	return b, nil
}

// count opens every member once. A bundle is refused when none of them can be used; one
// of several that cannot be is a page that says why.
func (b *bundleSource) count(ctx context.Context) error {
	var first error
	usable, total := 0, 0
	for i := range b.members {
		pages := 1
		err := b.take(ctx, i)
		switch {
		case err == nil && b.open.Signed():
			return fault.SignedInBundle(i + 1)
		case err == nil:
			pages, usable = b.open.Pages(), usable+1
		case !fault.Refused(err):
			return err
		case first == nil:
			first = err
		}
		total += pages
		b.ends = append(b.ends, total)
	}
	if usable == 0 {
		return first
	}
	if total > b.in.limits.Pages {
		return fault.PagesTooMany(total, b.in.limits.Pages)
	}
	return nil
}

// take opens a member in place of the one that is open.
func (b *bundleSource) take(ctx context.Context, i int) error {
	if b.current == i {
		return nil
	}
	if err := b.letGo(); err != nil {
		return err
	}
	path := filepath.Join(b.in.dir, fmt.Sprintf("member-%04d", i+1))
	if err := b.extract(b.members[i], path); err != nil {
		return err
	}
	open, err := Open(ctx, path, Options{Limits: b.in.limits, Scratch: b.in.dir, member: true})
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	b.open, b.current = open, i
	return nil
}

// extract copies a member to where programs that want a file find it.
func (b *bundleSource) extract(m bundle.Member, path string) error {
	from, err := m.Open()
	if err != nil {
		return fault.Broken("bundle", err)
	}
	defer from.Close()                                                     //nolint:errcheck // only read from
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name of our own
	if err != nil {
		return &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		err = errors.Join(err, os.Remove(path))
		return broken(err)
	}
	return nil
}

// broken tells a disk that is full from a member whose bytes are not what they should be.
func broken(err error) error {
	if _, disk := errors.AsType[*os.PathError](err); disk {
		return &pipeline.Unavailable{What: "scratch space", Err: err}
	}
	return fault.Broken("bundle", err)
}

// letGo closes the member that is open.
func (b *bundleSource) letGo() error {
	if b.current < 0 {
		return nil
	}
	path := filepath.Join(b.in.dir, fmt.Sprintf("member-%04d", b.current+1))
	err := errors.Join(b.open.Close(), os.Remove(path))
	b.open, b.current = nil, -1
	return err
}

// files gives the pages of each member.
func (b *bundleSource) files() []int {
	files, before := make([]int, len(b.ends)), 0
	for i, end := range b.ends {
		files[i], before = end-before, end
	}
	return files
}

func (b *bundleSource) pages() int   { return b.ends[len(b.ends)-1] }
func (b *bundleSource) signed() bool { return false }
func (b *bundleSource) close() error { return errors.Join(b.letGo(), b.in.file.Close()) }

func (b *bundleSource) page(ctx context.Context, n int) (Leaf, error) {
	i, _ := slices.BinarySearch(b.ends, n)
	if err := b.take(ctx, i); err != nil {
		return Leaf{}, err
	}
	before := 0
	if i > 0 {
		before = b.ends[i-1]
	}
	return b.open.Page(ctx, n-before)
}
