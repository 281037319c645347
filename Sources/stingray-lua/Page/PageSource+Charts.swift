extension PageSource {
  /// One chart of stacked areas, and what is drawn beside them.
  static let chartScript = #"""
    class Chart {
      constructor(id, height, hasTagNames, makeLayers) {
        this.section = document.getElementById(id);
        this.plot = this.section.querySelector(".plot");
        this.legend = this.section.querySelector(".legend");
        this.height = height;
        this.hasTagNames = hasTagNames;
        this.makeLayers = makeLayers;
        const title = this.section.querySelector("h2").firstChild.textContent;
        this.svg = drawing("svg", { role: "img", "aria-label": title });
        this.plot.append(this.svg);
        listen(this);
      }

      update() {
        this.layers = this.makeLayers();
        this.drawLegend();
        this.draw();
      }

      x(time) {
        return MARGIN.left + ((time - view.from) / (view.to - view.from)) * this.inner;
      }
      time(x) {
        const part = Math.min(1, Math.max(0, (x - MARGIN.left) / this.inner));
        return view.from + part * (view.to - view.from);
      }

      draw() {
        const width = Math.max(320, this.plot.clientWidth);
        this.inner = width - MARGIN.left - MARGIN.right;
        const base = this.height - MARGIN.bottom;
        this.svg.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
        this.svg.setAttribute("height", this.height);
        this.svg.replaceChildren();
        this.samples = sample(this.layers, view.from, view.to, this.inner);
        const { times, rates } = this.samples;
        let most = 0;
        times.forEach((time, index) => {
          const total = rates.reduce((sum, values) => sum + values[index], 0);
          if (time >= view.from && time <= view.to) most = Math.max(most, total);
        });
        const step = niceStep(most || 1000, 4);
        const top = Math.max(step, Math.ceil((most / step) * 0.999) * step);
        this.y = (rate) => base - (rate / top) * (base - MARGIN.top);
        this.drawAxes(step, top, base);
        const clip = this.section.id + "-clip";
        const shape = drawing("clipPath", { id: clip });
        shape.append(drawing("rect", { x: MARGIN.left, y: 0, width: this.inner, height: base }));
        this.svg.append(shape);
        const areas = drawing("g", { "clip-path": `url(#${clip})` });
        this.drawAreas(areas);
        this.svg.append(areas);
        this.drawTags(base);
        this.cursor = drawing("line", { class: "cursor", y1: MARGIN.top, y2: base, visibility: "hidden" });
        const inside = { y: MARGIN.top, height: base - MARGIN.top };
        this.brush = drawing("rect", { class: "brush", ...inside, visibility: "hidden" });
        this.svg.append(this.brush, this.cursor);
        this.plot.querySelector(".empty")?.remove();
        if (most === 0) this.plot.append(element("div", { class: "empty", text: "no traffic here" }));
      }

      drawAxes(step, top, base) {
        const unit = top >= 2e6 ? [1e6, "Mbit/s"] : [1e3, "kbit/s"];
        const [left, right] = [MARGIN.left, MARGIN.left + this.inner];
        for (let rate = 0; rate <= top * 1.001; rate += step) {
          const y = this.y(rate);
          const label = String(+(rate / unit[0]).toPrecision(6));
          this.svg.append(
            drawing("line", { class: rate ? "grid" : "axis", x1: left, x2: right, y1: y, y2: y }),
            drawing("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, label));
        }
        this.svg.append(drawing("text", { x: MARGIN.left - 8, y: 11, "text-anchor": "end" }, unit[1]));
        const span = view.to - view.from;
        const distance = niceStep(span, Math.max(2, this.inner / 80), TIME_STEPS);
        for (let time = Math.ceil(view.from / distance) * distance; time <= view.to + 1e-6; time += distance) {
          const x = this.x(time);
          this.svg.append(
            drawing("line", { class: "axis", x1: x, x2: x, y1: base, y2: base + 4 }),
            drawing("text", { x, y: base + 17, "text-anchor": x > MARGIN.left + this.inner - 18 ? "end" : "middle" },
              clock(time, distance < 0.1 ? 2 : distance < 1 ? 1 : 0)));
        }
      }

      drawAreas(target) {
        const { times, rates } = this.samples;
        const xs = times.map((time) => this.x(time).toFixed(1));
        // The first and the last point stand for a stretch on either side.
        if (xs.length) {
          if (times[0] - data.width <= 0) xs[0] = this.x(0).toFixed(1);
          if (view.to >= data.duration) xs[xs.length - 1] = this.x(data.duration).toFixed(1);
        }
        const floor = new Float64Array(times.length);
        this.layers.forEach((layer, index) => {
          if (!rates[index].some((rate) => rate > 0)) return;
          let above = "";
          let below = "";
          for (let point = 0; point < xs.length; point++) {
            below = `L${xs[point]} ${this.y(floor[point]).toFixed(1)}` + below;
            floor[point] += rates[index][point];
            above += `${point ? "L" : "M"}${xs[point]} ${this.y(floor[point]).toFixed(1)}`;
          }
          target.append(drawing("path", { d: above + below + "Z", style: `fill:${layer.color}` }));
        });
      }

      // Lines for all tags; names where there is room for them, one for tags that are close together.
      drawTags(base) {
        const shown = data.tags.filter(([time]) => time >= view.from && time <= view.to);
        const isCrowded = shown.length > this.inner / 8;
        const groups = [];
        for (const [time, text] of shown) {
          const x = this.x(time);
          const line = drawing("line", { class: "tag", x1: x, x2: x, y1: MARGIN.top - 6, y2: base });
          if (isCrowded) line.style.strokeOpacity = 0.2;
          this.svg.append(line);
          const last = groups[groups.length - 1];
          if (last && x - last.x < 30) last.more += 1;
          else groups.push({ x, text, more: 0 });
        }
        if (!this.hasTagNames || isCrowded) return;
        groups.forEach((group, index) => {
          const next = index + 1 < groups.length ? groups[index + 1].x : MARGIN.left + this.inner + 4;
          const ending = group.more ? ` +${group.more}` : "";
          const room = Math.min(30, Math.floor((next - group.x - 8) / 6.8)) - ending.length;
          if (room < Math.min(4, group.text.length)) return;
          const name = group.text.length > room ? group.text.slice(0, room - 1) + "…" : group.text;
          this.svg.append(drawing("text", { class: "tagname", x: group.x + 3, y: 15 }, name + ending));
        });
      }

      drawLegend() {
        const range = chosenSlices();
        const seconds = Math.max(range.to - range.from, 1e-9);
        const first = Math.round(range.first * data.binsPerSlice);
        const end = Math.min(data.bins, range.end * data.binsPerSlice);
        const add = (sum, value) => sum + value;
        const sums = this.layers.map((layer) => layer.values.subarray(first, end).reduce(add, 0));
        const whole = sums.reduce((sum, value) => sum + value, 0);
        const head = element("tr", {}, ...["", "kbit/s", "share"].map((text) => element("th", { text })));
        const rows = this.layers.map((layer, index) => {
          const name = element("div", {}, element("span", { class: "swatch", style: `background:${layer.color}` }),
            element("span", { text: layer.name, title: layer.name }));
          const row = element("tr", {}, element("td", {}, name),
            element("td", { text: brief(sums[index] / seconds / 1000) }),
            element("td", { text: shareText(sums[index], whole) }));
          if (layer.peer !== undefined) {
            row.dataset.peer = layer.peer;
            row.title = "show this peer only";
            if (layer.peer === view.peer) row.className = "chosen";
          }
          return row;
        });
        // As they are stacked.
        rows.reverse();
        const sum = element("tr", { class: "sum" }, element("td", { text: "all" }),
          element("td", { text: brief(whole / seconds / 1000) }), element("td", { text: "" }));
        this.legend.replaceChildren(head, ...rows, sum);
      }

      // The place of the point nearest to a time.
      nearest(time) {
        const { times } = this.samples;
        let best = 0;
        for (let index = 1; index < times.length; index++) {
          if (Math.abs(times[index] - time) < Math.abs(times[best] - time)) best = index;
        }
        return best;
      }

      point(time) {
        if (time === undefined || !this.samples.times.length) return this.cursor.setAttribute("visibility", "hidden");
        const x = this.x(Math.min(view.to, Math.max(view.from, this.samples.times[this.nearest(time)])));
        this.cursor.setAttribute("x1", x);
        this.cursor.setAttribute("x2", x);
        this.cursor.setAttribute("visibility", "visible");
      }
    }
    """#
}
