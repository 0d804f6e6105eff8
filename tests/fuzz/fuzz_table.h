/* fuzz_table.h - what the fuzzers of table readers share: a file, and every public
 * call. */
#ifndef KL_TESTS_FUZZ_TABLE_H
#define KL_TESTS_FUZZ_TABLE_H

#include <kleiber/table.h>

#include <stdint.h>

/* Write bytes to the one scratch file of this process. @return its path */
const char *fuzz_file(const uint8_t *data, size_t size);

/* Read the file and use the table in every way; abort where the contract is broken. */
void fuzz_read(const char *path, const kl_table_options *opt);

#endif
