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

// mean_cells takes one row of pixels of each row of cells: pens draw broader lines. The
// usual steps are known when this is compiled, which halves the time.
FAST static void mean_cells(PIX *p, int sx, int sy, int w, int h, uint32_t *cells) {
	int wpl = pixGetWpl(p);
	for (int y = 0; y < h; y++) {
		const uint32_t *px = pixGetData(p) + ((size_t)y * sy + sy / 2) * wpl;
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
static paper paper_of(const uint32_t *cells, int w, int h, int tx, int ty) {
	int count[LEVELS] = {0}, sum[LEVELS][3] = {{0}}, all = 0, n = 0;
	long total[3] = {0};
	for (int y = ty * TILE; y < (ty + 1) * TILE && y < h; y += SPARSE)
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

// ground gives the paper that most of the page is: that of the tile which is lighter
// than two thirds of all.
static paper ground(const paper *tiles, int n) {
	int count[256] = {0}, seen = 0, level = 255;
	for (int i = 0; i < n; i++)
		count[light(tiles[i])]++;
	for (; level > 0 && seen * 3 < n; level--)
		seen += count[level];
	for (int i = 0; i < n; i++)
		if (light(tiles[i]) == level + 1)
			return tiles[i];
	return (paper){{255, 255, 255}};
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

// mark_tile does so for a tile.
static void mark_tile(const uint32_t *cells, int w, int h, int tx, int ty, paper on, int least, uint8_t *map) {
	int scale[3], x = tx * TILE, n = x + TILE < w ? TILE : w - x;
	for (int k = 0; k < 3; k++)
		scale[k] = 255 * 256 / (on.level[k] > 16 ? on.level[k] : 16);
	for (int y = ty * TILE; y < (ty + 1) * TILE && y < h; y++)
		mark(cells + (size_t)y * w + x, n, scale, least, map + (size_t)y * w + x);
}

// hoso_ink_map tells for cells of sx by sy pixels of a coloured picture what ink lies on
// them, a byte each: 1 is red, 2 is blue, 3 is black. Ink is what the paper around it is not, so that
// yellow paper and lamps do not matter. It gives 1 if there was no memory.
int hoso_ink_map(PIX *p, int sx, int sy, int least, uint8_t *map) {
	int w = pixGetWidth(p) / sx, h = pixGetHeight(p) / sy, across = (w + TILE - 1) / TILE, down = (h + TILE - 1) / TILE;
	uint32_t *cells = malloc((size_t)w * h * sizeof *cells);
	paper *tiles = malloc((size_t)across * down * sizeof *tiles);
	if (!cells || !tiles) {
		free(cells);
		free(tiles);
		return 1;
	}
	mean_cells(p, sx, sy, w, h, cells);
	for (int i = 0; i < across * down; i++)
		tiles[i] = paper_of(cells, w, h, i % across, i / across);
	paper page = ground(tiles, across * down);
	for (int i = 0; i < across * down; i++) {
		int dark = light(tiles[i]) * 3 < light(page);
		mark_tile(cells, w, h, i % across, i / across, dark ? page : tiles[i], least, map);
	}
	free(cells);
	free(tiles);
	return 0;
}
