// The reader's language for times and numbers, in the one place that asks the browser: what it answers need not be a language at all
// ("C" on a machine without one), and formatters throw at that.

type Asked = { readonly languages?: readonly string[]; readonly language?: string }

export const usableLocale = (browser: Asked | undefined = globalThis.navigator): string =>
  [...(browser?.languages ?? []), browser?.language].find(isUsable) ?? 'en'

function isUsable(name: string | undefined): name is string {
  try {
    return name !== undefined && Intl.DateTimeFormat.supportedLocalesOf(name).length > 0
  } catch {
    return false // Not of a language's form.
  }
}
