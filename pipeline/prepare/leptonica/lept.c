#include "lept.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Leptonica reports to stderr by default; what it says of strangers' bytes is told
// to the caller as an error instead.
void hoso_quiet(void) { setMsgSeverity(L_SEVERITY_NONE); }

int hoso_read_header(const uint8_t *data, size_t size, hoso_header *h) {
	l_int32 format = 0, w = 0, ht = 0, bps = 0, spp = 0, map = 0;
	if (pixReadHeaderMem(data, size, &format, &w, &ht, &bps, &spp, &map) != 0)
		return 1;
	*h = (hoso_header){format, w, ht, bps, spp, map};
	return 0;
}

// number reads a decimal number of a PNM header, past spaces and comments; -1 if
// there is none or it is absurd.
static long number(const uint8_t *data, size_t size, size_t *at) {
	long n = 0;
	size_t i = *at;
	for (; i < size && (data[i] == '#' || data[i] == ' ' || (data[i] >= 9 && data[i] <= 13)); i++)
		if (data[i] == '#')
			while (i + 1 < size && data[i + 1] != '\n')
				i++;
	if (i >= size || data[i] < '0' || data[i] > '9')
		return -1;
	for (; i < size && data[i] >= '0' && data[i] <= '9' && n < 100000000; i++)
		n = 10 * n + data[i] - '0';
	*at = i;
	return n;
}

// read_pnm reads binary PNM of 1 or 8 bits; NULL for other kinds and for files that
// are cut short. Leptonica fetches these byte by byte from a stream, which takes
// longer than recognizing half the page.
static PIX *read_pnm(const uint8_t *data, size_t size) {
	size_t at = 2;
	int kind = data[1] - '0', channels = kind == 6 ? 3 : 1;
	if (size < 8 || data[0] != 'P' || kind < 4 || kind > 6)
		return NULL;
	long w = number(data, size, &at), h = number(data, size, &at);
	long top = kind == 4 ? 255 : number(data, size, &at);
	if (w < 1 || h < 1 || w > 1000000 || h > 1000000 || top != 255)
		return NULL;
	size_t row = kind == 4 ? ((size_t)w + 7) / 8 : (size_t)w * channels;
	if (++at > size || (size - at) / row < (size_t)h)
		return NULL;
	PIX *p = pixCreate((int)w, (int)h, kind == 4 ? 1 : kind == 5 ? 8 : 32);
	if (!p)
		return NULL;
	int wpl = pixGetWpl(p);
	for (long y = 0; y < h; y++) {
		const uint8_t *src = data + at + (size_t)y * row;
		uint32_t *dst = pixGetData(p) + (size_t)y * wpl;
		if (kind == 6) {
			for (long x = 0; x < w; x++, src += 3)
				dst[x] = (uint32_t)src[0] << 24 | (uint32_t)src[1] << 16 | (uint32_t)src[2] << 8;
			continue;
		}
		memcpy(dst, src, row);
		for (int i = 0; i < wpl; i++)
			dst[i] = __builtin_bswap32(dst[i]);
	}
	if (kind == 4)
		pixSetPadBits(p, 0);
	return p;
}

PIX *hoso_decode(const uint8_t *data, size_t size, int format, int reduction) {
	PIX *p = NULL;
	if (format == IFF_JFIF_JPEG) {
		p = hoso_read_jpeg(data, size, reduction);
		return p ? p : pixReadMemJpeg(data, size, 0, reduction, NULL, 0);
	}
	if (format == IFF_PNM)
		p = read_pnm(data, size);
	return p ? p : pixReadMem(data, size);
}

// hoso_flatten gives an image of 1, 8 or 32 bits without colour map or transparency.
PIX *hoso_flatten(PIX *p) {
	if (pixGetColormap(p))
		return pixRemoveColormap(p, REMOVE_CMAP_BASED_ON_SRC);
	switch (pixGetDepth(p)) {
	case 1:
	case 8:
		return pixClone(p);
	case 16:
		return pixConvert16To8(p, L_MS_BYTE);
	case 32:
		return pixGetSpp(p) == 4 ? pixAlphaBlendUniform(p, 0xffffff00) : pixClone(p);
	}
	return pixConvertTo8(p, 0);
}

