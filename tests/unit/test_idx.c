#include "data/idx.h"

#include "idx_files.h"

#include <sys/resource.h>

enum { COUNT = 5, HEIGHT = 3, WIDTH = 7, SIZE = HEIGHT * WIDTH, FILE_BYTES = 16 + COUNT * SIZE };

/* Five images of 3 x 7 bytes as a file's bytes. */
static void make_images(unsigned char file[FILE_BYTES])
{
    size_t begin = put_header(file, 3, (uint32_t[]){COUNT, HEIGHT, WIDTH});
    for (size_t i = begin; i < FILE_BYTES; i++) {
        file[i] = (unsigned char)(i * 37 + i * i / 11);
    }
}

static void expect_images(const char *path, size_t limit, size_t count)
{
    unsigned char file[FILE_BYTES];
    make_images(file);
    struct idx idx;
    struct error error = {.message = ""};
    if (!idx_read_images(path, limit, &idx, &error)) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(idx.count, count);
    assert_int_equal(idx.total, COUNT);
    assert_int_equal(idx.height, HEIGHT);
    assert_int_equal(idx.width, WIDTH);
    assert_memory_equal(idx.bytes, file + 16, count * SIZE);
    idx_free(&idx);
    assert_null(idx.bytes);
}

/* The file is refused in one line with status 2 that names it and has the telling words. */
static void expect_refused(bool labels, const char *path, size_t limit, const char *words)
{
    struct idx idx;
    struct error error = {.message = ""};
    assert_false(labels ? idx_read_labels(path, &idx, &error) : idx_read_images(path, limit, &idx, &error));
    assert_null(idx.bytes);
    if (error.status != STATUS_USAGE || strncmp(error.message, path, strlen(path)) != 0 ||
        !strstr(error.message, words) || !strstr(error.message, "wanted")) {
        fail_msg("status %d, \"%s\"; wanted %s and \"%s\"", (int)error.status, error.message, path, words);
    }
}

static void refuse_bytes(const void *bytes, size_t count, const char *words)
{
    write_bytes("bad", bytes, count);
    expect_refused(false, "bad", 0, words);
    write_gzip("bad.gz", "wb", bytes, count);
    expect_refused(false, "bad.gz", 0, words);
}

