/* A judge as a file, in the format of safetensors (io/safetensors.h): tensors "0.weight" [512][pixels], "0.bias",
 * "3.weight" [128][512], "3.bias", "6.weight" [classes][128], "6.bias". */
#ifndef EVAL_JUDGE_FILE_H
#define EVAL_JUDGE_FILE_H

#include "eval/judge.h"

#include <stdint.h>

/* Writes a judge that was trained on images of this checksum, whole or not at all. */
bool judge_save(const char *path, const struct judge *judge, uint32_t checksum, struct error *error);

/* NULL with STATUS_USAGE where the file is damaged, no judge of this program's kind, or one of other images;
 * STATUS_FAILED where memory is short or the disk fails. */
struct judge *judge_load(const char *path, struct judge_shape shape, uint32_t checksum, struct error *error);

#endif
