/*
 * fit.h - fit a law to a table of runs: robust objective, many starts, intervals.
 *
 *   kl_fit *fit = NULL;
 *   if (kl_fit_run(&fit, runs, law, NULL, &err)) ...
 *   const kl_fit_parameter *alpha = kl_fit_get_parameter(fit, 1);
 *   kl_fit_free(fit);
 */
#ifndef KLEIBER_FIT_H
#define KLEIBER_FIT_H

#include <kleiber/law.h>
#include <kleiber/status.h>
#include <kleiber/table.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kl_fit kl_fit;

/* X(NAME, spelling, meaning); r = residual (prediction - target on the residual scale),
 * h_d(r) = r^2/2 if |r| <= d else d(|r| - d/2); sums run over rows, never means. */
#define KL_OBJECTIVE_LIST(X)                                                           \
    X(HUBER, "huber", "sum of h_d(r)")                                                 \
    X(HUBER_MLE, "huber-mle",                                                          \
      "-ln likelihood: sum of h_d(r/s) + ln s + ln Z_d, s free")                       \
    X(SQUARED, "squared", "sum of r^2")                                                \
    X(ABSOLUTE, "absolute", "sum of |r|")                                              \
    X(ASYMMETRIC, "asymmetric",                                                        \
      "sum of h_d(r), w times that where r > 0 "                                       \
      "(the law above the run)")                                                       \
    X(QUANTILE, "quantile", "sum of q|r| where r < 0, (1-q)|r| elsewhere")

typedef enum kl_objective {
#define KL_OBJECTIVE_ENUM(name, text, about) KL_OBJECTIVE_##name,
    KL_OBJECTIVE_LIST(KL_OBJECTIVE_ENUM)
#undef KL_OBJECTIVE_ENUM
        KL_OBJECTIVE_COUNT
} kl_objective;

/** Spelling of an objective; from text: KL_E_USAGE names the known ones. */
const char *kl_objective_text(kl_objective objective);
kl_status kl_objective_from_text(kl_objective *out, const char *text, kl_error *err);

typedef enum kl_start_kind {
    KL_STARTS_SPREAD, /* low-discrepancy sample of the start ranges */
    KL_STARTS_GRID    /* the literature's grid: product of the parameters' grids */
} kl_start_kind;

typedef enum kl_solver_kind {
    KL_SOLVER_PROJECT, /* variable projection first, then the robust objective */
    KL_SOLVER_PLAIN    /* the robust objective at once, in all parameters */
} kl_solver_kind;

/* Progress of long work. */
typedef struct kl_progress {
    const char *stage; /* "starts", "bootstrap", "profile" */
    size_t done, total;
} kl_progress;

typedef struct kl_fit_fixed {
    const char *name; /* "alpha", or "E[wiki]" for one level of an indexed parameter */
    double value;
} kl_fit_fixed;

typedef struct kl_fit_options {
    kl_objective objective; /* default KL_OBJECTIVE_HUBER */
    double delta;           /* Huber threshold (> 0, default 1e-3); in units of s for
                                huber-mle, of the residual otherwise */
    double over_weight;     /* asymmetric: weight of over-estimates (> 0, default 10) */
    double quantile;        /* quantile (0 to 1, default 0.5) */
    kl_residual residual;   /* default KL_RESIDUAL_AUTO: the law's own */
    kl_start_kind start_kind; /* default KL_STARTS_SPREAD */
    size_t starts;            /* spread: number of starts (1 to 1e6, default 64) */
    kl_solver_kind solver;    /* default KL_SOLVER_PROJECT */
    size_t bootstrap;         /* resamples for the intervals, 0 = none (default 1000) */
    size_t bootstrap_starts;  /* starts inside each resample beside the fit itself
                                (0 to 1e4, default 0) */
    const char *group;        /* column whose levels are resampled whole, e.g. "run"
                                (default NULL: rows) */
    const char *weight;       /* column of row weights >= 0; a row of weight 0 is left
                                out (default NULL: all 1) */
    double level;             /* of the intervals (0.5 to 0.999, default 0.9) */
    bool profile;             /* profile-likelihood intervals (default true) */
    const kl_fit_fixed *fixed; /* parameters held at a value (default none) */
    size_t n_fixed;
    uint64_t seed;         /* of every random draw (0 to 2^53, default 1) */
    int threads;           /* 0 = all cores, default 0; never changes the result */
    size_t max_iterations; /* of one start's trust region (>= 1, default 500) */
    bool (*progress)(void *user,
                     const kl_progress *p); /* false cancels; called from one
                                thread at a time; NULL: none (default) */
    void *user;                             /* passed to progress */
} kl_fit_options;

