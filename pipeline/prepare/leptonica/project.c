#include "lept.h"

// Places are counted in 256ths of a pixel.
#define PART 256

// between reads a gray image between four pixels, white beyond its edges.
static inline int between(const uint32_t *data, int wpl, int w, int h, long x, long y) {
	long ix = x / PART, iy = y / PART;
	int fx = (int)(x % PART), fy = (int)(y % PART);
	const uint32_t *upper, *lower;
	if (x < 0 || y < 0 || ix >= w - 1 || iy >= h - 1)
		return 255;
	upper = data + iy * wpl, lower = upper + wpl;
	int a = GET_DATA_BYTE(upper, ix) * (PART - fx) + GET_DATA_BYTE(upper, ix + 1) * fx;
	int b = GET_DATA_BYTE(lower, ix) * (PART - fx) + GET_DATA_BYTE(lower, ix + 1) * fx;
	return (a * (PART - fy) + b * fy + PART * PART / 2) / (PART * PART);
}

// hoso_project gives a gray sheet of the given size, each point of which is taken from
// where the projection, three by three figures, has its place in p. A turn needs no
// division for each point.
PIX *hoso_project(PIX *p, const double *from, int width, int height) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	const uint32_t *data = pixGetData(p);
	PIX *sheet = pixCreate(width, height, 8);
	int flat = from[6] == 0 && from[7] == 0;
	if (!sheet)
		return NULL;
	for (int row = 0; row < height; row++) {
		uint32_t *line = pixGetData(sheet) + (size_t)row * pixGetWpl(sheet);
		double x = from[1] * row + from[2], y = from[4] * row + from[5], z = from[7] * row + from[8];
		for (int col = 0; col < width; col++, x += from[0], y += from[3], z += from[6]) {
			double scale = flat ? PART : PART / z;
			int level = between(data, wpl, w, h, (long)(x * scale), (long)(y * scale));
			SET_DATA_BYTE(line, col, level);
		}
	}
	return sheet;
}
