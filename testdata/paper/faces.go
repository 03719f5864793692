package paper

// face is a typeface with all Vietnamese letters, and where distributions put it.
type face struct {
	name   string
	debian string    // the package it comes in
	share  int       // how many papers of a hundred are set in it
	scale  float64   // of the size, so that wide letters take no more room than Times
	dirs   []string  // the first that has all files is taken
	files  [4]string // the cuts, without .ttf
}

// faces gives all typefaces, Liberation Serif first: its letters are as wide as
// those that Decree 30/2020 prescribes, and most papers are set in such.
func faces() []face {
	liberation := []string{
		"/usr/share/fonts/truetype/liberation2",
		"/usr/share/fonts/truetype/liberation",
		"/usr/share/fonts/liberation-serif",
		"/usr/share/fonts/liberation-serif-fonts",
		"/usr/share/fonts/liberation",
	}
	free := []string{"/usr/share/fonts/truetype/freefont", "/usr/share/fonts/gnu-free"}
	dejavu := []string{"/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu"}
	carlito := []string{"/usr/share/fonts/truetype/crosextra", "/usr/share/fonts/carlito"}
	open := []string{"/usr/share/fonts/truetype/open-sans", "/usr/share/fonts/open-sans"}
	return []face{
		{"Liberation Serif", "fonts-liberation", 46, 1, liberation, dashed("LiberationSerif")},
		{"Free Serif", "fonts-freefont-ttf", 16, 1, free, joined("FreeSerif", "Italic")},
		{"DejaVu Serif", "fonts-dejavu-extra", 8, 0.85, dejavu, [4]string{"DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "DejaVuSerif-BoldItalic"}},
		{"Liberation Sans", "fonts-liberation", 8, 0.92, liberation, dashed("LiberationSans")},
		{"Carlito", "fonts-crosextra-carlito", 7, 1, carlito, dashed("Carlito")},
		{"Open Sans", "fonts-open-sans", 5, 0.88, open, dashed("OpenSans")},
		{"DejaVu Sans", "fonts-dejavu-extra", 3, 0.83, dejavu, [4]string{"DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"}},
		{"Free Sans", "fonts-freefont-ttf", 3, 0.92, free, joined("FreeSans", "Oblique")},
		{"Liberation Mono", "fonts-liberation", 2, 0.8, liberation, dashed("LiberationMono")},
		{"Free Mono", "fonts-freefont-ttf", 2, 0.82, free, joined("FreeMono", "Oblique")},
	}
}

// dashed names the files of a face as Name-BoldItalic.
func dashed(name string) [4]string {
	return [4]string{name + "-Regular", name + "-Bold", name + "-Italic", name + "-BoldItalic"}
}

// joined names the files of a face as NameBoldItalic.
func joined(name, italic string) [4]string {
	return [4]string{name, name + "Bold", name + italic, name + "Bold" + italic}
}

// faceOf picks a face by the shares.
func faceOf(seed uint64) face {
	at := int(scatter(seed, 3, 5)) * 100 >> 16
	for _, f := range faces() {
		if at -= f.share; at < 0 {
			return f
		}
	}
	return faces()[0]
}
