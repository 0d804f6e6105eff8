/* law_library.c - the built-in laws and references, as compiled in. */
#include "law/law_library.h"

#include <kleiber/law.h>

#include <string.h>

size_t kl_law_library_get_n(void)
{
    return kl_embedded_laws_n;
}

const char *kl_law_library_get_name(size_t i)
{
    return kl_embedded_laws[i].name;
}

/* The line "alias: NAME" of a law's file; a line of its own by convention, which
 * tests/unit/test_law.c checks against the parsed law. */
static bool has_alias(const kl_embedded *file, const char *name)
{
    const char *line = strstr((const char *)file->text, "\nalias: ");
    if (!line) return false;
    line += strlen("\nalias: ");
    const size_t n = strlen(name);
    return !strncmp(line, name, n) && line[n] == '\n';
}

size_t kl_law_library_find(const char *name)
{
    for (size_t i = 0; i < kl_embedded_laws_n; i++)
        if (!strcmp(kl_embedded_laws[i].name, name)) return i;
    for (size_t i = 0; i < kl_embedded_laws_n; i++)
        if (has_alias(&kl_embedded_laws[i], name)) return i;
    return kl_embedded_laws_n;
}

const char *kl_law_library_get_yaml(const char *name)
{
    const size_t i = kl_law_library_find(name);
    return i < kl_embedded_laws_n ? (const char *)kl_embedded_laws[i].text : NULL;
}

const char *kl_reference_get_bibtex(const char *key)
{
    const size_t n = strlen(key);
    const char *entry = (const char *)kl_embedded_references[0].text;
    const char *end = entry + kl_embedded_references[0].n_bytes;
    for (; entry < end; entry += strlen(entry) + 1) {
        const char *brace = *entry == '@' ? strchr(entry, '{') : NULL;
        if (brace && !strncmp(brace + 1, key, n) && brace[1 + n] == ',') return entry;
    }
    return NULL;
}
