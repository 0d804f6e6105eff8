/* law_read.h - the sections of a law file that have files of their own. */
#ifndef KL_LAW_READ_H
#define KL_LAW_READ_H

#include "law/law_data.h"
#include "law/law_node.h"

/** Fill law->parameters from root's `parameters`; formula and inputs are known. */
kl_status kl_law_read_parameters(kl_law *law, const kl_reader *r, const kl_yaml *root);

/** Fill law->published from root's `published`; the parameters are known. */
kl_status kl_law_read_published(kl_law *law, const kl_reader *r, const kl_yaml *root);

#endif
