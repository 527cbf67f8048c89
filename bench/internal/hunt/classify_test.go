package hunt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What processes said becomes what they showed.
func TestSightings(t *testing.T) {
	c := classifier{goroot: "/go", base: "/src"}
	leak := "goroutine 8 [chan send]:\nexample.com/shop.TestLeak.func1()\n\t/src/shop/shop_test.go:16 +0x25\ncreated by example.com/shop.TestLeak in goroutine 7\n\t/src/shop/shop_test.go:15 +0x6c\n"
	all := []string{"TestCounter", "TestMap", "TestPanic", "TestBuffer", "TestSlow", "TestHang", "TestLeak"}
	for _, c2 := range []struct {
		name    string
		group   bool
		tests   []string
		outcome Outcome
		want    []string
	}{
		{"clean", false, all[:1], Outcome{Output: "PASS\n"}, nil},
		{
			"race, and the failure that is only the race", false, all[:1],
			Outcome{Exit: 1, Races: fixture(t, "reports/logfile.txt"), Output: "--- FAIL: TestCounter (0.00s)\n    testing.go:1712: race detected during execution of test\nFAIL\n"},
			[]string{
				"data race [TestCounter] write and read: read at shop/shop_test.go:22 in shop.TestCounter.func2; write at shop/shop_test.go:22 in shop.TestCounter.func1",
				"data race [TestCounter] write and read: read at shop/shop.go:29 in shop.(*Box[go.shape.string]).Get; write at shop/shop.go:28 in shop.(*Box[go.shape.string]).Set",
			},
		},
		{
			"the same race twice is one", false, all[1:2],
			Outcome{Exit: 1, Races: fixture(t, "reports/map.txt") + fixture(t, "reports/map.txt")},
			[]string{"data race [TestMap] write and read: read at shop/shop.go:15 in shop.(*Cart).Len; write at shop/shop.go:13 in shop.(*Cart).Add"},
		},
		{
			"in a group, the stacks say which test", true, all,
			Outcome{Exit: 1, Races: fixture(t, "reports/map.txt")},
			[]string{"data race [TestMap] write and read: read at shop/shop.go:15 in shop.(*Cart).Len; write at shop/shop.go:13 in shop.(*Cart).Add"},
		},
		{
			"in a group, nobody knows", true, all,
			Outcome{Exit: 66, Races: fixture(t, "reports/main.txt")},
			[]string{"data race [] write and read: read at shop/main.go:22 in main.main; write at shop/main.go:20 in main.main.func1"},
		},
		{
			"the library is passed over, and two reports of the same lines are one", false, all[3:4], Outcome{Exit: 1, Races: fixture(t, "reports/buffer.txt")},
			[]string{"data race [TestBuffer] write and write: write at shop/shop_test.go:60 in shop.TestBuffer.func1; write at shop/shop_test.go:60 in shop.TestBuffer.func2"},
		},
		{
			"panic, and the failure that is only the panic", true, all, Outcome{Exit: 2, Output: fixture(t, "verdicts/testpanic.txt")},
			[]string{"panic [TestPanic] no stock: at shop/a_test.go:6 in shop.TestPanic.func1"},
		},
		{
			"the runtime's deadlock", true, all, Outcome{Exit: 2, Output: fixture(t, "verdicts/testdeadlock.txt")},
			[]string{"deadlock [TestHang] all goroutines are asleep: sync.Mutex.Lock at shop/a_test.go:5 in shop.TestHang"},
		},
		{
			"killed while it slept", true, all, Outcome{Exit: 2, Late: true, Took: 2100 * ms, Output: fixture(t, "verdicts/quit.txt")},
			[]string{"timeout [TestSlow] still running after 2.1s: at shop/a_test.go:7 in shop.TestSlow"},
		},
		{
			"killed while it was blocked", true, all, Outcome{Exit: 2, Late: true, Took: 2100 * ms, Output: strings.ReplaceAll(fixture(t, "verdicts/quit.txt"), "[sleep]", "[chan send]")},
			[]string{"deadlock [TestSlow] every goroutine waits for another; killed after 2.1s: chan send at shop/a_test.go:7 in shop.TestSlow"},
		},
		{
			"killed, and without stacks", false, all[4:5], Outcome{Exit: -1, Late: true, Output: "busy\n"},
			[]string{"timeout [TestSlow] did not end, and was killed; it printed no stacks: "},
		},
		{
			"failure", true, all, Outcome{Exit: 1, Output: "--- FAIL: TestMap (0.00s)\n    shop_test.go:9: got 2, want 1\n    shop_test.go:10: and so on\nFAIL\n"},
			[]string{"failure [TestMap] shop_test.go:9: got 2, want 1: "},
		},
		{
			"failure of a subtest, with -v", true, all, Outcome{Exit: 1, Output: "=== RUN   TestMap\n=== RUN   TestMap/empty\n    shop_test.go:9: got 2, want 1\n--- FAIL: TestMap (0.00s)\n    --- FAIL: TestMap/empty (0.00s)\n=== RUN   TestSlow\n--- PASS: TestSlow (0.00s)\nFAIL\n"},
			[]string{"failure [TestMap] shop_test.go:9: got 2, want 1: "},
		},
		{
			"exit without a word", false, all[:1], Outcome{Exit: 3, Status: "exit status 3", Output: "bye\n"},
			[]string{"exit [TestCounter] the process left with exit status 3: "},
		},
		{
			"leak", true, all, Outcome{Watched: true, Leaks: leak + "\n" + strings.ReplaceAll(leak, "8", "9")},
			[]string{"leak [TestLeak] goroutine left behind: chan send at shop/shop_test.go:16 in shop.TestLeak.func1; started at shop/shop_test.go:15 in shop.TestLeak"},
		},
	} {
		j := aJob(shop(all...), c2.group, c2.tests...)
		var got []string
		for _, s := range c.sightings(j, &c2.outcome) {
			got = append(got, fmt.Sprintf("%s %v %s: %s", s.kind, s.tests, s.title, strings.Join(s.lines, "; ")))
		}
		if d := cmp.Diff(c2.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c2.name, d)
		}
	}
}

