/** Styles of the report pages: system fonts, contrast of 7 to 1 or more, light or dark as the reader's system asks, no script. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #16191d; --paper: #ffffff; --line: #6b7280; --link: #0b3d91; --soft: #f2f4f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f4f6; --paper: #111418; --line: #9aa3af; --link: #9ec5ff; --soft: #1c2128; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1.0625rem/1.6 system-ui, sans-serif; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--paper); }
header, main, footer { max-width: 90rem; margin: 0 auto; padding: .5rem 1rem; }
h1 { line-height: 1.2; font-size: clamp(1.35rem, 1rem + 2.5vw, 2rem); margin: .5rem 0; }
h2 { font-size: 1.35rem; } h3 { font-size: 1.15rem; }
p, li, dd { max-width: 46rem; }
nav ol { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
.wide { overflow-x: auto; background: linear-gradient(to right, var(--paper) 2rem, transparent 4rem) left / 4rem 100% no-repeat local,
  linear-gradient(to left, var(--paper) 2rem, transparent 4rem) right / 4rem 100% no-repeat local,
  linear-gradient(to right, var(--line), transparent) left / 1rem 100% no-repeat scroll,
  linear-gradient(to left, var(--line), transparent) right / 1rem 100% no-repeat scroll; }
table { border-collapse: collapse; margin: .5rem 0 1rem; }
caption { text-align: left; font-weight: 700; padding: .25rem 0; }
caption span, .hint { position: sticky; left: 0; display: inline-block; max-width: min(46rem, calc(100vw - 2rem)); }
.hint { display: none; margin: .25rem 0; }
@media (max-width: 48rem) { .hint { display: inline-block; } }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
tbody th { font-weight: 400; }
summary { padding: .6rem 0; cursor: pointer; }
svg { display: block; }
@media (prefers-color-scheme: dark) {
  svg, svg .line { fill: var(--ink); } svg .paper { fill: var(--paper); } svg .bar { fill: #7fb0ff; }
  svg .population { fill: #f5b971; } svg .line { stroke: var(--ink); }
}
ul.files { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
ul.files a { display: inline-block; min-height: 1.5rem; padding: .15rem 0; }
dt { font-weight: 700; }
footer { border-top: 1px solid var(--line); }
`.trim();
