#include "lept.h"
#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>

// The decoder calls one of these when it cannot go on, and one when it has something to
// say.
typedef struct {
	struct jpeg_error_mgr base;
	jmp_buf back;
} failing;

static void fail(j_common_ptr c) { longjmp(((failing *)c->err)->back, 1); }

static void hush(j_common_ptr c) { (void)c; }

// hoso_read_jpeg decodes a JPEG in gray or three colours at 1/reduction of its size,
// straight into the words of a picture, each of which holds red in its highest byte.
// NULL is for what Leptonica must look at: four colours, a broken file, a decoder that
// cannot give that order.
PIX *hoso_read_jpeg(const uint8_t *data, size_t size, int reduction) {
#ifdef JCS_EXTENSIONS
	struct jpeg_decompress_struct c;
	failing err;
	PIX *volatile out = NULL;
	c.err = jpeg_std_error(&err.base);
	err.base.error_exit = fail, err.base.output_message = hush;
	if (setjmp(err.back)) {
		PIX *half = out;
		jpeg_destroy_decompress(&c);
		pixDestroy(&half);
		return NULL;
	}
	jpeg_create_decompress(&c);
	jpeg_mem_src(&c, data, size);
	jpeg_read_header(&c, TRUE);
	if (c.num_components != 1 && c.num_components != 3) {
		jpeg_destroy_decompress(&c);
		return NULL;
	}
	int gray = c.num_components == 1;
	c.out_color_space = gray ? JCS_GRAYSCALE : JCS_EXT_XBGR;
	c.scale_num = 1, c.scale_denom = reduction;
	jpeg_start_decompress(&c);
	PIX *p = pixCreate(c.output_width, c.output_height, gray ? 8 : 32);
	if (!(out = p))
		fail((j_common_ptr)&c);
	int wpl = pixGetWpl(p);
	while (c.output_scanline < c.output_height) {
		uint32_t *row = pixGetData(p) + (size_t)c.output_scanline * wpl;
		JSAMPROW at = (JSAMPROW)row;
		if (jpeg_read_scanlines(&c, &at, 1) == 1 && gray)
			for (int i = 0; i < wpl; i++)
				row[i] = __builtin_bswap32(row[i]);
	}
	jpeg_finish_decompress(&c);
	jpeg_destroy_decompress(&c);
	return p;
#else
	(void)data, (void)size, (void)reduction;
	return NULL;
#endif
}
