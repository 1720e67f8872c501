/* The log-likelihood of images under a Parzen window on generated ones: a Gaussian of width sigma around each of them
 * (Breuleux, Bengio and Vincent 2011; the protocol of Goodfellow et al. 2014, who report it for MNIST). In nats, of
 * pixels as numbers from 0 to 1:
 *
 *     log p(x) = log mean_j exp(-|x - mu_j|^2 / (2 sigma^2)) - pixels log(sigma sqrt(2 pi)).
 *
 * Sums are in double, in a fixed order, so that the OpenMP threads of the caller change no bit. The exponentials are
 * real_exp's; in the float build they put a log-likelihood off by 3e-7 + 6e-8 log(generated images) at most, which for
 * 10,000 of them is below 1e-6. */
#ifndef EVAL_PARZEN_H
#define EVAL_PARZEN_H

#include "eval/distances.h"
#include "eval/watch.h"

enum { PARZEN_SIGMAS = 10 };

/* The widths that are tried: from .1 to 1, each by the same factor wider. */
void parzen_candidates(double sigmas[PARZEN_SIGMAS]);

/* Windows on generated images. */
struct parzen_windows {
    struct image_set generated;
    const double *sigmas; /* [sigma_count] widths, each above 0: there are windows of each */
    size_t sigma_count;
};

/* The log-likelihood of each image under the windows of each width: [sigma_count][images.count]. Both sets have as many
 * pixels, and one image at least. After matmul_prepare(). False with STATUS_FAILED where memory is short (some 3 MiB a
 * thread are wanted). */
bool parzen_log_likelihoods(const struct parzen_windows *windows, struct image_set images, double *log_likelihoods,
                            struct error *error);

struct parzen {
    double sigma; /* the best of the widths; where it is the first or the last, a better one may lie beyond */
    double mean; /* log-likelihood of the test images, nats */
    double standard_error; /* of the mean: the sample standard deviation / sqrt(test images); NAN for one image */
};

/* The width with the best mean log-likelihood of the validation images (of equal ones the first), and the test images'
 * log-likelihood with it. As above; validation and test images should be none that the generator was trained on.
 * STATUS_STOPPED where the watch ended it. */
bool parzen_measure(const struct parzen_windows *windows, struct image_set validation, struct image_set test,
                    const struct watch *watch, struct parzen *result, struct error *error);

#endif