static inline int redness(uint32_t px) {
	int r = px >> 24, g = (px >> 16) & 255, b = (px >> 8) & 255;
	return r - (g > b ? g : b);
}

double hoso_red_fraction(PIX *p, int step) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	uint32_t *data = pixGetData(p);
	long red = 0, all = 0;
	if (pixGetDepth(p) != 32)
		return 0;
	for (int y = 0; y < h; y += step) {
		uint32_t *row = data + (size_t)y * wpl;
		for (int x = 0; x < w; x += step, all++)
			red += redness(row[x]) > 60;
	}
	return all ? (double)red / all : 0;
}

// Leptonica keeps pixels in 32-bit words, the leftmost in the highest byte.
PIX *hoso_from_gray(const uint8_t *data, int width, int height, int stride) {
	PIX *p = pixCreate(width, height, 8);
	if (!p)
		return NULL;
	int wpl = pixGetWpl(p);
	for (int y = 0; y < height; y++) {
		uint32_t *row = pixGetData(p) + (size_t)y * wpl;
		memcpy(row, data + (size_t)y * stride, width);
		for (int i = 0; i < wpl; i++)
			row[i] = __builtin_bswap32(row[i]);
	}
	return p;
}

void hoso_to_gray(PIX *p, uint8_t *data) {
	size_t n = (size_t)pixGetWpl(p) * pixGetHeight(p);
	uint32_t *src = pixGetData(p);
	for (size_t i = 0; i < n; i++) {
		uint32_t v = __builtin_bswap32(src[i]);
		memcpy(data + 4 * i, &v, 4);
	}
}

// hoso_to_rgb copies an image of 32 bits out, three bytes a pixel.
void hoso_to_rgb(PIX *p, uint8_t *data) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	for (int y = 0; y < h; y++) {
		uint32_t *row = pixGetData(p) + (size_t)y * wpl;
		for (int x = 0; x < w; x++, data += 3) {
			data[0] = row[x] >> 24;
			data[1] = row[x] >> 16;
			data[2] = row[x] >> 8;
		}
	}
}

// hoso_otsu gives the gray level that parts ink from paper best, -1 on failure.
int hoso_otsu(PIX *p) {
	NUMA *hist = pixGetGrayHistogram(p, 2);
	l_int32 level = -1;
	if (!hist)
		return -1;
	if (numaSplitDistribution(hist, 0.0, &level, NULL, NULL, NULL, NULL, NULL) != 0)
		level = -1;
	numaDestroy(&hist);
	return level;
}

typedef struct {
	int32_t *data;
	int used, room;
} runs;

static int keep(runs *r, int x, int y, int w, int h) {
	if (r->used + 4 > r->room) {
		int room = r->room ? 2 * r->room : 4096;
		int32_t *p = realloc(r->data, (size_t)room * sizeof *p);
		if (!p)
			return 1;
		r->data = p, r->room = room;
	}
	int32_t *o = r->data + r->used;
	o[0] = x, o[1] = y, o[2] = w, o[3] = h;
	r->used += 4;
	return 0;
}

// hoso_components gives x, y, width, height of every connected piece of ink. With
// more than most of them, it stops and sets *count to -1: millions of boxes would
// take more memory than the page.
int32_t *hoso_components(PIX *p, int most, int *count) {
	runs out = {NULL, 0, 0};
	*count = 0;
	PIX *rest = pixCopy(NULL, p);
	L_STACK *stack = lstackCreate(pixGetHeight(p)), *spare = lstackCreate(0);
	int x = 0, y = 0, n = 0, broken = !rest || !stack || !spare || keep(&out, 0, 0, 0, 0);
	if (!broken)
		stack->auxstack = spare, spare = NULL;
	while (!broken && n <= most && nextOnPixelInRaster(rest, x, y, &x, &y)) {
		BOX *box = pixSeedfillBB(rest, stack, x, y, 8);
		l_int32 bx, by, w, h;
		broken = !box || boxGetGeometry(box, &bx, &by, &w, &h);
		if (!broken && n < most) {
			out.used = 4 * n;
			broken = keep(&out, bx, by, w, h);
		}
		n++;
		boxDestroy(&box);
	}
	lstackDestroy(&spare, 1);
	lstackDestroy(&stack, 1);
	pixDestroy(&rest);
	if (broken) {
		free(out.data);
		return NULL;
	}
	*count = n > most ? -1 : n;
	return out.data;
}

