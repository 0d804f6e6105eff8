/* cli_man.c - man pages as roff, from the tables of commands and options. */
#include "cli/cli_help.h"

#include <ctype.h>
#include <string.h>

/* Text with roff's own characters escaped; n bytes of it. */
static void add_escaped(kl_text *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\\')
            kl_text_add(out, "\\e");
        else if (s[i] == '-')
            kl_text_add(out, "\\-");
        else if ((s[i] == '.' || s[i] == '\'') &&
                 (!out->length || out->data[out->length - 1] == '\n'))
            kl_text_addf(out, "\\&%c", s[i]);
        else if (s[i] == '\'')
            kl_text_add(out, "\\(aq");
        else if (s[i] == '^')
            kl_text_add(out, "\\(ha");
        else if (s[i] == '`')
            kl_text_add(out, "\\(ga");
        else
            kl_text_add_bytes(out, &s[i], 1);
    }
}

static void add_text(kl_text *out, const char *s)
{
    add_escaped(out, s, strlen(s));
}

static void add_title(kl_text *out, const char *name)
{
    kl_text_add(out, ".TH ");
    for (const char *c = name; *c; c++) {
        const char upper = (char)toupper((unsigned char)*c);
        add_escaped(out, &upper, 1);
    }
    kl_text_addf(out, " 1 \"\" \"kleiber %s\" \"Kleiber\"\n", kl_version());
}

static void add_option(kl_text *out, const kl_option *o)
{
    kl_text name = {0}, about = {0};
    kl_help_option_name(&name, o);
    kl_help_option_about(&about, o);
    out->failed = out->failed || name.failed || about.failed;
    if (!out->failed) {
        kl_text_add(out, ".TP\n.B ");
        add_text(out, name.data);
        kl_text_add(out, "\n");
        add_text(out, about.data);
        kl_text_add(out, ".\n");
    }
    kl_text_free(&name);
    kl_text_free(&about);
}

/* Paragraphs parted by empty lines, after a heading. */
static void add_paragraphs(kl_text *out, const char *s)
{
    for (bool first = true; *s; first = false) {
        const char *end = strstr(s, "\n\n");
        if (!first) kl_text_add(out, ".PP\n");
        add_escaped(out, s, end ? (size_t)(end - s) : strlen(s));
        kl_text_add(out, "\n");
        if (!end) return;
        s = end + 2;
    }
}

/* From the one list of statuses: each exit status once, with all its meanings. */
static void add_exit_statuses(kl_text *out)
{
    kl_text_add(out, ".SH EXIT STATUS\n");
    int last = -1;
    for (int i = 0; i < KL_STATUS_COUNT; i++) {
        const int code = kl_status_exit_code((kl_status)i);
        if (code != last) {
            kl_text_addf(out, "%s.TP\n.B %d\n", i ? "\n" : "", code);
            last = code;
        } else {
            kl_text_add(out, "; ");
        }
        add_text(out, kl_status_text((kl_status)i));
    }
    kl_text_add(out, "\n");
}

static void add_see_also(kl_text *out, const kl_verb *verb)
{
    kl_text_add(out, ".SH SEE ALSO\n");
    if (verb) kl_text_add(out, ".BR kleiber (1)");
    for (size_t i = 0; i < kl_verbs_get_n(); i++) {
        if (kl_verbs_get(i) == verb) continue;
        const bool first = !verb && i == 0;
        kl_text_addf(out, "%s.BR kleiber\\-%s (1)", first ? "" : ",\n",
                     kl_verbs_get(i)->name);
    }
    kl_text_add(out, "\n");
}

static void program_page(kl_text *out)
{
    add_title(out, "kleiber");
    kl_text_add(out,
                ".SH NAME\nkleiber \\- measure small, fit the scaling law, predict and "
                "plan the big run\n.SH SYNOPSIS\n.B kleiber\n.I command\n"
                "[options] [file...]\n.SH COMMANDS\n");
    for (size_t i = 0; i < kl_verbs_get_n(); i++) {
        kl_text_addf(out, ".TP\n.BR kleiber\\-%s (1)\n", kl_verbs_get(i)->name);
        add_text(out, kl_verbs_get(i)->summary);
        kl_text_add(out, "\n");
    }
    kl_text_add(out,
                ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf set and not empty, headings "
                "are not bold.\n");
    add_exit_statuses(out);
    add_see_also(out, NULL);
}

void kl_man_page(kl_text *out, const kl_verb *verb)
{
    if (!verb) {
        program_page(out);
        return;
    }
    char name[64] = "kleiber-";
    strncat(name, verb->name, sizeof name - strlen(name) - 1);
    add_title(out, name);
    kl_text_addf(out, ".SH NAME\nkleiber\\-%s \\- ", verb->name);
    add_text(out, verb->summary);
    kl_text_addf(out, "\n.SH SYNOPSIS\n.B kleiber %s\n[options] ", verb->name);
    add_text(out, verb->usage);
    kl_text_add(out, "\n.SH DESCRIPTION\n");
    add_paragraphs(out, verb->about);
    for (size_t g = 0; g < KL_VERB_GROUPS && verb->options[g]; g++) {
        const kl_option_group *group = verb->options[g];
        if (g == 0) kl_text_add(out, ".SH OPTIONS\n");
        if (group->title) {
            kl_text_add(out, ".SS ");
            add_text(out, group->title);
            kl_text_add(out, "\n");
        }
        for (size_t i = 0; i < group->n; i++)
            if (!group->options[i].hidden) add_option(out, &group->options[i]);
    }
    if (verb->n_examples) kl_text_add(out, ".SH EXAMPLES\n");
    for (size_t i = 0; i < verb->n_examples; i++) {
        kl_text_add(out, ".TP\n.B ");
        add_text(out, verb->examples[i].command);
        kl_text_add(out, "\n");
        add_text(out, verb->examples[i].says);
        kl_text_add(out, ".\n");
    }
    add_exit_statuses(out);
    add_see_also(out, verb);
}
