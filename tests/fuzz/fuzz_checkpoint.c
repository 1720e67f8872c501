/* The reader of checkpoints, into a small gan. The bytes are a file, to which the right checksum is given: as they are
 * it would keep them from the reader. */
#include "fuzz.h"

#include "cli/options.h"
#include "gan/checkpoint.h"
#include "io/safetensors_format.h"

#include <zlib.h>

enum { PIXELS = 4, CLASSES = 3 };

static struct gan *small_gan(void)
{
    static struct options options;
    static struct gan *gan;
    char *words[] = {(char *)"gan-train",
                     (char *)"--preset=vanilla",
                     (char *)"--g_hidden=3",
                     (char *)"--d_hidden=3",
                     (char *)"--encoding_dims=2",
                     (char *)"--batch_size=2",
                     NULL};
    struct error error;
    if (!gan) {
        promise(options_parse(6, words, &options, &error), "options");
        gan = gan_create(&options.config, PIXELS, CLASSES, &error);
        promise(gan, "a gan");
    }
    return gan;
}

/* A file's bytes with the right checksum, where they have room for one. */
static void sign(uint8_t *bytes, size_t size)
{
    uint8_t *digits = bytes + SAFETENSORS_CHECKSUM_AT;
    if (size >= SAFETENSORS_CHECKSUM_AT + SAFETENSORS_DIGITS) {
        char sum[SAFETENSORS_DIGITS + 1];
        memcpy(digits, SAFETENSORS_NO_CHECKSUM, SAFETENSORS_DIGITS);
        snprintf(sum, sizeof sum, "%08lx", crc32_z(0, bytes, size));
        memcpy(digits, sum, SAFETENSORS_DIGITS);
    }
}

static void read_file(const char *path, struct gan *gan)
{
    struct error error = {0};
    struct checkpoint *checkpoint = checkpoint_load(path, &error);
    if (!checkpoint) {
        check_refusal(&error);
        return;
    }
    struct position position = {0};
    struct snapshot *last_good = snapshot_create(gan, &error);
    struct weights_taken taken;
    promise(last_good, "a snapshot");
    promise(checkpoint_config(checkpoint), "a configuration");
    if (!checkpoint_restore(checkpoint, gan, &position, last_good, &error)) {
        check_refusal(&error);
    }
    if (checkpoint_read_weights(checkpoint, gan, &taken, &error)) {
        promise(taken.generator + taken.discriminator <= taken.wanted, "no more tensors than the nets have");
        free(taken.lacking);
    } else {
        check_refusal(&error);
    }
    snapshot_free(last_good);
    checkpoint_free(checkpoint);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = calloc(size + 1, 1);
    promise(bytes, "memory");
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    sign(bytes, size);
    read_file(fuzz_file(bytes, size), small_gan());
    free(bytes);
    return 0;
}
