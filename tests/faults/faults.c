/* A machine that fails where it is told to: linked with the program (see the Makefile), it stands before the system's
 * calls of reading and writing files, which the linker's --wrap leads here, and before malloc, which it defines for all
 * libraries.
 *
 *   GAN_FAULT=WHAT:N:REASON    the N-th call fails, from 1; N+ for it and all that follow
 *   GAN_FAULT_LOG=FILE         gets a line for each call: its name and path; and, where WHAT is memory, for each
 *                              allocation: a number that stands for all of its callers
 *
 * WHAT is the name of a call, `call` for any of them, `space` for those that a full disk refuses, or `memory` for every
 * allocation once main has begun; REASON is ENOSPC, EIO, EDQUOT, EINTR or ENOMEM. What is done with /dev/null does
 * not count. A write that finds no space puts half of its bytes down first. */
#define _GNU_SOURCE /* for dladdr */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum call {
    ACCESS = 1 << 0,
    CLOSE = 1 << 1,
    CREATE = 1 << 2, /* an open that makes a file */
    FSYNC = 1 << 3,
    FTRUNCATE = 1 << 4,
    LINK = 1 << 5,
    LOCK = 1 << 6,
    MKDIR = 1 << 7,
    OPEN = 1 << 8,
    READ = 1 << 9,
    READDIR = 1 << 10,
    RENAME = 1 << 11,
    UNLINK = 1 << 12,
    WRITE = 1 << 13,
    CALLS = (1 << 14) - 1,
    MEMORY = 1 << 14,
};

enum { CALLERS_MAX = 64 };

static const struct {
    const char *name;
    unsigned calls;
} WHAT[] = {
    {"access", ACCESS},
    {"close", CLOSE},
    {"create", CREATE},
    {"fsync", FSYNC},
    {"ftruncate", FTRUNCATE},
    {"link", LINK},
    {"lock", LOCK},
    {"mkdir", MKDIR},
    {"open", OPEN},
    {"read", READ},
    {"readdir", READDIR},
    {"rename", RENAME},
    {"unlink", UNLINK},
    {"write", WRITE},
    {"call", CALLS},
    {"memory", MEMORY},
    {"space", CREATE | FSYNC | LINK | MKDIR | RENAME | WRITE},
};

static const struct {
    const char *name;
    int number;
} REASONS[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT}, {"EINTR", EINTR}, {"ENOMEM", ENOMEM}};

static unsigned faulty_calls; /* of enum call; 0 before main and where nothing is to fail */
static long faulty_number;
static bool faulty_onwards;
static int faulty_reason;
static atomic_long seen;
static int log_descriptor = -1;

int __real_access(const char *path, int mode);
int __real_close(int descriptor);
int __real_fsync(int descriptor);
int __real_ftruncate64(int descriptor, off_t bytes);
int __real_fcntl64(int descriptor, int command, ...);
int __real_link(const char *path, const char *other);
int __real_mkdir(const char *path, mode_t mode);
int __real_open64(const char *path, int flags, ...);
ssize_t __real_read(int descriptor, void *bytes, size_t count);
struct dirent *__real_readdir64(DIR *directory);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
ssize_t __real_write(int descriptor, const void *bytes, size_t count);

__attribute__((noreturn)) static void refuse(const char *what)
{
    fprintf(stderr, "%s: cannot be understood\n", what);
    _exit(99);
}

/* After the libraries' beginnings and before main. */
__attribute__((constructor)) static void begin(void)
{
    const char *log = getenv("GAN_FAULT_LOG"), *fault = getenv("GAN_FAULT");
    if (log) {
        log_descriptor = __real_open64(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
    if (!fault) {
        return;
    }
    char what[16], onwards[2] = "", reason[8];
    if (sscanf(fault, "%15[a-z]:%ld%1[+]:%7s", what, &faulty_number, onwards, reason) != 4 &&
        sscanf(fault, "%15[a-z]:%ld:%7s", what, &faulty_number, reason) != 3) {
        refuse("GAN_FAULT");
    }
    unsigned calls = 0;
    for (size_t i = 0; i < sizeof WHAT / sizeof *WHAT; i++) {
        calls |= strcmp(what, WHAT[i].name) == 0 ? WHAT[i].calls : 0;
    }
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++) {
        faulty_reason = strcmp(reason, REASONS[i].name) == 0 ? REASONS[i].number : faulty_reason;
    }
    if (!calls || !faulty_reason) {
        refuse("GAN_FAULT");
    }
    faulty_onwards = *onwards;
    faulty_calls = calls; /* last: what came before was not the program's */
}

static void log_line(const char *name, const char *rest)
{
    char line[PATH_MAX + 16];
    const int length = snprintf(line, sizeof line, "%s %s\n", name, rest);
    if (log_descriptor >= 0 && __real_write(log_descriptor, line, (size_t)length) != length) {
        refuse("GAN_FAULT_LOG");
    }
}

/* Whether this call fails, with the reason in errno. */
static bool fails(enum call call)
{
    if (!(faulty_calls & call)) {
        return false;
    }
    const long number = atomic_fetch_add(&seen, 1) + 1;
    if (number != faulty_number && !(faulty_onwards && number > faulty_number)) {
        return false;
    }
    errno = faulty_reason;
    return true;
}

static void log_callers(void)
{
    void *callers[CALLERS_MAX];
    char text[32];
    uint64_t hash = 0;
    for (int i = backtrace(callers, CALLERS_MAX); i-- > 0;) {
        hash = (hash ^ (uintptr_t)callers[i]) * 0x100000001b3;
    }
    snprintf(text, sizeof text, "%" PRIx64, hash);
    log_line("memory", text);
}

/* OpenBLAS' products of small matrices on some CPUs allocate without looking: nothing that is linked with it can mend
 * that. */
__attribute__((noinline)) static bool is_of_blas(void *caller) /* apart from what runs before AddressSanitizer begins */
{
    Dl_info library;
    return dladdr(caller, &library) && library.dli_fname && strstr(library.dli_fname, "blas");
}

/* As fails(), for memory that `caller` wants. */
static bool fails_to_allocate(void *caller)
{
    static _Thread_local bool logging; /* the first backtrace() allocates */
    if (!(faulty_calls & MEMORY) || logging || is_of_blas(caller)) {
        return false;
    }
    if (log_descriptor >= 0) {
        logging = true;
        log_callers();
        logging = false;
    }
    return fails(MEMORY);
}

static bool fails_at(enum call call, const char *path)
{
    if (strcmp(path, "/dev/null") == 0) {
        return false;
    }
    size_t i = 0;
    while (WHAT[i].calls != call) {
        i++;
    }
    log_line(WHAT[i].name, path);
    return fails(call);
}

static bool fails_on(enum call call, int descriptor)
{
    char link[32], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return fails_at(call, path);
}

/* --- the calls of writing --- */

int __wrap_access(const char *path, int mode);
int __wrap_close(int descriptor);
int __wrap_fsync(int descriptor);
int __wrap_ftruncate64(int descriptor, off_t bytes);
int __wrap_fcntl64(int descriptor, int command, ...);
int __wrap_link(const char *path, const char *other);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_open64(const char *path, int flags, ...);
ssize_t __wrap_read(int descriptor, void *bytes, size_t count);
struct dirent *__wrap_readdir64(DIR *directory);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t count);

