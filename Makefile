# The commands of this checkout. Each prints its steps and how long they took. docs/install.md says more.
#   make up      build everything, bring up the instance `main`, create the example organisation
#   make down    stop everything; homes and store stay
#   make purge   remove everything, homes included (asks)
#   make test    all checks and tests; make bench: the figures
# UP_ARGS goes to `nagaya up`, for instance UP_ARGS='--instance two --ports auto'.
NAGAYA_CACHE ?= /var/cache/nagaya
NAGAYA := $(NAGAYA_CACHE)/target/release/nagaya
export NAGAYA_CACHE

.PHONY: up build down purge test bench
up:
	@scripts/bootstrap.sh up $(UP_ARGS)

build:
	@scripts/bootstrap.sh build

down:
	@[ ! -x $(NAGAYA) ] || $(NAGAYA) down $(DOWN_ARGS)

purge:
	@[ ! -x $(NAGAYA) ] || $(NAGAYA) purge $(DOWN_ARGS)

test:
	@scripts/test.sh

bench:
	@scripts/bench.sh
