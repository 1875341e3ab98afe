// Whether a name is meant by what somebody types: a word of it begins so, whatever its accents and capitals.

export const foldedName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()

export const namedLike = (text: string): ((name: string) => boolean) => {
  const wanted = foldedName(text.trim())
  return (name) => foldedName(name).startsWith(wanted) || foldedName(name).includes(` ${wanted}`)
}
