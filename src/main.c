/* gan-train: options, data, nets, training. The only file of the program that prints errors and exits. */
#include "base/clock.h"
#include "cli/options.h"

int main(void)
{
    return 0;
}
