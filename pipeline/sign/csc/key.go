package csc

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"hoso/pipeline/sign"
)

// What a Config leaves open.
const (
	defaultLimit = time.Minute
	defaultPause = 2 * time.Second
)

// Config says which key, and how to get to it.
type Config struct {
	URL          string // of the service, https://HOST/PATH before /csc/v2
	Credential   string // identifier of the key; "" if there is exactly one
	Client       string // OAuth 2.0 client, by its credentials (8.4.4)
	ClientSecret Secret
	Token        Secret // access token that is there already, instead of a client
	PIN          Secret
	OTP          func(context.Context) (Secret, error) // gives a one-time password; nil if there is nobody to ask
	Limit        time.Duration                         // for one signature, with all that it takes; 0 is a minute
	Pause        time.Duration                         // between questions whether somebody has agreed; 0 is 2 s
	HTTP         *http.Client                          // nil is one like http.DefaultClient
}

// Key is a key at a service; it is a crypto.Signer. It may be used from several goroutines.
type Key struct {
	service    *service
	config     Config
	credential string
	about      credentialInfo
	chain      []*x509.Certificate

	asking  chan struct{} // room for one who shows the PIN
	mu      sync.Mutex
	refused error // the PIN; final
}

// Open looks the key up and checks that it can be used. What the operator must mend is a
// Refusal, a service that does not answer *pipeline.Unavailable.
func Open(ctx context.Context, c Config) (*Key, error) {
	if c.Limit <= 0 {
		c.Limit = defaultLimit
	}
	if c.Pause <= 0 {
		c.Pause = defaultPause
	}
	ctx, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	s, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	k := &Key{service: s, config: c, credential: c.Credential, asking: make(chan struct{}, 1)}
	if k.credential == "" {
		if k.credential, err = s.only(ctx); err != nil {
			return nil, err
		}
	}
	err = s.call(ctx, "credentials/info", map[string]any{
		"credentialID": k.credential, "certificates": "chain", "certInfo": true, "authInfo": true,
	}, &k.about)
	if err != nil {
		return nil, fmt.Errorf("asking about the signing key: %w", err)
	}
	if k.chain, err = k.about.check(); err != nil {
		return nil, err
	}
	return k, k.mayAuthorize()
}

// Identity is the key with its certificates.
func (k *Key) Identity() sign.Identity {
	return sign.Identity{Key: k, Chain: k.chain, Demo: sign.IsDemo(k.chain[0])}
}

// Public gives the certificate's key.
func (k *Key) Public() crypto.PublicKey { return k.chain[0].PublicKey }

// Sign has one hash signed: PKCS#1 v1.5 for an RSA key, ASN.1 for an elliptic one.
func (k *Key) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	values, err := k.SignHashes(context.Background(), opts.HashFunc(), [][]byte{digest})
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// SignHashes has many hashes signed, in their order, with as few questions to the service
// as it allows: an authorization and a call for each Multisign of them.
func (k *Key) SignHashes(ctx context.Context, hash crypto.Hash, digests [][]byte) ([][]byte, error) {
	algorithm, err := k.about.algorithm(k.Public(), hash)
	if err != nil {
		return nil, err
	}
	for _, d := range digests {
		if len(d) != hash.Size() {
			return nil, fmt.Errorf("signing %d bytes as a hash of %d", len(d), hash.Size())
		}
	}
	var values [][]byte
	for len(digests) > 0 {
		n := min(len(digests), k.Multisign())
		some, err := k.batch(ctx, algorithm, digests[:n])
		if err != nil {
			return nil, err
		}
		values, digests = append(values, some...), digests[n:]
	}
	return values, nil
}

// Multisign is how many signatures one authorization may be for.
func (k *Key) Multisign() int { return max(k.about.Multisign, 1) }

// batch signs what fits into one authorization. One that has expired on the way is asked
// for once more.
func (k *Key) batch(ctx context.Context, a algorithm, digests [][]byte) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, k.config.Limit)
	defer cancel()
	hashes := encoded(digests)
	for again := false; ; again = true {
		sad, err := k.authorize(ctx, a, hashes)
		if err != nil {
			return nil, fmt.Errorf("authorizing signatures: %w", err)
		}
		request := map[string]any{"credentialID": k.credential, "hashes": hashes, "signAlgo": a.sign}
		if sad != "" {
			request["SAD"] = string(sad)
		}
		if a.hash != "" {
			request["hashAlgorithmOID"] = a.hash
		}
		var answer struct {
			Signatures []string `json:"signatures"`
		}
		err = k.service.call(ctx, "signatures/signHash", request, &answer)
		if errors.Is(err, errExpired) && !again {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("signing: %w", k.noted(err))
		}
		return k.values(a, digests, answer.Signatures)
	}
}

// noted remembers a refusal after which the service may lock the key.
func (k *Key) noted(err error) error {
	if isSecretWrong(err) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.refused = err
	}
	return err
}

// was gives what the service refused before.
func (k *Key) was() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.refused
}

// base is the address of the API.
func base(address string) string {
	address = strings.TrimRight(address, "/")
	return strings.TrimSuffix(address, "/csc/v2") + "/csc/v2/"
}
