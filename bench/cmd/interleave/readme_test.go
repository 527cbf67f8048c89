package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// documents are the files whose commands must work, relative to the root.
var documents = []string{"README.md", "CONTRIBUTING.md", "results/README.md"}

// A shownCommand is a command line that a document or package comment shows.
type shownCommand struct{ file, line string }

var (
	commandLine = regexp.MustCompile(`^(?:(?:bin/)?interleave|make|go) \S`)
	codeSpan    = regexp.MustCompile("`([^`\n]+)`")
	comment     = regexp.MustCompile(`\s+# .*$`)
	placeholder = regexp.MustCompile(`\[(PATTERN|DEMO|FLAGS|PACKAGES|RUN\.txt[^]]*|HEAD)\]|COMMAND`)
)

// shownCommands returns the command lines in the code of a text: in Markdown,
// indented and fenced lines and code spans; in Go, indented lines of comments.
func shownCommands(file, text string) []shownCommand {
	var all []shownCommand
	add := func(line string) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
		if commandLine.MatchString(line) {
			all = append(all, shownCommand{file, comment.ReplaceAllString(line, "")})
		}
	}
	fenced := false
	for line := range strings.Lines(text) {
		if code, ok := strings.CutPrefix(line, "//\t"); ok && strings.HasSuffix(file, ".go") {
			add(code)
		}
		if !strings.HasSuffix(file, ".md") {
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if fenced || strings.HasPrefix(line, "    ") {
			add(line)
			continue
		}
		for _, span := range codeSpan.FindAllStringSubmatch(line, -1) {
			add(span[1])
		}
	}
	return all
}

func TestShownCommands(t *testing.T) {
	const text = "x `make a` y `go` `go doc x/y`\n\n    bin/interleave run -n  # plan\n    make sure\n\n```sh\n$ interleave list\n```\ngo on\n"
	var got []string
	for _, c := range shownCommands("x.md", text) {
		got = append(got, c.line)
	}
	if want := []string{"make a", "go doc x/y", "bin/interleave run -n", "make sure", "interleave list"}; !slices.Equal(got, want) {
		t.Errorf("commands %q, want %q", got, want)
	}
}

// Every command that the documents show works, as far as that is cheap to say.
// A command of an unknown kind fails: teach the test to check it.
func TestDocumentedCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the commands of all documents")
	}
	if runtime.GOOS == "windows" {
		t.Skip("it needs a shell")
	}
	var all []shownCommand
	for _, name := range documents {
		all = append(all, shownCommands(name, read(t, filepath.Join(root, name)))...)
	}
	if len(all) == 0 {
		t.Fatal("the documents show no command: they are not read as they should be")
	}
	all = append(all, packageCommands(t)...)
	shelf := newShelf(t)
	seen := make(map[string]bool)
	for _, c := range all {
		if seen[c.line] {
			continue
		}
		seen[c.line] = true
		t.Run(c.line, func(t *testing.T) { shelf.check(t, c) })
	}
}

// packageCommands returns what the comments of our packages show.
func packageCommands(t *testing.T) []shownCommand {
	var all []shownCommand
	for _, folder := range []string{"bench", "scenarios"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(name, ".go") {
				all = append(all, shownCommands(name, read(t, name))...)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// A shelf is a directory like a clone's after make bench: with bin/interleave,
// and with a run in results/latest.
type shelf struct{ dir, path, makefile, makefilePath string }

func newShelf(t *testing.T) *shelf {
	s := &shelf{dir: t.TempDir(), path: binDir + string(os.PathListSeparator) + os.Getenv("PATH")}
	s.makefile = read(t, filepath.Join(root, "Makefile"))
	var err error
	if s.makefilePath, err = filepath.Abs(filepath.Join(root, "Makefile")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binDir, filepath.Join(s.dir, "bin")); err != nil {
		t.Fatal(err)
	}
	s.run(t, s.dir, "interleave run -forks 2 -benchtime 1ms -charts=false 'counter/(sequential|local)/workers=[12]$'")
	return s
}

func (s *shelf) run(t *testing.T, dir, line string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+s.path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", line, err, out)
	}
}

func (s *shelf) check(t *testing.T, c shownCommand) {
	words := strings.Fields(c.line)
	switch words[0] {
	case "make":
		s.checkMake(t, c)
	case "go":
		s.checkGo(t, c, words)
	default:
		s.checkInterleave(t, c, words)
	}
}

// brief makes a run short, wherever it stands: what it measures is of no
// interest here.
const brief = "-for 2s -forks 2 -count 1 -benchtime 1ms -charts=false"

// bounded are flags that say themselves how long a run takes: such a run is
// only planned.
var bounded = regexp.MustCompile(`(^| )-(n|for|all|quick)\b`)

// checkInterleave runs the command. Its results go elsewhere, as other commands
// read those of the shelf.
func (s *shelf) checkInterleave(t *testing.T, c shownCommand, words []string) {
	program, command := words[0], words[1]
	rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(c.line, program+" "), command))
	switch {
	case placeholder.MatchString(c.line):
		if command == "COMMAND" {
			return
		}
		s.run(t, s.dir, program+" "+command+" -help")
	case command == "run" && strings.Contains(rest, "-tutorial"):
		// The tutorial takes its time, and has no plan: see that there is one,
		// and that the rest of the line is right.
		s.run(t, s.dir, program+" run -help | grep -q -e -tutorial")
		s.run(t, s.dir, program+" run -n "+strings.Replace(rest, "-tutorial", "", 1))
	case command == "run" && bounded.MatchString(rest):
		s.run(t, s.dir, program+" run -n "+rest)
	case command == "run":
		s.run(t, s.dir, program+" run "+rest+" -o "+t.TempDir()+" "+brief)
	case command == "diff":
		s.run(t, smallRepository(t), c.line)
	case command == "race":
		// Demonstrations take their time: see that there are those.
		s.run(t, s.dir, program+" race -n "+rest)
	case command == "calibrate" || command == "hunt":
		// They measure for as long as one lets them: see that there are those.
		s.run(t, s.dir, program+" "+command+" -help")
	case command == "check" && strings.Contains(rest, "-old"):
		// TestRecipes runs it, with the lines around it.
	case command == "check":
		s.run(t, root, filepath.Join(binDir, "interleave")+" check -explain "+strings.ReplaceAll(rest, "-selftest", ""))
	case command == "report":
		// It would open a browser.
		s.run(t, s.dir, strings.Replace(c.line, " -open", "", 1))
	case command == "list" || strings.HasPrefix(command, "-"):
		s.run(t, s.dir, c.line)
	default:
		t.Errorf("%s shows %q, which is no command of the program", c.file, c.line)
	}
}

