/* law_open.c - from a spec to a law: built-in name, file, or formula.
 *
 * What a spec is can be told from its text alone, so that a file that happens to lie in
 * the working folder never changes the meaning of a command. */
#include "law/law_data.h"
#include "law/law_library.h"
#include "law/yaml.h"

#include "base/file.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LISTED = 64 }; /* names listed or compared in a message */

static bool ends_in(const char *s, size_t n, const char *ending)
{
    const size_t m = strlen(ending);
    return n >= m && !strncmp(s + n - m, ending, m);
}

static bool is_file(const char *s, size_t n)
{
    return ends_in(s, n, ".yaml") || ends_in(s, n, ".yml") || !strncmp(s, "/", 1) ||
           !strncmp(s, "./", 2) || !strncmp(s, "../", 3);
}

static bool is_name(const char *s, size_t n)
{
    if (!n || !isalpha((unsigned char)s[0])) return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)s[i]) && !strchr("_-.", s[i])) return false;
    return true;
}

/* Length of the part before the '@' of "law@fit" or "file.yaml@fit"; all of a spec
 * without a fit. */
static size_t base_length(const char *spec)
{
    const size_t n = strlen(spec);
    const char *at = strrchr(spec, '@');
    if (!at || ends_in(spec, n, ".yaml") || ends_in(spec, n, ".yml")) return n;
    const size_t base = (size_t)(at - spec);
    return is_file(spec, base) || is_name(spec, base) ? base : n;
}

static bool is_fit(const kl_law_published *p, const char *fit)
{
    const size_t n = strlen(p->source);
    if (strncmp(fit, p->source, n)) return false;
    if (!fit[n]) return true; /* the source alone: its first fit */
    return fit[n] == ':' && p->label && !strcmp(fit + n + 1, p->label);
}

static kl_status unknown_fit(const kl_law *law, const char *fit, kl_error *err)
{
    if (!law->n_published)
        return kl_fail(err, KL_E_USAGE, "law '%s' has no published fits", law->name);
    kl_text known = {0};
    for (size_t i = 0; i < law->n_published && i < MAX_LISTED; i++) {
        const kl_law_published *p = &law->published[i];
        kl_text_addf(&known, "%s%s%s%s", i ? ", " : "", p->source, p->label ? ":" : "",
                     p->label ? p->label : "");
    }
    const kl_status status =
        known.failed
            ? kl_fail_nomem(err)
            : kl_fail(err, KL_E_USAGE, "law '%s' has no published fit '%s' (has: %s)",
                      law->name, fit, known.data);
    kl_text_free(&known);
    return status;
}

static kl_status choose(kl_law *law, const char *fit, kl_error *err)
{
    for (size_t i = 0; i < law->n_published; i++) {
        if (!is_fit(&law->published[i], fit)) continue;
        law->chosen = i + 1;
        return KL_OK;
    }
    return unknown_fit(law, fit, err);
}

static kl_status open_file(kl_law **out, const char *path, kl_error *err)
{
    char *yaml;
    size_t n_bytes;
    kl_status status = kl_file_read(&yaml, &n_bytes, path, KL_YAML_MAX_BYTES, err);
    if (status) return status;
    status = kl_law_parse(out, yaml, n_bytes, path, err);
    free(yaml);
    return status;
}

static kl_status unknown_law(const char *name, kl_error *err)
{
    const char *names[MAX_LISTED];
    size_t n = 0;
    kl_text known = {0};
    for (; n < kl_law_library_get_n() && n < MAX_LISTED; n++) {
        names[n] = kl_law_library_get_name(n);
        kl_text_addf(&known, "%s%s", n ? ", " : "", names[n]);
    }
    const char *near = kl_text_nearest(name, names, n);
    kl_status status;
    if (known.failed)
        status = kl_fail_nomem(err);
    else if (near)
        status = kl_fail(err, KL_E_USAGE, "unknown law '%s'; did you mean '%s'?", name,
                         near);
    else
        status = kl_fail(
            err, KL_E_USAGE,
            "unknown law '%s' (known: %s; or give a file 'my.yaml' or a formula)", name,
            known.data);
    kl_text_free(&known);
    return status;
}

static kl_status open_name(kl_law **out, const char *name, kl_error *err)
{
    const size_t i = kl_law_library_find(name);
    if (i == kl_embedded_laws_n) return unknown_law(name, err);
    const kl_embedded *file = &kl_embedded_laws[i];
    return kl_law_parse(out, (const char *)file->text, file->n_bytes, file->name, err);
}

kl_status kl_law_open(kl_law **out, const char *spec, kl_error *err)
{
    *out = NULL;
    const size_t n = base_length(spec);
    char *base = strndup(spec, n);
    if (!base) return kl_fail_nomem(err);
    kl_law *law = NULL;
    kl_status status;
    if (is_file(base, n))
        status = open_file(&law, base, err);
    else if (is_name(base, n))
        status = open_name(&law, base, err);
    else
        status = kl_law_from_formula(&law, spec, err);
    if (!status && spec[n]) status = choose(law, spec + n + 1, err);
    free(base);
    if (status)
        kl_law_free(law);
    else
        *out = law;
    return status;
}
