#include "lept.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// FAST lets a loop use what the processor it runs on has.
#define FAST __attribute__((target_clones("avx2", "default")))

// cover is which pixels each smaller one covers, from first on, and how much of them:
// taps weights for each, 256 together.
typedef struct {
	int taps, *first;
	uint16_t *weight;
} cover;

static void uncover(cover *c) {
	free(c->first);
	free(c->weight);
}

// covering parts from pixels among to larger ones.
static int covering(cover *c, int from, int to) {
	double ratio = (double)from / to;
	int taps = c->taps = (int)ceil(ratio) + 1;
	if (taps > from)
		taps = c->taps = from;
	c->first = malloc((size_t)to * sizeof *c->first);
	c->weight = calloc((size_t)to * taps, sizeof *c->weight);
	if (!c->first || !c->weight)
		return 1;
	for (int i = 0; i < to; i++) {
		double begin = i * ratio, end = begin + ratio;
		int first = (int)begin < from - taps ? (int)begin : from - taps, given = 0, last = 0;
		uint16_t *weight = c->weight + (size_t)i * taps;
		c->first[i] = first;
		for (int k = 0; k < taps; k++) {
			double upto = (first + k + 1 < end ? first + k + 1 : end) - begin;
			int share = (int)(256 * (upto > 0 ? upto : 0) / ratio + 0.5) - given;
			weight[k] = (uint16_t)share;
			given += share;
			last = share ? k : last;
		}
		weight[last] += (uint16_t)(256 - given);
	}
	return 0;
}

// The levels of a row are added up over the rows that a smaller one covers.
FAST static void add_light(uint16_t *restrict sum, const uint32_t *restrict row, int n, uint32_t weight) {
	for (int x = 0; x < n; x++)
		sum[x] += (uint16_t)((row[x] >> 24) * weight);
}

FAST static void add_dim(uint16_t *restrict sum, const uint32_t *restrict row, int n, uint32_t weight) {
	for (int x = 0; x < n; x++) {
		uint32_t r = row[x] >> 24, g = (row[x] >> 16) & 255, b = (row[x] >> 8) & 255;
		sum[x] += (uint16_t)(((77 * r + 150 * g + 29 * b) >> 8) * weight);
	}
}

FAST static void add_ink(uint16_t *restrict sum, const uint32_t *restrict row, int n, uint32_t weight) {
	for (int x = 0; x < n; x++) {
		int r = row[x] >> 24, g = (row[x] >> 16) & 255, b = (row[x] >> 8) & 255;
		int v = 255 - 2 * (r - (g > b ? g : b));
		v = v < 0 ? 0 : v > 255 ? 255 : v;
		sum[x] += (uint16_t)((uint32_t)v * weight);
	}
}

// Eight bits a pixel lie in words of which the highest byte is the leftmost.
FAST static void add_gray(uint16_t *restrict sum, const uint32_t *restrict row, int words, uint32_t weight) {
	for (int i = 0; i < words; i++) {
		uint32_t v = row[i];
		sum[4 * i] += (uint16_t)((v >> 24) * weight);
		sum[4 * i + 1] += (uint16_t)(((v >> 16) & 255) * weight);
		sum[4 * i + 2] += (uint16_t)(((v >> 8) & 255) * weight);
		sum[4 * i + 3] += (uint16_t)((v & 255) * weight);
	}
}

// across adds up over columns. For a number of taps that is known when this is
// compiled, it takes a quarter of the time.
static inline __attribute__((always_inline)) void across_taps(const cover *c, const uint16_t *sum, int w, int taps, uint8_t *to) {
	const uint16_t *weight = c->weight;
	for (int x = 0; x < w; x++, weight += taps) {
		const uint16_t *from = sum + c->first[x];
		uint32_t v = 1 << 15;
		for (int i = 0; i < taps; i++)
			v += (uint32_t)from[i] * weight[i];
		to[x] = (uint8_t)(v >> 16);
	}
}

static void across(const cover *c, const uint16_t *sum, int w, uint8_t *to) {
	switch (c->taps) {
	case 3: // half the size or more, as a scan of 300 dpi
		across_taps(c, sum, w, 3, to);
		return;
	case 4:
		across_taps(c, sum, w, 4, to);
		return;
	}
	across_taps(c, sum, w, c->taps, to);
}

// sharpen gives a row sharpened by the two beside it: what a pixel differs from its
// neighbours by is made greater by a fifth.
FAST static void sharpen(const uint8_t *restrict up, const uint8_t *restrict at, const uint8_t *restrict low, int w, uint8_t *restrict to) {
	to[0] = at[0], to[w - 1] = at[w - 1];
	for (int x = 1; x < w - 1; x++) {
		int around = up[x - 1] + up[x] + up[x + 1] + at[x - 1] + at[x] + at[x + 1] + low[x - 1] + low[x] + low[x + 1];
		float v = (float)at[x] + 0.2f * ((float)at[x] - (float)around / 9) + 0.5f;
		to[x] = v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v;
	}
}

// plane gives the levels of a smaller picture, w bytes a row.
static uint8_t *plane(PIX *p, int light, int w, int h) {
	int from = pixGetWidth(p), wpl = pixGetWpl(p), gray = pixGetDepth(p) == 8;
	cover columns = {0}, rows = {0};
	uint8_t *out = malloc((size_t)w * h);
	uint16_t *sum = malloc((size_t)wpl * (gray ? 4 : 1) * sizeof *sum);
	if (!out || !sum || covering(&columns, from, w) || covering(&rows, pixGetHeight(p), h)) {
		free(out);
		out = NULL;
	}
	for (int y = 0; out && y < h; y++) {
		memset(sum, 0, (size_t)wpl * (gray ? 4 : 1) * sizeof *sum);
		for (int i = 0; i < rows.taps; i++) {
			const uint32_t *row = pixGetData(p) + (size_t)(rows.first[y] + i) * wpl;
			uint32_t weight = rows.weight[(size_t)y * rows.taps + i];
			if (weight == 0)
				continue;
			if (gray)
				add_gray(sum, row, wpl, weight);
			else if (light == RED_INK)
				add_ink(sum, row, from, weight);
			else if (light == DAYLIGHT)
				add_dim(sum, row, from, weight);
			else
				add_light(sum, row, from, weight);
		}
		across(&columns, sum, w, out + (size_t)y * w);
	}
	uncover(&columns);
	uncover(&rows);
	free(sum);
	return out;
}

// hoso_shrink makes a picture of 8 or 32 bits smaller, by the share that every pixel
// has in the smaller ones, and sharpens what came out. Of a coloured one it takes what
// is seen in a light.
PIX *hoso_shrink(PIX *p, int light, int w, int h) {
	uint8_t *levels = plane(p, light, w, h), *line = malloc((size_t)w + 4);
	PIX *out = levels && line ? pixCreateNoInit(w, h, 8) : NULL;
	for (int y = 0; out && y < h; y++) {
		const uint8_t *at = levels + (size_t)y * w;
		uint32_t *to = pixGetData(out) + (size_t)y * pixGetWpl(out);
		if (y == 0 || y == h - 1 || w < 3)
			memcpy(line, at, w);
		else
			sharpen(at - w, at, at + w, w, line);
		memset(line + w, 0, 4);
		memcpy(to, line, (size_t)pixGetWpl(out) * 4);
		for (int i = 0; i < pixGetWpl(out); i++)
			to[i] = __builtin_bswap32(to[i]);
	}
	free(levels);
	free(line);
	return out;
}
