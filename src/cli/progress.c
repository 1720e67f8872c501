#include "cli/progress.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_DEFAULT = 80, LINE_MAX_LENGTH = 250, BAR_MIN = 4, BAR_MAX = 24, KEPT_LINES = 20 };

static const double REDRAW_SECONDS = 0.1;
static const double TIMED_SECONDS = 3; /* of updates, after which an epoch's time is worth telling */

struct line {
    char text[LINE_MAX_LENGTH + 1];
    size_t length, limit;
};

/* Adds a field; where it does not fit whole, neither it nor those that follow. */
static void add(struct line *line, const char *field)
{
    size_t length = strlen(field);
    if (line->length + length > line->limit) {
        line->limit = line->length;
        return;
    }
    memcpy(line->text + line->length, field, length + 1);
    line->length += length;
}

static double now(const struct progress_view *view)
{
    return view->now ? view->now() : clock_seconds();
}

static size_t terminal_columns(const struct progress_view *view)
{
    struct winsize size;
    if (view->columns) {
        return view->columns;
    }
    return ioctl(fileno(view->out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : COLUMNS_DEFAULT;
}

/* "0.4s", "42s", "3m12s", "1h05m", "2d03h". */
static void print_duration(double seconds, char *text, size_t size)
{
    if (seconds < 9.95) {
        snprintf(text, size, "%.1fs", seconds);
        return;
    }
    double whole = floor(seconds + 0.5);
    double minutes = floor(whole / 60);
    double hours = floor(minutes / 60);
    if (whole < 60) {
        snprintf(text, size, "%.0fs", whole);
    } else if (minutes < 60) {
        snprintf(text, size, "%.0fm%02.0fs", minutes, fmod(whole, 60));
    } else if (hours < 24) {
        snprintf(text, size, "%.0fh%02.0fm", hours, fmod(minutes, 60));
    } else {
        snprintf(text, size, "%.0fd%02.0fh", floor(hours / 24), fmod(hours, 24));
    }
}

enum { FIELD_MAX = 64, FIELDS_MAX = 6 };

/* A number in a few characters, however large, and 0 without a sign. */
static void print_short(double value, char *text, size_t size)
{
    snprintf(text, size, fabs(value) < 10000 ? "%.2f" : "%.1e", fabs(value) < 0.005 ? 0 : value);
}

/* What both kinds of line say after the epoch and the bar, the least wanted last. Returns how many fields. */
static size_t print_fields(const struct progress *progress, char fields[FIELDS_MAX][FIELD_MAX])
{
    const struct record *record = &progress->record;
    const double frechet = progress->figures ? progress->figures->values[FIGURE_FRECHET] : 0;
    size_t count = 0;
    char loss_d[16], loss_g[16], d_real[16], d_fake[16];
    print_short(record->loss_d, loss_d, sizeof loss_d);
    print_short(record->loss_g, loss_g, sizeof loss_g);
    print_short(record->d_real, d_real, sizeof d_real);
    print_short(record->d_fake, d_fake, sizeof d_fake);
    snprintf(fields[count++], FIELD_MAX, " L_D %s L_G %s", loss_d, loss_g);
    snprintf(fields[count++], FIELD_MAX, " D(x) %s", d_real);
    snprintf(fields[count++], FIELD_MAX, " D(G(z)) %s", d_fake);
    if (progress->figures) { /* instead of the speed, which it leaves no room for in 80 columns */
        snprintf(fields[count++], FIELD_MAX, fabs(frechet) < 1e6 ? " FD %.1f" : " FD %.1e", frechet);
    } else {
        snprintf(fields[count++], FIELD_MAX, " %.0f img/s", record->images_per_second);
    }
    if (isfinite(progress->seconds_left) && progress->seconds_left > 0) {
        char left[32];
        print_duration(progress->seconds_left, left, sizeof left);
        snprintf(fields[count++], FIELD_MAX, " %s left", left);
    }
    return count;
}

static int digits(size_t number)
{
    return snprintf(NULL, 0, "%zu", number);
}

/* "epoch 7/50", or "7/50" where that leaves no room for `wanted` characters after it. */
static void add_epoch(struct line *line, const struct progress *progress, size_t wanted)
{
    static const char WORD[] = "epoch ";
    char field[FIELD_MAX];
    snprintf(field, sizeof field, "%s%*zu/%zu", WORD, digits(progress->epochs), progress->record.epoch,
             progress->epochs);
    add(line, strlen(field) + wanted <= line->limit ? field : field + strlen(WORD));
}

/* "[====>   ]" of the given inner width: the part of the epoch that is done. */
static void add_bar(struct line *line, const struct progress *progress, size_t width)
{
    char bar[BAR_MAX + 4];
    double part = progress->steps_per_epoch ? (double)progress->step_in_epoch / (double)progress->steps_per_epoch : 0;
    size_t filled = (size_t)(fmin(part, 1) * (double)width);
    memset(bar, ' ', sizeof bar);
    bar[1] = '[';
    memset(bar + 2, '=', filled);
    if (filled < width) {
        bar[2 + filled] = '>';
    }
    bar[2 + width] = ']';
    bar[3 + width] = '\0';
    add(line, bar);
}

static void make_line(struct line *line, const struct progress *progress, bool with_bar)
{
    char fields[FIELDS_MAX][FIELD_MAX];
    size_t count = print_fields(progress, fields);
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++) {
        wanted += strlen(fields[i]);
    }
    const size_t frame = with_bar ? 3 : 0; /* the blank and the brackets */
    add_epoch(line, progress, wanted + frame + (with_bar ? BAR_MIN : 0));
    if (with_bar) {
        size_t room = line->limit - line->length;
        size_t width = room > wanted + frame ? room - wanted - frame : 0;
        width = width < BAR_MIN ? BAR_MIN : width > BAR_MAX ? BAR_MAX : width;
        add_bar(line, progress, width);
    }
    for (size_t i = 0; i < count; i++) {
        add(line, fields[i]);
    }
}

void progress_clear(struct progress_view *view)
{
    if (view->live) {
        fputs("\r\033[K", view->out);
        fflush(view->out);
        view->live = false;
    }
}

/* A line that stays. */
static void print_plain(struct progress_view *view, const struct progress *progress)
{
    struct line line = {.limit = LINE_MAX_LENGTH};
    make_line(&line, progress, false);
    progress_clear(view);
    fprintf(view->out, "%s\n", line.text);
    fflush(view->out);
}

static void draw_live(struct progress_view *view, const struct progress *progress)
{
    /* the last column is left free: a character there makes some terminals begin a new line */
    size_t limit = terminal_columns(view) - 1;
    struct line line = {.limit = limit < LINE_MAX_LENGTH ? limit : LINE_MAX_LENGTH};
    make_line(&line, progress, true);
    fprintf(view->out, "\r%s\033[K", line.text);
    fflush(view->out);
    view->live = true;
    view->drawn = now(view);
}

/* Says once, when enough was done to know, how long it all will take. */
static void tell_time(struct progress_view *view, const struct progress *progress)
{
    double seconds = progress->record.seconds;
    size_t steps = progress->step_in_epoch;
    if (view->timed || steps == 0 || !(seconds > 0)) {
        return;
    }
    double epoch_seconds = seconds / (double)steps * (double)progress->steps_per_epoch;
    double left = (double)(progress->epochs - progress->record.epoch + 1) * epoch_seconds - seconds;
    if (isfinite(progress->seconds_left)) {
        left = fmax(progress->seconds_left, 0); /* a time limit may have passed by now */
    }
    char epoch[32];
    char whole[32];
    print_duration(epoch_seconds, epoch, sizeof epoch);
    print_duration(left + seconds, whole, sizeof whole);
    progress_clear(view);
    fprintf(view->out, "an epoch takes about %s, the run about %s\n", epoch, whole);
    fflush(view->out);
    view->timed = true;
}

static void step_done(void *context, const struct progress *progress)
{
    struct progress_view *view = context;
    double time = now(view);
    if (!view->begun) {
        view->begun = true;
        view->first = time;
    }
    if (time - view->first >= TIMED_SECONDS) {
        tell_time(view, progress);
    }
    if (view->terminal && (!view->live || time - view->drawn >= REDRAW_SECONDS)) {
        draw_live(view, progress);
    }
}

/* Whether a terminal keeps this epoch's line: about KEPT_LINES of them, at round numbers, the first and the last. */
static bool is_kept(const struct progress *progress)
{
    static const size_t ROUND[] = {1, 2, 5};
    size_t every = 1;
    size_t power = 1;
    for (size_t i = 1; progress->epochs / every > KEPT_LINES; i++) {
        power *= i % 3 == 0 ? 10 : 1;
        every = ROUND[i % 3] * power;
    }
    size_t epoch = progress->record.epoch;
    return epoch == 1 || progress->last || epoch % every == 0;
}

static void epoch_done(void *context, const struct progress *progress)
{
    struct progress_view *view = context;
    if (!progress->last) {
        tell_time(view, progress);
    }
    if (!view->terminal || is_kept(progress)) {
        print_plain(view, progress);
    }
}

static void rescued(void *context, const struct rescue *rescue, size_t rescues)
{
    struct progress_view *view = context;
    progress_clear(view);
    fprintf(
        view->out,
        "rescue %zu of %zu: %s was %g at step %llu, in epoch %zu; back to step %llu, with learning rate %g and other "
        "noise\n",
        rescue->number, rescues, rescue->reason, rescue->value, (unsigned long long)rescue->step, rescue->epoch,
        (unsigned long long)rescue->back_to_step, rescue->learning_rate);
    fflush(view->out);
}

/* "2, 5, 7" of the classes that died. */
static void print_dead(const struct trouble *trouble, FILE *out)
{
    const char *separator = "";
    for (size_t c = 0; c < CLASSES_MAX; c++) {
        if (trouble->dead[c]) {
            fprintf(out, "%s%zu", separator, c);
            separator = ", ";
        }
    }
}

static const double GAMMA_THAT_SHOWS = 0.1; /* R1's and R2's together: see docs/quality.md */

/* What to try, of what the run does not do already: gradient penalties before all else (docs/quality.md). */
static void print_advice(const struct trouble *trouble, FILE *out)
{
    const struct config *config = trouble->config;
    const bool has_hidden = config->discriminator.hidden.count > 0;
    const char *dropout = config->dropout.count || !has_hidden ? NULL : "--dropout 0.3";
    const bool may_penalize = !config_penalizes(config) && config_may_penalize(config);
    const bool hardly_penalizes = config_penalizes(config) && config->r1 + config->r2 < GAMMA_THAT_SHOWS;
    const char *first = "a lower --learning_rate", *second = dropout;
    switch (trouble->kind) {
    case TROUBLE_D_WINS:
        if (config->loss == LOSS_MINIMAX) {
            second = "--loss non-saturating";
        } else if (!dropout) {
            const bool may_smooth = objective_has_labels(config->loss) && config->label_smoothing == 0;
            second = may_smooth ? "--label_smoothing 0.1" : has_hidden ? "a smaller --d_hidden" : NULL;
        }
        break;
    case TROUBLE_D_IS_LOST:
        if (config->order == ORDER_SIMULTANEOUS) {
            fprintf(out, ". In a new run try a --learning_rate above --g_learning_rate, or another --order");
        } else {
            fprintf(out, ". In a new run try --d_steps %zu, or a --learning_rate above --g_learning_rate",
                    config->d_steps + 1);
        }
        return;
    case TROUBLE_CLASSES_DIED:
        if (config->loss == LOSS_MINIMAX) {
            first = "--loss non-saturating";
        } else if (dropout && !config->conditional) {
            first = dropout;
        }
        second = config->conditional ? NULL : "--conditional";
        break;
    }
    if (may_penalize || hardly_penalizes) {
        second = config->loss == LOSS_MINIMAX ? "--loss non-saturating" : first;
        first = may_penalize ? "--r1 1 --r2 1" : "a larger --r1 or --r2";
    }
    fprintf(out, ". In a new run try %s, or %s", first, second ? second : "another --seed");
}

static void troubled(void *context, const struct trouble *trouble)
{
    struct progress_view *view = context;
    progress_clear(view);
    fprintf(view->out, "epoch %zu: ", trouble->epoch);
    switch (trouble->kind) {
    case TROUBLE_D_WINS:
        fprintf(view->out, "D wins: D(x) %.3f, D(G(z)) %.3f; G learns little from it", trouble->d_real,
                trouble->d_fake);
        break;
    case TROUBLE_D_IS_LOST:
        fprintf(view->out, "D learns nothing: D(x) %.3f, D(G(z)) %.3f", trouble->d_real, trouble->d_fake);
        break;
    case TROUBLE_CLASSES_DIED:
        fprintf(view->out, "%zu of %zu classes missing: ", trouble->classes - trouble->alive, trouble->classes);
        print_dead(trouble, view->out);
        break;
    }
    print_advice(trouble, view->out);
    fprintf(view->out, "\n");
    fflush(view->out);
}

struct observer progress_observer(struct progress_view *view)
{
    return (struct observer){
        .context = view, .step_done = step_done, .epoch_done = epoch_done, .troubled = troubled, .rescued = rescued};
}
