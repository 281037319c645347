extension PageSource {
  /// The page's looks. Colours are told apart by all common kinds of colour vision, and by their order.
  static let style = #"""
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --panel: #f6f7f9; --line: #dfe3e8; --grid: #e9ecf0;
      --ink: #1b2129; --soft: #5b6672; --faint: #8a95a1; --mark: #2f6feb; --mark-soft: #2f6feb1f;
      --objects: #2f6fb3; --messages: #e69f00; --housekeeping: #159a72; --resends: #c4508d; --overhead: #9aa4af;
      --p1: #4477aa; --p2: #ee7a86; --p3: #2c8a45; --p4: #cdb83c; --p5: #62c3e6; --p6: #a83a79; --p7: #e8854f;
      --p8: #56606b; --rest: #bcc3ca;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14181d; --panel: #1c2128; --line: #303841; --grid: #262d35;
        --ink: #e4e9ee; --soft: #a3aeb9; --faint: #75808c; --mark: #6ea2ff; --mark-soft: #6ea2ff2e;
        --objects: #5b9bdf; --messages: #edb13d; --housekeeping: #35b98f; --resends: #dd7aae; --overhead: #77828e;
        --p1: #6f9fd0; --p2: #f08d97; --p3: #4fae67; --p4: #d9c75a; --p5: #7fd0ee; --p6: #c864a0; --p7: #f09a68;
        --p8: #a5b0bb; --rest: #5a6570;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
      font-variant-numeric: tabular-nums;
    }
    main { max-width: 1240px; margin: 0 auto; padding: 28px 28px 64px; }
    h1 {
      font-size: 24px; line-height: 1.2; margin: 0; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere;
    }
    h2 { font-size: 15px; margin: 0; font-weight: 650; }
    h2 small { font-weight: 400; color: var(--soft); font-size: 13px; margin-left: 8px; }
    p { margin: 0; }
    .facts { color: var(--soft); margin-top: 4px; }
    .facts b { color: var(--ink); font-weight: 500; overflow-wrap: anywhere; }
    .remark { margin-top: 10px; padding: 8px 12px; border-left: 3px solid var(--messages); background: var(--panel); }
    button, select { font: inherit; color: inherit; }

    .bar {
      position: sticky; top: 0; z-index: 3; display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center;
      margin: 18px -28px 0; padding: 10px 28px; background: var(--ground); border-bottom: 1px solid var(--line);
    }
    .switch { display: inline-flex; border: 1px solid var(--line); border-radius: 7px; overflow: hidden; }
    .switch button { border: 0; background: none; padding: 5px 13px; cursor: pointer; }
    .switch button + button { border-left: 1px solid var(--line); }
    .switch button[aria-pressed=true] { background: var(--mark-soft); color: var(--mark); font-weight: 600; }
    .bar label { color: var(--soft); }
    select {
      border: 1px solid var(--line); border-radius: 7px; background: var(--ground); padding: 5px 8px; margin-left: 6px;
      max-width: 15em;
    }
    .bar .range { margin-left: auto; color: var(--soft); display: flex; gap: 10px; align-items: center; }
    .plain { border: 1px solid var(--line); border-radius: 7px; background: none; padding: 5px 11px; cursor: pointer; }
    .plain:disabled { opacity: .45; cursor: default; }
    button:focus-visible, select:focus-visible, th:focus-visible {
      outline: 2px solid var(--mark); outline-offset: 1px;
    }

    .tiles {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 18px 0 6px;
    }
    .tile { background: var(--panel); border-radius: 9px; padding: 10px 14px; }
    .tile span { display: block; color: var(--soft); font-size: 12.5px; }
    .tile b { font-size: 20px; font-weight: 620; letter-spacing: -0.01em; }
    .tile i { font-style: normal; color: var(--soft); font-size: 13px; margin-left: 4px; }

    .chart { display: grid; grid-template-columns: minmax(0, 1fr) 280px; gap: 4px 22px; margin-top: 24px; }
    .chart header { grid-column: 1 / -1; }
    .plot { position: relative; }
    .plot svg { display: block; width: 100%; touch-action: none; cursor: crosshair; user-select: none; }
    .plot .empty {
      position: absolute; inset: 0; display: grid; place-items: center; color: var(--faint); pointer-events: none;
    }
    svg text { font-size: 11.5px; fill: var(--soft); }
    svg .grid { stroke: var(--grid); }
    svg .axis { stroke: var(--line); }
    svg .tag { stroke: var(--ink); stroke-opacity: .5; stroke-dasharray: 3 3; }
    svg .tagname { fill: var(--ink); font-size: 11.5px; }
    svg .cursor { stroke: var(--ink); stroke-opacity: .55; pointer-events: none; }
    svg .brush { fill: var(--mark); fill-opacity: .16; stroke: var(--mark); stroke-opacity: .6; pointer-events: none; }
    svg .shade { fill: var(--ground); fill-opacity: .68; }
    svg .window { fill: transparent; stroke: var(--mark); cursor: grab; }
    svg .grip { fill: var(--mark); cursor: ew-resize; }
    svg .whole { fill: var(--faint); fill-opacity: .55; }

    .legend { align-self: start; width: 100%; border-collapse: collapse; font-size: 13px; margin-top: 16px; }
    .legend td, .legend th { padding: 3px 0 3px 8px; text-align: right; white-space: nowrap; font-weight: 400; }
    .legend th { color: var(--faint); font-size: 12px; }
    .legend td:first-child, .legend th:first-child { text-align: left; padding-left: 0; }
    .legend td:first-child div { display: flex; align-items: center; gap: 8px; max-width: 152px; }
    .legend td:first-child div span { overflow: hidden; text-overflow: ellipsis; }
    .legend tr.sum td { border-top: 1px solid var(--line); font-weight: 600; }
    .legend tr[data-peer] { cursor: pointer; }
    .legend tr[data-peer]:hover td, .legend tr.chosen td { background: var(--mark-soft); }
    .swatch { flex: none; width: 11px; height: 11px; border-radius: 3px; }

    .readout {
      position: absolute; z-index: 4; pointer-events: none; background: var(--ground); border: 1px solid var(--line);
      border-radius: 8px; box-shadow: 0 4px 18px #0000002b; padding: 8px 11px; font-size: 12.5px; min-width: 178px;
    }
    .readout b { font-weight: 600; }
    .readout div { display: flex; align-items: center; gap: 8px; }
    .readout div span:nth-child(2) {
      flex: 1; max-width: 150px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
    }
    .readout .note { color: var(--soft); max-width: 240px; display: block; overflow-wrap: anywhere; }

    .tables { margin-top: 34px; display: grid; gap: 30px; }
    .tables section { min-width: 0; }
    .scroll { overflow-x: auto; }
    table.data { width: 100%; border-collapse: collapse; margin-top: 8px; font-size: 13.5px; }
    .data th {
      text-align: right; font-weight: 500; color: var(--soft); padding: 5px 10px; border-bottom: 1px solid var(--line);
      white-space: nowrap; cursor: pointer; user-select: none; font-size: 12.5px;
    }
    .data th[aria-sort] { color: var(--ink); }
    .data th[aria-sort=descending]::after { content: " ▾"; }
    .data th[aria-sort=ascending]::after { content: " ▴"; }
    .data td { text-align: right; padding: 4px 10px; border-bottom: 1px solid var(--grid); white-space: nowrap; }
    .data th:first-child, .data td:first-child { text-align: left; padding-left: 0; }
    .figures { table-layout: fixed; min-width: 780px; }
    .figures th { width: 9.6%; }
    .figures th:first-child { width: 27%; }
    .figures th:nth-child(2) { width: 25%; }
    .data th:nth-child(2), .data td:nth-child(2) { text-align: left; }
    .data td:first-child { overflow: hidden; text-overflow: ellipsis; }
    .data tr:hover td { background: var(--panel); }
    .data tr.part td { color: var(--soft); border-bottom-color: transparent; font-size: 13px; }
    .data tr.part td:first-child { padding-left: 26px; }
    .opener { border: 0; background: none; padding: 0; width: 18px; color: var(--faint); cursor: pointer; }
    .opener::before { content: "▸"; }
    .opener[aria-expanded=true]::before { content: "▾"; }
    .spacer { display: inline-block; width: 18px; }
    .share { display: flex; align-items: center; gap: 9px; }
    .share i { display: block; height: 9px; border-radius: 2px; min-width: 1px; }
    .share div { flex: 1; }
    .share span { width: 56px; text-align: right; }
    .more { margin-top: 8px; }
    .tags button { border: 0; background: none; padding: 2px 0; cursor: pointer; color: var(--mark); }
    .tags td:first-child { width: 90px; }
    .tags td:nth-child(2) { white-space: normal; overflow-wrap: anywhere; }
    footer { margin-top: 40px; color: var(--faint); font-size: 12.5px; }
    @media (max-width: 900px) {
      main { padding: 18px 16px 48px; }
      .bar { margin: 14px -16px 0; padding: 10px 16px; }
      .chart { grid-template-columns: minmax(0, 1fr); }
      .bar .range { margin-left: 0; }
    }
    """#

  /// The page's frame; the scripts fill it.
  static let markup = #"""
    <main>
    <h1 id="title"></h1>
    <p class="facts" id="facts"></p>
    <div id="remarks"></div>
    <div id="content" hidden>
    <div class="bar">
    <div class="switch" id="direction" role="group" aria-label="Direction">
    <button data-way="0">Received</button><button data-way="1">Sent</button><button data-way="2">Both</button>
    </div>
    <label>Peer<select id="peer"></select></label>
    <div class="range"><span id="range"></span><button class="plain" id="wider">Zoom out</button><button class="plain"
     id="all">Whole recording</button></div>
    </div>
    <div class="tiles" id="tiles"></div>
    <section class="chart" id="kinds"><header><h2>Bandwidth by kind<small>drag to zoom in, double click for the whole
     recording</small></h2></header><div class="plot"></div><table class="legend"></table></section>
    <section class="chart" id="peers"><header><h2>Bandwidth by peer</h2></header><div class="plot"></div><table
     class="legend"></table></section>
    <section class="chart" id="overview"><div class="plot"></div></section>
    <div class="tables" id="tables"></div>
    </div>
    <footer id="footer"></footer>
    </main>
    """#
}
