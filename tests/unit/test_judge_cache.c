/* Judges that are kept: where, that they come back bit by bit, and that what is no judge of these images is neither
 * taken for one nor in the way of one. */
#include "scratch.h"
#include "tiny_images.h"

#include "eval/judge_cache.h"
#include "eval/judge_file.h"
#include "io/safetensors.h"
#include "nn/matmul.h"
#include "nn/network.h"

static const struct watch NOBODY;

enum { CHECKSUM = 0xbeef };

static struct judge_source source_of(struct tiny_images tiny)
{
    return (struct judge_source){TINY_SHAPE, tiny_labelled(tiny), CHECKSUM};
}

/* The scratch folder's "cache" is the cache folder, which is not there yet. */
static void use_cache(void **state)
{
    char path[SCRATCH_PATH];
    assert_int_equal(setenv("XDG_CACHE_HOME", scratch_path(state, "cache", path), 1), 0);
}

/* --- where --- */

/* NULL: unset. */
static void set(const char *name, const char *value)
{
    assert_int_equal(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

static void assert_path(const char *cache, const char *home, const char *wanted)
{
    const struct judge_source source = {.checksum = CHECKSUM};
    struct error error = {0};
    set("XDG_CACHE_HOME", cache);
    set("HOME", home);
    char *path = judge_cache_path(&source, &error);
    if (wanted) {
        assert_non_null(path);
        assert_string_equal(path, wanted);
    } else {
        assert_null(path);
        assert_int_equal(error.status, STATUS_FAILED);
        assert_contains(error.message, "neither $XDG_CACHE_HOME nor $HOME names one");
    }
    free(path);
}

static void paths(void **state)
{
    (void)state;
    assert_path("/cache", "/home", "/cache/gan-train/judge-0000beef.safetensors");
    assert_path("/cache/", NULL, "/cache/gan-train/judge-0000beef.safetensors");
    assert_path(NULL, "/home", "/home/.cache/gan-train/judge-0000beef.safetensors");
    assert_path("", "/home", "/home/.cache/gan-train/judge-0000beef.safetensors");
    assert_path("cache", "/home", "/home/.cache/gan-train/judge-0000beef.safetensors"); /* a relative one is none */
    assert_path("/", "/home", "/gan-train/judge-0000beef.safetensors");
    assert_path(NULL, NULL, NULL);
    assert_path("", "", NULL);
    assert_path("cache", "home", NULL);
}

/* --- judges --- */

static void assert_equal(const struct judge *a, const struct judge *b)
{
    assert_int_equal(a->network->parameter_count, b->network->parameter_count);
    assert_memory_equal(a->network->parameters, b->network->parameters, a->network->parameter_count * sizeof(real));
    assert_memory_equal(&a->shape, &b->shape, sizeof a->shape);
}

static struct judge *obtain(const struct judge_source *source, struct judge_find *find)
{
    struct error error = {0};
    struct judge *judge = judge_obtain(source, &NOBODY, find, &error);
    assert_non_null(judge);
    return judge;
}

static void assert_find(const struct judge_find *find, bool trained, bool damaged, bool kept)
{
    if (find->trained != trained || find->damaged != damaged || find->kept != kept) {
        fail_msg("trained %d, damaged %d, kept %d (%s); wanted %d, %d, %d", find->trained, find->damaged, find->kept,
                 find->why_not.message, trained, damaged, kept);
    }
}

static void kept_and_found(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 1);
    const struct judge_source source = source_of(tiny);
    struct judge_find find;
    char wanted[SCRATCH_PATH];
    assert_null(judge_cache_load(&source, &find));
    assert_find(&find, false, false, false);
    assert_string_equal(find.path, scratch_path(state, "cache/gan-train/judge-0000beef.safetensors", wanted));
    judge_find_free(&find);
    assert_null(find.path);
    assert_int_equal(scratch_count(state), 0); /* a look makes no folder */

    struct judge *trained = obtain(&source, &find);
    assert_find(&find, true, false, true);
    assert_string_equal(find.path, wanted);
    judge_find_free(&find);
    struct judge *found = obtain(&source, &find);
    assert_find(&find, false, false, true);
    assert_equal(found, trained);
    judge_free(found);
    judge_find_free(&find);
    found = judge_cache_load(&source, &find);
    assert_non_null(found);
    assert_find(&find, false, false, true);
    assert_equal(found, trained);
    judge_free(found);
    judge_find_free(&find);
    judge_free(trained);
    tiny_free(tiny);
}

static void another_for_other_images(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 2);
    struct judge_source source = source_of(tiny);
    struct judge_find find;
    judge_free(obtain(&source, &find));
    judge_find_free(&find);
    source.checksum++;
    judge_free(obtain(&source, &find));
    assert_find(&find, true, false, true);
    judge_find_free(&find);
    source.checksum--;
    judge_free(obtain(&source, &find));
    assert_find(&find, false, false, true); /* both are kept */
    judge_find_free(&find);
    tiny_free(tiny);
}

