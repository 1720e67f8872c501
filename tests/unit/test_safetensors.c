/* Files of the format safetensors: what is written is read again, what is none or is damaged never. */
#include "scratch.h"

#include "base/memory.h"
#include "io/safetensors.h"

#include <errno.h>
#include <jansson.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const float WEIGHT[2][3] = {{-0.5f, -0.25f, 0}, {0.25f, 0.5f, 1e-40f}};
static const struct safetensors_entry METADATA[] = {{"program", "gan-train"}, {"step", "123"}};
static const struct safetensors_tensor TENSORS[] = {
    {.name = "weight", .type = "F32", .rank = 2, .shape = {2, 3}, .data = WEIGHT, .bytes = sizeof WEIGHT},
    {.name = "label", .type = "U8", .rank = 1, .shape = {3}, .data = "\1\2\3", .bytes = 3},
};

/* A copy of bytes [size] to be freed with free(), of exactly their size, so that a checker sees a step beyond it. */
static unsigned char *copy(const void *bytes, size_t size)
{
    unsigned char *block = malloc(size ? size : 1);
    assert_non_null(block);
    memcpy(block, bytes, size);
    return block;
}

/* The bytes are refused in one line with status 2 that has the telling words, or NULL for any. */
static void refuse_bytes(const void *bytes, size_t size, const char *words)
{
    struct error error = {.message = ""};
    struct safetensors *file = safetensors_parse("some.safetensors", copy(bytes, size), size, &error);
    if (file) {
        fail_msg("taken; wanted \"%s\"", words ? words : "any refusal");
    }
    if (error.status != STATUS_USAGE || strncmp(error.message, "some.safetensors: ", 18) != 0 ||
        !strstr(error.message, "wanted") || (words && !strstr(error.message, words)) || strchr(error.message, '\n')) {
        fail_msg("status %d, \"%s\"; wanted \"%s\"", (int)error.status, error.message, words ? words : "any words");
    }
}

/* A header [length] and data [data_bytes] as a file's bytes, to be freed with free(); their size in *size. */
static unsigned char *compose(const char *header, size_t length, size_t data_bytes, size_t *size)
{
    *size = 8 + length + data_bytes;
    unsigned char *bytes = calloc(*size, 1);
    assert_non_null(bytes);
    for (size_t b = 0; b < 8; b++) {
        bytes[b] = (unsigned char)((uint64_t)length >> 8 * b);
    }
    memcpy(bytes + 8, header, length);
    return bytes;
}

static void refuse_header(const char *header, size_t data_bytes, const char *words)
{
    size_t size;
    unsigned char *bytes = compose(header, strlen(header), data_bytes, &size);
    refuse_bytes(bytes, size, words);
    free(bytes);
}

static struct safetensors *taken(const char *header, size_t data_bytes)
{
    size_t size;
    struct error error = {.message = ""};
    unsigned char *bytes = compose(header, strlen(header), data_bytes, &size);
    struct safetensors *file = safetensors_parse("some", bytes, size, &error);
    if (!file) {
        fail_msg("refused: %s", error.message);
    }
    return file;
}

static struct safetensors *loaded(const char *path)
{
    struct error error = {.message = ""};
    struct safetensors *file = safetensors_load(path, &error);
    if (!file) {
        fail_msg("%s", error.message);
    }
    return file;
}

static void save(const char *path, const struct safetensors_entry *metadata, size_t entries,
                 const struct safetensors_tensor *tensors, size_t count)
{
    struct error error = {.message = ""};
    if (!safetensors_save(path, metadata, entries, tensors, count, &error)) {
        fail_msg("%s", error.message);
    }
}

static void expect_tensor(const struct safetensors *file, size_t i, const struct safetensors_tensor *wanted)
{
    const struct safetensors_tensor *found = safetensors_find(file, wanted->name);
    assert_non_null(found);
    assert_ptr_equal(found, safetensors_tensor(file, i));
    assert_string_equal(found->name, wanted->name);
    assert_string_equal(found->type, wanted->type);
    assert_int_equal(found->rank, wanted->rank);
    assert_memory_equal(found->shape, wanted->shape, sizeof wanted->shape);
    assert_int_equal(found->bytes, wanted->bytes);
    assert_memory_equal(found->data, wanted->data, wanted->bytes);
}

/* The small file that the tests of damage work on. */
static unsigned char *small_file(void **state, size_t *size)
{
    char path[SCRATCH_PATH];
    save(scratch_path(state, "small", path), METADATA, COUNT(METADATA), TENSORS, COUNT(TENSORS));
    return (unsigned char *)scratch_read(path, size);
}

