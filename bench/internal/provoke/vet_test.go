package provoke

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestParseVet(t *testing.T) {
	const text = `# example.com/a
{}
# example.com/b
{
	"example.com/b": {
		"copylocks": [
			{"posn": "/x/b/b.go:3:9", "end": "/x/b/b.go:3:12", "message": "m passes lock by value"}
		],
		"assign": [
			{"posn": "C:\\x\\b.go:7:1", "message": "self-assignment"}
		]
	}
}
`
	got, err := parseVet(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []Finding{
		{"assign", `C:\x\b.go`, 7, "self-assignment"},
		{"copylocks", "b.go", 3, "m passes lock by value"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, bad := range []string{"{", `{"p": {"a": {"error": "boom"}}}`, "vet: ./x.go:1:1: syntax error"} {
		if got, err := parseVet(bad); err == nil {
			t.Errorf("%s gives %v and no error", bad, got)
		}
	}
}

// Whatever go vet prints, it is findings or an error.
func FuzzParseVet(f *testing.F) {
	f.Add("# x\n{}\n")
	f.Add(`{"p": {"a": [{"posn": "f.go:1:2", "message": "m"}]}}`)
	f.Add(`{"p": {"a": {"error": "e"}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		findings, err := parseVet(text)
		if err == nil {
			if _, err := json.Marshal(findings); err != nil {
				t.Error(err)
			}
		}
	})
}
