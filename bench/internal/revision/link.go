package revision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/revision/testbin"
)

// build builds a package on both sides as its usual layout. Where package
// testing cannot be hooked, both get the ordinary one.
func (t *Trees) build(ctx context.Context, n int, sides *[2]*testbin.Package, o testbin.Options) (both [2]built, err error) {
	o.Plain = t.plain
	for i, p := range sides {
		both[i] = built{Package: p, number: n, options: o}
		if both[i].err = t.link(ctx, &both[i], i, 0); both[i].err == nil {
			continue
		}
		switch {
		case ctx.Err() != nil:
			return both, ctx.Err()
		case isFull(both[i].err):
			return both, noRoom(both[i].err) // no other package will fare better
		case !o.Plain && errors.Is(both[i].err, served.ErrNoHook):
			t.plain = true
			return t.build(ctx, n, sides, o)
		}
	}
	return both, nil
}

// link builds one layout of a side, the one after those that are there.
func (t *Trees) link(ctx context.Context, b *built, side, layout int) error {
	dir := filepath.Join(t.space.Dir, fmt.Sprintf("%s-%d-%d-%t-%t", sideNames[side], b.number, layout, b.options.Paths, b.options.Plain))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return noRoom(fmt.Errorf("no directory for a test binary: %w", err))
	}
	binary := served.Binary{Path: filepath.Join(dir, "test"), Dir: b.Dir, Scratch: dir, Holds: !b.options.Plain}
	o := b.options
	o.Layout = t.seed(side, layout)
	if err := t.sides[side].Build(ctx, b.Package, binary.Path, o); err != nil {
		return err
	}
	b.binaries = append(b.binaries, binary)
	return nil
}

// seed returns the order of functions of a side's build. Both sides have the
// same ones, so that what an order does to the speed of functions that did not
// change meets both alike; the first is the order in which the linker would
// have left them.
func (t *Trees) seed(side, layout int) int {
	if t.Apart && side == head {
		layout += t.Layouts + 1
	}
	return layout
}

// relink builds both sides of a pair's package in a layout, and in those before
// it, if that has not been done.
func (c *Comparison) linkBoth(ctx context.Context, p *Pair, layout int) error {
	if p.unlinked != nil {
		return p.unlinked
	}
	group, ctx := errgroup.WithContext(ctx)
	for side := range p.arms {
		if p.Control && side == head {
			continue // both arms are one
		}
		group.Go(func() error {
			b := p.arms[side].built
			for next := len(b.binaries); next <= layout; next++ {
				if err := c.trees.link(ctx, b, side, next); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// layouts returns in how many orders of functions what looks like a change of a
// pair is confirmed: 0 is the usual one alone. Where all functions lie at the
// same places on both sides, as when a constant was changed, others tell
// nothing.
func (c *Comparison) layouts(p *Pair) int {
	if c.trees == nil || c.trees.Layouts < 2 {
		return 0
	}
	if p.arms[head].placed == nil {
		same := !c.trees.Apart && testbin.SamePlaces(p.arms[base].binaries[0].Path, p.arms[head].binaries[0].Path)
		p.arms[head].placed = &same
	}
	if *p.arms[head].placed {
		return 0
	}
	return c.trees.Layouts
}