/* CRC-32 bit by bit, as its definition has it. */
static uint32_t crc(const unsigned char *bytes, size_t size)
{
    uint32_t sum = 0xffffffff;
    for (size_t i = 0; i < size; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
        }
    }
    return ~sum;
}

static void writes_these_very_bytes(void **state)
{
    size_t size;
    unsigned char *bytes = small_file(state, &size);
    static const char HEADER[] =
        "{\"__metadata__\":{\"checksum\":\"00000000\",\"program\":\"gan-train\",\"step\":\"123\"},"
        "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
        "\"label\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[24,27]}}";
    const size_t length = (sizeof HEADER - 1 + 7) / 8 * 8;
    assert_int_not_equal(length, sizeof HEADER - 1); /* so that there are blanks to be seen */
    assert_int_equal(size, 8 + length + 27);
    assert_memory_equal(bytes, ((unsigned char[8]){(unsigned char)length}), 8);
    char digits[9] = "";
    memcpy(digits, bytes + 37, 8);
    memset(bytes + 37, '0', 8);
    assert_memory_equal(bytes + 8, HEADER, sizeof HEADER - 1);
    for (size_t i = 8 + sizeof HEADER - 1; i < 8 + length; i++) {
        assert_int_equal(bytes[i], ' ');
    }
    assert_memory_equal(bytes + 8 + length, WEIGHT, 24);
    assert_memory_equal(bytes + 8 + length + 24, "\1\2\3", 3);
    char sum[9];
    snprintf(sum, sizeof sum, "%08x", crc(bytes, size));
    assert_string_equal(digits, sum);
    free(bytes);
    assert_int_equal(scratch_count(state), 1);
}

static void reads_what_it_wrote(void **state)
{
    char path[SCRATCH_PATH];
    save(scratch_path(state, "file", path), METADATA, COUNT(METADATA), TENSORS, COUNT(TENSORS));
    struct safetensors *file = loaded(path);
    assert_int_equal(safetensors_count(file), COUNT(TENSORS));
    for (size_t i = 0; i < COUNT(TENSORS); i++) {
        expect_tensor(file, i, &TENSORS[i]);
    }
    assert_string_equal(safetensors_metadata(file, "program"), "gan-train");
    assert_string_equal(safetensors_metadata(file, "step"), "123");
    assert_int_equal(strlen(safetensors_metadata(file, "checksum")), 8);
    assert_null(safetensors_metadata(file, "steps"));
    assert_null(safetensors_find(file, "weigh"));
    assert_null(safetensors_find(file, "__metadata__"));
    assert_int_equal((uintptr_t)safetensors_find(file, "weight")->data % 8, 0);
    safetensors_free(file);
    safetensors_free(NULL);
}

static void keeps_every_type_and_rank(void **state)
{
    static const struct {
        const char *type;
        size_t bytes;
    } TYPES[] = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
                 {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
                 {"U32", 4},  {"F32", 4}, {"I64", 8}, {"U64", 8},     {"F64", 8}};
    char path[SCRATCH_PATH];
    static unsigned char data[8 * 2 * 3 * 2];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (unsigned char)(i * 37 + 1);
    }
    static const size_t ELEMENTS[SAFETENSORS_RANK_MAX + 1] = {1, 2, 6, 6, 6, 12, 12, 12, 12};
    for (size_t rank = 0; rank <= SAFETENSORS_RANK_MAX; rank++) {
        struct safetensors_tensor tensors[COUNT(TYPES)];
        for (size_t i = 0; i < COUNT(TYPES); i++) {
            tensors[i] = (struct safetensors_tensor){.name = TYPES[i].type, .type = TYPES[i].type, .rank = rank};
            memcpy(tensors[i].shape, (size_t[]){2, 3, 1, 1, 2, 1, 1, 1}, rank * sizeof(size_t));
            tensors[i].bytes = TYPES[i].bytes * ELEMENTS[rank];
            tensors[i].data = data;
        }
        save(scratch_path(state, "file", path), NULL, 0, tensors, COUNT(TYPES));
        struct safetensors *file = loaded(path);
        for (size_t i = 0; i < COUNT(TYPES); i++) {
            expect_tensor(file, i, &tensors[i]);
        }
        safetensors_free(file);
    }
}

