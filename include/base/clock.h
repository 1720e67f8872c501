/* Time that only goes forward. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds since some moment before the program began, to the nanosecond where the machine can. */
double clock_seconds(void);

#endif