static void stopped(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 3);
    const struct judge_source source = source_of(tiny);
    const volatile sig_atomic_t stop = 1;
    const struct watch watch = {.stop = &stop};
    struct judge_find find;
    struct error error = {0};
    assert_null(judge_obtain(&source, &watch, &find, &error));
    assert_int_equal(error.status, STATUS_STOPPED);
    assert_find(&find, false, false, false);
    judge_find_free(&find);
    assert_int_equal(scratch_count(state), 0);
    judge_free(obtain(&source, &find));
    judge_find_free(&find);
    struct judge *judge = judge_obtain(&source, &watch, &find, &error); /* one that is kept needs no time */
    assert_non_null(judge);
    judge_free(judge);
    judge_find_free(&find);
    tiny_free(tiny);
}

/* --- what is no judge --- */

/* Keeps a judge and gives the bytes of its file, to be freed, and its path. */
static char *keep_one(const struct judge_source *source, char path[SCRATCH_PATH], size_t *size)
{
    struct judge_find find;
    judge_free(obtain(source, &find));
    assert_find(&find, true, false, true);
    snprintf(path, SCRATCH_PATH, "%s", find.path);
    judge_find_free(&find);
    return scratch_read(path, size);
}

static void write_all(const char *path, const char *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static void put_byte(const char *path, size_t place, char byte)
{
    FILE *stream = fopen(path, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, (long)place, SEEK_SET), 0);
    assert_int_equal(fputc(byte, stream), (unsigned char)byte);
    assert_int_equal(fclose(stream), 0);
}

/* What is there is refused, and that is not an error. */
static void assert_no_good(const struct judge_source *source, const char *what, size_t where)
{
    struct judge_find find;
    struct judge *judge = judge_cache_load(source, &find);
    if (judge || !find.damaged || find.kept || !strstr(find.why_not.message, find.path)) {
        fail_msg("%s %zu is taken: %s", what, where, find.why_not.message);
    }
    judge_find_free(&find);
}

/* A new judge takes its place, and is the one that was there before. */
static void assert_replaced(const struct judge_source *source, const char *path, const char *bytes, size_t size)
{
    struct judge_find find;
    judge_free(obtain(source, &find));
    assert_find(&find, true, true, true);
    judge_find_free(&find);
    size_t found;
    char *now = scratch_read(path, &found);
    assert_int_equal(found, size);
    assert_memory_equal(now, bytes, size);
    free(now);
    judge_free(obtain(source, &find));
    assert_find(&find, false, false, true);
    judge_find_free(&find);
}

static void damaged(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 4);
    const struct judge_source source = source_of(tiny);
    char path[SCRATCH_PATH];
    size_t size;
    char *bytes = keep_one(&source, path, &size);
    const size_t header = 8 + (size_t)(unsigned char)bytes[0] + 256 * (size_t)(unsigned char)bytes[1];
    assert_true(header > 500 && header < size);
    for (size_t i = 0; i < header; i++) {
        put_byte(path, i, (char)(bytes[i] ^ (1 << i % 8)));
        assert_no_good(&source, "a changed byte", i);
        put_byte(path, i, bytes[i]);
    }
    const size_t places[] = {header, header + 3, (header + size) / 2, size - 1};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        put_byte(path, places[i], (char)(bytes[places[i]] ^ 1));
        assert_no_good(&source, "a changed byte", places[i]);
        put_byte(path, places[i], bytes[places[i]]);
    }
    const size_t lengths[] = {size - 1, size / 2, header, header - 1, 100, 8, 7, 1, 0};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        assert_int_equal(truncate(path, (off_t)lengths[i]), 0);
        assert_no_good(&source, "a file cut at", lengths[i]);
        if (i == 0) {
            assert_replaced(&source, path, bytes, size);
        } else {
            write_all(path, bytes, size);
        }
    }
    struct judge_find find;
    judge_free(obtain(&source, &find));
    assert_find(&find, false, false, true); /* all of that was the file's fault */
    judge_find_free(&find);
    free(bytes);
    tiny_free(tiny);
}

/* A whole judge, but of other images, or differently trained. */
static void of_another(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 5);
    const struct judge_source source = source_of(tiny);
    char path[SCRATCH_PATH], other_path[SCRATCH_PATH];
    size_t size, other_size;
    char *bytes = keep_one(&source, path, &size);
    struct judge_source other = source;
    other.checksum = 1;
    char *others = keep_one(&other, other_path, &other_size);
    write_all(path, others, other_size);
    assert_no_good(&source, "one of images with checksum", 1);
    assert_replaced(&source, path, bytes, size);

    const struct judge_shape shapes[] = {
        {TINY_WIDTH, TINY_HEIGHT, TINY_CLASSES, TINY_UPDATES},
        {TINY_HEIGHT, TINY_WIDTH, TINY_CLASSES + 1, TINY_UPDATES},
        {TINY_HEIGHT, TINY_WIDTH, TINY_CLASSES, TINY_UPDATES + 1},
        {TINY_HEIGHT, TINY_WIDTH, TINY_CLASSES, 0},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        other = source;
        other.shape = shapes[i];
        assert_no_good(&other, "one of shape", i);
    }
    other.shape = shapes[1];
    struct judge_find find;
    judge_free(obtain(&other, &find));
    assert_find(&find, true, true, true);
    judge_find_free(&find);
    assert_no_good(&source, "one of classes", TINY_CLASSES + 1);
    free(bytes);
    free(others);
    tiny_free(tiny);
}

/* A file of which all is well but that it says `judge` of itself, or that its tensors are `count` of `bytes` each. */
static void write_other(const char *path, const char *identity, size_t count, size_t bytes)
{
    static const char *const NAMES[] = {"0.weight", "0.bias", "3.weight", "3.bias", "6.weight", "6.bias"};
    static real zeros[600 * 512];
    struct safetensors_tensor tensors[6];
    struct error error;
    for (size_t i = 0; i < count; i++) {
        tensors[i] = (struct safetensors_tensor){
            .name = NAMES[i], .type = "F32", .rank = 1, .shape = {bytes / 4}, .data = zeros, .bytes = bytes};
    }
    const struct safetensors_entry metadata[] = {{"format", "pt"}, {"judge", identity}};
    assert_true(safetensors_save(path, metadata, identity ? 2 : 1, tensors, count, &error));
}

static void of_another_kind(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 6);
    const struct judge_source source = source_of(tiny);
    char path[SCRATCH_PATH], identity[256] = "", other[256];
    size_t size;
    char *bytes = keep_one(&source, path, &size);
    const char *found = strstr(bytes + 8, "\"judge\":\"");
    assert_non_null(found);
    assert_int_equal(sscanf(found, "\"judge\":\"%255[^\"]", identity), 1);
    assert_contains(
        identity,
        "kind 1 of 3 classes of 4 x 5 images, 512-128, dropout 0.3, rate 0.001, 1 updates of 128, seed 1, checksum "
        "0000beef");
    snprintf(other, sizeof other, "kind 2%s", identity + strlen("kind 1"));
    write_other(path, other, 6, 4);
    assert_no_good(&source, "kind", 2);
    assert_replaced(&source, path, bytes, size);
    write_other(path, NULL, 6, 4);
    assert_no_good(&source, "no judge", 0);
    write_other(path, "", 6, 4);
    assert_no_good(&source, "no judge", 1);
    write_other(path, identity, 6, 4);
    assert_no_good(&source, "tensors of a number", 1);
    write_other(path, identity, 0, 4);
    assert_no_good(&source, "tensors", 0);
    scratch_put(path, "{}");
    assert_no_good(&source, "a text", 0);
    assert_int_equal(unlink(path), 0);
    struct judge_find find;
    judge_free(obtain(&source, &find));
    assert_find(&find, true, false, true); /* nothing there is no damage */
    judge_find_free(&find);
    free(bytes);
    tiny_free(tiny);
}

