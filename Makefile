# gan-train. `make` builds the programs, `make help` lists the other targets and the switches.

VERSION = 0.1.0

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
BLAS ?= openblas
# What sanitizers watch multiplies by BLAS, for they make our own kernels too slow: these are test_product's.
PRODUCTS ?= $(if $(SANITIZE),blas,own)

CC = gcc
CLANG = $(if $(findstring clang,$(CC)),$(CC),clang)
AR = ar
INSTALL = install
ifdef PORTABLE
ARCH =
else
ARCH = -march=native
endif
# Where a loop begins in a cache line is otherwise chance, and worth 2 % of a step.
OPTIMIZE = -O3 -falign-functions=64 -falign-loops=64 $(ARCH)
ifdef SANITIZE
# what the undefined ones leave out: a double beyond the integer that it is converted to
COMMA = ,
SANITIZERS = $(SANITIZE)$(if $(findstring undefined,$(SANITIZE)),$(COMMA)float-cast-overflow)
OPTIMIZE = -O1 $(ARCH) -fno-omit-frame-pointer -fsanitize=$(SANITIZERS) -fno-sanitize-recover=all
endif

# OpenBLAS is found by pkg-config; the others' packages have no file for it, or one of another name on each system.
BLAS_CFLAGS_openblas = $(shell pkg-config --cflags openblas 2>/dev/null)
BLAS_LIBS_openblas = $(shell pkg-config --libs openblas 2>/dev/null)
BLAS_CFLAGS_blis = -DBLAS_BLIS $(shell pkg-config --cflags blis 2>/dev/null)
BLAS_LIBS_blis = -lblis -llapack
BLAS_CFLAGS_mkl = -DBLAS_MKL $(shell pkg-config --cflags mkl-sdl 2>/dev/null || echo -I/usr/include/mkl)
BLAS_LIBS_mkl = $(shell pkg-config --libs mkl-sdl 2>/dev/null || echo -lmkl_rt)
ifeq ($(filter openblas blis mkl,$(BLAS)),)
$(error BLAS=$(BLAS): wanted openblas, blis or mkl)
endif

WARNINGS = -Wall -Wextra -Wconversion -Wdouble-promotion -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes
# Never -ffast-math: NaN must stay visible. The two -fno- flags drop errno and traps alone, which nobody reads and which
# keep loops from being vectorized.
CFLAGS = -std=c11 $(OPTIMIZE) -g -fopenmp -ffp-contract=fast -fno-math-errno -fno-trapping-math $(WARNINGS) $(EXTRA)
LIBRARY_CFLAGS := $(BLAS_CFLAGS_$(BLAS)) $(shell pkg-config --cflags jansson 2>/dev/null)
LIBRARY_LIBS := $(BLAS_LIBS_$(BLAS)) $(shell pkg-config --libs jansson 2>/dev/null)
ifeq ($(PRODUCTS),blas)
LIBRARY_CFLAGS += -DPRODUCTS_BLAS
else ifneq ($(PRODUCTS),own)
$(error PRODUCTS=$(PRODUCTS): wanted own or blas)
endif
CPPFLAGS = -Iinclude -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DGAN_VERSION='"$(VERSION)"' $(LIBRARY_CFLAGS)
COMPILE = $(CC) $(CPPFLAGS) $(CFLAGS)
LDLIBS = $(LIBRARY_LIBS) -lgif -lz -lm

