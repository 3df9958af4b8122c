// Pointer and wheel on the slicer's LCD: markers are dragged, the view is moved and zoomed.

const REACH = { mouse: 8, pen: 12, touch: 22 }; // CSS pixels around a marker that take it in hand
const NOTCH = 4; // of 100, that the wheel zooms at a time

const field = document.getElementById("wave");
const overview = document.getElementById("overview");
const slider = document.getElementById("zoom");

/** Listen. `select(slice, {show})` takes one in hand, `step(places, gesture)` sets markers, `point(frame)` is
 *  told of a press beside them. Returns a function that zooms in by so much, of 100. */
export function onGlass({ wave, markers, select, step, point }) {
  let dragged = -1; // the marker under the pointer
  let drags = 0;
  let grip = 0; // frames from the pointer to that marker

  function nearest(event) {
    const frame = wave.frameAt(event.clientX);
    const away = markers.places.map((place) => Math.abs(place - frame));
    const least = Math.min(...away);
    return least <= (REACH[event.pointerType] ?? REACH.mouse) * wave.pixel ? away.indexOf(least) : -1;
  }

  field.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragged = nearest(event);
    drags += 1;
    const frame = wave.frameAt(event.clientX);
    if (dragged < 0) {
      point(frame);
      return;
    }
    field.setPointerCapture(event.pointerId);
    grip = markers.places[dragged] - frame;
    select(dragged, { show: false });
    wave.flags.children[dragged].focus({ preventScroll: true });
    event.preventDefault();
  });
  field.addEventListener("pointermove", (event) => {
    if (dragged < 0 || !field.hasPointerCapture(event.pointerId)) return;
    step(markers.moved(dragged, wave.frameAt(event.clientX) + grip), `drag ${drags}`);
  });
  for (const end of ["pointerup", "pointercancel"]) field.addEventListener(end, () => { dragged = -1; });
  wave.flags.addEventListener("focusin", ({ target }) => {
    const slice = [...wave.flags.children].indexOf(target);
    if (slice !== markers.selected) select(slice);
  });

  // ── The view ────────────────────────────────────────────────────────────────

  function zoom(by, around = markers.places[markers.selected]) {
    slider.value = Number(slider.value) + by;
    wave.zoom(Number(slider.value) / 100, around);
  }
  slider.addEventListener("input", () => zoom(0));

  field.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) zoom(-Math.sign(event.deltaY) * NOTCH, wave.frameAt(event.clientX));
    else if (event.shiftKey || event.deltaX) wave.look(wave.from + (event.deltaX || event.deltaY) * wave.pixel);
    else return;
    event.preventDefault();
  }, { passive: false });

  function pan(event) {
    const { left, width } = overview.getBoundingClientRect();
    wave.look(((event.clientX - left) / width) * wave.frames - (wave.to - wave.from) / 2);
  }
  overview.addEventListener("pointerdown", (event) => { overview.setPointerCapture(event.pointerId); pan(event); });
  overview.addEventListener("pointermove", (event) => { if (overview.hasPointerCapture(event.pointerId)) pan(event); });
  return zoom;
}