/** Defaults, by value. */
kl_fit_options kl_fit_options_default(void);

/**
 * Fit a law to a table of runs.
 *
 * Every start is carried to an optimum of the objective by variable projection, a
 * continuation in the Huber threshold and a trust region with exact second derivatives
 * (src/fit/README.md). The result depends on the seed and not on the number of threads.
 *
 * @param[out] out  new fit, owned by the caller (kl_fit_free); NULL on failure
 * @param      runs more usable rows than free parameters; read, not kept
 * @param      law  read, not kept (the fit has its own resolved copy)
 * @param      opt  NULL for kl_fit_options_default(); read, not kept
 * @param[out] err  filled on failure; may be NULL
 * @return KL_OK, also when no start converged: see kl_fit_get_outcome(). KL_E_SHAPE too
 *         few rows; KL_E_DOMAIN a value that is missing, not finite, or not positive
 *         where its logarithm is taken (file, line, column, value); KL_E_USAGE bad
 *         option or names that do not fit; KL_E_UNIT; KL_E_CANCELLED; KL_E_NOMEM.
 *
 * Reference: hoffmann2022, section 3.3; besiroglu2024 (docs/references.bib).
 */
kl_status kl_fit_run(kl_fit **out, const kl_table *runs, const kl_law *law,
                     const kl_fit_options *opt, kl_error *err);

/**
 * A fit without data from known parameter values, e.g. published ones.
 * @param law    resolved or from the library, without indexed parameters
 * @param values one per parameter of the law; NULL: the published fit that the law's
 *               spec named (KL_E_USAGE if it named none)
 */
kl_status kl_fit_from_values(kl_fit **out, const kl_law *law, const double *values,
                             kl_error *err);

/** Free a fit; NULL is fine. */
void kl_fit_free(kl_fit *fit);

/* What the solver found (the status says only that the call worked). */
typedef enum kl_fit_outcome {
    KL_FIT_CONVERGED, /* gradient zero to tolerance at the best start */
    KL_FIT_STALLED,   /* best start stopped without meeting the tolerance */
    KL_FIT_GIVEN      /* no fit was made: values were given */
} kl_fit_outcome;

kl_fit_outcome kl_fit_get_outcome(const kl_fit *fit);
const char *kl_fit_outcome_text(kl_fit_outcome outcome);

/* One fitted value. Intervals that were not made have both ends NaN; an end that is
 * unbounded is +-HUGE_VAL. */
typedef struct kl_fit_parameter {
    const char *name; /* "alpha", or "E[wiki]" */
    const char *unit; /* NULL if not stated */
    double value;
    bool fixed;    /* held, not estimated */
    bool at_bound; /* ended at an end of its range */
    double se;     /* bootstrap standard error; curvature's if no bootstrap; else NaN */
    double ci_lo, ci_hi; /* the recommended interval: bootstrap, else curvature */
    double bootstrap_lo, bootstrap_hi; /* percentile interval of the bootstrap */
    double bootstrap_se;
    double profile_lo, profile_hi;     /* profile likelihood */
    double curvature_lo, curvature_hi; /* from second derivatives (sandwich) */
    double curvature_se;
} kl_fit_parameter;

/** Number of values: each level of an indexed parameter counts. */
size_t kl_fit_get_n_parameters(const kl_fit *fit);

/** Value i (< n_parameters), in the law's order; borrowed. */
const kl_fit_parameter *kl_fit_get_parameter(const kl_fit *fit, size_t i);

/** All values by slot, n_parameters of them; borrowed. */
const double *kl_fit_get_theta(const kl_fit *fit);

/** Bootstrap draws kept, and draw b: n_parameters values; borrowed. */
size_t kl_fit_get_n_draws(const kl_fit *fit);
const double *kl_fit_get_draw(const kl_fit *fit, size_t b);

/** The resolved law; borrowed. */
const kl_law *kl_fit_get_law(const kl_fit *fit);

