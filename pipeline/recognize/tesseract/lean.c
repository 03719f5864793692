// What Tesseract does at some cost and to nobody's use is left out here. No setting of
// Tesseract does so; but dynamic linking lets a program define a function of its
// libraries anew, and each function below stands in for one. Where a release of
// Tesseract has no such function, or calls it in another way, ours is never called:
// what is read is the same, only slower.

#define _GNU_SOURCE
#include "lean.h"
#include <dlfcn.h>
#include <leptonica/allheaders.h>

#define VISIBLE __attribute__((visibility("default"), used))

static bool lean;

// hoso_lean says whether the engine that is made next holds nothing but networks.
// Engines are made one after the other.
void hoso_lean(bool yes) { lean = yes; }

// UnicharAmbigs::LoadUniversal sorts a list of confusions (rn for m, vv for w) into
// every engine, of which only the recognizer of Tesseract 3 makes use. For an alphabet
// as large as the Vietnamese this takes ten times as long as all the rest of the start.
#define LOAD_UNIVERSAL "_ZN9tesseract13UnicharAmbigs13LoadUniversalERKNS_10UNICHARSETEPS1_"

typedef void load_universal(void *ambigs, const void *from, void *to);

VISIBLE load_universal hoso_load_universal __asm__(LOAD_UNIVERSAL);

void hoso_load_universal(void *ambigs, const void *from, void *to) {
	load_universal *original = (load_universal *)dlsym(RTLD_NEXT, LOAD_UNIVERSAL);
	if (!lean && original)
		original(ambigs, from, to);
}

typedef l_ok write_mem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format);

// pixWriteMem is how Tesseract puts each line of text aside, as PNG, only to unpack it
// again at once. Leptonica's own form holds the same pixels, unpacked; pixReadMem
// knows it by its first bytes. Nothing else in this program asks for a PNG in memory.
VISIBLE l_ok pixWriteMem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format) {
	write_mem *original = (write_mem *)dlsym(RTLD_NEXT, "pixWriteMem");
	if (!original)
		return 1;
	return original(data, size, pix, format == IFF_PNG ? IFF_SPIX : format);
}

// Tesseract parts every step of a network among threads with OpenMP. On a single
// thread, which is all it is given here, the OpenMP library still wakes nobody tens of
// thousands of times on a page. These are its functions for a single thread (OpenMP
// 5.2, 10.1 and 11.3): a region is a call, and its sections are passed out in order.
// Nothing else in this program is built with OpenMP.
static _Thread_local unsigned section, sections;

typedef void region(void *data);

VISIBLE unsigned GOMP_sections_next(void) { return section < sections ? ++section : 0; }

VISIBLE unsigned GOMP_sections_start(unsigned count) {
	section = 0, sections = count;
	return GOMP_sections_next();
}

VISIBLE void GOMP_sections_end(void) {}

VISIBLE void GOMP_sections_end_nowait(void) {}

VISIBLE void GOMP_parallel(region *body, void *data, unsigned threads, unsigned flags) {
	(void)threads, (void)flags;
	unsigned at = section, of = sections;
	body(data);
	section = at, sections = of;
}

VISIBLE void GOMP_parallel_sections(region *body, void *data, unsigned threads, unsigned count, unsigned flags) {
	unsigned at = section, of = sections;
	section = 0, sections = count;
	body(data);
	section = at, sections = of;
	(void)threads, (void)flags;
}