static void keeps_nothing_and_empty_tensors(void **state)
{
    char path[SCRATCH_PATH];
    save(scratch_path(state, "file", path), NULL, 0, NULL, 0);
    struct safetensors *file = loaded(path);
    assert_int_equal(safetensors_count(file), 0);
    assert_null(safetensors_find(file, ""));
    assert_null(safetensors_metadata(file, ""));
    safetensors_free(file);
    const struct safetensors_tensor tensors[] = {
        {.name = "z", .type = "F64", .rank = 3, .shape = {4, 0, 2}},
        TENSORS[0],
        {.name = "", .type = "U8", .rank = 1, .shape = {0}, .data = ""},
        TENSORS[1],
        {.name = "a", .type = "U8", .rank = 1, .shape = {0}},
    };
    save(path, NULL, 0, tensors, COUNT(tensors));
    file = loaded(path);
    assert_int_equal(safetensors_count(file), COUNT(tensors));
    for (size_t i = 0; i < COUNT(tensors); i++) {
        const struct safetensors_tensor *tensor = safetensors_find(file, tensors[i].name);
        assert_ptr_equal(tensor, safetensors_tensor(file, i));
        assert_int_equal(tensor->bytes, tensors[i].bytes);
    }
    expect_tensor(file, 3, &TENSORS[1]);
    safetensors_free(file);
}

static void keeps_names_and_texts_of_any_characters(void **state)
{
    char path[SCRATCH_PATH], long_text[20000];
    memset(long_text, '"', sizeof long_text - 1); /* each escaped */
    long_text[sizeof long_text - 1] = '\0';
    static const char STRANGE[] = "\"\\/ \t\n\x01\x7f \xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80 {}[],:";
    const struct safetensors_entry metadata[] = {{STRANGE, "one"}, {"", ""}, {"long", long_text}, {"strange", STRANGE}};
    struct safetensors_tensor tensors[] = {TENSORS[0], TENSORS[1]};
    tensors[0].name = STRANGE;
    tensors[1].name = long_text;
    save(scratch_path(state, "file", path), metadata, COUNT(metadata), tensors, COUNT(tensors));
    struct safetensors *file = loaded(path);
    expect_tensor(file, 0, &tensors[0]);
    expect_tensor(file, 1, &tensors[1]);
    for (size_t i = 0; i < COUNT(metadata); i++) {
        assert_string_equal(safetensors_metadata(file, metadata[i].key), metadata[i].value);
    }
    safetensors_free(file);
}

/* Thousands of tensors, whose names come in no order. */
static void finds_one_of_many(void **state)
{
    enum { MANY = 5000 };
    static char names[MANY][16];
    static struct safetensors_tensor tensors[MANY];
    static unsigned short values[MANY];
    for (size_t i = 0; i < MANY; i++) {
        values[i] = (unsigned short)i;
        snprintf(names[i], sizeof names[i], "%zu", i * 7919 % 100003);
        tensors[i] = (struct safetensors_tensor){.name = names[i], .type = "U16", .data = &values[i], .bytes = 2};
    }
    char path[SCRATCH_PATH];
    save(scratch_path(state, "file", path), NULL, 0, tensors, MANY);
    struct safetensors *file = loaded(path);
    assert_int_equal(safetensors_count(file), MANY);
    for (size_t i = 0; i < MANY; i++) {
        expect_tensor(file, i, &tensors[i]);
    }
    assert_null(safetensors_find(file, "100003"));
    safetensors_free(file);
}

/* tests/golden/make_safetensors.py wrote it. */
static void reads_a_file_of_pythons(void **state)
{
    (void)state;
    static const float WEIGHTS[2][3] = {{-0.5f, -0.25f, 0}, {0.25f, 0.5f, 0.75f}};
    static const double SCALAR = 0.1;
    static const int64_t WHOLE[2] = {-1, INT64_C(1) << 62};
    static const uint16_t HALF[2] = {0x3c00, 0xc000};
    static const struct safetensors_tensor WANTED[] = {
        {.name = "Gr\xc3\xb6\xc3\x9f"
                 "e \"0\"\n",
         .type = "I64",
         .rank = 1,
         .shape = {2},
         .data = WHOLE,
         .bytes = 16},
        {.name = "scalar", .type = "F64", .data = &SCALAR, .bytes = 8},
        {.name = "empty", .type = "F32", .rank = 2, .shape = {0, 7}, .data = ""},
        {.name = "weight", .type = "F32", .rank = 2, .shape = {2, 3}, .data = WEIGHTS, .bytes = 24},
        {.name = "half", .type = "F16", .rank = 1, .shape = {2}, .data = HALF, .bytes = 4},
        {.name = "bytes", .type = "U8", .rank = 1, .shape = {5}, .data = "\0\1\xfe\xff\7", .bytes = 5},
        {.name = "flags", .type = "BOOL", .rank = 2, .shape = {3, 1}, .data = "\1\0\1", .bytes = 3},
    };
    struct safetensors *file = loaded("tests/golden/python.safetensors");
    assert_int_equal(safetensors_count(file), COUNT(WANTED));
    for (size_t i = 0; i < COUNT(WANTED); i++) {
        expect_tensor(file, i, &WANTED[i]);
    }
    assert_string_equal(safetensors_metadata(file, "program"), "another");
    assert_string_equal(safetensors_metadata(file, "note"), "tab\tquote\" \xe4\xb8\xad");
    assert_null(safetensors_metadata(file, "checksum"));
    safetensors_free(file);
}

