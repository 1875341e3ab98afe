// Something that is shown and is not kept: whoever shows it tells those who look.

export type Shown<T> = { readonly now: () => T | undefined; readonly show: (value: T | undefined) => void }

export function createShown<T>(changed: () => void): Shown<T> {
  let shown: T | undefined
  return {
    now: () => shown,
    show: (value) => {
      shown = value
      changed()
    },
  }
}