/* Kilobytes of memory this process has had at most. */
static long peak_memory(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

static void reads_plain_files_with_any_limit(void **state)
{
    (void)state;
    unsigned char file[FILE_BYTES];
    make_images(file);
    write_bytes("images", file, sizeof file);
    expect_images("images", 0, COUNT);
    expect_images("images", 1, 1);
    expect_images("images", COUNT - 1, COUNT - 1);
    expect_images("images", COUNT, COUNT);
    expect_images("images", COUNT + 1, COUNT);
}

static void reads_gzip_files_with_any_limit(void **state)
{
    (void)state;
    unsigned char file[FILE_BYTES];
    make_images(file);
    write_gzip("images.gz", "wb", file, sizeof file);
    expect_images("images.gz", 0, COUNT);
    expect_images("images.gz", 1, 1);
    expect_images("images.gz", COUNT, COUNT);
    expect_images("images.gz", COUNT + 1, COUNT);
}

static void tells_gzip_by_the_bytes_not_the_name(void **state)
{
    (void)state;
    unsigned char file[FILE_BYTES];
    make_images(file);
    write_bytes("plain.gz", file, sizeof file);
    expect_images("plain.gz", 0, COUNT);
    write_gzip("packed", "wb", file, sizeof file);
    expect_images("packed", 0, COUNT);
}

/* Wherever the members meet, within the header too, and when one is empty. */
static void reads_several_gzip_members_as_one_file(void **state)
{
    (void)state;
    unsigned char file[FILE_BYTES];
    make_images(file);
    for (size_t cut = 0; cut <= FILE_BYTES; cut++) {
        write_gzip("members.gz", "wb", file, cut);
        write_gzip("members.gz", "ab", file + cut, FILE_BYTES - cut);
        expect_images("members.gz", 0, COUNT);
    }
}

static void reads_labels(void **state)
{
    (void)state;
    unsigned char file[12];
    size_t begin = put_header(file, 1, (uint32_t[]){4});
    memcpy(file + begin, (unsigned char[]){7, 0, 255, 3}, 4);
    write_bytes("labels", file, sizeof file);
    write_gzip("labels.gz", "wb", file, sizeof file);
    for (size_t i = 0; i < 2; i++) {
        struct idx idx;
        struct error error;
        assert_true(idx_read_labels(i ? "labels" : "labels.gz", &idx, &error));
        assert_int_equal(idx.count, 4);
        assert_int_equal(idx.total, 4);
        assert_int_equal(idx.height * idx.width, 1);
        assert_memory_equal(idx.bytes, file + begin, 4);
        idx_free(&idx);
    }
}

/* More than the first guess at what a small gzip file may hold, and many times the reader's own buffer. */
static void reads_a_gzip_file_that_shrank_a_thousandfold(void **state)
{
    (void)state;
    enum { LARGE = 1000 };
    size_t bytes = 16 + (size_t)LARGE * 28 * 28;
    unsigned char *file = calloc(bytes, 1);
    assert_non_null(file);
    put_header(file, 3, (uint32_t[]){LARGE, 28, 28});
    file[16] = 5;
    file[bytes - 1] = 9;
    write_gzip("zeros.gz", "wb", file, bytes);
    struct idx idx;
    struct error error;
    assert_true(idx_read_images("zeros.gz", 0, &idx, &error));
    assert_int_equal(idx.count, LARGE);
    assert_memory_equal(idx.bytes, file + 16, bytes - 16);
    idx_free(&idx);
    free(file);
}

static void refuses_what_is_no_file(void **state)
{
    (void)state;
    expect_refused(false, "missing", 0, "No such file");
    expect_refused(true, "missing", 0, "IDX file of labels");
    assert_int_equal(mkdir("folder", 0700), 0);
    expect_refused(false, "folder", 0, "is a folder");
    expect_refused(false, "/dev/zero", 0, "not a regular file");
    assert_int_equal(mkfifo("pipe", 0600), 0);
    alarm(5); /* a reader that waits for the pipe's other end dies here */
    expect_refused(false, "pipe", 0, "not a regular file");
    alarm(0);
}

static void refuses_an_empty_file(void **state)
{
    (void)state;
    write_bytes("bad", "", 0);
    expect_refused(false, "bad", 0, "is empty");
    write_gzip("bad.gz", "wb", "", 0);
    expect_refused(false, "bad.gz", 0, "ends after 0 bytes");
}

static void refuses_a_header_cut_short(void **state)
{
    (void)state;
    unsigned char file[FILE_BYTES];
    make_images(file);
    for (size_t bytes = 1; bytes < 16; bytes++) {
        char words[64];
        snprintf(words, sizeof words, "ends after %zu bytes; wanted a header of 16", bytes);
        refuse_bytes(file, bytes, words);
    }
}

static void refuses_another_magic(void **state)
{
    (void)state;
    refuse_bytes("\x89PNH\r\n\x1a\n and so on", 14, "begins with the bytes 89 50 4e 48; wanted 00 00 08 03");
    refuse_bytes("\0\0\x07\x03 and so on", 14, "begins with the bytes 00 00 07 03");
    refuse_bytes("\0\0\xff\x03 and so on", 14, "begins with the bytes 00 00 ff 03");
    refuse_bytes("\0\1\x08\x03 and so on", 14, "begins with the bytes 00 01 08 03");
    refuse_bytes("\3\x08\0\0 the other end first", 14, "begins with the bytes 03 08 00 00");
    /* files that images often come in */
    refuse_bytes("\x93NUMPY\1\0v", 9, "is a NumPy array; wanted an IDX file of images");
    refuse_bytes("\x89PNG\r\n\x1a\n and so on", 14, "is a PNG picture; wanted an IDX file of images");
    refuse_bytes("\xff\xd8\xff\xe0 and so on", 14, "is a JPEG picture; wanted an IDX file of images");
    refuse_bytes("GIF89a and so on", 14, "is a GIF picture; wanted an IDX file of images");
    refuse_bytes("PK\3\4 and so on", 14, "is a ZIP archive; wanted an IDX file of images");
}

static void refuses_other_element_types_by_name(void **state)
{
    (void)state;
    static const struct {
        unsigned char type;
        const char *words;
    } TYPES[] = {{0x09, "0x09, signed byte"},
                 {0x0b, "0x0b, short"},
                 {0x0c, "0x0c, int"},
                 {0x0d, "0x0d, float"},
                 {0x0e, "0x0e, double"}};
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        unsigned char file[FILE_BYTES];
        make_images(file);
        file[2] = TYPES[i].type;
        refuse_bytes(file, sizeof file, TYPES[i].words);
    }
}

