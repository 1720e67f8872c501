#include "cli/watch_view.h"

#include "base/clock.h"
#include "eval/judge.h"

#include <string.h>

static const double REDRAW_SECONDS = 0.1;

void watch_view_clear(struct watch_view *view)
{
    if (view->what) {
        fprintf(view->out, "\r\033[K");
        fflush(view->out);
        view->what = NULL;
    }
}

static void progress(void *context, const char *what, double done)
{
    struct watch_view *view = context;
    const double now = clock_seconds();
    if (view->quiet || (view->what == what && now - view->drawn < REDRAW_SECONDS)) {
        return;
    }
    if (view->terminal) {
        char run[64] = "";
        if (view->runs > 1 && view->run > 0) {
            snprintf(run, sizeof run, "run %zu of %zu: ", view->run, view->runs);
        }
        fprintf(view->out, "\r\033[K%s%s %.0f %%", run, what, 100 * done);
        fflush(view->out);
        view->what = what;
        view->drawn = now;
    } else if (!view->told && strcmp(what, JUDGE_TRAINING) == 0) {
        fprintf(view->out, "%s of these images\n", what);
        fflush(view->out);
        view->told = true;
    }
}

struct watch watch_view_begin(struct watch_view *view, const volatile sig_atomic_t *stop)
{
    return (struct watch){.progress = progress, .context = view, .stop = stop};
}
