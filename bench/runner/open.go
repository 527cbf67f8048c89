package runner

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// opener is the program that opens a file as a double click does.
func opener(goos string) []string {
	switch goos {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	return []string{"xdg-open"}
}

// openFile opens a file with what the system has for it. Some openers wait
// until the browser ends, so one that has not failed after a moment is left to
// itself.
func openFile(path string) error {
	const moment = 2 * time.Second
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	words := append(opener(runtime.GOOS), absolute)
	if _, err := exec.LookPath(words[0]); err != nil {
		return fmt.Errorf("cannot open the page: there is no %s here: open %s in a browser", words[0], absolute)
	}
	ended := make(chan error, 1)
	cmd := exec.Command(words[0], words[1:]...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot open the page: %w: open %s in a browser", err, absolute)
	}
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("cannot open the page: %s failed (%w): open %s in a browser", words[0], err, absolute)
		}
	case <-time.After(moment):
	}
	return nil
}
