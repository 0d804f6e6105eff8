/* cli_axes.h - points from the command line: each NAME=VALUE,VALUE,... is an axis. */
#ifndef KL_CLI_AXES_H
#define KL_CLI_AXES_H

#include "cli/cli_args.h"

typedef struct kl_axis {
    const char *name;
    const char **values; /* in the arena of the arguments */
    size_t n;
} kl_axis;

/** Read one operand, which has a '='. */
kl_status kl_axes_read(kl_axis *out, const char *operand, kl_args *args, kl_error *err);

/** Every axis must be an input or index of the law, and the other way round. */
kl_status kl_axes_check(const kl_axis *axes, size_t n_axes, const kl_law *law,
                        kl_error *err);

/** The grid that the axes span, the last one fastest, as a new table. */
kl_status kl_axes_table(kl_table **out, const kl_axis *axes, size_t n_axes,
                        const kl_law *law, kl_error *err);

#endif
