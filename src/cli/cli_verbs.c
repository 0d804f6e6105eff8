/* cli_verbs.c - the list of commands. */
#include "cli/cli_verbs.h"

#include <string.h>

static const kl_verb *const verbs[] = {
    &kl_verb_laws, &kl_verb_check,      &kl_verb_fit,  &kl_verb_predict,
    &kl_verb_plan, &kl_verb_report,     &kl_verb_cite, &kl_verb_diff,
    &kl_verb_help, &kl_verb_completion,
};

size_t kl_verbs_get_n(void)
{
    return KL_COUNT_OF(verbs);
}

const kl_verb *kl_verbs_get(size_t i)
{
    return verbs[i];
}

kl_status kl_verbs_find(const kl_verb **out, const char *name, kl_error *err)
{
    const char *names[KL_COUNT_OF(verbs)];
    for (size_t i = 0; i < KL_COUNT_OF(verbs); i++) {
        if (!strcmp(verbs[i]->name, name)) return *out = verbs[i], KL_OK;
        names[i] = verbs[i]->name;
    }
    *out = NULL;
    const char *near = kl_text_nearest(name, names, KL_COUNT_OF(verbs));
    if (near)
        return kl_fail(err, KL_E_USAGE, "unknown command '%s'; did you mean '%s'?",
                       name, near);
    return kl_fail(err, KL_E_USAGE, "unknown command '%s'", name);
}
