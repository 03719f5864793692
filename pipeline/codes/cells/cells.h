#ifndef HOSO_CELLS_H
#define HOSO_CELLS_H

#include <stdint.h>

enum { HOSO_CELL = 8 };

// hoso_cell is what is seen of a square of HOSO_CELL pixels.
typedef struct {
	uint8_t mean, low, high, turns; // turns: mean difference of neighbours, both ways, times 4
} hoso_cell;

int hoso_cells(const uint8_t *gray, int stride, int width, int height, hoso_cell *cells);

#endif
