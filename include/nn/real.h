/* The number the nets compute in: float, or double in the build that checks gradients. */
#ifndef NN_REAL_H
#define NN_REAL_H

#ifdef GAN_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#endif
