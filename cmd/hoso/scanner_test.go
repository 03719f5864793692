package main_test

import (
	"bytes"
	bigendian "encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoso/pipeline"
)

// scanner is a device that writes into a watched folder through a server.
type scanner struct {
	t       *testing.T
	folder  string // as the server has it
	service *service
	// client is a program that writes what comes from its standard input into a file of the
	// folder, before the connection is cut or to the end.
	client func(name string) *exec.Cmd
	// resume is one that writes what a file of the folder lacks of a local one.
	resume func(local, name string) *exec.Cmd
	serial int
}

// serve starts a server that is not ours, and returns when it answers on the port.
func serve(t *testing.T, port int, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil { // servers are not for everybody's PATH
		path = filepath.Join("/usr/sbin", program)
	}
	said := &lines{}
	cmd := exec.Command(path, args...)                    //nolint:gosec,noctx // ended below
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with its children, one for each client
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%.4000s", program, said)
		}
	})
	eventually(t, 30*time.Second, program+" answers", func() bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)) //nolint:noctx // this machine
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// freePort gives a port that nobody has.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // this machine
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// overFTP is a scanner that writes over FTP.
func overFTP(t *testing.T, folder string) scanner {
	t.Helper()
	port := freePort(t)
	file := filepath.Join(t.TempDir(), "ftp.conf")
	write(t, file, fmt.Appendf(nil, `listen=YES
listen_address=127.0.0.1
listen_port=%d
background=NO
run_as_launching_user=YES
anonymous_enable=YES
no_anon_password=YES
anon_root=%s
anon_upload_enable=YES
anon_other_write_enable=YES
anon_world_readable_only=NO
write_enable=YES
connect_from_port_20=NO
seccomp_sandbox=NO
`, port, folder))
	serve(t, port, "vsftpd", file)
	at := func(name string) string { return fmt.Sprintf("ftp://127.0.0.1:%d/%s", port, name) }
	return scanner{
		client: func(name string) *exec.Cmd { return exec.Command("curl", "-sS", "-T", "-", at(name)) }, //nolint:gosec,noctx // ends with its input
		resume: func(local, name string) *exec.Cmd {
			return exec.Command("curl", "-sS", "-C", "-", "-T", local, at(name))
		}, //nolint:gosec,noctx // likewise
	}
}

// overSMB is one that writes into a share of Windows.
func overSMB(t *testing.T, folder string) scanner {
	t.Helper()
	port, own := freePort(t), t.TempDir()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(own, "smb.conf")
	var conf bytes.Buffer
	fmt.Fprintf(&conf, "[global]\nsmb ports = %d\nguest account = %s\n", port, me.Username)
	for _, dir := range []string{"state directory", "cache directory", "private dir", "lock directory", "pid directory", "ncalrpc dir"} {
		fmt.Fprintf(&conf, "%s = %s\n", dir, own)
	}
	fmt.Fprintf(&conf, `server role = standalone server
interfaces = 127.0.0.1/8
bind interfaces only = yes
map to guest = Bad User
disable netbios = yes
load printers = no
printcap name = /dev/null
[scan]
path = %s
read only = no
guest only = yes
`, folder)
	write(t, file, conf.Bytes())
	serve(t, port, "smbd", "--foreground", "--no-process-group", "--debug-stdout", "--configfile="+file)
	program := func(args ...string) *exec.Cmd {
		return exec.Command("/usr/bin/python3", append([]string{"-c", smbWriter, fmt.Sprint(port)}, args...)...) //nolint:gosec,noctx // ends with its input
	}
	return scanner{
		client: func(name string) *exec.Cmd { return program(name) },
		resume: func(local, name string) *exec.Cmd { return program(name, local) },
	}
}

// smbWriter writes into a file of a share what comes from its standard input, as it comes,
// or what the file lacks of a local one.
const smbWriter = `
import os, sys, smbc
share = smbc.Context()
share.port = int(sys.argv[1])
name, source = "smb://127.0.0.1/scan/" + sys.argv[2], sys.stdin.buffer
if len(sys.argv) == 3:
    file = share.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
else:
    file, source = share.open(name, os.O_WRONLY), open(sys.argv[3], "rb")
    source.seek(file.lseek(share.stat(name)[6], os.SEEK_SET))
while piece := source.read1(16384):
    file.write(piece)
file.close()
`

// upload is a scan on its way.
type upload struct {
	cmd *exec.Cmd
	in  io.WriteCloser
}

// begins writes the first bytes of a scan, and returns when they have arrived.
func (s *scanner) begins(name string, first []byte) upload {
	s.t.Helper()
	u := upload{cmd: s.client(name)}
	var err error
	if u.in, err = u.cmd.StdinPipe(); err == nil {
		err = u.cmd.Start()
	}
	if err == nil {
		_, err = u.in.Write(first)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, 20*time.Second, "the first bytes of "+name+" arrive", func() bool {
		info, err := os.Stat(filepath.Join(s.folder, name))
		return err == nil && info.Size() == int64(len(first))
	})
	return u
}

// ends writes the others.
func (s *scanner) ends(u upload, others []byte) {
	s.t.Helper()
	_, err := u.in.Write(others)
	if err == nil {
		err = u.in.Close()
	}
	if err == nil {
		err = u.cmd.Wait()
	}
	if err != nil {
		s.t.Errorf("%s: %v", u.cmd, err)
	}
}

// cut ends the connection.
func (s *scanner) cut(u upload) {
	_ = u.cmd.Process.Kill()
	_ = u.cmd.Wait() // killed
}

