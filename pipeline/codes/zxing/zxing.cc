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

// Nothing may be thrown through C.
extern "C" int hoso_codes(const uint8_t *gray, int width, int height, int stride, int kinds, hoso_code *out, int most)
{
	int n = 0;
	try {
		auto opt = options();
		opt.setFormats(formats(kinds)).setMaxNumberOfSymbols(static_cast<uint8_t>(most));
		for (const auto &r : ReadBarcodes(ImageView(gray, width, height, ImageFormat::Lum, stride), opt)) {
			if (!r.isValid() || n == most || !copy(r.text(), &out[n]))
				continue;
			out[n].kind = kind(r.format());
			for (int i = 0; i < 4; i++)
				out[n].x[i] = r.position()[i].x, out[n].y[i] = r.position()[i].y;
			n++;
		}
	} catch (...) {
		return n > 0 ? n : -1;
	}
	return n;
}
