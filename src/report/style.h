/* style.h - colours and style sheets: safe for the colour-blind, and in print. */
#ifndef KL_REPORT_STYLE_H
#define KL_REPORT_STYLE_H

#include <stddef.h>
#include <stdint.h>

/* Of Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), those with names. */
enum {
    KL_BLUE = 0x0072b2,
    KL_ORANGE = 0xe69f00,
    KL_VERMILION = 0xd55e00,
    KL_GREEN = 0x009e73,
    KL_PURPLE = 0xcc79a7,
    KL_GREY = 0x767676
};

/** Colour of category i of n: Okabe and Ito's up to seven, else spread over viridis. */
uint32_t kl_style_category(size_t i, size_t n);

/** Viridis at 0 (dark) to 1; its palest end, hard to see on white, is left out. */
uint32_t kl_style_viridis(double at);

/** Blue at -1 over white at 0 to vermilion at 1. */
uint32_t kl_style_diverging(double at);

/** CSS of the figures; of the page around them. Static storage. */
const char *kl_style_figures(void);
const char *kl_style_page(void);

#endif
