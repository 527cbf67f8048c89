// Seeded faults that show seldom, for "interleave hunt" to find. Not a part of
// the module around it.
module example.com/seldom

go 1.25
