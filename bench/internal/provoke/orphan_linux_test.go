package provoke_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
)

// parentEnv makes the test a parent that waits for a child which never ends.
const parentEnv = "INTERLEAVE_TEST_PARENT"

// No child survives its parent, however that ends.
func TestNoChildSurvives(t *testing.T) {
	if os.Getenv(parentEnv) != "" {
		d := demo.Demo{Name: "deaf", Racy: demo.Way{Name: "racy"}, Alone: true}
		job := provoke.JobFor(&d, &d.Racy, demo.Written, 1)
		job.Beats = 1 << 30
		go self(t).Run(t.Context(), job, time.Hour)
		for {
			if kids := children(); len(kids) > 0 {
				os.Stdout.WriteString("child " + kids[0] + "\n")
				select {}
			}
			time.Sleep(time.Millisecond)
		}
	}
	parent := exec.Command(os.Args[0], "-test.run=^TestNoChildSurvives$")
	parent.Env = append(os.Environ(), parentEnv+"=1")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	parent.Process.Kill()
	parent.Wait()
	gone(t, line)
}

// children returns the numbers of the children of this process.
func children() (all []string) {
	files, _ := filepath.Glob("/proc/self/task/*/children")
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil {
			all = append(all, strings.Fields(string(text))...)
		}
	}
	return all
}
