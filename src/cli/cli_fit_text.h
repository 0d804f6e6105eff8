/* cli_fit_text.h - a fit as text for people and as CSV. */
#ifndef KL_CLI_FIT_TEXT_H
#define KL_CLI_FIT_TEXT_H

#include "cli/cli_args.h"

void kl_fit_text_source(kl_text *out, const kl_args *args, const kl_fit *fit);
void kl_fit_text_parameters(kl_text *out, const kl_args *args, const kl_fit *fit);
void kl_fit_text_summary(kl_text *out, const kl_args *args, const kl_fit *fit);
void kl_fit_text_warnings(kl_text *out, const kl_args *args, const kl_fit *fit);

/** One line a parameter, all kinds of intervals. */
void kl_fit_text_csv(kl_text *out, const kl_fit *fit);

#endif
