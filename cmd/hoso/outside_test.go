package main_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
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

	"hoso/pipeline/sign/tsa"
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

// agency is a certificate authority of two ranks, as agencies have it.
type agency struct {
	file    string // its root, PEM
	root    *x509.Certificate
	issuing *x509.Certificate
	key     *ecdsa.PrivateKey // of the issuing certificate
}

func newAgency(t *testing.T) *agency {
	t.Helper()
	rootKey, a := newKey(t), &agency{key: newKey(t)}
	ca := func(name string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: serial(t), Subject: pkix.Name{Country: []string{"VN"}, CommonName: name},
			NotBefore: time.Now().AddDate(-5, 0, 0), NotAfter: time.Now().AddDate(5, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
	}
	top := ca("Co quan goc (kiem thu)")
	a.root = certify(t, top, top, &rootKey.PublicKey, rootKey)
	a.issuing = certify(t, ca("Co quan cap chung thu (kiem thu)"), a.root, &a.key.PublicKey, rootKey)
	a.file = filepath.Join(t.TempDir(), "chứng thư gốc.pem")
	write(t, a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw}))
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func serial(t *testing.T) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func certify(t *testing.T, what, by *x509.Certificate, public *ecdsa.PublicKey, key *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, what, by, public, key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
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
	key, dir := newKey(t), t.TempDir()
	leaf := a.leaf(t, key, from, to)
	file, err := pkcs12.Modern.Encode(key, leaf, []*x509.Certificate{a.issuing, a.root}, keyPassword)
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
	return certify(t, &x509.Certificate{
		SerialNumber: serial(t), NotBefore: from, NotAfter: to,
		Subject:  pkix.Name{Country: []string{"VN"}, Organization: []string{"UBND xã Thử Nghiệm"}, CommonName: "UBND xã Thử Nghiệm"},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}, a.issuing, &key.PublicKey, a.key)
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
	key := newKey(t)
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	leaf := certify(t, &x509.Certificate{
		SerialNumber: serial(t), Subject: pkix.Name{Country: []string{"VN"}, CommonName: "Dau thoi gian (kiem thu)"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}, by.issuing, &key.PublicKey, by.key)
	server := &tsa.Server{Key: key, Chain: []*x509.Certificate{leaf, by.issuing}, Policy: "1.2.3.4.1"}
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