PROGRAM_NAMES = gan-train gan-sample gan-eval
PROGRAMS = $(PROGRAM_NAMES:%=$(BUILD)/%)
SOURCES = $(wildcard $(addsuffix /*.c,$(addprefix src/,base nn data io gan cli eval)))
OBJECTS = $(SOURCES:src/%.c=$(BUILD)/%.o)
DOUBLE_OBJECTS = $(SOURCES:src/%.c=$(BUILD)/double/%.o)
MAINS = $(BUILD)/main.o $(BUILD)/tools/gan_sample.o $(BUILD)/tools/gan_eval.o
# Under ThreadSanitizer the products of matrices are watched, too.
ifeq ($(SANITIZE),thread)
OBJECTS += $(BUILD)/watched_blas.o
DOUBLE_OBJECTS += $(BUILD)/watched_blas.o
LDFLAGS += -Wl,--wrap=cblas_sgemm -Wl,--wrap=cblas_dgemm
endif
UNIT = $(filter-out test_gradients,$(basename $(notdir $(wildcard tests/unit/test_*.c))))
DOUBLE_UNIT = test_gradients test_golden test_rng
UNIT_TESTS = $(UNIT:%=$(BUILD)/tests/%) $(DOUBLE_UNIT:%=$(BUILD)/double/tests/%)
FUZZ_TARGETS = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
TRUST_TEST = $(BUILD)/trust/test_trust
REPLAYS = $(FUZZ_TARGETS:%=$(BUILD)/replay/%)
FUZZERS = $(FUZZ_TARGETS:%=$(BUILD)/fuzzers/%)
C_FILES = $(wildcard src/*.c src/*/*.c include/*/*.h tests/*/*.c tests/*/*.h scripts/bench/*.[ch])

# One short line for each command; `make V=1` shows them whole, `make -s` none.
Q = $(if $(V),,@)
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-8s %s\n' $(1) $@)

all: programs ## build the programs (the default)
	@echo 'Built $(PROGRAMS); "make help" lists what else there is to make'

programs: $(PROGRAMS)

$(BUILD)/gan-train: $(BUILD)/main.o
$(BUILD)/gan-sample: $(BUILD)/tools/gan_sample.o
$(BUILD)/gan-eval: $(BUILD)/tools/gan_eval.o
$(PROGRAMS): $(BUILD)/libgan.a
	$(call say,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/libgan.a $(LDLIBS)

$(BUILD)/libgan.a: $(OBJECTS)
$(BUILD)/double/libgan.a: $(DOUBLE_OBJECTS)
%/libgan.a:
	$(call say,archive)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/double/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile)
	$(Q)$(COMPILE) -DGAN_DOUBLE -MMD -MP -c -o $@ $<

$(BUILD)/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/watched_blas.o: tests/threads/watched_blas.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# The program chooses among these as it runs.
ifeq ($(shell uname -m),x86_64)
$(BUILD)/nn/product_avx2.o $(BUILD)/double/nn/product_avx2.o: CFLAGS += -mavx2 -mfma -mprfchw
$(BUILD)/nn/product_avx512.o $(BUILD)/double/nn/product_avx512.o: CFLAGS += -mavx512f -mprfchw
endif

# The drawn digits are the same bytes on every machine, so their arithmetic may not be contracted.
$(BUILD)/data/digits.o $(BUILD)/double/data/digits.o: CFLAGS += -ffp-contract=off

$(BUILD)/double/tests/%: tests/unit/%.c $(BUILD)/double/libgan.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(COMPILE) -DGAN_DOUBLE -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/double/libgan.a -lcmocka $(LDLIBS)

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libgan.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(COMPILE) -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/libgan.a -lcmocka $(LDLIBS)

# A judge that an earlier build trained says nothing of this one.
$(TRUST_TEST): tests/trust/test_trust.c $(BUILD)/libgan.a $(BUILD)/flags
	@rm -rf $(@D) && mkdir -p $(@D)
	$(call say,link)
	$(Q)$(COMPILE) -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/libgan.a -lcmocka $(LDLIBS)

# The programs on a machine that fails where it is told to (tests/faults). The linker leads these calls to the tests'
# own, wherever they are made; malloc the tests define.
FAULTY_CALLS = access close fcntl64 fsync ftruncate64 link mkdir open64 read readdir64 rename unlink write
FAULTY_PROGRAMS = $(PROGRAM_NAMES:%=$(BUILD)/faults/%)
$(BUILD)/faults/gan-train: $(BUILD)/main.o
$(BUILD)/faults/gan-sample: $(BUILD)/tools/gan_sample.o
$(BUILD)/faults/gan-eval: $(BUILD)/tools/gan_eval.o
$(FAULTY_PROGRAMS): tests/faults/faults.c $(BUILD)/libgan.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(COMPILE) -fno-builtin -MMD -MP $(FAULTY_CALLS:%=-Wl,--wrap=%) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) \
	    $(BUILD)/libgan.a $(LDLIBS)

fault-programs: $(FAULTY_PROGRAMS)

# A fuzz target twice: to go through a corpus, and with libFuzzer, which is clang's.
$(BUILD)/replay/%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(BUILD)/libgan.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(COMPILE) -MMD -MP $(LDFLAGS) -o $@ $< tests/fuzz/replay.c $(BUILD)/libgan.a $(LDLIBS)

$(BUILD)/fuzzers/%: tests/fuzz/fuzz_%.c $(BUILD)/libgan.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(COMPILE) -fsanitize=fuzzer -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/libgan.a $(LDLIBS)

# Holds the command that everything here was compiled with: another one compiles all anew. Before the first of a kind
# what is missing on this machine is said in one line rather than by the compiler.
$(BUILD)/flags: export COMMAND := $(COMPILE)
$(BUILD)/flags: FORCE
	@if [ "$$(cat $@ 2>/dev/null)" != "$$COMMAND" ]; then \
	    CC='$(CC)' CPPFLAGS='$(LIBRARY_CFLAGS) $(EXTRA)' BLAS='$(BLAS)' scripts/setup --check && \
	    mkdir -p $(@D) && printf '%s\n' "$$COMMAND" >$@; fi

# The names of the unit tests' programs, for tests/run.
list-tests:
	@echo $(UNIT_TESTS)

list-replays:
	@echo $(REPLAYS)

list-fuzzers:
	@echo $(FUZZERS)

unit-programs: $(UNIT_TESTS)
trust-program: $(TRUST_TEST)
replay-programs: $(REPLAYS)
fuzzer-programs: $(FUZZERS)

RUN = +@BUILD='$(BUILD)' SANITIZE='$(SANITIZE)' tests/run
MEMORY = unit tests/training.sh

unit: ## build and run the unit tests
	$(RUN) unit

check: ## every test, and a quick look for memory errors: what scripts/test runs
	$(RUN)

faults: ## every fault of disk and memory in turn, of which `check` takes a part
	+@BUILD='$(BUILD)' FAULTS_ALL=1 SECONDS_MAX=3600 tests/run faults

asan: ## the unit tests and short trainings under AddressSanitizer
	+@BUILD='$(BUILD)/asan' SANITIZE=address tests/run $(MEMORY)

ubsan: ## the same under UndefinedBehaviorSanitizer
	+@BUILD='$(BUILD)/ubsan' SANITIZE=undefined tests/run $(MEMORY)

tsan: ## the same under ThreadSanitizer, with several threads (needs clang)
	+@$(MAKE) --no-print-directory CC='$(CLANG)' SANITIZE=thread PORTABLE=1 BUILD='$(BUILD)/tsan' \
	    EXTRA='$(EXTRA) -Wno-pass-failed' threads

threads:
	+@BUILD='$(BUILD)' SANITIZE=thread PORTABLE=1 CC='$(CC)' tests/threads/run

$(BUILD)/control: tests/threads/control.c $(BUILD)/libgan.a $(BUILD)/flags
	$(call say,link)
	$(Q)$(COMPILE) $(LDFLAGS) -o $@ $< $(BUILD)/libgan.a $(LDLIBS)

# Valgrind knows no AVX-512: neither the compiler nor OpenBLAS, which chooses as it starts, may use it. Nor can a program
# start itself anew under it, as gan-train does for settings that are read before main: they are given.
valgrind: ## the same under valgrind, in half an hour
	+@BUILD='$(BUILD)/valgrind' PORTABLE=1 OPENBLAS_CORETYPE=Haswell OPENBLAS_NUM_THREADS=1 GOMP_SPINCOUNT=1000 \
	GAN_TEST_UNTIMED=1 SECONDS_MAX=3600 \
	UNDER='valgrind --quiet --error-exitcode=99 --leak-check=full --suppressions=tests/valgrind.supp' \
	tests/run $(MEMORY)

SECONDS = 60
fuzz: ## let libFuzzer look for bytes that break the readers, SECONDS=60 for each (needs clang)
	+@BUILD='$(BUILD)/fuzz' CC='$(CLANG)' tests/fuzz/run '$(SECONDS)' $(TARGETS)

format: ## format the C files
	@clang-format -i $(C_FILES)

lint: ## look for what is badly formatted or wrong (clang-format, clang-tidy, cppcheck, shellcheck)
	@clang-format --dry-run -Werror $(C_FILES)
	@clang-tidy --version >/dev/null
	@printf '%s\n' $(filter src/% scripts/%,$(filter %.c,$(C_FILES))) | \
	    xargs -I FILE -P "$$(nproc)" clang-tidy --quiet FILE -- $(CPPFLAGS) -std=c11 -fopenmp 2>/dev/null # counts
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --suppress=ctuuninitvar -Iinclude -DGAN_VERSION='""' src scripts tests/unit tests/trust
	@shellcheck -x .ci/run scripts/setup scripts/quickstart scripts/test scripts/*.sh scripts/bench/*.sh tests/run tests/*/run tests/*.sh tests/*/*.sh

bench: $(BUILD)/bench ## time a step of each preset beside its matrix products alone, and its checks
	@$(BUILD)/bench

TIMERS = $(BUILD)/bench $(BUILD)/contender
$(TIMERS): $(BUILD)/%: $(BUILD)/timing/%.o $(BUILD)/timing/floor.o $(BUILD)/timing/limit.o $(BUILD)/libgan.a
	$(call say,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/timing/%.o: scripts/bench/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

soak: programs ## train every preset for 1000 epochs of few images, with three seeds (in half an hour)
	@GAN_TRAIN=$(BUILD)/gan-train scripts/bench/soak.sh

# PyTorch, JAX and MKL, in an environment of their own. `make race RACERS='own openblas mkl blis'` races a build with each
# of these for its products.
RACE_PYTHON = $(BUILD)/race/bin/python
RACERS = own openblas
race: $(BUILD)/gan-train $(RACERS:%=race-%) ## time steps and whole programs beside PyTorch's and JAX's (network, 3 GB)
	@$(RACE_PYTHON) scripts/bench/race/race.py $(RACERS:%=--ours %=$(BUILD)/race/%/contender) --json $(BUILD)/race.json

race-%: $(RACE_PYTHON)
	+@PKG_CONFIG_PATH="$$PKG_CONFIG_PATH:$(abspath $(BUILD)/race/lib/pkgconfig)" LD_RUN_PATH=$(abspath $(BUILD)/race/lib) \
	    $(MAKE) $(if $(filter own,$*),PRODUCTS=own,PRODUCTS=blas BLAS=$*) BUILD=$(BUILD)/race/$* $(BUILD)/race/$*/contender

sweep: $(BUILD)/contender $(RACE_PYTHON) ## plot how fast a step is by batch, width and size of the images
	@$(RACE_PYTHON) scripts/bench/race/sweep.py $(BUILD)/contender $(BUILD)/sweep

$(RACE_PYTHON): scripts/bench/race/requirements.txt
	python3 -m venv $(BUILD)/race
	$(BUILD)/race/bin/pip install --quiet --requirement $<
	@touch $@

SHARE = $(DESTDIR)$(PREFIX)/share
MAN_PAGES = $(SHARE)/man/man1
BASH_COMPLETIONS = $(SHARE)/bash-completion/completions
ZSH_COMPLETIONS = $(SHARE)/zsh/site-functions
INSTALLED = $(foreach name,$(PROGRAM_NAMES),$(DESTDIR)$(PREFIX)/bin/$(name) $(MAN_PAGES)/$(name).1 \
              $(BASH_COMPLETIONS)/$(name) $(ZSH_COMPLETIONS)/_$(name)) $(SHARE)/doc/gan-train/LICENSE

install: programs ## install below PREFIX (/usr/local), in DESTDIR where given
	$(INSTALL) -d $(sort $(dir $(INSTALLED)))
	$(INSTALL) -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	set -e; for name in $(PROGRAM_NAMES); do \
	    $(BUILD)/$$name --print_man >$(BUILD)/$$name.1; \
	    $(BUILD)/$$name --print_completion bash >$(BUILD)/completion.bash; \
	    $(BUILD)/$$name --print_completion zsh >$(BUILD)/completion.zsh; \
	    $(INSTALL) -m 644 $(BUILD)/$$name.1 $(MAN_PAGES)/$$name.1; \
	    $(INSTALL) -m 644 $(BUILD)/completion.bash $(BASH_COMPLETIONS)/$$name; \
	    $(INSTALL) -m 644 $(BUILD)/completion.zsh $(ZSH_COMPLETIONS)/_$$name; \
	done
	$(INSTALL) -m 644 LICENSE $(SHARE)/doc/gan-train/LICENSE

uninstall: ## remove what was installed
	rm -f $(INSTALLED)
	[ ! -d $(SHARE)/doc/gan-train ] || rmdir $(SHARE)/doc/gan-train

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'
	@echo 'Switches, behind any of them:'
	@echo '  PORTABLE=1        for any machine of this kind rather than for this one alone'
	@echo '  PRODUCTS=own      whose matrix products: its own where the CPU has AVX2, or blas'
	@echo '  BLAS=openblas     which BLAS: openblas, blis or mkl'
	@echo '  CC=gcc            the compiler: gcc or clang'
	@echo '  BUILD=build       where to build'
	@echo '  EXTRA=...         more flags for the compiler and the linker'
	@echo '  V=1               show the commands whole'

.PHONY: all programs list-tests list-replays list-fuzzers unit-programs trust-program replay-programs fuzzer-programs \
        fault-programs unit check faults asan ubsan fuzz tsan threads valgrind format lint bench race sweep soak install \
        uninstall clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
-include $(wildcard $(BUILD)/timing/*.d) $(OBJECTS:.o=.d) $(DOUBLE_OBJECTS:.o=.d) $(MAINS:.o=.d) $(UNIT_TESTS:=.d) \
         $(TRUST_TEST).d $(REPLAYS:=.d) $(FUZZERS:=.d)
