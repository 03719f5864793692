package s3

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Limits on silence. A transfer may take as long as it needs while bytes move; a
// server that stops in the middle of one is given up.
const (
	dialTimeout   = 5 * time.Second
	answerTimeout = 2 * time.Minute // for a large PUT the server syncs its disk before it answers
	stallTimeout  = 2 * time.Minute
)

// Dial opens a connection, as net.Dialer.DialContext does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// NewTransport returns the transport that Open uses by default: it goes to the
// server directly, leaves bodies as they are, and gives up on connections that fall
// silent. A nil dial is plain TCP.
func NewTransport(dial Dial) *http.Transport {
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext
	}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return stalling{conn}, nil
		},
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       time.Minute,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: answerTimeout,
		WriteBufferSize:       64 << 10,
		ReadBufferSize:        64 << 10,
		DisableCompression:    true,
	}
}

// stalling fails reads and writes on which nothing moves for stallTimeout.
type stalling struct{ net.Conn }

func (c stalling) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(stallTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c stalling) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(stallTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
