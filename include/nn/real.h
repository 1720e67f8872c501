/* The number the nets compute in: float, or double in the build that checks gradients. */
#ifndef NN_REAL_H
#define NN_REAL_H

#ifdef GAN_DOUBLE
typedef double real;
#define REAL_TYPE "F64" /* its name in the format safetensors */
#else
typedef float real;
#define REAL_TYPE "F32"
#endif

#endif
