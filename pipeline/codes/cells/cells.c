#include "cells.h"
#include <stdlib.h>
#include <string.h>

// FAST lets a loop use what the processor it runs on has.
#define FAST __attribute__((target_clones("avx2", "default")))

typedef struct {
	uint16_t *sum, *turns;
	uint8_t *low, *high;
} columns;

// gather adds a row, and the one below it, to what is known of the columns.
FAST static void gather(const uint8_t *restrict row, const uint8_t *restrict below, int n, uint16_t *restrict sum, uint16_t *restrict turns,
			uint8_t *restrict low, uint8_t *restrict high) {
	for (int x = 0; x < n; x++) {
		uint8_t v = row[x], r = row[x + 1], b = below[x];
		uint8_t dx = v > r ? v - r : r - v, dy = v > b ? v - b : b - v;
		sum[x] += v;
		turns[x] += (uint16_t)(dx + dy);
		low[x] = v < low[x] ? v : low[x];
		high[x] = v > high[x] ? v : high[x];
	}
}

// fold makes cells of the columns.
static void fold(const columns *c, int n, hoso_cell *out) {
	for (int i = 0; i < n; i++) {
		int sum = 0, turns = 0, low = 255, high = 0;
		for (int k = i * HOSO_CELL; k < (i + 1) * HOSO_CELL; k++) {
			sum += c->sum[k], turns += c->turns[k];
			low = c->low[k] < low ? c->low[k] : low;
			high = c->high[k] > high ? c->high[k] : high;
		}
		turns /= HOSO_CELL * HOSO_CELL / 4;
		out[i] = (hoso_cell){(uint8_t)(sum / (HOSO_CELL * HOSO_CELL)), (uint8_t)low, (uint8_t)high, (uint8_t)(turns > 255 ? 255 : turns)};
	}
}

// hoso_cells looks at all whole cells that have a pixel to their right and below; it
// gives 0 if there was no memory.
int hoso_cells(const uint8_t *gray, int stride, int width, int height, hoso_cell *cells) {
	int cols = (width - 1) / HOSO_CELL, rows = (height - 1) / HOSO_CELL, n = cols * HOSO_CELL;
	uint8_t *room = malloc((size_t)n * 6);
	if (!room)
		return 0;
	columns c = {(uint16_t *)room, (uint16_t *)(room + 2 * (size_t)n), room + 4 * (size_t)n, room + 5 * (size_t)n};
	for (int y = 0; y < rows; y++) {
		memset(room, 0, (size_t)n * 4);
		memset(c.low, 255, (size_t)n);
		memset(c.high, 0, (size_t)n);
		for (int k = 0; k < HOSO_CELL; k++) {
			const uint8_t *row = gray + ((size_t)y * HOSO_CELL + k) * stride;
			gather(row, row + stride, n, c.sum, c.turns, c.low, c.high);
		}
		fold(&c, cols, cells + (size_t)y * cols);
	}
	free(room);
	return 1;
}
