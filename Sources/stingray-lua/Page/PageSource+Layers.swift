extension PageSource {
  /// What charts show: layers of bits over time, and their rates at the points that are drawn.
  static let layerScript = #"""
    const MARGIN = { left: 52, right: 6, top: 24, bottom: 24 };
    const shownPeers = 8;

    // The peers in the order of their traffic; those beyond the colours share one.
    const ranking = data.peers.map((_, peer) => {
      let sum = 0;
      for (const way of [0, 1]) for (const values of bins[2 * peer + way]) for (const value of values) sum += value;
      return { peer, sum };
    }).filter((entry) => entry.sum > 0).sort((a, b) => b.sum - a.sum);
    const coloured = ranking.length <= shownPeers + 1 ? ranking : ranking.slice(0, shownPeers);

    function addInto(sum, values) {
      for (let index = 0; index < sum.length; index++) sum[index] += values[index];
    }
    function layersByKind() {
      return KINDS.map((kind, index) => {
        const values = new Float64Array(data.bins);
        for (const page of chosenPages()) addInto(values, bins[page][index]);
        return { name: data.kinds[index], color: `var(--${kind})`, values };
      });
    }
    function layersByPeer() {
      const layers = coloured.map(({ peer }, index) => {
        const values = new Float64Array(data.bins);
        for (const page of chosenPages(peer)) for (const kind of bins[page]) addInto(values, kind);
        const color = index < shownPeers ? `var(--p${index + 1})` : "var(--rest)";
        return { name: peerName(peer), peer, color, values };
      });
      const others = ranking.slice(coloured.length);
      if (others.length) {
        const values = new Float64Array(data.bins);
        for (const { peer } of others) {
          for (const page of chosenPages(peer)) for (const kind of bins[page]) addInto(values, kind);
        }
        layers.push({ name: others.length + " others", color: "var(--rest)", values });
      }
      return layers;
    }

    // The layers' rates in bit/s at points that are two pixels apart at least.
    function sample(layers, from, to, width) {
      const first = Math.max(0, Math.floor(from / data.width));
      const end = Math.min(data.bins, Math.ceil(to / data.width));
      const group = Math.max(1, Math.ceil((end - first) / (width / 2)));
      const begin = Math.max(0, Math.floor(first / group) - 1) * group;
      const times = [];
      const rates = layers.map(() => []);
      for (let bin = begin; bin < Math.min(data.bins, end + group); bin += group) {
        const last = Math.min(bin + group, data.bins);
        // The last bin is seldom full.
        const seconds = Math.max(Math.min(last * data.width, data.duration) - bin * data.width, data.width / 2);
        times.push(bin * data.width + seconds / 2);
        layers.forEach((layer, index) => {
          let bits = 0;
          for (let inner = bin; inner < last; inner++) bits += layer.values[inner];
          rates[index].push(bits / seconds);
        });
      }
      return { times, rates, seconds: group * data.width };
    }

    function niceStep(span, count, steps) {
      const least = span / count;
      if (steps) return steps.find((step) => step >= least) ?? Math.ceil(least / 3600) * 3600;
      const power = 10 ** Math.floor(Math.log10(least));
      return power * [1, 2, 5, 10].find((factor) => factor * power >= least * 0.999);
    }
    const TIME_STEPS = [.05, .1, .2, .5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
    """#
}
