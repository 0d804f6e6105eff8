/* law_library.h - the files that cmake/embed.cmake compiles into the library. */
#ifndef KL_LAW_LIBRARY_H
#define KL_LAW_LIBRARY_H

#include <stddef.h>

/* One file; zero-terminated text. */
typedef struct kl_embedded {
    const char *name; /* of the file, without folder and ending */
    const unsigned char *text;
    size_t n_bytes; /* without the final zero */
} kl_embedded;

/** laws/NAME.yaml in alphabetical order. */
extern const kl_embedded kl_embedded_laws[];
extern const size_t kl_embedded_laws_n;

/** docs/references.bib, its entries separated by zero bytes. */
extern const kl_embedded kl_embedded_references[];
extern const size_t kl_embedded_references_n;

/** Place of a built-in law, also by its alias; kl_embedded_laws_n if unknown. */
size_t kl_law_library_find(const char *name);

#endif
