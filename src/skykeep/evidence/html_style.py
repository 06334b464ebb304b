"""How a dossier looks on a screen: no fact of any case."""

STYLE = """
:root{--ink:#1d2a33;--pale:#56626c;--rule:#b9c2c8;--alarm:#b3261e;--late:#8a4b00;--paper:#fff;--plate:#f1f3f4}
@media (prefers-color-scheme:dark){:root{--ink:#e8eef2;--pale:#a9b6bf;--rule:#46525b;--alarm:#ff8a80;
--late:#ffb74d;--paper:#12181c;--plate:#1d262c}}
*{box-sizing:border-box}
main{overflow-wrap:anywhere}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.5 Georgia,"Noto Serif","Noto Naskh Arabic",serif}
header,main{max-width:60rem;margin:0 auto;padding:0 1rem}
header{display:flex;flex-wrap:wrap;gap:0 2rem;justify-content:space-between;
border-bottom:1px solid var(--rule);
font-size:.9rem}
.simulated,.mark{color:var(--alarm);font-weight:700}
.late{color:var(--late);font-weight:700}
.pale,.kind,figcaption,caption,dt{color:var(--pale)}
.kind{text-transform:uppercase;letter-spacing:.04em;margin-bottom:0}
h1{font-size:2.1rem;line-height:1.15;margin:.1em 0 .3em}
h2{font-size:1.4rem;margin:2.2rem 0 .6rem;border-top:2px solid var(--ink);padding-top:.6rem}
h3{font-size:1.15rem;margin:1.6rem 0 .4rem}
h4{font-size:1rem;margin:1.2rem 0 .3rem}
dl{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.25rem 1rem;margin:.6rem 0}
dd{margin:0;overflow-wrap:anywhere}
.figures{grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));
border-block:2px solid var(--ink);padding:.6rem 0}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dd{font-size:1.7rem;font-weight:700;line-height:1.2}
.figures dt{font-size:.85rem}
.wide{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th{text-align:start;border-top:2px solid var(--ink)}
th,td{border-bottom:1px solid var(--rule);padding:.35rem .5rem;vertical-align:top;min-width:4.5rem;
overflow-wrap:break-word}
.clock{font-variant-numeric:tabular-nums;white-space:nowrap}
pre,code{font:.85rem/1.5 "DejaVu Sans Mono",ui-monospace,monospace}
pre{background:var(--plate);padding:.8rem;overflow-x:auto;border-radius:.3rem}
code{overflow-wrap:anywhere}
.said{margin:.8rem 0;padding-inline-start:1rem;border-inline-start:3px solid var(--rule)}
blockquote{margin:0}
q::before,q::after{content:none}
.map{margin:1rem 0}
.map svg{width:100%;height:auto;background:#fff;display:block;max-height:90vh}
.withheld{background:#000;color:#fff;padding:0 .35em;font-size:.85em;border:1px solid #777;white-space:nowrap}
.level{border:1px solid var(--rule);padding:.5rem .8rem}
@media print{body{font-size:10pt}header,main{max-width:none;padding:0}.wide{overflow:visible}
tr,.said,dl{break-inside:avoid}h2,h3,h4{break-after:avoid}thead{display:table-header-group}}
"""
