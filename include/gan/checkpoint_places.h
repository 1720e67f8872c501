/* Under which name a file has a layer that is at another place of its net there. */
#ifndef GAN_CHECKPOINT_PLACES_H
#define GAN_CHECKPOINT_PLACES_H

#include "gan/checkpoint_tensors.h"
#include "io/safetensors.h"

/* The file's tensor for the one named `wanted` of the list; NULL: it has none. It is the one of that name, unless the
 * file has layers of this net, "NET.PLACE.weight", where the list has none or of another kind: dropout and activations
 * take places, too. Dense layers and batch norms are then counted, the second for the second. */
const struct safetensors_tensor *checkpoint_place_find(const struct safetensors *file,
                                                       const struct stored_tensors *list, const char *wanted);

#endif
