package embedded_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"hoso/cmd/internal/embedded"
	"hoso/pipeline"
	"hoso/storage/objects/objectstest"
	"hoso/storage/objects/s3"
)

func TestEverythingServesAndStops(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	services := start(t, embedded.Options{Dir: dir})
	store := open(t, services)
	body := objectstest.Bytes(1, 500<<10)
	if err := put(t.Context(), store, body); err != nil {
		t.Fatal(err)
	}
	enqueue(t, services.Redis, "one")

	var pids []int
	for _, c := range services.Children() {
		if !c.Ready || c.PID == 0 || c.Restarts != 0 || !alive(c.PID) {
			t.Errorf("child is %+v", c)
		}
		pids = append(pids, c.PID)
	}
	if err := services.Stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("process %d is still there", pid)
		}
	}
	secretsAreSecret(t, dir)

	// A second life on the same directory finds everything again.
	again := start(t, embedded.Options{Dir: dir})
	if err := check(t.Context(), open(t, again), digest(body)); err != nil {
		t.Errorf("reading after a restart: %v", err)
	}
	if n := pending(t, again.Redis); n != 1 {
		t.Errorf("%d tasks after a restart, want 1", n)
	}
}

// secretsAreSecret finds anything that others could read.
func secretsAreSecret(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		inPrivate := strings.HasPrefix(path, filepath.Join(dir, "redis")+"/")
		if path != dir && !inPrivate && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may use %s: %v", strings.TrimPrefix(path, dir), info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func enqueue(t *testing.T, conn asynq.RedisClientOpt, id string) {
	t.Helper()
	client := asynq.NewClient(conn)
	defer func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := client.EnqueueContext(t.Context(), asynq.NewTask("read", nil), asynq.TaskID(id)); err != nil {
		t.Fatalf("enqueueing: %v", err)
	}
}

func pending(t *testing.T, conn asynq.RedisClientOpt) int {
	t.Helper()
	inspector := asynq.NewInspector(conn)
	defer func() {
		if err := inspector.Close(); err != nil {
			t.Error(err)
		}
	}()
	info, err := inspector.GetQueueInfo("default")
	if err != nil {
		t.Fatalf("looking at the queue: %v", err)
	}
	return info.Pending
}

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	for name, layout := range map[string]string{"attributes": "xattr\n", "sidecar": "sidecar\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			services := start(t, embedded.Options{Dir: withLayout(t, layout), ExternalRedis: true})
			store := open(t, services)
			objectstest.Probe(t, store, "conditional-put checksum")
			t.Run("suite", func(t *testing.T) {
				objectstest.Run(t, func(*testing.T) objectstest.Store { return store })
			})
			if n := len(services.Children()); n != 1 {
				t.Errorf("%d children, want the S3 server alone", n)
			}
		})
	}
}

// withLayout makes a data directory in which it is decided where attributes go.
func withLayout(t *testing.T, layout string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "s3"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "s3", "layout"), []byte(layout), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDeepDataDirectory(t *testing.T) {
	t.Parallel()
	dir := deep(t)
	services := start(t, embedded.Options{Dir: dir})
	enqueue(t, services.Redis, "deep")
	body := objectstest.Bytes(2, 1000)
	if err := put(t.Context(), open(t, services), body); err != nil {
		t.Fatal(err)
	}
	links, err := embedded.Connect(dir) // as another process would
	if err != nil {
		t.Fatal(err)
	}
	if n := pending(t, links.Redis); n != 1 {
		t.Errorf("%d tasks, want 1", n)
	}
	store, err := s3.Open(t.Context(), links.S3)
	if err != nil {
		t.Fatal(err)
	}
	if err := check(t.Context(), store, digest(body)); err != nil {
		t.Error(err)
	}
	if err := links.Close(); err != nil {
		t.Error(err)
	}
}

func TestOneKeeperPerDataDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	services := start(t, embedded.Options{Dir: dir, ExternalRedis: true, ExternalS3: true})
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Log: logTo(t)})
	var problem *embedded.Problem
	if !errors.As(err, &problem) || problem.Code != "data-directory-in-use" {
		t.Fatalf("second start = %v", err)
	}
	for _, sentence := range []string{problem.English, problem.Vietnamese} {
		if !strings.Contains(sentence, fmt.Sprint(os.Getpid())) {
			t.Errorf("%q does not name process %d", sentence, os.Getpid())
		}
	}
	if err := services.Stop(); err != nil {
		t.Fatal(err)
	}
	start(t, embedded.Options{Dir: dir, ExternalRedis: true, ExternalS3: true})
}

func TestMissingRedisSaysHowToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Log: logTo(t)})
	var problem *embedded.Problem
	if !errors.As(err, &problem) || problem.Code != "redis-missing" || !strings.Contains(problem.Vietnamese, "apt install") {
		t.Errorf("starting without Redis = %v", err)
	}
}

func TestMissingS3ServerSaysHowToBuild(t *testing.T) {
	t.Parallel()
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Log: logTo(t), ExternalRedis: true})
	var problem *embedded.Problem
	if !errors.As(err, &problem) || problem.Code != "s3-missing" || !strings.Contains(problem.English, "./cmd/hoso-s3") {
		t.Errorf("starting without hoso-s3 beside the program = %v", err)
	}
}

func TestChildrenDieWithTheirKeeper(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keeper := exec.Command(os.Args[0], "keep", dir) //nolint:noctx // this program; it is killed below
	in, err := keeper.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := keeper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.Start(); err != nil {
		t.Fatal(err)
	}
	var children []embedded.ChildStatus
	if err := json.NewDecoder(out).Decode(&children); err != nil || len(children) != 2 {
		t.Fatalf("keeper said %+v, %v", children, err)
	}
	if err := keeper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := keeper.Wait(); err == nil {
		t.Error("keeper was not killed")
	}
	// Its successor starts at once, while they may still be dying.
	services := start(t, embedded.Options{Dir: dir})
	for _, c := range children {
		eventually(t, c.Name+" is gone", func() bool { return !alive(c.PID) })
	}
	if err := put(t.Context(), open(t, services), objectstest.Bytes(3, 1000)); err != nil {
		t.Error(err)
	}
}

func TestRedisKeepsEveryCommand(t *testing.T) {
	t.Parallel()
	services := start(t, embedded.Options{ExternalS3: true})
	client, ok := services.Redis.MakeRedisClient().(redis.UniversalClient)
	if !ok {
		t.Fatal("asynq made something else than a client")
	}
	defer func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}()
	for setting, want := range map[string]string{
		"appendonly": "yes", "appendfsync": "always", "save": "", "port": "0", "maxmemory-policy": "noeviction",
	} {
		got, err := client.ConfigGet(t.Context(), setting).Result()
		if err != nil || got[setting] != want {
			t.Errorf("%s = %q, %v, want %q", setting, got[setting], err, want)
		}
	}
}

func TestKilledRedisComesBackWithItsTasks(t *testing.T) {
	t.Parallel()
	services := start(t, embedded.Options{ExternalS3: true})
	for round := range 3 {
		enqueue(t, services.Redis, fmt.Sprint(round))
		victim := kill(t, services, "redis")
		eventually(t, "Redis is back", func() bool {
			c := services.Children()[0]
			return c.Ready && c.PID != victim && c.Restarts == round+1
		})
		if n := pending(t, services.Redis); n != round+1 {
			t.Errorf("%d tasks after kill %d, want %d", n, round, round+1)
		}
	}
}

// The queue is a hint: that it cannot be read must not keep the office closed.
func TestDamagedQueueStartsEmpty(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	services := start(t, embedded.Options{Dir: dir, ExternalS3: true})
	enqueue(t, services.Redis, "one")
	if err := services.Stop(); err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Glob(filepath.Join(dir, "redis", "appendonlydir", "*.incr.aof"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("logs of Redis: %v, %v", logs, err)
	}
	body, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	copy(body[len(body)/2:], make([]byte, 64)) // what a power cut leaves of a block
	if err := os.WriteFile(logs[0], body, 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, embedded.Options{Dir: dir, ExternalS3: true})
	enqueue(t, again.Redis, "two")
	if n := pending(t, again.Redis); n != 1 {
		t.Errorf("%d tasks in a queue that was lost and got one, want 1", n)
	}
	if _, err := os.Stat(filepath.Join(dir, "redis", "appendonlydir.damaged")); err != nil {
		t.Errorf("what was damaged is not kept: %v", err)
	}
}

// An archive that was copied without extended attributes (a plain cp, most cloud
// drives) has lost nothing that hoso needs.
func TestCopyWithoutAttributesStillServes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	services := start(t, embedded.Options{Dir: dir, ExternalRedis: true})
	store := open(t, services)
	body := objectstest.Bytes(6, 10_000)
	key := pipeline.NoteKey("01JD3K8Z5N7QW2V4X6Y8ABCDEF")
	if err := errors.Join(put(t.Context(), store, body), store.PutOnce(t.Context(), key, []byte("note"))); err != nil {
		t.Fatal(err)
	}
	if err := services.Stop(); err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	for _, folder := range []string{"s3", "objects"} {
		if err := os.CopyFS(filepath.Join(copied, folder), os.DirFS(filepath.Join(dir, folder))); err != nil {
			t.Fatal(err)
		}
	}

	store = open(t, start(t, embedded.Options{Dir: copied, ExternalRedis: true}))
	if err := check(t.Context(), store, digest(body)); err != nil {
		t.Errorf("reading: %v", err)
	}
	if got, err := store.GetKey(t.Context(), key); err != nil || string(got) != "note" {
		t.Errorf("GetKey = %q, %v", got, err)
	}
	if err := store.PutOnce(t.Context(), key, []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("PutOnce = %v, want ErrExist", err)
	}
	if err := put(t.Context(), store, body); err != nil {
		t.Errorf("Put again: %v", err)
	}
	if want, got := []string{key, pipeline.BlobKey(digest(body))}, list(t, store); !slices.Equal(got, want) {
		t.Errorf("List = %q, want %q", got, want)
	}
}

func list(t *testing.T, store *s3.Store) (keys []string) {
	t.Helper()
	for key, err := range store.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}
