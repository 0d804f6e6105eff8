/* law_node.h - typed values out of a YAML tree; refusals name line and column. */
#ifndef KL_LAW_NODE_H
#define KL_LAW_NODE_H

#include "base/arena.h"
#include "law/yaml.h"

#include <kleiber/formula.h>

/* What every function here needs: where text goes and what messages call the file. */
typedef struct kl_reader {
    kl_arena *arena;
    const char *origin;
    kl_error *err;
} kl_reader;

/** Fail with "origin:line:column: message". @return code */
kl_status kl_node_fail(const kl_reader *r, const kl_yaml *node, kl_status code,
                       const char *fmt, ...) KL_PRINTF(4, 5);

/** As kl_node_fail, at the key of a node instead of its value. */
kl_status kl_node_fail_key(const kl_reader *r, const kl_yaml *node, kl_status code,
                           const char *fmt, ...) KL_PRINTF(4, 5);

/** The node must be a map and hold none but these keys; `keys` ends in NULL. */
kl_status kl_node_check_keys(const kl_reader *r, const kl_yaml *node, const char *what,
                             const char *const *keys);

/** The value of a key must be a list. */
kl_status kl_node_check_list(const kl_reader *r, const kl_yaml *node);

/** Set *out to the text of map[key], which lives as long as the tree; an absent key
 * leaves it as it is. Empty text is refused. */
kl_status kl_node_get_text(const char **out, const kl_reader *r, const kl_yaml *map,
                           const char *key);

/** As kl_node_get_text, for names: letters, digits, '_', '-', '.'. */
kl_status kl_node_get_word(const char **out, const kl_reader *r, const kl_yaml *map,
                           const char *key);

/** As kl_node_get_text, for units: *out is the canonical text. */
kl_status kl_node_get_unit(const char **out, const kl_reader *r, const kl_yaml *map,
                           const char *key);

/** Set *out to 0 or 1 for the choice that map[key] names; absent: as it is. */
kl_status kl_node_get_choice(size_t *out, const kl_reader *r, const kl_yaml *map,
                             const char *key, const char *const choices[2]);

/** A number; `inf` and `-inf` only if allowed. */
kl_status kl_node_number(double *out, const kl_reader *r, const kl_yaml *node,
                         bool infinite);

/** A list of two numbers, the first less than the second. */
kl_status kl_node_interval(double *lo, double *hi, const kl_reader *r,
                           const kl_yaml *node, bool infinite);

/** Parse the formula that a node holds; places in messages are those of the file. */
kl_status kl_node_formula(kl_formula **out, const kl_reader *r, const kl_yaml *node);

#endif
