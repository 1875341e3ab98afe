// The reader's locale: the first that the browser names and that is one. Some systems name "C", which none of Intl's constructors accepts.

const LAST_RESORT = 'en'

const isUsable = (tag: unknown): tag is string => {
  try {
    return typeof tag === 'string' && Intl.getCanonicalLocales(tag).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

type Reader = { readonly language: string; readonly languages?: readonly string[] }

export const usableLocale = (reader: Reader | undefined = globalThis.navigator): string =>
  [reader?.language, ...(reader?.languages ?? [])].find(isUsable) ?? LAST_RESORT
