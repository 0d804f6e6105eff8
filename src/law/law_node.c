/* law_node.c - texts, numbers, intervals, units and formulas out of a YAML tree. */
#include "law/law_node.h"

#include "base/number.h"
#include "base/text.h"
#include "base/unit.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static kl_status fail_at(const kl_reader *r, long line, long column, kl_status code,
                         const char *fmt, va_list args)
{
    char text[sizeof r->err->msg];
    vsnprintf(text, sizeof text, fmt, args);
    return kl_fail_at(r->err, code, line, column, "%s:%ld:%ld: %s", r->origin, line,
                      column, text);
}

kl_status kl_node_fail(const kl_reader *r, const kl_yaml *node, kl_status code,
                       const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const kl_status status = fail_at(r, node->line, node->column, code, fmt, args);
    va_end(args);
    return status;
}

kl_status kl_node_fail_key(const kl_reader *r, const kl_yaml *node, kl_status code,
                           const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const kl_status status =
        fail_at(r, node->key_line, node->key_column, code, fmt, args);
    va_end(args);
    return status;
}

kl_status kl_node_check_keys(const kl_reader *r, const kl_yaml *node, const char *what,
                             const char *const *keys)
{
    if (node->kind != KL_YAML_MAP)
        return kl_node_fail(r, node, KL_E_PARSE, "%s must be 'key: value' pairs", what);
    size_t n = 0;
    while (keys[n]) n++;
    for (const kl_yaml *child = node->first; child; child = child->next) {
        size_t i = 0;
        while (i < n && strcmp(child->key, keys[i])) i++;
        if (i < n) continue;
        const char *near = kl_text_nearest(child->key, keys, n);
        return kl_node_fail_key(r, child, KL_E_PARSE, "unknown key '%s' in %s%s%s%s",
                                child->key, what, near ? "; did you mean '" : "",
                                near ? near : "", near ? "'?" : "");
    }
    return KL_OK;
}

kl_status kl_node_check_list(const kl_reader *r, const kl_yaml *node)
{
    if (node->kind == KL_YAML_LIST) return KL_OK;
    return kl_node_fail(r, node, KL_E_PARSE, "'%s' must be a list", node->key);
}

kl_status kl_node_get_text(const char **out, const kl_reader *r, const kl_yaml *map,
                           const char *key)
{
    const kl_yaml *node = kl_yaml_get(map, key);
    if (!node) return KL_OK;
    if (node->kind != KL_YAML_SCALAR)
        return kl_node_fail(r, node, KL_E_PARSE, "'%s' must be a text", key);
    if (!*node->text) return kl_node_fail(r, node, KL_E_PARSE, "'%s' is empty", key);
    *out = node->text;
    return KL_OK;
}

kl_status kl_node_get_word(const char **out, const kl_reader *r, const kl_yaml *map,
                           const char *key)
{
    const char *word = NULL;
    const kl_status status = kl_node_get_text(&word, r, map, key);
    if (status || !word) return status;
    for (const char *c = word; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("_-.", *c))
            return kl_node_fail(r, kl_yaml_get(map, key), KL_E_PARSE,
                                "'%s' is '%s', not letters, digits, '_', '-' and '.'",
                                key, word);
    *out = word;
    return KL_OK;
}

kl_status kl_node_get_unit(const char **out, const kl_reader *r, const kl_yaml *map,
                           const char *key)
{
    const char *text = NULL;
    kl_status status = kl_node_get_text(&text, r, map, key);
    if (status || !text) return status;
    kl_error why = {0};
    status = kl_unit_require(out, text, &why);
    return status ? kl_node_fail(r, kl_yaml_get(map, key), status, "%s", why.msg)
                  : KL_OK;
}

kl_status kl_node_get_choice(size_t *out, const kl_reader *r, const kl_yaml *map,
                             const char *key, const char *const choices[2])
{
    const char *text = NULL;
    const kl_status status = kl_node_get_text(&text, r, map, key);
    if (status || !text) return status;
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(text, choices[i])) continue;
        *out = i;
        return KL_OK;
    }
    return kl_node_fail(r, kl_yaml_get(map, key), KL_E_PARSE,
                        "'%s' is '%s', not '%s' or '%s'", key, text, choices[0],
                        choices[1]);
}

/* A number as everywhere in Kleiber, or YAML's own `.inf`. */
static bool parse_number(double *value, const char *text)
{
    const bool negative = *text == '-';
    if (!strcasecmp(text + negative, ".inf")) {
        *value = negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    return kl_number_parse(text, strlen(text), value) && !isnan(*value);
}

kl_status kl_node_number(double *out, const kl_reader *r, const kl_yaml *node,
                         bool infinite)
{
    double value;
    if (node->kind != KL_YAML_SCALAR)
        return kl_node_fail(r, node, KL_E_PARSE, "a number is expected here");
    if (!parse_number(&value, node->text))
        return kl_node_fail(r, node, KL_E_PARSE, "'%s' is not a number", node->text);
    if (!infinite && !isfinite(value))
        return kl_node_fail(r, node, KL_E_PARSE, "'%s' is not a finite number",
                            node->text);
    *out = value;
    return KL_OK;
}

kl_status kl_node_interval(double *lo, double *hi, const kl_reader *r,
                           const kl_yaml *node, bool infinite)
{
    if (node->kind != KL_YAML_LIST || node->n != 2)
        return kl_node_fail(r, node, KL_E_PARSE, "'%s' must be [LOW, HIGH]", node->key);
    double from, to;
    kl_status status = kl_node_number(&from, r, node->first, infinite);
    if (!status) status = kl_node_number(&to, r, node->last, infinite);
    if (status) return status;
    if (!(from < to))
        return kl_node_fail(r, node, KL_E_PARSE, "'%s': %s is not less than %s",
                            node->key, node->first->text, node->last->text);
    *lo = from;
    *hi = to;
    return KL_OK;
}

kl_status kl_node_formula(kl_formula **out, const kl_reader *r, const kl_yaml *node)
{
    kl_error why = {0};
    const kl_status status = kl_formula_parse(out, node->text, "formula", &why);
    if (!status) return KL_OK;
    if (status == KL_E_NOMEM) return kl_fail_nomem(r->err);
    char place[64];
    snprintf(place, sizeof place, "formula:%ld:%ld: ", why.line, why.column);
    const bool placed = why.line == 1 && !strncmp(why.msg, place, strlen(place));
    if (!placed || !node->in_place) return kl_node_fail(r, node, status, "%s", why.msg);
    const long column = node->text_column + why.column - 1;
    return kl_fail_at(r->err, status, node->line, column, "%s:%ld:%ld: %s", r->origin,
                      node->line, column, why.msg + strlen(place));
}
