/* assign.c - splitting of lists of assignments. */
#include "table/assign.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

size_t kl_assign_span(const char *text, const char *stop)
{
    size_t i = 0;
    bool quoted = false;
    for (; text[i]; i++) {
        if (text[i] == '`') quoted = !quoted;
        if (!quoted && strchr(stop, text[i])) break;
    }
    return i;
}

char *kl_assign_unquote(const char *text, size_t n)
{
    while (n && isspace((unsigned char)*text)) text++, n--;
    while (n && isspace((unsigned char)text[n - 1])) n--;
    if (n >= 2 && *text == '`' && text[n - 1] == '`') text++, n -= 2;
    return strndup(text, n);
}

void kl_assignments_free(kl_assignment *a, size_t n)
{
    for (size_t i = 0; a && i < n; i++) {
        free(a[i].left);
        free(a[i].right);
    }
    free(a);
}

kl_status kl_assignments_split(kl_assignment **out, size_t *n, const char *list,
                               const char *option, kl_error *err)
{
    *out = NULL;
    *n = 0;
    if (!list || !*list) return KL_OK;
    size_t most = 1;
    for (const char *s = list; *s; s++) most += *s == ',';
    kl_assignment *a = calloc(most, sizeof *a);
    kl_status status = a ? KL_OK : kl_fail_nomem(err);
    size_t found = 0;
    for (const char *s = list; !status; s++) {
        const size_t all = kl_assign_span(s, ","), left = kl_assign_span(s, "=,");
        const bool whole = left < all;
        a[found].left = kl_assign_unquote(s, left);
        a[found].right = kl_assign_unquote(s + left + whole, all - left - whole);
        const kl_assignment *last = &a[found++];
        if (!last->left || !last->right)
            status = kl_fail_nomem(err);
        else if (!whole || !*last->left || !*last->right)
            status = kl_fail(err, KL_E_USAGE, "%s: '%.*s' is not NAME=%s", option,
                             (int)(all < 80 ? all : 80), s,
                             strcmp(option, "--map") ? "UNIT" : "COLUMN");
        s += all;
        if (!*s) break;
    }
    if (status) {
        kl_assignments_free(a, found);
        return status;
    }
    *out = a;
    *n = found;
    return KL_OK;
}
