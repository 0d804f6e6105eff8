/* cli_verbs.h - one entry per command, each defined in cmd_<verb>.c. */
#ifndef KL_CLI_VERBS_H
#define KL_CLI_VERBS_H

#include "cli/cli_args.h"

extern const kl_verb kl_verb_laws, kl_verb_check, kl_verb_fit, kl_verb_predict,
    kl_verb_plan, kl_verb_report, kl_verb_cite, kl_verb_diff, kl_verb_help,
    kl_verb_completion;

#endif
