#include "gan/recorder.h"
#include "base/clock.h"
#include "base/memory.h"
#include "gan/curves.h"
#include "gan/describe.h"
#include "gan/keeper.h"
#include "gan/pictures.h"
#include "io/diagram.h"
#include "io/file.h"
#include "io/folder.h"

#include <stdlib.h>
#include <string.h>

enum { RENEWAL_COST_LIMIT = 100 /* renewing the animation and the curves takes at most a hundredth of the time */ };

struct recorder {
    const struct gan *gan;
    const struct dataset *dataset;
    const struct config *config;
    struct tables tables;
    struct metrics *metrics; /* the caller's; NULL: images are not measured */
    struct pictures *pictures;
    struct keeper keeper;
    double renewed_at, renewal_cost;
};

/* A path in the outdir; NULL with an error. */
static char *out_path(const struct recorder *recorder, const char *name, struct error *error)
{
    return path_join(recorder->config->outdir, name, error);
}

static bool write_config(const struct recorder *recorder, struct error *error)
{
    const char *text = recorder->keeper.config_json;
    char *path = out_path(recorder, "config.json", error);
    bool good = path && file_save(path, text, strlen(text), error);
    free(path);
    return good;
}

static bool write_networks(const struct recorder *recorder, struct error *error)
{
    struct description *description = memory_allocate(1, sizeof *description, "the picture of the nets", error);
    char *path = description ? out_path(recorder, "networks.svg", error) : NULL;
    bool good = false;
    if (path) {
        describe_gan(recorder->gan, recorder->dataset->height, recorder->dataset->width, description);
        good = diagram_write_svg(path, "The two nets", description->rows, DESCRIBE_NETS, error);
    }
    free(path);
    free(description);
    return good;
}

static bool write_curves(const struct recorder *recorder, struct error *error)
{
    const struct tables *tables = &recorder->tables;
    char *path = out_path(recorder, "losses.svg", error);
    bool good =
        path && curves_write(path, recorder->config, gan_steps_per_epoch(recorder->config, recorder->dataset->count),
                             &tables->epochs, &tables->windows, error);
    free(path);
    return good;
}

bool recorder_renew(struct recorder *recorder, struct error *error)
{
    const double begin = clock_seconds();
    if ((!recorder->config->no_gif && !pictures_animate(recorder->pictures, error)) || !write_curves(recorder, error) ||
        (recorder->metrics && !metrics_draw(recorder->metrics, error))) {
        return false;
    }
    recorder->renewed_at = clock_seconds();
    recorder->renewal_cost = recorder->renewed_at - begin;
    return true;
}

static bool renewal_is_due(const struct recorder *recorder)
{
    return clock_seconds() - recorder->renewed_at >= RENEWAL_COST_LIMIT * recorder->renewal_cost;
}

/* Cuts tables and pictures back to a position. */
static bool go_back(struct recorder *recorder, const struct position *position, struct error *error)
{
    return tables_open(&recorder->tables, recorder->config->outdir, recorder->gan, position, error) &&
           (recorder->metrics ? metrics_open(recorder->metrics, position, error)
                              : metrics_cut(recorder->gan, position, error)) &&
           pictures_find(recorder->pictures, position, error);
}

static bool begin_recording(struct recorder *recorder, const struct resumption *resumption, struct error *error)
{
    const struct gan *gan = recorder->gan;
    const struct position beginning = {0}, *position = resumption ? resumption->position : &beginning;
    if (!(recorder->pictures = pictures_create(gan, recorder->dataset, error))) {
        return false;
    }
    /* before anything is cut off: a run that goes on from an older checkpoint, from its beginning, or with other flags,
     * is to do so again should it be interrupted at once */
    if (resumption && !keeper_write(&recorder->keeper, gan, position, resumption->last_good, NULL, error)) {
        return false;
    }
    return write_config(recorder, error) && write_networks(recorder, error) && go_back(recorder, position, error) &&
           (gan->steps > 0 || pictures_draw(recorder->pictures, 0, error));
}

