/* cli_help.h - pages made from the option tables: help and man. */
#ifndef KL_CLI_HELP_H
#define KL_CLI_HELP_H

#include "cli/cli_verbs.h"

/** `kleiber` alone: a few lines. */
void kl_help_short(kl_text *out);

/** `kleiber help`: all commands. */
void kl_help_commands(kl_text *out);

/** `kleiber help VERB`: examples, options with their defaults. */
void kl_help_verb(kl_text *out, const kl_verb *verb);

/** One line: "usage: kleiber fit [options] RUNS". */
void kl_help_usage(kl_text *out, const kl_verb *verb);

/** The man page kleiber-VERB(1), or kleiber(1) if verb is NULL, as roff. */
void kl_man_page(kl_text *out, const kl_verb *verb);

/** Text wrapped at blanks to 80 columns; the first line goes on at `column`, further
 * ones are indented to it. Ends the line. */
void kl_help_wrapped(kl_text *out, const char *text, size_t column);

/** "-o, --output FILE" */
void kl_help_option_name(kl_text *out, const kl_option *o);

/** What it does, with its default: "random starts (default 64)". */
void kl_help_option_about(kl_text *out, const kl_option *o);

#endif
