package s3_test

import (
	"testing"

	"hoso/storage/objects/objectstest"
	"hoso/storage/objects/s3"
)

// TestAgainstMoto meets the weak end of servers. (The strong end, the server that hoso
// brings along, is tested where it lives.)
func TestAgainstMoto(t *testing.T) {
	t.Parallel()
	cfg := s3.Config{Endpoint: objectstest.StartMoto(t), Bucket: "hoso", AccessKey: "test", SecretKey: "test-secret"}
	store, err := s3.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s3.Open(t.Context(), cfg); err != nil {
		t.Errorf("opening a bucket that is there: %v", err)
	}
	t.Run("abilities", func(t *testing.T) {
		t.Parallel()
		objectstest.Probe(t, store, "conditional-put")
	})
	t.Run("contract", func(t *testing.T) {
		t.Parallel()
		objectstest.Run(t, func(*testing.T) objectstest.Store { return store })
	})
}