static void refuses_other_dimensions(void **state)
{
    (void)state;
    unsigned char images[FILE_BYTES], labels[12] = {0};
    make_images(images);
    write_bytes("images", images, sizeof images);
    expect_refused(true, "images", 0, "holds images (its dimensions are 3); wanted labels: are the two swapped?");
    put_header(labels, 1, (uint32_t[]){4});
    write_bytes("labels", labels, sizeof labels);
    expect_refused(false, "labels", 0, "holds labels (its dimensions are 1); wanted images: are the two swapped?");
    images[3] = 4;
    refuse_bytes(images, sizeof images, "its dimensions are 4; wanted 3");
    images[3] = 0;
    refuse_bytes(images, sizeof images, "its dimensions are 0; wanted 3");
}

static void refuses_zero_images_and_zero_sizes(void **state)
{
    (void)state;
    unsigned char file[16];
    put_header(file, 3, (uint32_t[]){0, 28, 28});
    refuse_bytes(file, sizeof file, "holds 0 images; wanted 1 or more");
    put_header(file, 3, (uint32_t[]){5, 0, 28});
    refuse_bytes(file, sizeof file, "its images are 0 x 28");
    put_header(file, 3, (uint32_t[]){5, 28, 0});
    refuse_bytes(file, sizeof file, "its images are 28 x 0");
    put_header(file, 1, (uint32_t[]){0});
    write_bytes("bad", file, 8);
    expect_refused(true, "bad", 0, "holds 0 labels; wanted 1 or more");
}

static void refuses_more_or_fewer_bytes_than_the_header_says(void **state)
{
    (void)state;
    unsigned char file[FILE_BYTES + 1] = {0};
    make_images(file);
    refuse_bytes(file, 16, "holds 0 bytes after its header; wanted 5 images of 3 x 7");
    refuse_bytes(file, FILE_BYTES - 1, "holds 104 bytes after its header; wanted 5 images of 3 x 7");
    refuse_bytes(file, FILE_BYTES + 1, "106 bytes after its header; wanted 5 images of 3 x 7");
    put_header(file, 1, (uint32_t[]){4});
    write_bytes("bad", file, 8 + 3);
    expect_refused(true, "bad", 0, "holds 3 bytes after its header; wanted 4 labels");
}

/* A limit spares memory, not checks. */
static void checks_the_whole_file_under_a_limit(void **state)
{
    (void)state;
    unsigned char file[FILE_BYTES + 1] = {0};
    make_images(file);
    for (size_t bytes = FILE_BYTES - 1; bytes <= FILE_BYTES + 1; bytes += 2) {
        write_bytes("bad", file, bytes);
        expect_refused(false, "bad", 2, "bytes after its header; wanted 5 images of 3 x 7");
        write_gzip("bad.gz", "wb", file, bytes);
        expect_refused(false, "bad.gz", 2, "bytes after its header; wanted 5 images of 3 x 7");
    }
}

/* Headers that claim gigabytes, terabytes and more than 2^64 bytes. */
static void takes_no_memory_for_what_a_header_claims(void **state)
{
    (void)state;
    static const uint32_t SIZES[][3] = {{3000000, 28, 28},
                                        {UINT32_MAX, 28, 28},
                                        {UINT32_MAX, 65536, 65536}, /* 2^64 - 2^32 */
                                        {65536, 65536, UINT32_MAX},
                                        {1u << 31, 1u << 31, 4}, /* 2^64: 0 when it overflows */
                                        {UINT32_MAX, UINT32_MAX, UINT32_MAX}};
    long before = peak_memory();
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        unsigned char file[100] = {0};
        put_header(file, 3, SIZES[i]);
        char words[128];
        snprintf(words, sizeof words, "84 bytes after its header; wanted %u images of %u x %u", SIZES[i][0],
                 SIZES[i][1], SIZES[i][2]);
        refuse_bytes(file, sizeof file, words);
        expect_refused(false, "bad", 1, words);
        refuse_bytes(file, 16, "holds 0 bytes after its header; wanted ");
        expect_refused(false, "bad", 1, "holds 0 bytes after its header; wanted ");
        expect_refused(false, "bad.gz", 1, "holds 0 bytes after its header; wanted ");
    }
    assert_true(peak_memory() - before < 16 * 1024);
}