bool recorder_check(const struct config *config, const struct dataset *dataset, struct error *error)
{
    return pictures_check(config, dataset->height, dataset->width, error);
}

struct recorder *recorder_create(const struct gan *gan, const struct dataset *dataset, const char *config_json,
                                 struct metrics *metrics, const struct resumption *resumption, struct error *error)
{
    struct recorder *recorder = memory_allocate(1, sizeof *recorder, "the recorder", error);
    if (!recorder) {
        return NULL;
    }
    recorder->gan = gan;
    recorder->dataset = dataset;
    recorder->config = gan->config;
    recorder->metrics = metrics;
    recorder->keeper = (struct keeper){
        .config = gan->config,
        .config_json = config_json,
        .has_latest = resumption && resumption->from_latest && resumption->same_config,
        .from_other = resumption && !resumption->from_latest,
        .latest_step = gan->steps,
        .latest_rescues = gan->rescues,
        .written_at = clock_seconds(),
    };
    if (!begin_recording(recorder, resumption, error)) {
        struct error ignored; /* what failed first is told */
        recorder_close(recorder, &ignored);
        return NULL;
    }
    return recorder;
}

bool recorder_close(struct recorder *recorder, struct error *error)
{
    if (!recorder) {
        return true;
    }
    struct error later; /* what failed first is told */
    const bool closed = tables_close(&recorder->tables, error);
    const bool metrics = !recorder->metrics || metrics_close(recorder->metrics, closed ? error : &later);
    pictures_free(recorder->pictures);
    free(recorder);
    return closed && metrics;
}

bool recorder_lacks_rows(const struct recorder *recorder)
{
    return recorder->tables.lack_rows;
}

bool recorder_step_row(struct recorder *recorder, const struct record *record, struct error *error)
{
    return tables_add_window(&recorder->tables, record, error);
}

bool recorder_measure(struct recorder *recorder, size_t epoch, bool last, const struct figures **figures,
                      struct error *error)
{
    *figures = NULL;
    return !recorder->metrics || !(last || metrics_are_due(recorder->metrics, epoch)) ||
           (*figures = metrics_measure(recorder->metrics, epoch, error));
}

bool recorder_epoch(struct recorder *recorder, const struct record *record, bool last, struct error *error)
{
    if (!tables_add_epoch(&recorder->tables, record, error)) {
        return false;
    }
    const bool sample = last || record->epoch % recorder->config->sample_every == 0;
    if (sample && !pictures_draw(recorder->pictures, record->epoch, error)) {
        return false;
    }
    return !(last || renewal_is_due(recorder)) || recorder_renew(recorder, error);
}

bool recorder_checkpoint(struct recorder *recorder, const struct position *position, const struct snapshot *last_good,
                         struct error *error)
{
    struct metrics_best best;
    const bool has_best = recorder->metrics && metrics_find_best(recorder->metrics, &best);
    return tables_sync(&recorder->tables, error) && (!recorder->metrics || metrics_sync(recorder->metrics, error)) &&
           keeper_write(&recorder->keeper, recorder->gan, position, last_good, has_best ? &best.step : NULL, error);
}

bool recorder_is_best(const struct recorder *recorder)
{
    struct metrics_best best;
    return recorder->metrics && metrics_find_best(recorder->metrics, &best) && best.step == recorder->gan->steps;
}

bool recorder_checkpoint_is_late(const struct recorder *recorder)
{
    return keeper_is_late(&recorder->keeper);
}

bool recorder_rescue(struct recorder *recorder, const struct position *position, const struct snapshot *last_good,
                     const struct rescue *rescue, struct error *error)
{
    /* the checkpoint counts on the event, and no checkpoint may count on rows that are cut off */
    return tables_add_rescue(&recorder->tables, recorder->config->outdir, rescue, error) &&
           recorder_checkpoint(recorder, position, last_good, error) && go_back(recorder, position, error);
}
