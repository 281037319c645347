extension PageSource {
  /// What the reader does with the pointer and the controls.
  static let controlScript = #"""
    const readout = element("div", { class: "readout", hidden: "" });

    function showReadout(chart, event) {
      const { times, rates, seconds } = chart.samples;
      if (!times.length) return;
      const box = chart.svg.getBoundingClientRect();
      const pointed = chart.time(event.clientX - box.left);
      const index = chart.nearest(pointed);
      const total = rates.reduce((sum, values) => sum + values[index], 0);
      const line = (swatch, name, rate) => {
        const [value, unit] = rateText(rate);
        return element("div", {}, element("span", { class: "swatch", style: `background:${swatch}` }),
          element("span", { text: name }), element("span", { text: `${value} ${unit}` }));
      };
      const lines = chart.layers.map((layer, number) => [layer, rates[number][index]]).filter(([, rate]) => rate > 0)
        .map(([layer, rate]) => line(layer.color, layer.name, rate)).reverse();
      const near = ((view.to - view.from) / chart.inner) * 6;
      const tags = data.tags.filter(([time]) => Math.abs(time - pointed) <= near).slice(0, 3)
        .map(([time, text]) => element("span", { class: "note", text: `${clock(time, 1)} ${text}` }));
      const middle = clockIn(times[index], view.to - view.from);
      readout.replaceChildren(
        element("div", {}, element("b", { text: middle }),
          element("span", { class: "note", text: `over ${brief(seconds)} s` })),
        ...lines, line("transparent", "all", total), ...tags);
      readout.hidden = false;
      chart.plot.append(readout);
      const x = event.clientX - box.left;
      readout.style.left = (x + readout.offsetWidth + 26 > box.width ? x - readout.offsetWidth - 14 : x + 14) + "px";
      readout.style.top = MARGIN.top + 4 + "px";
    }

    const charts = [];
    function listen(chart) {
      charts.push(chart);
      let start;
      chart.svg.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        start = event.clientX - chart.svg.getBoundingClientRect().left;
        chart.svg.setPointerCapture(event.pointerId);
      });
      chart.svg.addEventListener("pointermove", (event) => {
        const x = event.clientX - chart.svg.getBoundingClientRect().left;
        for (const other of charts) other.point(chart.time(x));
        showReadout(chart, event);
        if (start === undefined) return;
        const [left, right] = [start, x].map((place) => chart.x(chart.time(place))).sort((a, b) => a - b);
        for (const other of charts) {
          other.brush.setAttribute("x", left);
          other.brush.setAttribute("width", right - left);
          other.brush.setAttribute("visibility", right - left > 4 ? "visible" : "hidden");
        }
      });
      const finish = (event) => {
        if (start === undefined) return;
        const end = event.clientX - chart.svg.getBoundingClientRect().left;
        const [from, to] = [chart.time(start), chart.time(end)].sort((a, b) => a - b);
        const isDrag = Math.abs(end - start) > 4;
        start = undefined;
        if (isDrag && event.type === "pointerup") setRange(from, to);
      };
      chart.svg.addEventListener("pointerup", finish);
      chart.svg.addEventListener("pointercancel", finish);
      chart.svg.addEventListener("pointerleave", () => {
        readout.hidden = true;
        for (const other of charts) other.point();
      });
      chart.svg.addEventListener("dblclick", () => setRange(0, data.duration));
    }

    // MARK: The whole recording, and the part of it that is shown

    function drawOverview() {
      const plot = document.querySelector("#overview .plot");
      const width = Math.max(320, plot.clientWidth);
      const height = 54;
      const inner = width - MARGIN.left - MARGIN.right;
      const x = (time) => MARGIN.left + (time / data.duration) * inner;
      const sum = new Float64Array(data.bins);
      for (const page of chosenPages()) for (const values of bins[page]) addInto(sum, values);
      const { times, rates } = sample([{ values: sum }], 0, data.duration, inner);
      const most = Math.max(1, ...rates[0]);
      const svg = drawing("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img" });
      let path = `M${MARGIN.left} ${height - 4}`;
      times.forEach((time, index) => {
        path += `L${x(time).toFixed(1)} ${(height - 4 - (rates[0][index] / most) * (height - 12)).toFixed(1)}`;
      });
      svg.append(drawing("path", { class: "whole", d: path + `L${MARGIN.left + inner} ${height - 4}Z` }));
      for (const [time] of data.tags) {
        svg.append(drawing("line", { class: "tag", x1: x(time), x2: x(time), y1: 4, y2: height - 4 }));
      }
      const [left, right] = [x(view.from), x(view.to)];
      const tall = { y: 2, height: height - 4 };
      svg.append(
        drawing("rect", { class: "shade", x: MARGIN.left, ...tall, width: Math.max(0, left - MARGIN.left) }),
        drawing("rect", { class: "shade", x: right, ...tall, width: Math.max(0, MARGIN.left + inner - right) }),
        drawing("rect", {
          class: "window", x: left, ...tall, width: Math.max(1, right - left), "data-part": "window",
        }));
      for (const [part, edge] of [["from", left], ["to", right]]) {
        const shape = { x: edge - 3, y: height / 2 - 10, width: 6, height: 20, rx: 3 };
        svg.append(drawing("rect", { class: "grip", ...shape, "data-part": part }));
      }
      plot.replaceChildren(svg);
      plot.onpointerdown = (event) => {
        const part = event.target.dataset?.part;
        if (!part) return;
        const begin = { x: event.clientX, from: view.from, to: view.to };
        plot.setPointerCapture(event.pointerId);
        plot.onpointermove = (move) => {
          const shift = ((move.clientX - begin.x) / inner) * data.duration;
          let { from, to } = begin;
          if (part === "window") {
            const bounded = Math.min(data.duration - to, Math.max(-from, shift));
            from += bounded;
            to += bounded;
          } else if (part === "from") from = Math.min(Math.max(0, from + shift), to - leastRange);
          else to = Math.max(Math.min(data.duration, to + shift), from + leastRange);
          setRange(from, to);
        };
        plot.onpointerup = plot.onpointercancel = () => { plot.onpointermove = null; };
      };
    }

    // MARK: Controls

    const leastRange = Math.min(data.duration, Math.max(data.width * 8, 0.5));
    function setRange(from, to) {
      if (to - from < leastRange) {
        const middle = (from + to) / 2;
        from = middle - leastRange / 2;
        to = middle + leastRange / 2;
      }
      const span = Math.min(to - from, data.duration);
      view.from = Math.min(Math.max(0, from), data.duration - span);
      view.to = view.from + span;
      update();
    }

    const wayButtons = [...document.querySelectorAll("#direction button")];
    for (const button of wayButtons) {
      button.onclick = () => {
        view.way = Number(button.dataset.way);
        update();
      };
    }
    const peerList = document.getElementById("peer");
    peerList.onchange = () => {
      view.peer = Number(peerList.value);
      update();
    };
    document.getElementById("all").onclick = () => setRange(0, data.duration);
    document.getElementById("wider").onclick = () => {
      const span = view.to - view.from;
      setRange(view.from - span / 2, view.to + span / 2);
    };
    addEventListener("keydown", (event) => { if (event.key === "Escape") setRange(0, data.duration); });

    let isDue = false;
    function update() {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        render();
      });
    }
    """#
}
