// Runs in the measured page before anything else: takes the time from a key's arrival in the browser to the next drawing on a canvas
// that is on the page, and whether that drawing changed pixels near where it drew.
(() => {
  let pressed;
  const probe = { last: undefined };
  Object.defineProperty(window, "keyToPixel", { value: probe });
  addEventListener(
    "keydown",
    (event) => {
      pressed = event.timeStamp;
      probe.last = undefined;
    },
    { capture: true },
  );
  for (const name of ["drawImage", "putImageData", "fillRect"]) {
    const original = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...words) {
      const result = original.apply(this, words);
      if (pressed !== undefined && this.canvas.isConnected) {
        probe.last = performance.now() - pressed;
        pressed = undefined;
      }
      return result;
    };
  }
})();
