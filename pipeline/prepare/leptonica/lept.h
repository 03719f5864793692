#ifndef HOSO_LEPT_H
#define HOSO_LEPT_H

#include <leptonica/allheaders.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
	int format, width, height, bits, samples, mapped;
} hoso_header;

void hoso_quiet(void);
int hoso_read_header(const uint8_t *data, size_t size, hoso_header *h);
PIX *hoso_decode(const uint8_t *data, size_t size, int format, int reduction);
PIX *hoso_read_jpeg(const uint8_t *data, size_t size, int reduction);
PIX *hoso_flatten(PIX *p);
double hoso_red_fraction(PIX *p, int step);
int hoso_ink_map(PIX *p, int sx, int sy, int least, uint8_t *map);
void hoso_means(PIX *p, uint8_t *cells);
PIX *hoso_red_layer(PIX *p);
int hoso_fade(PIX *p, PIX *layer);

// What of a coloured image a gray one shows: see Light.
enum { RED_LIGHT, RED_INK, DAYLIGHT };
PIX *hoso_shrink(PIX *p, int light, int w, int h);
PIX *hoso_from_gray(const uint8_t *data, int width, int height, int stride);
void hoso_to_gray(PIX *p, uint8_t *data);
void hoso_to_rgb(PIX *p, uint8_t *data);
PIX *hoso_project(PIX *p, const double *from, int width, int height);
int hoso_otsu(PIX *p);
int32_t *hoso_components(PIX *p, int most, int *count);
int32_t *hoso_runs(PIX *p, int least, int level, int *count);
void hoso_erase(PIX *p, int x, int y, int w, int h);

#endif
