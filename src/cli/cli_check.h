/*
 * cli_check.h - what can be said about a table before any fit.
 *
 * Inputs are the columns that some law under consideration has as inputs: of the law
 * of --law, else of all built-in laws. Logarithms are natural, spans in decades.
 */
#ifndef KL_CLI_CHECK_H
#define KL_CLI_CHECK_H

#include "cli/cli_args.h"

typedef struct kl_check_column {
    const char *name;
    const char *unit; /* NULL if undeclared */
    bool is_number, is_input, is_target;
    size_t missing, distinct;
    size_t not_positive;
    double min, max; /* NaN unless numbers */
    double decades;  /* log10(max/min); NaN if a value is not positive */
} kl_check_column;

/* Two inputs whose logarithms hardly differ in shape. */
typedef struct kl_check_pair {
    const char *a, *b;
    double correlation; /* of the logarithms */
    double ratio;       /* geometric mean of b/a */
    double ratio_sd;    /* sd of ln(b/a) */
} kl_check_pair;

typedef struct kl_check_outlier {
    long line;
    double target;
    double z; /* distance from the median in robust standard deviations */
} kl_check_outlier;

typedef enum kl_check_verdict {
    KL_CHECK_NO,
    KL_CHECK_WEAK,
    KL_CHECK_YES
} kl_check_verdict;

typedef struct kl_check_law {
    const char *name;
    kl_check_verdict verdict;
    const char *why; /* "" for yes */
} kl_check_law;

/* Everything lives in the arguments' arena but for the table, which is borrowed. */
typedef struct kl_check {
    const kl_table *table;
    const char *target;
    bool linear; /* the law of --law has linear residuals: targets may be negative */
    kl_check_column *columns;
    size_t n_columns;
    size_t replicate_groups, replicate_rows;
    double replicate_sd; /* of ln target (linear: target) in groups; NaN if none */
    kl_check_pair *pairs;
    size_t n_pairs;
    const char *judge; /* law whose residuals find outliers; NULL: the target itself */
    kl_check_outlier *outliers;
    size_t n_outliers;
    kl_check_law *laws;
    size_t n_laws;
    kl_words problems; /* one line each */
} kl_check;

/** Look at a table. `law` is the one of --law, NULL for all built-in ones. */
kl_status kl_check_run(kl_check *out, const kl_table *table, const kl_law *law,
                       const char *target, kl_args *args, kl_error *err);

/* Parts of kl_check_run, in their own files. */
kl_status kl_check_find_replicates(kl_check *check, kl_args *args, kl_error *err);
kl_status kl_check_find_outliers(kl_check *check, const kl_law *judge, kl_args *args,
                                 kl_error *err);
kl_status kl_check_judge_law(kl_check *check, const kl_law *law, kl_args *args,
                             kl_error *err);

/** The target on the scale of residuals: its logarithm unless check->linear. */
double kl_check_scaled(const kl_check *check, double target);

/** Column of that name, NULL if there is none. */
const kl_check_column *kl_check_find_column(const kl_check *check, const char *name);

/** Add a problem; printf style. */
kl_status kl_check_problem(kl_check *check, kl_args *args, kl_error *err,
                           const char *fmt, ...) KL_PRINTF(4, 5);

#endif
