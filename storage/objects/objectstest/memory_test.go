package objectstest_test

import (
	"testing"

	"hoso/storage/objects/objectstest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	t.Parallel()
	objectstest.Run(t, func(*testing.T) objectstest.Store { return new(objectstest.Memory) })
}
