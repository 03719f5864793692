#include "words.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

// The C interface of Tesseract walks over words in an order that suits scripts from
// right to left as well, and for each word looks through its whole page. Vietnamese
// needs the order on the paper only, which C++ has.

static int64_t worked(void) {
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool stopped(void *watching, int words) {
	hoso_watch *w = (hoso_watch *)watching;
	(void)words;
	w->tired = worked() > w->until;
	return w->tired || __atomic_load_n(&w->stop, __ATOMIC_RELAXED) != 0;
}

// hoso_raise asks a running hoso_recognize to end.
void hoso_raise(hoso_watch *watch) { __atomic_store_n(&watch->stop, 1, __ATOMIC_RELAXED); }

// hoso_recognize reads the image that was set. It ends early, with -1, when stop is
// raised or when patience, in nanoseconds of processor time, is at an end; words that
// were read until then can be collected. A deadline needs no third way: whoever keeps
// it raises stop.
int hoso_recognize(TessBaseAPI *api, hoso_watch *watch, int64_t patience) {
	watch->until = worked() + patience;
	ETEXT_DESC *monitor = TessMonitorCreate();
	if (!monitor)
		return -2;
	TessMonitorSetCancelFunc(monitor, stopped);
	TessMonitorSetCancelThis(monitor, watch);
	int rc = TessBaseAPIRecognize(api, monitor);
	TessMonitorDelete(monitor);
	return rc;
}

static int reserve(hoso_words *w, int bytes) {
	if (w->count == w->room) {
		int room = w->room ? 2 * w->room : 512;
		hoso_word *p = (hoso_word *)realloc(w->words, (size_t)room * sizeof *p);
		if (!p)
			return 1;
		w->words = p, w->room = room;
	}
	if (w->used + bytes > w->space) {
		int space = 2 * (w->used + bytes) + 4096;
		char *p = (char *)realloc(w->text, (size_t)space);
		if (!p)
			return 1;
		w->text = p, w->space = space;
	}
	return 0;
}

static int add(hoso_words *w, const tesseract::LTRResultIterator &it, int line, int par) {
	char *text = it.GetUTF8Text(tesseract::RIL_WORD);
	int rc = 0;
	if (text && *text) {
		int n = (int)strlen(text);
		rc = reserve(w, n);
		if (rc == 0) {
			hoso_word *o = &w->words[w->count++];
			*o = hoso_word{};
			o->line = line, o->par = par, o->text = w->used, o->size = n;
			o->conf = it.Confidence(tesseract::RIL_WORD);
			it.BoundingBox(tesseract::RIL_WORD, &o->x0, &o->y0, &o->x1, &o->y1);
			memcpy(w->text + w->used, text, (size_t)n);
			w->used += n;
		}
	}
	delete[] text;
	return rc;
}

// hoso_collect takes everything the product needs in one walk over the result.
int hoso_collect(TessBaseAPI *api, hoso_words *out) {
	tesseract::ResultIterator *logical = api->GetIterator();
	int line = 0, par = 0, rc = 0;
	memset(out, 0, sizeof *out);
	if (!logical)
		return 0; // nothing was found on the page
	tesseract::LTRResultIterator it(*logical);
	delete logical;
	do {
		par += it.IsAtBeginningOf(tesseract::RIL_PARA);
		line += it.IsAtBeginningOf(tesseract::RIL_TEXTLINE);
		rc = add(out, it, line, par);
	} while (rc == 0 && it.Next(tesseract::RIL_WORD));
	return rc;
}

void hoso_release(hoso_words *w) {
	free(w->words);
	free(w->text);
	memset(w, 0, sizeof *w);
}
