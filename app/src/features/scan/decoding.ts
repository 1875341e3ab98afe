// What the page and the thread that reads codes say to each other.

export type ToDecode = { readonly number: number; readonly picture: ImageBitmap; readonly sides: readonly number[] }
export type Decoded = { readonly number: number; readonly texts: readonly string[] }