/* Blanks, escapes, any order of members and places, as other programs may have them. */
static void reads_what_the_format_allows(void **state)
{
    (void)state;
    struct safetensors *file =
        taken("{ \"b\\u0062\" : { \"data_offsets\" : [ 2 , 4 ] , \"shape\" : [ 2 ] , \"dtype\" : \"U8\" } ,\n"
              "\t\"__metadata__\" : { } , \"a\":{\"dtype\":\"U16\",\"shape\":[],\"data_offsets\":[0,2]}\r\n} \n ",
              4);
    assert_int_equal(safetensors_count(file), 2);
    assert_string_equal(safetensors_tensor(file, 0)->name, "bb");
    const unsigned char *first = safetensors_find(file, "a")->data;
    assert_ptr_equal(safetensors_find(file, "bb")->data, first + 2);
    safetensors_free(file);
    safetensors_free(taken("{}", 0));
}

static void refuses_any_changed_byte(void **state)
{
    size_t size;
    unsigned char *bytes = small_file(state, &size);
    for (size_t i = 0; i < size; i++) {
        const unsigned char right = bytes[i];
        for (unsigned value = 0; value < 256; value++) {
            bytes[i] = (unsigned char)value;
            if (value != right) {
                refuse_bytes(bytes, size, NULL);
            }
        }
        bytes[i] = right;
    }
    struct error error;
    struct safetensors *file = safetensors_parse("some", bytes, size, &error); /* it is whole again */
    assert_non_null(file);
    safetensors_free(file);
}

static void refuses_any_other_length(void **state)
{
    size_t size;
    unsigned char *bytes = small_file(state, &size), *longer = calloc(size + 100, 1);
    assert_non_null(longer);
    memcpy(longer, bytes, size);
    for (size_t length = 0; length < size + 100; length++) {
        if (length != size) {
            refuse_bytes(longer, length, NULL);
        }
    }
    free(longer);
    free(bytes);
}

static void says_that_a_file_is_damaged(void **state)
{
    size_t size;
    char sum[9] = "", words[128];
    unsigned char *bytes = small_file(state, &size);
    memcpy(sum, bytes + 37, 8);
    bytes[size - 1] ^= 0x10;
    snprintf(words, sizeof words, "; wanted %s, as it says itself: the file is damaged", sum);
    refuse_bytes(bytes, size, words);
    bytes[size - 1] ^= 0x10;
    refuse_bytes(bytes, size - 1, words);
    memcpy(bytes + 37, "ABCDEF12", 8);
    refuse_bytes(bytes, size, "wanted ABCDEF12, as it says itself: the file is damaged");
    free(bytes);
}

/* As a program leaves it that reads the metadata, changes something and writes all anew. */
static void refuses_a_checksum_elsewhere(void **state)
{
    (void)state;
    refuse_header("{\"__metadata__\":{\"step\":\"7\",\"checksum\":\"01234567\"}}", 0,
                  "has a checksum, \"01234567\", that is none of its header's first bytes");
    refuse_header("{\"__metadata__\":{\"a\":\"7\",\"\\u0063hecksum\":\"01234567\"}}", 0,
                  "has a checksum, \"01234567\"");
    refuse_header("{ \"__metadata__\":{\"checksum\":\"01234567\"}}", 0, "has a checksum, \"01234567\"");
    refuse_header("{\"__metadata__\":{\"checksum\":\"\"}}", 0, "has a checksum, \"\"");
    refuse_header("{\"__metadata__\":{\"checksum\":\"01\"}}", 0, "has a checksum, \"01\"");
}

