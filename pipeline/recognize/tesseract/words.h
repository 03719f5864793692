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

// hoso_watch says when a reading ends that has not ended by itself.
typedef struct {
	int32_t stop;  // raised from without
	int32_t tired; // set once the thread has worked until the time below
	int64_t until; // nanoseconds of the thread's processor time
} hoso_watch;

void hoso_raise(hoso_watch *watch);
int hoso_recognize(TessBaseAPI *api, hoso_watch *watch, int64_t patience);
int hoso_collect(TessBaseAPI *api, hoso_words *out);
void hoso_release(hoso_words *w);

#ifdef __cplusplus
}
#endif

#endif
