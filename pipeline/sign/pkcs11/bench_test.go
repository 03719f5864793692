package pkcs11_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"
)

// BenchmarkKey asks keys for signatures over SHA-256, on a token and in memory (where a
// PKCS#12 file ends up), one and four at once. It gives signatures per second and the
// processor's time for each.
func BenchmarkKey(b *testing.B) {
	token := open(b, config("keys"))
	for _, kind := range []string{"rsa-2048", "rsa-3072", "p-256"} {
		id, err := token.Identity(kind)
		if err != nil {
			b.Fatal(err)
		}
		for place, key := range map[string]crypto.Signer{"token": id.Key, "memory": tokens.keys[kind]} {
			for _, hands := range []int{1, 4} {
				b.Run(fmt.Sprintf("%s/%s/%d", kind, place, hands), func(b *testing.B) { measure(b, key, hands) })
			}
		}
	}
}

func measure(b *testing.B, key crypto.Signer, hands int) {
	b.Helper()
	sum := sha256.Sum256(nil)
	work := make(chan int, b.N)
	for i := range b.N {
		work <- i
	}
	close(work)
	began, spent := time.Now(), processor(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for range hands {
		all.Go(func() {
			for range work {
				if _, err := key.Sign(rand.Reader, sum[:], crypto.SHA256); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "signatures/s")
	b.ReportMetric(float64((processor(b)-spent).Microseconds())/float64(b.N), "µs-CPU/signature")
}

// processor is what this process has used of all cores.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