static void refuses_what_is_no_file(void **state)
{
    char path[SCRATCH_PATH];
    struct {
        const char *name, *words;
    } cases[] = {{"missing", "No such file or directory; wanted a safetensors file"},
                 {"folder", "is a folder; wanted a safetensors file"},
                 {"pipe", "is not a regular file; wanted a safetensors file"},
                 {"empty", "is empty; wanted a safetensors file"},
                 {"short", "has 8 bytes; wanted a safetensors file, of 10 or more"},
                 {"picture", "begins with the bytes 89 50 4e 47 0d 0a 1a 0a 00; wanted a safetensors file"}};
    assert_int_equal(mkdir(scratch_path(state, "folder", path), 0700), 0);
    assert_int_equal(mkfifo(scratch_path(state, "pipe", path), 0600), 0);
    scratch_put(scratch_path(state, "empty", path), "");
    scratch_put(scratch_path(state, "short", path), "{\"a\": 1}");
    /* of more bytes than there is memory */
    FILE *picture = fopen(scratch_path(state, "picture", path), "wb");
    assert_non_null(picture);
    fputs("\x89PNG\r\n\x1a\n", picture);
    assert_int_equal(ftruncate(fileno(picture), INT64_C(1) << 43), 0);
    assert_int_equal(fclose(picture), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error error = {.message = ""};
        scratch_path(state, cases[i].name, path);
        alarm(5); /* a reader that waits for the pipe's other end dies here */
        assert_null(safetensors_load(path, &error));
        alarm(0);
        assert_int_equal(error.status, STATUS_USAGE);
        assert_memory_equal(error.message, path, strlen(path));
        assert_contains(error.message, cases[i].words);
    }
}