// The same fault has the same key in whichever process it shows.
func TestKeysOfOtherProcesses(t *testing.T) {
	c := classifier{goroot: "/go", base: "/src"}
	j := aJob(shop("TestMap"), false, "TestMap")
	for _, name := range []string{"reports/map.txt", "verdicts/testpanic.txt", "verdicts/testdeadlock.txt", "verdicts/mapwrite.txt"} {
		text := fixture(t, name)
		other := strings.NewReplacer("goroutine 8", "goroutine 88", "goroutine 9", "goroutine 99", "0x", "0x1", "goroutine 7", "goroutine 17", "goroutine 6", "goroutine 66").Replace(text)
		a := c.sightings(j, &Outcome{Exit: 2, Output: text})
		b := c.sightings(j, &Outcome{Exit: 2, Output: other})
		if len(a) != 1 || len(b) != 1 || a[0].key != b[0].key || a[0].kind != b[0].kind {
			t.Errorf("%s: %+v\nand %+v", name, a, b)
		}
	}
}

func TestFragile(t *testing.T) {
	for output, want := range map[string]string{
		"=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestA\n--- PASS: TestA (0.00s)\n":                                  "[]",
		"=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestA\n    a_test.go:3: used\n--- FAIL: TestA (0.00s)\n":           "[TestA]",
		"=== RUN   TestA\n--- FAIL: TestA (0.00s)\n=== RUN   TestA\n--- PASS: TestA (0.00s)\n":                                  "[]",
		"=== RUN   TestA\n--- FAIL: TestA (0.00s)\n=== RUN   TestA\n--- FAIL: TestA (0.00s)\n":                                  "[]",
		"=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n--- SKIP: TestB (0.00s)\n=== RUN   TestA\npanic: again\n":   "[TestA]",
		"=== RUN   TestA\n=== RUN   TestA/sub\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/sub (0.00s)\n=== RUN   TestA\nexit": "[TestA]",
		"=== RUN   TestA\npanic: first\n": "[]",
	} {
		if got := fmt.Sprint(fragile(output)); got != want {
			t.Errorf("of %q: %s, want %s", output, got, want)
		}
	}
}

// No output makes the readers fail, and every failure they see is in it.
func FuzzOutput(f *testing.F) {
	f.Add("=== RUN   TestA\n    a_test.go:3: used\n--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/sub (0.00s)\n        a_test.go:3: used\nFAIL\n")
	f.Add("--- FAIL: TestA (0.00s)\npanic: x [recovered]\n\npanic: y\n\ngoroutine 1 [running]:\nmain.f()\n\t/x.go:1 +0x1\n")
	f.Add("=== CONT  TestB\n=== NAME  TestA/sub\n--- SKIP: TestB (1.00s)\nok\n")
	c := classifier{goroot: "/go", base: "/src"}
	f.Fuzz(func(t *testing.T, output string) {
		for _, x := range failures(output) {
			if !strings.Contains(output, x.test) || x.title() == "" {
				t.Errorf("failure %+v", x)
			}
		}
		fragile(output)
		lastRun(output)
		for _, s := range c.sightings(aJob(shop("TestA", "TestB"), true, "TestA", "TestB"), &Outcome{Exit: 1, Output: output, Leaks: output}) {
			if s.kind == "" || s.title == "" {
				t.Errorf("sighting %+v", s)
			}
		}
	})
}