int __wrap_access(const char *path, int mode)
{
    return fails_at(ACCESS, path) ? -1 : __real_access(path, mode);
}

int __wrap_close(int descriptor)
{
    struct stat status;
    const bool for_reading = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
                             (__real_fcntl64(descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY; /* it loses nothing */
    const bool failed = !for_reading && fails_on(CLOSE, descriptor);
    const int reason = errno, closed = __real_close(descriptor); /* as Linux does, whatever it answers */
    errno = failed ? reason : errno;
    return failed ? -1 : closed;
}

int __wrap_fsync(int descriptor)
{
    return fails_on(FSYNC, descriptor) ? -1 : __real_fsync(descriptor);
}

int __wrap_ftruncate64(int descriptor, off_t bytes)
{
    return fails_on(FTRUNCATE, descriptor) ? -1 : __real_ftruncate64(descriptor, bytes);
}

int __wrap_fcntl64(int descriptor, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    struct flock *lock = va_arg(arguments, struct flock *); /* nothing else is asked of it */
    va_end(arguments);
    return fails_on(LOCK, descriptor) ? -1 : __real_fcntl64(descriptor, command, lock);
}

int __wrap_link(const char *path, const char *other)
{
    return fails_at(LINK, other) ? -1 : __real_link(path, other);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    return fails_at(MKDIR, path) ? -1 : __real_mkdir(path, mode);
}

int __wrap_open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return fails_at(flags & O_CREAT ? CREATE : OPEN, path) ? -1 : __real_open64(path, flags, mode);
}

ssize_t __wrap_read(int descriptor, void *bytes, size_t count)
{
    return fails_on(READ, descriptor) ? -1 : __real_read(descriptor, bytes, count);
}

struct dirent *__wrap_readdir64(DIR *directory)
{
    return fails_on(READDIR, dirfd(directory)) ? NULL : __real_readdir64(directory);
}

int __wrap_rename(const char *from, const char *to)
{
    return fails_at(RENAME, to) ? -1 : __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
    return fails_at(UNLINK, path) ? -1 : __real_unlink(path);
}

ssize_t __wrap_write(int descriptor, const void *bytes, size_t count)
{
    static enum { ROOM, HALF_TAKEN, FULL } disk;
    if (disk == HALF_TAKEN) { /* and this call asks for the rest */
        disk = FULL;
        errno = faulty_reason;
        return -1;
    }
    if (!fails_on(WRITE, descriptor)) {
        return __real_write(descriptor, bytes, count);
    }
    if (disk == FULL || faulty_reason == EIO || count == 1) {
        return -1;
    }
    disk = HALF_TAKEN;
    return __real_write(descriptor, bytes, count / 2);
}

/* --- memory --- */

/* AddressSanitizer's, where it is linked with the program; else glibc's own. */
void *__interceptor_malloc(size_t bytes) __attribute__((weak));
void *__interceptor_calloc(size_t count, size_t bytes) __attribute__((weak));
void *__interceptor_realloc(void *block, size_t bytes) __attribute__((weak));
void *__interceptor_aligned_alloc(size_t alignment, size_t bytes) __attribute__((weak));
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *block, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

void *malloc(size_t bytes)
{
    return fails_to_allocate(__builtin_return_address(0)) ? NULL
           : __interceptor_malloc                         ? __interceptor_malloc(bytes)
                                                          : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return fails_to_allocate(__builtin_return_address(0)) ? NULL
           : __interceptor_calloc                         ? __interceptor_calloc(count, bytes)
                                                          : __libc_calloc(count, bytes);
}

void *realloc(void *block, size_t bytes)
{
    return fails_to_allocate(__builtin_return_address(0)) ? NULL
           : __interceptor_realloc                        ? __interceptor_realloc(block, bytes)
                                                          : __libc_realloc(block, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return fails_to_allocate(__builtin_return_address(0)) ? NULL
           : __interceptor_aligned_alloc                  ? __interceptor_aligned_alloc(alignment, bytes)
                                                          : __libc_memalign(alignment, bytes);
}