static void refuses_bad_lengths(void **state)
{
    (void)state;
    refuse_bytes("", 0, "has 0 bytes; wanted");
    refuse_bytes("\1\0\0\0\0\0\0\0{}", 10, "begins with the bytes 01 00 00 00 00 00 00 00 7b; wanted");
    refuse_bytes("\0\0\0\0\0\0\0\0{}", 10, "begins with the bytes 00 00 00 00 00 00 00 00 7b; wanted");
    refuse_bytes("\x01\xe1\xf5\x05\0\0\0\0{}", 10, "a length from 2 to 100000000"); /* 100,000,001 */
    refuse_bytes("\x00\xe1\xf5\x05\0\0\0\0{}", 10, "has 10 bytes; wanted a header of 100000000 and more");
    refuse_bytes("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10, "a length from 2 to 100000000");
    refuse_bytes("\3\0\0\0\0\0\0\0{}", 10, "has 10 bytes; wanted a header of 3 and more: it is cut short");
    refuse_bytes("\2\0\0\0\0\0\0\0[]", 10, "then '{'");
    refuse_bytes("\3\0\0\0\0\0\0\0 {}", 11, "then '{'");
}

static void refuses_bad_json(void **state)
{
    (void)state;
    static const struct {
        const char *header, *words;
    } CASES[] = {
        {"{ ", "its header ends after 2 bytes; wanted '\"' and a name"},
        {"{{}}", "byte 1 of its header is 0x7b; wanted '\"' and a name"},
        {"{,}", "byte 1 of its header is 0x2c; wanted '\"' and a name"},
        {"{}x", "byte 2 of its header is 0x78; wanted blanks alone after the last '}'"},
        {"{}{}", "wanted blanks alone"},
        {"{\"a", "byte 1 of its header begins bad JSON (premature end of input near '\"a'); wanted"},
        {"{\"a\"}", "wanted ':'"},
        {"{\"a\":", "begins bad JSON"},
        {"{\"a\":}", "begins bad JSON"},
        {"{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", "wanted ',' or '}'"},
        {"{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}]", "wanted ',' or '}'"},
        {"{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},}", "wanted '\"' and a name"},
        {"{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", "duplicate object key"},
        {"{\"\\u0000\":{}}", "begins bad JSON"},
        {"{\"\xff\":{}}", "begins bad JSON"},
        {"{\"\xed\xa0\x80\":{}}", "begins bad JSON"}, /* half of a surrogate pair */
        {"{\"a\nb\":{}}", "begins bad JSON"},
        {"{\"__metadata__\":[]}", "wanted '{'"},
        {"{\"__metadata__\":\"a\"}", "wanted '{'"},
        {"{\"__metadata__\":{\"a\":1}}", "wanted a string, as all metadata are"},
        {"{\"__metadata__\":{\"a\":{}}}", "wanted a string"},
        {"{\"__metadata__\":{\"a\":null}}", "wanted a string"},
        {"{\"__metadata__\":{\"a\":\"b\",\"a\":\"b\"}}", "its metadata has \"a\" twice; wanted keys that differ"},
        {"{\"__metadata__\":{\"a\":\"b\",\"\\u0061\":\"b\"}}", "its metadata has \"a\" twice"},
        {"{\"__metadata__\":{},\"__metadata__\":{}}", "its header has __metadata__ twice"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        refuse_header(CASES[i].header, 0, CASES[i].words);
    }
    size_t size;
    unsigned char *bytes = compose("{}\0 ", 4, 0, &size);
    refuse_bytes(bytes, size, "byte 2 of its header is 0x00");
    free(bytes);
}

static void refuses_bad_descriptions(void **state)
{
    (void)state;
    static const struct {
        const char *description, *words;
    } CASES[] = {
        {"1", "is not described by dtype, shape and data_offsets"},
        {"[]", "is not described by"},
        {"{}", "is not described by"},
        {"{\"dtype\":\"U8\",\"shape\":[4]}", "is not described by"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4],\"more\":1}", "is not described by"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"offsets\":[0,4]}", "lacks data_offsets; wanted two whole numbers"},
        {"{\"type\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}", "lacks dtype or shape"},
        {"{\"dtype\":8,\"shape\":[4],\"data_offsets\":[0,4]}", "lacks dtype or shape"},
        {"{\"dtype\":\"U8\",\"shape\":4,\"data_offsets\":[0,4]}", "lacks dtype or shape"},
        {"{\"dtype\":\"U8\",\"shape\":{},\"data_offsets\":[0,4]}", "lacks dtype or shape"},
        {"{\"dtype\":\"u8\",\"shape\":[4],\"data_offsets\":[0,4]}", "is of type u8; wanted BOOL, F32 or another"},
        {"{\"dtype\":\"C64\",\"shape\":[4],\"data_offsets\":[0,4]}", "is of type C64"},
        {"{\"dtype\":\"U8\",\"shape\":[-4],\"data_offsets\":[0,4]}", "has a shape not of whole numbers"},
        {"{\"dtype\":\"U8\",\"shape\":[4.0],\"data_offsets\":[0,4]}", "has a shape not of whole numbers"},
        {"{\"dtype\":\"U8\",\"shape\":[\"4\"],\"data_offsets\":[0,4]}", "has a shape not of whole numbers"},
        {"{\"dtype\":\"U8\",\"shape\":[true],\"data_offsets\":[0,4]}", "has a shape not of whole numbers"},
        {"{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}", "too big integer"},
        {"{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,4],\"data_offsets\":[0,4]}",
         "has 9 dimensions; wanted at most 8"},
        {"{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,4]}", "than this machine can address"},
        {"{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}",
         "than this machine can address"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[]}", "lacks data_offsets"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0]}", "lacks data_offsets"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4,4]}", "lacks data_offsets"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,\"4\"]}", "lacks data_offsets"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4.0]}", "lacks data_offsets"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":{\"0\":0,\"1\":4}}", "lacks data_offsets"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[-4,0]}", "lacks data_offsets"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,0]}", "has data_offsets 4 to 0; wanted 4 bytes, within"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,3]}", "has data_offsets 0 to 3; wanted 4 bytes"},
        {"{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]}", "wanted 5 bytes, within the file's 4 of data"},
        {"{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[1,5]}", "has data_offsets 1 to 5"},
        {"{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}", "begins at byte 1 of the data; wanted 0"},
        {"{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}", "has 4 bytes of data; wanted the 3 of its tensors"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        char header[256], words[128];
        snprintf(header, sizeof header, "{\"it\":%s}", CASES[i].description);
        refuse_header(header, 4, CASES[i].words);
        if (!strstr(CASES[i].words, "of data;") && !strstr(CASES[i].words, "too big")) {
            snprintf(words, sizeof words, "some.safetensors: the tensor \"it\"");
            refuse_header(header, 4, words);
        }
    }
}