// smallRepository makes a repository in which there is little to compare: both
// sides are equal.
func smallRepository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.16\n")
	write(t, filepath.Join(dir, "m_test.go"), "package m\n\nimport \"testing\"\n\nfunc BenchmarkSort(b *testing.B) {}\n")
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git: %v\n%s", err, out)
		}
	}
	return dir
}

var makeCommand = regexp.MustCompile(`^make ([a-z]+)(?: ARGS=(?:'([^']*)'|"([^"]*)"|(\S+)))?$`)

// checkMake wants the target to exist, and its arguments to be those of run. It
// makes what measures, but not test and lint: whoever runs this is making them.
func (s *shelf) checkMake(t *testing.T, c shownCommand) {
	m := makeCommand.FindStringSubmatch(c.line)
	if m == nil {
		t.Fatalf("%s shows %q: teach this test to check it", c.file, c.line)
	}
	if !regexp.MustCompile(`(?m)^` + m[1] + `:`).MatchString(s.makefile) {
		t.Errorf("%s shows %q, but the Makefile has no such target", c.file, c.line)
	}
	made := "make -s -f " + s.makefilePath + " -o bin/interleave " + m[1] // with the program that is there
	switch m[1] {
	case "bench", "quick":
		s.run(t, s.dir, made+" ARGS='-o "+t.TempDir()+" "+brief+" counter/sequential'")
	case "tutorial":
		s.run(t, s.dir, made+" ARGS=download")
	case "race":
		s.run(t, s.dir, made+" ARGS='-n'")
	case "reference":
		// It takes minutes: see that its recipe can be read, and asks for what
		// the program knows.
		s.run(t, s.dir, made+" -n")
		for _, command := range []string{"run", "race", "report"} {
			s.run(t, s.dir, "interleave "+command+" -help")
		}
	case "help":
		s.run(t, s.dir, made)
	}
	if args := m[2] + m[3] + m[4]; args != "" {
		run := "interleave run " + args
		s.checkInterleave(t, shownCommand{c.file, run}, strings.Fields(run))
	}
}

// checkGo runs benchmarks once, tools on the run file, and lookups. What
// builds, tests or downloads much is left to others, and said so.
func (s *shelf) checkGo(t *testing.T, c shownCommand, words []string) {
	const skipped = "not run: it builds or tests too much for this place"
	rest := strings.TrimPrefix(c.line, "go "+words[1])
	switch words[1] {
	case "test":
		all := strings.Contains(rest, "-bench .") || strings.Contains(rest, "-bench=.")
		if !strings.Contains(rest, "-bench") || all {
			t.Skip(skipped)
		}
		test, pipe, piped := strings.Cut(rest, "|")
		test = "go test -run '^$'" + regexp.MustCompile(`-(count|benchtime)[ =]\S+`).ReplaceAllString(test, "") + " -benchtime 1x -count 1"
		if piped {
			test += " | " + strings.Replace(pipe, "bin/interleave", filepath.Join(binDir, "interleave"), 1)
		}
		s.run(t, root, test)
	case "tool":
		s.run(t, root, "go tool"+strings.ReplaceAll(rest, "results/latest", filepath.Join(s.dir, "results", "latest")))
	case "doc", "list", "env", "version":
		s.run(t, root, c.line)
	case "vet", "build", "run", "install", "get", "mod", "generate":
		t.Skip(skipped)
	default:
		t.Errorf("%s shows %q: teach this test to check it", c.file, c.line)
	}
}
