/** The report's style: no font, picture or script from anywhere. Colours keep 4.5 : 1 against their ground. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--panel:#f6f8fa;--text:#1f2328;--quiet:#57606a;--edge:#d0d7de;--grid:#eaeef2;
--red:#cf222e;--green:#1a7f37;--yellow:#7d4e00;--blue:#0969da;--a0:#57606a;--a1:#0969da;--a2:#bf3989;--a3:#1a7f37;--a4:#9a6700;--a5:#8250df}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--panel:#161b22;--text:#e6edf3;--quiet:#9198a1;--edge:#3d444d;--grid:#21262d;
--red:#ff7b72;--green:#3fb950;--yellow:#d29922;--blue:#58a6ff;--a0:#9198a1;--a1:#58a6ff;--a2:#f778ba;--a3:#3fb950;--a4:#d29922;--a5:#bc8cff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif}
header,main,footer{max-width:1020px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:24px;line-height:1.3;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:18px;margin:36px 0 10px;padding-top:12px;border-top:1px solid var(--edge);overflow-wrap:anywhere}
h2.remark{border:0;padding:0}h3,h2.remark{font-size:15px;margin:20px 0 6px;overflow-wrap:anywhere}
p,ul{margin:0 0 10px}ul{padding-left:22px}li{overflow-wrap:anywhere}
.verdict{display:inline-block;padding:1px 12px;margin-bottom:10px;border:1px solid;border-radius:2em;font-weight:600;font-size:14px}
.regression,.invalid,.bad{color:var(--red)}.pass,.good{color:var(--green)}.inconclusive,.unsure{color:var(--yellow)}.no-baseline{color:var(--quiet)}
.quiet{color:var(--quiet)}
a{color:var(--blue)}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{position:static}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;list-style:none}
.scroll{overflow-x:auto;margin-bottom:12px}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px;width:100%}
caption{text-align:left;color:var(--quiet);padding-bottom:4px}
th,td{padding:5px 10px;border-bottom:1px solid var(--edge);text-align:left;white-space:nowrap;font-weight:400}
thead th{color:var(--quiet);font-size:13px}
tbody th{white-space:normal;min-width:9em;max-width:26em;overflow-wrap:anywhere;font-weight:600}
.n{text-align:right}
tbody tr:hover{background:var(--panel)}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(310px,100%),1fr));gap:14px;margin:10px 0}
.pictures.two{grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr))}
figure{margin:0;padding:10px 12px;background:var(--panel);border:1px solid var(--edge);border-radius:8px;min-width:0}
figcaption{text-wrap:balance;font-size:13px;font-weight:600;margin-bottom:4px;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto}
svg text{font-size:10.5px;fill:var(--quiet)}svg .end{text-anchor:end}svg .mid{text-anchor:middle}
.grid{stroke:var(--grid);fill:none}.axis{stroke:var(--quiet);fill:none}.zero{stroke:var(--quiet);stroke-width:1}
.limit{stroke:var(--red);stroke-width:1.3;stroke-dasharray:5 4}.look{stroke:var(--edge);stroke-dasharray:2 3}
.band{fill:var(--a1);fill-opacity:.18}.change{fill:none;stroke:var(--a1);stroke-width:1.6}.dot{fill:var(--a0);fill-opacity:.75}
.arm{--c:var(--a5)}.arm0{--c:var(--a0)}.arm1{--c:var(--a1)}.arm2{--c:var(--a2)}.arm3{--c:var(--a3)}.arm4{--c:var(--a4)}
.line{fill:none;stroke:var(--c);stroke-width:1.7;stroke-linejoin:round}.arm0.line{stroke-dasharray:5 2.5}.arm2.line{stroke-dasharray:2 2}
.fill{fill:var(--c);fill-opacity:.16;stroke:none}.box{fill:var(--c);fill-opacity:.3;stroke:var(--c)}.refused{fill-opacity:.05;stroke-dasharray:3 2}
svg .order{fill:var(--text)}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;margin:2px 0 0;padding:0 0 0 40px;font-size:12.5px;color:var(--quiet)}
.legend li{display:flex;align-items:center;gap:6px}.legend svg{width:24px;flex:none}
.flame{margin:10px 0}.flame .scroll{margin:0}.flame svg{min-width:760px}.flame rect{fill:var(--red);stroke:var(--edge);stroke-width:.5}svg .l1 rect,svg .l2 rect,svg .l3 rect,svg .l4 rect,svg .l5 rect{fill:var(--blue)}
.flame .same rect{fill:var(--grid)}.flame .m1 rect,.flame .l1 rect{fill-opacity:.12}.flame .m2 rect,.flame .l2 rect{fill-opacity:.22}.flame .m3 rect,.flame .l3 rect{fill-opacity:.32}.flame .m4 rect,.flame .l4 rect{fill-opacity:.42}.flame .m5 rect,.flame .l5 rect{fill-opacity:.5}
.flame .one rect{stroke:var(--text);stroke-width:1;stroke-dasharray:3 2}.flame text{fill:var(--text);pointer-events:none}
.paths,.paths ul{list-style:none;padding-left:18px}.paths details{margin:0}.paths summary{font-weight:400}
details{margin:8px 0}summary{cursor:pointer;font-weight:600}
dl{display:grid;grid-template-columns:minmax(8em,14em) 1fr;gap:4px 16px;margin:10px 0}dt{color:var(--quiet);overflow-wrap:anywhere}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:600px){dl{grid-template-columns:1fr}dd{margin-bottom:8px}}
code{background:var(--panel);border:1px solid var(--edge);border-radius:5px;padding:0 4px;font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--panel);border:1px solid var(--edge);border-radius:8px;padding:12px;overflow:auto;max-height:420px;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{color:var(--quiet);font-size:13px;padding-top:24px;padding-bottom:40px}
@media print{figure{break-inside:avoid}}
`.replaceAll("\n", "");
