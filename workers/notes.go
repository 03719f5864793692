package workers

import (
	"context"
	"encoding/json"
	"fmt"
)

// load reads a small object of the bucket; doing, such as "reading a manifest", is for
// errors. fs.ErrNotExist if there is none, and damaged if it cannot be understood.
func load[T any](ctx context.Context, objects Notes, key, doing string) (T, error) {
	var found T
	body, err := objects.GetKey(ctx, key)
	if err != nil {
		return found, fmt.Errorf("%s: %w", doing, err)
	}
	if err := json.Unmarshal(body, &found); err != nil {
		return *new(T), fmt.Errorf("%s: understanding %s: %w", doing, key, err)
	}
	return found, nil
}
