/*
 * study.h - what the figures read: the fit's law as a function, its inputs' ranges and
 * roles, thinned draws, points.
 *
 * The pair (x, y) are the inputs that a cost formula joins, N and D usually; without a
 * cost the first two. Other inputs are held at their median, indices at their
 * commonest level.
 */
#ifndef KL_REPORT_STUDY_H
#define KL_REPORT_STUDY_H

#include "base/arena.h"
#include "report/axis.h"

#include <kleiber/report.h>

/* One input over the data, or a usual range if there is none. */
typedef struct kl_span {
    double lo, hi, median;
    bool log; /* shown on a logarithmic axis */
    bool varies;
    bool count; /* of parameters, tokens, ...: labels with k, M, B, T */
    const char *name;
    const char *title; /* "N (parameters)" */
} kl_span;

typedef struct kl_study {
    const kl_fit *fit;
    const kl_plan *plan; /* NULL if there is none */
    const kl_law *law;
    double level;   /* of intervals and bands */
    size_t n_draws; /* used for bands */
    size_t n_inputs, n_indices, n_points;
    kl_span *inputs;
    kl_span target;
    size_t x, y;           /* inputs of the pair */
    bool has_pair;         /* there are two inputs that vary */
    const char *cost_text; /* "6*N*D"; "" if unknown */
    kl_formula *cost_formula;
    kl_program *program, *cost; /* cost NULL: none joins the pair */
    double plan_budget;         /* cost of the plan's optimum; NaN */
    double plan_x, plan_y;      /* NaN unless the plan has the pair as variables */
    int32_t *common_level;      /* per index */
    kl_arena mem;
} kl_study;

/** Prepare; kl_study_free() in any case. `plan` may be NULL, `opt` not. */
kl_status kl_study_init(kl_study *s, const kl_fit *fit, const kl_plan *plan,
                        const kl_report_options *opt, kl_error *err);
void kl_study_free(kl_study *s);

/** Parameters of draw b (< n_draws), spread over those that the fit kept. */
const double *kl_study_draw(const kl_study *s, size_t b);

/** Input i, target and fitted value of point k; level code of index column `index`. */
double kl_study_input(const kl_study *s, size_t k, size_t i);
double kl_study_target(const kl_study *s, size_t k);
int32_t kl_study_code(const kl_study *s, size_t k, size_t index);

/** True if residuals are logarithmic; residual of a point on its scale. */
bool kl_study_is_log(const kl_study *s);
double kl_study_residual(const kl_study *s, size_t k);

/* Points at which the law is evaluated. */
typedef struct kl_probe {
    size_t n;
    double **inputs; /* [n_inputs][n], medians to begin with */
    int32_t **codes; /* [n_indices][n], commonest levels to begin with */
} kl_probe;

/** n points, to be filled; lives in mem. KL_E_NOMEM. */
kl_status kl_probe_new(kl_probe *out, const kl_study *s, size_t n, kl_arena *mem,
                       kl_error *err);

/** Join a program (the law's or the cost's) to the points. Owned by the caller. */
kl_status kl_probe_frame(kl_frame **out, const kl_program *program,
                         const kl_probe *probe, kl_error *err);

/* Values at the points of a probe, with percentile intervals if there are draws. */
typedef struct kl_band {
    double *mid, *lo, *hi; /* lo, hi NULL without draws */
} kl_band;

kl_status kl_probe_band(kl_band *out, const kl_study *s, const kl_probe *probe,
                        kl_arena *mem, kl_error *err);

/**
 * Targets as they would be with what a picture does not show at its usual value: the
 * law's value there with the run's own residual.
 * @param[out] y           n_points values
 * @param      shown       per input: left as it is
 * @param      level_shown the first index column is left as it is
 * @return KL_OK; KL_E_DOMAIN; KL_E_NOMEM.
 */
kl_status kl_study_adjust(double *y, const kl_study *s, const bool *shown,
                          bool level_shown, kl_error *err);

/** True if some input that varies, or an index, is not shown. */
bool kl_study_hides(const kl_study *s, const bool *shown, bool level_shown);

/** " Runs and curves are for U = 4B, corpus = wiki.", or nothing if nothing is
 * hidden. */
void kl_study_tell_hidden(kl_text *t, const kl_study *s, const bool *shown,
                          bool level_shown);

/** Percentile interval of n values at the study's level; sorts them, NaN last and
 * left out. Both NaN if fewer than half the values are numbers. */
void kl_study_interval(double *lo, double *hi, const kl_study *s, double *values,
                       size_t n);

/** n values from lo to hi, evenly in the span's scale. */
void kl_span_fill(double *values, size_t n, double lo, double hi, bool log);

/** Axis over a span, widened to hold `also` if that is a number. */
kl_axis kl_span_axis(const kl_span *span, double air, double also);

/** Sort ascending, NaN last. */
void kl_sort(double *values, size_t n);

#endif
