/* cmd_help.c - kleiber help: the list of commands, a command's page, its man page. */
#include "cli/cli_help.h"

#include <string.h>

/* One option a line: name, letter or '-', name of its value or '-'. For tests. */
static void add_option_names(kl_text *out, const kl_verb *verb)
{
    const kl_option *o;
    for (size_t i = 0; (o = kl_verb_get_option(verb, i)); i++)
        if (!o->hidden)
            kl_text_addf(out, "%s %c %s\n", o->name, o->letter ? o->letter : '-',
                         o->argument ? o->argument : "-");
}

static void add_command_names(kl_text *out)
{
    for (size_t i = 0; i < kl_verbs_get_n(); i++)
        kl_text_addf(out, "%s\n", kl_verbs_get(i)->name);
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    const kl_verb *verb = NULL;
    if (args->operands.n && strcmp(args->operands.items[0], "kleiber")) {
        const kl_status status = kl_verbs_find(&verb, args->operands.items[0], err);
        if (status) return status;
    }
    if (args->help_as == KL_MAN_PAGES)
        kl_man_page(out, verb);
    else if (args->help_as == KL_OPTION_NAMES && verb)
        add_option_names(out, verb);
    else if (args->help_as == KL_OPTION_NAMES)
        add_command_names(out);
    else if (verb)
        kl_help_verb(out, verb);
    else
        kl_help_commands(out);
    return KL_OK;
}

static const kl_option own_options[] = {
    {.name = "man",
     .kind = KL_OPTION_SET,
     .field = KL_FIELD(help_as),
     .value = KL_MAN_PAGES,
     .about = "the man page as roff, for installation"},
    {.name = "names",
     .kind = KL_OPTION_SET,
     .field = KL_FIELD(help_as),
     .value = KL_OPTION_NAMES,
     .about = "names only, one a line: commands, or a command's options"},
};
static const kl_option_group own_group = {"Form", own_options,
                                          KL_COUNT_OF(own_options)};

static const kl_example examples[] = {
    {"kleiber help", "all commands"},
    {"kleiber help fit", "the options of a command, as 'kleiber fit --help'"},
    {"kleiber help --man fit | man -l -", "its man page, not installed"},
};

const kl_verb kl_verb_help = {
    .name = "help",
    .summary = "show the commands, or the options of one",
    .usage = "[COMMAND]",
    .max_operands = 1,
    .options = {&own_group, &kl_group_output, &kl_group_general},
    .run = run,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about =
        "Help pages, man pages, completion scripts and the parser itself read the same "
        "tables of options, so they agree.",
};