/** Levels of a categorical index column in the order of the codes used in theta. */
size_t kl_fit_get_n_levels(const kl_fit *fit, const char *index);
const char *kl_fit_get_level(const kl_fit *fit, const char *index, size_t level);

/**
 * Symbols of the law for kl_program_new: inputs in the law's order (slots 0..),
 * parameters by slot, indices in the law's order. Borrowed from the fit.
 */
const kl_symbol *kl_fit_get_symbols(const kl_fit *fit, size_t *n_symbols);

/* Numbers that describe the fit as a whole. NaN where not known. */
typedef struct kl_fit_summary {
    kl_objective objective;
    kl_residual residual; /* LOG or LINEAR */
    double delta;
    double value;          /* of the objective at the optimum */
    double ln_s;           /* huber-mle: log of the fitted scale; else NaN */
    double gradient_norm;  /* largest |gradient| in scaled parameters, relative */
    size_t n_rows;         /* rows used */
    size_t n_free;         /* parameters estimated */
    size_t starts;         /* starts made */
    size_t starts_at_best; /* within 1e-6 (relative) of the best optimum */
    size_t starts_failed;  /* ended nowhere (not finite) */
    double runner_up;      /* next best optimum's objective; NaN if none */
    size_t starts_at_runner_up;
    double condition;       /* of the curvature in scaled parameters, at the optimum */
    double residual_sd;     /* on the residual scale; n - p in the denominator */
    double residual_mad_sd; /* robust: 1.4826 times the median absolute residual */
    double r2;              /* on the residual scale */
    double replicate_sd;    /* within groups of rows with equal inputs; NaN if none */
    size_t replicate_groups, replicate_rows;
    size_t bootstrap;        /* resamples made */
    size_t bootstrap_failed; /* of them left out: no finite optimum */
    double level;            /* of the intervals */
    uint64_t seed;
} kl_fit_summary;

kl_fit_summary kl_fit_get_summary(const kl_fit *fit);

/** Warnings, one line each; borrowed. */
size_t kl_fit_get_n_warnings(const kl_fit *fit);
const char *kl_fit_get_warning(const kl_fit *fit, size_t i);

/* Rows kept for reports: all of them up to 20,000, then every k-th. */
size_t kl_fit_get_n_points(const kl_fit *fit);
const double *kl_fit_get_point_inputs(const kl_fit *fit, size_t i); /* law's order */
double kl_fit_get_point_target(const kl_fit *fit, size_t i);
double kl_fit_get_point_fitted(const kl_fit *fit, size_t i);
/** Level code of index column `index` at point i (law's order of indices). */
int32_t kl_fit_get_point_code(const kl_fit *fit, size_t index, size_t i);

/** Smallest and largest value of input i over the rows used; NaN without data. */
void kl_fit_get_input_range(const kl_fit *fit, size_t i, double *lo, double *hi);

/** Residuals of the rows used (fitted - target on the residual scale), for noise. */
size_t kl_fit_get_n_residuals(const kl_fit *fit);
const double *kl_fit_get_residuals(const kl_fit *fit);

/** Profile curve of value i: objective against the value, others re-optimised.
 * @return number of points, 0 if none; x ascending, both borrowed. */
size_t kl_fit_get_profile(const kl_fit *fit, size_t i, const double **x,
                          const double **objective);

/* Where the data came from. Strings borrowed; "" where unknown. */
typedef struct kl_fit_source {
    const char *path;
    const char *sha256;
    kl_table_counts counts;
    const char *group;
    const char *weight;
} kl_fit_source;

kl_fit_source kl_fit_get_source(const kl_fit *fit);

/**
 * The fit as JSON text, schema kleiber.fit/1 (docs/json.md); reading it back gives an
 * equal fit.
 * @param[out] out malloc'd, owned by the caller (free)
 */
kl_status kl_fit_to_json(char **out, const kl_fit *fit, kl_error *err);

/**
 * Read a fit from JSON text.
 * @return KL_OK; KL_E_PARSE malformed, or of another or newer schema (the message names
 *         both); KL_E_NOMEM.
 */
kl_status kl_fit_from_json(kl_fit **out, const char *text, size_t n_bytes,
                           const char *origin, kl_error *err);

#ifdef __cplusplus
}
#endif
#endif
