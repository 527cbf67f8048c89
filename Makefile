# The two commands to know are "make bench" and "make test". Most targets are
# also the names of folders, so all of them must be phony.
.PHONY: bench quick tutorial test lint gobench reference clean help FORCE

GO ?= go

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

bench: bin/interleave ## measure everything (about 30 s); tables here, charts in results/latest
	@bin/interleave run $(ARGS)

quick: bin/interleave ## the same in a few seconds: headline variants only
	@bin/interleave run -quick $(ARGS)

tutorial: bin/interleave ## the programs of a class on threads, to watch (15 s)
	@bin/interleave run -tutorial $(ARGS)

test: ## all tests, also under the race detector where there is a C compiler
	@scripts/test

lint: ## gofmt, go vet, staticcheck, go mod tidy, builds for other systems
	@scripts/lint

gobench: bin/interleave ## the same workloads as ordinary Go benchmarks, then as tables
	@$(GO) test -run '^$$' -bench . -benchmem ./bench | tee /dev/stderr | bin/interleave report -

reference: bin/interleave ## measure again what results/reference shows (a minute, on a quiet machine)
	@bin/interleave run -o results/reference $(ARGS)
	@rm -rf results/reference/previous

clean: ## remove what was built and measured here
	rm -rf bin results/latest

# Go knows better than make what has changed, so it is always asked. The first
# build says why nothing seems to happen.
bin/interleave: FORCE
	@[ -e $@ ] || echo "building (about a minute the first time)" >&2
	@$(GO) build -trimpath -buildvcs=auto -o $@ ./bench/cmd/interleave
FORCE:
