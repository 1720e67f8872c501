/* Files of arrays, read back by others: IDX by the trainer's own reader, NumPy's byte by byte as its format has it. */
#include "data/idx.h"
#include "io/array.h"
#include "scratch.h"

static void idx_reads_back(void **state)
{
    char path[SCRATCH_PATH];
    struct error error;
    const size_t sizes[] = {300, 2, 3}, one[] = {70000};
    static unsigned char bytes[70000];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 7);
    }
    struct file *file = file_create(scratch_path(state, "images", path), &error);
    array_begin_idx(file, sizes, 3);
    file_write(file, bytes, 300 * 2 * 3);
    assert_true(file_commit(file, &error));
    struct idx idx;
    assert_true(idx_read_images(path, 0, &idx, &error));
    assert_int_equal(idx.count, 300);
    assert_int_equal(idx.height, 2);
    assert_int_equal(idx.width, 3);
    assert_memory_equal(idx.bytes, bytes, 1800);
    idx_free(&idx);

    file = file_create(scratch_path(state, "labels", path), &error);
    array_begin_idx(file, one, 1);
    file_write(file, bytes, sizeof bytes);
    assert_true(file_commit(file, &error));
    assert_true(idx_read_labels(path, &idx, &error));
    assert_int_equal(idx.count, 70000);
    assert_memory_equal(idx.bytes, bytes, sizeof bytes);
    idx_free(&idx);
}

/* numpy/lib/format.py, version 1.0. */
static void check_npy(void **state, const size_t *sizes, size_t dimensions, const char *shape)
{
    char path[SCRATCH_PATH], wanted[128];
    struct error error;
    size_t size;
    struct file *file = file_create(scratch_path(state, "a.npy", path), &error);
    array_begin_npy(file, sizes, dimensions);
    assert_true(file_commit(file, &error));
    char *bytes = scratch_read(path, &size);
    assert_int_equal(size % 64, 0);
    assert_memory_equal(bytes, "\x93NUMPY\x01\x00", 8);
    assert_int_equal((unsigned char)bytes[8] + 256 * (unsigned char)bytes[9], size - 10);
    assert_int_equal(bytes[size - 1], '\n');
    snprintf(wanted, sizeof wanted, "{'descr': '|u1', 'fortran_order': False, 'shape': (%s)}", shape);
    assert_memory_equal(bytes + 10, wanted, strlen(wanted));
    for (size_t i = 10 + strlen(wanted); i < size - 1; i++) {
        assert_int_equal(bytes[i], ' ');
    }
    free(bytes);
}

static void npy_as_numpy_has_it(void **state)
{
    check_npy(state, (const size_t[]){10, 28, 27}, 3, "10,28,27,");
    check_npy(state, (const size_t[]){7}, 1, "7,"); /* without the comma it would be no tuple */
    check_npy(state, (const size_t[]){4294967295, 4294967295, 4294967295}, 3, "4294967295,4294967295,4294967295,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(idx_reads_back),
        scratch_test(npy_as_numpy_has_it),
    };
    return cmocka_run_group_tests_name("array", tests, NULL, NULL);
}
