#ifndef HOSO_ZXING_H
#define HOSO_ZXING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HOSO_QR = 1, HOSO_CODE128 = 2, HOSO_CODE39 = 4 };

typedef struct {
	int kind;
	int x[4], y[4];
	char *text; // of size bytes, to be freed
	size_t size;
} hoso_code;

// hoso_codes gives how many codes of kinds were found, at most most, or -1 if the
// library gave up.
int hoso_codes(const uint8_t *gray, int width, int height, int stride, int kinds, hoso_code *out, int most);

#ifdef __cplusplus
}
#endif

#endif
