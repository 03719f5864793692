#include "lept.h"
#include <stdlib.h>
#include <string.h>

// A tile is as many cells wide and high as the paper's own colour is taken from.
#define TILE 32
#define LEVELS 32
// Every so many cells of a tile are looked at for its paper.
#define SPARSE 4

// FAST lets a loop use what the processor it runs on has.
#define FAST __attribute__((target_clones("avx2", "default")))

// mean_row gives the mean colours of sx pixels each, as red, green and blue in bits 16 to
// 23, 8 to 15 and 0 to 7.
static inline __attribute__((always_inline)) void mean_row(const uint32_t *restrict px, int sx, int w, uint32_t *restrict cells) {
	uint32_t inverse = (65536 + (uint32_t)sx - 1) / (uint32_t)sx;
	for (int x = 0; x < w; x++, px += sx) {
		uint32_t r = 0, g = 0, b = 0;
		for (int i = 0; i < sx; i++)
			r += px[i] >> 24, g += (px[i] >> 16) & 255, b += (px[i] >> 8) & 255;
		cells[x] = (r * inverse & 0xff0000) | (g * inverse >> 16) << 8 | b * inverse >> 16;
	}
}

// mean_cells takes one row of pixels of each row of cells, from the row at on: pens draw
// broader lines. The usual steps are known when this is compiled, which halves the time.
FAST static void mean_cells(PIX *p, int sx, int sy, int w, int at, int h, uint32_t *cells) {
	int wpl = pixGetWpl(p);
	for (int y = 0; y < h; y++) {
		const uint32_t *px = pixGetData(p) + ((size_t)(at + y) * sy + sy / 2) * wpl;
		uint32_t *to = cells + (size_t)y * w;
		if (sx == 2)
			mean_row(px, 2, w, to);
		else if (sx == 3)
			mean_row(px, 3, w, to);
		else
			mean_row(px, sx, w, to);
	}
}

typedef struct {
	int level[3]; // red, green, blue; all 0 for none
} paper;

// paper_of gives the colour of the lighter cells of a tile.
static paper paper_of(const uint32_t *cells, int w, int h, int tx) {
	int count[LEVELS] = {0}, sum[LEVELS][3] = {{0}}, all = 0, n = 0;
	long total[3] = {0};
	for (int y = 0; y < h; y += SPARSE)
		for (int x = tx * TILE; x < (tx + 1) * TILE && x < w; x += SPARSE, all++) {
			uint32_t c = cells[(size_t)y * w + x];
			int r = c >> 16, g = (c >> 8) & 255, b = c & 255, at = (r + 2 * g + b) / 4 * LEVELS / 256;
			count[at]++;
			sum[at][0] += r, sum[at][1] += g, sum[at][2] += b;
		}
	paper out = {{0}};
	for (int i = LEVELS - 1; i >= 0 && n * 3 < all; i--) {
		n += count[i];
		for (int k = 0; k < 3; k++)
			total[k] += sum[i][k];
	}
	for (int k = 0; n && k < 3; k++)
		out.level[k] = (int)(total[k] / n);
	return out;
}

static int light(paper p) { return (p.level[0] + 2 * p.level[1] + p.level[2]) / 4; }

// ground gives the paper that most of the page is, by the lightest two fifths of it.
static paper ground(PIX *p) {
	const int sparse = 16;
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p), count[256] = {0}, all = 0, n = 0, top = 255;
	long sum[256][3] = {{0}};
	for (int y = sparse / 2; y < h; y += sparse) {
		const uint32_t *row = pixGetData(p) + (size_t)y * wpl;
		for (int x = sparse / 2; x < w; x += sparse, all++) {
			int r = row[x] >> 24, g = (row[x] >> 16) & 255, b = (row[x] >> 8) & 255, at = (r + 2 * g + b) / 4;
			count[at]++;
			sum[at][0] += r, sum[at][1] += g, sum[at][2] += b;
		}
	}
	long total[3] = {0};
	for (; top >= 0 && n * 5 < all * 2; top--) {
		n += count[top];
		for (int k = 0; k < 3; k++)
			total[k] += sum[top][k];
	}
	paper out = {{255, 255, 255}};
	for (int k = 0; n && k < 3; k++)
		out.level[k] = (int)(total[k] / n);
	return out;
}

