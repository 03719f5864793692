#include "words.h"
#include <stdlib.h>
#include <string.h>

static bool stopped(void *flag, int words) {
	(void)words;
	return __atomic_load_n((int32_t *)flag, __ATOMIC_RELAXED) != 0;
}

// hoso_raise asks a running hoso_recognize to end.
void hoso_raise(int32_t *stop) { __atomic_store_n(stop, 1, __ATOMIC_RELAXED); }

// hoso_recognize reads the image that was set. It ends early, with -1, when *stop
// is raised. A deadline needs no second way: whoever keeps it raises stop.
int hoso_recognize(TessBaseAPI *api, int32_t *stop) {
	ETEXT_DESC *monitor = TessMonitorCreate();
	if (!monitor)
		return -2;
	TessMonitorSetCancelFunc(monitor, stopped);
	TessMonitorSetCancelThis(monitor, stop);
	int rc = TessBaseAPIRecognize(api, monitor);
	TessMonitorDelete(monitor);
	return rc;
}

static int reserve(hoso_words *w, int bytes) {
	if (w->count == w->room) {
		int room = w->room ? 2 * w->room : 512;
		hoso_word *p = realloc(w->words, (size_t)room * sizeof *p);
		if (!p)
			return 1;
		w->words = p, w->room = room;
	}
	if (w->used + bytes > w->space) {
		int space = 2 * (w->used + bytes) + 4096;
		char *p = realloc(w->text, (size_t)space);
		if (!p)
			return 1;
		w->text = p, w->space = space;
	}
	return 0;
}

static int add(hoso_words *w, TessResultIterator *it, int line, int par) {
	TessPageIterator *place = TessResultIteratorGetPageIterator(it);
	char *text = TessResultIteratorGetUTF8Text(it, RIL_WORD);
	int rc = 0;
	if (text && *text) {
		int n = (int)strlen(text);
		rc = reserve(w, n);
		if (rc == 0) {
			hoso_word *o = &w->words[w->count++];
			*o = (hoso_word){.line = line, .par = par, .text = w->used, .size = n};
			o->conf = TessResultIteratorConfidence(it, RIL_WORD);
			TessPageIteratorBoundingBox(place, RIL_WORD, &o->x0, &o->y0, &o->x1, &o->y1);
			memcpy(w->text + w->used, text, (size_t)n);
			w->used += n;
		}
	}
	TessDeleteText(text);
	return rc;
}

// hoso_collect takes everything the product needs in one walk over the result.
int hoso_collect(TessBaseAPI *api, hoso_words *out) {
	TessResultIterator *it = TessBaseAPIGetIterator(api);
	int line = 0, par = 0, rc = 0;
	memset(out, 0, sizeof *out);
	if (!it)
		return 0; // nothing was found on the page
	do {
		const TessPageIterator *place = TessResultIteratorGetPageIteratorConst(it);
		par += TessPageIteratorIsAtBeginningOf(place, RIL_PARA) != 0;
		line += TessPageIteratorIsAtBeginningOf(place, RIL_TEXTLINE) != 0;
		rc = add(out, it, line, par);
	} while (rc == 0 && TessResultIteratorNext(it, RIL_WORD));
	TessResultIteratorDelete(it);
	return rc;
}

void hoso_release(hoso_words *w) {
	free(w->words);
	free(w->text);
	memset(w, 0, sizeof *w);
}