// level_runs keeps the runs of ink along rows that are at least least pixels long.
static int level_runs(PIX *p, int least, runs *out) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	for (int y = 0; y < h; y++) {
		uint32_t *row = pixGetData(p) + (size_t)y * wpl;
		int from = -1;
		for (int x = 0; x < w;) {
			uint32_t word = row[x >> 5];
			if ((x & 31) == 0 && (word == 0 || word == 0xffffffff) && x + 32 <= w) {
				int on = word != 0;
				if (on && from < 0)
					from = x;
				if (!on && from >= 0) {
					if (x - from >= least && keep(out, from, y, x - from, 1))
						return 1;
					from = -1;
				}
				x += 32;
				continue;
			}
			int on = word >> (31 - (x & 31)) & 1;
			if (on && from < 0)
				from = x;
			if (!on && from >= 0) {
				if (x - from >= least && keep(out, from, y, x - from, 1))
					return 1;
				from = -1;
			}
			x++;
		}
		if (from >= 0 && w - from >= least && keep(out, from, y, w - from, 1))
			return 1;
	}
	return 0;
}

// steep_runs does the same down columns; above counts the ink over each pixel of the
// row being looked at.
static int steep_runs(PIX *p, int least, int32_t *above, runs *out) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	for (int y = 0; y <= h; y++) {
		uint32_t *row = pixGetData(p) + (size_t)y * wpl;
		uint32_t *last = y > 0 ? row - wpl : NULL;
		for (int i = 0; i < wpl; i++) {
			uint32_t now = y < h ? row[i] : 0;
			uint32_t ended = last ? last[i] & ~now : 0;
			while (ended) {
				int b = __builtin_clz(ended), x = 32 * i + b;
				ended &= ~(0x80000000u >> b);
				if (x < w && above[x] >= least && keep(out, x, y - above[x], 1, above[x]))
					return 1;
				above[x] = 0;
			}
			while (now) {
				int b = __builtin_clz(now);
				now &= ~(0x80000000u >> b);
				above[32 * i + b]++;
			}
		}
	}
	return 0;
}

// hoso_runs gives x, y, width, height of every straight run of ink of at least least
// pixels along a row (level) or down a column.
int32_t *hoso_runs(PIX *p, int least, int level, int *count) {
	runs out = {0};
	int bad;
	*count = 0;
	pixSetPadBits(p, 0);
	if (level) {
		bad = level_runs(p, least, &out);
	} else {
		int32_t *above = calloc((size_t)pixGetWpl(p) * 32, sizeof *above);
		bad = !above || steep_runs(p, least, above, &out);
		free(above);
	}
	if (bad) {
		free(out.data);
		return NULL;
	}
	if (!out.data)
		out.data = calloc(4, sizeof *out.data);
	*count = out.used / 4;
	return out.data;
}

// hoso_erase takes the ink out of a box.
void hoso_erase(PIX *p, int x, int y, int w, int h) {
	pixRasterop(p, x, y, w, h, PIX_CLR, NULL, 0, 0);
}

// hoso_red_layer gives what only red ink has drawn, dark on white.
PIX *hoso_red_layer(PIX *p) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	PIX *out = pixGetDepth(p) == 32 ? pixCreate(w, h, 8) : NULL;
	if (!out)
		return NULL;
	int owpl = pixGetWpl(out);
	for (int y = 0; y < h; y++) {
		uint32_t *row = pixGetData(p) + (size_t)y * wpl, *to = pixGetData(out) + (size_t)y * owpl;
		for (int x = 0; x < w; x++) {
			int v = 2 * redness(row[x]);
			SET_DATA_BYTE(to, x, v < 0 ? 255 : v > 255 ? 0 : 255 - v);
		}
	}
	return out;
}

