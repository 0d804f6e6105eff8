/*
 * yaml.h - YAML text as a tree that remembers where everything stood. The plain part of
 * YAML only: one document, no anchors, aliases, tags or duplicate keys; keys are
 * scalars.
 */
#ifndef KL_LAW_YAML_H
#define KL_LAW_YAML_H

#include "base/arena.h"
#include "base/fail.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    KL_YAML_MAX_BYTES = 1 << 20,
    KL_YAML_MAX_NODES = 8192, /* keys and values of a file */
    KL_YAML_MAX_DEPTH = 16
};

typedef enum kl_yaml_kind { KL_YAML_SCALAR, KL_YAML_LIST, KL_YAML_MAP } kl_yaml_kind;

/* A value; children form a list in the order of the file. Belongs to the arena. */
typedef struct kl_yaml {
    kl_yaml_kind kind;
    long line, column; /* 1-based, of the value */
    const char *text;  /* scalar: its text */
    bool in_place;     /* scalar: the text stands in the file as it is here, */
    long text_column;  /*         on one line, from this column */
    size_t n;          /* children */
    struct kl_yaml *first, *last; /* children */
    struct kl_yaml *next;         /* sibling */
    const char *key;              /* in a map: the key of this value */
    long key_line, key_column;
} kl_yaml;

/**
 * Parse text into a tree.
 * @param[out] out    the root; lives in the arena; NULL on failure
 * @param      origin what messages call the text: "my.yaml:7:12: ..."
 * @return KL_OK; KL_E_PARSE; KL_E_NOMEM.
 */
kl_status kl_yaml_parse(const kl_yaml **out, kl_arena *arena, const char *text,
                        size_t n_bytes, const char *origin, kl_error *err);

/** The value of a key of a map; NULL if absent. */
const kl_yaml *kl_yaml_get(const kl_yaml *map, const char *key);

#endif
