/* style.c - palettes and style sheets. */
#include "report/style.h"

#include <math.h>

uint32_t kl_style_category(size_t i, size_t n)
{
    static const uint32_t colours[] = {KL_BLUE,   KL_VERMILION, KL_GREEN, KL_ORANGE,
                                       KL_PURPLE, 0x56b4e9,     0x000000};
    const size_t n_colours = sizeof colours / sizeof *colours;
    if (n <= n_colours) return colours[i % n_colours];
    return kl_style_viridis((double)i / (double)(n - 1));
}

static uint32_t mix(uint32_t a, uint32_t b, double at)
{
    uint32_t out = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        const double from = a >> shift & 0xff, to = b >> shift & 0xff;
        out |= (uint32_t)lround(from + at * (to - from)) << shift;
    }
    return out;
}

uint32_t kl_style_viridis(double at)
{
    /* every tenth of matplotlib's viridis (van der Walt and Smith, CC0), up to 0.9 */
    static const uint32_t knots[] = {0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e,
                                     0x21918c, 0x22a884, 0x44bf70, 0x7ad151, 0xbddf26};
    const double last = sizeof knots / sizeof *knots - 1;
    if (!(at > 0)) return knots[0];
    if (at >= 1) return knots[(size_t)last];
    const double k = floor(at * last);
    return mix(knots[(size_t)k], knots[(size_t)k + 1], at * last - k);
}

uint32_t kl_style_diverging(double at)
{
    return mix(0xffffff, at < 0 ? KL_BLUE : KL_VERMILION, fmin(fabs(at), 1));
}

/* No var() and no nesting: converters of SVG to PDF know little CSS. */
const char *kl_style_figures(void)
{
    return "\n"
           "svg text{font-family:Helvetica,Arial,'Liberation Sans','DejaVu Sans',"
           "sans-serif;font-size:12px;fill:#222}\n"
           "svg .paper{fill:#fff}\n"
           "svg .title{font-size:13px}\n"
           "svg .head{font-size:13px;font-weight:bold}\n"
           "svg .power{font-size:10px}\n"
           "svg .note{font-size:11px;fill:#555}\n"
           "svg .halo{font-size:11px;fill:#333;stroke:#fff;stroke-width:3.5px;"
           "stroke-linejoin:round;paint-order:stroke}\n"
           "svg .frame{fill:none;stroke:#444;stroke-width:1}\n"
           "svg .tick{stroke:#444;stroke-width:1}\n"
           "svg .grid{stroke:#e6e6e6;stroke-width:1}\n"
           "svg .curve{fill:none;stroke-width:2;stroke-linejoin:round}\n"
           "svg .thin{fill:none;stroke-width:1.2;stroke-linejoin:round}\n"
           "svg .dashed{fill:none;stroke-width:2;stroke-dasharray:7 4}\n"
           "svg .guide{fill:none;stroke:#999;stroke-width:1.2;stroke-dasharray:5 4}\n"
           "svg .zero{fill:none;stroke:#555;stroke-width:1}\n"
           "svg .bar{fill:none;stroke-width:2.5}\n"
           "svg .interval{stroke:#111;stroke-width:2}\n"
           "svg .band{fill-opacity:.2;stroke:none}\n"
           "svg .cell{stroke:#fff;stroke-width:1}\n"
           "svg .plain{stroke:none}\n"
           "svg .dots{fill:none;stroke-linecap:round}\n"
           "svg .rim{stroke:#fff}\n"
           "svg .faint{stroke-opacity:.45}\n"
           "svg .mark{stroke:#fff;stroke-width:1.2}\n";
}

const char *kl_style_page(void)
{
    return "\n"
           "html{color-scheme:light}\n"
           "body{font:16px/1.5 system-ui,-apple-system,'Segoe UI',Helvetica,Arial,"
           "sans-serif;color:#1d1d1f;background:#fff;max-width:56rem;margin:0 auto;"
           "padding:1.5rem}\n"
           "h1{font-size:1.7rem;line-height:1.25;margin:0 0 .3rem}\n"
           "h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:1px solid #ddd;"
           "padding-bottom:.2rem}\n"
           "p{margin:.5rem 0}\n"
           ".lead{color:#444}\n"
           "code{font:.92em ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;"
           "overflow-wrap:anywhere}\n"
           "pre{font:.92em/1.4 ui-monospace,'DejaVu Sans "
           "Mono',Menlo,Consolas,monospace;"
           "background:#f5f5f7;padding:.6rem .8rem;overflow-x:auto;margin:.5rem 0}\n"
           ".scroll{overflow-x:auto;margin:.6rem 0}\n"
           "table{border-collapse:collapse;font-size:.92rem;"
           "font-variant-numeric:tabular-nums}\n"
           "th,td{padding:.28rem .7rem;text-align:right;border-bottom:1px solid "
           "#e3e3e3;"
           "white-space:nowrap}\n"
           "th:first-child,td:first-child{text-align:left;padding-left:0}\n"
           "thead th{border-bottom:2px solid #999;vertical-align:bottom}\n"
           "table.facts td{text-align:left;white-space:normal}\n"
           "table.facts th{text-align:left;font-weight:600;vertical-align:top}\n"
           "td.text,th.text{text-align:left}\n"
           ".warnings{border-left:5px solid #d55e00;background:#fdf1e8;padding:.6rem "
           "1rem;"
           "margin:1rem 0}\n"
           ".warnings h2{border:0;margin:0 0 .3rem;font-size:1.05rem}\n"
           ".warnings ul{margin:.2rem 0;padding-left:1.2rem}\n"
           "figure{margin:1.2rem 0 2rem;overflow-x:auto}\n"
           "figure svg{display:block;width:100%;min-width:600px;height:auto}\n"
           "figcaption{font-size:.92rem;color:#444;margin-top:.3rem;max-width:48rem}\n"
           "footer{margin-top:2.5rem;font-size:.85rem;color:#555}\n"
           "@media print{body{max-width:none;padding:0;font-size:10.5pt}"
           "figure,.warnings,table{break-inside:avoid}h2{break-after:avoid}"
           "figure svg{min-width:0}.scroll,figure{overflow:visible}}\n";
}