// unswap gives the pixels of a row in their order.
static void unswap(PIX *p, int y, uint8_t *to) {
	int wpl = pixGetWpl(p);
	uint32_t *row = pixGetData(p) + (size_t)y * wpl, *out = (uint32_t *)to;
	for (int i = 0; i < wpl; i++)
		out[i] = __builtin_bswap32(row[i]);
}

// fade makes the pixels of a row lighter that are near red ink and no darker than that
// ink is in red light. near holds how dark the red layer is around each.
static void fade(uint8_t *row, const uint8_t *near, int w) {
	enum { text = 110, ghost = 160, pale = 215, strong = 155 };
	for (int x = 0; x < w; x++) {
		int v = row[x];
		if (near[x] >= pale || v <= text)
			continue;
		int red = near[x] <= strong ? pale - strong : pale - near[x];
		int light = v >= ghost ? ghost - text : v - text;
		row[x] = v + (255 - v) * red * light / ((pale - strong) * (ghost - text));
	}
}

// hoso_fade takes out of a gray picture, in place, what is left in it of the red ink
// that layer shows. It tells whether there was memory.
int hoso_fade(PIX *p, PIX *layer) {
	int w = pixGetWidth(p), h = pixGetHeight(p), wpl = pixGetWpl(p);
	size_t stride = (size_t)wpl * 4;
	if (pixGetWidth(layer) != w || pixGetHeight(layer) != h)
		return 1;
	uint8_t *rows = malloc(stride * 5), *column = rows + stride * 3, *line = rows + stride * 4;
	if (!rows)
		return 0;
	memset(rows, 255, stride * 3);
	for (int y = -1; y < h; y++) {
		uint8_t *below = rows + (size_t)((y + 1) % 3) * stride;
		if (y + 1 < h)
			unswap(layer, y + 1, below);
		else
			memset(below, 255, stride);
		if (y < 0)
			continue;
		for (size_t x = 0; x < stride; x++) {
			uint8_t a = rows[x], b = rows[stride + x], c = rows[2 * stride + x];
			a = a < b ? a : b;
			column[x] = a < c ? a : c;
		}
		unswap(p, y, line);
		uint8_t left = 255;
		for (int x = 0; x < w; x++) {
			uint8_t own = column[x], right = x + 1 < w ? column[x + 1] : 255, least = left < own ? left : own;
			column[x] = least < right ? least : right;
			left = own;
		}
		fade(line, column, w);
		uint32_t *to = pixGetData(p) + (size_t)y * wpl, *from = (uint32_t *)line;
		for (int i = 0; i < wpl; i++)
			to[i] = __builtin_bswap32(from[i]);
	}
	free(rows);
	return 1;
}

// hoso_means gives the mean of every square of 8 by 8 pixels of a gray image, row by
// row; what is left over at the right and below is in none.
void hoso_means(PIX *p, uint8_t *cells) {
	int w = pixGetWidth(p) / 8, h = pixGetHeight(p) / 8, wpl = pixGetWpl(p);
	for (int y = 0; y < h; y++, cells += w) {
		const uint32_t *row = pixGetData(p) + (size_t)8 * y * wpl;
		for (int x = 0; x < w; x++) {
			const uint32_t *at = row + 2 * x;
			uint32_t even = 0, odd = 0; // two sums in each
			for (int i = 0; i < 8; i++, at += wpl) {
				even += (at[0] & 0x00ff00ff) + (at[1] & 0x00ff00ff);
				odd += (at[0] >> 8 & 0x00ff00ff) + (at[1] >> 8 & 0x00ff00ff);
			}
			even += odd;
			cells[x] = (uint8_t)(((even >> 16) + (even & 0xffff)) / 64);
		}
	}
}
