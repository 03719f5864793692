package signtest_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"hoso/pipeline/sign/signtest"
)

// TestPortTellsOfQuestions: at a port as without one, the test is told what is asked,
// and what is down answers nothing.
func TestPortTellsOfQuestions(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	a := signtest.Serve(t, time.Now())
	a.Asked = func(path string) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, path)
	}
	once := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // which would ask again
	get := func(url string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := once.Do(r)
		if err != nil {
			return 0 // nobody is there
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode
	}
	list := a.CA.CRLDistributionPoints[0]
	if got := get(list); got != http.StatusOK {
		t.Errorf("the list = %d", got)
	}
	a.Down("root.crl", true)
	if got := get(list); got != 0 {
		t.Errorf("the list that is down = %d", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(asked, []string{"root.crl", "root.crl"}) {
		t.Errorf("told of %q", asked)
	}
}