/* The message names the tensor that is not as wanted. */
static void a_tensor_of_another_size(void **state)
{
    const struct tiny_images tiny = tiny_make(200, 6);
    struct error error = {0};
    char path[SCRATCH_PATH];
    write_other(
        scratch_path(state, "judge", path),
        "kind 1 of 3 classes of 4 x 5 images, 512-128, dropout 0.3, rate 0.001, 1 updates of 128, seed 1, checksum "
        "0000beef",
        6, TINY_PIXELS * 512 * sizeof(real));
    assert_null(judge_load(path, TINY_SHAPE, CHECKSUM, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_contains(error.message, "has no 0.bias of 512 x 1 numbers");
    tiny_free(tiny);
}

/* --- where nothing can be kept --- */

/* Not a part of it. */
static void of_too_many_tensors(void **state)
{
    enum { HIDDEN = 8 }; /* with the last layer, 18 tensors */
    static const size_t WIDTHS[HIDDEN] = {1, 1, 1, 1, 1, 1, 1, 1};
    const struct network_spec spec = {.inputs = 1, .outputs = 2, .hidden_count = HIDDEN, .hidden = WIDTHS};
    struct error error = {0};
    struct judge judge = {TINY_SHAPE, network_create(&spec, &error)};
    char path[SCRATCH_PATH];
    assert_non_null(judge.network);
    assert_false(judge_save(scratch_path(state, "judge", path), &judge, CHECKSUM, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_contains(error.message, "judge: not written: the judge has more than 16 tensors");
    assert_int_equal(scratch_count(state), 0);
    network_free(judge.network);
}

static void assert_not_kept(const struct judge_source *source, bool damaged_one, const char *why)
{
    struct judge_find find;
    struct judge *judge = obtain(source, &find);
    assert_find(&find, true, damaged_one, false);
    assert_contains(find.why_not.message, why);
    judge_find_free(&find);
    judge_free(judge);
}

static void cannot_be_kept(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 7);
    const struct judge_source source = source_of(tiny);
    char path[SCRATCH_PATH];
    scratch_put(scratch_path(state, "cache", path), "a file");
    assert_not_kept(&source, false, "cache: is a file; a folder was wanted");
    assert_file_holds(path, "a file");
    assert_int_equal(unlink(path), 0);

    disk_is_full_at(1000);
    assert_not_kept(&source, false, "judge-0000beef.safetensors: cannot write: File too large");
    disk_has_room();
    scratch_path(state, "cache/gan-train", path);
    assert_int_equal(rmdir(path), 0); /* empty: nothing half written is left */

    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(mkdir(scratch_path(state, "cache/gan-train/judge-0000beef.safetensors", path), 0700), 0);
    assert_not_kept(&source, true, "judge-0000beef.safetensors: is a folder");
    assert_int_equal(rmdir(path), 0);
    scratch_path(state, "cache/gan-train", path);
    assert_int_equal(rmdir(path), 0);
    tiny_free(tiny);
}

/* Not even where a damaged one cannot be replaced. */
static void cannot_be_replaced(void **state)
{
    use_cache(state);
    const struct tiny_images tiny = tiny_make(200, 8);
    const struct judge_source source = source_of(tiny);
    char path[SCRATCH_PATH];
    size_t size;
    char *bytes = keep_one(&source, path, &size);
    put_byte(path, size - 1, (char)(bytes[size - 1] ^ 1));
    disk_is_full_at(1000);
    assert_not_kept(&source, true, "cannot write: File too large");
    disk_has_room();
    assert_replaced(&source, path, bytes, size);
    free(bytes);
    tiny_free(tiny);
}

static void no_cache_folder(void **state)
{
    (void)state;
    const struct tiny_images tiny = tiny_make(200, 9);
    const struct judge_source source = source_of(tiny);
    set("XDG_CACHE_HOME", NULL);
    set("HOME", NULL);
    struct judge_find find;
    assert_null(judge_cache_load(&source, &find));
    assert_null(find.path);
    assert_find(&find, false, false, false);
    judge_find_free(&find);
    assert_not_kept(&source, false, "there is no cache folder");
    tiny_free(tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),
        scratch_test(kept_and_found),
        scratch_test(another_for_other_images),
        scratch_test(stopped),
        scratch_test(damaged),
        scratch_test(of_another),
        scratch_test(of_another_kind),
        scratch_test(a_tensor_of_another_size),
        scratch_test(of_too_many_tensors),
        scratch_test(cannot_be_kept),
        scratch_test(cannot_be_replaced),
        scratch_test(no_cache_folder),
    };
    matmul_prepare();
    return cmocka_run_group_tests_name("judge_cache", tests, NULL, NULL);
}
