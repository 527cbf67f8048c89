# The two commands to know are "make bench" and "make test". Most targets are
# also the names of folders, so all of them must be phony.
.PHONY: bench quick tutorial race test browser lint cost gobench check selftest reference calibrate clean help FORCE

GO ?= go
BENCH ?= .
BENCHTIME ?= 200ms

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

bench: bin/interleave ## measure everything (about a minute); tables here, charts in results/latest
	@bin/interleave run $(ARGS)

quick: bin/interleave ## the same in a few seconds: headline variants only
	@bin/interleave run -quick $(ARGS)

tutorial: bin/interleave ## the threading tutorial: watch four short programs (15 s)
	@bin/interleave run -tutorial $(ARGS)

race: bin/interleave ## provoke, detect, explain and price each race (two minutes)
	@bin/interleave race $(ARGS)

test: ## all tests, also under the race detector where there is a C compiler
	@scripts/test

browser: ## look at the report page in a browser; installs what that needs (two minutes)
	@scripts/browser

lint: ## gofmt, go vet, staticcheck, go mod tidy, builds for other systems
	@scripts/lint

cost: bin/interleave ## what Interleave itself costs, beside benchstat (a minute, on a quiet machine)
	@scripts/cost

# A pipe would hide that go test failed, so its status takes another way.
gobench: bin/interleave ## the same as ordinary Go benchmarks, then as tables (some minutes)
	@{ $(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem ./bench; echo $$? > bin/gobench.status; } \
		| tee /dev/stderr | bin/interleave report - && exit $$(cat bin/gobench.status)

check: ## fail when a budget of scripts/budgets.yaml does not hold (a minute; two at most)
	@echo "performance check; the tests are: make test"
	@$(MAKE) --no-print-directory bin/interleave
	@bin/interleave check $(ARGS)

selftest: bin/interleave ## show that the performance check can fail (seconds)
	@bin/interleave check -selftest

reference: bin/interleave ## measure again what results/reference shows (four minutes, on a quiet machine)
	@bin/interleave run -o results/reference $(ARGS)
	@rm -rf results/reference/previous
	@bin/interleave race -o results/reference
	@bin/interleave report -o results/reference results/reference/run.txt >/dev/null

calibrate: bin/interleave ## how often verdicts are wrong here: a first impression (a minute)
	@bin/interleave calibrate -quick $(ARGS)

clean: ## remove what was built and measured here
	rm -rf bin results/latest

# Go knows better than make what has changed, so it is always asked. The first
# build says why nothing seems to happen.
bin/interleave: FORCE
	@[ -e $@ ] || echo "building (about a minute the first time)" >&2
	@$(GO) build -trimpath -buildvcs=auto -o $@ ./bench/cmd/interleave
FORCE:
