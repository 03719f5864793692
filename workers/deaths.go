package workers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hoso/pipeline"
)

// Deaths counts how often this worker's process died in the middle of a step of a
// paper, in a folder that outlives the process. What reads strangers' bytes has walls
// of its own; this catches what gets through them, such as a paper that takes all
// memory of the machine, before it stops the work of everybody for good.
//
// The count is a hint: it is lost with the folder, and other workers have their own.
// The zero value counts nothing.
type Deaths struct{ Dir string }

// tooDeadly is how many deaths in one step send a paper to a person. It is high, since
// a worker also dies with a machine that is switched off, and its papers with it.
const tooDeadly = 20

func (d Deaths) file(p pipeline.Paper) string {
	return filepath.Join(d.Dir, fmt.Sprintf("%s-%s", p.ID, p.State))
}

// begin notes that a step begins and tells how often it began before without an end.
func (d Deaths) begin(p pipeline.Paper) (int64, error) {
	if d.Dir == "" {
		return 0, nil
	}
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return 0, fmt.Errorf("counting deaths: %w", err)
	}
	file, err := os.OpenFile(d.file(p), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("counting deaths: %w", err)
	}
	info, err := file.Stat()
	if err == nil {
		_, err = file.WriteString(".")
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, fmt.Errorf("counting deaths: %w", err)
	}
	return info.Size(), nil
}

// end notes that the step came to an end, whichever.
func (d Deaths) end(p pipeline.Paper) error {
	if d.Dir == "" {
		return nil
	}
	if err := os.Remove(d.file(p)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("counting deaths: %w", err)
	}
	return nil
}

// deadly is the move of a paper at which workers die: to a person, or back to the shelf
// if it has a record.
func (s *Steps) deadly(p pipeline.Paper) (pipeline.Move, error) {
	why := pipeline.Reason{
		Code: "kills-workers", English: fmt.Sprintf("the worker died %d times at this step of the paper", tooDeadly),
		Vietnamese: "Giấy tờ này nhiều lần làm dừng tiến trình xử lý nên đã được để riêng. Bản gốc vẫn an toàn; hãy báo người quản trị, rồi thử lại hoặc từ chối.",
	}
	if len(p.Former) > 0 {
		return pipeline.Move{}, pipeline.Refuse(why, nil)
	}
	p.State, p.Reason = pipeline.Confirming, why
	return pipeline.Move{Paper: p, Event: pipeline.Event{What: "given to a person", Reason: why}}, nil
}
