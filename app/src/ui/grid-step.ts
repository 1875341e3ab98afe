// Arrow keys, Home and End in a grid of buttons whose columns are as many as there is room for.

const SIDEWAYS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowLeft: -1 }

/** The nearest in the next line that has any. */
const inNextLine = (all: readonly HTMLElement[], from: HTMLElement, by: 1 | -1): HTMLElement | undefined => {
  const { left, top } = from.getBoundingClientRect()
  const ordered = by === 1 ? all : all.toReversed()
  let best: { readonly one: HTMLElement; readonly top: number; readonly away: number } | undefined
  for (const one of ordered.slice(ordered.indexOf(from) + 1)) {
    const box = one.getBoundingClientRect()
    if (Math.abs(box.top - top) < 1) continue
    if (best !== undefined && Math.abs(box.top - best.top) >= 1) break
    const away = Math.abs(box.left - left)
    if (best === undefined || away < best.away) best = { one, top: box.top, away }
  }
  return best?.one
}

/** Where a key leads from the button that has the focus; undefined where it leads nowhere. */
export const gridStep = (grid: HTMLElement, key: string): HTMLElement | undefined => {
  const all = [...grid.querySelectorAll<HTMLElement>('button')]
  const at = all.findIndex((one) => one === document.activeElement)
  const from = all[at]
  if (from === undefined) return undefined
  const sideways = SIDEWAYS[key]
  if (sideways !== undefined) return all[at + (getComputedStyle(grid).direction === 'rtl' ? -sideways : sideways)]
  if (key === 'ArrowDown' || key === 'ArrowUp') return inNextLine(all, from, key === 'ArrowDown' ? 1 : -1)
  if (key === 'Home') return all[0]
  return key === 'End' ? all.at(-1) : undefined
}
