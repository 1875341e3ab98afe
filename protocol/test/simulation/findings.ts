// What audits of a simulated life found, for its end.

const found = new Set<string>()

export const findings = {
  add: (text: string): void => void found.add(text),
  /** All of this life; the next begins without any. */
  take: (): readonly string[] => {
    const all = [...found]
    found.clear()
    return all
  },
}
