/** Styles of the docs page: system fonts, contrast of 7 to 1 or more, light or dark as the reader's system asks. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --ink: #16191d; --paper: #ffffff; --line: #6b7280; --link: #0b3d91; --soft: #f2f4f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f4f6; --paper: #111418; --line: #9aa3af; --link: #9ec5ff; --soft: #1c2128; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.6 system-ui, sans-serif; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--paper); }
header, main, footer, nav { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
nav ul { columns: 16rem; }
.prose { white-space: pre-line; }
details { margin: .75rem 0; border: 1px solid var(--line); border-radius: .25rem; padding: 0 1rem; }
summary { padding: .6rem 0; cursor: pointer; overflow-wrap: anywhere; }
summary h3 { display: inline; font-size: 1rem; margin: 0; font-weight: 400; }
.inside { scroll-margin-top: 4rem; }
details:has(> .inside:target)::details-content { content-visibility: visible; block-size: auto; }
tr:has(:target) { outline: 2px solid var(--link); }
.verb { display: inline-block; min-width: 4.5rem; font-weight: 700; }
code, pre { font-family: ui-monospace, monospace; background: var(--soft); }
pre { padding: .75rem; overflow-x: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
caption { text-align: left; font-weight: 700; padding: .25rem 0; }
tbody th { font-weight: 400; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
`.trim();
