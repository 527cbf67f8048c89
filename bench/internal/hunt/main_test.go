package hunt

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop is the package that the fixtures of package race come from.
func shop(tests ...string) *pkg {
	return &pkg{
		ImportPath: "example.com/shop", Dir: "/src/shop", watched: true, tests: tests,
		binary: map[bool]string{false: "plain", true: "race"}, again: map[string]struct{}{}, shown: map[string]int{},
	}
}

func aJob(p *pkg, group bool, tests ...string) *job {
	random := rand.New(rand.NewPCG(1, 2))
	all := settings([]int{1, 2}, true, true)
	return &job{pkg: p, tests: tests, group: group, settings: shuffled(all, random), random: random, pace: map[bool]*pace{}}
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "race", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const ms = time.Millisecond
