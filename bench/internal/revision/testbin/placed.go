package testbin

import (
	"debug/elf"
	"maps"
)

// SamePlaces reports whether all functions of two binaries lie at the same
// addresses: then what layout does to the speed is the same in both. Where that
// cannot be told, it is not.
func SamePlaces(a, b string) bool {
	one, ok := places(a)
	if !ok {
		return false
	}
	other, ok := places(b)
	return ok && maps.Equal(one, other)
}

// places returns the addresses of the functions of an ELF file.
func places(path string) (map[string]uint64, bool) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	symbols, err := f.Symbols()
	if err != nil {
		return nil, false
	}
	at := make(map[string]uint64)
	for _, s := range symbols {
		if elf.ST_TYPE(s.Info) == elf.STT_FUNC {
			at[s.Name] = s.Value
		}
	}
	return at, len(at) > 0
}
