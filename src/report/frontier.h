/* frontier.h - the efficient choice at each cost, over a panel of the pair of
 * inputs. */
#ifndef KL_REPORT_FRONTIER_H
#define KL_REPORT_FRONTIER_H

#include "report/slice.h"

enum { KL_FRONTIER = 33 }; /* optima on it */

typedef struct kl_frontier {
    double lowest, highest; /* costs at the panel's corners */
    size_t n_inside;        /* of the optima, those within the data's costs */
    kl_optimum at[KL_FRONTIER];
} kl_frontier;

/** Optima at costs spread over the panel. */
kl_status kl_frontier_find(kl_frontier *f, const kl_panel *p, const kl_study *s,
                           kl_arena *mem, kl_error *err);

/** Band over the draws, and the line: dashed beyond the data's costs. */
void kl_frontier_draw(const kl_panel *p, const kl_frontier *f);

#endif