// resumes writes what a file lacks.
func (s *scanner) resumes(name string, scan []byte) {
	s.t.Helper()
	local := filepath.Join(s.t.TempDir(), name)
	write(s.t, local, scan)
	if out, err := s.resume(local, name).CombinedOutput(); err != nil {
		s.t.Errorf("resuming %s: %v, %s", name, err, out)
	}
}

// pauses for as long as a scan takes that came whole and later: the files that lay there
// before it have lain as still as that.
func (s *scanner) pauses() {
	s.t.Helper()
	s.serial++
	scan := smallScan(30, s.serial)
	name := fmt.Sprintf("H42.15-221011-%04d.jpg", s.serial)
	s.ends(s.begins(name, nil), scan)
	s.becomesAPaper(name, scan)
}

// becomesAPaper waits until a file was put away, by when it must have a receipt for all its
// bytes.
func (s *scanner) becomesAPaper(name string, scan []byte) {
	s.t.Helper()
	eventually(s.t, 40*time.Second, name+" is put away", func() bool {
		_, err := os.Lstat(filepath.Join(s.folder, name))
		return err != nil
	})
	s.isOnePaper(name, scan)
	if put := loaded(s.t, filepath.Join(s.folder, "done", name)); !bytes.Equal(put, scan) {
		s.t.Errorf("%s was put away with %d bytes of %d", name, len(put), len(scan))
	}
}

// isOnePaper wants the dossier of a file to hold one paper, of just its bytes.
func (s *scanner) isOnePaper(name string, scan []byte) {
	s.t.Helper()
	papers := s.papers(name)
	if len(papers) != 1 || papers[0].Original != pipeline.Sum(scan) {
		s.t.Errorf("%s became %d papers, want one of its bytes: %+v", name, len(papers), papers)
		return
	}
	got := filepath.Join(s.t.TempDir(), name)
	if _, code := s.service.hoso("get", string(papers[0].ID), "--original", "-o", got); code != 0 || !bytes.Equal(loaded(s.t, got), scan) {
		s.t.Errorf("the original of %s: exit %d, or other bytes", name, code)
	}
}

// papers gives those of the dossier that a file is named after.
func (s *scanner) papers(name string) []pipeline.Paper {
	out, _ := quietly(s.service, "find", "--json", strings.TrimSuffix(name, filepath.Ext(name)))
	return objects[pipeline.Paper](s.t, out)
}

// TestScanners has scanners write into a watched folder through a server of Windows shares
// and one of FTP: with pauses longer than files have to lie still, cut off and resumed, cut
// where a file looks whole. Each scan becomes one paper, of all its bytes.
func TestScanners(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]func(t *testing.T, folder string) scanner{"FTP": overFTP, "SMB": overSMB} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			shelves, rules := filepath.Join(t.TempDir(), "tủ.yaml"), filepath.Join(t.TempDir(), "quy tắc.yaml")
			write(t, rules, []byte("settle: 1s\nafter:\n  do: move\n"))
			write(t, shelves, fmt.Appendf(nil, "- folder: %q\n  batch: quet\n  mapping: %q\n", folder, rules))
			s := over(t, folder)
			s.t, s.folder, s.service = t, folder, newService(t, "HOSO_SHELVES="+shelves)
			s.writes()
		})
	}
}

// writes puts scans there in every way that is hard.
func (s *scanner) writes() {
	const half = 40_000 // bytes
	const slow, resumed, web, camera = "H42.15-221011-1001.jpg", "H42.15-221011-1002.tif", "H42.15-221011-1003.pdf", "H42.15-221011-1004.jpg"
	read := func(name string) []byte { return loaded(s.t, filepath.Join(scans, name)) }
	picture := withPreview(read("quyet-dinh.jpg"))
	whole := map[string][]byte{
		slow: read("don-lat-nguoc.jpg"), resumed: read("danh-sach-2-trang.tif"), web: forTheWeb(s.t, "ho-so-3-trang.pdf"), camera: picture,
	}
	pausing := s.begins(slow, whole[slow][:half])
	s.cut(s.begins(resumed, whole[resumed][:half]))
	long := time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC) // as programs date what they have not copied yet
	if err := os.Chtimes(filepath.Join(s.folder, resumed), long, long); err != nil {
		s.t.Fatal(err)
	}
	s.ends(s.begins(web, nil), until(whole[web], "%%EOF\n"))
	s.ends(s.begins(camera, nil), until(picture, "\xFF\xD9"))
	s.pauses()
	for name := range whole {
		if found := s.papers(name); len(found) != 0 {
			s.t.Errorf("%s was received before it was whole: %+v", name, found)
		}
	}
	s.ends(pausing, whole[slow][half:])
	for _, name := range []string{resumed, web, camera} {
		s.resumes(name, whole[name])
	}
	for name, scan := range whole {
		s.becomesAPaper(name, scan)
	}
}

// until gives the bytes of a file up to the first end that it seems to have.
func until(file []byte, end string) []byte {
	return file[:bytes.Index(file, []byte(end))+len(end)]
}

// withPreview puts a preview into a picture, as cameras do.
func withPreview(picture []byte) []byte {
	const note = "Exif\x00\x00"
	preview := smallScan(31, 1)
	with := bigendian.BigEndian.AppendUint16([]byte{0xFF, 0xD8, 0xFF, 0xE1}, uint16(2+len(note)+len(preview))) //nolint:gosec // a preview is small
	return append(append(append(with, note...), preview...), picture[2:]...)
}

// forTheWeb lays a scan out for the web: an end follows its first page.
func forTheWeb(t *testing.T, name string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	if said, err := exec.CommandContext(t.Context(), "qpdf", "--linearize", filepath.Join(scans, name), out).CombinedOutput(); err != nil { //nolint:gosec // a file of the test
		t.Fatalf("qpdf: %v, %s", err, said)
	}
	return loaded(t, out)
}