static void refuses_tensors_that_do_not_fit_together(void **state)
{
    (void)state;
#define BYTES(name, count, begin, end)                                                                                 \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":[" #count "],\"data_offsets\":[" #begin "," #end "]}"
    refuse_header("{" BYTES("a", 2, 0, 2) "," BYTES("a", 2, 2, 4) "}", 4, "the tensor \"a\" is there twice");
    refuse_header("{" BYTES("a", 2, 0, 2) "," BYTES("b", 1, 0, 1) "," BYTES("\\u0061", 2, 2, 4) "}", 4, "wanted");
    refuse_header("{" BYTES("a", 2, 0, 2) "," BYTES("\\u0061", 2, 2, 4) "}", 4, "the tensor \"a\" is there twice");
    refuse_header("{" BYTES("a", 2, 0, 2) "," BYTES("b", 1, 3, 4) "}", 4,
                  "the tensor \"b\" begins at byte 3 of the data; wanted 2, where those before it end");
    refuse_header("{" BYTES("a", 3, 0, 3) "," BYTES("b", 2, 2, 4) "}", 4, "begins at byte 2 of the data; wanted 3");
    refuse_header("{" BYTES("a", 4, 0, 4) "," BYTES("b", 4, 0, 4) "}", 4, "begins at byte 0 of the data; wanted 4");
    refuse_header("{" BYTES("a", 4, 0, 4) "," BYTES("b", 0, 3, 3) "}", 4, "begins at byte 3 of the data; wanted 4");
    refuse_header("{}", 1, "has 1 bytes of data; wanted the 0 of its tensors");
    safetensors_free(taken("{" BYTES("a", 2, 2, 4) "," BYTES("b", 0, 2, 2) "," BYTES("c", 2, 0, 2) "}", 4));
#undef BYTES
}

/* Bytes that jansson holds, and has held at most. */
static size_t held, most_held;

static void *counted_allocate(size_t size)
{
    size_t *block = malloc(size + sizeof(max_align_t));
    if (!block) {
        return NULL;
    }
    *block = size;
    held += size;
    most_held = held > most_held ? held : most_held;
    return (char *)block + sizeof(max_align_t);
}

static void counted_free(void *memory)
{
    if (memory) {
        size_t *block = (size_t *)(void *)((char *)memory - sizeof(max_align_t));
        held -= *block;
        free(block);
    }
}

/* A header of `bytes` bytes: first, then part again and again. */
static char *repeated(const char *first, const char *part, size_t bytes)
{
    char *header = malloc(bytes + 1);
    assert_non_null(header);
    size_t length = strlen(first), step = strlen(part);
    memcpy(header, first, length);
    for (; length + step <= bytes; length += step) {
        memcpy(header + length, part, step);
    }
    header[length] = '\0';
    return header;
}

/* Each of these, as a tree of JSON in memory, would be 20 to 100 times as large as its text. */
static void takes_little_memory_for_a_hostile_header(void **state)
{
    (void)state;
    enum { MEGABYTES = 4 };
    static const struct {
        const char *first, *part, *words;
    } CASES[] = {
        {"{\"a\":[", "{},", "begins more than 4096 bytes; wanted a tensor's dtype"},
        {"{\"a\":[", "0,", "begins more than 4096 bytes"},
        {"{\"a\":", "[", "maximum parsing depth reached"},
        {"{\"a\":", "{\"a\":", "begins more than 4096 bytes"},
        {"{\"a\":", " ", "begins more than 4096 bytes"},
        {"{\"__metadata__\":{\"a\":", "[", "wanted a string"},
        {"{\"__metadata__\":{\"x\":\"\"", ",\"x\":\"\"", "wanted ',' or '}'"},
        {"{\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
         ",\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", "wanted ',' or '}'"},
        {"{\"", "x", "premature end of input"},
    };
    json_set_alloc_funcs(counted_allocate, counted_free);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        char *header = repeated(CASES[i].first, CASES[i].part, (size_t)MEGABYTES << 20);
        refuse_header(header, 0, CASES[i].words);
        free(header);
    }
    json_set_alloc_funcs(malloc, free);
    assert_int_equal(held, 0);
    assert_in_range(most_held, (size_t)MEGABYTES << 20, (size_t)(4 * MEGABYTES) << 20); /* a string as it grows */
}

/* How many blocks jansson gets before it is refused one. */
static size_t blocks_left;

static void *once_failing_allocate(size_t size)
{
    if (blocks_left-- == 0) {
        errno = ENOMEM;
        return NULL;
    }
    return malloc(size);
}

