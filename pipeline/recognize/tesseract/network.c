// The networks of Tesseract spend a third of their time carrying numbers about one by
// one. The functions that do so are defined anew here, as lean.c does with others: the
// same numbers, sooner. They have to know how Tesseract lays its objects out in memory,
// which no header tells. So each is tried first: it does its work beside the original,
// and if the two ever differ, the original alone is used from then on.

#define _GNU_SOURCE
#include "lean.h"
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define VISIBLE __attribute__((visibility("default"), used))

// What is known of a function of ours: it is trusted from TRUSTED numbers or pixels on
// that came out right, and never again after one that did not. A picture, which is a
// line of text, counts for many.
enum { TRUSTED = 4096, PICTURE = TRUSTED / 16, FAILED = -1 };

static int spots, parts, stacks;

// hoso_trusted says whether all functions below are used.
bool hoso_trusted(void) { return spots >= TRUSTED && parts >= TRUSTED && stacks >= TRUSTED; }

static bool trusted(const int *trials) { return __atomic_load_n(trials, __ATOMIC_RELAXED) >= TRUSTED; }

static bool failed(const int *trials) { return __atomic_load_n(trials, __ATOMIC_RELAXED) == FAILED; }

static void judge(int *trials, bool same, int weight) {
	int so_far = __atomic_load_n(trials, __ATOMIC_RELAXED);
	if (!same)
		__atomic_store_n(trials, FAILED, __ATOMIC_RELAXED);
	else if (so_far != FAILED)
		__atomic_compare_exchange_n(trials, &so_far, so_far + weight, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

// find gives the original of a function; it is there, since without it nobody calls
// ours.
static void *find(void **original, const char *name) {
	void *f = __atomic_load_n(original, __ATOMIC_RELAXED);
	if (!f) {
		f = dlsym(RTLD_NEXT, name);
		__atomic_store_n(original, f, __ATOMIC_RELAXED);
	}
	return f;
}

typedef struct {
	const int *begin, *end, *room;
} ints;

// lattice is StrideMap: how the pixels of pictures of several sizes lie one after the
// other.
typedef struct {
	int shape[3], step[3]; // pictures, rows, columns
	ints heights, widths;  // of each picture
} lattice;

// table is GENERIC_2D_ARRAY: rows of numbers one after the other.
typedef struct {
	void *methods, *data;
	int32_t empty, rows, columns, room;
} table;

// sheet is NetworkIO: what one layer of a network hands to the next, as real numbers
// or as bytes. A row holds the numbers of one pixel.
typedef struct {
	table real, whole;
	bool bytes;
	lattice map;
} sheet;

static int8_t *row(const sheet *s, int t) { return (int8_t *)s->whole.data + (size_t)t * s->whole.columns; }

// sound says whether a sheet is what it is taken to be, and made of bytes.
static bool sound(const sheet *s) {
	const table *w = &s->whole;
	return *(const uint8_t *)&s->bytes == 1 && w->data && w->rows > 0 && w->columns > 0 &&
		(int64_t)w->rows * w->columns <= w->room;
}

// single says whether a sheet holds one picture.
static bool single(const sheet *s) {
	const lattice *m = &s->map;
	return m->shape[0] == 1 && m->shape[1] > 0 && m->shape[2] > 0 &&
		m->heights.end - m->heights.begin == 1 && m->widths.end - m->widths.begin == 1 &&
		m->heights.begin[0] == m->shape[1] && m->widths.begin[0] == m->shape[2] &&
		m->step[2] == 1 && m->step[1] == m->shape[2] && (int64_t)m->shape[1] * m->shape[2] <= s->whole.rows;
}

// spot is StrideMap::Index: a pixel of one of the pictures.
typedef struct {
	const lattice *map;
	int t, at[3];
} spot;

#define ADD_OFFSET "_ZN9tesseract9StrideMap5Index9AddOffsetEiNS_14FlexDimensionsE"

typedef bool add_offset(spot *s, int offset, int dimension);

VISIBLE add_offset hoso_add_offset __asm__(ADD_OFFSET);

static int side(const ints *of, int picture, int most) {
	if (picture >= of->end - of->begin || of->begin[picture] > most)
		return most;
	return of->begin[picture];
}

static inline bool moved(spot *s, int offset, int dimension) {
	const lattice *m = s->map;
	s->at[dimension] += offset;
	int picture = s->at[0], y = s->at[1], x = s->at[2];
	s->t = m->step[0] * picture + m->step[1] * y + m->step[2] * x;
	return (picture | y | x) >= 0 && picture < m->shape[0] &&
		y < side(&m->heights, picture, m->shape[1]) && x < side(&m->widths, picture, m->shape[2]);
}

// hoso_add_offset moves a spot along a dimension and tells whether it is still in its
// picture.
bool hoso_add_offset(spot *s, int offset, int dimension) {
	static void *original;
	if (trusted(&spots))
		return moved(s, offset, dimension);
	add_offset *theirs = (add_offset *)find(&original, ADD_OFFSET);
	spot ours = *s;
	bool want = theirs(s, offset, dimension);
	if (!failed(&spots))
		judge(&spots, moved(&ours, offset, dimension) == want && memcmp(&ours, s, sizeof ours) == 0, 1);
	return want;
}

#define WRITE_PART "_ZN9tesseract9NetworkIO17WriteTimeStepPartEiiiPKf"

typedef void write_part(sheet *to, int t, int offset, int count, const float *from);

VISIBLE write_part hoso_write_part __asm__(WRITE_PART);

// to_bytes makes bytes of numbers from -1 to 1, halves rounded away from zero.
__attribute__((target_clones("avx2", "default"))) static void to_bytes(int8_t *restrict to, const float *restrict from, int count) {
	for (int i = 0; i < count; i++) {
		float v = from[i] * INT8_MAX;
		v = v > INT8_MAX ? INT8_MAX : v < -INT8_MAX ? -INT8_MAX : v;
		to[i] = (int8_t)(int32_t)(v + __builtin_copysignf(0.5f, v));
	}
}

// hoso_write_part puts numbers down in a row of a sheet.
void hoso_write_part(sheet *to, int t, int offset, int count, const float *from) {
	static void *original;
	if (trusted(&parts) && to->bytes) {
		to_bytes(row(to, t) + offset, from, count);
		return;
	}
	write_part *theirs = (write_part *)find(&original, WRITE_PART);
	theirs(to, t, offset, count, from);
	int8_t ours[512];
	if (trusted(&parts) || failed(&parts) || *(uint8_t *)&to->bytes != 1 || count > (int)sizeof ours)
		return;
	to_bytes(ours, from, count);
	judge(&parts, sound(to) && t < to->whole.rows && offset + count <= to->whole.columns &&
		memcmp(ours, row(to, t) + offset, count) == 0, count);
}

// stack is Convolve: it puts the numbers of all pixels around one side by side, and
// random numbers where there are none.
typedef struct {
	void *methods;
	int32_t type, training;
	bool propagates;
	int32_t flags, in, out, weights;
	char name[32];
	void *windows[2];
	uint64_t *random;
	int32_t half_x, half_y;
} stack;

#define STACKED "_ZN9tesseract8Convolve7ForwardEbRKNS_9NetworkIOEPKNS_15TransposedArrayEPNS_14NetworkScratchEPS1_"
#define RESIZE "_ZN9tesseract9NetworkIO11ResizeToMapEbRKNS_9StrideMapEi"
#define RANDOMIZE "_ZN9tesseract9NetworkIO9RandomizeEiiiPNS_5TRandE"

typedef void stacked(stack *s, bool debug, const sheet *in, const void *transposed, void *scratch, sheet *out);

VISIBLE stacked hoso_stacked __asm__(STACKED);
typedef void resize(sheet *s, bool bytes, const lattice *map, int columns);
typedef void randomize(sheet *s, int t, int offset, int count, uint64_t *random);

// fits says whether a stack is what it is taken to be and can be made of a sheet.
static bool fits(const stack *s, const sheet *in) {
	return s->half_x >= 0 && s->half_x < 16 && s->half_y >= 0 && s->half_y < 16 && s->in > 0 && s->in < 4096 &&
		s->out == s->in * (2 * s->half_x + 1) * (2 * s->half_y + 1) && s->random && ((uintptr_t)s->random & 7) == 0 &&
		sound(in) && single(in) && in->whole.columns == s->in;
}

// column copies the pixels above and below the one at x, y to one row of out.
static void column(const stack *s, const sheet *in, int x, int y, int8_t *to) {
	int h = in->map.shape[1], w = in->map.shape[2];
	int from = y < s->half_y ? -y : -s->half_y, till = y + s->half_y >= h ? h - 1 - y : s->half_y;
	const int8_t *at = row(in, (y + from) * w + x);
	size_t stride = (size_t)w * s->in;
	to += (from + s->half_y) * s->in;
	if (s->in == 1) {
		for (int i = from; i <= till; i++, at += stride)
			*to++ = *at;
		return;
	}
	for (int i = from; i <= till; i++, at += stride, to += s->in)
		memcpy(to, at, s->in);
}

// spread does the work of a stack. Random numbers are drawn in the order of the
// original.
static void spread(const stack *s, const sheet *in, sheet *out, randomize *draw) {
	int h = in->map.shape[1], w = in->map.shape[2], high = (2 * s->half_y + 1) * s->in;
	for (int y = 0, t = 0; y < h; y++)
		for (int x = 0; x < w; x++, t++) {
			int8_t *to = row(out, t);
			for (int i = -s->half_x, at = 0; i <= s->half_x; i++, at += high) {
				if (x + i < 0 || x + i >= w) {
					draw(out, t, at, high, s->random);
					continue;
				}
				for (int j = -s->half_y; j < -y; j++)
					draw(out, t, at + (j + s->half_y) * s->in, s->in, s->random);
				column(s, in, x + i, y, to + at);
				for (int j = h - y; j <= s->half_y; j++)
					draw(out, t, at + (j + s->half_y) * s->in, s->in, s->random);
			}
		}
}

// hoso_stacked runs the layer on a sheet.
void hoso_stacked(stack *s, bool debug, const sheet *in, const void *transposed, void *scratch, sheet *out) {
	static void *original, *resizes, *draws;
	stacked *theirs = (stacked *)find(&original, STACKED);
	resize *size = (resize *)find(&resizes, RESIZE);
	randomize *draw = (randomize *)find(&draws, RANDOMIZE);
	if (failed(&stacks) || debug || !size || !draw || !fits(s, in)) {
		theirs(s, debug, in, transposed, scratch, out);
		return;
	}
	if (trusted(&stacks)) {
		size(out, true, &in->map, s->out);
		spread(s, in, out, draw);
		return;
	}
	uint64_t before = *s->random;
	theirs(s, debug, in, transposed, scratch, out);
	uint64_t after = *s->random;
	size_t bytes = sound(out) && out->whole.columns == s->out ? (size_t)in->map.shape[1] * in->map.shape[2] * s->out : 0;
	int8_t *want = bytes ? malloc(bytes) : NULL;
	if (!want) {
		judge(&stacks, bytes != 0, 0); // for want of memory nobody is to blame
		return;
	}
	memcpy(want, out->whole.data, bytes);
	memset(out->whole.data, 0, bytes);
	*s->random = before;
	spread(s, in, out, draw);
	judge(&stacks, memcmp(want, out->whole.data, bytes) == 0 && *s->random == after, PICTURE);
	memcpy(out->whole.data, want, bytes);
	*s->random = after;
	free(want);
}
