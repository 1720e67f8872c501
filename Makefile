# gan-train. `make` builds the programs, `make help` lists the other targets.

VERSION = 0.1.0

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
BLAS ?= openblas

CC = gcc
AR = ar
ifdef PORTABLE
ARCH =
else
ARCH = -march=native
endif
OPTIMIZE = -O3 $(ARCH)
WARNINGS = -Wall -Wextra -Wconversion -Wdouble-promotion -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes
# Never -ffast-math: NaN must stay visible. The two -fno- flags drop errno and traps alone, which nobody reads and which
# keep loops from being vectorized.
CFLAGS = -std=c11 $(OPTIMIZE) -g -fopenmp -ffp-contract=fast -fno-math-errno -fno-trapping-math $(WARNINGS) $(EXTRA)
CPPFLAGS = -Iinclude -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DGAN_VERSION='"$(VERSION)"' -MMD -MP \
           $(shell pkg-config --cflags $(BLAS) jansson)
LDFLAGS = -fopenmp $(EXTRA)
LDLIBS = $(shell pkg-config --libs $(BLAS) jansson) -lgif -lz -lm

PROGRAMS = $(BUILD)/gan-train
SOURCES = $(wildcard $(addsuffix /*.c,$(addprefix src/,base nn data io gan cli eval)))
OBJECTS = $(SOURCES:src/%.c=$(BUILD)/%.o)
DOUBLE_OBJECTS = $(SOURCES:src/%.c=$(BUILD)/double/%.o)
UNIT = $(filter-out test_gradients,$(basename $(notdir $(wildcard tests/unit/test_*.c))))
DOUBLE_UNIT = test_gradients test_golden test_rng
UNIT_TESTS = $(UNIT:%=$(BUILD)/tests/%) $(DOUBLE_UNIT:%=$(BUILD)/double/tests/%)

all: $(PROGRAMS) ## build the programs (the default)

$(BUILD)/gan-train: $(BUILD)/main.o $(BUILD)/libgan.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libgan.a: $(OBJECTS)
$(BUILD)/double/libgan.a: $(DOUBLE_OBJECTS)
%/libgan.a:
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/double/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -DGAN_DOUBLE $(CFLAGS) -c -o $@ $<

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The drawn digits are the same bytes on every machine, so their arithmetic may not be contracted.
$(BUILD)/data/digits.o $(BUILD)/double/data/digits.o: CFLAGS += -ffp-contract=off

$(BUILD)/double/tests/%: tests/unit/%.c $(BUILD)/double/libgan.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -DGAN_DOUBLE $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/double/libgan.a -lcmocka $(LDLIBS)

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libgan.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libgan.a -lcmocka $(LDLIBS)

unit: $(UNIT_TESTS) ## build the unit tests and run them
	@set -e; for test in $^; do $$test; done

bench: $(BUILD)/bench ## time a step of each preset beside its matrix products alone
	$(BUILD)/bench

$(BUILD)/bench: scripts/bench/step.c $(BUILD)/libgan.a
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libgan.a $(LDLIBS)

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: all unit bench clean help
.SECONDARY:
-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
