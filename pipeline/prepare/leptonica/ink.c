#include "lept.h"
#include <stdlib.h>
#include <string.h>

// A tile is as many cells wide and high as the paper's own colour is taken from.
#define TILE 32
#define LEVELS 32

// mean_cells gives the mean colours of cells of sx by sy pixels, as red, green and blue
// in bits 16 to 23, 8 to 15 and 0 to 7. It looks at one row of pixels of each, or two of
// those where cells are small: pens draw broader lines than a cell.
static void mean_cells(PIX *p, int sx, int sy, int w, int h, uint32_t *cells) {
	int wpl = pixGetWpl(p), second = sy > 2 ? 0 : sy / 2;
	uint32_t inverse = 65536 / (uint32_t)(2 * sx);
	for (int y = 0; y < h; y++) {
		const uint32_t *a = pixGetData(p) + ((size_t)y * sy + (sy > 2 ? sy / 2 : 0)) * wpl, *b = a + (size_t)second * wpl;
		for (int x = 0; x < w; x++, a += sx, b += sx) {
			uint32_t rb = 0, g = 0;
			for (int i = 0; i < sx; i++) {
				rb += ((a[i] >> 8) & 0xff00ff) + ((b[i] >> 8) & 0xff00ff);
				g += ((a[i] >> 16) & 255) + ((b[i] >> 16) & 255);
			}
			uint32_t red = ((rb >> 16) * inverse) >> 16, blue = ((rb & 0xffff) * inverse) >> 16;
			cells[(size_t)y * w + x] = red << 16 | ((g * inverse) >> 16) << 8 | blue;
		}
	}
}

typedef struct {
	int level[3]; // red, green, blue; all 0 for none
} paper;

// paper_of gives the colour of the lighter cells of a tile.
static paper paper_of(const uint32_t *cells, int w, int h, int tx, int ty) {
	int count[LEVELS] = {0}, sum[LEVELS][3] = {{0}}, all = 0, n = 0;
	long total[3] = {0};
	for (int y = ty * TILE; y < (ty + 1) * TILE && y < h; y += 2)
		for (int x = tx * TILE; x < (tx + 1) * TILE && x < w; x += 2, all++) {
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

// mark tells the ink of the cells of a tile: 1 is red, 2 is blue.
static void mark(const uint32_t *cells, int w, int h, int tx, int ty, paper on, int least, uint8_t *map) {
	int scale[3];
	for (int k = 0; k < 3; k++)
		scale[k] = 255 * 256 / (on.level[k] > 16 ? on.level[k] : 16);
	for (int y = ty * TILE; y < (ty + 1) * TILE && y < h; y++)
		for (int x = tx * TILE; x < (tx + 1) * TILE && x < w; x++) {
			uint32_t c = cells[(size_t)y * w + x];
			int r = (int)(c >> 16) * scale[0] >> 8, g = (int)((c >> 8) & 255) * scale[1] >> 8, b = (int)(c & 255) * scale[2] >> 8;
			int red = r - (g > b ? g : b), blue = b - r;
			uint8_t m = 0;
			if (red > least && r > 110)
				m = 1;
			else if (blue > least && b + least / 2 > g)
				m = 2;
			map[(size_t)y * w + x] = m;
		}
}

// hoso_ink_map tells for cells of sx by sy pixels of a coloured picture what ink lies on
// them, a byte each: 1 is red, 2 is blue. Ink is what the paper around it is not, so that
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
		mark(cells, w, h, i % across, i / across, dark ? page : tiles[i], least, map);
	}
	free(cells);
	free(tiles);
	return 0;
}
