/* main.c - the command kleiber: find the verb, parse its options, run it, hand over the
 * answer. The only place that decides an exit status. */
#include "cli/cli_help.h"
#include "cli/cli_output.h"
#include "cli/cli_progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Say why on standard error. @return the exit status */
static int report_failure(kl_status status, const kl_verb *verb, const kl_error *err)
{
    if (kl_progress_interrupted()) status = KL_E_CANCELLED;
    if (status == KL_E_CANCELLED)
        fprintf(stderr, "interrupted\n");
    else if (err->msg[0])
        fprintf(stderr, "%s\n", err->msg);
    else if (status != KL_E_NO)
        fprintf(stderr, "%s\n", kl_status_text(status));
    if (status == KL_E_USAGE)
        fprintf(stderr, "try 'kleiber %s%s--help'\n", verb ? verb->name : "",
                verb ? " " : "");
    return kl_status_exit_code(status);
}

/* Where a verb would wait for a person to type a table, show how it is used instead. */
static bool waits_for_terminal(const kl_args *args)
{
    if (!args->verb->reads_stdin || !isatty(STDIN_FILENO)) return false;
    for (size_t i = 0; i < args->operands.n; i++)
        if (!strcmp(args->operands.items[i], "-")) return true;
    return args->points && !strcmp(args->points, "-");
}

static int run_verb(const kl_verb *verb, int argc, char **argv)
{
    kl_args args;
    kl_text out = {0};
    kl_error err = {0};
    kl_args_default(&args);
    kl_status status = kl_args_parse(&args, verb, argc, argv, &err);
    if (!status && args.help) {
        kl_help_verb(&out, verb);
        args.output = NULL;
    } else if (!status && waits_for_terminal(&args)) {
        kl_help_usage(&out, verb);
        fwrite(out.data, 1, out.length, stderr);
        kl_text_free(&out);
        status = kl_fail(&err, KL_E_USAGE, "standard input is a terminal");
    } else if (!status) {
        kl_output_resolve_color(&args);
        status = verb->run(&args, &out, &err);
    }
    if (out.failed) status = kl_fail_nomem(&err);
    int code = 0;
    if (status) code = report_failure(status, verb, &err);
    if (status == KL_OK || status == KL_E_NO) {
        const char *path = verb->keeps_output ? NULL : args.output;
        const kl_status wrote =
            kl_output_write(path, out.data ? out.data : "", out.length, &err);
        if (wrote) code = report_failure(wrote, verb, &err);
    }
    kl_text_free(&out);
    kl_args_free(&args);
    return code;
}

/* The pages that belong to no verb. */
static int write_page(void (*page)(kl_text *out))
{
    kl_text out = {0};
    kl_error err = {0};
    page(&out);
    const kl_status status = out.failed
                                 ? kl_fail_nomem(&err)
                                 : kl_output_write(NULL, out.data, out.length, &err);
    kl_text_free(&out);
    return status ? report_failure(status, NULL, &err) : 0;
}

static void version_page(kl_text *out)
{
    kl_text_addf(out, "kleiber %s\n", kl_version());
}

int main(int argc, char **argv)
{
    if (argc < 2) return write_page(kl_help_short);
    if (!strcmp(argv[1], "--version")) return write_page(version_page);
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
        return write_page(kl_help_commands);
    const kl_verb *verb = NULL;
    kl_error err = {0};
    const kl_status status =
        argv[1][0] == '-' ? kl_fail(&err, KL_E_USAGE, "unknown option '%s'", argv[1])
                          : kl_verbs_find(&verb, argv[1], &err);
    if (status) return report_failure(status, NULL, &err);
    return run_verb(verb, argc - 2, argv + 2);
}
