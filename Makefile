# gan-train: `make` alone builds the programs; `make help` lists the targets.

BUILD ?= build
PREFIX ?= /usr/local
BLAS ?= openblas

VERSION = 0.1.0
PROGRAMS = $(BUILD)/gan-train

CC = gcc
AR = ar
ifdef PORTABLE
ARCH =
else
ARCH = -march=native
endif
OPTIMIZE = -O3 $(ARCH)
WARNINGS = -Wall -Wextra -Wconversion -Wdouble-promotion -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes
# no -ffast-math: NaN must stay visible. The two -fno- flags drop errno and the trap state alone, which nobody reads
# and which keep loops from being vectorized.
CFLAGS = -std=c11 $(OPTIMIZE) -g -fopenmp -ffp-contract=fast -fno-math-errno -fno-trapping-math $(WARNINGS) $(EXTRA)
CPPFLAGS = -Iinclude -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DGAN_VERSION='"$(VERSION)"' -MMD -MP \
           $(shell pkg-config --cflags $(BLAS) jansson)
LDFLAGS = -fopenmp $(EXTRA)
LDLIBS = $(shell pkg-config --libs $(BLAS) jansson) -lgif -lz -lm

LIBRARY_SOURCES = $(wildcard src/base/*.c src/nn/*.c src/data/*.c src/io/*.c src/gan/*.c src/cli/*.c src/eval/*.c)
LIBRARY_OBJECTS = $(LIBRARY_SOURCES:src/%.c=$(BUILD)/%.o)
UNIT_SOURCES = $(wildcard tests/unit/test_*.c)
UNIT_TESTS = $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)

all: $(PROGRAMS)

$(BUILD)/gan-train: $(BUILD)/main.o $(BUILD)/libgan.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libgan.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libgan.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libgan.a -lcmocka $(LDLIBS)

unit: $(UNIT_TESTS)
	@set -e; for t in $^; do $$t; done

clean:
	rm -rf build

.PHONY: all unit clean
.SECONDARY:
-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d)
