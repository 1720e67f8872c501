/* Gives a fuzz target each file of the folders that are named, without libFuzzer. A file at which the program does not
 * end has passed; the last one named is where it did. */
#include "fuzz.h"

#include "io/folder.h"
#include "io/regular.h"

#include <dirent.h>

/* Of a path, to be freed with free(); ends the program where that cannot be read. */
static uint8_t *contents(const char *path, size_t *size)
{
    struct error error;
    int descriptor;
    size_t got = 0;
    if (!regular_open(path, "a file of a corpus", &descriptor, size, &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    uint8_t *bytes = malloc(*size); /* of exactly its size, so that the sanitizer sees a step beyond it */
    promise(bytes && regular_read(path, descriptor, bytes, *size, &got, &error) && got == *size, "a file is read");
    close(descriptor);
    return bytes;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The files of a folder, in the order of their names; their number. */
static int replay(const char *folder)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        struct error error;
        size_t size;
        char *path = path_join(folder, entries[i]->d_name, &error);
        promise(path, "memory");
        printf("%s\n", path);
        fflush(stdout);
        uint8_t *bytes = contents(path, &size);
        LLVMFuzzerTestOneInput(bytes, size);
        free(bytes);
        free(path);
        free(entries[i]);
    }
    if (count > 0) {
        free(entries);
    }
    return count;
}

int main(int argc, char **argv)
{
    LLVMFuzzerTestOneInput(NULL, 0);
    int passed = 1;
    for (int i = 1; i < argc; i++) {
        int count = replay(argv[i]);
        if (count <= 0) {
            fprintf(stderr, "%s: has no files\n", argv[i]);
            return 1;
        }
        passed += count;
    }
    printf("%d passed, 0 failed\n", passed);
    return 0;
}
