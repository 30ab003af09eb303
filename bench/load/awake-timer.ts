/**
 * Does things at their times, to within microseconds: timers know whole milliseconds, so this waits awake while anything
 * is due.
 */
export function awakeTimer(): (atMs: number, act: () => void) => void {
  const due: { readonly atMs: number; readonly act: () => void }[] = [];
  let turning = false;
  const turn = (): void => {
    const nowMs = performance.now();
    while (due.length > 0 && due[0]!.atMs <= nowMs) due.shift()!.act();
    turning = due.length > 0;
    if (turning) setImmediate(turn);
  };
  return (atMs, act) => {
    let place = due.length;
    while (place > 0 && due[place - 1]!.atMs > atMs) place--;
    due.splice(place, 0, { atMs, act });
    if (turning) return;
    turning = true;
    setImmediate(turn);
  };
}
