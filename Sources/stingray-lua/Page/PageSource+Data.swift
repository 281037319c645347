extension PageSource {
  /// Reads the data, and says numbers as readers like them.
  static let dataScript = #"""
    const data = JSON.parse(document.getElementById("data").textContent);
    const KINDS = ["objects", "messages", "housekeeping", "resends", "overhead"];

    // Numbers of seven bits a byte, the low ones first; an even one is twice a value, an odd one a run of zeros.
    const packed = Uint8Array.from(atob(data.series), (character) => character.charCodeAt(0));
    let place = 0;
    function nextNumber() {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = packed[place++];
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    }
    function nextSeries(length) {
      const values = new Float64Array(length);
      for (let index = 0; index < length; ) {
        const number = nextNumber();
        if (number % 2) index += (number - 1) / 2;
        else values[index++] = number / 2;
      }
      return values;
    }

    // Each page is a peer and a direction: 2 * peer + direction.
    const pageCount = data.peers.length * 2;
    const sliceCount = Math.ceil(data.bins / data.binsPerSlice);
    const bins = [];
    const slices = [];
    for (let page = 0; page < pageCount; page++) {
      bins.push(KINDS.map(() => nextSeries(data.bins)));
    }
    for (let page = 0; page < pageCount; page++) {
      const accounts = new Map();
      for (let left = nextNumber(), account = 0; left > 0; left--) {
        account += nextNumber();
        accounts.set(account, { bits: nextSeries(sliceCount), counts: nextSeries(sliceCount) });
      }
      slices.push(accounts);
    }

    const sliceWidth = data.width * data.binsPerSlice;
    // What is shown: way 0 received, 1 sent, 2 both; peer -1 all.
    const view = { way: 2, peer: -1, from: 0, to: data.duration };
    const isWhole = () => view.from <= 0 && view.to >= data.duration;

    function chosenPages(peer = view.peer) {
      const pages = [];
      for (let page = 0; page < pageCount; page++) {
        if (peer >= 0 && page >> 1 !== peer) continue;
        if (view.way === 2 || page % 2 === view.way) pages.push(page);
      }
      return pages;
    }

    // The slices that tables sum up: those with their middle in the range that is shown, one at least.
    function chosenSlices() {
      if (isWhole()) return { first: 0, end: sliceCount, from: 0, to: data.duration };
      let first = Math.min(sliceCount - 1, Math.ceil(view.from / sliceWidth - 0.5));
      let end = Math.min(sliceCount, Math.ceil(view.to / sliceWidth - 0.5));
      if (end <= first) {
        first = Math.min(sliceCount - 1, Math.floor((view.from + view.to) / 2 / sliceWidth));
        end = first + 1;
      }
      return { first, end, from: first * sliceWidth, to: Math.min(end * sliceWidth, data.duration) };
    }

    function sumSlices(values, range) {
      let sum = 0;
      for (let index = range.first; index < range.end; index++) sum += values[index];
      return sum;
    }

    function peerName(index) {
      return index === 0 ? "no connection" : data.peers[index];
    }

    // MARK: Words

    function decimals(value, digits) {
      return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    }
    function brief(value) {
      const size = Math.abs(value);
      return decimals(value, size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2);
    }
    function rateText(bitsPerSecond) {
      if (bitsPerSecond >= 1e6) return [brief(bitsPerSecond / 1e6), "Mbit/s"];
      return [brief(bitsPerSecond / 1e3), "kbit/s"];
    }
    function bytesText(bits) {
      const bytes = bits / 8;
      if (bytes >= 1e6) return brief(bytes / 1e6) + " MB";
      if (bytes >= 1e3) return brief(bytes / 1e3) + " kB";
      return decimals(bytes, 0) + " B";
    }
    function countText(count) {
      return count.toLocaleString("en");
    }
    function shareText(part, whole) {
      if (!whole) return "";
      const share = (100 * part) / whole;
      return share > 0 && share < 0.05 ? "< 0.1 %" : decimals(share, 1) + " %";
    }
    function clock(seconds, digits = 0) {
      const scale = 10 ** digits;
      const whole = Math.round(Math.max(0, seconds) * scale);
      const minutes = Math.floor(whole / scale / 60);
      const rest = (whole / scale - minutes * 60).toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
      if (minutes < 60) return minutes + ":" + rest;
      return Math.floor(minutes / 60) + ":" + String(minutes % 60).padStart(2, "0") + ":" + rest;
    }
    function clockIn(seconds, span) {
      return clock(seconds, span < 5 ? 2 : span < 60 ? 1 : 0);
    }

    function element(name, attributes = {}, ...children) {
      const node = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) {
        if (key === "text") node.textContent = value;
        else if (value !== undefined) node.setAttribute(key, value);
      }
      node.append(...children);
      return node;
    }
    const NAMESPACE = "http://www.w3.org/2000/svg";
    function drawing(name, attributes = {}, text) {
      const node = document.createElementNS(NAMESPACE, name);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      if (text !== undefined) node.textContent = text;
      return node;
    }
    """#
}
