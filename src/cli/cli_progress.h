/* cli_progress.h - one line of progress on standard error, and Ctrl-C as a request. */
#ifndef KL_CLI_PROGRESS_H
#define KL_CLI_PROGRESS_H

#include "cli/cli_args.h"

/** Begin long work: from now on the first Ctrl-C only asks to stop, a second one kills.
 * Shows progress if the options and the terminal call for it. */
void kl_progress_begin(const kl_args *args);

/** A progress callback of the library; `user` is not used. False once interrupted. */
bool kl_progress_step(void *user, const kl_progress *p);

/** Clear the line. */
void kl_progress_end(void);

/** True if Ctrl-C was pressed since kl_progress_begin. */
bool kl_progress_interrupted(void);

#endif