/* The good .gz file of make_images in file; its length. */
static size_t make_gzip(unsigned char file[2 * FILE_BYTES])
{
    unsigned char images[FILE_BYTES];
    make_images(images);
    write_gzip("good.gz", "wb", images, sizeof images);
    FILE *packed = fopen("good.gz", "rb");
    assert_non_null(packed);
    size_t bytes = fread(file, 1, 2 * FILE_BYTES, packed);
    assert_true(bytes > 30 && bytes < 2 * FILE_BYTES);
    fclose(packed);
    return bytes;
}

static void refuses_gzip_data_cut_short(void **state)
{
    (void)state;
    unsigned char file[2 * FILE_BYTES];
    size_t bytes = make_gzip(file);
    for (size_t cut = 2; cut < bytes; cut++) {
        write_bytes("bad.gz", file, cut);
        expect_refused(false, "bad.gz", 0, "the gzip data is cut short");
        expect_refused(false, "bad.gz", 1, "the gzip data is cut short");
    }
}

static void refuses_corrupt_gzip_data(void **state)
{
    (void)state;
    unsigned char file[2 * FILE_BYTES];
    size_t bytes = make_gzip(file);
    size_t places[] = {2, 3, bytes - 8, bytes - 1}; /* method, flags, checksum, size */
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        file[places[i]] ^= 0xff;
        write_bytes("bad.gz", file, bytes);
        expect_refused(false, "bad.gz", 0, "the gzip data is corrupt");
        expect_refused(false, "bad.gz", 1, "the gzip data is corrupt");
        file[places[i]] ^= 0xff;
    }
    memset(file + 10, 0xff, bytes - 18); /* all of the deflated data */
    write_bytes("bad.gz", file, bytes);
    expect_refused(false, "bad.gz", 0, "the gzip data is corrupt");
}

static void refuses_bytes_after_the_gzip_data(void **state)
{
    (void)state;
    unsigned char file[2 * FILE_BYTES + 40] = {0};
    size_t bytes = make_gzip(file);
    static const char *const GARBAGE[] = {"\n", "garbage", "\x1f\x8b", "\x1f\x8b\x08 too little to be a header"};
    for (size_t i = 0; i < sizeof GARBAGE / sizeof GARBAGE[0]; i++) {
        memcpy(file + bytes, GARBAGE[i], strlen(GARBAGE[i]));
        write_bytes("bad.gz", file, bytes + strlen(GARBAGE[i]));
        expect_refused(false, "bad.gz", 0, "the gzip data is followed by bytes that are not");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_plain_files_with_any_limit),
        cmocka_unit_test(reads_gzip_files_with_any_limit),
        cmocka_unit_test(tells_gzip_by_the_bytes_not_the_name),
        cmocka_unit_test(reads_several_gzip_members_as_one_file),
        cmocka_unit_test(reads_labels),
        cmocka_unit_test(reads_a_gzip_file_that_shrank_a_thousandfold),
        cmocka_unit_test(refuses_what_is_no_file),
        cmocka_unit_test(refuses_an_empty_file),
        cmocka_unit_test(refuses_a_header_cut_short),
        cmocka_unit_test(refuses_another_magic),
        cmocka_unit_test(refuses_other_element_types_by_name),
        cmocka_unit_test(refuses_other_dimensions),
        cmocka_unit_test(refuses_zero_images_and_zero_sizes),
        cmocka_unit_test(refuses_more_or_fewer_bytes_than_the_header_says),
        cmocka_unit_test(checks_the_whole_file_under_a_limit),
        cmocka_unit_test(takes_no_memory_for_what_a_header_claims),
        cmocka_unit_test(refuses_gzip_data_cut_short),
        cmocka_unit_test(refuses_corrupt_gzip_data),
        cmocka_unit_test(refuses_bytes_after_the_gzip_data),
    };
    return cmocka_run_group_tests(tests, files_setup, files_teardown);
}
