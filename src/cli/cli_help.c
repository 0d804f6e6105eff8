/* cli_help.c - help pages from the tables of commands and options. */
#include "cli/cli_help.h"

#include <string.h>

enum { ABOUT_COLUMN = 28, WIDTH = 80 };

void kl_help_option_name(kl_text *out, const kl_option *o)
{
    if (o->letter) kl_text_addf(out, "-%c, ", o->letter);
    kl_text_addf(out, "--%s", o->name);
    if (o->argument) kl_text_addf(out, " %s", o->argument);
}

void kl_help_option_about(kl_text *out, const kl_option *o)
{
    char preset[64];
    kl_text_add(out, o->about);
    /* the choices, unless the name of the value shows them */
    char word[64];
    const bool listed = o->kind == KL_OPTION_CHOICE && !strchr(o->argument, '|');
    for (size_t i = 0; listed && kl_option_word(word, sizeof word, o->words, i); i++)
        kl_text_addf(out, "%s%s", i ? ", " : ": ", word);
    if (*kl_option_default(preset, o)) kl_text_addf(out, " (default %s)", preset);
}

void kl_help_usage(kl_text *out, const kl_verb *verb)
{
    kl_text_addf(out, "usage: kleiber %s [options]%s%s\n", verb->name,
                 *verb->usage ? " " : "", verb->usage);
}

static void pad_to(kl_text *out, size_t column, size_t at)
{
    for (; at < column; at++) kl_text_add(out, " ");
}

void kl_help_wrapped(kl_text *out, const char *text, size_t column)
{
    size_t at = column;
    while (*text) {
        const size_t word = strcspn(text, " ");
        if (at > column && at + 1 + word > WIDTH) {
            kl_text_add(out, "\n");
            pad_to(out, column, 0);
            at = column;
        } else if (at > column) {
            kl_text_add(out, " ");
            at++;
        }
        kl_text_add_bytes(out, text, word);
        at += word;
        text += word + strspn(text + word, " ");
    }
    kl_text_add(out, "\n");
}

static void add_option(kl_text *out, const kl_option *o)
{
    kl_text name = {0}, about = {0};
    if (!o->letter) kl_text_add(&name, "    ");
    kl_help_option_name(&name, o);
    kl_help_option_about(&about, o);
    out->failed = out->failed || name.failed || about.failed;
    if (!out->failed) {
        kl_text_addf(out, "  %s", name.data);
        size_t at = 2 + name.length;
        if (at + 2 > ABOUT_COLUMN) {
            kl_text_add(out, "\n");
            at = 0;
        }
        pad_to(out, ABOUT_COLUMN, at);
        kl_help_wrapped(out, about.data, ABOUT_COLUMN);
    }
    kl_text_free(&name);
    kl_text_free(&about);
}

void kl_help_verb(kl_text *out, const kl_verb *verb)
{
    kl_text_addf(out, "kleiber %s - %s\n\n", verb->name, verb->summary);
    kl_help_usage(out, verb);
    if (verb->n_examples) kl_text_add(out, "\n");
    for (size_t i = 0; i < verb->n_examples; i++) {
        const kl_example *e = &verb->examples[i];
        kl_text_addf(out, "  %s\n      %s\n", e->command, e->says);
    }
    for (size_t g = 0; g < KL_VERB_GROUPS && verb->options[g]; g++) {
        const kl_option_group *group = verb->options[g];
        if (group->title) kl_text_addf(out, "\n%s:\n", group->title);
        for (size_t i = 0; i < group->n; i++)
            if (!group->options[i].hidden) add_option(out, &group->options[i]);
    }
    kl_text_addf(out, "\n'man kleiber-%s' says more.\n", verb->name);
}

void kl_help_short(kl_text *out)
{
    kl_text_add(
        out, "kleiber - measure small, fit the scaling law, predict and plan the "
             "big run\n\n"
             "  kleiber check runs.csv                is the table fit to be fitted?\n"
             "  kleiber fit runs.csv -o fit.json      fit a law to it\n"
             "  kleiber predict fit.json N=70B D=1.4T what a larger run would give\n"
             "  kleiber plan fit.json --budget 1e24   the best use of a budget\n"
             "  kleiber report fit.json               all of it as a page\n\n"
             "'kleiber help' lists all commands.\n");
}

void kl_help_commands(kl_text *out)
{
    kl_text_add(out,
                "kleiber - measure small, fit the scaling law, predict and plan the "
                "big run\n\nusage: kleiber COMMAND [options] [file...]\n\n");
    for (size_t i = 0; i < kl_verbs_get_n(); i++)
        kl_text_addf(out, "  %-12s%s\n", kl_verbs_get(i)->name,
                     kl_verbs_get(i)->summary);
    kl_text_add(
        out, "\n'kleiber help COMMAND' or 'kleiber COMMAND --help' shows its options,\n"
             "'kleiber --version' the version.\n");
}
