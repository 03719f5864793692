package lazy

import (
	"bytes"
	"fmt"
)

const (
	packsKept = 4       // decoded object streams remembered
	maxPack   = 4 << 20 // bytes of one of them
	maxPacked = 100_000 // objects in one of them
)

// pack is a decoded object stream.
type pack struct {
	num    int64
	values map[int]any
}

// unpack reads an object out of an object stream.
func (f *File) unpack(num int64, ref Ref) (any, error) {
	for _, p := range f.packs {
		if p.num == num {
			return p.values[ref.Num], nil
		}
	}
	values, err := f.readPack(num)
	if err != nil {
		return nil, fmt.Errorf("reading object %d: %w", ref.Num, err)
	}
	if len(f.packs) == packsKept {
		f.packs = append(f.packs[:0], f.packs[1:]...)
	}
	f.packs = append(f.packs, pack{num, values})
	return values[ref.Num], nil
}

func (f *File) readPack(num int64) (map[int]any, error) {
	if num < 0 || num >= int64(len(f.entries)) || f.entries[num].kind != plain {
		return nil, fmt.Errorf("looking for object stream %d: %w", num, ErrFormat)
	}
	v, err := f.Object(Ref{int(num), int(f.entries[num].gen)})
	if err != nil {
		return nil, err
	}
	s, _ := v.(Stream)
	n, ok := s.Dict["N"].(int64)
	first, ok2 := s.Dict["First"].(int64)
	if !ok || !ok2 || n < 0 || n > maxPacked || first < 0 {
		return nil, fmt.Errorf("reading object stream %d: %w", num, ErrFormat)
	}
	data, err := f.Decode(s, maxPack)
	if err != nil {
		return nil, err
	}
	// A file that makes its streams be decoded over and over is up to no good.
	if f.work += int64(len(data)); f.work > 1<<30+20*f.size {
		return nil, fmt.Errorf("reading object stream %d: %w", num, ErrTooMuch)
	}
	return parsePack(data, int(n), first)
}

func parsePack(data []byte, n int, first int64) (map[int]any, error) {
	index, l := NewLexer(bytes.NewReader(data)), NewLexer(nil)
	values := make(map[int]any)
	size := int64(len(data))
	room, bytesLeft := maxValues, 4*size+1<<16 // objects may not lie over each other without end
	for range n {
		number, offset, err := pair(index)
		if err != nil || offset < 0 || offset > size-first {
			return nil, fmt.Errorf("reading the index of an object stream: %w", ErrFormat)
		}
		l.reset(bytes.NewReader(data[first+offset:]))
		v, err := l.Value()
		if err != nil {
			return nil, fmt.Errorf("reading object %d of an object stream: %w", number, noEOF(err))
		}
		room -= l.values
		bytesLeft -= l.pos
		if room < 0 || bytesLeft < 0 {
			return nil, fmt.Errorf("reading an object stream: %w", ErrTooMuch)
		}
		values[int(number)] = v
	}
	return values, nil
}

func pair(l *Lexer) (a, b int64, err error) {
	var both [2]int64
	for i := range both {
		tok, err := l.token()
		if err != nil {
			return 0, 0, noEOF(err)
		}
		n, ok := tok.(int64)
		if !ok {
			return 0, 0, ErrFormat
		}
		both[i] = n
	}
	return both[0], both[1], nil
}
