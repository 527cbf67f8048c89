// Package explore finds out what a concurrent program could do.
package explore
