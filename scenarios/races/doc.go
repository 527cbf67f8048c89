// Package races is the catalogue of race demonstrations: one file each, with
// the code as people write it, what is right instead, and what is to be
// expected of it.
//
// Lines that conflict carry a comment that begins with the word race. Every
// demonstration is a few lines that a reader can follow; what it takes to make
// them show is not there but in package demo.
//
// Three traps are avoided, in which the compiler would fake the result. A loop
// that only does c = c+1 on a variable of its own is deleted, so counters are
// captured or reached through a pointer. Two stores to the same place in a row
// become one, so the torn values alternate. And c++; c++ becomes one addition,
// so they stand in loops.
//
// To add a demonstration, add one file that defines it with add. Code that go
// vet objects to belongs in the package flagged.
package races
