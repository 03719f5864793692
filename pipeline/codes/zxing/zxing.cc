#define ZX_USE_UTF8 1
#include "zxing.h"

#include <BarcodeFormat.h>
#include <ReadBarcode.h>
#include <cstdlib>
#include <cstring>

using namespace ZXing;

// The options have another name from 2.2 on (Debian 13), and texts another default.
#if __has_include(<ReaderOptions.h>)
static ReaderOptions options()
{
	return ReaderOptions().setTextMode(TextMode::Plain).setTryInvert(false);
}
#else
static DecodeHints options() { return DecodeHints(); }
#endif

// What is looked for at once: all kinds, or before 2.0 the square ones first. There a
// barcode that is found in the picture and in a smaller one of it ends the program, by an
// assertion that distributions leave in (zxing-cpp issue 740); a barcode, which has enough
// clean rows anyway, is looked for in the picture alone.
#if __has_include(<ReaderOptions.h>)
static const int turns[] = {HOSO_QR | HOSO_CODE128 | HOSO_CODE39};
static bool smaller(int) { return true; }
#else
static const int turns[] = {HOSO_QR, HOSO_CODE128 | HOSO_CODE39};
static bool smaller(int kinds) { return kinds == HOSO_QR; }
#endif

static BarcodeFormats formats(int kinds)
{
	BarcodeFormats f;
	if (kinds & HOSO_QR)
		f |= BarcodeFormat::QRCode;
	if (kinds & HOSO_CODE128)
		f |= BarcodeFormat::Code128;
	if (kinds & HOSO_CODE39)
		f |= BarcodeFormat::Code39;
	return f;
}

static int kind(BarcodeFormat f)
{
	if (f == BarcodeFormat::QRCode)
		return HOSO_QR;
	return f == BarcodeFormat::Code128 ? HOSO_CODE128 : HOSO_CODE39;
}

static bool copy(const std::string &text, hoso_code *out)
{
	out->size = text.size();
	out->text = static_cast<char *>(malloc(text.size() + 1));
	if (out->text)
		memcpy(out->text, text.data(), text.size());
	return out->text != nullptr;
}

static void read(const ImageView &picture, int kinds, hoso_code *out, int *n, int most)
{
	auto opt = options();
	opt.setFormats(formats(kinds)).setMaxNumberOfSymbols(static_cast<uint8_t>(most)).setTryDownscale(smaller(kinds));
	for (const auto &r : ReadBarcodes(picture, opt)) {
		if (!r.isValid() || *n == most || !copy(r.text(), &out[*n]))
			continue;
		out[*n].kind = kind(r.format());
		for (int i = 0; i < 4; i++)
			out[*n].x[i] = r.position()[i].x, out[*n].y[i] = r.position()[i].y;
		(*n)++;
	}
}

// Nothing may be thrown through C.
extern "C" int hoso_codes(const uint8_t *gray, int width, int height, int stride, int kinds, hoso_code *out, int most)
{
	int n = 0;
	try {
		const ImageView picture(gray, width, height, ImageFormat::Lum, stride);
		for (int turn : turns) {
			if (kinds & turn)
				read(picture, kinds & turn, out, &n, most);
		}
	} catch (...) {
		return n > 0 ? n : -1;
	}
	return n;
}