/* jansson is refused its first block, then its second alone ... until all goes well. */
static void says_when_memory_is_short(void **state)
{
    char path[SCRATCH_PATH];
    scratch_path(state, "file", path);
    json_set_alloc_funcs(once_failing_allocate, free);
    size_t refused = 0;
    for (bool whole = false; !whole; refused++) {
        struct error error = {.message = ""};
        blocks_left = refused;
        bool saved = safetensors_save(path, METADATA, COUNT(METADATA), TENSORS, COUNT(TENSORS), &error);
        struct safetensors *file = saved ? safetensors_load(path, &error) : NULL;
        whole = file != NULL;
        for (size_t i = 0; whole && i < COUNT(TENSORS); i++) {
            expect_tensor(file, i, &TENSORS[i]);
        }
        safetensors_free(file);
        if (!whole && (error.status != STATUS_FAILED || !strstr(error.message, "memory"))) {
            fail_msg("block %zu: status %d, \"%s\"", refused, (int)error.status, error.message);
        }
    }
    json_set_alloc_funcs(malloc, free);
    assert_in_range(refused, 50, 1000);
}

static void refuses_to_write_what_it_could_not_read(void **state)
{
    char path[SCRATCH_PATH];
    scratch_path(state, "file", path);
    scratch_put(path, "old");
    struct safetensors_tensor bad[] = {TENSORS[0], TENSORS[0], TENSORS[0], TENSORS[0], TENSORS[0], TENSORS[0]};
    bad[0].type = "F33";
    bad[1].bytes--;
    bad[2].rank = SAFETENSORS_RANK_MAX + 1;
    bad[3].shape[1] = SIZE_MAX;
    bad[4].name = "__metadata__";
    bad[5].name = "\xff";
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct error error = {.message = ""};
        assert_false(safetensors_save(path, NULL, 0, &bad[i], 1, &error));
        assert_int_equal(error.status, STATUS_FAILED);
        assert_memory_equal(error.message, path, strlen(path));
    }
    struct error error = {.message = ""};
    const struct safetensors_tensor twice[] = {TENSORS[0], TENSORS[0]};
    assert_false(safetensors_save(path, NULL, 0, twice, 2, &error));
    assert_contains(error.message, "\"weight\" is given twice");
    const struct safetensors_entry keys[][2] = {{{"a", "1"}, {"a", "2"}}, {{"a", "1"}, {"checksum", "2"}}};
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_false(safetensors_save(path, keys[i], 2, NULL, 0, &error));
        assert_contains(error.message, "is given twice");
    }
    assert_false(safetensors_save(path, &(struct safetensors_entry){"a", "\xff"}, 1, NULL, 0, &error));
    assert_contains(error.message, "not UTF-8");
    assert_file_holds(path, "old");
    assert_int_equal(scratch_count(state), 1);
}

static void keeps_the_old_file_where_the_disk_is_full(void **state)
{
    char path[SCRATCH_PATH];
    struct error error = {.message = ""};
    scratch_path(state, "file", path);
    save(path, METADATA, COUNT(METADATA), TENSORS, COUNT(TENSORS));
    disk_is_full_at(100);
    bool saved = safetensors_save(path, NULL, 0, TENSORS, COUNT(TENSORS), &error);
    disk_has_room();
    assert_false(saved);
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, "cannot write: File too large");
    assert_int_equal(scratch_count(state), 1);
    struct safetensors *file = loaded(path);
    assert_string_equal(safetensors_metadata(file, "step"), "123");
    safetensors_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(writes_these_very_bytes),
        scratch_test(reads_what_it_wrote),
        scratch_test(keeps_every_type_and_rank),
        scratch_test(keeps_nothing_and_empty_tensors),
        scratch_test(keeps_names_and_texts_of_any_characters),
        scratch_test(finds_one_of_many),
        scratch_test(reads_a_file_of_pythons),
        scratch_test(reads_what_the_format_allows),
        scratch_test(refuses_any_changed_byte),
        scratch_test(refuses_any_other_length),
        scratch_test(says_that_a_file_is_damaged),
        scratch_test(refuses_a_checksum_elsewhere),
        scratch_test(refuses_what_is_no_file),
        scratch_test(refuses_bad_lengths),
        scratch_test(refuses_bad_json),
        scratch_test(refuses_bad_descriptions),
        scratch_test(refuses_tensors_that_do_not_fit_together),
        scratch_test(takes_little_memory_for_a_hostile_header),
        scratch_test(says_when_memory_is_short),
        scratch_test(refuses_to_write_what_it_could_not_read),
        scratch_test(keeps_the_old_file_where_the_disk_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
