package main_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"software.sslmate.com/src/go-pkcs12"

	"hoso/pipeline/sign/signtest"
	"hoso/storage/catalog/catalogtest"
	"hoso/storage/objects/objectstest"
)

// outside is everything that a large installation runs apart from hoso: each of the
// parts by programs of others, over the network, with a password where there is one.
type outside struct {
	queue     *queueServer
	catalog   *catalogtest.Postgres
	authority *authority
	root      string // file of the agency's root certificate
	env       []string
}

func startOutside(t *testing.T) *outside {
	t.Helper()
	o := &outside{queue: startQueue(t), catalog: catalogtest.StartPostgres(t)}
	ca := newAgency(t)
	o.root = ca.file
	o.authority = startAuthority(t, ca)
	o.env = append(o.env,
		"HOSO_REDIS="+o.queue.uri(),
		"HOSO_CATALOG="+o.catalog.Database(t, ""),
		"HOSO_S3_ENDPOINT=http://"+objectstest.StartMoto(t), "HOSO_S3_BUCKET=ho-so-thu", "HOSO_S3_ACCESS_KEY=thu", "HOSO_S3_SECRET_KEY=mat-khau-thu",
		"HOSO_TRUST="+ca.file, "HOSO_TSA="+o.authority.url,
	)
	o.env = append(o.env, ca.keyFile(t, time.Now().Add(-time.Hour), time.Now().AddDate(1, 0, 0))...)
	return o
}

// queueServer is a redis-server over TCP with a password.
type queueServer struct {
	t       *testing.T
	dir     string
	address string
	cmd     *exec.Cmd
}

const queuePassword = "mat khau/hang doi@1"

func startQueue(t *testing.T) *queueServer {
	t.Helper()
	q := &queueServer{t: t, dir: t.TempDir(), address: objectstest.FreeAddress(t)}
	q.start()
	t.Cleanup(q.kill)
	return q
}

func (q *queueServer) uri() string {
	return "redis://:" + strings.NewReplacer(" ", "%20", "/", "%2F", "@", "%40").Replace(queuePassword) + "@" + q.address + "/3"
}

func (q *queueServer) start() {
	q.t.Helper()
	_, port, err := net.SplitHostPort(q.address)
	if err != nil {
		q.t.Fatal(err)
	}
	q.cmd = exec.Command("redis-server", "--bind", "127.0.0.1", "--port", port, "--requirepass", queuePassword,
		"--dir", q.dir, "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction")
	if err := q.cmd.Start(); err != nil {
		q.t.Fatalf("this test needs redis-server: %v", err)
	}
	client := redis.NewClient(&redis.Options{Addr: q.address, Password: queuePassword})
	defer client.Close()
	eventually(q.t, 30*time.Second, "redis-server answers", func() bool { return client.Ping(context.Background()).Err() == nil })
}

// kill ends the server at once.
func (q *queueServer) kill() {
	q.signal(syscall.SIGCONT)
	_ = q.cmd.Process.Kill()
	_ = q.cmd.Wait()
}

// forget throws away what the server wrote down.
func (q *queueServer) forget() {
	q.t.Helper()
	if err := os.RemoveAll(filepath.Join(q.dir, "appendonlydir")); err != nil {
		q.t.Fatal(err)
	}
}

func (q *queueServer) signal(s syscall.Signal) { _ = q.cmd.Process.Signal(s) }

// agency is a certificate authority of two ranks, as agencies have it, which answers at a
// port of this machine whether what it certified is revoked.
type agency struct {
	*signtest.Authority

	file string // its root, PEM
}

func newAgency(t *testing.T) *agency {
	t.Helper()
	a := signtest.Serve(t, time.Now())
	return &agency{a, a.RootFile(t)}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

const keyPassword = "mật khẩu khóa ký"

// keyFile makes a PKCS#12 file with a key valid between two times, and gives the
// settings that name it.
func (a *agency) keyFile(t *testing.T, from, to time.Time) []string {
	t.Helper()
	key := newKey(t)
	return a.keyFileOf(t, key, a.leaf(t, key, from, to))
}

// silentKeyFile does so with a certificate that does not say where to ask about it.
func (a *agency) silentKeyFile(t *testing.T) []string {
	t.Helper()
	key := newKey(t)
	return a.keyFileOf(t, key, a.Identity(t, key, func(c *x509.Certificate) { c.OCSPServer, c.CRLDistributionPoints = nil, nil }).Chain[0])
}

func (a *agency) keyFileOf(t *testing.T, key *ecdsa.PrivateKey, leaf *x509.Certificate) []string {
	t.Helper()
	dir := t.TempDir()
	file, err := pkcs12.Modern.Encode(key, leaf, []*x509.Certificate{a.CA, a.Root}, keyPassword)
	if err != nil {
		t.Fatal(err)
	}
	path, password := filepath.Join(dir, "khóa ký.p12"), filepath.Join(dir, "mật khẩu.txt")
	write(t, path, file)
	write(t, password, []byte(keyPassword+"\n"))
	return []string{"HOSO_PKCS12=" + path, "HOSO_PKCS12_PASSWORD=@" + password}
}

// leaf certifies a key for signing.
func (a *agency) leaf(t *testing.T, key *ecdsa.PrivateKey, from, to time.Time) *x509.Certificate {
	t.Helper()
	return a.Identity(t, key, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter, c.ExtKeyUsage = from, to, nil
		c.Subject = pkix.Name{Country: []string{"VN"}, Organization: []string{"UBND xã Thử Nghiệm"}, CommonName: "UBND xã Thử Nghiệm"}
	}).Chain[0]
}

// authority is a timestamp authority that can be made to misbehave.
type authority struct {
	url    string
	asked  atomic.Int64
	answer atomic.Pointer[http.HandlerFunc]
	good   http.HandlerFunc
}

func startAuthority(t *testing.T, by *agency) *authority {
	t.Helper()
	server := by.TimestampAuthority(t, time.Now().AddDate(1, 0, 0))
	server.Now = nil
	a := &authority{good: server.ServeHTTP}
	a.behave(a.good)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.asked.Add(1)
		(*a.answer.Load())(w, r)
	}))
	t.Cleanup(s.CloseClientConnections)
	t.Cleanup(func() { a.behave(a.good) })
	a.url = s.URL + "/tsa"
	return a
}

// behave lets the authority answer in another way from now on.
func (a *authority) behave(answer http.HandlerFunc) { a.answer.Store(&answer) }

var errNotServed = errors.New("the process ended")

// program is a hoso beside the service, on a data folder of its own.
type program struct {
	cmd  *exec.Cmd
	said *lines
	gone chan error
}

// startWorker runs `hoso work` as on another machine.
func startWorker(t *testing.T, env []string) *program {
	t.Helper()
	p := &program{said: &lines{}, gone: make(chan error, 1)}
	p.cmd = exec.Command(binary(t), "work", "--data", filepath.Join(t.TempDir(), "máy khác"))
	p.cmd.Env, p.cmd.Stderr, p.cmd.Stdout = append(os.Environ(), env...), p.said, p.said
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.gone <- errors.Join(p.cmd.Wait(), errNotServed) }()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		if t.Failed() {
			t.Logf("the second worker said:\n%.10000s", p.said)
		}
	})
	return p
}
