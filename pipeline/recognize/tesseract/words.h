#ifndef HOSO_WORDS_H
#define HOSO_WORDS_H

#include <stdint.h>
#include <tesseract/capi.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	int x0, y0, x1, y1;
	int line, par;   // counted from 1 over the page
	int text, size;  // where the word's UTF-8 lies in hoso_words.text
	float conf;
} hoso_word;

typedef struct {
	hoso_word *words;
	int count, room;
	char *text;
	int used, space;
} hoso_words;

void hoso_raise(int32_t *stop);
int hoso_recognize(TessBaseAPI *api, int32_t *stop);
int hoso_collect(TessBaseAPI *api, hoso_words *out);
void hoso_release(hoso_words *w);

#ifdef __cplusplus
}
#endif

#endif
