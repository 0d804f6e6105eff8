/* cli_source.h - tables, laws and fits as the options name them. */
#ifndef KL_CLI_SOURCE_H
#define KL_CLI_SOURCE_H

#include "cli/cli_args.h"

/** Open the law that --law names (else `otherwise`) and apply --target. */
kl_status kl_source_law(kl_law **out, const char *otherwise, const kl_args *args,
                        kl_error *err);

/** kl_law_resolve with the columns of a table. */
kl_status kl_source_resolve(kl_law *law, const kl_table *table, kl_error *err);

/** Drop --drop-worst rows, now that the target's column is known. */
kl_status kl_source_drop_worst(kl_table *table, const char *target, const kl_args *args,
                               kl_error *err);

/**
 * The fit to predict or plan from: a file of `kleiber fit -o` ("-": standard input), or
 * if `path` is NULL the law of --law with its published values and those of --fix.
 * @param names what the names of an inline formula may be besides parameters
 */
kl_status kl_source_fit(kl_fit **out, const char *path, const char *const *names,
                        size_t n_names, kl_args *args, kl_error *err);

/** --fix as an array in the arena. */
kl_status kl_source_fixed(kl_fit_fixed **out, size_t *n, kl_args *args, kl_error *err);

#endif
