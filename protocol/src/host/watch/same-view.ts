// Whether two views say the same: plain data, a few levels deep.

export function isSameView(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameView(Reflect.get(a, name), Reflect.get(b, name)))
  )
}

/** `views`, each that says the same as the one before with its id being that very object; `before` itself where nothing differs. */
export function keepSame<T extends { readonly id: string }>(before: readonly T[], views: readonly T[]): readonly T[] {
  const known = new Map(before.map((view) => [view.id, view]))
  const kept = views.map((view) => {
    const old = known.get(view.id)
    return old !== undefined && isSameView(old, view) ? old : view
  })
  return kept.length === before.length && kept.every((view, at) => view === before[at]) ? before : kept
}
