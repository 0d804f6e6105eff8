/* cmd_completion.c - kleiber completion: scripts for shells, from the tables. */
#include "cli/cli_verbs.h"

#include <string.h>

/* Words of a '|' list parted by blanks. */
static void add_words(kl_text *out, const char *words)
{
    char word[64];
    for (size_t i = 0; kl_option_word(word, sizeof word, words, i); i++)
        kl_text_addf(out, "%s%s", i ? " " : "", word);
}

static void add_verb_names(kl_text *out)
{
    for (size_t i = 0; i < kl_verbs_get_n(); i++)
        kl_text_addf(out, "%s%s", i ? " " : "", kl_verbs_get(i)->name);
}

static void bash_choices(kl_text *out, const kl_verb *verb)
{
    const kl_option *o;
    for (size_t i = 0; (o = kl_verb_get_option(verb, i)); i++) {
        if (o->kind != KL_OPTION_CHOICE) continue;
        kl_text_addf(out, "        %s:--%s) words='", verb->name, o->name);
        add_words(out, o->words);
        kl_text_add(out, "' ;;\n");
    }
}

static void bash_script(kl_text *out)
{
    const kl_option *o;
    kl_text_add(
        out, "# bash completion of kleiber\n_kleiber()\n{\n"
             "    local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} words=\n"
             "    local before=${COMP_WORDS[COMP_CWORD-1]}\n"
             "    if ((COMP_CWORD == 1)); then\n"
             "        COMPREPLY=($(compgen -W '");
    add_verb_names(out);
    kl_text_add(out, " --help --version' -- \"$word\"))\n        return\n    fi\n"
                     "    case $verb:$before in\n");
    for (size_t v = 0; v < kl_verbs_get_n(); v++) bash_choices(out, kl_verbs_get(v));
    kl_text_add(out, "        help:*) words='");
    add_verb_names(out);
    kl_text_add(out, "' ;;\n        completion:*) words='bash zsh fish' ;;\n    esac\n"
                     "    if [[ $word == -* ]]; then\n        case $verb in\n");
    for (size_t v = 0; v < kl_verbs_get_n(); v++) {
        const kl_verb *verb = kl_verbs_get(v);
        kl_text_addf(out, "            %s) words='", verb->name);
        for (size_t i = 0; (o = kl_verb_get_option(verb, i)); i++)
            if (!o->hidden) kl_text_addf(out, "%s--%s", i ? " " : "", o->name);
        kl_text_add(out, "' ;;\n");
    }
    kl_text_add(out,
                "        esac\n    fi\n"
                "    if [[ $words ]]; then\n"
                "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n    else\n"
                "        compopt -o default\n        COMPREPLY=()\n    fi\n}\n"
                "complete -F _kleiber kleiber\n");
}

/* Text within single quotes of zsh or fish; for zsh also free of [ ] and : */
static void add_quoted(kl_text *out, const char *s, bool zsh)
{
    for (; *s; s++) {
        if (*s == '\'')
            kl_text_add(out, zsh ? "'\\''" : "\\'");
        else if (zsh && strchr("[]:", *s))
            kl_text_addf(out, "\\%c", *s);
        else
            kl_text_add_bytes(out, s, 1);
    }
}

static void zsh_option(kl_text *out, const kl_option *o)
{
    const char *equals = o->argument ? "=" : "";
    kl_text_addf(out, "                '*--%s%s[", o->name, equals);
    add_quoted(out, o->about, true);
    kl_text_add(out, "]");
    if (o->kind == KL_OPTION_CHOICE) {
        kl_text_add(out, ":value:(");
        add_words(out, o->words);
        kl_text_add(out, ")");
    } else if (o->argument) {
        kl_text_add(out, ":value:_files");
    }
    kl_text_add(out, "' \\\n");
}

static void zsh_script(kl_text *out)
{
    kl_text_add(out,
                "#compdef kleiber\n_kleiber()\n{\n    local -a verbs\n    verbs=(\n");
    for (size_t v = 0; v < kl_verbs_get_n(); v++) {
        kl_text_addf(out, "        '%s:", kl_verbs_get(v)->name);
        add_quoted(out, kl_verbs_get(v)->summary, true);
        kl_text_add(out, "'\n");
    }
    kl_text_add(out, "    )\n    if ((CURRENT == 2)); then\n"
                     "        _describe command verbs\n        return\n    fi\n"
                     "    local verb=$words[2]\n    shift words\n    ((CURRENT--))\n"
                     "    case $verb in\n");
    for (size_t v = 0; v < kl_verbs_get_n(); v++) {
        const kl_option *o;
        kl_text_addf(out, "        %s)\n            _arguments \\\n",
                     kl_verbs_get(v)->name);
        for (size_t i = 0; (o = kl_verb_get_option(kl_verbs_get(v), i)); i++)
            if (!o->hidden) zsh_option(out, o);
        kl_text_add(out, "                '*:file:_files' ;;\n");
    }
    kl_text_add(out, "    esac\n}\ncompdef _kleiber kleiber\n");
}

static void fish_script(kl_text *out)
{
    kl_text_add(out, "# fish completion of kleiber\n");
    for (size_t v = 0; v < kl_verbs_get_n(); v++) {
        const kl_verb *verb = kl_verbs_get(v);
        const kl_option *o;
        kl_text_addf(out, "complete -c kleiber -n __fish_use_subcommand -f -a %s -d '",
                     verb->name);
        add_quoted(out, verb->summary, false);
        kl_text_add(out, "'\n");
        for (size_t i = 0; (o = kl_verb_get_option(verb, i)); i++) {
            if (o->hidden) continue;
            kl_text_addf(
                out, "complete -c kleiber -n '__fish_seen_subcommand_from %s' -l %s",
                verb->name, o->name);
            if (o->letter) kl_text_addf(out, " -s %c", o->letter);
            if (o->argument) kl_text_add(out, " -r");
            if (o->kind == KL_OPTION_CHOICE) {
                kl_text_add(out, " -f -a '");
                add_words(out, o->words);
                kl_text_add(out, "'");
            }
            kl_text_add(out, " -d '");
            add_quoted(out, o->about, false);
            kl_text_add(out, "'\n");
        }
    }
}

static kl_status run(kl_args *args, kl_text *out, kl_error *err)
{
    const char *shell = args->operands.items[0];
    if (!strcmp(shell, "bash"))
        bash_script(out);
    else if (!strcmp(shell, "zsh"))
        zsh_script(out);
    else if (!strcmp(shell, "fish"))
        fish_script(out);
    else
        return kl_fail(err, KL_E_USAGE, "unknown shell '%s'; known are bash, zsh, fish",
                       shell);
    return KL_OK;
}

static const kl_example examples[] = {
    {"source <(kleiber completion bash)", "in ~/.bashrc"},
    {"kleiber completion fish > ~/.config/fish/completions/kleiber.fish", "for fish"},
};

const kl_verb kl_verb_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .usage = "bash|zsh|fish",
    .min_operands = 1,
    .max_operands = 1,
    .options = {&kl_group_output, &kl_group_general},
    .run = run,
    .examples = examples,
    .n_examples = KL_COUNT_OF(examples),
    .about =
        "The script completes commands, options and the values that options may have.",
};
