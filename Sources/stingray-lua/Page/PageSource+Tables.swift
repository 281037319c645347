extension PageSource {
  /// Tables of bits, and the start of it all.
  static let tableScript = #"""
    const COLUMNS = [
      { key: "name", title: "", text: (row) => row.name },
      { key: "bits", title: "share", text: (row, whole) => shareText(row.bits, whole) },
      { key: "rate", title: "kbit/s", text: (row) => brief(row.rate / 1000) },
      { key: "size", title: "size", text: (row) => bytesText(row.bits), value: (row) => row.bits },
      { key: "count", title: "count", text: (row) => (row.count ? countText(row.count) : "") },
      { key: "pace", title: "per second", text: (row) => (row.count ? brief(row.pace) : "") },
      { key: "each", title: "bits each", text: (row) => (row.count ? decimals(row.each, 1) : "") },
    ];
    // Fields have the colour of the objects that they are part of.
    const SECTION_COLORS = {
      messages: "--messages", objects: "--objects", fields: "--objects", housekeeping: "--housekeeping",
      overhead: "--overhead",
    };
    const shownRows = 15;
    const sections = data.sections.map(([id, title, counted]) => ({
      id, title, counted, sort: "bits", isAscending: false, isLong: false, open: new Set(),
      rows: data.rows.filter((row) => row.s === id),
    }));

    function figures(row, pages, range, seconds) {
      let bits = 0;
      let count = 0;
      for (const page of pages) {
        for (const account of row.a) {
          const entry = slices[page].get(account);
          if (entry) bits += sumSlices(entry.bits, range);
        }
        for (const account of row.c) {
          const entry = slices[page].get(account);
          if (entry) count += sumSlices(entry.counts, range);
        }
      }
      return { name: row.n, bits, count, rate: bits / seconds, pace: count / seconds, each: count ? bits / count : 0 };
    }

    function drawTables() {
      const range = chosenSlices();
      const seconds = Math.max(range.to - range.from, 1e-9);
      const pages = chosenPages();
      let whole = 0;
      for (const page of pages) for (const entry of slices[page].values()) whole += sumSlices(entry.bits, range);
      const target = document.getElementById("tables");
      target.replaceChildren();
      for (const section of sections) {
        const measure = (row) => figures(row, pages, range, seconds);
        const rows = section.rows.map((row) => ({ row, ...measure(row) })).filter((row) => row.bits > 0);
        target.append(drawSection(section, rows, whole, measure));
      }
      if (data.tags.length) target.append(drawTagList());
    }

    function drawSection(section, rows, whole, partFigures) {
      const sum = rows.reduce((total, row) => total + row.bits, 0);
      const column = COLUMNS.find((entry) => entry.key === section.sort);
      const value = column.value ?? ((row) => row[column.key]);
      const order = column.key === "name" ? (a, b) => b.name.localeCompare(a.name)
        : (a, b) => value(b) - value(a) || b.bits - a.bits;
      rows.sort((a, b) => (section.isAscending ? -order(a, b) : order(a, b)));
      const title = section.title[0].toUpperCase() + section.title.slice(1);
      const part = rows.length ? `${shareText(sum, whole)} of what is shown` : "none in what is shown";
      const node = element("section", {}, element("h2", { text: title }, element("small", { text: part })));
      if (!rows.length) return node;
      const heads = COLUMNS.map((entry) => {
        const name = entry.key === "name" ? "name" : entry.key === "count" ? section.counted : entry.title;
        const head = element("th", { text: name, scope: "col", tabindex: "0" });
        const order = section.isAscending ? "ascending" : "descending";
        if (entry.key === section.sort) head.setAttribute("aria-sort", order);
        head.onclick = () => {
          section.isAscending = section.sort === entry.key ? !section.isAscending : false;
          section.sort = entry.key;
          drawTables();
        };
        head.onkeydown = (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          head.click();
        };
        return head;
      });
      const body = element("tbody");
      const most = Math.max(...rows.map((row) => row.bits));
      const color = SECTION_COLORS[section.id];
      for (const row of rows.slice(0, section.isLong ? rows.length : shownRows)) {
        const parts = (row.row.p ?? []).map(partFigures).filter((part) => part.bits > 0);
        const isOpen = section.open.has(row.name);
        const line = drawRow(row, whole, most, color, false);
        const first = line.firstChild;
        if (parts.length > 1) {
          const label = "parts of " + row.name;
          const opener = element("button", { class: "opener", "aria-expanded": isOpen, "aria-label": label });
          opener.onclick = () => {
            if (isOpen) section.open.delete(row.name);
            else section.open.add(row.name);
            drawTables();
          };
          first.prepend(opener);
        } else first.prepend(element("span", { class: "spacer" }));
        body.append(line);
        if (isOpen) for (const part of parts) body.append(drawRow(part, whole, most, color, true));
      }
      const head = element("thead", {}, element("tr", {}, ...heads));
      const table = element("table", { class: "data figures" }, head, body);
      node.append(element("div", { class: "scroll" }, table));
      if (rows.length > shownRows) {
        const more = moreButton(section.isLong, rows.length, () => { section.isLong = !section.isLong; });
        node.append(more);
      }
      return node;
    }

    function moreButton(isLong, count, toggle) {
      const text = isLong ? `Show the first ${shownRows}` : `Show all ${count}`;
      const button = element("button", { class: "plain more", text });
      button.onclick = () => {
        toggle();
        drawTables();
      };
      return button;
    }

    function drawRow(row, whole, most, color, isPart) {
      const cells = COLUMNS.map((column) => {
        const text = column.text(row, whole);
        if (column.key === "name") return element("td", { title: text }, text);
        if (column.key !== "bits") return element("td", { text });
        const width = `${(100 * row.bits) / most}%`;
        const bar = element("i", { style: `width:${width};background:var(${color});opacity:${isPart ? 0.5 : 1}` });
        const share = element("div", { class: "share" }, element("span", { text }), element("div", {}, bar));
        return element("td", {}, share);
      });
      return element("tr", { class: isPart ? "part" : undefined }, ...cells);
    }

    let isTagListLong = false;
    function drawTagList() {
      const body = element("tbody");
      for (const [index, [time, text]] of data.tags.slice(0, isTagListLong ? undefined : shownRows).entries()) {
        const next = index + 1 < data.tags.length ? data.tags[index + 1][0] : data.duration;
        const button = element("button", { text: clock(time, 1), title: "show from here to the next tag" });
        button.onclick = () => {
          setRange(time, Math.max(next, time + leastRange));
          document.getElementById("kinds").scrollIntoView({ behavior: "smooth", block: "center" });
        };
        body.append(element("tr", {}, element("td", {}, button), element("td", { text })));
      }
      const hint = element("small", { text: "a time shows what follows up to the next tag" });
      const section = element("section", { class: "tags" }, element("h2", { text: "Tags" }, hint),
        element("table", { class: "data" }, body));
      if (data.tags.length > shownRows) {
        const more = moreButton(isTagListLong, data.tags.length, () => { isTagListLong = !isTagListLong; });
        section.append(more);
      }
      return section;
    }

    function drawTiles() {
      const range = chosenSlices();
      const seconds = Math.max(range.to - range.from, 1e-9);
      const pages = chosenPages();
      const first = range.first * data.binsPerSlice;
      const end = Math.min(data.bins, range.end * data.binsPerSlice);
      const group = Math.max(1, Math.round(1 / data.width));
      let [bits, overhead, resends, peak, packets] = [0, 0, 0, 0, 0];
      const sum = new Float64Array(data.bins);
      for (const page of pages) {
        for (const values of bins[page]) addInto(sum, values);
        for (let bin = first; bin < end; bin++) {
          overhead += bins[page][4][bin];
          resends += bins[page][3][bin];
        }
        for (const account of data.datagrams) {
          const entry = slices[page].get(account);
          if (entry) packets += sumSlices(entry.counts, range);
        }
      }
      for (let bin = first; bin < end; bin++) bits += sum[bin];
      for (let bin = first; bin < end; bin += group) {
        const last = Math.min(bin + group, end);
        const time = Math.max(Math.min(last * data.width, data.duration) - bin * data.width, Math.min(1, seconds));
        peak = Math.max(peak, sum.subarray(bin, last).reduce((total, value) => total + value, 0) / time);
      }
      const tile = (title, value, unit = "") => element("div", { class: "tile" },
        element("span", { text: title }), element("b", { text: value }), element("i", { text: unit }));
      const most = seconds < 1 ? "most" : data.width > 1 ? `most in ${brief(data.width)} s` : "most in a second";
      const split = (text) => text.split(/ (?=\S+$)/);
      document.getElementById("tiles").replaceChildren(
        tile("on the wire", ...split(bytesText(bits))), tile("on average", ...rateText(bits / seconds)),
        tile(most, ...rateText(peak)), tile("datagrams", brief(packets / seconds), "a second"),
        tile("overhead", ...split(shareText(overhead, bits) || "0 %")),
        tile("resends", ...split(shareText(resends, bits) || "0 %")));
      const span = view.to - view.from;
      document.getElementById("range").textContent =
        isWhole() ? "" : `${clockIn(view.from, span)} to ${clockIn(view.to, span)}`;
      document.getElementById("all").disabled = document.getElementById("wider").disabled = isWhole();
    }

    let byKind, byPeer;
    function render() {
      for (const button of wayButtons) button.setAttribute("aria-pressed", Number(button.dataset.way) === view.way);
      peerList.value = view.peer;
      drawTiles();
      byKind.update();
      byPeer.update();
      drawOverview();
      drawTables();
    }

    document.title = data.title + " – network traffic";
    document.getElementById("title").textContent = data.title;
    document.getElementById("facts").append(...data.facts.flatMap(([name, value], index) =>
      [index ? " · " : "", name ? name + " " : "", element("b", { text: value })]));
    document.getElementById("remarks").append(...data.remarks.map((text) => element("p", { class: "remark", text })));
    document.getElementById("footer").textContent = data.footer;
    if (data.bins > 0) {
      document.getElementById("content").hidden = false;
      peerList.append(element("option", { value: -1, text: "all" }),
        ...ranking.map(({ peer }) => element("option", { value: peer, text: peerName(peer) })));
      byKind = new Chart("kinds", 290, true, layersByKind);
      byPeer = new Chart("peers", 240, false, layersByPeer);
      byPeer.legend.addEventListener("click", (event) => {
        const row = event.target.closest("tr[data-peer]");
        if (!row) return;
        const peer = Number(row.dataset.peer);
        view.peer = view.peer === peer ? -1 : peer;
        update();
      });
      addEventListener("resize", update);
      render();
    }
    """#
}