// mark tells the ink of a row of cells on paper of a scale: 1 is red, 2 is blue, 3 is black.
// What share of the light that ink takes away is of its colour does not hang on how much
// of a cell it covers: at least a seventh, and a fourth if it is not pale (4 more). Blue must be
// blue beside white as well.
FAST static void mark(const uint32_t *restrict cells, int n, const int *restrict scale, int least, uint8_t *restrict map) {
	int sr = scale[0], sg = scale[1], sb = scale[2];
	for (int x = 0; x < n; x++) {
		int c = (int)cells[x];
		int r = (c >> 16) * sr >> 8, g = ((c >> 8) & 255) * sg >> 8, b = (c & 255) * sb >> 8;
		int top = g > b ? g : b, most = top > r ? top : r;
		int red = (r - top > least) & (r > 110) & (7 * (r - top) > 255 - top);
		int blue = (b - r > least) & (7 * (b - r) > 255 - r) & (b + least / 2 > g) & ((c & 255) > (c >> 16) + 4) & !red;
		int black = (most < 110) & !red & !blue;
		int pale = blue & (4 * (b - r) <= 255 - r);
		map[x] = (uint8_t)(red + 2 * blue + 3 * black + 4 * pale);
	}
}

static void scale_of(paper on, int *scale) {
	for (int k = 0; k < 3; k++)
		scale[k] = 255 * 256 / (on.level[k] > 16 ? on.level[k] : 16);
}

// coloured reports whether a page of that paper bears any red or blue.
static int coloured(PIX *p, paper on, int least) {
	enum { sparse = 4, few = 8, room = 512 };
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p), scale[3], n = 0;
	uint32_t line[room];
	uint8_t found[room];
	scale_of(on, scale);
	for (int y = sparse / 2; y < h; y += sparse) {
		const uint32_t *row = pixGetData(p) + (size_t)y * wpl;
		for (int x = 0; x < w;) {
			int k = 0;
			for (; k < room && x < w; k++, x += sparse)
				line[k] = row[x] >> 8;
			mark(line, k, scale, least, found);
			for (int i = 0; i < k; i++)
				n += found[i] && found[i] != 3;
		}
		if (n >= few)
			return 1;
	}
	return 0;
}

// hoso_ink_map tells for cells of sx by sy pixels of a coloured picture what ink lies on
// them, a byte each: 1 is red, 2 is blue, 3 is black. Ink is what the paper around it is
// not, so that yellow paper and lamps do not matter. It gives 0 if there is neither red
// nor blue, and -1 if there was no memory.
int hoso_ink_map(PIX *p, int sx, int sy, int least, uint8_t *map) {
	int w = pixGetWidth(p) / sx, h = pixGetHeight(p) / sy;
	paper page = ground(p);
	if (!coloured(p, page, least))
		return 0;
	uint32_t *cells = malloc((size_t)w * TILE * sizeof *cells);
	if (!cells)
		return -1;
	for (int y = 0; y < h; y += TILE) {
		int n = y + TILE < h ? TILE : h - y;
		mean_cells(p, sx, sy, w, y, n, cells);
		for (int x = 0; x < w; x += TILE) {
			int scale[3], wide = x + TILE < w ? TILE : w - x;
			paper on = paper_of(cells, w, n, x / TILE);
			scale_of(light(on) * 3 < light(page) ? page : on, scale);
			for (int i = 0; i < n; i++)
				mark(cells + (size_t)i * w + x, wide, scale, least, map + (size_t)(y + i) * w + x);
		}
	}
	free(cells);
	return 1;
}
