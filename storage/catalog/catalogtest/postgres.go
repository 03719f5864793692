package catalogtest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Postgres is a PostgreSQL server that lives as long as a test, on a socket in its
// directory. It promises nothing about power cuts.
type Postgres struct {
	sockets string
	made    atomic.Int64
	who     *syscall.Credential
	running bool
}

// StartPostgres starts a server of its own for t. A missing PostgreSQL fails the
// test: an engine nobody tried is an engine that does not work.
func StartPostgres(t testing.TB) *Postgres {
	t.Helper()
	dir := t.TempDir()
	who := credential(t)
	data := filepath.Join(dir, "data")
	p := &Postgres{sockets: dir, who: who}
	if who != nil {
		// The server refuses to run as root; its user must get through to dir.
		must(t, os.Chmod(filepath.Dir(dir), 0o711))
		must(t, os.Chown(dir, int(who.Uid), int(who.Gid)))
	}
	// Vietnamese sorting on purpose: the catalog must not depend on the server's.
	run(t, who, dir, "initdb", "-D", data, "-U", "hoso", "-A", "trust", "-N", "-E", "UTF8",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi-VN")
	p.Start(t)
	t.Cleanup(func() { p.Stop(t) })
	return p
}

// Start starts the server again after Stop, on the same data and at the same place.
func (p *Postgres) Start(t testing.TB) {
	t.Helper()
	dir := p.sockets
	options := "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c autovacuum=off -c max_connections=300 -c unix_socket_directories='" + dir + "'"
	run(t, p.who, dir, "pg_ctl", "-D", filepath.Join(dir, "data"), "-w", "-l", filepath.Join(dir, "log"), "-o", options, "start")
	p.running = true
}

// Stop stops the server before the test ends, as a crash would. A second Stop does
// nothing.
func (p *Postgres) Stop(t testing.TB) {
	t.Helper()
	if !p.running {
		return
	}
	p.running = false
	run(t, p.who, p.sockets, "pg_ctl", "-D", filepath.Join(p.sockets, "data"), "-w", "-m", "immediate", "stop")
}

// PID is the server's process, the parent of those that serve its connections.
func (p *Postgres) PID(t testing.TB) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.sockets, "data", "postmaster.pid"))
	must(t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	must(t, err)
	return pid
}

// Database makes a database and gives its URL: a copy of the one of that URL, which
// nobody may have open, or an empty one for "".
func (p *Postgres) Database(t testing.TB, template string) string {
	t.Helper()
	if template == "" {
		return p.create(t, "")
	}
	from, err := url.Parse(template)
	must(t, err)
	return p.create(t, " TEMPLATE "+strings.TrimPrefix(from.Path, "/"))
}

// Plain gives an empty database that knows letters of ASCII alone.
func (p *Postgres) Plain(t testing.TB) string {
	t.Helper()
	return p.create(t, " TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
}

func (p *Postgres) create(t testing.TB, how string) string {
	t.Helper()
	name := fmt.Sprintf("test%d", p.made.Add(1))
	db, err := sql.Open("pgx", p.url("postgres"))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name+how)
	must(t, err)
	return p.url(name)
}

func (p *Postgres) url(name string) string {
	q := url.Values{"host": {p.sockets}, "user": {"hoso"}, "sslmode": {"disable"}}
	return "postgres:///" + name + "?" + q.Encode()
}

// credential gives the user to run the server as, nil for the present one.
func credential(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		must(t, err)
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		must(t, err)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Fatal("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
	return nil
}

// run runs a program of PostgreSQL and fails the test with what it said.
func run(t testing.TB, who *syscall.Credential, dir, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(find(t, program), args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	// A file, not a pipe: the server keeps it open after pg_ctl has ended.
	out, err := os.Create(filepath.Join(dir, program+".out"))
	must(t, err)
	defer func() { must(t, out.Close()) }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		t.Fatalf("running %s: %v\n%s", program, err, said)
	}
}

// find gives the path of a program of PostgreSQL 15, where Debian puts it or in PATH.
func find(t testing.TB, program string) string {
	t.Helper()
	path := filepath.Join("/usr/lib/postgresql/15/bin", program)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("PostgreSQL 15 is needed (Debian: postgresql-15): %v", err)
	}
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
