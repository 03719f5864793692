package catalog

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"hoso/pipeline"
)

// token says where a page of hits ended. Strangers hold it: it is opaque to them,
// and trusted no more than a number they typed.
type token struct {
	place  int64
	skip   int    // hits before, for ranked pages
	number string // dossier key, for pages by number

	meaning string // of the box, so that all pages are of one
	near    bool   // among those with a letter wrong
}

// String gives the form of Found.Next.
func (t token) String() string {
	raw := fmt.Sprintf("%d %d %t %s %s", t.place, t.skip, t.near, t.meaning, t.number)
	return base64.RawURLEncoding.EncodeToString([]byte(raw))
}

// parseToken reads the form of String; "" is the beginning.
func parseToken(s string) (token, error) {
	if s == "" {
		return token{}, nil
	}
	bad := pipeline.Refuse(pipeline.Reason{
		Code:       "bad-page-token",
		English:    "the page asked for does not exist",
		Vietnamese: "Trang kết quả này không có. Hãy tìm lại từ đầu.",
	}, nil)
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return token{}, bad
	}
	parts := strings.SplitN(string(raw), " ", 5)
	if len(parts) != 5 || !storable(string(raw)) {
		return token{}, bad
	}
	var t token
	if t.place, err = strconv.ParseInt(parts[0], 10, 64); err != nil || t.place < 0 {
		return token{}, bad
	}
	if t.skip, err = strconv.Atoi(parts[1]); err != nil || t.skip < 0 {
		return token{}, bad
	}
	if t.near, err = strconv.ParseBool(parts[2]); err != nil {
		return token{}, bad
	}
	t.meaning, t.number = parts[3], parts[4]
	return t, nil
}
