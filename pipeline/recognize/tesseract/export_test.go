package tesseract

// Swift is for tests alone.
func Swift() bool { return swift() }
