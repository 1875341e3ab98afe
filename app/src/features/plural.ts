// A text for one and for several.

export type Plural = { readonly one: string; readonly other: string }
